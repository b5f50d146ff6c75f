"""The contract and the agreement as PDF: what stands in them, in which language, and that the bytes are the same."""

from odoo import http
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .signing_common import SigningCase, text_of

NASTY = "<b>Müller</b> {{ object.env }} <script>alert(1)</script> %(name)s"


class TestContractDocument(SigningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls.env["account.tax"].create({"name": "Service 10%", "amount": 10, "company_id": cls.company.id})
        cls.customer.write({"street": "Pier 3", "city": "Rostock", "vat": "DE811223344"})
        cls.contact.function = "Procurement"
        cls.product = cls.env["product.product"].create({"name": "NW-160 Compressor"})
        cls.asset = cls.env["aftersales.asset"].create({
            "name": "NW160-2214", "partner_id": cls.customer.id, "product_id": cls.product.id, "place": "Pier 3"})
        cls.rich = cls.a_signable_contract(
            title="Quay 7", date_end="2027-12-31", renewal_kind="automatic", renewal_interval=12, renewal_unit="month",
            renewal_max=3, grace_days=14, notice_period=90, notice_unit="day", notice_cut_off=18.5, calendar_id=False,
            scope_ids=[Command.create({"type_id": cls.env.ref("aftersales_contracts.type_repair").id})],
            line_ids=[
                Command.create({"name": "Full maintenance", "price": 100, "quantity": 12, "tax_ids": [
                    Command.set(cls.tax.ids)], "price_rule": "percent", "price_percent": 2.5}),
                Command.create({"name": "Left out", "price": 7, "cancelled": True})],
            clause_ids=[
                Command.create({"sequence": 1, "title": "Confidentiality",
                                "text": "Keep it secret.\nThis does not hold for what\n(a) was public."}),
                Command.create({"sequence": 2, "title": "Customer", "text": "The customer is {{ customer }}."})],
            cover_ids=[Command.create({"asset_id": cls.asset.id})])

    def test_every_section_is_on_paper(self):
        text = text_of(self.rich._document_pdf())
        for part in (
            "DRAFT", "Customer Service Contract", "Quay 7", self.rich.name, "Version 1",
            "Harbour Freight Pier 3 Rostock", "Tax ID DE811223344", "Represented by: Carla Contact (Procurement)",
            "Represented by: Anna",
            "The contract runs from 01/01/2026 to 12/31/2027, both days included.", "it is renewed by 12 months",
            "Number of renewals at most: 3.", "Notice is given at least 90 days before the term ends.",
            "Registered Letter", "arrives after 18:30", "the last safe day to send it is",
            "Scope of service", "Repair", "First Response", "4 h", "95%", "“Office” (times in UTC)",
            "Monday – Friday: 08:00–12:00, 13:00–17:00",
            "Covered assets", "NW160-2214", "NW-160 Compressor",
            "Full maintenance 12", "one month", "Service 10%", "The price changes by 2.5% with each renewal.",
            "Total of a year, before taxes",
            "1 Confidentiality 1.1 Keep it secret. 1.2 This does not hold for what (a) was",
            "2 Customer The customer is Harbour Freight.",
            "1. Harbour Freight", "Name: Carla Contact Function: Procurement", "Name: Anna",
            f"Text of the agreement (SHA-256): {self.rich._document_fingerprint()[:16]}", "Page 1 of",
        ):
            self.assertIn(part, text)
        self.assertNotIn("Left out", text)

    def test_totals_and_taxes_of_a_year(self):
        text = text_of(self.rich._document_pdf())
        yearly = self.rich.annual_value
        self.assertEqual(yearly, 14400)
        for amount in ("14,400.00", "Taxes of a year: ", "1,440.00", "Total of a year, with taxes: ", "15,840.00"):
            self.assertIn(amount, text)

    def test_the_same_text_gives_the_same_bytes_whoever_draws_it(self):
        pdf = self.rich._document_pdf()
        for user in (self.agent, self.anna, self.felix):
            zoned = self.rich.with_user(user).with_context(tz="Asia/Taipei", lang="en_US")
            self.assertEqual(zoned._document_pdf(), pdf)

    def test_the_fingerprint_follows_what_is_agreed_and_nothing_else(self):
        contract = self.rich
        before = contract._document_fingerprint()
        for what, change in (
            ("a price", lambda: contract.line_ids[0].write({"price": 101})),
            ("a clause", lambda: contract.clause_ids[0].write({"text": "Keep it."})),
            ("a party", lambda: contract.party_ids[-1:].partner_id.write({"name": "Another Name"})),
            ("a target", lambda: self.policy.target_ids[0].write({"objective": 97})),
            ("the term", lambda: contract.write({"date_end": "2028-12-31"})),
            ("a tax", lambda: self.tax.write({"name": "Service 11%"})),
            ("working hours", lambda: self.office.attendance_ids[0].write({"hour_from": 7})),
        ):
            with self.subTest(what):
                change()
                after = contract._document_fingerprint()
                self.assertNotEqual(after, before)
                before = after
        for what, change in (
            ("the account manager", lambda: contract.write({"user_id": self.boss.id})),
            ("the notes", lambda: contract.write({"note": "<p>x</p>"})),
            ("the language", lambda: contract.write({"lang": "en_US"})),
            ("the logo", lambda: self.company.write({"primary_color": "#112233"})),
            ("how dates are written",
             lambda: self.env["res.lang"]._lang_get("en_US").write({"date_format": "%d.%m.%Y"})),
        ):
            with self.subTest(what):
                change()
                self.assertEqual(contract._document_fingerprint(), before)

    def test_no_draft_mark_from_approval_on(self):
        contract = self.approved(self.a_signable_contract())
        self.assertNotIn("DRAFT", text_of(contract._document_pdf()))

    def test_a_placeholder_without_a_value_is_seen_in_a_draft(self):
        self.rich.clause_ids[1].text = "Capped at {{ liability_cap }}."
        self.assertIn("Capped at {{ liability_cap }}.", text_of(self.rich._document_pdf()))

    def test_row32_names_print_literally(self):
        """Neither tags, nor braces, nor percent signs of a partner's name do anything."""
        self.customer.name = NASTY
        self.contact.name = NASTY
        text = text_of(self.rich._document_pdf()).replace(" ", "")
        self.assertGreaterEqual(text.count(NASTY.replace(" ", "")), 3)
        signing = self.sent()
        self.assertIn("&lt;script&gt;", self.mails_to(self.carla)[0])
        self.assertNotIn("<script>", self.mails_to(self.carla)[0])
        self.assertIn(NASTY.replace(" ", ""), text_of(signing.attachment_id.raw).replace(" ", ""))

    def test_row32_chinese_is_drawn_with_a_font_that_has_it(self):
        fonts = self.company._statement_fonts()
        if fonts.missing("港口物流股份有限公司"):
            self.skipTest("no Chinese font on this machine")
        self.customer.name = "港口物流股份有限公司"
        self.rich.clause_ids[0].text = "甲方應於三十日內付款，逾期按年利率百分之五計息。" * 12
        text = text_of(self.rich._document_pdf())
        self.assertIn("港口物流股份有限公司", text)
        self.assertEqual(text.replace(" ", "").count("逾期按年利率百分之五計息"), 12)

    def test_in_the_language_of_the_document(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.rich.lang = "de_DE"
        text = text_of(self.rich.with_user(self.anna)._document_pdf())
        self.assertIn("01.01.2026", text)
        self.assertIn("Montag – Freitag", text)
        self.assertIn("14.400,00", text)
        english = self.rich._document_fingerprint()
        self.rich.lang = "en_US"
        self.assertEqual(self.rich._document_fingerprint(), english)

    def test_report_and_print_menu(self):
        report = self.env.ref("aftersales_contracts.action_report_contract")
        self.assertEqual(report.binding_model_id.model, "aftersales.contract")
        content, kind = self.env["ir.actions.report"].with_user(self.anna)._render_qweb_pdf(report, self.rich.ids)
        self.assertEqual((content, kind), (self.rich._document_pdf(), "pdf"))
        with self.assertRaises(AccessError):
            self.env["ir.actions.report"].with_user(self.clerk)._render_qweb_pdf(report, self.rich.ids)
        self.assertEqual(self.rich._get_report_base_filename(), self.rich.name.replace("/", "-"))


class TestNdaDocument(SigningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dealer.email = "diego.test@example.com"
        cls.nda = cls.env["aftersales.nda"].create({
            "title": "Drawings", "kind": "one_way", "effective_date": "2026-01-01", "term_months": 12,
            "survival_months": 36, "user_id": cls.lena.id, "text": "Keep the drawings.\nReturn them to {{ company }}.",
            "party_ids": [
                Command.clear(),
                Command.create({"partner_id": cls.company.partner_id.id, "role": "discloser"}),
                Command.create({"partner_id": cls.dealer.id, "role": "recipient",
                                "person_ids": [Command.set(cls.dealer_contact.ids)]})]})

    def test_the_agreement_on_paper(self):
        text = text_of(self.nda._document_pdf())
        for part in (
            "Non-disclosure Agreement", self.nda.name, "Drawings", "Northern Dealer",
            f"{self.company.name} discloses confidential information",
            "Only these persons may have access: Diego Dealer.",
            "The agreement runs from 01/01/2026 to 12/31/2026, both days included.",
            "The duty of secrecy goes on for 36 months after its end.", "returns or destroys all confidential",
            "Keep the drawings.", f"Return them to {self.company.name}.", "1. Northern Dealer", "Name: Diego Dealer",
        ):
            self.assertIn(part, text)
        self.assertNotIn("DRAFT", text)
        self.assertEqual(self.nda._document_pdf(), self.nda.with_user(self.lena)._document_pdf())

    def test_row30_it_is_sent_by_legal_and_signed_by_both_sides(self):
        with self.assertRaises(AccessError):
            self.nda.with_user(self.anna).action_send_for_signature()
        wizard = self.env["aftersales.signing.send"].with_user(self.lena).create({"nda_id": self.nda.id})
        self.assertEqual(wizard.line_ids.partner_id, self.dealer_contact | self.lena.partner_id)
        wizard.action_send()
        signing = self.nda.signing_ids.sudo()
        self.assertEqual(self.sign(signing, self.diego), "sign")
        self.assertEqual(self.nda.state, "draft")
        self.assertEqual(self.sign(signing, self.lena), "sign")
        self.assertEqual((signing.state, self.nda.state), ("complete", "signed"))
        self.assertEqual(self.nda.signed_document_id, signing.signed_attachment_id)
        self.assertEqual(self.nda.signed_on, signing.completed_at)
        self.assertEqual(self.nda.party_ids.mapped("signed_by"), ["Lena", "Diego Dealer"])
        self.assertIn("Signature certificate", text_of(signing.signed_attachment_id.raw))

    def test_an_agreement_changed_after_sending_is_void(self):
        wizard = self.env["aftersales.signing.send"].with_user(self.lena).create({"nda_id": self.nda.id})
        wizard.action_send()
        self.nda.with_user(self.lena).text = "Keep the drawings for ever."
        self.assertEqual(self.sign(self.nda.signing_ids, self.diego), "void")


@tagged("post_install", "-at_install")
class TestDownload(SigningCase, HttpCase):
    def test_the_print_menu_downloads_the_pdf(self):
        self.authenticate(self.anna.login, self.anna.login)
        answer = self.url_open(f"/report/pdf/aftersales_contracts.report_contract/{self.draft.id}")
        self.assertEqual((answer.content, answer.headers["Content-Type"]),
                         (self.draft._document_pdf(), "application/pdf"))
        answer = self.url_open("/report/download", data={
            "data": f'["/report/pdf/aftersales_contracts.report_contract/{self.draft.id}", "qweb-pdf"]',
            "context": "{}", "csrf_token": http.Request.csrf_token(self)})
        self.assertIn(self.draft.name.replace("/", "-"), answer.headers["Content-Disposition"])
        self.assertTrue(answer.content.startswith(b"%PDF"))
