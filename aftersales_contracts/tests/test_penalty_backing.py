"""A failure that costs us more than what the contracts behind it credit us."""

from odoo.fields import Command

from .clause_case import ContractPenaltyCase
from .common import ADDON


class TestBacking(ContractPenaltyCase):
    def provider(self, clause=None, price=1000, **values):
        contract = self.a_draft(*(clause or ()), price=price, partner_id=self.dealer.id,
                                contract_type_id=self.env.ref(f"{ADDON}.contract_type_provider").id, **values)
        return contract

    def warnings(self, *behind, clause=None):
        contract = self.a_draft(clause or self.clause, backing_ids=[Command.set([one.id for one in behind])])
        return "\n".join(contract._penalty_backing_warnings())

    def test_a_provider_without_a_penalty_is_told(self):
        behind = self.provider()
        self.assertIn(f"Contract {behind.display_name} behind this one owes no penalty", self.warnings(behind))

    def test_a_weaker_penalty_is_told_with_both_amounts(self):
        """Ours costs at most 10 % of 1,000 a month; theirs is at most 10 % of 400."""
        text = self.warnings(self.provider(self.clause, price=400))
        self.assertRegex(text, r"cost us penalties of \$\s?100.00; those behind it credit us at most \$\s?40.00")
        self.assertEqual(self.warnings(self.provider(self.clause)), "")
        both = [self.provider(self.clause, price=price) for price in (400, 600)]
        self.assertEqual(self.warnings(*both), "", "together they credit as much")

    def test_ours_without_a_limit(self):
        endless = self.a_clause([self.a_component()])
        self.assertRegex(self.warnings(self.provider(self.clause), clause=endless), r"without a limit; .* at most")
        self.assertEqual(self.warnings(self.provider(endless), clause=endless), "")

    def test_another_currency_is_converted(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        self.env["res.currency.rate"].create({"currency_id": yen.id, "name": "2026-01-01", "rate": 100.0})
        clause = self.a_clause([self.a_component(rate=5000)], currency_id=yen.id, period_cap_value=10,
                               period_cap_base="fee")
        behind = self.provider(clause, price=40000, currency_id=yen.id)
        self.assertRegex(self.warnings(behind), r"at most \$\s?40.00")

    def test_a_promise_that_nobody_behind_pays_for(self):
        other = self.a_clause([self.a_component(name="Answer", metric="first_response", rate=50)])
        self.assertIn("missed promise of “Resolution” costs us a penalty", self.warnings(self.provider(other)))

    def test_providers_themselves_and_contracts_without_clauses_are_not_asked(self):
        behind = self.provider()
        self.assertEqual(behind._penalty_backing_warnings(), [])
        self.assertEqual(self.a_draft(backing_ids=[Command.set(behind.ids)])._penalty_backing_warnings(), [])
