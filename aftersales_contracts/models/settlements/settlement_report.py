"""Settlement statements and previews of them as reports: drawn by reportlab, without wkhtmltopdf."""

import io

from odoo import models

from .settlement_document import PREVIEW, REPORT

REPORTS = {REPORT: "aftersales.settlement.document", PREVIEW: "aftersales.settlement"}


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        model = REPORTS.get(self._get_report(report_ref).report_name)
        if not model:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        records = self.env[model].browse(res_ids)
        records.check_access("read")
        return {record.id: {"stream": io.BytesIO(record._document_pdf()), "attachment": None} for record in records}

    def _pre_render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        if self._get_report(report_ref).report_name not in REPORTS:
            return super()._pre_render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        ids = [res_ids] if isinstance(res_ids, int) else res_ids
        return self._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=ids), "pdf"
