"""Shares reckoned the slow way: every rule written out once more, in Fractions, without streams, caches or short ways.

It knows nothing of how the engine does it; it is told only what the terms say.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction

MONTHS = {"month": 1, "quarter": 3, "year": 12}


def reckon(rule, lines, period, carried, facts):
    """The amounts of all lines, and of what is repriced."""
    return Oracle(rule, lines, period, carried, facts).amounts()


def half_away(number):
    whole = (abs(number) * 2 + 1) // 2
    return int(whole if number >= 0 else -whole)


class Oracle:
    def __init__(self, rule, lines, period, carried, facts):
        self.rule, self.lines, self.period, self.carried, self.facts = rule, lines, period, carried, facts
        self.unit = Fraction(rule.payable or rule.currency_rounding)
        self.places = rule.currency_rounding

    def money(self, units):
        return Decimal(int(units * self.unit / Fraction(self.places))) * self.places

    def amounts(self):
        self.jobs = {}
        rows = self.rows = [self.row(line) for line in self.lines]
        self.volumes = {}
        for row in rows:
            if row["account"] is not None:
                self.volumes.setdefault(row["account"], []).append(row)
        done, units = {}, []
        for row in rows:
            units.append(self.units(row, done))
            row["units"] = units[-1]
            done.setdefault(row["line"].key, []).append(row)
        return [self.money(one) for one in units + self.repriced(rows)]

    # --- one line ----------------------------------------------------------------------------------------

    def row(self, line):
        before, now = line.paid or (Fraction(0), Fraction(1))
        part = Fraction(now) - Fraction(before)
        row = {"line": line, "part": part, "before": Fraction(before), "now": Fraction(now), "account": None}
        day = line.rate_day or line.day
        if line.origin is not None:
            own = [one for one in self.lines if one.key == line.origin.key]
            component = self.component(own[0]) if own else self.named(line.origin.component)
        else:
            component = self.component(line)
        row["component"] = component
        if component is None:
            return row
        rates = [one for one in component.rates if one.start is None or one.start <= day]
        row["rate"] = max(rates, key=lambda one: one.start or date.min) if rates else None
        row["measure"] = self.measure(component, line, part)
        row["opened"] = row["measure"] or 0
        on = line.day if line.origin is None else line.origin.settled or day
        row["account"] = self.account(component, row["rate"], on)
        first = self.account(component, row["rate"], self.period.start)[1]
        row["earlier"] = line.origin is not None and first is not None and on < first
        if row["earlier"]:
            row["account"] = self.account(component, row["rate"], line.day)
        return row

    def component(self, line):
        fits = [one for one in self.rule.components if not one.kinds or line.kind in one.kinds]
        return fits[0] if fits else None

    def named(self, key):
        return next((one for one in self.rule.components if one.key == key), None)

    def measure(self, component, line, part):
        base, sign = Fraction(line.base), -1 if line.base < 0 else 1
        if component.basis == "revenue":
            return base * Fraction(line.fx) * part
        if component.basis == "margin":
            return None if line.cost is None else (base - sign * Fraction(line.cost)) * Fraction(line.fx) * part
        if component.basis == "job":
            if line.origin is not None:
                return None  # by what was taken, see `refund`
            if line.base < 0:
                return Fraction(0)
            if line.job and (line.job in self.carried.jobs or self.jobs.setdefault(line.job, line.key) != line.key):
                return Fraction(0)
            return part
        return sign * Fraction(line.quantity) * part

    def account(self, component, rate, on):
        """(component key, first day of its span, rate of a retroactive one)."""
        if not any(one.brackets for one in component.rates):
            return component.key, None, None
        day = max(on, self.period.start)
        span = self.period.start
        if component.accumulate != "period":
            months = MONTHS[component.accumulate]
            span = date(day.year, (day.month - 1) // months * months + 1, 1)
        return component.key, span, rate if component.retroactive else None

    def start(self, account):
        """The volume and share before this period."""
        key, span, rate = account
        component, volume = self.named(key), self.carried.volumes.get(key)
        renewed = rate is not None and rate.start is not None and rate.start >= self.period.start
        if span is None or span >= self.period.start or component.accumulate == "period" or volume is None or renewed:
            return Fraction(0), 0
        return Fraction(volume.base), half_away(Fraction(volume.share) / self.unit)

    # --- what it gets --------------------------------------------------------------------------------------

    def units(self, row, done):
        if row["line"].origin is not None:
            return self.refund(row, done)
        if row["component"] is None or row["rate"] is None or row["measure"] is None:
            row["counts"] = False
            return 0
        row["counts"] = True
        exactly = self.exactly(row)
        if self.running(row):
            history = self.volumes[row["account"]]
            earlier = [one for one in history[:history.index(row)] if one.get("exactly") is not None]
            row["exactly"] = exactly
            phase = self.phase(row)
            low = phase + sum(one["exactly"] for one in earlier)
            return half_away(low + exactly) - half_away(low)
        if row["line"].paid is None or not row["part"]:
            return half_away(exactly)
        whole = exactly / row["part"]
        return half_away(whole * row["now"]) - half_away(whole * row["before"])

    def running(self, row):
        component, rate = row["component"], row["rate"]
        climbs = rate.brackets and component.bracket_rule == "marginal"
        return climbs or self.rule.rounding == "total" or (rate.brackets and component.retroactive)

    def phase(self, row):
        component, before = row["component"], self.start(row["account"])[0]
        if not before:
            return Fraction(0)
        first = next(one for one in self.volumes[row["account"]] if one.get("exactly") is not None)
        if component.bracket_rule == "marginal" and first["rate"].brackets:
            day = max(row["account"][1], self.period.start)
            known = [one for one in component.rates if one.start is None or one.start <= day]
            rate = max(known, key=lambda one: one.start or date.min) if known else first["rate"]
            rate = rate if rate.brackets else first["rate"]
            return self.climb(rate, before) * self.factor(component)
        if component.retroactive and first["rate"].brackets:
            return before * self.slab(first) * self.factor(component)
        return Fraction(0)

    def factor(self, component):
        scale = 100 if component.basis in ("revenue", "margin") else 1
        sign = -1 if component.direction == "pays" else 1
        return sign * self.paid_out(component) / scale / self.unit

    def paid_out(self, component):
        payout = component.payout
        if payout is None:
            return Fraction(1)
        figure = self.facts.figures.get(payout.measure)
        if figure is None or figure.value is None or figure.sample < payout.minimum:
            return Fraction(payout.otherwise) / 100
        good = [band for band in payout.bands
                if (figure.value >= band.bound if payout.high_is_good else figure.value <= band.bound)]
        return Fraction(good[-1].rate) / 100 if good else Fraction(0)

    def exactly(self, row):
        component, rate, measure = row["component"], row["rate"], row["measure"]
        if not rate.brackets:
            value = rate.hit if rate.hit is not None and row["line"].standard_met else rate.value
            return measure * Fraction(value) * self.factor(component)
        if component.bracket_rule == "slab":
            return measure * self.slab(row) * self.factor(component)
        low = self.start(row["account"])[0]
        for one in self.volumes[row["account"]]:
            if one is row:
                break
            if one.get("counts"):
                low += one["measure"]
            elif one["line"].origin is not None and not one["earlier"]:
                low += one["taken"]
        return (self.climb(rate, low + measure) - self.climb(rate, low)) * self.factor(component)

    @staticmethod
    def climb(rate, volume):
        """Each part of a volume at its own rate; what lies below zero at the first one's."""
        total = Fraction(0)
        for row, bracket in enumerate(rate.brackets):
            above = Fraction(rate.brackets[row + 1].bound) if row + 1 < len(rate.brackets) else None
            low = Fraction(bracket.bound) if row else None
            high = volume if above is None else min(volume, above)
            if low is None:
                total += high * Fraction(bracket.rate)
            elif high > low:
                total += (high - low) * Fraction(bracket.rate)
        return total

    def slab(self, row):
        volume = self.start(row["account"])[0]
        for one in self.volumes[row["account"]]:
            if one["line"].origin is not None:
                volume += 0 if one["earlier"] else self.gone(one)
            elif one["rate"] is not None and one["measure"] is not None:
                volume += one["measure"]
        return self.reached(row["rate"], volume)

    @staticmethod
    def reached(rate, volume):
        found = [bracket.rate for bracket in rate.brackets if bracket.bound <= volume]
        return Fraction(found[-1] if found else rate.brackets[0].rate)

    # --- refunds ---------------------------------------------------------------------------------------------

    def gone(self, row):
        """What a refund takes from the volume."""
        component, line = row["component"], row["line"]
        if component.basis == "job":
            own = [one for one in self.rows if one["line"].key == line.origin.key]
            opened = sum(one["opened"] for one in own) if own else 1 if line.origin.share else 0
            whole = Fraction(line.origin.base)
            return opened * (Fraction(line.base) * row["part"] / whole if whole else -row["part"])
        return self.measure(component, line, row["part"]) or Fraction(0)

    def refund(self, row, done):
        line, origin = row["line"], row["line"].origin
        share, whole = half_away(Fraction(origin.share) / self.unit), Fraction(origin.base)
        own = done.get(origin.key)
        if own is not None:
            share = sum(one["units"] for one in own if one["line"].origin is None)
        earlier = [one for found in done.values() for one in found
                   if one["line"].origin is not None and one["line"].origin.key == origin.key]
        base = Fraction(line.base) * row["part"]
        gone = base + sum(Fraction(one["line"].base) * one["part"] for one in earlier)
        part = max(Fraction(0), min(Fraction(1), -gone / whole)) if whole else 1
        exact_share = Fraction(origin.share) / self.unit if own is None else share
        units = -half_away(exact_share * part) - sum(one["units"] for one in earlier)
        if row["component"] is not None:
            row["taken"] = self.gone(row)
        return units

    # --- brackets that reach back ----------------------------------------------------------------------------

    def repriced(self, rows):
        found = []
        order = list(dict.fromkeys(row["account"] for row in rows if row["account"] is not None))
        for account in order:
            key, _span, rate = account
            component = self.named(key)
            if rate is None or not rate.brackets or not component.retroactive:
                continue
            volume, settled = self.start(account)
            for row in self.volumes[account]:
                if row["earlier"]:
                    continue
                if row["line"].origin is not None:
                    volume += row["taken"]
                elif row.get("counts"):
                    volume += row["measure"]
                settled += row["units"]
            due = half_away(volume * self.reached(rate, volume) * self.factor(component))
            if due != settled:
                found.append(due - settled)
        return found
