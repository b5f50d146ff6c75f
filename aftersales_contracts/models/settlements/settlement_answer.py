"""The dealer's answer: it accepts a settlement, or disputes single lines of it with a reason; the rest goes on.

The dealer answers in its portal; what it says elsewhere an account manager or finance records, with the evidence. Where
the rule says so, lines without an answer count as accepted once the time to answer is over.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

from .settlement_course import REVIEWERS

ANSWERABLE = ("sent", "disputed")
FOLLOWS = ("cap", "withholding", "carried_in", "carried_forward")  # from the other lines: dispute those
OUT = ("disputed", "held", "released")  # states of lines that are not paid with their settlement


class Settlement(models.Model):
    _inherit = "aftersales.settlement"

    accepted_by_id = fields.Many2one(
        "res.users", string="Answer Recorded by", readonly=True, copy=False, help="Who accepted, or recorded it.")
    accepted_on = fields.Datetime(string="Accepted on", readonly=True, copy=False)
    accept_note = fields.Char(
        string="Evidence of the Answer", readonly=True, copy=False,
        help="How the dealer said so where it did not do it in its portal.")
    open_line_count = fields.Integer(string="Lines without Answer", compute="_compute_answers")
    disputed_line_count = fields.Integer(string="Disputed Lines", compute="_compute_answers")

    def _compute_answers(self):
        counts = {settlement.id: states for settlement, states in self._states_of_lines().items()}
        for settlement in self:
            states = counts.get(settlement.id, {})
            settlement.open_line_count = states.get("open", (0, 0))[0]
            settlement.disputed_line_count = states.get("disputed", (0, 0))[0] + states.get("held", (0, 0))[0]

    def _states_of_lines(self):
        """{settlement: {state of lines: (how many, sum of their amounts as a Decimal)}}."""
        self.env["aftersales.settlement.line"].flush_model(["settlement_id", "state", "amount"])
        rows = self.env.execute_query(SQL(
            """SELECT settlement_id, state, count(*), sum(amount) FROM aftersales_settlement_line
                WHERE settlement_id IN %s GROUP BY settlement_id, state""", tuple(self.ids) or (0,)))
        found = {settlement: {} for settlement in self}
        by_id = {settlement.id: settlement for settlement in self}
        for settlement_id, state, count, amount in rows:
            found[by_id[settlement_id]][state] = count, amount
        return found

    # --- who answers ---------------------------------------------------------------------------------------------

    def _check_may_answer(self, note=None):
        """The evidence as it is recorded. Raises AccessError unless the current user is of the dealer, or of the office
        with a ``note`` that says how the dealer said so (UserError without)."""
        self.check_access("read")
        user = self.env.user
        if user.share:
            if any(one.sudo().dealer_id.commercial_partner_id != user.partner_id.commercial_partner_id
                   for one in self):
                raise AccessError(self.env._("Only the dealer itself answers its settlement."))
            return False
        if not self.env.su and not user.has_groups(REVIEWERS):
            raise AccessError(self.env._(
                "Only an account manager, finance or an administrator records what a dealer answers."))
        if not self.env.su:
            self.check_access("write")
        note = (note or "").strip()
        if not note:
            raise UserError(self.env._(
                "%s: say how the dealer said so, such as the e-mail of a person and a day.", self[:1].display_name))
        return note

    # --- accepting -----------------------------------------------------------------------------------------------

    def action_accept(self, note=None):
        """Accept all lines that are not answered yet. ``note``: the evidence, where the office records it."""
        note = self._check_may_answer(note)
        for settlement in self.sudo():  # the dealer has no right to write; that it may answer was checked
            settlement._check_answerable()
            settlement._accept_lines()
            settlement._accepted(note)
            settlement._follow_answers()
        return True

    def action_accept_lines(self, line_ids=None, note=None):
        """Accept single lines (database ids) of this settlement, also such that were disputed a moment ago."""
        self.ensure_one()
        note = self._check_may_answer(note)
        settlement = self.sudo()  # as above
        settlement._check_answerable()
        lines = settlement._own_lines(line_ids)
        lines.filtered(lambda line: line.state == "disputed")._take_back_dispute()
        lines._write_guarded({"state": "accepted"})
        settlement._accepted(note)
        settlement._follow_answers()
        return True

    def _accepted(self, note):
        self._write_guarded({
            "accepted_by_id": self.env.uid, "accepted_on": fields.Datetime.now(), "accept_note": note or False})
        if note:
            self._message_log(body=self.env._("Accepted for the dealer: %s", note))

    def _accept_lines(self):
        """All lines without an answer, in one statement: there may be many."""
        self.env["aftersales.settlement.line"].flush_model(["state"])
        self.env.cr.execute(SQL(
            "UPDATE aftersales_settlement_line SET state = 'accepted' WHERE settlement_id IN %s AND state = 'open'",
            tuple(self.ids)))
        self.env["aftersales.settlement.line"].invalidate_model(["state"])

    def _check_answerable(self, *more):
        self._lock_course()
        if self.state not in (*ANSWERABLE, *more):
            self._refuse_move()

    def _own_lines(self, line_ids):
        """The lines of this settlement with these database ids, that can be answered; else UserError."""
        try:
            wanted = {int(one) for one in line_ids or ()}
        except (TypeError, ValueError):
            wanted = set()
        lines = self.env["aftersales.settlement.line"].search(
            [("id", "in", list(wanted)), ("settlement_id", "=", self.id)])
        if not wanted or len(lines) != len(wanted):
            raise UserError(self.env._("Choose lines of settlement %s.", self.display_name))
        for line in lines.filtered(lambda one: one.state not in ("open", "accepted", "disputed")):
            raise UserError(self.env._(
                "%(line)s of %(name)s is decided already.", line=line.display_name, name=self.display_name))
        return lines

    def _follow_answers(self):
        """The state that the answers make, and what is held: disputed as long as one line is, accepted once all are
        answered."""
        self.env["aftersales.settlement.line"].flush_model()
        for settlement, states in self._states_of_lines().items():
            held = sum((states[state][1] for state in OUT if state in states), 0)
            values = {"held": float(held)}
            if settlement.state in (*ANSWERABLE, "accepted"):
                values["state"] = "disputed" if "disputed" in states else "sent" if "open" in states else "accepted"
            settlement._write_guarded(values)
        self.invalidate_recordset(["open_line_count", "disputed_line_count"])

    # --- silence -------------------------------------------------------------------------------------------------

    def _silent_too_long(self):
        """Whether lines without an answer count as accepted: the rule says so, and the last day to answer is over."""
        self.ensure_one()
        return bool(
            self.state in ANSWERABLE and self.rule_id.sudo().silence_accepts and self.answer_until
            and self.contract_id._local_today() > self.answer_until)

    def _accept_by_silence(self):
        for settlement in self.filtered(lambda one: one._silent_too_long()):
            if not settlement.open_line_count:
                continue
            settlement._accept_lines()
            settlement._write_guarded({"accept_note": self.env._(
                "No answer until %s: that counts as acceptance by the share rule.",
                format_date(self.env, settlement.answer_until))})
            settlement._follow_answers()

    # --- disputing -----------------------------------------------------------------------------------------------

    def action_dispute_lines(self, line_ids=None, reason=None, note=None):
        """Dispute single lines (database ids) of this settlement, for a reason: they are held, the others go on.

        ``note``: where the office records it, how the dealer said so; else the reason stands for it. What the dealer
        has accepted as a whole only the office disputes for it, before the approval.
        """
        self.ensure_one()
        office = not self.env.user.share
        self._check_may_answer(note or reason)
        reason = self._check_words(reason)
        settlement = self.sudo()  # the dealer has no right to write; that it may answer was checked
        settlement._check_answerable(*(["accepted"] if office else []))
        lines = settlement._own_lines(line_ids)
        for line in lines.filtered(lambda one: one.kind in FOLLOWS):
            raise UserError(self.env._(
                "%s follows from the other lines: dispute those that are wrong.", line.display_name))
        lines._dispute(reason)
        settlement._follow_answers()
        settlement._message_log(body=self.env._(
            "Disputed lines: %(count)s. %(reason)s", count=len(lines), reason=reason))
        return True

    @api.model
    def _answer_overdue(self, today):
        """Domain of what was sent and not answered in time. For what falls due."""
        return [("state", "=", "sent"), ("answer_until", "<", today)]
