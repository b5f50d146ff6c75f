"""The one translator of a statement's snapshot into what the PDF draws (``report/settlement_values.py``). Plain data
in, plain values out: the same snapshot gives the same values, whoever asks, in whatever year."""

from datetime import date

from ...report import settlement_values as drawn
from ...report import values as common
from ..penalties.penalty_values import Amounts
from ..statements.statement_snapshot import Words, digest, period_label
from ..statements.statement_values import _company, _contract, _customer

NOTES = ("late", "warning", "held", "answer")  # of a line, in the order in which they are told


def settlement_values(snapshot, logo=None, draft=False):
    """The `SettlementValues` of a snapshot. ``logo``: the bytes that its hash stands for, None without one."""
    presentation, head = snapshot["presentation"], snapshot["document"]
    words, money = Words(presentation, head["zone"]), Amounts(presentation)
    paper = presentation["paper"]
    first, last = (date.fromisoformat(head[name]) for name in ("period_start", "period_end"))
    percent = presentation["numbers"]["percent"]
    return drawn.SettlementValues(
        number=head.get("number", presentation["phrases"]["draft"]), title=presentation["title"],
        result=head["result"], company=_company(snapshot["company"], logo), customer=_customer(snapshot["customer"]),
        contract=_contract(snapshot["contract"], words, presentation["phrases"]),
        period=common.Period(period_label(first, last, presentation["language"]), words.day(head["period_start"]),
                             words.day(head["period_end"]), head["zone"]),
        amount=money.named(head["payable"].removeprefix("-")), total=money.bare(head["total"]),
        rule=head.get("rule", ""), opening=money.bare(head.get("opening", "")),
        groups=tuple(_group(row, words, money, percent) for row in snapshot.get("groups", [])),
        adjustments=tuple(_sum(row, money) for row in snapshot.get("adjustments", [])),
        brackets=tuple(_brackets(row, money, percent) for row in snapshot.get("brackets", [])),
        penalties=tuple(_penalty(row, money) for row in snapshot.get("penalties", [])),
        payment=tuple(_sum(row, money) for row in snapshot.get("payment", [])),
        payees=tuple(
            drawn.PayeeRow(row["name"], percent.replace("{}", money.plain(row["percent"])), money.bare(row["amount"]))
            for row in snapshot.get("payees", [])),
        steps=tuple(_step(row, money) for row in snapshot.get("steps", [])),
        agreed=tuple(snapshot.get("agreed", [])), warnings=tuple(snapshot.get("warnings", [])),
        settlement=tuple(snapshot.get("settlement", [])), notes=tuple(snapshot.get("notes", [])),
        carried=money.named(head.get("carried_forward", "")), held=money.named(head.get("held", "")),
        currency=presentation["currency"]["name"], answer_until=words.day(head.get("answer_until", "")),
        inputs_hash=digest(snapshot), language=presentation["language"], labels=presentation["labels"],
        numbers=common.NumberFormat(**presentation["numbers"]), issued=words.day(head.get("issued", "")),
        paper=paper if isinstance(paper, str) else tuple(side / 1000 for side in paper), draft=draft)


def _group(row, words, money, percent):
    return drawn.Group(
        row["name"], tuple(_line(one, words, money, percent) for one in row.get("rows", [])), row["count"],
        money.bare(row["base"]), money.bare(row["amount"]))


def _line(row, words, money, percent):
    return drawn.LineRow(
        document=row.get("document", ""), day=words.day(row.get("day", "")), text=row.get("text", ""),
        about=" · ".join(filter(None, (row.get("customer", ""), row.get("share", "")))),
        base=money.plain(row["units"]) if "units" in row else money.bare(row.get("base", "")),
        rate=_rate(row, money, percent), amount=money.bare(row["amount"]), mark=row.get("mark", ""),
        notes=tuple(row[name] for name in NOTES if row.get(name)))


def _rate(row, money, percent):
    """A percentage, or the sum for a job or unit."""
    if "percent" in row:
        return percent.replace("{}", money.plain(row["percent"]))
    return money.bare(row.get("each", ""))


def _sum(row, money):
    return drawn.SumRow(row["name"], row.get("detail", ""), money.bare(row["amount"]), bool(row.get("strong")))


def _brackets(row, money, percent):
    told = money.bare if row["money"] else money.plain
    return drawn.Brackets(
        row["name"], row.get("rule", ""),
        tuple(drawn.BracketRow(one["span"], _rate(one, money, percent), told(one["volume"]), money.bare(one["share"]))
              for one in row["rows"]),
        told(row["volume"]), money.bare(row["share"]), tuple(row.get("notes", [])))


def _penalty(row, money):
    return drawn.PenaltyRow(row["number"], row.get("text", ""), row.get("period", ""), tuple(row.get("causes", [])),
                            money.bare(row["amount"]))


def _step(row, money):
    value = row.get("value", "")
    return drawn.StepRow(
        row["name"], row.get("detail", ""), money.bare(value) if row["money"] else money.plain(value),
        row.get("part", ""))
