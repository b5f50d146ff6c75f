"""Products say whether a delivered serial number of theirs is a machine that we look after."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

ON_DELIVERY = [
    ("company", "As the Company's Setting"),
    ("asset", "Make an Asset"),
    ("none", "No Asset"),
]


class ProductTemplate(models.Model):
    _inherit = "product.template"

    asset_on_delivery = fields.Selection(
        ON_DELIVERY, string="On Delivery", required=True, default="company",
        help="What happens when a serial number of it is delivered to a customer. Only products tracked by unique "
             "serial number become assets.")

    @api.constrains("asset_on_delivery", "tracking")
    def _check_asset_on_delivery(self):
        for product in self:
            if product.asset_on_delivery == "asset" and product.tracking != "serial":
                raise ValidationError(self.env._(
                    "Product %s: to become an asset on delivery it is tracked by unique serial number.",
                    product.display_name))

    def _makes_asset(self, company):
        """Whether a delivered serial number of the product becomes an asset in ``company``."""
        self.ensure_one()
        if self.tracking != "serial":
            return False
        wanted = self.asset_on_delivery
        return company.sudo().asset_on_delivery if wanted == "company" else wanted == "asset"
