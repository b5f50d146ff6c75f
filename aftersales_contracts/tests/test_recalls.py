"""Recalls: which machines, who releases, owners told once, answers, campaign claims after the end, the portal."""

from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..models.warranty.warranty_case import WarrantyCase
from .common import AftersalesCase

TODAY = "2026-05-05"


class RecallCase(AftersalesCase):
    """2026-05-05. `pump` of the category `pumps`; `recall`, drafted by anna, is for its SN-0100 to SN-0200."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        frozen = freeze_time(f"{TODAY} 10:00:00")
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        cls.pumps = cls.env["product.category"].create({"name": "Pumps"})
        cls.pump, cls.fan = cls.env["product.product"].create([
            {"name": "Pump", "categ_id": cls.pumps.id}, {"name": "Fan"}])
        cls.contact.email = cls.customer.email = "owner@example.com"
        cls.recall = cls.a_recall()

    @classmethod
    def a_recall(cls, **values):
        return cls.env["aftersales.recall"].with_user(cls.anna).create({
            "title": "Hose may burst", "kind": "campaign", "product_ids": [Command.set(cls.pump.ids)],
            "range_ids": [Command.create({"first": "SN-0100", "last": "SN-0200"})], "start_on": "2026-01-01",
            "reason": "The hose may burst.", "remedy": "A new hose.",
            "line_ids": [Command.create({"kind": "parts", "name": "Hose", "quantity": 1, "unit_price": 40})],
            **values}).with_user(cls.env.user)

    @classmethod
    def a_machine(cls, serial, product=None, **values):
        return cls.env["aftersales.asset"].create({
            "name": serial, "product_id": (product or cls.pump).id, "partner_id": cls.customer.id,
            "delivered_on": "2015-03-10", **values})

    def released(self, recall=None):
        recall = recall or self.recall
        recall.with_user(self.lena).action_release()
        return recall

    def serials(self, recall, **domain):
        rows = recall.asset_ids.filtered(lambda row: not row.excluded)
        return sorted(rows.mapped("asset_id.name"))

    def row(self, serial, recall=None):
        return (recall or self.recall).asset_ids.filtered(lambda row: row.asset_id.name == serial)


@tagged("post_install", "-at_install")
class TestRecallLife(RecallCase):
    def test_who_wrote_it_does_not_release_it(self):
        for user in (self.agent, self.anna, self.felix):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.recall.with_user(user).action_release()
        self.recall.with_user(self.lena).range_ids.last = "SN-0300"
        with self.assertRaisesRegex(AccessError, "whoever wrote"):
            self.recall.with_user(self.lena).action_release()
        self.recall.with_user(self.boss).action_release()
        self.assertEqual(self.recall.released_by_id, self.boss)

    def test_a_release_needs_machines_defect_and_remedy(self):
        bare = self.a_recall(
            kind="recall", product_ids=False, range_ids=[], reason=False, remedy=" ", authority_ref=False)
        with self.assertRaisesRegex(UserError, "every machine.*defect.*remedy.*authority"):
            bare.with_user(self.lena).action_release()

    def test_once_released_it_stays(self):
        recall = self.released()
        for values in ({"title": "Other"}, {"batches": "B7"}, {"start_on": "2025-01-01"}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "released"):
                recall.with_user(self.boss).write(values)
        for act in (lambda: recall.range_ids.unlink(), lambda: recall.range_ids.write({"last": "SN-9999"}),
                    lambda: self.env["aftersales.recall.range"].create({"recall_id": recall.id, "first": "X-1"}),
                    lambda: recall.write({"state": "draft"}), lambda: recall.unlink()):
            with self.assertRaises(UserError):
                act()

    def test_no_range_is_refused_by_name(self):
        with self.assertRaisesRegex(ValidationError, "SN-9 to SN-1 is no range"):
            self.a_recall(range_ids=[Command.create({"first": "SN-9", "last": "SN-1"})])


@tagged("post_install", "-at_install")
class TestRecallMachines(RecallCase):
    def test_machines_fit_all_that_is_named(self):
        for serial in ("SN-0099", "SN-100", "SN-0150", "sn-0200", "SN-0201", "XN-0150"):
            self.a_machine(serial)
        self.a_machine("SN-0151", self.fan)
        self.a_machine("SN-0152", company_id=self.other_company.id)
        self.assertEqual(self.serials(self.released()), ["SN-0150", "SN-100", "sn-0200"])

    def test_by_batch_and_by_category(self):
        self.a_machine("P-1", batch="B7")
        self.a_machine("P-2", batch="B8")
        below = self.env["product.category"].create({"name": "Small", "parent_id": self.pumps.id})
        small = self.env["product.product"].create({"name": "Small Pump", "categ_id": below.id})
        self.a_machine("S-1", small, batch="B7")
        batch = self.a_recall(product_ids=False, range_ids=[], batches=" B7 \nB9\n")
        category = self.a_recall(product_ids=False, range_ids=[], categ_ids=[Command.set(self.pumps.ids)])
        self.assertEqual(self.serials(self.released(batch)), ["P-1", "S-1"])
        self.assertEqual(self.serials(self.released(category)), ["P-1", "P-2", "S-1"])

    def test_later_machines_are_found_and_gone_ones_do_not_count(self):
        first, old = self.a_machine("SN-0101"), self.a_machine("SN-0102")
        self.released()
        new = self.a_machine("SN-0900")
        self.a_machine("SN-0103")
        old._replace_by(new, date(2026, 2, 1), reason="Broken")
        first.active = False
        told = self.recall._nightly_recall(None)
        self.assertEqual(told[0][0], self.recall)
        self.assertEqual(self.serials(self.recall), ["SN-0103"])
        self.assertEqual(self.row("SN-0102").excluded, "replaced")
        self.assertEqual(self.row("SN-0101").excluded, "scrapped")
        first.active = True
        self.assertFalse(self.recall._nightly_recall(None))
        self.assertEqual(self.serials(self.recall), ["SN-0101", "SN-0103"])

    def test_the_same_number_of_queries_for_two_and_for_twenty(self):
        machines = [self.a_machine(f"SN-{number:04d}") for number in range(100, 120)]
        self.released()
        Recall, Asset = self.env["aftersales.recall"], self.env["aftersales.asset"]
        counts = []
        for some in (machines[:2], machines):
            assets = Asset.browse([one.id for one in some])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            found = Recall._engine_covers_of(assets)
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len(found), len(some))
        self.assertEqual(counts[0], counts[1])

    def test_rates(self):
        for number in range(4):
            self.a_machine(f"SN-010{number}")
        self.released()
        rows = self.recall.asset_ids.sorted("id")
        rows[0].with_user(self.agent).action_done()
        rows[1].with_user(self.agent).action_book("Monday")
        rows[2].with_user(self.agent).action_unreachable()
        self.recall.invalidate_recordset()
        self.assertEqual((self.recall.asset_count, self.recall.response_rate, self.recall.done_rate), (4, 50.0, 25.0))
        with self.assertRaisesRegex(UserError, "done already"):
            rows[0].with_user(self.agent).action_decline()
        with self.assertRaises(UserError):
            rows[1].with_user(self.agent).write({"response": "done"})


@tagged("post_install", "-at_install")
class TestRecallNotices(RecallCase):
    def mails(self):
        return self.env["mail.mail"].search([("subject", "ilike", self.recall.title)])

    def test_one_mail_an_owner_and_nobody_twice(self):
        silent = self.env["res.partner"].create({"name": "No Address"})
        for number in range(3):
            self.a_machine(f"SN-011{number}")
        self.a_machine("SN-0120", partner_id=self.stranger.id)
        self.a_machine("SN-0121", partner_id=silent.id)
        self.released()
        with self.assertRaises(AccessError):
            self.recall.with_user(self.agent).action_notify()
        for _again in range(2):
            self.recall.with_user(self.anna).action_notify()
        mails = self.mails()
        self.assertEqual(sorted(mails.recipient_ids.mapped("name")), ["Harbour Freight", "Somebody Else"])
        self.assertEqual(len(mails), 2)
        body = mails.filtered(lambda mail: self.customer in mail.recipient_ids).body_html
        for serial in ("SN-0110", "SN-0111", "SN-0112"):
            self.assertIn(serial, body)
        self.assertTrue(self.row("SN-0121").no_email)
        self.assertFalse(self.row("SN-0121").notified_at)
        self.a_machine("SN-0122", partner_id=self.stranger.id)
        self.env["aftersales.nightly"]._run_batch(*self.step("recall_machines", self.recall))
        Row = self.env["aftersales.recall.asset"]
        due = Row.search(Row._nightly_notice_domain(None))
        self.assertEqual(due.mapped("asset_id.name"), ["SN-0122"])
        due._nightly_notice(None)
        self.assertEqual(len(self.mails()), 3)
        self.assertFalse(Row.search(Row._nightly_notice_domain(None)))

    def step(self, key, records):
        found = next(step for step in self.env["aftersales.nightly"]._steps() if step.key == key)
        return found, records, None


@tagged("post_install", "-at_install")
class TestRecallClaims(RecallCase):
    def test_row29_recall_on_an_expired_unit_pays_in_full(self):
        """A machine of 2015, its warranty long over. Who judges a campaign claim by the warranty's last day, as peers
        without recalls do, refuses it: 0 %. The recall pays parts, labour and travel in full."""
        machine = self.a_machine("SN-0150")
        self.released()
        action = self.recall.with_user(self.anna).action_make_claims()
        claim = self.env["aftersales.warranty.claim"].browse(action["res_id"])
        self.assertEqual((claim.recall_id, claim.channel, claim.asset_id), (self.recall, "recall", machine))
        [verdict] = self.env["aftersales.asset"]._verdicts([claim._case()])
        for item in verdict.items:
            self.assertEqual((item.payer, item.percent), ("recall", 100))
        self.assertEqual(self.row("SN-0150").response, "booked")
        with self.assertRaisesRegex(UserError, "No machine"):
            self.recall.with_user(self.anna).action_make_claims()

    def test_its_own_days_count_and_closing_ends_it(self):
        machine = self.a_machine("SN-0150")
        self.released()
        Asset = self.env["aftersales.asset"]
        covers = lambda day: [cover.key for cover in Asset._engine_covers(  # noqa: E731
            [WarrantyCase(machine, day, "", ())]).get(0, ()) if cover.kind == "recall"]
        self.assertEqual(covers(date(2026, 5, 5)), [self.recall.name])
        self.recall.with_user(self.boss).action_close()
        [cover] = [cover for cover in Asset._engine_covers([WarrantyCase(machine, date(2026, 5, 5), "", ())])[0]
                   if cover.kind == "recall"]
        self.assertEqual((cover.start, cover.end), (date(2026, 1, 1), date(2026, 5, 6)))

    def test_a_closed_claim_is_done_and_a_cancelled_one_is_open_again(self):
        for serial in ("SN-0150", "SN-0151"):
            self.a_machine(serial)
        self.released()
        self.recall.with_user(self.anna).action_make_claims()
        closed, cancelled = self.row("SN-0150").claim_id, self.row("SN-0151").claim_id
        closed._entered("closed")
        cancelled._entered("cancelled")
        self.assertEqual(self.row("SN-0150").response, "done")
        self.assertFalse(self.row("SN-0151").claim_id)
        with self.assertRaises(AccessError):
            self.row("SN-0151").with_user(self.agent).action_make_claims()


@tagged("post_install", "-at_install")
class TestRecallPortal(RecallCase):
    def test_owners_and_dealers_see_theirs_of_released_recalls_only(self):
        self.a_machine("SN-0150", dealer_id=self.dealer.id)
        self.a_machine("SN-0151", partner_id=self.stranger.id)
        Row = self.env["aftersales.recall.asset"]
        seen = lambda user: sorted(Row.with_user(user).search([  # noqa: E731
            ("recall_id", "=", self.recall.id)]).sudo().mapped("asset_id.name"))
        self.recall._find_machines()
        self.assertEqual(seen(self.carla), [])
        self.released()
        self.assertEqual(seen(self.carla), ["SN-0150"])
        self.assertEqual(seen(self.diego), ["SN-0150"])
        self.assertEqual(seen(self.outsider), ["SN-0151"])
        with self.assertRaises(AccessError):
            self.row("SN-0151").with_user(self.carla).portal_answer("booked")
        with self.assertRaises(AccessError):
            self.row("SN-0150").with_user(self.carla).action_done()
        with self.assertRaises(UserError):
            self.row("SN-0150").with_user(self.carla).portal_answer("done")
        self.row("SN-0150").with_user(self.carla).portal_answer("booked", "Monday")
        self.assertEqual((self.row("SN-0150").response, self.row("SN-0150").response_by_id), ("booked", self.carla))
        with self.assertRaises(AccessError):
            self.recall.with_user(self.carla).read(["reason"])
