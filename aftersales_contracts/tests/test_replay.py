"""The replay of a log under reference terms: every clock, through import, models and action, and a second opinion."""

import copy
import csv
import json
import random
import tempfile
from datetime import datetime
from pathlib import Path
from unittest import skipUnless

from odoo.exceptions import UserError

from .common import AftersalesCase
from .replay_oracle import opinion, read_log

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
LOG, POLICY = DATA / "volvo_incidents.csv.gz", DATA / "reference_policy.json"
HEADER = ["request", "occurred_at", "status", "sub_status", "impact", "country"]
TERMS = {
    "calendars": {
        "se": {"tz": "Europe/Stockholm", "week": {day: [["08:00", "12:00"], ["13:00", "17:00"]] for day in (
            "mon", "tue", "wed", "thu", "fri")}, "holidays": ["2012-05-01"]},
        "in": {"tz": "Asia/Kolkata", "week": {day: [["21:30", "05:30"]] for day in ("mon", "wed", "sat", "sun")},
               "holidays": ["2012-05-03", "2012-05-10"]},
        "us": {"tz": "America/Lima", "holidays": [],
               "week": {"mon": [["06:00", "10:00"], ["09:00", "11:30"]], "tue": [["00:00", "24:00"]]}}},
    "default_calendar": "se",
    "targets": {
        "response": {"pausable": False, "minutes": {"Low": 100, "Medium": 60, "High": 30, "Major": 5},
                     "stops_at": "first event with status Accepted or Completed"},
        "resolution": {"pausable": True, "minutes": {"Low": 900, "Medium": 480, "High": 120, "Major": 30},
                       "stops_at": "entering status Completed", "on_reopen": "resume"}},
    "states": {"pause": ["Accepted/Wait - *", "Queued/Hold"], "stop": ["Completed/*"],
               "cancel": ["Completed/Cancelled", "Unmatched/*"]},
    "now": "2012-05-15T12:00:00+02:00",
}
STATES = ("Queued/Awaiting", "Queued/Hold", "Accepted/In Progress", "Accepted/Wait - User", "Accepted/Wait",
          "Completed/Resolved", "Completed/Closed", "Queued/", "Accepted/Wait - Customer")


