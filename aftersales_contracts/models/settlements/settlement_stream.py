"""The revenue that a settlement takes, read as a stream: the engine's lines one after another, in constant memory.

First what stands for itself, by day; then refunds, which take from what was settled before them or in this settlement;
then what takes back payments and earlier rows. So a line always comes after the one that it takes from.
"""

import hashlib
from decimal import Decimal
from fractions import Fraction

from odoo.tools import SQL

from ...engine.share_terms import PER_JOB, Line, Origin

CHUNK = 10_000
PLAIN, REFUNDS, TAKEN_BACK = TURNS = range(3)

# What a settlement may take of one dealer contract: due, and on no settlement yet. ``since``: the contract's first day.
OPEN = """
      FROM aftersales_revenue r
     WHERE r.dealer_contract_id = %(contract)s AND r.is_due AND r.day < %(end)s AND r.day >= %(since)s
       AND (%(currency)s IS NULL OR r.currency_id = %(currency)s)
       AND NOT EXISTS (SELECT FROM aftersales_settlement_line l WHERE l.revenue_id = r.id)"""
SETTLED = """
      FROM aftersales_settlement_line l
      JOIN aftersales_revenue r ON r.id = l.revenue_id
     WHERE l.settlement_id = %(settlement)s"""
TURN = """CASE WHEN r.kind = 'change' OR r.paid_after < r.paid_before THEN 2
               WHEN r.origin_id IS NOT NULL THEN 1 ELSE 0 END"""
COLUMNS = """r.id, COALESCE(r.source_id, r.id) AS key, r.day, r.rate_day, r.amount::text, r.quantity::text,
             r.cost::text, r.company_amount::text, r.currency_id, COALESCE(r.line_kind, ''), r.product_id, r.categ_id,
             COALESCE(r.job, ''), r.standard_met, r.paid_before::text, r.paid_after::text, r.document_total::text,
             r.move_name"""
# What was earned by the row that is taken from, all its payments together, and what earlier settlements took of it.
EARNED = """
      JOIN aftersales_revenue o ON o.id = CASE WHEN r.paid_after < r.paid_before THEN r.source_id ELSE r.origin_id END
      LEFT JOIN LATERAL (
           SELECT min(e.id) AS line_id, (array_agg(e.component ORDER BY e.id))[1] AS component, sum(e.amount) AS share
             FROM (SELECT x.id, x.component, x.amount FROM aftersales_settlement_line x WHERE x.revenue_id = o.id
                   UNION ALL
                   SELECT x.id, x.component, x.amount FROM aftersales_revenue p
                     JOIN aftersales_settlement_line x ON x.revenue_id = p.id
                    WHERE p.source_id = o.id AND (r.source_id IS DISTINCT FROM o.id OR p.id < r.id)) e
             JOIN aftersales_settlement_line whose ON whose.id = e.id
             JOIN aftersales_settlement es ON es.id = whose.settlement_id
            WHERE es.contract_id = %(contract)s AND (es.period_start < %(start)s
                  OR es.period_start = %(start)s AND whose.sequence < {sequence})) earned ON TRUE
      LEFT JOIN LATERAL (
           SELECT sum(t.amount * CASE WHEN t.document_total <> 0 AND t.kind = 'payment'
                                      THEN (t.paid_after - t.paid_before) / t.document_total ELSE 1 END) AS base,
                  sum(x.amount) AS share
             FROM aftersales_revenue t
             JOIN aftersales_settlement_line x ON x.revenue_id = t.id
             JOIN aftersales_settlement ts ON ts.id = x.settlement_id
            WHERE t.origin_id = o.id AND ts.contract_id = %(contract)s AND ts.period_start < %(start)s) taken ON TRUE
      LEFT JOIN LATERAL (  -- how much of it was paid by then: that is what brought its share
           SELECT sum((p.paid_after - p.paid_before) / p.document_total) AS part
             FROM aftersales_revenue p
             LEFT JOIN aftersales_settlement_line px ON px.revenue_id = p.id
             LEFT JOIN aftersales_settlement ps ON ps.id = px.settlement_id
            WHERE p.source_id = o.id AND p.kind = 'payment' AND (ps.period_start < %(start)s
                  OR p.paid_after > p.paid_before AND p.day < %(end)s
                     AND (ps.id IS NULL OR ps.period_start = %(start)s))) paid ON TRUE"""
TAKES = """, o.id, (o.amount * CASE WHEN o.pay_basis = 'paid' THEN COALESCE(paid.part, 0) ELSE 1 END)::text,
           earned.component, earned.share::text, earned.line_id, taken.base::text,
           taken.share::text"""


