"""Amendments: drafted, signed as a contract, entered on their day; contracts.md section 5 row 14, part by part."""

from itertools import permutations

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time

from .test_versions import VersionsCase


class TestAmendmentDraft(VersionsCase):
    def test_the_whole_way_as_people_go_it(self):
        with freeze_time("2026-06-01 08:00:00"):
            draft = self.contract.with_user(self.anna).make_amendment("2026-06-01", "Another price", "price")
            self.assertEqual((draft.state, draft.amends_id, draft.name), (
                "draft", self.contract, f"{self.contract.name}/A1"))
            self.assertEqual(draft.line_ids.row_key, self.contract.line_ids.row_key)
            draft.line_ids.price = 110.0
            self.signed_by_people(draft)
        self.assertEqual(self.contract.line_ids.price, 110.0)
        self.assertEqual((draft.state, draft.active, str(draft.applied_on)), ("signed", False, "2026-06-01"))
        version = self.contract.version_ids.sorted("number")[-1]
        self.assertEqual((version.kind, version.amendment_id, version.recorded_by_id), ("amendment", draft, self.anna))
        self.assertEqual(version.changes, {f"line:{self.contract.line_ids.row_key}:price": 110.0})
        self.assertFalse(self.contract._version_drift())

    def test_wizard_drafts_and_opens_it(self):
        wizard = self.env["aftersales.amend.contract"].with_user(self.anna).create({
            "contract_id": self.contract.id, "effective_on": "2026-06-01", "reason": "More visits"})
        draft = self.env["aftersales.contract"].browse(wizard.action_amend()["res_id"])
        self.assertEqual((draft.amends_id, draft.amendment_reason), (self.contract, "More visits"))

    def test_only_account_managers_draft_and_cancel(self):
        for user in (self.agent, self.felix, self.lena, self.clerk, self.other_manager, self.carla):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.contract.with_user(user).make_amendment("2026-06-01", "No")
        draft = self.amended("2026-02-02 08:00:00", "2026-06-01", values={"title": "Later"})
        for user in (self.agent, self.felix, self.lena, self.clerk, self.other_manager, self.carla):
            with self.subTest(user.login), self.assertRaises(AccessError):
                draft.with_user(user).cancel_amendment("No")

    def test_nobody_forges_an_amendment_by_remote_call(self):
        for values in ({"amends_id": self.contract.id, "effective_on": "2026-06-01"}, {"applied_on": "2026-06-01"},
                       {"amendment_base": {"title": "x"}}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "Amend button"):
                self.env["aftersales.contract"].with_user(self.anna).create({
                    "title": "Forged", "partner_id": self.customer.id, **values})
        draft = self.contract.with_user(self.anna).make_amendment("2026-06-01", "Agreed")
        for values in ({"amends_id": False}, {"amendment_base": {}}, {"applied_on": "2026-06-01"}):
            with self.subTest(values), self.assertRaises(UserError):
                draft.write(values)

    def test_reason_and_day_are_needed(self):
        for arguments in (("2026-06-01", ""), ("2026-06-01", None), (False, "Why"), ("2026-06-01", "Why", "wish")):
            with self.subTest(arguments), self.assertRaises(UserError):
                self.contract.make_amendment(*arguments)

    def test_only_a_contract_in_force_is_amended(self):
        draft = self.a_contract(activate=False)
        with self.assertRaisesRegex(UserError, "not in force"):
            draft.make_amendment("2026-06-01", "Why")
        template = self.a_contract(activate=False)
        template._write_unlocked({"is_template": True})
        with self.assertRaisesRegex(UserError, "nothing to amend"):
            template.make_amendment("2026-06-01", "Why")
        amendment = self.contract.make_amendment("2026-06-01", "Why")
        with self.assertRaisesRegex(UserError, "nothing to amend"):
            amendment.make_amendment("2026-06-01", "Why")

    def test_what_changes_nothing_is_not_submitted(self):
        draft = self.contract.make_amendment("2026-06-01", "Why")
        with self.assertRaisesRegex(UserError, "changes nothing"):
            draft.action_submit()

    def test_it_begins_as_the_contract_on_its_day(self):
        self.amended("2026-02-02 08:00:00", "2026-08-01", row={"price": 120.0})
        with freeze_time("2026-03-01 08:00:00"):
            before, after = (self.contract.make_amendment(day, "Why") for day in ("2026-07-31", "2026-08-01"))
        self.assertEqual((before.line_ids.price, after.line_ids.price), (100.0, 120.0))
        self.assertFalse(before._amendment_changes() or after._amendment_changes())

    def test_a_draft_says_what_changed_meanwhile(self):
        with freeze_time("2026-03-01 08:00:00"):
            draft = self.contract.make_amendment("2026-06-01", "Why")
            draft.title = "Mine"
            self.assertFalse([text for text in draft._draft_warnings() if "both change" in text])
        self.amended("2026-03-02 08:00:00", "2026-05-01", values={"title": "Theirs"})
        self.assertIn("Title", "".join(text for text in draft._draft_warnings() if "both change" in text))

    def test_an_amendment_is_no_contract(self):
        draft = self.amended("2026-02-02 08:00:00", "2026-06-01", values={"title": "Later"})
        for action in ("activate", "renew", "suspend", "give_notice", "expire"):
            with self.subTest(action), self.assertRaises(UserError):
                draft._transition(action)
        with self.assertRaises(UserError):
            draft.with_user(self.anna).action_activate()
        self.assertNotIn(draft, self.env["aftersales.contract"].search(list(self.env["aftersales.contract"]._real())))
        with self.assertRaises(UserError):
            draft.with_user(self.anna).unlink()

    def test_its_terms_are_locked_like_a_contracts(self):
        draft = self.amended("2026-02-02 08:00:00", "2026-06-01", values={"title": "Later"})
        for values in ({"title": "Other"}, {"effective_on": "2026-05-01"}, {"amendment_reason": "Other"}):
            with self.subTest(values), self.assertRaises(UserError):
                draft.with_user(self.anna).write(values)
        with self.assertRaises(UserError):
            draft.line_ids.with_user(self.anna).write({"price": 1.0})


