"""Back to back: the customer's credit, the provider's penalty, the supplier's recovery of one failure, and the gap."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form
from odoo.tools import SQL

from .posting_case import PostingCase


class FailureCase(PostingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.a_provider_contract(title="Repairs")
        cls.repairs = cls.a_clause("Repairs")  # free of tax, as ours to the provider
        cls.request = cls.a_request()

    def an_event(self, penalty, request=None, component="a", **values):
        """An event of ``penalty`` as the assessment stores it."""
        row = {"penalty_id": penalty.id, "company_id": penalty.company_id.id, "component_key": component,
               "request_id": (request or self.env["aftersales.request"]).id or None, **values}
        self.env.cr.execute(SQL(
            "INSERT INTO aftersales_penalty_event (%s) VALUES %s",
            SQL(", ").join(SQL.identifier(name) for name in row), tuple(row.values())))
        self.env.invalidate_all()

    def a_line(self, penalty, component, amount):
        self.env["aftersales.penalty.line"].create({
            "penalty_id": penalty.id, "component_key": component, "name": component, "kind": "penalty",
            "amount": amount})

    def a_failed(self, amount=100, contract=None, requests=None, **values):
        """An approved penalty with one event for each of ``requests``."""
        penalty = self.a_penalty(amount, contract, state="reviewed", **values)
        for request in requests or self.request:
            self.an_event(penalty, request)
        penalty._write_guarded({"state": "approved"})
        return penalty

    def failure(self, request=None, breach=None):
        self.env.invalidate_all()  # rows of a view do not know what changed
        return self.env["aftersales.failure"].search(
            [("breach_id", "=", breach.id)] if breach else [("request_id", "=", (request or self.request).id)])

    def a_recovery(self, amount=100, by=None, **values):
        return self.env["aftersales.recovery"].with_user(by or self.anna).create({
            "partner_id": self.stranger.id, "request_id": self.request.id, "amount": amount,
            "claimed_on": "2026-04-02", **values})


class TestFailure(FailureCase):
    def test_credit_1000_provider_600_gap_400(self):
        """One failure from both sides: what we credit, what the provider pays, what is left with us."""
        credit = self.a_failed(1000)
        claim = self.a_failed(600, self.provider, clause=self.repairs)
        failure = self.failure()
        self.assertRecordValues(failure, [{
            "credited": 0, "claimed": 0, "gap": 0, "pending_credit": 1000, "pending_claim": 600, "expected_gap": 400}])
        self.post(credit)
        self.assertRecordValues(self.failure(), [{
            "credited": 1000, "claimed": 0, "gap": 1000, "pending_credit": 0, "expected_gap": 400}])
        self.post(claim)
        self.assertRecordValues(self.failure(), [{
            "request_id": self.request.id, "partner_id": self.customer.id, "contract_id": self.contract.id,
            "credited": 1000, "claimed": 600, "recovered": 0, "gap": 400, "expected_gap": 400,
            "claimed_from": self.dealer.name, "currency_id": self.company.currency_id.id}])
        self.assertEqual(self.request.failure_gap, 400)

    def test_a_supplier_closes_the_gap(self):
        self.post(self.a_failed(1000))
        recovery = self.a_recovery(700)
        self.assertRecordValues(self.failure(), [{"recovered": 0, "gap": 1000, "pending_claim": 700,
                                                  "expected_gap": 300}])
        recovery.reference = "CN-77"
        recovery.with_user(self.felix).action_recover(650, "2026-04-09")
        self.assertRecordValues(self.failure(), [{"recovered": 650, "gap": 350, "pending_claim": 0,
                                                  "expected_gap": 350, "claimed_from": self.stranger.name}])
        recovery.with_user(self.felix).action_refuse("Had to be returned")
        self.assertRecordValues(self.failure(), [{"recovered": 0, "gap": 1000}])

    def test_what_is_reversed_or_waived_does_not_count(self):
        credit = self.a_failed(1000)
        self.post(credit)
        credit.with_user(self.felix).action_reverse("Wrong")
        self.assertFalse(self.failure())
        waived = self.a_failed(100, period=("2026-02-01", "2026-02-28"))
        waived._write_guarded({"waived_amount": 40.0})
        self.assertEqual(self.failure().pending_credit, 60)

    def test_a_penalty_of_several_failures_is_shared_out_to_the_cent(self):
        requests = self.env["aftersales.request"].union(*(self.a_request() for _number in range(3)))
        credit = self.a_failed(100, requests=requests)
        self.assertEqual(credit.event_ids.sorted("id").mapped("share"), [33.34, 33.33, 33.33])
        self.post(credit)
        self.assertEqual([self.failure(request).credited for request in requests], [33.34, 33.33, 33.33])
        self.assertEqual(credit.failure_count, 3)

    def test_components_keep_their_own_events(self):
        first, second, third = (self.a_request() for _number in range(3))
        credit = self.a_penalty(90, state="reviewed")
        self.a_line(credit, "a", 60)
        self.a_line(credit, "b", 30)
        self.an_event(credit, first, "a")
        self.an_event(credit, second, "b")
        self.an_event(credit, third, "b")
        self.an_event(credit, self.request, "a", excused="Customer")
        credit._write_guarded({"state": "approved"})
        self.assertEqual([self.failure(one).pending_credit for one in (first, second, third)], [60, 15, 15])
        self.assertFalse(self.failure(), "an excused event cost nothing")

    def test_in_the_companys_currency_as_it_was_booked(self):
        euros = self.a_contract(title="Euros", currency_id=self.currency("EUR").id)
        others = [self.a_request(), self.a_request()]
        credit = self.a_failed(33.33, euros, requests=self.request | others[0] | others[1])
        self.post(credit)
        booked = credit.move_line_ids.balance
        self.assertEqual(booked, 37.03)
        shares = [self.failure(request).credited for request in (self.request, *others)]
        self.assertEqual((shares, round(sum(shares), 2)), ([12.35, 12.34, 12.34], booked))

    def test_a_bonus_is_no_failure(self):
        bonus = self.a_penalty(-50)
        self.post(bonus)
        self.assertEqual((bonus.failure_count, bonus.event_ids), (0, bonus.event_ids.browse()))

    def test_breaches_of_one_failure(self):
        """Without a request, the provider's breach names ours: both are one failure."""
        Breach = self.env["aftersales.breach"].with_user(self.anna)
        ours = Breach.create({"title": "Missed inspection", "contract_id": self.contract.id, "event": "Nobody came",
                              "party": "ours"})
        theirs = Breach.create({"title": "No technician", "contract_id": self.provider.id, "event": "Nobody free"})
        credit, claim = self.a_penalty(1000, state="reviewed"), self.a_penalty(
            600, self.provider, state="reviewed", clause=self.repairs)
        self.an_event(credit, breach_id=ours.id)
        self.an_event(claim, breach_id=theirs.id)
        (credit | claim)._write_guarded({"state": "approved"})
        self.post(credit | claim)
        self.assertEqual((self.failure(breach=ours).gap, self.failure(breach=theirs).gap), (1000, -600))
        theirs.same_failure_id = ours
        self.assertRecordValues(self.failure(breach=ours), [{"credited": 1000, "claimed": 600, "gap": 400}])
        self.assertFalse(self.failure(breach=theirs))
        self.assertEqual((ours.failure_gap, theirs.failure_gap), (400, 400))
        with self.assertRaisesRegex(ValidationError, "cannot be the same failure"):
            ours.same_failure_id = theirs
        self.assertEqual(theirs.with_user(self.anna).action_view_failure()["domain"],
                         [("id", "in", self.failure(breach=ours).ids)])

    def test_smart_buttons(self):
        credit, claim = self.a_failed(1000), self.a_failed(600, self.provider, clause=self.repairs)
        failure = self.failure()
        for action in (credit.with_user(self.felix).action_view_failures(),
                       self.request.with_user(self.anna).action_view_failure()):
            self.assertEqual(action["domain"], [("id", "in", failure.ids)])
        self.assertEqual(set(failure.with_user(self.felix).action_view_penalties()["domain"][0][2]),
                         set((credit | claim).ids))
        recovery = self.a_recovery(10)
        found = self.env["aftersales.recovery"].search(failure.with_user(self.felix).action_view_recoveries()["domain"])
        self.assertEqual(found, recovery)
        self.assertEqual(failure.with_user(self.felix).name, self.request.display_name)

    def test_who_sees_the_gap(self):
        self.a_failed(1000)
        Failure = self.env["aftersales.failure"]
        for user in (self.anna, self.felix, self.lena, self.boss):
            found = Failure.with_user(user).search([("request_id", "=", self.request.id)])
            self.assertEqual(found.pending_credit, 1000)
        for user in (self.agent, self.clerk, self.carla, self.diego):
            with self.subTest(user.login), self.assertRaises(AccessError):
                Failure.with_user(user).search([])
        self.assertFalse(Failure.with_user(self.other_manager).search([]))

    def test_one_question_to_the_database_however_many_failures(self):
        for number in (2, 20):
            self.a_failed(100, requests=self.env["aftersales.request"].union(
                *(self.a_request() for _one in range(number))), period=("2026-01-01", f"2026-01-{number:02}"))
            self.env.flush_all()
            self.env.invalidate_all()
            with self.assertQueryCount(2):
                rows = self.env["aftersales.failure"].search_fetch([], ["gap", "credited"])
                self.assertGreaterEqual(len(rows.mapped("gap")), number)


