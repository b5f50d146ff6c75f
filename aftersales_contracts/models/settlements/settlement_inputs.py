"""What a settlement was reckoned from, as plain data that can be hashed, and back to the engine's values.

The document: {"format", "rule", "period", "carried", "facts", "rates", "paths", "lines"}: dicts, lists, text and whole
numbers only. Decimals are text, fractions "79/80", days ISO dates, yes and no 1 and 0; what has its default is left
out. ``rates``: {currency: {day: rate}} of those that were used; ``paths``: {category: the categories above it}; the
lines themselves stand in the ledger of revenue, which does not change: here are their number and their SHA-256.
"""

from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ...engine import share_terms as engine

FORMAT = 1


def plain(value):
    """An engine value as plain data."""
    if is_dataclass(value):
        found = ((one, getattr(value, one.name)) for one in fields(value))
        return {one.name: plain(inner) for one, inner in found if inner is not None and inner != _default(one)}
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return value if isinstance(value, str | int) else value.isoformat() if isinstance(value, date) else str(value)


def number(text):
    """A Decimal, or the Fraction or int that it was."""
    if isinstance(text, int):
        return text
    return Fraction(text) if "/" in text else Decimal(text)


def revive(kind, data):
    """The engine value of class ``kind`` that `plain` wrote as ``data``."""
    readers, values = READ[kind], {}
    for one in fields(kind):
        if one.name in data:
            values[one.name] = readers.get(one.name, _same)(data[one.name])
        elif _default(one) is MISSING:
            values[one.name] = None
    return kind(**values)


def volumes_of(data):
    """{component key: `Volume`} of what a settlement stored."""
    return {key: revive(engine.Volume, row) for key, row in (data or {}).items()}


def result_head(found):
    """The figures of an engine `Settlement` beside its lines: what a second reckoning must give again."""
    return {"total": str(found.total), "carried_forward": str(found.carried_forward),
            "volumes": plain(found.volumes), "split": plain(found.split)}


def line_text(line):
    """One settled line as the hash of a result takes it: by its figures, however many zeros they are written with."""
    base, units = line.base.as_integer_ratio()
    rate = "" if line.rate is None else "{}/{}".format(*line.rate.as_integer_ratio())
    return (f"{line.kind}|{line.key}|{line.component}|{base}/{units}|{rate}|{line.amount}|{line.late:d}|"
            f"{line.warning}\n")


def _default(one):
    return one.default if one.default is not MISSING else (
        one.default_factory() if one.default_factory is not MISSING else MISSING)


def _same(value):
    return value


def _many(read):
    return lambda rows: tuple(read(row) for row in rows)


def _by_key(read):
    return lambda rows: {key: read(row) for key, row in rows.items()}


def _reader(kind):
    return lambda data: revive(kind, data)


def _named(row):
    return row[0], Decimal(row[1])


_DAY = date.fromisoformat
READ = {  # how fields are read back that are neither text nor a whole number
    engine.Bracket: {"bound": number, "rate": number},
    engine.Rate: {"start": _DAY, "value": number, "hit": number, "brackets": _many(_reader(engine.Bracket))},
    engine.Payout: {"bands": _many(_reader(engine.Bracket)), "high_is_good": bool, "otherwise": number},
    engine.Component: {
        "rates": _many(_reader(engine.Rate)), **dict.fromkeys(("kinds", "products", "categories"), frozenset),
        "start": _DAY, "end": _DAY, "retroactive": bool, "payout": _reader(engine.Payout)},
    engine.BrandFee: {"value": number},
    engine.Bonus: {"value": number, "percent": bool, "payout": _reader(engine.Payout)},
    engine.Rule: {
        "components": _many(_reader(engine.Component)), "brand_fee": _reader(engine.BrandFee),
        "bonuses": _many(_reader(engine.Bonus)), "split": _many(_named),
        **dict.fromkeys(("currency_rounding", "payable", "cap", "guarantee", "withholding"), number)},
    engine.Measured: {"value": number},
    engine.Item: {"amount": number},
    engine.Volume: {"base": number, "share": number},
    engine.Facts: {
        "figures": _by_key(_reader(engine.Measured)), "penalties": _many(_reader(engine.Item)),
        "released": _many(_reader(engine.Item)), "part": number, "totals": _by_key(_reader(engine.Volume)),
        "reimbursements": _many(_reader(engine.Item))},
    engine.Carried: {
        "amount": number, "volumes": _by_key(_reader(engine.Volume)), "jobs": frozenset, "until": _DAY},
}
