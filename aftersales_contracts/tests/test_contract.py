"""Contracts: which one covers a request and why none does, their life, and what is fixed once signed."""

import psycopg2
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import mute_logger

from .common import AftersalesCase


class TestFindContract(AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pump, cls.dryer = cls.env["product.product"].create([{"name": "Pump"}, {"name": "Dryer"}])
        cls.incident, cls.question = (
            cls.env.ref(f"aftersales_contracts.type_{code}") for code in ("incident", "question"))
        cls.l1, cls.l2 = (cls.env.ref(f"aftersales_contracts.tier_{code}") for code in ("l1", "l2"))

    def found(self, **values):
        request = self.a_request(**values)
        return request.contract_id, request.contract_reason

    def test_the_contract_of_the_customers_company_covers_its_contacts(self):
        self.assertEqual(self.found(partner_id=self.contact.id), (self.contract, False))

    def test_a_reason_is_given_for_each_thing_that_does_not_fit(self):
        self.amend(
            self.contract, product_ids=[Command.set(self.pump.ids)], type_ids=[Command.set(self.incident.ids)],
            tier_ids=[Command.set(self.l1.ids)], date_end="2026-06-30")
        fits = {"product_id": self.pump.id, "type_id": self.incident.id, "tier_id": self.l1.id}
        name = self.contract.name
        for changed, reason in (
            ({}, False),
            ({"opened": "2026-06-30 23:59:59"}, False),
            ({"opened": "2026-07-01 00:00:00"}, f"Looked at {name}: no contract was in force on that day."),
            ({"opened": "2025-12-31 23:59:59"}, f"Looked at {name}: no contract was in force on that day."),
            ({"product_id": self.dryer.id}, f"Looked at {name}: no contract covers product Dryer."),
            ({"type_id": self.question.id}, f"Looked at {name}: no contract covers requests of type Question."),
            ({"tier_id": self.l2.id}, f"Looked at {name}: no contract covers support tier L2."),
            ({"partner_id": self.stranger.id}, "Somebody Else has no contract."),
        ):
            with self.subTest(changed):
                contract, found = self.found(**{**fits, **changed})
                self.assertEqual(found, reason)
                self.assertEqual(contract, self.contract if not reason else contract.browse())

    def test_the_day_of_opening_is_the_contracts_own(self):
        self.amend(self.contract, calendar_id=self.an_office(name="Taipei", tz="Asia/Taipei").id)
        self.assertEqual(self.found(opened="2025-12-31 16:00:00")[0], self.contract)
        self.assertFalse(self.found(opened="2025-12-31 15:59:59")[0])

    def test_among_several_the_asset_wins_then_the_product_then_the_latest(self):
        later = self.a_contract(title="Later", date_start="2026-02-01")
        self.assertEqual(self.found()[0], later)
        named = self.a_contract(title="Pumps", product_ids=[Command.set(self.pump.ids)])
        self.assertEqual(self.found(product_id=self.pump.id)[0], named)
        self.assertEqual(self.found(product_id=self.dryer.id)[0], later)
        asset = self.env["aftersales.asset"].create({
            "name": "P-1", "product_id": self.pump.id, "partner_id": self.customer.id, "contract_id": self.contract.id})
        self.assertEqual(self.found(product_id=self.pump.id, asset_id=asset.id)[0], self.contract)

    def test_an_asset_is_covered_on_its_own_days_only(self):
        asset = self.env["aftersales.asset"].create({
            "name": "P-2", "partner_id": self.customer.id, "contract_id": self.contract.id, "date_end": "2026-03-01"})
        contract, reason = self.found(asset_id=asset.id)
        self.assertFalse(contract)
        self.assertIn("no contract covers asset P-2", reason)
        self.assertEqual(self.found(asset_id=asset.id, opened="2026-03-01 10:00:00")[0], self.contract)

    def test_drafts_and_other_companies_cover_nothing(self):
        draft = self.a_contract(activate=False, partner_id=self.stranger.id)
        self.assertEqual(self.found(partner_id=self.stranger.id)[1], "Somebody Else has no contract.")
        self.put_in_force(draft)
        self.assertEqual(self.found(partner_id=self.stranger.id)[0], draft)
        request = self.a_request(partner_id=self.stranger.id, company_id=self.other_company.id)
        self.assertEqual(request.contract_reason, "Somebody Else has no contract.")

    def test_looking_again_after_activation(self):
        draft = self.a_contract(activate=False, partner_id=self.stranger.id)
        request = self.a_request(partner_id=self.stranger.id)
        self.assertFalse(request.clock_ids)
        self.put_in_force(draft)
        request.with_user(self.agent).action_find_contract()
        self.assertRecordValues(request, [
            {"contract_id": draft.id, "contract_reason": False, "policy_id": self.policy.id}])
        self.assertEqual(len(request.clock_ids), 2)

    def test_a_batch_needs_one_look(self):
        requests = self.env["aftersales.request"].browse(
            [self.a_request(partner_id=partner.id).id for partner in (self.customer, self.contact, self.stranger)])
        found = self.env["aftersales.contract"]._find_for(requests)
        self.assertEqual([contract for contract, _reason in found.values()], [self.contract, self.contract,
                         self.contract.browse()])


class TestContractLife(AftersalesCase):
    def test_the_state_changes_through_buttons_only(self):
        contract = self.contract.with_user(self.boss)
        with self.assertRaisesRegex(UserError, "buttons"):
            contract.write({"state": "draft"})
        with self.assertRaisesRegex(UserError, "draft"):
            self.env["aftersales.contract"].with_user(self.boss).create({
                "title": "Born active", "partner_id": self.customer.id, "state": "active"})

    def test_the_context_of_a_remote_call_opens_no_door(self):
        contract = self.contract.with_user(self.anna).with_context(aftersales_transition=True)
        with self.assertRaises(UserError):
            contract.write({"state": "draft"})

    def test_submitting_lists_everything_that_lacks(self):
        contract = self.a_contract(activate=False, policy_id=False, service_mode="authorised")
        with self.assertRaisesRegex(ValidationError, "an SLA policy, the dealer that serves it"):
            contract.action_submit()
        self.assertEqual(contract.state, "draft")

    def test_what_was_signed_is_fixed(self):
        euro, other = self.env.ref("base.EUR"), self.env.ref("base.CHF")
        (euro | other).active = True
        pump = self.env["product.product"].create({"name": "Pump"})
        contract = self.a_contract(currency_id=euro.id).with_user(self.anna)
        for name, value in (
            ("partner_id", self.stranger.id), ("currency_id", other.id), ("date_start", "2025-01-01"),
            ("date_end", "2026-12-31"), ("policy_id", False), ("product_ids", [Command.set(pump.ids)]),
        ):
            with self.subTest(name), self.assertRaisesRegex(UserError, f"{contract.name}.*amendment"):
                contract.write({name: value})
        contract.write({"partner_id": self.customer.id, "team_id": False})  # the same value is no change
        for user in (self.boss, self.env.user):
            with self.subTest(user.login), self.assertRaisesRegex(UserError, "amendment"):
                contract.with_user(user).sudo().write({"title": "Another"})

    def test_only_drafts_can_be_deleted(self):
        with self.assertRaisesRegex(UserError, self.contract.name):
            self.contract.with_user(self.anna).unlink()
        self.a_contract(activate=False).with_user(self.anna).unlink()

    def test_numbers_follow_the_year_and_a_copy_gets_its_own(self):
        contract = self.a_contract(date_start="2025-06-01")
        self.assertRegex(contract.name, r"^SC/2025/\d{4}$")
        copy = contract.copy()
        self.assertRegex(copy.name, r"^SC/2025/\d{4}$")
        self.assertNotEqual(copy.name, contract.name)
        self.assertEqual((copy.state, copy.asset_ids, copy.request_ids), ("draft", copy.asset_ids.browse(),
                         copy.request_ids.browse()))
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            copy.name = contract.name
            self.env.flush_all()

    def test_many_created_at_once_get_their_own_numbers(self):
        vals = {"title": "Batch", "partner_id": self.customer.id, "date_start": "2026-05-01"}
        contracts = self.env["aftersales.contract"].create([vals] * 3)
        self.assertEqual(len(set(contracts.mapped("name"))), 3)

    def test_dates_in_order(self):
        with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.amend(self.contract, date_end="2025-12-31")
            self.env.flush_all()
