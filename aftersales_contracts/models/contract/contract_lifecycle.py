"""The life of a contract: one table (``engine.contract_lifecycle``) that buttons, remote calls and scheduled actions
obey. A room joins in by the hooks: ``_check_move`` may refuse a move, ``_moved`` acts on it."""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...engine import contract_lifecycle
from ...engine.errors import RefusedTransition


class Contract(models.Model):
    _inherit = "aftersales.contract"

    # --- the table -----------------------------------------------------------------------------------------------

    def _transition(self, action, **values):
        """Move every contract by ``action`` and write ``values`` with it.

        Raises UserError naming the contract, why it is refused and what to do.
        """
        for contract in self:
            contract._check_move(action)
            contract._write_unlocked({"state": contract._state_after(action), **values})
        self._moved(action)

    def _state_after(self, action):
        suspended = action != "resume" and self._is_suspended(self._local_today())
        try:
            return contract_lifecycle.move(self.state, action, suspended=suspended)
        except RefusedTransition as error:
            raise UserError(self.env._(
                "Contract %(name)s %(reason)s.", name=self.display_name,
                reason=contract_lifecycle.refusal(self.state, action))) from error

    def _check_move(self, action):
        """Raise UserError where the contract must not move by ``action``. Rooms extend it; ``self``: one contract."""
        self.ensure_one()
        self._refuse_template()
        self._state_after(action)

    def _refuse_template(self):
        if self.is_template:
            raise UserError(self.env._(
                "%s is a template. Make a contract from it first.", self.display_name))

    def _moved(self, action):
        """Contracts have moved by ``action``. Rooms extend it."""

    def _is_suspended(self, day):
        """Whether a suspension runs on ``day``."""
        return False

    def _record_change(self, effective, reason):
        """What stands on paper changed by an action of the lifecycle, effective on that day: record it as a version."""

    # --- what a contract lacks ---------------------------------------------------------------------------------------

    missing_text = fields.Char(
        string="Still Missing", compute="_compute_missing_text", help="What it lacks before it may take effect.")

    def _compute_missing_text(self):
        for contract in self:
            waiting = contract.id and not contract.is_template and contract.state in ("draft", "approved", "signed")
            entry = waiting and contract.state != "draft"
            gaps = waiting and contract._activation_gaps() + (contract._entry_gaps() if entry else [])
            contract.missing_text = ", ".join(gaps) if gaps else False

    def _activation_gaps(self):
        """What the paper lacks before it may be submitted or activated: a list of phrases. Rooms extend it."""
        self.ensure_one()
        gaps, kind = [], self.contract_type_id
        if kind.needs_policy and not self.policy_id:
            gaps.append(self.env._("an SLA policy"))
        elif self.policy_id and not self.policy_id.target_ids:
            gaps.append(self.env._("SLA targets in policy %s", self.policy_id.name))
        if self.service_mode == "authorised" and self.kind == "customer" and not self.dealer_id:
            gaps.append(self.env._("the dealer that serves it"))
        return gaps

    def _entry_gaps(self):
        """What must hold on the day of activation beside the paper, such as an NDA in force. Rooms extend it."""
        self.ensure_one()
        return []

    def _draft_warnings(self):
        """What somebody should look at while it is a draft: a list of sentences. Rooms extend it."""
        self.ensure_one()
        return []

    def _check_complete(self, entry=False):
        """Raise ValidationError listing everything that a contract lacks; ``entry``: to take effect today."""
        for contract in self:
            gaps = contract._activation_gaps() + (contract._entry_gaps() if entry else [])
            if gaps:
                raise ValidationError(self.env._(
                    "Contract %(name)s is not complete. It lacks: %(missing)s.",
                    name=contract.display_name, missing=", ".join(gaps)))
            if contract.policy_id:
                calendar = contract.calendar_id or contract.policy_id.calendar_id
                calendar._check_clockable(contract.policy_id)

    # --- buttons -----------------------------------------------------------------------------------------------------

    def action_submit(self):
        """Send a draft to review."""
        self.check_access("write")
        for contract in self:
            contract._state_after("submit")
        self._check_complete()
        self._transition("submit")

    def action_reset(self):
        """Take an approved contract back to draft; its approvals are void."""
        self.check_access("write")
        self._transition("reset")

    def action_sign(self):
        """Record that both sides have signed."""
        self.check_access("write")
        self._transition("sign")

    def action_activate(self):
        """Put a signed contract in force, on its first day or later."""
        self.check_access("write")
        for contract in self:
            contract._state_after("activate")
            if contract._local_today() < contract.date_start:
                raise UserError(self.env._(
                    "Contract %(name)s becomes active by itself on its first day, %(day)s.",
                    name=contract.display_name, day=contract.date_start))
        self._check_complete(entry=True)
        self._transition("activate")

    def _adopt(self, reason):
        """Put drafts in force that were agreed elsewhere, without the steps of approval and signature.

        For loading data by the superuser only; ``reason`` stands in the history of each contract.
        """
        if not self.env.su:
            raise AccessError(self.env._("Only the system adopts contracts."))
        for contract in self:
            contract._refuse_template()
            contract._state_after("submit")  # a draft, which nobody need approve
            contract._write_unlocked({"state": "active"})
        self._moved("sign")
        self._moved("activate")
        self._message_log_batch(bodies={contract.id: reason for contract in self})
