"""Per company: whether repair orders are service requests, and when they become warranty claims."""

from odoo import fields, models

CLAIMS = [("button", "By Button"), ("automatic", "On Confirmation, Where Anything Is Covered")]


class ResCompany(models.Model):
    _inherit = "res.company"

    repair_requests = fields.Boolean(
        string="Repair Orders Are Service Requests", default=True,
        help="A confirmed repair order of an asset opens a service request with the clocks of its contract.")
    repair_claims = fields.Selection(CLAIMS, string="Claims of Repair Orders", required=True, default="button")

    def _repair_today(self):
        """The day it is in the zone of the company's working schedule."""
        zone = self.sudo().resource_calendar_id.tz or "UTC"  # the schedule is read for its zone only
        return fields.Date.context_today(self.with_context(tz=zone))


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    repair_requests = fields.Boolean(related="company_id.repair_requests", readonly=False)
    repair_claims = fields.Selection(related="company_id.repair_claims", readonly=False)


class ProductTemplate(models.Model):
    _inherit = "product.template"

    repair_cost_kind = fields.Selection(
        [("labour", "Labour"), ("travel", "Travel")], string="On Repair Orders", required=True, default="labour",
        help="As what a service on the quotation of a repair order is covered.")
