"""Published service credits and delay damages: the engine gives what their own tables and examples say."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from clauses import clause, component, march, uptime

from engine.penalty import assess
from engine.penalty_lint import lint
from engine.penalty_terms import Event, Figure, Ledger

TABLES = json.loads((Path(__file__).parent / "public_service_credits.json").read_text(encoding="utf-8"))["tables"]


def rows():
    for table in TABLES:
        for fact, amount in table["cases"]:
            yield pytest.param(table, fact, 0, amount, id=f"{table['name']}: {fact}")
        for fact, misses, amount in table.get("misses", ()):
            yield pytest.param(table, fact, misses, amount, id=f"{table['name']}: {fact} after {misses}")


def terms_of(table):
    return clause(component(**table["component"]), **table.get("clause", {}))


@pytest.mark.parametrize("table, fact, misses, amount", rows())
def test_what_the_table_says(table, fact, misses, amount):
    brought = (Event("outage", int(Decimal(fact) * 60)),) if table.get("late") else fact
    fee = Decimal(table.get("fee", "1000"))
    penalty = assess(terms_of(table), march(it=brought), fee, Ledger(misses={"it": misses}))
    assert str(penalty.amount) == amount


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table["name"])
def test_every_table_is_a_sound_clause_with_its_source(table):
    assert not [found for found in lint(terms_of(table)) if found.blocks]
    assert table["source"] and table["version"] and table["basis"] in ("seen", "recalled")


def test_an_outage_in_a_month_as_a_share_of_its_minutes():
    """The uptime of a month of 44,640 minutes, counted: 44 minutes down are 99.9014 %, 45 are 99.8992 %."""

    terms, minutes = clause(uptime()), 31 * 24 * 60
    amounts = [
        str(assess(terms, march(uptime=Figure(good=minutes - down, total=minutes)), Decimal(1000)).amount)
        for down in (0, 44, 45, 446, 447)
    ]
    assert amounts == ["0.00", "0.00", "100.00", "100.00", "250.00"]
