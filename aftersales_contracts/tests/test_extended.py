"""Extended warranties: sold for an asset or given by a plan, without a gap and without a double start."""

from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time

from .extended_case import ExtendedCase


class TestExtendedSale(ExtendedCase):

    def test_it_follows_the_warranty_without_a_gap(self):
        asset = self.an_asset()
        cover = asset._sell_extended(self.longer)
        self.assertEqual((cover.kind, cover.follows_id, cover.source), ("extended", self.covers(asset), "sale"))
        self.assertEqual((str(cover.first_day), str(cover.last_day)), ("2026-03-10", "2027-03-09"))
        for day, payer in (("2026-03-09", "warranty"), ("2026-03-10", "extended"), ("2027-03-09", "extended"),
                           ("2027-03-10", "customer")):
            with self.subTest(day), freeze_time("2027-04-01"):
                self.assert_payer(asset, day, payer)

    def test_a_second_sale_is_refused_naming_the_first(self):
        asset = self.an_asset()
        first = asset._sell_extended(self.longer)
        with self.assertRaisesRegex(UserError, f"extended already by {first.name}"):
            asset._sell_extended(self.longer)
        other = self.an_extension_product(self.a_policy("Another extension", cover_kind="extended"))
        with self.assertRaisesRegex(UserError, f"extended already by {first.name}"):
            asset._sell_extended(other)
        self.assertEqual(self.covers(asset, "extended"), first)

    def test_a_policy_that_stacks_begins_behind_the_first(self):
        asset = self.an_asset()
        first = asset._sell_extended(self.longer)
        more = self.an_extension_product(self.a_policy("Yet longer", cover_kind="extended", stacks=True))
        second = asset._sell_extended(more)
        self.assertEqual(second.follows_id, first)
        self.assertEqual((str(second.first_day), str(second.last_day)), ("2027-03-10", "2028-03-09"))

    def test_after_the_end_it_is_refused_or_begins_on_the_day_of_the_sale(self):
        late = self.an_extension_product(self.a_policy("Late extension", cover_kind="extended", late_days=10))
        asset, other = self.an_asset(), self.an_asset("P-2")
        with freeze_time("2026-03-10 12:00:00"):
            with self.assertRaisesRegex(UserError, "has ended on .*sold before that"):
                asset._sell_extended(self.longer, date(2026, 3, 10))
        with freeze_time("2026-03-19 12:00:00"):
            cover = asset._sell_extended(late, date(2026, 3, 19))
            self.assertEqual(str(cover.first_day), "2026-03-19")
            self.assert_payer(asset, "2026-03-15", "customer")
            self.assert_payer(asset, "2026-03-19", "extended")
        with freeze_time("2026-03-20 12:00:00"), self.assertRaisesRegex(UserError, "until 10 days after"):
            other._sell_extended(late, date(2026, 3, 20))

    def test_what_cannot_be_extended_is_told_by_name(self):
        bare = self.env["aftersales.asset"].create({"name": "X-1", "partner_id": self.customer.id})
        with self.assertRaisesRegex(UserError, "not for this machine"):
            bare._sell_extended(self.longer)
        with self.assertRaisesRegex(UserError, "is no extended warranty"):
            bare._sell_extended(self.pump)
        general = self.an_extension_product(self.a_policy("For all", cover_kind="extended", product_ids=[]))
        with self.assertRaisesRegex(UserError, "X-1 has no warranty"):
            bare._sell_extended(general)
        self.extension.with_user(self.lena).action_withdraw()
        with self.assertRaisesRegex(UserError, "is not released"):
            self.an_asset()._sell_extended(self.longer)

    def test_a_machine_not_delivered_yet_is_extended_once_it_is(self):
        asset = self.an_asset(delivered=False)
        cover = asset._sell_extended(self.longer) if self.covers(asset) else None
        asset._set_day("delivery", "2026-01-10")
        if cover is None:  # covers begin with the first day that is known
            cover = asset._sell_extended(self.longer)
        self.assertEqual((str(cover.first_day), str(cover.last_day)), ("2027-01-10", "2028-01-09"))

    def test_a_product_sells_one_thing(self):
        plan = self.env["aftersales.service.plan"].create({"name": "Care"})
        with self.assertRaisesRegex(ValidationError, "not both"):
            self.longer.product_tmpl_id.aftersales_plan_id = plan
        with self.assertRaisesRegex(ValidationError, "not one of extended"):
            self.an_extension_product(self.warranty)

    def test_account_managers_sell(self):
        asset = self.an_asset()
        values = {"asset_ids": [Command.set(asset.ids)], "product_id": self.longer.id}
        with self.assertRaises(AccessError):
            self.env["aftersales.extended.sale"].with_user(self.agent).create(values)
        action = self.env["aftersales.extended.sale"].with_user(self.anna).create(values).action_sell()
        self.assertEqual(action["domain"], [("id", "in", self.covers(asset, "extended").ids)])

    def test_many_assets_take_no_more_queries(self):
        few = self.env["aftersales.asset"].concat(*(self.an_asset(f"F-{n}") for n in range(2)))
        many = self.env["aftersales.asset"].concat(*(self.an_asset(f"M-{n}") for n in range(20)))
        self.an_asset("W-1")._sell_extended(self.longer)
        self.env.flush_all()
        counts, sold, Cover = [], [], self.env["aftersales.warranty.cover"]
        for assets in (few, many):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with patch.object(type(Cover), "create", lambda self, rows: sold.append(rows) or self.browse()):
                assets._sell_extended(self.longer)  # what making covers takes is theirs to count
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertEqual([len(rows) for rows in sold], [2, 20])


