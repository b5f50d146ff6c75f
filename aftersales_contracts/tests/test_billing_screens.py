"""What people do: start billing, bill now, see what is due; who may; what remote calls cannot."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time

from .billing_case import BillingCase


class TestSwitch(BillingCase):
    def test_new_contracts_are_billed_automatically(self):
        self.assertEqual(self.a_contract().billing, "automatic")

    def test_finance_starts_billing_from_a_day_and_nothing_before_is_billed(self):
        contract = self.a_term({}, {"timing": "postpaid"}, billing="manual")
        self.assertFalse(contract.next_bill_on)
        self.assertFalse(self.night("2026-03-10", contract))
        wizard = Form(self.env["aftersales.start.billing"].with_user(self.felix).with_context(
            default_contract_ids=contract.ids))
        wizard.day = "2026-03-16"
        wizard.save().action_start()
        self.assertRecordValues(contract, [{"billing": "automatic", "billing_start": self.day("2026-03-16")}])
        self.assertEqual(str(contract.next_bill_on), "2026-03-16")
        self.night("2026-04-01", contract)
        self.assertEqual(self.facts(contract), [
            ("2026-03-16", "2026-03-31", "51.61"), ("2026-03-16", "2026-03-31", "51.61"),
            ("2026-04-01", "2026-04-30", "100.00")])

    def test_from_a_day_to_come_and_from_the_next_period(self):
        contract = self.a_term(billing="manual")
        contract.with_user(self.felix).start_billing("2026-05-01")
        self.assertFalse(self.night("2026-04-30", contract))
        self.assertEqual(str(self.night("2026-05-01", contract).invoice_date), "2026-05-01")
        self.assertEqual(self.facts(contract), [("2026-05-01", "2026-05-31", "100.00")])

    def test_stopped_and_started_again_bills_no_day_twice(self):
        contract = self.a_term()
        self.night("2026-02-01", contract)
        contract.with_user(self.felix).action_stop_billing()
        self.assertFalse(contract.next_bill_on)
        contract.with_user(self.felix).start_billing("2026-01-10")
        self.assertEqual(str(contract.next_bill_on), "2026-03-01")

    def test_what_cannot_be_switched_says_why(self):
        contract, manual = self.a_term(), self.a_term(billing="manual")
        felix = contract.with_user(self.felix)
        with self.assertRaisesRegex(UserError, "billed automatically already"):
            felix.start_billing("2026-01-01")
        with self.assertRaisesRegex(UserError, "billed by hand already"):
            manual.with_user(self.felix).action_stop_billing()
        with self.assertRaisesRegex(UserError, "enter the day"):
            manual.with_user(self.felix).start_billing(False)
        for user in (self.anna, self.lena, self.agent, self.clerk):
            with self.subTest(user.login), self.assertRaises(AccessError):
                manual.with_user(user).start_billing("2026-01-01")
        for values in ({"billing": "automatic"}, {"billing_start": "2026-01-01"}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "switched by finance"):
                manual.with_user(self.anna).write(values)
        draft = self.a_term(activate=False)
        draft.with_user(self.anna).write({"billing": "manual", "billing_start": "2026-02-01"})


class TestBillNow(BillingCase):
    def test_finance_bills_now(self):
        contract = self.a_term()
        with freeze_time("2026-01-10 12:00:00"):
            action = contract.with_user(self.felix).action_bill_now()
        move = contract.billed_ids.move_id
        self.assertEqual((action["res_model"], action["res_id"]), ("account.move", move.id))
        duty = self.env["aftersales.duty"].search([("contract_id", "=", contract.id), ("duty", "=", "settler")])
        self.assertEqual(duty.user_id, self.felix)
        with freeze_time("2026-01-10 12:00:00"), self.assertRaisesRegex(UserError, "nothing is due before 02/01/2026"):
            contract.with_user(self.felix).action_bill_now()

    def test_what_is_in_the_way_is_said(self):
        manual, draft, ended = self.a_term(billing="manual"), self.a_term(activate=False), self.a_term()
        self.night("2027-01-01", ended)
        gone = self.a_term(partner_id=self.env["res.partner"].create({"name": "Gone Ltd"}).id)
        gone.partner_id.active = False
        for contract, words in ((manual, "start its billing first"), (draft, "not in force"),
                                (ended, "nothing is left"), (gone, "Gone Ltd, who is billed, is archived")):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                contract.with_user(self.felix).action_bill_now()

    def test_the_author_of_a_contract_does_not_bill_it(self):
        contract = self.a_term()
        contract.with_user(self.boss)._log_duty("author", "Wrote it")
        with self.assertRaisesRegex(UserError, "cannot be its settler too"):
            contract.with_user(self.boss).action_bill_now()

    def test_only_finance(self):
        contract = self.a_term()
        for user in (self.anna, self.lena, self.agent, self.clerk, self.carla):
            with self.subTest(user.login), self.assertRaises(AccessError):
                contract.with_user(user).action_bill_now()

    def test_who_may_not_read_invoices_is_told_how_many(self):
        self.felix.group_ids -= self.env.ref("account.group_account_invoice")
        contract = self.a_term()
        action = contract.with_user(self.felix).action_bill_now()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(contract.with_user(self.felix).invoice_count, 0)


class TestDue(BillingCase):
    def test_what_is_shown_is_what_is_billed(self):
        """The plan of the run: items, invoices and what is in the way; nothing is written."""
        self.stranger.aftersales_invoice_group = "customer"
        contracts = self.a_term() | self.a_term({"price": 7, "unit": "week"})
        gone = self.a_term(partner_id=self.env["res.partner"].create({"name": "Gone Ltd"}).id)
        gone.partner_id.active = False
        every = contracts | gone
        before = (self.env["aftersales.billed"].search_count([]), self.env["account.move"].search_count([]))
        action = self.env["aftersales.billing.preview"].with_user(self.felix).open_due("2026-02-01", every.ids)
        rows = self.env["aftersales.billing.preview"].with_user(self.felix).search(action["domain"])
        self.assertEqual(before, (
            self.env["aftersales.billed"].search_count([]), self.env["account.move"].search_count([])))
        self.assertEqual([row.contract_id for row in rows.filtered("blocked")], [gone])
        shown = rows.filtered("amount")
        self.assertEqual(len(set(shown.mapped("document"))), 1)
        self.night("2026-02-01", every)
        self.assertEqual(
            sorted((row.contract_id.id, str(row.period_start), str(row.period_end), row.amount) for row in shown),
            sorted((row.contract_id.id, str(row.period_start), str(row.period_end), row.amount)
                   for row in contracts.billed_ids))

    def test_bill_now_from_the_list(self):
        contract = self.a_term()
        action = contract.with_user(self.felix).action_due_for_billing()
        rows = self.env["aftersales.billing.preview"].with_user(self.felix).search(action["domain"])
        rows.action_bill_now()
        self.assertEqual(len(contract.billed_ids), 4, "January to April")

    def test_everybody_of_the_service_sees_what_is_due_and_nobody_else(self):
        contract = self.a_term()
        self.assertTrue(contract.with_user(self.agent).action_due_for_billing()["domain"])
        with self.assertRaises(AccessError):
            self.env["aftersales.billing.preview"].with_user(self.clerk).open_due()
        with self.assertRaises(AccessError):
            self.env["aftersales.billing.preview"].with_user(self.carla).open_due()

    def test_the_dry_run_says_the_same(self):
        contract = self.a_term()
        rows = self.env["aftersales.nightly"].with_user(self.boss).dry_run("billing", "2026-01-01")
        own = [row for row in rows if row["res_id"] == contract.id]
        self.assertEqual([row["what"] for row in own], ["billed: 1 items, $\N{NO-BREAK SPACE}100.00"])
        self.assertFalse(contract.billed_ids)
