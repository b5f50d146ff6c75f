"""Terminate: shows every figure of ending the contract on a day, before it happens."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.endings.termination import totals
from ..models.endings.termination_figures import AMOUNTS
from ..models.endings.termination_ground import CREDIT_RULES


class Terminate(models.TransientModel):
    _name = "aftersales.terminate"
    _description = "Terminate a Contract"

    contract_id = fields.Many2one("aftersales.contract", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="contract_id.company_id")
    currency_id = fields.Many2one(related="contract_id.currency_id")
    ground_id = fields.Many2one(
        "aftersales.termination.ground", required=True, domain="[('company_id', 'in', [company_id, False])]")
    kind = fields.Selection(related="ground_id.kind")
    needs_notice = fields.Boolean(related="ground_id.needs_notice")
    needs_legal = fields.Boolean(related="ground_id.needs_legal")
    last_day = fields.Date(string="Last Day in Force", required=True, default=fields.Date.context_today)
    notice_id = fields.Many2one(
        "aftersales.notice", string="Rests on Notice",
        domain="[('contract_id', '=', contract_id), ('state', '=', 'registered')]")
    reason = fields.Text(required=True)
    credit_rule = fields.Selection(
        CREDIT_RULES, string="Credit", compute="_compute_credit_rule", store=True, readonly=False)
    credit_amount = fields.Monetary(string="Agreed Credit")
    problem = fields.Text(compute="_compute_problem")
    line_ids = fields.One2many(
        "aftersales.terminate.line", "wizard_id", compute="_compute_line_ids", store=True, compute_sudo=False,
        string="Figures by Line")
    net = fields.Monetary(compute="_compute_totals")
    correction = fields.Monetary(compute="_compute_totals")
    contract_value = fields.Monetary(compute="_compute_totals")
    terminated_amount = fields.Monetary(compute="_compute_totals")
    replaces_id = fields.Many2one(related="contract_id.planned_termination_id", string="Replaces")

    @api.depends("ground_id")
    def _compute_credit_rule(self):
        for wizard in self:
            wizard.credit_rule = wizard.ground_id.credit_rule

    @api.depends("contract_id", "ground_id", "last_day", "notice_id", "credit_rule", "credit_amount")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [Command.clear(), *(Command.create(row) for row in wizard._reckon()[0])]

    @api.depends("contract_id", "ground_id", "last_day", "notice_id", "credit_rule", "credit_amount")
    def _compute_problem(self):
        for wizard in self:
            wizard.problem = wizard._reckon()[1]

    def _reckon(self):
        """(rows, why it is refused or ""): what `contract.terminate` would record, without recording it."""
        contract, ground = self.contract_id, self.ground_id
        if not contract or not ground or not self.last_day:
            return [], ""
        problem = ""
        try:
            contract._refuse_termination(self.last_day)
            contract._refuse_ground(ground, self.last_day, self.notice_id)
        except UserError as error:
            problem = str(error)
        try:
            terms = contract._termination_terms(self.last_day, ground, self.credit_rule, self.credit_amount)
            return contract._termination_rows(terms), problem
        except UserError as error:
            return [], problem or str(error)

    @api.depends("line_ids", "contract_id")
    def _compute_totals(self):
        for wizard in self:
            sums = totals([{name: line[name] for name in AMOUNTS} for line in wizard.line_ids])
            wizard.update({name: sums[name] for name in ("net", "contract_value", "terminated_amount")})
            wizard.correction = sums["net"] - wizard.replaces_id.net

    def action_confirm(self):
        """Terminate; rights, state and figures are checked by the contract anew."""
        self.ensure_one()
        self.contract_id.terminate(
            self.last_day, self.ground_id.id, self.reason, self.notice_id.id, self.credit_rule, self.credit_amount)
        return {"type": "ir.actions.act_window_close"}


class TerminateLine(models.TransientModel):
    _name = "aftersales.terminate.line"
    _description = "Figures of a Termination to Come"

    wizard_id = fields.Many2one("aftersales.terminate", ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    line_id = fields.Many2one("aftersales.contract.line", ondelete="cascade")
    name = fields.Char()
    used = fields.Monetary()
    billed = fields.Monetary()
    unbilled = fields.Monetary()
    credit = fields.Monetary()
    fee = fields.Monetary()
    net = fields.Monetary()
    correction = fields.Monetary()
    contract_value = fields.Monetary()
    terminated_amount = fields.Monetary()
    steps = fields.Json()
