"""The dealer's answer as the office records it, and the end of a dispute."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class RecordAnswer(models.TransientModel):
    _name = "aftersales.record.answer"
    _description = "Record a Dealer's Answer"

    settlement_id = fields.Many2one("aftersales.settlement", required=True, readonly=True, ondelete="cascade")
    answer = fields.Selection(
        [("accept", "It accepts what is not answered yet"), ("dispute", "It disputes single lines")], required=True,
        default="accept", string="What the Dealer Says")
    line_ids = fields.Many2many(
        "aftersales.settlement.line", string="Disputed Lines",
        domain="[('settlement_id', '=', settlement_id), ('state', 'in', ('open', 'accepted')), "
               "('kind', 'not in', ('cap', 'withholding', 'carried_in', 'carried_forward'))]")
    reason = fields.Text(string="What It Disputes, and Why")
    note = fields.Char(string="Evidence", required=True, help="How the dealer said so: who, when, by which way.")

    def action_confirm(self):
        """Record it on the settlement, which checks the rights."""
        for wizard in self:
            if wizard.answer == "accept":
                wizard.settlement_id.action_accept(wizard.note)
            else:
                wizard.settlement_id.action_dispute_lines(wizard.line_ids.ids, wizard.reason, wizard.note)


class SettleDispute(models.TransientModel):
    _name = "aftersales.settle.dispute"
    _description = "Settle a Dispute"

    line_ids = fields.Many2many(
        "aftersales.settlement.line", required=True, default=lambda self: self._default_lines(),
        string="Disputed Lines")
    single = fields.Boolean(compute="_compute_single")
    currency_id = fields.Many2one("res.currency", compute="_compute_single")
    disputed = fields.Monetary(string="Disputed Amount", compute="_compute_single")
    dispute_reason = fields.Text(related="line_ids.dispute_reason", string="What the Dealer Says")
    outcome = fields.Selection(
        [("stands", "The line stands"), ("changed", "Another amount is right")], required=True, default="stands")
    amount = fields.Monetary(
        string="Right Amount", help="What the line comes to. It is settled with the dealer's next settlement.")
    answer = fields.Text(required=True, help="The dealer reads it.")

    @api.model
    def _default_lines(self):
        Line = self.env["aftersales.settlement.line"]
        if self.env.context.get("active_model") == Line._name:
            return Line.browse(self.env.context.get("active_ids") or []).exists()
        return Line

    @api.depends("line_ids")
    def _compute_single(self):
        for wizard in self:
            wizard.single = len(wizard.line_ids) == 1
            wizard.currency_id = wizard.line_ids[:1].currency_id
            wizard.disputed = sum(wizard.line_ids.mapped("amount"))

    def action_confirm(self):
        """Settle the dispute on the lines, which check the rights."""
        self.ensure_one()
        if self.outcome == "changed" and len(self.line_ids) > 1:
            raise UserError(self.env._("Another amount is given to one line at a time."))
        digits = self.currency_id.decimal_places
        self.line_ids.action_settle_line(
            self.outcome == "stands", f"{self.amount:.{digits}f}" if self.outcome == "changed" else None, self.answer)
        return {"type": "ir.actions.act_window_close"}