class TestRecovery(FailureCase):
    def test_its_course(self):
        recovery = self.a_recovery(100)
        self.assertRegex(recovery.name, r"^REC/2026/\d{5}$")
        with self.assertRaises(AccessError):
            recovery.action_recover()
        with self.assertRaisesRegex(UserError, "a file that proves it"):
            recovery.with_user(self.felix).action_recover()
        self.env["aftersales.evidence"].with_user(self.anna).create({
            "recovery_id": recovery.id, "file": b"cHJvb2Y=", "file_name": "credit.pdf"})
        for amount in (0, -1, 100.01):
            with self.subTest(amount), self.assertRaisesRegex(UserError, "at most"):
                recovery.with_user(self.felix).action_recover(amount)
        recovery.with_user(self.felix).action_recover()
        self.assertRecordValues(recovery, [{"state": "recovered", "recovered": 100, "decided_by_id": self.felix.id}])
        with self.assertRaisesRegex(UserError, "is settled"):
            recovery.amount = 50
        with self.assertRaisesRegex(UserError, "recovered already"):
            recovery.with_user(self.felix).action_recover()
        with self.assertRaisesRegex(UserError, "stays on record"):
            recovery.sudo().unlink()
        with self.assertRaises(UserError):
            recovery.write({"state": "claimed"})

    def test_what_it_needs(self):
        with self.assertRaisesRegex(UserError, "give the reason"):
            self.a_recovery().with_user(self.felix).action_refuse(" ")
        foreign = self.env["aftersales.request"].create({
            "title": "Theirs", "partner_id": self.customer.id, "company_id": self.other_company.id,
            "opened_at": "2026-03-02 08:00:00"})
        with self.assertRaisesRegex(ValidationError, "another company"):
            self.a_recovery(by=self.env.user, request_id=foreign.id)

    def test_the_window_that_settles_it(self):
        recovery = self.a_recovery(100, reference="CN-1")
        wizard = Form(self.env["aftersales.settle.recovery"].with_user(self.felix).with_context(
            default_recovery_id=recovery.id, default_outcome="recovered"))
        self.assertEqual(wizard.amount, 100)
        wizard.amount = 80
        wizard.save().action_confirm()
        self.assertEqual((recovery.state, recovery.recovered), ("recovered", 80))
