"""Figures of recalls: how many machines, how many owners answered, how many machines are done."""

from odoo import api, fields, models

COUNTED = [("excluded", "=", False)]


class Recall(models.Model):
    _inherit = "aftersales.recall"

    asset_count = fields.Integer(string="Machines", compute="_compute_figures")
    notified_count = fields.Integer(string="Owners Told", compute="_compute_figures")
    answered_count = fields.Integer(string="Answered", compute="_compute_figures")
    done_count = fields.Integer(string="Done", compute="_compute_figures")
    claim_count = fields.Integer(string="Claims", compute="_compute_figures")
    response_rate = fields.Float(string="Response Rate (%)", compute="_compute_figures", digits=(5, 1))
    done_rate = fields.Float(string="Done (%)", compute="_compute_figures", digits=(5, 1))
    scope_text = fields.Char(string="Machines in Words", compute="_compute_scope_text")

    def _compute_figures(self):
        """One query for all of them. Machines that were replaced or archived do not count."""
        rows = self.env["aftersales.recall.asset"]._read_group(
            [("recall_id", "in", self.ids), *COUNTED], ["recall_id"],
            ["__count", "notified_at:count", "answered:sum", "done:sum", "claim_id:count"])
        found = {recall.id: figures for recall, *figures in rows}
        for recall in self:
            count, notified, answered, done, claims = found.get(recall.id, (0, 0, 0, 0, 0))
            recall.update({
                "asset_count": count, "notified_count": notified, "answered_count": round((answered or 0) / 100),
                "done_count": round((done or 0) / 100), "claim_count": claims,
                "response_rate": answered / count if count else 0.0, "done_rate": done / count if count else 0.0})

    @api.depends("product_ids", "categ_ids", "range_ids.first", "range_ids.last", "batches", "start_on", "end_on")
    @api.depends_context("lang")
    def _compute_scope_text(self):
        for recall in self:
            recall.scope_text = recall._scope_in_words()

    def action_view_machines(self):
        """The machines of this recall."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_recall_asset")
        return {**action, "domain": [("recall_id", "=", self.id)], "context": {"search_default_counted": 1}}


class Asset(models.Model):
    _inherit = "aftersales.asset"

    recall_row_ids = fields.One2many("aftersales.recall.asset", "asset_id", string="Recalls")
    recall_count = fields.Integer(
        string="Open Recalls", compute="_compute_recall_count", help="Released recalls that are not done.")

    def _compute_recall_count(self):
        rows = self.env["aftersales.recall.asset"]._read_group(
            [("asset_id", "in", self.ids), ("recall_id.state", "=", "released"), ("response", "!=", "done"), *COUNTED],
            ["asset_id"], ["__count"])
        found = {asset.id: count for asset, count in rows}
        for asset in self:
            asset.recall_count = found.get(asset.id, 0)

    def action_view_recalls(self):
        """The recalls of this machine."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_recall_asset")
        return {**action, "domain": [("asset_id", "=", self.id)], "context": {}}
