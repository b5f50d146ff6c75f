"""The night of the forecast: which contracts are reckoned anew, and from which usage, prices and rates."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.days import advance
from ...engine.money import exact, round_money
from ..common.nightly import NightlyStep
from .forecast_parts import Outlook

FORECAST = ("signed", "active", "suspended", "notice")
AVERAGED = 3  # ended periods whose usage is expected to go on; they are looked for among four times as many
INPUTS = (
    "aftersales.contract", "aftersales.contract.line", "aftersales.line.price", "aftersales.suspension",
    "aftersales.usage", "aftersales.contract.version", "aftersales.price.revision.line", "aftersales.price.revision",
    "res.currency.rate", "res.company")


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [*super()._steps(), NightlyStep(
            140, "forecast", self.env._("Forecasts are brought up to date"), "aftersales.contract",
            "_nightly_forecast_domain", "_nightly_forecast")]


class Contract(models.Model):
    _inherit = "aftersales.contract"

    forecast_ids = fields.One2many(
        "aftersales.forecast", "contract_id", readonly=True, copy=False,
        groups="aftersales_contracts.group_finance,aftersales_contracts.group_account_manager")
    forecast_key = fields.Char(
        readonly=True, copy=False, help="Fingerprint of what the forecast was reckoned from.")

    @api.model
    def _counted_fields(self):
        return super()._counted_fields() | {"forecast_key", "forecast_ids"}

    # --- which contracts are reckoned anew ---------------------------------------------------------------------------

    @api.model
    def _nightly_forecast_domain(self, today):
        """Contracts whose inputs differ from those of their forecast."""
        day = today or fields.Date.today()
        return self._real() & Domain("active", "in", (True, False)) & Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IS DISTINCT FROM %s", SQL.identifier(alias, "forecast_key"), self._forecast_inputs(alias, day)))

    @api.model
    def _forecast_inputs(self, alias, day):
        """SQL of the fingerprint of a contract: month, terms, lines, prices, suspensions, usage, revisions and rate.

        Contracts that are not forecast have none.
        """
        for model in INPUTS:
            self.env[model].flush_model()
        return SQL(
            """(SELECT CASE WHEN c.state = ANY(%(states)s) AND c.active THEN md5(concat_ws('|',
                    %(month)s::text, o.aftersales_forecast_months, o.currency_id, c.state, c.partner_id, c.company_id,
                    c.date_start, c.date_end, c.renewal_kind, c.renewal_interval, c.renewal_unit, c.renewal_max,
                    c.renewed_count, c.do_not_renew, c.currency_id, c.kind, c.billing,
                    (SELECT string_agg(concat_ws(',', l.id, l.quantity, l.price, l.interval, l.unit, l.timing,
                            l.anchor_day, l.counted_from, l.date_start, l.date_end, l.proration_rule, l.cancelled,
                            l.billed_until, l.tariff_id, l.price_rule, l.price_percent, l.cap_on, l.cap_percent,
                            l.never_revise), ';' ORDER BY l.id)
                       FROM aftersales_contract_line l WHERE l.contract_id = c.id),
                    (SELECT concat(count(*), ':', max(p.id)) FROM aftersales_line_price p WHERE p.contract_id = c.id),
                    (SELECT concat(count(*), ':', max(v.id), ':', count(v.cancelled_at))
                       FROM aftersales_contract_version v WHERE v.contract_id = c.id),
                    (SELECT string_agg(concat_ws(',', s.id, s.date_start, s.date_end, s.state, s.pauses_billing), ';'
                            ORDER BY s.id) FROM aftersales_suspension s WHERE s.contract_id = c.id),
                    (SELECT concat(count(*), ':', max(u.id)) FROM aftersales_usage u WHERE u.contract_id = c.id),
                    (SELECT string_agg(concat_ws(',', r.id, r.new_price, n.effective_on), ';' ORDER BY r.id)
                       FROM aftersales_price_revision_line r JOIN aftersales_price_revision n ON n.id = r.revision_id
                      WHERE r.contract_id = c.id AND r.state = 'planned' AND n.state = 'previewed'),
                    CASE WHEN c.currency_id <> o.currency_id THEN
                        (SELECT string_agg(x.rate::text, ',' ORDER BY x.currency_id) FROM (
                             SELECT DISTINCT ON (q.currency_id) q.currency_id, q.rate FROM res_currency_rate q
                              WHERE q.currency_id IN (c.currency_id, o.currency_id) AND q.name <= %(day)s
                                AND (q.company_id IS NULL OR q.company_id = split_part(o.parent_path, '/', 1)::int)
                           ORDER BY q.currency_id, q.company_id, q.name DESC) x) END)) END
                FROM aftersales_contract c JOIN res_company o ON o.id = c.company_id WHERE c.id = %(contract)s)""",
            states=list(FORECAST), month=day.replace(day=1), day=day, contract=SQL.identifier(alias, "id"))

    # --- the night ---------------------------------------------------------------------------------------------------

    def _nightly_forecast(self, today):
        """Reckon the forecast of these contracts anew; [(contract, sentence)].

        Raises UserError naming a contract whose currency has no rate: it keeps the forecast that it had.
        """
        day = today or fields.Date.today()
        forecast = self.filtered(lambda contract: contract.state in FORECAST and contract.active)
        start = day.replace(day=1)
        usage, planned = forecast._expected_usage(day), forecast._planned_prices()
        rates, rows, done = {}, [], []
        for contract in forecast:
            stop = advance(start, contract.company_id.aftersales_forecast_months, "month")
            found = contract._foreseen(Outlook(start, stop, usage, planned))
            rows += contract._forecast_rows(found, contract._forecast_rate(day, rates))
            done.append((contract, self.env._("Forecast of %s amounts", len(found))))
        self.env["aftersales.forecast"]._replace(self, rows)
        self.env.cr.execute(SQL(
            "UPDATE aftersales_contract SET forecast_key = %s WHERE id = ANY(%s)",
            self._forecast_inputs("aftersales_contract", day), self.ids))
        self.invalidate_recordset(["forecast_key"], flush=False)
        return done

    def _forecast_rows(self, found, rate):
        """The rows of `Foreseen` amounts, those of a month and kind added up."""
        sums, home = {}, self.company_id.currency_id
        told = lambda amount: amount if rate == 1 else round_money(exact(amount) * rate, rounding)  # noqa: E731
        for one in found:
            key = (one.line.id, one.month, one.kind, one.assumed, one.open_index)
            sums[key] = sums.get(key, Decimal(0)) + one.amount
        rounding = Decimal(str(home.rounding)).normalize()
        direction = "cost" if self.kind == "provider" else "revenue"
        return [
            (self.id, line, self.company_id.id, self.partner_id.id or None, direction, month, kind, amount,
             self.currency_id.id, told(amount), home.id, assumed, kind == "usage_expected",
             open_index)
            for (line, month, kind, assumed, open_index), amount in sums.items() if amount]

    def _forecast_rate(self, day, rates):
        """What one unit of the contract's currency is in the company's on ``day``: a Fraction; kept in ``rates``.

        Raises UserError naming contract, currency and day where there is no rate.
        """
        currency, company = self.currency_id, self.company_id
        if currency == company.currency_id:
            return Fraction(1)
        key = (currency, company)
        if key not in rates:
            rate = self._rate_is_known(day) and self.env["res.currency"]._get_conversion_rate(
                currency, company.currency_id, company, day)
            rates[key] = Fraction(Decimal(str(rate))) if rate else None
        if not rates[key]:
            raise UserError(self.env._(
                "Contract %(contract)s: there is no exchange rate of %(currency)s on %(day)s, so its forecast cannot "
                "be told in %(home)s. Enter the rate; the next night goes on.", contract=self.display_name,
                currency=currency.name, day=day, home=company.currency_id.name))
        return rates[key]

    def _rate_is_known(self, day):
        return bool(self.env["res.currency.rate"].sudo().search_count([  # rates are no secret
            ("currency_id", "=", self.currency_id.id), ("company_id", "in", [False, self.company_id.root_id.id]),
            ("name", "<=", day)], limit=1))

    def _planned_prices(self):
        """{line: ((day, price a unit as a Decimal), ...)} of price revisions that are previewed and not applied."""
        found = {}
        for row in self.env["aftersales.price.revision.line"].sudo().search([  # as the night sees them
                ("contract_id", "in", self.ids), ("state", "=", "planned"), ("revision_id.state", "=", "previewed")]):
            found.setdefault(row.line_id, []).append((row.revision_id.effective_on, row.line_id._money(row.new_price)))
        return found

    def _expected_usage(self, day):
        """{usage line: units expected of a full period, a Fraction}: the average of the last three periods that ended
        before ``day`` and were read. One query for the readings of all."""
        spans = {}
        for line in self.line_ids.filtered(lambda line: line.charge == "usage" and not line.cancelled):
            if line.first_day and line.first_day < day:
                until = day + timedelta(days=1)
                ended = [piece.period for piece in line._pieces(None, until, None) if piece.period.end <= day]
                for period in ended[-4 * AVERAGED:]:
                    spans[line.id, period.start, period.end] = line
        sums, read = self.env["aftersales.usage"].sudo()._sums(spans), {}
        for key in sorted(spans, key=lambda key: key[1], reverse=True):
            units, readings = sums[key]
            if readings and len(read.setdefault(spans[key], [])) < AVERAGED:
                read[spans[key]].append(units)
        return {line: sum(map(exact, units)) / len(units) for line, units in read.items() if units}
