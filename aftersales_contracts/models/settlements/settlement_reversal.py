"""Reversal: a posted settlement is taken back as a whole by counter-entries, and is approved once more.

For an entry with the wrong day, journal, account or tax. The amounts stay: what is wrong about them is settled by a
dispute, or by later lines that name the original. A counter-entry that somebody makes in Accounting does the same.
"""

from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..billing.billing_gaps import OPENS_WITHIN
from .settlement_books import ShareBooks


class Settlement(models.Model):
    _inherit = "aftersales.settlement"

    def action_reverse(self, reason=None, day=None):
        """Take these posted settlements back, for ``reason``, on ``day`` (else today in the contract's zone, or the
        first open day). They are approved then, and can be posted again. Shows the counter-entries."""
        self._check_may_post()
        reason = self._check_words(reason)
        self._lock_course()
        for settlement in self:
            if settlement.state != "posted" or not settlement._documents():
                settlement._refuse_move()
            settlement.contract_id._duty("settler", self.env._("settlement reversed: %s", reason))
            settlement._reverse_documents(reason, fields.Date.to_date(day))
        return self._action_documents()

    def _reverse_documents(self, reason, day):
        books, counters = ShareBooks(self.company_id), self.env["account.move"]
        for move in self._documents().with_env(self.env):
            on = day or books.open_day(self.contract_id._local_today(), move.journal_id)
            self._check_reversal_day(move, on)
            counters |= move.with_company(move.company_id)._reverse_moves([{
                "date": on, "invoice_date": on, "invoice_currency_rate": move.invoice_currency_rate,
                "invoice_origin": move.invoice_origin,
                "ref": self.env._("Reversal of %(move)s: %(reason)s", move=move.name, reason=reason)}])
        counters._post(soft=False)

    def _check_reversal_day(self, move, day):
        locks = move.company_id._get_violated_lock_dates(day, bool(move.invoice_line_ids.tax_ids), move.journal_id)
        if locks:
            raise UserError(self.env._(
                "%(move)s cannot be reversed on %(day)s, where the accounts are locked: %(locks)s.", move=move.name,
                day=format_date(self.env, day), locks=move.company_id._format_lock_dates(locks)))
        if day > self.contract_id._local_today() + timedelta(days=OPENS_WITHIN):
            raise UserError(self.env._("%(move)s cannot be reversed: the accounts are locked until %(day)s.",
                                       move=move.name, day=format_date(self.env, day - timedelta(days=1))))

    def _check_reversible(self, originals, counters):
        """Raise UserError unless ``counters`` take back all ``originals``, to the unit, of a settlement that is
        posted."""
        if self.state != "posted":
            self._refuse_move()
        if len(counters) != len(originals) or counters.reversed_entry_id != originals:
            raise UserError(self.env._(
                "Settlement %s has several documents: use Reverse on the settlement, which takes all of them back.",
                self.display_name))
        for counter in counters:
            original = counter.reversed_entry_id
            if counter.currency_id != original.currency_id or counter.currency_id.compare_amounts(
                    counter.amount_total, original.amount_total):
                raise UserError(self.env._(
                    "%(move)s posts settlement %(settlement)s, which is taken back as a whole: %(amount)s.",
                    move=original.name, settlement=self.name, amount=original.amount_total))

    def _accept_reversal(self, counters):
        """``counters``, which take its documents back, were posted."""
        originals = counters.reversed_entry_id.sudo()  # the accounts know who reversed it
        penalties = originals.line_ids.aftersales_penalty_id
        originals.write({"aftersales_settlement_reversed": True})
        self.booked_ids._write_guarded({"booked_with_id": False})
        self._move("reverse", posted_on=False, posted_by_id=False)
        self._message_log(body=self.env._(
            "Reversed by %(move)s: %(reason)s", move=", ".join(counters.mapped("name")), reason=counters[0].ref or ""))
        if penalties:
            penalties._stand_again()
        self._taken_back(counters)

    def _taken_back(self, counters):
        """It was reversed. Rooms extend it."""
