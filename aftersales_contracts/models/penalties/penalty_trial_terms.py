"""Terms that are tried on past periods: other targets, rates and caps, and the running totals from period to period."""

from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from ...engine import penalty_terms as engine

KEEP = "keep"  # a cap stays as the clause says


class Change(NamedTuple):
    """What is tried instead. ``points``: added to the targets of figures and to the bounds of their bands;
    ``scale``: rates times that; caps: KEEP, None for none, or an engine `Cap`."""

    points: Decimal = Decimal(0)
    scale: Decimal = Decimal(1)
    period_cap: object = KEEP
    yearly_cap: object = KEEP
    contract_cap: object = KEEP

    @classmethod
    def of(cls, **values):
        """A `Change` whose caps are given as (value, base)."""
        return cls(**{
            name: engine.Cap(*value) if isinstance(value, tuple) else value for name, value in values.items()})

    def on(self, terms):
        """The engine's `Clause` ``terms`` with this change."""
        caps = {name: getattr(self, name) for name in ("period_cap", "yearly_cap", "contract_cap")}
        return replace(
            terms, components=tuple(self._component(one) for one in terms.components),
            **{name: cap for name, cap in caps.items() if cap != KEEP})

    def _component(self, one):
        points = self.points if one.kind in engine.ON_FIGURE else Decimal(0)
        return replace(
            one, rate=one.rate * self.scale, target=None if one.target is None else one.target + points,
            tiers=tuple(engine.Tier(tier.bound + points, tier.rate * self.scale) for tier in one.tiers))


class Chain:
    """Running totals of one clause on one contract, period after period. ``ledger``: the engine's, before the first."""

    def __init__(self, ledger=None):
        ledger = ledger or engine.Ledger()
        self.year, self.contract, self.carried = ledger.year, ledger.contract, ledger.carried
        self.misses, self.begun, self.turn = dict(ledger.misses), None, 0
        self.penalised = [(one.key, one.amount, -one.periods_ago) for one in ledger.penalised]

    def before(self, year_start):
        """The engine's `Ledger` of the next period, which lies in the year that begins on ``year_start``."""
        if self.begun is not None and year_start != self.begun:
            self.year = Decimal(0)
        self.begun = year_start
        penalised = tuple(engine.Penalised(key, amount, self.turn - turn) for key, amount, turn in self.penalised)
        return engine.Ledger(self.year, self.contract, self.carried, dict(self.misses), penalised)

    def add(self, found):
        """Take up what the engine made of that period."""
        net = (found.amount or Decimal(0)) + found.bonus
        self.year, self.contract = self.year + net, self.contract + net
        self.carried, self.misses = found.carried, dict(found.misses)
        earned = set(found.earned)
        self.penalised = [one for one in self.penalised if one[0] not in earned]
        if net > 0:
            self.penalised.append((f"trial {self.turn}", net, self.turn))
        self.turn += 1
