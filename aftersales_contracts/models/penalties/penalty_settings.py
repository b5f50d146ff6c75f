"""Where penalties are posted to when their clause does not say: settings of the company."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_penalty_sale_journal_id = fields.Many2one(
        "account.journal", string="Journal of Service Credits", check_company=True, domain=[("type", "=", "sale")],
        help="Credit notes for penalties that we owe; empty: the first sales journal.")
    aftersales_penalty_purchase_journal_id = fields.Many2one(
        "account.journal", string="Journal of Provider Penalties", check_company=True,
        domain=[("type", "=", "purchase")],
        help="Refunds for penalties that providers and dealers owe us; empty: the first purchase journal.")
    aftersales_penalty_account_id = fields.Many2one(
        "account.account", string="Account of Service Credits", check_company=True,
        domain=[("account_type", "in", ("income", "income_other", "expense", "expense_direct_cost", "expense_other"))],
        help="What we credit to customers; empty: the default account of the journal.")
    aftersales_penalty_claim_account_id = fields.Many2one(
        "account.account", string="Account of Provider Penalties", check_company=True,
        domain=[("account_type", "in", ("income", "income_other", "expense", "expense_direct_cost", "expense_other"))],
        help="What providers and dealers owe us; empty: the default account of the journal.")
    aftersales_penalty_sale_tax_ids = fields.Many2many(
        "account.tax", "aftersales_penalty_sale_tax", string="Taxes on Service Credits", check_company=True,
        domain=[("type_tax_use", "=", "sale")],
        help="For clauses without taxes of their own; empty: none. A clause that must be free of tax names a tax of "
        "0 %.")
    aftersales_penalty_purchase_tax_ids = fields.Many2many(
        "account.tax", "aftersales_penalty_purchase_tax", string="Taxes on Provider Penalties", check_company=True,
        domain=[("type_tax_use", "=", "purchase")],
        help="For clauses without taxes of their own; empty: none.")


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_penalty_sale_journal_id = fields.Many2one(
        related="company_id.aftersales_penalty_sale_journal_id", readonly=False)
    aftersales_penalty_purchase_journal_id = fields.Many2one(
        related="company_id.aftersales_penalty_purchase_journal_id", readonly=False)
    aftersales_penalty_account_id = fields.Many2one(
        related="company_id.aftersales_penalty_account_id", readonly=False)
    aftersales_penalty_claim_account_id = fields.Many2one(
        related="company_id.aftersales_penalty_claim_account_id", readonly=False)
    aftersales_penalty_sale_tax_ids = fields.Many2many(
        related="company_id.aftersales_penalty_sale_tax_ids", readonly=False)
    aftersales_penalty_purchase_tax_ids = fields.Many2many(
        related="company_id.aftersales_penalty_purchase_tax_ids", readonly=False)
