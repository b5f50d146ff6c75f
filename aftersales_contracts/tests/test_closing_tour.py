"""Finance in a browser: from Close the Month to posted credit notes and a closed month."""

from odoo.tests import HttpCase

from .closing_case import ClosingCase


class TestClosingTour(ClosingCase, HttpCase):
    def test_from_close_the_month_to_posted_credit_notes(self):
        self.april()
        self.start_tour("/odoo/aftersales-today", "aftersales_closing_run", login=self.felix.login)
        penalty = self.env["aftersales.penalty"].search([
            ("contract_id", "=", self.contract.id), ("state", "=", "draft")])
        self.assertRecordValues(penalty, [{"amount": 100, "statement_id": self.closed()[-1].id}])
        self.assertEqual(self.closed().closed_by_id, self.felix)

        penalty.with_user(self.anna).action_review()
        self.start_tour("/odoo/aftersales-today", "aftersales_closing_close", login=self.felix.login)
        self.assertRecordValues(penalty, [{
            "state": "posted", "approved_by_id": self.felix.id, "posted_by_id": self.felix.id}])
        self.assertRecordValues(penalty.move_id, [{
            "move_type": "out_refund", "state": "posted", "amount_untaxed": 100, "partner_id": self.customer.id}])
        close = self.env["aftersales.period.close"].search([("company_id", "=", self.company.id)])
        self.assertRecordValues(close, [{"state": "closed", "closed_by_id": self.felix.id}])
