"""What people see and do: previews, giving nobody's lines to a dealer, rights, and two workers at once."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .revenue_case import RevenueCase


class TestPreview(RevenueCase):
    def told(self, move):
        return [(part["dealer"].name, part["percent"], part["reason"]) for parts in
                self.Revenue._attribution_of(move.invoice_line_ids).values() for part in parts]

    def test_draft(self):
        self.an_attribution(percent=60)
        self.an_attribution(self.dealing_south, percent=40)
        move = self.an_invoice(10, {"price_unit": 5, "aftersales_dealer_id": self.south.id}, post=False)
        self.assertEqual(self.told(move), [
            ("Northern Dealer", 60, "customer"), ("Southern Dealer", 40, "customer"),
            ("Southern Dealer", 100, "explicit")])
        self.assertFalse(self.rows(move))

    def test_says_what_the_ledger_will(self):
        """Preview and run have one rule: of a posted invoice and of its credit note they say the same."""
        self.an_attribution(date_to="2026-03-15", percent=60)
        self.an_attribution(self.dealing_south, "2026-03-16")
        move = self.an_invoice(10, 20)
        note = move._reverse_moves([{"invoice_date": "2026-03-20", "date": "2026-03-20"}])
        before = self.told(move)
        move_and_note = self.attribute(), note.action_post()
        self.assertTrue(move_and_note)
        foreseen = self.told(note)
        self.attribute()
        for document, told in ((move, before), (note, foreseen)):
            self.assertEqual(told, [(row.dealer_id.name, row.percent, row.reason) for row in self.rows(document)])

    def test_button(self):
        self.an_attribution()
        move = self.an_invoice(10, post=False)
        action = move.with_user(self.felix).action_aftersales_dealers()
        rows = self.env["aftersales.attribution.preview"].with_user(self.felix).search(action["domain"])
        self.assertEqual(rows.reason_text, "Northern Dealer serves the customer Harbour Freight.")
        move.action_post()
        self.attribute()
        action = move.with_user(self.felix).action_aftersales_dealers()
        self.assertEqual(self.Revenue.search(action["domain"]), self.rows(move))
        with self.assertRaises(AccessError):
            move.with_user(self.agent).action_aftersales_dealers()


class TestGiving(RevenueCase):
    def wizard(self, rows, user=None, **values):
        return self.env["aftersales.attribute.revenue"].with_user(user or self.anna).create({
            "revenue_ids": [Command.set(rows.ids)], "dealer_contract_id": self.dealing.id, "reason": "Letter of 3 May",
            **values})

    def test_given_in_bulk_with_a_reason(self):
        """Account managers do it without any right on invoices; rows that a dealer has are left out."""
        moves = [self.an_invoice(10), self.an_invoice(20)]
        self.an_attribution(self.dealing_south, partner_id=self.stranger.id)
        theirs = self.an_invoice(30, partner_id=self.stranger.id)
        self.attribute()
        wizard = self.wizard(self.rows(moves[0]) | self.rows(moves[1]) | self.rows(theirs))
        self.assertEqual((wizard.line_count, wizard.left_count), (2, 1))
        wizard.action_attribute()
        self.assertEqual([self.said(move, "reason") for move in (*moves, theirs)], [
            [("invoice", "Northern Dealer", 10, "explicit")], [("invoice", "Northern Dealer", 20, "explicit")],
            [("invoice", "Southern Dealer", 30, "customer")]])
        self.assertEqual(moves[0].invoice_line_ids.aftersales_dealer_reason, "Letter of 3 May")
        with self.assertRaisesRegex(UserError, "Choose lines that nobody has"):
            self.wizard(self.rows(theirs)).action_attribute()

    def test_refused(self):
        move = self.an_invoice(10)
        self.attribute()
        with self.assertRaises(AccessError):
            self.wizard(self.rows(move), self.agent)
        with self.assertRaisesRegex(UserError, "no dealer contract of"):
            self.wizard(self.rows(move), dealer_contract_id=self.contract.id).action_attribute()
        with self.assertRaises(UserError):
            self.wizard(self.rows(move), reason="  ").action_attribute()
        self.assertEqual(self.said(move), [("invoice", False, 10)])

    def test_attributed_anew_by_the_address_of_today(self):
        """A changed address moves nothing by itself; asked for, what is not settled goes by it."""
        region = self.env["aftersales.region"].create(
            {"name": "North", "country_ids": [Command.set(self.env.ref("base.de").ids)]})
        self.an_attribution(region_id=region.id)
        move = self.an_invoice(10)
        self.attribute()
        self.customer.country_id = self.env.ref("base.de")
        self.attribute()
        self.assertEqual(self.said(move), [("invoice", False, 10)])
        self.rows(move).with_user(self.felix).action_attribute_again()
        self.assertEqual(self.said(move), [("invoice", "Northern Dealer", 10)])
        with self.assertRaises(AccessError):
            self.rows(move).with_user(self.agent).action_attribute_again()


class TestRights(RevenueCase):
    def test_dealers_and_strangers_see_nothing(self):
        """Portal users read neither rows nor attributions, their own included: settlements tell them."""
        attribution = self.an_attribution()
        move = self.an_invoice(10)
        self.attribute()
        for user in (self.diego, self.carla, self.outsider, self.clerk):
            for record in (self.rows(move), attribution):
                with self.assertRaises(AccessError):
                    record.with_user(user).read(["percent"])
            with self.assertRaises(AccessError):
                self.Revenue.with_user(user).formatted_read_group([], ["dealer_id"], ["amount:sum"])

    def test_cost_is_not_for_everybody(self):
        move = self.an_invoice({"price_unit": 10, "product_id": self.filter.id})
        reader = self._a_user("reader", "account.group_account_readonly")
        with self.assertRaises(AccessError):
            move.invoice_line_ids.with_user(reader).read(["aftersales_cost"])
        self.assertEqual(move.invoice_line_ids.with_user(self.felix).aftersales_cost, 6)

    def test_other_company_sees_nothing(self):
        self.an_attribution()
        move = self.an_invoice(10)
        self.attribute()
        self.assertFalse(self.Revenue.with_user(self.other_manager).search([("move_id", "=", move.id)]))

    def test_private_work(self):
        """What writes the ledger cannot be called from outside: its names are private."""
        for name in ("_attribute", "_attribute_moves", "_attribution_of", "_attribute_again"):
            self.assertTrue(name.startswith("_") and hasattr(self.Revenue, name))


class TestRequests(RevenueCase):
    def test_job_machine_and_standard_follow_the_request(self):
        asset = self.env["aftersales.asset"].create({"name": "SN-1", "partner_id": self.customer.id})
        request = self.a_request("2026-03-02 08:00:00", asset_id=asset.id)
        self.event(request, "resolved", "2026-03-02 12:00:00")
        request._evaluate() if hasattr(request, "_evaluate") else None
        self.an_attribution(asset_id=asset.id)
        move = self.an_invoice({"price_unit": 10, "aftersales_request_id": request.id}, 5)
        line, other = move.invoice_line_ids
        self.assertEqual((line.aftersales_job, line.aftersales_asset_id), (request.name, asset))
        self.assertEqual(line.aftersales_standard, request._standard_met())
        self.assertFalse(other.aftersales_job)
        self.attribute()
        self.assertEqual(self.rows(move).mapped("reason"), ["asset", "none"])
        self.assertEqual(self.rows(move)[0].job, request.name)


class TestDocumentsOfSettlements(RevenueCase):
    def test_no_revenue_with_customers(self):
        """An invoice that a settlement makes is nobody's, even where an attribution of the dealer as customer fits."""
        self.an_attribution(self.dealing_south, partner_id=self.dealer.id)
        self.settle(self.Revenue)
        settlement = self.env["aftersales.settlement"].create({
            "contract_id": self.dealing.id, "dealer_id": self.dealer.id, "company_id": self.company.id,
            "currency_id": self.company.currency_id.id, "period_start": "2026-01-01", "period_end": "2026-01-31"})
        move = self.an_invoice(10, partner_id=self.dealer.id, post=False)
        move.aftersales_settlement_id = settlement
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_move SET state = 'posted' WHERE id = %s", [move.id])
        self.env.cr.execute("UPDATE account_move_line SET parent_state = 'posted' WHERE move_id = %s", [move.id])
        self.env.invalidate_all()
        move._mark_revenue()
        self.attribute()
        self.assertEqual(self.said(move, "reason"), [("invoice", False, 10, "settlement")])


