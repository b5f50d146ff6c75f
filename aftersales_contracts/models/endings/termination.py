"""Termination of a contract: the ground, the last day, and every figure as it stood when it was decided.

Recorded by ``contract.terminate`` and never edited. A day to come puts the contract under notice and is carried out by
the nightly work; until then the termination may be moved earlier, by another one that settles the difference, or be
cancelled. What is owed is booked elsewhere, from these figures.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...engine.termination import may_terminate_for_cause
from ..common.frozen import is_uninstalling
from .termination_figures import AMOUNTS
from .termination_ground import CREDIT_RULES, FEE_KINDS

LEGAL = "aftersales_contracts.group_legal"


class Termination(models.Model):
    _name = "aftersales.termination"
    _description = "Termination"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "aftersales.contract", required=True, readonly=True, index=True, ondelete="restrict", check_company=True)
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="contract_id.currency_id", store=True)
    partner_id = fields.Many2one(related="contract_id.partner_id", string="Partner")
    ground_id = fields.Many2one(
        "aftersales.termination.ground", required=True, readonly=True, ondelete="restrict", check_company=True)
    last_day = fields.Date(string="Last Day in Force", required=True, readonly=True)
    previous_end = fields.Date(
        string="Agreed Last Day", readonly=True, help="The last day without this termination; empty: open-ended.")
    reason = fields.Text(required=True, readonly=True)
    notice_id = fields.Many2one(
        "aftersales.notice", readonly=True, ondelete="restrict", index="btree_not_null", check_company=True,
        help="The notified breach, or the notice of termination, that it rests on.")
    user_id = fields.Many2one("res.users", string="Recorded by", required=True, readonly=True)
    confirmed_by_id = fields.Many2one("res.users", string="Confirmed by", readonly=True)
    replaces_id = fields.Many2one(
        "aftersales.termination", readonly=True, ondelete="set null", index="btree_not_null",
        help="The termination that this one moves to an earlier day.")
    state = fields.Selection(
        [("to_confirm", "Waits for Legal"), ("planned", "Planned"), ("done", "Carried Out"),
         ("replaced", "Moved Earlier"), ("cancelled", "Cancelled")], required=True, readonly=True, index=True,
        tracking=True)
    fee_kind = fields.Selection(FEE_KINDS, string="Fee Rule", required=True, readonly=True)
    fee_value = fields.Float(readonly=True)
    fee_cap = fields.Float(readonly=True)
    credit_rule = fields.Selection(CREDIT_RULES, required=True, readonly=True)
    credit_amount = fields.Monetary(string="Agreed Credit", readonly=True)
    line_ids = fields.One2many("aftersales.termination.line", "termination_id", string="Figures", readonly=True)
    used = fields.Monetary(readonly=True)
    billed = fields.Monetary(readonly=True)
    unbilled = fields.Monetary(readonly=True)
    credit = fields.Monetary(readonly=True)
    fee = fields.Monetary(readonly=True)
    net = fields.Monetary(readonly=True, help="What the customer still owes; negative: what the customer is owed.")
    correction = fields.Monetary(
        readonly=True, help="The net amount less that of the termination which this one replaces.")
    contract_value = fields.Monetary(readonly=True)
    terminated_amount = fields.Monetary(readonly=True, help="What the contract would still have been worth.")

    _one_open = models.UniqueIndex(
        "(contract_id, state) WHERE state IN ('to_confirm', 'planned')", "This contract has a termination on record.")
    _due = models.Index("(last_day) WHERE state = 'planned'")

    @api.depends("contract_id", "last_day")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for one in self:
            day = format_date(self.env, one.last_day) if one.last_day else ""
            one.display_name = f"{one.contract_id.name or ''} · {day}"

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_deletion()
        return super().unlink()

    def _refuse_deletion(self):
        raise UserError(self.env._("A termination is a fact: cancel it before its day instead of deleting it."))

    # --- by people ---------------------------------------------------------------------------------------------------

    def action_confirm(self):
        """Legal counsel confirms terminations whose ground needs it; they are planned or carried out."""
        self.check_access("read")
        if not self.env.user.has_group(LEGAL):
            raise AccessError(self.env._("Only legal counsel confirms a termination."))
        for one in self:
            if one.state != "to_confirm":
                raise UserError(self.env._("Termination %s does not wait for legal.", one.display_name))
            one.contract_id._refuse_termination(one.last_day)
            one.contract_id._refuse_ground(one.ground_id, one.last_day, one.notice_id)
            # Counsel reads terminations and contracts; what the confirmation does was decided by who recorded it.
            one.sudo()._take_effect(self.env.user)

    def action_cancel(self):
        """Take back terminations whose day has not come: account managers, or counsel for one that waits for them."""
        self.check_access("read")
        for one in self:
            if not (one.state == "to_confirm" and self.env.user.has_group(LEGAL)):
                one.contract_id.check_access("write")
            if one.state not in ("to_confirm", "planned"):
                raise UserError(self.env._(
                    "Termination %s cannot be cancelled any more: it was carried out, replaced or cancelled.",
                    one.display_name))
            one.sudo()._cancel(self.env._("cancelled by %s", self.env.user.name))  # facts: see contract.terminate

    # --- what follows ------------------------------------------------------------------------------------------------

    def _take_effect(self, confirmed_by=None):
        """Plan this termination, or carry it out where its day has come; it replaces the one before."""
        self.ensure_one()
        contract = self.contract_id
        replaced, agreed = contract._planned_termination(), contract._agreed_end()
        if replaced:
            replaced.state = "replaced"
        self.flush_recordset()
        self.write({
            "state": "planned", "previous_end": agreed,
            "confirmed_by_id": confirmed_by.id if confirmed_by else False, "replaces_id": replaced.id})
        self.flush_recordset()
        if replaced:
            self._settle_difference(replaced)
        contract._follow_notices(agreed)
        contract._message_log(body=self.env._(
            "Terminated: %(ground)s, last day in force %(day)s.",
            ground=self.ground_id.name, day=format_date(self.env, self.last_day)))
        if self.last_day <= contract._local_today():
            self._carry_out()

    def _settle_difference(self, replaced):
        """What this termination owes beyond the one that it replaces, line by line."""
        before = {line.line_id: line.net for line in replaced.line_ids}
        for line in self.line_ids:
            line.correction = line.net - before.get(line.line_id, 0.0)
        self.correction = self.net - replaced.net

    def _carry_out(self):
        """End the contracts on the last day of these terminations."""
        for one in self:
            contract = one.contract_id
            contract._write_unlocked(
                {"date_end": max(one.last_day, contract.date_start), "ended_on": one.last_day})
        self.contract_id._transition("terminate")
        self.write({"state": "done"})

    @api.model
    def _breach_cured(self, notices):
        """Breaches were cured: the terminations that rest on them, and whose day has not come, fall away."""
        resting = self.search([
            ("notice_id", "in", notices.ids), ("ground_id.kind", "=", "cause"),
            ("state", "in", ("to_confirm", "planned"))])
        for one in resting:
            limit = one.notice_id._cure_ends(one.contract_id._cure_days(one.ground_id))
            if not may_terminate_for_cause(one.last_day + timedelta(days=1), limit, one.notice_id.cured_on):
                one._cancel(self.env._("The breach was cured on %s.", format_date(self.env, one.notice_id.cured_on)))

    def _cancel(self, why):
        """Take this one back; the contract goes on to its agreed last day."""
        contract, agreed, planned = self.contract_id, self.contract_id._agreed_end(), self.state == "planned"
        self.state = "cancelled"
        self.message_post(body=why)
        if planned:
            self.flush_recordset()
            contract._follow_notices(agreed)

    # --- nightly work ------------------------------------------------------------------------------------------------

    @api.model
    def _nightly_terminate_domain(self, today):
        """Terminations whose last day has passed; a superset by the day that zones may differ."""
        before = today or fields.Date.today() + timedelta(days=1)
        return Domain("state", "=", "planned") & Domain("last_day", "<", before)

    def _nightly_terminate(self, today):
        due = self.filtered(lambda one: one.last_day < (today or one.contract_id._local_today()))
        due._carry_out()
        return [(one, self.env._("terminated as of %s", format_date(self.env, one.last_day))) for one in due]


class TerminationLine(models.Model):
    _name = "aftersales.termination.line"
    _description = "Figures of a Termination"
    _order = "termination_id, id"

    termination_id = fields.Many2one(
        "aftersales.termination", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="termination_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="termination_id.currency_id")
    line_id = fields.Many2one(
        "aftersales.contract.line", string="Contract Line", readonly=True, ondelete="set null", index="btree_not_null")
    name = fields.Char(readonly=True)
    used = fields.Monetary(readonly=True)
    billed = fields.Monetary(readonly=True)
    unbilled = fields.Monetary(readonly=True)
    credit = fields.Monetary(readonly=True)
    fee = fields.Monetary(readonly=True)
    net = fields.Monetary(readonly=True)
    correction = fields.Monetary(readonly=True)
    contract_value = fields.Monetary(readonly=True)
    terminated_amount = fields.Monetary(readonly=True)
    steps = fields.Json(readonly=True, help="How each figure is reckoned.")


def totals(rows):
    """{amount: its sum over the dicts ``rows``}."""
    return {name: sum(row[name] for row in rows) for name in AMOUNTS}
