"""What a month closed over: one row a fact, and the snapshot of them all with its SHA-256.

A fact belongs to the first month that closed over it, by a law of the database. The row keeps what was true then; the
drift check compares it with what is true now.
"""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..statements.statement_snapshot import digest, known, stamp

FORMAT = 1
SETTLED = ("posted", "waived", "none")  # penalties of which nothing is left to decide
KINDS = [
    ("statement", "Statement"),
    ("penalty", "Penalty"),
    ("reversal", "Reversed Penalty"),
    ("billed", "Billed"),
    ("settlement", "Settlement"),
]
COLUMNS = ("close_id", "company_id", "kind", "res_id", "contract_id", "name", "period_start", "period_end", "amount",
           "currency_id", "fingerprint", "detail")


class PeriodFact(models.Model):
    _name = "aftersales.period.fact"
    _inherit = ["aftersales.appended"]
    _description = "Closed in a Month"
    _order = "close_id desc, kind, id"
    _log_access = False

    close_id = fields.Many2one(
        "aftersales.period.close", string="Month", required=True, readonly=True, ondelete="restrict", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict", index=True)
    kind = fields.Selection(KINDS, required=True, readonly=True, string="What")
    res_id = fields.Integer(string="Record", required=True, readonly=True, aggregator=None)
    contract_id = fields.Many2one(
        "aftersales.contract", required=True, readonly=True, ondelete="restrict", index=True)
    partner_id = fields.Many2one(related="contract_id.partner_id")
    name = fields.Char(required=True, readonly=True)
    period_start = fields.Date(readonly=True)
    period_end = fields.Date(readonly=True)
    amount = fields.Monetary(
        readonly=True, help="Of a penalty or a settlement: what the other side receives. Of a bill: its amount.")
    currency_id = fields.Many2one("res.currency", readonly=True)
    fingerprint = fields.Char(readonly=True, help="SHA-256 of the statement's inputs, or of the penalty's result.")
    detail = fields.Char(readonly=True)

    _once = models.UniqueIndex("(kind, res_id)", "A month has closed over this already.")

    def action_open_record(self):
        """Open the statement, the penalty or what was billed; the right to read it is checked there."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "name": self.name, "res_model": self._models()[self.kind],
                "res_id": self.res_id, "views": [(False, "form")]}

    def _models(self):
        """{kind: model of its records}"""
        return {"statement": "aftersales.statement", "penalty": "aftersales.penalty", "reversal": "aftersales.penalty",
                "billed": "aftersales.billed"}


class PeriodClose(models.Model):
    _inherit = "aftersales.period.close"

    fact_ids = fields.One2many("aftersales.period.fact", "close_id", string="Closed Over", readonly=True)
    fact_count = fields.Integer(compute="_compute_fact_count")
    totals = fields.Json(compute="_compute_totals", help="Numbers and amounts of what the month closed over.")

    def _compute_fact_count(self):
        rows = self.env["aftersales.period.fact"]._read_group([("close_id", "in", self.ids)], ["close_id"], ["__count"])
        counts = {close.id: count for close, count in rows}
        for close in self:
            close.fact_count = counts.get(close.id, 0)

    @api.depends_context("lang")
    def _compute_totals(self):
        """[[what, currency, amount], ...] with the number of all facts at the end."""
        Fact = self.env["aftersales.period.fact"]
        kinds = dict(Fact._fields["kind"]._description_selection(self.env))
        for close in self:
            rows = Fact._read_group(
                [("close_id", "=", close.id)], ["kind", "currency_id"], ["amount:sum", "__count"], order="kind")
            close.totals = [
                [kinds[kind], self.env._("%s records", count),
                 formatLang(self.env, amount, currency_obj=currency) if currency else ""]
                for kind, currency, amount, count in rows] + [
                [self.env._("Together"), self.env._("%s records", sum(row[3] for row in rows)), ""]]

    def action_view_facts(self):
        """The facts that the month closed over."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_period_fact")
        return {**action, "context": {}, "domain": [("close_id", "=", self.id)]}

    def _record_facts(self):
        """Write a row for everything final that no month has closed over, each kind by one statement."""
        self.env.flush_all()
        names = SQL(", ").join(SQL.identifier(name) for name in COLUMNS)
        for rows in self._fact_queries():
            self.env.cr.execute(SQL(
                "INSERT INTO aftersales_period_fact (%s) SELECT %s FROM (%s) rows ORDER BY res_id", names, names, rows))
        self.env["aftersales.period.fact"].invalidate_model()

    def _fact_queries(self):
        """SELECTs with the columns of a fact, each of what this month closes over."""
        penalty = {"currency_id": SQL("f.currency_id"), "fingerprint": SQL("f.result_hash")}
        return [
            self._fact_query(
                "statement", SQL("aftersales_statement"),
                SQL("f.state <> 'draft' AND f.period_end <= %s", self.date_end),
                amount=SQL("NULL::numeric"), currency_id=SQL("NULL::int"), fingerprint=SQL("f.snapshot_hash"),
                detail=SQL("NULL::text")),
            self._fact_query(
                "penalty", SQL("aftersales_penalty"),
                SQL("f.state IN %s AND f.period_end <= %s", SETTLED, self.date_end),
                amount=SQL("f.amount"), detail=SQL("f.state"), **penalty),
            self._fact_query(
                "reversal", SQL("aftersales_penalty"), SQL("f.reversed_on <= %s", self.date_end),
                amount=SQL("-f.amount"), detail=SQL("to_char(f.reversed_on, 'YYYY-MM-DD')"), **penalty),
            self._fact_query(
                "billed", SQL("aftersales_billed"),
                SQL("""f.period_start <= %s AND (f.move_id IS NULL OR EXISTS (
                       SELECT 1 FROM account_move m WHERE m.id = f.move_id AND m.state = 'posted'))""", self.date_end),
                amount=SQL("f.amount"), currency_id=SQL("f.currency_id"), fingerprint=SQL("NULL::text"),
                detail=SQL("(SELECT m.name FROM account_move m WHERE m.id = f.move_id)")),
        ]

    def _fact_query(self, kind, table, condition, **columns):
        """Rows ``f`` of ``table`` that meet ``condition`` and that no month has closed over as ``kind``."""
        values = {
            "close_id": SQL("%s", self.id), "company_id": SQL("f.company_id"), "kind": SQL("%s", kind),
            "res_id": SQL("f.id"), "contract_id": SQL("f.contract_id"), "name": SQL("f.name"),
            "period_start": SQL("f.period_start"), "period_end": SQL("f.period_end"), **columns}
        return SQL(
            """SELECT %s FROM %s f WHERE f.company_id = %s AND %s
                  AND NOT EXISTS (SELECT 1 FROM aftersales_period_fact k WHERE k.kind = %s AND k.res_id = f.id)""",
            SQL(", ").join(SQL("%s AS %s", values[name], SQL.identifier(name)) for name in COLUMNS), table,
            self.company_id.id, condition, kind)

    def _snapshot(self):
        """The month as plain data (see ``statement_snapshot``): text and whole numbers only, in the order of ids."""
        rows = self.env.execute_query_dict(SQL(
            """SELECT f.kind, f.name, c.name AS contract, f.period_start, f.period_end, f.fingerprint, f.detail,
                      f.amount::text AS amount, u.name AS currency, u.decimal_places
                 FROM aftersales_period_fact f
                 JOIN aftersales_contract c ON c.id = f.contract_id
            LEFT JOIN res_currency u ON u.id = f.currency_id
                WHERE f.close_id = %s ORDER BY f.kind, f.id""", self.id))
        kinds = {}
        for row in rows:
            kinds.setdefault(row.pop("kind"), []).append(_fact(row))
        return known(
            format=FORMAT, company=self.company_id.name, first=self.date_start.isoformat(),
            last=self.date_end.isoformat(), facts=kinds, carried=[known(
                kind=row.kind, name=row.name, contract=row.contract_id.name or "", reason=row.reason,
                by=row.user_id.name, at=stamp(row.at)) for row in self.carry_ids])

    def action_verify(self):
        """Compute the hash of the stored snapshot again, and the snapshot from the stored facts; tell the result."""
        self.ensure_one()
        self.check_access("read")
        if self.state != "closed":
            raise UserError(self.env._("%s is not closed yet: there is nothing to check.", self.display_name))
        findings = self.sudo()._differences()
        message = "\n".join(findings) or self.env._("The month is what was closed.")
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "title": self.display_name, "message": message, "type": "warning" if findings else "success",
            "sticky": bool(findings)}}

    def _differences(self):
        """Sentences: where the stored snapshot is not what was hashed, or not what the stored facts say."""
        findings = []
        if digest(self.snapshot or {}) != self.snapshot_hash:
            findings.append(self.env._("The snapshot does not have the hash that was stored: it was tampered with."))
        if (self.snapshot or {}).get("facts", {}) != self._snapshot().get("facts", {}):
            findings.append(self.env._("The recorded facts of the month are not those of its snapshot."))
        return findings


def _fact(row):
    """One fact as plain data. Amounts with the digits of their currency, days in ISO 8601."""
    places, amount = row["decimal_places"], row["amount"]
    return known(
        name=row["name"], contract=row["contract"],
        first=row["period_start"].isoformat() if row["period_start"] else "",
        last=row["period_end"].isoformat() if row["period_end"] else "", fingerprint=row["fingerprint"],
        detail=row["detail"], currency=row["currency"],
        amount=f"{Decimal(amount):.{places}f}" if amount is not None and places is not None else "")
