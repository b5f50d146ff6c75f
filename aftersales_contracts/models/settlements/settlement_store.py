"""Writing the lines of settlements: by COPY, a chunk at a time, as they come out of the engine."""

import io
from decimal import Decimal
from fractions import Fraction

from odoo import models
from odoo.tools import SQL

from ...engine import share_terms as engine

COLUMNS = (
    "settlement_id", "company_id", "dealer_id", "sequence", "kind", "key", "revenue_id", "component", "component_name",
    "name", "group", "day", "base", "rate", "amount", "late", "warning", "origin_line_id", "penalty_id",
    "reimbursement_id", "state",
)
COPY = "COPY aftersales_settlement_line ({}) FROM STDIN".format(", ".join(f'"{name}"' for name in COLUMNS))
GROUP_OF = {"labour": "labour", "parts": "parts", "travel": "travel", "fee": "fees", "usage": "usage"}
ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
NOTHING = "\\N"
KIND_PLACE, PRODUCT_PLACE, NAME_PLACE, ORIGIN_PLACE = 9, 10, 17, 22  # in a row of `settlement_stream.COLUMNS`


class Writer:
    """Writes the lines of one settlement. ``rule``: the engine's; ``sources``: {key of an `Item`: its record}."""

    def __init__(self, settlement, rule, sources):
        self.settlement, self.env, self.sources = settlement, settlement.env, sources
        self.names = {component.key: component.name.translate(ESCAPED) for component in rule.components}
        self.jobs = {component.key for component in rule.components if component.basis == engine.PER_JOB}
        self.head = f"{settlement.id}\t{settlement.company_id.id}\t{settlement.dealer_id.id}\t"
        self.products, self.sequence = {}, 0

    def store(self, settled):
        """The lines of a chunk: [(row of revenue, `SettledLine`)]."""
        self._learn_products({row[PRODUCT_PLACE] for row, _line in settled} - self.products.keys() - {None})
        self._copy([self._share(row, line) for row, line in settled])

    def _share(self, row, line):
        self.sequence += 1
        component, product = line.component, row[PRODUCT_PLACE]
        group = "jobs" if component in self.jobs else GROUP_OF.get(row[KIND_PLACE], "other")
        name = (row[NAME_PLACE] or "").translate(ESCAPED)
        if product:
            name = f"{name} · {self.products.get(product, '')}"
        origin = row[ORIGIN_PLACE] if len(row) > ORIGIN_PLACE else None
        return (
            f"{self.head}{self.sequence}\tshare\t{line.key}\t{row[0]}\t{component or NOTHING}\t"
            f"{self.names.get(component, NOTHING)}\t{name}\t{group}\t{row[2]}\t{_exactly(line.base)}\t"
            f"{_rate(line.rate)}\t{line.amount}\t{'t' if line.late else 'f'}\t{line.warning or NOTHING}\t"
            f"{origin or NOTHING}\t{NOTHING}\t{NOTHING}\topen\n")

    def close(self, lines):
        """The sums that come after the shares: `SettledLine`s of the other kinds."""
        self._copy([self._adjustment(line) for line in lines])

    def _adjustment(self, line):
        self.sequence += 1
        source = self.sources.get(line.key)
        named = {engine.PENALTY: NOTHING, engine.REIMBURSEMENT: NOTHING, engine.RELEASED: NOTHING}
        if source is not None:
            named[line.kind] = source.id
        name = self.settlement._adjustment_name(line, source).translate(ESCAPED)
        key = line.component or None
        return (
            f"{self.head}{self.sequence}\t{line.kind}\t{(line.key or '').translate(ESCAPED)}\t{NOTHING}\t"
            f"{key or NOTHING}\t{self.names.get(key, NOTHING)}\t{name}\tadjustments\t"
            f"{self.settlement.period_end}\t{_exactly(line.base)}\t{_rate(line.rate)}\t{line.amount}\t"
            f"{'t' if line.late else 'f'}\t{line.warning or NOTHING}\t{named[engine.RELEASED]}\t"
            f"{named[engine.PENALTY]}\t{named[engine.REIMBURSEMENT]}\topen\n")

    def _copy(self, texts):
        if texts:
            self.env.cr.copy_expert(COPY, io.StringIO("".join(texts)))

    def _learn_products(self, ids):
        if ids:
            products = self.env["product.product"].with_context(lang=self.settlement.contract_id.lang).browse(ids)
            self.products.update((one.id, (one.display_name or "").translate(ESCAPED)) for one in products.exists())
            products.invalidate_recordset()  # names of a million products do not stay


class Settlement(models.Model):
    _inherit = "aftersales.settlement"

    def _adjustment_name(self, line, source):
        """What a line that is no share is called, in the language of the contract."""
        one = self.with_context(lang=self.contract_id.lang)
        if source is not None and line.kind == engine.PENALTY:
            return f"{source.name} · {source.with_context(lang=self.contract_id.lang).clause_id.name}"
        if source is not None and line.kind == engine.REIMBURSEMENT:
            return source.with_context(lang=self.contract_id.lang)._settled_name()
        kinds = dict(one.env["aftersales.settlement.line"]._fields["kind"]._description_selection(one.env))
        label = kinds[line.kind]
        if source is not None:
            return f"{label} · {source.settlement_id.name} · {source.name or ''}"
        return f"{label} · {line.key}" if line.kind == engine.BONUS else label

    def _drop_lines(self):
        """Take the lines away, before they are written anew. The caller has locked the settlement and seen that it was
        not sent."""
        Line = self.env["aftersales.settlement.line"]
        Line.flush_model()
        self.env.cr.execute(SQL("DELETE FROM aftersales_settlement_line WHERE settlement_id IN %s", tuple(self.ids)))
        Line.invalidate_model()

    def _figures_of_lines(self):
        """[(group, kind, warning, lines, base, amount)] of the lines as they are stored; sums as texts."""
        self.env["aftersales.settlement.line"].flush_model()
        return self.env.execute_query(SQL(
            """SELECT "group", kind, warning, count(*), sum(base)::text, sum(amount)::text
                 FROM aftersales_settlement_line WHERE settlement_id = %s GROUP BY 1, 2, 3""", self.id))


def _exactly(number):
    """A Decimal, or a Fraction to the digits that the column keeps."""
    return f"{Decimal(number.numerator) / number.denominator:.6f}" if type(number) is Fraction else number


def _rate(rate):
    return NOTHING if rate is None else _exactly(rate)
