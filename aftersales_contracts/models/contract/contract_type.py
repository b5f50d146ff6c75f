"""Contract type: what kind of contract it is, and the sections it must have before it takes effect."""

from odoo import fields, models

KINDS = [
    ("customer", "Customer Service Contract"),
    ("provider", "Provider Contract"),
    ("dealer", "Dealer Contract"),
]


class ContractType(models.Model):
    _name = "aftersales.contract.type"
    _description = "Contract Type"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        KINDS, required=True, default="customer",
        help="Customer: we serve. Provider: somebody serves for us. Dealer: an authorised provider serves and shares "
        "the revenue.")
    company_id = fields.Many2one("res.company", help="Empty: every company may use it.")
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True)
    needs_policy = fields.Boolean(string="Needs Service Levels", default=True)
    needs_scope = fields.Boolean(string="Needs Scope of Service")
    needs_lines = fields.Boolean(string="Needs Prices")
    needs_clauses = fields.Boolean()
    needs_nda = fields.Boolean(string="Needs an NDA in Force")
    needs_assets = fields.Boolean(string="Needs Covered Assets")
    needs_plan = fields.Boolean(string="Needs a Service Plan")
    needs_signatory = fields.Boolean(string="Needs a Signatory of Each Side")
    needs_end = fields.Boolean(string="Needs a Last Day or a Notice Period")
    contract_ids = fields.One2many("aftersales.contract", "contract_type_id", string="Contracts")
