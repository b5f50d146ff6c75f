"""Who pays for a failure, on real records: the rules W1 to W13 as the addon carries them out, and rows 24 to 28 of the
cases on which other systems go wrong. Claims and recalls (row 29) have tests of their own."""

from decimal import Decimal
from itertools import combinations

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time

from ..engine.warranty_facts import Item
from ..models.warranty.warranty_case import WarrantyCase
from .extended_case import ExtendedCase

KINDS = ("parts", "labour", "travel")


def day(text):
    return fields.Date.to_date(text)


class VerdictCase(ExtendedCase):
    """The clock stands at 2028-06-15, after all that happens."""

    def setUp(self):
        super().setUp()
        frozen = freeze_time("2028-06-15 12:00:00")
        frozen.start()
        self.addCleanup(frozen.stop)

    def a_machine(self, serial, terms=None, months=12, **values):
        """A machine of a product of its own, whose warranty is by ``terms``."""
        product = self.env["product.product"].create({"name": f"Machine {serial}", "type": "consu"})
        if terms is not None:
            self.a_policy(f"Warranty {serial}", months, product_ids=[Command.set(product.ids)], **terms)
        return self.an_asset(serial, product_id=product.id, **values)

    def asked(self, asset, on, kind="parts", cause="", **item):
        """The first item of the verdict in plain values."""
        item = {"key": "seal", "kind": kind, "amount": "100.00", **item}
        return asset.check_coverage(on, cause, [item])["items"][0]

    def assert_days(self, asset, first, last, kind="parts"):
        """Covered on its first and its last day, and on neither side of them."""
        one = fields.Date.add
        for on, covered in ((first, True), (last, True), (one(day(first), days=-1), False),
                            (one(day(last), days=1), False)):
            told = self.asked(asset, on, kind)
            self.assertEqual(told["covered"], covered, f"{on}: {told['reason']}")

    def verdict(self, asset, on="2025-09-01", cause=""):
        """The engine's verdict on a part, labour and travel of 100.00 each."""
        items = tuple(Item(kind, kind, amount=Decimal("100.00")) for kind in KINDS)
        return self.env["aftersales.asset"]._verdicts([WarrantyCase(asset, day(on), cause, items)])[0]


