"""How much of a share, or of a bonus, is paid out by a measured figure.

>>> from decimal import Decimal
>>> from .share_terms import Bracket, Measured
>>> bands = (Bracket(Decimal(90), Decimal(50)), Bracket(Decimal(95), Decimal(100)))
>>> payout = Payout("compliance", bands, minimum=20)
>>> paid_out(payout, Measured(Decimal(95), 40)), paid_out(payout, Measured(Decimal(94), 40))
((Fraction(1, 1), ''), (Fraction(1, 2), ''))
>>> paid_out(payout, Measured(Decimal(80), 19)), paid_out(payout, None)
((Fraction(1, 1), 'few_cases'), (Fraction(1, 1), 'no_figure'))
"""

from fractions import Fraction

from .money import exact
from .share_steps import plain, times
from .share_terms import FEW_CASES, NO_FIGURE, Payout
from .tiers import band

__all__ = ["Payout", "paid_out", "payout_sentence"]


def paid_out(payout, figure):
    """(part of one that is paid out, a warning or ""). ``figure``: `Measured`, or None where nothing was measured."""
    if payout is None:
        return Fraction(1), ""
    if figure is None or figure.value is None:
        return exact(payout.otherwise) / 100, NO_FIGURE
    if figure.sample < payout.minimum:
        return exact(payout.otherwise) / 100, FEW_CASES
    reached = band(payout.bands, exact(figure.value, payout.measure), payout.high_is_good, bonus=True)
    return (exact(reached.rate) / 100 if reached else Fraction(0)), ""


def payout_sentence(name, payout, figure):
    """What a step says about it."""
    part, warning = paid_out(payout, figure)
    percent = f"{plain(part * 100)} % is paid out"
    if warning == NO_FIGURE:
        return f"{name}: {payout.measure} was not measured, so {percent}"
    cases = f"{name}: {payout.measure} {plain(figure.value)} of {times(figure.sample, 'case')}"
    if warning == FEW_CASES:
        return f"{cases}, {payout.minimum} are needed, so {percent}"
    return f"{cases}: {percent}"