class TestExtendedPlan(ExtendedCase):

    def setUp(self):
        super().setUp()
        self.plan = self.env["aftersales.service.plan"].create(
            {"name": "Care", "warranty_policy_id": self.extension.id})
        self.asset = self.an_asset(delivered="2024-01-10")  # its warranty is over
        self.care = self.a_contract(activate=False, date_end="2026-12-31", plan_id=self.plan.id)
        self.env["aftersales.cover"].create(
            {"contract_id": self.care.id, "asset_id": self.asset.id, "date_start": "2026-01-10"})
        self.care._adopt("Test")

    def cover(self):
        return self.covers(self.asset, "extended")

    def test_a_contract_of_the_plan_extends_the_warranty_of_its_assets(self):
        cover = self.cover()
        self.assertEqual((cover.contract_id, cover.source), (self.care, "plan"))
        self.assertEqual((str(cover.start_on), str(cover.end_on)), ("2026-01-10", "2026-12-31"))
        self.assert_payer(self.asset, "2026-01-09", "customer")
        self.assert_payer(self.asset, "2026-01-10", "extended")

    def test_it_is_given_once_and_follows_the_contract_every_night(self):
        Nightly = self.env["aftersales.nightly"]
        step = next(one for one in Nightly._steps() if one.key == "plan_covers")
        Nightly._run_batch(step, self.care, None)
        self.assertEqual(len(self.cover()), 1)
        late = self.an_asset("P-2", delivered="2024-01-10")
        self.env["aftersales.cover"].create({"contract_id": self.care.id, "asset_id": late.id})
        self.care.cover_ids.filtered(lambda one: one.asset_id == self.asset).date_end = "2026-01-31"
        Nightly._run_batch(step, self.care, None)
        self.assertEqual(str(self.cover().end_on), "2026-01-31")
        self.assertEqual(len(self.covers(late, "extended")), 1)

    def test_on_days_of_a_suspension_it_rests(self):
        self.care.suspend("2026-01-11", "Plant closed", "2026-01-13", shift_end=False)
        self.assert_payer(self.asset, "2026-01-12", "customer")
        told = self.asset.check_coverage("2026-01-12", "", [{"key": "s", "kind": "parts", "amount": "1.00"}])
        self.assertIn("suspended", str(told))
        self.assert_payer(self.asset, "2026-01-14", "extended")

    def test_it_ends_with_the_contract(self):
        with freeze_time("2027-01-05 12:00:00"):
            self.care._transition("expire")
            self.assertEqual(str(self.cover().end_on), "2026-12-31")
            self.assert_payer(self.asset, "2027-01-02", "customer")
