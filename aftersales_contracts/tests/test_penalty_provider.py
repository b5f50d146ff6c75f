"""Penalties of providers and dealers: our customers' cases by the provider's own promise, period by period."""

from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time

from .common import ADDON
from .penalty_case import PenaltyCase


class TestProviderPenalties(PenaltyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.a_provider()
        cls.contract._write_unlocked({"backing_ids": [Command.set(cls.provider.ids)]})

    @classmethod
    def a_provider(cls, hours=12, clauses=None, **values):
        """The dealer's contract: resolution within so many working hours, 30 for each that is late."""
        policy = cls.env["aftersales.sla.policy"].create({
            "name": "Provider", "calendar_id": cls.office.id,
            "target_ids": [Command.create({"metric": "resolution", "duration_minutes": hours * 60})]})
        with freeze_time("2026-01-05 08:00:00"):
            contract = cls.a_contract(
                activate=False, clauses=clauses or cls.a_clause([cls.a_component(rate=30)]), price=400,
                partner_id=cls.dealer.id, policy_id=policy.id, statement_start="2026-03-01",
                contract_type_id=cls.env.ref(f"{ADDON}.contract_type_provider").id, **values)
            contract._adopt("Test")
        return contract

    def executed(self, request, by=None):
        request.executor_id = by or self.dealer
        return request

    def of_provider(self, today="2026-05-20"):
        """Run the night; the penalties of the provider's contract, oldest first."""
        self.night(today)
        self.assertFalse(self.problems(), self.problems().mapped("message"))
        return self.provider.penalty_ids.sorted("period_start")

    def test_the_providers_own_promise_decides(self):
        """13 working hours of the provider's 12 and 12 of them; the customer's promise is 8."""
        late = self.executed(self.breach(solved="2026-03-03 14:00"))
        self.executed(self.breach(solved="2026-03-03 12:00"))
        march, april = self.of_provider()
        self.assertRecordValues(march, [{
            "assessed": 30.0, "kind": "provider", "partner_id": self.dealer.id, "fee": 400.0, "statement_id": False,
            "period_start": date(2026, 3, 1), "period_end": date(2026, 3, 31)}])
        self.assertRecordValues(march.event_ids, [{"request_id": late.id, "late": 3600}])
        self.assertFalse(april.measured)

    def test_only_what_the_provider_executed_under_contracts_behind_which_it_stands(self):
        self.breach(solved="2026-03-05 14:00")  # our own team
        self.executed(self.breach(solved="2026-03-05 14:00"), self.stranger)
        other = self.a_contract(partner_id=self.stranger.id)
        mine = self.executed(self.breach(solved="2026-03-05 14:00", partner_id=self.stranger.id))
        self.assertEqual(mine.contract_id, other)
        contact = self.executed(self.breach(solved="2026-03-05 14:00"), self.dealer_contact)
        self.assertEqual(self.of_provider()[0].event_ids.request_id, contact)

    def test_it_counts_in_the_period_in_which_it_was_finished(self):
        self.executed(self.breach("2026-03-30 08:00", "2026-03-30 09:00", "2026-04-02 12:00"))
        march, april = self.of_provider()
        self.assertEqual((self.amount(march), self.amount(april)), ("0.00", "30.00"))

    def test_what_is_excused_towards_the_customer_is_excused_for_the_provider(self):
        late = self.executed(self.breach(solved="2026-03-05 14:00"))
        self.excuse(late).with_user(self.felix).action_approve()
        march = self.of_provider()[0]
        self.assertEqual(self.amount(march), "0.00")
        self.assertEqual(march.event_ids.excused, "Customer Cause")

    def test_an_excuse_that_comes_later_gives_back_in_the_next_period(self):
        late = self.executed(self.breach(solved="2026-03-05 14:00"))
        march = self.of_provider("2026-04-10")
        self.assertEqual(self.amount(march), "30.00")
        self.excuse(late).with_user(self.felix).action_approve()
        made = self.of_provider("2026-05-20") - march
        self.assertRecordValues(made.filtered("origin_id"), [{"assessed": -30.0, "origin_id": march.id}])
        self.assertEqual(len(made), 2)
        self.assertEqual(self.of_provider("2026-06-20").filtered("origin_id"), made.filtered("origin_id"))

    def test_the_closest_target_of_the_provider_counts(self):
        self.provider.policy_id.target_ids = [Command.create(
            {"metric": "resolution", "impact": "high", "duration_minutes": 60})]
        self.executed(self.breach(solved="2026-03-03 09:00", impact="high"))
        self.executed(self.breach(solved="2026-03-03 09:00", impact="low"))
        self.assertEqual(self.amount(self.of_provider()[0]), "30.00")

    def test_their_breaches_count_and_ours_do_not(self):
        clause = self.a_clause([
            {"name": "Duties", "kind": "per_breach", "source": "breach", "base": "amount", "rate": 70}])
        self.provider = self.a_provider(clauses=clause)
        for party in ("theirs", "ours"):
            breach = self.env["aftersales.breach"].create({
                "title": party, "contract_id": self.provider.id, "party": party, "event": "No report.",
                "noticed_on": "2026-03-05", "notified_on": "2026-03-06", "cure_length": 3,
                "evidence_ids": [Command.create({"file": "cHJvb2Y=", "file_name": "p.pdf"})]})
            breach.action_notify()
            breach._nightly_cure()
        march = self.of_provider()[0]
        self.assertEqual((self.amount(march), march.event_ids.breach_id.title), ("70.00", "theirs"))

    def test_a_period_is_assessed_once_the_days_of_closing_are_over(self):
        self.company.statement_close_days = 3
        self.assertFalse(self.of_provider("2026-04-03"))
        self.assertFalse(self.of_provider("2026-04-04") - self.of_provider("2026-04-04"))
        self.assertEqual(len(self.of_provider("2026-04-05")), 1)
        self.assertEqual(str(self.provider.penalties_until), "2026-03-31")
        self.assertEqual(len(self.of_provider("2026-04-20")), 1)

    def test_missed_periods_are_caught_up_with_in_order_and_end_with_the_contract(self):
        self.provider._write_unlocked({"date_end": "2026-05-15"})
        self.provider._transition("expire")
        found = self.of_provider("2026-09-20")
        self.assertEqual([str(one.period_start) for one in found], ["2026-03-01", "2026-04-01", "2026-05-01"])
        self.assertEqual(self.amount(found[-1], "fee"), "193.55")  # 15 of 31 days of 400

    def test_twenty_providers_cost_as_many_queries_as_two(self):
        contracts = self.env["aftersales.contract"]
        clause = self.a_clause([self.a_component(rate=30)])
        for _number in range(22):
            contracts |= self.a_provider(clauses=clause)
        Penalty, counts = self.env["aftersales.penalty"], []
        Penalty._assess_providers(self.provider, date(2026, 4, 20))
        for part in (contracts[:2], contracts[2:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            made, problems = Penalty._assess_providers(part, date(2026, 4, 20))
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual((len(made), problems), (len(part), {}))
        self.assertEqual(*counts)
