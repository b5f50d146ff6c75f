from odoo import api, fields, models
from odoo.exceptions import UserError


class AssetTransfer(models.TransientModel):
    """Hand an asset over to a new owner: the covers of the owner before end the day before."""

    _name = "aftersales.asset.transfer"
    _description = "Transfer of an Asset"

    asset_ids = fields.Many2many(
        "aftersales.asset", string="Assets", required=True,
        default=lambda self: self.env["aftersales.asset"].browse(self.env.context.get("active_ids")))
    partner_id = fields.Many2one("res.partner", string="New Owner", required=True)
    day = fields.Date(
        string="Owner from", required=True, default=fields.Date.context_today,
        help="The first day of the new owner. Covers of the owner before end the day before.")
    place = fields.Char(string="New Place", help="Empty: as before.")
    ending_ids = fields.Many2many("aftersales.cover", string="Covers That End", compute="_compute_ending_ids")

    @api.depends("asset_ids", "day")
    def _compute_ending_ids(self):
        for wizard in self:
            wizard.ending_ids = wizard.day and wizard.asset_ids._origin._ending_covers(wizard.day)

    def action_transfer(self):
        """Write the new owner and end the covers; the old owner keeps sight of its own requests only."""
        self.ensure_one()
        self.asset_ids.check_access("write")
        self.asset_ids.cover_ids.check_access("write")
        same = self.asset_ids.filtered(lambda asset: asset.partner_id == self.partner_id)
        if same:
            raise UserError(self.env._(
                "Asset %(asset)s belongs to %(owner)s already.", asset=same[0].display_name,
                owner=self.partner_id.display_name))
        self.asset_ids._transfer(self.partner_id, self.day)
        if self.place:
            self.asset_ids.write({"place": self.place})
        return {"type": "ir.actions.act_window_close"}
