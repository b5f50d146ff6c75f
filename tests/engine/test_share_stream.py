"""A stream of lines: constant memory, kept warnings, and what its caller goes by."""

import tracemalloc
from decimal import Decimal
from fractions import Fraction

from share_cases import MARCH, component, day, line, payout, rule

from engine.revenue_share import Reckoning
from engine.share_terms import Facts, Line, Measured, Origin


def many(count):
    """So many lines of labour, made as they are asked for."""
    return (Line(f"L{row}", day("5"), Decimal(row), kind="labour") for row in range(count))


def peak(terms, lines):
    """Bytes that a stream needed at most, its lines thrown away as they come."""
    stream = Reckoning(terms, MARCH)
    tracemalloc.start()
    for _settled in stream.settle(lines):
        pass
    stream.close()
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


def test_memory_does_not_grow_with_the_lines():
    for terms in (rule(), rule(component(kinds="parts")), rule(component(rates="0: 5, 100: 7"))):
        few, lots = peak(terms, many(2000)), peak(terms, many(8000))
        assert lots < few + 100_000


def test_a_stream_keeps_the_first_thousand_warnings_and_its_steps_count_all():
    stream = Reckoning(rule(component(kinds="parts", payout=payout())), MARCH)
    settled = list(stream.settle(many(1500)))
    found = stream.close()
    assert all(one.warning == "no_component" for one in settled)
    assert len(found.warnings) == 1001 and found.warnings[0] == ("no_figure", "labour")
    assert [step.detail for step in found.steps if step.label == "unpaid"][0].startswith("1500 lines, ")


def test_revenue_jobs_and_totals_of_a_stream():
    stream = Reckoning(rule(component(basis="job", rates="5")), MARCH)
    lines = [line("100", fx="1.5", job="J1"), line("-40", job="J2"), line("10", job="J3", kind="labour")]
    assert [str(one.amount) for one in stream.settle(lines)] == ["5.00", "0.00", "5.00"]
    assert stream.revenue == 120 and stream.jobs == {"J1": "100", "J3": "10"}
    assert [one.kind for one in stream.close().lines] == []


def test_a_caller_may_remember_lines_that_refunds_take_from():
    stream = Reckoning(rule(), MARCH, remember={"A"})
    first = list(stream.settle([line("1000", key="A"), line("500", key="B")]))
    second = list(stream.settle([line("-100", key="R", origin=Origin("A", "", Decimal(1000), Decimal(0)))]))
    assert [str(one.amount) for one in first + second] == ["100.00", "50.00", "-10.00"]
    assert str(stream.close().total) == "140.00"


def test_settling_stops_at_a_line_that_is_wrong_and_counts_nothing_of_it():
    stream = Reckoning(rule(), MARCH)
    wrong = [line("100", key="A"), line("100", key="B", fx="-1")]
    found, iterator = [], stream.settle(wrong)
    try:
        found.extend(iterator)
    except ValueError as error:
        assert "fx of line B" in str(error)
    assert [one.key for one in found] == ["A"]
    assert str(stream.close().total) == "10.00"


def test_figures_may_be_measured_exactly():
    facts = Facts({"compliance": Measured(Fraction(9500, 100), 100)})
    stream = Reckoning(rule(component(payout=payout())), MARCH, facts=facts)
    assert [str(one.amount) for one in stream.settle([line("100")])] == ["10.00"]
