"""What the lint finds in a clause: each rule where it fires, and at the edge where it does not."""

from decimal import Decimal

import pytest
from clauses import below, breaches, clause, component, counted, late, missing, pointed, uptime

from engine.penalty_lint import Finding, lint
from engine.penalty_terms import Cap, Clause, EarnBack


def found(terms, **known):
    """{(code, component): blocks}."""
    return {(one.code, one.component): one.blocks for one in lint(terms, **known)}


CLEAN = [
    clause(uptime(cap="25 % fee"), period_cap="25 % fee"),
    clause(late(cap="10 % value"), yearly_cap="20 % value", contract_cap="30 % value", minimum="1"),
    clause(
        counted("1: 10, 4: 25", count_rule="marginal", event_cap="25"), breaches(key="b", event_cap="50", cap="100")
    ),
    clause(pointed(free=3, cap="20 % fee"), period_cap="20 % fee"),
    clause(
        uptime("99.9: 50, 99: 100", weight="60"),
        breaches("100", base="percent", weight="40"),
        at_risk="15 % fee",
        period_cap="15 % fee",
    ),
    clause(missing(cap="100 % fee"), below("2", "99", key="more", bonus=True), bonus_cap="5 % fee"),
    clause(uptime(target=Decimal("99.9")), earn_back=EarnBack("uptime", Decimal("99.9"), 3)),
    clause(uptime(multipliers="1 1.5 1.5 2")),
]


@pytest.mark.parametrize("terms", CLEAN)
def test_a_sound_clause_has_no_findings(terms):
    assert lint(terms) == () and lint(terms, Decimal(1000), Decimal(12000)) == ()


def test_a_finding_says_what_and_where():
    (finding,) = lint(clause(uptime("99.0: 10, 99.9: 25", name="Availability")))
    assert finding == Finding(
        "unsorted", "uptime", "Availability: the bounds do not run from the largest to the smallest", True
    )


@pytest.mark.parametrize(
    "terms, expected",
    [
        # tiers
        (clause(component("bands")), {("no_tiers", "it"): True}),
        (clause(uptime("99.0: 10, 99.9: 25")), {("unsorted", "uptime"): True}),
        (clause(uptime("9: 10, 4: 25", high_is_good=False)), {("unsorted", "uptime"): True}),
        (clause(counted("4: 10, 1: 25")), {("unsorted", "count"): True}),
        (clause(uptime("99.9: 10, 99.90: 25")), {("overlap", "uptime"): True}),
        (clause(counted("1: 10, 4: 5, 4: 25")), {("overlap", "count"): True}),
        (clause(uptime("99.9: 10, 99: 0, 95: 25")), {("hole", "uptime"): True}),
        (clause(counted("4: 10")), {("hole", "count"): False}),
        (clause(uptime(target=Decimal("99.95"))), {("hole", "uptime"): False}),
        (clause(uptime(target=Decimal("99.5"))), {("hole", "uptime"): False}),
        (clause(uptime("99.9: 25, 99: 10")), {("falling_rates", "uptime"): False}),
        # rates
        (clause(late("0")), {("zero_rate", "fix"): True}),
        (clause(breaches("0")), {("zero_rate", "breach"): True}),
        (clause(below("0")), {("zero_rate", "level"): True}),
        (clause(missing(base="amount")), {("zero_rate", "part"): True}),
        (clause(uptime("99: 0")), {("zero_rate", "uptime"): True}),
        (clause(pointed(severities=(("low", 0),))), {("zero_rate", "points"): True}),
        # weights
        (clause(uptime(weight="60"), at_risk="15 % fee"), {("weights", ""): True}),
        (clause(uptime(), at_risk="15 % fee"), {("weights", ""): True}),
        (clause(uptime(weight="100")), {("weights_unused", "uptime"): False}),
        # caps
        (clause(uptime(cap="9.99 % fee")), {("cap_below_first_tier", "uptime"): True}),
        (clause(uptime(cap="10 % fee")), {}),
        (clause(uptime(), period_cap="5 % fee"), {("cap_below_first_tier", "uptime"): True}),
        (clause(counted("3: 10", cap="29")), {("cap_below_first_tier", "count"): True, ("hole", "count"): False}),
        (clause(counted("1: 10", count_rule="marginal", cap="10")), {}),
        (clause(uptime(cap="25.01 % fee")), {("cap_unreachable", "uptime"): True}),
        (clause(uptime(deductible="1", cap="25 % fee")), {("cap_unreachable", "uptime"): True}),
        (clause(counted("1: 10, 5: 25", count_rule="lump", cap="26")), {("cap_unreachable", "count"): True}),
        (clause(missing(cap="101 % fee")), {("cap_unreachable", "part"): True}),
        (clause(breaches(event_cap="51")), {("cap_unreachable", "breach"): True}),
        (clause(counted("1: 10", event_cap="11")), {("cap_unreachable", "count"): True}),
        (clause(late(event_cap="200", cap="100")), {("cap_unreachable", "fix"): True}),
        (clause(uptime(), period_cap="26 % fee"), {("cap_unreachable", ""): True}),
        (clause(uptime(), uptime(key="two"), period_cap="50 % fee"), {}),
        (
            clause(uptime(), uptime(key="two"), combine="highest", period_cap="50 % fee"),
            {("cap_unreachable", ""): True},
        ),
        (clause(uptime(multipliers="1 2"), period_cap="50 % fee"), {}),
        (clause(late(), period_cap="500", yearly_cap="400"), {("cap_unreachable", ""): True}),
        (clause(late(), yearly_cap="500", contract_cap="400"), {("cap_unreachable", ""): True}),
        (clause(uptime("99: 5", bonus=True), late(), bonus_cap="6 % fee"), {("cap_unreachable", ""): True}),
        (
            clause(uptime(weight="100", cap="20 % fee"), at_risk="15 % fee"),
            {("cap_above_at_risk", "uptime"): True, ("cap_unreachable", "uptime"): True},
        ),
        (
            clause(late(weight="100"), at_risk="15 % fee", period_cap="20 % fee"),
            {("cap_above_at_risk", ""): True, ("cap_unreachable", ""): True},
        ),
        # minimum
        (clause(late(), minimum="101", period_cap="100"), {("minimum_above_cap", ""): True}),
        (clause(late(), minimum="100", period_cap="100"), {}),
        (clause(late(), minimum="501", yearly_cap="500"), {("minimum_above_cap", ""): True}),
        # repetition
        (clause(late(multipliers="0.5 1")), {("multiplier_below_one", "fix"): False}),
        (clause(late(multipliers="2 1")), {("multiplier_falling", "fix"): False}),
        # earn-back
        (
            clause(uptime(), earn_back=EarnBack("uptime", Decimal("99.95"), None)),
            {("earn_back_endless", "uptime"): True},
        ),
        (clause(uptime(), earn_back=EarnBack("uptime", Decimal("99.8"), 3)), {("earn_back_easy", "uptime"): False}),
        (clause(late(), earn_back=EarnBack("fix", Decimal(1), 3)), {("malformed", ""): True}),
        # bonus
        (clause(late(), below(bonus=True)), {("bonus_without_cap", ""): False}),
        (clause(late(), below(bonus=True, cap="5")), {}),
        # the clause
        (Clause("PC-1 v1", ()), {("no_components", ""): True}),
        (clause(below(bonus=True), bonus_cap="10"), {("no_components", ""): False}),
        (clause(late(), uptime(), combine="lowest"), {("lowest_rewards", ""): False}),
        (clause(late(free=2)), {("unread", "fix"): False}),
        (clause(uptime(event_cap="2")), {("unread", "uptime"): False}),
        (clause(counted("1: 10", count_rule="lump", event_cap="10")), {("unread", "count"): False}),
        (clause(late(), below(bonus=True, cap="5", multipliers="1 2")), {("unread", "level"): False}),
        # what cannot be read at all
        (clause(late(rate=1.5)), {("malformed", "fix"): True}),
        (clause(late(rate=1.5), uptime("99: 1, 99: 2")), {("malformed", "fix"): True, ("overlap", "uptime"): True}),
        (clause(uptime(), combine="mean"), {("malformed", ""): True}),
        (clause(uptime(), period_cap=Cap(0.5)), {("malformed", ""): True}),
        (clause(component("surprise")), {("malformed", "it"): True}),
        (clause(uptime(), uptime()), {("malformed", ""): True}),
        (clause(counted("0: 5")), {("malformed", "count"): True}),
    ],
)
def test_what_is_found(terms, expected):
    assert found(terms) == expected


