"""Assessments of providers: answered by one, decided by another; a contract may need a pass."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .diligence_case import DiligenceCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 09:00:00")
class TestAssessment(DiligenceCase):
    def test_the_total_is_the_weighted_mean(self):
        one = self.assessment("4", "2")
        self.assertEqual((one.total, one.total_text), (70.0, "70.0 of 100"))  # (3 x 4 + 1 x 2) / 4 of 5
        self.assertEqual([(row["dimension"], row["score"]) for row in one.board],
                         [("Technical and Service Ability", 4.0), ("Financial Standing", 2.0)])

    def test_what_is_not_answered_is_not_made_up(self):
        one = self.assessment("4", False)
        self.assertEqual((one.is_scored, one.total, one.total_text), (False, 0, "n/a (1 of 2 answered)"))
        with self.assertRaisesRegex(UserError, "1 criteria are not answered, such as \"Accounts\""):
            one.action_submit()

    def test_what_does_not_apply_is_left_out_with_a_reason(self):
        one = self.assessment("4", False)
        with self.assertRaisesRegex(ValidationError, "say why in its note"):
            one.line_ids[1].not_applicable = True
        one.line_ids[1].write({"not_applicable": True, "note": "A public body"})
        self.assertEqual(one.total, 80.0)
        with self.assertRaisesRegex(ValidationError, "knock-out"):
            one.line_ids[0].write({"score": False, "not_applicable": True, "note": "No"})

    def test_it_passes_at_the_mark(self):
        cases = ((("3", "3"), "passed", False), (("3", "2"), "failed", "55.0 points; 60.0 are needed."),
                 (("2", "5"), "failed", "Knocked out by Training."), (("5", "5"), "passed", False))
        for scores, state, reason in cases:
            with self.subTest(scores=scores):
                one = self.decided(*scores)
                self.assertEqual((one.state, one.reason or False), (state, reason))
                self.assertEqual(str(one.valid_until), "2027-03-01" if state == "passed" else "False")

    def test_another_person_decides(self):
        one = self.assessment("4", "4")
        one.action_submit()
        with self.assertRaisesRegex(AccessError, "somebody else decides"):
            one.action_decide()
        for user in (self.felix, self.agent, self.diego):
            with self.subTest(user.login), self.assertRaises(AccessError):
                one.with_user(user).action_decide()
        one.with_user(self.boss).action_decide()
        self.assertEqual((one.state, one.decided_by_id), ("passed", self.boss))

    def test_a_failed_one_is_passed_under_conditions_by_legal_only(self):
        one = self.assessment("2", "5", user_id=self.felix.id)
        one.action_submit()
        other = self.env["res.users"].browse(self._a_user("anna2", "aftersales_contracts.group_account_manager").id)
        with self.assertRaisesRegex(AccessError, "only legal or an administrator"):
            one.with_user(other).action_pass_conditionally("Train two people until June")
        with self.assertRaisesRegex(UserError, "give the reason"):
            one.with_user(self.lena).action_pass_conditionally(" ")
        one.with_user(self.lena).action_pass_conditionally("Train two people until June")
        self.assertEqual((one.state, one.conditions), ("passed", "Train two people until June"))

    def test_out_of_order_is_refused(self):
        one = self.assessment()
        for action in ("action_submit", "action_again"):
            with self.subTest(action), self.assertRaises(UserError):
                getattr(one, action)()
        with self.assertRaisesRegex(UserError, "is planned; that takes one that is to decide"):
            one.with_user(self.lena).action_decide()
        with self.assertRaisesRegex(UserError, "changes only through its buttons"):
            one.write({"state": "passed"})
        done = self.decided("4", "4")
        with self.assertRaisesRegex(UserError, "its answers do not change"):
            done.line_ids[0].score = "5"
        with self.assertRaisesRegex(UserError, "is decided and stays"):
            done.partner_id = self.stranger

    def test_an_answer_that_does_not_hold_goes_back(self):
        one = self.assessment("4", "4")
        one.action_submit()
        one.with_user(self.lena).action_reopen("No proof of training")
        self.assertEqual((one.state, one.reason), ("running", "No proof of training"))

    def test_the_questionnaire_may_change_afterwards(self):
        one = self.assessment("4", "4")
        self.template.criterion_ids[0].write({"weight": 100, "name": "Other"})
        self.assertEqual((one.line_ids[0].name, one.line_ids[0].weight), ("Training", 3))

    def test_a_contract_needs_a_pass_that_still_counts(self):
        kind = self.dealer_type(needs_assessment=True)
        contract = self.a_contract(
            activate=False, partner_id=self.dealer.id, contract_type_id=kind.id, policy_id=False)
        with self.assertRaisesRegex(UserError, "a passed assessment of Northern Dealer"):
            contract.with_user(self.anna).action_submit()
        failed = self.decided("2", "5")
        with self.assertRaisesRegex(UserError, rf"{failed.name} was failed"):
            contract.with_user(self.anna).action_submit()
        passed = self.decided("4", "4")
        self.assertTrue(failed.superseded)
        self.put_in_force(contract)
        self.assertEqual(contract.state, "active")
        with freeze_time("2027-03-02 09:00:00"):
            gap = contract._assessment_gap(contract._local_today())
        self.assertRegex(gap, "the last one counted until 03/01/2027")
        self.assertRegex(contract.with_user(self.anna).assessment_text, f"{passed.name}: Passed, 80.0 of 100")

    def test_the_pass_of_another_company_does_not_count(self):
        template = self.template.copy({"company_id": self.other_company.id})
        one = self.env["aftersales.assessment"].create({
            "partner_id": self.dealer.id, "template_id": template.id, "company_id": self.other_company.id})
        one.action_start()
        one.line_ids.score = "5"
        one.action_submit()
        one.with_user(self.other_manager).action_decide()
        kind = self.dealer_type(needs_assessment=True)
        contract = self.a_contract(
            activate=False, partner_id=self.dealer.id, contract_type_id=kind.id, policy_id=False)
        self.assertTrue(contract._assessment_gap(contract._local_today()))

    def test_the_next_one_falls_due_with_the_pass(self):
        one = self.decided("4", "4")
        due = self.env["aftersales.due"].search([("kind", "=", "assessment"), ("res_id", "=", one.id)])
        self.assertEqual(str(due.date_due), "2027-03-01")
        again = self.env["aftersales.assessment"].browse(one.action_again()["res_id"])
        self.assertEqual((again.state, str(again.date_planned)), ("planned", "2027-03-01"))

    def test_the_shipped_questionnaires_can_be_answered(self):
        for kind in ("due_diligence", "periodic"):
            with self.subTest(kind):
                template = self.env.ref(f"aftersales_contracts.assessment_template_{kind}")
                one = self.assessment(template_id=template.id)
                one.action_start()
                one.line_ids.score = "4"
                one.action_submit()
                one.with_user(self.lena).action_decide()
                self.assertEqual((one.state, one.total, one.kind), ("passed", 80.0, kind))
