"""What the documents of settlements stand on, and by name what keeps one from being posted."""

from datetime import timedelta
from decimal import Decimal

from odoo import models
from odoo.tools import format_date

from ...engine.approval import may_act
from ...engine.money import allocate
from ..billing.billing_gaps import OPENS_WITHIN, Books
from ..penalties.penalty_accounts import NOT_FOR_AMOUNTS, Lookups
from .settlement_content import CARRIED, FEE, PENALTY, REIMBURSED, SHARE, WITHHELD

FINISHED = ("posted", "paid", "closed")


class ShareBooks(Books):
    """Journals, accounts, taxes, positions and rates of one company, each looked up once in a run."""

    def __init__(self, company):
        super().__init__(company)
        self.penalties = Lookups()

    def journal(self, sale, currency):
        """The journal of bills for shares, or (``sale``) of invoices for what dealers owe; may be empty."""
        company = self.company
        chosen = company.aftersales_share_sale_journal_id if sale else company.aftersales_share_purchase_journal_id
        return chosen or self._once(("journal", sale, currency), lambda: self._first_journal(sale, currency))

    def part_account(self, part, position, journal):
        """The account of a row of ``part`` (one of PARTS but penalties); may be empty."""
        company = self.company
        share = company.aftersales_share_account_id or journal.default_account_id
        account = {
            FEE: company.aftersales_share_brand_account_id or share,
            REIMBURSED: company.aftersales_reimbursement_account_id or share,
            WITHHELD: company.aftersales_share_withholding_account_id}.get(part, share)
        return self._once(("part", part, position, journal), lambda: position.map_account(account))

    def part_taxes(self, part, position, sale):
        """What is withheld is no turnover; everything else has the taxes of the settings."""
        company = self.company
        taxes = company.aftersales_share_sale_tax_ids if sale else company.aftersales_share_tax_ids
        if part == WITHHELD:
            return taxes[:0]
        return self.taxes(taxes, position)