class TestAmendmentEntry(VersionsCase):
    def lines(self):
        return {line.name: line.price for line in self.contract.line_ids}

    def test_rows_are_added_changed_and_removed(self):
        with freeze_time("2026-03-01 08:00:00"):
            draft = self.contract.make_amendment("2026-03-01", "Rows")
            draft.line_ids.name = "Care Plus"
            draft.write({"line_ids": [
                Command.create({"name": "Hotline", "price": 20.0, "tax_ids": [Command.clear()]})]})
            self.signed(draft)
        self.assertEqual(self.lines(), {"Care Plus": 100.0, "Hotline": 20.0})
        hotline = self.contract.line_ids.filtered(lambda line: line.name == "Hotline")
        self.assertEqual(hotline.row_key, draft.line_ids.filtered(lambda line: line.name == "Hotline").row_key)
        with freeze_time("2026-04-01 08:00:00"):
            second = self.contract.make_amendment("2026-04-01", "Without")
            second.line_ids.filtered(lambda line: line.name == "Hotline").unlink()
            self.signed(second)
        self.assertEqual(self.lines(), {"Care Plus": 100.0})
        names = lambda day: sorted(row["name"] for key, row in self.contract._terms_as_of(day).items()  # noqa: E731
                                   if key.startswith("line:"))
        self.assertEqual(names("2026-03-15"), ["Care Plus", "Hotline"])
        self.assertEqual(names("2026-04-15"), ["Care Plus"])
        self.assertFalse(self.contract._version_drift())

    def test_prices_count_by_the_day(self):
        self.amended("2026-05-10 10:00:00", "2026-02-01", row={"price": 105.0})
        days = [fields.Date.to_date(text) for text in ("2026-01-31", "2026-02-01")]
        self.assertEqual([str(self.contract.line_ids._price_on(day)) for day in days], ["100.00", "105.00"])

    def test_a_new_dealer_stands_there_once(self):
        dealers = lambda: self.contract.party_ids.filtered(lambda party: party.role == "dealer").partner_id  # noqa: E731
        self.amended("2026-03-01 08:00:00", "2026-03-01", values={"dealer_id": self.dealer.id})
        self.assertEqual(dealers(), self.dealer)
        self.assertEqual(len(self.contract.party_ids.filtered(lambda party: party.role == "dealer")), 1)
        self.assertFalse(self.contract._version_drift())

    def test_night_enters_it_on_its_day_and_once(self):
        draft = self.amended("2026-02-02 08:00:00", "2026-06-01", row={"price": 110.0})
        Nightly = self.env["aftersales.nightly"]
        step = next(step for step in Nightly._steps() if step.key == "amend")
        day = fields.Date.to_date
        self.assertNotIn(draft, Nightly._due(step, day("2026-05-31")))
        self.assertIn(draft, Nightly._due(step, day("2026-06-01")))
        for today in ("2026-06-22", "2026-06-22"):  # three weeks late, and twice
            draft._nightly_amend(day(today))
            self.assertEqual(self.contract.line_ids.price, 110.0)
            self.assertNotIn(draft, Nightly._due(step, day(today)))
        self.assertEqual(len(self.contract.version_ids), 2)

    def test_dry_run_changes_nothing(self):
        draft = self.amended("2026-02-02 08:00:00", "2026-06-01", row={"price": 110.0})
        rows = self.env["aftersales.nightly"].with_user(self.boss).dry_run("amend", "2026-06-01")
        self.assertEqual([row["res_id"] for row in rows if row["res_id"] == self.contract.id], [self.contract.id])
        self.assertEqual((self.contract.line_ids.price, draft.applied_on), (100.0, False))

    def test_a_night_of_many_is_one_pass(self):
        def entered(count):
            drafts = self.env["aftersales.contract"]
            for _number in range(count):
                contract = self._in_force("2026-01-05 09:00:00")
                drafts |= self.amended("2026-02-02 08:00:00", "2026-06-01", values={"title": "New"}, contract=contract)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            drafts._nightly_amend(fields.Date.to_date("2026-06-01"))
            self.env.flush_all()
            self.assertEqual(set(drafts.amends_id.mapped("title")), {"New"})
            return self.env.cr.sql_log_count - before
        entered(1)
        few, many = entered(2), entered(8)
        self.assertLessEqual(many - few, 6 * 4, f"{few} queries for 2, {many} for 8")


