"""What makes planned visits stale: covers and assets that come and go, working schedules that change."""

from odoo import api, models
from odoo.fields import Domain

SPAN = {"asset_id", "contract_id", "date_start", "date_end"}


class Cover(models.Model):
    """Amendments write past these methods and have the visits planned anew by ``_record_change``."""

    _inherit = "aftersales.cover"

    @api.model_create_multi
    def create(self, vals_list):
        covers = super().create(vals_list)
        covers.contract_id._maintenance_promises()._refresh_visits()
        return covers

    def write(self, vals):
        before = self.contract_id
        result = super().write(vals)
        if SPAN & set(vals):
            (before | self.contract_id)._maintenance_promises()._refresh_visits()
        return result

    def unlink(self):
        promises = self.contract_id._maintenance_promises()
        result = super().unlink()
        promises._refresh_visits()
        return result


class Asset(models.Model):
    _inherit = "aftersales.asset"

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals:
            self.cover_ids.contract_id._maintenance_promises()._refresh_visits()
        return result


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _drop_work_calendars(self):
        """Days off moved, and with them perhaps visits: the coming night looks at all of them."""
        super()._drop_work_calendars()
        domain = Domain("source", "=", "maintenance") & Domain("visits_next_on", "!=", False)
        if self:
            domain &= Domain("contract_id.calendar_id", "in", self.ids) | (
                Domain("contract_id.calendar_id", "=", False)
                & Domain("contract_id.policy_id.calendar_id", "in", self.ids))
        self.env["aftersales.promise"].sudo().search(domain)._write_unlocked({"visits_next_on": False})


class SlaPolicy(models.Model):
    _inherit = "aftersales.sla.policy"

    def write(self, vals):
        result = super().write(vals)
        if "calendar_id" in vals:
            self.env["aftersales.promise"].sudo().search([  # the visits' days off are the system's matter
                ("source", "=", "maintenance"), ("contract_id.policy_id", "in", self.ids),
                ("visits_next_on", "!=", False)])._write_unlocked({"visits_next_on": False})
        return result
