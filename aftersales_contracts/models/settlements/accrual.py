"""Accruals: what the shares of a month come to that are not in the books yet, dealer by dealer.

Two kinds of them: what a period that still runs has come to by the end of the month, reckoned by the same engine as its
settlement will be; and settlements of periods that have ended which nobody had posted by then. Rows follow from both,
nobody enters them; once an entry is booked for a month its rows stay, for they are its voucher.
"""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, float_repr, format_date

from ..statements.statement_snapshot import period_label
from .settlement import FINANCE

KINDS = [
    ("open", "Open Period"),
    ("unposted", "Settlement Not Posted"),
]


class Accrual(models.Model):
    _name = "aftersales.accrual"
    _inherit = ["aftersales.frozen"]
    _description = "Accrued Share"
    _order = "day desc, dealer_id, id"
    _rec_name = "dealer_id"
    _rec_names_search = ["dealer_id.name", "contract_id.name"]

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    day = fields.Date(
        string="Month End", required=True, readonly=True, index=True,
        help="The last day of the month, and of the entry.")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    contract_id = fields.Many2one(
        "aftersales.contract", string="Dealer Contract", required=True, readonly=True, index=True, ondelete="restrict")
    dealer_id = fields.Many2one("res.partner", required=True, readonly=True, index=True, ondelete="restrict")
    user_id = fields.Many2one(related="contract_id.user_id", string="Account Manager")
    settlement_id = fields.Many2one(
        "aftersales.settlement", readonly=True, index="btree_not_null", ondelete="restrict",
        help="The settlement that was not posted by the end of the month.")
    period_start = fields.Date(string="From", required=True, readonly=True)
    period_end = fields.Date(string="Until", required=True, readonly=True)
    amount = fields.Monetary(
        readonly=True, aggregator=None,
        help="What the dealer receives, before withholding and taxes; below zero the dealer owes it.")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    company_amount = fields.Monetary(
        string="Accrued", readonly=True, currency_field="company_currency_id",
        help="In the currency of the company, at the rate of the end of the month.")
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    problem = fields.Char(string="Cannot Be Told", readonly=True, help="Such a row is not booked.")
    computed_at = fields.Datetime(string="Computed", required=True, readonly=True)
    move_id = fields.Many2one(
        "account.move", string="Accrual Entry", readonly=True, index="btree_not_null", ondelete="set null", copy=False)
    state = fields.Selection(
        [("estimated", "Estimated"), ("entry", "Draft Entry"), ("booked", "Booked"), ("reversed", "Reversed")],
        compute="_compute_state", search="_search_state", help="Reversed: the entry of the next day took it back.")

    _once = models.UniqueIndex(
        "(contract_id, currency_id, day, kind, period_start, COALESCE(settlement_id, 0))",
        "This dealer has an accrual of this month in this currency already.")

    @api.depends("dealer_id", "day")
    @api.depends_context("lang")
    def _compute_display_name(self):
        lang = self.env.lang or "en_US"
        for row in self:
            month = row.day and period_label(row.day.replace(day=1), row.day, lang)
            row.display_name = " · ".join(filter(None, (row.dealer_id.sudo().name, month)))

    @api.depends("move_id.state", "move_id.reversal_move_ids.state")
    def _compute_state(self):
        for row in self.sudo():  # whether it is in the books is told to whoever may see the row
            move = row.move_id
            row.state = ("estimated" if not move or move.state == "cancel" else "entry" if move.state == "draft"
                         else "reversed" if "posted" in move.reversal_move_ids.mapped("state") else "booked")

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        rows = self.sudo().search([("move_id", "!=", False)] if "estimated" not in value else [])
        return [("id", "in", rows.filtered(lambda row: row.state in value).ids)]

    def _money(self, value):
        """A stored amount as a Decimal with the digits of the currency."""
        return Decimal(float_repr(value or 0.0, self.currency_id.decimal_places))

    # --- guard -----------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_entry()
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_entry()
        return super().write(vals)

    def unlink(self):
        self._refuse_entry()
        return super().unlink()

    def _refuse_entry(self):
        if not self.env.su:
            raise UserError(self.env._("Accruals follow from the shares of a month: nobody enters them."))

    def _frozen(self):
        return self.filtered(lambda row: row.state != "estimated")

    def _refuse_frozen(self):
        for row in self._frozen()[:1]:
            raise UserError(self.env._(
                "%(row)s is the voucher of %(entry)s and stays as it is.", row=row.display_name,
                entry=row.sudo().move_id.display_name))

    @api.model
    def _check_people(self):
        """Accruals are reckoned and booked by finance and administrators, whichever way the call comes."""
        if not (self.env.su or self.env.user.has_groups(FINANCE)):
            raise AccessError(self.env._("Only finance or an administrator accrues shares."))

    # --- reckoning -------------------------------------------------------------------------------------------

    @api.model
    def _compute_month(self, company, day):
        """Reckon the accruals of the month that ``day`` lies in anew, in place of those that no entry stands on.

        Returns all rows of the month. Raises UserError where an entry was made of them: it would say something else
        than its voucher then.
        """
        self._check_people()
        day = fields.Date.end_of(day, "month")
        self._lock_month(company, day)
        before = self.sudo().search([("company_id", "=", company.id), ("day", "=", day)])
        before._refuse_frozen()
        before.unlink()
        now = fields.Datetime.now()
        values = [{**row, "company_id": company.id, "day": day, "computed_at": now, **self._in_books(company, day, row)}
                  for row in (*self._unposted(company, day), *self._still_open(company, day))]
        return self.sudo().create(values).sudo(False)  # nobody enters them: they were reckoned just now

    @api.model
    def _lock_month(self, company, day):
        """Nobody else reckons or books this month of the company until the transaction ends."""
        self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", self._name,
                                company.id * 10000 + day.year * 12 + day.month))

    @api.model
    def _in_books(self, company, day, row):
        """{company_amount, problem} of a row: at the rate of ``day``; nothing where there is no rate by then."""
        currency = self.env["res.currency"].browse(row["currency_id"])
        if row.get("problem"):
            return {"amount": 0.0, "company_amount": 0.0}
        if currency != company.currency_id and not self._rate_known(company, currency, day):
            return {"company_amount": 0.0, "problem": self.env._(
                "%(currency)s has no rate on %(day)s", currency=currency.name, day=format_date(self.env, day))}
        return {"company_amount": currency._convert(row["amount"], company.currency_id, company, day)}

    @api.model
    def _rate_known(self, company, currency, day):
        """Whether ``currency`` has a rate of ``day`` or before; Odoo itself would take a later one, or 1."""
        return bool(self.env["res.currency.rate"].sudo().search_count([  # rates are no secret
            ("currency_id", "=", currency.id), ("name", "<=", day),
            ("company_id", "in", (False, company.root_id.id))], limit=1))

    # --- what is not in the books ----------------------------------------------------------------------------

    @api.model
    def _still_open(self, company, day):
        """Values of the rows of dealers of whom something is open on ``day``: periods that still run, and periods that
        nobody has settled."""
        return [{
            "kind": "open", "contract_id": one.contract.id, "dealer_id": one.contract.partner_id.id,
            "currency_id": one.currency.id, "period_start": one.start, "period_end": one.last,
            "amount": float(one.total - one.withheld), "problem": one.problem or False}
            for one in self.env["aftersales.settlement"].sudo()._preview(company, day)  # all dealers, whoever asks
            if one.problem or one.total - one.withheld]

    @api.model
    def _unposted(self, company, day):
        """Values of the rows of settlements that were in no posted document on ``day``. What is held counts: it is
        disputed, not gone; what is left to the next settlement counts there."""
        Settlement = self.env["aftersales.settlement"].sudo()  # all of them, whoever asks
        booked = Domain("state", "in", ("posted", "paid", "closed")) & (
            Domain("posted_on", "=", False) | Domain("posted_on", "<=", day))
        found = Settlement.search(
            Domain("company_id", "=", company.id) & Domain("period_start", "<=", day) & ~booked, order="id")
        withheld = self._withheld(found)
        rows = [{
            "kind": "unposted", "contract_id": one.contract_id.id, "dealer_id": one.dealer_id.id,
            "settlement_id": one.id, "currency_id": one.currency_id.id, "period_start": one.period_start,
            "period_end": one.period_end,
            "amount": float(one._money(one.payable) + one._money(one.held) - one._money(withheld.get(one.id))),
            "problem": one.period_end > day and self.env._(
                "%s is settled beyond this month already: what the month has in it is not known", one.name)}
            for one in found]
        return [row for row in rows if row["amount"] or row["problem"]]

    @api.model
    def _withheld(self, settlements):
        """{settlement id: amount} of what settlements keep back, zero or below."""
        self.env["aftersales.settlement.line"].flush_model()
        return dict(self.env.execute_query(SQL(
            """SELECT settlement_id, sum(amount) FROM aftersales_settlement_line
                WHERE settlement_id = ANY(%s) AND kind = 'withholding' GROUP BY settlement_id""", settlements.ids)))
