"""Posting penalties: what becomes of them, who may, and what holds them."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import psycopg2
from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Command, Date
from odoo.tests import TransactionCase, freeze_time, tagged
from odoo.tools import SQL, mute_logger

from ..engine import penalty_terms as engine
from ..models.penalties.penalty_inputs import inputs_of
from ..models.statements.statement_snapshot import digest
from .posting_case import BILLING, PostingCase


class TestPosting(PostingCase):
    def test_a_penalty_becomes_a_credit_note(self):
        penalty = self.a_penalty(100)
        move = self.post(penalty)
        self.assertRecordValues(move, [{
            "move_type": "out_refund", "state": "posted", "partner_id": self.customer.id, "amount_untaxed": 100,
            "amount_tax": 15, "amount_total": 115, "invoice_date": Date.to_date("2026-04-10"),
            "invoice_origin": self.contract.name, "journal_id": self.sale_journal.id}])
        self.assertRecordValues(penalty, [{
            "state": "posted", "move_id": move.id, "posted_on": Date.to_date("2026-04-10"),
            "posted_by_id": self.felix.id, "move_state": "posted", "payment_state": "not_paid"}])
        self.assertEqual(move.invoice_line_ids.aftersales_penalty_id, penalty)
        self.assertIn("03/01/2026 to 03/31/2026", move.invoice_line_ids.name, "the line names its period")
        duty = self.env["aftersales.duty"].search([("contract_id", "=", self.contract.id), ("duty", "=", "settler")])
        self.assertEqual(duty.user_id, self.felix)

    def test_one_document_for_each_contract_and_period(self):
        other = self.a_contract(title="Other")
        march = self.a_penalty(100) | self.a_penalty(50)
        february = self.a_penalty(10, period=("2026-02-01", "2026-02-28"))
        elsewhere = self.a_penalty(70, other)
        moves = self.post(march | february | elsewhere)
        self.assertEqual(len(moves), 3)
        self.assertEqual(len(march.move_id), 1)
        self.assertEqual(march.move_id.amount_untaxed, 150)
        self.assertEqual(len(march.move_id.invoice_line_ids), 2)

    def test_posting_one_takes_its_period_along(self):
        """So that pressed one by one there is one credit note still; what is held stays out."""
        first, second, held = self.a_penalty(100), self.a_penalty(50), self.a_penalty(7, state="reviewed")
        moves = self.post(first)
        self.assertEqual(second.move_id, moves)
        self.assertEqual((held.state, held.move_id), ("reviewed", held.move_id.browse()))
        self.assertEqual(self.post(second), moves, "pressed again: nothing more happens")
        self.assertEqual(self.env["account.move"].search_count(
            [("invoice_origin", "=", self.contract.name)]), 1)

    def test_a_bonus_is_taken_off_the_credit_note(self):
        penalty, bonus = self.a_penalty(100), self.a_penalty(-30)
        move = self.post(penalty | bonus)
        self.assertEqual((move.move_type, move.amount_untaxed), ("out_refund", 70))
        self.assertEqual(
            [(text, name[:5]) for text, name in self.products(move)], [("100.00", "Penal"), ("-30.00", "Bonus")])

    def test_where_bonuses_prevail_it_is_an_invoice(self):
        penalty, bonus = self.a_penalty(30), self.a_penalty(-100)
        move = self.post(penalty | bonus)
        self.assertEqual((move.move_type, move.amount_untaxed, move.amount_total), ("out_invoice", 70, 80.5))
        self.assertEqual([text for text, _name in self.products(move)], ["-30.00", "100.00"])
        self.assertEqual(set((penalty | bonus).mapped("state")), {"posted"})

    def test_as_much_bonus_as_penalty_is_a_document_of_nothing(self):
        move = self.post(self.a_penalty(100) | self.a_penalty(-100))
        self.assertEqual((move.move_type, move.amount_total, move.payment_state), ("out_refund", 0, "paid"))

    def test_a_part_that_was_waived_is_not_posted(self):
        move = self.post(self.a_penalty(100, waived_amount=40))
        self.assertEqual(move.amount_untaxed, 60)

    def test_a_provider_is_charged_by_a_vendor_refund(self):
        contract = self.a_provider_contract()
        clause = self.a_clause("Response", tax_ids=[Command.set(self.purchase_tax.ids)])
        move = self.post(self.a_penalty(200, contract, clause=clause))
        self.assertRecordValues(move, [{
            "move_type": "in_refund", "partner_id": self.dealer.id, "amount_untaxed": 200, "amount_total": 230,
            "journal_id": self.purchase_journal.id}])
        payable = move.line_ids.filtered(lambda line: line.account_type == "liability_payable")
        self.assertEqual(payable.debit, 230, "the provider owes it")
        bonus = self.post(self.a_penalty(-50, contract, clause=clause, period=("2026-02-01", "2026-02-28")))
        self.assertEqual((bonus.move_type, bonus.amount_untaxed), ("in_invoice", 50))

    def test_the_payer_among_the_parties_gets_it(self):
        payer = self.env["res.partner"].create({"name": "Harbour Treasury"})
        contract = self.a_contract(activate=False)
        contract.party_ids = [Command.create({"partner_id": payer.id, "role": "payer"})]
        contract._adopt("Test")
        self.assertEqual(self.post(self.a_penalty(100, contract)).partner_id, payer)

    def test_the_clause_says_where_before_the_settings_do(self):
        plan = self.env["account.analytic.plan"].create({"name": "Regions"})
        north = self.env["account.analytic.account"].create({"name": "North", "plan_id": plan.id})
        Account = self.env["account.account"]
        mine, theirs = Account.create([
            {"name": "Mine", "code": "X100", "account_type": "expense"},
            {"name": "The company's", "code": "X200", "account_type": "expense"}])
        journal = self.env["account.journal"].create({"name": "Credits", "code": "CRE", "type": "sale"})
        self.company.write({"aftersales_penalty_account_id": theirs.id,
                            "aftersales_penalty_sale_tax_ids": [Command.set(self.sale_tax.ids)]})
        plain = self.post(self.a_penalty(10, clause=self.a_clause("Plain")))
        self.assertEqual((plain.invoice_line_ids.account_id, plain.amount_tax), (theirs, 1.5))
        own = self.a_clause("Own", account_id=mine.id, journal_id=journal.id,
                            analytic_distribution={str(north.id): 100})
        move = self.post(self.a_penalty(10, clause=own, period=("2026-02-01", "2026-02-28")))
        self.assertEqual((move.journal_id, move.invoice_line_ids.account_id), (journal, mine))
        self.assertEqual(move.invoice_line_ids.analytic_line_ids[plan._column_name()], north)
        self.assertEqual(sum(move.invoice_line_ids.analytic_line_ids.mapped("amount")), -10)

    def test_the_fiscal_position_of_the_customer_maps(self):
        none = self.env["account.tax"].create({
            "name": "Export 0", "amount": 0, "type_tax_use": "sale",
            "original_tax_ids": [Command.set(self.sale_tax.ids)]})
        position = self.env["account.fiscal.position"].create({"name": "Abroad", "tax_ids": [Command.set(none.ids)]})
        none.fiscal_position_ids = position
        self.customer.property_account_position_id = position
        move = self.post(self.a_penalty(100))
        self.assertEqual((move.fiscal_position_id, move.invoice_line_ids.tax_ids, move.amount_total),
                         (position, none, 100))

    def test_the_day_is_the_contracts(self):
        office = self.an_office(name="Taipei", tz="Asia/Taipei")
        contract = self.a_contract(calendar_id=office.id)
        with freeze_time("2026-04-09 20:00:00"):  # 04:00 of the 10th in Taipei
            self.assertEqual(str(self.post(self.a_penalty(1, contract)).invoice_date), "2026-04-10")


class TestHeld(PostingCase):
    """What keeps a penalty from being posted is named before anything is made."""

    def assert_held(self, penalties, *phrases, **options):
        before = self.env["account.move"].search_count([])
        with self.assertRaises(UserError) as refused:
            penalties.with_user(self.felix).action_post(**options)
        for phrase in phrases:
            self.assertIn(phrase, str(refused.exception))
        self.assertEqual(self.env["account.move"].search_count([]), before, "nothing half posted")
        self.assertNotIn("posted", penalties.mapped("state"))
        return str(refused.exception)

    def test_only_approved_ones(self):
        for state, words in (
                ("draft", "it waits for the review"), ("reviewed", "it waits for the approval"),
                ("disputed", "it waits for the end of its dispute"), ("waived", "it is waived"),
                ("none", "it is nothing due")):
            with self.subTest(state):
                self.assert_held(self.a_penalty(state=state), words)

    def test_an_open_dispute_of_the_contract_holds(self):
        penalty = self.a_penalty()
        self.env["aftersales.issue"].create({
            "name": "Wrong", "contract_id": self.contract.id, "kind": "dispute", "description": "They say so."})
        self.assert_held(penalty, penalty.name)
        penalty.contract_id.issue_ids.with_user(self.anna).action_withdraw("Settled by phone")
        self.assertEqual(self.post(penalty).state, "posted")

    def test_everything_missing_is_named_at_once(self):
        archived = self.env["account.journal"].create({
            "name": "Old", "code": "OLD", "type": "sale", "active": False})
        chf = self.env["res.currency"].create({"name": "XTC", "symbol": "x"})
        lost = self.a_contract(title="Lost", currency_id=chf.id)
        penalty = self.a_penalty(10, lost, clause=self.a_clause("Old", journal_id=archived.id))
        self.customer.active = False
        text = self.assert_held(penalty | self.a_penalty(5), "journal Old", "is archived", "no rate on 04/10/2026",
                                "Harbour Freight is archived", penalty.name)
        self.assertEqual(len(text.splitlines()), 3, "a line for each penalty")
        self.assertNotIn("Traceback", text)

    def test_a_missing_journal_or_account(self):
        self.env["account.journal"].search([("type", "=", "purchase")]).write({"active": False})
        self.assert_held(self.a_penalty(10, self.a_provider_contract()), "a purchase journal is missing")
        self.sale_journal.default_account_id = False
        self.assert_held(self.a_penalty(10), "an account is missing")

    def test_a_journal_of_the_wrong_kind(self):
        clause = self.a_clause("Wrong", journal_id=self.purchase_journal.id)
        self.assert_held(self.a_penalty(10, clause=clause), "is no sales journal")

    def test_a_tax_of_the_wrong_kind(self):
        clause = self.a_clause("Wrong", tax_ids=[Command.set(self.purchase_tax.ids)])
        self.assert_held(self.a_penalty(10, clause=clause), "is no sales tax")

    def test_another_companys_account_is_none(self):
        foreign = self.env["account.journal"].with_company(self.other_company).sudo().create({
            "name": "Theirs", "code": "THX", "type": "sale", "company_id": self.other_company.id})
        clause = self.a_clause("Shared", company_id=False, journal_id=False)
        clause.flush_recordset()
        self.env.cr.execute(
            "UPDATE aftersales_penalty_clause SET journal_id = %s WHERE id = %s", [foreign.id, clause.id])
        clause.invalidate_recordset()
        self.assert_held(self.a_penalty(10, clause=clause), "belongs to another company")

    def test_locked_accounts_date_it_on_the_first_open_day(self):
        self.company.sale_lock_date = "2026-04-15"
        move = self.post(self.a_penalty(10))
        self.assertEqual((str(move.invoice_date), str(move.date)), ("2026-04-16", "2026-04-16"))
        self.assertIn("03/01/2026", move.invoice_line_ids.name, "the period stays the period")

    def test_a_day_in_a_locked_period_is_refused(self):
        self.company.fiscalyear_lock_date = "2026-03-31"
        penalty = self.a_penalty(10)
        self.assert_held(penalty, "the accounts are locked on 03/31/2026", "Global Lock Date", day="2026-03-31")
        self.assertEqual(str(self.post(penalty, day="2026-04-01").invoice_date), "2026-04-01")

    def test_accounts_locked_for_long_hold_it(self):
        self.company.sale_lock_date = "2026-12-31"
        self.assert_held(self.a_penalty(10), "the accounts are locked until 12/31/2026")

    def test_the_tax_lock_counts_where_there_are_taxes(self):
        self.company.tax_lock_date = "2026-04-15"
        taxed = self.a_penalty(10)
        plain = self.a_penalty(10, self.a_contract(title="Other"), clause=self.a_clause("Plain"))
        self.post(taxed)
        self.assertEqual(str(taxed.posted_on), "2026-04-16")
        self.post(plain)
        self.assertEqual(str(plain.posted_on), "2026-04-10")

    def test_in_a_batch_the_others_go_on(self):
        good, bad = self.a_penalty(10), self.a_penalty(20, self.a_contract(title="X", currency_id=self.env[
            "res.currency"].create({"name": "XTC", "symbol": "x"}).id))
        refused = (good | bad).with_user(self.felix)._post_batch()
        self.assertEqual(good.state, "posted")
        self.assertEqual([penalty.id for penalty in refused], bad.ids)
        self.assertIn("XTC", refused[bad.with_user(self.felix)][0])

    def test_in_a_batch_odoos_own_refusal_holds_its_document_only(self):
        first, second = self.a_penalty(10), self.a_penalty(20, self.a_contract(title="Second"))
        Move = type(self.env["account.move"])
        original = Move._check_penalty_total

        def refuse(move, penalties):
            if penalties == second:
                raise UserError(move.env._("No tax number"))
            return original(move, penalties)

        self.patch(Move, "_check_penalty_total", refuse)
        refused = (first | second).with_user(self.felix)._post_batch()
        self.assertEqual((first.state, second.state), ("posted", "approved"))
        self.assertEqual(refused[second.with_user(self.felix)], ["No tax number"])
        self.assertFalse(self.env["account.move"].search([("invoice_origin", "=", second.contract_id.name)]))

    def test_who_approved_the_contract_does_not_settle_it(self):
        contract = self.put_in_force(self.a_contract(activate=False))
        penalty = self.a_penalty(10, contract)
        both = self._a_user("both", "aftersales_contracts.group_finance")
        both.group_ids = [Command.link(self.env.ref(BILLING).id)]
        contract._log_duty("approver", "Test")
        self.env["aftersales.duty"].search([("contract_id", "=", contract.id), ("duty", "=", "approver")])
        self.env.cr.execute("UPDATE aftersales_duty SET user_id = %s WHERE contract_id = %s AND duty = 'approver'",
                            [both.id, contract.id])
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "cannot be its settler"):
            penalty.with_user(both).action_post()
        self.assertEqual(self.post(penalty).state, "posted")


class TestWho(PostingCase):
    def test_finance_without_billing_is_told_what_it_lacks(self):
        penalty = self.a_penalty()
        clerk = self._a_user("fiona", "aftersales_contracts.group_finance")
        with self.assertRaisesRegex(AccessError, "access right Billing"):
            penalty.with_user(clerk).action_post()

    def test_nobody_else_posts(self):
        penalty = self.a_penalty()
        for user in (self.agent, self.anna, self.lena, self.carla, self.diego, self.outsider, self.clerk):
            user.sudo().group_ids = [Command.link(self.env.ref(BILLING).id)] if not user.share else []
            with self.subTest(user.login), self.assertRaises(AccessError):
                penalty.with_user(user).action_post()
            with self.subTest(user.login), self.assertRaises(AccessError):
                penalty.with_user(user).action_reverse("Because")

    def test_felix_needs_no_more_than_billing(self):
        self.assertFalse(self.felix.has_group("account.group_account_manager"))
        self.assertFalse(self.felix.has_group("aftersales_contracts.group_account_manager"))
        self.assertEqual(self.post(self.a_penalty()).state, "posted")

    def test_what_posting_writes_is_nobodys_to_write(self):
        penalty = self.a_penalty()
        move = self.post(self.a_penalty(7, period=("2026-02-01", "2026-02-28")))
        for values in ({"move_id": move.id}, {"state": "posted"}, {"reversed_on": "2026-04-01"},
                       {"posted_on": "2026-04-01"}, {"credit_instead": True}, {"reversal_move_id": move.id}):
            with self.subTest(values), self.assertRaises(UserError):
                penalty.with_user(self.felix).write(values)


class TestOtherScreens(PostingCase):
    def test_the_preview_says_what_would_happen_and_changes_nothing(self):
        ready = self.a_penalty(100) | self.a_penalty(-30)
        other = self.a_penalty(10, self.a_contract(title="Other"))
        held = self.a_penalty(5, state="reviewed")
        before = self.env["account.move"].search_count([])
        wizard = self.env["aftersales.post.penalties"].with_user(self.felix).with_context(
            active_model="aftersales.penalty", active_ids=(ready | other | held).ids).create({})
        self.assertEqual((wizard.ready_count, wizard.held_count, wizard.document_count), (3, 1, 2))
        self.assertIn("the approval by another person", wizard.line_ids.filtered("problem").problem)
        self.assertEqual(set(wizard.line_ids.filtered(lambda line: not line.problem).mapped("what")), {"Credit Note"})
        self.assertEqual(self.env["account.move"].search_count([]), before)
        wizard.write({"dated": "day", "day": "2026-04-02"})
        self.assertEqual({str(line.day) for line in wizard.line_ids if not line.problem}, {"2026-04-02"})
        shown = wizard.action_post()
        self.assertIn("3 posted, 1 left", shown["params"]["title"])
        self.assertEqual((ready | other).mapped("state"), ["posted"] * 3)
        self.assertEqual(str(other.posted_on), "2026-04-02")
        self.assertIn(held.name, shown["params"]["message"])

    def test_planning_asks_the_database_as_often_for_2_as_for_20(self):
        euros = self.currency("EUR")
        contracts = [self.a_contract(title=f"No {number}", currency_id=euros.id) for number in range(22)]
        few = self.env["aftersales.penalty"].union(*(self.a_penalty(10, one) for one in contracts[:2]))
        many = self.env["aftersales.penalty"].union(*(self.a_penalty(10, one) for one in contracts[2:]))
        self.env.flush_all()
        counts = []
        for penalties in (few, few, many):  # the first one warms the registry's caches
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            documents, refused = penalties.with_user(self.felix)._plan()
            self.assertEqual((len(documents), refused), (len(penalties), {}))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1], counts)

    def test_the_preview_is_for_who_may_post(self):
        with self.assertRaises(AccessError):
            self.env["aftersales.post.penalties"].with_user(self.anna).create({})


@tagged("post_install", "-at_install")
class TestTwoAtOnce(TransactionCase):
    """A double click, and two people: one document. On real connections, and cleaned up after."""

    def test_a_penalty_is_posted_once(self):
        ids = self.committed()
        first, second = self.registry.cursor(), self.registry.cursor()
        self.addCleanup(second.close)
        self.addCleanup(first.close)
        mine, theirs = (self.penalty(cursor, ids) for cursor in (first, second))
        self.assertEqual((mine.state, theirs.state), ("approved", "approved"), "both see it approved")
        mine.action_post()
        with self.assertRaisesRegex(LockError, "Somebody else is posting"):
            theirs.action_post()
        second.rollback()
        self.assertEqual(theirs.state, "approved", "the other transaction, before it is committed")
        first.commit()
        with self.assertRaises(psycopg2.errors.SerializationFailure), mute_logger("odoo.sql_db"):
            theirs.action_post()  # it saw the penalty as it was: Odoo tries such a request again
        second.rollback()
        theirs.env.invalidate_all()
        theirs.action_post()
        second.commit()
        self.assertEqual(theirs.env["account.move.line"].search_count(
            [("aftersales_penalty_id", "=", theirs.id)]), 1)

    def penalty(self, cursor, ids):
        return api.Environment(cursor, SUPERUSER_ID, {})["aftersales.penalty"].browse(ids["aftersales_penalty"])

    def committed(self):
        """An approved penalty, visible to every connection, in a company of its own journal names."""
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True, "mail_create_nolog": True})
            partner = env["res.partner"].create({"name": "Two at Once"})
            policy = env["aftersales.sla.policy"].create({"name": "Two at Once"})
            contract = env["aftersales.contract"].create({
                "name": f"TWO/{uuid4().hex}", "title": "Two at Once", "partner_id": partner.id,
                "policy_id": policy.id, "date_start": "2026-01-01"})
            contract._adopt("Test")
            clause = env["aftersales.penalty.clause"].create({"name": "Two at Once", "number": f"TWO/{uuid4().hex}"})
            inputs = inputs_of(engine.Clause("T", ()), engine.Measures(date(2026, 3, 1), date(2026, 4, 1)),
                               Decimal(0), engine.Ledger())
            penalty = env["aftersales.penalty"].create({
                "name": f"TWO/{uuid4().hex}", "contract_id": contract.id, "partner_id": partner.id,
                "kind": "customer", "currency_id": contract.currency_id.id, "clause_id": clause.id, "row_key": "two",
                "period_start": "2026-03-01", "period_end": "2026-03-31", "assessed": 10, "measured": True,
                "inputs": inputs, "inputs_hash": digest(inputs), "steps": [], "state": "approved"})
            ids = {"aftersales_penalty": penalty.id, "aftersales_penalty_clause": clause.id,
                   "aftersales_contract": contract.id, "aftersales_sla_policy": policy.id, "res_partner": partner.id}
        self.addCleanup(self.removed, ids)
        return ids

    def removed(self, ids):
        with self.registry.cursor() as cursor:
            cursor.execute(
                "SELECT array_agg(DISTINCT move_id) FROM account_move_line WHERE aftersales_penalty_id = %s",
                [ids["aftersales_penalty"]])
            [moves] = cursor.fetchone()
            cursor.execute("UPDATE aftersales_penalty SET move_id = NULL, document_id = NULL WHERE id = %s",
                           [ids["aftersales_penalty"]])
            cursor.execute(
                "DELETE FROM aftersales_penalty_document WHERE contract_id = %s", [ids["aftersales_contract"]])
            self.forget(cursor, "account_move", moves or [])
            for table, id_ in ids.items():
                self.forget(cursor, table, [id_])

    def forget(self, cursor, table, ids):
        """Delete rows and whatever refers to them by a foreign key that would refuse."""
        cursor.execute(
            """SELECT child.relname, a.attname FROM pg_constraint k
                 JOIN pg_class child ON child.oid = k.conrelid JOIN pg_class parent ON parent.oid = k.confrelid
                 JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
                WHERE k.contype = 'f' AND k.confdeltype IN ('a', 'r') AND parent.relname = %s""", [table])
        for child, column in cursor.fetchall():
            cursor.execute(SQL(
                "DELETE FROM %s WHERE %s = ANY(%s)", SQL.identifier(child), SQL.identifier(column), ids))
        cursor.execute(SQL("DELETE FROM %s WHERE id = ANY(%s)", SQL.identifier(table), ids))