class TestRow14(VersionsCase):
    """contracts.md section 5, row 14."""

    def test_row14_backdated(self):
        """What is closed stays: see test_contract_correction. Here: effective and recorded day are both kept."""
        self.amended("2026-05-10 10:00:00", "2026-02-01", row={"price": 105.0})
        version = self.contract.version_ids.sorted("number")[-1]
        self.assertTrue(version.is_backdated)
        self.assertEqual((str(version.effective_on), str(version.recorded_at)), ("2026-02-01", "2026-05-10 10:00:00"))
        self.assertEqual(self.contract.line_ids.price, 105.0)

    def test_row14_future_dated_then_cancelled(self):
        draft = self.amended("2026-02-02 08:00:00", "2026-06-01", row={"price": 110.0})
        day = fields.Date.to_date
        with freeze_time("2026-03-01 08:00:00"):
            wizard = self.env["aftersales.cancel.amendment"].with_user(self.anna).create({
                "amendment_id": draft.id, "reason": "Withdrawn by both"})
            wizard.action_cancel()
        self.assertEqual(draft.state, "terminated")
        draft._nightly_amend_domain(day("2026-06-01"))
        self.assertFalse(self.env["aftersales.contract"].search(
            [*draft._nightly_amend_domain(day("2026-06-01")), ("id", "=", draft.id)]))
        price = lambda on, known=None: next(  # noqa: E731
            row["price"] for key, row in self.contract._terms_as_of(on, known).items() if key.startswith("line:"))
        self.assertEqual(price("2026-07-01"), 100.0)
        self.assertEqual(price("2026-07-01", "2026-02-15 00:00:00"), 110.0, "known then, although cancelled later")
        self.assertFalse(self.contract._version_drift())

    def test_row14_too_late_to_cancel(self):
        draft = self.amended("2026-02-02 08:00:00", "2026-06-01", row={"price": 110.0})
        with freeze_time("2026-06-01 08:00:00"), self.assertRaisesRegex(UserError, "cannot be cancelled any more"):
            draft.with_user(self.anna).cancel_amendment("Too late")
        with self.assertRaisesRegex(UserError, "not a signed amendment"):
            self.contract.with_user(self.anna).cancel_amendment("No amendment at all")

    def test_row14_two_with_the_same_effective_date(self):
        self.amended("2026-02-02 08:00:00", "2026-06-01", row={"price": 110.0})
        self.amended("2026-02-03 08:00:00", "2026-06-01", row={"price": 120.0, "name": "Care Plus"})
        amendments = self.contract.amendment_ids
        amendments._nightly_amend(fields.Date.to_date("2026-06-01"))
        self.assertRecordValues(self.contract.line_ids, [{"price": 120.0, "name": "Care Plus"}])
        self.assertEqual(sorted(self.contract.version_ids.mapped("number")), [1, 2, 3])

    def test_row14_out_of_order_and_overlapping_compose_the_same(self):
        """Three amendments of the same row and of different fields, signed in every order: the same contract."""
        amendments = (
            ("2026-02-01", {"title": "Second"}, {"price": 105.0}),
            ("2026-03-01", {}, {"quantity": 2.0}),
            ("2026-04-01", {"title": "Fourth"}, {"price": 115.0}),
        )
        ended = set()
        for order in permutations(amendments):
            contract = self._in_force("2026-01-05 09:00:00")
            for number, (effective, values, row) in enumerate(order):
                self.amended(f"2026-05-0{number + 1} 08:00:00", effective, values, row, contract)
            line = contract.line_ids
            march = next(row for key, row in contract._terms_as_of("2026-03-15").items() if key.startswith("line:"))
            ended.add((contract.title, line.price, line.quantity, march["price"], march["quantity"]))
            self.assertFalse(contract._version_drift())
        self.assertEqual(ended, {("Fourth", 115.0, 2.0, 105.0, 2.0)})

    def test_row14_on_the_last_day_and_after_it(self):
        self.contract.make_amendment("2027-12-31", "On the last day")
        for day in ("2028-01-01", "2025-12-31"):
            with self.subTest(day), self.assertRaisesRegex(UserError, "outside its term"):
                self.contract.make_amendment(day, "Outside")

    def test_row14_of_a_terminated_contract(self):
        draft = self.amended("2026-02-02 08:00:00", "2026-06-01", row={"price": 110.0})
        with freeze_time("2026-03-01 08:00:00"):
            self.contract._transition("terminate")
        self.assertEqual((draft.state, bool(draft.amendment_cancelled)), ("terminated", True))
        self.assertTrue(self.contract.version_ids.filtered("amendment_id").cancelled_at)
        with self.assertRaisesRegex(UserError, "not in force"):
            self.contract.make_amendment("2026-02-01", "After the end")

    def test_row14_currency_party_and_company_do_not_change(self):
        euro = self.env["res.currency"].search([
            ("id", "!=", self.contract.currency_id.id), ("active", "in", (True, False))], limit=1)
        for name, value in (("currency_id", euro.id), ("partner_id", self.stranger.id), ("date_start", "2026-02-01")):
            with self.subTest(name), freeze_time("2026-03-01 08:00:00"):
                draft = self.contract.make_amendment("2026-06-01", "Why")
                draft.write({name: value})
                with self.assertRaisesRegex(UserError, self.contract._fields[name].string):
                    draft.action_submit()
        draft = self.contract.make_amendment("2026-06-01", "Why")
        with self.assertRaises(UserError):
            draft.write({"company_id": self.other_company.id, "policy_id": False, "team_id": False})
            draft.action_submit()
            self.env.flush_all()

    def test_row14_the_signed_document_stays_byte_identical(self):
        with freeze_time("2026-01-05 09:00:00"):
            contract = self.signed_by_people(self.a_contract(activate=False, title="On paper"))
            contract.with_user(self.anna).action_activate()
        document, first = contract.signed_document_id, contract.version_ids
        said = (document.raw, document.checksum, first.sha256, dict(first.changes))
        with freeze_time("2026-05-10 10:00:00"):
            draft = contract.with_user(self.anna).make_amendment("2026-02-01", "Another title")
            self.assertFalse(draft.sudo().signed_document_id)
            draft.title = "Amended"
            self.signed_by_people(draft)
        self.env.invalidate_all()
        self.assertEqual(contract.title, "Amended")
        self.assertEqual((document.raw, document.checksum, first.sha256, dict(first.changes)), said)
        self.assertEqual(contract.signed_document_id, document)
        self.assertNotEqual(draft.signed_document_id, document, "the amendment has a paper of its own")
        self.assertFalse(contract.version_ids._broken())

    def test_row13_renew_then_amend_the_old_term(self):
        """An amendment backdated into the term before: it does not undo the renewal."""
        with freeze_time("2027-12-01 08:00:00"):
            self.contract._write_unlocked({"date_end": "2028-12-31"})
            self.contract.line_ids._write_unlocked({"price": 130.0})
            self.contract._record_change("2028-01-01", "Renewed")
        self.amended("2028-02-01 08:00:00", "2027-06-01", row={"price": 105.0})
        self.assertEqual((str(self.contract.date_end), self.contract.line_ids.price), ("2028-12-31", 130.0))
        row = next(row for key, row in self.contract._terms_as_of("2027-07-01").items() if key.startswith("line:"))
        self.assertEqual(row["price"], 105.0)
        self.assertFalse(self.contract._version_drift())


