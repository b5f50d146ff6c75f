"""Renewal quotations: by a button, by night, and what their confirmation does."""

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time

from .sale_case import SaleCase


class TestSaleRenewal(SaleCase):

    def setUp(self):
        super().setUp()
        self.care.aftersales_contract_state = "active"
        self.anna.group_ids = [Command.link(self.env.ref("sales_team.group_sale_salesman_all_leads").id)]
        order = self.an_order((self.care, 1, [self.an_asset()]))
        order.action_confirm()
        self.sold = self.starts(order).contract_id  # until 2027-01-14

    def night(self, day):
        Nightly = self.env["aftersales.nightly"]
        step = next(one for one in Nightly._steps() if one.key == "renewal_quotes")
        with freeze_time(f"{day} 02:00:00"):
            records = Nightly._due(step, fields.Date.to_date(day)) & self.sold
            Nightly._run_batch(step, records, fields.Date.to_date(day))

    def test_the_night_quotes_once_in_the_window(self):
        self.night("2026-11-14")
        self.assertFalse(self.sold.sale_renewal_ids)
        self.night("2026-11-15")
        self.night("2026-11-16")
        line = self.sold.sale_renewal_ids
        self.assertEqual((len(line), line.product_id, line.state), (1, self.care, "draft"))
        self.assertEqual(self.sold.with_user(self.anna).sale_order_count, 2)

    def test_its_confirmation_renews_for_a_term(self):
        with freeze_time("2026-12-01 12:00:00"):
            self.sold.with_user(self.anna).action_quote_renewal()
            with self.assertRaisesRegex(UserError, "renews it already"):
                self.sold.with_user(self.anna).action_quote_renewal()
            order = self.sold.sale_renewal_ids.order_id
            order.with_user(self.anna).action_confirm()
            self.assertEqual(str(self.sold.date_end), "2028-01-14")
            self.assertEqual(self.starts(order).kind, "renewal")
            with self.assertRaisesRegex(UserError, "which has its new term"):
                order._action_cancel()

    def test_a_contract_that_ends_for_good_is_followed_by_a_new_one(self):
        self.amend(self.sold, renewal_kind="none")
        with freeze_time("2026-12-01 12:00:00"):
            self.sold.with_user(self.anna).action_quote_renewal()
            order = self.sold.sale_renewal_ids.order_id
            order.with_user(self.anna).action_confirm()
        follows = self.starts(order).contract_id
        self.assertNotEqual(follows, self.sold)
        self.assertEqual((str(follows.date_start), str(self.sold.date_end)), ("2027-01-15", "2027-01-14"))
        self.assertEqual(follows.cover_ids.asset_id, self.sold.cover_ids.asset_id)

    def test_what_goes_on_by_itself_is_not_quoted(self):
        self.amend(self.sold, renewal_kind="automatic")
        with self.assertRaisesRegex(UserError, "goes on by itself"):
            self.sold.with_user(self.anna).action_quote_renewal()
        with self.assertRaisesRegex(UserError, "no product sells it|only a contract in force"):
            self.contract.with_user(self.anna).action_quote_renewal()
