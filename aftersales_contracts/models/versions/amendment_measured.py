"""What an amendment of service levels does to what was measured already.

A request is measured by the terms of the day on which it was opened. Open requests follow an amended policy as they
follow any change of terms; a request that is done keeps its policy, and its schedule unless the amendment reaches back
to its day. Where that turns a verdict of a closed statement, a correction in the next one says so; where an amendment
reaches back without turning anything by itself, the contract's history tells which requests were measured before.
"""

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_date

LEVELS = {"policy_id", "calendar_id"}


class Request(models.Model):
    _inherit = "aftersales.request"

    def _choose_calendars(self):
        return super(Request, self - self._measured_before_amendment())._choose_calendars()

    def _measured_before_amendment(self):
        """Requests that are done and were opened before the day of an amendment of their service levels."""
        done = self.filtered(lambda request: request.contract_id and request.calendar_id and not request._is_open())
        days = done.contract_id.sudo()._days_of_amended_levels()
        return done.filtered(lambda request: request.contract_id.id in days and (
            request._opened_on() < max(days[request.contract_id.id])))

    def _opened_on(self):
        """The day on which it was opened, in the zone of its contract."""
        zoned = self.with_context(tz=self.contract_id.sudo()._zone())
        return fields.Datetime.context_timestamp(zoned, self.opened_at).date()


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _days_of_amended_levels(self):
        """{contract id: days from which entered amendments changed policy or schedule}; others are absent."""
        if not self:
            return {}
        found = {}
        for version in self.env["aftersales.contract.version"].search([
                ("contract_id", "in", self.ids), ("kind", "=", "amendment"), ("applied_at", "!=", False)]):
            if LEVELS & set(version.changes):
                found.setdefault(version.contract_id.id, []).append(version.effective_on)
        return found

    def _tell_of_measured(self, versions):
        """Say in the history which requests an entered amendment of service levels came too late for."""
        self.ensure_one()
        reaching = versions.filtered(
            lambda version: LEVELS & set(version.changes) and version.effective_on < self._local_today())
        if not reaching:
            return
        first = min(reaching.mapped("effective_on"))
        requests = self.env["aftersales.request"].search(
            Domain("contract_id", "=", self.id) & Domain("opened_at", ">=", fields.Date.add(first, days=-1)))
        late = requests.filtered(lambda request: not request._is_open() and request._opened_on() >= first)
        if late:
            self._message_log(body=self.env._(
                "The service levels were amended from %(day)s on. %(count)s requests opened since were done already "
                "and keep the SLA policy they were measured by: %(names)s. What a changed schedule turns in a closed "
                "statement is corrected in the next one.", day=format_date(self.env, first), count=len(late),
                names=", ".join(late[:10].mapped("name"))))
