"""Audits and findings: nothing is scored that was not answered, nobody verifies the own correction."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .obligation_case import ObligationCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 09:00:00")
class TestAudit(ObligationCase):
    def started(self):
        audit = self.an_audit()
        audit.action_start()
        return audit

    def a_finding(self, audit, **values):
        return self.env["aftersales.finding"].with_user(self.lena).create({
            "name": "No recovery test", "audit_id": audit.id, "date_due": "2026-04-01", "user_id": self.anna.id,
            **values})

    def test_row41_the_shipped_checklist_of_five_dimensions(self):
        audit = self.started()
        self.assertEqual(audit.kind, "quality")
        self.assertEqual(list(audit.line_ids.grouped("dimension")), [
            "Concept", "Organisation", "Process", "Resources", "Evaluation"])
        self.assertRegex(audit.name, r"^AU/2026/\d{4}$")

    def test_missing_answers_are_not_invented(self):
        audit = self.started()
        self.assertEqual((audit.is_scored, audit.score_text), (False, "n/a (0 of 15 answered)"))
        audit.line_ids[:14].answer = "4"
        self.assertEqual((audit.is_scored, audit.score, audit.score_text), (False, 0, "n/a (14 of 15 answered)"))
        concept, evaluation = audit.board[0], audit.board[4]
        self.assertEqual((concept["score"], concept["text"]), (4.0, "4.0 of 5"))
        self.assertEqual((evaluation["score"], evaluation["text"]), (None, "n/a (2 of 3 answered)"))
        audit.line_ids[14].answer = "0"
        self.assertEqual((audit.is_scored, audit.score_text), (True, "3.7 of 5"))
        audit.line_ids[14].write({"answer": "na", "note": "Nothing measured by hand here"})
        self.assertEqual(audit.score_text, "4.0 of 5", "what does not apply counts neither way")

    def test_weights_count(self):
        audit = self.started()
        audit.line_ids.answer = "2"
        audit.line_ids[0].write({"answer": "5", "weight": 6})
        self.assertEqual(audit.score, 2.9)  # (14 x 2 + 6 x 5) / 20

    def test_not_applicable_says_why(self):
        with self.assertRaisesRegex(ValidationError, "say why in its note"):
            self.started().line_ids[0].answer = "na"

    def test_it_is_reported_when_every_question_is_answered(self):
        audit = self.started()
        audit.line_ids[1:].answer = "3"
        with self.assertRaisesRegex(UserError, "1 questions are not answered"):
            audit.action_report()
        audit.line_ids[0].answer = "3"
        audit.action_report()
        self.assertEqual((audit.state, str(audit.date_done)), ("reported", "2026-03-02"))
        with self.assertRaisesRegex(UserError, "answers do not change"):
            audit.line_ids[0].answer = "5"

    def test_it_closes_only_when_every_finding_is_closed_or_accepted(self):
        audit = self.started()
        audit.line_ids.answer = "3"
        closed, accepted = self.a_finding(audit), self.a_finding(audit, name="Old list", user_id=self.agent.id)
        audit.action_report()
        with self.assertRaisesRegex(UserError, "No recovery test, Old list still open"):
            audit.action_close()
        self.a_file(by=self.anna, finding_id=closed.id)
        closed.with_user(self.anna).action_correct("Tested on 1 March")
        with self.assertRaisesRegex(UserError, "still open"):
            audit.action_close()
        closed.with_user(self.lena).action_verify()
        accepted.with_user(self.lena).action_accept("The site closes in May")
        audit.action_close()
        self.assertRecordValues(audit, [{"state": "closed", "closed_by_id": self.lena.id}])
        with self.assertRaises(UserError):
            audit.with_user(self.boss).write({"title": "Better"})

    def test_what_is_over_takes_nothing_in(self):
        audit, other = self.started(), self.started()
        audit.line_ids.answer = "3"
        line = other.line_ids[0]
        audit.action_report()
        with self.assertRaisesRegex(UserError, "answers do not change"):
            line.audit_id = audit
        audit.action_close()
        with self.assertRaisesRegex(ValidationError, "is over"):
            self.a_finding(audit)
        with self.assertRaisesRegex(ValidationError, "question of another audit"):
            self.a_finding(other, line_id=audit.line_ids[0].id)

    def test_two_people_a_finding(self):
        found = self.a_finding(self.started())
        with self.assertRaisesRegex(UserError, "which corrective action"):
            found.with_user(self.anna).action_correct()
        with self.assertRaisesRegex(UserError, "add the evidence"):
            found.with_user(self.anna).action_correct("Tested")
        self.a_file(by=self.anna, finding_id=found.id)
        found.with_user(self.anna).action_correct("Tested")
        self.assertFalse(found.with_user(self.anna).may_verify)
        for method, words in (("action_verify", ()), ("action_send_back", ("No",))):
            with self.assertRaises(AccessError):
                getattr(found.with_user(self.anna), method)(*words)
        found.with_user(self.lena).action_send_back("The log shows no restore")
        self.assertRecordValues(found, [
            {"state": "open", "corrected_by_id": False, "reason": "The log shows no restore"}])
        with self.assertRaises(UserError):
            found.with_user(self.lena).action_verify()

    def test_the_owner_does_not_accept_the_own_risk(self):
        mine = self.a_finding(self.started(), user_id=self.lena.id)
        with self.assertRaises(AccessError):
            mine.with_user(self.lena).action_accept("Fine with me")
        for user in (self.anna, self.felix):
            with self.assertRaises(AccessError):
                mine.with_user(user).action_accept("Fine")
        with self.assertRaisesRegex(UserError, "give the reason"):
            mine.with_user(self.boss).action_accept()
        mine.with_user(self.boss).action_accept("Insured")
        self.assertEqual(mine.state, "accepted")

    def test_what_is_done_over_rpc_goes_the_same_way(self):
        audit = self.started()
        found = self.a_finding(audit)
        for record, vals in ((audit, {"state": "closed"}), (audit, {"name": "AU/1"}), (found, {"state": "closed"}),
                             (found, {"decided_by_id": self.lena.id})):
            with self.assertRaises(UserError):
                record.with_user(self.lena).write(vals)
        with self.assertRaises(UserError):
            audit.unlink()
        with self.assertRaises(UserError):
            audit.with_user(self.lena).action_cancel()
        audit.with_user(self.lena).action_cancel("The provider moved")
        self.assertEqual(audit.state, "cancelled")
