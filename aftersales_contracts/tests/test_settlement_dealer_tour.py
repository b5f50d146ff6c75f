"""A dealer in a browser: it accepts eight lines of a settlement and disputes two."""

from odoo.tests import HttpCase, tagged

from .settlement_document_case import SettlementDocumentCase


@tagged("post_install", "-at_install")
class TestSettlementDealerTour(SettlementDocumentCase, HttpCase):
    def test_a_dealer_accepts_eight_lines_and_disputes_two(self):
        pumps = [{"product_id": self.pump.id, "price_unit": 100, "name": f"Oil pump of the {where}"}
                 for where in ("crane", "gate")]
        lines = [(self.work, 100)] * 7 + pumps + [(self.work, 185.71)]
        settlement = self.sent(self.computed(*lines))
        self.assertEqual((settlement.line_count, settlement.total), (10, 640))
        self.start_tour("/my", "aftersales_settlement_dealer", login=self.diego.login)
        settlement.invalidate_recordset()
        states = settlement.line_ids.mapped("state")
        self.assertEqual((states.count("accepted"), states.count("disputed")), (8, 2))
        disputed = settlement.line_ids.filtered(lambda line: line.state == "disputed")
        self.assertEqual(disputed.product_id, self.pump)
        self.assertEqual(set(disputed.mapped("dispute_reason")), {"The pumps earn 12 % since March"})
        self.assertEqual((settlement.state, settlement.held, settlement.payable), ("disputed", 20, 620))
        settlement.with_user(self.boss).action_approve()
        self.assertEqual(settlement.document_id.amount, 620)
