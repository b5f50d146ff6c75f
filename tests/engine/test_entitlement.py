"""The ledger of an entitlement, and which cover pays."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cover_priority import Cover, choose
from engine.entitlement import Ledger
from engine.errors import BadAmount, BadDate, BadOption, BadTerms, NotEntitled


def day(text):
    return text and date.fromisoformat(text)


def granted(*lots):
    """(key, quantity, from, until) rows."""
    ledger = Ledger()
    for key, quantity, start, end in lots:
        ledger = ledger.grant(key, Decimal(quantity), day(start), day(end))
    return ledger


YEAR = granted(("2026", 5, "2026-01-01", "2027-01-01"))


def balances(ledger, *days):
    return [int(ledger.balance(day(text))) for text in days]


@pytest.mark.parametrize(
    "on, expected",
    [("2025-12-31", 0), ("2026-01-01", 5), ("2026-12-31", 5), ("2027-01-01", 0)],
)
def test_a_lot_counts_from_its_day_until_the_day_before_it_expires(on, expected):
    assert YEAR.balance(day(on)) == expected == YEAR.expire(day("2027-06-01")).balance(day(on))


def test_consumption_takes_from_the_lot_that_expires_first():
    ledger = granted(
        ("late", 5, "2026-01-01", "2027-01-01"),
        ("never", 5, "2026-01-01", None),
        ("soon", 2, "2026-02-01", "2026-04-01"),
    ).consume("REQ-1", Decimal(8), day("2026-03-01"))
    assert [(line.lot, int(line.quantity), line.request) for line in ledger.lines[3:]] == [
        ("soon", -2, "REQ-1"),
        ("late", -5, "REQ-1"),
        ("never", -1, "REQ-1"),
    ]
    assert balances(ledger, "2026-02-28", "2026-03-01", "2026-04-01") == [12, 4, 4]


def test_of_lots_that_expire_together_the_older_one_is_used_first():
    ledger = granted(("b", 2, "2026-01-02", "2027-01-01"), ("a", 2, "2026-01-03", "2027-01-01"))
    assert ledger.consume("R", Decimal(1), day("2026-02-01")).lines[-1].lot == "b"


def test_a_request_is_counted_once():
    once = YEAR.consume("REQ-1", Decimal(2), day("2026-03-01"))
    assert once.consume("REQ-1", Decimal(2), day("2026-03-02")) is once
    with pytest.raises(BadTerms, match="points to its request"):
        YEAR.consume("", Decimal(1), day("2026-03-01"))


def test_never_below_zero_without_a_name():
    used = YEAR.consume("REQ-1", Decimal(4), day("2026-03-01"))
    with pytest.raises(NotEntitled, match="'2' is more than the balance of 1"):
        used.consume("REQ-2", Decimal(2), day("2026-03-02"))
    over = used.consume("REQ-2", Decimal(2), day("2026-03-02"), approver="anna")
    assert balances(over, "2026-03-01", "2026-03-02") == [1, -1]
    assert [(line.lot, line.approver) for line in over.lines[-2:]] == [("2026", None), (None, "anna")]


def test_a_top_up_settles_the_overdraft_first():
    over = Ledger().consume("REQ-1", Decimal(2), day("2026-03-01"), approver="anna")
    topped = over.grant("extra", Decimal(5), day("2026-03-10"), day("2026-04-01"), "top_up")
    assert balances(topped, "2026-03-09", "2026-03-10", "2026-04-01") == [-2, 3, 0]
    assert topped.overdraft(day("2026-03-10")) == 0
    assert topped.lines[1].kind == "top_up" and [line.kind for line in topped.lines[2:]] == ["settle"] * 2


def test_a_grant_recorded_late_settles_on_the_day_of_the_overdraft():
    over = Ledger().consume("REQ-1", Decimal(2), day("2026-03-01"), approver="anna")
    late = over.grant("2026", Decimal(5), day("2026-01-01"), day("2027-01-01"))
    assert balances(late, "2026-02-28", "2026-03-01", "2027-01-01") == [5, 3, 0]


def test_use_reported_late_cannot_take_what_was_used_since():
    ledger = YEAR.consume("REQ-1", Decimal(4), day("2026-06-01"))
    with pytest.raises(NotEntitled):
        ledger.consume("REQ-2", Decimal(2), day("2026-03-01"))
    assert balances(ledger.consume("REQ-2", Decimal(1), day("2026-03-01")), "2026-03-01", "2026-06-01") == [4, 0]


def test_what_is_left_rolls_over_up_to_the_limit():
    ledger = YEAR.consume("REQ-1", Decimal(1), day("2026-03-01"))
    rolled = ledger.roll_over("2026", "2027", day("2028-01-01"), limit=Decimal(3))
    assert balances(rolled, "2026-12-31", "2027-01-01", "2028-01-01") == [4, 3, 0]
    assert rolled.roll_over("2026", "2027", day("2028-01-01")) is rolled  # a second run
    assert rolled.expire(day("2027-01-01")) == rolled
    assert [line.kind for line in rolled.lines] == ["grant", "consume", "expire", "roll_over"]
    empty = YEAR.consume("REQ-1", Decimal(5), day("2026-03-01"))
    assert empty.roll_over("2026", "2027") is empty


def test_expiry_is_written_once_and_dated_on_its_day():
    expired = YEAR.expire(day("2027-03-01"))
    assert (expired.lines[-1].kind, expired.lines[-1].day) == ("expire", day("2027-01-01"))
    assert expired.expire(day("2027-04-01")) == expired and YEAR.expire(day("2026-12-31")) == YEAR


@pytest.mark.parametrize(
    "refused, error",
    [
        (lambda: YEAR.grant("2026", Decimal(1), date(2026, 1, 1)), BadTerms),
        (lambda: YEAR.grant("x", Decimal(0), date(2026, 1, 1)), BadAmount),
        (lambda: YEAR.grant("x", 1.5, date(2026, 1, 1)), BadAmount),
        (lambda: YEAR.grant("x", Decimal(1), date(2026, 1, 1), date(2026, 1, 1)), BadTerms),
        (lambda: YEAR.grant("x", Decimal(1), date(2026, 1, 1), kind="gift"), BadOption),
        (lambda: YEAR.consume("R", Decimal(-1), date(2026, 1, 1)), BadAmount),
        (lambda: YEAR.consume("R", Decimal(1), "2026-01-01"), BadDate),
        (lambda: YEAR.roll_over("2025", "2026b"), BadTerms),
    ],
)
def test_what_is_refused(refused, error):
    with pytest.raises(error):
        refused()


# --- laws -------------------------------------------------------------------------------------------

ORIGIN = date(2026, 1, 1)
quantities = st.integers(1, 9).map(Decimal)
offsets = st.integers(0, 60)
movements = st.lists(
    st.one_of(
        st.tuples(st.just("grant"), quantities, offsets, st.none() | st.integers(1, 40)),
        st.tuples(st.just("consume"), quantities, offsets, st.none() | st.just("anna")),
        st.tuples(st.just("expire"), st.none(), offsets, st.none()),
    ),
    max_size=12,
)


def _played(drawn):
    """Every ledger of a history, in whatever order its days come, refused uses left out."""
    ledger = Ledger()
    yield ledger
    for number, (kind, quantity, offset, extra) in enumerate(drawn):
        on = ORIGIN + timedelta(days=offset)
        if kind == "grant":
            ledger = ledger.grant(f"lot {number}", quantity, on, extra and on + timedelta(days=extra))
        elif kind == "expire":
            ledger = ledger.expire(on)
        else:
            try:
                ledger = ledger.consume(f"REQ-{number}", quantity, on, extra)
            except NotEntitled:
                assert extra is None
        yield ledger


@given(movements)
def test_lines_are_only_appended_and_every_use_is_booked_whole(drawn):
    histories = list(_played(drawn))
    for before, after in zip(histories, histories[1:], strict=False):
        assert after.lines[: len(before.lines)] == before.lines
    lines = histories[-1].lines
    for number, (_kind, quantity, _offset, _extra) in enumerate(drawn):
        booked = [line.quantity for line in lines if line.request == f"REQ-{number}"]
        assert not booked or -sum(booked) == quantity
    assert all(line.approver for line in lines if line.lot is None and line.kind == "consume")


@given(movements)
def test_no_lot_is_overdrawn_and_nothing_is_negative_that_nobody_approved(drawn):
    *_others, ledger = _played(drawn)
    for offset in range(110):
        on = ORIGIN + timedelta(days=offset)
        assert all(lot.remaining >= 0 for lot in ledger.lots(on))
        assert ledger.balance(on) >= 0 or ledger.overdraft(on) > 0


@given(movements, st.integers(0, 110))
def test_writing_down_what_expired_changes_no_balance(drawn, offset):
    *_others, ledger = _played(drawn)
    expired = ledger.expire(ORIGIN + timedelta(days=offset))
    for number in range(0, 111, 5):
        on = ORIGIN + timedelta(days=number)
        assert expired.balance(on) == ledger.balance(on)


# --- which cover pays -------------------------------------------------------------------------------

ON = date(2026, 6, 1)


def a_cover(key, kind="contract", start="2026-01-01", end="2027-01-01", **terms):
    return Cover(key, kind, day(start), day(end), **terms)


@pytest.mark.parametrize(
    "covers, key, reason",
    [
        ([], None, "no cover is in force with anything left"),
        ([a_cover("C")], "C", "C is the only cover in force"),
        ([a_cover("C", end="2026-06-01")], None, "no cover is in force with anything left"),
        ([a_cover("C", start="2026-06-01")], "C", "C is the only cover in force"),
        ([a_cover("C", end="2026-06-02")], "C", "C is the only cover in force"),
        ([a_cover("C", balance=Decimal("0.5"))], "C", "C is the only cover in force"),
        ([a_cover("C", start="2026-06-02")], None, "no cover is in force with anything left"),
        ([a_cover("C", balance=Decimal(0)), a_cover("D", priority=99)], "D", "D is the only cover in force"),
        # row 26: the quota is not used while the warranty pays
        ([a_cover("C", priority=1), a_cover("W", "warranty")], "W", "W before C: warranty comes before contract"),
        ([a_cover("W", "warranty"), a_cover("R", "recall")], "R", "R before W: recall comes before warranty"),
        ([a_cover("A", priority=20), a_cover("B")], "B", "B before A: priority 10 comes before priority 20"),
        (
            [a_cover("A"), a_cover("B", applies_to="asset")],
            "B",
            "B before A: it is for the asset, the other for the contract",
        ),
        ([a_cover("A", end=None), a_cover("B")], "B", "B before A: it ends first, on 2027-01-01"),
        ([a_cover("B"), a_cover("A")], "A", "A before B: all else is equal, by key"),
    ],
)
def test_row_26_overlapping_covers(covers, key, reason):
    """contracts.md 5 row 26: who pays first; quota not used when warranty pays."""
    choice = choose(covers, ON)
    assert (choice.cover and choice.cover.key, choice.reason) == (key, reason)


def test_the_criterion_that_decided_is_named():
    covers = [a_cover("A"), a_cover("B"), a_cover("C", priority=20), a_cover("W", "warranty")]
    decided = [choose(some, ON) for some in (covers[:1], covers[:2], covers[1:3], covers, [])]
    assert [choice.criterion for choice in decided] == ["only", "key", "priority", "kind", None]


@given(
    st.permutations(
        [a_cover(key, kind) for key, kind in zip("abcdef", ["contract", "warranty", "recall"] * 2, strict=True)]
    )
)
def test_the_order_of_the_records_decides_nothing(covers):
    assert [cover.key for cover in choose(covers, ON).order] == ["c", "f", "b", "e", "a", "d"]
