"""Warranty policies and covers as people handle them: who releases, what stays as it is, which policy a machine gets,
voids by two people, and a warranty that comes before the quota of a contract."""

import psycopg2
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import mute_logger

from .extended_case import ExtendedCase
from .plan_case import VISITS, PlanCase, day


class TestWarrantyPolicy(ExtendedCase):
    def draft(self, by=None, **values):
        return self.env["aftersales.warranty.policy"].with_user(by or self.anna).create({
            "name": "Draft", "company_id": self.company.id, "product_ids": [Command.set(self.pump.ids)],
            "benefit_ids": [Command.create({"kind": "parts"})], **values})

    def test_another_person_than_the_author_releases(self):
        policy = self.draft()
        for user in (self.anna, self.felix, self.agent):
            with self.assertRaises(AccessError):
                policy.with_user(user).action_release()
        own = self.draft(by=self.lena)
        with self.assertRaisesRegex(UserError, "another person than its author"):
            own.with_user(self.lena).action_release()
        own.with_user(self.boss).action_release()
        policy.with_user(self.lena).action_release()
        self.assertEqual((policy.state, policy.released_by_id), ("released", self.lena))

    def test_what_is_wrong_is_told_before_the_release(self):
        for told, values in {
            "pays nothing": {"benefit_ids": []}, "are no range": {"serial_first": "A-9", "serial_last": "A-1"},
            "begin with none": {"serial_last": "A-1"},
        }.items():
            policy = self.draft(**values)
            self.assertIn(told, policy.findings)
            with self.assertRaisesRegex(UserError, told):
                policy.with_user(self.lena).action_release()

    def test_a_released_policy_does_not_change_but_has_versions(self):
        policy = self.warranty.with_user(self.anna)
        for change in (lambda: policy.write({"name": "Other"}), lambda: policy.benefit_ids[:1].write({"percent": 1}),
                       policy.benefit_ids.unlink, policy.unlink,
                       lambda: policy.write({"benefit_ids": [Command.create({"kind": "travel"})]})):
            with self.assertRaises(UserError):
                change()
        newer = policy.browse(policy.action_new_version()["res_id"])
        self.assertEqual((newer.number, newer.version, newer.state), (policy.number, 2, "draft"))
        newer.benefit_ids.filtered(lambda one: one.kind == "parts").term_count = 24
        newer.with_user(self.lena).action_release()
        self.assertEqual(self.last_day(self.an_asset("V-2")), "2027-03-09")

    def test_the_closest_policy_of_a_kind_counts_and_additional_ones_beside_it(self):
        family = self.env["product.category"].create({"name": "Pumps"})
        special = self.env["product.category"].create({"name": "Vacuum", "parent_id": family.id})
        vacuum = self.env["product.product"].create({"name": "Vacuum pump", "categ_id": special.id})
        wide = self.a_policy("Family", 6, product_ids=[], categ_ids=[Command.set(family.ids)])
        near = self.a_policy("Vacuum", 18, product_ids=[], categ_ids=[Command.set(special.ids)])
        beside = self.a_policy("Beside", 60, product_ids=[], categ_ids=[Command.set(family.ids)], additional=True)
        self.a_policy("Old", 99, product_ids=[Command.set(vacuum.ids)], valid_until="2024-12-31")
        asset = self.an_asset("VAC", product_id=vacuum.id)
        self.assertEqual(asset.warranty_cover_ids.policy_id, near | beside)
        self.assertNotIn(wide, asset.warranty_cover_ids.policy_id)

    def test_covers_start_once_and_in_the_same_queries(self):
        asset = self.an_asset("ONCE")
        for source in ("registration", "delivery", "manual"):
            asset._start_covers(source)
        cover = self.covers(asset)
        self.assertEqual(len(cover), 1)
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError), self.env.cr.savepoint():
            cover.create({"asset_id": asset.id, "policy_id": self.warranty.id})
            self.env.flush_all()
        with self.assertRaisesRegex(UserError, "does not change"):
            cover.with_user(self.anna).write({"policy_id": self.extension.id})
        for name, value in (("state", "running"), ("last_day", "2099-01-01")):
            with self.assertRaises(UserError):
                cover.with_user(self.anna).write({name: value})

    def test_a_cover_ends_for_a_reason_and_stays_ended(self):
        asset = self.an_asset("END")
        cover = self.covers(asset)
        with self.assertRaises(AccessError):
            cover.with_user(self.agent).action_end("Not paid", "2026-01-10")
        with self.assertRaisesRegex(UserError, "Say why"):
            cover.with_user(self.anna).action_end(" ", "2026-01-10")
        cover.with_user(self.anna).action_end("Not paid", "2026-01-10")
        self.assertEqual((cover.state, str(cover.last_day)), ("ended", "2026-01-10"))
        asset._start_covers("registration")
        self.assertEqual(self.covers(asset), cover)
        self.assert_payer(asset, "2026-01-10", "warranty")
        self.assert_payer(asset, "2026-01-11", "customer")

    def test_a_void_takes_two_people(self):
        asset = self.an_asset("VOID")
        cover = self.covers(asset)
        void = self.env["aftersales.warranty.void"].with_user(self.agent).create({
            "asset_id": asset.id, "cover_ids": [Command.set(cover.ids)], "day": "2026-01-01",
            "reason_id": self.env.ref("aftersales_contracts.void_reason_seal").id})
        self.assertEqual((void.state, void.proposed_by_id, cover.state), ("proposed", self.agent, "running"))
        with self.assertRaises(AccessError):
            void.with_user(self.anna).action_approve()
        with self.assertRaises(UserError):
            void.with_user(self.agent).write({"state": "approved"})
        own = void.with_user(self.lena).copy()
        with self.assertRaisesRegex(UserError, "another person"):
            own.with_user(self.lena).action_approve()
        void.with_user(self.lena).action_approve()
        self.assertEqual(cover.state, "void")
        told = asset.check_coverage("2026-01-05")["items"][0]
        self.assertEqual((told["covered"], told["rule"]), (False, "void"))
        self.assertTrue(asset.check_coverage("2025-12-31")["items"][0]["covered"])
        with self.assertRaisesRegex(UserError, "decided"):
            void.with_user(self.agent).write({"day": "2025-04-01"})
        void.with_user(self.boss).action_lift()
        self.assertEqual(cover.state, "running")

    def test_the_portal_and_other_companies_see_no_covers(self):
        cover = self.covers(self.an_asset("SEC"))
        for user in (self.carla, self.diego, self.outsider, self.clerk):
            with self.assertRaises(AccessError):
                cover.with_user(user).read(["last_day"])
        with self.assertRaises(AccessError):
            cover.with_user(self.other_manager).read(["last_day"])
        with self.assertRaises(AccessError):
            cover.asset_id.with_user(self.outsider).check_coverage("2026-01-05")


