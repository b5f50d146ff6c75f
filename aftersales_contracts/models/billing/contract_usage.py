"""The contract's own view of usage and of what it is going to bring."""

from odoo import api, fields, models


class Contract(models.Model):
    _inherit = "aftersales.contract"

    has_usage = fields.Boolean(compute="_compute_has_usage")
    usage_count = fields.Integer(string="Usage Readings", compute="_compute_usage_count")

    @api.depends("line_ids.charge")
    def _compute_has_usage(self):
        for contract in self:
            contract.has_usage = "usage" in contract.line_ids.mapped("charge")

    def _compute_usage_count(self):
        counts = dict(self.env["aftersales.usage"]._read_group(
            [("contract_id", "in", self.ids)], ["contract_id"], ["__count"]))
        for contract in self:
            contract.usage_count = counts.get(contract, 0)

    def action_view_usage(self):
        """The readings of this contract."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_usage")
        lines = self.line_ids.filtered(lambda line: line.charge == "usage")
        return {**action, "domain": [("contract_id", "=", self.id)],
                "context": {"default_line_id": lines.id if len(lines) == 1 else False}}

    def action_view_forecast(self):
        """What is going to be billed under this contract."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_forecast")
        return {**action, "domain": [("contract_id", "=", self.id)], "context": {"search_default_by_kind": 1}}
