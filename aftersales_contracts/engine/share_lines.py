"""From lines of revenue to lines of a settlement, one by one and in constant memory.

Most lines are a percentage of their amount; they take the short way through Decimals. All others, and every line that
is wrong, take the long way, which is exact for any number and says what is wrong. Both give the same.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from .errors import BadTerms
from .money import in_money, nearest_units
from .share_accounts import Accounts
from .share_exact import EXACT, ONE, WHOLE, as_decimal, exact_of
from .share_facts import read_line
from .share_matching import Matcher, rate_on
from .share_prices import NOTHING, measure_of
from .share_spans import Spans
from .share_terms import NO_STANDARD, PER_JOB, SHARE, SettledLine

KEPT = 1000  # warnings of a stream; the steps count them all


class Lines:
    """Reckons lines. ``terms``: as `share_reading.read` gives them; ``start``, ``end``: days of the period;
    ``percents``: {component key: part of its share that is paid out}; ``remember``: keys of lines that later ones take
    from."""

    def __init__(self, terms, start, end, carried, totals, percents, remember):
        self.start, self.end, self.unit = start, end, terms.payable
        self.matcher = Matcher(terms.components)
        self.spans = Spans(start, end, terms.components)
        self.accounts = Accounts(terms, self.matcher, self.spans, carried, totals, percents)
        self.jobs, self._paid_jobs = {}, carried.jobs
        self._prices, self._remembered = {}, frozenset(remember)
        self._earned = {}  # key of a remembered line -> [component, units, what it is a share of]
        self._taken = {}  # key of an origin -> [base, units] taken within this settlement
        self.elsewhere = [0, NOTHING, 0]  # lines, revenue and units taken from components that the rule has no more
        self.warnings = {}  # (word, line key), the first ones
        self.count, self._short_revenue, self._long_revenue = 0, Decimal(0), NOTHING

    @property
    def revenue(self):
        """The amounts of all lines in the settlement's currency, exact."""
        return Fraction(self._short_revenue) + self._long_revenue

    # --- before the lines are settled -----------------------------------------------------------------

    def measure(self, lines):
        """Add up what brackets for the whole go by: all lines of the settlement, before any is settled."""
        jobs, origins = {}, {}
        self.accounts.measured = True
        for line in lines:
            facts, origin, earlier = read_line(line, self.end), line.origin, False
            if origin is None:
                component = self.matcher.fitting(line.kind, line.product, line.categories, facts.rate_day)
            else:
                component, opened = origins.get(origin.key) or (
                    self.matcher.of_key(origin.component, facts.rate_day), 1 if origin.share else 0)
            if component is None:
                continue
            if origin is None:
                table = rate_on(component, facts.rate_day)
                if table is None:
                    continue
                account = self.accounts.of(component, table, facts.day)
                measure = self._measure(component, line, facts, jobs)
            else:
                account, earlier = self.accounts.taken_from(component, facts, origin.settled)
                measure = self._measure_taken(component, line, facts, opened)
            measure = measure or NOTHING
            if line.key in self._remembered:
                origins[line.key] = component, origins.get(line.key, (component, NOTHING))[1] + measure
            account.coming += NOTHING if earlier else measure

    # --- the short way --------------------------------------------------------------------------------

    def settle(self, lines):
        """One `SettledLine` for each line, in their order."""
        prices, slot_of, span_of = self._prices, self.matcher.slot, self.spans.slot
        products, by_category = self.matcher.products, self.matcher.by_category
        start, end, unit, remembered = self.start, self.end, self.unit, self._remembered
        multiply, add, nothing = EXACT.multiply, EXACT.add, in_money(0, unit)
        for line in lines:
            day, rate_day, fx = line.day, line.rate_day or line.day, line.fx
            key = whole = None
            try:
                key = (
                    slot_of(rate_day), span_of(day), line.kind,
                    line.product if line.product in products else "", line.categories if by_category else ())
                price = prices.get(key)
                if (price is not None and price.plain and line.origin is None and line.paid is None
                        and type(line.base) is type(fx) is Decimal and fx > 0
                        and day < end and type(rate_day) is date and line.key not in remembered):
                    base = line.base if fx == 1 else multiply(line.base, fx)
                    units = multiply(base, price.decimal).quantize(ONE, ROUND_HALF_UP, WHOLE)
                    total, revenue = add(price.base, base), add(self._short_revenue, base)
                    whole = int(units)
            except (TypeError, ValueError, ArithmeticError):
                whole = None  # the long way says what is wrong
            if whole is None:
                yield self._settle(line, key)
                continue
            price.base, self._short_revenue = total, revenue
            price.lines += 1
            price.units += whole
            self.count += 1
            yield SettledLine(
                SHARE, line.key, price.component.key, base, price.rate, multiply(units, unit) if whole else nothing,
                day < start, price.warning)

    # --- the long way ---------------------------------------------------------------------------------

    def _settle(self, line, key):
        facts = read_line(line, self.end)
        settled = self._take_back(line, facts) if line.origin is not None else self._earn(line, facts, key)
        self.count += 1
        self._long_revenue += facts.revenue
        return settled

    def _earn(self, line, facts, key):
        price = self._prices.get(key)
        if price is None:
            price = self._find(line, facts)
            if key is not None:
                self._prices[key] = price
        component = price.component
        if component is None or price.warning:
            return self._unpaid(line, facts, price, facts.revenue)
        price, unknown = self._by_standard(price, line)
        measure = self._measure(component, line, facts, self.jobs)
        if measure is None:
            return self._unpaid(line, facts, self.accounts.without_cost(price), facts.revenue)
        units = self._units(price, line, facts, measure)
        price.lines += 1
        price.units += units
        price.long_base += measure
        self._remember(line, component, units, measure)
        return self._line(line, facts, component.key, measure, price.rate, units, NO_STANDARD if unknown else "")

    def _unpaid(self, line, facts, price, base):
        price.lines += 1
        price.long_base += base
        self._remember(line, price.component, 0, NOTHING)
        key = "" if price.component is None else price.component.key
        return self._line(line, facts, key, base, None, 0, price.warning)

    def _line(self, line, facts, component, base, rate, units, warning=""):
        if warning and len(self.warnings) < KEPT:
            self.warnings[warning, line.key] = None
        return SettledLine(
            SHARE, line.key, component, as_decimal(base), rate, in_money(units, self.unit), facts.day < self.start,
            warning)

    def _find(self, line, facts):
        component = self.matcher.fitting(line.kind, line.product, line.categories, facts.rate_day)
        if component is None:
            return self.accounts.none(self.matcher.lack(line.kind, line.product, line.categories))
        table = rate_on(component, facts.rate_day)
        return self.accounts.price(self.accounts.of(component, table, facts.day), component, table)

    def _by_standard(self, price, line):
        """(the price of a differential rate, whether nobody knows if the standard was met)."""
        if price.table.hit is None:
            return price, False
        if line.standard_met:
            price = self.accounts.price(price.account, price.component, price.table, hit=True)
        return price, line.standard_met is None

    def _units(self, price, line, facts, measure):
        """What a line gets, in payable units."""
        exactly = price.account.climb(price, measure) if price.climbs else measure * price.factor
        if price.running:
            return price.account.run(exactly)
        if line.paid is None or not facts.part:
            return nearest_units(exactly, ONE)
        whole = exactly / facts.part
        earned = nearest_units(whole * facts.before, ONE)
        if line.shared is not None:
            earned = nearest_units(exact_of(line.shared, "shared", line.key), self.unit)
        return nearest_units(whole * facts.now, ONE) - earned

    def _measure(self, component, line, facts, jobs):
        return self._job(line, facts, jobs) if component.basis == PER_JOB else measure_of(component, line, facts)

    @staticmethod
    def _measure_taken(component, line, facts, opened):
        """What a refund takes from the volume. ``opened``: the part of a job that its line had opened."""
        if component.basis != PER_JOB:
            return measure_of(component, line, facts) or NOTHING
        whole = exact_of(line.origin.base, "base of the origin", line.key)
        return opened * facts.base * facts.part / whole if whole else -opened * facts.part

    def _job(self, line, facts, jobs):
        """The part of a job that a line opens: one for its first line, however many it has; a line below zero none."""
        if facts.base < 0:
            return NOTHING
        if line.job:
            if facts.before and line.shared:
                jobs.setdefault(line.job, line.key)  # it opened the job, and is paid further
            elif line.job in self._paid_jobs or jobs.setdefault(line.job, line.key) != line.key:
                return NOTHING
        return facts.part

    def _remember(self, line, component, units, measure):
        if line.key in self._remembered:
            earned = self._earned.setdefault(line.key, [component, 0, NOTHING])
            earned[1] += units
            earned[2] += measure

    # --- refunds --------------------------------------------------------------------------------------

    def _take_back(self, line, facts):
        """In proportion of what was earned; the last part takes exactly what is left, and never more."""
        component, share, taken, opened = self._origin(line, facts)
        whole = exact_of(line.origin.base, "base of the origin", line.key)
        seen = self._taken.setdefault(line.origin.key, [NOTHING, 0])
        base = facts.base * facts.part
        gone = taken[0] + seen[0] + base
        part = max(NOTHING, min(Fraction(1), -gone / whole)) if whole else 1
        units = nearest_units(-share * part, ONE) - taken[1] - seen[1]
        seen[0] += base
        seen[1] += units
        if component is None:
            self._remember(line, component, units, NOTHING)
            self.elsewhere = [self.elsewhere[0] + 1, self.elsewhere[1] + facts.revenue, self.elsewhere[2] + units]
            return self._line(line, facts, line.origin.component, facts.revenue, None, units)
        measure = self._measure_taken(component, line, facts, opened)
        self._remember(line, component, units, measure)
        account, earlier = self.accounts.taken_from(component, facts, line.origin.settled)
        account.take_back(measure, units, earlier)
        return self._line(line, facts, component.key, measure, None, units)

    def _origin(self, line, facts):
        """(component or None, what the origin earned in units, (base, units) taken by earlier settlements, the part of
        a job that it opened)."""
        origin = line.origin
        if origin.key in self._remembered:
            if origin.key not in self._earned:
                raise BadTerms(f"origin of line {line.key}", origin.key, "comes later than the line that takes from it")
            component, units, opened = self._earned[origin.key]
            return component, units, (NOTHING, 0), opened
        share = exact_of(origin.share, "share of the origin", line.key) / exact_of(self.unit, "unit", line.key)
        taken = exact_of(origin.taken_base, "taken_base of the origin", line.key)
        taken_share = exact_of(origin.taken_share, "taken_share of the origin", line.key)
        component = self.matcher.of_key(origin.component, facts.rate_day)
        return component, share, (taken, nearest_units(taken_share, self.unit)), 1 if share else 0
