"""Odoo's working schedule, translated once into the engine's ``BusinessDays``: which days an office is open.

A weekday is open if the schedule has working hours on it, in both weeks where two alternate. A date is a holiday if
the leaves of the schedule, or of its whole company, cover all working hours of that date in the schedule's zone: half
a day off closes nothing. A schedule without fixed hours counts as Monday to Friday.
"""

from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import models, tools

from ...engine.business_days import BusinessDays
from ...engine.intervals import union
from .resource_calendar import _leave_end

OFFICE_WEEK = range(5)
WHOLE_DAY = [(0.0, 24.0)]


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    @tools.ormcache("self.id")
    def _business_days(self):
        """The engine's `BusinessDays` of this schedule; an empty one is Monday to Friday without holidays."""
        if not self:
            return BusinessDays()
        self.ensure_one()
        calendar = self.sudo()  # when a notice is due does not depend on who asks
        windows = calendar._open_windows()
        return BusinessDays(frozenset(windows), frozenset(calendar._closed_dates(windows)))

    def _open_windows(self):
        """{weekday: [(hour from, hour to)]} of the days that are open every week."""
        lines = self.attendance_ids.filtered(lambda line: line.day_period != "lunch" and not line.display_type)
        if self.flexible_hours or not lines:
            return dict.fromkeys(OFFICE_WEEK, WHOLE_DAY)
        windows, weeks = defaultdict(list), defaultdict(set)
        for line in lines:
            windows[int(line.dayofweek)].append((line.hour_from, line.hour_to))
            weeks[int(line.dayofweek)].add(line.week_type)
        if self.two_weeks_calendar:
            windows = {day: hours for day, hours in windows.items() if len(weeks[day]) > 1}
        return windows or dict.fromkeys(OFFICE_WEEK, WHOLE_DAY)

    def _closed_dates(self, windows):
        """The open weekdays' dates on which leaves cover all ``windows``."""
        zone = ZoneInfo(self.tz or "UTC")
        leaves = self.env["resource.calendar.leaves"].search(self._holiday_domain())
        spans = union(
            (_epoch(leave.date_from.replace(tzinfo=UTC)), _epoch(_leave_end(leave.date_to))) for leave in leaves)
        covered = defaultdict(set)  # {date: indexes of the windows that the leaves cover}
        for start, end in spans:
            day, last = (datetime.fromtimestamp(at, zone).date() for at in (start, end))
            while day <= last:
                for index, hours in enumerate(windows.get(day.weekday(), ())):
                    opens, closes = (_epoch(_at(day, hour, zone)) for hour in hours)
                    if start <= opens and closes <= end:
                        covered[day].add(index)
                day += timedelta(days=1)
        return [day for day, found in covered.items() if len(found) == len(windows[day.weekday()])]

    def _drop_work_calendars(self):
        """Business days change with the schedule, and with them the last safe days that were counted by it."""
        super()._drop_work_calendars()
        self.env["aftersales.contract"]._recount_last_safe_days(self)


def _at(day, hour, zone):
    """The instant of a float hour on the wall clock of ``day``; 24 is the next midnight."""
    return datetime.combine(day, time(), zone) + timedelta(seconds=round(hour * 3600))


def _epoch(instant):
    return int(instant.timestamp())
