"""What the invoices of a company stand on, and by name what keeps a contract from being billed.

A contract with a gap is reported and skipped; the others go on, and the next run bills it once the gap is mended.
"""

from datetime import timedelta

from odoo import models
from odoo.tools import format_date

OPENS_WITHIN = 31  # days: no invoice is dated further ahead, however long the accounts are locked


class Books:
    """Journals, accounts, fiscal positions and rates of one company, each looked up once in a run."""

    def __init__(self, company):
        self.company = company.with_company(company)
        self.env = self.company.env
        self._known = {}

    def _once(self, key, find):
        if key not in self._known:
            self._known[key] = find()
        return self._known[key]

    def journal(self, sale, currency):
        """The journal of invoices (``sale``) or vendor bills in ``currency``; may be empty."""
        company = self.company
        chosen = company.aftersales_billing_journal_id if sale else company.aftersales_billing_purchase_journal_id
        return chosen or self._once(("journal", sale, currency), lambda: self._first_journal(sale, currency))

    def _first_journal(self, sale, currency):
        Journal = self.env["account.journal"]
        journals = Journal.search([
            *Journal._check_company_domain(self.company), ("type", "=", "sale" if sale else "purchase")])
        foreign = currency != self.company.currency_id
        return journals.filtered(lambda one: foreign and one.currency_id == currency)[:1] or journals.filtered(
            lambda one: not one.currency_id or one.currency_id == currency)[:1] or journals[:1]

    def position(self, partner):
        """The fiscal position of invoices to ``partner``."""
        return self._once(("position", partner), lambda: self.env["account.fiscal.position"]._get_fiscal_position(
            partner.with_company(self.company)))

    def taxes(self, taxes, position):
        """What ``position`` makes of ``taxes``."""
        return self._once(("taxes", taxes, position), lambda: position.map_tax(taxes))

    def account(self, product, sale, position, journal):
        """The account of a line with ``product`` (may be empty): the product's, the company's, the journal's."""
        return self._once(("account", product, sale, position, journal), lambda: self._account(
            product, sale, position, journal))

    def _account(self, product, sale, position, journal):
        company = self.company
        found = product.with_company(company).product_tmpl_id.get_product_accounts()[
            "income" if sale else "expense"] if product else None
        setting = company.aftersales_billing_account_id if sale else company.aftersales_billing_expense_account_id
        return position.map_account(found or setting or journal.default_account_id)

    def rate_known(self, currency, day):
        """Whether ``currency`` has a rate of ``day`` or before; Odoo itself would take a later one, or 1."""
        if currency == self.company.currency_id:
            return True
        return self._once(("rate", currency, day), lambda: bool(self.env["res.currency.rate"].search_count([
            ("currency_id", "=", currency.id), ("name", "<=", day),
            ("company_id", "in", (False, self.company.root_id.id))], limit=1)))

    def open_day(self, day, journal):
        """``day``, or the first one after it for which the accounts are not locked."""
        return self._once(("open", day, journal), lambda: self._first_open(day, journal))

    def _first_open(self, day, journal):
        locks = self.company._get_violated_lock_dates(day, True, journal)
        return locks[-1][0] + timedelta(days=1) if locks else day


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _billing_gaps(self, day=None, books=None, payer=None):
        """What keeps this contract from being billed on ``day`` (today when empty): phrases; empty where nothing does.

        ``books``: the `Books` of its company, and ``payer``: who is billed, in a run over many.
        """
        self.ensure_one()
        day, books = day or self._local_today(), books or Books(self.company_id.sudo())
        payer, sale = self._bill_to(day) if payer is None else payer, self.kind != "provider"
        journal = books.journal(sale, self.currency_id)
        gaps = [*self._payer_gaps(payer, books), *self._journal_gaps(journal, sale)]
        if journal:
            gaps += self._account_gaps(books, books.position(payer), journal, sale)
            opens = books.open_day(day, journal)
            if (opens - day).days > OPENS_WITHIN:
                gaps.append(self.env._("the accounts are locked until %s", format_date(
                    self.env, opens - timedelta(days=1))))
            day = opens
        return gaps + self._currency_gaps(books, day)

    def _payer_gaps(self, payer, books):
        if not payer:
            return [self.env._("there is nobody to bill")]
        gaps = []
        if not (payer.active and payer.commercial_partner_id.active):
            gaps.append(self.env._("%s, who is billed, is archived in the contacts", payer.display_name))
        if payer.company_id and payer.company_id != books.company:
            gaps.append(self.env._("%s, who is billed, belongs to another company", payer.display_name))
        return gaps

    def _journal_gaps(self, journal, sale):
        if not journal:
            return [self.env._("a sales journal is missing") if sale else self.env._("a purchase journal is missing")]
        return [] if journal.active else [self.env._("journal %s is archived", journal.display_name)]

    def _account_gaps(self, books, position, journal, sale):
        gaps = []
        for line in self.line_ids:
            account = books.account(line.product_id, sale, position, journal)
            name = (line.name or "").split("\n")[0]
            if not account:
                gaps.append(self.env._("line %s has no income account", name) if sale
                            else self.env._("line %s has no expense account", name))
            elif not account.active:
                gaps.append(self.env._("account %(account)s of line %(line)s is archived",
                                       account=account.display_name, line=name))
            for tax in line.with_context(active_test=False).tax_ids:
                if not tax.active:
                    gaps.append(self.env._("tax %(tax)s of line %(line)s is archived", tax=tax.name, line=name))
        return gaps

    def _currency_gaps(self, books, day):
        currency = self.currency_id
        if not currency.active:
            return [self.env._("currency %s is not active", currency.name)]
        if not books.rate_known(currency, day):
            return [self.env._("currency %(currency)s has no rate on %(day)s", currency=currency.name,
                               day=format_date(self.env, day))]
        return []

    def _gaps_sentence(self, gaps):
        return self.env._("Contract %(name)s is not billed: %(gaps)s.", name=self.display_name, gaps="; ".join(gaps))
