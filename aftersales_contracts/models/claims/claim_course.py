"""The course of a claim: six steps, each with an owner, moves that are kept, and what must be there before each."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .claim_step import COURSE, ENDED, STATES

DECIDERS = "aftersales_contracts.group_account_manager"


class WarrantyClaim(models.Model):
    _inherit = "aftersales.warranty.claim"

    may_decide = fields.Boolean(compute="_compute_may_decide")

    @api.depends("claimant_id")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        allowed = self.env.user.has_group(DECIDERS)
        for claim in self:
            claim.may_decide = allowed and claim.claimant_id != self.env.user

    # --- hooks of other rooms -----------------------------------------------------------------------------------------

    def _entered(self, state):
        """These claims have just entered ``state``. Rooms extend it; the move itself is already on record."""

    def _claim_gaps(self, state):
        """Sentences on what is missing before this claim may enter ``state``. Rooms extend it."""
        self.ensure_one()
        _, gaps = self.env._, []
        if state in ENDED and state != "closed":
            return gaps
        if not self.asset_id:
            gaps.append(_("the machine is not known: name its asset"))
        if state in COURSE[2:] or state == "closed":
            if not self.cause_id:
                gaps.append(_("the cause is not named"))
            if not (self.diagnosis or "").strip():
                gaps.append(_("the diagnosis is empty"))
            if not self.line_ids:
                gaps.append(_("there is no line"))
        if state in COURSE[4:] or state == "closed":
            undecided = self.line_ids.filtered(lambda line: line.decision == "open")
            if undecided:
                gaps.append(_("not decided: %s", ", ".join(undecided.mapped("name"))))
        if state == "closed":
            waiting = self.line_ids.filtered(lambda line: line.return_state in ("required", "sent"))
            if waiting:
                gaps.append(_("part returns are outstanding: %s", ", ".join(waiting.mapped("name"))))
        return gaps

    # --- buttons ------------------------------------------------------------------------------------------------------

    def action_next(self):
        """Go to the next step; parts are passed over where no part is claimed. The last step closes the claim."""
        self.check_access("write")
        for claim in self:
            claim._refuse_ended()
            claim._move(claim._next_state())

    def _next_state(self):
        later = COURSE[COURSE.index(self.state) + 1:]
        if later[:1] == ("parts",) and "parts" not in self.line_ids.mapped("kind"):
            later = later[1:]
        return later[0] if later else "closed"

    def action_enter(self, state=None, reason=None):
        """Go to ``state``, a later step or, for a ``reason``, back to an earlier one."""
        self.check_access("write")
        if state not in COURSE:
            raise UserError(self.env._("%s is not a step of a claim.", state))
        for claim in self:
            claim._refuse_ended()
            back = COURSE.index(state) < COURSE.index(claim.state)
            if state != claim.state:
                claim._move(state, claim._check_reason(reason) if back else reason)

    def action_close(self):
        """The work is done and paid: what is left of the steps is passed over."""
        self.check_access("write")
        for claim in self:
            claim._refuse_ended()
            if claim.state not in ("billing", "knowledge"):
                raise UserError(self.env._(
                    "Claim %(claim)s is in step %(step)s: it is closed after billing.", claim=claim.display_name,
                    step=claim._state_label()))
            claim._move("closed")

    def action_refuse(self, reason=None):
        """Refuse the whole claim: every open line is refused for the ``reason``. By who decides on its lines."""
        for claim in self:
            claim._check_decides()
            claim._refuse_ended()
            reason = claim._check_reason(reason)
            claim._refuse_approved(self.env._("refused"))
            undecided = claim.line_ids.filtered(lambda line: line.decision == "open")
            if undecided:
                claim._decide(undecided, "refused", None, reason)
            claim._move("refused", reason)

    def action_cancel(self, reason=None):
        """Nothing is claimed any more, such as for a duplicate."""
        self.check_access("write")
        for claim in self:
            claim._refuse_ended()
            claim._refuse_approved(self.env._("cancelled"))
            claim._move("cancelled", claim._check_reason(reason))

    def _refuse_approved(self, what):
        if any(line.decision in ("approved", "partly") for line in self.line_ids):
            raise UserError(self.env._(
                "Claim %(claim)s has approved lines and is not %(what)s. Reopen them first.",
                claim=self.display_name, what=what))

    def _refuse_ended(self):
        for claim in self:
            if claim.state in ENDED:
                raise UserError(self.env._(
                    "Claim %(claim)s has ended: %(state)s.", claim=claim.display_name, state=claim._state_label()))

    def _state_label(self):
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    def _check_reason(self, reason):
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Claim %s: give the reason.", self[:1].display_name))
        return reason

    def _check_decides(self):
        """Raise AccessError unless the current user decides on claims, and did not file this one."""
        self.check_access("write")
        if not self.env.user.has_group(DECIDERS):
            raise AccessError(self.env._("Only an account manager or an administrator decides on claims."))
        for claim in self:
            if claim.claimant_id == self.env.user:
                raise AccessError(self.env._(
                    "You filed claim %s: somebody else decides on it.", claim.display_name))

    # --- moving -------------------------------------------------------------------------------------------------------

    def _move(self, state, reason=None):
        """Enter ``state``: refused while anything is missing, kept in the history, told to the service request."""
        self.ensure_one()
        gaps = self._claim_gaps(state)
        if gaps:
            raise UserError(self.env._(
                "Claim %(claim)s cannot go to %(state)s yet: %(gaps)s.", claim=self.display_name, gaps="; ".join(gaps),
                state=dict(self._fields["state"]._description_selection(self.env))[state]))
        before = self.state
        self._write_guarded({
            "state": state, "entered_at": fields.Datetime.now(), "ended_reason": state in ENDED and reason})
        self._log_move(before, {self: reason})
        self._hand_over()
        self._tell_request(state)
        self._entered(state)

    def _log_move(self, before, reasons):
        now = fields.Datetime.now()
        self.env["aftersales.claim.move"].sudo().create([  # the history is nobody's to write
            {"claim_id": claim.id, "from_state": before, "to_state": claim.state, "user_id": self.env.uid, "at": now,
             "reason": reason} for claim, reason in reasons.items()])

    def _hand_over(self):
        """Give the claims to the owners of their steps, and ask them to act."""
        steps = {state: self.env["aftersales.claim.step"]._of(state) for state in dict(STATES)}
        for claim in self:
            step = steps[claim.state]
            claim.activity_unlink(["aftersales_contracts.activity_claim"])
            owner = claim._step_owner(step) if step else self.env["res.users"]
            claim._write_guarded({"owner_id": owner.id})
            if owner:
                claim.activity_schedule(
                    "aftersales_contracts.activity_claim", user_id=owner.id, summary=step.name, note=step.output)

    def _step_owner(self, step):
        """The usual owner of the step, else whoever is working on it, else the person responsible for the contract."""
        self.ensure_one()
        people = step.user_id | self.env.user | self.owner_id | self.contract_id.sudo().user_id
        fitting = people.filtered(
            lambda user: user.active and not user.share and self.company_id in user.sudo().company_ids
            and (not step.group_id or step.group_id in user.sudo().all_group_ids))
        return fitting[:1]

    def _tell_request(self, state):
        """The claim's steps are events of its service request, so that its clocks run, pause and stop with them."""
        self.ensure_one()
        step = self.env["aftersales.claim.step"]._of(state)
        code = {"closed": "closed", "refused": "closed"}.get(state) or step.status_id.code
        request = self.request_id
        if code and request and request.kind != "cancelled" and request.status_id.code != code:
            request.record_event(code, note=self.name)
