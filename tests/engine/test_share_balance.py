"""From the shares to what is paid: bonus, cap, guarantee, brand fee, penalties, withholding, carry, split."""

from decimal import Decimal
from fractions import Fraction

import pytest
from share_cases import amounts, component, line, paid, payout, rule, settled, told

from engine.share_steps import LABELS
from engine.share_terms import LINE_KINDS, Bonus, Carried, Item, Measured


def kinds(settlement):
    return [(one.kind, str(one.amount)) for one in settlement.lines if one.kind != "share"]


def items(*amounts_, key="PEN"):
    return tuple(Item(f"{key}/{row}", "Late", Decimal(amount)) for row, amount in enumerate(amounts_, 1))


def test_the_order_and_every_line_of_its_own():
    terms = rule(
        component(), cap="90", guarantee="20", brand_fee="2 % revenue", withholding="10",
        bonuses=(Bonus("Best of year", Decimal(5), True),), split="a 60,b 40")  # fmt: skip
    found = settled(
        terms, line("1000"), penalties=items("-5"), released=items("8", key="S/1"), carried=Decimal("-12.50"))
    assert kinds(found) == [
        ("bonus", "5.00"), ("cap", "-15.00"), ("brand_fee", "-20.00"), ("penalty", "-5.00"), ("withholding", "-6.50"),
        ("released", "8.00"), ("carried_in", "-12.50")]  # fmt: skip
    assert (str(found.total), found.split) == ("54.00", (("a", Decimal("32.40")), ("b", Decimal("21.60"))))
    order = [step.label for step in found.steps]
    assert order == sorted(order, key=LABELS.index) and order[-3:] == ["total", "split", "split"]
    by_kind = [one.kind for one in found.lines]
    assert by_kind == sorted(by_kind, key=LINE_KINDS.index)


@pytest.mark.parametrize(
    "terms, base, lines, total",
    [
        ({"cap": "50"}, "1000", [("cap", "-50.00")], "50.00"),
        ({"cap": "100"}, "1000", [], "100.00"),
        ({"cap": "33.339"}, "1000", [("cap", "-66.67")], "33.33"),
        ({"guarantee": "150"}, "1000", [("guarantee", "50.00")], "150.00"),
        ({"guarantee": "100"}, "1000", [], "100.00"),
        ({"guarantee": "30"}, "-200", [("guarantee", "50.00")], "30.00"),
        ({"guarantee": "33.335"}, "0", [("guarantee", "33.34")], "33.34"),
        ({"brand_fee": "2 % revenue"}, "1000", [("brand_fee", "-20.00")], "80.00"),
        ({"brand_fee": "25 % share"}, "1000", [("brand_fee", "-25.00")], "75.00"),
        ({"brand_fee": "40"}, "1000", [("brand_fee", "-40.00")], "60.00"),
        ({"withholding": "20"}, "1000", [("withholding", "-20.00")], "80.00"),
        ({"withholding": "20", "negative": "charge"}, "-1000", [], "-100.00"),
        ({"negative": "charge"}, "-1000", [], "-100.00"),
        ({"negative": "carry"}, "-1000", [("carried_forward", "100.00")], "0.00"),
    ],
)
def test_each_rule_by_itself(terms, base, lines, total):
    found = settled(rule(component(), **terms), line(base))
    assert (kinds(found), str(found.total)) == (lines, total)


def test_the_guarantee_holds_where_nothing_was_sold():
    assert paid(rule(guarantee="250")) == "250.00"


def test_parts_of_a_period():
    terms = rule(guarantee="310", brand_fee="31", bonuses=(Bonus("Fleet", Decimal("6.2")),))
    found = settled(terms, part=Fraction(17, 31))
    assert kinds(found) == [("bonus", "3.40"), ("guarantee", "166.60"), ("brand_fee", "-17.00")]
    assert told(found, "guarantee") == ["3.40 is raised to 310.00 for 17/31 of a period"]


def test_the_cap_is_of_all_shares_and_of_both_directions():
    terms = rule(component(kinds="labour"), component("fee", "5", kinds="fee", direction="pays"), cap="60")
    found = settled(terms, line("1000", kind="labour"), line("600", kind="fee"))
    assert amounts(found) == ["100.00", "-30.00", "-10.00"]


def test_a_brand_fee_of_refunds_is_given_back():
    assert paid(rule(component(rates="0"), brand_fee="2 % revenue"), line("-1000")) == "20.00"


