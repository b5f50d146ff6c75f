"""Credit statements and penalty notices: what stands in them, that they are issued once, and stay as they are."""

from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Date
from odoo.tests import tagged
from psycopg2.errors import NotNullViolation

from ..models.penalties.penalty_reckoning import _shortened
from ..models.statements.statement_snapshot import canonical, digest
from .penalty_document_case import PenaltyDocumentCase


@tagged("post_install", "-at_install")
class TestPenaltyDocument(PenaltyDocumentCase):
    def assert_told(self, text, *parts):
        self.assertEqual([part for part in parts if part not in text], [], text)

    # --- what stands in them -------------------------------------------------------------------------------------

    def test_a_credit_statement_says_how_the_amount_came_about(self):
        document = self.posted(breaches=3)
        penalty, text = document.penalty_ids, self.text(document._document_pdf())
        self.assertRecordValues(document, [{
            "kind": "credit", "contract_id": self.contract.id, "partner_id": self.customer.id, "amount": 100,
            "period_start": Date.to_date("2026-03-01"), "issued_on": Date.to_date("2026-05-20"),
            "objection_until": False, "company_id": self.company.id}])
        currency = self.contract.currency_id.name
        self.assert_told(
            text, "Credit Statement", "March 2026", "Prepared for Harbour Freight", f"Number {document.name}",
            f"Contract {self.contract.name} Compressor Care", f"Statement {penalty.statement_id.name}",
            f"Posted as {penalty.move_id.name} (05/20/2026)", f"We credit you {currency} 100.00 for March 2026.",
            f"Failures counted: 3. Without caps it would be {currency} 150.00.",
            f"{self.clause.number}, version 1 · {penalty.name}",
            "In all, at most 10% of the period's fee",
            f"Percentages are of the fee of the period: {currency} 1,000.00.",
            "Resolution 50 USD 8 h Failures: 3 3 0" if currency == "USD" else "8 h Failures: 3 3 0",
            "Cost Resolution 3 × 50 (failures) 150.00", "Cap of the period cut 50.00 above 100.00 is cut 100.00",
            "Resolution 3 × 50 (failures) 150.00 Cut by a cap Cap of the period: 100.00 -50.00 Amount due 100.00",
            "Failures counted (3)", "03/02/2026 05:00 PM 03/04/2026 12:00 PM 12 h",
            f"We credit it by credit note {penalty.move_id.name} of 05/20/2026.",
            f"Inputs of {penalty.name} (SHA-256): {penalty.inputs_hash}",
            f"Hash of the inputs (SHA-256) {document.snapshot_hash}")
        for request in penalty.event_ids.request_id:
            self.assertIn(request.name, text)
        self.assertNotIn("Preview", text)
        self.assertNotIn("Waived", text)

    def test_an_excused_failure_stands_apart_with_its_reason(self):
        request = self.breach("2026-03-09 08:00", "2026-03-09 09:00", "2026-03-11 12:00")
        excuse = self.excuse(request)
        excuse.with_user(self.boss).action_approve()
        document = self.posted(breaches=1)
        counted, excused = self.text(document._document_pdf()).split("Excused failures, not counted (1)")
        self.assert_told(counted, "Failures counted: 1. Excused, not counted: 1.", "Failures counted (1)",
                         "Excused Resolution Customer", "Resolution 1 × 50 (failures) 50.00 Amount due 50.00")
        self.assertNotIn(request.name, counted)
        self.assert_told(excused, request.name, "Reason: Customer")

    def test_a_waiver_is_shown_with_its_reason_and_who_agreed(self):
        penalty = self.march()
        penalty.with_user(self.anna).action_waive(30, "Goodwill after our talk")
        penalty.with_user(self.lena).action_approve_waiver()
        document = self.posted(penalty)
        text, currency = self.text(document._document_pdf()), self.contract.currency_id.name
        self.assert_told(
            text, f"We credit you {currency} 70.00 for March 2026.", f"Of it waived: {currency} 30.00.",
            "Reckoned amount 100.00 Waived Goodwill after our talk Agreed by Lena. -30.00 Amount due 70.00")

    def test_several_clauses_of_a_period_stand_in_one_document(self):
        points = self.a_clause([self.a_component(name="Response", rate=5, metric="first_response")], name="Response")
        contract = self.a_contract(title="Two clauses", clauses=self.clause | points, statement_start="2026-03-01")
        for number in range(2):
            self.breach(f"2026-03-{9 + number:02} 08:00", f"2026-03-{10 + number:02} 12:00",
                        f"2026-03-{11 + number:02} 12:00", contract_id=contract.id)
        self.close("2026-04-04", contract)
        penalties = self.assess(self.closed(contract))
        document = self.posted(penalties)
        self.assertEqual((len(document), document.penalty_ids, document.amount), (1, penalties, 110))
        text = self.text(document._document_pdf())
        first, second = penalties.sorted("name")
        self.assert_told(
            text, "Summary Clause Number Reckoned Waived Amount", f"version 1 {first.name}", f"version 1 {second.name}",
            "Total 110.00 110.00", "Clause: Service Credits", "Clause: Response", "Failures counted: 4.")
        self.assertEqual(self.report("report_penalty", penalties), document._document_pdf(), "printed once, not twice")

    def test_amounts_have_the_digits_of_their_currency(self):
        for name, rate, shown in (("JPY", 150.0, "5,000"), ("KWD", 0.3, "5,000.000")):
            with self.subTest(name):
                currency = self.in_currency(name, rate)
                clause = self.a_clause([self.a_component(rate=5000)], currency_id=currency.id)
                contract = self.a_contract(title=f"In {name}", clauses=clause, currency_id=currency.id, price=90000,
                                           statement_start="2026-03-01")
                self.breach("2026-03-09 08:00", "2026-03-09 09:00", "2026-03-11 12:00", contract_id=contract.id)
                self.close("2026-04-04", contract)
                document = self.posted(self.assess(self.closed(contract)))
                text = self.text(document._document_pdf())
                self.assert_told(text, f"We credit you {name} {shown} for March 2026.", f"Amount due {shown}",
                                 f"All amounts in {name}, before taxes.")
                if name == "JPY":
                    self.assertNotIn("5,000.0", text)

    def test_the_language_is_the_customers(self):
        self.speak("de_DE")
        self.customer.lang = "de_DE"
        document = self.posted()
        text, currency = self.text(document._document_pdf()), self.contract.currency_id.name
        self.assertEqual(document.snapshot["presentation"]["language"], "de_DE")
        self.assert_told(text, "März 2026", "20.05.2026", f"1.000,00 {currency}", "100,00")
        self.assertNotIn("1,000.00", text)
        self.assertNotIn("05/20/2026", text)

    def test_names_in_chinese_can_be_read(self):
        name, title = "中華航空設備維護股份有限公司", "壓縮機全責保養合約"
        self.customer.name = name
        self.amend(self.contract, title=title)
        document = self.posted()
        self.assert_told(self.text(document._document_pdf()), name, title)

    def test_a_bonus_is_charged(self):
        bonus = self.a_component(
            name="Better", kind="per_point", source="compliance", metric="resolution", is_bonus=True, rate=10,
            target_from="own", target=90)
        clause = self.a_clause([bonus], name="Bonus")
        contract = self.a_contract(title="Bonus", clauses=clause, statement_start="2026-03-01")
        self.met(contract_id=contract.id)
        self.close("2026-04-04", contract)
        document = self.posted(self.assess(self.closed(contract)))
        currency = contract.currency_id.name
        self.assertEqual(document.amount, -100)
        move = document.penalty_ids.move_id
        self.assert_told(
            self.text(document._document_pdf()),
            f"For more than was promised we charge a bonus of {currency} 100.00 for March 2026.",
            "Better (bonus) 10 × 10 (points) -100.00", f"We charge it by invoice {move.name} of 05/20/2026.",
            "Please pay it until")

    def test_a_dealer_gets_a_penalty_notice_with_the_days_to_object(self):
        self.company.penalty_objection_days = 10
        provider = self.a_provider_contract(statement_start="2026-03-01")
        request = self.breach("2026-03-02 08:00", "2026-03-02 09:00", "2026-03-04 12:00")
        request.executor_id = self.dealer
        made, problems = self.env["aftersales.penalty"]._assess_providers(provider, Date.to_date("2026-05-20"))
        self.assertFalse(problems)
        penalty = made.filtered("amount")
        self.assertEqual(len(penalty), 1, made.mapped("inputs"))
        document = self.posted(penalty)
        self.assertRecordValues(document, [{
            "kind": "notice", "partner_id": self.dealer.id, "objection_until": Date.to_date("2026-05-30")}])
        text, move = self.text(document._document_pdf()), penalty.move_id
        self.assert_told(
            text, "Penalty Notice", "Addressed to Northern Dealer", "We claim a penalty of", request.name,
            "Payment and objection", f"We charge it by debit note {move.name} of 05/20/2026.",
            "If you object, tell us in writing, with your reasons, until 05/30/2026.")
        for other in ("Credit Statement", "Harbour Freight", "Statement ST/"):
            self.assertNotIn(other, text)

    def test_late_facts_are_charged_back_and_name_the_penalty_they_correct(self):
        late = self.breach()
        march = self.march(breaches=1)
        self.posted(march)
        self.excuse(late).with_user(self.boss).action_approve()
        self.close("2026-05-04")
        correction = self.assess().filtered("origin_id")
        document = self.posted(correction)
        currency = self.contract.currency_id.name
        self.assertEqual((document.amount, document.kind), (-50, "credit"))
        self.assert_told(
            self.text(document._document_pdf()), f"We charge back {currency} 50.00 of earlier credits with April 2026.",
            f"It corrects {march.name} of March 2026", "Told before", "Difference To what was told before -50.00",
            "Resolution Late facts -50.00 Amount due -50.00", "Excused failures, not counted (1)", late.name,
            f"We charge it by invoice {correction.move_id.name}")

    def test_a_deduction_names_the_invoice_that_it_is_on(self):
        clause = self.a_clause([self.a_component()], settle_by="next_invoice", name="Deducted")
        contract = self.a_contract(title="Deducted", clauses=clause, statement_start="2026-03-01")
        self.breach("2026-03-09 08:00", "2026-03-09 09:00", "2026-03-11 12:00", contract_id=contract.id)
        self.close("2026-04-04", contract)
        penalty = self.approved(self.assess(self.closed(contract)))
        move = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.customer.id, "invoice_date": "2026-05-20",
            "invoice_line_ids": [
                Command.create({"name": "Care", "price_unit": 1000, "quantity": 1, "tax_ids": [Command.clear()]}),
                Command.create({"name": "Penalty", "price_unit": -50, "quantity": 1, "tax_ids": [Command.clear()],
                                "aftersales_penalty_id": penalty.id})]})
        self.assertFalse(penalty.document_id)
        move.action_post()
        self.assert_told(self.text(penalty.document_id._document_pdf()),
                         f"We deduct it on invoice {move.name} of 05/20/2026.", "It is deducted from the next invoice.")

    def test_a_shortened_figure_never_hides_a_miss(self):
        for value, promised, expected in (
            ("94.996", "95", "94.99"), ("95", "95", "95"), ("54.545455", "95", "54.55"), ("99.8993", "99.9", "99.89"),
            ("99.9004", "99.9", "99.9"), ("98.7654", None, "98.77"), ("99.99949", "99.995", "99.999"),
        ):
            found = _shortened(Decimal(value), promised and Decimal(promised))
            self.assertEqual(f"{found:f}", expected, value)
            if promised:
                self.assertEqual(found >= Decimal(promised), Decimal(value) >= Decimal(promised), value)

    # --- before posting ------------------------------------------------------------------------------------------

    def test_a_preview_is_marked_and_stored_nowhere(self):
        penalty = self.march()
        before = self.env["ir.attachment"].search_count([])
        for user in (self.agent, self.anna, self.felix):
            text = self.text(self.report("report_penalty", penalty, user))
            self.assert_told(text, "Preview: not issued, figures may still change.", "Number Draft",
                             "How it is settled is told when it is posted.", "Amount due 100.00")
        self.assertFalse(penalty.document_id)
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)
        with self.assertRaises(AccessError):
            self.report("report_penalty", penalty, self.other_manager)
        with self.assertRaises(AccessError):
            self.report("report_penalty", penalty, self.carla)

    # --- issued once, and kept -----------------------------------------------------------------------------------

    def test_issued_once_and_drawn_again_with_the_same_bytes(self):
        document = self.posted()
        stored, penalty = document.attachment_id.raw, document.penalty_ids
        self.assertEqual(document._draw(), stored)
        self.assertEqual(digest(document.snapshot), document.snapshot_hash)
        canonical(document.snapshot)  # holds neither floats nor nothing
        self.customer.name, self.company.name, self.contract.user_id.name = "Renamed", "New Name", "New Hand"
        self.assertEqual(document._draw(), stored, "what it was drawn from does not change with the records")
        self.assertEqual(self.report("report_penalty_document", document, self.felix), stored)
        self.assertEqual(self.report("report_penalty", penalty, self.felix), stored)
        penalty.with_user(self.felix).action_post()
        penalty._issue_documents()
        self.assertEqual(self.env["aftersales.penalty.document"].search([("contract_id", "=", self.contract.id)]),
                         document)
        document.with_user(self.anna).action_verify()

    def test_issuing_reads_in_batches(self):
        contracts = self.contract.browse()
        for number in range(12):
            contracts |= self.a_contract(title=f"Care {number}", statement_start="2026-03-01")
        for contract in contracts:
            self.breach("2026-03-09 08:00", "2026-03-09 09:00", "2026-03-11 12:00", contract_id=contract.id)
        self.close("2026-04-04", contracts)
        penalties = self.approved(self.assess(self.closed()))
        counts = []
        for batch in (penalties[:2], penalties[2:4], penalties[4:]):
            batch._write_guarded({"state": "posted"})  # without an entry: only issuing is counted
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch._issue_documents()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual((counts[2] - counts[1]) / 6, 8, counts)

    def test_a_check_finds_what_was_changed_behind_its_back(self):
        document = self.posted()
        other = dict(document.snapshot, settlement=["Nothing is owed."])
        document._write_issued({"snapshot": other})
        with self.assertRaisesRegex(UserError, "its inputs are not those"):
            document.action_verify()
        document._write_issued({"snapshot_hash": digest(other)})
        with self.assertRaisesRegex(UserError, "the stored PDF is not what its inputs give"):
            document.action_verify()

    def test_what_is_issued_does_not_change_whoever_asks(self):
        document = self.posted()
        penalty, attachment = document.penalty_ids, document.attachment_id
        for user in (self.agent, self.anna, self.felix, self.lena, self.boss, self.env.ref("base.user_root")):
            for attempt in (
                lambda user: document.with_user(user).write({"amount": 1}),
                lambda user: document.with_user(user).unlink(),
                lambda user: document.with_user(user).create({"kind": "credit", "contract_id": self.contract.id}),
                lambda user: penalty.with_user(user).write({"document_id": False}),
                lambda user: attachment.with_user(user).write({"raw": b"other"}),
                lambda user: attachment.with_user(user).unlink(),
            ):
                self.refused(attempt, user)
        self.contract.write({"penalty_document_ids": []})
        with self.assertRaises(UserError):
            self.contract.write({"penalty_document_ids": [Command.delete(document.id)]})
        self.refused(lambda user: document.with_user(user).with_context(_force_unlink=True).unlink(), self.boss)

    def refused(self, attempt, user):
        try:
            with self.env.cr.savepoint():
                attempt(user)
                self.env.flush_all()
        except (AccessError, UserError, NotNullViolation):
            return
        self.fail(f"{user.login} changed what is issued")

    def test_a_reversed_penalty_marks_its_document(self):
        document = self.posted()
        self.assertFalse(document.reversed_on)
        document.penalty_ids.with_user(self.felix).action_reverse("Wrong customer")
        self.assertEqual(document.reversed_on, Date.to_date("2026-05-20"))
        self.assertEqual(document._draw(), document.attachment_id.raw, "the paper stays")

    def test_another_company_does_not_see_it(self):
        document = self.posted()
        self.assertFalse(self.env["aftersales.penalty.document"].with_user(self.other_manager).search(
            [("id", "=", document.id)]))
        with self.assertRaises(AccessError):
            document.with_user(self.other_manager).check_access("read")

    # --- sending -------------------------------------------------------------------------------------------------

    def test_finance_sends_it_with_the_stored_pdf(self):
        document = self.posted()
        for user in (self.agent, self.anna, self.lena):
            with self.assertRaises(AccessError):
                document.with_user(user).action_send()
        document.penalty_ids.with_user(self.felix).action_send()
        self.assertTrue(document.sent_at)
        mail = self.env["mail.mail"].sudo().search(
            [("model", "=", "aftersales.penalty.document"), ("res_id", "=", document.id)])
        self.assertEqual((len(mail), mail.recipient_ids), (1, self.contact))
        self.assertIn(f"Credit Statement {document.name}, March 2026", mail.subject)
        self.assertEqual(mail.attachment_ids.mapped("raw"), [document.attachment_id.raw])
        self.assertIn("100.00", mail.body_html)

    def test_it_is_not_sent_without_address_nor_before_posting(self):
        penalty = self.march()
        with self.assertRaisesRegex(UserError, "post it first"):
            penalty.with_user(self.felix).action_send()
        document = self.posted(penalty)
        self.contact.email = False
        with self.assertRaisesRegex(UserError, "Harbour Freight has no e-mail address"):
            document.with_user(self.felix).action_send()
        self.assertFalse(document.sent_at)
