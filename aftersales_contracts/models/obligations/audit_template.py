from odoo import fields, models

AUDIT_KINDS = [("quality", "Quality"), ("compliance", "Compliance"), ("security", "Security")]


class AuditTemplate(models.Model):
    """Checklist: what an audit of a kind asks, by dimension. A running audit keeps the questions it began with."""

    _name = "aftersales.audit.template"
    _description = "Audit Checklist"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(AUDIT_KINDS, required=True, default="quality")
    description = fields.Text(translate=True)
    line_ids = fields.One2many("aftersales.audit.template.line", "template_id", string="Questions", copy=True)
    active = fields.Boolean(default=True)


class AuditTemplateLine(models.Model):
    _name = "aftersales.audit.template.line"
    _description = "Audit Question"
    _order = "template_id, sequence, id"
    _rec_name = "question"

    template_id = fields.Many2one("aftersales.audit.template", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    dimension = fields.Char(required=True, translate=True)
    question = fields.Char(required=True, translate=True)
    guidance = fields.Text(translate=True, help="What a good answer looks like, and where to look for it.")
    weight = fields.Integer(default=1, aggregator=None)

    _weight_positive = models.Constraint("CHECK(weight >= 1)", "The weight of a question is one or more.")