class TestWarrantyBeforeQuota(PlanCase):
    """A machine of a contract with 4 visits a year, on 2026-05-20."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.machine = cls.env["aftersales.asset"].create({
            "name": "NW-1", "partner_id": cls.customer.id, "delivered_on": "2026-01-10",
            "product_id": cls.env["product.product"].create({"name": "Pump"}).id})
        cls.visits = cls.a_contract(activate=False, promise_ids=[Command.create(VISITS)])
        cls.env["aftersales.cover"].create({"contract_id": cls.visits.id, "asset_id": cls.machine.id})
        cls.visits._adopt("Test")

    def warranted(self, months=12, **benefits):
        policy = self.env["aftersales.warranty.policy"].create({
            "name": "Warranty", "product_ids": [Command.set(self.machine.product_id.ids)],
            "benefit_ids": [Command.create({"kind": kind, "percent": percent, "term_count": months})
                            for kind, percent in benefits.items()]})
        policy.action_release()
        self.machine._start_covers("registration")
        return self.machine.warranty_cover_ids.filtered(lambda one: one.policy_id == policy)

    def used(self):
        request = self.a_request(opened="2026-05-19 08:00:00", asset_id=self.machine.id)
        return request, request.use_entitlement("visit", 1, "2026-05-20")

    def test_row26_a_quota_is_not_used_where_a_warranty_pays(self):
        """Others take the visit from the contract and the repair from the warranty."""
        cover = self.warranted(labour=100, travel=100)
        request, told = self.used()
        self.assertEqual((told["paid_by"], told["line_ids"]), (cover.display_name, []))
        self.assertEqual(request.payer_text, cover.display_name)
        self.assertIn("a warranty comes before a contract", request.payer_reason)

    def test_the_quota_is_used_where_a_warranty_pays_in_part_or_no_more(self):
        self.warranted(labour=50, travel=100)
        self.assertEqual(len(self.used()[1]["line_ids"]), 1)
        self.warranted(months=3, labour=100, travel=100)
        self.assertEqual(len(self.used()[1]["line_ids"]), 1)

    def test_the_verdict_takes_the_contract_after_the_warranty_and_tells_what_is_left(self):
        self.warranted(labour=50)
        told = self.machine.check_coverage(day("2026-05-20"), "", [{"key": "work", "kind": "labour", "amount": 80}])
        self.assertEqual([(one["kind"], one["percent"]) for one in told["items"][0]["payers"]], [
            ("warranty", 50), ("contract", 50)])
        self.assertEqual([one["quota_left"] for one in told["balances"] if one["quota_left"] is not None], [3])
