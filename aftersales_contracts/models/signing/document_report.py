import io

from odoo import models

from .contract_document import REPORT as CONTRACT
from .nda_document import REPORT as NDA

REPORTS = {CONTRACT: "aftersales.contract", NDA: "aftersales.nda"}


class IrActionsReport(models.Model):
    """Contracts and agreements are drawn by reportlab: the same report action, without wkhtmltopdf, also in tests."""

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
