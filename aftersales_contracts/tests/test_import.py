"""The import of a log: what comes in, what is refused, and that the same log twice changes nothing."""

import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged, users

from .import_case import HEADER, ROWS, ImportCase, a_log, zipped

FACTS = [
    ("A1", "2024-03-04 08:00:00", "New", "new"),
    ("A1", "2024-03-04 09:00:00", "Work/In Progress", "in_progress"),
    ("A1", "2024-03-04 10:00:00", "Wait/User", "waiting_customer"),
    ("A1", "2024-03-05 10:00:00", "Done/Closed", "resolved"),
    ("B2", "2024-03-04 12:00:00", "New", "new"),
    ("B2", "2024-03-05 12:00:00", "Done/Cancelled", "cancelled"),
]


class TestImport(ImportCase):
    def test_a_log_becomes_requests_events_and_clocks(self):
        figures = self.bring(a_log())
        self.assertEqual(self.facts(), FACTS)
        self.assertEqual(
            {name: figures[name] for name in ("state", "rows", "rows_bad", "events_new", "events_known",
                                              "requests_new", "requests_without_contract", "warnings", "errors")},
            {"state": "done", "rows": 6, "rows_bad": 0, "events_new": 6, "events_known": 0, "requests_new": 2,
             "requests_without_contract": 0, "warnings": [], "errors": []})
        first, second = self.Request.search([("source", "=", "dealer")], order="external_ref")
        self.assertRecordValues(first, [{
            "title": "A1", "partner_id": self.customer.id, "contract_id": self.old_contract.id, "impact": "high",
            "policy_id": self.policy.id, "calendar_id": self.office.id, "kind": "done", "active": True,
            "country_id": self.env.ref("base.se").id, "priority": "1", "company_id": self.company.id}])
        self.assertEqual(str(first.opened_at), "2024-03-04 08:00:00")
        self.assertEqual(str(first.last_event_at), "2024-03-05 10:00:00")
        self.assertEqual(second.kind, "cancelled")
        self.assertRegex(first.name, r"^SR\d{6}$")
        self.assertNotEqual(first.name, second.name)
        self.env["aftersales.sla.clock"]._evaluate_queued()
        self.assert_clock(self.clock(first), "met", due_at="2024-03-05 17:00", elapsed=2 * 3600)
        self.assert_clock(self.clock(first, "first_response"), "met", elapsed=3600)
        self.assert_clock(self.clock(second), "cancelled")

    def test_the_same_log_twice_changes_nothing(self):
        self.bring(a_log())
        self.env["aftersales.evaluation.queue"].search([]).unlink()
        before, written = self.facts(), self.written()
        for content in (a_log(), zipped(a_log()), a_log(*reversed(ROWS)), a_log(*ROWS, *ROWS)):
            figures = self.bring(content)
            self.assertEqual((figures["events_new"], figures["requests_new"]), (0, 0))
            self.assertEqual(figures["events_known"], figures["rows"])
        self.assertEqual((self.facts(), self.written()), (before, written))

    def test_a_longer_log_adds_what_is_new(self):
        self.bring(a_log(*ROWS[:3]))
        figures = self.bring(a_log())
        self.assertEqual((figures["events_new"], figures["events_known"], figures["requests_new"]), (3, 3, 1))
        self.assertEqual(self.facts(), FACTS)

    def test_the_order_of_the_file_does_not_matter(self):
        self.bring(a_log(ROWS[5], ROWS[3], ROWS[0], ROWS[4], ROWS[1], ROWS[2], ROWS[0]))
        self.assertEqual(self.facts(), FACTS)

    def test_another_source_or_company_has_requests_of_its_own(self):
        self.bring(a_log())
        self.bring(a_log(), profile=self.a_profile(self.env(user=self.anna), source="second"))
        self.assertEqual(self.facts("second"), FACTS)
        other = self.a_profile(
            self.env(user=self.other_manager), company_id=self.other_company.id, partner_id=self.stranger.id)
        figures = self.bring(a_log(), profile=other)
        self.assertEqual((figures["requests_new"], figures["requests_without_contract"]), (2, 2))
        self.assertEqual(self.Request.search_count([("external_ref", "=", "A1")]), 3)

    def test_of_doubled_facts_the_last_counts_and_one_instant_keeps_the_order_of_the_file(self):
        at = "2024-03-04T08:00:00+00:00"
        self.bring(a_log(f"A1,{at},Work,x,Low,se", f"A1,{at},Wait,User,Low,se", f"A1,{at},Work,x,Major,se"))
        self.assertEqual([fact[2] for fact in self.facts()], ["Wait/User", "Work/x"])
        request = self.events().request_id
        self.assertEqual((request.impact, request.status_id.code), ("major", "in_progress"))

    def test_the_country_is_that_of_the_first_event_wherever_it_stands(self):
        self.bring(a_log("A1,2024-03-05 08:00:00,Work,x,Low,pl", "A1,2024-03-04 08:00:00,New,,Low,se"))
        self.assertEqual(self.events().request_id.country_id.code, "SE")
        self.bring(a_log("A1,2024-03-01 08:00:00,New,,Low,fr"))
        request = self.events().request_id
        self.assertEqual((request.country_id.code, str(request.opened_at)), ("FR", "2024-03-01 07:00:00"))

    def test_unknown_countries_are_told_and_not_dropped(self):
        figures = self.bring(a_log("A1,2024-03-04 08:00:00,New,,Low,0", "A1,2024-03-04 09:00:00,Work,,Low,0"))
        self.assertEqual(figures["events_new"], 2)
        self.assertEqual(len(figures["warnings"]), 1)
        self.assertRegex(figures["warnings"][0], r"^country 0, 2 rows: Unknown value")
        self.assertFalse(self.events().request_id.country_id)

    def test_values_are_translated_by_the_profile(self):
        self.profile.value_ids = [
            (0, 0, {"field": "impact", "foreign": "2 - grave", "value": "High"}),
            (0, 0, {"field": "impact", "foreign": "n/a", "value": False}),
            (0, 0, {"field": "country_id", "foreign": "Sverige", "value": "se"})]
        figures = self.bring(a_log(
            "A1,2024-03-04 08:00:00,New,,2 - Grave,sverige", "A1,2024-03-04 09:00:00,Work,,N/A,sverige"))
        self.assertFalse(figures["errors"] or figures["warnings"])
        self.assertEqual((self.events().request_id.impact, self.events().request_id.country_id.code), ("high", "SE"))
        self.assertEqual(self.events().mapped("impact"), ["high", False])

    def test_naive_instants_are_of_the_profiles_zone(self):
        figures = self.bring(a_log(
            "A1,2024-07-01 08:00:00,New,,Low,se", "A1,2024-12-02 08:00:00,Work,,Low,se",
            "A1,2024-03-31 02:30:00,Wait,User,Low,se"))
        self.assertEqual([fact[1] for fact in self.facts()], ["2024-07-01 06:00:00", "2024-12-02 07:00:00"])
        self.assertEqual(self.wrong(figures), [(4, "at", "2024-03-31 02:30:00")])

    def test_without_creation_an_unknown_request_is_an_error(self):
        self.bring(a_log(*ROWS[:1]))
        self.profile.create_requests = False
        figures = self.bring(a_log())
        self.assertEqual(self.wrong(figures), [(6, "request", "B2"), (7, "request", "B2")])
        self.assertEqual((figures["events_new"], figures["requests_new"]), (3, 0))

    def test_a_contract_of_the_profile_is_that_of_its_requests(self):
        poland = self.an_office(name="Poland", tz="Europe/Warsaw")
        self.policy.country_calendar_ids = [
            (0, 0, {"country_id": self.env.ref("base.pl").id, "calendar_id": poland.id})]
        self.profile.contract_id = self.contract
        self.bring(a_log("A1,2024-03-04 08:00:00,New,,Low,pl", "B2,2024-03-04 08:00:00,New,,Low,se"))
        requests = self.Request.search([("source", "=", "dealer")], order="external_ref")
        self.assertRecordValues(requests, [
            {"contract_id": self.contract.id, "calendar_id": poland.id, "partner_id": self.customer.id},
            {"contract_id": self.contract.id, "calendar_id": self.office.id, "partner_id": self.customer.id}])

    def test_the_reason_is_kept_where_no_contract_fits(self):
        figures = self.bring(a_log("A1,2019-03-04 08:00:00,New,,Low,se"))
        self.assertEqual(figures["requests_without_contract"], 1)
        self.assertIn("in force", self.events().request_id.contract_reason)


