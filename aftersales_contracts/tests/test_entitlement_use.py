"""Using entitlements: once a request, never below zero without a second person, and one of two at the same moment."""

from uuid import uuid4

import psycopg2
from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from .plan_case import VISITS, PlanCase, day


class TestUse(PlanCase):
    def test_use_points_to_its_request_and_says_who_pays(self):
        visits = self.a_quota()
        request = self.a_request(opened="2026-05-19 08:00:00")
        answer = self.used_by(visits, 1, request=request)
        line = request.entitlement_line_ids
        self.assertEqual(answer["line_ids"], line.ids)
        self.assertEqual(answer["paid_by"], visits.display_name)
        self.assertIn("is the only cover in force", answer["reason"])
        self.assertRecordValues(line, [{
            "kind": "consume", "quantity": -1, "user_id": self.agent.id, "approver_id": False, "running": 3}])
        self.assertEqual((visits.available, visits.used), (3, 1))
        self.assert_laws(visits)

    def test_a_request_uses_a_quota_once(self):
        visits = self.a_quota()
        request = self.a_request(opened="2026-05-19 08:00:00")
        first = self.used_by(visits, 1, request=request)
        again = self.used_by(visits, 2, request=request)
        self.assertEqual(again["line_ids"], first["line_ids"])
        self.assertIn("has used it already", again["reason"])
        self.assertEqual(visits.available, 3)

    def test_use_takes_what_expires_first(self):
        visits = self.a_quota(unit="month", quantity=1, valid_periods=2)
        self.used_by(visits, 2)
        self.assertEqual([(quantity, lot) for kind, _on, quantity, lot in self.ledger(visits) if kind == "consume"],
                         [(-1, "2026-04-01"), (-1, "2026-05-01")])

    def test_never_below_zero(self):
        visits = self.a_quota()
        with self.assertRaisesRegex(UserError, "5 visits is more than what is left on 2026-05-20, 4 visits"):
            self.used_by(visits, 5)
        self.used_by(visits, 4)
        with self.assertRaisesRegex(UserError, "has nothing left.*ask for an excess"):
            self.used_by(visits, 0.5)
        self.assertEqual(visits.balance, 0)
        self.assert_laws(visits)

    def test_bad_input_is_refused_by_name(self):
        visits = self.a_quota()
        request = self.a_request(opened="2026-05-19 08:00:00")
        for quantity in (0, -1, "many", None):
            with self.assertRaisesRegex(UserError, f"{request.name}.*cannot use {quantity}"):
                self.used_by(visits, quantity, request=request)
        with self.assertRaisesRegex(UserError, "miles is not one of visit, hour, call, value"):
            request.use_entitlement("miles", 1)
        with self.assertRaisesRegex(UserError, "has no quota of hours"):
            request.use_entitlement("hour", 1)

    def test_not_before_the_term_nor_in_the_future_nor_while_suspended(self):
        visits = self.a_quota(start="2026-03-01")
        with self.assertRaisesRegex(UserError, "still to come"):
            self.used_by(visits, 1, on="2026-05-21")
        with self.assertRaisesRegex(UserError, "begins on"):
            self.used_by(visits, 1, on="2026-02-28")
        self.patch(type(visits.contract_id), "_is_suspended", lambda contract, on: on == day("2026-05-20"))
        with self.assertRaisesRegex(UserError, "is suspended on that day"):
            self.used_by(visits, 1)
        with self.assertRaisesRegex(UserError, "the contract is suspended"):
            visits._check_usable(day("2026-05-20"))
        self.used_by(visits, 1, on="2026-05-19")
        self.assertEqual(visits.available, 3)

    def test_a_use_before_the_night_finds_what_was_due(self):
        visits = self.a_quota(unit="month", quantity=1)
        with freeze_time("2026-06-02 08:00:00"):
            self.used_by(visits, 1, on="2026-06-02", request=self.a_request(opened="2026-06-01 08:00:00"))
            self.assertEqual(visits.available, 0)
        self.assert_laws(visits, "2026-06-02")

    def test_who_may_not_write_the_request_uses_nothing(self):
        visits = self.a_quota()
        request = self.a_request(opened="2026-05-19 08:00:00")
        for role in ("clerk", "carla", "outsider", "other_manager"):
            with self.assertRaises(AccessError):
                self.used_by(visits, 1, request=request, by=getattr(self, role))
        self.assertEqual(visits.available, 4)


