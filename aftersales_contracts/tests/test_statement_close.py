"""Closing periods: once, in order, resumable, for every contract that can be closed; and what the customer gets."""

from datetime import date
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .statement_common import StatementCase

CLOSING = "odoo.addons.aftersales_contracts.models.statements.statement_schedule"


@tagged("post_install", "-at_install")
class TestClose(StatementCase):
    def run_cron(self, today=None):
        with self.enter_registry_test_mode():
            self.assertTrue(self.env.ref("aftersales_contracts.cron_close_periods").method_direct_trigger() is True)
        self.env.invalidate_all()

    def mails(self, statements):
        return self.env["mail.mail"].sudo().search(
            [("model", "=", "aftersales.statement"), ("res_id", "in", statements.ids), ("attachment_ids", "!=", False)],
            order="res_id")

    # --- when ------------------------------------------------------------------------------------------------

    def test_a_period_is_closed_once(self):
        self.breach()
        statement = self.close_march()
        self.assertEqual((statement.state, statement.met, statement.breached), ("closed", 1, 1))
        self.assertRegex(statement.name, r"^ST/2026/\d{5}$")
        before = (statement.name, statement.snapshot_hash, statement.attachment_id.id, statement.closed_at)
        self.assertFalse(self.close("2026-04-04"), "nothing is due a second time")
        statement.invalidate_recordset()
        self.assertEqual(
            before, (statement.name, statement.snapshot_hash, statement.attachment_id.id, statement.closed_at))
        with self.assertRaises(UserError):
            statement.with_user(self.felix).action_close()

    def test_it_waits_for_late_reports(self):
        self.assertFalse(self.close("2026-04-03"))
        self.company.statement_close_days = 4
        self.assertFalse(self.close("2026-04-04"))
        self.assertTrue(self.close("2026-04-05"))

    def test_close_rows_agree_with_the_open_ones(self):
        self.breach()
        self.met()
        open_rows = self.figures(self.refresh().filtered(lambda r: str(r.period_start) == "2026-03-01"))
        statement = self.close_march()
        closed = self.rows().filtered(lambda r: r.state == "closed")
        self.assertEqual(self.figures(closed), open_rows)
        self.assertEqual(closed.statement_id, statement)

    def test_missed_periods_are_closed_in_order(self):
        self.breach()
        self.met("2026-04-07 08:00:00", "2026-04-07 09:00:00", "2026-04-07 10:00:00")
        self.run_cron()
        statements = self.closed()
        self.assertEqual([str(s.period_start) for s in statements], ["2026-03-01", "2026-04-01"])
        self.assertLess(*statements.mapped("name"))
        self.assertEqual([point.get("rate") for point in statements[1].snapshot["trend"]], ["50.00", "100.00"])
        before = statements.read(["name", "snapshot_hash", "closed_at", "write_date"])
        self.run_cron()
        self.assertEqual(self.closed().read(["name", "snapshot_hash", "closed_at", "write_date"]), before)

    def test_an_earlier_period_comes_first(self):
        periods = self.contract._open_periods()
        drafts = self.env["aftersales.statement"]._drafts(periods)
        march, april, may = drafts.sorted("period_start")
        self.assertEqual([d.can_close for d in (march, april, may)], [True, True, False])
        with self.assertRaisesRegex(UserError, "earlier"):
            april.with_user(self.felix).action_close()
        with self.assertRaisesRegex(UserError, "after its last day"):
            may.with_user(self.felix).action_close()
        (march | april).with_user(self.felix).action_close()
        self.assertEqual((march | april).mapped("state"), ["closed", "closed"])

    def test_an_ended_contract_is_closed_up_to_its_end(self):
        self.amend(self.contract, date_end="2026-04-10")
        self.contract._transition("expire")
        self.assertEqual(str(self.contract.ended_on), "2026-04-10")
        self.run_cron()
        self.assertEqual([str(s.period_start) for s in self.closed()], ["2026-03-01", "2026-04-01"])
        due = self.contract._due_periods_of(date(2026, 12, 31))
        self.assertFalse(due, "nothing is promised any more")
        self.a_clock(self.met(contract_id=self.contract.id), "breached", "2026-05-05 08:00:00")
        self.refresh()
        [rows] = self.contract._due_periods_of(date(2026, 6, 30)).values()
        self.assertEqual([str(row.first) for row in rows], ["2026-05-01", "2026-06-01"][:len(rows)])

    def test_a_draft_contract_has_no_statement(self):
        contract = self.a_contract(activate=False, statement_start="2026-03-01")
        self.assertFalse(contract.search([("id", "=", contract.id)])._due_periods().get(contract))

    def test_clocks_are_brought_up_to_date_first(self):
        request = self.a_request("2026-03-02 08:00:00")
        self.env.cr.execute(  # as it stood before the scheduled action on clocks had come round
            """UPDATE aftersales_sla_clock SET state = 'running', decided_at = NULL, next_at = '2026-03-02 17:00:01'
                WHERE request_id = %s""", [request.id])
        self.env.invalidate_all()
        self.assertEqual(self.close_march().breached, 2)

    def test_longer_periods_from_now_on(self):
        march = self.close_march()
        draft = self.env["aftersales.statement"]._drafts(self.contract._open_periods()[-1:])
        self.assertEqual(str(draft.period_start), "2026-05-01")
        self.contract.statement_period = "quarter"
        self.breach("2026-04-06 08:00:00", "2026-04-06 09:00:00", "2026-04-08 09:00:00")
        self.assertFalse(self.close("2026-05-20"), "the quarter has not ended")
        self.refresh()
        row = self.rows().filtered(lambda r: r.breached)
        self.assertEqual((str(row.period_start), str(row.period_end)), ("2026-04-01", "2026-06-30"))
        self.assertEqual(march.end_at, self.contract._open_periods()[0].start_at, "no gap and no overlap")

    # --- when it goes wrong ----------------------------------------------------------------------------------

    def test_one_broken_contract_does_not_stop_the_others(self):
        broken = self.a_contract(
            title="Broken", statement_start="2026-03-01", calendar_id=self.an_office(name="Empty").id)
        request = self.a_request("2026-03-03 08:00:00", contract_id=broken.id)
        self.env.cr.execute("DELETE FROM resource_calendar_attendance WHERE calendar_id = %s", [broken.calendar_id.id])
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.env["aftersales.evaluation.queue"]._put(request.ids)
        with mute_logger(CLOSING):
            statements = self.close("2026-04-04", self.contract | broken)
        self.assertEqual(statements.contract_id, self.contract)
        draft = self.env["aftersales.statement"].search([("contract_id", "=", broken.id)])
        self.assertEqual(draft.state, "draft")
        self.assertIn(request.name, draft.problem)
        self.assertEqual(draft.activity_ids.user_id, self.anna)
        with mute_logger(CLOSING):
            self.assertFalse(self.close("2026-04-04", broken))
        self.assertEqual(len(draft.activity_ids), 1, "one reminder, not one a day")

    def test_killed_in_between_nothing_is_half_done(self):
        self.breach()
        self.refresh()
        Statement = type(self.env["aftersales.statement"])
        with patch.object(Statement, "_store_documents", side_effect=MemoryError("killed")), mute_logger(CLOSING):
            self.assertFalse(self.close("2026-04-04"))
        draft = self.env["aftersales.statement"].search([("contract_id", "=", self.contract.id)])
        self.assertEqual((draft.state, draft.name, draft.line_ids.ids, draft.snapshot), ("draft", "/", [], False))
        self.assertFalse(self.env["aftersales.statement.clock"].search([("contract_id", "=", self.contract.id)]))
        self.assertEqual(set(self.rows().mapped("state")), {"open"})
        self.assertEqual(self.close("2026-04-04"), draft)
        self.assertFalse(draft.problem)

    def test_killed_between_closing_and_sending(self):
        statement = self.close_march()
        self.assertTrue(statement.send_pending)
        self.assertFalse(self.mails(statement))
        self.run_cron()
        self.assertEqual(statement.state, "sent")
        self.assertEqual(len(self.mails(statement)), 1)
        self.run_cron()
        self.assertEqual(len(self.mails(statement)), 1)

    def test_two_workers(self):
        """What one holds the other leaves alone; and the database knows one statement a contract and period."""
        row = self.contract._open_periods()[0]
        self.env["aftersales.statement"]._drafts([row])
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env["aftersales.statement"].create({
                "contract_id": self.contract.id, "period_start": row.first, "period_end": row.last,
                "start_at": row.start_at, "end_at": row.end_at, "zone": "UTC"})
            self.env.flush_all()

    # --- dry run and figures ---------------------------------------------------------------------------------

    def test_a_dry_run_tells_and_writes_nothing(self):
        self.breach()
        self.refresh()
        told = [row for row in self.env["aftersales.statement"].with_user(self.anna).dry_run_close()
                if row["contract_id"] == self.contract.id]
        self.assertEqual([str(row["period_start"]) for row in told], ["2026-03-01", "2026-04-01"])
        self.assertEqual((told[0]["due"], told[0]["met"], told[0]["breached"]), (2, 1, 1))
        self.assertEqual(told[0]["recipient_ids"], self.contact.ids)
        self.assertFalse(self.env["aftersales.statement"].search([("contract_id", "=", self.contract.id)]))

    def test_reading_does_not_grow_with_contracts(self):
        contracts = self.contract
        for number in range(5):
            contracts |= self.a_contract(title=f"Care {number}", statement_start="2026-03-01")
        for contract in contracts:
            self.breach(contract_id=contract.id)
        self.refresh(contracts)
        counts = []
        for batch in (contracts[:1], contracts[:1], contracts[1:]):  # the first one fills the caches
            drafts = self.env["aftersales.statement"]._drafts([c._open_periods()[0] for c in batch])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            drafts._snapshots(fields.Datetime.now())
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])

    def test_queries_of_a_closing(self):
        contracts = self.contract
        for number in range(9):
            contracts |= self.a_contract(title=f"Care {number}", statement_start="2026-03-01")
        for contract in contracts:
            self.breach(contract_id=contract.id)
        counts = []
        for batch in (contracts[:1], contracts[1:3], contracts[3:]):
            drafts = self.env["aftersales.statement"]._drafts([c._open_periods()[0] for c in batch])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            drafts._close(self.env.user)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        one, two, seven = counts
        self.assertLessEqual((seven - two) / 5, 4, f"{counts}: number and lock of the sequence, little else")

    # --- the e-mail ------------------------------------------------------------------------------------------

    def test_the_customer_gets_the_stored_pdf(self):
        self.breach()
        self.run_cron()
        march = self.closed()[0]
        self.assertEqual(march.state, "sent")
        mail = self.mails(march)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, self.contact)
        self.assertEqual(mail.state, "outgoing")
        self.assertEqual(mail.attachment_ids.raw, march.attachment_id.raw)
        self.assertNotEqual(mail.attachment_ids, march.attachment_id, "a copy: the stored one stays as it is")
        self.assertTrue(mail.attachment_ids.name.endswith(".pdf"))
        for part in (march.name, "March 2026", "50.00 %"):
            self.assertIn(part, f"{mail.subject} {mail.body_html}")
        self.assertIn(self.contact.email, "".join(march.message_ids.mapped("body")))

    def test_deleting_the_mail_leaves_the_stored_pdf(self):
        self.run_cron()
        march = self.closed()[0]
        stored = march.attachment_id.raw
        self.mails(march).unlink()
        march.message_ids.unlink()
        self.assertEqual(march.attachment_id.exists().raw, stored)

    def test_without_an_address_it_says_so(self):
        self.contract.statement_contact_ids = self.dealer
        self.run_cron()
        march = self.closed()[0]
        self.assertEqual(march.state, "closed")
        self.assertIn("no e-mail address", march.problem)
        self.assertFalse(self.mails(march))
        self.assertEqual(march.activity_ids[:1].user_id, self.anna)
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            march.with_user(self.felix).action_send()
        self.contract.statement_contact_ids = self.contact
        march.with_user(self.felix).action_send()
        self.assertEqual((march.state, march.problem, len(self.mails(march))), ("sent", False, 1))

    def test_companies_that_do_not_want_e_mail(self):
        self.company.statement_mail_empty = False
        self.breach()
        self.run_cron()
        march, april = self.closed()
        self.assertEqual((march.state, april.state), ("sent", "closed"))
        self.assertFalse(april.send_pending or april.problem)

    def test_in_the_customers_language(self):
        self.speak("zh_TW")
        self.customer.lang = "zh_TW"
        self.breach()
        self.run_cron()
        mail = self.mails(self.closed()[0])
        self.assertIn("服務水準報告書", mail.subject)
        self.assertIn("2026年3月", mail.subject)
        self.assertIn("逾時 1 件", mail.body_html)
