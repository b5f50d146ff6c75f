"""What if: other terms on past periods, beside what was paid; and that nothing but the answer is written."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Date
from odoo.tests import tagged
from odoo.tools import SQL

from .penalty_document_case import PenaltyDocumentCase


@tagged("post_install", "-at_install")
class TestPenaltyWhatIf(PenaltyDocumentCase):
    """March has 3 missed resolutions, April 2: 150 capped at 100, and 100 of which the cap of the year leaves 50."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.begin = {"date_from": "2026-01-01", "date_to": "2026-04-30"}

    def two_months(self):
        """The contract's penalties of March and April."""
        for day in ("2026-03-02", "2026-03-09", "2026-03-16", "2026-04-07", "2026-04-13"):
            last = Date.add(Date.to_date(day), days=2)
            self.breach(f"{day} 08:00", f"{day} 09:00", f"{last} 12:00")
        self.close("2026-04-04")
        self.close("2026-05-05")
        penalties = self.assess()
        self.assertEqual([self.amount(one) for one in penalties.sorted("period_start")], ["100.00", "50.00"])
        return penalties.sorted("period_start")

    def ask(self, user=None, **values):
        """The answer to a question, asked by anna about `contract` unless told otherwise."""
        what_if = self.env["aftersales.penalty.what.if"].with_user(user or self.anna).create({
            "contract_ids": [Command.set(self.contract.ids)], **self.begin, **values})
        what_if.action_reckon()
        return what_if

    def told(self, what_if):
        """[(month, paid, would be)] of the answer."""
        return [(f"{line.period_start:%m}", f"{line.paid:.2f}", f"{line.would_be:.2f}")
                for line in what_if.line_ids.sorted("period_start")]

    # --- the same clause, changed --------------------------------------------------------------------------------

    def test_the_same_terms_come_to_what_was_paid(self):
        self.two_months()
        what_if = self.ask()
        self.assertEqual(self.told(what_if), [("03", "100.00", "100.00"), ("04", "50.00", "50.00")])
        self.assertEqual(what_if.line_ids.mapped("difference"), [0, 0])
        self.assertIn("difference", what_if.summary)
        self.assertFalse(what_if.note)

    def test_rates_are_scaled_and_caps_hold(self):
        self.two_months()
        self.assertEqual(
            self.told(self.ask(rate_scale=50)), [("03", "100.00", "75.00"), ("04", "50.00", "50.00")])
        self.assertEqual(self.told(self.ask(rate_scale=0)), [("03", "100.00", "0.00"), ("04", "50.00", "0.00")])
        tenfold = self.ask(rate_scale=1000)
        self.assertEqual(self.told(tenfold), [("03", "100.00", "100.00"), ("04", "50.00", "50.00")])
        self.assertEqual(tenfold.line_ids.mapped("capped"), [True, True])

    def test_running_caps_run_through_the_periods(self):
        self.two_months()
        for caps, expected in (
            ({"yearly_cap": "none"}, ["100.00", "100.00"]),
            ({"period_cap": "none"}, ["150.00", "0.00"]),
            ({"period_cap": "none", "yearly_cap": "none"}, ["150.00", "100.00"]),
            ({"yearly_cap": "other", "yearly_cap_value": 120, "yearly_cap_base": "amount"}, ["100.00", "20.00"]),
            ({"yearly_cap": "none", "contract_cap": "other", "contract_cap_value": 1, "contract_cap_base": "value"},
             ["100.00", "20.00"]),
            ({"period_cap": "other", "period_cap_value": 4, "period_cap_base": "fee"}, ["40.00", "40.00"]),
        ):
            with self.subTest(str(caps)):
                self.assertEqual([would for _month, _paid, would in self.told(self.ask(**caps))], expected)

    def test_what_came_before_the_range_counts_towards_its_caps(self):
        self.two_months()
        self.assertEqual(self.told(self.ask(date_from="2026-04-01")), [("04", "50.00", "50.00")])

    def test_targets_are_moved_with_their_bands(self):
        bands = self.a_component(
            name="Kept", kind="bands", source="compliance", base="percent", rate=0,
            band_ids=[Command.create({"bound": 95, "rate": 10}), Command.create({"bound": 50, "rate": 25})])
        clause = self.a_clause([bands], name="Bands")
        contract = self.a_contract(title="Bands", clauses=clause, statement_start="2026-03-01")
        for day in range(9):  # 9 of 10 kept: 90 %
            self.met(f"2026-03-{10 + day:02} 08:00", f"2026-03-{10 + day:02} 08:30", f"2026-03-{10 + day:02} 09:00",
                     contract_id=contract.id)
        self.breach("2026-03-02 08:00", "2026-03-02 09:00", "2026-03-04 12:00", contract_id=contract.id)
        self.close("2026-04-04", contract)
        self.assess(self.closed(contract))
        about = {"contract_ids": [Command.set(contract.ids)]}
        for change, expected in ((0, "100.00"), (-5, "0.00"), (-4.99, "100.00"), (41, "250.00")):
            with self.subTest(change):
                self.assertEqual(self.told(self.ask(target_change=change, **about)), [("03", "100.00", expected)])

    # --- another clause ------------------------------------------------------------------------------------------

    def test_a_draft_is_tried(self):
        penalties = self.two_months()
        draft = self.a_clause([self.a_component(rate=80)], release=False, name="Next Year")
        what_if = self.ask(mode="clause", clause_id=draft.id)
        self.assertEqual(self.told(what_if), [("03", "100.00", "240.00"), ("04", "50.00", "160.00")])
        self.assertEqual(draft.state, "draft")
        self.assertEqual(penalties.mapped("clause_id"), self.clause)

    def test_a_clause_that_looks_at_other_facts_reads_them_from_the_statements(self):
        self.two_months()
        hours = self.a_component(name="Delay", kind="per_unit", rate=3, unit="hour", unit_rule="completed")
        draft = self.a_clause([hours], release=False)
        what_if = self.ask(mode="clause", clause_id=draft.id)
        self.assertEqual(self.told(what_if)[0], ("03", "100.00", "108.00"), "3 times 12 hours late, 3 each")

    def test_closed_statements_without_a_penalty_are_read_again(self):
        bare = self.a_contract(title="Bare", clauses=self.clause.browse(), statement_start="2026-03-01")
        self.breach("2026-03-09 08:00", "2026-03-09 09:00", "2026-03-11 12:00", contract_id=bare.id)
        self.close("2026-04-04", bare)
        what_if = self.ask(mode="clause", clause_id=self.clause.id, contract_ids=[Command.set(bare.ids)])
        self.assertEqual(self.told(what_if), [("03", "0.00", "50.00")])

    def test_it_is_compared_with_one_clause_or_with_all(self):
        second = self.a_clause([self.a_component(name="Response", metric="first_response", rate=7)], name="Second")
        contract = self.a_contract(title="Two", clauses=self.clause | second, statement_start="2026-03-01")
        self.breach("2026-03-09 08:00", "2026-03-10 12:00", "2026-03-11 12:00", contract_id=contract.id)
        self.close("2026-04-04", contract)
        self.assess(self.closed(contract))
        about = {"contract_ids": [Command.set(contract.ids)]}
        self.assertEqual(self.told(self.ask(rate_scale=200, **about)), [("03", "57.00", "114.00")])
        self.assertEqual(
            self.told(self.ask(rate_scale=200, assessed_id=second.id, **about)), [("03", "7.00", "14.00")])
        self.assertEqual(
            self.told(self.ask(mode="clause", clause_id=second.id, assessed_id=self.clause.id, **about)),
            [("03", "50.00", "7.00")])

    def test_waivers_reversals_and_late_facts_are_in_what_was_paid(self):
        march, april = self.two_months()
        march.with_user(self.anna).action_waive(30, "Goodwill")
        march.with_user(self.lena).action_approve_waiver()
        self.posted(april)
        april.with_user(self.felix).action_reverse("Wrong")
        self.assertEqual(self.told(self.ask()), [("03", "70.00", "100.00"), ("04", "0.00", "50.00")])

    def test_a_provider_is_tried_by_what_it_did(self):
        provider = self.a_provider_contract(statement_start="2026-03-01")
        request = self.breach("2026-03-02 08:00", "2026-03-02 09:00", "2026-03-04 12:00")
        request.executor_id = self.dealer
        made, problems = self.env["aftersales.penalty"]._assess_providers(provider, Date.to_date("2026-05-20"))
        self.assertFalse(problems)
        paid = f"{made.filtered('amount').amount:.2f}"
        about = {"contract_ids": [Command.set(provider.ids)], "date_from": "2026-03-01"}
        self.assertEqual(self.told(self.ask(rate_scale=300, period_cap="none", **about)),
                         [("03", paid, "150.00"), ("04", "0.00", "0.00")])
        draft = self.a_clause([self.a_component(kind="per_unit", rate=2, unit_rule="completed")], release=False)
        self.assertEqual(self.told(self.ask(mode="clause", clause_id=draft.id, **about))[0], ("03", paid, "24.00"))

    # --- a portfolio ---------------------------------------------------------------------------------------------

    def a_portfolio(self, count, clauses=None):
        """So many contracts with a closed and assessed March and one missed resolution each."""
        contracts = self.contract.browse()
        for number in range(count):
            contracts |= self.a_contract(title=f"Portfolio {number}", statement_start="2026-03-01", clauses=clauses)
        for contract in contracts:
            self.breach("2026-03-09 08:00", "2026-03-09 09:00", "2026-03-11 12:00", contract_id=contract.id)
        self.close("2026-04-04", contracts)
        self.assess(self.closed().filtered(lambda one: one.contract_id in contracts))
        return contracts

    def test_a_portfolio_by_type_partner_dealer_and_segment(self):
        contracts = self.a_portfolio(3)
        self.amend(contracts[0], dealer_id=self.dealer.id)
        other = self.env["aftersales.contract.type"].create({"name": "Premium", "kind": "customer"})
        self.amend(contracts[1], contract_type_id=other.id)
        self.customer.with_company(self.company).aftersales_segment = "high_value"
        none = {"contract_ids": [Command.clear()]}
        for choice, expected in (
            ({"dealer_id": self.dealer.id}, contracts[0]), ({"contract_type_id": other.id}, contracts[1]),
            ({"partner_id": self.contact.id}, contracts), ({"partner_id": self.stranger.id}, contracts.browse()),
            ({"segment": "high_value", "partner_id": self.customer.id}, contracts),
            ({"segment": "ordinary", "partner_id": self.customer.id}, contracts.browse()),
            ({"kind": "provider", "partner_id": self.customer.id}, contracts.browse()),
            ({"assessed_id": self.clause.id, "partner_id": self.customer.id}, contracts),
        ):
            with self.subTest(str(choice)):
                self.assertEqual(self.ask(**none, **choice).line_ids.contract_id & contracts, expected)

    def test_totals_and_bars(self):
        contracts = self.a_portfolio(2)
        self.amend(contracts, dealer_id=self.dealer.id)
        what_if = self.ask(contract_ids=[Command.set(contracts.ids)], rate_scale=150)
        Line, Bar = (self.env[name].with_user(self.anna) for name in (
            "aftersales.penalty.what.if.line", "aftersales.penalty.what.if.bar"))
        domain = [("what_if_id", "=", what_if.id)]
        self.assertEqual(
            Line._read_group(domain, ["dealer_id"], ["company_paid:sum", "company_would_be:sum", "__count"]),
            [(self.dealer, 100.0, 150.0, 2)])
        self.assertEqual(
            Bar._read_group(domain, ["period_start:month", "side"], ["amount:sum"]),
            [(Date.to_date("2026-03-01"), "1_paid", 100.0), (Date.to_date("2026-03-01"), "2_would_be", 150.0)])
        for action, model in ((what_if.action_lines(), Line), (what_if.action_chart(), Bar)):
            self.assertEqual((action["res_model"], action["domain"]), (model._name, domain))

    def test_other_currencies_are_converted_by_the_rate_of_the_period(self):
        yen = self.in_currency("JPY", 100.0)
        clause = self.a_clause([self.a_component(rate=5000)], currency_id=yen.id)
        contract = self.a_contract(title="Yen", clauses=clause, currency_id=yen.id, price=90000,
                                   statement_start="2026-03-01")
        self.breach("2026-03-09 08:00", "2026-03-09 09:00", "2026-03-11 12:00", contract_id=contract.id)
        self.close("2026-04-04", contract)
        self.assess(self.closed(contract))
        line = self.ask(contract_ids=[Command.set(contract.ids)], rate_scale=200).line_ids
        self.assertRecordValues(line, [{
            "paid": 5000, "would_be": 10000, "company_paid": 50, "company_would_be": 100, "currency_id": yen.id}])

    def test_queries_do_not_grow_with_the_portfolio(self):
        contracts = self.a_portfolio(22)
        draft = self.a_clause([self.a_component(rate=80, kind="per_unit")], release=False)
        Penalty, span = self.env["aftersales.penalty"], (Date.to_date("2026-01-01"), Date.to_date("2026-04-30"))
        for clause in (None, draft):
            counts = []
            for batch in (contracts[:2], contracts[:2], contracts[2:]):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                found, problems = Penalty._try_out(batch, *span, clause=clause)
                counts.append(self.env.cr.sql_log_count - before)
                self.assertEqual((len(found), problems), (len(batch), {}))
            self.assertEqual(counts[1], counts[2], f"{clause and clause.name}: {counts}")

    # --- what it does not do -------------------------------------------------------------------------------------

    def rows(self):
        """{table: (rows, last change)} of every business table of the addon and of accounting."""
        self.env.flush_all()
        tables = [row[0] for row in self.env.execute_query(SQL(
            """SELECT table_name FROM information_schema.tables
                WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
                  AND (table_name LIKE 'aftersales%%' OR table_name LIKE 'account%%' OR table_name LIKE 'mail%%'
                       OR table_name LIKE 'ir_attachment%%' OR table_name LIKE 'ir_sequence%%')
                  AND table_name NOT LIKE 'aftersales_penalty_what_if%%'"""))]
        self.assertGreater(len(tables), 100)
        return {table: self.env.execute_query(SQL(
            "SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM %s t", SQL.identifier(table)))
            for table in tables}

    def test_it_writes_no_business_record(self):
        self.two_months()
        provider = self.a_provider_contract(statement_start="2026-03-01")
        draft = self.a_clause([self.a_component(rate=80)], release=False)
        about = {"contract_ids": [Command.set((self.contract | provider).ids)]}
        before = self.rows()
        first = self.ask(**about, rate_scale=300, period_cap="none")
        self.ask(mode="clause", clause_id=draft.id, **about)
        first.action_reckon()
        first.action_lines()
        first.action_chart()
        after = self.rows()
        self.assertEqual({table for table in before if before[table] != after[table]}, set())
        periods = {(line.contract_id, line.period_start) for line in first.line_ids}
        self.assertEqual(len(first.line_ids), len(periods), "asked again, the answer takes the place of the first")

    # --- who, and what is refused --------------------------------------------------------------------------------

    def test_who_asks(self):
        self.two_months()
        for user in (self.anna, self.felix, self.lena, self.boss):
            self.assertEqual(len(self.ask(user).line_ids), 2)
        for user in (self.agent, self.clerk, self.carla, self.diego):
            with self.assertRaises(AccessError):
                self.ask(user)

    def test_answers_are_for_who_asked(self):
        self.two_months()
        what_if = self.ask(self.anna)
        bars = self.env["aftersales.penalty.what.if.bar"]
        for record in (what_if, what_if.line_ids, bars.search([("what_if_id", "=", what_if.id)])):
            record.with_user(self.anna).read(["id"])
            with self.assertRaises(AccessError):
                record.with_user(self.felix).read(["id"])
        with self.assertRaises(AccessError):
            what_if.with_user(self.felix).action_reckon()

    def test_contracts_of_other_companies_are_not_tried(self):
        self.two_months()
        with self.assertRaises(AccessError):
            self.ask(self.other_manager)
        what_if = self.ask(self.other_manager, contract_ids=[Command.clear()])
        self.assertFalse(what_if.line_ids)
        self.assertIn("No period could be reckoned", what_if.summary)
        with self.assertRaises(AccessError):
            self.ask(self.other_manager, contract_ids=[Command.clear()], mode="clause", clause_id=self.clause.id)

    def test_a_contract_that_cannot_be_reckoned_is_named(self):
        self.two_months()
        yen = self.in_currency("JPY", 100.0)
        foreign = self.a_clause([self.a_component()], currency_id=yen.id, release=False)
        silent = self.a_contract(title="Silent", statement_start="2026-03-01")
        what_if = self.ask(contract_ids=[Command.set((self.contract | silent).ids)])
        self.assertEqual(what_if.line_ids.contract_id, self.contract)
        self.assertIn(f"{silent.display_name}: no closed period", what_if.note)
        refused = self.ask(mode="clause", clause_id=foreign.id)
        self.assertFalse(refused.line_ids)
        self.assertIn(f"{self.contract.display_name}: the clause is in JPY", refused.note)
        broken = self.a_clause([self.a_component(kind="by_count", rate=0)], release=False)
        self.assertIn(self.contract.display_name, self.ask(mode="clause", clause_id=broken.id).note)

    def test_bad_questions(self):
        for values, sentence in (
            ({"date_from": "2026-05-01"}, "ends before it begins"), ({"mode": "clause"}, "choose the clause"),
            ({"rate_scale": -1}, "below 0"),
            ({"yearly_cap": "other", "yearly_cap_value": -1}, "Cap of a Year cannot be negative"),
        ):
            with self.subTest(sentence), self.assertRaisesRegex(UserError, sentence):
                self.ask(**values)

    def test_opened_from_a_clause_or_contracts_it_begins_with_them(self):
        What = self.env["aftersales.penalty.what.if"].with_user(self.anna)
        fields_list = list(What._fields)
        draft = self.clause.browse(self.clause.with_user(self.anna).action_new_version()["res_id"])

        def begun(record):
            values = What.with_context(active_model=record._name, active_ids=record.ids).default_get(fields_list)
            return {name: values.get(name) for name in ("mode", "assessed_id", "clause_id", "contract_ids")}

        self.assertEqual(begun(self.clause), {
            "mode": "change", "assessed_id": self.clause.id, "clause_id": None, "contract_ids": None})
        self.assertEqual(begun(draft), {
            "mode": "clause", "assessed_id": self.clause.id, "clause_id": draft.id, "contract_ids": None})
        self.assertEqual(begun(self.contract)["contract_ids"], [Command.set(self.contract.ids)])
