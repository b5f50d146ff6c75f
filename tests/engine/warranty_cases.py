"""Builders of warranty terms and facts from short texts, and strategies for the laws."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from engine.warranty import coverage
from engine.warranty_facts import Asset, Item, Owner, Reading, Replacement
from engine.warranty_terms import (
    COVER_KINDS,
    ITEM_KINDS,
    KIT_RULES,
    RECALL,
    REPLACEMENTS,
    SUPPLIER,
    WARRANTY,
    Benefit,
    Cover,
    Exclusion,
    Limit,
    Policy,
    Quota,
    Scope,
    StartRule,
    Term,
)

DELIVERED = "2025-03-10"
CENT = Decimal("0.01")


def day(text):
    return text and date.fromisoformat(text)


def number(text):
    return None if text is None else Decimal(text)


def term(text):
    """'24' months, '2 year', '90 day'."""
    if text is None:
        return None
    count, _space, unit = text.partition(" ")
    return Term(int(count), unit or "month")


def benefits(text):
    """'parts 24, labour 12 50%': kind, months, percent."""
    found = []
    for one in filter(None, text.split(",")):
        kind, *rest = one.split()
        percent = next((word[:-1] for word in rest if word.endswith("%")), "100")
        months = next((word for word in rest if not word.endswith("%")), None)
        found.append(Benefit(kind, term(months), Decimal(percent)))
    return tuple(found)


def policy(promised="parts 24, labour 24, travel 24", start="delivery", **terms):
    if isinstance(start, str):
        start = StartRule(start)
    if isinstance(promised, str):
        promised = benefits(promised)
    return Policy("WP-1 v1", promised, start, **terms)


def cover(key="W-1", kind=WARRANTY, promised="parts 24, labour 24, travel 24", start=None, end=None, **terms):
    """A cover; terms that are of its policy go there."""
    own = {name: terms.pop(name) for name in tuple(terms) if name in Cover.__dataclass_fields__}
    begins = terms.pop("begins", "delivery")
    return Cover(key, kind, policy(promised, begins, **terms), day(start), day(end), **own)


def asset(key="P-7", delivered=DELIVERED, **facts):
    dates = {trigger: day(facts.pop(trigger)) for trigger in tuple(facts) if trigger in (
        "installation", "activation", "invoice", "first_use", "receipt")}  # fmt: skip
    if delivered:
        dates["delivery"] = day(delivered)
    return Asset(key, dates=dates, **facts)


def hours(*rows):
    """Readings of hours: (day, value) or (day, value, restart)."""
    return tuple(Reading("hours", day(row[0]), *(Decimal(value) for value in row[1:])) for row in rows)


def owners(*rows):
    return tuple(Owner(name, day(since), **facts) for name, since, facts in rows)


def replaced(*rows):
    """(old asset, key of the new one, day) rows."""
    return tuple(Replacement(old, new, day(on)) for old, new, on in rows)


def item(key="seal", kind="parts", amount=None, **facts):
    facts = {name: Decimal(value) if name in ("cost", "quantity") else value for name, value in facts.items()}
    return Item(key, kind, amount=number(amount), **facts)


def verdict(covers, machine=None, on="2026-05-05", cause="", items=None):
    covers = (covers,) if isinstance(covers, Cover) else covers
    items = (item(),) if items is None else (items,) if isinstance(items, Item) else items
    return coverage(covers, machine or asset(), day(on), cause, items)


def outcome(*args, **facts):
    """What became of the first item: 'covered', or the word of what stands against it."""
    found = verdict(*args, **facts).items[0]
    return "covered" if found.covered else found.rule


def table(made, machine, *rows):
    """Each row: (day, what becomes of a part)."""
    assert [(on, outcome(made, machine, on)) for on, _expected in rows] == list(rows)


def shares(found, key=None):
    """'W-1 80, customer 20' of an item."""
    one = found.items[0] if key is None else found[key]
    return ", ".join(f"{share.cover or share.payer} {share.percent.normalize():f}" for share in one.shares)


def money(found, key=None):
    """'W-1 80.00, customer 20.00' of an item."""
    one = found.items[0] if key is None else found[key]
    return ", ".join(f"{share.cover or share.payer} {share.amount}" for share in one.shares)


def steps(found, label):
    return [step.detail for step in found.steps if step.label == label]


# --- cases nobody thought of ------------------------------------------------------------------------

days = st.dates(date(2024, 1, 1), date(2029, 12, 31))
percents = st.one_of(st.sampled_from(["0", "20", "50", "80", "100"]), st.decimals(0, 100, places=3)).map(Decimal)
sums = st.one_of(st.none(), st.decimals(0, 300, places=2))
terms = st.one_of(st.none(), st.builds(Term, st.integers(1, 60)), st.builds(Term, st.integers(1, 900), st.just("day")))


@st.composite
def covers_of(draw, key):
    kind = draw(st.sampled_from(COVER_KINDS))
    kinds = draw(st.lists(st.sampled_from(ITEM_KINDS), min_size=1, max_size=3, unique=True))
    full = kind == RECALL
    promised = tuple(
        Benefit(one, draw(terms), Decimal(100) if full else draw(percents), draw(sums), draw(sums)) for one in kinds
    )
    made = Policy(
        f"WP-{key}", promised,
        limits=draw(st.sampled_from([(), (), (Limit("hours", Decimal(2000)),)])),
        exclusions=draw(st.sampled_from([(), (), (Exclusion("wear", causes=frozenset({"wear"})),)])),
        cap=draw(sums), claim_cap=draw(sums), replacement=draw(st.sampled_from(REPLACEMENTS)),
        kit=draw(st.sampled_from(KIT_RULES)), repair_extends=draw(st.booleans()))  # fmt: skip
    quota = st.builds(
        Quota, st.decimals(0, 9, places=2), st.sampled_from(["case", "quantity", "money"]), st.just(frozenset())
    )
    return Cover(
        key, kind, made, draw(st.one_of(st.none(), days)),
        scope=draw(st.sampled_from([Scope(), Scope(), Scope(products=frozenset({"pump"}))])),
        priority=draw(st.one_of(st.none(), st.integers(1, 99))), payer=draw(st.sampled_from(["", "", "maker"])),
        recovers=kind == SUPPLIER and draw(st.booleans()), quota=draw(st.one_of(st.none(), quota)))  # fmt: skip


@st.composite
def many_covers(draw, least=0, most=5):
    return tuple(draw(covers_of(f"K-{row}")) for row in range(draw(st.integers(least, most))))


@st.composite
def many_items(draw):
    amounts = st.one_of(st.none(), st.decimals(0, 500, places=2))
    quantities = st.decimals(0, 9, places=2)
    return tuple(
        Item(
            f"I-{row}", draw(st.sampled_from(ITEM_KINDS)), amount=draw(amounts), quantity=draw(quantities),
            cost=draw(amounts))
        for row in range(draw(st.integers(1, 4)))
    )  # fmt: skip


@st.composite
def cases(draw, least=0):
    """(covers, asset, on, cause, items)."""
    readings = tuple(
        Reading("hours", on, Decimal(value)) for on, value in draw(st.lists(st.tuples(days, st.integers(0, 3000))))
    )
    machine = Asset(
        "P-7", draw(st.sampled_from(["pump", "fan"])), dates={"delivery": draw(days)}, readings=readings)  # fmt: skip
    return (
        draw(many_covers(least)),
        machine,
        draw(days),
        draw(st.sampled_from(["", "wear", "leak"])),
        draw(many_items()),
    )
