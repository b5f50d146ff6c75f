"""What an extended warranty's policy says about its sale: until when, and whether another may follow it."""

from odoo import fields, models


class WarrantyPolicy(models.Model):
    _inherit = "aftersales.warranty.policy"

    late_days = fields.Integer(
        string="Sold Late up to", aggregator=None,
        help="Days after the end of the warranty on which the extension may still be sold; it then begins on the day "
        "of the sale. 0: only before the end.")
    stacks = fields.Boolean(
        string="May Follow an Extension",
        help="A further extension begins where the last one ends; else a second sale for an asset is refused.")

    _late_days = models.Constraint("CHECK(late_days >= 0)", "Days on which an extension is sold late count from 0.")

    def _is_for_product(self, product):
        """Whether such machines are in its scope: named, of a named category or one below it, or all are."""
        self.ensure_one()
        if not self.product_ids and not self.categ_ids:
            return True
        path = product.categ_id.parent_path or ""
        return product in self.product_ids or any(path.startswith(one.parent_path) for one in self.categ_ids)
