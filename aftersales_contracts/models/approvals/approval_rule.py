"""The approval matrix: which group approves a contract of which amount, type and clause deviation, in which step."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.approval import ApprovalRule as Rule

DEVIATIONS = [
    ("none", "None: Library Text"),
    ("acceptable", "Acceptable Variant"),
    ("last_resort", "Last-resort Variant"),
    ("deviating", "Own Wording"),
]


class ApprovalRule(models.Model):
    _name = "aftersales.approval.rule"
    _description = "Approval Rule"
    _order = "sequence, amount_from, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(string="Step", default=1, help="Steps are taken in this order.")
    group_id = fields.Many2one(
        "res.groups", string="Approved by", ondelete="restrict",
        help="Anybody of this group may approve. Empty: no approval is needed.")
    contract_type_ids = fields.Many2many("aftersales.contract.type", string="Types", help="Empty: every type.")
    amount_from = fields.Monetary(string="From Amount", help="Value of a year, in the company's currency.")
    amount_below = fields.Monetary(string="Below Amount", help="Zero: no limit.")
    deviation = fields.Selection(
        DEVIATIONS, string="From Deviation", required=True, default="none",
        help="The rule holds for contracts whose clauses deviate from the library at least so much.")
    valid_days = fields.Integer(string="Approval Valid (Days)", default=90, help="Zero: until the terms change.")
    company_id = fields.Many2one("res.company", help="Empty: every company.")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    active = fields.Boolean(default=True)

    _days_positive = models.Constraint("CHECK(valid_days >= 0)", "An approval cannot be valid for less than no day.")

    @api.depends("company_id")
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    @api.constrains("amount_from", "amount_below")
    def _check_amounts(self):
        for rule in self:
            if rule.amount_from < 0 or (rule.amount_below and rule.amount_below <= rule.amount_from):
                raise ValidationError(self.env._(
                    "Approval rule %(rule)s: the amounts %(start)s to %(end)s hold no contract.",
                    rule=rule.name, start=rule.amount_from, end=rule.amount_below))

    def _engine_rules(self):
        """The rules as the engine reads them; groups and types by id."""
        return [
            Rule(group=rule.group_id.id or None, sequence=rule.sequence, at_least=Decimal(str(rule.amount_from)),
                 below=Decimal(str(rule.amount_below)) if rule.amount_below else None,
                 types=frozenset(rule.contract_type_ids.ids) or None, deviation=rule.deviation)
            for rule in self]
