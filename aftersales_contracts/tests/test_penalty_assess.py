"""Assessing: from closed statements to penalties, each exactly once, explained, and never for what was not measured."""

from decimal import Decimal
from unittest.mock import patch

import psycopg2
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time
from odoo.tools import SQL, mute_logger

from ..engine.penalty import assess
from ..models.penalties.penalty_inputs import inputs_of
from ..models.statements.statement_snapshot import digest
from .penalty_case import PenaltyCase


class TestPenaltyAssess(PenaltyCase):
    def test_a_closed_statement_is_assessed_and_says_how(self):
        penalty = self.march(breaches=2)
        self.assertRecordValues(penalty, [{
            "contract_id": self.contract.id, "partner_id": self.customer.id, "kind": "customer", "state": "draft",
            "clause_id": self.clause.id, "statement_id": self.closed().id, "fee": 1000.0, "assessed": 100.0,
            "amount": 100.0, "uncapped": 100.0, "capped": False, "measured": True,
            "contract_penalty_id": self.contract.penalty_clause_ids.id}])
        self.assertRegex(penalty.name, r"^PEN/2026/\d{5}$")
        self.assertEqual(self.lines(penalty), [("resolution", "penalty", "100.00", 2)])
        self.assertEqual(penalty.steps[0][0], "clause")
        self.assertIn(self.clause._reference(), penalty.steps[0][1])
        self.assertEqual(len(penalty.event_ids), 2)
        self.assertEqual(set(penalty.event_ids.mapped("late")), {12 * 3600})  # 20 working hours of 8
        self.assertEqual(penalty.event_ids.clock_id.mapped("state"), ["breached"] * 2)

    def test_what_is_stored_gives_the_same_amount_again(self):
        penalty = self.march(breaches=3)
        clause, measures, fee, ledger = penalty._stored_inputs()
        found = assess(clause, measures, fee, ledger)
        self.assertEqual(str(found.amount), self.amount(penalty))
        self.assertEqual(penalty._result_hash_of(found), penalty.result_hash)
        self.assertEqual(digest(inputs_of(clause, measures, fee, ledger)), penalty.inputs_hash)

    def test_lines_sum_to_the_amount(self):
        penalty = self.march(breaches=3)
        self.assertEqual(sum(Decimal(amount) for _key, _kind, amount, _count in self.lines(penalty)),
                         Decimal(self.amount(penalty)))
        self.assertIn("capped", penalty.line_ids.mapped("kind"))

    def test_row20_the_cap_of_the_period_and_of_the_year(self):
        """contracts.md 5 row 20: the cap is reached mid-period. 3 x 50, 10 % of 1,000, then 150 a year."""
        march = self.march(breaches=3)
        self.assertEqual(
            (self.amount(march), self.amount(march, "uncapped"), march.capped), ("100.00", "150.00", True))
        for day in (6, 7):
            self.breach(f"2026-04-{day:02} 08:00", f"2026-04-{day:02} 09:00", f"2026-04-{day + 2:02} 12:00")
        self.close("2026-05-04")
        april = self.assess()
        self.assertEqual((self.amount(april), april.capped), ("50.00", True))
        self.assertIn("yearly cap", [step[0] for step in april.steps])

    def test_row20_tiers_by_the_figure_of_the_period(self):
        """contracts.md 5 row 20: half-open tiers. 3 of 4 met is 75 %: below 90, not below 75."""
        bands = [Command.create({"bound": bound, "rate": rate}) for bound, rate in ((95, 5), (90, 10), (75, 30))]
        clause = self.a_clause([self.a_component(
            kind="bands", source="compliance", base="percent", rate=0, band_ids=bands)])
        self.put(clause)
        for day in (2, 3, 4):
            self.met(f"2026-03-{day:02} 08:00", f"2026-03-{day:02} 09:00", f"2026-03-{day:02} 10:00")
        penalty = self.march(breaches=1)
        self.assertEqual(self.amount(penalty), "100.00")
        self.assertEqual(penalty.line_ids.figure, "75")
        self.assertEqual(len(penalty.event_ids), 1)

    def test_row20_two_rules_for_one_event_cost_the_dearer_one(self):
        """contracts.md 5 row 20: late in answer and in repair, one failure."""
        clause = self.a_clause(
            [self.a_component(), self.a_component(name="Answer", metric="first_response", rate=80)],
            combine="highest_per_event")
        self.put(clause)
        self.breach("2026-03-02 08:00", "2026-03-03 09:00", "2026-03-04 12:00")
        self.breach("2026-03-09 08:00", "2026-03-09 09:00", "2026-03-11 12:00")
        self.close_march()
        self.assertEqual(self.amount(self.assess()), "130.00")

    def test_row20_the_basis_is_the_agreed_price_before_taxes(self):
        """contracts.md 5 row 20: the fee is net of tax, after the discount that is in the agreed price."""
        tax = self.env["account.tax"].create({"name": "Half", "amount": 50, "type_tax_use": "sale"})
        self.contract.line_ids._write_unlocked({"tax_ids": [Command.set(tax.ids)]})
        self.assertEqual(self.amount(self.march(breaches=3), "fee"), "1000.00")

    def test_row20_percent_of_a_contract_without_a_fee_is_nothing_and_says_so(self):
        """contracts.md 5 row 20: a zero-value contract."""
        clause = self.a_clause([self.a_component(base="percent", rate=5)])
        self.put(clause, price=0)
        penalty = self.march(breaches=1)
        self.assertRecordValues(penalty, [{"assessed": 0.0, "fee": 0.0, "state": "none", "measured": True}])
        self.assertIn("percent of nothing", " ".join(step[1] for step in penalty.steps))

    def test_row20_days_whose_billing_is_suspended_are_not_in_the_fee(self):
        """contracts.md 5 row 20: partly suspended. 31 days in March, 10 of them not billed; clocks stand still too."""
        self.put(self.a_clause([self.a_component(base="percent", rate=10)]))
        with freeze_time("2026-02-20 08:00:00"):
            self.contract.suspend("2026-03-16", "Rebuilding", "2026-03-25", shift_end=False)
        penalty = self.march(breaches=1)
        self.assertEqual(self.amount(penalty, "fee"), "677.42")
        self.assertEqual(self.amount(penalty), "67.74")

    def test_row20_the_first_ninety_days_cost_nothing(self):
        """contracts.md 5 row 20: from 1 January 90 days end on 31 March: March begins within them, April does not."""
        self.put(self.a_clause([self.a_component()], grace_days=90))
        march = self.march(breaches=1)
        self.assertEqual((march.state, self.amount(march)), ("none", "0.00"))
        self.assertIn("grace period", [step[0] for step in march.steps])
        self.breach("2026-04-06 08:00", "2026-04-06 09:00", "2026-04-08 12:00")
        self.close("2026-05-04")
        self.assertEqual(self.amount(self.assess()), "50.00")

    def test_nothing_measured_is_no_amount_and_says_so(self):
        self.close_march()
        penalty = self.assess()
        self.assertRecordValues(penalty, [{"state": "none", "measured": False, "assessed": 0.0}])
        self.assertIn("not measured", [step[0] for step in penalty.steps])

    def test_excused_failures_cost_nothing_and_are_told_with_the_reason(self):
        excused = self.breach()
        self.excuse(excused).with_user(self.felix).action_approve()
        penalty = self.march(breaches=1)
        self.assertEqual(self.amount(penalty), "50.00")
        told = penalty.event_ids.filtered("excused")
        self.assertEqual((told.request_id, told.excused), (excused, "Customer Cause"))

    def test_priority_and_tier_choose_among_the_requests(self):
        self.put(self.a_clause([self.a_component(priority="3")]))
        self.breach(priority="3")
        self.breach(priority="1")
        self.close_march()
        penalty = self.assess()
        self.assertEqual(self.amount(penalty), "50.00")
        self.assertEqual(penalty.event_ids.request_id.priority, "3")

    def test_points_by_severity_and_one_without_points(self):
        severities = [Command.create({"severity": "3", "points": 5}), Command.create({"severity": "2", "points": 2})]
        self.put(self.a_clause([self.a_component(kind="points", rate=10, free=3, severity_ids=severities)]))
        for priority in "3320":
            self.breach(priority=priority)
        self.close_march()
        penalty = self.assess()
        self.assertEqual(self.amount(penalty), "90.00")  # 5 + 5 + 2 less 3 free
        self.assertIn("no points", " ".join(step[1] for step in penalty.steps))

    def test_small_amounts_are_reviewed_by_the_system_but_approved_by_a_person(self):
        self.company.penalty_review_below = 100
        penalty = self.march(breaches=2)
        self.assertEqual((penalty.state, penalty.reviewed_by_id.id), ("reviewed", False))
        penalty.with_user(self.felix).action_approve()
        self.assertEqual(penalty.state, "approved")

    def test_larger_ones_are_not(self):
        self.company.penalty_review_below = 99.99
        self.assertEqual(self.march(breaches=2).state, "draft")

    def test_amounts_in_another_currency_are_compared_at_the_rate_of_the_last_day_and_without_one_by_people(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        clause = self.a_clause([self.a_component(rate=5000)], currency_id=yen.id)
        self.env["res.currency.rate"].search([("currency_id", "=", yen.id)]).unlink()
        self.company.penalty_review_below = 100
        self.put(clause, price=100000, currency_id=yen.id)
        penalty = self.march(breaches=1)
        self.assertEqual((self.amount(penalty), penalty.state), ("5000", "draft"))
        self.env["res.currency.rate"].create(
            {"currency_id": yen.id, "name": "2026-03-31", "rate": 100, "company_id": self.company.id})
        self.assertEqual(self.company._in_own_currency(Decimal(-5000), yen, penalty.period_end), 50.0)

    # --- the version in force ----------------------------------------------------------------------------------------

    def test_the_clause_of_the_last_day_of_the_period_counts(self):
        """An amendment within the period holds for the whole of it; one from the next day on not at all."""
        dearer = self.a_clause([self.a_component(rate=70)])
        for effective, expected in (("2026-03-31", "70.00"), ("2026-04-01", "50.00")):
            for entered in (True, False):
                with self.subTest(effective, entered=entered):
                    contract = self.put(self.clause)
                    with freeze_time("2026-04-02 08:00:00" if entered else "2026-03-20 08:00:00"):
                        draft = contract.make_amendment(effective, "Dearer")
                        draft.penalty_clause_ids.clause_id = dearer
                        draft._adopt("Test")
                    self.assertEqual(contract.penalty_clause_ids.clause_id, dearer if entered else self.clause)
                    self.breach()
                    self.close_march()
                    penalty = self.assess()
                    self.assertEqual(self.amount(penalty), expected)
                    self.assertEqual(penalty.contract_penalty_id, contract.penalty_clause_ids)

    def test_a_clause_that_was_given_up_still_counts_for_the_periods_before(self):
        self.put(self.clause)
        with freeze_time("2026-05-02 08:00:00"):
            draft = self.contract.make_amendment("2026-04-01", "Without")
            draft.penalty_clause_ids.unlink()
            draft._adopt("Test")
        self.assertFalse(self.contract.penalty_clause_ids)
        self.breach()
        self.breach("2026-04-06 08:00", "2026-04-06 09:00", "2026-04-08 12:00")
        self.close_march()
        self.close("2026-05-04")
        penalty = self.assess()
        self.assertRecordValues(penalty, [{"assessed": 50.0, "contract_penalty_id": False}])
        self.assertEqual(str(penalty.period_start), "2026-03-01")

    # --- running totals ----------------------------------------------------------------------------------------------

    def test_the_running_total_counts_what_was_assessed_less_what_was_waived(self):
        march = self.march(breaches=2)
        march.with_user(self.anna).action_waive(60, "Agreed")
        march.with_user(self.felix).action_approve_waiver()
        for _number in range(2):
            self.breach("2026-04-06 08:00", "2026-04-06 09:00", "2026-04-08 12:00")
        self.close("2026-05-04")
        april = self.assess()
        self.assertEqual(april._stored_inputs()[3].year, Decimal("40.00"))
        self.assertEqual(self.amount(april), "100.00")

    def test_what_was_reversed_leaves_the_running_total(self):
        march = self.march(breaches=2)
        march._write_guarded({"state": "posted", "reversed_on": "2026-04-30"})
        self.close("2026-05-04")
        self.assertEqual(self.assess()._stored_inputs()[3].year, Decimal(0))

    def test_the_year_begins_with_the_contract_or_with_the_calendar(self):
        for rule, start, expected in (
            ("contract", "2025-04-01", "0.00"), ("contract", "2025-06-01", "50.00"),
            ("calendar", "2025-04-01", "50.00"),
        ):
            with self.subTest(rule=rule, start=start):
                clause = self.a_clause([self.a_component()], yearly_cap_value=100, yearly_cap_base="amount",
                                       year_rule=rule)
                self.put(clause, date_start=start)
                self.breach()
                self.close_march()
                self.close("2026-05-04")
                april = self.assess().sorted("period_start")[-1]
                self.assertEqual(str(april._stored_inputs()[3].year.quantize(Decimal("0.01"))), expected)

    def test_excess_is_carried_and_repetition_is_counted(self):
        clause = self.a_clause([self.a_component(multipliers="1; 2")], period_cap_value=80, period_cap_base="amount",
                               excess_rule="carried")
        self.put(clause)
        self.breach()
        self.breach()
        self.breach("2026-04-06 08:00", "2026-04-06 09:00", "2026-04-08 12:00")
        self.close_march()
        self.close("2026-05-04")
        march, april = self.assess().sorted("period_start")
        self.assertEqual((self.amount(march), self.amount(march, "carried"), march.misses), (
            "80.00", "20.00", {"resolution": 1}))
        self.assertEqual((self.amount(april), self.amount(april, "uncapped"), self.amount(april, "carried")), (
            "80.00", "120.00", "40.00"))

    def test_a_good_period_earns_a_penalty_back_once(self):
        bands = [Command.create({"bound": 95, "rate": 10})]
        component = self.a_component(kind="bands", source="compliance", base="percent", rate=0, band_ids=bands)
        clause = self.a_clause([component], release=False, earn_back=True, earn_back_figure=100, earn_back_window=2,
                               earn_back_percent=50)
        clause.earn_back_component_id = clause.component_ids
        clause.with_user(self.env.ref("base.user_admin")).action_release()
        self.put(clause)
        self.breach()
        self.met("2026-04-06 08:00", "2026-04-06 09:00", "2026-04-06 10:00")
        self.met("2026-05-04 08:00", "2026-05-04 09:00", "2026-05-04 10:00")
        self.close_march()
        self.close("2026-05-04")
        with freeze_time("2026-06-10 08:00:00"):
            self.close("2026-06-05")
            march, april, may = self.assess().sorted("period_start")
        self.assertEqual((self.amount(march), self.amount(april), self.amount(may)), ("100.00", "-50.00", "0.00"))
        self.assertEqual((self.amount(april, "returned"), april.earned), ("50.00", [str(march.id)]))

    # --- other facts -------------------------------------------------------------------------------------------------

    def test_a_measured_figure_of_the_period_or_of_all_its_parts(self):
        measure = self.env["aftersales.measure"].create({"name": "Uptime"})
        bands = [Command.create({"bound": 99.5, "rate": 10})]
        clause = self.a_clause([{
            "name": "Uptime", "kind": "bands", "source": "figure", "measure_id": measure.id, "base": "percent",
            "band_ids": bands}])

        def figure(first, last, **values):
            self.env["aftersales.measured.figure"].create({
                "contract_id": self.contract.id, "measure_id": measure.id, "period_start": first, "period_end": last,
                **values})

        for figures, expected in (
            ([], None),
            ([("2026-03-01", "2026-03-31", {"value": 99.4})], "100.00"),
            ([("2026-03-01", "2026-03-31", {"value": 99.4}), ("2026-03-01", "2026-03-31", {"value": 99.5})], "0.00"),
            ([("2026-03-01", "2026-03-15", {"good": 990, "total": 1000}),
              ("2026-03-16", "2026-03-31", {"good": 1000, "total": 1000})], "0.00"),
            ([("2026-03-01", "2026-03-15", {"good": 980, "total": 1000}),
              ("2026-03-16", "2026-03-31", {"good": 1000, "total": 1000})], "100.00"),
            ([("2026-03-01", "2026-03-15", {"good": 980, "total": 1000})], None),
            ([("2026-03-01", "2026-03-15", {"value": 90}), ("2026-03-16", "2026-03-31", {"value": 90})], None),
        ):
            with self.subTest(figures):
                self.put(clause)
                for first, last, values in figures:
                    figure(first, last, **values)
                self.close_march()
                penalty = self.assess()
                self.assertEqual(self.amount(penalty) if penalty.measured else None, expected)

    def test_a_breach_of_the_register_counts_once_its_chain_is_complete(self):
        self.put(self.a_clause([{"name": "Duties", "kind": "per_unit", "source": "breach", "base": "amount", "rate": 20,
                                 "unit": "day"}]))
        Breach = self.env["aftersales.breach"].with_user(self.anna)
        values = {"contract_id": self.contract.id, "party": "ours", "event": "Nobody came.", "cure_length": 3}
        whole, part, theirs = Breach.create([
            {**values, "title": "Inspection", "noticed_on": "2026-03-05"},
            {**values, "title": "Report", "noticed_on": "2026-03-06"},
            {**values, "title": "Site closed", "noticed_on": "2026-03-06", "party": "theirs"}])
        for breach in whole | theirs:
            self.env["aftersales.evidence"].create({"breach_id": breach.id, "file": "cHJvb2Y=", "file_name": "p.pdf"})
            with freeze_time("2026-03-10 08:00:00"):
                breach.action_notify()
            with freeze_time("2026-03-20 08:00:00"):
                breach.sudo()._nightly_cure()
        self.assertTrue(whole._chain_complete())
        self.close_march()
        penalty = self.assess()
        self.assertEqual(self.amount(penalty), "420.00")  # from the notice on 10 March to the 31st: 21 days
        self.assertEqual(penalty.event_ids.breach_id, whole | part)
        self.assertIn("evidence", penalty.event_ids.filtered(lambda event: event.breach_id == part).excused)
        self.assertTrue(penalty.event_ids.filtered(lambda event: event.breach_id == whole).still_open)

    def test_lateness_is_counted_by_started_units_of_working_time(self):
        self.put(self.a_clause([self.a_component(kind="per_unit", rate=10, unit="hour")]))
        self.breach(solved="2026-03-03 09:30")  # 9 h 30 of 8
        self.close_march()
        penalty = self.assess()
        self.assertEqual(self.amount(penalty), "20.00")
        self.assertEqual(self.amount(penalty.event_ids, "amount"), "20.00")

    # --- once --------------------------------------------------------------------------------------------------------

    def test_it_runs_twice_and_makes_nothing_twice(self):
        penalty = self.march()
        self.assertFalse(self.assess(self.closed()))
        self.night()
        self.assertEqual(self.contract.penalty_ids, penalty)

    def test_the_database_refuses_a_second_one(self):
        penalty = self.march()
        penalty.statement_id._write_unguarded({"penalties_assessed_at": False})
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.assess(penalty.statement_id)

    def test_killed_before_the_end_it_leaves_nothing_and_the_next_run_does_it(self):
        self.breach()
        statement = self.close_march()
        Penalty = type(self.env["aftersales.penalty"])
        with patch.object(Penalty, "_store_details", side_effect=KeyboardInterrupt), \
                self.assertRaises(KeyboardInterrupt), self.cr.savepoint():
            self.assess(statement)
        self.env.invalidate_all()
        self.assertFalse(self.contract.penalty_ids)
        self.assertFalse(statement.penalties_assessed_at)
        self.assertEqual(self.amount(self.assess(statement)), "50.00")

    def test_periods_are_taken_in_their_order_whatever_is_asked_first(self):
        for month in ("03", "04"):
            for day in ("06", "07", "08"):
                self.breach(f"2026-{month}-{day} 08:00", f"2026-{month}-{day} 09:00", f"2026-{month}-{day[0]}9 17:00"
                            if day == "06" else f"2026-{month}-14 12:00")
        self.close_march()
        april = self.close("2026-05-04")
        first, second = self.assess(april).sorted("period_start")
        self.assertEqual(str(first.period_start), "2026-03-01")
        self.assertEqual(Decimal(self.amount(first)) + Decimal(self.amount(second)), Decimal("150.00"))

    # --- what cannot be assessed -------------------------------------------------------------------------------------

    def test_one_contract_that_cannot_be_assessed_is_told_by_name_and_the_others_go_on(self):
        broken = self.contract
        self.breach()
        self.close_march()
        good = self.put(self.clause)
        self.breach()
        self.close_march()
        other = self.env["res.currency"].with_context(active_test=False).search(
            [("id", "!=", broken.currency_id.id)], limit=1)
        broken.flush_recordset()
        self.cr.execute(SQL("UPDATE aftersales_contract SET currency_id = %s WHERE id = %s", other.id, broken.id))
        self.env.invalidate_all()
        self.night()
        problem = self.problems()
        self.assertEqual(problem.contract_id, broken)
        self.assertIn(self.clause._reference(), problem.message)
        self.assertIn(broken.name, problem.message)
        self.assertFalse(broken.penalty_ids)
        self.assertEqual(self.amount(good.penalty_ids), "50.00")
        self.cr.execute(SQL(
            "UPDATE aftersales_contract SET currency_id = %s WHERE id = %s", good.currency_id.id, broken.id))
        self.env.invalidate_all()
        self.night()
        self.assertFalse(self.problems())
        self.assertEqual(self.amount(broken.penalty_ids), "50.00")

    def test_a_broken_engine_is_a_problem_of_one_statement(self):
        penalty_of = type(self.env["aftersales.penalty"])._reckon_row
        bad = self.contract
        self.breach()
        self.close_march()
        good = self.put(self.clause)
        self.breach()
        self.close_march()

        def reckon(model, row, *args):
            if row.unit.contract == bad:
                raise ZeroDivisionError("boom")
            return penalty_of(model, row, *args)

        self.patch(type(self.env["aftersales.penalty"]), "_reckon_row", reckon)
        with mute_logger("odoo.addons.aftersales_contracts.models.common.nightly"):
            self.night()
        self.assertIn("boom", self.problems().message)
        self.assertEqual(self.amount(good.penalty_ids), "50.00")
        self.assertFalse(bad.penalty_ids)

    # --- queries and guards ------------------------------------------------------------------------------------------

    def test_twenty_statements_cost_as_many_queries_as_two(self):
        contracts = self.env["aftersales.contract"]
        for number in range(23):
            partner = self.env["res.partner"].create({"name": f"Customer {number}"})
            contract = self.a_contract(partner_id=partner.id, statement_start="2026-03-01")
            self.breach(partner_id=partner.id)
            contracts |= contract
        self.close("2026-04-04", contracts)
        statements = self.closed(contracts[0])
        for contract in contracts[1:]:
            statements |= self.closed(contract)
        counts = []
        self.assess(statements[:1])  # sequences and caches
        for part in (statements[1:3], statements[3:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assess(part)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_nobody_enters_changes_or_deletes_a_penalty(self):
        penalty = self.march()
        for user in (self.anna, self.felix, self.lena, self.boss):
            with self.subTest(user.login):
                mine = penalty.with_user(user)
                with self.assertRaises(UserError):
                    self.env["aftersales.penalty"].with_user(user).create({
                        "contract_id": self.contract.id, "row_key": "x", "clause_id": self.clause.id,
                        "period_start": "2026-03-01", "period_end": "2026-03-31", "kind": "customer",
                        "currency_id": self.contract.currency_id.id})
                for values in ({"assessed": 1}, {"amount": 1}, {"state": "approved"}, {"waived_amount": 50},
                               {"reviewed_by_id": self.lena.id}, {"inputs": {}}, {"statement_id": False}):
                    with self.assertRaises(UserError):
                        mine.write(values)
                with self.assertRaises(UserError):
                    mine.unlink()
                with self.assertRaises(UserError):
                    penalty.line_ids.with_user(user).write({"amount": 1})
        with self.assertRaises(UserError):
            penalty.unlink()
        with self.assertRaises(UserError):
            penalty.event_ids.unlink()
        with self.assertRaises(UserError):
            penalty.statement_id.write({"penalties_assessed_at": False})

    def test_yen_and_dinar_are_rounded_to_their_units(self):
        for name, fee, expected in (("JPY", 9999, "333"), ("KWD", 99.999, "3.333")):
            with self.subTest(name):
                currency = self.env.ref(f"base.{name}")
                currency.active = True
                clause = self.a_clause([self.a_component(base="percent", rate=3.3333)], currency_id=currency.id)
                self.put(clause, price=fee, currency_id=currency.id)
                self.breach()
                self.close_march()
                self.assertEqual(self.amount(self.assess()), expected)

    def put(self, clause, price=1000, **values):
        """A contract in force with ``clause`` in place of `contract`, whose customer is another one from now on."""
        self.contract._write_unlocked({"partner_id": self.stranger.id})
        with freeze_time("2026-01-05 08:00:00"):
            self.contract = self.a_contract(clauses=clause, price=price, statement_start="2026-03-01", **values)
        return self.contract
