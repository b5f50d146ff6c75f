"""Laws of verdicts, for covers and machines nobody thought of."""

import pickle
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from time import process_time

from hypothesis import assume, given
from hypothesis import strategies as st
from warranty_cases import CENT, asset, cases, cover, covers_of, day, days, hours, item, policy

from engine.days import last_day
from engine.errors import OutOfRange
from engine.recurrence import periods
from engine.warranty import coverage
from engine.warranty_dates import anchor_at, extended, finish
from engine.warranty_facts import Repair
from engine.warranty_meters import exhausted, series
from engine.warranty_serials import Scope, SerialRange
from engine.warranty_terms import CONTRACT, EXTENDED, Exclusion, Limit, Quota, Term, recall
from engine.warranty_verdict import LABELS, OBSTACLES


@given(cases())
def test_payers_sum_to_a_hundred_and_amounts_to_the_items(case):
    for one, wanted in zip(coverage(*case).items, case[4], strict=True):
        assert sum(share.percent for share in one.shares) == 100
        assert all(0 <= share.percent <= 100 for share in one.shares)
        assert one.percent == sum(share.percent for share in one.shares if share.cover)
        if wanted.amount is None:
            assert all(share.amount is None for share in one.shares)
        else:
            assert sum(share.amount for share in one.shares) == wanted.amount
            assert all(share.amount >= 0 and not Fraction(share.amount) % Fraction(CENT) for share in one.shares)


@given(cases(1), st.data())
def test_the_order_of_covers_does_not_matter(case, data):
    covers, *rest = case
    shuffled = data.draw(st.permutations(covers))
    assert coverage(shuffled, *rest) == coverage(covers, *rest)
    assert coverage(shuffled, *rest).steps == coverage(covers, *rest).steps


IRRELEVANT = ("machine", "cause", "void", "not_begun", "ended", "kind", "serial")


def irrelevant(made, on, items, how):
    """``made`` as a cover that cannot pay for a failure on that day."""
    everything = replace(made, start=None, end=None)
    return {
        "machine": replace(made, scope=Scope(assets=frozenset({"another"}))),
        "serial": replace(made, scope=Scope(serials=(SerialRange("SN-1", "SN-9"),))),
        "cause": replace(made, causes=frozenset({"something else"})),
        "not_begun": replace(everything, start=on + timedelta(days=1)),
        "ended": replace(everything, start=on - timedelta(days=9), end=on),
        "void": replace(
            made, policy=replace(made.policy, exclusions=(Exclusion("all of it"),))),
        "kind": replace(made, policy=replace(made.policy, benefits=tuple(
            one for one in made.policy.benefits if one.kind not in {item.kind for item in items}))),
    }[how]  # fmt: skip


@given(cases(), covers_of("another"), st.sampled_from(IRRELEVANT))
def test_a_cover_that_is_irrelevant_changes_nothing(case, made, how):
    covers, machine, on, cause, items = case
    assume(not made.follows)
    before = coverage(*case)
    after = coverage((*covers, irrelevant(made, on, items, how)), machine, on, cause, items)
    assert after.balances == before.balances and after.recoveries == before.recoveries
    for one, other in zip(before.items, after.items, strict=True):
        assert (one.shares, one.percent, one.payer) == (other.shares, other.percent, other.payer)
        if one.covered or how in ("machine", "serial"):  # else the reason may name the new cover's obstacle
            assert (one.reason, one.rule) == (other.reason, other.rule)


@given(cases())
def test_caps_and_quotas_are_never_passed(case):
    found = coverage(*case)
    terms = {one.key: one for one in case[0]}
    recovered = {}
    for one in found.recoveries:
        recovered[one.item] = recovered.get(one.item, 0) + (one.amount or 0)
    for balance in found.balances:
        made, paid = terms[balance.cover], balance.paid
        for limit, amount in (
            (made.policy.cap, sum(paid.values())), (made.policy.claim_cap, sum(paid.values())),
            *((limit, paid.get(one.kind, 0)) for one in made.policy.benefits for limit in (one.cap, one.claim_cap)),
        ):  # fmt: skip
            assert limit is None or amount <= limit
        assert made.quota is None or 0 <= balance.quota_left <= made.quota.left
    for wanted in case[4]:
        if wanted.amount is not None or wanted.cost is not None:
            cost = wanted.amount if wanted.cost is None else wanted.cost
            assert 0 <= recovered.get(wanted.key, 0) <= cost


