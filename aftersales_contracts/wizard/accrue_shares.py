"""Accrue shares: reckons what a month has come to for dealers that are not settled yet, and books it."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class AccrueShares(models.TransientModel):
    _name = "aftersales.accrue.shares"
    _description = "Accrue Dealer Shares"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    day = fields.Date(
        string="Month", required=True, default=lambda self: self._default_day(),
        help="Any day of it: the entry is dated on its last day.")
    date_end = fields.Date(string="Entry Dated", compute="_compute_rows")
    accrual_ids = fields.Many2many("aftersales.accrual", string="What It Comes To", compute="_compute_rows")
    currency_id = fields.Many2one(related="company_id.currency_id")
    total = fields.Monetary(compute="_compute_rows", help="In the currency of the company.")
    computed_at = fields.Datetime(string="Reckoned", compute="_compute_rows")
    booked = fields.Boolean(compute="_compute_rows")
    gap_text = fields.Char(string="Cannot Be Booked, for", compute="_compute_rows")

    @api.model
    def _default_day(self):
        """The last day of the month before this one."""
        return fields.Date.subtract(fields.Date.start_of(fields.Date.context_today(self), "month"), days=1)

    @api.depends("company_id", "day")
    def _compute_rows(self):
        Accrual = self.env["aftersales.accrual"]
        for wizard in self:
            day = wizard.day and fields.Date.end_of(wizard.day, "month")
            rows = Accrual._of_month(wizard.company_id, day) if day else Accrual
            wizard.date_end, wizard.accrual_ids = day, rows
            wizard.total = sum(rows.mapped("company_amount"))
            wizard.computed_at = max(rows.mapped("computed_at"), default=False)
            wizard.booked = any(row.state != "estimated" for row in rows)
            wizard.gap_text = "; ".join(Accrual._entry_gaps(wizard.company_id, day)) if day else False

    def action_compute(self):
        """Reckon the month; the rights are checked there."""
        self.ensure_one()
        self._check_company_mine()
        self.env["aftersales.accrual"]._compute_month(self.company_id, self.day)
        return {"type": "ir.actions.act_window", "name": self.env._("Accrue Shares"), "res_model": self._name,
                "res_id": self.id, "views": [(False, "form")], "target": "new"}

    def action_book(self):
        """Make the draft entry of the month from what was reckoned; the rights are checked there."""
        self.ensure_one()
        self._check_company_mine()
        move = self.env["aftersales.accrual"]._book_month(
            self.company_id, fields.Date.end_of(self.day, "month"))
        return {"type": "ir.actions.act_window", "res_model": "account.move", "res_id": move.id,
                "views": [(False, "form")]}

    def _check_company_mine(self):
        if self.company_id not in self.env.companies:
            raise UserError(self.env._(
                "%s is not one of the companies that you work in.", self.company_id.display_name))