class TestAmendedLevels(VersionsCase):
    """What an amendment of service levels does to requests, clocks and closed statements."""

    def mornings(self):
        """A schedule Mon-Fri 8-9."""
        return self.an_office(name="Mornings", attendance_ids=[Command.clear(), *(
            Command.create({"name": "m", "dayofweek": str(day), "hour_from": 8, "hour_to": 9, "day_period": "morning"})
            for day in range(5))])

    def done_request(self, opened="2026-03-02 08:00:00", done="2026-03-02 12:00:00"):
        request = self.a_request(opened)
        request.contract_id = self.contract
        self.event(request, "in_progress", opened)
        self.event(request, "resolved", done)
        return request

    def closed_statement(self):
        """The closed statement of March."""
        self.contract.statement_start = "2026-03-01"
        self.env["aftersales.compliance"]._bring_up_to_date(self.contract)
        statement = self.env["aftersales.statement"]._drafts(self.contract._open_periods())[:1]
        statement.with_user(self.felix).action_close()
        return statement

    def corrections(self):
        Correction = self.env["aftersales.statement.correction"]
        Correction._find(self.contract)
        return Correction._waiting_for(self.contract).get(self.contract, Correction)

    def test_a_request_done_before_the_day_keeps_its_schedule(self):
        request, mornings = self.done_request(), self.mornings()
        self.amended("2026-05-01 08:00:00", "2026-05-01", values={"calendar_id": mornings.id})
        self.assertEqual(self.contract.calendar_id, mornings)
        self.assertEqual(request.calendar_id, self.office)
        after = self.a_request("2026-05-04 08:00:00")
        after.contract_id = self.contract
        self.assertEqual(after.calendar_id, mornings)

    def test_a_backdated_schedule_arrives_as_a_correction_in_the_next_statement(self):
        with freeze_time("2026-05-01 08:00:00"):
            request = self.done_request()
            statement = self.closed_statement()
            said = (statement.snapshot_hash, statement.attachment_id.checksum)
            self.assertFalse(self.corrections())
        mornings = self.mornings()
        self.amended("2026-05-02 08:00:00", "2026-02-01", values={"calendar_id": mornings.id})
        self.assertEqual(request.calendar_id, mornings)
        self.assertEqual(self.corrections().origin_id, statement)
        self.assertEqual((statement.snapshot_hash, statement.attachment_id.checksum), said, "closed, it does not move")
        self.assertIn(request.name, "".join(self.contract.message_ids.mapped("body")))

    def test_a_schedule_from_now_on_corrects_nothing(self):
        with freeze_time("2026-05-01 08:00:00"):
            self.done_request()
            self.closed_statement()
        self.amended("2026-05-02 08:00:00", "2026-05-02", values={"calendar_id": self.mornings().id})
        self.assertFalse(self.corrections())

    def test_a_verdict_that_a_backdated_schedule_turns_is_told_as_a_correction(self):
        with freeze_time("2026-05-01 08:00:00"):
            clock = self.clock(self.done_request(done="2026-03-04 12:00:00"))
            self.assertEqual(clock.state, "breached")
            self.closed_statement()
        self.amended("2026-05-02 08:00:00", "2026-02-01", values={"calendar_id": self.mornings().id})
        self.assertEqual(clock.state, "met")
        correction = self.corrections().filtered(lambda row: row.clock_id == clock)
        self.assertEqual((correction.was_verdict, correction.is_verdict), ("breached", "met"))

    def test_a_done_request_keeps_its_policy_and_the_history_says_so(self):
        request = self.done_request()
        stricter = self.policy.copy({"name": "Stricter"})
        self.amended("2026-05-01 08:00:00", "2026-02-01", values={"policy_id": stricter.id})
        self.assertEqual((self.contract.policy_id, request.policy_id), (stricter, self.policy))
        self.assertIn(request.name, "".join(self.contract.message_ids.mapped("body")))
