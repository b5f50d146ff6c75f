"""Settlement statements: what they say, that they are issued once and stay, and who sends and reads them."""

from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.tests import tagged
from psycopg2.errors import NotNullViolation

from ..models.settlements import settlement_snapshot
from ..models.statements.statement_snapshot import canonical, digest
from .settlement_document_case import SettlementDocumentCase

DOCUMENT = "aftersales.settlement.document"


@tagged("post_install", "-at_install")
class TestSettlementDocument(SettlementDocumentCase):
    def test_sending_seals_pdf_and_spreadsheet(self):
        settlement = self.sent()
        document, currency = settlement.document_id, settlement.currency_id.name
        self.assertRecordValues(document, [{
            "name": f"{settlement.name}-1", "revision": 1, "dealer_id": self.dealer.id, "amount": 170,
            "period_start": Date.to_date("2026-03-01"), "answer_until": settlement.answer_until}])
        self.assertEqual(digest(document.snapshot), document.snapshot_hash)
        canonical(document.snapshot)  # holds neither floats nor nothing
        self.assert_told(
            self.told(settlement), "Settlement Statement", document.name, "Northern Dealer", "March 2026",
            f"You receive {currency} 170.00 for March 2026.", "Lines settled: 2.",
            "Parts 1 1,000.00 100.00", "Labour 1 100.00 70.00", "Total 170.00",
            f"{self.invoice.name} 03/10/2026", "Harbour Freight · All Else", "1,000.00 10% 100.00",
            "Subtotal of Parts 1,000.00 100.00", "Share Labour one line, 100.00 at 70% 70.00",
            f"Hash of the inputs (SHA-256) {document.snapshot_hash}", "please send no invoice of your own",
            "in the portal or in writing and with your reasons")
        sheets = self.sheets(document._document_sheet())
        self.assertEqual(list(sheets), ["Summary", "Lines", "Steps"])
        self.assertIn(("Total", None, None, None, 170), sheets["Summary"])
        self.assertEqual([row[10] for row in sheets["Lines"][1:]], [100, 70])
        self.assertEqual(sheets["Lines"][1][:2], ("Parts", self.invoice.name))
        self.assertEqual(sheets["Steps"][-1], ("Total", None, "To be paid", 170))
        document.with_user(self.anna).action_verify()

    def test_taxes_are_those_of_the_bill(self):
        self.company.aftersales_share_tax_ids = self.purchase_tax
        settlement = self.sent()
        self.assert_told(self.told(settlement), "Payment Part Amount Total 170.00",
                         f"{self.purchase_tax.name} 25.50 With taxes 195.50")
        self.approved(settlement)
        settlement.with_user(self.felix).action_post()
        self.assertEqual(settlement.move_ids.amount_total, 195.5)

    def test_a_late_refund_names_the_line_that_it_takes_from(self):
        self.sent()
        self.refund(self.invoice, amount=100, day="2026-04-05")
        april = self.settle("2026-05-10")
        self.sent(april)
        self.assert_told(
            self.told(april), "-100.00", f"It takes from {self.invoice.name}", "settled by DS/2026/", "of March 2026")

    def test_a_preview_is_marked_and_stored_nowhere(self):
        settlement = self.computed()
        before = self.env["ir.attachment"].search_count([])
        for user in (self.anna, self.felix, self.lena):
            text = self.text(self.report("report_settlement", settlement, user))
            self.assert_told(text, "Preview: not issued, figures may still change.", "Number Draft", "Total 170.00")
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)
        self.assertFalse(settlement.document_ids)
        for user in (self.agent, self.other_manager, self.diego, self.carla):
            with self.assertRaises(AccessError):
                self.report("report_settlement", settlement, user)

    # --- disputes ------------------------------------------------------------------------------------------------

    def test_held_lines_make_another_statement_when_it_is_approved(self):
        settlement = self.sent()
        first = settlement.document_id
        self.dispute(settlement, self.line_of(settlement, self.pump))
        self.approved(settlement)
        second = settlement.document_id
        self.assertEqual((second.revision, second.amount, second.name), (2, 70, f"{settlement.name}-2"))
        self.assertTrue(first.replaced)
        self.assertFalse(second.replaced)
        currency = settlement.currency_id.name
        self.assert_told(
            self.told(settlement), f"You receive {currency} 70.00",
            f"Held until their dispute is settled: {currency} 100.00.", "held",
            "Disputed on 04/10/2026: The rate is 12 %", "Held until the dispute is settled Lines: 1 -100.00",
            "To be paid 70.00")
        self.assertNotIn("Answer until", self.told(settlement))
        self.assertEqual(first._draw(), first.attachment_id.raw, "what was sent first stays as it was")

    def test_nothing_disputed_needs_no_second_statement(self):
        settlement = self.approved(self.sent())
        self.assertEqual(len(settlement.document_ids), 1)
        settlement.with_user(self.felix).action_issue_again()
        self.assertEqual(len(settlement.document_ids), 1)

    def test_taken_back_and_sent_again_gets_a_new_one(self):
        settlement = self.sent()
        first = settlement.document_id
        settlement.with_user(self.felix).action_withdraw("A credit note is missing")
        self.assert_told(self.text(settlement._document_pdf()), "Preview")
        self.refund(self.invoice, amount=100, day="2026-03-20")
        settlement.with_user(self.felix).action_compute()
        settlement.with_user(self.anna).action_review()
        settlement.with_user(self.anna).action_send()
        second = settlement.document_id
        self.assertEqual((second.revision, first.replaced, second.replaced), (2, True, False))
        self.assertNotEqual(first.snapshot_hash, second.snapshot_hash)
        self.assert_told(self.told(settlement), second.name)
        first.action_verify()

    # --- issued once, and kept -----------------------------------------------------------------------------------

    def test_drawn_again_with_the_same_bytes_whatever_changes(self):
        settlement = self.sent()
        document = settlement.document_id
        pdf, sheet = document.attachment_id.raw, document.sheet_attachment_id.raw
        self.dealer.name, self.company.name = "Renamed", "New Name"
        self.assertEqual((document._draw(), document._tabulate()), (pdf, sheet))
        self.assertEqual(self.report("report_settlement_document", document, self.felix), pdf)
        self.assertEqual(self.report("report_settlement", settlement, self.felix), pdf)
        document.with_user(self.anna).action_verify()

    def test_a_check_finds_what_was_changed_behind_its_back(self):
        document = self.sent().document_id
        other = {**document.snapshot, "settlement": ["Nothing is owed."]}
        document._write_issued({"snapshot": other})
        with self.assertRaisesRegex(UserError, "its inputs are not those"):
            document.action_verify()
        document._write_issued({"snapshot_hash": digest(other)})
        with self.assertRaisesRegex(UserError, "the stored PDF is not what its inputs give"):
            document.action_verify()

    def test_what_is_issued_does_not_change_whoever_asks(self):
        settlement = self.sent()
        document = settlement.document_id
        for user in (self.anna, self.felix, self.lena, self.boss, self.diego, self.env.ref("base.user_root")):
            for attempt in (
                lambda user: document.with_user(user).write({"amount": 1}),
                lambda user: document.with_user(user).unlink(),
                lambda user: document.with_user(user).create({"settlement_id": settlement.id, "revision": 9}),
                lambda user: document.attachment_id.with_user(user).write({"raw": b"other"}),
                lambda user: document.sheet_attachment_id.with_user(user).write({"raw": b"other"}),
                lambda user: document.sheet_attachment_id.with_user(user).unlink(),
            ):
                with self.subTest(user.login):
                    self.refused_to(attempt, user)
        self.refused_to(lambda user: document.with_user(user).with_context(_force_unlink=True).unlink(), self.boss)

    def refused_to(self, attempt, user):
        try:
            with self.env.cr.savepoint():
                attempt(user)
                self.env.flush_all()
        except (AccessError, UserError, NotNullViolation):
            return
        self.fail(f"{user.login} changed what is issued")

    def test_another_company_and_another_dealer_do_not_see_it(self):
        settlement = self.sent()
        for user in (self.other_manager, self.carla, self.outsider, self.agent):
            for record in (settlement, settlement.line_ids, settlement.document_id):
                with self.subTest(f"{user.login} {record._name}"), self.assertRaises(AccessError):
                    record.with_user(user).read(["display_name"])

    # --- sending -------------------------------------------------------------------------------------------------

    def test_it_is_e_mailed_with_both_files(self):
        self.dealer.email = "office@northern.example.com"
        settlement = self.sent()
        document = settlement.document_id
        self.assertTrue(document.sent_at)
        mail = self.env["mail.mail"].sudo().search([("model", "=", DOCUMENT), ("res_id", "=", document.id)])
        self.assertEqual((len(mail), mail.recipient_ids), (1, self.dealer))
        self.assertEqual(set(mail.attachment_ids.mapped("raw")),
                         {document.attachment_id.raw, document.sheet_attachment_id.raw})
        self.assertIn(document.name, mail.subject)
        self.assertIn("170.00", mail.body_html)
        self.assertIn(f"/my/settlements/{settlement.id}", mail.body_html)
        for user in (self.agent, self.lena, self.diego):
            with self.assertRaises(AccessError):
                document.with_user(user).action_send()
        document.with_user(self.felix).action_send()

    def test_without_an_address_it_is_in_the_portal_only(self):
        self.dealer.email = False
        settlement = self.sent()
        self.assertFalse(settlement.document_id.sent_at)
        self.assertIn("is in the portal only", "".join(settlement.message_ids.mapped("body")))
        with self.assertRaisesRegex(UserError, "has no e-mail address"):
            settlement.with_user(self.felix).action_send_statement()

    # --- many, odd and foreign -----------------------------------------------------------------------------------

    def test_texts_that_look_like_formulas_stay_texts(self):
        settlement = self.sent(self.computed(
            {"product_id": self.pump.id, "price_unit": 10, "name": "=HYPERLINK(\"http://x\")"},
            {"product_id": self.pump.id, "price_unit": 20, "name": "+cmd|' /C calc'!A0\x07 中文"}))
        names = [row[4] for row in self.sheets(settlement.document_id._document_sheet())["Lines"][1:]]
        self.assertEqual(names, ["'=HYPERLINK(\"http://x\")", "'+cmd|' /C calc'!A0 中文"])
        self.assert_told(self.told(settlement), "=HYPERLINK")

    def test_long_and_chinese_names_are_on_paper(self):
        self.dealer.name = "中華航空設備維護股份有限公司 Northern Authorised Dealers Association of the Baltic Sea"
        self.customer.name = "台灣精密工業股份有限公司" * 4
        text = self.told(self.sent()).replace(" ", "")
        for name in (self.dealer.name, self.customer.name):
            self.assertIn(name.replace(" ", ""), text)

    def test_lines_beyond_the_paper_stand_in_the_spreadsheet(self):
        self.patch(settlement_snapshot, "LISTED", 1)
        settlement = self.sent()
        head = settlement.document_id.snapshot["document"]
        self.assertEqual(len(head["lines_hash"]), 64)
        self.assert_told(
            self.told(settlement), "Parts 1 1,000.00 100.00", "The lines themselves are in the spreadsheet")
        self.assertNotIn(self.invoice.name, self.told(settlement))
        self.assertEqual([row[10] for row in self.sheets(settlement.document_id._document_sheet())["Lines"][1:]],
                         [100, 70])
        settlement.document_id.action_verify()

    def test_what_is_owed_is_carried_and_told(self):
        settlement = self.sent(self.computed((self.work, 100)))
        self.refund(self.invoice, day="2026-04-05")
        april = self.settle("2026-05-10")
        self.sent(april)
        self.assertEqual((april.payable, april.carried_left), (0, -70))
        currency = april.currency_id.name
        self.assert_told(
            self.told(april), "Nothing is paid for April 2026.",
            f"Carried forward to the next period: {currency} -70.00.",
            "Carried Forward To the next period 70.00", "it is set off against your next settlement")
        may = self.settle("2026-06-10")
        self.sent(may)
        self.assert_told(self.told(may), "Opening balance -70.00")
        self.assertEqual(settlement.document_id.amount, 70)

    def test_penalties_are_told_with_their_cause(self):
        penalty = self.a_penalty(50, contract=self.dealing)
        settlement = self.computed()
        self.assertIn(("penalty", "-50.00"), self.amounts(settlement))
        self.sent(settlement)
        self.assert_told(self.told(settlement), "Penalties set off Penalty Cause Amount", penalty.name, "Uptime",
                         "-50.00", "Total 120.00")

    def test_reading_many_lines_takes_a_constant_number_of_queries(self):
        few = self.computed(*[(self.pump, 10)] * 3)
        counts = []
        for settlement in (few, few, self.after_more_lines(30)):  # the first time warms up what both read
            presentation = settlement._statement_presentation()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = list(settlement._statement_lines(presentation))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(len(rows), 30)
        self.assertEqual(counts[1], counts[2], counts)

    def after_more_lines(self, count):
        self.an_invoice(*[(self.pump, 10)] * count, day="2026-04-03")
        return self.settle("2026-05-10")

    def test_groups_add_up_to_the_lines(self):
        settlement = self.computed((self.work, 33.33), (self.pump, 66.67), (self.pump, 0.05))
        groups, _head = settlement._groups_told(settlement._statement_presentation())
        self.assertEqual(sum(Decimal(group["amount"]) for group in groups), settlement._money(settlement.lines_total))
        for group in groups:
            self.assertEqual(sum(Decimal(row["amount"]) for row in group["rows"]), Decimal(group["amount"]))


