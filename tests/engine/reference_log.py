"""The real incident log and its reference terms, and a plain second opinion on every clock in it.

The log lies beside the checkout (``../shared/data``) and is never part of it. The opinion below is written
from the words of ``reference_policy.json`` alone: it lists the working hours of each day and walks through
them one by one.
"""

import csv
import gzip
import json
from bisect import bisect_right
from datetime import date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
LOG, POLICY = DATA / "volvo_incidents.csv.gz", DATA / "reference_policy.json"
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def load():
    """(policy, {request: its rows in order of time})."""
    policy = json.loads(POLICY.read_text(encoding="utf-8"))
    with gzip.open(LOG, "rt", encoding="utf-8", newline="") as log:
        rows = list(csv.DictReader(log))
    for row in rows:
        row["second"] = int(datetime.fromisoformat(row["occurred_at"]).timestamp())
        row["kind"] = _kind(row, policy["states"])
    rows.sort(key=lambda row: (row["request"], row["second"]))
    return policy, {request: list(own) for request, own in groupby(rows, key=lambda row: row["request"])}


def _kind(row, states):
    status = f"{row['status']}/{row['sub_status']}"
    if status in states["cancel"]:
        return "cancel"
    if row["status"] == "Completed":
        return "stop"
    return "pause" if status in states["pause"] else "run"


def country_of(rows, policy):
    country = rows[0]["country"].lower()
    return country if country in policy["calendars"] else policy["default_calendar"]


class Diary:
    """The working hours of one country as a list of (opens, closes) seconds, day by day."""

    def __init__(self, terms, first=date(2009, 1, 1), last=date(2016, 1, 1)):
        zone, day, self.hours = ZoneInfo(terms["tz"]), first, []
        while day < last:
            if day.isoformat() not in terms["holidays"]:
                for start, end in terms["week"].get(WEEKDAYS[day.weekday()], []):
                    self.hours.append(
                        tuple(
                            int(datetime.combine(day, time.fromisoformat(text), zone).timestamp())
                            for text in (start, end)
                        )
                    )
            day += timedelta(days=1)
        self.closings = [closes for _opens, closes in self.hours]

    def within(self, start, end):
        for opens, closes in self.hours[bisect_right(self.closings, start) :]:
            if opens >= end:
                return
            yield max(opens, start), min(closes, end)

    def count(self, stretches):
        return sum(end - start for stretch in stretches for start, end in self.within(*stretch))

    def reach(self, stretches, seconds):
        """The instant at which the stretches have given so many working seconds; None where they do not."""
        for stretch in stretches:
            for start, end in self.within(*stretch):
                if seconds <= end - start:
                    return start + seconds
                seconds -= end - start
        return None


def second_opinion(rows, name, policy, diary):
    """(state, due, stopped, elapsed) of one clock as the reference terms say, in epoch seconds."""
    target = policy["targets"][name]
    seconds = target["minutes"][rows[-1]["impact"]] * 60
    now = int(datetime.fromisoformat(policy["now"]).timestamp())
    rows = [row for row in rows if row["second"] <= now]
    cancelled = next((row["second"] for row in rows if row["kind"] == "cancel"), None)
    if cancelled is not None:
        rows = [row for row in rows if row["second"] <= cancelled and row["kind"] != "cancel"] or rows[:1]
    stretches, stopped, paused = (_response if name == "response" else _resolution)(rows, now, cancelled)
    counted = diary.count(stretches)
    # What the stretches leave of the target would be used up going on from their end, or from the stop.
    onward = [*stretches, (stretches[-1][1] if stopped is None else stopped, 1 << 40)]
    due = diary.reach(onward, seconds)
    if cancelled is not None:
        return "cancelled", due, None, counted
    if stopped is not None:
        return ("met" if stopped <= due else "breached"), due, stopped, counted
    if counted >= seconds and due < now:
        return "breached", due, None, counted
    return ("paused" if paused else "running"), due, None, counted


def _response(rows, now, cancelled):
    answered = next((row["second"] for row in rows if row["status"] in ("Accepted", "Completed")), None)
    end = answered if answered is not None else now if cancelled is None else cancelled
    return [(rows[0]["second"], end)], answered, False


def _resolution(rows, now, cancelled):
    """The stretches in which the clock runs, the stop it stands at, and whether it stands in a pause."""
    stretches, stopped, running_since, kind = [], None, None, None
    for row in rows:
        if row["kind"] == "run" and running_since is None:
            running_since = row["second"]
        if row["kind"] != "run" and running_since is not None:
            stretches.append((running_since, row["second"]))
            running_since = None
        if row["kind"] == "stop":
            stopped = row["second"] if kind != "stop" else stopped
        else:
            stopped = None
        kind = row["kind"]
    if running_since is not None:
        stretches.append((running_since, now if cancelled is None else cancelled))
    return stretches or [(rows[0]["second"],) * 2], stopped, kind == "pause"