class TestBadRows(ImportCase):
    BAD = (ROWS[0], "A1,never,New,,High,se", "A1,2024-03-04 09:00:00,Odd,,Grave,se", "A1,2024", ROWS[3])

    def test_good_rows_come_in_and_every_bad_cell_is_told(self):
        figures = self.bring(a_log(*self.BAD))
        self.assertEqual(self.wrong(figures), [
            (3, "at", "never"), (4, "status/sub", "Odd"), (4, "impact", "Grave"), (5, "", "2")])
        self.assertEqual((figures["state"], figures["rows"]), ("done", 5))
        self.assertEqual((figures["rows_bad"], figures["events_new"]), (3, 2))
        run = self.env["aftersales.event.import.run"].browse(figures["run"])
        lines = base64.b64decode(run.error_file).decode("utf-8-sig").splitlines()
        self.assertEqual(lines[0], "line,column,value,rule")
        self.assertEqual(lines[1], "3,at,never,Not an instant in the format of the import profile.")
        self.assertEqual(len(lines), 5)

    def test_all_or_nothing_writes_nothing_where_a_row_is_bad(self):
        before = self.written()
        figures = self.bring(a_log(*self.BAD), "all")
        self.assertEqual((figures["state"], figures["rows_bad"], figures["events_new"]), ("refused", 3, 0))
        self.assertIn("3 rows are bad", figures["message"])
        self.assertEqual(len(figures["errors"]), 4)
        self.assertEqual(self.written(), before)
        self.assertEqual(self.bring(a_log(), "all")["events_new"], 6)

    def test_a_check_says_what_would_come_in_and_writes_nothing(self):
        self.bring(a_log(*ROWS[:1]))
        before = self.written()
        figures = self.bring(a_log(*ROWS, ROWS[1], "C3,2024-03-04 09:00:00,Odd,,Low,se"), "check")
        names = ("state", "rows", "rows_bad", "events_new", "events_known", "requests_new")
        self.assertEqual(
            {name: figures[name] for name in names},
            {"state": "done", "rows": 8, "rows_bad": 1, "events_new": 5, "events_known": 2, "requests_new": 1})
        self.assertEqual(self.written(), before)

    def test_wrong_files_are_refused_in_words(self):
        before = self.written()
        for content, word in ((b"", "empty"), (b"\n \n", "empty"), (b"PK\x03\x04....", "spreadsheet"),
                              (b"\x89PNG\r\n\x1a\n\0\0\0", "not a text file"), (b"\x1f\x8bxx", "damaged")):
            figures = self.bring(content)
            self.assertEqual(figures["state"], "failed", content)
            self.assertIn(word, figures["message"])
        self.assertEqual(self.written(), before)

    def test_a_damaged_end_keeps_the_beginning_out(self):
        before = self.written()
        rows = [f"A{number},2024-03-04 08:00:00,New,,Low,se" for number in range(30_000)]
        packed = zipped(a_log(*rows))
        self.assertEqual(self.bring(packed[:len(packed) * 9 // 10])["state"], "failed")
        self.assertEqual(self.written(), before)

    def test_a_file_with_other_columns_is_refused_with_its_columns(self):
        with self.assertRaisesRegex(UserError, "no single column at.*request, moment"):
            self.bring(a_log("A1,1,New,,Low,se", header=HEADER.replace("at,", "moment,")))
        with self.assertRaisesRegex(UserError, "no single column request"):
            self.bring(a_log(header=HEADER.replace("country", "request")))
        self.profile.column_ids.filtered(lambda line: line.field == "occurred_at").unlink()
        with self.assertRaisesRegex(UserError, "no column for: Instant"):
            self.bring(a_log())

    def test_odd_characters_come_through_as_they_are(self):
        reference = 'R\\1\t"ü€漢"'
        quoted = reference.replace('"', '""')
        self.bring(a_log(f'"{quoted}",2024-03-04 08:00:00,"Work","a\\nb\nc",Low,se'))
        self.assertEqual(self.facts(), [(reference, "2024-03-04 07:00:00", "Work/a\\nb\nc", "in_progress")])
        figures = self.bring(a_log('A1,"x\\.\ty",New,,Low,se'))
        self.assertEqual(self.wrong(figures), [(2, "at", "x\\.\ty")])

    def test_an_unknown_mode_is_refused(self):
        with self.assertRaises(UserError):
            self.bring(a_log(), "some")


class TestUnknownStates(ImportCase):
    ODD = ("A1,2024-03-04 08:00:00,Odd,State,Low,se", "A1,2024-03-05 08:00:00,Odd,State,Low,se")

    def test_an_unknown_state_is_an_error(self):
        self.assertEqual(self.wrong(self.bring(a_log(*self.ODD))), [
            (2, "status/sub", "Odd/State"), (3, "status/sub", "Odd/State")])

    def test_an_administrator_may_have_statuses_made_that_have_no_effect(self):
        self.profile.create_statuses = True
        profile = self.profile.with_user(self.boss)
        before = self.written()
        self.assertEqual(self.bring(a_log(*self.ODD), "check", profile)["rows_bad"], 0)
        self.assertEqual(self.written(), before)
        self.assertEqual(self.bring(a_log(*self.ODD), profile=profile)["events_new"], 2)
        status = self.events().status_id
        self.assertRecordValues(status, [{"name": "Odd/State", "resolution_effect": "keep"}])
        self.assertEqual(self.bring(a_log(*self.ODD), profile=profile)["events_known"], 2)

    def test_an_account_manager_may_not(self):
        self.profile.create_statuses = True
        figures = self.bring(a_log(*self.ODD))
        self.assertEqual(figures["rows_bad"], 2)
        self.assertIn("administrator", figures["errors"][0]["rule"])

    def test_the_pattern_that_says_the_most_wins(self):
        rows = [f"A1,2024-03-04 08:00:0{index},{state},Low,se" for index, state in enumerate((
            "Done,Closed", "done,cancelled", "Done,", "Work,Cancelled"))]
        self.bring(a_log(*rows))
        self.assertEqual([fact[3] for fact in self.facts()], ["resolved", "cancelled", "resolved", "in_progress"])


@tagged("post_install", "-at_install")
class TestImportRights(ImportCase):
    def test_account_managers_and_administrators_import(self):
        for user in (self.anna, self.boss):
            self.assertEqual(self.bring(a_log(), profile=self.profile.with_user(user))["state"], "done")

    @users("agent.test", "felix.test", "lena.test", "clerk.test", "carla.test", "diego.test")
    def test_nobody_else_does(self):
        before = self.written()
        with self.assertRaises(AccessError):
            self.bring(a_log(), profile=self.profile.with_user(self.env.user))
        with self.assertRaises(AccessError):
            self.env["aftersales.event.import"].create({"file": base64.b64encode(a_log())})
        self.assertEqual(self.written(), before)

    def test_another_company_neither_reads_the_profile_nor_the_imports(self):
        figures = self.bring(a_log("A1,never,New,,Low,se"))
        run = self.env["aftersales.event.import.run"].browse(figures["run"]).with_user(self.other_manager)
        with self.assertRaises(AccessError):
            self.bring(a_log(), profile=self.profile.with_user(self.other_manager))
        with self.assertRaises(AccessError):
            run.read(["file"])
        self.assertFalse(run.env["aftersales.event.import.error"].search([("run_id", "=", run.id)]))

    def test_a_profile_cannot_pass_for_what_was_entered_here(self):
        with self.assertRaises(ValidationError):
            self.profile.source = "Manual"
