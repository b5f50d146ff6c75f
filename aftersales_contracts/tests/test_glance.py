"""What requests and contracts show at a glance: SLA state, what falls due next, bars, timeline, counts, compliance."""

from odoo import fields
from odoo.fields import Command
from odoo.tests import freeze_time

from .common import AftersalesCase

NOW = "2026-03-02 14:30:00"  # Monday; 5.5 working hours after 08:00
STATES = ("breached", "at_risk", "on_track", "paused", "met", False)


@freeze_time(NOW)
class TestRequestGlance(AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make = cls.a_request
        cls.late = make()  # response due 12:00
        cls.risk = make("2026-03-02 10:00:00")  # response: 3.5 of 4 h used up
        cls.new = make("2026-03-02 14:00:00")
        cls.waiting = make()
        cls.waiting.record_event("in_progress", "2026-03-02 09:00:00")
        cls.waiting.record_event("waiting_customer", "2026-03-02 10:00:00", "Photos asked for")
        cls.done = make()
        cls.done.record_event("resolved", "2026-03-02 11:00:00")
        cls.uncovered = make(partner_id=cls.stranger.id)
        cls.all = cls.late | cls.risk | cls.new | cls.waiting | cls.done | cls.uncovered

    def test_the_worst_clock_gives_the_state(self):
        self.assertEqual(self.all.mapped("sla_state"), list(STATES))

    def test_a_running_clock_past_due_is_late_before_the_scheduled_action_says_so(self):
        with freeze_time("2026-03-03 13:30:00"):
            self.new.invalidate_recordset()
            self.assertEqual(self.clock(self.new, "first_response").state, "running")
            self.assertEqual(self.new.sla_state, "breached")
            self.assertEqual(self.new.clock_board[0]["mood"], "late")
            self.assertEqual(self.new.next_reading, "First Response · 3 h 30 min late")

    def test_search_sort_and_group_say_the_same_as_the_field(self):
        Request = self.env["aftersales.request"].with_user(self.agent)
        ours = [("id", "in", self.all.ids)]
        for state, request in zip(STATES, self.all, strict=True):
            self.assertEqual(Request.search([("sla_state", "=", state), *ours]), request, state)
        self.assertEqual(Request.search([("sla_state", "!=", "breached"), *ours], order="id"), self.all - self.late)
        self.assertEqual(
            dict(Request._read_group(ours, ["sla_state"], ["__count"])), dict.fromkeys(STATES, 1))
        in_order = Request.search([("next_due_at", "!=", False), *ours], order="next_due_at")
        self.assertEqual(in_order, self.late | self.risk | self.new)

    def test_what_falls_due_next(self):
        self.assertEqual(self.risk.next_due_at, fields.Datetime.to_datetime("2026-03-02 15:00:00"))
        self.assertEqual(self.risk.next_reading, "First Response · 30 min 00 s left")
        self.assertFalse(self.waiting.next_due_at)
        self.assertIn("paused", self.waiting.next_reading)
        self.assertFalse(self.done.next_reading)
        Request = self.env["aftersales.request"]
        day = [("next_due_at", ">=", "2026-03-02 14:00:00"), ("next_due_at", "<", "2026-03-02 16:00:00")]
        self.assertEqual(Request.search([("id", "in", self.all.ids), *day]), self.risk)

    def test_an_excused_breach_does_not_make_the_request_red(self):
        self.late.record_event("resolved", "2026-03-02 14:00:00")
        self.assertEqual(self.late.sla_state, "breached")
        self.clock(self.late, "first_response").excused = True
        self.assertEqual(self.late.sla_state, "met")
        self.assertIn(self.late, self.env["aftersales.request"].search([("sla_state", "=", "met")]))

    def test_bars_say_what_each_clock_shows(self):
        response, resolution = self.waiting.with_user(self.agent).clock_board
        self.assertEqual(
            (response["metric"], response["mood"], response["reading"]), ("first_response", "met", "after 1 h 00 min"))
        self.assertEqual(
            (resolution["mood"], resolution["reading"], resolution["percent"]), ("paused", "6 h 00 min left", 25.0))
        self.assertEqual(self.risk.clock_board[0]["mood"], "risk")
        self.assertFalse(self.uncovered.clock_board)

    def test_a_clock_read_late_says_how_late(self):
        self.assertEqual(self.late.clock_board[0]["reading"], "1 h 30 min late")

    def test_the_timeline_tells_every_fact_newest_first(self):
        self.waiting.with_user(self.anna).write({"priority": "3"})
        terms, waiting, *_rest, opened = self.waiting.with_user(self.agent).timeline
        self.assertEqual((terms["title"], terms["terms"]), ("Terms changed", ["Priority: Critical"]))
        self.assertEqual((waiting["title"], waiting["note"]), ("Waiting for Customer", "Photos asked for"))
        self.assertEqual((opened["title"], opened["at"]), ("New", "2026-03-02 08:00:00"))

    def test_a_void_event_stays_in_the_timeline(self):
        event = self.waiting.event_ids.filtered("note")
        event.with_user(self.anna).action_void()
        entries = {entry["id"]: entry for entry in self.waiting.timeline}
        self.assertTrue(entries[event.id]["void"])
        self.assertFalse(entries[event.id]["voidable"])
        self.assertEqual(self.clock(self.waiting).state, "running")

    def test_a_list_costs_the_same_queries_for_five_rows_as_for_eighty(self):
        more = self.env["aftersales.request"].create([
            {"title": f"Row {row}", "partner_id": self.customer.id, "opened_at": "2026-03-02 13:00:00"}
            for row in range(80)])
        names = ["name", "title", "partner_id", "status_id", "next_due_at", "next_reading", "sla_state"]
        spec = {name: {"fields": {"display_name": {}}} if name.endswith("_id") else {} for name in names}
        counts = []
        for size in (5, 5, 80):  # the first round warms the caches
            self.env.invalidate_all()
            domain = [("id", "in", more[:size].ids)]
            before = self.cr.sql_log_count
            rows = self.env["aftersales.request"].with_user(self.agent).web_search_read(domain, spec)["records"]
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual({row["sla_state"] for row in rows}, {"on_track"})
            self.assertEqual(len(rows), size)
        self.assertEqual(counts[1], counts[2], "queries for 5 rows and for 80")
        self.assertLessEqual(counts[2], 12)


@freeze_time(NOW)
class TestContractGlance(AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late, cls.risk = cls.a_request(), cls.a_request("2026-03-02 10:00:00")
        cls.done = cls.a_request()
        cls.done.record_event("resolved", "2026-03-02 11:00:00")
        cls.env["aftersales.asset"].create(
            {"name": "SN-1", "partner_id": cls.customer.id, "contract_id": cls.contract.id})
        cls.env["aftersales.compliance"]._bring_up_to_date(cls.contract)

    def test_counts_behind_the_buttons(self):
        contract = self.contract.with_user(self.anna)
        self.assertEqual(
            (contract.request_count, contract.asset_count, contract.open_clock_count, contract.at_risk_count,
             contract.breached_count), (2, 1, 3, 1, 1))

    def test_each_button_opens_what_it_counts(self):
        contract = self.contract.with_user(self.anna)
        for button, model, count in (
            ("requests", "aftersales.request", 3), ("assets", "aftersales.asset", 1),
            ("open_clocks", "aftersales.sla.clock", 6), ("statements", "aftersales.statement", 0),
        ):
            action = getattr(contract, f"action_view_{button}")()
            self.assertEqual(action["res_model"], model)
            self.assertEqual(self.env[model].search_count(action["domain"]), count, button)

    def test_the_board_shows_the_open_period_against_its_objective(self):
        board = self.contract.with_user(self.agent).compliance_board
        response = next(t for t in board["targets"] if t["id"] == self.response_target.id)["open"]
        self.assertEqual((response["met"], response["breached"], response["text"]), (1, 1, "50.00 %"))
        self.assertEqual((response["objective"], response["reached"]), (95.0, "no"))
        self.assertEqual(board["open"], "03/01/2026 to 03/31/2026")

    def test_nothing_due_is_no_rate(self):
        other = self.a_contract(title="Quiet", partner_id=self.stranger.id)
        self.env["aftersales.compliance"]._bring_up_to_date(other)
        self.assertEqual([t["open"].get("rate") for t in other.compliance_board["targets"]],
                         [None] * len(other.compliance_board["targets"]))

    def test_a_page_of_contracts_costs_the_same_as_one(self):
        contracts = self.contract | self.env["aftersales.contract"].create([
            {"title": f"Contract {number}", "partner_id": self.customer.id, "policy_id": self.policy.id}
            for number in range(30)])
        names = ["request_count", "at_risk_count", "breached_count", "open_clock_count", "compliance_board"]
        counts = []
        for batch in (contracts[:1], contracts[:1], contracts):  # the first round warms the caches
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            batch.with_user(self.anna).read(names)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
        self.assertLessEqual(counts[2], 12)

    def test_a_breach_is_excused_from_its_clock(self):
        action = self.clock(self.late, "first_response").with_user(self.anna).action_propose_excuse()
        values = {**{name[8:]: value for name, value in action["context"].items()}, "evidence": "<p>Gate closed</p>"}
        excuse = self.env[action["res_model"]].with_user(self.anna).create(values)
        self.assertEqual((excuse.clock_id.request_id, excuse.state), (self.late, "proposed"))


class TestPolicyForm(AftersalesCase):
    def test_the_contracts_of_a_policy_open_from_it(self):
        action = self.policy.with_user(self.anna).action_view_contracts()
        self.assertEqual(self.env["aftersales.contract"].search(action["domain"]), self.contract)
        self.assertEqual(self.policy.contract_count, 1)

    def test_a_policy_is_written_in_its_form_by_an_account_manager(self):
        policy = self.env["aftersales.sla.policy"].with_user(self.anna).create({
            "name": "Silver", "calendar_id": self.office.id, "target_ids": [Command.create({"metric": "on_site"})]})
        self.assertEqual(policy.target_ids.name, "On-site Arrival")
