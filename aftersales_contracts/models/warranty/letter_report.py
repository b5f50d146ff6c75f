"""Warranty certificates and claim letters as reports: the stored files, without wkhtmltopdf."""

import io

from odoo import models

REPORTS = {
    "aftersales_contracts.report_warranty_certificate": "aftersales.warranty.certificate",
    "aftersales_contracts.report_claim_letter": "aftersales.claim.letter",
}


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        model = REPORTS.get(self._get_report(report_ref).report_name)
        if not model:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        letters = self.env[model].browse(res_ids)
        letters.check_access("read")
        return {letter.id: {"stream": io.BytesIO(letter._document_pdf()), "attachment": None} for letter in letters}

    def _pre_render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        if self._get_report(report_ref).report_name not in REPORTS:
            return super()._pre_render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        ids = [res_ids] if isinstance(res_ids, int) else res_ids
        return self._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=ids), "pdf"
