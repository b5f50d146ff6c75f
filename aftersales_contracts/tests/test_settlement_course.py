"""The course of a settlement: who moves it on, in which order, and what the dealer answers."""

from uuid import uuid4

import psycopg2
from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import TransactionCase, freeze_time, tagged
from odoo.tools import SQL, mute_logger

from ..models.settlements.settlement_course import MOVES
from .common import ADDON
from .settlement_ledger_case import SettlementLedgerCase


class TestSettlementCourse(SettlementLedgerCase):
    def reviewed(self, **values):
        return self.a_settlement(
            [self.share(60), self.share(40)], state="review", reviewed_by_id=self.anna.id, **values)

    def test_the_whole_course(self):
        settlement = self.a_settlement([self.share(60), self.share(40)], state="computed")
        settlement.with_user(self.anna).action_review()
        self.assertEqual((settlement.state, settlement.reviewed_by_id), ("review", self.anna))
        settlement.with_user(self.anna).action_send()
        self.assertEqual((settlement.state, str(settlement.answer_until)), ("sent", "2026-04-24"))
        settlement.with_user(self.diego).action_accept()
        self.assertEqual((settlement.state, settlement.accepted_by_id), ("accepted", self.diego))
        self.assertEqual(set(settlement.line_ids.mapped("state")), {"accepted"})
        settlement.with_user(self.felix).action_approve()
        self.assertEqual((settlement.state, settlement.approved_by_id), ("approved", self.felix))
        move = self.post(settlement)
        self.pay(move)
        self.assertEqual(settlement.state, "paid")
        settlement.with_user(self.felix).action_close()
        self.assertEqual((settlement.state, str(settlement.closed_on)), ("closed", "2026-04-10"))

    def test_row33_each_button_only_where_it_is_its_turn(self):
        """Row 33: whoever calls the methods, whatever the state. Nothing moves that the table of moves does not say."""
        calls = {"review": lambda one: one.with_user(self.anna).action_review(),
                 "send": lambda one: one.with_user(self.anna).action_send(),
                 "send_back": lambda one: one.with_user(self.felix).action_send_back("Look again"),
                 "withdraw": lambda one: one.with_user(self.felix).action_withdraw("Look again"),
                 "approve": lambda one: one.with_user(self.felix).action_approve(),
                 "close": lambda one: one.with_user(self.felix).action_close(),
                 "take_back": lambda one: one.with_user(self.felix).action_take_back("Look again"),
                 "accept": lambda one: one.with_user(self.diego).action_accept(),
                 "dispute": lambda one: one.with_user(self.diego).action_dispute_lines(one.line_ids.ids, "No"),
                 "claim": lambda one: one.with_user(self.felix).action_claim("No"),
                 "reverse": lambda one: one.with_user(self.felix).action_reverse("No")}
        allowed = {**{key: True for key in MOVES}, ("approved", "close"): False, ("approved", "take_back"): True,
                   ("sent", "approve"): False, ("sent", "accept"): True, ("disputed", "accept"): True,
                   ("sent", "dispute"): True, ("disputed", "dispute"): True, ("posted", "reverse"): False,
                   ("closed", "claim"): False}
        states = [key for key, _label in self.env["aftersales.settlement"]._fields["state"].selection]
        for state in states:
            settlement = self.a_settlement([self.share(100)], state=state, contract=self.a_dealing())
            for action, call in calls.items():
                if allowed.get((state, action)):
                    continue
                with self.subTest(f"{action} when {state}"):
                    with self.assertRaises(UserError):
                        call(settlement)
                    self.assertEqual(settlement.state, state)

    def test_who_may_do_what(self):
        offices = (self.agent, self.anna, self.felix, self.lena, self.boss)
        for state, call, may in (
                ("computed", lambda one: one.action_review(), (self.anna, self.felix, self.boss)),
                ("review", lambda one: one.action_send(), (self.anna, self.felix, self.boss)),
                ("review", lambda one: one.action_send_back("No"), (self.anna, self.felix, self.boss)),
                ("sent", lambda one: one.action_withdraw("No"), (self.felix, self.boss)),
                ("sent", lambda one: one.action_accept("E-mail of today"), (self.anna, self.felix, self.boss)),
                ("accepted", lambda one: one.action_approve(), (self.felix, self.boss)),
                ("approved", lambda one: one.action_take_back("No"), (self.felix, self.boss)),
                ("paid", lambda one: one.action_close(), (self.felix, self.boss))):
            for user in (*offices, self.diego, self.carla, self.outsider, self.clerk):
                if user == self.diego and state == "sent":
                    continue
                settlement = self.a_settlement([self.share(100)], state=state, contract=self.a_dealing())
                with self.subTest(f"{state} {user.login}"):
                    if user in may:
                        call(settlement.with_user(user))
                    else:
                        with self.assertRaises(AccessError):
                            call(settlement.with_user(user))
                        self.assertEqual(settlement.state, state)

    def test_who_computed_or_reviewed_does_not_approve(self):
        reviewed = self.a_settlement([self.share(100)], state="accepted", reviewed_by_id=self.felix.id)
        computed = self.a_settlement(
            [self.share(100)], state="accepted", computed_by_id=self.felix.id, contract=self.a_dealing())
        for settlement in (reviewed, computed):
            with self.assertRaisesRegex(AccessError, "somebody else approves it"):
                settlement.with_user(self.felix).action_approve()
            self.assertEqual(list(settlement.with_user(self.felix)._approve_batch()), [settlement])
            with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
                settlement._write_guarded({"approved_by_id": self.felix.id})
                self.env.flush_all()
            self.env.invalidate_all()
            settlement.with_user(self.boss).action_approve()
            self.assertEqual(settlement.approved_by_id, self.boss)

    def test_row33_fields_are_not_written(self):
        """Row 33: not by RPC, by no role, not with the context of an installation."""
        settlement = self.a_settlement([self.share(100)], state="sent")
        for name, value in (("state", "approved"), ("approved_by_id", self.boss.id), ("answer_until", "2020-01-01"),
                            ("held", 5), ("payable", 5), ("carry_taken", -5), ("total", 5),
                            ("posted_on", "2026-04-10")):
            with self.subTest(name), self.assertRaises(UserError):
                settlement.with_user(self.boss).with_context(install_mode=True).write({name: value})
        line = self.line(settlement)
        for vals in ({"state": "accepted"}, {"amount": 5}, {"decided_amount": 5}):
            with self.assertRaises(UserError):
                line.with_user(self.boss).write(vals)
        for user in (self.diego, self.outsider):
            for vals in ({"state": "accepted"}, {"access_token": "guessed"}):
                with self.assertRaises(UserError):
                    settlement.with_user(user).write(vals)
        for one in (settlement, line):
            with self.assertRaises(UserError):
                one.with_user(self.boss).unlink()

    # --- sending -----------------------------------------------------------------------------------------------------

    def test_sent_in_their_order(self):
        february = self.reviewed(period="february")
        march = self.reviewed()
        with self.assertRaisesRegex(UserError, f"{february.name} comes before it and is not sent yet"):
            march.with_user(self.anna).action_send()
        (march | february).with_user(self.anna).action_send()
        self.assertEqual((february | march).mapped("state"), ["sent", "sent"])

    def test_what_is_carried_in_must_still_hold(self):
        february = self.a_settlement(
            [self.share(-100, base=-1000), self.share(-50, base=-500)], "february", state="sent")
        march = self.a_settlement([self.share(500)], state="review", reviewed_by_id=self.anna.id)
        self.assertEqual(march.opening, -150)
        self.dispute(self.line(february))
        with self.assertRaisesRegex(UserError, "the settlements before carry -50.00: compute it anew"):
            march.with_user(self.anna).action_send()

    def test_withdrawn_as_long_as_nothing_is_answered(self):
        february = self.a_settlement([self.share(-200, base=-2000)], "february", state="sent")
        march = self.a_settlement([self.share(500), self.share(1)], state="sent")
        self.assertEqual((february.carry_taken, february.carried_left), (-200, 0))
        with self.assertRaisesRegex(UserError, "which comes after it, was sent already"):
            february.with_user(self.felix).action_withdraw("Wrong rate")
        march.with_user(self.felix).action_withdraw("Wrong rate")
        self.assertEqual((march.state, march.sent_at, march.answer_until), ("computed", False, False))
        self.assertEqual((february.carry_taken, february.carried_left), (0, -200), "what it took is given back")
        self.assertIn("Wrong rate", march.message_ids[0].body)
        self.dispute(self.line(february))
        with self.assertRaisesRegex(UserError, "is disputed: that is not possible now"):
            february.with_user(self.felix).action_withdraw("Wrong rate")

    # --- answers -----------------------------------------------------------------------------------------------------

    def test_a_dealer_answers_its_own_only(self):
        settlement = self.a_settlement([self.share(60), self.share(40)], state="sent")
        line = self.line(settlement)
        for user in (self.outsider, self.carla):
            for call in (lambda one: one.action_accept(), lambda one: one.action_accept_lines(line.ids),
                         lambda one: one.action_dispute_lines(line.ids, "Mine")):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    call(settlement.with_user(user))
                with self.subTest(f"{user.login}, by a page that raised the rights"), self.assertRaises(AccessError):
                    call(settlement.with_user(user).sudo())
        self.assertEqual(set(settlement.line_ids.mapped("state")), {"open"})

    def test_lines_of_others_cannot_be_named(self):
        mine = self.a_settlement([self.share(60)], state="sent")
        other = self.env["res.partner"].create({"name": "Southern Dealer"})
        theirs = self.a_settlement([self.share(50)], state="sent", contract=self.a_dealing(partner_id=other.id))
        for ids in (theirs.line_ids.ids, (mine | theirs).line_ids.ids, [], None, ["x"], [10 ** 9]):
            with self.subTest(ids), self.assertRaisesRegex(UserError, "Choose lines of settlement"):
                mine.with_user(self.diego).action_dispute_lines(ids, "Wrong")
        self.assertEqual(theirs.line_ids.state, "open")

    def test_the_office_needs_evidence(self):
        settlement = self.a_settlement([self.share(60)], state="sent")
        for note in (None, "", "  "):
            with self.assertRaisesRegex(UserError, "say how the dealer said so"):
                settlement.with_user(self.anna).action_accept(note)
        settlement.with_user(self.anna).action_accept("E-mail of Diego, 9 April")
        self.assertEqual((settlement.state, settlement.accept_note), ("accepted", "E-mail of Diego, 9 April"))
        self.assertEqual(settlement.accepted_by_id, self.anna)

    def test_silence_is_acceptance_only_where_the_rule_says_so(self):
        silent = self.a_share_rule(silence_accepts=True)
        loud = self.a_settlement([self.share(60)], state="sent")
        settlement = self.a_settlement([self.share(60)], state="sent", rule=silent, contract=self.a_dealing())
        for moment, ok in (("2026-04-24 12:00:00", False), ("2026-04-25 12:00:00", True)):
            with freeze_time(moment):
                with self.assertRaisesRegex(UserError, "lines that wait for the dealer's answer, .*: 1"):
                    loud.with_user(self.felix).action_approve()
                if not ok:
                    with self.assertRaisesRegex(UserError, "lines that wait for the dealer's answer, .*: 1"):
                        settlement.with_user(self.felix).action_approve()
        with freeze_time("2026-04-25 12:00:00"):
            settlement.with_user(self.felix).action_approve()
        self.assertEqual((settlement.state, settlement.line_ids.state), ("approved", "accepted"))
        self.assertIn("No answer until 04/24/2026", settlement.accept_note)

    def test_silence_by_night(self):
        silent = self.a_share_rule(silence_accepts=True)
        settlement = self.a_settlement([self.share(60), self.share(1)], state="sent", rule=silent)
        loud = self.a_settlement([self.share(60)], state="sent", contract=self.a_dealing())
        self.dispute(self.line(settlement, 1))
        Settlement = self.env["aftersales.settlement"]
        with freeze_time("2026-04-25 12:00:00"):
            due = Settlement.search(Settlement._silent_due(None))
            self.assertEqual(due & (settlement | loud), settlement)
            due._work_silent(None)
        self.assertEqual(settlement.state, "disputed", "what is disputed stays so")
        self.assertEqual(settlement.line_ids.sorted("sequence").mapped("state"), ["accepted", "disputed"])

    def test_approving_many(self):
        good = self.a_settlement([self.share(100)], state="accepted")
        open_one = self.a_settlement([self.share(100)], state="sent", contract=self.a_dealing())
        own = self.a_settlement(
            [self.share(100)], state="accepted", reviewed_by_id=self.felix.id, contract=self.a_dealing())
        with self.assertRaises(UserError):
            (good | open_one | own).with_user(self.felix).action_approve()
        self.env.invalidate_all()
        wizard = self.env["aftersales.post.settlements"].with_user(self.felix).create(
            {"step": "approve", "settlement_ids": (good | open_one | own).ids})
        self.assertEqual((wizard.ready_count, wizard.held_count), (1, 2))
        wizard.action_confirm()
        self.assertEqual((good | open_one | own).mapped("state"), ["approved", "sent", "accepted"])


