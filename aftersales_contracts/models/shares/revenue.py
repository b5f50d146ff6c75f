"""Attributed revenue: a ledger of which dealer has which part of which invoice line, and why.

Two sentences tell how to read it:

- *Revenue* are the rows of every kind but ``payment``: over all dealers, and what nobody has, they sum to the lines of
  posted invoices and credit notes before taxes, exactly.
- *A settlement takes* the rows with ``is_due``, each once: where what is invoiced counts, those of invoices, credit
  notes and changes; where what is paid counts, those of payments.

A row of a payment says again the whole line in ``amount``, ``quantity`` and ``cost``, and in ``paid_before`` and
``paid_after`` how much of ``document_total`` was paid: the share of the difference is due. ``source_id`` is the row of
the line that is paid; all payments of a line have the same one.

Rows are added and stay. What turns out otherwise (a cancelled invoice, another dealer) is taken back whole by a row of
kind ``change`` (``taken_back_id``), and said anew. Only rows that no settlement has taken yet are removed instead;
payments that were settled are taken back by one that pays down to 0.

``origin_id`` is the row of the line whose share a row takes from, or gives back to: of a credit note the line that it
credits; of a change that line too, else the row that it takes back. So all that was taken of a line adds up in one
place. The ``rate_day`` of a credit note is that of its original.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .ledger_field import LedgerMany2one

KINDS = [
    ("invoice", "Invoice"),
    ("refund", "Credit Note"),
    ("payment", "Payment"),
    ("change", "Taken Back"),
]
REASONS = [  # the closest wins
    ("explicit", "Dealer on the Line"),
    ("contract", "Contract"),
    ("asset", "Covered Asset"),
    ("customer", "Customer"),
    ("product", "Product"),
    ("category", "Product Category"),
    ("territory", "Territory"),
    ("none", "Nobody's"),
    ("rest", "Rest of the Percentages"),
    ("no_rule", "No Agreement on This Day"),
    ("settlement", "Document of a Settlement"),
]
STANDARDS = [("met", "Met"), ("missed", "Missed")]
BASES = [("posted", "What Is Invoiced"), ("paid", "What Is Paid")]


class Revenue(models.Model):
    """Amounts above zero are revenue. ``percent`` is the dealer's part of the line out of 100."""

    _name = "aftersales.revenue"
    _inherit = ["aftersales.appended"]
    _description = "Attributed Revenue"
    _order = "day desc, id desc"
    _rec_name = "move_name"
    _log_access = False  # foreign keys to users cost as much as the row

    company_id = LedgerMany2one("res.company", required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    move_id = LedgerMany2one("account.move", string="Invoice", readonly=True, index=True)
    move_line_id = LedgerMany2one("account.move.line", string="Invoice Line", readonly=True)
    move_name = fields.Char(string="Number", readonly=True)
    day = fields.Date(required=True, readonly=True, help="Of the invoice or of the payment.")
    rate_day = fields.Date(readonly=True, help="Whose rate counts: the original's for credit notes.")
    origin_id = LedgerMany2one(
        "aftersales.revenue", string="Takes from", readonly=True, index="btree_not_null",
        help="The row of the line whose share it takes from.")
    taken_back_id = LedgerMany2one(
        "aftersales.revenue", string="Takes Back", readonly=True, help="The row that does not hold any more.")
    source_id = LedgerMany2one(
        "aftersales.revenue", string="Line Paid", readonly=True, index="btree_not_null",
        help="Of a payment: the row of the line that is paid.")
    generation = fields.Integer(
        readonly=True, aggregator=None, help="How often the line was attributed anew after a settlement.")
    # what the line is
    customer_id = LedgerMany2one("res.partner", readonly=True)
    product_id = LedgerMany2one("product.product", readonly=True)
    categ_id = LedgerMany2one("product.category", string="Product Category", readonly=True)
    line_kind = fields.Char(readonly=True, help="Code of the line kind.")
    contract_id = LedgerMany2one("aftersales.contract", string="Customer's Contract", readonly=True)
    asset_id = LedgerMany2one("aftersales.asset", string="Covered Asset", readonly=True)
    job = fields.Char(readonly=True)
    standard_met = fields.Selection(STANDARDS, string="Standard", readonly=True)
    # how much of it
    quantity = fields.Float(digits=(16, 6), readonly=True)
    amount = fields.Monetary(
        readonly=True, help="Before taxes, the dealer's part; of a payment: the whole line again.")
    currency_id = LedgerMany2one("res.currency", required=True, readonly=True)
    company_amount = fields.Monetary(
        string="Amount in Company Currency", currency_field="company_currency_id", readonly=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    cost = fields.Monetary(
        currency_field="company_currency_id", readonly=True,
        help="As of the invoice's posting, in the company's currency; empty: not known.")
    document_total = fields.Monetary(
        string="Document", readonly=True, aggregator=None, help="Of a payment: what the document comes to, with taxes.")
    paid_before = fields.Monetary(readonly=True, aggregator=None, help="Of a payment: of the document, until then.")
    paid_after = fields.Monetary(readonly=True, aggregator=None, help="Of a payment: of the document, with it.")
    pay_basis = fields.Selection(BASES, string="Counts", readonly=True)
    is_due = fields.Boolean(string="For Settlement", readonly=True, help="A settlement takes it, once.")
    # whose it is
    dealer_contract_id = LedgerMany2one(
        "aftersales.contract", string="Dealer Contract", readonly=True, help="Empty: attributed to nobody.")
    dealer_id = LedgerMany2one("res.partner", string="Dealer", readonly=True)
    attribution_id = LedgerMany2one("aftersales.attribution", readonly=True)
    percent = fields.Float(digits=(16, 6), readonly=True, aggregator=None)
    reason = fields.Selection(REASONS, required=True, readonly=True)
    reason_text = fields.Char(string="Why", compute="_compute_reason_text")
    create_date = fields.Datetime(string="Attributed", readonly=True)

    _once = models.UniqueIndex(
        "(move_line_id, generation, COALESCE(dealer_contract_id, -dealer_id, 0)) WHERE kind IN ('invoice', 'refund')",
        "This line is attributed to this dealer already.")
    _taken_back_once = models.UniqueIndex(
        "(taken_back_id) WHERE taken_back_id IS NOT NULL", "This revenue is taken back already.")
    _for_settlement = models.Index("(dealer_contract_id, day) WHERE is_due")
    _by_day = models.Index("(company_id, day)")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Revenue is attributed from the ledger: nobody enters it."))
        return super().create(vals_list)

    @api.depends("move_name", "product_id", "dealer_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = " · ".join(filter(None, (row.move_name, row.product_id.display_name)))

    @api.depends("reason", "dealer_contract_id", "attribution_id", "percent", "day")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for row in self:
            row.reason_text = row._why()

    def _why(self):
        """Why the dealer, or nobody, has this row, as a sentence."""
        self.ensure_one()
        return self.env["aftersales.revenue"]._why_of(
            self.reason, self.dealer_id.sudo(), self.attribution_id, self.percent, self.day)

    @api.model
    def _why_of(self, reason, dealer, attribution, percent, day):
        _ = self.env._
        names = {"dealer": dealer.display_name or "", "day": format_date(self.env, day) if day else "",
                 "target": attribution.exists().target_name if attribution else ""}
        sentences = {
            "explicit": _("%(dealer)s is named on the invoice line.", **names),
            "contract": _("%(dealer)s serves the contract.", **names),
            "asset": _("%(dealer)s serves the asset %(target)s.", **names),
            "customer": _("%(dealer)s serves the customer %(target)s.", **names),
            "product": _("%(dealer)s has the product %(target)s.", **names),
            "category": _("%(dealer)s has the product category %(target)s.", **names),
            "territory": _("%(dealer)s has the territory %(target)s.", **names),
            "none": _("No attribution fits this line."),
            "rest": _("The percentages of the dealers leave this part to nobody."),
            "no_rule": _("%(dealer)s has no agreement with a share rule in force on %(day)s.", **names),
            "settlement": _("It is the document of a settlement, not revenue with customers."),
        }
        text = sentences[reason]
        if percent and percent != 100 and reason not in ("none", "rest"):
            text += " " + _("Part: %s %%.", f"{percent:g}")
        return text

    def action_open_document(self):
        """Open the invoice or credit note behind the row."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": "account.move", "res_id": self.move_id.id,
                "views": [(False, "form")]}
