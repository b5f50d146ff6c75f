"""One row of a log, checked and turned into a staged fact. Pure: what a cell means is asked from ``resolve``.

A fact is what the columns of the staging table hold, in PostgreSQL's COPY text. Logs repeat themselves (the same
state, team and product in row after row), so that all columns but request, instant and title are resolved once for
each combination of values.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

RESOLVED = (  # fields of a fact that the resolver gives, in the order of the staging table
    "source_state", "status_id", "impact", "priority", "tier_id", "type_id", "team_id", "product_id", "country_id",
    "partner_id")
STAGED = ("run_id", "line", "reference", "occurred_at", *RESOLVED, "title")
REQUIRED = ("reference", "occurred_at", "state")
LONGEST = {"reference": 200, "state": 200, "title": 500}
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
COMBINATIONS = 50_000  # remembered; a log with more is no log of states
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Problem(NamedTuple):
    """What is wrong with a cell: ``rule`` names the rule broken; ``column`` is the file's name for it."""

    line: int
    column: str
    value: str
    rule: str


class WrongCell(Exception):
    """Raised by a resolver: ``rule`` names what is wrong; a ``harmless`` one leaves the field empty and is counted."""

    def __init__(self, rule, harmless=False):
        super().__init__(rule)
        self.rule, self.harmless = rule, harmless


class RowReader:
    """Reads rows under a mapping.

    :param header: names of the file's columns
    :param columns: {field: [column names]}: reference, occurred_at, state (joined by "/"), title and any of RESOLVED
    :param resolve: resolve(field, text) -> value; raises `WrongCell`
    :param zone: tzinfo of instants that name none; ``pattern``: strptime pattern, empty for ISO 8601
    :param latest: aware datetime after which an instant lies in the future
    """

    def __init__(self, run_id, header, columns, resolve, zone, pattern, latest):
        self.run_id, self.header, self.width = run_id, header, len(header)
        self.resolve, self.zone, self.pattern, self.latest = resolve, zone, pattern, latest
        self.at = {name: [header.index(column) for column in found] for name, found in columns.items() if found}
        self.reference, self.instant = self.at["reference"][0], self.at["occurred_at"][0]
        self.title = self.at.get("title", [None])[0]
        others = sorted(set(chain.from_iterable(
            found for name, found in self.at.items() if name not in ("reference", "occurred_at", "title"))))
        self.combination = itemgetter(*others)
        self.cached = {}
        self.problems, self.warnings, self.states = [], Counter(), Counter()

    def fact(self, line, row):
        """(reference, COPY line) of a row, or None where it breaks a rule; see ``problems`` and ``warnings``."""
        if len(row) != self.width:
            self.problems.append(Problem(line, "", str(len(row)), "columns"))
            return None
        found = len(self.problems)
        reference = row[self.reference].strip()
        if not reference or len(reference) > LONGEST["reference"]:
            self._wrong(line, self.reference, reference, "long" if reference else "missing")
        occurred_at = self._instant(line, row[self.instant].strip())
        key = self.combination(row)
        resolved = self.cached.get(key)
        if resolved is None:
            resolved = self._remember(key, row)
        staged, state, wrong, harmless = resolved
        if wrong:
            self.problems += [Problem(line, *problem) for problem in wrong]
        if len(self.problems) > found:
            return None
        for warning in harmless:
            self.warnings[warning] += 1
        self.states[state] += 1
        title = self._title(row)
        return reference, f"{self.run_id}\t{line}\t{reference.translate(ESCAPES)}\t{occurred_at}\t{staged}\t{title}\n"

    def _wrong(self, line, index, value, rule):
        self.problems.append(Problem(line, self.header[index], value, rule))

    def _title(self, row):
        title = row[self.title].strip()[:LONGEST["title"]] if self.title is not None else ""
        return title.translate(ESCAPES) if title else "\\N"

    # --- instants --------------------------------------------------------------------------------------------

    def _instant(self, line, text):
        """UTC text of an instant to the second; None where it is wrong."""
        try:
            at = self._parsed(text)
        except (ValueError, OverflowError):
            self._wrong(line, self.instant, text, "instant" if text else "missing")
            return None
        if at.tzinfo is None:
            at = self._located(line, text, at)
        if at is None:
            return None
        try:
            at = at.astimezone(UTC)
        except OverflowError:
            at = EARLIEST - timedelta(1)
        if at > self.latest or at < EARLIEST:
            self._wrong(line, self.instant, text, "future" if at > self.latest else "early")
            return None
        return f"{at:%Y-%m-%d %H:%M:%S}" if at.microsecond else str(at)[:19]

    def _parsed(self, text):
        if self.pattern:
            return datetime.strptime(text, self.pattern)
        if ":" not in text and "T" not in text:
            raise ValueError(text)  # a date is no instant
        return datetime.fromisoformat(text)

    def _located(self, line, text, naive):
        """A local reading in the mapping's zone. Of an hour that comes twice the first counts, and it is said."""
        at = naive.replace(tzinfo=self.zone)
        if at.astimezone(UTC).astimezone(self.zone).replace(tzinfo=None) != naive:
            self._wrong(line, self.instant, text, "gap")
            return None
        if at.utcoffset() != at.replace(fold=1).utcoffset():
            self.warnings[self.header[self.instant], text, "twice"] += 1
        return at

    # --- everything else -------------------------------------------------------------------------------------

    def _remember(self, key, row):
        if len(self.cached) >= COMBINATIONS:
            self.cached.clear()
        resolved = self.cached[key] = self._resolved(row)
        return resolved

    def _resolved(self, row):
        """(COPY text of the RESOLVED fields, state, [(column, value, rule)], the same of harmless ones)."""
        values, wrong, harmless = {}, [], []
        columns = self.at["state"]
        state = "/".join(filter(None, (row[index].strip() for index in columns)))
        name = "/".join(self.header[index] for index in columns)
        if not state or len(state) > LONGEST["state"]:
            wrong.append((name, state, "long" if state else "missing"))
        else:
            values["source_state"] = state
            self._ask("status_id", name, state, values, wrong, harmless)
        for field in RESOLVED[2:]:
            if field in self.at:
                index = self.at[field][0]
                self._ask(field, self.header[index], row[index].strip(), values, wrong, harmless)
        staged = "\t".join(_copied(values.get(field)) for field in RESOLVED)
        return staged, state, wrong, harmless

    def _ask(self, field, column, text, values, wrong, harmless):
        if text:
            try:
                values[field] = self.resolve(field, text)
            except WrongCell as error:
                (harmless if error.harmless else wrong).append((column, text, error.rule))


def _copied(value):
    """A value in PostgreSQL's COPY text."""
    return "\\N" if value is None or value is False else str(value).translate(ESCAPES)
