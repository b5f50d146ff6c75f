"""Reading a log's bytes and rows; no database."""

import doctest
import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from odoo.tests import BaseCase, tagged

from ..models.imports import event_import_file, event_import_rows, import_profile
from ..models.imports.event_import_file import LogFile, UnreadableFile
from ..models.imports.event_import_rows import RowReader, WrongCell
from .import_case import a_log, zipped

COLUMNS = {"reference": ["request"], "occurred_at": ["at"], "state": ["status", "sub"], "impact": ["impact"]}
LATEST = datetime(2025, 1, 1, tzinfo=UTC)


def read(content, **options):
    log = LogFile(io.BytesIO(content), **options)
    return log, list(log.records())


@tagged("post_install", "-at_install")
class TestLogFile(BaseCase):
    def refused(self, content, rule, **options):
        with self.assertRaises(UnreadableFile) as caught:
            read(content, **options)
        self.assertEqual(caught.exception.rule, rule)

    def test_the_examples_in_the_docstrings(self):
        for module in (event_import_file, event_import_rows, import_profile):
            self.assertFalse(doctest.testmod(module).failed, module.__name__)

    def test_delimiter_encoding_and_line_ends_are_detected(self):
        for content, encoding, delimiter in (
            (b"a,b\n\xc3\xbc,2\n", "utf-8", "comma"),
            (b"\xef\xbb\xbfa;b\r\n\xc3\xbc;2\r\n", "utf-8-sig", "semicolon"),
            ("a\tb\nü\t2\n".encode("utf-16"), "utf-16", "tab"),
            ("a|b\rü|2\r".encode("cp1252"), "cp1252", "pipe"),
        ):
            log, records = read(content)
            self.assertEqual((log.encoding, log.delimiter, log.header), (encoding, delimiter, ["a", "b"]))
            self.assertEqual(records, [(2, ["ü", "2"], None)])

    def test_gzip_is_read_as_what_is_in_it(self):
        self.assertEqual(read(zipped(a_log()))[1], read(a_log())[1])

    def test_the_last_line_needs_no_end_and_empty_lines_are_no_records(self):
        self.assertEqual(read(b"a,b\n\n1,2\n\n3,4")[1], [(3, ["1", "2"], None), (5, ["3", "4"], None)])

    def test_a_quoted_field_may_hold_lines_and_the_record_has_its_first_line(self):
        self.assertEqual(read(b'a,b\n"x\ny",2\n3,4\n')[1], [(2, ["x\ny", "2"], None), (4, ["3", "4"], None)])

    def test_what_is_no_table_of_text_is_refused(self):
        self.refused(b"", "empty")
        self.refused(b" \n\n", "empty")
        self.refused(b"PK\x03\x04rest of a spreadsheet", "spreadsheet")
        self.refused(b"\xd0\xcf\x11\xe0old spreadsheet", "spreadsheet")
        self.refused(b"%PDF-1.7", "binary")
        self.refused(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary")
        self.refused(b"\x1f\x8bno gzip at all", "gzip")
        self.refused(b"\n1,2\n", "header")

    def test_a_gzip_file_that_was_cut_off_is_refused_at_its_end(self):
        rows = [f"{number},{number * 7919 % 100003}" for number in range(400_000)]
        self.refused(zipped(a_log(*rows, header="a,b"))[:-2000], "gzip")

    def test_a_huge_field_costs_its_record_only(self):
        log, records = read(b"a,b\n1,2\n" + b'"' + b"x" * 140_000 + b'",2\n3,4\n')
        self.assertEqual([(line, fault) for line, _row, fault in records], [(2, None), (3, "record"), (4, None)])

    def test_a_quotation_mark_never_closed_does_not_swallow_the_file(self):
        content = a_log('"A,2', *(f"{number},{'y' * 50}" for number in range(10_000)), header="a,b")
        _log, records = read(content)
        faults = [line for line, _row, fault in records if fault]
        self.assertEqual(faults, [2])
        self.assertEqual([line for line, _row, _fault in records], list(range(2, 10_003)))

    def test_a_line_without_end_does_not_fill_the_memory(self):
        content = b"a,b\n" + b"z" * (5 << 20) + b"\n3,4\n"
        self.assertEqual([(line, fault) for line, _row, fault in read(content)[1]], [(2, "record"), (3, None)])

    def test_null_characters_and_broken_encoding_cost_their_record_only(self):
        late = b"a,b\n" + b"1,2\n" * 300_000 + b"\xff,2\n3,\0\n5,6\n"  # beyond the sample that tells the encoding
        records = read(late)[1][-3:]
        self.assertEqual([fault for _line, _row, fault in records], ["encoding", "null", None])

    def test_records_are_passed_over_as_they_were_counted(self):
        content = b"a,b\n1,2\n\n" + b'"' + b"x" * 140_000 + b'",2\n3,4\n5,6\n'
        everything = read(content)[1]
        for skip in range(5):
            self.assertEqual(list(LogFile(io.BytesIO(content)).records(skip)), everything[skip:])


@tagged("post_install", "-at_install")
class TestRows(BaseCase):
    def reader(self, zone="UTC", pattern="", resolve=None):
        header = ["request", "at", "status", "sub", "impact"]
        return RowReader(7, header, COLUMNS, resolve or (lambda _field, text: text), ZoneInfo(zone), pattern, LATEST)

    def instant(self, text, **options):
        """UTC text of an instant, or the rule it breaks."""
        reader = self.reader(**options)
        found = reader.fact(2, ["A", text, "New", "", ""])
        return found[1].split("\t")[3] if found else reader.problems[0].rule

    def test_instants(self):
        for text, expected in (
            ("2024-03-04T08:00:00+01:00", "2024-03-04 07:00:00"),
            ("2024-03-04T08:00:00Z", "2024-03-04 08:00:00"),
            ("2024-03-04 08:00:00.987654", "2024-03-04 08:00:00"),
            ("2024-03-04 08:00", "2024-03-04 08:00:00"),
            ("20240304T080000Z", "2024-03-04 08:00:00"),
            ("2024-03-04", "instant"), ("yesterday", "instant"), ("2024-13-01 08:00", "instant"), ("", "missing"),
            ("2025-01-01 00:00:00", "2025-01-01 00:00:00"), ("2025-01-01 00:00:01", "future"),
            ("1969-12-31 23:59:59", "early"), ("0001-01-01T00:00:00+14:00", "early"),
            ("9999-12-31T23:59:59-14:00", "early"),
        ):
            self.assertEqual(self.instant(text), expected, text)

    def test_a_pattern_of_its_own(self):
        self.assertEqual(self.instant("04/03/2024 08:30", pattern="%d/%m/%Y %H:%M"), "2024-03-04 08:30:00")
        self.assertEqual(self.instant("04.03.2024", pattern="%d/%m/%Y %H:%M"), "instant")

    def test_local_readings_about_the_change_of_the_clocks(self):
        for zone, text, expected in (
            ("Europe/Berlin", "2024-03-31 01:59:59", "2024-03-31 00:59:59"),
            ("Europe/Berlin", "2024-03-31 02:00:00", "gap"),
            ("Europe/Berlin", "2024-03-31 02:59:59", "gap"),
            ("Europe/Berlin", "2024-03-31 03:00:00", "2024-03-31 01:00:00"),
            ("Europe/Berlin", "2024-10-27 02:30:00", "2024-10-27 00:30:00"),
            ("Europe/Berlin", "2024-10-27 03:00:00", "2024-10-27 02:00:00"),
            ("Australia/Lord_Howe", "2024-10-06 02:15:00", "gap"),
            ("Australia/Lord_Howe", "2024-10-06 02:30:00", "2024-10-05 15:30:00"),
            ("Asia/Kolkata", "2024-07-01 09:00:00", "2024-07-01 03:30:00"),
        ):
            self.assertEqual(self.instant(text, zone=zone), expected, f"{zone} {text}")

    def test_an_hour_that_comes_twice_is_told(self):
        reader = self.reader("Europe/Berlin")
        self.assertTrue(reader.fact(2, ["A", "2024-10-27 02:30:00", "New", "", ""]))
        self.assertEqual(dict(reader.warnings), {("at", "2024-10-27 02:30:00", "twice"): 1})

    def test_every_wrong_cell_of_a_row_is_told(self):
        def resolve(field, _text):
            raise WrongCell("state" if field == "status_id" else "unknown")
        reader = self.reader(resolve=resolve)
        self.assertIsNone(reader.fact(9, ["", "x", "Odd", "State", "Grave"]))
        self.assertEqual([tuple(problem) for problem in reader.problems], [
            (9, "request", "", "missing"), (9, "at", "x", "instant"), (9, "status/sub", "Odd/State", "state"),
            (9, "impact", "Grave", "unknown")])

    def test_a_row_of_another_width_is_told(self):
        reader = self.reader()
        self.assertIsNone(reader.fact(3, ["A", "2024-03-04 08:00:00", "New"]))
        self.assertEqual(tuple(reader.problems[0]), (3, "", "3", "columns"))

    def test_long_keys_are_refused_before_an_index_refuses_them(self):
        reader = self.reader()
        self.assertIsNone(reader.fact(2, ["A" * 201, "2024-03-04 08:00:00", "S" * 201, "", ""]))
        self.assertEqual([problem.rule for problem in reader.problems], ["long", "long"])

    def test_cells_are_asked_once_for_each_value(self):
        asked = []
        reader = self.reader(resolve=lambda field, text: asked.append((field, text)) or text)
        for second in range(50):
            reader.fact(second, ["A", f"2024-03-04 08:00:{second:02d}", "New", "", "High"])
        self.assertEqual(asked, [("status_id", "New"), ("impact", "High")])
