"""What in penalties and bills somebody has to decide before a month is closed."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..obligations.breach import PENDING
from .period_items import ItemSource

NAME = ("name", "contract_id.name")

# No figure of the whole period, and no part of it either.
MISSING = """
    EXISTS (SELECT 1 FROM aftersales_contract_penalty p
              JOIN aftersales_penalty_component m ON m.clause_id = p.clause_id AND m.source = 'figure'
             WHERE p.contract_id = %(contract)s
               AND NOT EXISTS (SELECT 1 FROM aftersales_measured_figure g
                                WHERE g.contract_id = p.contract_id AND g.measure_id = m.measure_id
                                  AND g.period_start >= %(first)s AND g.period_end <= %(last)s))"""


class PeriodItem(models.Model):
    _inherit = "aftersales.period.item"

    @api.model
    def _sources(self):
        return [*super()._sources(), *self._fact_sources(), *self._penalty_sources(), *self._bill_sources()]

    @api.model
    def _fact_sources(self):
        """What is missing before a period can be assessed."""
        unverified = Domain("state", "=", "cured") & Domain("verified_on", "=", False)
        unproven = (Domain("state", "!=", "waived") & Domain("event_kind", "not in", ("clock", "statement"))
                    & Domain("evidence_ids", "=", False))
        incomplete = Domain("state", "in", PENDING) | unverified | unproven
        charged = Domain("contract_id.penalty_clause_ids.clause_id.component_ids.source", "=", "breach")
        closed = Domain("state", "!=", "draft") & Domain("penalties_assessed_at", "=", False)
        return [
            ItemSource(10, "missing", "aftersales.statement", Domain("penalties_assessed_at", "=", False)
                       & Domain.custom(to_sql=_figure_missing), "period_end", NAME),
            ItemSource(11, "assess", "aftersales.statement", closed, "period_end", NAME, step="assess"),
            ItemSource(12, "breach", "aftersales.breach", incomplete & charged, "noticed_on", ("name", "title")),
        ]

    @api.model
    def _penalty_sources(self):
        Close = self.env["aftersales.period.close"]
        asked, state = Domain("waiver_state", "=", "asked"), lambda name: Domain("state", "=", name)  # noqa: E731
        unmeasured = state("none") & Domain("measured", "=", False) & Domain(
            "clause_id.component_ids.source", "=", "figure") & Domain("origin_id", "=", False)

        def source(code, kind, domain, **values):
            return ItemSource(code, kind, "aftersales.penalty", domain, "period_end", NAME, amount="amount",
                              currency="currency_id", **values)

        return [
            source(20, "review", state("draft") & ~asked),
            source(21, "approve", state("reviewed") & ~asked, step="approve"),
            source(22, "waiver", asked & Domain("state", "in", ("draft", "reviewed", "approved")), why="waiver_reason"),
            source(23, "dispute", state("disputed"), why="dispute_reason"),
            source(24, "post", Close._to_post() & ~asked, step="post"),
            source(25, "unmeasured", unmeasured & Domain.custom(to_sql=_not_closed)),
        ]

    @api.model
    def _bill_sources(self):
        due = Domain("billing", "=", "automatic") & Domain("next_bill_on", "!=", False)
        drafts = Domain("state", "=", "draft") & (
            Domain("aftersales_billed_ids", "!=", False) | Domain("line_ids.aftersales_penalty_id", "!=", False))
        return [
            ItemSource(30, "bill", "aftersales.contract", due, _day_before_bill, ("name", "title"), contract="id",
                       step="bill"),
            ItemSource(31, "draft", "account.move", drafts, _first_day_on_invoice, ("name", "invoice_origin"),
                       contract="aftersales_contract_id", amount="amount_untaxed", currency="currency_id"),
        ]


def _figure_missing(model, alias, query):
    """SQL: a statement whose contract has a clause on a measured figure that nobody has entered for the period."""
    return SQL(
        MISSING, contract=model._field_to_sql(alias, "contract_id", query),
        first=model._field_to_sql(alias, "period_start", query), last=model._field_to_sql(alias, "period_end", query))


def _day_before_bill(model, alias, query):
    """SQL: the last day of what is billed next, if it is in arrears: it is due on the day after."""
    return SQL("(%s - 1)", model._field_to_sql(alias, "next_bill_on", query))


def _first_day_on_invoice(model, alias, query):
    """SQL: the first day of what a document bills, else the end of the period whose penalties it settles."""
    return SQL(
        """COALESCE((SELECT min(b.period_start) FROM aftersales_billed b WHERE b.move_id = %(id)s),
                    (SELECT min(p.period_end) FROM account_move_line l JOIN aftersales_penalty p
                         ON p.id = l.aftersales_penalty_id WHERE l.move_id = %(id)s))""",
        id=model._field_to_sql(alias, "id", query))


def _not_closed(model, alias, query):
    """SQL: a penalty that no month has closed over."""
    return SQL(
        "NOT EXISTS (SELECT 1 FROM aftersales_period_fact k WHERE k.kind = 'penalty' AND k.res_id = %s)",
        model._field_to_sql(alias, "id", query))
