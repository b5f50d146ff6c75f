"""Ageing of disputes: how long a dealer has waited for an answer, in what falls due and on Today as well."""

from odoo.exceptions import AccessError
from odoo.tests import freeze_time

from .settlement_ledger_case import SettlementLedgerCase


class TestDisputeAgeing(SettlementLedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Ageing = cls.env["aftersales.dispute.ageing"]
        cls.march = cls.a_settlement(
            [cls.share(100), cls.share(40, "labour"), cls.share(7, "travel"), cls.share(3, "fees"), cls.share(50)],
            state="sent")
        cls.lines = cls.march.line_ids.sorted("sequence")

    def disputed_on(self, number, day):
        with freeze_time(f"{day} 12:00:00"):
            self.dispute(self.lines[number])

    def rows(self, today="2026-07-10", user=None):
        """[(days, bucket, amount in each column)] as ``user`` sees them on ``today``."""
        self.env.flush_all()
        self.env.invalidate_all()
        with freeze_time(f"{today} 12:00:00"):
            rows = self.Ageing.with_user(user or self.felix).search([("settlement_id", "=", self.march.id)])
            return [(row.days, row.bucket, row.amount_30, row.amount_60, row.amount_90, row.amount_over)
                    for row in rows]

    def test_every_edge_of_the_columns(self):
        self.disputed_on(0, "2026-04-10")
        for day, expected in (
                ("2026-04-10", (0, "30", 100, 0, 0, 0)), ("2026-05-10", (30, "30", 100, 0, 0, 0)),
                ("2026-05-11", (31, "60", 0, 100, 0, 0)), ("2026-06-09", (60, "60", 0, 100, 0, 0)),
                ("2026-06-10", (61, "90", 0, 0, 100, 0)), ("2026-07-09", (90, "90", 0, 0, 100, 0)),
                ("2026-07-10", (91, "over", 0, 0, 0, 100))):
            with self.subTest(day):
                self.assertEqual(self.rows(day), [expected])

    def test_what_is_held_goes_on_ageing_and_what_is_settled_does_not(self):
        self.disputed_on(0, "2026-04-10")
        self.disputed_on(1, "2026-05-20")
        self.march.with_user(self.diego).action_accept_lines(self.lines[2:].ids)
        self.march.with_user(self.boss).action_approve()
        self.assertEqual(self.lines[:2].mapped("state"), ["held", "held"])
        self.assertEqual([row[0] for row in self.rows()], [91, 51])
        self.lines[0].with_user(self.lena).action_settle_line(True, answer="Your machine")
        self.assertEqual(self.rows(), [(51, "60", 0, 40, 0, 0)])

    def test_by_dealer(self):
        for number, day in enumerate(("2026-04-10", "2026-05-15", "2026-07-01")):
            self.disputed_on(number, day)
        self.env.flush_all()
        with freeze_time("2026-07-10 12:00:00"):
            [row] = self.Ageing.with_user(self.felix)._read_group(
                [("dealer_id", "=", self.dealer.id)], ["dealer_id"],
                ["amount:sum", "amount_30:sum", "amount_60:sum", "amount_90:sum", "amount_over:sum", "days:max"])
        self.assertEqual(row, (self.dealer, 147, 7, 40, 0, 100, 91))

    def test_who_sees_it(self):
        self.disputed_on(0, "2026-04-10")
        for user in (self.felix, self.anna, self.lena, self.boss):
            with self.subTest(user.login):
                self.assertEqual(len(self.rows(user=user)), 1)
        for user in (self.agent, self.clerk, self.diego, self.carla, self.outsider):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.rows(user=user)
        self.assertFalse(self.rows(user=self._another_books()))

    def _another_books(self):
        return self._a_user("far_away", "aftersales_contracts.group_finance", company_id=self.other_company.id,
                            company_ids=[(6, 0, self.other_company.ids)])

    def test_it_opens_its_settlement(self):
        self.disputed_on(0, "2026-04-10")
        self.env.flush_all()
        row = self.Ageing.with_user(self.felix).search([("line_id", "=", self.lines[0].id)])
        action = row.action_open_settlement()
        self.assertEqual((action["res_model"], action["res_id"]), ("aftersales.settlement", self.march.id))

    # --- what falls due, and Today -----------------------------------------------------------------------------

    def due(self, kind, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["aftersales.due"].with_user(user or self.felix).search(
            [("kind", "=", kind), ("contract_id", "=", self.dealing.id)])

    def test_the_dealers_last_day_and_ours_fall_due(self):
        answer = self.due("settlement")
        self.assertEqual((str(answer.date_due), answer.res_id, answer.partner_id),
                         ("2026-04-24", self.march.id, self.dealer))
        self.assertEqual(answer.user_id, self.anna)
        self.assertFalse(self.due("settlement_dispute"))
        self.disputed_on(0, "2026-04-12")
        self.assertFalse(self.due("settlement"), "it is answered")
        ours = self.due("settlement_dispute")
        self.assertEqual((str(ours.date_due), ours.res_model), ("2026-04-26", "aftersales.dispute.ageing"))
        self.assertIn(self.march.name, ours.name)
        self.assertEqual(ours.action_open_record()["res_id"], self.lines[0].id)

    def today(self, user, day):
        self.env.flush_all()
        with freeze_time(f"{day} 12:00:00"):
            found = self.env["aftersales.today"].with_user(user).get_today(everybody=True)
        return {tile["key"]: tile for section in found["sections"] for tile in section["tiles"]}

    def test_today(self):
        self.env.cr.execute("UPDATE aftersales_settlement SET state = 'closed' WHERE id <> %s", [self.march.id])
        self.env.cr.execute("UPDATE aftersales_settlement_line SET state = 'accepted' WHERE settlement_id <> %s",
                            [self.march.id])
        self.env.invalidate_all()
        self.assertNotIn("settlements_silent", self.today(self.felix, "2026-04-24"))
        self.assertEqual(self.today(self.felix, "2026-04-25")["settlements_silent"]["count"], 1)
        self.assertEqual(self.today(self.anna, "2026-04-25")["settlements_silent"]["count"], 1)
        self.disputed_on(0, "2026-04-12")
        for user in (self.felix, self.anna, self.lena):
            with self.subTest(user.login):
                self.assertEqual(self.today(user, "2026-04-25")["settlement_disputes"]["count"], 1)
        self.march.with_user(self.diego).action_accept()
        self.march.with_user(self.diego).action_accept_lines(self.lines[0].ids)
        self.assertEqual(self.today(self.felix, "2026-04-25")["settlements_approve"]["count"], 1)
        self.march._write_guarded({"reviewed_by_id": self.felix.id})
        self.assertNotIn("settlements_approve", self.today(self.felix, "2026-04-25"), "somebody else approves it")
        self.march.with_user(self.boss).action_approve()
        self.assertEqual(self.today(self.felix, "2026-04-25")["settlements_post"]["count"], 1)

    def test_queries_do_not_grow_with_the_disputes(self):
        self.disputed_on(0, "2026-04-10")
        self.Ageing.search([]).read(["dealer_id", "amount_30", "display_name"])  # what is cached for good
        counts = []
        for number in (1, 2, 3, 4):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Ageing.search([]).read(["dealer_id", "amount_30", "display_name"])
            counts.append(self.env.cr.sql_log_count - before)
            self.disputed_on(number, "2026-04-11")
        self.assertEqual(len(set(counts)), 1, counts)
