"""Claims where machines, requests and contracts are looked at: how many, and one click to them."""

from odoo import api, fields, models


class WithClaims(models.AbstractModel):
    """``_claim_field``: the field of a claim that names the record."""

    _name = "aftersales.with.claims"
    _description = "Record with Claims"
    _claim_field = "asset_id"

    claim_count = fields.Integer(
        string="Claims", compute="_compute_claim_count", groups="aftersales_contracts.group_user")

    @api.depends_context("uid")
    def _compute_claim_count(self):
        """One query for all of the records."""
        found = {record: count for record, count in self.env["aftersales.warranty.claim"]._read_group(
            [(self._claim_field, "in", self.ids)], [self._claim_field], ["__count"])} if self.ids else {}
        for record in self:
            record.claim_count = found.get(record._origin, 0)

    def action_view_claims(self):
        """The claims of these records."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_warranty_claim")
        return {**action, "domain": [(self._claim_field, "in", self.ids)], "context": {}}


class Asset(models.Model):
    _name = "aftersales.asset"
    _inherit = ["aftersales.asset", "aftersales.with.claims"]


class Request(models.Model):
    _name = "aftersales.request"
    _inherit = ["aftersales.request", "aftersales.with.claims"]
    _claim_field = "request_id"

    claim_ids = fields.One2many(
        "aftersales.warranty.claim", "request_id", string="Warranty Claims", groups="aftersales_contracts.group_user")
