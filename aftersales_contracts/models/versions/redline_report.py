"""The redline as a PDF: plain values for ``report/redline_pdf.py``, served as any report of Odoo."""

import hashlib
import io
import json

from odoo import fields, models
from odoo.tools import format_datetime

from ...report import redline_values as drawn
from ...report.redline_labels import REDLINE_LABELS
from ...report.redline_pdf import render_redline
from ...report.values import DEFAULT_COLOUR, Company

REPORT = "aftersales_contracts.report_redline"


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _redline_pdf(self, compared):
        """The PDF (bytes) of what ``ContractRedline._compared`` says, in the reader's language."""
        self.ensure_one()
        company = self.company_id.sudo()  # name, address and logo of the letterhead
        labels = {source: self.env._(source) for source in REDLINE_LABELS}
        paper = company._statement_paper()
        text = json.dumps(compared, sort_keys=True, ensure_ascii=False, default=str)
        values = drawn.RedlineValues(
            title=compared["title"], before=compared["before"], after=compared["after"],
            company=_letterhead(company),
            changes=tuple(drawn.TermChange(**row) for row in compared["changes"]),
            texts=tuple(_text(row) for row in compared["texts"]),
            printed=format_datetime(self.env, fields.Datetime.now()), digest=hashlib.sha256(text.encode()).hexdigest(),
            language=self.env.lang or "en_US", labels=labels,
            paper=paper if isinstance(paper, str) else tuple(side / 1000 for side in paper))
        return render_redline(values, fonts=company._statement_fonts())


def _letterhead(company):
    lines = company.partner_id._display_address(without_company=True).splitlines()
    return Company(
        company.name, tuple(line.strip() for line in lines if line.strip()), company.vat or "",
        company._statement_logo() or None, (company.primary_color or "").lower() or DEFAULT_COLOUR)


def _text(row):
    return drawn.TextChange(
        row["title"], row["status"], tuple(row["runs"]), tuple(row.get("title_runs", ())))


class IrActionsReport(models.Model):
    """As for statements: drawn by reportlab, without wkhtmltopdf, also in tests."""

    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        if self._get_report(report_ref).report_name != REPORT:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        redlines = self.env["aftersales.contract.redline"].browse(res_ids)
        redlines.check_access("read")
        return {redline.id: {"stream": io.BytesIO(redline.contract_id._redline_pdf(redline._compared())),
                             "attachment": None} for redline in redlines}

    def _pre_render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        if self._get_report(report_ref).report_name != REPORT:
            return super()._pre_render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        ids = [res_ids] if isinstance(res_ids, int) else res_ids
        return self._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=ids), "pdf"
