"""Failure causes: the words by which exclusions and recalls know why something failed."""

from odoo import fields, models
from odoo.exceptions import UserError


class Cause(models.Model):
    _name = "aftersales.cause"
    _description = "Failure Cause"
    _order = "sequence, code"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="How rules and verdicts name it; it does not change.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "There is a failure cause with this code already.")

    def write(self, vals):
        """Released policies and claims know causes by their codes."""
        for cause in self:
            if "code" in vals and vals["code"] != cause.code:
                raise UserError(self.env._("The code of failure cause %s does not change.", cause.display_name))
        return super().write(vals)
