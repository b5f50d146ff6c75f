"""The breach register: notice, cure, correction, dispute, and the chain of evidence that a penalty needs."""

import psycopg2
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .obligation_case import ObligationCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 09:00:00")
class TestBreach(ObligationCase):
    def notified(self, **values):
        breach = self.a_breach(notified_on="2026-02-25", cure_length=10, **values)
        self.a_file(by=self.anna, breach_id=breach.id)
        breach.action_notify()
        return breach

    def test_the_cure_period_counts_from_the_notice(self):
        breach = self.notified()
        self.assertRecordValues(breach, [{"state": "notified"}])
        self.assertEqual(str(breach.cure_until), "2026-03-07")
        self.night("2026-03-07")
        self.assertEqual(breach.state, "notified", "its last day is still a day to cure it")
        self.night("2026-03-08")
        self.night("2026-03-29")
        self.assertEqual(breach.state, "uncured")
        with freeze_time("2026-03-10"):
            breach.action_cure("2026-03-09")
        self.assertRecordValues(breach, [{"state": "cured", "cured_late": True}])

    def test_what_was_notified_stays(self):
        breach = self.notified()
        for vals in ({"event": "Something else"}, {"cure_length": 1}, {"notified_on": "2026-02-20"}, {"party": "ours"}):
            with self.assertRaisesRegex(UserError, "what it says stays"):
                breach.write(vals)
        with self.assertRaisesRegex(UserError, "stays in the breach register"):
            breach.sudo().unlink()

    def test_days_that_cannot_be(self):
        with self.assertRaisesRegex(ValidationError, "before it was noticed"):
            self.a_breach(notified_on="2026-02-19")
        with self.assertRaisesRegex(UserError, "still to come"):
            self.a_breach(notified_on="2026-03-03").action_notify()
        breach = self.notified()
        with self.assertRaisesRegex(UserError, "cannot have been cured on 2026-02-20"):
            breach.action_cure("2026-02-20")

    def test_the_table_refuses_other_moves(self):
        breach = self.a_breach()
        for act in (breach.action_confirm, breach.action_cure):
            with self.assertRaisesRegex(UserError, "is open: that is not possible now"):
                act()

    def test_waiving_takes_legal_and_a_reason(self):
        breach = self.a_breach()
        for user in (self.anna, self.felix, self.agent):
            with self.assertRaises(AccessError):
                breach.with_user(user).action_waive("Never mind")
        with self.assertRaises(UserError):
            breach.with_user(self.lena).action_waive()
        breach.with_user(self.lena).action_waive("Snowed in")
        self.assertRecordValues(breach, [{"state": "waived", "decided_by_id": self.lena.id, "reason": "Snowed in"}])
        self.assertFalse(breach._chain_complete())

    def test_row43_watch_correct_sanction(self):
        """A penalty needs a closed chain: event, proof, notice, cure, correction verified by another person."""
        breach = self.a_breach()
        self.assertEqual(breach._chain_gaps(), ["evidence", "the notice to the party in breach"])
        self.a_file(by=self.anna, breach_id=breach.id)
        breach.action_notify()
        self.assertEqual(breach._chain_gaps(), ["the end of the cure period on 04/01/2026"])
        breach.action_cure()
        self.assertEqual(breach._chain_gaps(), ["the verification of the corrective action by another person"])
        breach.with_user(self.anna).action_correct("A second technician is trained")
        with self.assertRaises(AccessError):
            breach.with_user(self.anna).action_verify()
        with self.assertRaises(psycopg2.IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute(
                "UPDATE aftersales_breach SET verified_by_id = corrected_by_id WHERE id = %s", [breach.id])
        breach.with_user(self.lena).action_verify()
        self.assertTrue(breach._chain_complete())
        self.assertFalse(breach.chain_gaps)

    def test_an_uncured_breach_is_complete_once_its_time_is_over(self):
        breach = self.notified()
        self.night("2026-03-08")
        self.assertTrue(breach._chain_complete())

    def test_a_forged_file_breaks_the_chain(self):
        breach = self.notified()
        self.night("2026-03-08")
        self.env["ir.attachment"].sudo().search([
            ("res_model", "=", "aftersales.evidence"), ("res_id", "=", breach.evidence_ids.id),
            ("res_field", "=", "file")]).raw = b"forged"
        breach.evidence_ids.invalidate_recordset()
        self.assertEqual(breach._chain_gaps(), ["an intact file instead of proof.pdf"])

    def test_a_clock_proves_itself_and_must_be_the_contracts_own_and_broken(self):
        request = self.a_request(opened="2026-02-02 08:00:00")
        clock = self.clock(request)
        self.assertEqual(clock.state, "breached")
        breach = self.a_breach(clock_id=clock.id, event=False)
        self.assertEqual(breach.event_kind, "clock")
        self.assertEqual(breach._chain_gaps(), ["the notice to the party in breach"])
        met = self.a_request(opened="2026-02-02 08:00:00")
        self.event(met, "resolved", "2026-02-02 09:00:00")
        other = self.a_contract(title="Other")
        with self.assertRaisesRegex(ValidationError, "belongs to another contract"):
            self.a_breach(clock_id=clock.id, contract_id=other.id)
        with self.assertRaisesRegex(ValidationError, "is not breached"):
            self.a_breach(clock_id=self.clock(met).id)

    def test_another_contracts_breach_is_not_disputed_here(self):
        other = self.a_contract(title="Other")
        with self.assertRaisesRegex(ValidationError, "belongs to another contract"):
            self.env["aftersales.issue"].create({
                "name": "X", "kind": "dispute", "contract_id": other.id, "breach_id": self.a_breach().id,
                "description": "x"})

    def test_no_way_round_the_methods(self):
        breach = self.a_breach()
        for user in (self.anna, self.lena, self.boss):
            for vals in ({"state": "uncured"}, {"cure_until": "2026-01-01"}, {"verified_by_id": user.id},
                         {"state_before": "cured"}):
                with self.assertRaises(UserError):
                    breach.with_user(user).write(vals)
                with self.assertRaises(UserError):
                    self.a_breach(by=user, **vals)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 09:00:00")
class TestIssue(ObligationCase):
    def test_row34_a_dispute_holds_the_contract_until_it_is_settled(self):
        """Requirement row 34: the channel for disputes; an open one holds renewals and penalties."""
        Issue = self.env["aftersales.issue"].with_user(self.agent)
        raised = Issue.create({"name": "Slow parts", "contract_id": self.contract.id, "description": "Three weeks"})
        self.assertFalse(raised.holds)
        self.assertFalse(self.contract._disputed())
        dispute = Issue.create({"name": "Travel charged twice", "kind": "dispute", "contract_id": self.contract.id,
                                "description": "Clause 5", "contact_id": self.contact.id})
        self.assertEqual(self.contract._disputed(), self.contract)
        with self.assertRaises(AccessError):
            dispute.with_user(self.agent).action_resolve("Credited")
        with self.assertRaises(AccessError):
            dispute.with_user(self.felix).action_resolve("Credited")
        with self.assertRaisesRegex(UserError, "give the reason"):
            dispute.with_user(self.anna).action_resolve()
        dispute.with_user(self.anna).action_resolve("Credited 120")
        self.assertFalse(self.contract._disputed())
        self.assertRecordValues(dispute, [{"state": "resolved", "settled_by_id": self.anna.id}])
        with self.assertRaises(UserError):
            dispute.with_user(self.lena).unlink()

    def test_a_disputed_breach_waits_and_returns_to_where_it_stood(self):
        breach = self.a_breach(notified_on="2026-02-25", cure_length=3)
        self.a_file(by=self.anna, breach_id=breach.id)
        breach.action_notify()
        self.night("2026-03-01")
        self.assertEqual(breach.state, "uncured")
        breach.action_dispute("They were there on time")
        self.assertRecordValues(breach.issue_ids, [{"kind": "dispute", "state": "open", "holds": True}])
        self.assertIn("the end of the dispute", breach._chain_gaps())
        self.assertTrue(self.contract._disputed())
        breach.issue_ids.with_user(self.lena).action_withdraw("They found the log")
        self.assertEqual(breach.state, "uncured")
        self.assertFalse(self.contract._disputed())
        breach.action_dispute("Again")
        breach.issue_ids.filtered(lambda i: i.state == "open").with_user(self.lena).action_concede("They were right")
        self.assertEqual(breach.state, "waived")