class TestWarrantyDays(VerdictCase):
    def test_row24_it_starts_by_its_trigger_and_not_later_than_the_cap(self):
        """Others start at the sale, or never where nobody enters the installation."""
        terms = {"start_trigger": "installation", "start_at_most": 6, "start_after": "delivery"}
        early = self.a_machine("E-1", terms, installed_on="2025-05-01")
        late = self.a_machine("L-1", terms, installed_on="2025-12-01")
        never = self.a_machine("N-1", terms)
        self.assert_days(early, "2025-05-01", "2026-04-30")
        self.assert_days(late, "2025-09-10", "2026-09-09")
        self.assert_days(never, "2025-09-10", "2026-09-09")

    def test_row24_without_any_day_it_waits_and_says_for_which(self):
        """Others take the day of registration."""
        asset = self.an_asset("D-1", delivered=False)
        cover = self.covers(asset)
        self.assertEqual((cover.state, cover.first_day, cover.last_day), ("waiting", False, False))
        self.assertIn("no day of delivery is known", self.asked(asset, "2026-01-10")["reason"])
        asset.delivered_on = "2025-03-10"
        self.assertEqual((cover.state, str(cover.first_day), str(cover.last_day)), (
            "expired", "2025-03-10", "2026-03-09"))
        self.assertEqual(len(self.covers(asset)), 1)

    def test_row24_return_and_resale_keep_or_reset_the_clock(self):
        """Others restart every clock with every delivery."""
        for rule, last in (("keep", "2026-03-09"), ("reset", "2026-08-31")):
            asset = self.a_machine(f"R-{rule}", {"resale": rule})
            asset._returned("2025-07-01")
            asset._resold(self.stranger, "2025-09-01")
            self.assertEqual(self.last_day(asset), last, rule)
            self.assertTrue(self.asked(asset, last)["covered"])

    def test_row24_components_of_a_kit_count_from_their_own_days(self):
        """Others give a whole kit one end, or lose the component that was exchanged."""
        kit = self.an_asset("K-1")
        young, plain = self.env["aftersales.asset"].create([
            {"name": "K-1-M", "partner_id": self.customer.id, "parent_id": kit.id, "delivered_on": "2025-11-01"},
            {"name": "K-1-P", "partner_id": self.customer.id, "parent_id": kit.id}])
        told = {one: self.asked(kit, "2026-03-10", component_id=one.id)["covered"] for one in (young, plain)}
        self.assertEqual(told, {young: True, plain: False})
        self.assertFalse(self.asked(kit, "2026-03-10")["covered"])

    def test_row25_months_keep_their_anchor_and_the_last_day_counts(self):
        """Others end on 1 March, on the 30th, or a day early."""
        leap = self.a_machine("F-1", {}, delivered="2024-02-29")
        august = self.a_machine("A-1", {}, months=6, delivered="2025-08-31")
        self.assert_days(leap, "2024-02-29", "2025-02-27")
        self.assert_days(august, "2025-08-31", "2026-02-27")
        self.assertEqual((self.last_day(leap), self.last_day(august)), ("2025-02-27", "2026-02-27"))

    def test_row25_date_or_meter_and_a_meter_that_is_replaced_or_turned_back(self):
        """Others read the last value alone: a new meter gives all use back."""
        hours = self.env.ref("aftersales_contracts.meter_hours")
        terms = {"limit_ids": [Command.create({"meter_id": hours.id, "amount": 2000})]}
        readings = {
            "at the limit": ([(2000, None)], True), "above": ([(2001, None)], False),
            "replaced": ([(1500, 0), (501, None)], False), "replaced, within": ([(1500, 0), (500, None)], True),
            "turned back": ([(1500, None), (400, None), (901, None)], False)}
        for place, (name, (values, covered)) in enumerate(readings.items()):
            asset = self.a_machine(f"H-{place}", terms)
            self.env["aftersales.meter.reading"].create([
                {"asset_id": asset.id, "meter_id": hours.id, "read_on": f"2025-0{4 + number}-01", "value": value,
                 **({"replaced": True, "restart": restart} if restart is not None else {})}
                for number, (value, restart) in enumerate(values)])
            self.assertEqual(self.asked(asset, "2025-12-01")["covered"], covered, name)
        self.assertIn("turned back", str(asset.check_coverage("2025-12-01")["warnings"]))

    def test_row25_days_in_repair_extend_it_only_where_agreed(self):
        """Others add the days of overlapping repairs twice, or none."""
        for extends, last in ((False, "2026-03-09"), (True, "2026-03-17")):
            asset = self.a_machine(f"X-{extends}", {"repair_extends": extends})
            self.env["aftersales.asset.repair"].create([
                {"asset_id": asset.id, "start_on": "2025-06-01", "end_on": "2025-06-09"},
                {"asset_id": asset.id, "start_on": "2025-06-03", "end_on": "2025-06-05"}])
            self.assertEqual(self.last_day(asset), last)

    def test_row27_it_goes_over_to_a_new_owner_only_as_agreed(self):
        """Others follow the machine whoever owns it."""
        for rule, consent, covered in (("free", False, True), ("never", True, False), ("consent", False, False),
                                       ("consent", True, True)):
            asset = self.a_machine(f"T-{rule}-{consent}", {"transfer": rule})
            asset._hand_over(self.stranger, day("2026-01-01"), consent=consent)
            self.assertTrue(self.asked(asset, "2025-12-31")["covered"])
            self.assertEqual(self.asked(asset, "2026-01-01")["covered"], covered, (rule, consent))

    def test_row28_a_replacement_inherits_restarts_or_takes_the_longer(self):
        """Others begin anew, or leave the new machine without cover."""
        for rule, last in (("inherit", "2026-03-09"), ("restart", "2027-01-14"), ("longer", "2026-04-14")):
            terms = {"replacement": rule, **({"replacement_count": 90, "replacement_unit": "day"}
                                             if rule == "longer" else {})}
            old, new = self.replaced(rule, terms)
            self.assertTrue(self.asked(old, "2026-01-14")["covered"])
            self.assertFalse(self.asked(old, "2026-01-15")["covered"])
            self.assertTrue(self.asked(new, last)["covered"], rule)
            self.assertFalse(self.asked(new, fields.Date.add(day(last), days=1))["covered"], rule)

    def replaced(self, rule, terms):
        old = self.a_machine(f"O-{rule}", terms)
        new = self.a_machine(f"N-{rule}", None, delivered=False)
        self.env["aftersales.asset.replacement"].create(
            {"old_id": old.id, "new_id": new.id, "day": "2026-01-15", "reason": "Another model"})
        return old, new

    def test_row28_two_products_with_one_serial_have_their_own_covers(self):
        """Others find the first machine with that serial."""
        one, other = self.a_machine("SAME", {}), self.a_machine("SAME", {}, months=24)
        self.assertEqual([self.last_day(asset) for asset in (one, other)], ["2026-03-09", "2027-03-09"])
        with self.assertRaisesRegex(UserError, "2 machines"):
            self.env["aftersales.asset"]._find_serial("SAME", self.company)


