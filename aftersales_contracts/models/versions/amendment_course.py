"""The course of an amendment: what it must not say, its signature, which records a version, and its cancellation."""

from datetime import UTC, timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ...engine import versions as engine

FIXED = frozenset({"company_id", "currency_id", "partner_id", "contract_type_id", "date_start"})
MOVES = {"submit", "reject", "approve", "reset", "sign", "terminate"}  # of the table, that an amendment takes


class Contract(models.Model):
    _inherit = "aftersales.contract"

    # --- what it must not say ----------------------------------------------------------------------------------------

    def _refuse_problems(self, effective_on, changes):
        """Raise UserError for the first problem of an amendment of ``self`` that the engine finds."""
        end = self._amendable_until()
        proposed = engine.Version(
            max(self.version_ids.mapped("number"), default=0) + 1, effective_on,
            fields.Datetime.now().replace(tzinfo=UTC), changes)
        first, last = min(self.version_ids.mapped("effective_on"), default=self.date_start), end and end - timedelta(1)
        for problem in engine.check_amendment(self.version_ids._engine(), proposed, first, end, FIXED):
            raise UserError(self.env._(
                "Contract %(contract)s cannot be amended so. %(problem)s", contract=self.display_name,
                problem=self._problem_sentence(problem, first, last)))

    def _problem_sentence(self, problem, first, last):
        if problem.field == "effective":
            return self.env._(
                "%(day)s lies outside its term, %(first)s to %(last)s: choose a day within it, or renew the contract.",
                day=format_date(self.env, problem.value), first=format_date(self.env, first),
                last=format_date(self.env, last) if last else self.env._("open-ended"))
        if problem.field in FIXED:
            return self.env._(
                "%s does not change by an amendment: end this contract and make a new one.",
                self._fields[problem.field]._description_string(self.env))
        return self.env._("The clock of the server is behind the last version: facts are appended. (%s)", problem)

    def _amendable_until(self):
        """The first day on which the contract is over, None where it is open-ended."""
        last = min(filter(None, (self.date_end, self.ended_on)), default=None)
        return last and last + timedelta(1)

    def _check_amendment(self):
        """Raise UserError where this amendment changes nothing, or what it must not."""
        contract = self.amends_id
        contract._refuse_amending()
        changes = self._amendment_changes()
        if not changes:
            raise UserError(self.env._(
                "Amendment %s changes nothing of the contract yet: change what it is about first.", self.display_name))
        contract._refuse_problems(self.effective_on, changes)

    def _draft_warnings(self):
        warnings = super()._draft_warnings()
        if self.amends_id and self.amendment_base:
            changes = self._amendment_changes()
            standing = engine.as_of(self.amends_id.version_ids._engine(), self.effective_on).terms
            stale = [key for key in changes
                     if key in standing and (standing[key] or None) != (self.amendment_base.get(key) or None)]
            if stale:
                warnings.append(self.env._(
                    "Contract %(contract)s has changed since this amendment was drafted, and both change: %(terms)s. "
                    "What is signed last holds.", contract=self.amends_id.name,
                    terms=", ".join(sorted({self._term_label(key) for key in stale}))))
        return warnings

    # --- the table ---------------------------------------------------------------------------------------------------

    def _check_move(self, action):
        if self.amends_id:
            if action not in MOVES:
                raise UserError(self.env._(
                    "%(amendment)s is an amendment: it takes effect by itself on %(day)s, in contract %(contract)s.",
                    amendment=self.display_name, day=format_date(self.env, self.effective_on),
                    contract=self.amends_id.display_name))
            if action in ("submit", "approve", "sign"):
                self._check_amendment()
            elif action == "terminate":
                self._check_cancellable()
        super()._check_move(action)

    def _check_cancellable(self):
        if self.applied_on or self.effective_on <= self.amends_id._local_today():
            raise UserError(self.env._(
                "Amendment %(amendment)s took effect on %(day)s and cannot be cancelled any more. Make another one "
                "that takes it back.", amendment=self.display_name, day=format_date(self.env, self.effective_on)))

    def _moved(self, action):
        super()._moved(action)
        amendments = self.filtered("amends_id")
        if action == "sign" and amendments:
            amendments._record_amendments()
        elif action == "terminate":
            amendments._cancelled()
            # The contract has ended for good: what would change it later never takes effect.
            pending = (self - amendments).sudo().amendment_ids.filtered(lambda one: one.state == "signed" and (
                not one.applied_on and one.effective_on > one.amends_id._local_today()))
            for one in pending:
                one._transition("terminate", amendment_cancelled=self.env._("The contract was terminated."))

    def _adopt(self, reason):
        """An amendment that was agreed elsewhere is signed then, and takes effect on its day like any other."""
        amendments = self.filtered("amends_id")
        super(Contract, self - amendments)._adopt(reason)
        for one in amendments:
            one._check_move("submit")
            one._write_unlocked({"state": "signed"})
        if amendments:
            amendments._moved("sign")
            amendments._message_log_batch(bodies=dict.fromkeys(amendments.ids, reason))

    def _record_amendments(self):
        """Record the signed amendments as versions, and enter those whose day has come."""
        versions = self.env["aftersales.contract.version"]._record([
            {"contract_id": one.amends_id.id, "kind": "amendment", "effective_on": one.effective_on,
             "reason": one.amendment_reason, "changes": one._amendment_changes(), "amendment_id": one.id}
            for one in self])
        versions._correct_closed()
        due = self.filtered(lambda one: one.effective_on <= one.amends_id._local_today())
        # As the system: both sides have signed, and the contract follows whatever the rights of the last signer.
        due.sudo()._enter_amendments()

    def _cancelled(self):
        versions = self.env["aftersales.contract.version"].sudo().search([
            ("amendment_id", "in", self.ids), ("cancelled_at", "=", False)])  # cancelling is a move of the table
        versions._mark({"cancelled_at": fields.Datetime.now(), "cancelled_by_id": self.env.uid})
        versions._correct_closed(cancelled=True)

    def cancel_amendment(self, reason):
        """Cancel signed amendments before their day; the versions stay, marked as cancelled."""
        self.check_access("write")
        if not self.env.user.has_group("aftersales_contracts.group_account_manager"):
            raise AccessError(self.env._("Only account managers cancel amendments."))
        if not (isinstance(reason, str) and reason.strip()):
            raise UserError(self.env._("Say why the amendment is cancelled."))
        for amendment in self:
            if not amendment.amends_id or amendment.state != "signed":
                raise UserError(self.env._(
                    "%s is not a signed amendment. A draft is deleted; reject or reset one that is under way.",
                    amendment.display_name))
            amendment._transition("terminate", amendment_cancelled=reason.strip())
            amendment.amends_id.sudo()._message_log(body=self.env._(
                "Amendment %(name)s cancelled: %(reason)s", name=amendment.name, reason=reason.strip()))
