"""Terminating a contract: what is refused and why, the figures before it happens, and the record of it."""

from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_repr, format_amount, format_date

from ...engine.termination import may_terminate_for_cause
from .termination import LEGAL, totals
from .termination_figures import AMOUNTS, Terms
from .termination_ground import FEE_KINDS

TERMINABLE = ("signed", "active", "suspended", "notice")


class Contract(models.Model):
    _inherit = "aftersales.contract"

    termination_ids = fields.One2many("aftersales.termination", "contract_id", string="Terminations", copy=False)
    planned_termination_id = fields.Many2one(
        "aftersales.termination", compute="_compute_planned_termination_id")
    cure_days = fields.Integer(
        string="Cure Period (Days)", help="Days to cure a notified breach; 0: as the ground of termination says.")
    fee_kind = fields.Selection(
        FEE_KINDS, string="Termination Fee", required=True, default="none",
        help="Owed where the ground of termination says: as the contract says.")
    fee_value = fields.Float(help="An amount in the currency of the contract, a percentage, or a number of periods.")
    fee_cap = fields.Float(help="The most that the fee comes to; 0: no cap.")

    _cure_days_sign = models.Constraint("CHECK(cure_days >= 0)", "A cure period is a number of days of 0 or more.")
    _fee_sign = models.Constraint("CHECK(fee_value >= 0 AND fee_cap >= 0)", "A fee and its cap are 0 or more.")

    @api.model
    def _paper_groups(self):
        names = ("cure_days", "fee_kind", "fee_value", "fee_cap")
        return {**super()._paper_groups(), **dict.fromkeys(names, "term")}

    @api.depends("termination_ids.state")
    def _compute_planned_termination_id(self):
        for contract in self:
            contract.planned_termination_id = contract.termination_ids.filtered(lambda one: one.state == "planned")[:1]

    def _planned_termination(self):
        return self.sudo().planned_termination_id

    def _cure_days(self, ground):
        return self.cure_days or ground.cure_days

    # --- what is refused ---------------------------------------------------------------------------------------------

    def _refuse_termination(self, last_day):
        """Raise UserError where the contract cannot end on ``last_day``, naming why and what to do."""
        _, name, planned = self.env._, self.display_name, self._planned_termination()
        if self.is_template or self.amends_id or self.state not in TERMINABLE:
            self._check_move("terminate")
            raise UserError(_("%s is no contract in force: there is nothing to terminate.", name))
        agreed = self._agreed_end()
        if not last_day:
            raise UserError(_("Contract %s: enter the last day in force.", name))
        if last_day < self.date_start - timedelta(days=1):
            raise UserError(_(
                "Contract %(name)s begins on %(start)s: it cannot end on %(day)s. To undo it whole, choose the day "
                "before it begins.", name=name, start=self.date_start, day=last_day))
        if agreed and last_day > agreed:
            raise UserError(_(
                "Contract %(name)s ends by itself on %(end)s: it cannot be terminated on %(day)s.",
                name=name, end=agreed, day=last_day))
        if planned and planned.last_day <= self._local_today():
            raise UserError(_("Contract %(name)s was terminated as of %(day)s.", name=name, day=planned.last_day))
        if planned and last_day >= planned.last_day:
            raise UserError(_(
                "Contract %(name)s is terminated as of %(planned)s: it can only be moved to an earlier day. To end it "
                "later, cancel that termination first.", name=name, planned=planned.last_day))

    def _refuse_ground(self, ground, last_day, notice):
        """Raise UserError where what the ground needs is not there on ``last_day``."""
        _, name, on = self.env._, self.display_name, last_day + timedelta(days=1)
        if not ground or (ground.company_id and ground.company_id != self.company_id):
            raise UserError(_("Contract %s: choose a ground of termination.", name))
        if notice and (notice.contract_id != self or notice.state != "registered"):
            raise UserError(_(
                "Notice %(notice)s is no registered notice of contract %(name)s.",
                notice=notice.display_name, name=name))
        if ground.kind == "cause":
            if notice.kind != "breach" or not notice.counts_on:
                raise UserError(_(
                    "Contract %s: termination for cause rests on a notified breach. Register the notice of it, with "
                    "proof of its receipt, and name it here.", name))
            limit = notice._cure_ends(self._cure_days(ground))
            if not may_terminate_for_cause(on, limit, notice.cured_on or None):
                raise UserError(_(
                    "Contract %(name)s: the breach can be cured until %(limit)s%(cured)s. The contract cannot be ended "
                    "before, nor for a breach cured in time.", name=name, limit=limit,
                    cured=_(", and it was on %s", notice.cured_on) if notice.cured_on else ""))
        elif ground.needs_notice:
            self._refuse_without_notice(last_day, notice)

    def _refuse_without_notice(self, last_day, notice):
        """The period of a notice of termination must have run: counted as for an open-ended contract."""
        if notice.kind != "termination" or not notice.authorised or not notice.counts_on:
            raise UserError(self.env._(
                "Contract %s: this ground needs a notice of termination. Register it, with proof of its receipt, and "
                "name it here.", self.display_name))
        earliest = self._earliest_end(notice.counts_on)
        if last_day < earliest:
            raise UserError(self.env._(
                "Contract %(name)s: by the notice, which counts on %(counts)s, it cannot end before %(day)s.",
                name=self.display_name, counts=notice.counts_on, day=earliest))

    # --- figures -----------------------------------------------------------------------------------------------------

    def _termination_terms(self, last_day, ground, credit_rule=None, credit_amount=None):
        """The `Terms` of terminating on ``last_day`` by ``ground``: its fee, or the one on the contract's paper."""
        source = self if ground.fee_kind == "contract" else ground
        digits = self.currency_id.decimal_places
        return Terms(
            last_day + timedelta(days=1), source.fee_kind, Decimal(float_repr(source.fee_value, 6)),
            Decimal(float_repr(source.fee_cap, digits)) if source.fee_cap else None,
            credit_rule or ground.credit_rule, Decimal(float_repr(credit_amount or 0.0, digits)))

    def _termination_rows(self, terms):
        """[values of a termination line]: every figure, and the steps in words; see ``aftersales.termination.line``."""
        rows = []
        for line, found in self._termination_figures(terms, self._agreed_end()):
            amounts = {name: float(getattr(found, name) or 0) for name in AMOUNTS}
            rows.append({
                "line_id": line.id, "name": (line.name or self.env._("Contract")).split("\n")[0], **amounts,
                "correction": amounts["net"], "steps": self._termination_in_words(found)})
        return rows

    def _termination_in_words(self, found):
        labels = {
            "billed": self.env._("Billed"), "used": self.env._("Used"), "unbilled": self.env._("Unbilled"),
            "credit": self.env._("Credit"), "fee": self.env._("Fee"), "net": self.env._("Net")}
        return [[labels.get(step.label, step.label), step.detail,
                 format_amount(self.env, float(step.value), self.currency_id)] for step in found.steps]

    # --- by people ---------------------------------------------------------------------------------------------------

    def terminate(self, last_day, ground_id, reason, notice_id=False, credit_rule=None, credit_amount=None):
        """Terminate this contract: ``last_day`` (date or ISO text) is the last day in force. Returns the record's id.

        For screens and remote calls. Up to today it is carried out at once, later by the nightly work; a ground that
        legal confirms waits for that. ``credit_rule``: full, override (by ``credit_amount``) or suppress; empty: as
        the ground says.

        :raise UserError: nothing to terminate, before the start, after the end, terminated already, what the ground
            needs is not there
        """
        self.ensure_one()
        self.check_access("write")
        day = fields.Date.to_date(last_day)
        ground = self.env["aftersales.termination.ground"].browse(ground_id).exists()
        notice = self.env["aftersales.notice"].browse(notice_id).exists()
        self._refuse_termination(day)
        self._refuse_ground(ground, day, notice)
        waiting = self.sudo().termination_ids.filtered(lambda one: one.state == "to_confirm")
        if waiting:
            raise UserError(self.env._(
                "Contract %s: a termination waits for legal. Have it confirmed or cancelled first.", self.display_name))
        if not (reason or "").strip():
            raise UserError(self.env._("Contract %s: say why it is terminated.", self.display_name))
        terms = self._termination_terms(day, ground, credit_rule, credit_amount)
        rows = self._termination_rows(terms)
        must_wait = ground.needs_legal and not self.env.user.has_group(LEGAL)
        # Nobody may write a termination past this method, which has checked rights and state.
        termination = self.env["aftersales.termination"].sudo().create({
            "contract_id": self.id, "ground_id": ground.id, "last_day": day, "previous_end": self._agreed_end(),
            "reason": reason.strip(), "notice_id": notice.id, "user_id": self.env.uid, "state": "to_confirm",
            "fee_kind": terms.fee_kind, "fee_value": float(terms.fee_value), "fee_cap": float(terms.fee_cap or 0),
            "credit_rule": terms.credit_rule, "credit_amount": float(terms.credit_amount), **totals(rows),
            "correction": sum(row["net"] for row in rows), "line_ids": [fields.Command.create(row) for row in rows]})
        if not must_wait:
            termination._take_effect(self.env.user if ground.needs_legal else None)
        return termination.id

    def action_terminate(self):
        """Open the dialog that shows every figure of a termination before it happens."""
        self.ensure_one()
        self.check_access("write")
        self._check_move("terminate")
        action = self._dialog("aftersales.terminate", self.env._("Terminate"))
        return {**action, "context": {**action["context"], "dialog_size": "extra-large"}}

    def action_view_terminations(self):
        return self._action("action_termination", [])

    # --- what follows ------------------------------------------------------------------------------------------------

    def _moved(self, action):
        super()._moved(action)
        if action in ("expire", "terminate"):
            self._end_suspensions()

    def _end_suspensions(self):
        """What has ended is not suspended any more: a running one ends with its contract, a planned one never comes."""
        alive = self.sudo().suspension_ids.filtered(lambda one: one.state in ("planned", "running"))
        for one in alive:
            last = one.contract_id.ended_on or one.contract_id.date_end
            if one.date_start > last:
                one.state = "cancelled"
            else:
                one.write({"state": "ended", "date_end": min(one.date_end or last, last)})
        clocked = alive.filtered("pauses_clock").contract_id
        if clocked:
            self.env["aftersales.request"]._requeue_open([("contract_id", "in", clocked.ids)])

    def _ending_note(self):
        """What ends this contract, in a sentence; empty where nothing does."""
        self.ensure_one()
        planned, notice = self._planned_termination(), self.effective_notice_id
        if planned:
            return self.env._("Terminated as of %s.", format_date(self.env, planned.last_day))
        if notice:
            return self.env._("Notice was given: the contract ends on %s.", format_date(self.env, notice.ends_on))
        return ""
