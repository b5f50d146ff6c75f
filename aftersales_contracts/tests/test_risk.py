"""Risk register: scores, plans that were tried, and who may live with a risk."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .diligence_case import DiligenceCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 09:00:00")
class TestRisk(DiligenceCase):
    def a_risk(self, **values):
        return self.env["aftersales.risk"].with_user(self.anna).create({
            "title": "The only technician leaves", "partner_id": self.dealer.id, "likelihood": "4", "impact": "4",
            **values})

    def record_trial(self, risk, passed=True, day="2026-03-01"):
        return self.env["aftersales.risk.test"].with_user(self.anna).create({
            "risk_id": risk.id, "day": day, "passed": passed, "note": "A substitute repaired a machine"})

    def planned(self, **values):
        return self.a_risk(mitigation="Train a second one", residual_likelihood="2", residual_impact="3", **values)

    def test_level_by_likelihood_times_impact(self):
        cases = ((1, 1, "low"), (2, 2, "low"), (1, 5, "medium"), (3, 3, "medium"), (2, 5, "high"), (3, 4, "high"),
                 (3, 5, "critical"), (4, 4, "critical"), (5, 5, "critical"))
        for likelihood, impact, level in cases:
            with self.subTest(likelihood=likelihood, impact=impact):
                risk = self.a_risk(likelihood=str(likelihood), impact=str(impact), detection="5")
                self.assertEqual((risk.score, risk.level, risk.priority_number),
                                 (likelihood * impact, level, likelihood * impact * 5))

    def test_a_plan_counts_when_it_was_tried(self):
        risk = self.a_risk()
        with self.assertRaisesRegex(UserError, "write down the plan"):
            risk.action_mitigate()
        with self.assertRaisesRegex(UserError, "has no plan yet"):
            self.record_trial(risk)
        risk.write({"mitigation": "Train a second one", "residual_likelihood": "2", "residual_impact": "3"})
        with self.assertRaisesRegex(UserError, "was not tested"):
            risk.action_mitigate()
        self.record_trial(risk, passed=False)
        with self.assertRaisesRegex(UserError, "the last test failed"):
            risk.action_mitigate()
        self.record_trial(risk)
        risk.action_mitigate()
        self.assertEqual((risk.state, risk.residual_score, risk.residual_level), ("mitigated", 6, "medium"))
        self.assertEqual((str(risk.tested_on), str(risk.next_test_on)), ("2026-03-01", "2027-03-01"))

    def test_a_failed_test_opens_the_risk_again(self):
        risk = self.planned()
        self.record_trial(risk)
        risk.action_mitigate()
        self.record_trial(risk, passed=False, day="2026-03-02")
        self.assertEqual((risk.state, risk.reason), ("open", "The plan failed its test on 2026-03-02."))

    def test_tests_are_facts(self):
        risk = self.planned()
        test = self.record_trial(risk)
        with self.assertRaisesRegex(ValidationError, "has not happened yet"):
            self.record_trial(risk, day="2026-03-03")
        for user in (self.anna, self.lena, self.boss):
            with self.subTest(user.login), self.assertRaisesRegex(UserError, "does not change"):
                test.with_user(user).passed = False
        with self.assertRaisesRegex(UserError, "does not change"):
            test.sudo().note = "Otherwise"
        with self.assertRaisesRegex(UserError, "has a history"):
            risk.unlink()

    def test_somebody_else_of_legal_accepts_with_a_reason(self):
        risk = self.a_risk()
        for user in (self.anna, self.felix, self.agent, self.diego):
            with self.subTest(user.login), self.assertRaises(AccessError):
                risk.with_user(user).action_accept("Rare")
        risk.user_id = self.lena
        with self.assertRaisesRegex(AccessError, "is yours"):
            risk.with_user(self.lena).action_accept("Rare")
        with self.assertRaisesRegex(UserError, "give the reason"):
            risk.with_user(self.boss).action_accept("")
        risk.with_user(self.boss).action_accept("Replaced within a day")
        self.assertEqual((risk.state, risk.decided_by_id), ("accepted", self.boss))

    def test_a_closed_one_is_opened_again_with_a_reason(self):
        risk = self.a_risk()
        risk.action_close("Contract ended")
        with self.assertRaisesRegex(UserError, "is closed"):
            risk.likelihood = "1"
        risk.action_reopen("Contract renewed")
        risk.likelihood = "1"
        self.assertEqual((risk.state, risk.score), ("open", 4))

    def test_plans_to_be_tested_and_risks_to_be_reviewed_fall_due(self):
        risk = self.planned(next_review_on="2026-04-01", noted_on="2025-01-15")
        due = self.env["aftersales.due"].search([("kind", "=", "risk"), ("res_id", "=", risk.id)], order="date_due")
        self.assertEqual([str(row.date_due) for row in due], ["2026-01-15", "2026-04-01"])
        risk.action_close("Contract ended")
        self.env.flush_all()
        self.assertFalse(self.env["aftersales.due"].search([("kind", "=", "risk"), ("res_id", "=", risk.id)]))

    def test_the_map_counts_cells_by_one_query(self):
        self.env["aftersales.risk"].search([]).sudo()._write_guarded({"state": "closed"})
        for _number in range(3):
            self.planned()
        self.a_risk(likelihood="1", impact="1")
        self.env.flush_all()
        Risk = self.env["aftersales.risk"].with_user(self.anna)
        found = Risk.heat_map([("state", "!=", "closed")])
        filled = {key: cell for key, cell in found["cells"].items() if cell["count"]}
        self.assertEqual(filled, {"4-4": {"count": 3, "level": "critical"}, "1-1": {"count": 1, "level": "low"}})
        left = Risk.heat_map([("state", "!=", "closed")], residual=True)["cells"]
        self.assertEqual((left["2-3"]["count"], sum(cell["count"] for cell in left.values())), (3, 3))
        with self.assertRaises(AccessError):
            Risk.with_user(self.agent).heat_map()

    def test_a_draft_contract_says_which_high_risk_has_no_plan(self):
        contract = self.a_contract(activate=False)
        self.a_risk(contract_id=contract.id)
        self.assertTrue([line for line in contract.with_user(self.anna)._draft_warnings()
                         if "Critical risk without a tested plan" in line])
        self.assertFalse([line for line in contract.with_user(self.agent)._draft_warnings() if "risk" in line])
