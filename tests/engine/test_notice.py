"""The last safe day to send a notice, and what the log of notices comes to."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.business_days import EVERY_DAY, BusinessDays, on_business_day
from engine.errors import BadDate, BadOption, BadTerms, BadWeekday, NaiveDatetime, NoBusinessDay
from engine.notice import METHODS, earliest_end, last_safe_day
from engine.notice_log import Notice, counted_day, judge, local_day

OFFICE = BusinessDays()
TAIPEI = "Asia/Taipei"


def day(text):
    return date.fromisoformat(text)


def safe(end, period=90, unit="day", **terms):
    return last_safe_day(day(end), period, unit, **{"method": "hand", "calendar": EVERY_DAY, **terms})


def at(text, zone="UTC"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


# --- business days ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "start, count, expected",
    [
        ("2026-10-02", 0, "2026-10-02"),
        ("2026-10-02", 1, "2026-10-05"),
        ("2026-10-02", -1, "2026-10-01"),
        ("2026-10-05", -1, "2026-10-02"),
        ("2026-10-04", 1, "2026-10-05"),  # from a Sunday
        ("2026-10-04", -1, "2026-10-02"),
        ("2026-12-24", 1, "2026-12-28"),  # over a holiday and a weekend
    ],
)
def test_business_days_are_counted_from_the_next_one(start, count, expected):
    assert BusinessDays(holidays=[day("2026-12-25")]).add(day(start), count) == day(expected)


def test_row_18_a_calendar_that_never_opens_is_refused():
    """contracts.md 5 row 18: zero-hour calendar, no endless loop."""
    with pytest.raises(NoBusinessDay):
        BusinessDays(frozenset())
    closed = BusinessDays({0}, [day("2026-01-05") + timedelta(weeks=week) for week in range(-600, 600)])
    with pytest.raises(NoBusinessDay, match="2026-01-05"):
        closed.on_or_after(day("2026-01-05"))
    with pytest.raises(BadWeekday):
        BusinessDays({7})


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(1, 60), st.sets(st.integers(0, 6), min_size=1))
def test_business_days_added_can_be_taken_off_again(start, count, weekdays):
    calendar = BusinessDays(weekdays)
    first = calendar.on_or_after(start)
    assert calendar.add(calendar.add(first, count), -count) == first
    assert calendar.on_or_before(start) <= start <= first
    assert on_business_day(start, "none", calendar) == start


# --- the last safe day ------------------------------------------------------------------------------


def test_section_4_row_1_every_step_is_listed():
    """contracts.md 4 row 1: end 31 Dec 2026, 90 days before expiry, must be received, registered post."""
    answer = last_safe_day(day("2026-12-31"), 90, "day", method="registered", receipt_rule="received", cut_off=18)
    assert (answer.day, answer.deadline) == (day("2026-09-29"), day("2026-10-02"))
    assert answer.before == time(18)
    assert [(step.label, step.value) for step in answer.steps] == [
        ("end", day("2026-12-31")),
        ("notice period", day("2026-10-02")),
        ("cut-off", time(18)),
        ("receipt rule", day("2026-09-29")),
        ("last safe day", day("2026-09-29")),
    ]
    assert answer.steps[3].detail == "must be received; by registered: 3 business days of delivery"
    assert (answer.days_left(day("2026-09-29")), answer.days_left(day("2026-10-01"))) == (0, -2)


@pytest.mark.parametrize(
    "holidays, expected",
    [
        ([], "2026-09-29"),
        (["2026-10-01"], "2026-09-28"),
        (["2026-10-02"], "2026-09-28"),
        (["2026-09-29"], "2026-09-28"),
    ],
)
def test_a_holiday_makes_the_sender_earlier(holidays, expected):
    calendar = BusinessDays(holidays=map(day, holidays))
    assert safe("2026-12-31", method="registered", calendar=calendar).day == day(expected)


@pytest.mark.parametrize(
    "end, period, unit, counted_from, expected",
    [
        # row 11: counted from the end or from the renewal date: one day apart
        ("2026-12-31", 90, "day", "end", "2026-10-02"),
        ("2026-12-31", 90, "day", "renewal", "2026-10-03"),
        ("2026-12-31", 0, "day", "end", "2026-12-31"),
        # row 11: months back from 31 May
        ("2026-05-31", 3, "month", "end", "2026-02-28"),
        ("2028-05-31", 3, "month", "end", "2028-02-29"),
        ("2026-05-31", 3, "month", "renewal", "2026-03-01"),
        ("2026-05-31", 1, "month", "end", "2026-04-30"),
        ("2026-05-31", 1, "month", "renewal", "2026-05-01"),
        ("2026-05-31", 6, "month", "end", "2025-11-30"),
        ("2026-12-31", 1, "quarter", "end", "2026-09-30"),
        ("2028-02-29", 1, "year", "end", "2027-02-28"),
        ("2026-12-31", 2, "week", "end", "2026-12-17"),
        ("2026-12-31", 5, "business_day", "end", "2026-12-26"),  # every day is open here
    ],
)
def test_row_11_counting_back(end, period, unit, counted_from, expected):
    """contracts.md 5 row 11: from the end or the renewal date, month-based from 31 May."""
    assert safe(end, period, unit, counted_from=counted_from).day == day(expected)


@pytest.mark.parametrize(
    "end, expected, why",
    [
        ("2026-12-31", "2026-10-02", None),  # a Friday
        ("2027-01-01", "2026-10-02", "2026-10-03 is a Saturday"),
        ("2027-01-02", "2026-10-02", "2026-10-04 is a Sunday"),
        ("2027-01-03", "2026-10-05", None),
        ("2027-01-13", "2026-10-14", "2026-10-15 is a holiday"),
    ],
)
def test_row_11_a_last_day_on_a_closed_day_moves_earlier_for_the_sender(end, expected, why):
    """contracts.md 5 row 11: on a Saturday or holiday it moves earlier, never to the Monday."""
    answer = safe(end, calendar=BusinessDays(holidays=[day("2026-10-15")]))
    assert answer.day == day(expected)
    assert [step.detail for step in answer.steps if step.label == "moved earlier"] == ([why] if why else [])


@pytest.mark.parametrize(
    "method, terms, expected",
    [
        ("hand", {}, "2026-10-02"),
        ("email", {}, "2026-10-02"),
        ("courier", {}, "2026-10-01"),
        ("registered", {}, "2026-09-29"),
        ("registered", {"delivery_days": 10}, "2026-09-18"),
        ("pigeon", {"delivery_days": 0}, "2026-10-02"),
        ("registered", {"receipt_rule": "sent"}, "2026-10-02"),  # "must be sent": no days for delivery
        # the sender's office is closed on the day it should go out
        ("registered", {"sender_calendar": BusinessDays(holidays=[date(2026, 9, 29)])}, "2026-09-28"),
        ("registered", {"sender_calendar": BusinessDays({0})}, "2026-09-28"),
    ],
)
def test_delivery_and_receipt_rule(method, terms, expected):
    assert safe("2026-12-31", method=method, calendar=OFFICE, **terms).day == day(expected)


@pytest.mark.parametrize(
    "terms, error",
    [
        ({"method": "pigeon"}, BadOption),
        ({"receipt_rule": "read"}, BadOption),
        ({"unit": "moon"}, BadOption),
        ({"counted_from": "start"}, BadOption),
        ({"cut_off": 24}, BadTerms),
        ({"cut_off": "18:00"}, BadTerms),
        ({"end": "2026-12-31"}, BadDate),
        ({"end": datetime(2026, 12, 31)}, BadDate),
    ],
)
def test_terms_a_notice_cannot_be_counted_by(terms, error):
    given_terms = {"end": date(2026, 12, 31), "period": 90, "unit": "day", **terms}
    with pytest.raises(error):
        last_safe_day(**given_terms)


@pytest.mark.parametrize(
    "received, period, unit, to, expected",
    [
        ("2026-02-10", 3, "month", "day", "2026-05-10"),
        ("2026-02-10", 3, "month", "month", "2026-05-31"),
        ("2026-02-10", 3, "month", "quarter", "2026-06-30"),
        ("2026-02-10", 3, "month", "year", "2026-12-31"),
        ("2026-11-30", 3, "month", "day", "2027-02-28"),
        ("2026-12-31", 0, "month", "year", "2026-12-31"),
    ],
)
def test_a_contract_without_end_runs_to_the_end_of_its_notice(received, period, unit, to, expected):
    assert earliest_end(day(received), period, unit, to) == day(expected)


calendars = st.builds(
    BusinessDays,
    st.sets(st.integers(0, 6), min_size=1),
    st.lists(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=10),
)
ends = st.dates(date(2026, 6, 1), date(2027, 12, 31))
periods = st.integers(0, 120)
methods = st.sampled_from(sorted(METHODS))


@given(ends, periods, calendars, methods)
def test_a_notice_sent_on_the_safe_day_arrives_in_time(end, period, calendar, method):
    answer = last_safe_day(end, period, "day", method, calendar=calendar)
    assert calendar.is_open(answer.day) and calendar.is_open(answer.deadline)
    assert calendar.add(answer.day, METHODS[method]) <= answer.deadline <= end - timedelta(days=period)
    # The next business day would be too late: the safe day is the last one.
    late = calendar.add(calendar.add(answer.day, 1), METHODS[method])
    assert late > answer.latest


@given(ends, periods, calendars, methods)
def test_a_longer_notice_or_an_earlier_end_never_gives_more_time(end, period, calendar, method):
    answer = last_safe_day(end, period, "day", method, calendar=calendar).day
    assert last_safe_day(end, period + 1, "day", method, calendar=calendar).day <= answer
    assert last_safe_day(end - timedelta(days=1), period, "day", method, calendar=calendar).day <= answer
    assert answer <= last_safe_day(end, period, "day", method, "sent", calendar).day


# --- the log ----------------------------------------------------------------------------------------

SAFE = last_safe_day(day("2026-12-31"), 90, "day", "hand", calendar=OFFICE, cut_off=18)  # by 2 Oct, 18:00


@pytest.mark.parametrize(
    "received, expected",
    [
        ("2026-10-02 17:59", "2026-10-02"),
        ("2026-10-02 18:00", "2026-10-02"),
        ("2026-10-02 18:01", "2026-10-05"),  # after the cut-off: the next business day
        ("2026-10-03 10:00", "2026-10-05"),
        ("2026-10-03 20:00", "2026-10-05"),  # a closed day is not two days late
        ("2026-10-05 00:00", "2026-10-05"),
    ],
)
def test_row_11_received_after_six_counts_on_the_next_business_day(received, expected):
    """contracts.md 5 row 11: received after 18:00."""
    assert counted_day(at(received, TAIPEI), TAIPEI, time(18), OFFICE) == day(expected)


def test_row_17_the_day_of_receipt_is_that_of_the_recipient():
    """contracts.md 5 row 17: a day is never derived from a UTC reading."""
    moment = at("2026-10-02 16:30")
    assert local_day(moment, TAIPEI) == day("2026-10-03")
    assert local_day(moment, "America/Los_Angeles") == day("2026-10-02")
    with pytest.raises(NaiveDatetime):
        local_day(datetime(2026, 10, 2), TAIPEI)


def a_notice(key, received="2026-10-01 10:00", **terms):
    return Notice(key, at("2026-09-28 10:00"), received and at(received), **terms)


@pytest.mark.parametrize(
    "notices, effective, reasons",
    [
        ([], None, []),
        ([a_notice("A")], "A", []),
        ([a_notice("A", "2026-10-02 18:00")], "A", []),
        ([a_notice("A", "2026-10-02 18:01")], None, ["it counts on 2026-10-05, after the deadline 2026-10-02"]),
        ([a_notice("A", None)], None, ["nothing shows that it was received: record the evidence"]),
        # two notices: the first decides, whatever their order on record
        ([a_notice("B", "2026-10-02 09:00"), a_notice("A")], "A", ["notice A came first"]),
        # a withdrawn one leaves the field to the second
        ([a_notice("A", withdrawn=at("2026-10-01 12:00")), a_notice("B")], "B", ["it was withdrawn"]),
        (
            [a_notice("A", authorised=False)],
            None,
            ["its sender has no authority to give notice: have it ratified, or send it again"],
        ),
    ],
)
def test_row_11_which_notice_has_effect(notices, effective, reasons):
    """contracts.md 5 row 11: two notices, a withdrawn one, one by a party without authority."""
    verdict = judge(notices, SAFE, "UTC", OFFICE)
    assert (verdict.effective and verdict.effective.key) == effective
    assert [reason for _key, reason in verdict.reasons] == reasons


def test_where_sending_is_enough_the_day_of_sending_counts():
    sent = last_safe_day(day("2026-12-31"), 90, "day", "registered", "sent", OFFICE)
    verdict = judge([Notice("A", at("2026-10-02 23:00"), at("2026-10-20 10:00"))], sent, "UTC", OFFICE)
    assert verdict.effective.key == "A" and verdict.counts_on == day("2026-10-02")


def test_a_notice_whose_receipt_nobody_recorded_counts_where_sending_is_enough():
    sent = last_safe_day(day("2026-12-31"), 90, "day", "registered", "sent", OFFICE)
    later = Notice("B", at("2026-10-01 10:00"))
    verdict = judge([later, Notice("A", at("2026-09-30 10:00"))], sent, "UTC")
    assert verdict.effective.key == "A" and verdict.reasons == (("B", "notice A came first"),)
    assert [step.detail for step in verdict.steps[:2]] == ["B: in time", "A: in time"]


def test_without_a_calendar_an_office_week_is_meant():
    assert counted_day(at("2026-10-03 10:00"), "UTC") == day("2026-10-05")
