"""Scorecards: what each figure counts, what does not count and is said, closing, and what payouts go by."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .performance_case import PerformanceCase


class TestFigures(PerformanceCase):
    def figures(self, contract=None, first="2026-03-01", last="2026-03-31"):
        contract = contract or self.provider
        unit = contract._judged_unit(date.fromisoformat(first), date.fromisoformat(last))
        return self.env["aftersales.scorecard.facts"]._figures([unit])[0]

    def figure(self, metric, **values):
        found = self.figures(**values)[metric]
        return found.value, found.sample

    def test_times_are_averages_of_working_hours(self):
        self.executed("2026-03-03 08:00", "2026-03-03 09:00", "2026-03-03 10:00")
        self.executed("2026-03-06 16:00", "2026-03-09 08:30", "2026-03-09 10:00")
        self.assertEqual(self.figure("first_response"), (Fraction(5, 4), 2))
        self.assertEqual(self.figure("resolution"), (Fraction(5, 2), 2))

    def test_nothing_measured_is_no_figure(self):
        """Neither 0 nor 100."""
        for metric in ("first_response", "resolution", "on_site_time", "first_time_fix", "csat", "nps", "complaints",
                       "sla_compliance", "cost"):
            with self.subTest(metric):
                self.assertEqual(self.figure(metric), (None, 0))

    def test_row62_on_site_time_and_first_time_fix_are_two_figures(self):
        """The text describes first-time fix as the time to reach the site; ours are two metrics with two figures."""
        self.policy.target_ids = [Command.create({"metric": "on_site", "duration_minutes": 480})]
        for visits in (1, 1, 2):
            self.executed(solved="2026-03-03 11:00", visits=visits)
        self.assertEqual(self.figure("first_time_fix"), (Fraction(200, 3), 3))
        self.assertEqual(self.figure("on_site_time"), (Fraction(70, 60), 3))

    def test_jobs_without_a_visit_are_no_fixes_on_site(self):
        self.executed()
        self.executed(visits=1)
        self.assertEqual(self.figure("first_time_fix"), (100, 1))

    def test_a_reopened_job_was_not_fixed_the_first_time(self):
        request = self.executed(visits=1)
        self.assertEqual(self.figure("first_time_fix"), (100, 1))
        self.event(request, "in_progress", "2026-03-10 08:00:00")
        self.assertEqual(self.figure("first_time_fix"), (None, 0), "not finished in the period")
        self.event(request, "resolved", "2026-03-11 08:00:00")
        self.assertEqual(self.figure("first_time_fix"), (0, 1))

    def test_what_is_reopened_later_was_finished_at_the_end_of_the_period(self):
        request = self.executed(visits=1)
        self.event(request, "in_progress", "2026-04-10 08:00:00")
        self.assertEqual(self.figure("first_time_fix"), (100, 1))
        self.event(request, "resolved", "2026-04-11 08:00:00")
        self.assertEqual(self.figure("first_time_fix", first="2026-04-01", last="2026-04-30"), (0, 1))

    def test_voided_events_and_notes_do_not_count(self):
        request = self.executed(visits=1)
        self.event(request, "updated", "2026-03-03 09:20:00")
        wrong = self.env["aftersales.request.event"].browse(self.event(request, "on_site", "2026-03-03 09:40:00"))
        self.assertEqual(self.figure("first_time_fix"), (0, 1))
        wrong.action_void()
        self.assertEqual(self.figure("first_time_fix"), (100, 1))

    def test_only_what_they_executed_counts(self):
        self.met()
        self.executed(by=self.stranger)
        self.assertEqual(self.figure("resolution"), (None, 0))
        self.executed(by=self.dealer_contact)
        self.assertEqual(self.figure("resolution"), (2, 1))

    def test_who_stands_behind_contracts_is_judged_by_those(self):
        other = self.a_contract(partner_id=self.stranger.id)
        self.executed()
        self.executed(solved="2026-03-03 12:00", partner_id=self.stranger.id)
        self.assertEqual(self.figure("resolution")[1], 2)
        other._write_unlocked({"backing_ids": [Command.set(self.provider.ids)]})
        self.assertEqual(self.figure("resolution"), (4, 1))

    def test_sla_compliance_goes_by_the_providers_own_target(self):
        """12 working hours of the customer's 8 and of the provider's 16; excused ones leave the rate."""
        late, worse = self.breach(), self.breach(solved="2026-03-06 12:00")
        for request in (late, worse):
            request.executor_id = self.dealer
        self.assertEqual(self.figure("sla_compliance"), (50, 4))
        policy = self.env["aftersales.sla.policy"].create({
            "name": "Provider", "calendar_id": self.office.id,
            "target_ids": [Command.create({"metric": "resolution", "duration_minutes": 16 * 60})]})
        self.provider._write_unlocked({"policy_id": policy.id})
        self.assertEqual(self.figure("sla_compliance"), (75, 4))
        self.excuse(worse).with_user(self.felix).action_approve()
        self.assertEqual(self.figure("sla_compliance"), (100, 3))

    def test_the_last_word_of_a_request_counts(self):
        request, other = self.executed(), self.executed()
        self.said(request, given="2026-03-04 08:00:00", csat="1", nps="0", complaint=True)
        self.said(request, given="2026-03-05 08:00:00", csat="4")
        self.said(other, csat="3", nps="10")
        self.said(other, given="2026-04-01 00:00:00", csat="5")
        self.assertEqual(self.figure("csat"), (50, 2))
        self.assertEqual(self.figure("nps"), (0, 2))
        self.assertEqual(self.figure("complaints"), (50, 2))
        self.assertEqual(self.figure("csat", first="2026-04-01", last="2026-04-30"), (100, 1))

    def test_row53_nps_is_promoters_less_detractors_and_may_be_negative(self):
        for nps in ("0", "6", "7", "8", "10"):
            self.said(self.executed(), nps=nps)
        self.assertEqual(self.figure("nps"), (-20, 5))

    def test_feedback_entered_by_the_office_may_be_left_out(self):
        self.said(self.executed(), csat="5", channel="office")
        self.assertEqual(self.figure("csat"), (100, 1))
        other = self.a_provider(scorecard_template_id=self.a_template(portal_only=True).id)
        self.assertEqual(self.figure("csat", contract=other), (None, 0))

    def test_the_period_is_that_of_the_contracts_zone(self):
        self.provider._write_unlocked({"calendar_id": self.an_office(tz="Asia/Taipei").id})
        self.said(self.executed(), given="2026-03-31 16:30:00", csat="5")  # 1 April in Taipei
        self.assertEqual(self.figure("csat"), (None, 0))
        self.assertEqual(self.figure("csat", first="2026-04-01", last="2026-04-30"), (100, 1))

    def test_cost_is_what_they_billed_for_this_contract_a_job(self):
        if not self.company.chart_template:
            self.skipTest("no chart of accounts")
        self.executed()
        self.executed()
        for kind, price, contract, post in (
            ("in_invoice", 500, self.provider, True), ("in_refund", 100, self.provider, True),
            ("in_invoice", 900, self.provider, False), ("in_invoice", 800, self.contract, True),
        ):
            bill = self.env["account.move"].create({
                "move_type": kind, "partner_id": self.dealer.id, "invoice_date": "2026-03-20",
                "invoice_line_ids": [Command.create({
                    "name": "Field service", "price_unit": price, "aftersales_contract_id": contract.id})]})
            if post:
                bill.action_post()
        self.assertEqual(self.figure("cost"), (200, 2))

    def test_measured_figures_of_the_period_or_of_all_its_parts(self):
        measure = self.env["aftersales.measure"].create({"name": "Certified", "unit": "%"})
        provider = self.a_provider(scorecard_template_id=self.a_template([self.a_criterion(
            name="Certified", metric="figure", measure_id=measure.id, minimum_sample=10)]).id)
        enter = lambda first, last, **values: self.env["aftersales.measured.figure"].create({  # noqa: E731
            "contract_id": provider.id, "measure_id": measure.id, "period_start": first, "period_end": last, **values})
        enter("2026-03-01", "2026-03-15", good=3, total=4)
        self.assertEqual(self.figures(provider)["figure", measure.id].value, None)
        enter("2026-03-16", "2026-03-31", good=5, total=6)
        found = self.figures(provider)["figure", measure.id]
        self.assertEqual((found.value, found.sample), (80, 10))
        enter("2026-03-01", "2026-03-31", value=91.5)
        found = self.figures(provider)["figure", measure.id]
        self.assertEqual((found.value, found.sample), (Decimal("91.5"), None))
        [march, *_rest] = self.judge(contracts=provider)
        self.assertEqual((march.total, self.line(march, "certified").verdict), (91.5, "counted"))


class TestScorecard(PerformanceCase):
    def test_it_is_scored_graded_and_explained(self):
        """Resolution 2 h of 8: 100; one of two customers happy: 50. Together 75, a B."""
        first, second = self.executed(), self.executed()
        self.said(first, csat="5")
        self.said(second, csat="3")
        march = self.judge()[0]
        self.assertRecordValues(march, [{
            "state": "closed", "jobs": 2, "measured": True, "total": 75.0, "grade": "b", "efficiency": 100.0,
            "experience": 50.0, "quadrant": "cold", "efficiency_band": "4", "experience_band": "2", "trend": "first",
            "weight_sum": 1.0, "kind": "provider", "partner_id": self.dealer.id}])
        self.assertEqual(self.line(march, "happy").points, 25.0)
        self.assertEqual(march.steps_told[-1], ["Score", "sum of the points", "75.00"])
        self.assertEqual(march.steps_told[1], [
            "Happy", "50.00 % (cases: 2) scores 50.00; weight 0.5 of 1", "25.00"])

    def test_points_sum_to_the_score_exactly(self):
        """Thirds: 33.33 and 33.33 and 33.34, never 99.99."""
        template = self.a_template([self.a_criterion(name=name, weight=0.3) for name in "abc"])
        provider = self.a_provider(scorecard_template_id=template.id)
        self.said(self.executed(), csat="5")
        march = self.judge(contracts=provider)[0]
        self.assertEqual(sorted(march.line_ids.mapped("points")), [33.33, 33.33, 33.34])
        self.assertEqual(march.total, 100.0)

    def test_row52_too_few_cases_do_not_count_and_it_says_so(self):
        """Below the minimum: "not enough", never 0 or 100; the other weights count for the whole."""
        few = self.a_template([
            self.a_criterion(weight=0.5, minimum_sample=3),
            self.a_criterion(name="Resolution", metric="resolution", direction="lower", scale="benchmark", benchmark=1,
                             dimension="time", weight=0.5)])
        provider = self.a_provider(scorecard_template_id=few.id)
        self.said(self.executed(), csat="1")
        march = self.judge(contracts=provider)[0]
        self.assertEqual((march.total, march.weight_sum), (50.0, 0.5))
        self.assertEqual(self.line(march, "happy").verdict, "few")
        self.assertEqual(self.stored(self.line(march, "happy"), "score", "points"), (None, None))
        self.assertIn("Happy: 0.00 % (cases: 1, needed: 3), so it does not count", march.warning_text)

    def test_a_month_in_which_nothing_was_measured_has_no_score(self):
        march = self.judge()[0]
        self.assertEqual(self.stored(march, "total", "grade", "efficiency", "experience", "quadrant", "change"),
                         (None,) * 6)
        self.assertEqual((march.measured, march.total_text), (False, "Not measured"))
        self.said(self.executed("2026-04-02 08:00", "2026-04-02 09:00", "2026-04-02 10:00"), "2026-04-04 08:00:00",
                  csat="5")
        average = self.env["aftersales.scorecard"]._read_group(
            [("contract_id", "=", self.provider.id)], [], ["total:avg"])
        self.assertFalse(average[0][0])

    def test_row21_a_total_is_divided_by_the_sum_of_the_weights(self):
        template = self.a_template([
            self.a_criterion(name="a", weight=0.6), self.a_criterion(name="b", weight=0.3)])
        provider = self.a_provider(scorecard_template_id=template.id)
        self.said(self.executed(), csat="5")
        march = self.judge(contracts=provider)[0]
        self.assertEqual(march.total, 100.0)
        self.assertIn("sum to 0.9", march.warning_text)

    def test_a_period_is_closed_once_the_days_are_over_and_then_stays(self):
        self.company.statement_close_days = 3
        self.said(self.executed(), csat="5")
        self.assertEqual(self.judge("2026-04-03").mapped("state"), ["open", "open"])
        march, april = self.judge("2026-04-05")
        self.assertEqual((march.state, april.state), ("closed", "open"))
        before = self.stored(march, "total", "inputs_hash", "inputs", "closed_at")
        self.said(self.executed(), csat="1")
        self.assertEqual(self.judge("2026-04-10")[0], march)
        self.assertEqual(self.stored(march, "total", "inputs_hash", "inputs", "closed_at"), before)
        for record in (march, march.line_ids[0]):
            with self.subTest(record._name), self.assertRaisesRegex(UserError, "closed and does not change"):
                record.sudo().write({"sequence" if record != march else "total": 1})
            with self.subTest(record._name), self.assertRaisesRegex(UserError, "closed and does not change"):
                record.sudo().unlink()

    def test_a_closed_scorecard_can_be_reckoned_again_from_what_it_keeps(self):
        self.said(self.executed(), csat="3", nps="2")
        self.executed(solved="2026-03-04 12:00")
        march = self.judge()[0]
        self.assertEqual(f"{march._reckoned_again().total:.2f}", f"{march.total:.2f}")

    def test_the_open_period_follows_the_facts_and_nothing_else_is_written(self):
        self.executed("2026-05-04 08:00", "2026-05-04 09:00", "2026-05-04 10:00")
        may = self.judge()[-1]
        self.assertEqual((may.state, may.total), ("open", 100.0))
        _closed, changed = self.env["aftersales.scorecard"]._bring_up_to_date(self.provider, date(2026, 5, 20))
        self.assertFalse(changed, "what did not change is not written")
        self.executed("2026-05-05 08:00", "2026-05-05 09:00", "2026-05-11 10:00")
        _closed, changed = self.env["aftersales.scorecard"]._bring_up_to_date(self.provider, date(2026, 5, 20))
        self.assertEqual(changed, may)
        self.assertLess(may.total, 100)

    def test_trend_against_the_period_before(self):
        for day, csat in (("2026-03-03", "5"), ("2026-04-02", "1")):
            self.said(self.executed(f"{day} 08:00", f"{day} 09:00", f"{day} 10:00"), f"{day} 12:00:00", csat=csat)
        march, april, may = self.judge()
        self.assertEqual((march.trend, april.trend, april.change), ("first", "down", -50.0))
        self.assertEqual(may.trend, "first", "nothing was measured in May so far")

    def test_the_trend_is_the_same_when_the_months_are_closed_one_by_one(self):
        for day, csat in (("2026-03-03", "5"), ("2026-04-02", "1")):
            self.said(self.executed(f"{day} 08:00", f"{day} 09:00", f"{day} 10:00"), f"{day} 12:00:00", csat=csat)
        self.judge("2026-04-10")
        march, april, _may = self.judge("2026-05-10")
        self.assertEqual((march.trend, april.trend, april.change), ("first", "down", -50.0))

    def test_missed_nights_are_caught_up_with_and_an_ended_contract_ends(self):
        self.provider._write_unlocked({"date_end": "2026-04-15"})
        self.provider._transition("expire")
        self.assertEqual([str(card.period_start) for card in self.judge()], ["2026-03-01", "2026-04-01"])

    def test_two_workers_at_once_judge_once(self):
        self.judge()
        count = len(self.cards())
        self.judge()
        self.assertEqual(len(self.cards()), count)

    def test_quarterly_contracts_have_quarterly_scorecards(self):
        provider = self.a_provider(statement_period="quarter")
        self.said(self.executed(), csat="5")
        first = self.judge(contracts=provider)[0]
        self.assertEqual((str(first.period_start), str(first.period_end)), ("2026-01-01", "2026-03-31"))

    def test_twenty_providers_cost_as_many_queries_as_two(self):
        contracts = self.env["aftersales.contract"]
        for number in range(22):
            partner = self.env["res.partner"].create({"name": f"Partner {number}", "is_company": True})
            contracts |= self.a_provider(partner_id=partner.id)
            self.said(self.executed(by=partner), csat="4")
        self.judge(contracts=contracts)  # closes the past
        counts = []
        for part in (contracts[:2], contracts[2:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["aftersales.scorecard"]._bring_up_to_date(part, date(2026, 6, 20))
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0], counts)

    def test_managers_refresh_and_others_do_not(self):
        self.executed("2026-05-04 08:00", "2026-05-04 09:00", "2026-05-04 10:00")
        for user in (self.agent, self.felix, self.lena, self.clerk, self.diego):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.provider.with_user(user).action_refresh_scorecards()
        self.provider.with_user(self.anna).action_refresh_scorecards()
        self.assertEqual(self.cards()[-1].total, 100.0)
        with self.assertRaisesRegex(UserError, "not that of a provider"):
            self.contract.with_user(self.anna).action_refresh_scorecards()

    def test_a_dealer_does_not_see_its_scorecards_by_remote_call(self):
        """What we think of a dealer is told by people; exports and groups answer nothing either."""
        march = self.judge()[0]
        for model in ("aftersales.scorecard", "aftersales.scorecard.line", "aftersales.feedback",
                      "aftersales.improvement.plan", "aftersales.scorecard.template"):
            Model = self.env[model].with_user(self.diego)
            for call in (lambda M=Model: M.search([]), lambda M=Model: M._read_group([], [], ["__count"]),
                         lambda M=Model: M.search([]).export_data(["id"])):
                with self.subTest(model), self.assertRaises(AccessError):
                    call()
        with self.assertRaises(AccessError):
            march.with_user(self.diego).read(["total"])
        with self.assertRaises(AccessError):
            self.provider.with_user(self.diego).read(["scorecard_ids"])

    def test_the_night_closes_and_proposes(self):
        self.said(self.executed(solved="2026-03-10 10:00"), csat="1")
        told = self.provider._nightly_scorecards(date(2026, 4, 10))
        self.assertEqual(len(told), 2)
        self.assertIn("D", told[0][1])
        self.assertIn("proposed", told[1][1])
        self.assertIn(self.provider, self.env["aftersales.contract"].search(
            self.env["aftersales.contract"]._scorecard_domain(date(2026, 4, 10))))
        self.assertNotIn(self.contract, self.env["aftersales.contract"].search(
            self.env["aftersales.contract"]._scorecard_domain(date(2026, 4, 10))))


class TestShareFigures(PerformanceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.a_provider("dealer", title="Dealer Agreement")

    def shares(self, start="2026-03-01", end="2026-04-01"):
        found = self.agreement._share_figures(date.fromisoformat(start), date.fromisoformat(end))
        return {key: (value.value, value.sample) for key, value in found.items()}

    def test_the_scorecard_and_the_customers_decide_about_payouts(self):
        self.said(self.executed(), csat="5", nps="9")
        self.said(self.executed(), csat="3")
        found = self.shares()
        self.assertEqual(found["scorecard"], (Decimal("75.00"), 2))
        self.assertEqual((found["csat"], found["nps"]), ((50, 2), (100, 1)))
        self.assertIn("compliance", found)

    def test_a_closed_scorecard_stands_whatever_comes_to_light_later(self):
        self.said(self.executed(), csat="5")
        self.judge(contracts=self.agreement)
        self.said(self.executed(), csat="1")
        self.assertEqual(self.shares()["scorecard"], (Decimal("100.00"), 1))

    def test_other_periods_are_reckoned_from_facts(self):
        for day, csat in (("2026-03-03", "5"), ("2026-04-02", "1")):
            self.said(self.executed(f"{day} 08:00", f"{day} 09:00", f"{day} 10:00"), f"{day} 12:00:00", csat=csat)
        self.judge(contracts=self.agreement)
        self.assertEqual(self.shares("2026-01-01", "2026-07-01")["scorecard"], (Decimal("75.00"), 2))

    def test_nothing_measured_is_no_score_to_pay_by(self):
        self.assertEqual(self.shares()["scorecard"], (None, 0))

    def test_only_an_agreed_template_decides_about_money(self):
        self.agreement._write_unlocked({"scorecard_template_id": False})
        self.said(self.executed(), csat="5")
        found = self.shares()
        self.assertNotIn("scorecard", found)
        self.assertEqual(found["csat"], (100, 1))
