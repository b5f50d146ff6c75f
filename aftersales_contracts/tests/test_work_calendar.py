"""The translator from Odoo's working schedules: what counts, what is closed, what is refused, when it is renewed."""

from datetime import UTC, datetime, timedelta

from odoo.exceptions import UserError
from odoo.fields import Command

from .common import AftersalesCase

HOUR = timedelta(hours=1)


def at(day, hour=0):
    return datetime(2026, 3, day, hour, tzinfo=UTC)  # 2 March 2026 is a Monday


class TestWorkCalendar(AftersalesCase):
    def worked(self, calendar, first, last):
        return calendar._work_calendar().elapsed(at(first), at(last)) / HOUR

    def leave(self, day, **values):
        return self.env["resource.calendar.leaves"].create({
            "name": "Closed", "calendar_id": self.office.id, "date_from": f"2026-03-{day:02d} 00:00:00",
            "date_to": f"2026-03-{day:02d} 23:59:59", **values})

    def test_a_week_of_the_office(self):
        self.assertEqual(self.worked(self.office, 2, 9), 40)
        self.assertEqual(self.office._work_calendar().due(at(2, 10), 3 * HOUR), at(2, 14))

    def test_lunch_is_not_worked(self):
        self.office.attendance_ids = [Command.create({
            "name": "Lunch", "dayofweek": "0", "hour_from": 12, "hour_to": 13, "day_period": "lunch"})]
        self.assertEqual(self.worked(self.office, 2, 9), 40)

    def test_a_day_until_midnight_loses_no_second(self):
        always = self.an_office(name="Always", attendance_ids=[Command.clear()] + [
            Command.create({"name": "Day", "dayofweek": str(day), "hour_from": start, "hour_to": start + 12,
                            "day_period": period})
            for day in range(7) for period, start in (("morning", 0), ("afternoon", 12))])
        self.assertEqual(self.worked(always, 2, 9), 7 * 24)

    def test_a_holiday_closes_and_its_end_opens_again(self):
        self.assertEqual(self.worked(self.office, 2, 9), 40)
        holiday = self.leave(3)
        self.assertEqual(self.worked(self.office, 2, 9), 32)
        holiday.date_to = "2026-03-04 23:59:59"
        self.assertEqual(self.worked(self.office, 2, 9), 24)
        holiday.unlink()
        self.assertEqual(self.worked(self.office, 2, 9), 40)

    def test_a_holiday_of_the_whole_company_closes_every_schedule(self):
        self.leave(3, calendar_id=False)
        self.assertEqual(self.worked(self.office, 2, 9), 32)
        elsewhere = self.env["resource.calendar.leaves"].with_company(self.other_company).create({
            "name": "Closed", "calendar_id": False,
            "date_from": "2026-03-04 00:00:00", "date_to": "2026-03-04 23:59:59"})
        self.assertEqual(elsewhere.company_id, self.other_company)
        self.assertEqual(self.worked(self.office, 2, 9), 32, "another company's holiday is none of ours")

    def test_what_is_no_holiday_closes_nothing(self):
        someone = self.env["resource.resource"].create({"name": "Someone", "calendar_id": self.office.id})
        self.leave(3, resource_id=someone.id)
        self.leave(4, time_type="other")
        self.assertEqual(self.worked(self.office, 2, 9), 40)

    def test_an_edited_attendance_counts_at_once(self):
        self.worked(self.office, 2, 9)
        self.office.attendance_ids.filtered(lambda line: line.dayofweek == "0").unlink()
        self.assertEqual(self.worked(self.office, 2, 9), 32)
        self.office.attendance_ids.filtered(lambda line: line.dayofweek == "1" and line.hour_from == 8).hour_to = 10
        self.assertEqual(self.worked(self.office, 2, 9), 30)

    def test_a_zone_moves_the_windows(self):
        self.office.tz = "Asia/Taipei"
        self.assertEqual(self.office._work_calendar().due(at(2), HOUR), at(2, 1))

    def test_what_no_clock_can_run_on_is_refused_by_name(self):
        empty = self.an_office(name="Never open", attendance_ids=[Command.clear()])
        flexible = self.an_office(name="As you like", schedule_type="flexible")
        for calendar, reason in ((empty, "no working hours"), (flexible, "flexible hours")):
            with self.subTest(calendar.name), self.assertRaisesRegex(UserError, f"{calendar.name}.*{reason}"):
                calendar._work_calendar()
