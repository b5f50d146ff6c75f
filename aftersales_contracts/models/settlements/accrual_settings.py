"""Where shares that are not settled yet are accrued to: settings of the company."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_accrual_journal_id = fields.Many2one(
        "account.journal", string="Journal of Accruals", check_company=True, domain=[("type", "=", "general")],
        help="Entries for shares that are not settled yet; empty: the first general journal.")
    aftersales_accrual_account_id = fields.Many2one(
        "account.account", string="Account of Accrued Shares", check_company=True,
        domain=[("account_type", "in", ("liability_current", "asset_current", "asset_prepayments"))],
        help="What dealers are owed for periods that are not settled yet. Needed to book an accrual.")


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_accrual_journal_id = fields.Many2one(
        related="company_id.aftersales_accrual_journal_id", readonly=False)
    aftersales_accrual_account_id = fields.Many2one(
        related="company_id.aftersales_accrual_account_id", readonly=False)
