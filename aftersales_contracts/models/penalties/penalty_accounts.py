"""Where a penalty is booked: journal, account, taxes, payer, day; and by name what is missing for it.

What the clause says comes first, then the company's settings, then Odoo's own rules (the first journal of the kind, the
account of that journal). Amounts are before taxes, unless the tax is one that prices include.
"""

from datetime import date, timedelta
from typing import Any, NamedTuple

from odoo import api, models
from odoo.tools import format_date

OPENS_WITHIN = 31  # days: an entry is not dated further ahead, however long the accounts are locked
NOT_FOR_AMOUNTS = ("asset_receivable", "liability_payable", "off_balance")


class Booking(NamedTuple):
    """Where one penalty goes. ``day``: of the entry; ``taxes`` and ``account`` are what the fiscal position makes of
    them. Records may be empty: `Penalty._booking_gaps` names them."""

    partner: Any
    journal: Any
    account: Any
    taxes: Any
    fiscal_position: Any
    day: date


class Lookups:
    """Journals, fiscal positions and rates, each looked up once for a batch of penalties."""

    def __init__(self):
        self._known = {}

    def once(self, key, find):
        if key not in self._known:
            self._known[key] = find()
        return self._known[key]


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    def _is_sale(self):
        """Whether the other side is our customer; else it is a provider or dealer, and the penalty is our claim."""
        self.ensure_one()
        return self.kind == "customer"

    def _payer(self, day):
        """Whose document it is on ``day``: who is billed under a customer's contract, else the other side."""
        self.ensure_one()
        return self.contract_id._bill_to(day) if self._is_sale() else self.partner_id

    def _booking(self, day=None, lookups=None):
        """The `Booking` of this penalty. ``day``: as given; else today in the contract's zone, or the first day on
        which the accounts are open. ``lookups``: the `Lookups` of a batch."""
        self.ensure_one()
        lookups, company = lookups or Lookups(), self.company_id
        penalty = self.with_company(company)
        local = day or penalty.contract_id._local_today()
        partner = penalty._payer(local)
        position = lookups.once(("position", company, partner), lambda: penalty.env[
            "account.fiscal.position"]._get_fiscal_position(partner))
        journal = penalty._booking_journal(lookups)
        account = penalty._booking_account(journal)
        taxes = position.map_tax(penalty._booking_taxes())
        return Booking(
            partner, journal, position.map_account(account), taxes, position,
            day or penalty._open_day(local, journal, taxes))

    def _booking_journal(self, lookups):
        company, sale, Journal = self.company_id, self._is_sale(), self.env["account.journal"]
        setting = company.aftersales_penalty_sale_journal_id if sale else company.aftersales_penalty_purchase_journal_id
        return self.clause_id.journal_id or setting or lookups.once(("journal", company, sale), lambda: Journal.search([
            *Journal._check_company_domain(company), ("type", "=", "sale" if sale else "purchase")], limit=1))

    def _booking_account(self, journal):
        company = self.company_id
        setting = company.aftersales_penalty_account_id if self._is_sale() else \
            company.aftersales_penalty_claim_account_id
        return self.clause_id.account_id or setting or journal.default_account_id

    def _booking_taxes(self):
        company = self.company_id
        setting = company.aftersales_penalty_sale_tax_ids if self._is_sale() else \
            company.aftersales_penalty_purchase_tax_ids
        return self.clause_id.tax_ids or setting

    def _open_day(self, day, journal, taxes):
        """``day``, or the first day after it on which no lock date forbids an entry in ``journal``."""
        locks = self.company_id._get_violated_lock_dates(day, bool(taxes), journal)
        return locks[-1][0] + timedelta(days=1) if locks else day

    def _own_companies(self):
        """The company and those that it is a branch of: what they own, it may use."""
        return self.company_id.sudo().parent_ids  # a branch knows whose it is

    # --- what is missing -----------------------------------------------------------------------------------------

    def _booking_gaps(self, booking, lookups=None):
        """What keeps the penalty from being booked so: a list of phrases, empty where nothing does."""
        self.ensure_one()
        lookups = lookups or Lookups()
        penalty = self.with_company(self.company_id)
        return [*penalty._journal_gaps(booking), *penalty._account_gaps(booking), *penalty._partner_gaps(booking),
                *penalty._currency_gaps(booking, lookups), *penalty._day_gaps(booking), *penalty._analytic_gaps()]

    def _journal_gaps(self, booking):
        _, journal = self.env._, booking.journal
        wanted = "sale" if self._is_sale() else "purchase"
        if not journal:
            return [_("a sales journal is missing") if wanted == "sale" else _("a purchase journal is missing")]
        gaps = []
        if not journal.active:
            gaps.append(_("journal %s is archived", journal.display_name))
        if journal.type != wanted:
            gaps.append(_("journal %s is no sales journal", journal.display_name) if wanted == "sale"
                        else _("journal %s is no purchase journal", journal.display_name))
        if journal.company_id not in self._own_companies():
            gaps.append(_("journal %s belongs to another company", journal.display_name))
        return gaps

    def _account_gaps(self, booking):
        _, account, gaps = self.env._, booking.account, []
        if not account:
            gaps.append(_("an account is missing: neither the clause nor the settings nor the journal name one"))
        elif not account.active:
            gaps.append(_("account %s is archived", account.display_name))
        elif not account.sudo().company_ids & self._own_companies():  # whose it is, even where it is not ours
            gaps.append(_("account %s belongs to another company", account.display_name))
        elif account.account_type in NOT_FOR_AMOUNTS:
            gaps.append(_("account %s takes no penalties", account.display_name))
        use = "sale" if self._is_sale() else "purchase"
        for tax in booking.taxes:
            if not tax.active:
                gaps.append(_("tax %s is archived", tax.name))
            elif tax.type_tax_use not in (use, "none"):
                gaps.append(_("tax %s is no sales tax", tax.name) if use == "sale"
                            else _("tax %s is no purchase tax", tax.name))
            elif tax.company_id not in self._own_companies():
                gaps.append(_("tax %s belongs to another company", tax.name))
        return gaps

    def _partner_gaps(self, booking):
        _, partner = self.env._, booking.partner
        if not partner:
            return [_("there is nobody to book it on")]
        gaps = []
        if not (partner.active and partner.commercial_partner_id.active):
            gaps.append(_("%s is archived in the contacts", partner.display_name))
        if partner.company_id and partner.company_id not in self._own_companies():
            gaps.append(_("%s belongs to another company", partner.display_name))
        name = "property_account_receivable_id" if self._is_sale() else "property_account_payable_id"
        if not partner[name]:
            gaps.append(_("%s has no receivable account", partner.display_name) if self._is_sale()
                        else _("%s has no payable account", partner.display_name))
        elif not partner[name].active:
            gaps.append(_("account %s is archived", partner[name].display_name))
        return gaps

    def _currency_gaps(self, booking, lookups):
        _, currency = self.env._, self.currency_id
        gaps = []
        if not currency.active:
            gaps.append(_("currency %s is not active", currency.name))
        if currency != self.company_id.currency_id and not lookups.once(
                ("rate", self.company_id, currency, booking.day), lambda: self._rate_known(currency, booking.day)):
            gaps.append(_("currency %(currency)s has no rate on %(day)s", currency=currency.name,
                          day=format_date(self.env, booking.day)))
        return gaps

    @api.model
    def _rate_known(self, currency, day):
        """Whether ``currency`` has a rate of ``day`` or before. Odoo itself would take a later one, or 1."""
        return bool(self.env["res.currency.rate"].sudo().search_count([  # rates are no secret
            ("currency_id", "=", currency.id), ("name", "<=", day),
            ("company_id", "in", (False, self.company_id.root_id.id))], limit=1))

    def _day_gaps(self, booking):
        _, company = self.env._, self.company_id
        locks = company._get_violated_lock_dates(booking.day, bool(booking.taxes), booking.journal)
        if locks:
            return [_("the accounts are locked on %(day)s: %(locks)s", day=format_date(self.env, booking.day),
                      locks=company._format_lock_dates(locks))]
        if booking.day > self.contract_id._local_today() + timedelta(days=OPENS_WITHIN):
            return [_("the accounts are locked until %s", format_date(self.env, booking.day - timedelta(days=1)))]
        return []

    def _analytic_gaps(self):
        wanted = {
            int(one) for key in self.clause_id.analytic_distribution or {} for one in key.split(",") if one.isdigit()}
        # whether they exist is asked, not what is in them
        found = self.env["account.analytic.account"].sudo().browse(wanted).exists()
        if len(found) < len(wanted):
            return [self.env._("an analytic account of clause %s was deleted", self.clause_id.display_name)]
        return [self.env._("analytic account %s is archived", account.display_name)
                for account in found if not account.active]
