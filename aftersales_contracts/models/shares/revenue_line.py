"""What an invoice line says for the shares of dealers: who has it, for which machine and job, whether the standard was
met, and what it cost. None of it is accounting data: it may be said of posted lines too, until it is settled."""

from odoo import api, fields, models
from odoo.tools.sql import column_exists, create_column

STANDARDS = [("met", "Met"), ("missed", "Missed")]
SAID = ("aftersales_dealer_id", "aftersales_dealer_reason", "aftersales_asset_id", "aftersales_job",
        "aftersales_request_id", "aftersales_standard")


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    aftersales_dealer_id = fields.Many2one(
        "res.partner", string="Dealer", copy=False, index="btree_not_null", ondelete="restrict",
        help="Who has the revenue of this line, whatever the attributions say.")
    aftersales_dealer_reason = fields.Char(string="Why This Dealer", copy=False)
    aftersales_request_id = fields.Many2one(
        "aftersales.request", string="Service Request", index="btree_not_null", ondelete="set null",
        help="The job that the line is for.")
    aftersales_asset_id = fields.Many2one(
        "aftersales.asset", string="Covered Asset", compute="_compute_aftersales_job", store=True, readonly=False,
        precompute=True, index="btree_not_null", ondelete="restrict")
    aftersales_job = fields.Char(
        string="Job", compute="_compute_aftersales_job", store=True, readonly=False, precompute=True,
        help="Lines with the same one are one job, however many they are.")
    aftersales_standard = fields.Selection(
        STANDARDS, string="Standard", compute="_compute_aftersales_standard", store=True, readonly=False,
        help="Whether the job met its service levels, for rates that go by it; empty: nobody knows.")
    aftersales_cost = fields.Monetary(
        string="Cost", currency_field="company_currency_id", readonly=True, copy=False,
        groups="account.group_account_invoice,aftersales_contracts.group_account_manager,"
               "aftersales_contracts.group_finance",
        help="Of the whole line, as of the day on which it was posted; empty: not known.")

    def _auto_init(self):
        """Lines of before have no request: their columns are made empty, not computed one by one."""
        for name, kind in (("aftersales_asset_id", "int4"), ("aftersales_job", "varchar"),
                           ("aftersales_standard", "varchar")):
            if not column_exists(self.env.cr, self._table, name):
                create_column(self.env.cr, self._table, name, kind)
        return super()._auto_init()

    @api.depends("aftersales_request_id")
    def _compute_aftersales_job(self):
        for line in self:
            request = line.aftersales_request_id.sudo()  # who writes an invoice need not see requests
            line.aftersales_job = request.name or line.aftersales_job
            line.aftersales_asset_id = request.asset_id or line.aftersales_asset_id

    @api.depends("aftersales_request_id")
    def _compute_aftersales_standard(self):
        for line in self:
            request = line.aftersales_request_id.sudo()  # who writes an invoice need not see clocks
            line.aftersales_standard = request._standard_met() if request else line.aftersales_standard


class Request(models.Model):
    _inherit = "aftersales.request"

    def _standard_met(self):
        """"met" where every decided clock was met or excused, "missed" where one was breached, else False."""
        self.ensure_one()
        decided = self.clock_ids.filtered(lambda clock: clock.is_current and clock.state in ("met", "breached"))
        if not decided:
            return False
        return "missed" if any(clock.state == "breached" and not clock.excused for clock in decided) else "met"
