"""Settlements in the close of a month: its steps, what needs a decision, and what it closes over."""

from odoo.exceptions import UserError
from odoo.fields import Command, Date
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .settlement_case import SettlementCase

OURS = ("attribute", "settle", "settlement_review", "settlement_send", "settlement_approve", "settlement_post")
KINDS = ("settle", "attribute", "difference", "unattributed", "settlement_review", "settlement_send",
         "settlement_answer", "settlement_dispute", "settlement_approve", "settlement_post")


@tagged("post_install", "-at_install")
class PeriodSettlementCase(SettlementCase):
    """2026-04-10: March is the month to close. The customer's contract has neither statements nor bills; boss may
    invoice too. What the database holds besides is moved to other books."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss.group_ids = [Command.link(cls.env.ref("account.group_account_invoice").id)]
        cls.company.aftersales_settlement_days = 5
        cls._move_history()

    @classmethod
    def _move_history(cls):
        others = cls.env["aftersales.contract"].with_context(active_test=False).search(
            [("id", "not in", cls.dealing.ids), ("company_id", "=", cls.company.id)])
        elsewhere = cls.env["res.company"].create({"name": "Other Books"})
        cls.env.flush_all()
        for table in ("contract", "statement", "penalty", "billed", "breach", "settlement"):
            column = "id" if table == "contract" else "contract_id"
            cls.env.cr.execute(SQL(
                "UPDATE %s SET company_id = %s WHERE %s = ANY(%s)", SQL.identifier(f"aftersales_{table}"),
                elsewhere.id, SQL.identifier(column), others.ids))
        for table in ("period_close", "period_fact", "revenue", "settlement_line"):
            cls.env.cr.execute(SQL(
                "UPDATE %s SET company_id = %s", SQL.identifier(f"aftersales_{table}"), elsewhere.id))
        cls.env.cr.execute("DELETE FROM aftersales_nightly_problem; DELETE FROM aftersales_revenue_mark")
        cls.env.cr.execute("UPDATE account_move SET state = 'cancel' WHERE aftersales_settlement_id IS NULL")
        cls.env.invalidate_all()

    def month(self, user=None):
        Close = self.env["aftersales.period.close"].with_user(user or self.felix)
        return Close.browse(Close.action_this_month()["res_id"])

    def steps(self, close):
        """{key: (to do, done, state)} of the steps of settlements."""
        self.env.flush_all()
        self.env.invalidate_all()
        return {row._key(): (row.todo, row.done, row.state) for row in close.step_ids if row._key() in OURS}

    def items(self, close):
        """[(kind, name)] of what is left of settlements, and whether somebody has to decide it."""
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env["aftersales.period.item"].with_user(self.felix).search(
            [("close_id", "=", close.id), ("kind", "in", KINDS)])
        return [(row.kind, row.undecided) for row in rows]

    def press(self, close, key=None, user=None):
        close.with_user(user or self.felix).action_run(key)
        self.env.invalidate_all()
        return close

    def settlement(self):
        return self.env["aftersales.settlement"].search([("contract_id", "=", self.dealing.id)])


class TestSettlementSteps(PeriodSettlementCase):
    def test_nothing_is_to_do_where_nothing_was_earned_but_the_settlement_itself(self):
        close = self.month()
        self.assertEqual(self.steps(close)["settle"], (1, 0, "todo"))
        self.assertEqual(self.steps(close)["attribute"], (0, 1, "done"))
        self.assertEqual(self.items(close), [("settle", False)])

    def test_the_whole_way(self):
        """felix presses; anna reviews, diego answers, boss approves; felix posts: five people take part."""
        self.an_invoice((self.work, 1000), (self.pump, 234.50))
        close = self.month()
        steps = self.steps(close)
        self.assertEqual((steps["attribute"], steps["settle"]), ((1, 0, "todo"), (1, 0, "todo")))
        self.assertEqual(self.items(close), [("attribute", False), ("settle", False)])
        self.press(close)
        settlement = self.settlement()
        self.assertRecordValues(settlement, [{
            "state": "computed", "total": 723.45, "computed_by_id": self.felix.id,
            "period_end": Date.to_date("2026-03-31")}])
        steps = self.steps(close)
        self.assertEqual(steps["attribute"][2], "done")
        self.assertEqual((steps["settle"], steps["settlement_review"]), ((0, 1, "done"), (1, 0, "others")))
        self.assertEqual(self.items(close), [("settlement_review", True)])

        settlement.with_user(self.anna).action_review()
        self.assertEqual(self.items(close), [("settlement_send", False)])
        self.press(close)
        self.assertEqual(settlement.state, "sent")
        self.assertEqual(self.items(close), [("settlement_answer", True)])
        settlement.with_user(self.diego).action_accept()
        self.assertEqual(self.steps(close)["settlement_approve"], (1, 0, "todo"))

        self.press(close, "settlement_approve")  # felix computed it: he is refused, and told so
        self.assertEqual(settlement.state, "accepted")
        self.assertEqual(self.items(close), [("settlement_approve", True)])
        self.press(close, user=self.boss)
        self.assertEqual((settlement.state, settlement.approved_by_id, settlement.posted_by_id),
                         ("posted", self.boss, self.boss))
        self.assertEqual(self.items(close), [])
        self.assertEqual(self.steps(close)["settlement_post"], (0, 1, "done"))

    def test_a_dealer_with_a_gap_is_left_with_the_reason_and_the_others_go_on(self):
        euro = self.currency("EUR")
        euro.rate_ids.name = "2026-03-20"
        broken = self.a_dealer_contract(partner_id=self.stranger.id, settlements_from="2026-03-01")
        self.attribute(dealer_contract_id=broken.id, partner_id=self.stranger.id)
        self.an_invoice((self.work, 90), partner=self.stranger, currency_id=euro.id, day="2026-03-10")
        self.an_invoice((self.work, 1000))
        close = self.press(self.month())
        self.assertEqual(self.settlement().total, 700)
        self.assertFalse(broken.settlement_ids)
        self.assertEqual(self.steps(close)["settle"][:2], (1, 1))
        [left] = self.env["aftersales.period.left"].search([("close_id", "=", close.id), ("step", "=", "settle")])
        self.assertIn("EUR has no rate", left.why)
        self.assertIn(("settle", True), self.items(close), "the month is not closed over it unseen")

    def test_a_dispute_needs_a_decision_and_holds_the_month(self):
        self.an_invoice((self.work, 1000), (self.pump, 200))
        close = self.press(self.month())
        settlement = self.settlement()
        settlement.with_user(self.anna).action_review()
        settlement.with_user(self.anna).action_send()
        labour, parts = settlement.line_ids.sorted("sequence")
        settlement.with_user(self.diego).action_dispute_lines(parts.ids, "Wrong machine")
        settlement.with_user(self.diego).action_accept_lines(labour.ids)
        self.assertEqual(self.items(close), [("settlement_dispute", True)])
        with self.assertRaisesRegex(UserError, "Disputed Settlement"):
            close.with_user(self.felix).action_close()
        settlement.with_user(self.boss).action_approve()
        self.assertEqual(self.items(close), [("settlement_post", False)])
        self.press(close)
        self.assertEqual((settlement.state, settlement.payable), ("posted", 700))
        self.assertEqual(self.items(close), [], "what is held ages by itself")

    def test_revenue_that_is_not_accounted_for_needs_a_decision(self):
        self.a_dealer_contract(partner_id=self.stranger.id, rule=self.env["aftersales.share.rule"])
        missed = self.an_invoice((self.work, 100))
        self.an_invoice({"product_id": self.work.id, "price_unit": 80, "aftersales_dealer_id": self.stranger.id})
        self.env.flush_all()
        self.env.cr.execute(SQL("DELETE FROM aftersales_revenue_mark WHERE move_id = %s", missed.id))
        close = self.month()
        self.press(close, "attribute")
        self.press(close, "settle")
        self.assertIn(("unattributed", True), self.items(close))
        kinds = [kind for kind, _undecided in self.items(close)]
        self.assertNotIn("difference", kinds, "the button attributes what was missed, too")
        [item] = self.env["aftersales.period.item"].search([("close_id", "=", close.id), ("kind", "=", "unattributed")])
        self.assertEqual((item.amount, item.name), (80, "2026-03"))
        item.with_user(self.felix).action_carry_over("The agreement is on its way")
        self.assertIn(("unattributed", False), self.items(close))

    def test_a_difference_needs_a_decision(self):
        move = self.an_invoice((self.work, 100))
        self.env["aftersales.revenue"]._attribute(self.company)
        self.env.flush_all()
        self.env.cr.execute(SQL(
            "UPDATE aftersales_revenue SET company_amount = company_amount - 1 WHERE move_id = %s", move.id))
        self.assertIn(("difference", True), self.items(self.month()))

    def test_a_later_period_is_not_the_months(self):
        self.an_invoice((self.work, 1000), day="2026-04-02")
        close = self.press(self.month())
        self.assertEqual(self.settlement().period_end, Date.to_date("2026-03-31"))
        self.assertEqual(self.settlement().total, 0)
        with freeze_time("2026-05-20 12:00:00"):
            self.assertEqual(self.steps(close)["settle"][:2], (0, 1))

    def test_a_quarter_is_settled_with_its_last_month(self):
        quarterly = self.a_rule([self.a_share(value=10)], name="Quarterly", period="quarter")
        contract = self.a_dealer_contract(partner_id=self.stranger.id, rule=quarterly, settlements_from="2026-01-01")
        close = self.month()
        self.assertEqual(self.steps(close)["settle"][0], 2)
        self.press(close)
        self.assertEqual([(str(one.period_start), str(one.period_end)) for one in contract.settlement_ids],
                         [("2026-01-01", "2026-03-31")])


class TestClosedOver(PeriodSettlementCase):
    def a_closed_month(self):
        self.an_invoice((self.work, 1000))
        close = self.press(self.month())
        settlement = self.settlement()
        settlement.with_user(self.anna).action_review()
        settlement.with_user(self.anna).action_send()
        settlement.with_user(self.diego).action_accept()
        self.press(close, user=self.boss)
        close.with_user(self.felix).action_close()
        return close, settlement

    def test_the_month_closes_over_what_is_posted(self):
        close, settlement = self.a_closed_month()
        fact = close.fact_ids.filtered(lambda one: one.kind == "settlement")
        self.assertRecordValues(fact, [{
            "res_id": settlement.id, "contract_id": self.dealing.id, "amount": 700, "detail": "posted",
            "fingerprint": settlement.result_hash, "name": settlement.name}])
        self.assertEqual(close.snapshot["facts"]["settlement"][0]["name"], settlement.name)
        self.assertFalse(close._differences())
        self.assertEqual(fact.action_open_record()["res_model"], "aftersales.settlement")
        self.assertEqual(self.steps(close)["settlement_post"], (0, 1, "done"))

    def test_paying_and_closing_is_no_drift_and_a_reversal_is(self):
        close, settlement = self.a_closed_month()
        self.assertFalse(close._drift_months().findings)
        self.env.cr.execute(SQL("UPDATE aftersales_settlement SET state = 'paid' WHERE id = %s", settlement.id))
        self.env.invalidate_all()
        self.assertFalse(close._drift_months().findings)
        settlement.with_user(self.felix).action_close()
        self.env.flush_all()
        self.assertFalse(close._drift_months().findings)
        self.env.cr.execute(SQL(
            "UPDATE aftersales_settlement SET state = 'approved', payable = payable + 1 WHERE id = %s", settlement.id))
        self.env.invalidate_all()
        found = {(row.part.rsplit(":", 1)[1], row.was, row.now) for row in close._drift_months().findings}
        self.assertEqual(found, {("amount", "700.0", "701.0"), ("detail", "posted", "approved")})