@tagged("post_install", "-at_install")
class TestWholeStatement(SettlementDocumentCase):
    """A rule with brackets, a cap, a bonus, a brand fee, withholding and two payees."""

    @classmethod
    def a_dealer_contract(cls, activate=True, rule=None, **values):
        return super().a_dealer_contract(activate, rule or cls.a_rule_of_everything(), **values)

    def test_everything_that_a_rule_can_do_is_told(self):
        settlement = self.sent()
        self.assert_told(
            self.told(settlement),
            "Brackets: Pieces Bracket Volume Rate Share 0.00 to less than 500.00 500.00 10% 50.00",
            "from 500.00 on 500.00 20% 100.00 Total 1,000.00 150.00",
            "Each part of the volume counts at the rate of its own bracket. The volume adds up over the quarter.",
            "Bonus Faithful", "Cut by the Cap 15.00 above 210.00 is cut -15.00",
            "Brand Fee 1% of the revenue 1,100.00 -11.00", "Withholding 10% of 199.00 -19.90", "Total 179.10",
            "Payees Payee Percent Amount Northern Dealer 70% 125.37 Second Payee 30% 53.73")
        rows = self.sheets(settlement.document_id._document_sheet())["Summary"]
        self.assertIn(("Total", None, None, None, 179.1), rows)
        self.assertIn(("Second Payee", "30 %", None, None, 53.73), rows)

    def test_brackets_go_on_in_the_next_month_of_the_quarter(self):
        self.sent(self.computed((self.pump, 400), day="2026-03-05"))
        self.an_invoice((self.pump, 300), day="2026-04-02")
        self.assert_told(self.told(self.sent(self.settle("2026-05-10"))), "300.00", "Pieces")
