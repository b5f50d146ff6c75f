"""Notice: the last safe day and what moves it, the log and its verdict, what follows for the contract, who may."""

import hashlib

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import Form, freeze_time
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import AftersalesCase

YEAR = {"date_start": "2026-01-01", "date_end": "2026-12-31"}
NINETY = {"notice_period": 90, "notice_unit": "day", "renewal_kind": "automatic"}


class NoticeCase(AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.week = cls.an_office(name="Notice Week")
        cls.kept = cls.a_contract(**YEAR, **NINETY, notice_calendar_id=cls.week.id,
                                  notice_sender_calendar_id=cls.week.id, notice_cut_off=18)

    def holiday(self, day, calendar=None, start="00:00:00", end="23:59:59"):
        calendar = calendar or self.week
        return self.env["resource.calendar.leaves"].create({
            "name": "Holiday", "calendar_id": calendar.id, "date_from": f"{day} {start}", "date_to": f"{day} {end}"})

    def give(self, contract=None, by=None, **values):
        """A notice on ``contract`` registered by ``by`` (anna)."""
        values = {"received_at": "2026-09-30 10:00:00", "sent_at": "2026-09-28 10:00:00", "note": "Return receipt",
                  **values}
        contract = (contract or self.kept).with_user(by or self.anna)
        return self.env["aftersales.notice"].browse(contract.give_notice(**values))

    def assert_day(self, field, day, contract=None):
        self.assertEqual(str((contract or self.kept)[field] or ""), day)


class TestLastSafeDay(NoticeCase):
    def test_section_4_row_1_every_step_is_listed(self):
        """contracts.md 4 row 1: end 31 Dec 2026, 90 days, must be received, registered letter of 3 business days."""
        self.assert_day("last_safe_day", "2026-09-29")
        self.assert_day("notice_deadline", "2026-10-02")
        steps = self.kept.last_safe_steps
        self.assertEqual([step[0] for step in steps],
                         ["End", "Notice Period", "Cut-off", "Receipt Rule", "Last Safe Day"])
        self.assertEqual(steps[1], ["Notice Period", "90 days before it", "10/02/2026"])
        self.assertEqual(steps[2][2], "18:00")
        self.assertIn("3 business days of delivery", steps[3][1])
        self.assertEqual(steps[-1], ["Last Safe Day", "Tuesday", "09/29/2026"])

    def test_row11_end_or_renewal_date_is_one_day_apart(self):
        """contracts.md 5 row 11: counted from the end or from the renewal date."""
        for counted_from, deadline in (("end", "2026-10-02"), ("renewal", "2026-10-02")):
            self.amend(self.kept, notice_from=counted_from)
            self.assert_day("notice_deadline", deadline)  # 3 October is a Saturday: it moves to the 2nd again
        self.amend(self.kept, date_end="2026-12-30")  # 1 October, and 2 October, both open
        for counted_from, deadline in (("end", "2026-10-01"), ("renewal", "2026-10-02")):
            self.amend(self.kept, notice_from=counted_from)
            self.assert_day("notice_deadline", deadline)

    def test_row11_three_months_from_31_may_are_28_february(self):
        """contracts.md 5 row 11: month-based notice from 31 May; 28 February 2026 is a Saturday and moves earlier."""
        contract = self.a_contract(
            date_start="2025-06-01", date_end="2026-05-31", notice_period=3, notice_unit="month",
            notice_receipt="sent", notice_calendar_id=self.week.id, notice_sender_calendar_id=self.week.id)
        self.assert_day("last_safe_day", "2026-02-27", contract)
        moved = [step for step in contract.last_safe_steps if step[0] == "Moved Earlier"]
        self.assertEqual(moved, [["Moved Earlier", "02/28/2026 is a closed day: Saturday", "02/27/2026"]])

    def test_row11_a_holiday_moves_it_earlier_and_back_when_it_is_gone(self):
        """contracts.md 5 row 11: the last day on a holiday; stored, and counted again when the holidays change."""
        leave = self.holiday("2026-10-02")
        self.assert_day("last_safe_day", "2026-09-28")
        self.assertIn("10/02/2026 is a holiday", [step[1] for step in self.kept.last_safe_steps])
        leave.write({"date_from": "2026-10-01 00:00:00", "date_to": "2026-10-01 23:59:59"})
        self.assert_day("last_safe_day", "2026-09-28")
        leave.unlink()
        self.assert_day("last_safe_day", "2026-09-29")

    def test_row18_half_a_day_off_closes_nothing(self):
        """contracts.md 5 row 18: half-days, and a calendar that never opens."""
        self.holiday("2026-10-02", start="12:00:00")
        self.assert_day("last_safe_day", "2026-09-29")
        self.holiday("2026-10-02", end="12:30:00")  # both halves: now it is closed
        self.assert_day("last_safe_day", "2026-09-28")
        self.week.attendance_ids.unlink()  # no hours: Monday to Friday is meant
        self.assert_day("last_safe_day", "2026-09-28")

    def test_row17_a_holiday_is_a_day_of_the_calendars_own_zone(self):
        """contracts.md 5 row 17: a date is never that of a UTC reading."""
        taipei = self.an_office(name="Taipei", tz="Asia/Taipei")
        there = {"name": "2 October there", "date_from": "2026-10-01 16:00:00", "date_to": "2026-10-02 15:59:59"}
        self.env["resource.calendar.leaves"].create([
            {**there, "calendar_id": self.week.id}, {**there, "calendar_id": taipei.id}])
        self.assert_day("last_safe_day", "2026-09-29")  # in UTC it is a whole day of neither date
        self.amend(self.kept, notice_calendar_id=taipei.id)
        self.assert_day("last_safe_day", "2026-09-28")

    def test_every_term_counts(self):
        for values, day in (
            ({"notice_receipt": "sent"}, "2026-10-02"), ({"notice_receipt": "received"}, "2026-09-29"),
            ({"notice_method": "hand"}, "2026-10-02"), ({"notice_method": "courier"}, "2026-10-01"),
            ({"notice_delivery_days": 10}, "2026-09-18"), ({"notice_unit": "business_day"}, "2026-08-13"),
            ({"notice_unit": "day", "notice_delivery_days": 0, "notice_period": 30}, "2026-12-01"),
            ({"date_end": "2027-12-31"}, "2027-12-01"), ({"notice_period": 0}, ""), ({"date_end": False}, ""),
        ):
            with self.subTest(values):
                self.amend(self.kept, **values)
                self.assert_day("last_safe_day", day)

    def test_terms_that_count_nothing_are_refused_with_the_contract_named(self):
        with self.assertRaisesRegex(ValidationError, self.kept.name):
            self.amend(self.kept, notice_period=99999, notice_unit="year")

    def test_the_terms_are_on_paper(self):
        with self.assertRaisesRegex(UserError, "amendment"):
            self.kept.with_user(self.anna).write({"notice_period": 30})
        with self.assertRaises(UserError):
            self.kept.with_user(self.anna).write({"last_safe_day": "2026-12-31"})

    def test_a_renewal_moves_it(self):
        with freeze_time("2027-01-01 08:00:00"):
            self.env["aftersales.nightly"]._run_step(self.nightly("renew"))
        self.assertEqual(str(self.kept.date_end), "2027-12-31")
        self.assert_day("notice_deadline", "2027-10-01")  # the 2nd is a Saturday
        self.assert_day("last_safe_day", "2027-09-28")

    def nightly(self, key):
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 1)
        return next(step for step in self.env["aftersales.nightly"]._steps() if step.key == key)

    @freeze_time("2026-09-20 12:00:00")
    def test_only_a_contract_that_goes_on_by_itself_presses(self):
        self.assertRecordValues(self.kept, [
            {"notice_urgency": "closing", "notice_days_left": 9, "notice_matters": True}])
        Contract = self.env["aftersales.contract"]
        self.assertIn(self.kept, Contract.search([("notice_matters", "=", True)]))
        self.amend(self.kept, renewal_kind="none")
        self.assertEqual((self.kept.notice_urgency, self.kept.notice_matters), ("none", False))
        self.assert_day("last_safe_day", "2026-09-29")
        self.assertNotIn(self.kept, Contract.search([("notice_matters", "=", True)]))
        self.assertIn(self.kept, Contract.search([("notice_matters", "=", False)]))
        self.amend(self.kept, renewal_kind="extension")
        for day, urgency in (("2026-08-01", "later"), ("2026-09-29", "closing"), ("2026-09-30", "passed")):
            with freeze_time(f"{day} 12:00:00"):
                self.kept.invalidate_recordset(["notice_urgency", "notice_days_left"])
                self.assertEqual(self.kept.notice_urgency, urgency, day)

    @freeze_time("2026-02-10 12:00:00")
    def test_an_open_ended_contract_shows_its_earliest_end(self):
        contract = self.a_contract(
            notice_period=3, notice_unit="month", notice_end_to="quarter", renewal_kind="evergreen")
        self.assertFalse(contract.last_safe_day)
        self.assert_day("earliest_end", "2026-06-30", contract)

    def test_many_contracts_are_counted_again_at_once(self):
        contracts = self.env["aftersales.contract"].create([
            {"title": "Batch", "partner_id": self.customer.id, **YEAR, **NINETY, "notice_calendar_id": self.week.id,
             "notice_sender_calendar_id": self.week.id} for _number in range(20)])
        self.env.flush_all()
        self.env.invalidate_all()
        self.holiday("2026-10-02")
        with self.assertQueryCount(12):
            self.env.flush_all()
        self.assertEqual(set(map(str, contracts.mapped("last_safe_day"))), {"2026-09-28"})


