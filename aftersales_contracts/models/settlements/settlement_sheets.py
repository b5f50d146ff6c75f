"""The same snapshot as a spreadsheet: summary, every line, and the steps; numbers as numbers, days as days."""

from datetime import date
from decimal import Decimal

from ...report.spreadsheet import AMOUNT, DAY, NUMBER, TEXT, Column, Sheet, Total
from ..statements.statement_snapshot import digest, period_label
from .settlement_values import NOTES

# pylint: disable=prefer-env-translation


def _(source):
    """Mark a string as translatable and return it unchanged."""
    return source


SHEET_LABELS = (  # texts that stand in the spreadsheet alone
    _("Currency"), _("Period"), _("Detail"), _("Group"), _("Day"), _("Customer"), _("Component"), _("Units"), _("Each"),
    _("State"), _("Steps"), _("Hash of the lines (SHA-256)"),
)


def settlement_sheets(snapshot, more=None):
    """The sheets of a snapshot. ``more(presentation)``: gives the lines where they are too many to stand in it."""
    presentation = snapshot["presentation"]
    labels = presentation["labels"]

    def label(source):
        return labels.get(source) or source

    yield _summary(snapshot, label)
    rows = ((group["name"], row) for group in snapshot.get("groups", []) for row in group.get("rows", []))
    if snapshot["document"].get("unlisted"):
        names = {group["key"]: group["name"] for group in snapshot["groups"]}
        rows = ((names[row["group"]], row) for row in more(presentation))
    yield _lines(rows, label)
    yield _steps(snapshot, label)


def _summary(snapshot, label):
    head, presentation = snapshot["document"], snapshot["presentation"]
    first, last = (date.fromisoformat(head[name]) for name in ("period_start", "period_end"))
    facts = (
        (presentation["title"],),
        (label("Number"), head.get("number", presentation["phrases"]["draft"])),
        (label("Issued"), _day(head.get("issued"))),
        (label("Addressed to"), snapshot["customer"]["name"]),
        (label("Contract"), f"{snapshot['contract']['number']} {snapshot['contract'].get('title', '')}".strip()),
        (label("Period"), period_label(first, last, presentation["language"]), first, last),
        (label("Share rule"), head.get("rule")),
        (label("Currency"), presentation["currency"]["name"]),
        (label("Answer until"), _day(head.get("answer_until"))),
        (label("Hash of the lines (SHA-256)"), head.get("lines_hash")),
        (label("Hash of the inputs (SHA-256)"), digest(snapshot)),
    )
    facts = (*(fact for fact in facts if len(fact) == 1 or fact[1]), ())
    columns = (Column(label("Part"), TEXT, 34), Column(label("Detail"), TEXT, 52), Column(label("Lines"), NUMBER),
               Column(label("Base"), AMOUNT), Column(label("Amount"), AMOUNT))
    return Sheet(label("Summary"), columns, tuple(_sums(snapshot, label)), facts)


def _sums(snapshot, label):
    """From the opening balance to what is transferred and to whom."""
    head = snapshot["document"]
    if "opening" in head:
        yield label("Opening balance"), None, None, None, Decimal(head["opening"])
    for group in snapshot.get("groups", []):
        yield group["name"], None, group["count"], Decimal(group["base"]), Decimal(group["amount"])
    for row in snapshot.get("adjustments", []):
        yield row["name"], row.get("detail"), None, None, Decimal(row["amount"])
    yield Total((label("Total"), None, None, None, Decimal(head["total"])))
    for row in snapshot.get("payment", [])[1:]:  # the first is the total again
        found = (row["name"], row.get("detail"), None, None, Decimal(row["amount"]))
        yield Total(found) if row.get("strong") else found
    for row in snapshot.get("payees", []):
        yield row["name"], f"{row['percent']} %", None, None, Decimal(row["amount"])


def _lines(rows, label):
    columns = (
        Column(label("Group"), TEXT, 14), Column(label("Invoice"), TEXT, 20), Column(label("Day"), DAY),
        Column(label("Customer"), TEXT, 30), Column(label("What"), TEXT, 44), Column(label("Component"), TEXT, 24),
        Column(label("Base"), AMOUNT), Column(label("Units"), NUMBER), Column(label("Percent"), NUMBER),
        Column(label("Each"), NUMBER), Column(label("Share"), AMOUNT), Column(label("State"), TEXT, 14),
        Column(label("Notes"), TEXT, 60))
    return Sheet(label("Lines"), columns, (_line(name, row) for name, row in rows))


def _line(group, row):
    numbers = (Decimal(row[name]) if row.get(name) else None for name in ("base", "units", "percent", "each"))
    return (group, row.get("document"), _day(row.get("day")), row.get("customer"), row.get("text"), row.get("share"),
            *numbers, Decimal(row["amount"]), row.get("mark"),
            " ".join(row[name] for name in NOTES if row.get(name)) or None)


def _steps(snapshot, label):
    columns = (Column(label("Step"), TEXT, 26), Column(label("Component"), TEXT, 24), Column(label("Detail"), TEXT, 70),
               Column(label("Result"), NUMBER, 16))
    rows = tuple((row["name"], row.get("part"), row.get("detail"), Decimal(row["value"]) if row.get("value") else None)
                 for row in snapshot.get("steps", []))
    return Sheet(label("Steps"), columns, rows)


def _day(text):
    return date.fromisoformat(text) if text else None