# --- bonus ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bonus, figures, expected, warnings",
    [
        (Bonus("B", Decimal(50)), {}, "50.00", ()),
        (Bonus("B", Decimal(5), True), {}, "5.00", ()),
        (Bonus("B", Decimal(50), payout=payout("80: 50, 90: 100", "score")), {"score": "85"}, "25.00", ()),
        (Bonus("B", Decimal(50), payout=payout("80: 50, 90: 100", "score")), {"score": "79"}, None, ()),
        (Bonus("B", Decimal(50), payout=payout("80: 50", "score", otherwise=Decimal(0))), {}, None,
         (("no_figure", "B"),)),
    ],
)  # fmt: skip
def test_a_bonus(bonus, figures, expected, warnings):
    figures = {key: Measured(Decimal(value), 9) for key, value in figures.items()}
    found = settled(rule(bonuses=(bonus,)), line("1000"), figures=figures)
    assert (kinds(found), found.warnings) == ([("bonus", expected)] if expected else [], warnings)


def test_a_share_below_zero_has_no_bonus():
    found = settled(rule(bonuses=(Bonus("B", Decimal(5), True),), negative="charge"), line("-1000"))
    assert kinds(found) == [] and told(found, "bonus") == ["B: 5 % of 0.00"]


# --- from one period to the next ----------------------------------------------------------------------------


def test_what_is_owed_goes_from_period_to_period_until_it_is_earned():
    terms, owed, totals = rule(), Decimal(0), []
    for base in ("-1000", "400", "300", "500"):
        found = settled(terms, line(base), carried=owed)
        owed = found.carried_forward
        totals.append((str(found.total), str(owed)))
    assert totals == [("0.00", "-100.00"), ("0.00", "-60.00"), ("0.00", "-30.00"), ("20.00", "0.00")]


def test_nothing_is_withheld_of_what_only_pays_a_debt_back_later():
    """Withheld is of what this period earned, before what is carried in."""
    found = settled(rule(withholding="20"), line("1000"), carried=Decimal(-30))
    assert kinds(found) == [("withholding", "-20.00"), ("carried_in", "-30.00")] and str(found.total) == "50.00"


def test_what_cannot_be_paid_in_whole_units_waits():
    """Carried -0.07 from before the rule was in steps of 0.05."""
    terms = rule(payable="0.05")
    found = settled(terms, line("10"), carried=Carried(Decimal("-0.07")))
    assert (amounts(found), str(found.total), str(found.carried_forward)) == (["1.00", "-0.05"], "0.95", "-0.02")


def test_penalties_and_released_sums_are_lines_of_their_own():
    found = settled(rule(), line("1000"), penalties=items("-12.34", "2"), released=items("7.77", "-1", key="S"))
    rows = [(one.kind, one.key, str(one.amount)) for one in found.lines[1:]]
    assert rows == [
        ("penalty", "PEN/1", "-12.34"), ("penalty", "PEN/2", "2.00"), ("released", "S/1", "7.77"),
        ("released", "S/2", "-1.00")]  # fmt: skip


def test_reimbursements_stand_after_all_that_a_rule_takes():
    """Claims are paid in full: no cap, brand fee or withholding counts them, and the guarantee is not used up."""
    terms = rule(component(), cap="90", guarantee="50", brand_fee="10 % share", withholding="10")
    bare = settled(terms, line("1000"), released=items("8", key="S"))
    found = settled(terms, line("1000"), released=items("8", key="S"), reimbursements=items("700", "-0.50", key="R"))
    assert kinds(found) == kinds(bare) + [("reimbursement", "700.00"), ("reimbursement", "-0.50")]
    assert found.total == bare.total + Decimal("699.50")
    assert told(found, "reimbursement") == ["R/1: Late", "R/2: Late"]
    alone = settled(rule(guarantee="50"), reimbursements=items("700", key="R"))
    assert kinds(alone) == [("guarantee", "50.00"), ("reimbursement", "700.00")]


def test_reimbursements_pay_what_is_owed_first_and_carry_what_is_taken_back():
    found = settled(rule(), reimbursements=items("30", key="R"), carried=Decimal("-50"))
    assert kinds(found)[-1] == ("carried_forward", "20.00") and str(found.carried_forward) == "-20.00"
    back = settled(rule(), reimbursements=items("-30", key="R"))
    assert (str(back.total), str(back.carried_forward)) == ("0.00", "-30.00")


# --- split ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "base, split, expected",
    [
        ("1000.01", "a 60,b 40", ["60.00", "40.00"]),
        ("1000", "a 33.3333,b 33.3333,c 33.3334", ["33.33", "33.33", "33.34"]),
        ("0.1", "a 50,b 50", ["0.01", "0.00"]),
        ("-1000", "a 60,b 40", ["-60.00", "-40.00"]),
    ],
)
def test_the_total_is_split_to_the_cent(base, split, expected):
    found = settled(rule(split=split, negative="charge"), line(base))
    assert [str(amount) for _payee, amount in found.split] == expected
    assert sum(amount for _payee, amount in found.split) == found.total
    assert told(found, "split")[0].startswith("a: ")
