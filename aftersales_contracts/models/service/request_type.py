from odoo import fields, models


class RequestType(models.Model):
    """What a customer asks for: an incident, a repair, a preventive visit, a question."""

    _name = "aftersales.request.type"
    _description = "Service Request Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "A request type's code must be unique.")