class Settlement(models.Model):
    _inherit = "aftersales.settlement"

    def _posting_gaps(self, before=()):
        """What must be decided before this settlement can be posted: phrases; empty where nothing holds it.

        ``before``: settlements that are posted with it, and before it.
        """
        self.ensure_one()
        _, gaps = self.env._, []
        if self.state in FINISHED:
            return gaps
        wanted = {
            "draft": _("its computing"), "computed": _("the review by a person"), "review": _("its sending"),
            "sent": _("the dealer's answer"), "disputed": _("the approval of what is not disputed"),
            "accepted": _("the approval by another person")}
        if self.state in wanted:
            gaps.append(wanted[self.state])
        if self.contract_id._disputed():
            gaps.append(_("the end of the dispute on contract %s", self.contract_id.name))
        for number in self.carry_sources or {}:
            earlier = self.sudo().browse(int(number))  # of the same course
            if earlier.state not in FINISHED and earlier not in before:
                gaps.append(_("the posting or closing of %s, which carries a balance to it", earlier.name))
        return gaps

    def _duty_gaps(self):
        """Who approved or wrote the contract does not settle it: one phrase, or none. The system is nobody."""
        contract = self.contract_id
        if self.env.su or may_act("settler", self.env.uid, contract._acted()).allowed:
            return []
        return [contract._separation_sentence("settler", None)]

    # --- of a document -------------------------------------------------------------------------------------------

    def _document_gaps(self, document, books):
        """What keeps ``document`` (a `settlement_plan.Document`) from being booked: phrases."""
        gaps = [*self._journal_gaps(document, books), *self._account_gaps(document, books),
                *self._payee_gaps(document, books), *self._currency_gaps(document, books)]
        for row, _amount in document.rows:
            if row.part == PENALTY:
                gaps += self._penalty_gaps(row, document, books)
        return list(dict.fromkeys(gaps))

    def _journal_gaps(self, document, books):
        _, journal, sale = self.env._, document.journal, document.sale
        if not journal:
            return [_("a sales journal is missing") if sale else _("a purchase journal is missing")]
        if not journal.active:
            return [_("journal %s is archived", journal.display_name)]
        today = self.contract_id._local_today()
        if document.day > today + timedelta(days=OPENS_WITHIN):
            return [_("the accounts are locked until %s", format_date(self.env, document.day - timedelta(days=1)))]
        locks = books.company._get_violated_lock_dates(document.day, True, journal)
        if locks:
            return [_("the accounts are locked on %(day)s: %(locks)s", day=format_date(self.env, document.day),
                      locks=books.company._format_lock_dates(locks))]
        return []

    def _account_gaps(self, document, books):
        _, gaps = self.env._, []
        names = {SHARE: _("dealer shares"), FEE: _("brand fees"), WITHHELD: _("withholding"),
                 REIMBURSED: _("reimbursements"), CARRIED: _("dealer shares")}
        for part in dict.fromkeys(row.part for row, _amount in document.rows if row.part != PENALTY):
            account = books.part_account(part, document.position, document.journal)
            if not account:
                gaps.append(_("the account of %s is missing in the settings", names[part]))
            elif not account.active:
                gaps.append(_("account %s is archived", account.display_name))
            elif part != WITHHELD and account.account_type in NOT_FOR_AMOUNTS:
                gaps.append(_("account %s takes no dealer shares", account.display_name))
            for tax in books.part_taxes(part, document.position, document.sale):
                if not tax.active:
                    gaps.append(_("tax %s is archived", tax.name))
                elif tax.price_include:
                    gaps.append(_("tax %s is included in prices: shares are before taxes", tax.name))
        return gaps

    def _payee_gaps(self, document, books):
        _, payee = self.env._, document.payee.with_company(books.company)
        name, gaps = payee.display_name, []
        if not (payee.active and payee.commercial_partner_id.active):
            gaps.append(_("%s is archived in the contacts", name))
        if payee.company_id and payee.company_id != books.company:
            gaps.append(_("%s belongs to another company", name))
        account = payee.property_account_receivable_id if document.sale else payee.property_account_payable_id
        if not account:
            gaps.append(_("%s has no receivable account", name) if document.sale
                        else _("%s has no payable account", name))
        elif not account.active:
            gaps.append(_("account %s is archived", account.display_name))
        if document.move_type == "in_invoice" and not document.bank:
            gaps.append(_("%s has no bank account", name))
        if books.company.aftersales_share_fiscal_position and not document.position:
            gaps.append(_("%s has no fiscal position", name))
        return gaps

    def _currency_gaps(self, document, books):
        currency = self.currency_id
        if not currency.active:
            return [self.env._("currency %s is not active", currency.name)]
        if not books.rate_known(currency, document.day):
            return [self.env._("currency %(currency)s has no rate on %(day)s", currency=currency.name,
                               day=format_date(self.env, document.day))]
        return []

    def _penalty_gaps(self, row, document, books):
        penalty = row.penalty.sudo()  # what of the settlement holds it, whoever reads penalties
        if penalty._money(penalty.amount) != -row.amount:
            return [self.env._("penalty %(penalty)s comes to %(amount)s, and is settled here at %(settled)s",
                               penalty=penalty.name, amount=-penalty._money(penalty.amount), settled=row.amount)]
        gaps = penalty._posting_gaps()
        if not gaps and penalty.state != "approved":
            gaps = [self.env._("its approval")]
        if gaps:
            return [self.env._("penalty %(penalty)s waits for %(gap)s", penalty=penalty.name, gap=gap) for gap in gaps]
        booking = penalty._booking(document.day, books.penalties)
        return [*penalty._account_gaps(booking), *penalty._analytic_gaps()]

    def _payees(self):
        """[(payee, percent as a Decimal)]: who is paid; of what the dealer owes, the dealer alone."""
        self.ensure_one()
        rows = self.rule_id.sudo().payee_ids  # of the rule of this settlement
        if self.payable <= 0 or not rows:
            return [(self.dealer_id, Decimal(100))]
        return [(row.partner_id, Decimal(str(row.percent))) for row in rows]

    def _split_payable(self):
        """[(payee, percent, amount)] of what is paid, Decimals: the amounts sum to it exactly."""
        self.ensure_one()
        payees = self._payees()
        parts = allocate(self._money(self.payable), [percent for _payee, percent in payees], self._payable_unit())
        return [(payee, percent, part) for (payee, percent), part in zip(payees, parts, strict=True)]
