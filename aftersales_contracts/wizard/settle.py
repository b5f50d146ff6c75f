"""Settle: what of dealer shares is over, what is in the way, and what the open periods come to so far."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import format_date

from ..models.settlements.contract_settlement import whole_span
from ..models.settlements.settlement import FINANCE
from ..models.statements.statement_snapshot import period_label

DAY = timedelta(days=1)


class Settle(models.TransientModel):
    _name = "aftersales.settle"
    _description = "Settle Dealer Shares"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    contract_ids = fields.Many2many(
        "aftersales.contract", string="Dealer Contracts", help="Empty: all of the company.",
        domain="[('kind', '=', 'dealer'), ('company_id', '=', company_id), ('share_ids', '!=', False)]")
    until = fields.Date(
        string="Up to", help="Periods that end by this day. Empty: all that are over.")
    line_ids = fields.One2many("aftersales.settle.line", "wizard_id", string="To Be Settled", readonly=True,
                               domain=[("kind", "=", "due")], compute="_compute_line_ids", store=True)
    open_ids = fields.One2many("aftersales.settle.line", "wizard_id", string="Open Periods", readonly=True,
                               domain=[("kind", "=", "open")])
    previewed = fields.Boolean(readonly=True)
    result = fields.Text(readonly=True, help="What was not settled, and why.")

    @api.depends("company_id", "contract_ids", "until")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [Command.clear()] + [Command.create(row) for row in wizard._due_rows()]

    def _due_rows(self):
        """What would be settled, with its gaps: the rows of `line_ids`, one for each contract."""
        spans = {}
        for contract, periods in self._contracts()._settlement_periods().items():
            periods = [one for one in periods if not self.until or one.end - DAY <= self.until]
            if periods:
                spans[contract] = whole_span(periods)
        gaps = self.env["aftersales.contract"].sudo()._gaps_of(spans)
        return [{
            "kind": "due", "contract_id": contract.id, "period_start": span.start, "period_end": span.end - DAY,
            "gap_text": "; ".join(gap.sentence for gap in gaps[contract]) or False,
            "blocked": any(gap.blocks for gap in gaps[contract])} for contract, span in spans.items()]

    def _contracts(self):
        """The dealer contracts in question, of a company that the user may see."""
        self._check_finance()
        Contract = self.env["aftersales.contract"]
        wanted = Contract._settled_domain() & fields.Domain("company_id", "=", self.company_id.id)
        if self.contract_ids:
            wanted &= fields.Domain("id", "in", self.contract_ids.ids)
        return Contract.with_context(active_test=False).search(wanted).sudo()  # the ledger is read whole

    def _check_finance(self):
        if not self.env.user.has_groups(FINANCE):
            raise AccessError(self.env._("Only finance or an administrator settles dealers."))
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("%s is not one of your companies.", self.company_id.sudo().name))

    def action_preview(self):
        """What the periods that still run come to as of today; nothing is written but these rows."""
        self.ensure_one()
        self._check_finance()
        today = fields.Date.context_today(self)
        found = self.env["aftersales.settlement"]._preview(self.company_id, today, self._contracts())
        self.open_ids.unlink()
        self.env["aftersales.settle.line"].create([self._open_row(one) for one in found])
        self.previewed = True
        return self._again()

    def _open_row(self, one):
        return {
            "wizard_id": self.id, "kind": "open", "contract_id": one.contract.id, "currency_id": one.currency.id,
            "period_start": one.start, "period_end": one.last, "line_count": one.lines, "revenue": float(one.revenue),
            "shares": float(one.shares), "total": float(one.total), "carried_forward": float(one.carried_forward),
            "gap_text": one.problem or False}

    def action_settle(self):
        """Settle what is over; opens what was made, or tells why there is nothing."""
        self.ensure_one()
        self._check_finance()
        found = self.env["aftersales.settlement"]._run(self.company_id, self._contracts(), self.until)
        if found.blocked or not found.made:
            if not found.made:
                raise UserError("\n".join(found.blocked.values()) or self.env._(
                    "There is nothing to settle: no period of a dealer has ended that is not settled."))
            self.result = "\n".join(found.blocked.values())
            return self._again()
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_settlement")
        return {**action, "domain": [("id", "in", found.made.ids)], "context": {}}

    def _again(self):
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id, "target": "new",
                "views": [(False, "form")], "name": self.env._("Settle Dealer Shares")}


class SettleLine(models.TransientModel):
    _name = "aftersales.settle.line"
    _description = "Period to Settle"
    _order = "blocked desc, contract_id, period_start"
    _rec_name = "contract_id"

    wizard_id = fields.Many2one("aftersales.settle", required=True, ondelete="cascade")
    kind = fields.Selection([("due", "Over"), ("open", "Open")], required=True, default="due")
    contract_id = fields.Many2one("aftersales.contract", string="Dealer Contract", readonly=True)
    dealer_id = fields.Many2one(related="contract_id.partner_id", string="Dealer")
    period_start = fields.Date(string="From", readonly=True)
    period_end = fields.Date(string="Until", readonly=True)
    period_text = fields.Char(string="Period", compute="_compute_period_text")
    gap_text = fields.Char(string="In the Way", readonly=True)
    blocked = fields.Boolean(readonly=True, help="It is not settled until that is mended.")
    currency_id = fields.Many2one("res.currency", readonly=True)
    line_count = fields.Integer(string="Lines", readonly=True)
    revenue = fields.Monetary(readonly=True)
    shares = fields.Monetary(readonly=True)
    total = fields.Monetary(readonly=True, help="After caps, fees, penalties and what is carried in.")
    carried_forward = fields.Monetary(readonly=True)

    @api.depends("period_start", "period_end")
    @api.depends_context("lang")
    def _compute_period_text(self):
        lang = self.env.lang or "en_US"
        for line in self:
            whole = line.kind == "due" and line.period_start
            line.period_text = period_label(line.period_start, line.period_end, lang) if whole else (
                f"{format_date(self.env, line.period_start)} – {format_date(self.env, line.period_end)}")
