"""Penalties in the ledger: posting a document posts the penalties on its lines, and what is posted stays.

A line names the penalty that it posts, or the one that it takes back. Whoever posts the document, by whichever button:
the line must say what was approved, to the unit of the currency; and a posted document with penalties is neither reset,
changed nor deleted, for its amounts are those of the statement. The remedy is a counter-entry.
"""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..common.frozen import is_uninstalling
from .penalty import FINANCE

LINKS = ("aftersales_penalty_id", "aftersales_reverses_id")
FIXED_OF_MOVE = (
    "line_ids", "invoice_line_ids", "move_type", "company_id", "journal_id", "currency_id", "partner_id", "date",
    "invoice_date", "invoice_currency_rate", "fiscal_position_id", "reversed_entry_id")
FIXED_OF_LINE = (
    *LINKS, "move_id", "account_id", "quantity", "price_unit", "discount", "tax_ids", "balance", "debit", "credit",
    "amount_currency", "currency_id", "partner_id")


class AccountMove(models.Model):
    _inherit = "account.move"

    aftersales_penalty_count = fields.Integer(
        string="Penalties", compute="_compute_aftersales_penalty_count", compute_sudo=True)

    def _compute_aftersales_penalty_count(self):
        for move in self:
            move.aftersales_penalty_count = len(move._aftersales_penalties())

    @api.depends("line_ids.aftersales_penalty_id", "line_ids.aftersales_reverses_id")
    def _compute_show_reset_to_draft_button(self):
        """A button that would be refused is not shown."""
        super()._compute_show_reset_to_draft_button()
        for move in self.filtered("show_reset_to_draft_button"):
            if move.state == "posted" and move.sudo()._aftersales_penalties():  # whoever looks
                move.show_reset_to_draft_button = False

    def _aftersales_penalties(self):
        """The penalties that these documents post or take back."""
        lines = self.line_ids
        return lines.aftersales_penalty_id | lines.aftersales_reverses_id

    def action_view_aftersales_penalties(self):
        """The penalties on this document."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_penalty")
        return {**action, "context": {}, "domain": [("id", "in", self.sudo()._aftersales_penalties().ids)]}

    # --- posting ---------------------------------------------------------------------------------------------------

    def _post(self, soft=True):
        lines = self.line_ids.filtered(lambda line: line.aftersales_penalty_id or line.aftersales_reverses_id)
        if not lines:
            return super()._post(soft)
        # who posts an invoice need not know penalties; what its lines say is checked
        lines.sudo()._check_penalties()
        posted = super()._post(soft)
        lines.filtered(lambda line: line.move_id in posted).sudo()._settle_penalties()
        return posted

    def _check_penalty_total(self, penalties):
        """Raise UserError unless the lines of ``penalties`` come to what is owed, to the unit of the currency.

        That is the amount before taxes; for a tax that prices include, the amount with it.
        """
        for penalty in penalties:
            lines = self.invoice_line_ids.filtered(lambda line, p=penalty: line.aftersales_penalty_id == p)
            included = any(lines.tax_ids.flatten_taxes_hierarchy().mapped("price_include"))
            total = sum(lines.mapped("price_total" if included else "price_subtotal"))
            wanted = penalty.amount if self.move_type.endswith("refund") else -penalty.amount
            if self.currency_id.compare_amounts(total, wanted):
                raise UserError(self.env._(
                    "%(penalty)s comes to %(wanted)s, but its line would come to %(total)s. Check the taxes of clause "
                    "%(clause)s.", penalty=penalty.display_name, wanted=wanted, total=total,
                    clause=penalty.clause_id.display_name))

    # --- what is posted stays ----------------------------------------------------------------------------------------

    def _with_posted_penalties(self):
        """Those of the moves that are posted and carry penalties."""
        posted = self.filtered(lambda move: move.state == "posted")
        if not posted:
            return posted
        found = self.env["account.move.line"].sudo()._read_group(  # the guard does not depend on who looks
            Domain("move_id", "in", posted.ids) & Domain.OR(Domain(name, "!=", False) for name in LINKS), ["move_id"])
        return self.browse([move.id for [move] in found])

    def _refuse_penalty_change(self):
        for move in self._with_posted_penalties()[:1]:
            names = move.sudo()._aftersales_penalties().mapped("name")
            raise UserError(self.env._(
                "%(move)s posts %(penalties)s and stays as it is. To take it back, use Reverse on the penalty: it "
                "makes a counter-entry with the reason.", move=move.display_name, penalties=", ".join(names)))

    def write(self, vals):
        leaves = "state" in vals and vals["state"] != "posted"
        if leaves or any(
                self._field_will_change(move, vals, name)
                for name in FIXED_OF_MOVE if name in vals for move in self if move.state == "posted"):
            self._refuse_penalty_change()
        return super().write(vals)

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_penalty_change()
        return super().unlink()


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    aftersales_penalty_id = fields.Many2one(
        "aftersales.penalty", string="Penalty", readonly=True, copy=False, index="btree_not_null", ondelete="restrict",
        help="The penalty that this line posts.")
    aftersales_reverses_id = fields.Many2one(
        "aftersales.penalty", string="Reversed Penalty", readonly=True, copy=False, index="btree_not_null",
        ondelete="restrict", help="The penalty that this line takes back.")

    def _copy_data_extend_business_fields(self, values):
        """A counter-entry says which penalties it takes back; other copies of a document have nothing to do with
        them. It only describes the draft: what a line takes back is checked when it is posted."""
        super()._copy_data_extend_business_fields(values)
        if "move_reverse_cancel" in self.env.context and self.aftersales_penalty_id:
            values["aftersales_reverses_id"] = self.aftersales_penalty_id.id

    # --- posting ---------------------------------------------------------------------------------------------------

    def _check_penalties(self):
        """Raise UserError where a line does not say what was approved, or takes back what it does not reverse."""
        penalties = self.aftersales_penalty_id | self.aftersales_reverses_id
        penalties._lock_for_posting()
        seen = defaultdict(list)
        for line in self:
            penalty = line.aftersales_penalty_id or line.aftersales_reverses_id
            seen[penalty].append(line)
            if len(seen[penalty]) > 1:
                line._refuse_line(penalty, self.env._("it stands there twice"))
            if line.aftersales_penalty_id:
                line._check_posts(penalty)
            else:
                line._check_reverses(penalty)

    def _check_posts(self, penalty):
        _, move = self.env._, self.move_id
        for gap in penalty._posting_gaps():
            self._refuse_line(penalty, _("it waits for %s", gap))
        if penalty.state != "approved":
            self._refuse_line(penalty, _("it is not approved, or posted already"))
        family = ("out_refund", "out_invoice") if penalty._is_sale() else ("in_refund", "in_invoice")
        if move.move_type not in family or move.company_id != penalty.company_id:
            self._refuse_line(penalty, _("this is not the kind of document that it belongs on"))
        payer = penalty._payer(move.invoice_date or move.date)
        if move.partner_id.commercial_partner_id != payer.commercial_partner_id:
            self._refuse_line(penalty, _("the document is somebody else's"))
        if self.currency_id != penalty.currency_id or self.discount or self.currency_id.compare_amounts(
                penalty.amount, self._credits()):
            self._refuse_line(penalty, _("it must come to %(wanted)s %(currency)s", wanted=penalty.amount,
                                         currency=penalty.currency_id.name))

    def _check_reverses(self, penalty):
        _, move = self.env._, self.move_id
        if penalty.state != "posted" or penalty.reversed_on or move.reversed_entry_id != penalty.move_id:
            self._refuse_line(penalty, _("it is not posted by the document that this one reverses"))
        posted = penalty.move_line_ids.filtered(lambda line: line.move_id == penalty.move_id)
        if self.discount or self.currency_id != posted.currency_id or not self.currency_id.is_zero(
                posted._credits() + self._credits()):
            self._refuse_line(penalty, _(
                "a penalty is reversed as a whole. Take its line off, or restore its amount %s",
                abs(posted._credits())))

    def _credits(self):
        """What the line credits to the other side before discounts: on invoices its amount counts against them."""
        amount = self.quantity * self.price_unit
        return amount if self.move_id.move_type.endswith("refund") else -amount

    def _refuse_line(self, penalty, why):
        raise UserError(self.env._(
            "%(move)s cannot be posted with the line of %(penalty)s: %(why)s.",
            move=self.move_id.display_name, penalty=penalty.display_name, why=why))

    def _settle_penalties(self):
        """The documents of these lines were posted: so are their penalties, or they are reversed."""
        for move, lines in self.grouped("move_id").items():
            if lines.aftersales_penalty_id:
                lines.aftersales_penalty_id._accept_posting(move)
            if lines.aftersales_reverses_id:
                lines.aftersales_reverses_id._accept_reversal(move)

    # --- what is posted stays ----------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        linked = [vals for vals in vals_list if vals.get("aftersales_penalty_id")]
        if linked and not (self.env.su or self.env.user.has_groups(FINANCE)):
            raise AccessError(self.env._("Only finance or an administrator puts penalties on a document."))
        moves = self.env["account.move"].browse({vals["move_id"] for vals in vals_list if vals.get("move_id")})
        moves._refuse_penalty_change()
        return super().create(vals_list)

    def write(self, vals):
        named = [name for name in FIXED_OF_LINE if name in vals]
        if named:
            Move = self.env["account.move"]
            if not self.env.su and any(Move._field_will_change(line, vals, name) for line in self for name in LINKS):
                raise AccessError(self.env._("Which penalty a line belongs to is not changed by hand."))
            changed = self.filtered(lambda line: line.parent_state == "posted" and any(
                Move._field_will_change(line, vals, name) for name in named))
            changed.move_id._refuse_penalty_change()
        return super().write(vals)

    def unlink(self):
        if not is_uninstalling(self.env):
            self.move_id._refuse_penalty_change()
        return super().unlink()