class ReplayCase(AftersalesCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def replay(self, log, terms):
        """(rows written, the sentences of the report). ``log`` and ``terms``: paths or contents."""
        paths = []
        for name, content in (("log.csv", log), ("terms.json", terms)):
            if not isinstance(content, Path):
                path = self.folder / name
                path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
                content = path
            paths.append(str(content))
        out = self.folder / "out.csv"
        with self.enter_registry_test_mode(), self.registry.cursor() as cursor:
            report = self.env(cr=cursor)["aftersales.replay"]._replay(*paths, str(out))
        with out.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        self.assertEqual(header, ["request", "target", "state", "due", "stopped", "elapsed_seconds"])
        return [tuple(row) for row in rows], report

    def assert_same(self, got, expected):
        """Compare two lists of clocks; the first differences are shown side by side."""
        differing = [pair for pair in zip(got, expected, strict=False) if pair[0] != pair[1]][:5]
        self.assertFalse(differing, "\n".join(f"{a}\n{b}" for a, b in differing))
        self.assertEqual(len(got), len(expected))


def as_text(rows):
    lines = [",".join(HEADER)] + [",".join(row[name] for name in HEADER) for row in rows]
    return "\n".join(lines) + "\n"


def random_rows(seed, requests):
    """Rows of requests with every kind of state, instants from seconds to weeks apart, none of them twice."""
    draw, rows = random.Random(seed), []
    for number in range(requests):
        at = 1335744000 + draw.randrange(14 * 86400)
        for _step in range(draw.randint(1, 9)):
            state = "Completed/Cancelled" if draw.random() < 0.02 else draw.choice(STATES)
            status, _slash, sub_status = state.partition("/")
            rows.append({
                "request": f"N{number}", "occurred_at": _instant(at, draw.choice(("+00:00", "+05:30", "-03:00"))),
                "status": status, "sub_status": sub_status, "impact": draw.choice(("Low", "Medium", "High", "Major")),
                "country": draw.choice(("se", "SE", "in", "us", "0", "de"))})
            at += draw.choice((1, 60, 3600, 20_000, 90_000, 400_000)) + draw.randrange(3)
    return rows


def _instant(second, offset):
    zone = datetime.fromisoformat(f"2000-01-01T00:00:00{offset}").tzinfo
    return datetime.fromtimestamp(second, zone).isoformat()


class TestReplay(ReplayCase):
    def test_random_logs_come_out_as_the_second_opinion_says(self):
        for seed in (1, 2):
            rows = random_rows(seed, 250)
            got, _report = self.replay(as_text(rows), TERMS)
            self.assert_same(got, opinion(rows, TERMS))
            self.assertEqual({row[2] for row in got}, {"running", "paused", "met", "breached", "cancelled"})

    def test_other_terms(self):
        rows = random_rows(3, 250)
        terms = copy.deepcopy(TERMS)
        terms["targets"]["response"]["stops_at"] = "first event with status Completed"
        terms["targets"]["resolution"]["pausable"] = False
        terms["states"]["pause"] = []
        terms["now"] = "2012-05-07T00:00:00+00:00"
        terms["default_calendar"] = "in"
        got, _report = self.replay(as_text(rows), terms)
        self.assert_same(got, opinion(rows, terms))

    def test_shuffled_and_doubled_rows_change_nothing(self):
        rows = random_rows(4, 120)
        expected, _report = self.replay(as_text(rows), TERMS)
        shuffled = rows + rows[::3]
        random.Random(5).shuffle(shuffled)
        self.assert_same(self.replay(as_text(shuffled), TERMS)[0], expected)

    def test_a_used_database_gives_the_same_file_and_leaves_others_alone(self):
        other = self.a_request("2024-03-04 08:00:00")
        self.env["aftersales.evaluation.queue"]._put(other.ids)
        shown = [("request_id", "=", other.id)], ["state", "due_at", "elapsed"]
        before = self.env["aftersales.sla.clock"].search_read(*shown)
        rows = random_rows(6, 120)
        first, _report = self.replay(as_text(rows), TERMS)
        with self.enter_registry_test_mode(), self.registry.cursor() as cursor:
            self.env(cr=cursor)["aftersales.sla.clock"]._cron_clocks()  # as of today: open clocks fall due
        second, report = self.replay(as_text(rows), TERMS)
        self.assert_same(second, first)
        self.assertIn("0 new events, 0 new requests", report[0])
        self.assertEqual(self.env["aftersales.sla.clock"].search_read(*shown), before)

    def test_the_report_names_what_had_no_place(self):
        rows = random_rows(7, 5)
        odd = {**rows[0], "request": "ODD", "occurred_at": "2012-05-01T10:00:00Z", "country": "0"}
        late = {**odd, "request": "LATE", "occurred_at": "2012-06-01T10:00:00Z", "country": "de"}
        wrong = {**odd, "request": "WRONG", "impact": "Grave"}
        got, report = self.replay(as_text([odd, late, wrong]), TERMS)
        self.assertEqual({row[0] for row in got}, {"ODD"})
        told = "\n".join(report)
        self.assertIn("3 rows, 1 bad, 2 new events, 2 new requests, 2 clocks", told)
        self.assertIn("country 0, 1 rows", told)
        self.assertIn("1 requests of country DE take the default calendar", told)
        self.assertIn("line 4, impact Grave", told)
        self.assertRegex(told, "LATE: ")

    def test_wrong_logs_and_terms_are_refused_in_words(self):
        with self.assertRaisesRegex(UserError, "status"):
            self.replay("a,b\n1,2\n", TERMS)
        with self.assertRaisesRegex(UserError, "empty"):
            self.replay("", TERMS)
        terms = copy.deepcopy(TERMS)
        terms["targets"]["response"]["minutes"]["Grave"] = 1
        with self.assertRaisesRegex(UserError, "Grave"):
            self.replay(as_text(random_rows(8, 2)), terms)


@skipUnless(LOG.exists() and POLICY.exists(), "the incident log is not beside the checkout (shared/data)")
class TestReferenceLog(ReplayCase):
    def test_every_clock_of_the_log_is_as_the_terms_say(self):
        got, report = self.replay(LOG, POLICY)
        self.assertRegex(report[0], "^43243 rows, 0 bad, .* 10022 clocks$")
        self.assert_same(got, opinion(read_log(LOG), json.loads(POLICY.read_text(encoding="utf-8"))))
