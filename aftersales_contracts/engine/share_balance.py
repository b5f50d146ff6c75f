"""From what the lines came to to what is paid: bonus, cap, guarantee, brand fee, penalties, withholding, released,
reimbursements, carried in, carried forward. Everything is counted in whole payable units, so the lines sum to the
total.
"""

from fractions import Fraction

from .money import exact, floor_units, in_money, nearest_units
from .share_payouts import paid_out, payout_sentence
from .share_steps import PAYOUT, plain
from .share_terms import (
    BONUS,
    BRAND_FEE,
    CAP,
    CARRIED_FORWARD,
    CARRIED_IN,
    CARRY,
    GUARANTEE,
    PENALTY,
    REIMBURSEMENT,
    RELEASED,
    WITHHOLDING,
    SettledLine,
)

NOTHING = Fraction(0)


class Balance:
    """One run from ``shares`` (units of the lines) to ``total``. ``owed``: below zero, what the next period takes over;
    ``lines``: those that are not zero, in the order of evaluation; ``warnings``: ((word, name of a bonus), ...)."""

    def __init__(self, terms, shares, revenue, carried, facts, trail):
        self.terms, self.facts, self.trail, self.unit = terms, facts, trail, terms.payable
        self.revenue, self.carried = revenue, carried
        self.units, self.owed, self.part = shares, NOTHING, exact(facts.part)
        self.lines, self.warnings = [], []

    def run(self):
        """All of it, in this order."""
        self._bonuses()
        self._cap()
        self._guarantee()
        self._brand_fee()
        self._items(self.facts.penalties, PENALTY)
        self._withholding()
        self._items(self.facts.released, RELEASED)
        self._items(self.facts.reimbursements, REIMBURSEMENT)
        self._carried_in()
        self._carried_forward()
        return self

    def _add(self, kind, detail, units, key=""):
        amount = self._money(units)
        if units:
            self.lines.append(SettledLine(kind, key, "", amount, None, amount))
            self.units += units
        self.trail.say(kind.replace("_", " "), detail, amount)

    def _money(self, units):
        return in_money(units, self.unit)

    def _exact(self):
        return self.units * exact(self.unit)

    def _tell(self, amount):
        return str(self.trail.money(exact(amount)))

    # --- what the rule adds and takes -----------------------------------------------------------------

    def _bonuses(self):
        share = max(NOTHING, self._exact())
        for bonus in self.terms.bonuses:
            figure = bonus.payout and self.facts.figures.get(bonus.payout.measure)
            part, warning = paid_out(bonus.payout, figure)
            if bonus.payout is not None:
                self.trail.say(PAYOUT, payout_sentence(bonus.name, bonus.payout, figure), self.trail.money(part * 100))
            if warning:
                self.warnings.append((warning, bonus.name))
            if bonus.percent:
                amount, told = share * bonus.value, f"{plain(bonus.value * 100)} % of {self._tell(share)}"
            else:
                amount, told = bonus.value * self.part, self._tell(bonus.value) + self._part()
            if part != 1:
                told = f"{told}, of which {plain(part * 100)} %"
            self._add(BONUS, f"{bonus.name}: {told}", nearest_units(amount * part, self.unit), bonus.name)

    def _part(self):
        return "" if self.part == 1 else f" for {self.part} of a period"

    def _cap(self):
        cap = self.terms.cap
        if cap is None:
            return
        room = floor_units(cap, self.unit)
        if self.units > room:
            cut = self._tell(self._exact() - cap) if self._exact() > cap else self._money(self.units - room)
            self._add(CAP, f"{cut} above {self._tell(cap)} is cut", room - self.units)

    def _guarantee(self):
        if self.terms.guarantee is None:
            return
        least = nearest_units(self.terms.guarantee * self.part, self.unit)
        if self.units < least:
            told = f"{self._money(self.units)} is raised to {self._tell(self.terms.guarantee)}{self._part()}"
            self._add(GUARANTEE, told, least - self.units)

    def _brand_fee(self):
        fee = self.terms.brand_fee
        if fee is None:
            return
        base = {"revenue": self.revenue, "share": self._exact()}.get(fee.base)
        if base is None:
            amount, told = fee.value * self.part, self._tell(fee.value) + self._part()
        else:
            amount = base * fee.value
            told = f"{plain(fee.value * 100)} % of the {fee.base} {self._tell(base)}"
        self._add(BRAND_FEE, told, -nearest_units(amount, self.unit))

    def _withholding(self):
        if not self.terms.withholding:
            return
        base = max(NOTHING, self._exact())
        told = f"{plain(self.terms.withholding * 100)} % of {self._tell(base)}"
        self._add(WITHHOLDING, told, -nearest_units(base * self.terms.withholding, self.unit))

    # --- what comes from elsewhere --------------------------------------------------------------------

    def _items(self, items, kind):
        for item in items:
            units = nearest_units(exact(item.amount, f"amount of {item.key}"), self.unit)
            self._add(kind, f"{item.key}: {item.name}" if item.name else item.key, units, item.key)

    def _carried_in(self):
        amount = exact(self.carried.amount, "carried")
        if not amount:
            return
        units = floor_units(abs(amount), self.unit)
        units = units if amount > 0 else -units
        # What is less than can be paid waits for the next period, unless the whole is carried on anyway.
        self.owed = amount - units * exact(self.unit)
        self._add(CARRIED_IN, "of earlier periods", units)

    def _carried_forward(self):
        if self.units < 0 and self.terms.negative == CARRY:
            self.owed += self._exact()
            self._add(CARRIED_FORWARD, "to the next period", -self.units)
