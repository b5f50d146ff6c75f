"""Finance in a browser: a quarter is settled, reviewed, sent, accepted by the dealer, approved and posted."""

from odoo.tests import HttpCase, tagged

from .test_period_settlements import PeriodSettlementCase


@tagged("post_install", "-at_install")
class TestSettlementTour(PeriodSettlementCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dealing.settlements_from = "2026-01-01"

    @classmethod
    def a_rule(cls, components=(), release=True, **values):
        return super().a_rule(components, release, **{"period": "quarter", **values})

    def test_finance_settles_a_quarter(self):
        self.an_invoice((self.work, 1428.57), day="2026-01-20")
        self.an_invoice((self.pump, 234.50), (self.work, 1000), day="2026-03-05")
        self.start_tour("/odoo/aftersales-today", "aftersales_settle_quarter", login=self.felix.login)
        settlement = self.dealing.settlement_ids
        self.assertRecordValues(settlement, [{
            "state": "sent", "total": 1723.45, "computed_by_id": self.felix.id, "reviewed_by_id": self.felix.id}])
        settlement.with_user(self.diego).action_accept()
        self.start_tour("/odoo/aftersales-today", "aftersales_settlement_approve", login=self.boss.login)
        self.assertEqual((settlement.state, settlement.approved_by_id), ("approved", self.boss))
        self.start_tour("/odoo/aftersales-today", "aftersales_settlement_post", login=self.felix.login)
        self.assertEqual((settlement.state, settlement.posted_by_id), ("posted", self.felix))
        self.assertRecordValues(settlement.sudo().move_ids, [{
            "move_type": "in_invoice", "state": "posted", "partner_id": self.dealer.id, "amount_untaxed": 1723.45}])
