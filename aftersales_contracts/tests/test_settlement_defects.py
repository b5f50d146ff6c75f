"""Defects 1 to 7 that were found by reading peers' code, as settlements of a real ledger that do not have them."""

from odoo import fields
from odoo.fields import Command
from odoo.tests import freeze_time

from .settlement_case import SettlementCase

SECTIONS = ((0, 10), (100, 20), (300, 30))


class TestSettlementDefects(SettlementCase):
    def dealer_with(self, *components, **values):
        """Another dealer contract, of a dealer of its own, that serves a customer of its own."""
        rule = self.a_rule(list(components), **values)
        dealer = self.env["res.partner"].create({"name": "Southern Dealer", "is_company": True, "bank_ids": [
            Command.create({"acc_number": "DE42"})]})
        customer = self.env["res.partner"].create({"name": "Quarry", "is_company": True})
        contract = self.a_dealer_contract(rule=rule, partner_id=dealer.id)
        contract.settlements_from = "2026-03-01"
        self.attribute(dealer_contract_id=contract.id, partner_id=customer.id)
        return contract, customer

    def test_defect1_a_section_that_is_passed_counts_its_own_width(self):
        """agreement_rebate counts the upper bound of a passed section instead of its width: 1120.00 for 3800, where the
        marginal sum is 10 + 40 + 1050 = 1100.00."""
        contract, customer = self.dealer_with(self.a_share(brackets=SECTIONS))
        self.an_invoice((self.work, 3800), partner=customer)
        [march] = self.settle(contracts=contract)
        self.assertEqual(march.total, 1100)
        self.assert_sound(march)

    def test_defect2_splitting_an_invoice_changes_nothing_and_there_are_no_holes(self):
        """commission_oca picks the section for each invoice line, and 100.005 in a hole of 0.01 earns 0."""
        contract, customer = self.dealer_with(self.a_share(brackets=SECTIONS))
        self.an_invoice((self.work, 3800), partner=customer)
        split, other = self.dealer_with(self.a_share(brackets=SECTIONS))
        for amount in (100.01, 1899.99, 1800):
            self.an_invoice((self.work, amount), partner=other)
        [whole], [parts] = self.settle(contracts=contract), self.settle(contracts=split)
        self.assertEqual(parts.revenue, whole.revenue)
        self.assertEqual(parts.total, whole.total)
        self.assertTrue(all(amount > 0 for amount in parts.line_ids.mapped("amount")))
        self.assert_sound(parts)

    def test_defect3_a_period_has_all_its_days(self):
        """commission_oca's second half of January ends on the 30th: the line of the last day lies outside."""
        self.an_invoice((self.work, 100), day="2026-03-31")
        self.an_invoice((self.work, 100), day="2026-04-01")
        [march] = self.settle()
        self.assertEqual((str(march.period_start), str(march.period_end)), ("2026-03-01", "2026-03-31"))
        self.assertEqual([str(day) for day in march.line_ids.mapped("day")], ["2026-03-31"])
        [april] = self.settle("2026-05-10")
        self.assertEqual([str(day) for day in april.line_ids.mapped("day")], ["2026-04-01"])
        self.assertFalse(april.line_ids.late)

    def test_defect4_margin_takes_the_cost_of_the_day(self):
        """commission_oca takes the cost of today, and never counts a loss."""
        contract, customer = self.dealer_with(self.a_share(basis="margin", value=50))
        self.pump.standard_price = 60
        self.an_invoice((self.pump, 100), partner=customer)
        self.pump.standard_price = 130
        self.an_invoice((self.pump, 100), partner=customer)
        self.pump.standard_price = 90
        [march] = self.settle(contracts=contract)
        self.assertEqual(self.amounts(march), [("share", "20.00"), ("share", "-15.00")])
        self.assert_sound(march)

    def test_defect5_a_rule_that_is_changed_leaves_the_lines_of_its_time(self):
        """commission_oca edits a percentage in place; lines that are not settled yet keep what was computed last."""
        rule = self.a_rule([{"name": "Share", "rate_ids": [
            Command.create({"value": 10}), Command.create({"start": "2026-03-16", "value": 12.5})]}])
        dealer = self.env["res.partner"].create({"name": "Southern Dealer", "is_company": True})
        contract = self.a_dealer_contract(rule=rule, partner_id=dealer.id)
        contract.settlements_from = "2026-03-01"
        customer = self.env["res.partner"].create({"name": "Quarry"})
        self.attribute(dealer_contract_id=contract.id, partner_id=customer.id)
        for day in ("2026-03-15", "2026-03-16"):
            self.an_invoice((self.work, 33.33), day=day, partner=customer)
        [march] = self.settle(contracts=contract)
        self.assertEqual(self.amounts(march), [("share", "3.33"), ("share", "4.17")])
        self.assertEqual(march.total, 7.50)
        self.assert_sound(march)

    def test_defect6_a_part_payment_earns_its_part_in_its_own_period(self):
        """commission_oca pays all or nothing, and dates it to the invoice: a second settlement of a past period."""
        contract, customer = self.dealer_with(self.a_share(value=10), pay_basis="paid")
        move = self.an_invoice((self.work, 100.01), partner=customer)
        for part, day in ((33.34, "2026-03-20"), (33.34, "2026-04-20"), (33.33, "2026-05-20")):
            self.pay(move, part, day)
        [march] = self.settle(contracts=contract)
        self.assertEqual(self.amounts(march), [("share", "3.33")])
        [april] = self.settle("2026-05-10", contract)
        [may] = self.settle("2026-06-10", contract)
        self.assertEqual(april.lines_total + march.lines_total + may.lines_total, 10)
        self.assertFalse((april | may).line_ids.filtered("late"))
        for settlement in march | april | may:
            self.assert_sound(settlement)

    def test_defect6_a_payment_that_bounces_takes_back_what_it_earned(self):
        contract, customer = self.dealer_with(self.a_share(value=10), pay_basis="paid")
        move = self.an_invoice((self.work, 100.01), partner=customer)
        payment = self.pay(move, 33.34, "2026-03-20")
        [march] = self.settle(contracts=contract)
        with freeze_time("2026-04-15 12:00:00"):
            payment.move_id.line_ids.remove_move_reconcile()
        [april] = self.settle("2026-05-10", contract)
        self.assertEqual(april.lines_total, -march.lines_total)
        self.assert_sound(april)

    def test_defect7_what_the_dealer_owes_is_carried_on(self):
        """commission_oca makes a vendor refund of a negative settlement at once."""
        move = self.an_invoice((self.work, 100))
        [march] = self.settle()
        self.refund(move, day="2026-04-05")
        [april] = self.settle("2026-05-10")
        self.assertEqual((march.total, april.total, april.carried_forward), (70, 0, -70))
        self.an_invoice((self.work, 200), day="2026-05-05")
        [may] = self.settle("2026-06-10")
        self.assertEqual((may.opening, may.total, may.carried_forward), (-70, 70, 0))
        self.assertEqual(self.amounts(may), [("share", "140.00"), ("carried_in", "-70.00")])
        for settlement in april | may:
            self.assert_sound(settlement)

    def pay(self, move, amount, day):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids).create({
                "amount": amount, "payment_date": fields.Date.to_date(day), "payment_difference_handling": "open"})
        return self.env["account.payment"].browse(wizard._create_payments().ids)
