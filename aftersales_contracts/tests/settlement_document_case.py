"""What tests of settlement statements start from: settlements of March 2026, computed or sent to the dealer."""

import io

import openpyxl
from odoo.fields import Command
from pypdf import PdfReader

from .settlement_case import SettlementCase


class SettlementDocumentCase(SettlementCase):
    """As `SettlementCase`; felix may invoice, diego is of the dealer."""

    def computed(self, *lines, **values):
        """The settlement of March, of an invoice of ``lines``, else of 100.00 labour and 1,000.00 parts."""
        self.invoice = self.an_invoice(*(lines or ((self.work, 100), (self.pump, 1000))), **values)
        settlement = self.settle()
        self.assertEqual(len(settlement), 1)
        return settlement

    def sent(self, settlement=None):
        """``settlement`` (else that of March), reviewed and sent by anna."""
        settlement = settlement or self.computed()
        settlement.with_user(self.anna).action_review()
        settlement.with_user(self.anna).action_send()
        return settlement

    def line_of(self, settlement, product):
        return settlement.line_ids.filtered(lambda line: line.product_id == product)

    def dispute(self, settlement, lines, reason="The rate is 12 %"):
        settlement.with_user(self.diego).action_dispute_lines(lines.ids, reason)
        return settlement

    def approved(self, settlement):
        settlement.with_user(self.diego).action_accept()
        settlement.with_user(self.boss).action_approve()
        return settlement

    @classmethod
    def a_rule_of_everything(cls):
        """A rule with brackets, a cap, a bonus, a brand fee, withholding and two payees."""
        other = cls.env["res.partner"].create({"name": "Second Payee", "is_company": True})
        cls.env["res.partner.bank"].create({"acc_number": "DE999", "partner_id": other.id})
        return cls.a_rule([
            cls.a_share(name="Hours", value=70, line_kind_ids=[Command.set(cls.labour.ids)]),
            cls.a_share(name="Pieces", brackets=((0, 10), (500, 20)), accumulate="quarter",
                        line_kind_ids=[Command.set(cls.parts.ids)])],
            cap=210, brand_fee_base="revenue", brand_fee_value=1, withholding=10,
            bonus_ids=[Command.create({"name": "Faithful", "value": 5})],
            payee_ids=[Command.create({"partner_id": cls.dealer.id, "percent": 70}),
                       Command.create({"partner_id": other.id, "percent": 30})])

    # --- reading -------------------------------------------------------------------------------------------------

    def text(self, pdf):
        """The text of a PDF, white space made single spaces."""
        return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)

    def told(self, settlement):
        """The text of the last statement of ``settlement``."""
        return self.text(settlement.document_id._document_pdf())

    def assert_told(self, text, *parts):
        self.assertFalse([part for part in parts if part not in text], text)

    def sheets(self, content):
        """{name of a sheet: [rows as tuples]} of a spreadsheet."""
        return {sheet.title: list(sheet.iter_rows(values_only=True))
                for sheet in openpyxl.load_workbook(io.BytesIO(content))}

    def report(self, report, records, user=None):
        """The PDF that the web client gets."""
        Report = self.env["ir.actions.report"].with_user(user or self.env.user)
        return Report._render_qweb_pdf(f"aftersales_contracts.{report}", records.ids)[0]
