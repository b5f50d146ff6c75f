"""Budget of goodwill: what a company gives its customers beyond its promises in some days, and who may give it."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import float_repr


class GoodwillBudget(models.Model):
    _name = "aftersales.goodwill.budget"
    _description = "Goodwill Budget"
    _inherit = ["mail.thread"]
    _order = "date_from desc, name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="restrict", default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    categ_ids = fields.Many2many(
        "product.category", "aftersales_goodwill_budget_category", string="Product Families",
        help="And those below them. Empty: all machines.")
    date_from = fields.Date(
        string="From", required=True, default=lambda self: fields.Date.start_of(fields.Date.today(), "year"))
    date_to = fields.Date(
        string="Until", required=True, default=lambda self: fields.Date.end_of(fields.Date.today(), "year"),
        help="The last day.")
    amount = fields.Monetary(required=True, tracking=True)
    case_limit = fields.Monetary(
        string="Limit for Each Case", tracking=True, help="More takes an administrator. 0: no limit.")
    approver_ids = fields.Many2many(
        "res.users", "aftersales_goodwill_approver", string="Approvers", domain=[("share", "=", False)],
        help="Who may approve goodwill of this budget, besides administrators.")
    goodwill_ids = fields.One2many("aftersales.goodwill", "budget_id", readonly=True)
    committed = fields.Monetary(compute="_compute_left", help="Approved, whether claims have used it or not yet.")
    spent = fields.Monetary(compute="_compute_left", help="What goodwill pays of decided claim lines.")
    left = fields.Monetary(compute="_compute_left", help="The amount less what is committed.")
    left_percent = fields.Float(string="Left (%)", compute="_compute_left")
    active = fields.Boolean(default=True)

    _amounts_sign = models.Constraint(
        "CHECK(amount >= 0 AND COALESCE(case_limit, 0) >= 0)", "Amounts of a budget are not negative.")
    _days_order = models.Constraint("CHECK(date_to >= date_from)", "A budget cannot end before it begins.")

    @api.depends("amount", "goodwill_ids.state", "goodwill_ids.amount", "goodwill_ids.used_amount")
    def _compute_left(self):
        for budget in self:
            approved = budget.sudo().goodwill_ids.filtered(lambda one: one.state == "approved")  # of all claims
            committed = sum((one._committed() for one in approved), Decimal(0))
            budget.committed, budget.spent = float(committed), sum(approved.mapped("used_amount"))
            left = Decimal(float_repr(budget.amount, budget.currency_id.decimal_places)) - committed
            budget.left = float(left)
            budget.left_percent = 100 * budget.left / budget.amount if budget.amount else 0.0

    def _money(self, value):
        return Decimal(float_repr(value or 0.0, self.currency_id.decimal_places))

    @api.model
    def _for_claim(self, claim):
        """The budgets that a claim may be given goodwill of, the closest family first, on the day it was reported."""
        above = (claim.product_id.categ_id.parent_path or "").strip("/").split("/")
        path = [int(key) for key in reversed(above) if key]
        found = self.search(
            Domain("company_id", "=", claim.company_id.id) & Domain("date_from", "<=", claim.reported_on)
            & Domain("date_to", ">=", claim.reported_on)
            & (Domain("categ_ids", "=", False) | Domain("categ_ids", "in", path)), order="id")
        return found.sorted(lambda budget: min(
            (path.index(categ.id) for categ in budget.categ_ids if categ.id in path), default=len(path)))

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        for budget in self:
            if budget.sudo().goodwill_ids:
                raise UserError(self.env._("Goodwill was given of budget %s: archive it instead.", budget.name))
