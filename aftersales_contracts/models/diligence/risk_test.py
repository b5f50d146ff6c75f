"""Test of a mitigation plan: when it was tried, whether it worked. Added, never changed."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class RiskTest(models.Model):
    _name = "aftersales.risk.test"
    _inherit = ["aftersales.appended"]
    _description = "Test of a Mitigation Plan"
    _order = "day desc, id desc"

    risk_id = fields.Many2one("aftersales.risk", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="risk_id.company_id", store=True, index=True)
    day = fields.Date(string="Tested", required=True, default=fields.Date.context_today)
    passed = fields.Boolean(string="It Worked")
    note = fields.Text(string="What Was Tried and Seen", required=True)
    user_id = fields.Many2one("res.users", string="Recorded by", readonly=True, default=lambda self: self.env.user)

    @api.depends("risk_id", "day")
    def _compute_display_name(self):
        for test in self:
            test.display_name = f"{test.risk_id.name or ''} · {test.day or ''}"

    @api.model_create_multi
    def create(self, vals_list):
        risks = self.env["aftersales.risk"].browse([vals["risk_id"] for vals in vals_list if vals.get("risk_id")])
        for risk in risks:
            if risk.state == "closed":
                raise UserError(self.env._("Risk %s is closed: there is nothing to test.", risk.display_name))
            if not (risk.mitigation or "").strip():
                raise UserError(self.env._("Risk %s has no plan yet that could be tested.", risk.display_name))
        tests = super().create([{**vals, "user_id": self.env.uid} for vals in vals_list])
        tests.risk_id._failed_tests()
        return tests

    @api.constrains("day")
    def _check_day(self):
        for test in self:
            if test.day > test.risk_id._today():
                raise ValidationError(self.env._(
                    "Risk %(risk)s: a test on %(day)s has not happened yet.", risk=test.risk_id.display_name,
                    day=test.day))


class Risk(models.Model):
    _inherit = "aftersales.risk"

    def _failed_tests(self):
        """A plan that failed its last test protects from nothing: the risk is open again."""
        for risk in self.filtered(lambda r: r.state == "mitigated" and not r.test_passed):
            risk._write_guarded({
                "state": "open", "decided_by_id": False, "decided_on": False,
                "reason": self.env._("The plan failed its test on %s.", risk.tested_on)})
