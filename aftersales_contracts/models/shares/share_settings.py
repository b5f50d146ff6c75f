"""Where settlements are posted to, and by when they are made and answered: settings of the company."""

from odoo import fields, models

OF_RESULT = ("income", "income_other", "expense", "expense_direct_cost", "expense_other")


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_share_purchase_journal_id = fields.Many2one(
        "account.journal", string="Journal of Dealer Shares", check_company=True, domain=[("type", "=", "purchase")],
        help="Bills for what dealers receive; empty: the first purchase journal.")
    aftersales_share_sale_journal_id = fields.Many2one(
        "account.journal", string="Journal of Charges to Dealers", check_company=True, domain=[("type", "=", "sale")],
        help="Invoices for what dealers pay; empty: the first sales journal.")
    aftersales_share_account_id = fields.Many2one(
        "account.account", string="Account of Dealer Shares", check_company=True,
        domain=[("account_type", "in", OF_RESULT)], help="Empty: the default account of the journal.")
    aftersales_share_brand_account_id = fields.Many2one(
        "account.account", string="Account of Brand Fees", check_company=True,
        domain=[("account_type", "in", OF_RESULT)],
        help="What dealers pay for using the brand; empty: the account of dealer shares.")
    aftersales_share_withholding_account_id = fields.Many2one(
        "account.account", string="Account of Withholding", check_company=True,
        domain=[("account_type", "in", ("liability_current", "liability_non_current"))],
        help="What is kept back of dealers' shares. Needed where a rule withholds something.")
    aftersales_share_tax_ids = fields.Many2many(
        "account.tax", "aftersales_share_tax", string="Taxes on Dealer Shares", check_company=True,
        domain=[("type_tax_use", "=", "purchase")], help="Empty: none. The dealer's fiscal position maps them.")
    aftersales_share_sale_tax_ids = fields.Many2many(
        "account.tax", "aftersales_share_sale_tax", string="Taxes on Charges to Dealers", check_company=True,
        domain=[("type_tax_use", "=", "sale")], help="Empty: none. The dealer's fiscal position maps them.")
    aftersales_share_fiscal_position = fields.Boolean(
        string="Dealers Need a Fiscal Position",
        help="A dealer without one is named as a gap, and nothing is posted until it has one.")
    aftersales_settlement_days = fields.Integer(
        string="Days until Settlements", default=5,
        help="So many days after the end of a period its settlements are made by the night.")
    aftersales_settlement_answer_days = fields.Integer(
        string="Days to Answer", default=14, help="So many days a dealer has to accept or dispute a settlement.")
    aftersales_settlement_silence_accepts = fields.Boolean(
        string="Silence Is Acceptance", help="What new share rules say: lines that are not answered in time count as "
        "accepted.")

    _aftersales_settlement_days = models.Constraint(
        "CHECK(COALESCE(aftersales_settlement_days, 0) >= 0 AND COALESCE(aftersales_settlement_answer_days, 0) >= 0)",
        "The days of settlements are not negative.")


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_share_purchase_journal_id = fields.Many2one(
        related="company_id.aftersales_share_purchase_journal_id", readonly=False)
    aftersales_share_sale_journal_id = fields.Many2one(
        related="company_id.aftersales_share_sale_journal_id", readonly=False)
    aftersales_share_account_id = fields.Many2one(related="company_id.aftersales_share_account_id", readonly=False)
    aftersales_share_brand_account_id = fields.Many2one(
        related="company_id.aftersales_share_brand_account_id", readonly=False)
    aftersales_share_withholding_account_id = fields.Many2one(
        related="company_id.aftersales_share_withholding_account_id", readonly=False)
    aftersales_share_tax_ids = fields.Many2many(related="company_id.aftersales_share_tax_ids", readonly=False)
    aftersales_share_sale_tax_ids = fields.Many2many(
        related="company_id.aftersales_share_sale_tax_ids", readonly=False)
    aftersales_share_fiscal_position = fields.Boolean(
        related="company_id.aftersales_share_fiscal_position", readonly=False)
    aftersales_settlement_days = fields.Integer(related="company_id.aftersales_settlement_days", readonly=False)
    aftersales_settlement_answer_days = fields.Integer(
        related="company_id.aftersales_settlement_answer_days", readonly=False)
    aftersales_settlement_silence_accepts = fields.Boolean(
        related="company_id.aftersales_settlement_silence_accepts", readonly=False)
