"""Covers: which asset is covered when and by which contract, twice covered assets, owners that change."""

from datetime import timedelta

import psycopg2
from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time
from odoo.tools import mute_logger

from .common import AftersalesCase
from .refusals import Refusals


class CoverCase(Refusals, AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asset = cls.an_asset("P-1")
        cls.second = cls.a_contract(title="Second", date_start="2026-03-01")

    @classmethod
    def an_asset(cls, name, **values):
        return cls.env["aftersales.asset"].create({"name": name, "partner_id": cls.customer.id, **values})

    def cover(self, contract=None, asset=None, start=False, end=False, **values):
        return self.env["aftersales.cover"].with_user(self.anna).create({
            "contract_id": (contract or self.contract).id, "asset_id": (asset or self.asset).id,
            "date_start": start, "date_end": end, **values})

    def found(self, opened, asset=None, partner=None):
        return self.a_request(f"{opened} 10:00:00", asset_id=(asset or self.asset).id,
                              partner_id=(partner or self.customer).id)


@freeze_time("2026-06-15 12:00:00")
class TestCover(CoverCase):
    def test_twice_on_one_contract_on_one_day_is_refused_naming_both(self):
        self.cover(end="2026-03-31")
        name = self.contract.name
        with self.assertRaisesRegex(
                ValidationError, f"{name} .*covers asset P-1 twice on one day: until 03/31/2026, and from 03/31/2026 on"
                ), self.cr.savepoint():
            self.cover(start="2026-03-31")
        second = self.cover(start="2026-04-01")
        with self.refused(ValidationError, "twice on one day"):
            second.date_start = False
        with self.refused(ValidationError, "as long as the contract"):
            self.cover()

    def test_dates_in_order(self):
        with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.cover(start="2026-03-02", end="2026-03-01")

    def test_an_asset_is_covered_on_the_days_of_its_covers(self):
        self.cover(end="2026-03-31"), self.cover(start="2026-05-01", end="2026-05-31")
        self.cover(self.second, start="2026-04-10", end="2026-04-12")
        for day, contract in (
            ("2026-03-31", self.contract), ("2026-04-01", None), ("2026-04-10", self.second),
            ("2026-04-12", self.second), ("2026-04-13", None), ("2026-05-31", self.contract), ("2026-06-01", None),
        ):
            with self.subTest(day):
                request = self.found(day)
                self.assertEqual(request.contract_id, contract or self.contract.browse())
                self.assertEqual("no contract covers asset P-1" in (request.contract_reason or ""), not contract)

    def test_the_day_is_that_of_the_contracts_zone(self):
        self.amend(self.contract, calendar_id=self.an_office(tz="Asia/Taipei").id)
        self.cover(start="2026-04-01", end="2026-04-01")
        for opened, covered in (("2026-03-31 15:59:59", False), ("2026-03-31 16:00:00", True),
                                ("2026-04-01 15:59:59", True), ("2026-04-01 16:00:00", False)):
            with self.subTest(opened):
                self.assertEqual(bool(self.a_request(opened, asset_id=self.asset.id).contract_id), covered)

    def test_an_asset_that_no_contract_names_is_covered_as_its_owner_is(self):
        self.assertEqual(self.found("2026-03-02").contract_id, self.second)
        self.cover(self.a_contract(activate=False))  # a draft names nothing yet
        self.assertEqual(self.found("2026-03-02").contract_id, self.second)

    def test_a_batch_of_requests_reads_covers_in_one_query(self):
        assets = self.env["aftersales.asset"].browse([self.an_asset(f"B-{place}").id for place in range(10)])
        for asset in assets:
            self.cover(asset=asset)
        requests = self.env["aftersales.request"].union(*(self.found("2026-06-01", asset) for asset in assets))
        Contract = self.env["aftersales.contract"]

        def count(batch):
            self.env.invalidate_all()
            batch.mapped("asset_id.name"), batch.mapped("partner_id.commercial_partner_id.name")
            start = self.cr.sql_log_count
            found = Contract._find_for(batch)
            self.assertEqual({contract for contract, _reason in found.values()}, {self.contract})
            return self.cr.sql_log_count - start

        self.assertEqual(count(requests), count(requests[:2]))

    def test_covers_come_and_go_in_force_and_are_fixed_before(self):
        cover = self.cover()
        cover.date_end = "2026-12-31"
        draft = self.a_contract(activate=False)
        own = self.cover(draft)
        self.put_in_force(draft, until="submit")
        for change in (lambda: self.cover(draft, self.an_asset("P-9")), lambda: own.write({"date_end": "2026-12-31"}),
                       own.unlink):
            with self.refused(UserError, f"{draft.name}.*in review"):
                change()

    def test_a_cover_that_has_begun_stays(self):
        begun, coming = self.cover(), self.cover(asset=self.an_asset("P-2"), start="2026-07-01")
        with self.refused(UserError, "P-1 .*Write its last covered day"):
            begun.unlink()
        with self.refused(UserError, "keeps its asset and its contract"):
            begun.contract_id = self.second
        with self.refused(UserError, "has begun"):
            self.asset.with_user(self.anna).unlink()
        coming.contract_id = self.second
        coming.unlink()

    def test_only_managers_write_covers(self):
        cover = self.cover()
        for user in (self.agent, self.felix, self.lena, self.carla):
            with self.subTest(user.login), self.assertRaises(AccessError):
                cover.with_user(user).write({"date_end": "2026-12-31"})

    def test_an_asset_of_another_company_is_refused(self):
        foreign = self.an_asset("F-1", company_id=self.other_company.id)
        with self.assertRaises(UserError):
            self.cover(asset=foreign)


@freeze_time("2026-06-15 12:00:00")
class TestCoveredTwice(CoverCase):
    def test_two_contracts_are_allowed_and_flagged_with_which_comes_first(self):
        first = self.cover(priority=20)
        second = self.cover(self.second, start="2026-05-01")
        one, two = self.contract.name, self.second.name
        self.assertEqual(first.rival_text, (
            f"{two} (from 05/01/2026 on). {two} before {one}: priority 10 comes before priority 20."))
        self.assertIn(f"{two} before {one}", second.rival_text)
        self.assertEqual(self.asset.cover_note, (
            f"{two}, {one} cover it today. {two} before {one}: priority 10 comes before priority 20."))
        self.assertEqual(self.asset.contract_id, self.second)
        self.assertEqual(self.found("2026-06-01").contract_id, self.second)
        self.assertEqual(self.found("2026-04-30").contract_id, self.contract)
        second.priority = 30
        self.assertEqual(self.asset.contract_id, self.contract)
        self.assertEqual(self.found("2026-06-01").contract_id, self.contract)

    def test_days_apart_are_no_rivals_and_neither_are_ended_contracts(self):
        first = self.cover(end="2026-04-30")
        self.cover(self.second, start="2026-05-01")
        self.assertFalse(first.rival_text)
        self.second._transition("terminate", date_end="2026-06-14")
        self.assertFalse(self.cover(start="2026-06-10").rival_text)

    def test_a_draft_warns_of_an_asset_that_another_contract_covers(self):
        self.cover()
        draft = self.a_contract(activate=False, cover_ids=[Command.create({"asset_id": self.asset.id})])
        self.assertIn(f"Asset P-1 is also covered by {self.contract.name}", "\n".join(draft._draft_warnings()))

    def test_row26_overlapping_contracts_pay_in_one_order_whatever_the_order_of_entry(self):
        """Edge row 26, contract covers: priority, then what ends first, then the number; one contract pays."""
        third = self.a_contract(title="Third")
        for covers, expected in (
            ({self.contract: {"priority": 1}, self.second: {}, third: {}}, self.contract),
            ({self.contract: {}, self.second: {"end": "2026-12-31"}, third: {"end": "2027-12-31"}}, self.second),
            ({self.contract: {}, self.second: {}, third: {}}, self.contract),
        ):
            for order in (list(covers), list(covers)[::-1]):
                with self.subTest(f"{[c.title for c in order]}"), self.cr.savepoint() as savepoint:
                    for contract in order:
                        self.cover(contract, **covers[contract])
                    self.assertEqual(self.found("2026-06-01").contract_id, expected)
                    savepoint.rollback()
                    self.env.invalidate_all()


@freeze_time("2026-06-15 12:00:00")
class TestAssetFields(CoverCase):
    """contract_id and its dates on the asset repeat the cover that counts, and are written through to it."""

    def test_written_at_creation(self):
        asset = self.an_asset("P-2", contract_id=self.contract.id, date_end="2026-12-31")
        self.assertRecordValues(asset.cover_ids, [
            {"contract_id": self.contract.id, "date_start": False, "date_end": fields.Date.to_date("2026-12-31")}])
        self.assertEqual((asset.contract_id, str(asset.date_end)), (self.contract, "2026-12-31"))
        by_context = self.env["aftersales.asset"].with_context(default_contract_id=self.contract.id).create(
            {"name": "P-3", "partner_id": self.customer.id})
        self.assertEqual(by_context.cover_ids.contract_id, self.contract)
        with self.refused(ValidationError, "P-4: Covered until 2026-12-31 needs a contract"):
            self.an_asset("P-4", date_end="2026-12-31")

    def test_dates_change_the_cover_and_another_contract_ends_it(self):
        asset = self.an_asset("P-2", contract_id=self.contract.id).with_user(self.anna)
        asset.date_end = "2026-12-31"
        self.assertEqual(str(asset.cover_ids.date_end), "2026-12-31")
        asset.contract_id = self.second
        self.assertEqual([(c.contract_id, str(c.date_start), str(c.date_end)) for c in asset.cover_ids.sorted("id")], [
            (self.contract, "False", "2026-06-14"), (self.second, "2026-06-15", "False")])
        with freeze_time("2026-07-01 12:00:00"):
            asset.write({"contract_id": False})
        self.assertEqual((asset.contract_id, str(asset.date_end)), (self.second, "2026-06-30"))  # the last cover

    def test_a_cover_of_a_draft_is_moved_without_a_trace(self):
        draft, other = self.a_contract(activate=False), self.a_contract(activate=False)
        asset = self.an_asset("P-2", contract_id=draft.id)
        asset.contract_id = other
        self.assertEqual(asset.cover_ids.contract_id, other)
        asset.contract_id = False
        self.assertFalse(asset.cover_ids)
        self.assertFalse(asset.contract_id)

    def test_found_by_contract_and_listed_on_it(self):
        self.cover(), self.cover(self.second)
        ended = self.cover(asset=self.an_asset("P-5"), end="2026-05-31")
        Contract = self.env["aftersales.contract"].with_user(self.anna)
        self.assertEqual(self.second.asset_ids, self.asset)
        self.assertNotIn(ended.asset_id, self.contract.asset_ids)
        self.assertEqual(self.contract.with_user(self.agent).asset_count, 1)
        self.assertEqual(Contract.search([("asset_ids", "in", self.asset.ids)]), self.contract | self.second)
        self.assertEqual(Contract.search([("asset_ids", "ilike", "P-5")]), self.contract)
        action = self.contract.with_user(self.anna).action_view_assets()
        self.assertEqual(self.env["aftersales.asset"].search(action["domain"]), self.asset)

    def test_the_list_of_a_draft_is_written_as_before(self):
        draft = self.a_contract(activate=False, asset_ids=[Command.set(self.asset.ids)])
        self.assertEqual(draft.cover_ids.asset_id, self.asset)
        other = self.an_asset("P-6")
        draft.asset_ids = other
        self.assertEqual(draft.cover_ids.asset_id, other)

    def test_the_cover_that_counts_follows_the_day_by_the_nightly_work(self):
        self.cover(end="2026-06-20"), self.cover(self.second, start="2026-06-21", end="2026-06-30")
        self.assertEqual((self.asset.contract_id, str(self.asset.cover_changes_on)), (self.contract, "2026-06-21"))
        Nightly, Asset = self.env["aftersales.nightly"], self.env["aftersales.asset"]
        [step] = [one for one in Nightly._steps() if one.key == "cover"]
        with freeze_time("2026-06-21 03:00:00"):
            done = Nightly._run_batch(step, self.asset, None)
            self.assertEqual(done, [(self.asset, f"Covered by {self.second.display_name}")])
            self.assertEqual((self.asset.contract_id, str(self.asset.cover_changes_on)), (self.second, "2026-07-01"))
            self.assertFalse(Asset.search(Asset._nightly_cover_domain(None)) & self.asset)
        with freeze_time("2026-07-12 03:00:00"):  # three weeks without it
            Nightly._run_batch(step, self.asset, None)
            self.assertEqual((self.asset.contract_id, self.asset.cover_changes_on), (self.second, False))
            self.assertEqual(Nightly._run_batch(step, self.asset, None), [])

    def test_activation_and_end_of_a_contract_are_seen_at_once(self):
        draft = self.a_contract(activate=False, cover_ids=[Command.create({"asset_id": self.asset.id, "priority": 1})])
        self.cover()
        self.assertEqual(self.asset.contract_id, self.contract)
        self.put_in_force(draft)
        self.assertEqual(self.asset.contract_id, draft)
        draft._transition("terminate", date_end="2026-06-14")
        self.assertEqual(self.asset.contract_id, self.contract)
        left = self.a_contract(activate=False, cover_ids=[Command.create({"asset_id": self.an_asset("P-7").id})])
        asset = left.asset_ids
        left.unlink()
        self.assertFalse(asset.contract_id or asset.cover_ids)

    def test_dealers_see_what_they_serve(self):
        served = self.a_contract(title="Served", dealer_id=self.dealer.id)
        self.cover(served)
        Asset = self.env["aftersales.asset"].with_user(self.diego)
        self.assertEqual(Asset.search([]) & self.asset, self.asset)
        self.asset.with_user(self.diego).read(["name", "contract_id"])


@freeze_time("2026-06-15 12:00:00")
class TestRow27Transfer(CoverCase):
    """Edge row 27: a machine goes to another customer, by transfer and by retyping its owner."""

    def transfer(self, day="2026-06-01", user=None, partner=None):
        wizard = self.env["aftersales.asset.transfer"].with_user(user or self.anna).create({
            "asset_ids": [Command.set(self.asset.ids)], "partner_id": (partner or self.stranger).id, "day": day,
            "place": "New hall"})
        wizard.action_transfer()
        return wizard

    def test_row27_the_transfer_ends_the_covers_of_the_old_owner(self):
        self.cover(), self.cover(self.second, start="2026-07-01")
        mine = self.a_contract(title="New owner", partner_id=self.stranger.id)
        self.transfer()
        self.assertEqual(
            [(c.contract_id, str(c.date_end)) for c in self.asset.cover_ids], [(self.contract, "2026-05-31")])
        self.assertRecordValues(self.asset, [{"partner_id": self.stranger.id, "place": "New hall"}])
        self.assertFalse(self.found("2026-06-01").contract_id)
        self.assertEqual(self.found("2026-05-31").contract_id, self.contract)
        self.assertEqual(self.found("2026-06-01", partner=self.stranger).contract_id, mine)

    def test_row27_the_old_owner_sees_its_own_requests_and_no_new_ones(self):
        self.cover()
        Request, Asset = (self.env[name].with_user(self.carla) for name in ("aftersales.request", "aftersales.asset"))
        before = self.found("2026-05-04")
        self.assertIn(self.asset, Asset.search([]))
        self.transfer()
        after = self.found("2026-06-02", partner=self.stranger)
        seen = Request.search([("asset_id", "=", self.asset.id)])
        self.assertEqual(seen, before)
        self.assertNotIn(self.asset, Asset.search([]))
        with self.assertRaises(AccessError):
            after.with_user(self.carla).read(["title"])
        self.assertEqual(Request.with_user(self.outsider).search([("asset_id", "=", self.asset.id)]), after)

    def test_row27_a_covered_asset_does_not_change_hands_by_retyping_its_owner(self):
        self.cover()
        with self.refused(UserError, f"P-1 is covered by contract {self.contract.name}"):
            self.asset.with_user(self.anna).partner_id = self.stranger
        self.asset.with_user(self.anna).partner_id = self.contact  # the same company
        self.assertEqual(self.asset.contract_id, self.contract)

    def test_row27_only_managers_transfer_and_only_within_their_company(self):
        self.cover()
        for user in (self.agent, self.felix, self.carla):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.transfer(user=user)
        with self.assertRaises(AccessError):
            self.transfer(user=self.other_manager)
        with self.refused(UserError, "belongs to Harbour Freight already"):
            self.transfer(partner=self.customer)

    def test_row27_the_new_owner_is_covered_by_a_contract_that_names_the_asset(self):
        self.cover()
        self.transfer()
        mine = self.a_contract(title="New owner", partner_id=self.stranger.id)
        self.cover(mine, start="2026-06-10")
        self.assertFalse(self.found("2026-06-09", partner=self.stranger).contract_id)
        self.assertEqual(self.found("2026-06-10", partner=self.stranger).contract_id, mine)


@freeze_time("2026-06-15 12:00:00")
class TestRow34Archived(CoverCase):
    """Edge row 34: what is archived or leaves keeps its cover, and the nightly work goes on."""

    def test_row34_archived_product_asset_and_owner_left(self):
        product = self.env["product.product"].create({"name": "Pump"})
        self.asset.product_id = product
        self.cover(end="2026-06-20")
        product.active = False
        self.asset.active = False
        self.anna.active = False  # the account manager left
        self.assertEqual(self.found("2026-06-01").contract_id, self.contract)
        self.assertFalse(self.contract.asset_ids)
        Nightly = self.env["aftersales.nightly"]
        [step] = [one for one in Nightly._steps() if one.key == "cover"]
        with freeze_time("2026-06-21 03:00:00"):
            Nightly._run_batch(step, self.asset, None)
        self.assertFalse(self.env["aftersales.nightly.problem"].search([("step", "=", "cover")]))
        self.assertFalse(self.asset.cover_changes_on)

    def test_row34_merging_the_owner_keeps_the_cover(self):
        twin = self.env["res.partner"].create({"name": "Twin", "is_company": True})
        self.asset.partner_id = twin
        self.cover()
        self.env["base.partner.merge.automatic.wizard"]._merge((twin | self.customer).ids, self.customer)
        self.env.invalidate_all()
        self.assertEqual(self.asset.partner_id, self.customer)
        self.assertEqual(self.found("2026-06-01").contract_id, self.contract)

    def test_row34_a_contract_that_changes_company_takes_no_foreign_asset_along(self):
        draft = self.a_contract(
            activate=False, policy_id=False, cover_ids=[Command.create({"asset_id": self.asset.id})])
        with self.assertRaises(UserError):
            draft.company_id = self.other_company
            self.env.flush_all()

    def test_row34_a_copy_covers_nothing(self):
        self.cover()
        self.assertFalse(self.contract.copy().cover_ids)
        self.assertEqual(self.asset.cover_ids.contract_id, self.contract)

    def test_a_last_day_is_covered_and_the_next_is_not(self):
        cover = self.cover(end="2026-06-30")
        self.assertTrue(cover._includes(cover.date_end))
        self.assertFalse(cover._includes(cover.date_end + timedelta(days=1)))
