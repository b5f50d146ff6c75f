"""Ground of termination: what a contract may be ended for, and what must be there and is owed then."""

from odoo import fields, models

KINDS = [
    ("cause", "For Cause"), ("convenience", "For Convenience"), ("mutual", "By Mutual Agreement"),
    ("insolvency", "Insolvency"), ("change_of_control", "Change of Control"), ("other", "Other"),
]
FEE_KINDS = [
    ("none", "None"), ("fixed", "Fixed Amount"), ("percent_of_remaining", "Percent of the Remaining Value"),
    ("periods", "Number of Periods"),
]
CREDIT_RULES = [
    ("full", "Unused Prepaid Days in Full"), ("override", "An Agreed Amount"), ("suppress", "No Credit")]


class TerminationGround(models.Model):
    _name = "aftersales.termination.ground"
    _description = "Ground of Termination"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(KINDS, required=True, default="other")
    company_id = fields.Many2one("res.company", help="Empty: every company may use it.")
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True)
    needs_notice = fields.Boolean(
        help="A registered notice of termination must be there, and its period must have run.")
    cure_days = fields.Integer(
        string="Cure Period (Days)", help="For cause: days to cure the notified breach, unless the contract says "
        "otherwise.")
    fee_kind = fields.Selection(
        [("contract", "As the Contract Says"), *FEE_KINDS], string="Fee", required=True, default="none")
    fee_value = fields.Float(help="An amount in the currency of the contract, a percentage, or a number of periods.")
    fee_cap = fields.Float(help="The most that the fee comes to; 0: no cap.")
    credit_rule = fields.Selection(CREDIT_RULES, string="Credit", required=True, default="full")
    needs_legal = fields.Boolean(string="Legal Confirms", help="Takes effect only once legal counsel confirmed it.")

    _cure_sign = models.Constraint("CHECK(cure_days >= 0)", "A cure period is a number of days of 0 or more.")
    _fee_sign = models.Constraint("CHECK(fee_value >= 0 AND fee_cap >= 0)", "A fee and its cap are 0 or more.")
