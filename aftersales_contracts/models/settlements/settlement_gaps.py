"""What is in the way of a dealer's settlement, by name: before it is computed, and before it is posted.

A gap that blocks keeps this dealer's settlement from being computed; the others go on, and the next run makes it up.
The rest is told as early, and holds the posting only.
"""

from datetime import timedelta
from typing import NamedTuple

from odoo import models
from odoo.tools import SQL, format_date

from ...engine.share_lint import lint

DAY = timedelta(days=1)


class Gap(NamedTuple):
    """``sentence``: a phrase for people; ``blocks``: nothing is computed until it is mended."""

    sentence: str
    blocks: bool


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _settlement_gaps(self, period, rule=None, record=None):
        """[`Gap`] of this dealer contract for ``period`` (of dates). ``rule``, ``record``: as `_share_rules` has them,
        where the caller knows them."""
        self.ensure_one()
        if record is None:
            return self._gaps_of({self: period})[self]
        return self._gaps(period, rule, record, self._open_days({self: period}).get(self.id, []), {})

    def _gaps_of(self, periods):
        """{contract: [`Gap`]} of ``periods``, {contract: period}; a few queries for all of them."""
        days, known, found = self._open_days(periods), {}, {}
        by_end = {}
        for contract, period in periods.items():
            by_end.setdefault(period.end, self.browse())
            by_end[period.end] |= contract
        for end, contracts in by_end.items():
            since = min(periods[contract].start for contract in contracts)
            since = min([since, *(row[1] for contract in contracts for row in days.get(contract.id, []))])
            rules = contracts._share_rules(since, end)
            for contract in contracts:
                rule, record = rules.get(contract, (None, self.env["aftersales.share.rule"]))
                found[contract] = contract._gaps(periods[contract], rule, record, days.get(contract.id, []), known)
        return found

    def _gaps(self, period, rule, record, days, known):
        """[`Gap`] by what was read. ``days``: [(currency id, day of the rate)] of what is open; ``known``: {(currency,
        day): whether there is a rate}, of all contracts so far."""
        if not record:
            return [Gap(self.env._("no share rule is in force in these days"), True)]
        blocking = [*self._rule_gaps(rule, record), *self._rate_gaps(record, period, days, known)]
        later = self._dealer_gaps(record)
        return [*(Gap(sentence, True) for sentence in blocking), *(Gap(sentence, False) for sentence in later)]

    def _rule_gaps(self, rule, record):
        """What is wrong with the rule, all versions of these days together: two for one line, holes, percentages."""
        found = [finding for finding in lint(rule) if finding.blocks]
        return [self.env._("share rule %(rule)s: %(finding)s", rule=record._reference(),
                           finding=record._finding_in_words(finding)) for finding in found]

    def _rate_gaps(self, record, period, days, known):
        """Currencies that are not active, or without a rate of exchange on a day that needs one."""
        own, target = record.fx == "own", record.currency_id
        used = target.browse(sorted({row[0] for row in days})) if own else target.browse()
        gaps = [self.env._("currency %s is not active", currency.name)
                for currency in target | used if not currency.active]
        if own:
            return gaps
        fixed, missing = record.fx == "settlement_date" and period.end - DAY, {}
        for currency_id, day in days:
            currency = target.browse(currency_id)
            for one in (currency, target) if currency != target else ():
                key = one, fixed or day
                if key not in known:
                    known[key] = self._rate_known(*key)
                if not known[key]:
                    missing.setdefault(*key)
        return gaps + [self.env._(
            "currency %(currency)s has no rate on %(day)s", currency=currency.name, day=format_date(self.env, day))
            for currency, day in missing.items()]

    def _rate_known(self, currency, day):
        """Whether ``currency`` has a rate of ``day`` or before; Odoo itself would take a later one, or 1."""
        return currency == self.company_id.currency_id or bool(self.env["res.currency.rate"].sudo().search_count([
            ("currency_id", "=", currency.id), ("name", "<=", day),
            ("company_id", "in", (False, self.company_id.root_id.id))], limit=1))

    def _dealer_gaps(self, record):
        """What posting will ask for: the dealer and those who are paid."""
        _, gaps = self.env._, []
        payees = record.payee_ids.partner_id.sudo() or self.partner_id.sudo()  # whoever the rule pays
        for partner in payees | self.partner_id.sudo():
            owner = partner.commercial_partner_id
            if not (partner.active and owner.active):
                gaps.append(_("%s is archived in the contacts", partner.display_name))
            if partner in payees and not (partner.bank_ids | owner.bank_ids).filtered("active"):
                gaps.append(_("%s has no bank account", partner.display_name))
            if partner in payees and self.company_id.aftersales_share_fiscal_position:
                position = self.env["account.fiscal.position"].sudo().with_company(
                    self.company_id)._get_fiscal_position(partner.with_company(self.company_id))
                if not position:
                    gaps.append(_("%s has no fiscal position", partner.display_name))
        return gaps

    # --- what is open of the ledger ------------------------------------------------------------------------------

    def _open_rows(self, period):
        """`SQL` of the rows of revenue that a settlement of ``period`` would take."""
        return SQL(
            """FROM aftersales_revenue r WHERE r.dealer_contract_id = %s AND r.is_due AND r.day < %s AND r.day >= %s
                AND NOT EXISTS (SELECT FROM aftersales_settlement_line l WHERE l.revenue_id = r.id)""",
            self.id, period.end, self._settled_since())

    def _open_since(self, period):
        """The first day whose rate is asked for: of late lines and credit notes it lies before the period."""
        [[day]] = self.env.execute_query(SQL("SELECT min(COALESCE(r.rate_day, r.day)) %s", self._open_rows(period)))
        return min(day or period.start, period.start)

    def _open_days(self, periods):
        """{contract id: [(currency id, day of the rate)]} of what is open in ``periods``, {contract: period}; one query
        for all of them."""
        self.env["aftersales.settlement.line"].flush_model()
        found = {}
        for contract, currency, day in self.env.execute_query(SQL(
                """SELECT DISTINCT r.dealer_contract_id, r.currency_id, COALESCE(r.rate_day, r.day)
                     FROM aftersales_revenue r
                     JOIN unnest(%s::int[], %s::date[], %s::date[]) AS c (id, since, stop)
                       ON c.id = r.dealer_contract_id AND r.day >= c.since AND r.day < c.stop
                    WHERE r.is_due AND NOT EXISTS (
                          SELECT FROM aftersales_settlement_line l WHERE l.revenue_id = r.id)
                    ORDER BY 1, 2, 3""", [contract.id for contract in periods],
                [contract._settled_since() for contract in periods], [period.end for period in periods.values()])):
            found.setdefault(contract, []).append((currency, day))
        return found

    def _open_currencies(self, period, record):
        """Currencies of the settlements of ``period``: the rule's, and where lines stay in their own, theirs and those
        in which the dealer still owes something or has something to get."""
        currencies = record.currency_id
        if record.fx == "own":
            rows = self.env.execute_query(SQL("SELECT DISTINCT r.currency_id %s", self._open_rows(period)))
            currencies |= currencies.browse([row[0] for row in rows])
            earlier = self.env["aftersales.settlement"].sudo().search([
                ("contract_id", "=", self.id), ("currency_id", "not in", currencies.ids)])
            for settlements in earlier.grouped("currency_id").values():
                if settlements._left() or self._share_released(period.end, settlements.currency_id):
                    currencies |= settlements.currency_id
        return currencies
