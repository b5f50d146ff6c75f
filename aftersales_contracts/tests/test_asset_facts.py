"""Machines as the warranty engine knows them: days, owners, replacements, kits, meters, repairs."""

from datetime import date
from decimal import Decimal

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time

from ..engine.warranty_facts import Owner, Reading, Repair
from .common import AftersalesCase
from .refusals import Refusals


class AssetCase(AftersalesCase, Refusals):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        categories = cls.env["product.category"]
        cls.machines = categories.create({"name": "Machines"})
        cls.pumps = categories.create({"name": "Pumps", "parent_id": cls.machines.id})
        cls.pump, cls.motor = cls.env["product.product"].create([
            {"name": "Pump 7", "default_code": "P7", "categ_id": cls.pumps.id}, {"name": "Motor 3"}])
        cls.asset = cls.an_asset("P-1", product_id=cls.pump.id, delivered_on="2026-01-31")

    @classmethod
    def an_asset(cls, serial, **values):
        return cls.env["aftersales.asset"].create({"name": serial, "partner_id": cls.customer.id, **values})

    def owner_row(self, asset=None):
        """The row of the owner that was added last."""
        return (asset or self.asset).owner_ids.sorted("id")[-1]

    def replace(self, old, new, day="2026-05-01", user=None, **values):
        return self.env["aftersales.asset.replacement"].with_user(user or self.anna).create(
            {"old_id": old.id, "new_id": new.id, "day": day, **values})


