"""Reimbursements of dealers: rates, rows that follow decisions, and what settlements take of them."""

from decimal import Decimal

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..engine.warranty_verdict import CUSTOMER
from ..models.claims.claim_verdict import Part
from .settlement_case import SettlementCase

HUNDRED = Decimal(100)


@tagged("post_install", "-at_install")
class ClaimMoneyCase(SettlementCase):
    """2026-04-10. `claim`, on a pump of `customer`, was filed in March by `dealer`, and waits for billing.
    `rates`: 40 an hour (45 within the standard), parts at cost and 10 %, 0.50 a km, for all dealers from 2026 on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for model in ("aftersales.reimbursement.rate", "aftersales.goodwill.budget"):  # those of the demo
            cls.env[model].search([("company_id", "=", cls.company.id)]).active = False
        cls.rates = cls.env["aftersales.reimbursement.rate"].create([
            {"company_id": cls.company.id, "date_from": "2026-01-01", "currency_id": cls.company.currency_id.id, **one}
            for one in (
                {"kind": "labour", "basis": "hour", "value": 40, "differential": True, "value_met": 45},
                {"kind": "parts", "basis": "cost_percent", "value": 110},
                {"kind": "travel", "basis": "km", "value": 0.5})])
        cls.claim = cls.a_claim()

    @classmethod
    def a_claim(cls, state="billing", **values):
        number = cls.env["aftersales.asset"].search_count([])
        asset = cls.env["aftersales.asset"].create({
            "name": f"SN-R5-{number}", "product_id": cls.pump.id, "partner_id": cls.customer.id,
            "company_id": cls.company.id})
        claim = cls.env["aftersales.warranty.claim"].create({
            "company_id": cls.company.id, "asset_id": asset.id, "partner_id": cls.customer.id,
            "dealer_id": cls.dealer.id, "failure_on": "2026-03-10", "reported_on": "2026-03-12", **values})
        claim._give_numbers()
        claim._write_guarded({"state": state})
        return claim

    @classmethod
    def a_line(cls, claim=None, kind="parts", price=100, quantity=1, cost=50, **values):
        line = cls.env["aftersales.warranty.claim.line"].create({
            "claim_id": (claim or cls.claim).id, "kind": kind, "name": f"{kind} of the job", "quantity": quantity,
            "unit_price": price, **values})
        line.cost = cost
        return line

    @classmethod
    def decide(cls, line, decision="approved", covered=100, amount=None, day="2026-03-20"):
        """Decide as somebody would after a verdict by which a warranty covers ``covered`` percent of the line."""
        whole, claim = line._money(line.allowed_amount), line.claim_id
        pays = line._money(float(whole * covered / 100))
        line._write_guarded({"covered_percent": covered, "covered_amount": float(pays)})
        parts = [Part("manufacturer", "warranty", "", None, Decimal(covered), pays)] if covered else []
        parts += [Part(CUSTOMER, CUSTOMER, "", None, HUNDRED - covered, whole - pays)] if covered < 100 else []
        claim._write_shares([(line, parts)])
        with freeze_time(f"{day} 12:00:00"):
            claim._decide(line, decision, None if amount is None else Decimal(amount), "Test")

    @classmethod
    def reopen(cls, line, day="2026-03-25"):
        with freeze_time(f"{day} 12:00:00"):
            line._take_back()
            line.claim_id._decided()

    def rows(self, claim=None):
        """[(kind, amount as text, state)] of the reimbursements of a claim, oldest first."""
        return [(row.kind, f"{row.amount:.2f}", row.state)
                for row in (claim or self.claim).reimbursement_ids.sorted("id")]


class TestReimbursementRates(ClaimMoneyCase):
    def test_two_that_are_equally_close_are_refused_by_name(self):
        own = self.rates[0].copy({"dealer_id": self.dealer.id})
        with self.refused(ValidationError, "are for the same work on the same days"):
            own.copy({"date_from": "2026-06-01"})
        own.date_to = "2026-05-31"
        own.copy({"date_from": "2026-06-01", "date_to": False})

    def test_the_closest_counts(self):
        Rate, day = self.env["aftersales.reimbursement.rate"], self.claim.failure_on
        family = self.pump.categ_id or self.env["product.category"].create({"name": "Pumps"})
        self.pump.categ_id = family
        values = {"kind": "labour", "basis": "hour", "company_id": self.company.id, "date_from": "2026-01-01"}
        by_category = Rate.create({**values, "value": 41, "categ_ids": [Command.set(family.ids)]})
        by_product = Rate.create({**values, "value": 42, "product_ids": [Command.set(self.pump.ids)]})
        own = Rate.create({**values, "value": 43, "dealer_id": self.dealer.id})
        found = Rate._in_force(self.company, day, day)
        dealer = self.dealer.commercial_partner_id
        self.assertEqual(found._closest(dealer, "labour", self.pump, day), own, "the dealer's own comes first")
        self.assertEqual((found - own)._closest(dealer, "labour", self.pump, day), by_product)
        self.assertEqual((found - own - by_product)._closest(dealer, "labour", self.pump, day), by_category)
        self.assertEqual(found._closest(self.customer, "labour", self.work, day), self.rates[0])

    def test_a_used_rate_only_ends(self):
        self.decide(self.a_line())
        with self.refused(UserError, "Rate does not change"):
            self.rates[1].value = 120
        with self.refused(UserError, "it stays"):
            self.rates[1].unlink()
        self.rates[1].date_to = "2026-12-31"

    def test_a_basis_that_does_not_fit(self):
        with self.refused(ValidationError, "does not fit"):
            self.rates[2].copy({"basis": "cost_percent", "dealer_id": self.dealer.id})


class TestReimbursements(ClaimMoneyCase):
    def test_rows_follow_the_decisions(self):
        """Row 57 besides: within the standard the higher hourly rate counts, beyond it the lower one."""
        standard = self.env["aftersales.labour.standard"].create(
            {"code": "R5", "name": "Change the pump", "minutes": 100, "allowance_minutes": 20})
        quick = self.a_line(kind="labour", price=60, quantity=2, labour_standard_id=standard.id)
        slow = self.a_line(kind="labour", price=60, quantity=3, labour_standard_id=standard.id, name="Slow")
        part, way = self.a_line(cost=80.05), self.a_line(kind="travel", price=1, quantity=37)
        for line in (quick, slow, part, way):
            self.decide(line)
        self.assertEqual(self.rows(), [
            ("labour", "90.00", "open"), ("labour", "80.00", "open"), ("parts", "88.06", "open"),
            ("travel", "18.50", "open")])
        self.assertEqual(self.claim.reimbursement_ids.dealer_contract_id, self.dealing)
        self.claim._reimburse()
        self.assertEqual(len(self.rows()), 4, "nothing new, nothing made")

    def test_row26_a_changed_decision_is_a_row_with_the_difference(self):
        """Row 26 of the edge cases; peers edit the amount of the reimbursement, and the paid one differs."""
        line = self.a_line(cost=100)
        self.decide(line)
        settlement = self.settle()
        self.assertEqual(self.amounts(settlement, "reimbursement"), [("reimbursement", "110.00")])
        self.reopen(line)
        self.assertEqual(self.rows(), [("parts", "110.00", "settled"), ("parts", "-110.00", "open")])
        self.company.aftersales_claim_collects = "dealer"
        self.decide(line, "partly", amount="40", day="2026-04-02")
        self.assertEqual(self.rows()[2:], [("parts", "44.00", "open")])
        april = self.settle("2026-05-10")
        self.assertEqual(self.amounts(april, "reimbursement"), [
            ("reimbursement", "-110.00"), ("reimbursement", "44.00")])
        self.assert_sound(april)

    def test_what_is_taken_back_before_a_settlement_is_on_none(self):
        line = self.a_line()
        self.decide(line)
        self.reopen(line)
        self.assertEqual([state for _kind, _amount, state in self.rows()], ["reversed", "reversed"])
        self.decide(line, "refused")
        self.assertEqual(self.amounts(self.settle(), "reimbursement"), [])

    def test_a_missing_rate_is_told_and_made_up(self):
        self.rates[1].active = False
        self.decide(self.a_line())
        self.assertFalse(self.rows())
        self.assertRegex(self.claim.reimbursement_gap, "no rate for Part of .* is in force")
        self.rates[1].active = True
        self.claim.with_user(self.felix).action_reimburse()
        self.assertEqual((len(self.rows()), self.claim.reimbursement_gap), (1, False))
        with self.refused(AccessError, "Only finance"):
            self.claim.with_user(self.anna).action_reimburse()

    def test_a_part_that_did_not_come_back_holds_it(self):
        line = self.a_line()
        self.decide(line)
        line._write_guarded({"return_state": "sent"})
        self.assertIn("the faulty part", line.claim_id.reimbursement_ids.held_text)
        self.assertEqual(self.amounts(self.settle(), "reimbursement"), [])
        line._write_guarded({"return_state": "received"})
        self.assertEqual(self.amounts(self.settle("2026-05-10"), "reimbursement"), [("reimbursement", "55.00")])

    def test_a_repair_that_goes_on_and_a_dealer_without_a_rule(self):
        running = self.a_claim(state="repair")
        self.decide(self.a_line(running))
        self.assertEqual(running.reimbursement_ids.held_text, "the end of the repair")
        other = self.env["res.partner"].create({"name": "Another Dealer", "is_company": True})
        self.env["aftersales.warranty.claim"].flush_model()
        stranger = self.a_claim(dealer_id=other.id)
        self.decide(self.a_line(stranger))
        self.assertEqual(stranger.reimbursement_ids.held_text, "a contract with dealer Another Dealer")

    def test_computing_anew_opens_and_takes_them_again(self):
        self.decide(self.a_line())
        settlement = self.settle()
        line = self.claim.reimbursement_ids.settlement_line_id
        self.assertEqual((line.kind, line.settlement_id, line.amount), ("reimbursement", settlement, 55))
        self.assert_sound(settlement)
        settlement.with_user(self.felix).action_compute()
        again = self.claim.reimbursement_ids.settlement_line_id
        self.assertTrue(again and again != line)
        self.assertEqual(self.rows(), [("parts", "55.00", "settled")])
        self.assert_sound(settlement)

    def test_no_withholding_fee_or_cap_counts_them(self):
        self.an_invoice((self.work, 1000))
        self.decide(self.a_line(cost=100))
        settlement = self.settle()
        self.assertEqual(self.amounts(settlement), [("share", "700.00"), ("reimbursement", "110.00")])
        self.assertEqual((settlement.lines_total, settlement.total), (700, 810))
        self.assertTrue(any("reimbursement:" in step[1] for step in settlement.steps))
        told = settlement._statement_snapshot()
        self.assertEqual([(row["name"], row["amount"]) for row in told["adjustments"]],
                         [("Reimbursement of Claims", "110.00")])
        self.assertIn(self.claim.name, told["adjustments"][0]["detail"])

    def test_it_is_booked_on_an_account_of_its_own(self):
        account = self.env["account.account"].create(
            {"code": "R5REIMB", "name": "Warranty Work", "account_type": "expense"})
        self.company.aftersales_reimbursement_account_id = account
        rows = self._rows_of(self.decided_settlement())
        self.assertEqual(rows, [("share", Decimal("700.00")), ("reimbursement", Decimal("110.00"))])
        from ..models.settlements.settlement_books import ShareBooks

        books = ShareBooks(self.company)
        self.assertEqual(books.part_account("reimbursement", self.env["account.fiscal.position"],
                                            self.purchase_journal), account)

    def decided_settlement(self):
        self.an_invoice((self.work, 1000))
        self.decide(self.a_line(cost=100))
        return self.settle()

    def _rows_of(self, settlement):
        return [(row.part, row.amount) for row in settlement._content()]

    def test_another_currency_is_converted_at_its_day(self):
        euro = self.currency("EUR")
        self.rates[2].copy({"dealer_id": self.dealer.id, "currency_id": euro.id, "value": 9})
        self.decide(self.a_line(kind="travel", quantity=10))
        self.assertEqual(self.claim.reimbursement_ids.currency_id, euro)
        self.assertEqual(self.amounts(self.settle(), "reimbursement"), [("reimbursement", "100.00")])

    def test_nobody_enters_or_edits_them(self):
        self.decide(self.a_line())
        row = self.claim.reimbursement_ids
        for user in (self.felix, self.boss):
            with self.subTest(user.name), self.refused((AccessError, UserError), ""):
                row.with_user(user).write({"amount": 1})
        with self.refused(UserError, "does not change"):
            row.sudo().write({"amount": 1})
        with self.refused(UserError, "stays"):
            row.sudo().unlink()

    def test_many_claims_take_as_many_queries_as_two(self):
        def count(number):
            claims = self.env["aftersales.warranty.claim"]
            for _index in range(number):
                claim = self.a_claim()
                line = self.a_line(claim)
                line._write_guarded({"decision": "approved", "approved_amount": 100})
                claims |= claim
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            claims._reimburse()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(2)
        few, many = count(2), count(20)
        self.assertLessEqual(many, few + 2)
