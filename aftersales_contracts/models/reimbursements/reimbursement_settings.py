"""Where reimbursements of warranty claims and what customers pay of them are booked: settings of the company."""

from odoo import fields, models

from ..shares.share_settings import OF_RESULT


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_reimbursement_account_id = fields.Many2one(
        "account.account", string="Account of Reimbursements", check_company=True,
        domain=[("account_type", "in", OF_RESULT)],
        help="What dealers are paid for warranty claims; empty: the account of dealer shares.")
    aftersales_claim_journal_id = fields.Many2one(
        "account.journal", string="Journal of Customer Parts", check_company=True, domain=[("type", "=", "sale")],
        help="Invoices for what customers pay of claims; empty: the first sales journal.")
    aftersales_claim_account_id = fields.Many2one(
        "account.account", string="Account of Customer Parts", check_company=True,
        domain=[("account_type", "in", ("income", "income_other"))],
        help="What customers pay of claims without a product; empty: the default account of the journal.")
    aftersales_claim_collects = fields.Selection(
        [("company", "We Do"), ("dealer", "The Dealer")], string="Who Collects from Customers", default="company",
        required=True, help="Of claims that a dealer works on. Where we do, the dealer is reimbursed for all of the "
        "approved work, and we invoice the customer's part; else the dealer gets what the customer does not pay.")
    aftersales_claim_tax_ids = fields.Many2many(
        "account.tax", "aftersales_claim_tax", string="Taxes on Customer Parts", check_company=True,
        domain=[("type_tax_use", "=", "sale")],
        help="Where the product has none of its own. The customer's fiscal position maps them.")


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_reimbursement_account_id = fields.Many2one(
        related="company_id.aftersales_reimbursement_account_id", readonly=False)
    aftersales_claim_collects = fields.Selection(related="company_id.aftersales_claim_collects", readonly=False)
    aftersales_claim_journal_id = fields.Many2one(related="company_id.aftersales_claim_journal_id", readonly=False)
    aftersales_claim_account_id = fields.Many2one(related="company_id.aftersales_claim_account_id", readonly=False)
    aftersales_claim_tax_ids = fields.Many2many(related="company_id.aftersales_claim_tax_ids", readonly=False)
