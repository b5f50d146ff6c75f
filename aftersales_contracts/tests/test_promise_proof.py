"""Promise to proof: what was measured of each promise, period by period; n/a where nothing was."""

import re

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .plan_case import VISITS, PlanCase


class ProofCase(PlanCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.proven = cls.a_contract(activate=False, title="Proven", date_start="2026-02-10", promise_ids=[
            Command.create({"name": "Solved", "kind": "sla", "metric": "resolution", "objective": 50}),
            Command.create({**VISITS, "unit": "quarter", "roll_over": True}),
            Command.create({"name": "Hotline", "kind": "channel", "channel": "phone", "within_minutes": 60,
                            "objective": 100}),
            Command.create({"name": "Serviced", "kind": "maintenance"}),
            Command.create({**VISITS, "name": "Exchange", "kind": "exchange", "source": "entitlement", "quantity": 1})])
        cls.proven._adopt("Test")
        cls.proven.statement_start = "2026-02-01"

    def solved(self, opened, answered, solved=None, channel="phone", contract=None):
        """A request under the contract, answered and solved at these instants of UTC."""
        request = self.a_request(f"{opened}:00", channel=channel, contract_id=(contract or self.proven).id)
        if answered:
            self.event(request, "in_progress", f"{answered}:00")
        if solved:
            self.event(request, "resolved", f"{solved}:00")
        return request

    def cells(self, name, contract=None):
        """[(text, detail, state)] of the row, the oldest period first."""
        contract = contract or self.proven
        self.env["aftersales.compliance"]._bring_up_to_date(contract)
        proof = contract._promise_proof()[contract]
        row = next(row for row in proof["rows"] if row["name"] == name)
        self.assertEqual(len(row["cells"]), len(proof["periods"]))
        return [(cell["text"], cell["detail"], cell["state"]) for cell in row["cells"]]


class TestProof(ProofCase):
    def test_the_columns_are_the_last_periods(self):
        self.assertEqual(self.proven.promise_proof["periods"], ["2026-02", "2026-03", "2026-04", "2026-05"])
        self.proven.statement_period = "quarter"
        self.proven.invalidate_recordset()
        self.assertEqual(self.proven.promise_proof["periods"], ["2026 Q1", "2026 Q2"])

    def test_item15_an_sla_promise_is_proven_by_its_clocks(self):
        self.solved("2026-03-03 08:00", "2026-03-03 09:00", "2026-03-03 10:00")
        self.solved("2026-04-01 08:00", "2026-04-01 09:00", "2026-04-01 10:00")
        self.solved("2026-04-01 08:00", "2026-04-01 09:00", "2026-04-03 12:00")
        self.solved("2026-05-04 08:00", "2026-05-04 09:00", "2026-05-08 12:00")
        self.assertEqual(self.cells("Solved"), [
            ("n/a", "", "na"), ("100.00 %", "1 of 1 kept", "yes"), ("50.00 %", "1 of 2 kept", "yes"),
            ("0.00 %", "0 of 1 kept", "no")])
        self.proven.promise_ids[0]._write_unlocked({"objective": 60})
        self.assertEqual(self.cells("Solved")[2][2], "no", "judged by what this contract promised")

    def test_item15_what_still_runs_is_not_judged(self):
        self.solved("2026-05-20 08:00", "2026-05-20 09:00")
        self.assertEqual(self.cells("Solved")[-1], ("n/a", "1 running", "na"))

    def test_item15_a_channel_is_proven_by_first_responses_through_it(self):
        self.solved("2026-03-03 08:00", "2026-03-03 08:50")
        self.solved("2026-03-03 08:00", "2026-03-03 10:00")
        self.solved("2026-03-03 08:00", "2026-03-03 11:30", channel="email")
        self.assertEqual(self.cells("Hotline")[:2], [("n/a", "", "na"), ("50.00 %", "1 of 2 kept", "no")])

    def test_item15_a_channel_never_answered_is_broken_when_its_target_breaches(self):
        self.solved("2026-04-01 08:00", None)
        self.assertEqual(self.cells("Hotline")[2], ("0.00 %", "0 of 1 kept", "no"))
        self.solved("2026-05-20 10:00", None)
        self.assertEqual(self.cells("Hotline")[3], ("n/a", "1 running", "na"))

    def test_item15_a_team_is_a_channel_too(self):
        team = self.env["aftersales.team"].create({"name": "Your Team"})
        contract = self.a_contract(activate=False, title="Team", date_start="2026-02-10", promise_ids=[Command.create(
            {"name": "Team", "kind": "channel", "team_id": team.id})])
        contract._adopt("Test")
        for number, chosen in enumerate((team, self.env["aftersales.team"])):
            request = self.a_request(f"2026-03-0{number + 2} 08:00:00", contract_id=contract.id, team_id=chosen.id)
            self.event(request, "in_progress", f"2026-03-0{number + 2} 09:00:00")
        self.assertEqual(self.cells("Team", contract)[1], ("100.00 %", "1 of 1 kept", "yes"))

    def test_item15_a_quota_shows_granted_used_and_left(self):
        quotas = self.proven.entitlement_ids.filtered(lambda one: one.name == "Inspections")
        self.used_by(quotas, 1)
        self.assertEqual(self.cells("Inspections"), [
            ("4 visits left", "4 visits granted", "plain"),
            ("4 visits left", "", "plain"),
            ("4 visits left", "", "plain"),
            ("7 visits left", "8 visits granted, 1 visit used", "plain")])

    def test_item15_maintenance_says_nothing_until_visits_are_recorded(self):
        self.assertEqual(set(self.cells("Serviced")), {("n/a", "", "na")})

    def test_a_batch_costs_the_same_queries(self):
        contracts = self.proven
        for _number in range(3):
            other = self.proven.copy()
            other._adopt("Test")
            contracts |= other

        def cost(batch):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch._promise_proof()
            return self.env.cr.sql_log_count - before

        one = cost(self.proven)
        self.assertLessEqual(cost(contracts), one + 1)

    def test_everybody_of_the_service_sees_the_proof(self):
        for role in ("agent", "anna", "felix", "lena"):
            self.assertEqual(len(self.proven.with_user(getattr(self, role)).promise_proof["rows"]), 5, role)
        with self.assertRaises(AccessError):
            self.proven.with_user(self.clerk).read(["promise_proof"])


@tagged("post_install", "-at_install")
class TestProofInThePortal(ProofCase, HttpCase):
    def page(self, user):
        self.authenticate(user.login, user.login)
        answer = self.url_open(f"/my/contracts/{self.proven.id}")
        return answer.url.removeprefix(self.base_url()), re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))

    def test_the_customer_sees_promises_proof_and_what_is_left(self):
        self.solved("2026-03-03 08:00", "2026-03-03 09:00", "2026-03-03 10:00")
        self.cells("Solved")
        _path, text = self.page(self.carla)
        for said in ("What we promised", "Resolution, 50 %", "100.00 %", "1 of 1 kept", "n/a",
                     "Inspections : 8 visits"):
            self.assertIn(said, text)
        path, text = self.page(self.outsider)
        self.assertNotIn("Inspections", text)
        self.assertFalse(path.startswith("/my/contracts"))
