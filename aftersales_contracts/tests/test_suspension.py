"""Suspension: what stands still, the last day that moves, clocks, cover, notice, and who may."""

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import Form, freeze_time

from .common import AftersalesCase

NOON = "2026-03-02 12:00:00"  # a Monday


class SuspensionCase(AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(NOON):
            cls.kept = cls.a_contract(title="Kept", date_end="2026-12-31", partner_id=cls.stranger.id)
            cls.mine = cls.kept.with_user(cls.anna)

    def suspend(self, start, end=None, contract=None, **values):
        contract = contract or self.mine
        return self.env["aftersales.suspension"].browse(contract.suspend(start, "Rebuilding", end, **values))

    def night(self, day=None):
        """The nightly suspensions of ``day``, of this test's contract only."""
        Suspension = self.env["aftersales.suspension"]
        domain = Suspension._nightly_suspend_domain(fields.Date.to_date(day))
        due = Suspension.search(domain & fields.Domain("contract_id", "=", self.kept.id))
        return due._nightly_suspend(fields.Date.to_date(day)) if due else []

    def assert_end(self, day):
        self.assertEqual(str(self.kept.date_end or ""), day)


@freeze_time(NOON)
class TestSuspension(SuspensionCase):
    def test_row15_across_month_end_and_the_end_moves_by_its_days(self):
        """contracts.md 5 row 15: suspension across month end, the last day shifted."""
        one = self.suspend("2026-03-02", "2026-04-10")
        self.assertRecordValues(one, [{"state": "running", "shifted_days": 40}])
        self.assertEqual(self.kept.state, "suspended")
        self.assert_end("2027-02-09")

    def test_row15_the_last_day_stays_where_agreed(self):
        """contracts.md 5 row 15: end date not shifted."""
        self.suspend("2026-03-02", "2026-04-10", shift_end=False)
        self.assert_end("2026-12-31")

    def test_row15_suspended_twice_counts_each_day_once(self):
        """contracts.md 5 row 15: suspend twice, overlapping."""
        first = self.suspend("2026-03-02", "2026-03-11")
        second = self.suspend("2026-03-07", "2026-03-21")
        self.assertEqual((first | second).mapped("shifted_days"), [10, 10])
        self.assert_end("2027-01-20")
        with freeze_time("2026-03-12 12:00:00"):
            self.night()
            self.assertEqual(self.kept.state, "suspended", "the second one still runs")
            self.assertEqual(first.state, "ended")
        with freeze_time("2026-03-22 12:00:00"):
            self.night()
        self.assertEqual((self.kept.state, second.state), ("active", "ended"))

    def test_row15_resumed_before_its_start_it_never_takes_effect(self):
        """contracts.md 5 row 15: resume before start."""
        planned = self.suspend("2026-06-01", "2026-06-30")
        self.assertEqual((planned.state, self.kept.state), ("planned", "active"))
        self.assert_end("2027-01-30")
        planned.with_user(self.anna).action_resume()
        self.assertEqual((planned.state, planned.resumed_by_id), ("cancelled", self.anna))
        self.assert_end("2026-12-31")
        with freeze_time("2026-06-02 12:00:00"):
            self.assertFalse(self.night())
            self.assertFalse(self.kept._is_suspended(fields.Date.to_date("2026-06-02")))
        with self.assertRaisesRegex(UserError, "over"):
            planned.with_user(self.anna).action_resume()

    def test_resumed_early_the_last_day_moves_by_what_was_suspended(self):
        one = self.suspend("2026-03-02", "2026-04-10")
        with freeze_time("2026-03-10 12:00:00"):
            self.mine.action_resume()
        self.assertRecordValues(one, [{"state": "ended", "shifted_days": 8, "resumed_by_id": self.anna.id}])
        self.assertEqual((str(one.date_end), self.kept.state), ("2026-03-09", "active"))
        self.assert_end("2027-01-08")

    def test_resumed_on_its_first_day_it_has_no_effect(self):
        one = self.suspend("2026-03-02")
        self.mine.resume()
        self.assertEqual((one.state, self.kept.state), ("cancelled", "active"))
        self.assert_end("2026-12-31")

    def test_without_an_end_the_last_day_is_open_until_it_is_resumed(self):
        one = self.suspend("2026-03-02")
        self.assertEqual((one.state, one.shifted_days, self.kept._end_is_moving()), ("running", 0, True))
        self.assert_end("2026-12-31")
        with freeze_time("2027-01-15 12:00:00"):
            expiring = self.env["aftersales.contract"]._nightly_expire_domain(None)
            self.assertNotIn(self.kept, self.env["aftersales.contract"].search(expiring))
            self.mine.resume("2027-01-11")  # 2 March 2026 to 10 January 2027 are 315 days
        self.assertEqual((self.kept.state, one.shifted_days), ("active", 315))
        self.assert_end("2027-11-11")

    def test_a_future_end_is_planned(self):
        one = self.suspend("2026-03-02")
        self.mine.resume("2026-03-16")
        self.assertEqual((one.state, str(one.date_end), self.kept.state), ("running", "2026-03-15", "suspended"))
        self.assert_end("2027-01-14")

    def test_row15_over_the_notice_deadline(self):
        """contracts.md 5 row 15: over the notice deadline; the preview says so, and the day moves with the end."""
        self.amend(self.kept, notice_period=90, renewal_kind="automatic", notice_calendar_id=self.office.id)
        self.assertEqual(str(self.kept.last_safe_day), "2026-09-29")
        rows = {row[0]: row for row in self.mine._suspension_preview(
            fields.Date.to_date("2026-09-01"), fields.Date.to_date("2026-09-30"), True, True, True, True)}
        self.assertIn("falls into the suspension: rely on 09/29/2026", rows["Last Safe Day"][1])
        self.assertEqual(rows["Last Day"], ["Last Day", "moves from 12/31/2026 to", "01/30/2027"])
        self.suspend("2026-09-01", "2026-09-30")
        self.assertEqual(str(self.kept.last_safe_day), "2026-10-27")  # 1 November is a Sunday
        self.assertEqual(rows["Last Safe Day"][2], "10/27/2026")

    def test_under_notice_it_is_a_dated_fact_beside_it(self):
        notice = self.env["aftersales.notice"].browse(self.mine.give_notice(
            sent_at="2026-02-20 08:00:00", received_at="2026-02-20 08:00:00", note="By hand"))
        self.suspend("2026-03-02", "2026-03-11")
        self.assertEqual((self.kept.state, str(notice.ends_on)), ("notice", "2027-01-10"))
        self.assertTrue(self.kept._is_suspended(fields.Date.to_date("2026-03-05")))
        notice.with_user(self.anna).withdraw(self.stranger.id, "Agreed")
        self.assertEqual(self.kept.state, "suspended")

    def test_what_cannot_be_suspended_says_why(self):
        draft = self.a_contract(activate=False).with_user(self.anna)
        for contract, values, words in (
            (draft, {"date_start": "2026-03-02"}, "only a contract in force"),
            (self.mine, {"date_start": "2025-12-31"}, "not in force on 2025-12-31"),
            (self.mine, {"date_start": "2027-01-01"}, "not in force on 2027-01-01"),
            (self.mine, {"date_start": "2026-03-10", "date_end": "2026-03-09"}, "2026-03-09, is before"),
            (self.mine, {"date_start": "2026-03-10", "reason": " "}, "a reason"),
            (self.mine, {"date_start": "2026-03-10", "clock": False, "billing": False, "cover": False,
                         "shift_end": False}, "no effect"),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                contract.suspend(**{"reason": "Rebuilding", **values})
        with self.assertRaisesRegex(UserError, "not suspended"):
            self.mine.action_resume()

    def test_over_rpc_with_dates_as_text_and_out_of_order(self):
        Contract = self.env["aftersales.contract"]
        anna, agent = (Contract.with_user(user) for user in (self.anna, self.agent))
        with self.assertRaises(UserError):
            call_kw(anna, "action_resume", [self.kept.ids], {})
        suspension = call_kw(anna, "suspend", [self.kept.ids, "2026-03-02", "Rebuilding"], {"date_end": "2026-03-11"})
        self.assertEqual(self.kept.state, "suspended")
        for method, args in (("action_activate", []), ("action_submit", []), ("action_sign", [])):
            with self.subTest(method), self.assertRaises(UserError):
                call_kw(anna, method, [self.kept.ids, *args], {})
        with self.assertRaises(AccessError):
            call_kw(agent, "suspend", [self.kept.ids, "2026-03-02", "Rebuilding"], {})
        with self.assertRaises(AccessError):
            call_kw(agent, "resume", [self.kept.ids], {})
        with self.assertRaises(AccessError):
            call_kw(self.env["aftersales.suspension"].with_user(self.anna), "write",
                    [[suspension], {"date_end": "2030-01-01"}], {})
        with self.assertRaises(AccessError):
            call_kw(self.env["aftersales.suspension"].with_user(self.anna), "create",
                    [[{"contract_id": self.kept.id, "date_start": "2026-03-02", "reason": "x"}]], {})
        with self.assertRaises(UserError):
            call_kw(anna, "resume", [self.kept.ids, "2026-04-01"], {})
        call_kw(anna, "resume", [self.kept.ids, "2026-03-05"], {})
        self.assert_end("2027-01-03")

    def test_buttons_ask_for_rights(self):
        self.suspend("2026-03-02")
        for user in (self.agent, self.felix, self.lena, self.carla, self.other_manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.kept.with_user(user).action_resume()
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.kept.with_user(user).action_suspend()
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.kept.suspension_ids.with_user(user).action_resume()

    def test_the_dialog_previews_and_records(self):
        action = self.mine.action_suspend()
        wizard = Form(self.env[action["res_model"]].with_user(self.anna).with_context(**action["context"]))
        wizard.date_start, wizard.date_end, wizard.reason = "2026-03-02", "2026-03-11", "Rebuilding"
        rows = {row[0]: row[2] for row in wizard.preview}
        self.assertEqual((rows["Suspended"], rows["Last Day"], rows["Clocks"]), ("10 days", "01/10/2027", "0 open now"))
        wizard.shifts_end = False
        self.assertEqual({row[0]: row[2] for row in wizard.preview}["Last Day"], "12/31/2026")
        wizard.save().action_confirm()
        self.assertEqual(self.kept.state, "suspended")
        self.assert_end("2026-12-31")

    def test_not_into_a_closed_period(self):
        self.env["aftersales.statement"].create({
            "contract_id": self.kept.id, "period_start": "2026-02-01", "period_end": "2026-02-28", "zone": "UTC",
            "start_at": "2026-02-01 00:00:00", "end_at": "2026-03-01 00:00:00"})._write_unguarded({
                "state": "closed", "name": "ST/1", "snapshot": {"schema": 1}, "snapshot_hash": "?"})
        with self.assertRaisesRegex(UserError, "2026-02-28 is closed"):
            self.suspend("2026-02-28")
        self.suspend("2026-03-01", "2026-03-05")

    def test_deletion_and_the_end_of_the_contract(self):
        running = self.suspend("2026-03-02")
        planned = self.suspend("2026-08-01", "2026-08-31")
        with self.assertRaises(UserError):
            running.unlink()
        self.kept._transition("terminate", date_end="2026-03-02", ended_on="2026-03-02")
        self.assertEqual((running.state, str(running.date_end), planned.state), ("ended", "2026-03-02", "cancelled"))


@freeze_time(NOON)
class TestSuspendedClocks(SuspensionCase):
    """Requests of `stranger` under `kept`: resolution 8 h pausable, Mon-Fri 8-12 and 13-17 UTC."""

    def test_the_clock_stands_still_and_says_why(self):
        request = self.a_request("2026-03-02 08:00:00", partner_id=self.stranger.id)
        clock = self.clock(request)
        self.assert_clock(clock, "running", due_at="2026-03-02 17:00")
        self.suspend("2026-03-02", "2026-03-05")  # from this very morning on
        self.evaluate()
        self.assert_clock(clock, "running", due_at="2026-03-06 17:00")
        self.assertEqual((clock.elapsed_now, clock.reading_text), (0, "suspended with 8 h 00 min left"))
        self.assertIn(["Suspended", "Rebuilding · 03/02/2026 to 03/05/2026", "stands still"], clock.steps)

    def test_it_is_due_never_until_it_is_resumed(self):
        request = self.a_request("2026-03-02 08:00:00", partner_id=self.stranger.id)
        one = self.suspend("2026-03-02")
        self.evaluate()
        clock = self.clock(request)
        self.assert_clock(clock, "running", due_at=False, next_at=False, warn_at=False)
        with freeze_time("2026-03-20 12:00:00"):  # a Friday
            self.evaluate()
            self.assert_clock(clock, "running")
            self.mine.resume()
            self.evaluate()
            self.assert_clock(clock, "running", due_at="2026-03-20 17:00")
            self.assertEqual((clock.elapsed_now, str(one.date_end)), (4 * 3600, "2026-03-19"))

    def test_a_new_request_counts_after_the_suspension(self):
        self.suspend("2026-03-02", "2026-03-05", cover=False)
        request = self.a_request("2026-03-02 10:00:00", partner_id=self.stranger.id)
        self.assertEqual(request.contract_id, self.kept)
        self.assert_clock(self.clock(request), "running", due_at="2026-03-06 17:00")

    def test_clocks_that_are_not_paused_run_on(self):
        self.suspend("2026-03-02", "2026-03-05", clock=False, cover=False)
        request = self.a_request("2026-03-02 08:00:00", partner_id=self.stranger.id)
        self.assert_clock(self.clock(request), "running", due_at="2026-03-02 17:00")

    def test_a_step_that_time_fires_waits_too(self):
        request = self.a_request("2026-03-02 08:00:00", partner_id=self.stranger.id)
        self.suspend("2026-03-02", "2026-03-05")
        self.evaluate()
        with freeze_time("2026-03-04 12:00:00"):
            self.env["aftersales.sla.clock"]._advance_due()
            self.assert_clock(self.clock(request), "running")
        with freeze_time("2026-03-06 17:00:01"):
            self.env["aftersales.sla.clock"]._advance_due()
            self.assert_clock(self.clock(request), "breached", decided_at="2026-03-06 17:00")

    def test_a_decided_clock_stays_decided(self):
        request = self.a_request("2026-03-02 08:00:00", partner_id=self.stranger.id)
        self.event(request, "resolved", "2026-03-02 11:00:00")
        self.suspend("2026-03-02", "2026-03-05")
        self.evaluate()
        self.assert_clock(self.clock(request), "met", elapsed=3 * 3600)

    def test_other_contracts_are_untouched_and_cost_nothing(self):
        self.suspend("2026-03-02", "2026-03-05")
        request = self.a_request("2026-03-02 08:00:00")
        self.assert_clock(self.clock(request), "running", due_at="2026-03-02 17:00")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(4):  # requests, changed terms, events, clocks, as without any suspension
            request._evaluate_ids(request.ids)

    def test_row17_the_day_begins_at_midnight_in_the_contracts_zone(self):
        """contracts.md 5 row 17: a suspension from 3 March in Taipei begins on 2 March at 16:00 UTC."""
        taipei = self.an_office(name="Taipei", tz="Asia/Taipei")
        self.amend(self.kept, calendar_id=taipei.id)
        self.suspend("2026-03-03", "2026-03-03")
        self.assertEqual([str(at) for at in self.kept._clock_closures()[0]],
                         ["2026-03-02 16:00:00+00:00", "2026-03-03 16:00:00+00:00"])

    def test_a_request_opened_while_the_cover_is_paused_is_not_covered(self):
        self.suspend("2026-03-02", "2026-03-05")
        request = self.a_request("2026-03-02 10:00:00", partner_id=self.stranger.id)
        self.assertFalse(request.contract_id)
        self.assertIn("suspended", request.contract_reason)
        before = self.a_request("2026-03-01 10:00:00", partner_id=self.stranger.id)
        self.assertEqual(before.contract_id, self.kept)

    def evaluate(self):
        while self.env["aftersales.sla.clock"]._evaluate_queued():
            pass
        self.env.invalidate_all()
