"""How far ahead a company forecasts."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_forecast_months = fields.Integer(
        string="Months Ahead", default=12, required=True, help="This month included.")

    _aftersales_forecast_months = models.Constraint(
        "CHECK(aftersales_forecast_months BETWEEN 1 AND 60)", "A forecast looks 1 to 60 months ahead.")


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_forecast_months = fields.Integer(
        related="company_id.aftersales_forecast_months", readonly=False)
