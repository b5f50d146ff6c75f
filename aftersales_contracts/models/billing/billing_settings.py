"""How a company bills its contracts, and what a customer wants otherwise."""

from odoo import api, fields, models

GROUPING = [("contract", "One Invoice a Contract"), ("customer", "One Invoice a Customer")]
INCOME = ("income", "income_other")
EXPENSE = ("expense", "expense_direct_cost", "expense_other", "asset_current", "asset_prepayments")


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_billing_post = fields.Selection(
        [("draft", "Leave as Drafts"), ("posted", "Post at Once")], string="Contract Invoices", required=True,
        default="draft", help="What the nightly work does with invoices to customers. Vendor bills stay drafts.")
    aftersales_invoice_group = fields.Selection(
        GROUPING, string="Contracts on an Invoice", required=True, default="contract",
        help="Where the customer does not say.")
    aftersales_billing_journal_id = fields.Many2one(
        "account.journal", string="Journal of Contract Invoices", check_company=True, domain=[("type", "=", "sale")],
        help="Empty: the first sales journal, one in the currency of the contract before others.")
    aftersales_billing_purchase_journal_id = fields.Many2one(
        "account.journal", string="Journal of Provider Bills", check_company=True, domain=[("type", "=", "purchase")],
        help="Empty: the first purchase journal.")
    aftersales_billing_account_id = fields.Many2one(
        "account.account", string="Income of Contracts", check_company=True,
        domain=[("account_type", "in", INCOME)],
        help="For lines without a product; empty: the default account of the journal.")
    aftersales_billing_expense_account_id = fields.Many2one(
        "account.account", string="Cost of Providers", check_company=True, domain=[("account_type", "in", EXPENSE)],
        help="For lines of provider contracts without a product; empty: the default account of the journal.")


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_billing_post = fields.Selection(
        related="company_id.aftersales_billing_post", readonly=False, required=True)
    aftersales_invoice_group = fields.Selection(
        related="company_id.aftersales_invoice_group", readonly=False, required=True)
    aftersales_billing_journal_id = fields.Many2one(
        related="company_id.aftersales_billing_journal_id", readonly=False)
    aftersales_billing_purchase_journal_id = fields.Many2one(
        related="company_id.aftersales_billing_purchase_journal_id", readonly=False)
    aftersales_billing_account_id = fields.Many2one(
        related="company_id.aftersales_billing_account_id", readonly=False)
    aftersales_billing_expense_account_id = fields.Many2one(
        related="company_id.aftersales_billing_expense_account_id", readonly=False)


class ResPartner(models.Model):
    _inherit = "res.partner"

    aftersales_invoice_group = fields.Selection(
        GROUPING, string="Contracts on an Invoice", help="Empty: as the company bills.")

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "aftersales_invoice_group"]
