"""Extensions to be offered become quotations, one an owner, and go back to open when they are cancelled."""

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time

from .sale_case import SaleCase


class TestSaleOffer(SaleCase):

    def setUp(self):
        super().setUp()
        self.customer.email = "harbour@example.com"
        self.pump.aftersales_offer_id = self.longer
        self.anna.group_ids = [Command.link(self.env.ref("sales_team.group_sale_salesman_all_leads").id)]
        self.assets = self.env["aftersales.asset"].concat(*(self.an_asset(f"P-{n}") for n in range(2)))

    def night(self, day="2026-01-15"):
        Nightly = self.env["aftersales.nightly"]
        for step in sorted(Nightly._steps()):
            if step.key in ("expiry", "expiry_tell"):
                day_of = fields.Date.to_date(day)
                Nightly._run_batch(step, Nightly._due(step, day_of), day_of)
        return self.env["aftersales.expiry.notice"].search([("asset_id", "in", self.assets.ids)])

    def test_one_quotation_an_owner_names_the_assets(self):
        notices = self.night()
        notices.with_user(self.anna).action_quote()
        order = notices.order_id
        self.assertEqual((len(order), order.state, order.order_line.product_uom_qty), (1, "draft", 2))
        self.assertEqual(order.order_line.aftersales_asset_ids, self.assets)
        self.assertEqual(set(notices.mapped("offer_state")), {"quoted"})
        with self.assertRaisesRegex(UserError, "offers it already"):
            notices.with_user(self.anna).action_quote()
        order.action_confirm()
        self.assertEqual(set(notices.mapped("offer_state")), {"made"})
        self.assertEqual(len(self.covers(self.assets[0], "extended")), 1)

    def test_a_cancelled_quotation_opens_the_offer_again(self):
        notices = self.night()
        notices.with_user(self.anna).action_quote()
        notices.order_id._action_cancel()
        self.assertEqual(set(notices.mapped("offer_state")), {"open"})

    def test_the_night_quotes_where_the_company_wants_it(self):
        self.company.aftersales_expiry_quotation = True
        notices = self.night()
        self.assertEqual(set(notices.mapped("offer_state")), {"quoted"})
        with freeze_time("2026-02-07 02:00:00"):
            later = self.night("2026-02-07") - notices
        self.assertEqual(set(later.mapped("offer_state")), {"quoted"})
        self.assertEqual(later.order_id, notices.order_id)
