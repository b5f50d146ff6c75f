"""Intake of claims: one door, its refusals, duplicates, the service request, and messages."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time
from odoo.tools import mute_logger

from .claim_case import ClaimCase


@freeze_time("2026-03-10 09:00:00")
class TestClaimIntake(ClaimCase):

    def test_a_claim_of_an_agent_knows_machine_customer_and_runs_under_the_clocks_of_its_request(self):
        claim = self.intake()
        self.assertRecordValues(claim, [{
            "asset_id": self.asset.id, "partner_id": self.customer.id, "product_id": self.product.id,
            "state": "intake", "claimant_id": self.agent.id, "channel": "agent", "company_id": self.company.id}])
        self.assertTrue(claim.name.startswith("CL/2026/"))
        self.assertEqual(claim.request_id.asset_id, self.asset)
        self.assertEqual(claim.contract_id, claim.request_id.contract_id)
        self.assertEqual(claim.move_ids.mapped("to_state"), ["intake"])
        self.assertEqual(claim.owner_id, self.agent)
        self.assertTrue(claim.activity_ids)

    def test_a_claim_joins_the_open_request_on_its_machine_once(self):
        request = self.a_request(asset_id=self.asset.id)
        self.assertEqual(self.intake().request_id, request)
        other = self.intake(failure_on="2026-01-05")
        self.assertNotEqual(other.request_id, request, "it has a claim already")

    def test_what_is_wrong_is_said_and_nothing_is_written(self):
        other = self.env["aftersales.asset"].create({
            "name": "THEIRS-1", "partner_id": self.stranger.id, "company_id": self.other_company.id})
        gone = self.env["res.partner"].create({"name": "Gone Ltd", "active": False})
        before = self.env["aftersales.warranty.claim"].search_count([])
        requests = self.env["aftersales.request"].search_count([])
        cases = [
            ({"serial": "NOWHERE-9"}, "NOWHERE-9"),
            ({"serial": other.name}, other.name),
            ({"serial": ""}, "serial number"),
            ({"failure_on": "2025-05-31"}, "before it was delivered on 2025-06-01"),
            ({"failure_on": "2026-03-11"}, "lies in the future"),
            ({"reported_on": "2026-03-01"}, "before it failed"),
            ({"partner_id": gone.id}, "Gone Ltd is archived"),
            ({"cause": "no_such"}, "no_such"),
            ({"colour": "red"}, "colour"),
            ({"lines": [{"kind": "parts", "weight": 3}]}, "weight"),
        ]
        for values, words in cases:
            with self.subTest(values=values), self.assertRaisesRegex((UserError, ValidationError), words):
                self.intake(**values)
        with self.assertRaisesRegex(UserError, "pigeon"):
            self.intake(channel="pigeon")
        self.assertEqual(self.env["aftersales.warranty.claim"].search_count([]), before)
        self.assertEqual(self.env["aftersales.request"].search_count([]), requests)

    def test_a_serial_of_two_products_asks_which(self):
        self.env["aftersales.asset"].create({
            "name": "CLAIM-1", "product_id": self.seal.id, "partner_id": self.stranger.id,
            "company_id": self.company.id})
        with self.assertRaisesRegex(UserError, "Shaft Seal"):
            self.intake()
        self.assertEqual(self.intake(product_id=self.product.id).asset_id, self.asset)

    def test_the_same_machine_day_and_cause_is_refused_unless_a_reason_says_why(self):
        first = self.intake()
        near = self.intake(failure_on="2026-02-25")
        self.assertFalse(near.duplicate_of_id == first and near.duplicate_reason)
        self.assertEqual(near.duplicate_of_id, first, "eight days apart, of the same cause")
        with self.assertRaisesRegex(UserError, first.name):
            self.intake()
        again = self.intake(duplicate_reason="The second seal of the same pump")
        self.assertEqual(again.duplicate_of_id, first)
        other = self.intake(cause="claim_misuse")
        self.assertFalse(other.duplicate_of_id, "another cause")

    @mute_logger("odoo.sql_db")
    def test_the_database_knows_a_duplicate_too(self):
        from psycopg2.errors import UniqueViolation

        claim = self.intake()
        other = self.intake(failure_on="2026-03-06")
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.env.cr.execute(
                "UPDATE aftersales_warranty_claim SET failure_on = %s WHERE id = %s", [claim.failure_on, other.id])

    def test_a_claim_after_the_end_of_all_covers_is_taken_in_and_the_verdict_says_so(self):
        old = self.an_asset("CLAIM-OLD", delivered_on="2024-01-01")
        claim = self.judged(serial="CLAIM-OLD")
        self.assertEqual(claim.asset_id, old)
        self.assertEqual(set(claim.line_ids.mapped("covered_percent")), {0.0})
        self.assertEqual(claim.line_ids[0].verdict_rule, "ended")

    def test_a_portal_user_has_no_door_but_the_portal(self):
        with self.assertRaises(AccessError):
            self.intake(by=self.carla)
        with self.assertRaises(AccessError):
            self.env["aftersales.warranty.claim"].with_user(self.diego).intake({"serial": "CLAIM-1"})

    def test_remote_calls_cannot_say_who_filed_or_where_it_is(self):
        Claim = self.env["aftersales.warranty.claim"].with_user(self.agent)
        for name, value in (("state", "billing"), ("claimant_id", self.anna.id), ("name", "CL/1")):
            with self.subTest(name=name), self.assertRaises(UserError):
                Claim.create({"asset_id": self.asset.id, name: value})
        claim = self.intake()
        for name, value in (("state", "closed"), ("channel", "portal"), ("request_id", self.a_request().id)):
            with self.subTest(name=name), self.assertRaises(UserError):
                claim.write({name: value})
        with self.assertRaises(UserError):
            claim.sudo().unlink()

    def test_a_message_is_a_claim_on_the_machine_that_its_subject_names(self):
        Claim = self.env["aftersales.warranty.claim"]
        message = {"subject": "Leak at CLAIM-1!", "body": "<p>It leaks</p>", "email_from": "carla@example.com",
                   "author_id": self.contact.id, "message_id": "<1@example.com>"}
        claim = Claim.message_new(message, {"company_id": self.company.id})
        self.assertRecordValues(claim, [{
            "asset_id": self.asset.id, "channel": "email", "partner_id": self.contact.id, "intake_problem": False}])
        self.assertIn("It leaks", claim.symptom)
        unknown = Claim.message_new({**message, "subject": "Help", "message_id": "<2@example.com>"}, {})
        self.assertFalse(unknown.asset_id)
        self.assertTrue(unknown.intake_problem)
        with self.assertRaisesRegex(UserError, "machine is not known"):
            unknown.with_user(self.agent).action_next()
        stranger = Claim.message_new(
            {**message, "author_id": self.stranger.id, "message_id": "<3@example.com>"}, {})
        self.assertIn("sender", stranger.intake_problem)
        stranger.with_user(self.agent).action_settle_intake()
        self.assertFalse(stranger.intake_problem)

    def test_many_claims_are_taken_in_by_as_many_queries_for_duplicates_and_requests(self):
        assets = [self.an_asset(f"CLAIM-B{n}") for n in range(8)]
        Claim = self.env["aftersales.warranty.claim"]
        claims = Claim.create([
            {"asset_id": asset.id, "failure_on": "2026-03-01", "channel": "recall"} for asset in assets])
        self.assertEqual(len(claims.request_id), 8)
        self.assertEqual(len(set(claims.mapped("name"))), 8)
