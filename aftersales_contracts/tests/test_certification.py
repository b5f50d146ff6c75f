"""Certifications: who may do what until when, and what happens when one runs out."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .diligence_case import DiligenceCase

DAY = "2026-03-02"


@tagged("post_install", "-at_install")
@freeze_time(f"{DAY} 09:00:00")
class TestCertification(DiligenceCase):
    def test_states_follow_the_day(self):
        cases = (("2026-04-01", False, "coming"), ("2026-01-01", False, "valid"), ("2026-01-01", "2026-05-02", "valid"),
                 ("2026-01-01", "2026-05-01", "expiring"), ("2026-01-01", DAY, "expiring"),
                 ("2026-01-01", "2026-03-01", "expired"))
        for start, end, state in cases:
            with self.subTest(start=start, end=end):
                one = self.certified(date_start=start, date_end=end, reference=f"{start}{end}")
                self.assertEqual(one.state, state)
                self.assertIn(one, self.env["aftersales.certification"].search([("state", "=", state)]))
                others = [key for key in ("coming", "valid", "expiring", "expired", "revoked") if key != state]
                self.assertNotIn(one, self.env["aftersales.certification"].search([("state", "in", others)]))

    def test_a_contract_does_not_take_effect_without_it(self):
        contract = self.served()
        self.put_in_force(contract, until="sign")
        with self.assertRaisesRegex(UserError, "High pressure of Northern Dealer for Repair · every tier"):
            contract.with_user(self.anna).action_activate()
        self.certified(date_end="2026-03-01")
        with self.assertRaisesRegex(UserError, r"valid until 03/01/2026"):
            contract.with_user(self.anna).action_activate()
        self.certified()
        contract.with_user(self.anna).action_activate()
        self.assertEqual(contract.state, "active")

    def test_a_skill_that_warns_stops_nothing(self):
        self.skill.check_kind = "warn"
        contract = self.served()
        self.assertTrue([line for line in contract._draft_warnings() if "High pressure" in line])
        self.put_in_force(contract)
        self.assertEqual(contract.state, "active")

    def test_no_request_goes_to_a_party_whose_certificate_has_run_out(self):
        one = self.certified()
        contract = self.served(activate=True)
        one.date_end = "2026-02-27"
        values = {"type_id": self.repair.id, "contract_id": contract.id}
        before = self.a_request(opened="2026-02-27 09:00:00", **values)
        self.assertEqual((before.contract_id, before.executor_id), (contract, self.dealer))
        after = self.a_request(opened="2026-02-28 09:00:00", **values)
        self.assertFalse(after.executor_id)
        self.assertRegex(after.executor_reason, "not certified in High pressure")
        ours = self.a_request(opened="2026-02-28 09:00:00", contract_id=contract.id, type_id=self.calibration.id)
        self.assertEqual(ours.executor_id, self.company.partner_id)

    def test_a_skill_that_only_warns_is_told_with_the_executor(self):
        self.skill.check_kind = "warn"
        contract = self.served(activate=True)
        request = self.a_request(type_id=self.repair.id, contract_id=contract.id)
        self.assertEqual(request.executor_id, self.dealer)
        self.assertRegex(request.executor_reason, r"Not certified in .*High pressure")

    def test_a_revoked_one_does_not_count_from_that_day(self):
        one = self.certified()
        with self.assertRaisesRegex(UserError, "give the reason"):
            one.action_revoke()
        one.action_revoke("The technician left")
        self.assertEqual((one.state, str(one.revoked_on), one.revoked_by_id), ("revoked", DAY, self.anna))
        self.assertTrue(self.served()._certification_gaps("block", one.revoked_on))
        with self.assertRaisesRegex(UserError, "revoked already"):
            one.action_revoke("Again")

    def test_only_account_managers_and_legal_decide(self):
        one = self.certified()
        for user in (self.felix, self.agent, self.carla, self.diego):
            with self.subTest(user.login), self.assertRaises(AccessError):
                one.with_user(user).action_revoke("No")
        with self.assertRaisesRegex(UserError, "changes only through its buttons"):
            one.with_user(self.anna).write({"revoked_on": DAY})

    def test_the_same_certificate_is_not_recorded_twice(self):
        self.certified(reference="X-1")
        with self.assertRaisesRegex(ValidationError, "certificate X-1, issued on 2026-01-01, is recorded already"):
            self.certified(reference="X-1")

    def test_what_runs_out_falls_due_until_it_is_renewed(self):
        one = self.certified(date_end="2026-03-20")
        due = self.env["aftersales.due"].search([("kind", "=", "certification"), ("res_id", "=", one.id)])
        self.assertEqual((str(due.date_due), due.partner_id), ("2026-03-20", self.dealer_contact))
        self.certified(date_start="2026-03-01", date_end="2027-03-20")
        self.assertTrue(one.renewed)
        self.env.flush_all()
        self.assertFalse(self.env["aftersales.due"].search(
            [("kind", "=", "certification"), ("res_id", "=", one.id)]))

    def test_asking_for_skills_costs_a_batch_of_requests_a_fixed_number_of_queries(self):
        self.certified()
        contract = self.served(activate=True)

        def opened(number):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["aftersales.request"].create([
                {"title": "Stands still", "partner_id": self.customer.id, "opened_at": f"{DAY} 08:00:00",
                 "type_id": self.repair.id, "contract_id": contract.id} for _number in range(number)])
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        opened(2)
        asked = {number: opened(number) for number in (2, 20)}
        self.skill.active = False
        opened(2)
        extra = {number: asked[number] - opened(number) for number in (2, 20)}
        self.assertEqual(extra[2], extra[20])
        self.assertLessEqual(extra[20], 6)
