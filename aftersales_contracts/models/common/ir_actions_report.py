import io

from odoo import models

from ..statements.statement import REPORT


class IrActionsReport(models.Model):
    """Statements are drawn by reportlab: the same report action, without wkhtmltopdf, also in tests."""

    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        report = self._get_report(report_ref)
        if report.report_name != REPORT:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        statements = self.env["aftersales.statement"].browse(res_ids)
        statements.check_access("read")
        return {s.id: {"stream": io.BytesIO(s._pdf()), "attachment": s.attachment_id or None} for s in statements}

    def _pre_render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        if self._get_report(report_ref).report_name != REPORT:
            return super()._pre_render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        ids = [res_ids] if isinstance(res_ids, int) else res_ids
        return self._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=ids), "pdf"
