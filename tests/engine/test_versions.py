"""The contract on any day, as known on any other; what a backdated change costs."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.corrections import Closed, correct
from engine.errors import BadDate, BadTerms, NaiveDatetime
from engine.period import Period
from engine.recurrence import pieces
from engine.versions import Version, as_of, changed, check_amendment, timeline


def day(text):
    return date.fromisoformat(text)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def a_version(number, effective, recorded, cancelled=None, **changes):
    return Version(number, day(effective), at(recorded), changes, cancelled and at(cancelled))


SIGNED = a_version(1, "2026-01-01", "2025-12-20", price=100, hours="5x8", tier="L1")


def terms(versions, on, known_on=None):
    return dict(as_of(versions, day(on), known_on and at(known_on)).terms)


def test_section_4_row_3_a_backdated_amendment_has_two_answers():
    """contracts.md 4 row 3: as of 1 March, and as known on a second date."""
    versions = [SIGNED, a_version(2, "2026-02-01", "2026-05-10", price=105)]
    assert terms(versions, "2026-03-01")["price"] == 105
    assert terms(versions, "2026-03-01", "2026-05-09")["price"] == 100
    assert terms(versions, "2026-03-01", "2026-05-10")["price"] == 105  # the instant of the record itself
    assert terms(versions, "2026-01-31")["price"] == 100


def test_row_14_an_amendment_out_of_order_does_not_undo_the_later_one():
    """contracts.md 5 row 14: backdated below a later version: both changes hold, each from its own day."""
    versions = [
        SIGNED,
        a_version(2, "2026-04-01", "2026-03-01", hours="7x24", tier="L2"),
        a_version(3, "2026-02-01", "2026-05-01", price=105, tier="L3"),
    ]
    assert terms(versions, "2026-02-15") == {"price": 105, "hours": "5x8", "tier": "L3"}
    assert terms(versions, "2026-05-02") == {"price": 105, "hours": "7x24", "tier": "L2"}
    answer = as_of(versions, day("2026-05-02"))
    assert dict(answer.sources) == {"price": 3, "hours": 2, "tier": 2} and answer.version.number == 2
    assert [step.value for step in answer.steps] == [1, 3, 2]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_row_14_two_with_the_same_effective_date_the_later_record_wins(order):
    """contracts.md 5 row 14: two with the same effective date."""
    versions = [
        SIGNED,
        a_version(2, "2026-02-01", "2026-01-10", price=105, hours="7x24"),
        a_version(3, "2026-02-01", "2026-01-11", price=110),
    ]
    found = terms([versions[place] for place in order], "2026-02-01")
    assert found == {"price": 110, "hours": "7x24", "tier": "L1"}


def test_row_14_of_one_instant_the_higher_number_wins():
    twins = [a_version(number, "2026-02-01", "2026-01-10", price=number) for number in (3, 2)]
    assert terms([SIGNED, *twins], "2026-02-01")["price"] == 3


def test_row_14_future_dated_then_cancelled():
    """contracts.md 5 row 14: it is gone, but who asked before the cancellation is told what was known then."""
    versions = [SIGNED, a_version(2, "2026-06-01", "2026-01-10", "2026-03-01", price=120)]
    assert terms(versions, "2026-07-01")["price"] == 100
    assert terms(versions, "2026-07-01", "2026-02-01")["price"] == 120
    assert terms(versions, "2026-07-01", "2026-03-01")["price"] == 100


def test_before_the_first_version_there_are_no_terms():
    answer = as_of([SIGNED], day("2025-12-31"))
    assert (dict(answer.terms), answer.version, answer.steps) == ({}, None, ())
    assert terms([SIGNED], "2026-02-01", "2025-12-19") == {}


def test_a_version_cannot_be_edited():
    """contracts.md 5 row 14: the signed text stays as it is."""
    changes = {"price": 100}
    version = Version(1, day("2026-01-01"), at("2025-12-20"), changes)
    changes["price"] = 1
    assert version.changes["price"] == 100
    with pytest.raises(TypeError):
        version.changes["price"] = 1
    with pytest.raises(TypeError):
        as_of([version], day("2026-01-01")).terms["price"] = 1


@pytest.mark.parametrize(
    "refused, error",
    [
        (lambda: Version(1, datetime(2026, 1, 1), at("2026-01-01"), {}), BadDate),
        (lambda: Version(1, date(2026, 1, 1), datetime(2026, 1, 1), {}), NaiveDatetime),
        (lambda: Version(1, date(2026, 1, 1), date(2026, 1, 1), {}), NaiveDatetime),
        (lambda: as_of([SIGNED], at("2026-01-01")), BadDate),
        (lambda: as_of([SIGNED], date(2026, 1, 1), datetime(2026, 1, 1)), NaiveDatetime),
    ],
)
def test_row_17_days_and_instants_are_not_mixed(refused, error):
    """contracts.md 5 row 17: a date is never derived from a UTC datetime."""
    with pytest.raises(error):
        refused()


def test_the_timeline_is_contiguous():
    versions = [
        SIGNED,
        a_version(2, "2026-04-01", "2026-03-01", price=110),
        a_version(3, "2026-02-01", "2026-05-01", price=105),
    ]
    slices = timeline(versions)
    assert [(str(one.start), one.terms["price"]) for one in slices] == [
        ("2026-01-01", 100),
        ("2026-02-01", 105),
        ("2026-04-01", 110),
    ]
    assert [one.end for one in slices] == [day("2026-02-01"), day("2026-04-01"), None]
    assert len(timeline(versions, at("2026-04-01"))) == 2


def test_what_a_backdated_change_touches_in_a_closed_period():
    versions = [SIGNED, a_version(2, "2026-02-15", "2026-05-01", price=105)]
    ((part, then, now),) = changed(versions, Period.month(2026, 2), at("2026-03-01"))
    assert part.label == "2026-02-15 to 2026-02-28" and (then["price"], now["price"]) == (100, 105)
    assert changed(versions, Period.month(2026, 1), at("2026-03-01")) == ()


@pytest.mark.parametrize(
    "amendment, fields",
    [
        (a_version(2, "2026-06-01", "2026-05-01", price=105), []),
        (a_version(2, "2025-12-31", "2026-05-01", price=105), ["effective"]),
        (a_version(2, "2026-01-01", "2026-05-01", price=105), []),
        (a_version(2, "2026-12-31", "2026-05-01", price=105), []),  # the last day in force
        (a_version(2, "2027-01-01", "2026-05-01", price=105), ["effective"]),  # on the termination date
        (a_version(2, "2026-06-01", "2026-05-01", currency="TWD", customer="B"), ["currency", "customer"]),
        (a_version(2, "2026-06-01", "2026-05-01", currency="EUR"), []),  # named, but not changed
        (a_version(2, "2026-06-01", "2025-12-19", price=105), ["recorded"]),
    ],
)
def test_row_14_what_an_amendment_cannot_do(amendment, fields):
    """contracts.md 5 row 14: on the termination date; changing currency, party or company."""
    signed = a_version(1, "2026-01-01", "2025-12-20", price=100, currency="EUR", customer="A", company=1)
    problems = check_amendment([signed], amendment, day("2026-01-01"), day("2027-01-01"))
    assert [problem.field for problem in problems] == fields
    assert all(isinstance(problem, BadTerms) for problem in problems)


# --- laws -------------------------------------------------------------------------------------------

ORIGIN = day("2026-01-01")
drawn_versions = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40), st.none() | st.integers(0, 40), st.sampled_from("abc")),
    max_size=7,
)


def _versions(drawn):
    epoch = at("2026-01-01")
    return [
        Version(
            number,
            ORIGIN + timedelta(days=effective),
            epoch + timedelta(days=recorded),
            {name: number},
            None if life is None else epoch + timedelta(days=recorded + life),
        )
        for number, (effective, recorded, life, name) in enumerate(drawn, 1)
    ]


@given(drawn_versions, st.integers(0, 45), st.integers(0, 85), st.randoms())
def test_the_answer_does_not_depend_on_the_order_of_the_records(drawn, on, known, chance):
    versions = _versions(drawn)
    shuffled = chance.sample(versions, len(versions))
    on, known = ORIGIN + timedelta(days=on), at("2026-01-01") + timedelta(days=known)
    assert as_of(versions, on, known) == as_of(shuffled, on, known)
    # Field by field, the strongest of the versions that were known and effective.
    for name in "abc":
        rows = [one for one in versions if name in one.changes and one.effective <= on and one.recorded <= known]
        rows = [one for one in rows if one.cancelled is None or one.cancelled > known]
        expected = max(rows, key=lambda one: (one.effective, one.recorded, one.number), default=None)
        assert as_of(versions, on, known).sources.get(name) == (expected and expected.number)


@given(drawn_versions, st.integers(0, 40), st.integers(0, 40), st.integers(1, 30))
def test_what_was_recorded_later_never_changes_what_was_known(drawn, known, on, later):
    versions = _versions(drawn)
    moment = at("2026-01-01") + timedelta(days=known)
    more = Version(99, ORIGIN, moment + timedelta(days=later), {"a": 99})
    assert as_of([*versions, more], ORIGIN + timedelta(days=on), moment) == as_of(
        versions, ORIGIN + timedelta(days=on), moment
    )


# --- corrections ------------------------------------------------------------------------------------


def months(first="2026-01-01", last="2026-04-01"):
    return list(pieces(day(first), day(last), 1, "month"))


def test_section_4_row_5_a_backdated_amendment_settles_itself():
    """contracts.md 4 row 5: three closed months, five percent more: one correction a month, summing exactly."""
    closed = [Closed(piece, Decimal("333.33")) for piece in months()]
    made = correct(closed, [(day("2026-01-01"), Decimal("350.00"))])
    assert [str(line.amount) for line in made.lines] == ["16.67"] * 3 and str(made.total) == "50.01"
    booked = [Closed(one.piece, one.billed + line.amount) for one, line in zip(closed, made.lines, strict=True)]
    again = correct(booked, [(day("2026-01-01"), Decimal("350.00"))])
    assert again.lines == () and str(again.total) == "0.00"


def test_a_price_cut_in_the_middle_of_a_month_is_credited_from_its_day():
    closed = [Closed(piece, Decimal("310.00")) for piece in months()]
    made = correct(closed, [(day("2026-01-01"), Decimal("310.00")), (day("2026-03-22"), Decimal("279.00"))])
    assert [(line.period.label, str(line.amount)) for line in made.lines] == [("2026-03", "-10.00")]


def test_a_price_from_the_first_of_a_month_touches_that_month_only():
    closed = [Closed(piece, Decimal("100.00")) for piece in months()]
    made = correct(closed, [(day("2026-02-01"), Decimal("110.00")), (day("2026-01-01"), Decimal("100.00"))])
    assert [(line.period.label, str(line.amount)) for line in made.lines] == [
        ("2026-02", "10.00"),
        ("2026-03", "10.00"),
    ]


def test_a_day_without_a_price_is_refused():
    with pytest.raises(BadTerms, match="2026-01-01"):
        correct([Closed(months()[0], Decimal(1))], [(day("2026-01-02"), Decimal(1))])


@given(
    st.lists(st.tuples(st.integers(0, 89), st.integers(1, 10**6)), max_size=4),
    st.lists(st.integers(0, 10**6), min_size=3, max_size=3),
)
def test_after_the_corrections_every_period_is_billed_as_it_should_be(prices, billed):
    prices = {ORIGIN: Decimal(100)} | {ORIGIN + timedelta(days=days): cents * Decimal("0.01") for days, cents in prices}
    closed = [Closed(piece, cents * Decimal("0.01")) for piece, cents in zip(months(), billed, strict=True)]
    made = correct(closed, prices.items())
    amounts = {line.period: line.amount for line in made.lines}
    booked = [Closed(one.piece, one.billed + amounts.get(one.piece.period, 0)) for one in closed]
    assert correct(booked, prices.items()).lines == () and sum(amounts.values()) == made.total
