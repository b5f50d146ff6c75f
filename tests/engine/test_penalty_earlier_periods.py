"""Rules that look at other periods: earn-back and the running caps of a year and of the contract."""

from decimal import Decimal

import pytest
from clauses import clause, hours, late, march, paid, steps, uptime

from engine.penalty import assess
from engine.penalty_terms import EarnBack, Ledger, Penalised

THOUSAND = Decimal(1000)


def lines(penalty):
    """[(component or "", kind, amount)] as text."""
    return [(line.component, line.kind, str(line.amount)) for line in penalty.lines]


# --- earn-back --------------------------------------------------------------------------------------

EARLIER = (Penalised("PEN/1", Decimal("80.00"), 3), Penalised("PEN/2", Decimal("50.01"), 1))


def earning(**terms):
    return clause(uptime(), late(), earn_back=EarnBack("uptime", Decimal("99.95"), **terms))


@pytest.mark.parametrize(
    "figure, strict, amount",
    [("99.94", False, "0.00"), ("99.95", False, "-130.01"), ("99.95", True, "0.00"), ("99.96", True, "-130.01")],
)
def test_a_better_period_earns_back(figure, strict, amount):
    terms = earning(window=3, strict=strict)
    penalty = assess(terms, march(uptime=figure, fix=()), THOUSAND, Ledger(penalised=EARLIER))
    assert str(penalty.amount) == amount
    assert penalty.earned == (("PEN/1", "PEN/2") if amount != "0.00" else ())


@pytest.mark.parametrize(
    "window, earned", [(1, ("PEN/2",)), (2, ("PEN/2",)), (3, ("PEN/1", "PEN/2")), (None, ("PEN/1", "PEN/2"))]
)
def test_the_window_of_earn_back(window, earned):
    penalty = assess(earning(window=window), march(uptime="100"), THOUSAND, Ledger(penalised=EARLIER))
    assert penalty.earned == earned


def test_a_part_is_earned_back_and_each_is_a_line():
    penalty = assess(
        earning(window=3, percent=Decimal(50)), march(uptime="100", fix=hours(1)), THOUSAND, Ledger(penalised=EARLIER)
    )
    assert lines(penalty) == [("fix", "penalty", "50.00"), ("", "earned_back", "-40.00"), ("", "earned_back", "-25.01")]
    assert (str(penalty.amount), str(penalty.returned)) == ("-15.01", "65.01")


def test_nothing_is_earned_back_by_what_was_not_measured():
    penalty = assess(earning(window=3), march(fix=hours(1)), THOUSAND, Ledger(penalised=EARLIER))
    assert (
        str(penalty.amount) == "50.00" and steps(penalty)["earn-back"] == "uptime was not measured: nothing is returned"
    )


def test_earn_back_where_low_is_good():
    terms = clause(uptime("4: 10", key="down", high_is_good=False), earn_back=EarnBack("down", Decimal(2), 3))
    assert [paid(terms, march(down=figure), ledger=Ledger(penalised=EARLIER)) for figure in ("2.5", "2")] == [
        "0.00",
        "-130.01",
    ]


# --- running caps -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "used, amount, capped",
    [
        ("0", "100.00", False),
        ("400", "100.00", False),
        ("450", "50.00", True),
        ("500", "0.00", True),
        ("600", "0.00", True),
    ],
)
@pytest.mark.parametrize("name, total", [("yearly_cap", "year"), ("contract_cap", "contract")])
def test_a_running_cap_leaves_what_is_left(name, total, used, amount, capped):
    terms = clause(uptime(), **{name: "500"})
    penalty = assess(terms, march(uptime="99"), THOUSAND, Ledger(**{total: Decimal(used)}))
    assert (str(penalty.amount), penalty.capped) == (amount, capped)


def test_both_running_caps_in_percent_of_the_contract():
    terms = clause(uptime(), yearly_cap="1 % value", contract_cap="2 % value")
    ledger = Ledger(year=Decimal(60), contract=Decimal(170))
    penalty = assess(terms, march("10000", uptime="99"), THOUSAND, ledger)
    assert lines(penalty) == [("uptime", "penalty", "100.00"), ("", "capped", "-60.00"), ("", "capped", "-10.00")]
    assert steps(penalty)["yearly cap"] == "60.00 of 100.00 this year: 60.00 is cut"
    assert steps(penalty)["contract cap"] == "170.00 of 200.00 so far: 10.00 is cut"


def test_what_is_earned_back_makes_room_under_the_cap():
    terms = clause(uptime(), late(), yearly_cap="500", earn_back=EarnBack("uptime", Decimal(99), 3))
    ledger = Ledger(year=Decimal(480), penalised=(Penalised("PEN/1", Decimal(60), 1),))
    penalty = assess(terms, march(uptime="99", fix=()), THOUSAND, ledger)
    assert str(penalty.amount) == "20.00"  # 100 less 60 would be 40: 480 + 20 is the cap
    assert str(penalty.returned) == "60.00"
