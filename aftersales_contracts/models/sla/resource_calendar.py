"""Odoo's working schedule, translated once into the engine's ``WorkCalendar``.

This is the only place that reads attendances and leaves for clocks. The translation is cached for each calendar and
dropped, on every server process, when the calendar, an attendance or a leave changes; open clocks of the calendar
are then evaluated again.
"""

from datetime import UTC, timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...engine.worktime import WorkCalendar

TRANSLATED = {
    "tz", "attendance_ids", "leave_ids", "global_leave_ids", "schedule_type", "two_weeks_calendar", "company_id",
}


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _work_calendar(self, closures=()):
        """The engine's calendar of this schedule; ``closures``: (start, end) instants in which nothing counts besides,
        as a tuple: the suspensions of one contract.
        """
        return self._suspended_work_calendar(closures) if closures else self._plain_work_calendar()

    @tools.ormcache("self.id")
    def _plain_work_calendar(self):
        """See ``_work_calendar``."""
        return WorkCalendar(*self._work_terms())

    @tools.ormcache("self.id", "closures")
    def _suspended_work_calendar(self, closures):
        week, holidays, zone = self._work_terms()
        return WorkCalendar(week, [*holidays, *closures], zone)

    def _work_terms(self):
        """(week, holidays, zone) as ``WorkCalendar`` takes them.

        Windows: attendances without lunch breaks, in the schedule's zone. Holidays: leaves without a resource, of
        this schedule or of its whole company, as instants. Raises UserError for a schedule that has no fixed windows.
        """
        self.ensure_one()
        calendar = self.sudo()  # terms of a clock do not depend on who reads them
        calendar._refuse_unclockable()
        week = {}
        for line in calendar.attendance_ids:
            if line.day_period != "lunch" and not line.display_type:
                window = (_clock_text(line.hour_from), _clock_text(line.hour_to))
                week.setdefault(int(line.dayofweek), []).append(window)
        leaves = self.env["resource.calendar.leaves"].sudo().search(calendar._holiday_domain())
        holidays = [(leave.date_from.replace(tzinfo=UTC), _leave_end(leave.date_to)) for leave in leaves]
        return week, holidays, calendar.tz

    def _holiday_domain(self):
        """Leaves of nobody in particular: of this schedule, or of its company as a whole."""
        everywhere = Domain("calendar_id", "=", False) & Domain("company_id", "in", [False, self.company_id.id])
        closed = Domain("resource_id", "=", False) & Domain("time_type", "=", "leave")
        return closed & (Domain("calendar_id", "=", self.id) | everywhere)

    def _refuse_unclockable(self):
        """Raise UserError naming the schedule when no clock can run on it."""
        if self.flexible_hours:
            raise UserError(self.env._(
                "Working schedule %(name)s has flexible hours: a clock needs fixed working hours. "
                "Choose a fully fixed schedule.", name=self.display_name))
        if self.two_weeks_calendar:
            raise UserError(self.env._(
                "Working schedule %(name)s alternates between two weeks, which clocks do not support. "
                "Choose a schedule of one week.", name=self.display_name))
        if not self.attendance_ids:
            raise UserError(self.env._(
                "Working schedule %(name)s has no working hours: nothing would ever fall due on it.",
                name=self.display_name))

    def _drop_work_calendars(self):
        """Forget the translations and queue the open clocks of these schedules (all of them when empty)."""
        self.env.registry.clear_cache()
        self.env["aftersales.request"]._requeue_open([("calendar_id", "in", self.ids)] if self else [])

    def write(self, vals):
        result = super().write(vals)
        if TRANSLATED & set(vals):
            self._drop_work_calendars()
        return result

    def _format_working_time(self, seconds):
        """``seconds`` of working time as "3 h 05 min" for people."""
        hours, rest = divmod(int(seconds), 3600)
        minutes = rest // 60
        if hours:
            return self.env._("%(hours)s h %(minutes)02d min", hours=hours, minutes=minutes)
        return self.env._("%(minutes)s min %(seconds)02d s", minutes=minutes, seconds=rest % 60)


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.calendar_id._drop_work_calendars()
        return lines

    def write(self, vals):
        before = self.calendar_id
        result = super().write(vals)
        (before | self.calendar_id)._drop_work_calendars()
        return result

    def unlink(self):
        calendars = self.calendar_id
        result = super().unlink()
        calendars.exists()._drop_work_calendars()
        return result


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    def _drop_work_calendars(self):
        """A holiday without a calendar belongs to all of them; a person's leave to none."""
        holidays = self.filtered(lambda leave: not leave.resource_id)
        if holidays:
            everywhere = any(not leave.calendar_id for leave in holidays)
            (self.env["resource.calendar"] if everywhere else holidays.calendar_id)._drop_work_calendars()

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._drop_work_calendars()
        return leaves

    def write(self, vals):
        self._drop_work_calendars()
        result = super().write(vals)
        self._drop_work_calendars()
        return result

    def unlink(self):
        calendars, everywhere = self.calendar_id, any(not leave.calendar_id for leave in self)
        result = super().unlink()
        (self.env["resource.calendar"] if everywhere else calendars)._drop_work_calendars()
        return result


def _clock_text(hour):
    """8.5 -> "08:30:00"; Odoo's float hours, to the second; 23.9999 and 24 are midnight."""
    seconds = round(hour * 3600)
    if seconds >= 86399:
        return "24:00"
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"


def _leave_end(date_to):
    """A leave that ends at 23:59:59 local, as Odoo's form enters it, ends with that day."""
    end = date_to.replace(tzinfo=UTC)
    return end + timedelta(seconds=1) if fields.Datetime.to_datetime(date_to).second == 59 else end
