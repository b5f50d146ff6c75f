"""The one translator of a document's snapshot into what the PDF draws (``report/penalty_values.py``). Plain data in,
plain values out: the same snapshot gives the same values, whoever asks, in whatever year."""

from datetime import date
from decimal import Decimal

from ...report import penalty_values as drawn
from ...report import values as common
from ..statements.statement_snapshot import Words, digest, parse_stamp, period_label
from ..statements.statement_values import _company, _contract, _customer


def penalty_values(snapshot, logo=None, draft=False):
    """The `PenaltyValues` of a snapshot. ``logo``: the bytes that its hash stands for, None without one."""
    presentation, head = snapshot["presentation"], snapshot["document"]
    words, money = Words(presentation, head["zone"]), Amounts(presentation)
    paper = presentation["paper"]
    first, last = (date.fromisoformat(head[name]) for name in ("period_start", "period_end"))
    return drawn.PenaltyValues(
        number=head.get("number", presentation["phrases"]["draft"]), title=presentation["title"], kind=head["kind"],
        result=head["result"], company=_company(snapshot["company"], logo), customer=_customer(snapshot["customer"]),
        contract=_contract(snapshot["contract"], words, presentation["phrases"]),
        period=common.Period(period_label(first, last, presentation["language"]), words.day(head["period_start"]),
                             words.day(head["period_end"]), head["zone"]),
        reckonings=tuple(_reckoning(row, words, money) for row in snapshot["penalties"]),
        amount=money.named(head["amount"].removeprefix("-")), total=money.bare(head["total"]),
        waived=money.bare(head["waived"], "-"), due=money.bare(head["amount"]),
        waiver=money.named(head["waived"].removeprefix("-")) if Decimal(head["waived"]) else "",
        uncapped=money.named(head["uncapped"].removeprefix("-")) if "uncapped" in head else "",
        currency=presentation["currency"]["name"], statement=head.get("statement", ""),
        moves="; ".join(f"{move['name']} ({words.day(move['day'])})" for move in head.get("moves", [])),
        settlement=tuple(snapshot.get("settlement", [])), notes=tuple(snapshot.get("notes", [])),
        inputs_hash=digest(snapshot), language=presentation["language"], labels=presentation["labels"],
        numbers=common.NumberFormat(**presentation["numbers"]), issued=words.day(head.get("issued", "")),
        paper=paper if isinstance(paper, str) else tuple(side / 1000 for side in paper), draft=draft)


class Amounts:
    """How a language writes amounts of one currency; amounts are decimal texts ("-1234.50")."""

    def __init__(self, presentation):
        self.numbers, currency = presentation["numbers"], presentation["currency"]
        self.digits, self.pattern = currency["digits"], currency["pattern"]

    def bare(self, text, sign=""):
        """"1234.5" -> "1,234.50"; empty stays empty. ``sign``: "-" turns it round, and leaves 0 empty."""
        if not text:
            return ""
        number = Decimal(text)
        if sign:
            if not number:
                return ""
            number = -number
        places = max(self.digits, -number.normalize().as_tuple().exponent)  # what is not rounded yet is told in full
        told = self._punctuated(f"{abs(number):,.{places}f}")
        return f"-{told}" if number < 0 else told

    def _punctuated(self, text):
        return text.translate({
            ord(","): self.numbers["thousands_separator"], ord("."): self.numbers["decimal_point"]})

    def plain(self, text):
        """A number with the digits that it has: "98.75" -> "98,75"; empty stays empty."""
        return self._punctuated(f"{Decimal(text):,f}") if text else ""

    def named(self, text):
        """"1234.5" -> "EUR 1,234.50"; empty stays empty."""
        return self.pattern.replace("{}", self.bare(text)) if text else ""


def _reckoning(row, words, money):
    return drawn.Reckoning(
        number=row["number"], title=row["title"], reference=row["reference"], legal=row.get("legal", ""),
        fee=money.named(row.get("fee", "")), value=money.named(row.get("value", "")),
        promised=tuple(row.get("promised", [])),
        measured=tuple(drawn.MeasuredRow(**one) for one in row.get("measured", [])),
        steps=tuple(
            drawn.StepRow(one["name"], one.get("detail", ""), _step_value(one, money), one.get("measure", ""),
                          bool(one["cut"])) for one in row.get("steps", [])),
        amounts=tuple(
            drawn.AmountRow(one["name"], one.get("detail", ""), money.bare(one["amount"]))
            for one in row.get("amounts", [])),
        failures=tuple(_failure(one, words, money) for one in row.get("failures", [])),
        total=money.bare(row["total"]), waived=money.bare(row["waived"], "-"), waiver=row.get("waiver", ""),
        amount=money.bare(row["amount"]), notes=tuple(row.get("notes", [])), inputs_hash=row["inputs_hash"])


def _step_value(row, money):
    value = row.get("value", "")
    return money.bare(value) if row["money"] else money.plain(value)


def _failure(row, words, money):
    stamps = {name: words.instant(parse_stamp(row.get(name, ""))) for name in ("due", "done")}
    return drawn.FailureRow(
        reference=row["reference"], title=row.get("title", ""), measure=row.get("measure", ""),
        due=stamps["due"] or words.day(row.get("due_day", "")),
        done=stamps["done"] or words.day(row.get("done_day", "")) or row.get("open", ""),
        late_by=words.duration(row["late"]) if row.get("late") else "", severity=row.get("severity", ""),
        count=row.get("count", 1), amount=money.bare(row.get("amount", "")), excused="reason" in row,
        reason=row.get("reason", ""))
