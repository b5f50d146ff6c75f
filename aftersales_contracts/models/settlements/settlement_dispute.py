"""Disputes of single lines: what is disputed is held and ages, the rest of the settlement goes on.

Settled before the approval, a line that stands counts again where it is. Whatever is settled later, or at another
amount, is released: it becomes a line of the dealer's next settlement, which names the original. A penalty that is
disputed here is disputed itself, and is not posted anywhere until that is settled.
"""

from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, float_repr

from ...engine.money import round_money
from .settlement import FINANCE

LEGAL = "aftersales_contracts.group_legal"
SETTLERS = f"{LEGAL},{FINANCE}"
OUTCOMES = [("stands", "It Stands"), ("changed", "Another Amount")]
DISPUTE = (
    "dispute_reason", "disputed_by_id", "disputed_on", "dispute_answer", "outcome", "decided_amount", "decided_by_id",
    "decided_on")


class SettlementLine(models.Model):
    _inherit = "aftersales.settlement.line"

    dispute_reason = fields.Text(string="What the Dealer Disputes", readonly=True)
    disputed_by_id = fields.Many2one("res.users", string="Dispute Recorded by", readonly=True, ondelete="restrict")
    disputed_on = fields.Date(string="Disputed", readonly=True)
    dispute_answer = fields.Text(string="Our Answer", readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True, help="Empty as long as the dispute is not settled.")
    decided_amount = fields.Monetary(
        string="Settled at", readonly=True, aggregator=None, help="What the line comes to after its dispute.")
    decided_by_id = fields.Many2one("res.users", string="Settled by", readonly=True, ondelete="restrict")
    decided_on = fields.Date(string="Dispute Settled", readonly=True)
    released_line_ids = fields.One2many(
        "aftersales.settlement.line", "origin_line_id", string="Settled with", readonly=True,
        domain=[("kind", "=", "released")])

    _two_for_dispute = models.Constraint(
        "CHECK(outcome IS DISTINCT FROM 'changed' OR disputed_by_id <> decided_by_id)",
        "Who recorded a dispute does not give in to it.")
    _disputes = models.Index("(disputed_on) WHERE disputed_on IS NOT NULL")

    # --- the dealer's part ---------------------------------------------------------------------------------------

    def _dispute(self, reason):
        """Rights and state were checked."""
        day = self.settlement_id.contract_id._local_today()
        self._write_guarded({
            "state": "disputed", "dispute_reason": reason, "disputed_by_id": self.env.uid, "disputed_on": day,
            **dict.fromkeys(("dispute_answer", "outcome", "decided_amount", "decided_by_id", "decided_on"), False)})
        self._disputed_penalty()._dispute_in_settlement(reason)

    def _take_back_dispute(self):
        """The dealer accepts what it disputed a moment ago."""
        self._disputed_penalty()._dispute_over(self.env._("The dealer accepts it."))
        self._write_guarded(dict.fromkeys(DISPUTE, False))

    def _disputed_penalty(self):
        """The penalties behind these lines: their own, or those that a released line stands for."""
        found = self.env["aftersales.penalty"]
        for line in self:
            found |= line._root().penalty_id
        return found

    def _root(self):
        """The line that a released one began as."""
        self.ensure_one()
        line = self
        while line.kind == "released" and line.origin_line_id:
            line = line.origin_line_id
        return line

    # --- settling ------------------------------------------------------------------------------------------------

    def action_settle_line(self, stands=True, amount=None, answer=None):
        """Settle the dispute of these lines, with an ``answer`` that the dealer gets to read.

        ``stands``: at the amount that they have; else at ``amount`` (in the currency, a number or its text), which
        takes another person than who recorded the dispute. AccessError, or UserError naming the line.
        """
        if not self.env.su and not self.env.user.has_groups(SETTLERS):
            raise AccessError(self.env._("Only legal, finance or an administrator settles disputes of settlements."))
        self.check_access("write")
        answer = self.settlement_id._check_words(answer)
        for line in self:
            settlement = line.settlement_id
            settlement._lock_course()
            if line.state not in ("disputed", "held"):
                raise UserError(self.env._(
                    "%(line)s of %(name)s is not disputed.", line=line.display_name, name=settlement.display_name))
            line._settle_at(line._money_of(line.amount) if stands else line._decided(amount), stands, answer)
        self.settlement_id._follow_answers()
        return True

    def _settle_at(self, amount, stands, answer):
        if not stands and self.disputed_by_id == self.env.user:
            raise AccessError(self.env._(
                "You recorded the dispute of %s: somebody else gives in to it.", self.display_name))
        here = stands and self.state == "disputed"  # it is paid with its settlement, as if nothing had been
        self._write_guarded({
            "state": "accepted" if here else "released", "outcome": "stands" if stands else "changed",
            "decided_amount": float(amount), "dispute_answer": answer, "decided_by_id": self.env.uid,
            "decided_on": self.settlement_id.contract_id._local_today()})
        self._disputed_penalty()._dispute_over(answer, amount)
        self.settlement_id.sudo()._message_log(body=self.env._(  # who may settle may say so
            "%(line)s settled at %(amount)s: %(answer)s", line=self.display_name, amount=amount, answer=answer))

    def _decided(self, amount):
        """``amount`` as a Decimal of what can be paid; UserError where it is none."""
        try:
            decided = Decimal(str(amount).strip())
        except ArithmeticError:
            decided = None
        unit = self.settlement_id._payable_unit()
        if decided is None or not decided.is_finite() or round_money(decided, unit) != decided:
            raise UserError(self.env._(
                "%(line)s: %(amount)s is not an amount that can be paid. It is a multiple of %(unit)s.",
                line=self.display_name, amount=amount, unit=unit))
        if self._root().kind == "penalty" and not min(self._money_of(self.amount), 0) <= decided <= max(
                self._money_of(self.amount), 0):
            raise UserError(self.env._(
                "%(line)s: a penalty is let go in whole or in part, it is not raised to %(amount)s.",
                line=self.display_name, amount=decided))
        return decided

    def _money_of(self, value):
        return Decimal(float_repr(value or 0.0, self.currency_id.decimal_places))

    def _released_amount(self):
        return self._money_of(self.decided_amount)