class TestOverlappingCovers(VerdictCase):
    """A warranty that pays labour by half, an extension, a supplier who pays, and one who refunds us: in all sets."""

    TERMS = {  # kind: {kind of item: percent}
        "warranty": {"parts": 100, "labour": 50}, "extended": {"parts": 80, "labour": 80, "travel": 80},
        "supplier": {"parts": 60, "travel": 60}, "goodwill": {"labour": 30, "travel": 50}}
    ORDER = ("warranty", "extended", "supplier", "goodwill")

    def covered_by(self, kinds):
        asset = self.a_machine("-".join(kinds) or "none")
        for kind in kinds:
            policy = self.a_policy(f"{kind} {asset.name}", product_ids=[], cover_kind=kind, **(
                {"supplier_id": self.stranger.id, "recovers": False} if kind == "supplier" else {}), benefit_ids=[
                    Command.create({"kind": item, "percent": percent}) for item, percent in self.TERMS[kind].items()])
            if not asset.warranty_cover_ids.filtered(lambda one, policy=policy: one.policy_id == policy):
                self.env["aftersales.warranty.cover"].create({"asset_id": asset.id, "policy_id": policy.id})
            policy._write_guarded({"state": "withdrawn"})  # the next machine has covers of its own
        return asset

    def expected(self, kinds, item):
        """{kind: percent} by hand: each pays its percentage of the whole until 100 are reached."""
        left, found = 100, {}
        for kind in self.ORDER:
            percent = min(left, self.TERMS[kind].get(item, 0)) if kind in kinds else 0
            if percent:
                found[kind], left = percent, left - percent
        return {**found, **({"customer": left} if left else {})}

    def test_row26_every_set_of_covers_pays_in_order_and_never_twice(self):
        """Others add percentages up to more than 100, or let the newest cover win."""
        for count in range(len(self.ORDER) + 1):
            for kinds in combinations(self.ORDER, count):
                for item in self.verdict(self.covered_by(kinds)).items:
                    told = {share.kind: share.percent for share in item.shares}
                    self.assertEqual(told, self.expected(kinds, item.kind), (kinds, item.kind))
                    self.assertEqual(sum(told.values()), 100)
                    self.assertEqual(sum(share.amount for share in item.shares), Decimal("100.00"))

    def test_a_cover_that_cannot_pay_changes_nothing(self):
        asset = self.covered_by(("warranty", "supplier"))
        before = self.verdict(asset)
        late = self.a_policy("Later", product_ids=[], benefit_ids=[Command.create({"kind": "travel", "percent": 100})])
        self.env["aftersales.warranty.cover"].create(
            {"asset_id": asset.id, "policy_id": late.id, "start_on": "2027-01-01"})
        after = self.verdict(asset)
        for item in before.items:
            self.assertEqual([(one.kind, one.percent, one.amount) for one in after[item.key].shares],
                             [(one.kind, one.percent, one.amount) for one in item.shares])

    def test_a_supplier_who_refunds_us_stands_beside_the_warranty(self):
        asset = self.covered_by(("warranty",))
        refunds = self.a_policy("Refunds", product_ids=[], cover_kind="supplier", supplier_id=self.stranger.id,
                                recovers=True, benefit_ids=[Command.create({"kind": "parts", "percent": 80})])
        self.env["aftersales.warranty.cover"].create({"asset_id": asset.id, "policy_id": refunds.id})
        item = Item("seal", "parts", amount=Decimal("100.00"), cost=Decimal("40.00"))
        [verdict] = self.env["aftersales.asset"]._verdicts([WarrantyCase(asset, day("2025-09-01"), "", (item,))])
        self.assertEqual([share.kind for share in verdict["seal"].shares], ["warranty"])
        self.assertEqual([(one.payer, one.amount) for one in verdict.recoveries], [
            (self.stranger.name, Decimal("32.00"))])

    def test_what_suppliers_refund_is_not_told_to_the_portal(self):
        asset = self.covered_by(("warranty",))
        refunds = self.a_policy("Refunds", product_ids=[], cover_kind="supplier", supplier_id=self.stranger.id,
                                recovers=True, benefit_ids=[Command.create({"kind": "parts", "percent": 80})])
        cover = self.env["aftersales.warranty.cover"].create({"asset_id": asset.id, "policy_id": refunds.id})
        seal = {"key": "seal", "kind": "parts", "amount": "100.00"}
        told = {user.login: str(asset.with_user(user).check_coverage("2025-09-01", "", [seal]))
                for user in (self.agent, self.carla)}
        for secret in (cover.name, self.stranger.name):
            self.assertIn(secret, told["agent.test"])
            self.assertNotIn(secret, told["carla.test"])

    def test_caps_count_what_was_paid_before(self):
        asset = self.a_machine("CAP", {"cap": 60})
        self.env["aftersales.warranty.use"].create(
            {"cover_id": self.covers(asset).id, "kind": "parts", "amount": 20, "day": "2025-08-01"})
        self.assertEqual([(one.kind, one.amount) for one in self.verdict(asset)["parts"].shares], [
            ("warranty", Decimal("40.00")), ("customer", Decimal("60.00"))])

    def test_exclusions_fit_all_that_they_name(self):
        belt = self.env["product.product"].create({"name": "Belt"})
        wear = self.env.ref("aftersales_contracts.cause_wear")
        excluded = {"reason": "Belts wear out", "product_ids": [Command.set(belt.ids)],
                    "cause_ids": [Command.set(wear.ids)]}
        asset = self.a_machine("EX", {"exclusion_ids": [Command.create(excluded)]})
        told = self.asked(asset, "2025-09-01", cause="wear", product_id=belt.id)
        self.assertEqual((told["covered"], told["rule"]), (False, "excluded"))
        self.assertIn("Belts wear out", told["reason"])
        self.assertTrue(self.asked(asset, "2025-09-01", cause="material", product_id=belt.id)["covered"])
        self.assertTrue(self.asked(asset, "2025-09-01", cause="wear")["covered"])

    def test_the_same_queries_for_two_machines_and_for_twenty(self):
        assets = self.env["aftersales.asset"].union(*(self.an_asset(f"Q-{number}") for number in range(20)))
        items = (Item("seal", "parts", amount=Decimal("100.00")),)

        def cost(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["aftersales.asset"]._verdicts([WarrantyCase(one, day("2025-09-01"), "", items) for one in some])
            return self.env.cr.sql_log_count - before

        cost(assets[:2])
        self.assertEqual(cost(assets), cost(assets[:2]))

    def test_bad_questions_are_told_in_clear_words(self):
        asset = self.an_asset("BAD")
        for told, question in {
            "lies in the future": ("2028-06-16", "", None), "YYYY-MM-DD": ("tomorrow", "", None),
            "no failure cause": ("2025-09-01", "bad luck", None),
            "no kind of item": ("2025-09-01", "", [{"kind": "beer"}]),
            "below zero": ("2025-09-01", "", [{"kind": "parts", "amount": -1}]),
            "no number": ("2025-09-01", "", [{"kind": "parts", "amount": "much"}]),
            "no product": ("2025-09-01", "", [{"kind": "parts", "product_id": 10**9}]),
            "no component": ("2025-09-01", "", [{"kind": "parts", "component_id": asset.id}]),
        }.items():
            with self.assertRaisesRegex(UserError, told):
                asset.check_coverage(*question)
        self.assertFalse(asset.check_coverage("2025-03-09")["covered"])  # before the delivery: the answer is no
