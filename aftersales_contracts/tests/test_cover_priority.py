"""Who pays where covers overlap: the rule on real contracts, its reason in words, and what is used up by it."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..engine.cover_priority import Cover
from ..models.plans.cover_priority import Candidate
from .plan_case import VISITS, PlanCase, day


class TestCoverPriority(PlanCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.machine, cls.other_machine = cls.env["aftersales.asset"].create([
            {"name": "NW-1", "partner_id": cls.customer.id}, {"name": "NW-2", "partner_id": cls.customer.id}])

    def covered(self, *assets, priority=10, **values):
        """A contract in force with 4 visits, for these assets only."""
        contract = self.a_contract(activate=False, promise_ids=[Command.create(VISITS)], **values)
        for asset in assets:
            self.env["aftersales.cover"].create(
                {"contract_id": contract.id, "asset_id": asset.id, "priority": priority})
        contract._adopt("Test")
        return contract

    def choice(self, unit="visit", on="2026-05-20", asset=None, **values):
        request = self.a_request(opened="2026-05-19 08:00:00", asset_id=(asset or self.machine).id, **values)
        return request._choose_covers(unit, day(on))[request]

    def with_warranty(self, machine):
        """Let a warranty of ``machine`` pay, as a later room does by extending the candidates."""
        Contract = type(self.env["aftersales.contract"])
        inherited = Contract._cover_candidates
        warranty = self.customer  # any record stands for it

        def candidates(contracts, cases, unit=None):
            found = inherited(contracts, cases, unit)
            for case, (rows, _others) in found.items():
                if case.asset == machine:
                    cover = Cover("W-1", "warranty", day("2026-01-01"), None, applies_to="asset")
                    rows.append(Candidate(cover, warranty, self.env["aftersales.entitlement"], day("2026-05-20")))
            return found

        self.patch(Contract, "_cover_candidates", candidates)
        return warranty

    def test_row26_the_quota_is_not_used_while_the_warranty_pays(self):
        contract = self.covered(self.machine)
        warranty = self.with_warranty(self.machine)
        choice = self.choice()
        self.assertEqual(choice.payer, warranty)
        self.assertEqual(
            choice.reason, f"W-1 before {contract.name} · Inspections: a warranty comes before a contract.")
        request = self.a_request(opened="2026-05-19 08:00:00", asset_id=self.machine.id)
        answer = request.with_user(self.agent).use_entitlement("visit", 1, "2026-05-20")
        self.assertEqual((answer["line_ids"], answer["paid_by"]), ([], warranty.display_name))
        self.assertEqual(contract.entitlement_ids.available, 4)

    def test_row26_no_double_payment(self):
        first, second = self.covered(self.machine), self.covered(self.machine, priority=20)
        request = self.a_request(opened="2026-05-19 08:00:00", asset_id=self.machine.id)
        for _click in range(2):
            request.with_user(self.agent).use_entitlement("visit", 1, "2026-05-20")
        self.assertEqual((first.entitlement_ids.available, second.entitlement_ids.available), (3, 4))

    def test_row26_the_lower_priority_number_pays_first(self):
        second, first = self.covered(self.machine, priority=20), self.covered(self.machine, priority=5)
        choice = self.choice()
        self.assertEqual((choice.payer, choice.entitlement), (first, first.entitlement_ids))
        self.assertIn("priority 5 comes before priority 20", choice.reason)
        self.assertEqual([row[0] for row in choice.steps if second.name in row[1]], ["In order", "Reason"])

    def test_row26_what_is_for_the_asset_comes_before_what_is_for_all(self):
        whole, asset = self.covered(), self.covered(self.machine)
        choice = self.choice()
        self.assertEqual(choice.payer, asset)
        self.assertIn("it is for the asset, the other for the whole contract", choice.reason)
        self.assertEqual(self.choice(asset=self.other_machine).payer, whole)

    def test_row26_what_ends_first_is_used_first(self):
        self.covered(date_end="2026-12-31")
        soon = self.covered(date_end="2026-06-30")
        choice = self.choice()
        self.assertEqual(choice.payer, soon)
        self.assertIn("it ends first, on 06/30/2026", choice.reason)

    def test_row26_an_empty_quota_makes_way_for_the_next(self):
        first, second = self.covered(self.machine, priority=5), self.covered(self.machine)
        for left in ((3, 4), (2, 4), (1, 4), (0, 4), (0, 3)):
            request = self.a_request(opened="2026-05-19 08:00:00", asset_id=self.machine.id)
            request.with_user(self.agent).use_entitlement("visit", 1, "2026-05-20")
            self.assertEqual((first.entitlement_ids.available, second.entitlement_ids.available), left)
        self.used_by(second.entitlement_ids, 3, request=self.a_request(
            opened="2026-05-19 08:00:00", asset_id=self.machine.id))
        with self.assertRaisesRegex(UserError, "has nothing left"):
            self.used_by(first.entitlement_ids, 1, request=self.a_request(
                opened="2026-05-19 08:00:00", asset_id=self.machine.id))

    def test_who_does_not_pay_is_named_with_the_reason(self):
        ended = self.covered(date_end="2026-04-30")
        elsewhere = self.covered(self.other_machine)
        choice = self.choice()
        self.assertFalse(choice.payer)
        said = " ".join(row[1] for row in choice.steps)
        self.assertIn(f"{ended.name}: ended on 04/30/2026", said)
        self.assertIn(f"{elsewhere.name}: does not cover asset NW-1 on that day", said)
        self.assertIn(f"{self.contract.name}: has no quota of visits", said)
        self.assertIn("No cover is in force with anything left.", choice.reason)

    def test_the_day_of_the_contracts_own_zone_counts(self):
        taipei = self.an_office(name="Taipei", tz="Asia/Taipei")
        ended = self.covered(date_end="2026-05-18", calendar_id=taipei.id, title="Taipei")
        request = self.a_request(opened="2026-05-18 17:00:00")  # 01:00 of the next day there
        choice = request._choose_covers()[request]
        self.assertNotEqual(choice.payer, ended)
        self.assertIn(f"{ended.name}: ended on", " ".join(row[1] for row in choice.steps))

    def test_the_order_of_the_records_decides_nothing(self):
        contracts = [self.covered(self.machine) for _number in range(3)]
        self.assertEqual(self.choice().payer, min(contracts, key=lambda contract: contract.name))

    def test_the_request_shows_who_pays_and_why(self):
        contract = self.covered(self.machine)
        request = self.a_request(opened="2026-05-19 08:00:00", asset_id=self.machine.id).with_user(self.agent)
        self.assertEqual(request.payer_text, contract.display_name)
        self.assertIn("it is for the asset", request.payer_reason)
        self.assertEqual(request.payer_steps[-1][1], request.payer_reason)
        stranger = self.a_request(opened="2026-05-19 08:00:00", partner_id=self.stranger.id)
        self.assertEqual(stranger.payer_text, "Customer")

    def test_an_asset_asks_for_a_day(self):
        contract = self.covered(self.machine)
        self.assertEqual(self.machine._choose_cover(day("2026-05-20")).payer, contract)
        self.assertFalse(self.machine._choose_cover(day("2025-05-20")).payer)

    def test_many_requests_cost_no_more_queries_than_one(self):
        self.covered(self.machine)
        requests = self.env["aftersales.request"].union(*(
            self.a_request(opened=f"2026-05-{number} 08:00:00", asset_id=self.machine.id) for number in range(10, 19)))

        def cost(batch):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch.mapped("payer_reason")
            return self.env.cr.sql_log_count - before

        one = cost(requests[:1])
        self.assertLessEqual(cost(requests), one + 1)

    def test_the_dialog_says_what_will_happen(self):
        contract = self.covered(self.machine)
        request = self.a_request(opened="2026-05-19 08:00:00", asset_id=self.machine.id)

        def dialog(**values):
            return self.env["aftersales.entitlement.use"].with_user(self.agent).create(
                {"request_id": request.id, "day": "2026-05-20", **values})

        wizard = dialog()
        self.assertEqual((wizard.outcome, wizard.left_text), ("ok", "4 visits"))
        self.assertEqual(wizard.payer_text, contract.entitlement_ids.display_name)
        self.assertEqual(dialog(quantity=5).outcome, "short")
        self.assertEqual(dialog(unit="hour").outcome, "none")
        action = dialog(quantity=5, excess_reason="Standstill").action_ask_excess()
        excess = self.env["aftersales.entitlement.excess"].browse(action["res_id"])
        self.assertEqual((excess.quantity, excess.requested_by_id), (5, self.agent))
        wizard.action_use()
        self.assertEqual(dialog().outcome, "used")
        self.with_warranty(self.machine)
        request = self.a_request(opened="2026-05-19 09:00:00", asset_id=self.machine.id)
        self.assertEqual(dialog(request_id=request.id).outcome, "free")
        with self.assertRaises(AccessError):
            self.env["aftersales.entitlement.use"].with_user(self.clerk).create({"request_id": request.id})
