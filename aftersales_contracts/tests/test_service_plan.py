"""Plans and promises: taken over by drafts, overridden on purpose, measured or not activated."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .plan_case import VISITS, PlanCase

CELLS = ("technical_support", "repair", "customer_care")


class TestShippedPlans(PlanCase):
    def shipped(self, name):
        return self.env.ref(f"aftersales_contracts.plan_{name}")

    def test_row13_each_cell_of_the_matrix_is_a_measured_promise(self):
        classes = {"basic": "basic", "value": "standard", "custom": "advanced"}
        for name, service_class in classes.items():
            plan = self.shipped(name)
            self.assertEqual(plan.gaps_text, False, name)
            cells = plan.module_ids.filtered(lambda module: not module.is_add_on)
            self.assertEqual(tuple(cells.mapped("kind")), CELLS, name)
            self.assertEqual(set(cells.mapped("service_class")), {service_class}, name)
            for module in plan.module_ids:
                self.assertTrue(module.promise_ids, module.display_name)
                for promise in module.promise_ids:
                    self.assertIsNone(promise._terms_gap(), promise.name)

    def test_row14_value_adds_are_add_ons(self):
        plans = self.shipped("basic") | self.shipped("value") | self.shipped("custom")
        add_ons = plans.module_ids.filtered("is_add_on")
        self.assertEqual(
            set(add_ons.mapped("name")), {"Maintenance Subscription", "Remote Diagnosis", "Custom Firmware Upgrade"})

    def test_row15_an_incomplete_plan_names_what_it_lacks(self):
        plan = self.env["aftersales.service.plan"].create({"name": "Half"})
        for lacking in ("the customer segment", "a module that is no add-on", "the process", "the key figures"):
            self.assertIn(lacking, plan.gaps_text)
        plan.module_ids = [Command.create({"name": "Empty"})]
        self.assertIn("a promise in module Empty", plan.gaps_text)
        plan.module_ids.promise_ids = [Command.create({"name": "Something", "kind": "quota"})]
        self.assertIn("what the quota counts of promise Something", plan.gaps_text)
        self.assertTrue(self.plan.is_complete)

    def test_a_contract_with_an_incomplete_plan_is_not_submitted(self):
        self.plan.segment = False
        contract = self.a_contract(activate=False, plan_id=self.plan.id)
        with self.assertRaisesRegex(ValidationError, "in plan House Plan: the customer segment"):
            contract.with_user(self.anna).action_submit()

    def test_a_type_that_needs_a_plan(self):
        contract = self.a_contract(activate=False)
        contract.contract_type_id.needs_plan = True
        with self.assertRaisesRegex(ValidationError, "a service plan"):
            contract.with_user(self.anna).action_submit()

    def test_shared_plans_are_the_administrators(self):
        basic = self.shipped("basic")
        for record, values in ((basic, {"name": "x"}), (basic.module_ids[0], {"name": "x"}),
                               (basic.module_ids.promise_ids[0], {"name": "x"}), (basic.kpi_ids[0], {"goal": 1})):
            with self.assertRaises(AccessError):
                record.with_user(self.anna).write(values)
            record.with_user(self.boss).write(values)
        self.plan.with_user(self.anna).write({"name": "Ours"})
        with self.assertRaises(AccessError):
            self.plan.with_user(self.agent).write({"name": "Mine"})

    def test_a_plan_in_use_is_archived_not_deleted(self):
        self.a_contract(plan_id=self.plan.id)
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.plan.with_user(self.boss).unlink()


class TestTakingOver(PlanCase):
    def draft(self, **values):
        return self.env["aftersales.contract"].with_user(self.anna).create({
            "title": "Draft", "partner_id": self.customer.id, "policy_id": self.policy.id, "date_start": "2026-01-01",
            "plan_id": self.plan.id, **values})

    def named(self, contract):
        return contract.promise_ids.mapped("name")

    def row(self, contract, name):
        return contract.promise_ids.filtered(lambda promise: promise.name == name)

    def test_a_draft_takes_over_the_promises(self):
        contract = self.draft()
        self.assertEqual(self.named(contract), ["Answered", "Inspections"])
        answered, visits = contract.promise_ids
        self.assertEqual((answered.target_id, answered.source, answered.origin),
                         (self.response_target, "sla_target", "plan"))
        self.assertEqual(visits.terms_text, "4 visits every year")
        self.assertFalse(contract.entitlement_ids, "nothing is granted before it is in force")

    def test_an_add_on_comes_where_it_is_chosen_and_goes_again(self):
        contract = self.draft()
        contract.add_on_ids = self.plan.module_ids.filtered("is_add_on")
        self.assertEqual(self.named(contract), ["Answered", "Inspections", "Training days"])
        contract.add_on_ids = False
        self.assertEqual(self.named(contract), ["Answered", "Inspections"])

    def test_an_add_on_without_a_price_is_warned_about(self):
        add_on = self.plan.module_ids.filtered("is_add_on")
        add_on.product_id = self.env["product.product"].create({"name": "Training", "type": "service"})
        contract = self.draft(add_on_ids=add_on.ids)
        self.assertIn("Add-on Training has no price", " ".join(contract._draft_warnings()))

    def test_an_override_is_marked_shown_against_the_plan_and_kept(self):
        contract = self.draft()
        visits = self.row(contract, "Inspections")
        visits.quantity = 6
        self.assertEqual((visits.origin, visits.plan_text), ("override", "4 visits every year"))
        self.assertIn("These promises differ from the plan: Inspections.", contract._draft_warnings())
        self.plan.module_ids.promise_ids.filtered(lambda p: p.name == "Inspections").interval = 2
        self.assertTrue(contract.plan_changed)
        contract.action_take_plan()
        self.assertEqual((visits.quantity, visits.interval), (6, 2), "only what was overridden stays")
        self.assertEqual((visits.origin, visits.plan_text), ("override", "4 visits every 2 years"))
        self.assertFalse(contract.plan_changed)
        visits.action_follow_plan()
        self.assertEqual((visits.quantity, visits.origin, visits.plan_text), (4, "plan", False))

    def test_what_the_plan_leaves_open_is_no_override(self):
        channel = {"name": "Hotline", "kind": "channel", "channel": "phone"}
        self.plan.module_ids[0].promise_ids = [Command.create(channel)]
        contract = self.draft()
        hotline = self.row(contract, "Hotline")
        hotline.phone = "+49 40 1"
        self.assertEqual(hotline.origin, "plan")
        self.plan.module_ids[0].promise_ids.filtered(lambda p: p.name == "Hotline").within_minutes = 30
        contract.action_take_plan()
        self.assertEqual((hotline.phone, hotline.within_minutes), ("+49 40 1", 30))

    def test_another_plan_replaces_the_promises_but_for_overrides(self):
        contract = self.draft()
        self.row(contract, "Inspections").quantity = 6
        other = self.a_plan(name="Other")
        other.module_ids.filtered(lambda m: m.name == "Visits").promise_ids.name = "Check-ups"
        contract.plan_id = other
        self.assertEqual({p.name: p.origin for p in contract.promise_ids},
                         {"Answered": "plan", "Check-ups": "plan", "Inspections": "own"})
        contract.plan_id = False
        self.assertEqual(self.named(contract), ["Inspections"])

    def test_a_changed_plan_changes_no_contract_by_itself(self):
        contract = self.draft()
        self.put_in_force(contract)
        self.plan.module_ids.promise_ids.filtered(lambda p: p.name == "Inspections").quantity = 9
        self.assertEqual(self.row(contract, "Inspections").quantity, 4)
        self.assertFalse(contract.plan_changed)
        with self.assertRaisesRegex(UserError, "Make an amendment"):
            contract.with_user(self.anna).action_take_plan()

    def test_a_copy_takes_the_rows_along_as_new_ones(self):
        contract = self.draft()
        self.row(contract, "Inspections").quantity = 6
        self.put_in_force(contract)
        self.used_by(contract.entitlement_ids)
        copy = contract.with_user(self.anna).copy()
        self.assertEqual(sorted((p.name, p.origin) for p in copy.promise_ids),
                         [("Answered", "plan"), ("Inspections", "override")])
        self.assertFalse(set(copy.promise_ids.mapped("row_key")) & set(contract.promise_ids.mapped("row_key")))
        self.assertFalse(copy.entitlement_ids, "what was used is never copied")

    def test_the_paper_holds_the_promises(self):
        contract = self.draft()
        terms, before = contract._paper_terms(), contract._paper_fingerprint()
        visits = self.row(contract, "Inspections")
        self.assertEqual(terms["plan_id"], self.plan.id)
        self.assertEqual(terms[f"promise:{visits.row_key}"]["quantity"], 4)
        visits.quantity = 5
        self.assertNotEqual(contract._paper_fingerprint(), before)

    def test_in_force_plan_and_promises_change_by_an_amendment_only(self):
        contract = self.put_in_force(self.draft())
        visits = self.row(contract, "Inspections")
        other = self.a_plan(name="Other")
        for user in (self.anna, self.boss, self.env.user):
            changes = (
                lambda u=user: contract.with_user(u).write({"plan_id": other.id}),
                lambda u=user: contract.with_user(u).write({"add_on_ids": other.module_ids.ids}),
                lambda u=user: visits.with_user(u).write({"quantity": 40}),
                lambda u=user: visits.with_user(u).write({"target_id": self.response_target.id}),
                lambda u=user: visits.with_user(u).write({"plan_terms": {}}),
                lambda u=user: visits.with_user(u).unlink(),
                lambda u=user: self.env["aftersales.promise"].with_user(u).create(
                    {**VISITS, "contract_id": contract.id}))
            for change in changes:
                with self.assertRaisesRegex(UserError, "amendment"):
                    change()

    def test_an_amendment_changes_the_plan_and_its_ledgers(self):
        contract = self.put_in_force(self.draft())
        old = contract.entitlement_ids
        other = self.a_plan(name="Other")
        other.module_ids.filtered(lambda m: m.name == "Visits").promise_ids.write({"name": "Check-ups", "quantity": 8})
        amendment = contract.with_user(self.anna).make_amendment("2026-05-20", "More visits", "promise")
        self.assertEqual(self.named(amendment), ["Answered", "Inspections"])
        amendment.plan_id = other
        self.assertEqual(contract.plan_id, self.plan, "the contract stands as it is until the amendment is signed")
        self.put_in_force(amendment, until="sign")
        self.assertEqual(contract.plan_id, other)
        self.assertEqual(self.named(contract), ["Answered", "Check-ups"])
        contract._bring_entitlements_up_to_date()
        new = contract.entitlement_ids - old
        self.assertEqual([(kind, on, quantity) for kind, on, quantity, _lot in self.ledger(new)],
                         [("grant", "2026-05-20", 8)], "from the day of the amendment on")
        self.assertEqual(old.available, 4, "what was granted stays until it expires")
        self.assertFalse(old.promise_id)


class TestMeasurementSource(PlanCase):
    """contracts.md section 4 item 15: a promise without a measurement source cannot be activated."""

    def refused(self, sentence, policy=None, **terms):
        contract = self.a_contract(activate=False, policy_id=(policy or self.policy).id, promise_ids=[
            Command.create({"name": "X", **terms})])
        with self.assertRaisesRegex(ValidationError, sentence):
            contract.with_user(self.anna).action_submit()
        self.assertEqual(contract.state, "draft")
        self.assertTrue(contract.promise_ids.gap_text)
        return contract

    def test_item15_a_promise_without_a_source_cannot_be_activated(self):
        contract = self.refused("a measurement source for promise X", kind="sla", source=False)
        contract.promise_ids.source = "sla_target"
        self.assertEqual(contract.promise_ids.target_id, self.resolution_target)
        contract.with_user(self.anna).action_submit()
        self.assertEqual(contract.state, "review")

    def test_item15_nor_one_with_a_source_that_cannot_prove_it(self):
        self.refused("a measurement source for promise X", kind="quota", quota_unit="hour", quantity=1,
                     source="maintenance")
        self.refused("what the quota counts of promise X", kind="quota")
        self.refused("a quantity above zero of promise X", kind="quota", quota_unit="hour")
        self.refused("the use between visits of promise X", kind="maintenance", maintenance_kind="meter")
        self.refused("the channel or the team of promise X", kind="channel")

    def test_item15_a_target_that_the_policy_does_not_have(self):
        self.refused("an SLA target in policy Office Hours that measures promise X", kind="sla", metric="on_site")
        self.refused("an SLA target in policy Office Hours that measures promise X", kind="sla", impact="high")

    def test_item15_a_looser_target_proves_nothing(self):
        self.refused("an SLA target as tight as promise X .*the target allows 8 h", kind="sla", within_minutes=60)

    def test_item15_a_channel_is_measured_by_first_response(self):
        self.response_target.active = False
        self.refused("a first-response target in the SLA policy, which measures promise X", kind="channel",
                     channel="phone")

    def test_no_negative_terms(self):
        contract = self.a_contract(activate=False)
        for terms in ({"quantity": -1}, {"interval": 0}, {"objective": 101}, {"valid_periods": -1}, {"tolerance": -1}):
            with self.subTest(terms), self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), \
                    self.env.cr.savepoint():
                self.env["aftersales.promise"].create({**VISITS, **terms, "contract_id": contract.id})

    def test_a_target_added_later_is_found(self):
        contract = self.refused("an SLA target", kind="sla", metric="on_site")
        self.env["aftersales.sla.target"].create(
            {"policy_id": self.policy.id, "metric": "on_site", "duration_minutes": 60})
        contract.with_user(self.anna).action_submit()
        self.assertEqual(contract.promise_ids.target_id.metric, "on_site")

    def test_another_policy_brings_its_own_target(self):
        contract = self.a_contract(activate=False, promise_ids=[Command.create({"name": "X", "kind": "sla"})])
        other = self.policy.copy()
        contract.policy_id = other
        self.assertEqual(contract.promise_ids.target_id.policy_id, other)

    def test_around_the_clock_on_office_hours_is_warned_about(self):
        contract = self.a_contract(activate=False, promise_ids=[Command.create(
            {"name": "Hotline", "kind": "channel", "channel": "phone", "round_the_clock": True})])
        self.assertIn("Promise Hotline holds around the clock, but working schedule Office does not.",
                      contract._draft_warnings())
        self.assertIsNone(contract.promise_ids._source_gap())

    def test_roles(self):
        contract = self.a_contract(activate=False, promise_ids=[Command.create({"name": "X", "kind": "sla"})])
        for role in ("agent", "felix", "lena"):
            user = getattr(self, role)
            self.assertEqual(contract.promise_ids.with_user(user).name, "X")
            with self.assertRaises(AccessError):
                contract.promise_ids.with_user(user).write({"name": "Y"})
            with self.assertRaises(AccessError):
                contract.with_user(user).action_take_plan()
        with self.assertRaises(AccessError):
            contract.promise_ids.with_user(self.carla).read(["name"])
        with self.assertRaises(AccessError):
            contract.promise_ids.with_user(self.other_manager).read(["name"])
