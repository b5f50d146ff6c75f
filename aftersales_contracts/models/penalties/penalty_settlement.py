"""How a penalty is settled, in the sentences of its document, and until when the other side may object to a notice."""

from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_date

OWED_TO_US = ("claimed", "bonus_charged", "charged_back")  # of the results of a document


class ResCompany(models.Model):
    _inherit = "res.company"

    penalty_objection_days = fields.Integer(
        string="Days to Object", default=14,
        help="So many days after its issue a provider or dealer may object to a penalty notice.")

    _penalty_objection_days = models.Constraint(
        "CHECK(penalty_objection_days >= 0)", "The time to object cannot be negative.")

    def _objection_until(self, issued):
        """The last day on which to object to a notice of ``issued``."""
        self.ensure_one()
        return issued + timedelta(days=self.penalty_objection_days)


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    penalty_objection_days = fields.Integer(related="company_id.penalty_objection_days", readonly=False)


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    def _settlement_in_words(self, result, document):
        """[sentence] in the language of the context: how the amount is settled, and until when to object.

        ``result``: one of ``report.penalty_values.RESULTS``; ``document``: empty for a preview.
        """
        _ = self.env._
        if not document:
            return [_("How it is settled is told when it is posted.")]
        found = [] if result == "nothing" else self._entries_in_words(result)
        if document.objection_until:
            found.append(_("If you object, tell us in writing, with your reasons, until %s.",
                           format_date(self.env, document.objection_until)))
        return found

    def _entries_in_words(self, result):
        """The entries that settle the amount, with the day until which one that is owed to us is to be paid."""
        found = []
        for move in self.move_id.sorted("name"):
            day = format_date(self.env, move.invoice_date or move.date)
            found.append(self._entry_sources(result, move) % {"move": move.name, "day": day})
            alone = move.move_type in ("in_refund", "out_invoice") and result in OWED_TO_US
            if alone and move.invoice_date_due:
                found.append(self.env._(
                    "Please pay it until %s, unless it is set off against what we owe you by then.",
                    format_date(self.env, move.invoice_date_due)))
        return found

    def _entry_sources(self, result, move):
        """What is said of an entry: a deduction on an invoice is none of its own."""
        _ = self.env._
        deducted = move.move_type in ("out_invoice", "in_invoice")
        if result == "credited":
            return _("We deduct it on invoice %(move)s of %(day)s.") if deducted else \
                _("We credit it by credit note %(move)s of %(day)s.")
        if result == "claimed":
            return _("We deduct it on your bill, our number %(move)s of %(day)s.") if deducted else \
                _("We charge it by debit note %(move)s of %(day)s.")
        if result in OWED_TO_US:
            return _("We charge it by invoice %(move)s of %(day)s.")
        return _("We credit it to you under our number %(move)s of %(day)s.")
