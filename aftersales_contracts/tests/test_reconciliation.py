"""Revenue reconciliation: what the ledger says is attributed, not attributed or waiting, to the cent."""

from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL, float_repr

from .settlement_case import SettlementCase

PARTS = ("attributed", "not_attributed", "waiting", "difference")
STATES = ("settled", "underway", "open", "held", "unpaid")


class ReconciliationCase(SettlementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Revenue = cls.env["aftersales.revenue"]
        cls.Month, cls.Item = cls.env["aftersales.reconciliation"], cls.env["aftersales.reconciliation.item"]
        cls.nobody = cls.env["res.partner"].create({"name": "Own Customer", "is_company": True})
        cls.Revenue._attribute(cls.company)  # what the database held before

    def attribute_all(self):
        self.Revenue._attribute(self.company)

    def items(self, *moves, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        ids = [move.id for move in moves]
        return self.Item.with_user(user or self.felix).search([("move_id", "in", ids)], order="id")

    def month(self, first="2026-03-01", user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.Month.with_user(user or self.felix).search(
            [("company_id", "=", self.company.id), ("month", "=", first)])

    def figures(self, moves, *names):
        """[text of each figure] of the lines of ``moves`` together."""
        items = self.items(*moves)
        return [self.text(sum(self.exact(item[name]) for item in items)) for name in names]

    def exact(self, value):
        return Decimal(float_repr(value, self.company.currency_id.decimal_places))

    def text(self, value):
        return float_repr(float(value), self.company.currency_id.decimal_places)

    def assert_law(self):
        """The equations hold in every line and in every month; the months are the sums of their lines; and the ledger
        is what its journal items say."""
        self.env.flush_all()
        self.env.invalidate_all()
        items, months = self.Item.search([]), self.Month.search([])
        for row in (*items, *months):
            self.assertEqual(self.exact(row.ledger), sum(self.exact(row[name]) for name in PARTS), row.display_name)
            self.assertEqual(
                self.exact(row.attributed), sum(self.exact(row[name]) for name in STATES), row.display_name)
        for name in ("ledger", *PARTS, *STATES):
            self.assertEqual(sum(self.exact(row[name]) for row in items),
                             sum(self.exact(row[name]) for row in months), name)
        moves = items.move_id.filtered(lambda move: move.state == "posted")
        self.assertEqual(
            sum(self.exact(-line.balance) for line in moves.invoice_line_ids if line.display_type == "product"),
            sum(self.exact(row.ledger) for row in items))


class TestMonths(ReconciliationCase):
    def test_an_invoice_waits_until_it_is_attributed(self):
        move = self.an_invoice((self.work, 1000), (self.pump, 234.50))
        self.assertEqual(self.figures([move], "ledger", *PARTS), ["1234.50", "0.00", "0.00", "1234.50", "0.00"])
        self.assertEqual(self.month().state, "waiting")
        self.assertEqual(self.month().waiting_count, 2)
        self.assert_law()
        self.attribute_all()
        self.assertEqual(self.figures([move], "ledger", *PARTS), ["1234.50", "1234.50", "0.00", "0.00", "0.00"])
        self.assertEqual(self.month().state, "right")
        self.assert_law()

    def test_nobodys_and_a_part_of_it(self):
        self.attributed.percent = 60
        served, own = self.an_invoice((self.work, 100.01)), self.an_invoice((self.work, 50), partner=self.nobody)
        self.attribute_all()
        self.assertEqual(self.figures([served], "attributed", "not_attributed"), ["60.01", "40.00"])
        self.assertEqual(self.figures([own], "attributed", "not_attributed"), ["0.00", "50.00"])
        self.assert_law()

    def test_a_dealer_without_an_agreement_is_told_apart(self):
        later = self.a_dealer_contract(
            partner_id=self.stranger.id, rule=self.env["aftersales.share.rule"], date_start="2026-01-01")
        move = self.an_invoice({"product_id": self.work.id, "price_unit": 80,
                                "aftersales_dealer_id": self.stranger.id})
        self.attribute_all()
        self.assertFalse(later.share_ids)
        self.assertEqual(self.figures([move], "not_attributed", "no_agreement"), ["80.00", "80.00"])
        self.assertEqual(self.month().no_agreement, 80)
        self.assert_law()

    def test_a_credit_note_counts_in_its_own_month(self):
        move = self.an_invoice((self.work, 100))
        credit = self.refund(move, 30, day="2026-04-02")
        self.attribute_all()
        self.assertEqual(self.figures([move], "ledger", "attributed"), ["100.00", "100.00"])
        self.assertEqual(self.figures([credit], "ledger", "attributed"), ["-30.00", "-30.00"])
        self.assertEqual([item.month.isoformat() for item in self.items(move, credit)], ["2026-03-01", "2026-04-01"])
        self.assert_law()

    def test_an_invoice_that_leaves_the_ledger_leaves_the_page(self):
        move = self.an_invoice((self.work, 100))
        self.attribute_all()
        move.button_draft()
        self.assertEqual(self.figures([move], "ledger", "attributed", "waiting"), ["0.00", "100.00", "-100.00"])
        self.attribute_all()
        self.assertFalse(self.items(move))
        self.assert_law()

    def test_foreign_currency_in_the_companys(self):
        euro = self.currency("EUR")
        move = self.an_invoice((self.work, 33.33), (self.pump, 66.67), currency_id=euro.id)
        self.attributed.percent = 33
        self.attribute_all()
        self.assertEqual(self.figures([move], "ledger", "difference"), [self.text(
            -sum(move.invoice_line_ids.mapped("balance"))), "0.00"])
        self.assert_law()

    def test_a_month_closes_in_the_month_of_the_entry(self):
        """Locked accounts move an entry into the next month: the ledger says April, and so does the page."""
        move = self.an_invoice((self.work, 100), day="2026-03-31", post=False)
        move.date = "2026-04-01"
        move.action_post()
        self.attribute_all()
        self.assertEqual(move.date.isoformat(), "2026-04-01")
        self.assertEqual(self.items(move).month.isoformat(), "2026-04-01")
        self.assert_law()

    def test_other_companies_have_their_own(self):
        """Nobody sees the books of a company that is not his."""
        move = self.an_invoice((self.work, 100))
        self.attribute_all()
        stranger = self._a_user("far_away", "aftersales_contracts.group_finance", company_id=self.other_company.id,
                                company_ids=[Command.set(self.other_company.ids)])
        self.assertTrue(self.items(move))
        self.assertFalse(self.items(move, user=stranger))
        self.assertFalse(self.month(user=stranger))


class TestDifferences(ReconciliationCase):
    def sql(self, query, *args):
        self.env.flush_all()
        self.env.cr.execute(SQL(query, *args))
        self.env.invalidate_all()

    def test_a_line_that_nobody_looked_at_is_a_difference(self):
        move = self.an_invoice((self.work, 100))
        self.sql("DELETE FROM aftersales_revenue_mark WHERE move_id = %s", move.id)
        self.assertEqual(self.figures([move], "waiting", "difference"), ["0.00", "100.00"])
        month = self.month()
        self.assertEqual((month.state, month.difference, month.difference_count), ("wrong", 100, 1))
        self.assert_law()

    def test_revenue_that_is_not_in_the_ledger_is_a_difference(self):
        move = self.an_invoice((self.work, 100))
        self.attribute_all()
        self.sql("UPDATE aftersales_revenue SET company_amount = company_amount + 0.01 WHERE move_id = %s", move.id)
        self.assertEqual(self.figures([move], "attributed", "difference"), ["100.01", "-0.01"])
        self.assertEqual(self.month().state, "wrong")
        self.sql("DELETE FROM aftersales_revenue_mark")
        self.sql("UPDATE account_move SET state = 'draft' WHERE id = %s", move.id)
        self.assertEqual(self.figures([move], "ledger", "attributed", "difference"), ["0.00", "100.01", "-100.01"])
        self.assert_law()

    def test_the_button_attributes_what_was_missed(self):
        missed, waiting = self.an_invoice((self.work, 100)), self.an_invoice((self.work, 50))
        self.sql("DELETE FROM aftersales_revenue_mark WHERE move_id = %s", missed.id)
        month = self.month()
        self.assertEqual((month.state, month.difference, month.waiting), ("wrong", 100, 50))
        month.action_attribute()
        month = self.month()
        self.assertEqual((month.state, month.difference, month.waiting), ("right", 0, 0))
        self.assertEqual(self.figures([missed, waiting], "attributed"), ["150.00"])

    def test_who_may_press_it(self):
        self.an_invoice((self.work, 100))
        with self.assertRaises(AccessError):
            self.month(user=self.anna).action_attribute()
        for user in (self.lena, self.agent, self.clerk, self.carla, self.diego):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.month(user=user)
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.Month.browse(1).with_user(user).action_attribute()
        self.assertEqual(self.month(user=self.boss).state, "waiting")

    def test_a_figure_opens_exactly_its_lines(self):
        served, own = self.an_invoice((self.work, 100)), self.an_invoice((self.work, 50), partner=self.nobody)
        self.attribute_all()
        late = self.an_invoice((self.pump, 7))
        month = self.month()
        for figure, move in (("attributed", served), ("not_attributed", own), ("waiting", late), ("open", served)):
            action = month.action_view_items(figure)
            found = self.Item.with_user(self.felix).search(action["domain"])
            with self.subTest(figure):
                self.assertIn(move, found.move_id)
                self.assertEqual(sum(self.exact(item[figure]) for item in found), self.exact(month[figure]))
                self.assertEqual(getattr(month, f"action_view_{figure}")()["domain"], action["domain"])
        with self.assertRaisesRegex(UserError, "no figure password"):
            month.action_view_items("password")


class TestWhatBecameOfIt(ReconciliationCase):
    def test_open_under_way_held_settled(self):
        move = self.an_invoice((self.work, 1000), (self.pump, 200))
        self.attribute_all()
        self.assertEqual(self.figures([move], *STATES), ["0.00", "0.00", "1200.00", "0.00", "0.00"])
        [march] = self.settle()
        self.assertEqual(self.figures([move], *STATES), ["0.00", "1200.00", "0.00", "0.00", "0.00"])
        march.with_user(self.felix).action_review()
        march.with_user(self.felix).action_send()
        disputed = march.line_ids.filtered(lambda line: line.group == "parts")
        march.with_user(self.diego).action_dispute_lines(disputed.ids, "Wrong machine")
        march.with_user(self.diego).action_accept_lines((march.line_ids - disputed).ids)
        self.assertEqual(self.figures([move], *STATES), ["0.00", "1000.00", "0.00", "200.00", "0.00"])
        march.with_user(self.boss).action_approve()
        self.assertEqual(self.figures([move], *STATES), ["1000.00", "0.00", "0.00", "200.00", "0.00"])
        self.assert_law()
        disputed.with_user(self.lena).action_settle_line(True, answer="It was your machine")
        self.assertEqual(self.figures([move], *STATES), ["1000.00", "0.00", "200.00", "0.00", "0.00"])
        [april] = self.settle("2026-05-10")
        self.assertEqual(self.figures([move], *STATES), ["1000.00", "200.00", "0.00", "0.00", "0.00"])
        self.assertEqual(april.line_ids.origin_line_id, disputed)
        self.assert_law()

    def test_part_payments_where_what_is_paid_counts(self):
        paying = self.a_rule([self.a_share(value=10)], name="When Paid", pay_basis="paid")
        self.attributed.dealer_contract_id = self.a_dealer_contract(
            partner_id=self.stranger.id, rule=paying, settlements_from="2026-03-01")
        move = self.an_invoice((self.work, 100), (self.pump, 0.05))
        self.attribute_all()
        self.assertEqual(self.figures([move], *STATES), ["0.00", "0.00", "0.00", "0.00", "100.05"])
        for paid, open_ in ((33.35, "33.35"), (33.35, "66.70"), (33.35, "100.05")):
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=move.ids).create(
                    {"amount": paid, "payment_date": "2026-03-20"})._create_payments()
            self.attribute_all()
            unpaid = self.text(self.exact(100.05) - Decimal(open_))
            self.assertEqual(self.figures([move], *STATES), ["0.00", "0.00", open_, "0.00", unpaid])
            self.assert_law()

    def test_row_queries_do_not_grow(self):
        moves = [self.an_invoice((self.work, 100 + number)) for number in range(2)]
        self.attribute_all()
        self.items(*moves)
        with self.assertQueryCount(1):
            self.Item.search_fetch([("move_id", "in", [move.id for move in moves])], ["ledger", "attributed"])
        moves += [self.an_invoice((self.work, 100 + number)) for number in range(18)]
        self.attribute_all()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            found = self.Item.search_fetch([("move_id", "in", [move.id for move in moves])], ["ledger", "attributed"])
        self.assertEqual(len(found), 20)
