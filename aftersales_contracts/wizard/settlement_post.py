"""Approve or post settlements: shows what would be made of them, and names what holds each, before it happens."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class PostSettlements(models.TransientModel):
    _name = "aftersales.post.settlements"
    _description = "Approve or Post Settlements"

    step = fields.Selection(
        [("approve", "Approve"), ("post", "Post")], required=True, readonly=True, default="post")
    settlement_ids = fields.Many2many(
        "aftersales.settlement", required=True, default=lambda self: self._default_settlements(),
        string="Settlements")
    dated = fields.Selection(
        [("today", "Today, or on the first day on which the accounts are open"), ("day", "On another day")],
        string="Documents Dated", required=True, default="today", help="Today where the contract is.")
    day = fields.Date(string="Date of the Documents")
    line_ids = fields.One2many(
        "aftersales.post.settlements.line", "wizard_id", compute="_compute_line_ids", store=True, compute_sudo=False,
        string="What Happens")
    ready_count = fields.Integer(string="Ready", compute="_compute_counts")
    held_count = fields.Integer(string="Not Ready", compute="_compute_counts")

    @api.model
    def _default_settlements(self):
        """Those that were selected in the list; from elsewhere all that wait for the step."""
        Settlement = self.env["aftersales.settlement"]
        if self.env.context.get("active_model") == Settlement._name:
            return Settlement.browse(self.env.context.get("active_ids") or []).exists()
        states = ("accepted", "disputed") if self.env.context.get("default_step") == "approve" else ("approved",)
        return Settlement.search([("state", "in", states), ("company_id", "in", self.env.companies.ids)])

    @api.depends("settlement_ids", "step", "dated", "day")
    def _compute_line_ids(self):
        for wizard in self:
            rows = wizard._to_approve() if wizard.step == "approve" else wizard._to_post()
            wizard.line_ids = [Command.clear(), *(Command.create(row) for row in rows)]

    def _day(self):
        return self.day if self.dated == "day" else None

    def _to_approve(self):
        settlements = self.settlement_ids._origin
        settlements._check_may_approve()
        return [{"settlement_id": one.id, "problem": "; ".join(one._approval_gaps())}
                for one in settlements.filtered(lambda one: one.state not in ("approved", "posted", "paid", "closed"))]

    def _to_post(self):
        """Values of the lines: documents that can be made, then what holds the others. What is posted already is none
        of them."""
        settlements = self.settlement_ids._origin
        settlements._check_may_post()
        planned, refused = settlements._to_post()._plan(self._day())
        rows = []
        for settlement, documents in planned.items():
            rows += [
                {"settlement_id": settlement.id, "what": settlement._document_label(document.move_type),
                 "payee_id": document.payee.id, "day": document.day,
                 "amount": float(sum(amount for _row, amount in document.rows))} for document in documents]
            if not documents:
                rows.append({"settlement_id": settlement.id, "what": self.env._("Closed: nothing is paid")})
        return rows + [{"settlement_id": one.id, "problem": "; ".join(gaps)} for one, gaps in refused.items()]

    @api.depends("line_ids")
    def _compute_counts(self):
        for wizard in self:
            ready = wizard.line_ids.filtered(lambda line: not line.problem).settlement_id
            wizard.ready_count = len(ready)
            wizard.held_count = len(wizard.line_ids.settlement_id - ready)

    def action_confirm(self):
        """Approve or post what can be; what cannot stays as it is, and is told."""
        self.ensure_one()
        settlements = self.settlement_ids
        if self.step == "approve":
            refused, action = settlements._approve_batch(), {"type": "ir.actions.act_window_close"}
        else:
            refused = settlements._post_batch(self._day())
            action = (settlements - settlements.browse([one.id for one in refused]))._action_documents()
        if len(refused) == len(settlements):
            raise UserError("\n".join(self._told(refused)))
        if not refused:
            return action
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "type": "warning", "sticky": True, "next": action,
            "title": self.env._("%(done)s done, %(left)s left", done=len(settlements) - len(refused),
                                left=len(refused)),
            "message": "\n".join(self._told(refused))}}

    @api.model
    def _told(self, refused):
        return [f"{settlement.name}: {'; '.join(gaps)}" for settlement, gaps in refused.items()]


class PostSettlementsLine(models.TransientModel):
    _name = "aftersales.post.settlements.line"
    _description = "Settlement to Approve or Post"
    _order = "id"

    wizard_id = fields.Many2one("aftersales.post.settlements", required=True, ondelete="cascade", index=True)
    settlement_id = fields.Many2one("aftersales.settlement", required=True, ondelete="cascade")
    name = fields.Char(related="settlement_id.name")
    dealer_id = fields.Many2one(related="settlement_id.dealer_id")
    period_text = fields.Char(related="settlement_id.period_text")
    currency_id = fields.Many2one(related="settlement_id.currency_id")
    payable = fields.Monetary(related="settlement_id.payable")
    held = fields.Monetary(related="settlement_id.held")
    what = fields.Char(string="Becomes")
    payee_id = fields.Many2one("res.partner", string="For")
    amount = fields.Monetary(help="Before taxes.")
    day = fields.Date(string="Dated")
    problem = fields.Text(string="Not Ready, for")


class ReverseSettlement(models.TransientModel):
    _name = "aftersales.reverse.settlement"
    _description = "Reverse Settlements"

    settlement_ids = fields.Many2many(
        "aftersales.settlement", required=True, default=lambda self: self._default_settlements(),
        string="Settlements to Reverse")
    reason = fields.Char(required=True, help="Stands in the counter-entry and in the settlement.")
    day = fields.Date(
        string="Date of the Counter-entry",
        help="Empty: today where the contract is, or the first day on which the accounts are open.")

    @api.model
    def _default_settlements(self):
        Settlement = self.env["aftersales.settlement"]
        if self.env.context.get("active_model") == Settlement._name:
            return Settlement.browse(self.env.context.get("active_ids") or []).exists()
        return Settlement

    def action_reverse(self):
        """Make the counter-entries."""
        self.ensure_one()
        return self.settlement_ids.action_reverse(self.reason, self.day)
