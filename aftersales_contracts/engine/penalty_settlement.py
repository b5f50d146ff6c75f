"""From what the components cost to what is paid: combined, carried, capped, rounded, minimum, earn-back, caps, bonus.

Up to the rounding amounts are exact; from there on they are whole units of the currency's rounding, so that the lines
sum to the amount.
"""

from fractions import Fraction

from .money import exact, floor_units, in_money, nearest_units, round_units
from .penalty_combine import contributions
from .penalty_cost import NOTHING
from .penalty_lines import Draft, Settled, total_of
from .penalty_reading import not_negative
from .penalty_steps import (
    AT_RISK,
    BONUS,
    BONUS_CAP,
    CARRIED_IN,
    CARRIED_OVER,
    COMBINED,
    CONTRACT_CAP,
    EARN_BACK,
    MINIMUM,
    PERIOD_CAP,
    ROUNDING,
    YEARLY_CAP,
    plain,
    times,
)
from .penalty_terms import CARRIED, PER_LINE, RAISE


class Settlement:
    """One run through the clause's own rules. ``capped`` False: the same without any cap."""

    def __init__(self, clause, basis, ledger, trail, capped=True):
        self.clause, self.basis, self.ledger, self.trail, self.capped = clause, basis, ledger, trail, capped
        self.unit = clause.currency_rounding
        # Units of the currency in one that is paid.
        self.step = 1 if clause.payable == self.unit else nearest_units(clause.payable, self.unit)
        self.result = Settled()

    def run(self, costs, figures):
        """``costs``: of the measured components, as limited; ``figures``: {component key: exact figure}."""
        penalties = [cost for cost in costs if not cost.component.bonus]
        fresh = self._penalty(penalties)
        result, after_minimum = self.result, self.result.paid
        if self.clause.earn_back is not None and self.ledger.penalised:
            self._earn_back(figures)
        if self.capped:
            self._running_cap(self.clause.yearly_cap, "yearly_cap", YEARLY_CAP, self.ledger.year, "this year")
            self._running_cap(self.clause.contract_cap, "contract_cap", CONTRACT_CAP, self.ledger.contract, "so far")
        bonuses = [cost for cost in costs if cost.component.bonus]
        if bonuses:
            self._bonus(bonuses, fresh and after_minimum > 0)
        return result

    def _limit(self, cap, name):
        return None if cap is None or not self.capped else self.basis.limit(cap, name)

    def _money(self, units):
        return in_money(units, self.unit)

    # --- the penalty -------------------------------------------------------------------------------

    def _penalty(self, costs):
        """Combined to the minimum; returns whether this period itself costs something."""
        clause, trail, result = self.clause, self.trail, self.result
        amounts = contributions(costs, clause.combine, self.capped)
        drafts = [Draft(cost.component.key, "penalty", cost.detail, amount, cost.count, cost.figure)
                  for cost, amount in zip(costs, amounts, strict=True) if amount]
        total = total_of(drafts)
        result.cut = any(cost.amount != cost.uncapped for cost in costs)
        if len(costs) > 1:
            trail.say(COMBINED, f"{clause.combine.replace('_', ' ')} of {len(costs)} components", trail.money(total))
        fresh = total > 0
        if self.ledger.carried:
            carried = not_negative(self.ledger.carried, "carried")
            drafts.append(Draft("", "carried", "excess of the period before", carried))
            total += carried
            trail.say(CARRIED_IN, f"{trail.money(carried)} of the period before", trail.money(total))
        cap, label = self._period_limit()
        result.paid = self._rounded(drafts, total, cap, label, clause.carry == CARRIED)
        if total > 0 and clause.minimum:
            self._minimum(cap)
        return fresh

    def _period_limit(self):
        """(the lower of the period cap and what is at risk, or None; what to call it)."""
        cap = self._limit(self.clause.period_cap, "period_cap")
        at_risk = self.basis.at_risk if self.capped else None
        if at_risk is None or (cap is not None and cap <= at_risk):
            return cap, PERIOD_CAP
        return at_risk, AT_RISK

    def _rounded(self, drafts, total, cap, label, carries=False, sign=1):
        """Adds the lines of ``drafts`` in units, the cut and the rounding difference; returns what is to be paid."""
        result, unit = self.result, self.unit
        amounts = [draft.amount for draft in drafts]
        per_line = self.clause.rounding == PER_LINE
        each = per_line or len(amounts) == 1
        rounded = [nearest_units(amount, unit) for amount in amounts] if each else round_units(amounts, unit)
        result.lines += [(draft, sign * units) for draft, units in zip(drafts, rounded, strict=True) if units]
        whole = kept = paid = sum(rounded)
        payable = whole * exact(unit) if per_line else total
        if self.step > 1:
            paid = nearest_units(payable, self.clause.payable) * self.step
        bound = False
        if cap is not None:
            room = floor_units(cap, unit)
            if total > cap:
                payable, kept = cap, min(whole, room)
                self._say_cut(label, total, cap, sign * (kept - whole))
            room -= room % self.step
            if paid > room or total > cap:
                result.cut, paid, bound = True, min(paid, room), whole > room  # rounding must not pass the cap either
        if carries and bound:
            result.carried = whole - paid
            self.trail.say(CARRIED_OVER, "above the period cap, to the next period", self._money(result.carried))
        self._say_rounding(kept, paid, payable, sign)
        return paid

    def _say_cut(self, label, total, cap, units):
        trail = self.trail
        told = trail.money(cap)
        trail.say(label, f"{trail.money(total - cap)} above {told} is cut", told)
        if units:
            words = "amount at risk" if label == AT_RISK else label
            self.result.add("capped", f"{words} of {told}", units)

    def _say_rounding(self, kept, paid, payable, sign):
        if paid != kept:
            self.result.add("rounding", f"to whole {plain(self.clause.payable)}", sign * (paid - kept))
        unit, parts = self.unit.as_integer_ratio()
        numerator, denominator = payable.as_integer_ratio()
        difference = paid * unit * denominator - numerator * parts
        if difference and self.trail.tells:
            difference = self.trail.money(Fraction(difference, parts * denominator))
            self.trail.say(ROUNDING, f"to {plain(self.clause.payable)}: {difference}", self._money(paid))

    def _minimum(self, cap):
        clause, result, trail = self.clause, self.result, self.trail
        least = -floor_units(-clause.minimum, self.unit)
        if result.paid >= least:
            return
        told = f"{self._money(result.paid)} is below {trail.money(clause.minimum)}"
        if clause.minimum_rule == RAISE:
            raised = -floor_units(-clause.minimum, clause.payable) * self.step
            if cap is not None:
                raised = min(raised, floor_units(cap, clause.payable) * self.step)
            result.add("minimum", f"raised to {trail.money(clause.minimum)}", raised - result.paid)
            result.paid = raised
            trail.say(MINIMUM, f"{told} and raised", self._money(raised))
        elif result.paid:
            result.add("minimum", f"below {trail.money(clause.minimum)}", -result.paid)
            result.paid = 0
            trail.say(MINIMUM, f"{told} and dropped", self._money(0))

    # --- earlier periods ----------------------------------------------------------------------------

    def _earn_back(self, figures):
        terms, result, trail = self.clause.earn_back, self.result, self.trail
        figure = figures.get(terms.component)
        if figure is None:
            trail.say(EARN_BACK, f"{terms.component} was not measured: nothing is returned", 0)
            return
        component = next(one for one in self.clause.components if one.key == terms.component)
        beyond = figure - terms.figure if component.high_is_good else terms.figure - figure
        reached = beyond > 0 if terms.strict else beyond >= 0
        needed = f"{'more than ' if terms.strict else ''}{plain(terms.figure)} was needed"
        mark = f"{component.name} {plain(figure)}, {needed}"
        if not reached:
            trail.say(EARN_BACK, f"{mark}: nothing is returned", 0)
            return
        earned = [penalised for penalised in self.ledger.penalised
                  if terms.window is None or 1 <= penalised.periods_ago <= terms.window]
        for penalised in earned:
            part = exact(penalised.amount, f"amount of {penalised.key}") * terms.percent
            units = min(nearest_units(part, self.clause.payable), floor_units(penalised.amount, self.clause.payable))
            units *= self.step
            if units > 0:
                result.add("earned_back", f"{penalised.key}, {times(penalised.periods_ago, 'period')} ago", -units)
                result.returned += units
        result.earned = tuple(penalised.key for penalised in earned)
        result.paid -= result.returned
        noun = "penalty" if len(earned) == 1 else "penalties"
        trail.say(EARN_BACK, f"{mark}: {len(earned)} {noun} returned", self._money(result.returned))

    def _running_cap(self, cap, name, label, used, since):
        limit = self._limit(cap, name)
        if limit is None:
            return
        result, used = self.result, exact(used, name)
        (most, shares), (spent, parts), (unit, units) = (
            limit.as_integer_ratio(), used.as_integer_ratio(), self.unit.as_integer_ratio())
        room = (most * parts - spent * shares) * units // (shares * parts * unit)
        room -= room % self.step
        # What is earned back makes room; what was paid before can not be cut any more.
        cut = min(result.paid + result.returned, max(0, result.paid - room))
        if cut > 0:
            result.cut = True
            result.paid -= cut
            result.add("capped", f"{label} of {self.trail.money(limit)}", -cut)
            told = f"{self.trail.money(used)} of {self.trail.money(limit)} {since}: {self._money(cut)} is cut"
            self.trail.say(label, told, self._money(result.paid))

    # --- the bonus ----------------------------------------------------------------------------------

    def _bonus(self, costs, penalised):
        result, trail = self.result, self.trail
        drafts = [Draft(cost.component.key, "bonus", cost.detail, amount, cost.count, cost.figure)
                  for cost in costs if (amount := cost.amount if self.capped else cost.uncapped)]
        total = total_of(drafts)
        if not total:
            return
        if penalised and self.clause.bonus_excludes:
            trail.say(BONUS, f"{trail.money(total)} is not paid in a period with a penalty", trail.money(NOTHING))
            return
        result.cut = result.cut or any(cost.amount != cost.uncapped for cost in costs)
        result.bonus = self._rounded(drafts, total, self._limit(self.clause.bonus_cap, "bonus_cap"), BONUS_CAP, sign=-1)
        result.paid -= result.bonus
        trail.say(BONUS, "set off against the penalty", self._money(result.bonus))
