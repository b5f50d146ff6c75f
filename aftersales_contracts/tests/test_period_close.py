"""Closing a month: the page, its steps and button, what needs a decision, the snapshot; nothing moves after."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time
from odoo.tools import SQL, mute_logger
from psycopg2.errors import UniqueViolation

from ..models.closing.period_steps import STEPS
from ..models.statements.statement_snapshot import digest
from .closing_case import ClosingCase


class TestOpening(ClosingCase):
    def test_the_month_that_ended_is_made_on_demand_once(self):
        self.assertFalse(self.env["aftersales.period.close"].search([("company_id", "=", self.company.id)]))
        close = self.month()
        self.assertRecordValues(close, [{
            "company_id": self.company.id, "state": "open", "date_start": self.day("2026-04-01"),
            "date_end": self.day("2026-04-30")}])
        self.assertEqual(self.month(), close)
        self.assertEqual(close.display_name, "April 2026")

    def test_who_may_open_the_page(self):
        for user in (self.agent, self.anna, self.lena, self.clerk, self.carla, self.diego):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.month(user)
        self.assertTrue(self.month(self.boss))

    def test_nobody_enters_a_month(self):
        values = {"company_id": self.company.id, "date_start": "2026-04-01", "date_end": "2026-04-30"}
        with self.assertRaises(UserError):
            self.env["aftersales.period.close"].with_user(self.felix).create(values)
        with self.assertRaises(UserError):
            self.env["aftersales.period.close"].create({**values, "state": "closed"})
        close = self.month()
        for value in ({"state": "closed"}, {"snapshot": {}}, {"date_end": "2026-05-31"}):
            with self.subTest(value), self.assertRaises(UserError):
                close.sudo().write(value)

    def test_one_month_at_a_time_by_law_of_the_database(self):
        self.month()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env["aftersales.period.close"].create({
                "company_id": self.company.id, "date_start": "2026-03-01", "date_end": "2026-03-31"})


class TestSteps(ClosingCase):
    def test_every_period_that_ended_is_counted_before_the_nightly_work_made_a_draft(self):
        self.assertFalse(self.env["aftersales.statement"].search([("contract_id", "=", self.contract.id)]))
        step = self.step(self.month(), "statements")
        self.assertRecordValues(step, [{"todo": 2, "done": 0, "state": "todo", "may_run": True}])

    def test_the_button_closes_statements_in_their_order_as_the_person(self):
        self.breach()
        close = self.month()
        close.action_run()
        self.assertRecordValues(self.closed(), [
            {"period_start": self.day(day), "state": "closed",
             "closed_by_id": self.felix.id} for day in ("2026-03-01", "2026-04-01")])
        self.assertRecordValues(self.step(close, "statements"), [{"todo": 0, "done": 2, "state": "done"}])
        self.assertIn("Close statements: 2 done", close.run_text)
        self.assertEqual(close.run_by_id, self.felix)

    def test_separation_of_people_holds_at_the_button_too(self):
        """felix approved the contract: he may not settle it; the other contract is closed all the same."""
        other = self.a_contract(title="Other", statement_start="2026-04-01")
        self.contract.sudo().with_user(self.felix).sudo(False)._log_duty("approver", "Test")
        close = self.month()
        close.action_run()
        self.assertEqual(self.closed().contract_id, other)
        left = self.items(close, "statement")
        self.assertEqual(len(left), 2)
        self.assertTrue(all(left.mapped("undecided")))
        self.assertIn("cannot be its settler too", left[0].why)
        self.assertIn("1 done, 2 left, see below", close.run_text)
        with self.assertRaisesRegex(UserError, "left to do or to decide"):
            close.action_close()
        close.with_user(self.boss).action_run()
        self.assertFalse(self.items(close, "statement"))
        self.assertFalse(self.env["aftersales.period.left"].search([("close_id", "=", close.id)]))

    def test_a_record_that_fails_is_left_with_its_reason_and_the_others_go_on(self):
        broken = self.a_contract(title="Broken", statement_start="2026-04-01")
        Statement = type(self.env["aftersales.statement"])
        close_one = Statement._close

        def fail(records, user, now=None):
            if broken in records.contract_id:
                raise ValueError("no font")
            return close_one(records, user, now)

        self.patch(Statement, "_close", fail)
        close = self.month()
        with mute_logger("odoo.addons.aftersales_contracts.models.closing.period_steps"):
            close.action_run()
        self.assertEqual(self.closed().contract_id, self.contract)
        self.assertRecordValues(self.items(close, "statement"), [{"why": "no font", "contract_id": broken.id}])

    def test_what_there_is_no_time_for_is_told(self):
        self.patch(type(self.env["aftersales.period.close"]), "_take_step", lambda *_args: (0, {}, 2))
        close = self.month()
        close.action_run()
        self.assertIn("2 not tried yet: press again", close.run_text)

    def test_one_step_alone(self):
        close = self.month()
        self.step(close, "statements").with_user(self.felix).action_run_step()
        self.assertEqual(len(self.closed()), 2)
        for key in ("nothing", "review"):
            with self.subTest(key), self.assertRaises(UserError):
                close.action_run(key)

    def test_who_may_press(self):
        close = self.month()
        for user in (self.anna, self.lena, self.agent, self.clerk, self.carla):
            for method in ("action_run", "action_close", "action_carry_all"):
                with self.subTest(f"{user.login} {method}"), self.assertRaises(AccessError):
                    getattr(close.with_user(user), method)()
        self.assertFalse(self.closed())

    def test_the_list_behind_a_step(self):
        close = self.month()
        action = self.step(close, "statements").action_view_step()
        self.assertEqual(len(self.env["aftersales.statement"].search(action["domain"])), 2)
        close.action_run()
        action = self.step(close, "statements").action_view_step()
        self.assertEqual(self.env["aftersales.statement"].search(action["domain"]), self.closed())

    def test_counting_costs_the_same_for_two_records_and_for_twenty(self):
        close = self.month()

        def look():
            self.env.invalidate_all()
            rows = self.env["aftersales.period.close"].browse(close.id).step_ids
            return [(row.name, row.todo, row.done) for row in rows]

        look()
        with self.assertQueryCount(40):
            before = self.env.cr.sql_log_count
            look()
            few = self.env.cr.sql_log_count - before
        for number in range(18):
            self.a_contract(title=f"More {number}", statement_start="2026-04-01")
        self.month()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(look()[0][1], 20)
        self.assertEqual(self.env.cr.sql_log_count - before, few)


class TestDecisions(ClosingCase):
    def test_a_nightly_problem_is_carried_over_with_a_reason(self):
        close = self.month()
        close.action_run()
        self.a_problem(self.contract)
        row = self.items(close, "nightly")
        self.assertRecordValues(row, [{
            "undecided": True, "carried": False, "why": "No price for May", "contract_id": self.contract.id}])
        self.assertEqual(row.action_open_record()["res_model"], "aftersales.nightly.problem")
        with self.assertRaisesRegex(UserError, "No price for May"):
            close.action_close()
        with self.assertRaisesRegex(UserError, "Give the reason"):
            row.action_carry_over("  ")
        for user in (self.anna, self.agent):
            with self.assertRaises(AccessError):
                row.with_user(user).action_carry_over("Because")
        wizard = self.wizard(row.action_ask_to_carry(), reason="Sales sets it in May")
        self.assertEqual(wizard.count, 1)
        wizard.action_confirm()
        row = self.items(close, "nightly")
        self.assertRecordValues(row, [{
            "undecided": False, "carried": True, "carry_reason": "Sales sets it in May"}])
        close.action_close()
        self.assertEqual(close.snapshot["carried"][0]["reason"], "Sales sets it in May")
        self.assertEqual(close.snapshot["carried"][0]["by"], self.felix.name)

    def test_taken_back_it_is_to_be_decided_again_but_not_once_closed(self):
        close = self.month()
        close.action_run()
        self.a_problem(self.contract)
        self.items(close, "nightly").action_carry_over("Later")
        close.invalidate_recordset()
        close.carry_ids.action_take_back()
        self.assertTrue(self.items(close, "nightly").undecided)
        self.items(close, "nightly").action_carry_over("Later after all")
        with self.assertRaisesRegex(UserError, "not edited"):
            self.env["aftersales.period.carry"].search([("close_id", "=", close.id)]).write({"reason": "x"})
        close.action_close()
        close.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "closed period"):
            close.carry_ids.action_take_back()

    def test_everything_at_once(self):
        close = self.month()
        close.action_run()
        for contract in self.contract | self.a_contract(title="Second", statement_start="2026-05-01"):
            self.a_problem(contract)
        close.invalidate_recordset()
        self.assertEqual(close.decision_count, 2)
        self.wizard(close.action_carry_all(), reason="Prices come in May").action_confirm()
        close.invalidate_recordset()
        self.assertEqual((close.decision_count, len(close.carry_ids)), (0, 2))

    def test_rows_of_another_company_are_not_left_here(self):
        other = self.a_contract(title="Foreign", company_id=self.other_company.id, policy_id=False, clauses=[],
                                price=None, user_id=False, activate=False)
        close = self.month()
        self.a_problem(other, "Elsewhere")
        self.assertFalse(self.items(close, "nightly"))

    def wizard(self, action, **values):
        return self.env[action["res_model"]].with_user(self.felix).with_context(**action["context"]).create(values)


class TestClosed(ClosingCase):
    def closed_april(self):
        close = self.month()
        close.action_run()
        close.action_close()
        return close

    def test_the_snapshot_names_every_statement_with_its_hash(self):
        self.met()
        close = self.closed_april()
        statements = self.closed()
        self.assertEqual(
            [(row["name"], row["fingerprint"]) for row in close.snapshot["facts"]["statement"]],
            [(statement.name, statement.snapshot_hash) for statement in statements])
        self.assertEqual(close.snapshot_hash, digest(close.snapshot))
        self.assertEqual((close.state, close.closed_by_id), ("closed", self.felix))
        self.assertEqual(close.fact_count, 8, "two statements, two penalties of which nothing was due, four bills")
        self.assertFalse(close._differences())

    def test_a_closed_month_does_not_move(self):
        close = self.closed_april()
        with self.assertRaisesRegex(UserError, "closed already"):
            close.action_run()
        with self.assertRaisesRegex(UserError, "closed already"):
            close.action_close()
        with self.assertRaises(UserError):
            close.sudo().write({"run_text": "x"})
        with self.assertRaises(UserError):
            close.sudo().unlink()
        fact = close.sudo().fact_ids[0]
        for act in (lambda: fact.write({"name": "x"}), fact.unlink):
            with self.assertRaises(UserError):
                act()

    def test_a_month_that_still_runs_cannot_be_closed(self):
        self.closed_april()
        close = self.month()
        self.assertEqual((close.state, str(close.date_start)), ("closed", "2026-04-01"), "May is not over")

    def test_what_comes_late_lands_in_the_next_month_and_each_fact_in_one(self):
        self.closed_april()
        late = self.a_contract(title="Late", statement_start="2026-04-01")
        self.env["aftersales.statement"]._drafts(late._due_periods_of(self.day("2026-05-19"))[late])
        with freeze_time("2026-06-10 12:00:00"):
            close = self.month()
            self.assertEqual(str(close.date_start), "2026-05-01")
            close.action_run()
            close.action_close()
        facts = close.snapshot["facts"]["statement"]
        self.assertEqual(
            {(row["contract"], row["first"]) for row in facts},
            {(late.name, "2026-04-01"), (late.name, "2026-05-01"), (self.contract.name, "2026-05-01")})

    def test_months_are_closed_in_their_order_without_a_gap(self):
        self.closed_april()
        with freeze_time("2026-08-10 12:00:00"):
            self.assertEqual(str(self.month().date_start), "2026-05-01")

    def test_tampering_is_told(self):
        close = self.closed_april()
        self.assertEqual(close.action_verify()["params"]["type"], "success")
        self.env.cr.execute(SQL("UPDATE aftersales_period_fact SET fingerprint = 'x' WHERE close_id = %s", close.id))
        self.env.invalidate_all()
        self.assertIn("not those of its snapshot", close.action_verify()["params"]["message"])


class TestMoney(ClosingCase):
    """From statements to posted credit notes, with what the account manager has to say in between."""

    def penalties(self):
        return self.env["aftersales.penalty"].search([("contract_id", "=", self.contract.id), ("state", "!=", "none")])

    def test_a_whole_month_in_a_few_presses(self):
        self.april()
        close = self.run_month()
        penalty = self.penalties()
        self.assertRecordValues(penalty, [{"state": "draft", "amount": 100, "period_end": self.day("2026-04-30")}])
        self.assertRecordValues(self.step(close, "review"), [{"todo": 1, "state": "others", "may_run": False}])
        self.assertRecordValues(self.items(close), [{"kind": "review", "amount": 100, "undecided": True}])
        with self.assertRaisesRegex(UserError, "Penalty to Review"):
            close.action_close()

        penalty.with_user(self.anna).action_review()
        self.assertFalse(self.items(close).filtered("undecided"), "the button does the rest")
        close = self.run_month(close)
        self.assertEqual(self.items(close).mapped("why"), [])
        self.assertRecordValues(penalty, [{
            "state": "posted", "approved_by_id": self.felix.id, "posted_by_id": self.felix.id}])
        self.assertRecordValues(penalty.move_id, [
            {"move_type": "out_refund", "state": "posted", "amount_untaxed": 100}])
        self.assertFalse(self.items(close))
        self.assertEqual([(row._key(), row.state) for row in self.step(close, "bill").close_id.step_ids], [
            (key, "done") for key in STEPS])

        close.action_close()
        facts = close.snapshot["facts"]
        [row] = [row for row in facts["penalty"] if row["detail"] == "posted"]
        self.assertEqual((row["name"], row["amount"], row["currency"], row["fingerprint"]), (
            penalty.name, "100.00", self.company.currency_id.name, penalty.result_hash))
        self.assertEqual(len(facts["statement"]), 2)
        self.assertEqual(len(self.contract.billed_ids), 5, "January to May: what fell due until today")
        self.assertEqual([(row["amount"], row["first"]) for row in facts["billed"]], [
            ("1000.00", f"2026-0{month}-01") for month in range(1, 5)], "what is of May closes with May")

    def test_fees_in_arrears_are_of_the_month_that_they_are_for(self):
        contract = self.a_contract(activate=False, title="In arrears", statement_start="2026-05-01", clauses=[])
        contract.line_ids.timing = "postpaid"
        contract._adopt("Test")
        with freeze_time("2026-04-10 12:00:00"):
            self.own_contracts().with_user(self.felix).action_bill_now()
        self.assertEqual(str(contract.next_bill_on), "2026-05-01")
        close = self.month()
        due = self.env["aftersales.contract"].search(self.step(close, "bill").action_view_step()["domain"])
        self.assertIn(contract, due)
        close = self.run_month(close)
        close.action_close()
        self.assertEqual([row["first"] for row in close.snapshot["facts"]["billed"]
                          if row["contract"] == contract.name][-1], "2026-04-01")

    def test_who_reviewed_does_not_approve_here_either(self):
        self.april()
        close = self.run_month()
        penalty = self.penalties()
        penalty.with_user(self.felix).action_review()
        close = self.run_month(close)
        self.assertEqual(penalty.state, "reviewed")
        self.assertRecordValues(self.items(close), [{"kind": "approve", "undecided": True}])
        self.assertIn("somebody else approves it", self.items(close).why)
        self.run_month(close, self.boss)
        self.assertEqual((penalty.state, penalty.approved_by_id), ("posted", self.boss))

    def test_without_the_right_to_invoice_posting_is_left_and_says_so(self):
        self.felix.group_ids -= self.env.ref("account.group_account_invoice")
        self.april()
        close = self.run_month()
        self.penalties().with_user(self.anna).action_review()
        close = self.run_month(close)
        self.assertEqual(self.penalties().state, "approved")
        self.assertIn("access right Billing", self.items(close, "post").why)

    def test_a_disputed_penalty_is_a_decision_and_may_be_carried_over(self):
        self.april()
        close = self.run_month()
        penalty = self.penalties()
        penalty.with_user(self.anna).action_dispute("They were closed that day")
        self.assertRecordValues(self.items(close), [
            {"kind": "dispute", "why": "They were closed that day", "amount": 100, "res_id": penalty.id}])
        self.items(close).action_carry_over("Lawyers write to each other")
        close.action_close()
        self.assertFalse([row for row in close.snapshot["facts"].get("penalty", []) if row["name"] == penalty.name])
        self.assertEqual(close.snapshot["carried"][0]["kind"], "dispute")
        with freeze_time("2026-06-03 12:00:00"):
            may = self.run_month()
            self.assertEqual(self.items(may, "dispute").res_id, penalty.id, "it waits in the next month")
            penalty.with_user(self.lena).action_settle_dispute(True, "They were open")
            self.assertEqual(self.items(may, "review").res_id, penalty.id)

    def test_a_waiver_waits_for_somebody_else(self):
        self.april()
        close = self.run_month()
        penalty = self.penalties()
        penalty.with_user(self.anna).action_waive(40, "Goodwill")
        self.assertRecordValues(self.items(close), [{"kind": "waiver", "why": "Goodwill"}])
        penalty.with_user(self.lena).action_approve_waiver()
        self.assertRecordValues(self.items(close), [{"kind": "review", "amount": 60}])

    def test_a_missing_figure_is_told_before_and_nothing_measured_after(self):
        measure = self.env["aftersales.measure"].create({"name": "Uptime"})
        clause = self.a_clause([self.a_component(
            name="Uptime", kind="bands", source="figure", metric=False, measure_id=measure.id, rate=0, base="percent",
            band_ids=[(0, 0, {"bound": 99, "rate": 10})], target=99, target_from="own")], name="Uptime")
        contract = self.a_contract(title="Line 4", clauses=clause, statement_start="2026-04-01")
        close = self.month()
        self.assertEqual(self.items(close, "missing").contract_id, contract)
        close = self.run_month(close)
        self.assertFalse(self.items(close, "missing"))
        row = self.items(close, "unmeasured")
        self.assertEqual((row.contract_id, row.undecided), (contract, True))
        row.action_carry_over("The monitor was down, the customer agrees")
        close.action_close()
        with freeze_time("2026-06-03 12:00:00"):
            self.assertFalse(self.items(self.month(), "unmeasured"), "it was closed over, with the reason")

    def test_an_incomplete_breach_counts_where_a_clause_rests_on_the_register(self):
        clause = self.a_clause([self.a_component(name="Breach", source="breach", metric=False)], name="Register")
        contract = self.a_contract(title="Registered", clauses=clause, statement_start="2026-04-01")
        for one in contract | self.contract:
            self.env["aftersales.breach"].create({
                "title": "Nobody came", "contract_id": one.id, "party": "ours", "noticed_on": "2026-04-10",
                "event": "Nobody came"})
        row = self.items(self.month(), "breach")
        self.assertEqual(row.contract_id, contract, "the other contract has no such clause")
        self.assertIn("the notice to the party in breach", row.why_text)

    def test_a_contract_that_cannot_be_billed_is_left_and_the_others_go_on(self):
        poor = self.a_contract(title="Nobody pays", statement_start="2026-05-01",
                               partner_id=self.env["res.partner"].create({"name": "Gone"}).id)
        poor.partner_id.active = False
        close = self.run_month()
        self.assertTrue(self.contract.billed_ids)
        self.assertFalse(poor.billed_ids)
        row = self.items(close, "bill")
        self.assertEqual(row.contract_id, poor)
        self.assertIn("archived", row.why)
        poor.partner_id.active = True
        close = self.run_month(close)
        self.assertTrue(poor.billed_ids, "billed by the next run once it is mended")
        self.assertFalse(self.items(close, "bill"))

    def test_draft_invoices_are_to_be_posted_first(self):
        self.company.aftersales_billing_post = "draft"
        with freeze_time("2026-04-10 12:00:00"):
            self.contract.with_user(self.felix).action_bill_now()
        close = self.run_month()
        row = self.items(close, "draft")
        self.assertEqual(self.env["account.move"].browse(row.res_id), self.contract.billed_ids.filtered(
            lambda fact: fact.billed_on < self.day("2026-05-01")).move_id, "the draft of May may wait")
        self.env["account.move"].browse(row.res_id).action_post()
        self.assertFalse(self.items(close, "draft"))

    def test_deductions_wait_for_the_next_invoice_and_hold_nothing(self):
        clause = self.a_clause([self.a_component()], name="Deducted", settle_by="next_invoice")
        contract = self.a_contract(title="Deducted", clauses=clause, statement_start="2026-04-01", price=1000)
        self.run_month()
        with freeze_time("2026-06-03 12:00:00"):
            self.breach("2026-05-04 08:00", "2026-05-04 09:00", "2026-05-07 12:00")
        self.assertFalse(self.items(self.month(), "post").filtered(lambda row: row.contract_id == contract))

    def test_two_currencies_are_summed_apart(self):
        euro = self.env["res.currency"].with_context(active_test=False).search([("name", "=", "EUR")])
        euro.active = True
        self.env["res.currency.rate"].search([("currency_id", "=", euro.id)]).unlink()
        self.env["res.currency.rate"].create({
            "currency_id": euro.id, "name": "2026-01-01", "rate": 0.9, "company_id": self.company.id})
        self.a_contract(title="In euro", currency_id=euro.id, clauses=[], statement_start="2026-05-01")
        with freeze_time("2026-04-10 12:00:00"):
            (self.own_contracts()).with_user(self.felix).action_bill_now()
        close = self.run_month()
        close.action_close()
        rows = [row for row in close.totals if row[0] == "Billed"]
        self.assertEqual(len(rows), 2, rows)
        self.assertEqual({row["currency"] for row in close.snapshot["facts"]["billed"]}, {"EUR", "USD"})