@given(cases())
def test_every_verdict_explains_itself_and_can_be_stored(case):
    found = coverage(*case)
    assert {step.label for step in found.steps} <= set(LABELS)
    assert all(one.reason and (one.covered or one.rule in OBSTACLES) for one in found.items)
    assert pickle.loads(pickle.dumps(found)) == found


@given(days, st.integers(1, 12), st.sampled_from(["day", "week", "month", "quarter", "year"]), st.integers(1, 8))
def test_terms_end_where_the_periods_of_a_contract_do(start, interval, unit, count):
    found = finish(start, Term(interval * count, unit))
    bounds = periods(start, None, interval, unit)
    assert found == [next(bounds) for _row in range(count)][-1].end


@given(days, st.integers(1, 40), st.integers(1, 40))
def test_what_follows_keeps_the_anchor(start, first, second):
    middle = finish(start, Term(first))
    assert finish(middle, Term(second), anchor_at(middle, start.day)) == finish(start, Term(first + second))


@given(days, st.one_of(st.builds(Term, st.integers(1, 60)), st.builds(Term, st.integers(1, 900), st.just("day"))))
def test_the_last_day_is_covered_and_the_next_is_not(start, length):
    made = replace(cover(promised="parts"), start=start)
    made = replace(made, policy=replace(made.policy, benefits=(replace(made.policy.benefits[0], term=length),)))
    last = last_day(finish(start, length))
    rows = [start - timedelta(days=1), start, last, last + timedelta(days=1)]
    outcomes = [coverage([made], asset(), on, "", [item()]).covered for on in rows]
    assert outcomes == [False, True, True, False]


@given(days, st.integers(1, 900), st.lists(st.tuples(days, st.integers(0, 60)), max_size=5))
def test_repairs_leave_as_many_days_in_use_as_were_promised(start, length, rows):
    repairs = [Repair(first, first + timedelta(days=count)) for first, count in rows]
    end = extended(start, start + timedelta(days=length), repairs, date(2031, 1, 1))
    away = {one.start + timedelta(days=number) for one in repairs for number in range((one.end - one.start).days)}
    inside = sum(start <= one < end for one in away)
    assert (end - start).days - inside == length


@given(
    st.lists(st.tuples(days, st.integers(0, 3000), st.one_of(st.none(), st.integers(0, 500))), max_size=8), days, days
)
def test_use_never_goes_down_and_adds_up(rows, middle, on):
    readings = tuple(one for row in rows for one in hours((row[0].isoformat(), *row[1:][: 1 + (row[2] is not None)])))
    found = series(((readings, None, None),), "hours", on)
    uses = [use for _day, use in found]
    assert uses == sorted(uses) and exhausted(found, uses[-1] if uses else 0) is None
    split = series(((readings, None, middle), (readings, middle, None)), "hours", on)
    assert [use for _day, use in split] == uses


@given(st.integers(0, 9999), st.integers(0, 9999), st.integers(0, 9999))
def test_serials_are_ordered_by_their_numbers(low, middle, high):
    low, high = sorted((low, high))
    assert SerialRange(f"SN-{low:05}", f"SN-{high}").holds(f"sn-{middle}") == (low <= middle <= high)


def test_ends_outside_the_calendar_are_refused():
    try:
        finish(date(2990, 1, 1), Term(20, "year"))
    except OutOfRange as error:
        assert error.field == "year"
    else:
        raise AssertionError("an end after 2999")


def test_ten_thousand_verdicts_are_quick():
    """Four covers, three items: the quickest of ten hundreds, since a busy machine makes any of them slow."""
    warranty = policy("parts 24, labour 12 80%, travel 12 50%", limits=(Limit("hours", Decimal(2000)),))
    items = [item("a", amount="123.45"), item("b", "labour", "80.00"), item("c", "travel", "33.33")]
    covers = [
        replace(cover(), policy=warranty), cover("E-1", EXTENDED, follows="W-1"),
        cover("C-1", CONTRACT, "labour, travel", "2025-01-01", quota=Quota(Decimal(5))),
        recall("R-1", Scope(serials=(SerialRange("SN-100", "SN-900"),)), day("2026-01-01"))]  # fmt: skip
    machines = [asset(f"P-{row}", serial=f"SN-{row}", readings=hours(("2026-01-01", row * 3))) for row in range(1000)]
    found, spent = [], []
    for row in range(0, 1000, 100):
        start = process_time()
        found += [coverage(covers, machine, day("2026-05-05"), "leak", items) for machine in machines[row : row + 100]]
        spent.append(process_time() - start)
    assert min(spent) * 100 < 4  # seconds for ten thousand
    assert sum(one["a"].payer == "recall" for one in found) == 801
