"""A second opinion on a replay, from the words of the terms alone: it shares no code with the engine or the models.

Working time is a plain list of (opens, closes) seconds; a clock walks through it window by window.
"""

import csv
import gzip
import re
from bisect import bisect_right
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from fnmatch import fnmatchcase
from zoneinfo import ZoneInfo

NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FOREVER = 1 << 40


def read_log(path):
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def opinion(rows, terms):
    """[(request, target, state, due, stopped, elapsed)] as the replay writes them, sorted."""
    now = _second(terms["now"])
    hours = {key: _working_hours(calendar) for key, calendar in terms["calendars"].items()}
    requests = defaultdict(list)
    for row in rows:
        requests[row["request"]].append((_second(row["occurred_at"]), _state(row), row))
    lines = []
    for request, own in requests.items():
        own.sort(key=lambda entry: entry[0])
        if own[0][0] > now:
            continue
        country = own[0][2]["country"].lower()
        open_hours = hours.get(country) or hours[terms["default_calendar"]]
        for name, target in terms["targets"].items():
            seconds = 60 * target["minutes"][own[-1][2]["impact"]]
            happened = [(at, _effect(state, name, terms)) for at, state, _row in own if at <= now]
            lines.append((request, name, *_clock(happened, seconds, target, open_hours, now)))
    return sorted((r, n, s, _iso(due), _iso(stop), str(elapsed)) for r, n, s, due, stop, elapsed in lines)


def _second(text):
    return int(datetime.fromisoformat(text).timestamp())


def _iso(second):
    return "" if second is None else datetime.fromtimestamp(second, UTC).isoformat()


def _state(row):
    return f"{row['status']}/{row['sub_status']}" if row["sub_status"] else row["status"]


def _effect(state, name, terms):
    lists = terms["states"]
    if any(fnmatchcase(state, pattern) for pattern in lists["cancel"]):
        return "cancel"
    if name == "response":
        answers = re.findall(r"[A-Z]\w+", terms["targets"]["response"]["stops_at"])
        return "stop" if state.split("/")[0] in answers else "run"
    for effect in ("pause", "stop"):
        if any(fnmatchcase(state, pattern) for pattern in lists[effect]):
            return effect
    return "run"


def _working_hours(calendar):
    """[(opens, closes)] in epoch seconds, for the years about the log; an overnight window ends the next day."""
    zone, day, found = ZoneInfo(calendar["tz"]), date(2009, 1, 1), []
    while day < date(2017, 1, 1):
        for name, windows in calendar["week"].items():
            for start, end in windows if name == NAMES[day.weekday()] else ():
                found += _window(day, start, end, zone, calendar["holidays"])
        day += timedelta(1)
    joined = []
    for opens, closes in sorted(found):  # overlapping windows are one
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(closes, joined[-1][1]))
        else:
            joined.append((opens, closes))
    return joined


def _window(day, start, end, zone, holidays):
    opens, closes = _local(day, start, zone), _local(day, end, zone)
    pieces = [(day, opens, closes)]
    if closes <= opens:
        midnight = _local(day + timedelta(1), "00:00", zone)
        pieces = [(day, opens, midnight), (day + timedelta(1), midnight, _local(day + timedelta(1), end, zone))]
    return [(a, b) for own, a, b in pieces if own.isoformat() not in holidays and b > a]


def _local(day, text, zone):
    if text == "24:00":
        day, text = day + timedelta(1), "00:00"
    return int(datetime.combine(day, time.fromisoformat(text), zone).timestamp())


def _clock(happened, seconds, target, hours, now):
    """(state, due, stopped, elapsed) of one clock."""
    final = target.get("on_reopen", "final") == "final"
    stretches, level, since, stopped = [], "run", happened[0][0], None
    for at, effect in happened:
        effect = "run" if effect == "pause" and not target["pausable"] else effect
        if final and stopped is not None and effect != "cancel":
            continue
        if level == "run" and effect != "run":
            stretches.append((since, at))
        if effect == "run" and level != "run":
            since = at
        if effect == "stop" and level != "stop":
            stopped = at
        elif effect != "stop":
            stopped = stopped if effect == "cancel" else None
        held, level = level, effect
        if effect == "cancel":
            # cancelled while it stood in a pause, it falls due as if work had gone on where the pause began
            since = {"stop": stopped, "pause": _pause_began(happened[:happened.index((at, effect))])}.get(held, at)
            break
    if level == "run":
        stretches.append((since, now))
    counted = sum(_worked(hours, start, end) for start, end in stretches)
    resumes = {"run": now, "stop": stopped, "pause": _pause_began(happened), "cancel": since}[level]
    due = _reach(hours, [*stretches, (resumes, FOREVER)], seconds)
    if level == "cancel":
        return "cancelled", due, None, counted
    if level == "stop":
        return ("met" if stopped <= due else "breached"), due, stopped, counted
    late = counted >= seconds and due < now
    return ("breached" if late else "running" if level == "run" else "paused"), due, None, counted


def _pause_began(happened):
    """The instant at which the last unbroken stretch of pauses began, None where the last event is no pause."""
    began = None
    for at, effect in happened:
        began = (at if began is None else began) if effect == "pause" else None
    return began


def _worked(hours, start, end):
    return sum(min(closes, end) - max(opens, start) for opens, closes in _between(hours, start, end))


def _between(hours, start, end):
    for index in range(max(0, bisect_right(hours, (start, FOREVER)) - 1), len(hours)):
        opens, closes = hours[index]
        if opens >= end:
            return
        if closes > start:
            yield opens, closes


def _reach(hours, stretches, seconds):
    for start, end in stretches:
        for opens, closes in _between(hours, start, end):
            length = min(closes, end) - max(opens, start)
            if seconds <= length:
                return max(opens, start) + seconds
            seconds -= length
    return None
