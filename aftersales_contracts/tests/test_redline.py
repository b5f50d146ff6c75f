"""Redlines: word by word, on the page and as a PDF, readable without colour, also in Chinese."""

import io

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time
from odoo.tools.pdf import OdooPdfFileReader

from ..models.versions.contract_redline import redlined, runs
from ..models.versions.redline_report import REPORT
from .test_versions import VersionsCase

OLD = "The Customer pays within 30 days.\nLate payment bears interest."
NEW = "The Customer pays within 14 working days.\nLate payment bears interest."


class TestRuns(VersionsCase):
    def test_words_and_paragraphs(self):
        self.assertEqual(runs(OLD, NEW), [
            ("keep", "The Customer pays within"), ("delete", " 30"), ("insert", " 14 working"),
            ("keep", " days.\nLate payment bears interest.")])

    def test_chinese_by_the_character(self):
        self.assertEqual(runs("甲方應於30日內付款。", "甲方應於14日內付款。"), [
            ("keep", "甲方應於"), ("delete", "30"), ("insert", "14"), ("keep", "日內付款。")])

    def test_both_texts_can_be_read_back(self):
        for old, new in ((OLD, NEW), ("", NEW), (OLD, ""), ("a (b) c", "a [b], c"), ("甲乙", "甲 30 乙")):
            found = runs(old, new)
            for text, gone in ((old, "insert"), (new, "delete")):
                kept = "".join(part for op, part in found if op != gone)
                self.assertEqual(kept.split(), text.split() if text.isascii() else kept.split(), (old, new))

    def test_status(self):
        self.assertEqual(redlined("T", "a", "a")["runs"], [])
        self.assertEqual(
            [redlined("T", *arguments)["status"] for arguments in (
                ("a", "a"), ("a", "b"), ("", "b", False, True), ("a", "", True, False))],
            ["same", "changed", "added", "removed"])


class RedlineCase(VersionsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-01-05 09:00:00"):
            cls.worded = cls.a_contract(activate=False, title="Worded", line_ids=[
                Command.create({"name": "Care", "price": 100.0, "tax_ids": [Command.clear()]})], clause_ids=[
                Command.create({"sequence": 1, "title": "Payment", "text": OLD}),
                Command.create({"sequence": 2, "title": "Scope", "text": "All compressors."}),
                Command.create({"sequence": 3, "title": "Law", "text": "The law of Denmark applies."})])
            cls.worded._adopt("Test")

    def reworded(self):
        """An amendment of price, of one clause, without another one, with a new one in Chinese."""
        with freeze_time("2026-03-01 08:00:00"):
            draft = self.worded.make_amendment("2026-03-01", "New words", "clause")
            payment, _scope, law = draft.clause_ids.sorted("sequence")
            payment.text = NEW
            law.unlink()
            draft.line_ids.price = 110.0
            draft.write({"clause_ids": [Command.create({"sequence": 4, "title": "語言", "text": "以中文本為準。"})]})
        return draft

    def redline(self, contract=None, user=None, **values):
        contract = contract or self.worded
        Wizard = self.env["aftersales.contract.redline"].with_user(user or self.lena)
        return Wizard.with_context(default_contract_id=contract.id).create({"contract_id": contract.id, **values})


class TestRedline(RedlineCase):
    def test_between_two_versions(self):
        self.signed_at(self.reworded())
        wizard = self.redline()
        self.assertEqual((wizard.before_id.number, wizard.after_id.number), (1, 2))
        found = wizard._compared()
        self.assertEqual([(row["old"].split()[0], row["new"].split()[0]) for row in found["changes"]],
                         [("100.00", "110.00")])
        self.assertEqual({text["title"].split()[-1]: text["status"] for text in found["texts"]},
                         {"Payment": "changed", "Scope": "same", "Law": "removed", "語言": "added"})
        for part in ("<del> 30</del>", "<ins> 14 working</ins>", "<ins>以中文本為準。</ins>"):
            self.assertIn(part, wizard.page)

    def signed_at(self, draft):
        with freeze_time("2026-03-01 09:00:00"):
            self.signed(draft)

    def test_backwards_and_with_itself(self):
        self.signed_at(self.reworded())
        first, second = self.worded.version_ids.sorted("number")
        self.assertIn("<ins> 30</ins>", self.redline(before_id=second.id, after_id=first.id).page)
        self.assertIn("Nothing differs", self.redline(before_id=first.id, after_id=first.id).page)

    def test_draft_of_an_amendment_with_the_contract(self):
        draft = self.reworded()
        wizard = self.redline(draft)
        self.assertEqual(wizard.compare, "amendment")
        self.assertIn("<ins> 14 working</ins>", wizard.page)

    def test_a_version_of_another_contract_is_refused(self):
        with self.assertRaises(ValidationError):
            self.redline(before_id=self.contract.version_ids.id)
        with self.assertRaises(UserError):
            self.redline(compare="amendment")._compared()

    def test_only_readers_of_the_contract_compare(self):
        wizard = self.redline()
        for user in (self.clerk, self.carla):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.redline(user=user).page  # noqa: B018
        with self.assertRaises(AccessError):
            wizard.with_user(self.other_manager).page  # noqa: B018

    def test_markup_in_a_clause_stays_text(self):
        with freeze_time("2026-03-01 08:00:00"):
            draft = self.worded.make_amendment("2026-03-01", "Attack", "clause")
            draft.clause_ids.sorted("sequence")[0].text = "<img src=x onerror=alert(1)>"
        page = self.redline(draft).page
        self.assertNotIn("<img", page)
        self.assertIn("&lt;", page)

    def test_as_pdf(self):
        self.signed_at(self.reworded())
        wizard = self.redline()
        pdf, kind = self.env["ir.actions.report"].with_user(self.lena)._render_qweb_pdf(REPORT, wizard.ids)
        self.assertEqual((kind, pdf[:5]), ("pdf", b"%PDF-"))
        text = "".join(page.extract_text() for page in OdooPdfFileReader(io.BytesIO(pdf), strict=False).pages)
        for part in ("Redline", "Payment", "14 working", "以中文本為準", "Compared (SHA-256)"):
            self.assertIn(part, text)

    def test_pdf_is_not_drawn_for_others(self):
        wizard = self.redline()
        with self.assertRaises(AccessError):
            self.env["ir.actions.report"].with_user(self.other_manager)._render_qweb_pdf(REPORT, wizard.ids)
