"""Warranties that end: each step told once, one mail an owner, and the extension that is offered."""

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time

from .extended_case import ExtendedCase


class TestExpiry(ExtendedCase):
    """The warranty of `an_asset` ends with 2026-03-09: 90 days before is 2025-12-09, 60 is 01-08, 30 is 02-07."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = "harbour@example.com"
        cls.pump.aftersales_offer_id = cls.longer

    def night(self, day):
        """The expiry steps of the night of ``day``."""
        Nightly = self.env["aftersales.nightly"]
        with freeze_time(f"{day} 02:00:00"):
            self.env["aftersales.warranty.cover"].search([("asset_id.product_id", "=", self.pump.id)])._refresh()
            for step in sorted(Nightly._steps()):
                if step.key in ("expiry", "expiry_tell"):
                    records = Nightly._due(step, fields.Date.to_date(day))
                    Nightly._run_batch(step, records, fields.Date.to_date(day))
            self.env.flush_all()

    def notices(self, asset):
        return self.env["aftersales.expiry.notice"].search([("asset_id", "=", asset.id)], order="id")

    def mails(self):
        return self.env["mail.mail"].sudo().search([("model", "=", "aftersales.expiry.notice")]).filtered(
            lambda mail: self.customer in mail.recipient_ids)

    def test_each_step_is_told_once_and_missed_nights_tell_the_nearest(self):
        asset = self.an_asset()
        self.night("2025-12-08")
        self.assertFalse(self.notices(asset))
        self.night("2025-12-09")
        self.night("2025-12-10")
        self.assertEqual(self.notices(asset).mapped("days"), [90])
        self.night("2026-02-20")  # 60 was missed
        self.assertEqual(self.notices(asset).mapped("days"), [90, 30])
        self.night("2026-03-09")  # its last day
        self.assertEqual(self.notices(asset).mapped("days"), [90, 30])
        self.night("2026-03-10")
        self.night("2026-03-11")
        self.assertEqual(self.notices(asset).mapped("days"), [90, 30, 0])

    def test_one_mail_an_owner_lists_all_its_assets(self):
        assets = [self.an_asset(f"P-{n}") for n in range(3)]
        before = self.mails()
        self.night("2026-01-08")
        self.night("2026-01-09")
        mail = self.mails() - before
        self.assertEqual(len(mail), 1)
        for asset in assets:
            self.assertIn(asset.name, str(mail.body_html))
        self.assertTrue(all(self.notices(asset).sent_at for asset in assets))

    def test_dealers_are_told_where_the_company_wants_it(self):
        self.dealer.email = "dealer@example.com"
        asset = self.an_asset(dealer_id=self.dealer.id)
        self.night("2026-01-08")
        self.assertFalse(self.notices(asset).dealer_sent_at)
        self.company.aftersales_expiry_tell_dealer = True
        self.night("2026-01-09")
        self.assertTrue(self.notices(asset).dealer_sent_at)

    def test_who_has_no_address_is_told_once_it_is_known(self):
        self.customer.email = False
        asset = self.an_asset()
        self.night("2026-01-08")
        self.assertFalse(self.notices(asset).sent_at)
        self.customer.email = "harbour@example.com"
        self.night("2026-01-10")
        self.assertTrue(self.notices(asset).sent_at)

    def test_nothing_is_told_of_what_was_replaced_or_is_extended(self):
        old, extended, gone = (self.an_asset(f"P-{n}") for n in range(3))
        new = self.an_asset("P-9", delivered=False)
        old._replace_by(new, fields.Date.to_date("2026-01-05"))
        extended._sell_extended(self.longer)
        gone.active = False
        self.night("2026-01-16")
        self.assertFalse(self.notices(old) + self.notices(extended) + self.notices(gone))
        told = self.notices(new)  # that of the machine it replaced came over to it, and ends as its own does
        self.assertEqual({str(one.last_day) for one in told}, {"2026-03-09"})
        self.assertEqual(told[0]._together().asset_id, new)
        self.assertEqual(len(told[0]._together()), 1)

    def test_an_end_that_moved_little_is_not_told_again(self):
        asset = self.an_asset()
        self.night("2025-12-09")
        notice = self.notices(asset)
        self.covers(asset)._write_guarded({"last_day": "2026-03-17"})
        cover = self.covers(asset)
        domain = cover._nightly_expiry_domain(fields.Date.to_date("2025-12-17"))
        self.assertFalse(cover.search(domain) & cover)
        cover._write_guarded({"last_day": "2027-03-09"})
        domain = cover._nightly_expiry_domain(fields.Date.to_date("2026-12-09"))
        self.assertEqual(cover.search(domain) & cover, cover)
        self.assertEqual(self.notices(asset), notice)

    def test_the_offer_is_a_todo_and_settled_by_the_sale(self):
        self.customer.user_id = self.anna
        asset, other = self.an_asset(), self.an_asset("P-2")
        self.night("2026-01-08")
        notice, second = self.notices(asset), self.notices(other)
        self.assertEqual((notice.offer_state, notice.offer_product_id), ("open", self.longer))
        self.assertEqual(notice.user_id, self.anna)
        todo = self.env.ref("aftersales_contracts.activity_expiry")
        todos = self.customer.activity_ids.filtered(lambda one: one.activity_type_id == todo)
        self.assertEqual(len(todos), 1)
        due = self.env["aftersales.due"].with_user(self.anna).search([("kind", "=", "warranty_expiry")])
        self.assertIn(notice.id, due.mapped("res_id"))
        asset._sell_extended(self.longer)
        self.assertEqual(notice.offer_state, "made")
        second.with_user(self.anna).action_decline()
        self.assertFalse(todos.filtered("active"))
        with self.assertRaisesRegex(UserError, "nothing is offered"):
            second.with_user(self.anna).action_decline()
        self.night("2026-02-07")
        self.assertEqual(self.notices(other).mapped("offer_state"), ["declined", "declined"])

    def test_agents_read_notices_and_change_none(self):
        self.night("2026-01-08")
        self.an_asset()
        self.night("2026-01-09")
        notice = self.env["aftersales.expiry.notice"].search([("partner_id", "=", self.customer.id)])
        notice.with_user(self.agent).read(["asset_id"])
        with self.assertRaises(AccessError):
            notice.with_user(self.agent).action_decline()
        with self.assertRaises(UserError):
            notice.with_user(self.anna).write({"offer_state": "made"})

    def test_the_ladder_is_checked(self):
        with self.assertRaisesRegex(ValidationError, "no list of days"):
            self.company.aftersales_expiry_days = "soon"
        self.company.aftersales_expiry_days = False
        asset = self.an_asset()
        self.night("2026-01-08")
        self.assertFalse(self.notices(asset))

    def test_the_night_takes_the_same_queries_for_many(self):
        counts = []
        for name, number in (("W", 2), ("F", 2), ("M", 20)):
            covers = self.env["aftersales.warranty.cover"]
            for n in range(number):
                covers |= self.covers(self.an_asset(f"{name}-{n}"))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            covers._nightly_expiry(fields.Date.to_date("2026-01-08"))
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 3, counts)
