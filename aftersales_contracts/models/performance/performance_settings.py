from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_feedback_hours = fields.Float(related="company_id.aftersales_feedback_hours", readonly=False)
    aftersales_ask_feedback = fields.Boolean(related="company_id.aftersales_ask_feedback", readonly=False)
    aftersales_scorecard_template_id = fields.Many2one(
        related="company_id.aftersales_scorecard_template_id", readonly=False)
