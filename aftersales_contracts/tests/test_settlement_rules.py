"""Share rules on a real ledger: brackets over periods, jobs, margins, payouts, penalties, several dealers, refunds of
what was paid, companies."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time

from ..engine import share_terms as engine
from .settlement_case import SettlementCase

BRACKETS = ((0, 10), (1000, 20))


class TestSettlementRules(SettlementCase):
    def dealer_with(self, *components, **values):
        """(contract, customer) of another dealer, with a rule of these components."""
        dealer = self.env["res.partner"].create({"name": "Southern Dealer", "is_company": True})
        customer = self.env["res.partner"].create({"name": "Quarry", "is_company": True})
        contract = self.a_dealer_contract(rule=self.a_rule(list(components), **values), partner_id=dealer.id)
        contract.settlements_from = "2026-03-01"
        self.attribute(dealer_contract_id=contract.id, partner_id=customer.id)
        return contract, customer

    def pay(self, move, amount, day):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids).create({
                "amount": amount, "payment_date": fields.Date.to_date(day), "payment_difference_handling": "open"})
        return self.env["account.payment"].browse(wizard._create_payments().ids)

    def assert_all_sound(self, contract):
        for settlement in contract.settlement_ids:
            self.assert_sound(settlement)

    # --- brackets ----------------------------------------------------------------------------------------------------

    def test_brackets_add_up_over_the_year(self):
        contract, customer = self.dealer_with(self.a_share(brackets=BRACKETS, accumulate="year"))
        for day in ("2026-03-05", "2026-04-05"):
            self.an_invoice((self.work, 800), day=day, partner=customer)
        march, april = self.settle("2026-05-10", contract)
        self.assertEqual((march.total, april.total), (80, 140))  # 200 at 10 %, 600 at 20 %
        self.assertEqual(april.volumes["share"]["base"], "1600")
        self.assert_all_sound(contract)

    def test_brackets_of_a_quarter_begin_anew(self):
        contract, customer = self.dealer_with(self.a_share(brackets=BRACKETS, accumulate="quarter"))
        for day in ("2026-03-05", "2026-04-05"):
            self.an_invoice((self.work, 800), day=day, partner=customer)
        march, april = self.settle("2026-05-10", contract)
        self.assertEqual((march.total, april.total), (80, 80))

    def test_reaching_a_bracket_reprices_what_was_settled(self):
        contract, customer = self.dealer_with(
            self.a_share(brackets=BRACKETS, accumulate="year", bracket_rule="slab", retroactive=True))
        for day in ("2026-03-05", "2026-04-05"):
            self.an_invoice((self.work, 800), day=day, partner=customer)
        march, april = self.settle("2026-05-10", contract)
        self.assertEqual(march.total, 80)
        self.assertEqual(self.amounts(april), [("share", "160.00"), ("retroactive", "80.00")])
        self.assert_all_sound(contract)

    def test_whole_amount_brackets_count_credit_notes_of_the_month(self):
        contract, customer = self.dealer_with(self.a_share(brackets=BRACKETS, bracket_rule="slab"))
        move = self.an_invoice((self.work, 800), partner=customer)
        self.an_invoice((self.work, 300), partner=customer)
        self.refund(move, amount=400)
        [march] = self.settle(contracts=contract)
        self.assertEqual(march.total, 70)  # 700 stay: all at 10 %
        self.assert_sound(march)

    def test_computing_anew_keeps_the_chain_of_volumes(self):
        contract, customer = self.dealer_with(self.a_share(brackets=BRACKETS, accumulate="year"))
        for day in ("2026-03-05", "2026-04-05"):
            self.an_invoice((self.work, 800), day=day, partner=customer)
        march, april = self.settle("2026-05-10", contract)
        self.an_invoice((self.work, 300), day="2026-03-31", partner=customer)
        march.with_user(self.felix).action_compute()
        self.assertEqual((march.total, april.total), (120, 160))  # 1000 at 10 %, 100 at 20 %; then all at 20 %
        self.assert_all_sound(contract)

    # --- jobs, units, margins ----------------------------------------------------------------------------------------

    def test_a_job_is_paid_once_however_many_lines_and_months_it_has(self):
        contract, customer = self.dealer_with(self.a_share(basis="job", value=25))
        jobs = [{"product_id": self.work.id, "price_unit": 100, "aftersales_job": job} for job in ("J1", "J1", "J2")]
        self.an_invoice(*jobs, partner=customer)
        self.an_invoice(jobs[0], day="2026-04-03", partner=customer)
        march, april = self.settle("2026-05-10", contract)
        self.assertEqual((march.total, april.total), (50, 0))
        self.assertEqual(set(march.line_ids.mapped("group")), {"jobs"})
        self.assert_all_sound(contract)

    def test_a_job_that_is_paid_in_parts(self):
        contract, customer = self.dealer_with(self.a_share(basis="job", value=25), pay_basis="paid")
        job = {"product_id": self.work.id, "price_unit": 100, "aftersales_job": "J1"}
        move = self.an_invoice(job, partner=customer)
        self.pay(move, 40, "2026-03-20")
        self.pay(move, 20, "2026-04-10")
        self.pay(move, 40, "2026-04-20")
        march, april = self.settle("2026-05-10", contract)
        self.assertEqual((march.total, april.total), (10, 15))
        self.assert_all_sound(contract)

    def test_row23_the_margin_of_an_invoice_in_another_currency(self):
        contract, customer = self.dealer_with(self.a_share(basis="margin", value=50))
        self.pump.standard_price = 60
        self.an_invoice((self.pump, 15000), partner=customer, currency_id=self.currency("JPY").id)
        [march] = self.settle(contracts=contract)
        self.assertEqual(march.total, 20)  # 100 less 60, the half of it
        self.assert_sound(march)

    # --- figures, penalties, limits ----------------------------------------------------------------------------------

    def test_a_payout_goes_by_the_compliance_of_the_dealer(self):
        contract, customer = self.dealer_with({**self.a_share(value=10), "payout_measure": "compliance", "band_ids": [
            Command.create({"bound": 0, "percent": 50}), Command.create({"bound": 90, "percent": 100})]})
        self.an_invoice((self.work, 1000), partner=customer)
        measured = engine.Measured(engine.Fraction(80), 10)
        with patch.object(type(contract), "_executed_compliance", lambda *_args: measured):
            [march] = self.settle(contracts=contract)
        self.assertEqual(march.total, 50)
        self.assertEqual(march.inputs["facts"]["figures"]["compliance"]["sample"], 10)
        self.assert_sound(march)  # the figure is what it was then

    def test_nothing_measured_is_said(self):
        contract, customer = self.dealer_with({**self.a_share(value=10), "payout_measure": "compliance", "band_ids": [
            Command.create({"bound": 0, "percent": 50})], "payout_otherwise": 100})
        self.an_invoice((self.work, 1000), partner=customer)
        [march] = self.settle(contracts=contract)
        self.assertEqual((march.total, march.warnings), (100, {"no_figure": 1}))
        self.assertEqual(march.warned_lines, 0)

    def test_the_compliance_counts_what_the_dealer_executed(self):
        for opened, stop in (("2026-03-02 08:00", "2026-03-02 10:00"), ("2026-03-03 08:00", "2026-03-06 10:00")):
            request = self.a_request(opened=f"{opened}:00")
            request.executor_id = self.dealer
            self.event(request, "resolved", f"{stop}:00")
        start = fields.Date.to_date("2026-03-01")
        figure = self.dealing._share_figures(start, start + timedelta(days=31))["compliance"]
        clocks = self.env["aftersales.sla.clock"].search([("request_id.executor_id", "=", self.dealer.id)])
        decided = clocks.filtered(lambda clock: clock.state in ("met", "breached"))
        met = decided.filtered(lambda clock: clock.state == "met")
        self.assertEqual(figure, engine.Measured(engine.Fraction(100 * len(met), len(decided)), len(decided)))
        self.assertTrue(0 < len(met) < len(decided))
        other = self.dealing._share_figures(start + timedelta(days=31), start + timedelta(days=61))["compliance"]
        self.assertEqual(other, engine.Measured(None, 0))

    def test_a_penalty_is_netted_once(self):
        self.an_invoice((self.work, 1000))
        penalty = self.a_penalty(50, self.dealing, clause=self.a_clause("Late Visits"))
        [march] = self.settle()
        self.assertEqual(self.amounts(march), [("share", "700.00"), ("penalty", "-50.00")])
        self.assertEqual(march.line_ids.penalty_id, penalty)
        self.assert_sound(march)
        [april] = self.settle("2026-05-10")
        self.assertFalse(april.line_ids)

    def test_the_guarantee_of_a_month_that_was_begun(self):
        """The agreement began on the 16th of March: 16 days of 31."""
        contract, _customer = self.dealer_with(self.a_share(), guarantee=310)
        contract._write_unlocked({"date_start": "2026-03-16"})
        [march] = self.settle(contracts=contract)
        self.assertEqual(self.amounts(march), [("guarantee", "160.00")])
        self.assert_sound(march)

    # --- several dealers, refunds of what was paid -------------------------------------------------------------------

    def test_row22_two_dealers_share_a_job_to_the_cent(self):
        """60 % and 40 % of 100.01, 10 % each: no cent is lost or made."""
        other, _customer = self.dealer_with(self.a_share(value=100))
        whole = self.dealer_with(self.a_share(value=100))[0]
        site = self.env["res.partner"].create({"name": "Common Site", "is_company": True})
        for contract, percent in ((other, 60), (whole, 40)):
            self.attribute(dealer_contract_id=contract.id, partner_id=site.id, percent=percent)
        self.an_invoice((self.work, 100.01), partner=site)
        made = self.settle(contracts=other | whole)
        self.assertEqual(sorted(made.mapped("total")), [40, 60.01])
        self.assertEqual(round(sum(made.mapped("revenue")), 2), 100.01)

    def test_row22_a_credit_note_where_what_is_paid_counts(self):
        contract, customer = self.dealer_with(self.a_share(value=10), pay_basis="paid")
        move = self.an_invoice((self.work, 1000), partner=customer)
        self.pay(move, 1000, "2026-03-20")
        [march] = self.settle(contracts=contract)
        self.assertEqual(march.total, 100)
        credit = self.refund(move, day="2026-04-05")
        self.pay(credit, 1000, "2026-04-06")
        [april] = self.settle("2026-05-10", contract)
        self.assertEqual(april.lines_total, -100)
        self.assert_all_sound(contract)

    def test_row22_another_dealer_after_the_settlement(self):
        """The first one gives back exactly what it got, the second one gets its own rate; both name the invoice."""
        other, _customer = self.dealer_with(self.a_share(value=20))
        self.an_invoice((self.work, 333.33))
        [march] = self.settle()
        self.attributed.dealer_contract_id = other
        self.settle("2026-05-10", self.dealing | other)
        mine, theirs = self.dealing.settlement_ids - march, other.settlement_ids
        self.assertEqual(mine.filtered("line_ids").lines_total, -march.lines_total)
        self.assertEqual(sum(theirs.mapped("lines_total")), 66.67)
        self.assert_all_sound(self.dealing | other)

    # --- settings and companies --------------------------------------------------------------------------------------

    def test_settlements_begin_where_they_were_told_to(self):
        self.an_invoice((self.work, 100), day="2026-02-27")
        [march] = self.settle()
        self.assertFalse(march.line_ids, "February was settled elsewhere")
        with self.assertRaisesRegex(UserError, "has settlements already"):
            self.dealing.settlements_from = "2026-01-01"

    def test_another_company_neither_sees_nor_settles(self):
        [march] = self.settle()
        foreign = self.other_manager
        self.assertFalse(self.env["aftersales.settlement"].with_user(foreign).search([("id", "=", march.id)]))
        with self.assertRaises(AccessError):
            march.with_user(foreign).read(["total"])
        found = self.env["aftersales.settlement"]._run(self.other_company, today=fields.Date.to_date("2026-05-10"))
        self.assertFalse(found.made)
        wizard = self.env["aftersales.settle"].with_user(self.felix).create({})
        with self.assertRaises(AccessError):
            wizard.write({"company_id": self.other_company.id})
            wizard.action_settle()

    def test_agents_open_the_contract_without_a_right_to_settlements(self):
        self.settle()
        with self.assertRaises(AccessError):
            self.dealing.with_user(self.agent).read(["settlement_ids"])
        self.dealing.with_user(self.agent).web_read({"name": {}, "settled_until": {}})

    def test_the_rule_changes_in_the_middle_of_a_month(self):
        contract, customer = self.dealer_with(self.a_share(value=10))
        version = self.next_version(contract.share_ids.rule_id, value=20)
        with freeze_time("2026-04-11 12:00:00"):
            self.take(contract, version, "2026-03-16")
        for day in ("2026-03-15", "2026-03-16"):
            self.an_invoice((self.work, 100), day=day, partner=customer)
        [march] = self.settle(contracts=contract)
        self.assertEqual(self.amounts(march), [("share", "10.00"), ("share", "20.00")])
        self.assertEqual(march.rule_id, version)
        self.assert_sound(march)