@tagged("post_install", "-at_install")
class TestTwoAtOnce(TransactionCase):
    """A double click, and two people. On real connections, and cleaned up after."""

    def test_a_settlement_is_moved_once(self):
        ids = self.committed()
        first, second = self.registry.cursor(), self.registry.cursor()
        self.addCleanup(second.close)
        self.addCleanup(first.close)
        mine, theirs = (api.Environment(cursor, SUPERUSER_ID, {})["aftersales.settlement"].browse(
            ids["aftersales_settlement"]) for cursor in (first, second))
        self.assertEqual((mine.state, theirs.state), ("accepted", "accepted"), "both see it accepted")
        mine.action_approve()
        for action in (theirs.action_approve, lambda: theirs.action_accept("E-mail"),
                       lambda: theirs.action_take_back("No")):
            with self.assertRaisesRegex(LockError, "Somebody else is working on"):
                action()
            second.rollback()
        self.assertEqual(list(theirs._post_batch().values()), [
            ["somebody else is posting or changing it at this moment"]])
        second.rollback()
        self.assertEqual(theirs.state, "accepted", "the other transaction, before it is committed")
        first.commit()
        with self.assertRaises(psycopg2.errors.SerializationFailure), mute_logger("odoo.sql_db"):
            theirs.action_approve()  # it saw the settlement as it was: Odoo tries such a request again
        second.rollback()
        theirs.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "it is approved"):
            theirs.action_approve()

    def committed(self):
        """An accepted settlement, visible to every connection."""
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True, "mail_create_nolog": True})
            partner = env["res.partner"].create({"name": "Two at Once"})
            policy = env["aftersales.sla.policy"].create({"name": "Two at Once"})
            kind = env.ref(f"{ADDON}.contract_type_dealer")
            contract = env["aftersales.contract"].create({
                "name": f"TWO/{uuid4().hex}", "title": "Two at Once", "partner_id": partner.id,
                "policy_id": policy.id, "contract_type_id": kind.id, "date_start": "2026-01-01"})
            settlement = env["aftersales.settlement"].create({
                "name": f"TWO/{uuid4().hex}", "contract_id": contract.id, "dealer_id": partner.id,
                "company_id": contract.company_id.id, "currency_id": contract.currency_id.id, "state": "accepted",
                "period_start": "2026-03-01", "period_end": "2026-03-31", "total": 10})
            ids = {"aftersales_settlement": settlement.id, "aftersales_contract": contract.id,
                   "aftersales_sla_policy": policy.id, "res_partner": partner.id}
        self.addCleanup(self.removed, ids)
        return ids

    def removed(self, ids):
        with self.registry.cursor() as cursor:
            for table, id_ in ids.items():
                cursor.execute(
                    """SELECT child.relname, a.attname FROM pg_constraint k
                         JOIN pg_class child ON child.oid = k.conrelid JOIN pg_class parent ON parent.oid = k.confrelid
                         JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
                        WHERE k.contype = 'f' AND k.confdeltype IN ('a', 'r') AND parent.relname = %s""", [table])
                for child, column in cursor.fetchall():
                    cursor.execute(SQL(
                        "DELETE FROM %s WHERE %s = %s", SQL.identifier(child), SQL.identifier(column), id_))
                cursor.execute(SQL("DELETE FROM %s WHERE id = %s", SQL.identifier(table), id_))
