"""The one translator of a snapshot into what the PDF draws (``report/values.py``). Plain data in, plain values out:
the same snapshot gives the same values, whoever asks, in whatever year."""

from datetime import date
from decimal import Decimal

from ...report import values as drawn
from .statement_snapshot import Words, digest, parse_stamp, period_label


def statement_values(snapshot, logo=None, draft=False):
    """The `StatementValues` of a snapshot. ``logo``: the bytes that its hash stands for, None without one."""
    presentation, head = snapshot["presentation"], snapshot["statement"]
    words = Words(presentation, head["zone"])
    numbers = presentation["numbers"]
    paper = presentation["paper"]
    clocks = snapshot.get("clocks", [])
    names = {row["target"]: row["name"] for row in snapshot.get("targets", [])}
    return drawn.StatementValues(
        number=head.get("number", presentation["phrases"]["draft"]),
        title=presentation["title"],
        company=_company(snapshot["company"], logo),
        customer=_customer(snapshot["customer"]),
        contract=_contract(snapshot["contract"], words, presentation["phrases"]),
        period=_period(head, words, presentation["language"]),
        targets=tuple(_target(row, words) for row in snapshot.get("targets", [])),
        totals=_totals(snapshot["totals"]),
        inputs_hash=digest(snapshot),
        language=presentation["language"],
        labels=presentation["labels"],
        numbers=drawn.NumberFormat(**numbers),
        issued="" if draft else words.day(head["issued"]),
        trend=tuple(_trend(row, presentation["language"]) for row in snapshot.get("trend", [])),
        breaches=tuple(_breach(row, words, names, presentation["phrases"])
                       for row in clocks if row["verdict"] in ("breached", "excused")),
        notes=tuple(filter(None, head.get("note", "").splitlines())),
        corrections=tuple(row["text"] for row in snapshot.get("corrections", [])),
        paper=paper if isinstance(paper, str) else tuple(side / 1000 for side in paper),
        draft=draft)


def _company(row, logo):
    return drawn.Company(row["name"], tuple(row.get("address", ())), row.get("vat", ""), logo or None,
                         row.get("colour") or drawn.DEFAULT_COLOUR)


def _customer(row):
    return drawn.Customer(row["name"], tuple(row.get("address", ())), row.get("reference", ""))


def _contract(row, words, phrases):
    return drawn.Contract(
        row["number"], row.get("title", ""), words.day(row.get("start", "")),
        words.day(row["end"]) if "end" in row else phrases["no_end"],
        row.get("service_mode", ""), row.get("tiers", ""), row.get("account_manager", ""))


def _period(head, words, language):
    first, last = (date.fromisoformat(head[name]) for name in ("period_start", "period_end"))
    return drawn.Period(period_label(first, last, language), words.day(head["period_start"]),
                        words.day(head["period_end"]), head["zone"])


def _target(row, words):
    metric = row["metric_words"]
    return drawn.TargetRow(
        name=row["name"], metric=metric if not row["name"].startswith(metric) else "",
        tier=_unless_named(row, "tier"), priority=_unless_named(row, "priority"),
        duration=words.duration(row["seconds"]), objective=Decimal(row["objective"]),
        due=row["due"], met=row["met"], breached=row["breached"], excused=row["excused"], running=row["running"],
        attained=_percent(row))


def _unless_named(row, key):
    """What the target's own name says already is not said twice."""
    text = row.get(key, "")
    return "" if text in row["name"] else text


def _totals(row):
    return drawn.Totals(row["due"], row["met"], row["breached"], row["excused"], row["running"], _percent(row))


def _percent(row, key="rate"):
    return Decimal(row[key]) if row.get(key) else None


def _trend(row, language):
    first, last = (date.fromisoformat(row[name]) for name in ("period_start", "period_end"))
    return drawn.TrendPoint(period_label(first, last, language, short=True), _percent(row), _percent(row, "objective"))


def _breach(row, words, names, phrases):
    excuse = row.get("excuse", {})
    evidence = [excuse.get("evidence", "")]
    if excuse.get("files"):
        evidence.append(phrases["files"] % {"names": ", ".join(excuse["files"])})
    stopped = row.get("stopped")
    return drawn.BreachRow(
        request=row["request"], title=row["title"], target=names.get(row["target"], ""),
        started=words.instant(parse_stamp(row.get("started"))), due=words.instant(parse_stamp(row.get("due"))),
        stopped=words.instant(parse_stamp(stopped)) if stopped else None,
        late_by=words.duration(row.get("late_by", 0)),
        intervals=tuple(_interval(span, words, phrases) for span in row.get("intervals", ())),
        excused=row["verdict"] == "excused", reason=excuse.get("reason", ""),
        evidence=" · ".join(filter(None, evidence)), approver=excuse.get("approver", ""))


def _interval(span, words, phrases):
    told = words.span(parse_stamp(span["start"]), parse_stamp(span["end"]))
    return phrases[span["kind"]] % {"span": told, "work": words.duration(span["seconds"])}
