"""Reversal: a posted penalty is taken back by a counter-entry that credits its original to the cent.

Of a document with other lines only the penalty's own are taken back; with the last of them goes what rounding left of
the taxes. The counter-entry takes the exchange rate of its original. A reversal that somebody makes in Accounting is
known by its lines, and does the same.
"""

from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

from .penalty_accounts import OPENS_WITHIN
from .penalty_post import POSTED


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    def action_reverse(self, reason=None, day=None, again=False):
        """Take these posted penalties back, for ``reason``, on ``day`` (else today in the contract's zone, or the
        first open day). They stay on record as posted and reversed, and count for nothing.

        ``again``: only the entry was wrong (its account, tax or day): the penalty itself stands, and is approved, so
        that it can be posted again. Returns the action that shows the counter-entries.
        """
        self._check_may_post()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why %s is reversed.", ", ".join(self.mapped("name"))))
        self._lock_for_posting()
        day = fields.Date.to_date(day)
        for penalty in self:
            if penalty.state != "posted" or penalty.reversed_on:
                raise UserError(self.env._(
                    "%(penalty)s cannot be reversed: it is %(why)s.", penalty=penalty.display_name,
                    why=self.env._("reversed already") if penalty.reversed_on else self.env._("not posted")))
        for contract in self.contract_id:
            contract._duty("settler", self.env._("penalties reversed: %s", reason))
        counters = self.env["account.move"]
        for move, penalties in self.grouped("move_id").items():
            counters |= penalties._reverse_document(move, reason, day)
        if again:
            self._stand_again()
        return self._action_documents(counters)

    def _reverse_document(self, move, reason, day):
        """Post the counter-entry of the lines of ``self`` on ``move``; returns it."""
        day = day or self[0]._open_day(
            self[0].contract_id._local_today(), move.journal_id, move.invoice_line_ids.tax_ids)
        self._check_reversal_day(move, day)
        counter = move.with_company(move.company_id)._reverse_moves([{
            "date": day, "invoice_date": day, "invoice_currency_rate": move.invoice_currency_rate,
            "invoice_origin": move.invoice_origin,
            "ref": self.env._("Reversal of %(move)s: %(reason)s", move=move.name, reason=reason)}])
        counter.invoice_line_ids.filtered(lambda line: line.aftersales_reverses_id not in self).unlink()
        if counter.amount_total < 0:  # a deduction is taken back by an invoice, not by a negative credit note
            counter.action_switch_move_type()
        counter._square_taxes(move)
        counter._post(soft=False)
        self._write_guarded({"reversal_reason": reason})
        return counter

    def _check_reversal_day(self, move, day):
        locks = move.company_id._get_violated_lock_dates(day, bool(move.invoice_line_ids.tax_ids), move.journal_id)
        if locks:
            raise UserError(self.env._(
                "%(move)s cannot be reversed on %(day)s, where the accounts are locked: %(locks)s.", move=move.name,
                day=format_date(self.env, day), locks=move.company_id._format_lock_dates(locks)))
        if day > self[0].contract_id._local_today() + timedelta(days=OPENS_WITHIN):
            raise UserError(self.env._("%(move)s cannot be reversed: the accounts are locked until %(day)s.",
                                       move=move.name, day=format_date(self.env, day - timedelta(days=1))))

    def _accept_reversal(self, move):
        """``move``, which takes these penalties back, was posted."""
        self._write_guarded({
            "reversed_on": move.invoice_date or move.date, "reversal_move_id": move.id,
            "reversal_reason": move.ref, "reversed_by_id": self.env.uid})
        self._message_log_batch(bodies={
            penalty.id: self.env._("Reversed by %(move)s: %(reason)s", move=move.name, reason=move.ref or "")
            for penalty in self})
        self._penalties_reversed()

    def _penalties_reversed(self):
        """Penalties were reversed. Rooms extend it."""

    def _stand_again(self):
        """The reversed penalties are approved, as they were before they were posted."""
        self._message_log_batch(bodies={
            penalty.id: self.env._("%(move)s was reversed; the penalty stands and can be posted again.",
                                   move=penalty.move_id.name) for penalty in self})
        self._write_guarded({**POSTED, "state": "approved", "reversed_on": False})


class AccountMove(models.Model):
    _inherit = "account.move"

    def _square_taxes(self, original):
        """Give the last counter-entry of ``original`` exactly the taxes that are left of it.

        Each part's taxes are rounded by themselves; once all lines are taken back, the parts must sum to the whole.
        """
        self.ensure_one()
        parts = original.reversal_move_ids.filtered(lambda move: move.state == "posted") | self
        taken = sum(len(move.invoice_line_ids.filtered(lambda line: line.display_type == "product")) for move in parts)
        if taken < len(original.invoice_line_ids.filtered(lambda line: line.display_type == "product")):
            return
        commands = []
        for line in self.line_ids.filtered("tax_repartition_line_id"):
            name = line.tax_line_id, line.tax_repartition_line_id.factor_percent
            left = -sum(other.amount_currency for move in original | (parts - self) for other in move.line_ids
                        if (other.tax_line_id, other.tax_repartition_line_id.factor_percent) == name)
            if self.currency_id.compare_amounts(left, line.amount_currency):
                commands.append(Command.update(line.id, {"amount_currency": left}))
        if commands:
            self.write({"line_ids": commands})
