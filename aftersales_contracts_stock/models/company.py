"""Per company: whether what is delivered with a serial number becomes an asset."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    asset_on_delivery = fields.Boolean(
        string="Delivered Serial Numbers Become Assets", default=True,
        help="Of products tracked by serial number, unless the product says otherwise.")

    def _day_of(self, moment):
        """The date that it is at ``moment`` (UTC datetime) in the zone of the company's working schedule."""
        self.ensure_one()
        zone = self.sudo().resource_calendar_id.tz or "UTC"  # the schedule is read for its zone only
        return fields.Datetime.context_timestamp(self.with_context(tz=zone), moment).date()


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    asset_on_delivery = fields.Boolean(related="company_id.asset_on_delivery", readonly=False)