class TestExcess(PlanCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visits = cls.a_quota(quantity=1)
        cls.request = cls.a_request(opened="2026-05-19 08:00:00")

    def ask(self, quantity=3, by=None):
        request = self.request.with_user(by or self.agent)
        return self.env["aftersales.entitlement.excess"].browse(request.ask_excess("visit", quantity, "Standstill"))

    def test_another_person_approves_and_stands_on_the_line(self):
        excess = self.ask()
        self.assertEqual((excess.requested_by_id, excess.entitlement_id), (self.agent, self.visits))
        self.assertIn(self.anna, excess.activity_ids.user_id, "the account manager is asked")
        excess.with_user(self.felix).action_approve()
        self.assertEqual(self.ledger(self.visits)[1:],
                         [("consume", "2026-05-20", -1, "2026-01-01"), ("consume", "2026-05-20", -2, None)])
        over = self.visits.line_ids.filtered("approver_id")
        self.assertRecordValues(over, [{"user_id": self.agent.id, "approver_id": self.felix.id, "quantity": -2}])
        self.assertEqual((self.visits.balance, self.visits.available), (-2, -2))

    def test_nobody_approves_their_own(self):
        excess = self.ask(by=self.anna)
        with self.assertRaisesRegex(AccessError, "somebody else"):
            excess.with_user(self.anna).action_approve()
        with self.assertRaises(UserError):
            self.visits._consume(self.request, 3, day("2026-05-20"), self.anna, approver=self.anna)
        excess.with_user(self.felix).action_approve()
        self.assertEqual(excess.decided_by_id, self.felix)

    def test_only_account_managers_and_finance_decide(self):
        excess = self.ask(by=self.boss)
        for role in ("agent", "lena"):
            with self.assertRaises(AccessError):
                excess.with_user(getattr(self, role)).action_approve()
        self.assertEqual(self.visits.balance, 1)

    def test_no_way_round_the_buttons(self):
        excess = self.ask()
        for user in (self.agent, self.anna, self.felix, self.boss):
            for vals in ({"state": "approved"}, {"decided_by_id": user.id}, {"requested_by_id": self.lena.id}):
                with self.assertRaises(UserError):
                    excess.with_user(user).write(vals)
        with self.assertRaises(AccessError):
            excess.with_user(self.anna).write({"quantity": 1})
        with self.assertRaises(UserError):
            self.env["aftersales.entitlement.excess"].with_user(self.agent).create({
                "request_id": self.request.id, "entitlement_id": self.visits.id, "quantity": 1, "reason": "x",
                "state": "approved"})
        excess.with_user(self.anna).action_refuse()
        for act in (lambda: excess.with_user(self.agent).write({"reason": "y"}), excess.unlink,
                    lambda: excess.with_user(self.anna).action_approve()):
            with self.assertRaises(UserError):
                act()
        self.assertEqual(self.visits.balance, 1)

    def test_who_asked_takes_it_back(self):
        excess = self.ask()
        excess.with_user(self.agent).action_refuse()
        self.assertEqual(excess.state, "refused")
        self.assertEqual(self.ask().state, "proposed", "and may ask again")

    def test_a_request_of_another_customer_is_refused(self):
        stranger = self.a_request(opened="2026-05-19 08:00:00", partner_id=self.stranger.id)
        with self.assertRaisesRegex(ValidationError, "is not one of the customer"):
            self.env["aftersales.entitlement.excess"].with_user(self.agent).create({
                "request_id": stranger.id, "entitlement_id": self.visits.id, "quantity": 1, "reason": "x"})

    def test_the_next_grant_settles_the_excess_first(self):
        self.ask().with_user(self.felix).action_approve()
        self.visits.promise_id._write_unlocked({"quantity": 5})
        self.night(self.visits, "2027-01-01")
        self.assertEqual(self.ledger(self.visits)[3:], [
            ("grant", "2027-01-01", 5, "2027-01-01"), ("settle", "2027-01-01", -2, "2027-01-01"),
            ("settle", "2027-01-01", 2, None)])
        self.assertEqual(self.visits.balance, 3)


class TestTopUp(PlanCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visits = cls.a_quota()
        cls.bought_by = cls.visits.contract_id

    def test_row18_capacity_on_demand_with_price_and_validity(self):
        wizard = self.env["aftersales.entitlement.top.up"].with_user(self.felix).create({
            "contract_id": self.bought_by.id, "entitlement_id": self.visits.id, "quantity": 2, "price": 300,
            "last_day": "2026-06-30", "note": "Order 7"})
        wizard.action_top_up()
        wizard.action_top_up()
        line = self.visits.line_ids.filtered(lambda one: one.kind == "top_up")
        self.assertRecordValues(line, [{
            "quantity": 2, "price": 300, "expires_on": day("2026-06-30"), "note": "Order 7", "user_id": self.felix.id}])
        self.assertEqual(self.visits.available, 6)
        self.assertEqual(str(self.visits.next_on), "2026-07-01")
        self.night(self.visits, "2026-07-01")
        self.assertEqual(self.visits.balance, 4, "void after its last day")

    def test_a_quota_that_no_promise_grants(self):
        ids = self.bought_by.with_user(self.anna).top_up_entitlement("hour", 8, "2026-12-31", 800, reference="O-8")
        self.assertEqual(self.bought_by.with_user(self.anna).top_up_entitlement("hour", 8, reference="O-8"), [])
        hours = self.env["aftersales.entitlement.line"].browse(ids).entitlement_id
        self.assertEqual((hours.name, hours.available, hours.promise_id.id), ("Hours bought in addition", 8, False))
        self.used_by(hours, 3)
        self.assertEqual(hours.available, 5)

    def test_who_may_not(self):
        for role in ("agent", "lena"):
            with self.assertRaises(AccessError):
                self.bought_by.with_user(getattr(self, role)).top_up_entitlement("visit", 1)
        with self.assertRaises(AccessError):
            self.bought_by.with_user(self.other_manager).top_up_entitlement("visit", 1)
        with self.assertRaises(AccessError):
            self.bought_by.with_user(self.carla).top_up_entitlement("visit", 1)

    def test_bad_input(self):
        contract = self.bought_by.with_user(self.anna)
        for values, sentence in (
            (("visit", "two"), "cannot be topped up by two"),
            (("visit", 0), "quantity"), (("visit", -1), "quantity"), (("mile", 1), "mile is not one of"),
            (("visit", 1, "2026-05-01"), "expires"), (("visit", 1, None, -5), "not negative"),
        ):
            with self.subTest(values), self.assertRaisesRegex((UserError, ValidationError), sentence):
                contract.top_up_entitlement(*values)
        other = self.a_quota()
        with self.assertRaisesRegex(UserError, "is not a quota of this kind"):
            contract.top_up_entitlement("visit", 1, entitlement_id=other.id)
        draft = self.a_contract(activate=False)
        with self.assertRaisesRegex(UserError, "is not in force"):
            draft.with_user(self.anna).top_up_entitlement("visit", 1)


@tagged("post_install", "-at_install")
class TestLastUnit(PlanCase):
    """Two people at one moment: only one gets the last visit. On real connections, and cleaned up after."""

    def test_two_transactions_cannot_both_take_the_last_unit(self):
        ids = self.committed()
        first, second = self.registry.cursor(), self.registry.cursor()
        self.addCleanup(second.close)
        self.addCleanup(first.close)
        mine, theirs = (self.entitlement(cursor, ids) for cursor in (first, second))
        self.assertEqual((mine.available, theirs.available), (1, 1), "both have seen the last one")
        requests = [self.env["aftersales.request"].browse(id_) for id_ in ids["requests"]]
        mine._consume(requests[0].with_env(mine.env), 1, day("2026-05-20"), mine.env.user)
        first.commit()
        with self.assertRaises(psycopg2.errors.SerializationFailure), mute_logger("odoo.sql_db"):
            theirs._consume(requests[1].with_env(theirs.env), 1, day("2026-05-20"), theirs.env.user)
        second.rollback()  # as Odoo does before it tries again
        theirs.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "is more than what is left"):
            theirs._consume(requests[1].with_env(theirs.env), 1, day("2026-05-20"), theirs.env.user)
        second.rollback()
        self.assertEqual(theirs.balance, 0)

    def entitlement(self, cursor, ids):
        return api.Environment(cursor, SUPERUSER_ID, {})["aftersales.entitlement"].browse(ids["entitlement"])

    def committed(self):
        """A contract with one visit left and two requests, visible to every connection."""
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True, "mail_create_nolog": True})
            partner = env["res.partner"].create({"name": "Two at Once"})
            policy = env["aftersales.sla.policy"].create({"name": "Two at Once"})
            contract = env["aftersales.contract"].create({
                "name": f"TWO/{uuid4().hex}", "title": "Two at Once", "partner_id": partner.id, "policy_id": policy.id,
                "date_start": "2026-01-01",  # numbered by hand: the ranges of the sequences belong to the test
                "promise_ids": [Command.create({**VISITS, "quantity": 1})]})
            contract._adopt("Test")
            requests = env["aftersales.request"].create([
                {"name": f"TWO/{uuid4().hex}", "title": "Two at Once", "partner_id": partner.id,
                 "contract_id": contract.id, "opened_at": "2026-05-19 08:00:00"} for _number in range(2)])
            ids = {"entitlement": contract.entitlement_ids.id, "requests": requests.ids, "contract": contract.id,
                   "policy": policy.id, "partner": partner.id}
        self.addCleanup(self.removed, ids)
        return ids

    def removed(self, ids):
        with self.registry.cursor() as cursor:
            cursor.execute("DELETE FROM aftersales_entitlement_line WHERE entitlement_id = %s", [ids["entitlement"]])
            self.forget(cursor, "aftersales_request", ids["requests"])
            self.forget(cursor, "aftersales_contract", [ids["contract"]])
            self.forget(cursor, "aftersales_sla_policy", [ids["policy"]])
            self.forget(cursor, "res_partner", [ids["partner"]])

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
