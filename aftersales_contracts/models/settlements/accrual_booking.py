"""The entry of a month's accruals: one draft, dated on the last day of the month; posting it takes it back on the next.

An entry stands for the rows that it was made of: it is posted only with their amounts, and its counter-entry is made
by posting it, so that neither is in the books without the other.
"""

from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import format_date

BILLING = "account.group_account_invoice"


class Accrual(models.Model):
    _inherit = "aftersales.accrual"

    @api.model
    def _of_month(self, company, day):
        """The rows of the month that ends on ``day``."""
        return self.search([("company_id", "=", company.id), ("day", "=", day)])

    def _to_book(self):
        """Those with an amount that is known."""
        return self.filtered(lambda row: not row.problem and row.state == "estimated"
                             and not row.company_currency_id.is_zero(row.company_amount))

    @api.model
    def _book_month(self, company, day):
        """Make the draft entry of the month that ends on ``day`` from its rows; returns it.

        Once a month: while an entry stands there is no second one. Raises UserError that names all that is missing.
        """
        self._check_may_book()
        self._lock_month(company, day)
        rows = self._of_month(company, day)
        rows._refuse_second_entry()
        ready = rows._to_book()
        gaps = self._entry_gaps(company, day)
        if not ready:
            gaps.append(self.env._("there is nothing to accrue"))
        if gaps:
            raise UserError(self.env._("No entry for %(day)s: %(gaps)s.", day=format_date(self.env, day),
                                       gaps="; ".join(gaps)))
        move = self.env["account.move"].with_company(company).create(ready._entry_values(company, day))
        ready.sudo()._write_unguarded({"move_id": move.id})  # which entry a row stands in is not entered
        return move

    @api.model
    def _check_may_book(self):
        """Raise AccessError unless the current user may book accruals: finance, with the right to make entries."""
        self._check_people()
        if not (self.env.su or self.env.user.has_group(BILLING)):
            raise AccessError(self.env._(
                "An accrual is a journal entry: that takes the access right Billing of Invoicing. Ask an administrator "
                "for it."))

    def _refuse_second_entry(self):
        move = self.sudo().move_id.filtered(lambda one: one.state != "cancel")[:1]
        if move:
            raise UserError(self.env._(
                "%(month)s has its accrual, %(entry)s. Delete the draft, or reverse the entry and cancel it, to make "
                "another one.", month=format_date(self.env, self[0].day, date_format="MMMM y"),
                entry=move.display_name))

    # --- accounts ----------------------------------------------------------------------------------------------

    @api.model
    def _entry_journal(self, company):
        Journal = self.env["account.journal"]
        return company.aftersales_accrual_journal_id or Journal.search([
            *Journal._check_company_domain(company), ("type", "=", "general")], limit=1)

    @api.model
    def _share_account(self, company):
        """The account that the bills of settlements are going to use: the setting, else the one of their journal."""
        Journal = self.env["account.journal"]
        journal = company.aftersales_share_purchase_journal_id or Journal.search([
            *Journal._check_company_domain(company), ("type", "=", "purchase")], limit=1)
        return company.aftersales_share_account_id or journal.default_account_id

    @api.model
    def _entry_gaps(self, company, day):
        """What keeps an accrual of the company from being booked on ``day``: phrases, empty where nothing does."""
        _, journal = self.env._, self._entry_journal(company)
        share, accrual = self._share_account(company), company.aftersales_accrual_account_id
        gaps = []
        if not journal:
            gaps.append(_("a general journal is missing"))
        elif not journal.active:
            gaps.append(_("journal %s is archived", journal.display_name))
        else:
            locks = company._get_violated_lock_dates(day, False, journal)
            if locks:
                gaps.append(_("the accounts are locked on %(day)s: %(locks)s", day=format_date(self.env, day),
                              locks=company._format_lock_dates(locks)))
        for account, missing in ((share, _("the settings name no account of dealer shares")),
                                 (accrual, _("the settings name no account of accrued shares"))):
            if not account:
                gaps.append(missing)
            elif not account.active:
                gaps.append(_("account %s is archived", account.display_name))
        return gaps

    def _entry_values(self, company, day):
        """Values of the draft: for each row one item on the account of shares and one on that of accruals."""
        accounts = self._share_account(company), company.aftersales_accrual_account_id
        lines = []
        for row in self:
            label = self.env._("Accrued share of %(dealer)s, %(start)s to %(end)s", dealer=row.dealer_id.name,
                               start=format_date(self.env, row.period_start), end=format_date(self.env, row.period_end))
            for sign, account in zip((1, -1), accounts, strict=True):
                lines.append(Command.create({
                    "account_id": account.id, "partner_id": row.dealer_id.id, "name": label,
                    "currency_id": row.currency_id.id, "amount_currency": sign * row.amount,
                    "balance": sign * row.company_amount}))
        return {
            "move_type": "entry", "company_id": company.id, "journal_id": self._entry_journal(company).id, "date": day,
            "ref": self.env._("Accrual of dealer shares, %s", format_date(self.env, day, date_format="MMMM y")),
            "line_ids": lines}

    def action_open_entry(self):
        """The entry that these rows stand in."""
        self.check_access("read")
        moves = self.sudo().move_id  # its number is known from the row; the right to read it is checked when it opens
        if not moves:
            raise UserError(self.env._("No entry was booked of %s yet.", self[:1].display_name))
        action = {"type": "ir.actions.act_window", "res_model": "account.move", "name": self.env._("Accrual Entries")}
        if len(moves) == 1:
            return {**action, "res_id": moves.id, "views": [(False, "form")]}
        return {**action, "views": [(False, "list"), (False, "form")], "domain": [("id", "in", moves.ids)]}


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        """An accrual is posted with the amounts of its rows, and its counter-entry with it, dated on the next day."""
        accruals = self._accruals() if "entry" in self.mapped("move_type") else {}
        for move, rows in accruals.items():
            move._check_accrual(rows)
        posted = super()._post(soft)
        for move in posted.filtered(lambda one: one in accruals and not one.reversal_move_ids):
            back = move._reverse_moves([{
                "date": move.date + timedelta(days=1), "ref": self.env._("Taken back: %s", move.ref or move.name)}])
            back._post(soft=True)  # one that lies ahead is posted by Odoo on its day
        return posted

    def _accruals(self):
        """{entry: its rows} of those that are accruals; whoever posts them need not know shares."""
        rows = self.env["aftersales.accrual"].sudo().search([("move_id", "in", self.ids)])
        return {move.with_env(self.env): found for move, found in rows.grouped("move_id").items()}

    def _check_accrual(self, rows):
        wanted = sum(abs(row.company_amount) for row in rows)
        found = sum(abs(line.balance) for line in self.line_ids) / 2  # each row stands there twice
        if len(self.line_ids) != 2 * len(rows) or self.company_currency_id.compare_amounts(found, wanted):
            raise UserError(self.env._(
                "%s does not say what its accruals say. Delete it and book it anew.", self.display_name))
