"""Obligations: who owes what, the proof, the next occurrence exactly once, overdue and escalation, certificates."""

import base64
from datetime import date

import psycopg2
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .obligation_case import ObligationCase

FROZEN = "2026-03-02 09:00:00"


@tagged("post_install", "-at_install")
@freeze_time(FROZEN)
class TestObligation(ObligationCase):
    def test_a_type_brings_its_usual_terms(self):
        found = self.an_obligation("report")
        self.assertRecordValues(found, [{
            "direction": "theirs", "repeat": "interval", "interval": 1, "unit": "month", "escalate_after": 7,
            "partner_id": self.customer.id, "company_id": self.company.id, "state": "open"}])

    def test_done_with_its_proof_makes_the_next_one_exactly_once(self):
        first = self.an_obligation("report", due="2026-03-31")
        with self.assertRaisesRegex(UserError, "needs its evidence"):
            first.with_user(self.anna).action_done()
        self.a_file(by=self.anna, obligation_id=first.id)
        first.with_user(self.anna).action_done()
        self.assertRecordValues(first, [{"state": "done", "done_by_id": self.anna.id, "next_made": True}])
        second = self.env["aftersales.obligation"].search([("series_id", "=", first.id)])
        self.assertRecordValues(second, [{"state": "open", "occurrence": 1, "user_id": self.anna.id}])
        with self.assertRaisesRegex(UserError, "settled already"):
            first.with_user(self.anna).action_done()
        with self.assertRaises(psycopg2.IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            first.create(first._next_values() | {"date_due": "2026-04-30"})

    def test_row1_the_anchor_is_kept_over_short_months(self):
        """31 January, monthly: 28 February, 31 March, 30 April; peers lose the 31st for ever."""
        first = self.an_obligation(due="2026-01-31", repeat="interval", interval=1, unit="month")
        self.night("2026-05-01")
        series = first | self.env["aftersales.obligation"].search([("series_id", "=", first.id)], order="occurrence")
        self.assertEqual([str(one.date_due) for one in series], [
            "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"])

    def test_row12_three_weeks_without_a_night_lose_nothing_and_double_nothing(self):
        weekly = self.an_obligation(due="2026-03-06", repeat="interval", interval=1, unit="week")
        self.night("2026-03-28")
        self.night("2026-03-28")
        series = self.env["aftersales.obligation"].search([("series_id", "=", weekly.id)], order="occurrence")
        self.assertEqual([(str(one.date_due), one.state) for one in weekly | series], [
            ("2026-03-06", "overdue"), ("2026-03-13", "overdue"), ("2026-03-20", "overdue"), ("2026-03-27", "overdue"),
            ("2026-04-03", "open")])

    def test_the_series_ends_with_its_until_day_and_with_the_contract(self):
        until = self.an_obligation(due="2026-03-10", repeat="interval", interval=1, unit="week", until="2026-03-17")
        self.amend(self.contract, date_end="2026-03-31")
        bound = self.an_obligation(due="2026-03-31", repeat="interval", interval=1, unit="month")
        self.assertFalse(bound.next_due)
        self.night("2026-03-30")
        self.assertEqual(self.env["aftersales.obligation"].search_count([("series_id", "=", until.id)]), 1)
        self.amend(self.contract, date_end="2026-12-31")
        self.assertEqual(str(bound.next_due), "2026-04-30", "a renewed contract takes the series up again")

    def test_drafts_templates_and_ended_contracts_fall_not_overdue(self):
        draft = self.a_contract(activate=False)
        waiting = self.an_obligation(due="2026-02-01", contract_id=draft.id)
        alone = self.an_obligation(due="2026-02-01", contract_id=False, partner_id=self.dealer.id)
        self.night()
        self.assertEqual((waiting.state, alone.state), ("open", "overdue"))

    def test_a_moved_day_is_judged_anew(self):
        found = self.an_obligation(due="2026-02-20")
        self.night()
        self.assertEqual(found.state, "overdue")
        found.with_user(self.anna).date_due = "2026-03-20"
        self.assertEqual(found.state, "open")

    def test_the_day_is_the_contracts_own(self):
        """At 16:30 UTC on 2 March it is 3 March in Taipei: what fell due on the 2nd is late there, and not here."""
        self.contract._write_unlocked({"calendar_id": self.an_office(name="Taipei", tz="Asia/Taipei").id})
        found = self.an_obligation(due="2026-03-02")
        here = self.an_obligation(due="2026-03-02", contract_id=self.a_contract().id)
        with freeze_time("2026-03-02 16:30:00"):
            (found | here)._nightly()
        self.assertEqual((found.state, here.state), ("overdue", "open"))

    def test_escalation_once_to_whom_it_names(self):
        found = self.an_obligation(due="2026-02-20", escalate_after=7, escalate_to_id=self.lena.id)
        self.night("2026-02-26")
        self.assertFalse(found.escalated_on)
        self.night("2026-03-02")
        self.night("2026-03-09")
        self.assertEqual(str(found.escalated_on), "2026-03-02")
        told = self.activities(found).filtered(lambda a: a.activity_type_id == self.env.ref(
            "aftersales_contracts.activity_overdue"))
        self.assertEqual(told.user_id, self.lena)
        self.assertEqual(len(told), 1)

    def test_row34_the_owner_left_and_the_night_still_runs(self):
        found = self.an_obligation(due="2026-02-01", user_id=self.felix.id, escalate_to_id=self.felix.id)
        self.felix.active = False
        self.customer.active = False
        self.night()
        self.assertEqual(found.state, "overdue")
        self.assertEqual(self.activities(found).user_id, self.anna, "the account manager stands in")
        self.anna.active = False
        other = self.an_obligation(due="2026-02-01", escalate_to_id=self.felix.id)
        self.company.aftersales_fallback_user_id = self.boss
        self.night()
        self.assertEqual(self.activities(other).user_id, self.boss, "then the company's fallback")

    def test_one_missed_duty_of_theirs_is_proposed_once_to_the_register(self):
        ours = self.an_obligation(due="2026-02-01", direction="ours")
        theirs = self.an_obligation(due="2026-02-01", direction="theirs", clause_ref="7.3")
        self.night()
        self.night("2026-03-20")
        self.assertFalse(ours.breach_ids)
        self.assertRecordValues(theirs.breach_ids, [{
            "state": "proposed", "party": "theirs", "contract_id": self.contract.id, "clause_ref": "7.3",
            "event_kind": "obligation"}])

    def test_waiving_takes_legal_and_a_reason(self):
        found = self.an_obligation("report")
        for user in (self.agent, self.anna, self.felix):
            with self.assertRaises(AccessError):
                found.with_user(user).action_waive("Never mind")
        with self.assertRaisesRegex(UserError, "give the reason"):
            found.with_user(self.lena).action_waive("  ")
        found.with_user(self.lena).action_waive("Agreed on the phone")
        self.assertRecordValues(found, [{"state": "waived", "waived_by_id": self.lena.id}])
        self.assertTrue(found.next_made, "the next one still falls due")
        found.with_user(self.lena).action_reopen("It was another one")
        self.assertEqual(found.state, "open")

    def test_no_way_round_the_methods(self):
        found = self.an_obligation()
        for user in (self.anna, self.lena, self.boss):
            mine = found.with_user(user)
            for vals in ({"state": "done"}, {"done_by_id": user.id}, {"next_made": True}, {"occurrence": 7},
                         {"escalated_on": "2026-01-01"}, {"series_id": found.id}):
                with self.assertRaises(UserError):
                    mine.write(vals)
                with self.assertRaises(UserError):
                    mine.create({"name": "X", "type_id": found.type_id.id, "contract_id": self.contract.id,
                                 "date_due": "2026-03-31", **vals})
            made = mine.with_context(default_state="done").create({
                "name": "X", "type_id": found.type_id.id, "contract_id": self.contract.id, "date_due": "2026-03-31"})
            self.assertEqual(made.state, "open", "a default of the context says nothing")
        with self.assertRaises(UserError):
            found.sudo().write({"state": "done"})

    def test_the_owner_reports_without_the_right_to_change_the_terms(self):
        found = self.an_obligation("report", user_id=self.felix.id)
        with self.assertRaises(AccessError):
            found.with_user(self.felix).write({"name": "Something else"})
        self.a_file(by=self.felix, obligation_id=found.id)
        found.with_user(self.felix).action_done("2026-03-01")
        self.assertEqual((found.state, str(found.done_on)), ("done", "2026-03-01"))
        with self.assertRaises(AccessError):
            self.an_obligation("report").with_user(self.felix).action_done()
        with self.assertRaises(AccessError):
            self.a_file(by=self.felix, obligation_id=self.an_obligation("report").id)

    def test_bad_days_are_refused_in_words(self):
        found = self.an_obligation()
        with self.assertRaisesRegex(UserError, "2026-03-03, which is still to come"):
            found.with_user(self.anna).action_done("2026-03-03")
        with self.assertRaisesRegex(ValidationError, "before it falls due"):
            self.an_obligation(until="2026-01-01")
        with self.assertRaisesRegex(ValidationError, "cannot repeat like that"):
            self.an_obligation(repeat="interval", interval=2000, unit="year")

    def test_settled_obligations_keep_their_terms_and_their_proof(self):
        found = self.an_obligation("report")
        proof = self.a_file(by=self.anna, obligation_id=found.id)
        found.with_user(self.anna).action_done()
        for act in (lambda: found.with_user(self.lena).write({"date_due": "2026-09-01"}),
                    found.with_user(self.boss).unlink, proof.with_user(self.anna).unlink):
            with self.assertRaises(UserError):
                act()

    def test_a_late_day_does_not_hang_on_queries(self):
        self.an_obligation(due="2026-02-01")
        self._nightly_queries(5)  # warm up

        few, many = self._nightly_queries(5), self._nightly_queries(50)
        self.assertLessEqual(many, few + 2, f"{few} queries for 5, {many} for 50")

    def _nightly_queries(self, count):
        made = self.env["aftersales.obligation"].create([{
            "name": f"Report {number}", "type_id": self.kind("other").id, "contract_id": self.contract.id,
            "date_due": "2026-02-20", "user_id": self.anna.id, "direction": "theirs", "repeat": "interval",
            "interval": 1, "unit": "month"} for number in range(count)])
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        made._nightly()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before


@tagged("post_install", "-at_install")
@freeze_time(FROZEN)
class TestEvidence(ObligationCase):
    def test_row32_a_file_with_its_hash_who_and_when(self):
        found = self.an_obligation("backup")
        proof = self.a_file(by=self.anna, content=b"restored in 41 minutes", obligation_id=found.id)
        self.assertRecordValues(proof, [{
            "sha256": "118b127541897c5fbdbc71c49cd630706e96397e81d63918e40275dc0eddb66b",
            "size": 22, "uploaded_by_id": self.anna.id, "company_id": self.company.id}])
        self.assertTrue(proof._is_intact())

    def test_nobody_exchanges_a_file(self):
        proof = self.a_file(by=self.anna, obligation_id=self.an_obligation("backup").id)
        file = self.env["ir.attachment"].sudo().search(
            [("res_model", "=", "aftersales.evidence"), ("res_id", "=", proof.id), ("res_field", "=", "file")])
        self.assertTrue(file)
        for user in (self.anna, self.lena):
            with self.assertRaises(AccessError):
                file.with_user(user).write({"raw": b"forged"})
            with self.assertRaises(UserError):
                proof.with_user(user).write({"file_name": "other.pdf"})
        with self.assertRaises(UserError):
            proof.with_user(self.lena).unlink()
        file.sudo().raw = b"forged"  # as somebody with the server in his hands would
        proof.invalidate_recordset()
        self.assertFalse(proof._is_intact())

    def test_the_hash_is_not_for_the_client_to_say(self):
        proof = self.a_file(by=self.anna, obligation_id=self.an_obligation().id, sha256="0" * 64,
                            uploaded_by_id=self.lena.id)
        self.assertNotEqual(proof.sha256, "0" * 64)
        self.assertEqual(proof.uploaded_by_id, self.anna)

    def test_an_empty_file_proves_nothing(self):
        with self.assertRaisesRegex(ValidationError, "the file is empty"):
            self.a_file(content=b"", obligation_id=self.an_obligation().id)


@tagged("post_install", "-at_install")
@freeze_time(FROZEN)
class TestCertificate(ObligationCase):
    def insured(self, until, **values):
        found = self.an_obligation("insurance", due="2026-01-15", **values)
        self.a_file(obligation_id=found.id)
        found.action_done("2026-02-01", until)
        return found

    def test_an_expired_or_missing_insurance_blocks_the_activation(self):
        draft = self.a_contract(activate=False, date_start="2026-03-01")
        self.assertEqual(draft._certificate_gaps("block", date.fromisoformat("2026-03-02")), [])
        asked = self.an_obligation("insurance", contract_id=draft.id)
        self.assertEqual(draft._entry_gaps()[-1:], ["Liability Insurance of Harbour Freight"])
        self.a_file(obligation_id=asked.id)
        asked.with_user(self.anna).action_done("2026-02-01", "2026-03-05")
        self.assertEqual(
            draft._certificate_gaps("block", date.fromisoformat("2026-03-05")), [], "valid on its last day")
        self.assertEqual(
            draft._certificate_gaps("block", date.fromisoformat("2026-03-06")),
            ["Liability Insurance of Harbour Freight (expired on 03/05/2026)"])

    def test_a_certificate_of_the_dealer_counts_for_all_its_contracts_and_warns(self):
        self.an_obligation("certification", contract_id=False, partner_id=self.dealer.id)
        draft = self.a_contract(activate=False, dealer_id=self.dealer.id)
        self.assertIn("Not there yet: Certification of Northern Dealer.", draft._draft_warnings())
        self.assertFalse(draft._certificate_gaps("block", date.fromisoformat("2026-03-02")))

    def test_the_next_one_is_due_when_the_certificate_expires(self):
        found = self.insured("2027-01-31")
        following = self.env["aftersales.obligation"].search([("series_id", "=", found.id)])
        self.assertEqual(str(following.date_due), "2027-01-31")

    def test_an_expiry_is_asked_for_and_must_lie_ahead(self):
        found = self.an_obligation("insurance")
        self.a_file(obligation_id=found.id)
        with self.assertRaisesRegex(UserError, "until which day"):
            found.with_user(self.anna).action_done()
        with self.assertRaisesRegex(UserError, "expired on 2026-02-01 already"):
            found.with_user(self.anna).action_done("2026-03-02", "2026-02-01")

    def test_the_dialog_reports_with_file_and_expiry_in_one_go(self):
        found = self.an_obligation("insurance", user_id=self.felix.id)
        self.env["aftersales.obligation.done"].with_user(self.felix).create({
            "obligation_id": found.id, "done_on": "2026-03-01", "valid_until": "2027-03-01",
            "file": base64.b64encode(b"policy"), "file_name": "policy.pdf"}).action_confirm()
        self.assertRecordValues(found, [{"state": "done", "done_by_id": self.felix.id}])
        self.assertEqual(found.evidence_ids.file_name, "policy.pdf")
