"""Drift of settlements: reckoned again from the stored inputs, and from what is known today; every unit is told."""

from decimal import Decimal

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..engine.share_terms import Measured
from .settlement_case import SettlementCase


@tagged("post_install", "-at_install")
class TestDriftOfSettlements(SettlementCase):
    """March: 1000.00 of labour at 70 % and 234.50 of parts at 10 %: sent, accepted, approved and posted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.classPatch(type(cls.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 1)
        cls.Drift, cls.Run = cls.env["aftersales.drift"], cls.env["aftersales.drift.run"]
        cls.env.cr.execute("DELETE FROM aftersales_drift; DELETE FROM aftersales_drift_run")

    def march(self, *lines, until="post"):
        self.move = self.an_invoice(*(lines or ((self.work, 1000), (self.pump, 234.50))))
        [settlement] = self.settle()
        for action, user in (("review", self.felix), ("send", self.felix), ("accept", self.diego),
                             ("approve", self.boss), ("post", self.felix)):
            getattr(settlement.with_user(user), f"action_{action}")()
            if action == until:
                break
        return settlement

    def check(self, *settlements):
        """What the scheduled check finds in these settlements."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.Run._cron_drift()
        self.env.flush_all()
        return self.Drift.search([
            ("res_model", "=", "aftersales.settlement"), ("res_id", "in", [one.id for one in settlements]),
            ("state", "!=", "gone")], order="id")

    def sql(self, query, *args):
        """Change what is closed as nobody can by a button."""
        self.env.flush_all()
        self.env.cr.execute(SQL(query, *args))
        self.env.invalidate_all()

    def told(self, drift):
        return [(row.part, row.was, row.now, row.amount) for row in drift]

    def test_nothing_is_found_where_nothing_has_changed(self):
        march = self.march()
        self.assertFalse(self.told(self.check(march)))
        run = self.Run.search([], limit=1, order="id desc")
        self.assertEqual(run.state, "done")
        self.assertGreaterEqual(run.settlements, 1)

    def test_one_that_is_not_sent_is_not_checked(self):
        march = self.march(until="review")
        self.sql("UPDATE aftersales_settlement SET total = total + 1 WHERE id = %s", march.id)
        self.assertFalse(self.check(march))

    def test_the_check_changes_nothing(self):
        march = self.march()
        self.sql("UPDATE aftersales_settlement_line SET amount = amount + 0.01 WHERE settlement_id = %s", march.id)
        tables = ("aftersales_settlement", "aftersales_settlement_line", "aftersales_revenue", "account_move",
                  "account_move_line", "aftersales_share_rule")
        before = [self.state_of(table) for table in tables]
        self.assertTrue(self.check(march))
        self.assertEqual([self.state_of(table) for table in tables], before)

    def state_of(self, table):
        return self.env.execute_query(SQL(
            "SELECT count(*), md5(string_agg(t.ctid::text || t.xmin::text, ',' ORDER BY t.ctid)) FROM %s t",
            SQL.identifier(table)))[0]

    def test_a_tampered_line_is_named_to_the_cent(self):
        march = self.march()
        line = march.line_ids.filtered(lambda one: one.group == "parts")
        self.sql("UPDATE aftersales_settlement_line SET amount = amount + 0.01 WHERE id = %s", line.id)
        self.assertEqual(self.told(self.check(march)), [
            ("lines", "723.45", "723.46", 0.01), (f"line:{line.revenue_id.id}", "23.46", "23.45", -0.01)])

    def test_a_tampered_total(self):
        march = self.march()
        self.sql("UPDATE aftersales_settlement SET total = total - 0.01 WHERE id = %s", march.id)
        self.assertEqual(self.told(self.check(march)), [
            ("lines", "723.44", "723.45", 0.01), ("engine:total", "723.44", "723.45", 0.01)])

    def test_tampered_inputs(self):
        march = self.march()
        was = march.inputs_hash
        self.sql("""UPDATE aftersales_settlement SET inputs = jsonb_set(
                        inputs, '{rule,components,0,rates,0,value}', '"71"') WHERE id = %s""", march.id)
        found = {row.part: row for row in self.check(march)}
        self.assertEqual(found["inputs"].was, was)
        self.assertEqual((found["engine:total"].was, found["engine:total"].now), ("723.45", "733.45"))
        self.assertEqual(found["engine:total"].amount, 10)

    def test_tampered_revenue(self):
        """The lines have a fingerprint: revenue that was settled is not changed unseen, not by a cent."""
        march = self.march()
        self.sql("UPDATE aftersales_revenue SET amount = amount + 10 WHERE move_id = %s AND line_kind = 'labour'",
                 self.move.id)
        parts = self.check(march).mapped("part")
        self.assertIn("revenue_rows", parts)
        self.assertIn("engine:total", parts)

    def test_another_rule_on_record(self):
        """Somebody edits a released rule in the database: what it would come to now is told, and nothing is changed."""
        march = self.march()
        component = self.rule.component_ids.filtered(lambda one: one.name == "Labour")
        self.sql("UPDATE aftersales_share_rate SET value = 60 WHERE component_id = %s", component.id)
        [drift] = self.check(march)
        self.assertEqual((drift.part, drift.amount), ("today:rule", -100))
        self.assertIn("70", drift.was)
        self.assertIn("60", drift.now)
        self.assertEqual(march.total, 723.45)

    def test_another_rate_of_exchange(self):
        euro = self.currency("EUR")
        move = self.an_invoice((self.work, 90), currency_id=euro.id)
        [march] = self.settle()
        for action, user in (("review", self.felix), ("send", self.felix)):
            getattr(march.with_user(user), f"action_{action}")()
        self.assertEqual((move.currency_id, march.total), (euro, 70))
        euro.rate_ids.rate = 0.5
        [drift] = self.check(march)
        self.assertEqual((drift.part, drift.amount), ("today:rates", 56))

    def test_a_figure_that_is_another_today(self):
        """Compliance was 95 % when it was settled, and 80 % pays half: a late service event says so today."""
        rule = self.a_rule([self.a_share(value=10, payout_measure="compliance", band_ids=[
            Command.create({"bound": bound, "percent": percent}) for bound, percent in ((0, 50), (90, 100))])])
        contract = self.a_dealer_contract(partner_id=self.stranger.id, rule=rule, settlements_from="2026-03-01")
        self.attributed.dealer_contract_id = contract
        self.measured(95)
        self.an_invoice((self.work, 1000))
        [march] = self.settle(contracts=contract)
        march.with_user(self.felix).action_review()
        march.with_user(self.felix).action_send()
        self.assertEqual(march.total, 100)
        self.assertFalse(self.check(march))
        self.measured(80)
        [drift] = self.check(march)
        self.assertEqual((drift.part, drift.amount), ("today:facts", -50))
        self.assertIn("95", drift.was)
        self.assertIn("80", drift.now)

    def measured(self, percent):
        self.patch(type(self.env["aftersales.contract"]), "_share_figures", lambda *_args: {
            "compliance": Measured(Decimal(percent), 100)})

    def test_what_is_posted_is_another_amount(self):
        march = self.march()
        line = march.sudo().move_ids.invoice_line_ids.filtered("price_subtotal")[:1]
        self.sql("UPDATE account_move_line SET price_subtotal = price_subtotal + 0.01 WHERE id = %s", line.id)
        self.assertEqual(self.told(self.check(march)), [("posted", "723.45", "723.46", 0.01)])

    def test_revenue_that_is_taken_back_is_told_next(self):
        march = self.march()
        self.attributed.dealer_contract_id = self.a_dealer_contract(
            partner_id=self.stranger.id, settlements_from="2026-03-01")
        self.env["aftersales.revenue"]._attribute(self.company)
        drift = self.check(march)
        self.assertEqual((drift.mapped("part"), drift.mapped("state")), (["revenue"], ["pending"]))
        self.assertIn("1,234.50", drift.now)
        self.settle("2026-05-10")
        self.assertFalse(self.check(march), "the next settlement has told it")

    def test_a_credit_note_is_no_drift(self):
        march = self.march()
        self.refund(self.move, 100, day="2026-04-05")
        self.env["aftersales.revenue"]._attribute(self.company)
        self.assertFalse(self.told(self.check(march)))

    def test_carried_settlements_are_checked_with_their_document(self):
        """One that leaves its balance to the next is booked with the next: neither is a difference."""
        fee = self.a_rule([self.a_share(value=10)], name="Fee", brand_fee_base="amount", brand_fee_value=300)
        self.attributed.dealer_contract_id = contract = self.a_dealer_contract(
            partner_id=self.stranger.id, rule=fee, settlements_from="2026-03-01")
        self.env["res.partner.bank"].create({"acc_number": "DE99", "partner_id": self.stranger.id})
        self.an_invoice((self.work, 1000))
        self.an_invoice((self.work, 9000), day="2026-04-05")
        settlements = self.settle("2026-05-10", contracts=contract)
        self.assertEqual(settlements.mapped("payable"), [0, 400])
        for settlement in settlements:
            for action, user in (("review", self.felix), ("send", self.felix), ("approve", self.boss)):
                if action == "approve":
                    settlement.with_user(self.felix).action_accept("By e-mail of the 11th")
                getattr(settlement.with_user(user), f"action_{action}")()
        settlements.with_user(self.felix).action_post()
        self.assertFalse(self.told(self.check(*settlements)))

    def test_queries_do_not_grow_with_the_lines(self):
        counts = []
        for month, number in (("03", 2), ("04", 20)):
            self.an_invoice(*((self.work, 10 + one) for one in range(number)), day=f"2026-{month}-02")
            [settlement] = self.settle(f"2026-{int(month) + 1:02}-10")
            settlement.with_user(self.felix).action_review()
            settlement.with_user(self.felix).action_send()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            settlement._drift_settlements()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
