"""Excuses: a second person decides on evidence; the breach stays, and so do closed statements."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .statement_common import StatementCase

BOTH = "aftersales_contracts.group_account_manager,aftersales_contracts.group_finance"


@tagged("post_install", "-at_install")
class TestExcuse(StatementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.both = new_test_user(cls.env, "both.test", BOTH)

    def test_finance_approves_what_the_account_manager_proposed(self):
        request = self.breach()
        self.refresh()
        excuse = self.excuse(request)
        self.assertEqual((excuse.state, excuse.requested_by_id), ("proposed", self.anna))
        excuse.with_user(self.felix).action_approve()
        clock = self.clock(request)
        self.assertEqual((excuse.state, excuse.approved_by_id), ("approved", self.felix))
        self.assertEqual((clock.state, clock.excused), ("breached", True), "the breach itself stays")
        row = self.rows().filtered(lambda r: r.metric == "resolution")
        self.assertEqual((row.due, row.breached, row.excused, row.rate_text), (1, 0, 1, "n/a"))

    def test_nobody_decides_on_their_own(self):
        excuse = self.excuse(self.breach(), by=self.both)
        for decide in ("action_approve", "action_refuse"):
            with self.assertRaises(AccessError):
                getattr(excuse.with_user(self.both), decide)()
        excuse.with_user(self.felix).action_refuse()
        self.assertEqual(excuse.state, "refused")

    def test_only_finance_and_administrators_decide(self):
        excuse = self.excuse(self.breach(), by=self.boss)
        for user in (self.agent, self.anna, self.lena):
            self.assertFalse(excuse.with_user(user).may_decide)
            with self.assertRaises(AccessError):
                excuse.with_user(user).action_approve()
        self.assertTrue(excuse.with_user(self.felix).may_decide)

    def test_no_way_round_the_buttons(self):
        request = self.breach()
        excuse = self.excuse(request)
        for user in (self.anna, self.felix, self.boss, self.both):
            for vals in ({"state": "approved"}, {"approved_by_id": self.felix.id}, {"requested_by_id": self.felix.id}):
                with self.assertRaises(UserError):
                    excuse.with_user(user).write(vals)
            with self.assertRaises(UserError):
                self.env["aftersales.sla.excuse"].with_user(user).create({
                    "clock_id": self.clock(request, "resolution").id, "state": "approved"})
            with self.assertRaises(UserError):
                self.env["aftersales.sla.excuse"].with_user(user).create({
                    "clock_id": self.clock(request).id, "requested_by_id": self.agent.id})
            with self.assertRaises(AccessError):
                self.clock(request).with_user(user).write({"excused": True})
        with self.assertRaises(UserError):
            excuse.with_user(self.felix).with_context(default_state="approved").copy({"state": "approved"})
        self.assertFalse(self.clock(request).excused)

    def test_the_database_refuses_one_person(self):
        excuse = self.excuse(self.breach())
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute(
                "UPDATE aftersales_sla_excuse SET state = 'approved', approved_by_id = requested_by_id WHERE id = %s",
                [excuse.id])

    def test_an_agent_cannot_propose(self):
        with self.assertRaises(AccessError):
            self.excuse(self.breach(), by=self.agent)

    def test_only_breaches(self):
        with self.assertRaises(ValidationError):
            self.excuse(self.met())

    def test_one_living_excuse_a_breach(self):
        request = self.breach()
        first = self.excuse(request)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.excuse(request)
        first.with_user(self.felix).action_refuse()
        self.assertEqual(self.excuse(request).state, "proposed", "a refused one may be followed by a better one")

    def test_evidence_is_needed(self):
        excuse = self.excuse(self.breach(), evidence="<p><br></p>")
        with self.assertRaises(UserError):
            excuse.with_user(self.felix).action_approve()
        excuse.attachment_ids = self.env["ir.attachment"].with_user(self.anna).create(
            {"name": "gate.txt", "raw": b"locked"})
        self.assertEqual(excuse.attachment_ids.with_user(self.felix).raw, b"locked")
        excuse.with_user(self.felix).action_approve()
        self.assertEqual(excuse.state, "approved")

    def test_decided_is_decided(self):
        excuse = self.excuse(self.breach())
        excuse.with_user(self.felix).action_approve()
        for act in (lambda: excuse.write({"evidence": "<p>Other</p>"}), excuse.unlink,
                    lambda: excuse.with_user(self.anna).with_context(_force_unlink=True).unlink(),
                    lambda: excuse.with_user(self.boss).action_refuse()):
            with self.assertRaises(UserError):
                act()

    def test_a_breach_of_a_closed_period_becomes_a_correction(self):
        request = self.breach()
        march = self.close_march()
        before = (march.snapshot_hash, march.attachment_id.raw, march.breached)
        self.excuse(request).with_user(self.felix).action_approve()
        correction = self.env["aftersales.statement.correction"].search([("contract_id", "=", self.contract.id)])
        self.assertEqual((correction.was_verdict, correction.is_verdict), ("breached", "excused"))
        self.assertEqual(correction.origin_id, march)
        april = self.close("2026-05-04")
        self.assertEqual(april.correction_ids, correction)
        self.assertEqual((april.due, april.excused), (0, 0), "it does not count a second time")
        self.assertEqual(before, (march.snapshot_hash, march.attachment_id.raw, march.breached))
