"""What an asset says of its warranty: how many covers, which state, until when."""

from odoo import api, fields, models

from .warranty_cover import STATES

ORDER = ("running", "waiting", "void", "expired", "ended")  # the best of several is told


class Asset(models.Model):
    _inherit = "aftersales.asset"

    warranty_count = fields.Integer(string="Number of Warranty Covers", compute="_compute_warranty")
    warranty_state = fields.Selection(STATES, string="Warranty", compute="_compute_warranty")
    warranty_until = fields.Date(string="Warranty until", compute="_compute_warranty",
                                 help="The last day of the last cover that runs; empty: none runs, or it never ends.")

    @api.depends("held_cover_ids.state", "held_cover_ids.last_day")
    def _compute_warranty(self):
        for asset in self:
            covers = asset.sudo().held_cover_ids.filtered(lambda one: not one.recovers)  # a summary, as the verdict
            states = set(covers.mapped("state"))
            running = covers.filtered(lambda one: one.state == "running")
            asset.warranty_count = len(covers)
            asset.warranty_state = next((state for state in ORDER if state in states), False)
            endless = any(not one.last_day for one in running)
            asset.warranty_until = False if endless else max(running.mapped("last_day"), default=False)

    def action_view_warranty(self):
        """The covers of these assets, and those that went over to them."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_warranty_cover")
        return {**action, "domain": ["|", ("asset_id", "in", self.ids), ("holder_id", "in", self.ids)],
                "context": {"default_asset_id": self.id if len(self) == 1 else False}}
