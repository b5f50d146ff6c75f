"""Kits: a machine whose components have serials, and often days, of their own. One level deep."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class Asset(models.Model):
    _inherit = "aftersales.asset"

    parent_id = fields.Many2one(
        "aftersales.asset", string="Part of Kit", index="btree_not_null", ondelete="restrict", check_company=True,
        tracking=True, help="The machine that it is a component of.")
    component_ids = fields.One2many("aftersales.asset", "parent_id", string="Components")

    @api.constrains("parent_id")
    def _check_kit(self):
        for asset in self.filtered("parent_id"):
            kit = asset.parent_id
            if kit == asset:
                raise ValidationError(self.env._("Asset %s cannot be a component of itself.", asset.display_name))
            if kit.parent_id:
                raise ValidationError(self.env._(
                    "Asset %(asset)s cannot be a component of %(kit)s, which is a component of %(above)s itself: kits "
                    "are one level deep.", asset=asset.display_name, kit=kit.display_name,
                    above=kit.parent_id.display_name))
            if asset.component_ids:
                raise ValidationError(self.env._(
                    "Asset %(asset)s has components, so it cannot be one of %(kit)s: kits are one level deep.",
                    asset=asset.display_name, kit=kit.display_name))