@freeze_time("2026-06-15 12:00:00")
class TestAssetFacts(AssetCase):
    def test_days_owners_repairs_and_keys(self):
        self.asset.write({"installed_on": "2026-02-10", "batch": " B7 "})
        self.asset._repaired("2026-03-01", "2026-03-09")
        self.asset._hand_over(self.stranger, date(2026, 4, 1), consent=True)
        found = self.asset._engine_assets()[self.asset.id]
        self.assertEqual(
            (found.key, found.product, found.serial, found.batch),
            (str(self.asset.id), f"product:{self.pump.id}", "P-1", "B7"))
        self.assertEqual(found.categories[:2], (f"categ:{self.pumps.id}", f"categ:{self.machines.id}"))
        self.assertEqual(found.dates, {"delivery": date(2026, 1, 31), "installation": date(2026, 2, 10)})
        self.assertEqual(found.owners, (
            Owner(f"partner:{self.customer.id}", date(2026, 1, 31)),
            Owner(f"partner:{self.stranger.id}", date(2026, 4, 1), True)))
        self.assertEqual(found.repairs, (Repair(date(2026, 3, 1), date(2026, 3, 9)),))

    def test_the_first_owner_had_it_from_the_beginning_however_late_it_was_registered(self):
        late = self.an_asset("LATE")  # registered today, without a day
        late._hand_over(self.stranger, date(2025, 11, 1))
        owners = late._engine_assets()[late.id].owners
        self.assertEqual([(one.owner, str(one.day)) for one in owners], [
            (f"partner:{self.customer.id}", "2025-11-01"), (f"partner:{self.stranger.id}", "2025-11-01")])

    def test_row25_replaced_meter_and_one_turned_back(self):
        """The peer takes a lower value for a mistake of typing and refuses it, or gives the use back."""
        Reading_ = self.env["aftersales.meter.reading"].with_user(self.agent)
        Reading_.create([
            {"asset_id": self.asset.id, "read_on": "2026-02-01", "value": 1000, "restart": 0, "replaced": True},
            {"asset_id": self.asset.id, "read_on": "2026-03-01", "value": 150}])
        back = Reading_.create({"asset_id": self.asset.id, "read_on": "2026-04-01", "value": 120})
        km = self.env.ref("aftersales_contracts.meter_km")
        Reading_.create({"asset_id": self.asset.id, "read_on": "2026-04-01", "value": 7, "meter_id": km.id})
        self.assertIn("Rolled back: the meter showed 150.0 before", back.warning)
        self.assertEqual(self.asset._engine_assets()[self.asset.id].readings, (
            Reading("hours", date(2026, 2, 1), Decimal(1000), Decimal(0)),
            Reading("hours", date(2026, 3, 1), Decimal(150)),
            Reading("hours", date(2026, 4, 1), Decimal(120)), Reading("km", date(2026, 4, 1), Decimal(7))))
        with self.refused(ValidationError, "lies in the future"):
            Reading_.create({"asset_id": self.asset.id, "read_on": "2026-06-16", "value": 1})

    def test_row24_a_component_has_its_own_days_or_those_of_the_kit(self):
        """The peer knows one day for the kit and all that is in it."""
        young = self.an_asset("M-1", product_id=self.motor.id, parent_id=self.asset.id, delivered_on="2026-05-01")
        plain = self.an_asset("M-2", product_id=self.motor.id, parent_id=self.asset.id)
        kit = self.asset._engine_assets()[self.asset.id]
        self.assertEqual(
            {one.serial: one.dates for one in kit.components}, {"M-1": {"delivery": date(2026, 5, 1)}, "M-2": {}})
        alone = (young | plain)._engine_assets()
        self.assertEqual(alone[young.id].dates, {"delivery": date(2026, 5, 1)})
        self.assertEqual(alone[plain.id].dates, {"delivery": date(2026, 1, 31)})

    def test_kits_are_one_level_deep_and_no_circle(self):
        part = self.an_asset("M-1", parent_id=self.asset.id)
        for asset, kit, sentence in (
                (self.asset, self.asset, "cannot be a component of itself"),
                (self.an_asset("M-2"), part, "which is a component of Pump 7 · P-1 itself"),
                (self.asset, self.an_asset("K-2"), "P-1 has components, so it cannot be one of K-2")):
            with self.subTest(sentence), self.refused(ValidationError, sentence):
                asset.parent_id = kit

    def test_constant_queries_and_whole_chains(self):
        chain = [self.an_asset(f"C-{number}", product_id=self.pump.id) for number in range(4)]
        for number, (old, new) in enumerate(zip(chain, chain[1:], strict=False), 1):
            self.replace(old, new, f"2026-0{number}-01")
        for asset in chain:
            found = asset._engine_assets()[asset.id]
            self.assertEqual([(one.old.serial, one.new, str(one.day)) for one in found.replacements], [
                (f"C-{place}", str(chain[place + 1].id), f"2026-0{place + 1}-01") for place in range(3)])
        many = self.env["aftersales.asset"].create([
            {"name": f"Q-{number}", "partner_id": self.customer.id, "product_id": self.pump.id,
             "delivered_on": "2026-01-01"} for number in range(20)])
        counts = []
        for assets in (many[:2], many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            assets._engine_assets()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
        self.assertLessEqual(counts[0], 12)


@freeze_time("2026-06-15 12:00:00")
class TestAssetHistory(AssetCase):
    def test_days_are_refused_in_words_and_odd_ones_are_told(self):
        asset = self.asset.with_user(self.anna)
        asset.set_day("installation", "2026-01-15")
        self.assertIn("Installed 2026-01-15 comes before the delivery on 2026-01-31", asset.day_note)
        for trigger, day, sentence in (
                ("delivery", "2026-06-16", "Delivered 2026-06-16 lies in the future"),
                ("birthday", "2026-01-01", "“birthday” is no day of an asset"),
                ("delivery", "soon", "“soon” is no day: YYYY-MM-DD is needed")):
            with self.subTest(sentence), self.refused((UserError, ValidationError), sentence):
                asset.set_day(trigger, day)
        for user in (self.agent, self.felix, self.carla):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.asset.with_user(user).set_day("delivery", "2026-01-01")

    def test_owners_are_on_record_and_never_change(self):
        first = self.asset.owner_ids
        self.assertRecordValues(first, [{"partner_id": self.customer.id, "day": date(2026, 1, 31)}])
        with self.refused(UserError, "is on record and does not change"):
            first.write({"day": "2020-01-01"})
        with self.assertRaises(AccessError):
            first.with_user(self.boss).copy({"day": "2020-01-01"})
        self.asset.with_user(self.anna).partner_id = self.stranger  # no contract covers it
        self.assertEqual(self.owner_row().partner_id, self.stranger)
        self.assertEqual(str(self.owner_row().day), "2026-06-15")

    def test_row24_returned_and_sold_again(self):
        """The peer overwrites the first delivery, so that no policy can count from it any more."""
        self.asset._returned("2026-03-01")
        self.assertEqual(self.asset.partner_id, self.customer)
        self.asset._resold(self.stranger, "2026-04-01")
        self.asset._set_day("installation", "2026-04-05")
        self.assertRecordValues(self.asset, [{
            "partner_id": self.stranger.id, "returned_on": False, "delivered_on": date(2026, 1, 31),
            "installed_on": False}])
        sale = self.asset._engine_assets()[self.asset.id].owners[-1]
        self.assertEqual(sale.dates, {"delivery": date(2026, 4, 1), "installation": date(2026, 4, 5)})
        with self.refused(UserError, "did not come back on 2025-01-01, before that"):
            self.asset._returned("2025-01-01")

    def test_row28_replacements_that_cannot_be(self):
        """The peer takes any serial as the replacement: in a circle, twice, of somebody else, of another model."""
        old, new, third, other = (self.an_asset(f"R-{number}", product_id=self.pump.id) for number in range(4))
        third.delivered_on = "2026-01-02"  # it lay in store
        alien = self.an_asset("S-1", product_id=self.pump.id, partner_id=self.stranger.id)
        motor = self.an_asset("M-1", product_id=self.motor.id)
        self.replace(old, new)
        self.replace(new, third, "2026-05-10")
        self.assertEqual((old.replaced_by_id, third.replaces_id), (new, new))
        for one, by, day, sentence in (
                (old, old, "2026-05-01", "cannot replace itself"),
                (old, other, "2026-05-01", "R-0 was replaced by .*R-1 on 2026-05-01: a machine is replaced once"),
                (other, new, "2026-05-01", "R-1 replaces Pump 7 · R-0 since 2026-05-01: a machine replaces one"),
                (third, old, "2026-06-01", "go in a circle: R-2 → R-0 → R-1 → R-2"),
                (third, other, "2026-05-02", "was replaced on 2026-05-02, before it replaced Pump 7 · R-1"),
                (other, alien, "2026-05-01", "S-1 belongs to Somebody Else, not to Harbour Freight"),
                (other, motor, "2026-05-01", "M-1 is another product than Pump 7 · R-3: say in the note why"),
                (self.asset, other, "2026-01-01", "it was not replaced on 2026-01-01, before that"),
                (self.asset, other, "2026-06-16", "lies in the future")):
            with self.subTest(sentence), self.refused((UserError, ValidationError), sentence):
                self.replace(one, by, day)
        self.assertFalse(other.replaced_by_id or motor.replaces_id)
        self.replace(other, motor, note="The pump is no longer made")
        with self.assertRaises(AccessError):
            self.replace(self.asset, self.an_asset("R-9", product_id=self.pump.id), user=self.agent)

    def test_row28_a_void_replacement_counts_no_more(self):
        new = self.an_asset("R-1", product_id=self.pump.id, partner_id=self.company.partner_id.id)
        one = self.replace(self.asset, new)
        self.assertRecordValues(new, [{"partner_id": self.customer.id, "delivered_on": date(2026, 5, 1)}])
        with self.refused(UserError, "Say why"):
            one.action_void()
        one.with_user(self.anna).action_void("Wrong machine")
        self.assertFalse(self.asset.replaced_by_id or self.asset._engine_assets()[self.asset.id].replacements)
        self.replace(self.asset, self.an_asset("R-2", product_id=self.pump.id))

    def test_repairs_end_once(self):
        repair = self.asset._repaired("2026-06-01")
        with self.refused(UserError, "it is not back on 2026-05-01, before it went away"):
            repair.with_user(self.agent).action_back("2026-05-01")
        repair.with_user(self.agent).action_back()
        self.assertEqual(str(repair.end_on), "2026-06-15")
        with self.refused(UserError, "is over already"):
            repair.action_back()
        with self.assertRaises(AccessError):
            repair.with_user(self.agent).action_void("No")
        self.assertIn("Back from repair", self.asset.history)
