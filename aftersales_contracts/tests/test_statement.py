"""A closed statement: what its snapshot holds, that it never moves, and how late facts are told."""

import base64
import hashlib
import io
import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from PIL import Image

from ..models.statements.statement_snapshot import canonical, digest
from .statement_common import StatementCase


def leaves(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [leaf for inner in value for leaf in leaves(inner)]
    return [value]


@tagged("post_install", "-at_install")
class TestStatement(StatementCase):
    def clocks_of(self, statement, verdict=None):
        return [row for row in statement.snapshot["clocks"] if verdict in (None, row["verdict"])]

    # --- snapshot --------------------------------------------------------------------------------------------

    def test_the_snapshot_holds_the_inputs_in_a_stable_form(self):
        request = self.breach()
        statement = self.close_march()
        self.assertEqual({type(leaf) for leaf in leaves(statement.snapshot)}, {str, int})
        [row] = self.clocks_of(statement, "breached")
        self.assertEqual(
            (row["request"], row["started"], row["due"], row["stopped"], row["elapsed"], row["late_by"]),
            (request.name, "2026-03-02T08:00:00Z", "2026-03-02T17:00:00Z", "2026-03-03T12:00:00Z", 43200, 14400))
        self.assertEqual(sum(span["seconds"] for span in row["intervals"] if span["kind"] == "counted"), 43200)
        self.assertEqual(len(self.clocks_of(statement)), 2, "kept promises are in the snapshot as well")

    def test_the_hash_is_that_of_the_canonical_text(self):
        self.breach()
        statement = self.close_march()
        self.env.invalidate_all()  # as the database returns it, keys in another order
        text = json.dumps(statement.snapshot, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        self.assertEqual(statement.snapshot_hash, hashlib.sha256(text.encode()).hexdigest())
        self.assertIn(statement.snapshot_hash[:12], statement.message_ids.mapped("body")[0])

    def test_the_canonical_form_refuses_what_is_not_stable(self):
        for value in (1.5, None, True, {1: "a"}):
            with self.assertRaises(TypeError):
                canonical({"deep": [{"value": value}]})
        self.assertEqual(digest({"b": 1, "a": "é"}), digest({"a": "é", "b": 1}))

    def test_paused_time_is_told(self):
        request = self.a_request("2026-03-02 08:00:00")
        self.event(request, "waiting_customer", "2026-03-02 10:00:00")
        self.event(request, "in_progress", "2026-03-02 14:00:00")
        self.event(request, "resolved", "2026-03-04 10:00:00")
        [row] = self.clocks_of(self.close_march(), "breached")
        self.assertEqual([(s["kind"], s["seconds"]) for s in row["intervals"]],
                         [("counted", 7200), ("paused", 10800), ("counted", 46800)])
        self.assertEqual((row["paused"], row["late_by"]), (10800, 25200))

    def test_a_breach_still_open_is_told_as_at_the_end_of_the_period(self):
        self.a_request("2026-03-30 08:00:00")
        [row] = [row for row in self.clocks_of(self.close_march(), "breached") if row["metric"] == "resolution"]
        self.assertNotIn("stopped", row)
        self.assertEqual((row["elapsed"], row["late_by"]), (16 * 3600, 8 * 3600), "two working days of eight hours")

    def test_nothing_due_is_neither_0_nor_100(self):
        statement = self.close_march()
        self.assertEqual((statement.due, statement.rate_text), (0, "n/a"))
        self.assertEqual(set(statement.line_ids.mapped("rate_text")), {"n/a"})
        self.assertNotIn("rate", statement.snapshot["totals"])

    # --- the document ----------------------------------------------------------------------------------------

    def test_the_pdf_is_stored_and_drawn_again_to_the_same_bytes(self):
        self.breach()
        statement = self.close_march()
        stored = statement.attachment_id.raw
        self.assertTrue(stored.startswith(b"%PDF-"))
        self.customer.name = self.company.name = "Renamed since"  # the snapshot does not look at records
        self.amend(self.contract, title="Renamed since")
        self.assertEqual(statement._draw(statement.snapshot), stored)
        self.assertEqual(statement._verify(), [])
        report = self.env["ir.actions.report"].with_user(self.anna)
        content, kind = report._render_qweb_pdf("aftersales_contracts.report_statement", statement.ids)
        self.assertEqual((content, kind), (stored, "pdf"), "the report hands out the stored one")

    def test_the_customers_language(self):
        self.speak("zh_TW")
        self.customer.write({"lang": "zh_TW", "name": "台灣港務"})
        self.breach(title="空壓機停機")
        statement = self.close_march()
        presentation = statement.snapshot["presentation"]
        self.assertEqual(presentation["language"], "zh_TW")
        self.assertEqual(presentation["labels"]["Breached"], "逾時")
        self.assertEqual(presentation["title"], "服務水準報告書")
        self.assertEqual(statement.snapshot["targets"][1]["name"], "解決")
        fonts = statement.company_id._statement_fonts()
        if fonts.missing("台"):
            self.skipTest("no Chinese font on this machine")
        self.assertIn(b"FontFile2", statement.attachment_id.raw, "embedded")

    def test_the_logo_is_kept_with_the_statement(self):
        def picture(colour):
            data = io.BytesIO()
            Image.new("RGB", (40, 20), colour).save(data, "PNG")
            return base64.b64encode(data.getvalue())

        self.company.logo = picture("red")
        march = self.close_march()
        april = self.close("2026-05-04")
        self.assertTrue(march.logo_attachment_id)
        self.assertEqual(march.logo_attachment_id, april.logo_attachment_id, "one file for both")
        self.company.logo = picture("blue")
        self.assertEqual(march._verify(), [])
        with self.assertRaises(UserError):
            march.logo_attachment_id.unlink()

    def test_the_companys_paper(self):
        paper = self.env["report.paperformat"].create(
            {"name": "Narrow", "format": "custom", "page_width": 148, "page_height": 210, "orientation": "Portrait"})
        for company_paper, expected in (
                (self.env.ref("base.paperformat_euro"), "A4"), (self.env.ref("base.paperformat_us"), "Letter"),
                (paper, [419528, 595276])):
            self.company.paperformat_id = company_paper
            self.assertEqual(self.company._statement_paper(), expected)
        self.assertIn(b"419.52", self.close_march().attachment_id.raw)

    def test_the_preview_shows_today_and_stores_nothing(self):
        self.breach("2026-05-11 08:00:00", "2026-05-11 09:00:00", "2026-05-13 09:00:00")
        action = self.contract.with_user(self.anna).action_open_draft()
        draft = self.env["aftersales.statement"].with_user(self.anna).browse(action["res_id"])
        self.assertEqual((draft.state, str(draft.period_start), draft.breached), ("draft", "2026-05-01", 1))
        before = self.env["ir.attachment"].search_count([])
        content, _kind = self.env["ir.actions.report"].with_user(self.anna)._render_qweb_pdf(
            "aftersales_contracts.report_statement", draft.ids)
        self.assertTrue(content.startswith(b"%PDF-"))
        self.assertFalse(draft.snapshot or draft.attachment_id or draft.snapshot_hash)
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)
        again = self.contract.with_user(self.anna).action_open_draft()
        self.assertEqual(again["res_id"], draft.id)

    # --- what does not change --------------------------------------------------------------------------------

    def test_nobody_changes_a_closed_statement(self):
        self.breach()
        statement = self.close_march()
        attachment = statement.attachment_id
        stated = self.env["aftersales.statement.clock"].search([("statement_id", "=", statement.id)])
        self.assertEqual(len(stated), 2)
        acts = [
            (statement, "write", {"note": "Other"}), (statement, "write", {"state": "draft"}),
            (statement, "write", {"snapshot": {}}), (statement, "write", {"attachment_id": False}),
            (statement, "unlink"), (statement.line_ids, "write", {"met": 7}), (statement.line_ids, "unlink"),
            (stated, "write", {"verdict": "met"}), (stated, "unlink"), (attachment, "write", {"raw": b"other"}),
            (attachment, "write", {"datas": b"b3RoZXI="}), (attachment, "write", {"name": "other"}),
            (attachment, "write", {"res_id": 0}), (attachment, "unlink")]
        for records, method, *args in acts:
            for who in (records, records.with_user(self.boss), records.with_user(self.felix)):
                with self.subTest(model=records._name, method=method, args=args, user=who.env.uid):
                    with self.assertRaises(UserError):  # AccessError is one of them
                        getattr(who, method)(*args)
        self.assertEqual(statement._verify(), [])
        attachment.with_user(self.felix).write({"thumbnail": False})  # what opening the form may do

    def test_a_context_key_opens_nothing(self):
        self.breach()
        statement = self.close_march()
        for key in ("aftersales_transition", "aftersales_purge", "install_mode", "module", "_force_unlink"):
            with self.assertRaises(UserError):
                statement.with_context(**{key: True}).write({"note": "Other"})
            with self.assertRaises(UserError):
                statement.attachment_id.with_user(self.felix).with_context(**{key: True}).unlink()

    def test_closing_and_sending_are_for_finance(self):
        self.contract._open_periods()
        draft = self.env["aftersales.statement"]._drafts(self.contract._open_periods()[:1])
        for user in (self.agent, self.anna, self.lena):
            for action in ("action_close", "action_send"):
                with self.assertRaises(AccessError):
                    getattr(draft.with_user(user), action)()
        for user in (self.agent, self.lena):
            with self.assertRaises(AccessError):
                draft.with_user(user).write({"note": "Hello"})
        draft.with_user(self.anna).write({"note": "Thank you for your trust."})
        with self.assertRaises(UserError):
            draft.with_user(self.felix).write({"state": "closed"})
        with self.assertRaises(AccessError):
            self.env["aftersales.statement"].with_user(self.felix).create({
                "contract_id": self.contract.id, "period_start": "2026-06-01", "period_end": "2026-06-30",
                "start_at": "2026-06-01", "end_at": "2026-07-01", "zone": "UTC"})
        draft.with_user(self.felix).action_close()
        self.assertEqual((draft.state, draft.closed_by_id), ("closed", self.felix))
        self.assertEqual(draft.snapshot["statement"]["note"], "Thank you for your trust.")

    # --- checking --------------------------------------------------------------------------------------------

    def test_checking_names_what_was_tampered_with(self):
        self.breach()
        statement = self.close_march()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE aftersales_statement SET snapshot = jsonb_set(snapshot, '{totals,breached}', '0') WHERE id = %s",
            [statement.id])
        self.env.cr.execute(
            "UPDATE aftersales_statement_line SET breached = 0, met = 1 WHERE statement_id = %s AND breached = 1",
            [statement.id])
        self.env.invalidate_all()
        findings = statement._verify()
        self.assertEqual(len(findings), 4, findings)
        self.assertIn("hash", findings[0])
        self.assertEqual(statement.with_user(self.anna).action_verify()["params"]["type"], "warning")

    def test_checking_names_other_fonts(self):
        self.breach()
        statement = self.close_march()
        with patch.object(type(self.company), "_statement_renderer", return_value="reportlab 9: Other"), \
                patch.object(type(statement), "_draw", return_value=b"%PDF-other"):
            [finding] = statement._verify()
        self.assertIn("reportlab 9: Other", finding)

    # --- late facts ------------------------------------------------------------------------------------------

    def test_a_late_fact_becomes_a_correction(self):
        request = self.breach()
        march = self.close_march()
        frozen = (march.snapshot, march.snapshot_hash, march.attachment_id.raw, march.breached, march.met)
        self.event(request, "waiting_customer", "2026-03-02 11:00:00")  # reported in May: it had been waiting
        self.event(request, "in_progress", "2026-03-03 11:00:00")
        self.assertEqual(self.clock(request).state, "met")
        self.refresh()
        [sentence] = march._verify()
        for part in (march.name, request.name, "was Breached", "is Met"):
            self.assertIn(part, sentence)
        april = self.close("2026-05-04")
        correction = april.correction_ids
        self.assertEqual((correction.origin_id, correction.request_id, correction.was_verdict, correction.is_verdict),
                         (march, request, "breached", "met"))
        self.assertEqual((april.due, april.met), (0, 0), "it was counted in March")
        self.assertEqual(april.snapshot["corrections"][0]["statement"], march.name)
        march.invalidate_recordset()
        self.assertEqual(
            frozen, (march.snapshot, march.snapshot_hash, march.attachment_id.raw, march.breached, march.met))
        self.assertIn("Told in", march._verify()[0])

    def test_a_correction_is_told_once(self):
        request = self.breach()
        self.close_march()
        self.excuse(request).with_user(self.felix).action_approve()
        april = self.close("2026-05-04")
        self.assertEqual(len(april.correction_ids), 1)
        self.refresh()
        self.assertFalse(self.waiting(), "told already")
        with self.assertRaises(UserError):
            april.correction_ids.write({"is_verdict": "met"})
        with self.assertRaises(UserError):
            april.correction_ids.unlink()

    def waiting(self):
        return self.env["aftersales.statement.correction"].search(
            [("contract_id", "=", self.contract.id), ("statement_id", "=", False)])

    def test_facts_that_turn_back_in_time_leave_no_correction(self):
        request = self.breach()
        self.close_march()
        event = request.browse(request.id).event_ids.filtered(lambda e: e.status_id.code == "resolved")
        event.action_void()
        self.event(request, "resolved", "2026-03-02 15:00:00")
        self.refresh()
        self.assertEqual(self.waiting().is_verdict, "met")
        request.event_ids.filtered(
            lambda e: e.status_id.code == "resolved" and str(e.occurred_at) == "2026-03-02 15:00:00").action_void()
        request.record_event("resolved", "2026-03-03 12:00:00", note="as it was")
        self.env["aftersales.request.event"]._append([{
            "request_id": request.id, "occurred_at": "2026-03-03 12:00:00", "source": "api", "source_state": "again",
            "status_id": self.env.ref("aftersales_contracts.status_resolved").id}])
        request._evaluate()
        self.refresh()
        self.assertEqual(self.clock(request).state, "breached")
        self.assertFalse(self.waiting())

    def test_a_request_that_comes_to_light_late(self):
        march = self.close_march()
        request = self.breach()
        self.refresh()
        self.assertFalse(self.rows().filtered(lambda r: r.state == "open" and r.due))
        self.assertEqual(set(self.waiting().mapped("origin_id")), {march})
        self.assertEqual(set(self.waiting().mapped("was_verdict")), {"none"})
        april = self.close("2026-05-04")
        self.assertEqual((len(april.correction_ids), april.due), (2, 0))
        self.assertEqual(april.correction_ids.request_id, request)

    def test_a_clock_decided_in_march_and_again_in_april_counts_once(self):
        request = self.met("2026-03-31 08:00:00", "2026-03-31 08:30:00", "2026-03-31 09:00:00")
        march = self.close_march()
        self.event(request, "in_progress", "2026-04-01 08:00:00")  # reopened, and late in April
        self.event(request, "resolved", "2026-04-10 09:00:00")
        clock = self.clock(request)
        self.assertEqual((clock.state, str(clock.decided_at)[:7]), ("breached", "2026-04"))
        self.refresh()
        april = self.close("2026-05-04")
        self.assertEqual((march.met, april.met, april.breached), (2, 0, 0))
        correction = april.correction_ids.filtered(lambda c: c.clock_id == clock)
        self.assertEqual((correction.was_verdict, correction.is_verdict), ("met", "breached"))

    def test_a_request_moved_to_another_contract_counts_there(self):
        request = self.breach()
        march = self.close_march()
        other = self.a_contract(title="Other", statement_start="2026-03-01")
        request.contract_id = other
        request._evaluate()
        self.refresh(self.contract | other)
        self.assertEqual(set(self.waiting().mapped("is_verdict")), {"none"})
        self.assertEqual(self.waiting().origin_id, march)
        self.assertEqual(sum(self.rows(other).mapped("due")), 2)

    def test_a_breach_resolved_after_the_close_is_no_correction(self):
        request = self.a_request("2026-03-30 08:00:00")
        self.event(request, "in_progress", "2026-03-30 09:00:00")
        march = self.close_march()
        self.assertEqual(march.breached, 1)
        self.event(request, "resolved", "2026-04-20 09:00:00")
        self.refresh()
        self.assertFalse(self.waiting())
        self.assertEqual(march._verify(), [])