def test_what_blocks_comes_first():
    findings = lint(clause(late(multipliers="0.5"), uptime("99: 0")))
    assert [one.code for one in findings] == ["zero_rate", "multiplier_below_one"]


def test_an_amount_and_a_percentage_are_compared_only_where_the_fee_is_known():
    terms = clause(uptime(cap="80"))
    assert found(terms) == {}
    assert found(terms, fee=Decimal(1000)) == {("cap_below_first_tier", "uptime"): True}
    assert found(terms, fee=Decimal(800)) == {}
    assert found(terms, fee=Decimal(300)) == {("cap_unreachable", "uptime"): True}
    of_value = clause(uptime(), period_cap="5 % value")
    assert found(of_value, fee=Decimal(1000)) == {}
    assert found(of_value, fee=Decimal(1000), value=Decimal(1000)) == {("cap_below_first_tier", "uptime"): True}


def test_a_percentage_of_a_fee_of_zero():
    terms = clause(uptime(), late(), period_cap="20 % fee")
    assert found(terms, fee=Decimal(0)) == {("percent_of_nothing", "uptime"): False, ("percent_of_nothing", ""): False}
    assert found(clause(late()), fee=Decimal(0)) == {}


def test_severities_that_events_do_not_have_and_those_without_points():
    terms = clause(pointed())
    assert found(terms, severities=("high", "low")) == {}
    assert found(terms, severities=("high",)) == {("unknown_severity", "points"): True}
    sentences = [one.sentence for one in lint(terms, severities=("high", "low", "urgent"))]
    assert sentences == ["Points: an event of severity 'urgent' could not be judged: it has no points"]


def test_sentences_name_the_figures():
    (finding,) = lint(clause(uptime(cap="5 % fee")))
    assert finding.sentence == "Uptime: the cap of 5 % of the fee is below the first tier"
    (finding,) = lint(clause(late(), minimum="12.5", yearly_cap="10"))
    assert finding.sentence == "The minimum of 12.5 is above the yearly cap of 10"
