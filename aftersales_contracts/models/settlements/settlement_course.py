"""The course of a settlement: reviewed, sent, answered line by line, approved by another person, posted, closed.

Whoever asks and however: the methods check rights and state, and the database that two people took part. What was sent
is not reckoned anew; it can be taken back as long as the dealer has answered nothing.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from .settlement import FINANCE, UNSENT

ACCOUNT = "aftersales_contracts.group_account_manager"
REVIEWERS = f"{ACCOUNT},{FINANCE}"
MOVES = {  # (state, action): state; whatever is not here is refused. Answers of the dealer: see settlement_answer
    ("computed", "review"): "review",
    ("review", "send"): "sent",
    ("review", "send_back"): "computed",
    ("sent", "withdraw"): "computed",
    ("accepted", "approve"): "approved",
    ("disputed", "approve"): "approved",
    ("sent", "approve"): "approved",  # where silence is acceptance
    ("approved", "post"): "posted",
    ("approved", "close"): "closed",  # nothing is due
    ("paid", "close"): "closed",
    ("posted", "reverse"): "approved",
    ("closed", "claim"): "approved",  # the contract has ended, and the balance is left to nobody
}
COURSE = (  # only the buttons write them
    "reviewed_by_id", "reviewed_on", "sent_by_id", "sent_at", "answer_until", "accepted_by_id", "accepted_on",
    "accept_note", "approved_by_id", "approved_on", "closed_on", "closing_note")


class Settlement(models.Model):
    _inherit = "aftersales.settlement"

    reviewed_by_id = fields.Many2one("res.users", string="Reviewed by", readonly=True, copy=False)
    reviewed_on = fields.Datetime(string="Reviewed", readonly=True, copy=False)
    sent_by_id = fields.Many2one("res.users", string="Sent by", readonly=True, copy=False)
    sent_at = fields.Datetime(string="Sent on", readonly=True, copy=False)
    answer_until = fields.Date(
        readonly=True, copy=False, help="The last day on which the dealer accepts or disputes its lines.")
    approved_by_id = fields.Many2one("res.users", string="Approved by", readonly=True, copy=False)
    approved_on = fields.Datetime(string="Approved on", readonly=True, copy=False)
    closed_on = fields.Date(string="Closed on", readonly=True, copy=False)
    closing_note = fields.Char(readonly=True, copy=False)

    _not_by_reviewer = models.Constraint(
        "CHECK(reviewed_by_id IS NULL OR approved_by_id IS NULL OR reviewed_by_id <> approved_by_id)",
        "Who reviewed a settlement does not approve it.")
    _not_by_author = models.Constraint(
        "CHECK(computed_by_id IS NULL OR approved_by_id IS NULL OR computed_by_id <> approved_by_id)",
        "Who computed a settlement does not approve it.")

    @api.model
    def _refuse_guarded(self, vals):
        for name in sorted(set(COURSE) & vals.keys()):
            raise UserError(self.env._(
                "%(field)s of %(model)s changes only through its buttons.",
                field=self._fields[name]._description_string(self.env), model=self._description))
        return super()._refuse_guarded(vals)

    # --- moving --------------------------------------------------------------------------------------------------

    def _move(self, action, **values):
        """Move each settlement by ``action``; raises UserError naming the settlement and its state."""
        for settlement in self:
            state = MOVES.get((settlement.state, action))
            if not state:
                settlement._refuse_move()
            settlement._write_guarded({"state": state, **values})

    def _refuse_move(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        raise UserError(self.env._(
            "Settlement %(name)s is %(state)s: that is not possible now.", name=self.display_name,
            state=labels[self.state].lower()))

    def _check_may(self, groups, sentence):
        """Raise AccessError with ``sentence`` unless the user is in one of ``groups`` and may write these settlements;
        then lock them, so that nobody else moves them in the meantime."""
        if not self.env.su and not self.env.user.has_groups(groups):
            raise AccessError(sentence)
        self.check_access("write")
        self._lock_course()

    def _lock_course(self):
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise LockError(self.env._(
                "Somebody else is working on %s at this moment. Try again.",
                ", ".join(self.mapped("name")))) from error

    def _check_words(self, reason):
        """``reason`` without blanks around it; raises UserError where there is none."""
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("%s: give the reason.", self[:1].display_name))
        return reason

    # --- review and sending --------------------------------------------------------------------------------------

    def action_review(self):
        """These amounts are right, says one person; another one approves them after the dealer's answer."""
        self._check_may(REVIEWERS, self.env._(
            "Only an account manager, finance or an administrator reviews settlements."))
        self._move("review", reviewed_by_id=self.env.uid, reviewed_on=fields.Datetime.now())

    def action_send_back(self, reason=None):
        """Look at it again, for a reason: it is computed, and can be computed anew."""
        self._check_may(REVIEWERS, self.env._(
            "Only an account manager, finance or an administrator sends settlements back."))
        reason = self._check_words(reason)
        self._move("send_back", reviewed_by_id=False, reviewed_on=False)
        self._message_log_batch(bodies={one.id: self.env._("Sent back: %s", reason) for one in self})

    def action_send(self):
        """Send these settlements to their dealers, oldest first: from now on their lines stay, and wait for an answer.

        All or none: UserError names what is missing, of every one of them.
        """
        self._check_may(REVIEWERS, self.env._(
            "Only an account manager, finance or an administrator sends settlements."))
        for settlement in self.sorted(lambda one: (one.period_start, one.id)):
            settlement._send()
        return True

    def _send(self):
        gaps = self._sending_gaps()
        if gaps:
            raise UserError(self.env._(
                "%(name)s is not sent: %(gaps)s.", name=self.display_name, gaps="; ".join(gaps)))
        until = self.contract_id._local_today() + timedelta(days=self.company_id.aftersales_settlement_answer_days)
        self._move("send", sent_by_id=self.env.uid, sent_at=fields.Datetime.now(), answer_until=until)
        self._take_carried()
        self._sent()

    def _sending_gaps(self):
        """What keeps it from being sent: phrases. Rooms extend it."""
        self.ensure_one()
        _, gaps = self.env._, []
        for earlier in self._earlier().filtered(lambda one: one.state in UNSENT):
            gaps.append(_("%s comes before it and is not sent yet", earlier.name))
        if not gaps and self._money(self.opening) != self._carried_before():
            gaps.append(_(
                "%(amount)s is carried in, but the settlements before carry %(carried)s: compute it anew",
                amount=self.opening, carried=self._carried_before()))
        return gaps

    def _sent(self):
        """It was sent just now. Rooms extend it, such as to seal the statement and to e-mail it."""

    def action_withdraw(self, reason=None):
        """Take back what was sent, for a reason, while nothing of it was answered: it can be computed anew then."""
        self._check_may(FINANCE, self.env._("Only finance or an administrator withdraws settlements."))
        reason = self._check_words(reason)
        for settlement in self.sorted(lambda one: (one.period_start, one.id), reverse=True):
            settlement._withdraw()
        self._message_log_batch(bodies={one.id: self.env._("Withdrawn: %s", reason) for one in self})

    def _withdraw(self):
        if self.state != "sent":
            self._refuse_move()
        if self.env["aftersales.settlement.line"].sudo().search_count(  # whatever was answered counts
                [("settlement_id", "=", self.id), ("state", "!=", "open")], limit=1):
            raise UserError(self.env._(
                "%s has been answered in part and stays as it was sent. What is wrong is settled line by line.",
                self.display_name))
        for later in self._later().filtered(lambda one: one.state not in UNSENT):
            raise UserError(self.env._(
                "%(name)s stays as it was sent: %(later)s, which comes after it, was sent already.",
                name=self.display_name, later=later.name))
        self._give_back_carried()
        self._move("withdraw", **{name: False for name in (
            "reviewed_by_id", "reviewed_on", "sent_by_id", "sent_at", "answer_until")})

    def _earlier(self):
        """The settlements of the same contract and currency for the periods before, oldest first."""
        self.ensure_one()
        return self._same_course(Domain("period_start", "<", self.period_start))

    def _later(self):
        self.ensure_one()
        return self._same_course(Domain("period_start", ">", self.period_start))

    def _same_course(self, domain):
        return self.sudo().search(  # one course, whoever of it one may see
            Domain("contract_id", "=", self.contract_id.id) & Domain("currency_id", "=", self.currency_id.id) & domain,
            order="period_start, id")

    # --- approval ------------------------------------------------------------------------------------------------

    def action_approve(self):
        """They may be posted: finance or an administrator, and neither who computed nor who reviewed them.

        What is disputed is held, and the rest is approved. Lines without an answer: only where silence is acceptance
        and the time to answer is over.
        """
        self._check_may_approve()
        self._lock_course()
        for settlement in self:
            settlement._approve()

    def _approve_batch(self):
        """Approve those that can be, each by itself: {settlement: phrases} of the others."""
        self._check_may_approve()
        mine = self.try_lock_for_update(allow_referencing=True)
        refused = {one: [self.env._("somebody else is working on it at this moment")] for one in self - mine}
        for settlement in mine:
            gaps = settlement._approval_gaps()
            if gaps:
                refused[settlement] = gaps
            else:
                settlement._approve()
        return refused

    def _check_may_approve(self):
        if not self.env.su and not self.env.user.has_groups(FINANCE):
            raise AccessError(self.env._("Only finance or an administrator approves settlements."))
        self.check_access("write")

    def _approve(self):
        if self.env.user in self.reviewed_by_id | self.computed_by_id:
            raise AccessError(self._not_by_you())
        gaps = self._approval_gaps()
        if gaps:
            raise UserError(self.env._(
                "%(name)s is not approved: %(gaps)s.", name=self.display_name, gaps="; ".join(gaps)))
        self._accept_by_silence()
        self._move("approve", approved_by_id=self.env.uid, approved_on=fields.Datetime.now())
        self._hold_disputed()
        self._approved()

    def _approval_gaps(self):
        """What keeps it from being approved by the current user: phrases."""
        self.ensure_one()
        _, labels = self.env._, dict(self._fields["state"]._description_selection(self.env))
        if (self.state, "approve") not in MOVES:
            return [_("it is %s", labels[self.state].lower())]
        gaps = []
        if self.env.user in self.reviewed_by_id | self.computed_by_id:
            gaps.append(self._not_by_you())
        if self.open_line_count and not self._silent_too_long():
            gaps.append(_(
                "lines that wait for the dealer's answer, which is due until %(day)s: %(count)s. Record what the "
                "dealer said, with evidence", count=self.open_line_count, day=format_date(self.env, self.answer_until)))
        return gaps

    def _not_by_you(self):
        return self.env._("You computed or reviewed settlement %s: somebody else approves it.", self.display_name)

    def _approved(self):
        """It was approved just now. Rooms extend it."""

    def action_take_back(self, reason=None):
        """Take back the approval, for a reason: it is accepted, or disputed in part, as before."""
        self._check_may(FINANCE, self.env._("Only finance or an administrator takes an approval back."))
        reason = self._check_words(reason)
        for settlement in self:
            if settlement.state != "approved":
                settlement._refuse_move()
            settlement._unhold_disputed()
            settlement._write_guarded({"state": "sent", "approved_by_id": False, "approved_on": False})
            settlement._follow_answers()
        self._message_log_batch(bodies={one.id: self.env._("Approval taken back: %s", reason) for one in self})

    # --- the end -------------------------------------------------------------------------------------------------

    def action_close(self):
        """They are done with: paid, so that nothing is to come."""
        self._check_may(FINANCE, self.env._("Only finance or an administrator closes settlements."))
        for settlement in self:
            if settlement.state != "paid":
                settlement._refuse_move()
            settlement._move("close", closed_on=settlement.contract_id._local_today())
