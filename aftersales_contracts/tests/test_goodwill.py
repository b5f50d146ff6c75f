"""Goodwill: proposed by one person, approved by another within a budget, borne as agreed, and asked for last."""

from decimal import Decimal

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..models.claims.claim_verdict import Part
from .test_reimbursements import HUNDRED, ClaimMoneyCase


@tagged("post_install", "-at_install")
class TestGoodwill(ClaimMoneyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budget = cls.env["aftersales.goodwill.budget"].create({
            "name": "Goodwill 2026", "company_id": cls.company.id, "date_from": "2026-01-01", "date_to": "2026-12-31",
            "amount": 500, "case_limit": 300, "approver_ids": [Command.set((cls.felix | cls.anna).ids)]})
        cls.line = cls.a_line(price=200, cost=100)
        cls.claim._write_guarded({"state": "diagnosis"})

    def propose(self, amount=200, by=None, claim=None, **values):
        return self.env["aftersales.goodwill"].with_user(by or self.anna).create({
            "claim_id": (claim or self.claim).id, "amount": amount, "reason": "A good customer", **values})

    def test_another_person_approves_within_the_budget(self):
        goodwill = self.propose()
        self.assertEqual((goodwill.budget_id, goodwill.state, goodwill.name[:3]), (self.budget, "proposed", "GW/"))
        with self.refused(AccessError, "You proposed"):
            goodwill.with_user(self.anna).action_approve()
        with self.refused(AccessError, "no approver"):
            goodwill.with_user(self.lena).action_approve()
        goodwill.with_user(self.felix).action_approve()
        self.assertEqual((goodwill.state, goodwill.decided_by_id), ("approved", self.felix))
        self.assertEqual((self.budget.committed, self.budget.left, self.budget.left_percent), (200, 300, 60))
        with self.refused(UserError, "is decided"):
            goodwill.with_user(self.felix).action_approve()
        with self.refused(UserError, "does not change"):
            goodwill.with_user(self.anna).amount = 1

    def test_row29_over_the_budget_or_the_limit_takes_an_administrator_and_a_reason(self):
        """Row 29 of the edge cases; peers give a discount line, and nobody knows what was given in a year."""
        big = self.propose(400)
        with self.refused(UserError, "needs an administrator: the limit for each case is"):
            big.with_user(self.felix).action_approve()
        with self.refused(UserError, "give the reason"):
            big.with_user(self.boss).action_approve()
        big.with_user(self.boss).action_approve("The board agreed")
        other = self.propose(200, claim=self.a_claim(state="diagnosis"))
        with self.refused(UserError, "is left of the budget"):
            other.with_user(self.felix).action_approve()
        other.with_user(self.felix).action_refuse("The budget is used up")
        self.assertEqual((other.state, self.budget.left), ("refused", 100))

    def test_what_is_borne_sums_to_a_hundred(self):
        with self.refused(ValidationError, "comes to 120 %"):
            self.propose(company_percent=80, dealer_percent=40)
        goodwill = self.propose(company_percent=50, dealer_percent=30, supplier_percent=20)
        self.assertEqual(goodwill._split(Decimal("10.01")), {
            "company": Decimal("5.01"), "dealer": Decimal("3.00"), "supplier": Decimal("2.00")})
        own = self.a_claim(state="diagnosis", dealer_id=False)
        with self.refused(ValidationError, "has no dealer"):
            self.propose(claim=own, company_percent=60, dealer_percent=40)

    def test_what_the_dealer_bears_is_not_reimbursed(self):
        goodwill = self.propose(150, company_percent=50, dealer_percent=30, supplier_percent=20)
        goodwill.with_user(self.felix).action_approve()
        whole = Decimal(200)
        self.line._write_guarded({"covered_percent": 75, "covered_amount": 150})
        self.claim._write_shares([(self.line, [
            Part("goodwill", "goodwill", goodwill.name, goodwill, Decimal(75), Decimal(150)),
            Part("customer", "customer", "", None, HUNDRED - 75, whole - 150)])])
        self.claim._decide(self.line, "approved", None, "Test")
        self.assertEqual(self.rows(), [("parts", "65.00", "open")], "110 % of 100.00, less 30 % of 150.00")
        self.assertIn("borne by the dealer", self.claim.reimbursement_ids.steps_text)
        self.assertEqual((goodwill.used_amount, self.budget.spent, self.budget.left), (150, 150, 350))

    def test_the_engine_asks_it_last_and_only_for_its_claim(self):
        goodwill = self.propose(150, percent=80, travel=True, labour=False)
        cover = goodwill._cover(self.claim.failure_on)
        self.assertEqual((cover.kind, cover.rank, sorted(cover.policy.by_kind)), ("goodwill", 60, ["parts", "travel"]))
        self.assertEqual((cover.policy.claim_cap, cover.policy.by_kind["parts"].percent), (150, 80))
        Asset = self.env["aftersales.asset"]
        case = self.claim._case()
        self.assertFalse(any(one.kind == "goodwill" for one in Asset._engine_covers([case]).get(0, ())))
        goodwill.with_user(self.felix).action_approve()
        other = self.a_claim(state="diagnosis")
        self.a_line(other)
        found = Asset._engine_covers([case, other._case()])
        self.assertEqual([one.key for one in found[0] if one.kind == "goodwill"], [goodwill.name])
        self.assertFalse(any(one.kind == "goodwill" for one in found.get(1, ())))
        self.assertEqual(Asset._cover_record(goodwill.name), goodwill)

    def test_the_verdict_takes_it_in(self):
        """No warranty holds: the verdict says nothing is covered, and after the approval that goodwill pays."""
        self.claim.with_user(self.anna).action_verdict()
        self.assertEqual(self.line.covered_percent, 0)
        self.propose(150, percent=100).with_user(self.felix).action_approve()
        self.assertFalse(self.claim.verdict_at, "what it rests on has changed")
        self.claim.with_user(self.anna).action_verdict()
        self.assertEqual((self.line.covered_percent, self.line.covered_amount), (75, 150))
        self.assertEqual(self.claim.share_ids.mapped("payer_kind"), ["goodwill", "customer"])

    def test_budgets_of_a_family_come_first_and_stay_once_used(self):
        family = self.env["product.category"].create({"name": "Family"})
        special = self.budget.copy({"name": "Pumps 2026", "categ_ids": [Command.set(family.ids)]})
        self.pump.categ_id = family
        goodwill = self.propose()
        self.assertEqual(goodwill.budget_id, special)
        with self.refused(UserError, "archive it instead"):
            special.with_user(self.felix).unlink()
        for user in (self.anna, self.lena):
            with self.subTest(user.name), self.refused(AccessError, ""):
                self.budget.with_user(user).amount = 1