class TestTwoWorkers(RevenueCase):
    def test_a_batch_is_one_transaction(self):
        """Broken off in the middle nothing is written and every mark stays: done again, all is there once."""
        self.an_attribution()
        move = self.an_invoice(10)
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint(), patch.object(
                type(self.Revenue), "_write_payments", side_effect=ZeroDivisionError):
            self.attribute()
        self.assertFalse(self.rows(move))
        self.assertTrue(move.aftersales_revenue_due)
        self.attribute()
        self.assertEqual(self.said(move), [("invoice", "Northern Dealer", 10)])

    def test_second_row_of_a_line_is_refused_by_the_database(self):
        self.an_attribution()
        move = self.an_invoice(10)
        self.attribute()
        with self.assertRaisesRegex(Exception, "aftersales_revenue_once"), self.env.cr.savepoint():
            self.env.cr.execute("""
                INSERT INTO aftersales_revenue (company_id, kind, move_id, move_line_id, day, generation, currency_id,
                                                dealer_contract_id, dealer_id, reason)
                SELECT company_id, kind, move_id, move_line_id, day, generation, currency_id, dealer_contract_id,
                       dealer_id, reason FROM aftersales_revenue WHERE move_id = %s""", [move.id])

    def test_commit_after_each_batch(self):
        moves = [self.an_invoice(10) for _ in range(5)]
        commits = []
        self.Revenue._attribute(self.company, commit=lambda: commits.append(
            sum(bool(self.rows(move)) for move in moves)), batch=2)
        self.assertEqual(commits, [2, 4, 5])
