"""Suspension: what stands still, and how far an end moves."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.days import last_day
from engine.errors import BadPeriod
from engine.notice import last_safe_day
from engine.period import Period
from engine.proration import Charge
from engine.suspension import Suspension, merged, remaining, suspend, suspended_value

TODAY = date(2027, 6, 1)


def day(text):
    return text and date.fromisoformat(text)


def a_suspension(start, end=None, **flags):
    return Suspension(day(start), day(end), **flags)


def span(start, end):
    return Period(day(start), day(end))


@pytest.mark.parametrize(
    "suspensions, expected",
    [
        ([], "2026-12-31"),
        ([("2026-03-20", "2026-04-10")], "2027-01-21"),  # across a month end: 21 days
        ([("2026-03-20", "2026-04-10"), ("2026-06-01", "2026-06-11")], "2027-01-31"),
        ([("2026-03-20", "2026-04-10"), ("2026-04-01", "2026-04-20")], "2027-01-31"),  # twice at once: 31 days
        ([("2026-03-20", "2026-04-20"), ("2026-04-01", "2026-04-10")], "2027-01-31"),  # one inside the other
        ([("2026-04-01", "2026-04-20"), ("2026-03-20", "2026-04-10")], "2027-01-31"),  # in whatever order
        ([("2026-12-30", "2027-02-01")], "2027-02-02"),  # over the end: one day was left
        ([("2026-12-31", "2027-02-01")], "2026-12-31"),  # begins when it is over
        ([("2026-12-21", "2027-01-10"), ("2027-01-05", "2027-01-15")], "2027-01-25"),  # within the moved end
        ([("2026-03-20", "2026-03-20")], "2026-12-31"),  # resumed before it took effect
        ([("2026-03-20", None)], None),  # still suspended
        ([("2027-01-01", None)], "2026-12-31"),  # an open one after the end
    ],
)
def test_row_15_the_end_moves_by_the_days_suspended_before_it(suspensions, expected):
    """contracts.md 5 row 15: across month end, suspend twice, over the end."""
    effect = suspend(day("2026-12-31"), [a_suspension(*one) for one in suspensions], TODAY)
    assert effect.end == day(expected)


def test_row_15_the_end_stays_where_it_is_not_to_move():
    """contracts.md 5 row 15: end date shifted or not."""
    stays = a_suspension("2026-03-20", "2026-04-10", shift_end=False)
    moves = a_suspension("2026-06-01", "2026-06-11")
    assert suspend(day("2026-12-31"), [stays], TODAY).end == day("2026-12-31")
    assert suspend(day("2026-12-31"), [stays, moves], TODAY).end == day("2027-01-10")
    assert suspend(None, [moves], TODAY).end is None


def test_row_15_over_the_notice_deadline():
    """contracts.md 5 row 15: the last safe day follows the moved end; while it is open, the unmoved one is safe."""
    shifted = suspend(day("2027-01-01"), [a_suspension("2026-09-20", "2026-10-20")], TODAY).end
    before, after = (last_safe_day(last_day(end), 90, "day", "hand").day for end in (day("2027-01-01"), shifted))
    assert (before, after) == (day("2026-10-02"), day("2026-10-30"))  # 1 November is a Sunday


def test_row_15_over_a_warranty_end():
    """contracts.md 5 row 15: a warranty stands still or runs on."""
    terms = {"today": TODAY, "cover_end": day("2026-10-01")}
    paused = suspend(day("2027-01-01"), [a_suspension("2026-09-20", "2026-10-20")], **terms)
    running = suspend(day("2027-01-01"), [a_suspension("2026-09-20", "2026-10-20", cover=False)], **terms)
    assert (paused.cover_end, running.cover_end) == (day("2026-10-31"), day("2026-10-01"))
    assert paused.end == running.end == day("2027-01-31")


@pytest.mark.parametrize("aspect", ["clock", "billing"])
def test_each_aspect_is_paused_or_not(aspect):
    on, off = a_suspension("2026-03-01", "2026-03-11"), a_suspension("2026-05-01", "2026-05-11", **{aspect: False})
    effect = suspend(day("2027-01-01"), [on, off], TODAY)
    assert getattr(effect, aspect) == (span("2026-03-01", "2026-03-11"),)
    assert len(effect.clock) + len(effect.billing) == 3


@pytest.mark.parametrize(
    "suspension, today, suspended",
    [
        (("2026-03-01", None), "2026-02-28", False),
        (("2026-03-01", None), "2026-03-01", True),
        (("2026-03-01", "2026-03-05"), "2026-03-04", True),
        (("2026-03-01", "2026-03-05"), "2026-03-05", False),  # the day of the resumption
        (("2026-03-01", "2026-03-01"), "2026-03-01", False),
    ],
)
def test_whether_it_is_suspended_today(suspension, today, suspended):
    effect = suspend(day("2027-01-01"), [a_suspension(*suspension)], day(today))
    assert effect.suspended is suspended
    assert bool(effect.clock) is (suspended or today == "2026-03-05")


def test_row_15_resumed_before_its_start():
    """contracts.md 5 row 15: resume before start."""
    with pytest.raises(BadPeriod, match="resumed before"):
        a_suspension("2026-03-20", "2026-03-19")


def test_an_open_suspension_is_counted_to_today():
    assert merged([a_suspension("2026-03-01")], day("2026-03-10")) == (span("2026-03-01", "2026-03-11"),)
    assert merged([a_suspension("2026-03-01")], day("2026-02-10")) == ()


def test_row_15_the_suspended_part_of_a_month_is_not_billed():
    """contracts.md 5 row 15: across month end, each month by its own days."""
    charge = Charge(Decimal("310.00"), day("2026-01-01"), day("2027-01-01"))
    paused = [span("2026-03-22", "2026-04-16")]
    assert str(suspended_value(charge, paused)) == "255.00"  # 10/31 + 15/30 of 310
    assert str(suspended_value(charge, paused, day("2026-04-01"), day("2026-05-01"))) == "155.00"
    assert str(suspended_value(charge, [], day("2026-04-01"))) == "0.00"
    march = remaining(Period.month(2026, 3), paused)
    assert march == (span("2026-03-01", "2026-03-22"),)
    assert remaining(Period.month(2026, 4), [span("2026-01-01", "2027-01-01")]) == ()


@pytest.mark.parametrize(
    "paused, left",
    [
        (("2026-04-01", "2026-04-11"), ["2026-04-11 to 2026-04-30"]),
        (("2026-04-21", "2026-05-01"), ["2026-04-01 to 2026-04-20"]),
        (("2026-05-01", "2026-05-11"), ["2026-04"]),
        (("2026-03-01", "2026-04-01"), ["2026-04"]),
    ],
)
def test_what_remains_of_a_month(paused, left):
    assert [part.label for part in remaining(Period.month(2026, 4), [span(*paused)])] == left


def test_the_steps_say_what_stands_still():
    pauses = [
        a_suspension("2026-03-01", "2026-03-11", cover=False),
        a_suspension("2026-05-01", clock=False, billing=False, cover=False, shift_end=False),
    ]
    steps = suspend(day("2027-01-01"), pauses, TODAY, cover_end=day("2026-10-01")).steps
    assert [step.detail for step in steps] == [
        "2026-03-01 until 2026-03-11: clock, billing paused, the end moves",
        "2026-05-01 until further notice: nothing paused, the end stays",
        "2027-01-01 becomes 2027-01-11",
        "2026-10-01 becomes 2026-10-01",
    ]
    still = suspend(day("2027-01-01"), [a_suspension("2026-05-01")], TODAY, cover_end=day("2026-10-01")).steps
    assert [step.detail for step in still[1:]] == [
        "2027-01-01 becomes open until it is resumed",
        "2026-10-01 becomes open until it is resumed",
    ]


# --- laws, against a calendar on the wall ------------------------------------------------------------

ORIGIN = date(2026, 1, 1)
spans = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 60)), max_size=6)


@given(st.integers(1, 250), spans)
def test_the_days_in_force_stay_as_many_as_were_agreed(term, drawn):
    """Day by day: strike out the suspended ones and count until the term is used up."""
    suspended = {start + offset for start, length in drawn for offset in range(length)}
    left, number = term, 0
    while left:
        left -= number not in suspended
        number += 1
    suspensions = [
        Suspension(ORIGIN + timedelta(days=start), ORIGIN + timedelta(days=start + length)) for start, length in drawn
    ]
    effect = suspend(ORIGIN + timedelta(days=term), suspensions, TODAY)
    assert effect.end == ORIGIN + timedelta(days=number)
    counted = {
        offset for pause in effect.billing for offset in range((pause.start - ORIGIN).days, (pause.end - ORIGIN).days)
    }
    assert counted == suspended
    year = Period(ORIGIN, ORIGIN + timedelta(days=400))
    rest = sum((part.end - part.start).days for part in remaining(year, effect.billing))
    assert rest == 400 - len(suspended)
