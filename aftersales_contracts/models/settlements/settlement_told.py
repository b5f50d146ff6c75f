"""Lines of a settlement in words, for its statement: read from the table in one query, without a record each.

A row is plain data in the form of ``statement_snapshot``: {group, document, day, text, customer, share, base or units,
percent or each, amount, mark, late, warning, held, answer}, without what is not known; amounts are decimal text.
"""

import hashlib
import json
from datetime import date

from odoo import models
from odoo.tools import SQL

from ...engine import share_terms as engine
from ..statements.statement_snapshot import Words, known, period_label
from .settlement_line import GROUPS

CHUNK = 10_000
OF_GROUPS = [key for key, _label in GROUPS if key != "adjustments"]


class Settlement(models.Model):
    _inherit = "aftersales.settlement"

    def _statement_lines(self, presentation):
        """Yield the rows of the shares, in the order of the groups; words as ``presentation`` has them."""
        self.ensure_one()
        told = self.with_context(lang=presentation["language"])
        teller = LineWords(told, presentation)
        for group in OF_GROUPS:
            for found in told._read_lines(group):
                yield teller.row(group, found)

    def _read_lines(self, group):
        """Rows of one group as dicts, in their order, some thousand at a time."""
        self.env.flush_all()
        last = (-1, 0)
        while True:
            rows = self.env.execute_query_dict(SQL(
                """SELECT l.id, l.sequence, l.day, l.name, l.component, l.component_name, l.base, l.rate, l.amount,
                          l.late, l.warning, l.state, l.dispute_reason, l.disputed_on, l.dispute_answer, r.move_name,
                          m.name AS sold, c.name AS customer, o.name AS origin, s.name AS origin_settlement,
                          s.period_start AS origin_start, s.period_end AS origin_end
                     FROM aftersales_settlement_line l
                     LEFT JOIN aftersales_revenue r ON r.id = l.revenue_id
                     LEFT JOIN account_move_line m ON m.id = r.move_line_id
                     LEFT JOIN res_partner p ON p.id = r.customer_id
                     LEFT JOIN res_partner c ON c.id = COALESCE(p.commercial_partner_id, p.id)
                     LEFT JOIN aftersales_settlement_line o ON o.id = l.origin_line_id
                     LEFT JOIN aftersales_settlement s ON s.id = o.settlement_id
                    WHERE l.settlement_id = %(settlement)s AND l.kind = 'share'
                      AND COALESCE(l."group", 'other') = %(group)s AND (l.sequence, l.id) > (%(sequence)s, %(id)s)
                    ORDER BY l.sequence, l.id LIMIT %(chunk)s""",
                settlement=self.id, group=group, sequence=last[0], id=last[1], chunk=CHUNK))
            yield from rows
            if len(rows) < CHUNK:
                return
            last = (rows[-1]["sequence"], rows[-1]["id"])

    def _line_sums(self):
        """{group: (number of lines, base as money or None, amount)} of the shares, in one query."""
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """SELECT COALESCE("group", 'other'), count(*), SUM(base)::numeric, SUM(amount)::numeric
                 FROM aftersales_settlement_line WHERE settlement_id = %s AND kind = 'share' GROUP BY 1""", self.id))
        return {group: rest for group, *rest in rows}

    def _hash_lines(self, rows):
        """SHA-256 over the rows, each as one canonical line of JSON."""
        found = hashlib.sha256()
        for row in rows:
            found.update(json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n")
        return found.hexdigest()

    def _bases(self):
        """{component key: its basis} as the settlement was reckoned, whatever version of the rule was in force."""
        terms = (self.inputs or {}).get("rule", {})
        return {one["key"]: one.get("basis", engine.REVENUE) for one in terms.get("components", [])}


class LineWords:
    """Puts rows of the table into the words of a language."""

    def __init__(self, settlement, presentation):
        self.settlement, self.language = settlement, presentation["language"]
        self.words = Words(presentation, settlement.contract_id._zone())
        self.digits = settlement.currency_id.decimal_places
        self.bases = settlement._bases()
        self.translate = settlement.env._
        line = settlement.env["aftersales.settlement.line"]
        self.warnings = dict(line._fields["warning"]._description_selection(settlement.env))
        _ = self.translate
        self.marks = {"disputed": _("disputed"), "held": _("held")}

    def row(self, group, found):
        """One row as plain data."""
        basis = self.bases.get(found["component"], engine.REVENUE)
        money = basis in engine.OF_MONEY
        rate, base = number(found["rate"]), found["base"]
        document, text = self._sold(found)
        return known(
            group=group, document=document, day=found["day"].isoformat() if found["day"] else "", text=text,
            customer=found["customer"] or "", share=found["component_name"] or "",
            base=f"{base:.{self.digits}f}" if money and base is not None else "",
            units=number(base) if not money else "",
            percent=rate if money else "", each=rate if not money else "",
            amount=f"{found['amount'] or 0:.{self.digits}f}", mark=self.marks.get(found["state"], ""),
            late=self._late(found), warning=self._warned(found["warning"]), held=self._disputed(found),
            answer=found["dispute_answer"] or "")

    def _sold(self, found):
        """(invoice, what was sold): the first line of the invoice line's text, else what the run called it."""
        document = found["move_name"] or ""
        text = (found["sold"] or "").split("\n")[0]
        if not text:
            text = (found["name"] or "").removeprefix(document).lstrip(" ·")
        return document or found["name"] or "", text if document else ""

    def _late(self, found):
        if not (found["late"] or found["origin"]):
            return ""
        _ = self.translate
        if not found["origin"]:
            return _("Late: it belongs to an earlier period that was settled already.")
        period = period_label(found["origin_start"], found["origin_end"], self.language)
        text = _(
            "It takes from %(line)s, settled by %(settlement)s of %(period)s.", line=found["origin"],
            settlement=found["origin_settlement"], period=period)
        return _("Late. %s", text) if found["late"] else text

    def _warned(self, word):
        return f"{self.warnings[word]}." if word in self.warnings else ""

    def _disputed(self, found):
        if found["state"] not in self.marks or not found["dispute_reason"]:
            return ""
        day, _ = self.words.day(_day(found["disputed_on"])), self.translate
        return _("Disputed on %(day)s: %(reason)s", day=day, reason=found["dispute_reason"])


def number(value):
    """A stored figure as text with the digits that it has: 7.5 -> "7.5"; nothing stays empty."""
    if value is None or value is False:
        return ""
    text = f"{value:.6f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(value):
    return value.isoformat()[:10] if isinstance(value, date) else ""
