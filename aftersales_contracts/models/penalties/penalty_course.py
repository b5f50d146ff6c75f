"""The course of a penalty: reviewed by one person, approved by another, held by a dispute, posted.

Whoever asks and however: the methods check rights and state, and the database that two people took part.
"""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .penalty import FINANCE

ACCOUNT = "aftersales_contracts.group_account_manager"
LEGAL = "aftersales_contracts.group_legal"
REVIEWERS = f"{ACCOUNT},{FINANCE}"
PARTIES = f"{ACCOUNT},{LEGAL},{FINANCE}"  # who hears from the other side
SETTLERS = f"{LEGAL},{FINANCE}"
MOVES = {  # (state, action): state; whatever is not here is refused
    ("draft", "review"): "reviewed",
    ("reviewed", "approve"): "approved",
    ("reviewed", "send_back"): "draft",
    ("approved", "send_back"): "draft",
    **{(state, "dispute"): "disputed" for state in ("draft", "reviewed", "approved")},
    **{(state, "waive"): "waived" for state in ("draft", "reviewed", "approved", "disputed")},
}


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    def _move(self, action, **values):
        """Move each penalty by ``action``; raises UserError naming the penalty and its state."""
        for penalty in self:
            state = MOVES.get((penalty.state, action))
            if not state:
                penalty._refuse_move()
            penalty._write_guarded({"state": state, **values})

    def _refuse_move(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        raise UserError(self.env._(
            "Penalty %(name)s is %(state)s: that is not possible now.", name=self.display_name,
            state=labels[self.state].lower()))

    def _check_may(self, groups, sentence):
        """Raise AccessError with ``sentence`` unless the user is in one of ``groups`` and may write these penalties."""
        if not self.env.user.has_groups(groups):
            raise AccessError(sentence)
        self.check_access("write")

    # --- review and approval -------------------------------------------------------------------------------------

    def action_review(self):
        """These amounts are right, says one person; another one approves them."""
        self._check_may(REVIEWERS, self.env._(
            "Only an account manager, finance or an administrator reviews penalties."))
        self._move("review", reviewed_by_id=self.env.uid, reviewed_on=fields.Datetime.now())

    def action_approve(self):
        """They may be posted. Finance or an administrator, and not who reviewed them."""
        self._check_may(FINANCE, self.env._("Only finance or an administrator approves penalties."))
        for penalty in self:
            if penalty.reviewed_by_id == self.env.user:
                raise AccessError(self.env._(
                    "You reviewed penalty %s: somebody else approves it.", penalty.display_name))
            if penalty.waiver_state == "asked":
                raise UserError(self.env._(
                    "Penalty %(name)s: decide first on the waiver that %(person)s asked for.",
                    name=penalty.display_name, person=penalty.sudo().waiver_asked_by_id.name))
        self._move("approve", approved_by_id=self.env.uid, approved_on=fields.Datetime.now())

    def action_send_back(self, reason=None):
        """Look at them again, for a reason: they are drafts once more."""
        self._check_may(FINANCE, self.env._("Only finance or an administrator sends penalties back."))
        reason = self._check_words(reason)
        self._move("send_back", reviewed_by_id=False, reviewed_on=False, approved_by_id=False, approved_on=False)
        self._message_log_batch(bodies={one.id: self.env._("Sent back: %s", reason) for one in self})

    # --- disputes ------------------------------------------------------------------------------------------------

    def action_dispute(self, reason=None):
        """The other side disputes them: they are not posted until that is settled."""
        self._check_may(PARTIES, self.env._(
            "Only an account manager, legal, finance or an administrator records a dispute."))
        reason = self._check_words(reason)
        for penalty in self:
            penalty._move("dispute", state_before=penalty.state, dispute_reason=reason, disputed_by_id=self.env.uid,
                          dispute_answer=False, dispute_settled_by_id=False)

    def action_settle_dispute(self, stands=True, reason=None):
        """The dispute is over. ``stands``: the penalty goes on from where it was; else it is waived, all of it, and by
        another person than who recorded the dispute."""
        self._check_may(SETTLERS, self.env._("Only legal, finance or an administrator settles a dispute."))
        reason = self._check_words(reason)
        for penalty in self:
            if penalty.state != "disputed":
                penalty._refuse_move()
            answer = {"dispute_answer": reason, "dispute_settled_by_id": self.env.uid, "state_before": False}
            if stands:
                penalty._write_guarded({"state": penalty.state_before, **answer})
                continue
            if penalty.disputed_by_id == self.env.user:
                raise AccessError(self.env._(
                    "You recorded the dispute of penalty %s: somebody else gives in to it.", penalty.display_name))
            penalty._move("waive", waived_amount=penalty.assessed, **answer, **penalty._waiver_dropped())

    def action_dispute_stands(self, reason=None):
        """`action_settle_dispute` where the penalty stands."""
        self.action_settle_dispute(True, reason)

    def action_dispute_concede(self, reason=None):
        """`action_settle_dispute` where the other side is right."""
        self.action_settle_dispute(False, reason)

    def _check_words(self, reason):
        """``reason`` without blanks around it; raises UserError where there is none."""
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("%s: give the reason.", self[:1].display_name))
        return reason

    # --- what holds posting --------------------------------------------------------------------------------------

    def _posting_gaps(self):
        """What must be decided before this penalty can be posted: a list of phrases; empty where nothing holds it."""
        self.ensure_one()
        _, gaps = self.env._, []
        if self.state in ("posted", "waived", "none"):
            return gaps
        wanted = {"draft": _("the review by a person"), "reviewed": _("the approval by another person"),
                  "disputed": _("the end of its dispute")}
        if self.state in wanted:
            gaps.append(wanted[self.state])
        if self.waiver_state == "asked":
            gaps.append(_("the decision on the waiver"))
        if self.contract_id._disputed():
            gaps.append(_("the end of the dispute on contract %s", self.contract_id.name))
        for breach in self.sudo().event_ids.breach_id:  # whoever reads the penalty reads what holds it
            if breach.state == "disputed":
                gaps.append(_("the end of the dispute of breach %s", breach.name))
        return gaps
