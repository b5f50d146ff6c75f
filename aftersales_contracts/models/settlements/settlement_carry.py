"""What a settlement pays, and what it leaves to the next one: nothing is lost between two periods, nothing taken twice.

The balance of a settlement is what its lines come to that are not held. Where the rule carries, a balance below zero is
not claimed: it is left, and the next settlement takes it as its opening. What was taken once is fixed when the taking
settlement is sent; a dispute that changes the balance after that is paid here, or left for a later settlement.

Example: settlement 1 comes to -200.00 and leaves it; settlement 2 opens with -200.00 and is sent. Then a fee of -50.00
in 1 is disputed. Its balance is -150.00, of which -200.00 is taken: it pays 50.00 now. Once the fee stands, it is a
line of -50.00 in settlement 3.
"""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine import share_terms as engine
from ...engine.money import floor_units, in_money
from ..penalties.penalty_plan import ENDED
from .settlement import FINANCE, UNSENT


class Settlement(models.Model):
    _inherit = "aftersales.settlement"

    payable = fields.Monetary(help="What is paid: without what is held, and without what is left to the next one.")
    carry_taken = fields.Monetary(
        string="Taken by Later Ones", readonly=True, copy=False, aggregator=None,
        help="Zero or below: what later settlements, which were sent, opened with of this one.")
    carried_left = fields.Monetary(
        string="Left to the Next One", compute="_compute_payable", store=True, aggregator=None,
        help="Zero or below: what the dealer owes, and no settlement that was sent has taken.")
    claimed = fields.Boolean(
        string="Balance Claimed", readonly=True, copy=False,
        help="The contract has ended and nothing comes after it: what was left is claimed from the dealer.")
    carry_sources = fields.Json(readonly=True, copy=False, help="{database id: what it took of that settlement}.")

    @api.depends("total", "carried_forward", "held", "carry_taken", "rule_id.negative", "claimed")
    def _compute_payable(self):
        for settlement in self:
            rest = settlement._balance() - settlement._money(settlement.carry_taken)
            unit = settlement._payable_unit()
            payable = in_money(-floor_units(-rest, unit), unit)  # what is less than the unit is left, too
            if not settlement._charges():
                payable = max(payable, Decimal(0))
            settlement.payable, settlement.carried_left = float(payable), float(rest - payable)

    def _balance(self):
        """What the lines come to that are not held, before anything is left to the next settlement: a Decimal."""
        self.ensure_one()
        return self._money(self.total) + self._money(self.carried_forward) - self._money(self.held)

    def _charges(self):
        """Whether what is below zero is claimed at once, instead of carried."""
        self.ensure_one()
        return self.claimed or self.rule_id.negative == engine.CHARGE

    @api.model
    def _refuse_guarded(self, vals):
        for name in sorted({"carry_taken", "carried_left", "carry_sources", "claimed"} & vals.keys()):
            raise UserError(self.env._(
                "%(field)s of a settlement was computed and changes by computing it anew only.",
                field=self._fields[name]._description_string(self.env)))
        return super()._refuse_guarded(vals)

    # --- from one to the next ------------------------------------------------------------------------------------

    @api.model
    def _carried_in(self, contract, currency, start):
        """What a settlement of ``contract`` in ``currency`` for the period from ``start`` (date) on opens with: a
        Decimal, zero or below. Settlements before it that are not sent yet count as they are computed now."""
        earlier = self.sudo().search([  # one course, whoever of it one may see
            ("contract_id", "=", contract.id), ("currency_id", "=", currency.id), ("period_start", "<", start)])
        return earlier._left()

    def _carried_before(self):
        """`_carried_in` of this settlement."""
        self.ensure_one()
        return self._earlier()._left()

    def _left(self):
        """What these settlements, one course from its beginning, leave to the next one together."""
        found = Decimal(0)
        for settlement in self:
            found += settlement._money(settlement.carried_left)
            if settlement.state in UNSENT:  # what it opened with is not booked as taken yet
                found -= settlement._money(settlement.opening)
        return found

    def _take_carried(self):
        """It is sent: what it opened with is taken of the settlements before."""
        sources = {}
        for earlier in self._earlier():
            left = earlier._money(earlier.carried_left)
            if left:
                sources[str(earlier.id)] = str(left)
                earlier._write_guarded({"carry_taken": float(earlier._money(earlier.carry_taken) + left)})
        self._write_guarded({"carry_sources": sources or False})

    def _give_back_carried(self):
        """It is withdrawn: what it took is left again where it was."""
        for number, left in (self.carry_sources or {}).items():
            earlier = self.sudo().browse(int(number))  # of the same course
            earlier._write_guarded({"carry_taken": float(earlier._money(earlier.carry_taken) - Decimal(left))})
        self._write_guarded({"carry_sources": False})

    # --- at the end ----------------------------------------------------------------------------------------------

    def action_claim(self, reason=None):
        """Claim from the dealer what is left to no further settlement, for a reason: the contract has ended. They are
        approved then, and are posted as other settlements that the dealer pays."""
        self._check_may(FINANCE, self.env._("Only finance or an administrator claims what a dealer owes."))
        reason = self._check_words(reason)
        for settlement in self:
            gap = settlement._claim_gap()
            if gap:
                raise UserError(self.env._(
                    "%(name)s is not claimed: %(gap)s.", name=settlement.display_name, gap=gap))
            settlement._move("claim", claimed=True, closed_on=False, closing_note=False)
        self._message_log_batch(bodies={one.id: self.env._("Balance claimed: %s", reason) for one in self})

    def _claim_gap(self):
        """Why there is nothing to claim: a phrase, or an empty text."""
        if not self.carried_left:
            return self.env._("it leaves no balance")
        if self.contract_id.state not in ENDED:
            return self.env._("contract %s has not ended: the next settlement takes the balance",
                              self.contract_id.display_name)
        if self._later():
            return self.env._("%s comes after it", self._later()[0].name)
        return ""
