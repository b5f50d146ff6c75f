"""What a penalty was reckoned from, as plain data that can be hashed, and back to the engine's values.

The document of a penalty: {"format", "clause", "measures", "fee", "ledger"}: dicts, lists, text and whole numbers
only. Decimals are text, fractions "79/80", days ISO dates, yes and no 1 and 0; what has its default is left out.
"""

from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from odoo import models

from ...engine import penalty_terms as engine
from ..statements.statement_snapshot import digest

FORMAT = 1
RESULT = ("amount", "uncapped", "capped", "carried", "returned", "bonus", "misses", "earned")


def plain(value):
    """An engine value as plain data."""
    if is_dataclass(value):
        found = ((one, getattr(value, one.name)) for one in fields(value))
        return {one.name: plain(inner) for one, inner in found if inner is not None and inner != _default(one)}
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return value if isinstance(value, str | int) else value.isoformat() if isinstance(value, date) else str(value)


def _default(one):
    return one.default if one.default is not MISSING else (
        one.default_factory() if one.default_factory is not MISSING else MISSING)


def _number(text):
    """A Decimal, or the Fraction or int that it was."""
    if isinstance(text, int):
        return text
    return Fraction(text) if "/" in text else Decimal(text)


def _many(read):
    return lambda rows: tuple(read(row) for row in rows)


def _by_key(read):
    return lambda rows: {key: read(row) for key, row in rows.items()}


def _pair(row):
    return tuple(row)


def _reader(kind):
    return lambda data: revive(kind, data)


READ = {  # how fields are read back that are neither text nor a whole number
    engine.Tier: {"bound": _number, "rate": Decimal},
    engine.Cap: {"value": Decimal},
    engine.Component: {
        **dict.fromkeys(("rate", "deductible", "weight", "target", "grace"), _number),
        **dict.fromkeys(("event_cap", "cap"), _reader(engine.Cap)), "tiers": _many(_reader(engine.Tier)),
        "high_is_good": bool, "bonus": bool, "severities": _many(_pair), "multipliers": _many(_number)},
    engine.EarnBack: {"figure": _number, "percent": Decimal, "strict": bool},
    engine.Clause: {
        "components": _many(_reader(engine.Component)), "earn_back": _reader(engine.EarnBack),
        **dict.fromkeys(("at_risk", "period_cap", "yearly_cap", "contract_cap", "bonus_cap"), _reader(engine.Cap)),
        **dict.fromkeys(("minimum", "currency_rounding", "payable"), Decimal), "grace_until": date.fromisoformat,
        "bonus_excludes": bool},
    engine.Event: {},
    engine.Figure: {"value": _number, "excused": _many(_pair)},
    engine.Measures: {
        "start": date.fromisoformat, "end": date.fromisoformat, "figures": _by_key(_reader(engine.Figure)),
        "events": _by_key(_many(_reader(engine.Event))), "value": Decimal},
    engine.Penalised: {"amount": Decimal},
    engine.Ledger: {
        **dict.fromkeys(("year", "contract", "carried"), Decimal), "penalised": _many(_reader(engine.Penalised))},
}


def revive(kind, data):
    """The engine value of class ``kind`` that `plain` wrote as ``data``."""
    readers, values = READ[kind], {}
    for one in fields(kind):
        if one.name in data:
            values[one.name] = readers.get(one.name, _same)(data[one.name])
        elif _default(one) is MISSING:
            values[one.name] = None
    return kind(**values)


def _same(value):
    return value


def inputs_of(clause, measures, fee, ledger):
    """The document of these engine values; ``fee``: a Decimal."""
    return {"format": FORMAT, "clause": plain(clause), "measures": plain(measures), "fee": str(fee),
            "ledger": plain(ledger)}


def result_of(found):
    """The figures of an engine `Penalty` without its words: what a second reckoning must give again."""
    return {
        **{name: plain(getattr(found, name)) for name in RESULT if getattr(found, name) is not None},
        "lines": [[line.component, line.kind, str(line.amount)] for line in found.lines]}


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    def _stored_inputs(self):
        """(engine `Clause`, `Measures`, fee as a Decimal, `Ledger`) as they were when this penalty was assessed."""
        self.ensure_one()
        data = self.inputs
        return (revive(engine.Clause, data["clause"]), revive(engine.Measures, data["measures"]), Decimal(data["fee"]),
                revive(engine.Ledger, data["ledger"]))

    def _result_hash_of(self, found):
        """SHA-256 of an engine `Penalty`: what `result_hash` is of the stored one."""
        return digest(result_of(found))