class Stream:
    """The lines of one settlement. ``rates``: `Rates`; ``paths``: {category id: keys up to the root}; ``settlement``:
    read what is settled there, instead of what is open. ``rate_on``: a date whose rates of exchange count for all.

    ``fingerprint``: SHA-256 over all lines, in their order, once they were read.
    """

    def __init__(self, settlement, since, rates, paths, rule, currency=None, rate_on=None, stored=False):
        self.env, self.settlement, self.rates, self.paths = settlement.env, settlement, rates, paths
        self.rate_on, self.stored, self.books_id = rate_on, stored, settlement.company_id.currency_id.id
        self.by_job = any(component.basis == PER_JOB for component in rule.components)
        contract = settlement.contract_id
        self._params = {
            "contract": contract.id, "start": settlement.period_start, "since": since,
            "end": settlement._period_until(), "currency": currency.id if currency else None,
            "settlement": settlement.id}
        self._hash, self._paid = hashlib.sha256(), {}
        self.count = 0

    @property
    def fingerprint(self):
        return self._hash.hexdigest()

    def turns(self):
        """The turns that have lines."""
        rows = self.env.execute_query(SQL(f"SELECT DISTINCT {TURN} {self._source()} ORDER BY 1", **self._params))
        return [turn for [turn] in rows]

    def remembered(self):
        """Keys of lines of this settlement that refunds in it take from, and that no earlier settlement has."""
        rows = self.env.execute_query(SQL(
            f"""WITH open AS (SELECT r.id, r.source_id, r.origin_id {self._source()})
                SELECT DISTINCT t.origin_id FROM open t
                 WHERE t.origin_id IS NOT NULL
                   AND EXISTS (SELECT FROM open f WHERE COALESCE(f.source_id, f.id) = t.origin_id
                                  AND f.origin_id IS NULL)
                   AND NOT EXISTS (SELECT FROM aftersales_revenue p
                                     JOIN aftersales_settlement_line x ON x.revenue_id = p.id
                                    WHERE (p.id = t.origin_id OR p.source_id = t.origin_id)
                                      AND x.settlement_id <> %(settlement)s)""", **self._params))
        return frozenset(str(key) for [key] in rows)

    def chunks(self, turn):
        """Chunks of rows of a turn, as `COLUMNS` has them: from a cursor of the database, so that only one chunk is
        here at a time."""
        cr, name = self.env.cr, f"aftersales_settle_{turn}"
        order = "l.sequence" if self.stored else "r.day, r.id"
        source = self._source()
        if turn:
            place = source.index("WHERE")
            earned = EARNED.replace("{sequence}", "l.sequence" if self.stored else "2147483647")
            source = f"{source[:place]} {earned} {source[place:]}"
        columns = COLUMNS + TAKES if turn else COLUMNS
        cr.execute(SQL(
            f"DECLARE {name} NO SCROLL CURSOR FOR SELECT {columns} {source} AND {TURN} = %(turn)s ORDER BY {order}",
            turn=turn, **self._params))
        try:
            while True:
                cr.execute(SQL(f"FETCH {CHUNK} FROM {name}"))
                rows = cr.fetchall()
                if not rows:
                    break
                yield rows
        finally:
            cr.execute(SQL(f"CLOSE {name}"))

    def _source(self):
        return SETTLED if self.stored else OPEN

    # --- rows to lines -----------------------------------------------------------------------------------------------

    def lines(self, rows, fingerprint=True):
        """The engine's `Line` of each row. ``fingerprint``: count them and take them into it."""
        fx, paths, rate_on, take = self.rates.fx, self.paths, self.rate_on, self._hash.update
        for row in rows:
            (number, key, day, rate_day, amount, quantity, cost, company_amount, currency, kind, product, category, job,
             standard, before, after, document, _name) = row[:18]
            rate = fx(currency, rate_on or rate_day or day)
            base = Decimal(amount)
            if cost is not None:
                cost = Decimal(cost)
                if currency != self.books_id:
                    cost = self._cost(cost, base, Decimal(company_amount or 0), currency, rate_day or day)
            paid = None if after is None else self._parts(Decimal(before or 0), Decimal(after), Decimal(document))
            origin = self._origin(row) if len(row) > 18 else None
            if fingerprint:
                self.count += 1
                take(f"{number}|{amount}|{quantity}|{cost}|{rate}|{origin}\n".encode())
            yield Line(
                str(key), day, base, Decimal(quantity or 1), cost, rate, kind, str(product or ""),
                paths.get(category, ()), job, rate_day, None if standard is None else standard == "met", origin, paid,
                None if paid is None else self._shared(row, paid, job))

    def _cost(self, cost, base, company_amount, currency, day):
        """A cost of the company's currency in that of the document, as the document itself was converted."""
        if company_amount:
            return Fraction(cost) * Fraction(base) / Fraction(company_amount)
        fx = self.rates.fx
        return Fraction(cost) * Fraction(fx(self.books_id, day)) / Fraction(fx(currency, day))

    @staticmethod
    def _parts(before, after, document):
        return (Fraction(before) / Fraction(document), Fraction(after) / Fraction(document)) if document else (0, 1)

    def _origin(self, row):
        """What a refund takes from; None where that was never settled. What takes back payments has none: it says by
        what it earned."""
        origin, base, component, share, _line, taken_base, taken_share = row[18:]
        if origin == row[1] or (share is None and str(origin) not in self.kept):
            return None
        return Origin(str(origin), component or "", Decimal(base), Decimal(share or 0), Decimal(taken_base or 0),
                      Decimal(taken_share or 0))

    kept = frozenset()  # what `remembered` told, once the reckoning has begun

    def _shared(self, row, paid, job):
        """What earlier payments of a line earned, where that counts: as payments are taken back, and for jobs."""
        if paid[1] < paid[0]:
            return Decimal(row[21] or 0) if len(row) > 18 else Decimal(0)
        if self.by_job and job and paid[0]:
            return self._paid_for_job(row)
        return None

    def _paid_for_job(self, row):
        [[before]] = self.env.execute_query(SQL(
            """SELECT sum(x.amount)::text FROM aftersales_revenue p JOIN aftersales_settlement_line x
                   ON x.revenue_id = p.id JOIN aftersales_settlement s ON s.id = x.settlement_id
                WHERE p.source_id = %s AND p.id <> %s AND s.period_start < %s AND s.contract_id = %s""",
            row[1], row[0], self._params["start"], self._params["contract"]))
        return Decimal(before or 0) + self._paid.get(row[1], 0)

    def settled(self, row, amount):
        """A line came to ``amount``: where a job is paid in parts, the next part begins there."""
        if self.by_job and row[12] and row[15] is not None:
            self._paid[row[1]] = self._paid.get(row[1], Decimal(0)) + amount