@tagged("post_install", "-at_install")
class TestStatementOverHttp(StatementCase, HttpCase):
    def test_the_pdf_over_http(self):
        """The stored document of a closed period, and a preview of an open one, on Odoo's read-only report route."""
        self.breach()
        march = self.close_march()
        draft = self.env["aftersales.statement"]._drafts(self.contract._open_periods()[-1:])
        self.env.flush_all()
        self.authenticate(self.anna.login, self.anna.login)
        answer = self.url_open(f"/report/pdf/aftersales_contracts.report_statement/{march.id}")
        self.assertEqual((answer.status_code, answer.headers["Content-Type"]), (200, "application/pdf"))
        self.assertEqual(answer.content, march.attachment_id.raw)
        answer = self.url_open(f"/report/pdf/aftersales_contracts.report_statement/{draft.id}")
        self.assertTrue(answer.content.startswith(b"%PDF-"))
        html = self.url_open(f"/report/html/aftersales_contracts.report_statement/{march.id}")
        self.assertIn(march.snapshot_hash, html.text)

    def test_no_pdf_for_strangers(self):
        march = self.close_march()
        self.authenticate(self.clerk.login, self.clerk.login)
        answer = self.url_open(f"/report/pdf/aftersales_contracts.report_statement/{march.id}")
        self.assertFalse(answer.content.startswith(b"%PDF-"))
        self.assertNotEqual(answer.status_code, 200)
