"""Segments: the value of a customer, with its inputs; the plan and the priority that follow."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time

from .common import AftersalesCase


@freeze_time("2026-03-02 09:00:00")
class TestSegment(AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["aftersales.segment.formula"].search([("company_id", "=", cls.company.id)]).unlink()
        cls.plan = cls.env["aftersales.service.plan"].create({"name": "Gold", "segment": "high_value"})
        cls.formula = cls.env["aftersales.segment.formula"].create({
            "company_id": cls.company.id, "years": 2, "margin": 10, "retention": 90, "rate": 10, "first": 1,
            "segment_ids": [
                Command.create({"segment": "high_value", "threshold": 1000, "plan_id": cls.plan.id, "priority": "3"}),
                Command.create({"segment": "ordinary", "threshold": 100}),
                Command.create({"segment": "low_frequency", "threshold": 0})]})

    def reckon(self, **values):
        self.customer.with_user(self.boss).write(values)
        self.customer.with_user(self.anna).action_reckon_segment()
        return self.env["aftersales.lifetime.value"].search([("partner_id", "=", self.customer.id)], limit=1)

    def test_the_formula_by_hand(self):
        """1,000 / 1.1 + 1,000 x 0.9 / 1.21 = 909.09 + 743.80 = 1,652.89."""
        value = self.reckon(aftersales_yearly_profit=1000)
        self.assertEqual((value.amount, value.segment, value.source), (1652.89, "high_value", "customer"))
        self.assertEqual(value.inputs["rate"], 10)
        self.assertEqual(self.customer.aftersales_segment, "high_value")

    def test_without_contracts_of_value_a_customer_is_of_low_frequency(self):
        value = self.reckon()
        self.assertEqual((value.amount, value.segment, value.source), (0, "low_frequency", "contracts"))
        self.assertEqual([row[0] for row in value.inputs["contracts"]], [self.contract.name])

    def test_a_segment_by_hand_holds(self):
        value = self.reckon(aftersales_segment_by_hand="ordinary", aftersales_yearly_profit=100000)
        self.assertEqual((value.segment, self.customer.aftersales_segment), ("high_value", "ordinary"))

    def test_the_segment_proposes_plan_and_priority(self):
        self.reckon(aftersales_yearly_profit=1000)
        with Form(self.env["aftersales.contract"].with_user(self.anna)) as form:
            form.title = "New"
            form.partner_id = self.customer
            self.assertEqual(form.plan_id, self.plan)
            form.policy_id = self.policy
        self.assertEqual(self.a_request().priority, "3")
        self.assertEqual(self.a_request(priority="0").priority, "0")
        self.assertEqual(self.a_request(partner_id=self.stranger.id).priority, "1")

    def test_values_are_kept_and_no_stranger_reckons(self):
        value = self.reckon()
        with self.assertRaises(UserError):
            value.sudo().write({"amount": 1})
        with self.assertRaises(UserError):
            value.sudo().unlink()
        for user in (self.agent, self.felix, self.carla):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.customer.with_user(user).action_reckon_segment()

    def test_a_missing_rate_names_the_currency(self):
        franc = self.env.ref("base.CHF")
        franc.active = True
        franc.rate_ids.unlink()
        self.a_contract(currency_id=franc.id, line_ids=[Command.create({"name": "Fee", "price": 100})])
        with self.assertRaisesRegex(UserError, "no exchange rate for CHF"):
            self.reckon()

    def test_a_company_without_formula_says_so(self):
        self.formula.unlink()
        with self.assertRaisesRegex(UserError, "has no segment formula"):
            self.customer.with_user(self.anna).action_reckon_segment()

    def test_at_night_every_customer_once_a_month(self):
        Nightly = self.env["aftersales.nightly"]
        step = next(step for step in Nightly._steps() if step.key == "segments")
        due = Nightly._due(step, None)
        self.assertIn(self.customer, due)
        due._nightly_segments(None)
        self.assertFalse(Nightly._due(step, None))
        with freeze_time("2026-04-02 09:00:00"):
            self.assertIn(self.customer, Nightly._due(step, None))
