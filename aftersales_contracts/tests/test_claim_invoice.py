"""The customer's part of claims in the books: once, by line, and back where a decision changes."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_reimbursements import ClaimMoneyCase


@tagged("post_install", "-at_install")
class TestClaimInvoice(ClaimMoneyCase):
    def invoice(self, claims=None, by=None):
        claims = (claims or self.claim).with_user(by or self.felix)
        claims.action_invoice()
        return claims.sudo().line_ids.env["account.move.line"].search(
            [("aftersales_claim_line_id.claim_id", "in", claims.ids)]).move_id.sorted("id")

    def told(self, moves):
        return [(move.move_type, move.state, f"{move.amount_untaxed:.2f}") for move in moves]

    def test_row27_each_line_at_its_own_percent_and_once(self):
        """Row 27 of the edge cases; a peer sets the whole job to nothing or to the full price."""
        part, labour = self.a_line(price=200), self.a_line(kind="labour", price=60, quantity=2)
        self.decide(part, covered=75)
        self.decide(labour, covered=100)
        move = self.invoice()
        self.assertEqual(self.told(move), [("out_invoice", "draft", "50.00")])
        line = move.invoice_line_ids
        self.assertEqual((line.aftersales_claim_line_id, line.product_id), (part, part.product_id))
        self.assertIn(f"Claim {self.claim.name}", line.name)
        self.assertEqual(move.partner_id, self.customer)
        self.assertEqual(self.invoice(), move, "a second press makes nothing")
        self.assertEqual((self.claim.customer_amount, self.claim.customer_invoiced), (50, 50))

    def test_row28_a_changed_decision_is_refunded(self):
        """Row 28 of the edge cases; peers leave the paid invoice, or delete it."""
        line = self.a_line(price=200)
        self.decide(line, covered=75)
        invoice = self.invoice()
        invoice.action_post()
        self.reopen(line)
        self.decide(line, covered=100)
        both = self.invoice()
        self.assertEqual(self.told(both), [("out_invoice", "posted", "50.00"), ("out_refund", "draft", "50.00")])
        both[1].action_post()
        self.assertEqual(self.claim.customer_invoiced, 0)
        self.assertEqual(self.invoice(), both)

    def test_a_draft_that_is_no_longer_right_is_cancelled_and_never_posted(self):
        line = self.a_line(price=200)
        self.decide(line, covered=75)
        draft = self.invoice()
        self.reopen(line)
        self.decide(line, covered=90)
        moves = self.invoice()
        self.assertEqual(self.told(moves), [("out_invoice", "cancel", "50.00"), ("out_invoice", "draft", "20.00")])
        moves[1].action_post()
        draft.button_draft()
        with self.refused(UserError, "its customer pays 20.00, and with this invoice it would be 70.00"):
            draft.action_post()

    def test_taxes_and_account_of_the_settings_follow_the_customer(self):
        account = self.env["account.account"].create(
            {"code": "R5CUST", "name": "Customer Parts", "account_type": "income"})
        self.company.aftersales_claim_account_id = account
        self.company.aftersales_claim_tax_ids = [Command.set(self.sale_tax.ids)]
        self.decide(self.a_line(price=200), covered=50)
        move = self.invoice()
        self.assertEqual((move.invoice_line_ids.account_id, move.amount_untaxed, move.amount_tax), (account, 100, 15))
        self.sale_tax.price_include_override = "tax_included"
        other = self.a_claim()
        self.decide(self.a_line(other, price=200), covered=50)
        with self.refused(UserError, f"Nothing was invoiced.\n.*{other.name}.*included in prices"):
            self.invoice(other)

    def test_nothing_before_the_work_is_done_and_nothing_the_dealer_collects(self):
        running = self.a_claim(state="repair")
        self.decide(self.a_line(running), covered=50)
        self.assertFalse(self.invoice(running))
        refused = self.a_line()
        self.decide(refused, "refused", covered=0)
        self.assertFalse(self.invoice(), "a dealer invoices what is refused itself")
        own = self.a_claim(dealer_id=False)
        self.decide(self.a_line(own, price=80), "refused", covered=0)
        self.assertEqual(self.told(self.invoice(own)), [("out_invoice", "draft", "80.00")])
        self.company.aftersales_claim_collects = "dealer"
        collected = self.a_claim()
        self.decide(self.a_line(collected, cost=100), covered=40)
        self.assertFalse(self.invoice(collected))
        self.assertEqual(self.rows(collected), [("parts", "44.00", "open")], "the dealer gets the rest from it")

    def test_who_invoices(self):
        self.decide(self.a_line(), covered=50)
        for user in (self.anna, self.lena, self.boss):
            with self.subTest(user.name), self.refused(AccessError, "Only finance|Billing"):
                self.invoice(by=user)
        self.customer.sudo().active = False
        with self.refused(UserError, "is archived in the contacts"):
            self.invoice()
