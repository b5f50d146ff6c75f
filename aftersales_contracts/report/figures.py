"""Figures as the customer's language writes them."""

from __future__ import annotations

from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from .values import NumberFormat

HUNDRED = Decimal(100)


def count_text(count: int, numbers: NumberFormat) -> str:
    """1234 -> "1,234"."""
    return f"{count:,}".replace(",", numbers.thousands_separator)


def objective_text(objective: Decimal, numbers: NumberFormat) -> str:
    """An objective exactly as agreed, without trailing zeros: 97.50 -> "97.5%"."""
    return _percent(objective, _places(objective), numbers)


def rate_text(rate: Decimal, objective: Decimal | None, numbers: NumberFormat, *, sign: bool = True) -> str:
    """A rate in percent with one decimal, or as many as the objective has; ``sign``: with "%".

    Rounded half up, except where that would tell a lie: a missed objective must not look reached, and
    what is short of everything must not look like 100. Then the figure is cut instead.
    """
    places = max(1, _places(objective) if objective is not None else 0)
    unit = Decimal(1).scaleb(-places)
    shown = rate.quantize(unit, ROUND_HALF_UP)
    bars = [HUNDRED] if objective is None else [HUNDRED, objective]
    if any(rate < bar <= shown for bar in bars):
        shown = rate.quantize(unit, ROUND_FLOOR)
    return _percent(shown, places, numbers) if sign else _number(shown, places, numbers)


def _places(number: Decimal) -> int:
    """Decimals of a number without its trailing zeros."""
    return max(0, -number.normalize().as_tuple().exponent)


def _percent(number: Decimal, places: int, numbers: NumberFormat) -> str:
    return numbers.percent.replace("{}", _number(number, places, numbers))


def _number(number: Decimal, places: int, numbers: NumberFormat) -> str:
    return f"{number:.{places}f}".replace(".", numbers.decimal_point)
