"""Where recoveries from suppliers are booked, and how long suppliers have for their answer."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_recovery_answer_days = fields.Integer(
        string="Suppliers Answer within", default=30, help="Days from the letter to the last day for an answer.")
    aftersales_recovery_journal_id = fields.Many2one(
        "account.journal", string="Journal of Recoveries", check_company=True, domain="[('type', '=', 'purchase')]")
    aftersales_recovery_account_id = fields.Many2one(
        "account.account", string="Account of Recoveries", check_company=True,
        domain="[('account_type', 'not in', ('asset_receivable', 'liability_payable', 'off_balance'))]")
    aftersales_recovery_tax_ids = fields.Many2many(
        "account.tax", "aftersales_recovery_tax_rel", "company_id", "tax_id", string="Taxes of Recoveries",
        check_company=True, domain="[('type_tax_use', '=', 'purchase')]")

    _recovery_answer_days = models.Constraint(
        "CHECK(aftersales_recovery_answer_days >= 0)", "Days for an answer are not negative.")


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_recovery_answer_days = fields.Integer(
        related="company_id.aftersales_recovery_answer_days", readonly=False)
    aftersales_recovery_journal_id = fields.Many2one(
        related="company_id.aftersales_recovery_journal_id", readonly=False)
    aftersales_recovery_account_id = fields.Many2one(
        related="company_id.aftersales_recovery_account_id", readonly=False)
    aftersales_recovery_tax_ids = fields.Many2many(
        related="company_id.aftersales_recovery_tax_ids", readonly=False)