class Settlement(models.Model):
    _inherit = "aftersales.settlement"

    dispute_ids = fields.One2many(
        "aftersales.settlement.line", "settlement_id", string="Disputes", readonly=True,
        domain=[("disputed_on", "!=", False)])

    def _payable_unit(self):
        """What is paid is a multiple of it: a Decimal."""
        self.ensure_one()
        agreed = ((self.inputs or {}).get("rule") or {}).get("payable")  # as it was reckoned
        return Decimal(agreed or float_repr(self.currency_id.rounding, 6)).normalize()

    def _hold_disputed(self):
        """It is approved: what is disputed is left out of it, and waits for the end of the dispute."""
        self._shift_lines("disputed", "held")

    def _unhold_disputed(self):
        self._shift_lines("held", "disputed")

    def _shift_lines(self, before, after):
        Line = self.env["aftersales.settlement.line"]
        Line.flush_model(["state"])
        self.env.cr.execute(SQL(
            "UPDATE aftersales_settlement_line SET state = %s WHERE settlement_id IN %s AND state = %s",
            after, tuple(self.ids), before))
        Line.invalidate_model(["state"])


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    def _dispute_in_settlement(self, reason):
        """The dealer disputes these penalties on its settlement; who may do so was checked there."""
        for penalty in self.sudo().filtered(lambda one: one.state == "approved"):
            penalty._move("dispute", state_before="approved", dispute_reason=reason, disputed_by_id=self.env.uid,
                          dispute_answer=False, dispute_settled_by_id=False)

    def _dispute_over(self, answer, amount=None):
        """The dispute of these penalties on a settlement is over. ``amount``: of the line, below zero for what the
        dealer owes; the difference is waived. None: as it was."""
        for penalty in self.sudo().filtered(lambda one: one.state == "disputed"):
            values = {"state": penalty.state_before or "approved", "state_before": False, "dispute_answer": answer,
                      "dispute_settled_by_id": self.env.uid}
            if amount is not None:
                values["waived_amount"] = float(penalty._money(penalty.assessed) + amount)
                if not amount:
                    values["state"] = "waived"
            penalty._write_guarded(values)
