"""What open periods come to so far: totals only, by one query over the ledger for all dealers of a company.

Revenue is added up by what rules tell lines apart by, and the sums go through the engine as the lines will. So each sum
is rounded once where its lines will be rounded one by one: an estimate to the cent or so of each line, said as such.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, float_repr

from ...engine import share_terms as engine
from ...engine.errors import EngineError
from ...engine.money import round_money
from ...engine.period import Period
from ...engine.revenue_share import Reckoning
from ...engine.share_matching import Matcher
from .settlement_rates import MissingRate

DAY = timedelta(days=1)

SUMS = """
    SELECT g.contract_id, g.currency_id, g.rate_day, g.last_day, g.line_kind, g.product_id, g.categ_id, g.standard_met,
           g.amount::text, g.quantity::text, g.cost::text, g.unknown, g.jobs, g.lines
      FROM (SELECT r.dealer_contract_id AS contract_id, r.currency_id, COALESCE(r.rate_day, r.day) AS rate_day,
                   r.day AS last_day, r.line_kind, %(product)s AS product_id, %(category)s AS categ_id,
                   r.standard_met, r.amount < 0 AS below, sum(r.amount * %(part)s) AS amount,
                   sum(r.quantity * %(part)s) AS quantity,
                   sum(r.cost * %(part)s * CASE WHEN r.company_amount = 0 THEN 1 ELSE r.amount / r.company_amount END)
                   AS cost, bool_or(r.cost IS NULL) AS unknown,
                   %(jobs)s AS jobs, count(*) AS lines
              FROM aftersales_revenue r
             WHERE r.dealer_contract_id = ANY(%(contracts)s) AND r.is_due AND r.day <= %(until)s
               AND NOT EXISTS (SELECT FROM aftersales_settlement_line l WHERE l.revenue_id = r.id)
             GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9) g
     ORDER BY g.contract_id, g.below, g.rate_day"""
PAID_PART = SQL("""CASE WHEN r.paid_after IS NULL THEN 1 WHEN r.document_total = 0 THEN 1
                        ELSE (r.paid_after - r.paid_before) / r.document_total END""")

JOBS = SQL("count(DISTINCT r.job) FILTER (WHERE r.job <> '') + count(*) FILTER (WHERE COALESCE(r.job, '') = '')")


class Preview(NamedTuple):
    """What one dealer contract comes to in one currency from ``start`` to ``last`` (days, both included). ``revenue``,
    ``shares``, ``total`` and ``carried_forward``: Decimals of the currency, as a settlement has them; ``problem``: why
    they are not known. ``withheld``: kept back of the total, zero or below."""

    contract: Any
    currency: Any
    start: Any
    last: Any
    lines: int = 0
    revenue: Decimal = Decimal(0)
    shares: Decimal = Decimal(0)
    total: Decimal = Decimal(0)
    carried_forward: Decimal = Decimal(0)
    problem: str = ""
    withheld: Decimal = Decimal(0)


class Settlement(models.Model):
    _inherit = "aftersales.settlement"

    @api.model
    def _preview(self, company, until, contracts=None):
        """[`Preview`] of all that is open on the day ``until`` (a date, included): one of each period that ended and is
        not settled, and of the one that runs. Nothing is written. Limits that are sums of a period (guarantee, fees)
        count for the days so far."""
        Contract = self.env["aftersales.contract"].sudo()  # who may ask is checked where the button is
        wanted = Contract._settled_domain() & Domain("company_id", "=", company.id) & Domain("date_start", "<=", until)
        if contracts is not None:
            wanted &= Domain("id", "in", contracts.ids)
        contracts = Contract.with_context(active_test=False).search(wanted, order="id")
        contracts = contracts.filtered(lambda one: not one.settled_until or one.settled_until < until)
        rules = contracts._share_rules(min(contracts.mapped("date_start"), default=until), until + DAY)
        sums = self._open_sums(rules, until)
        found = []
        for contract, (rule, record) in rules.items():
            found += self.sudo()._preview_contract(contract, rule, record, sums.get(contract.id, []), until)
        return found

    @api.model
    def _open_sums(self, rules, until):
        """{contract id: [row of `SUMS`]}; products and categories only as far as rules name any."""
        components = [component for rule, _record in rules.values() for component in rule.components]
        products = {int(key) for component in components for key in component.products}
        by_category = any(component.categories for component in components)
        by_job = any(component.basis == engine.PER_JOB for component in components)
        self.env["aftersales.settlement.line"].flush_model()
        found = defaultdict(list)
        for row in self.env.execute_query(SQL(
                SUMS, part=PAID_PART, jobs=JOBS if by_job else SQL("count(*)"), until=until,
                contracts=[contract.id for contract in rules],
                product=SQL("CASE WHEN r.product_id = ANY(%s) THEN r.product_id END", list(products)) if products
                else SQL("NULL::int"), category=SQL("r.categ_id") if by_category else SQL("NULL::int"))):
            found[row[0]].append(row)
        return found

    def _preview_contract(self, contract, rule, record, rows, until):
        start = contract.settled_until + DAY if contract.settled_until else max(
            contract._settled_since(), contract.date_start)
        if start > until:
            return []
        found, own = [], record.fx == "own"
        currencies = record.currency_id
        if own:
            currencies |= currencies.browse(sorted({row[1] for row in rows}))
        periods = _periods_so_far(contract, record.period, start, until + DAY)
        for currency in currencies:
            mine = [row for row in rows if not own or row[1] == currency.id]
            before = None
            try:
                terms = rule if currency == record.currency_id else contract._share_rules(
                    start, until + DAY, currency)[contract][0]
                for period in periods:
                    head = Preview(contract, currency, period.start, period.end - DAY)
                    preview, before = self._preview_currency(head, period, terms, record, mine, before)
                    found.append(preview)
            except (EngineError, MissingRate, UserError) as error:
                found.append(Preview(contract, currency, start, until, sum(row[-1] for row in mine),
                                     problem=str(contract._settling_failed(error))))
        return found

    def _preview_currency(self, head, period, rule, record, rows, before):
        """(`Preview` of one period, [(`Period`, engine `Settlement`)] with it). ``before``: that of the periods before
        it that nobody has settled yet: what they leave is carried in, and what they net is not netted again."""
        settlement = self.new({
            "contract_id": head.contract.id, "company_id": head.contract.company_id.id, "currency_id": head.currency.id,
            "period_start": period.start, "period_end": head.last})
        given = settlement._given_now(rule, record)
        by_sum = replace(given.rule, components=tuple(
            replace(one, basis=engine.PER_UNIT) if one.basis == engine.PER_JOB else one for one in rule.components))
        rows = [row for row in rows if given.since <= row[3] < period.end and not (before and row[3] < period.start)]
        lines = [_line(row, given, rule) for row in rows]
        reckoning = Reckoning(by_sum, period, *_after(before, given))
        if reckoning.needs_totals:
            reckoning.measure(lines)
        shares = sum((line.amount for line in reckoning.settle(lines)), Decimal(0))
        closed = reckoning.close()
        shares += sum(line.amount for line in closed.lines if line.kind == engine.RETROACTIVE)
        preview = head._replace(
            lines=sum(row[-1] for row in rows), shares=shares, total=closed.total,
            revenue=round_money(reckoning.revenue, settlement._currency_unit()),
            carried_forward=closed.carried_forward,
            withheld=sum((line.amount for line in closed.lines if line.kind == engine.WITHHOLDING), Decimal(0)))
        return preview, [*(before or ()), (period, closed)]

    def _currency_unit(self):
        """The smallest coin of the currency: a Decimal."""
        self.ensure_one()
        return Decimal(float_repr(self.currency_id.rounding, 6)).normalize()


def _periods_so_far(contract, kind, start, end):
    """[`Period`] of the calendar in [start, end); the last one as far as it went."""
    periods = []
    while start < end:
        until = min(contract._calendar_period(kind, start)[1], end)
        periods.append(Period(start, until))
        start = until
    return periods


def _after(before, given):
    """(`Carried`, `Facts`) of a period after those of ``before``."""
    if not before:
        return given.carried, given.facts
    last, closed = before[-1]
    netted = {line.key for _period, one in before for line in one.lines}
    carried = replace(given.carried, amount=closed.carried_forward, volumes=closed.volumes, until=last.end)
    return carried, replace(
        given.facts, penalties=tuple(one for one in given.facts.penalties if one.key not in netted),
        released=tuple(one for one in given.facts.released if one.key not in netted),
        reimbursements=tuple(one for one in given.facts.reimbursements if one.key not in netted))


def _line(row, given, rule):
    """The engine's `Line` for the sum of many."""
    (_contract, currency, rate_day, last_day, kind, product, category, standard, amount, quantity, cost, unknown, jobs,
     lines) = row
    product, path = str(product or ""), given.paths.get(category, ())
    fitting = Matcher(rule.components).fitting(kind or "", product, path, rate_day)
    quantity = Decimal(quantity or 1)
    if fitting is not None and fitting.basis == engine.PER_JOB:
        quantity = Decimal(jobs if Decimal(amount) >= 0 else 0)
    return engine.Line(
        f"{rate_day}:{kind}:{lines}", last_day, Decimal(amount), quantity, None if unknown or cost is None
        else Fraction(cost), given.rates.fx(currency, given.rate_on or rate_day), kind or "", product, path, "",
        rate_day, None if standard is None else standard == "met")