class TestNoticeLog(NoticeCase):
    def test_an_effective_notice_puts_the_contract_under_notice(self):
        notice = self.give()
        self.assertRecordValues(notice, [{
            "state": "registered", "effective": True, "reason": False, "sets_end": False,
            "registered_by_id": self.anna.id}])
        self.assertEqual((str(notice.counts_on), str(notice.ends_on)), ("2026-09-30", "2026-12-31"))
        self.assertEqual(self.kept.state, "notice")
        self.assertEqual(notice.verdict, "Effective: it counts on 09/30/2026, and the contract ends on 12/31/2026.")
        self.assertFalse(self.kept.notice_matters)

    def test_counsel_gives_notice_without_writing_the_contract(self):
        self.assertTrue(self.give(by=self.lena).effective)
        self.assertEqual(self.kept.state, "notice")
        with self.assertRaises(AccessError):
            self.kept.with_user(self.lena).write({"note": "Mine"})

    def test_others_do_not(self):
        for user in (self.agent, self.felix, self.carla, self.other_manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.give(by=user)
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.kept.with_user(user).action_give_notice()

    def test_row11_received_after_six_counts_on_the_next_business_day(self):
        """contracts.md 5 row 11: received on Friday 2 October after 18:00 counts on Monday, which is too late."""
        late = self.give(received_at="2026-10-02 18:01:00")
        self.assertRecordValues(late, [{"effective": False, "reason": "late"}])
        self.assertEqual((str(late.counts_on), self.kept.state), ("2026-10-05", "active"))
        self.assertIn("after the deadline 10/02/2026", late.verdict)
        self.assertTrue(self.give(received_at="2026-10-02 18:00:00").effective)

    def test_row11_a_notice_without_authority_ends_nothing(self):
        """contracts.md 5 row 11: notice by a party without authority."""
        notice = self.give(authorised=False)
        self.assertRecordValues(notice, [{"effective": False, "reason": "authority"}])
        self.assertEqual(self.kept.state, "active")

    def test_row11_of_two_notices_the_first_decides_and_the_second_takes_its_place(self):
        """contracts.md 5 row 11: two notices, and a withdrawn one."""
        second = self.give(received_at="2026-10-01 10:00:00")
        first = self.give(received_at="2026-09-30 10:00:00")
        self.assertRecordValues(first | second, [
            {"effective": True, "reason": False}, {"effective": False, "reason": "second"}])
        first.with_user(self.anna).withdraw(self.customer.id, "Letter of both sides")
        self.assertRecordValues(first | second, [
            {"effective": False, "reason": "withdrawn"}, {"effective": True, "reason": False}])
        self.assertEqual(self.kept.state, "notice")
        second.with_user(self.lena).withdraw(self.customer.id, "Letter of both sides")
        self.assertEqual(self.kept.state, "active")
        self.assertEqual(second.evidence_ids.mapped("role"), ["notice", "withdrawal"])

    def test_row17_the_day_of_receipt_is_that_of_the_recipient(self):
        """contracts.md 5 row 17: received in Taipei, where it is Saturday already."""
        taipei = self.an_office(name="Taipei", tz="Asia/Taipei")
        self.amend(self.kept, notice_calendar_id=taipei.id, notice_cut_off=0)
        notice = self.give(received_at="2026-10-02 16:30:00")
        self.assertEqual((str(notice.counts_on), notice.reason), ("2026-10-05", "late"))
        mine = self.give(direction="received", received_at="2026-10-02 16:30:00")  # we received it, on our Friday
        self.assertEqual((str(mine.counts_on), mine.effective), ("2026-10-02", True))

    def test_without_proof_of_receipt_it_waits(self):
        notice = self.give(received_at=None)
        self.assertEqual((notice.reason, self.kept.state), ("unproven", "active"))
        notice.with_user(self.anna).record_receipt("2026-10-01 09:00:00", "Return receipt")
        self.assertEqual((notice.effective, self.kept.state), (True, "notice"))
        with self.assertRaisesRegex(UserError, "on record"):
            notice.with_user(self.anna).record_receipt("2026-09-01 09:00:00", "Another one")

    def test_sent_in_time_is_enough_where_agreed(self):
        self.amend(self.kept, notice_receipt="sent")
        self.assertTrue(self.give(sent_at="2026-10-02 09:00:00", received_at=None).effective)

    def test_an_open_ended_contract_ends_after_its_period_and_goes_on_after_a_withdrawal(self):
        contract = self.a_contract(
            notice_period=3, notice_unit="month", notice_end_to="quarter", renewal_kind="evergreen",
            notice_calendar_id=self.week.id)
        notice = self.give(
            contract, kind="termination", sent_at="2026-02-09 08:00:00", received_at="2026-02-10 08:00:00")
        self.assertRecordValues(notice, [{"effective": True, "sets_end": True}])
        self.assertEqual((contract.state, str(contract.date_end)), ("notice", "2026-06-30"))
        notice.with_user(self.anna).withdraw(self.customer.id, "Agreed")
        self.assertEqual((contract.state, contract.date_end), ("active", False))

    def test_a_breach_is_on_record_and_can_be_cured(self):
        self.amend(self.kept, cure_days=30)
        notice = self.give(kind="breach", received_at="2026-03-02 10:00:00", sent_at="2026-03-01 10:00:00")
        self.assertEqual((notice.effective, self.kept.state, str(notice.cure_until)), (False, "active", "2026-04-01"))
        notice.with_user(self.lena).record_cure("2026-03-20", "Inspected")
        self.assertEqual(str(notice.cured_on), "2026-03-20")
        with self.assertRaises(UserError):
            notice.with_user(self.lena).record_cure("2026-03-21", "Again")

    def test_facts_are_never_edited_nor_deleted(self):
        notice = self.give()
        for user in (self.anna, self.lena, self.boss):
            for vals in ({"received_at": "2026-09-01 10:00:00"}, {"authorised": False}, {"note": "Other"},
                         {"effective": False}, {"state": "draft"}, {"contract_id": self.contract.id}):
                with self.subTest(f"{user.login} {vals}"), self.assertRaises(UserError):
                    notice.with_user(user).write(vals)
            with self.assertRaises(UserError):
                notice.with_user(user).unlink()
            with self.assertRaises(UserError):
                notice.evidence_ids.with_user(user).sudo().write({"note": "Other"})
            with self.assertRaises(UserError):
                notice.evidence_ids.with_user(user).sudo().unlink()

    def test_a_verdict_is_not_entered(self):
        for vals in ({"state": "registered"}, {"effective": True}, {"withdrawn_at": "2026-01-01 00:00:00"}):
            with self.subTest(vals), self.assertRaises(UserError):
                self.env["aftersales.notice"].with_user(self.anna).create({"contract_id": self.kept.id, **vals})

    def test_evidence_keeps_its_hash(self):
        file = self.env["ir.attachment"].with_user(self.anna).create({"name": "receipt.pdf", "raw": b"signed"})
        notice = self.give(attachment_ids=file.ids, note=None)
        line = notice.evidence_ids
        self.assertRecordValues(line, [{
            "name": "receipt.pdf", "sha256": hashlib.sha256(b"signed").hexdigest(), "size": 6, "role": "notice"}])
        self.assertEqual((file.res_model, file.res_id), ("aftersales.notice", notice.id))
        self.assertTrue(line.with_user(self.agent).intact)
        file.sudo().raw = b"forged"
        line.invalidate_recordset()
        self.assertFalse(line.intact)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            file.sudo().unlink()

    def test_what_cannot_be_registered_says_why(self):
        draft = self.a_contract(activate=False)
        for contract, values, words in (
            (draft, {}, "not signed"), (self.kept, {"sent_at": None, "received_at": None}, "when it was sent"),
            (self.kept, {"received_at": "2999-01-01 00:00:00"}, "future"), (self.kept, {"note": " "}, "no evidence"),
            (self.kept, {"colour": "red"}, "has no colour"),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                self.give(contract, **values)
        with freeze_time("2027-01-01 08:00:00"):
            ended = self.a_contract(**YEAR)
            ended._transition("expire")
            with self.assertRaisesRegex(UserError, "has ended"):
                self.give(ended)

    def test_the_dialog_tells_what_follows(self):
        wizard = Form(self.env["aftersales.give.notice"].with_user(self.lena).with_context(
            **self.kept.with_user(self.lena).action_give_notice()["context"]))
        wizard.sent_at = "2026-09-28 10:00:00"
        self.assertIn("once its receipt is on record", wizard.consequence)
        wizard.received_at = "2026-10-05 09:00:00"
        self.assertTrue(wizard.late)
        wizard.received_at = "2026-10-01 09:00:00"
        self.assertIn("ends on 12/31/2026", wizard.consequence)
        self.assertFalse(wizard.late)
        wizard.note = "Return receipt"
        wizard.save().action_confirm()
        self.assertEqual(self.kept.state, "notice")

    def test_over_rpc_with_dates_as_text_and_out_of_order(self):
        Contract, Notice = self.env["aftersales.contract"], self.env["aftersales.notice"]
        ids = self.kept.ids
        with self.assertRaisesRegex(UserError, "no notice is running"):
            call_kw(Contract.with_user(self.lena), "action_withdraw_notice", [ids], {})
        one = call_kw(Contract.with_user(self.lena), "give_notice", [ids], {
            "sent_at": "2026-09-28 10:00:00", "received_at": "2026-09-30 10:00:00", "note": "Return receipt"})
        with self.assertRaisesRegex(UserError, "registered already"):
            call_kw(Notice.with_user(self.lena), "action_register", [[one]], {})
        for user in (self.agent, self.felix, self.carla, self.other_manager):
            for method, args in (("withdraw", [self.customer.id, "No"]), ("record_receipt", ["2026-10-01 10:00:00"]),
                                 ("record_cure", ["2026-10-01"]), ("action_register", []), ("action_follow_up", [])):
                with self.subTest(f"{user.login} {method}"), self.assertRaises(AccessError):
                    call_kw(Notice.with_user(user), method, [[one], *args], {})
        with self.assertRaisesRegex(UserError, "notice was given"):
            call_kw(Contract.with_user(self.anna), "action_renew", [ids], {})
        call_kw(Notice.with_user(self.anna), "withdraw", [[one], self.customer.id, "Agreed"], {})
        with self.assertRaisesRegex(UserError, "was withdrawn"):
            call_kw(Notice.with_user(self.anna), "withdraw", [[one], self.customer.id, "Again"], {})
        self.assertEqual(self.kept.state, "active")

    def test_row34_a_copy_has_the_terms_and_none_of_the_facts(self):
        """contracts.md 5 row 34: notices are never copied."""
        self.give()
        copy = self.kept.copy()
        self.assertEqual((copy.state, copy.notice_period, copy.notice_ids), ("draft", 90, copy.notice_ids.browse()))
        self.assertEqual(str(copy.last_safe_day), "2026-09-29")

    def test_withdrawal_needs_the_other_sides_word(self):
        notice = self.give().with_user(self.anna)
        with self.assertRaisesRegex(UserError, "agreed"):
            notice.withdraw(False, "Letter")
        with self.assertRaisesRegex(UserError, "proves"):
            notice.withdraw(self.customer.id)
        action = self.kept.with_user(self.anna).action_withdraw_notice()
        wizard = Form(self.env[action["res_model"]].with_user(self.anna).with_context(**action["context"]))
        wizard.agreed_by_id = self.contact
        wizard.note = "Letter of both sides"
        wizard.save().action_confirm()
        self.assertEqual((notice.state, self.kept.state), ("withdrawn", "active"))
