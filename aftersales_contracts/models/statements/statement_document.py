"""The PDF of a statement: drawn from the snapshot, stored once when the period is closed, sealed from then on."""

import base64
import hashlib

import reportlab
from odoo import fields, models
from odoo.exceptions import UserError

from ...report.statement_pdf import render_statement
from ..common.frozen import is_uninstalling
from .statement_values import statement_values

FREE = {"access_token", "thumbnail"}  # of a sealed attachment: a link to it, and the small picture that mail makes


class Statement(models.Model):
    _inherit = "aftersales.statement"

    def _pdf(self):
        """The PDF as bytes: the stored one of a closed period, a preview with today's figures of a draft."""
        self.ensure_one()
        if self.state != "draft":
            return self.attachment_id.raw
        company = self.company_id.sudo()
        draft = self.sudo()  # who may read a contract's draft may see all its figures
        snapshot = draft._snapshots(fields.Datetime.now())[draft]
        return render_statement(
            statement_values(snapshot, company._statement_logo(), draft=True), fonts=company._statement_fonts())

    def _pdf_base64(self):
        return base64.b64encode(self._pdf()) if self.contract_id else False

    def _draw(self, snapshot):
        """The PDF of a closed period from its snapshot: the same bytes whenever and by whom it is drawn."""
        logo = self.logo_attachment_id.raw if self.logo_attachment_id else None
        return render_statement(statement_values(snapshot, logo), fonts=self.company_id._statement_fonts())

    def _store_documents(self, snapshots):
        """Draw and attach the PDF of each statement, and keep the logo it was drawn with."""
        self._keep_logos(snapshots)
        attachments = self.env["ir.attachment"].create([
            {"name": f"{statement._get_report_base_filename()}.pdf", "raw": statement._draw(snapshot),
             "mimetype": "application/pdf", "res_model": self._name, "res_id": statement.id}
            for statement, snapshot in snapshots.items()])
        for statement, attachment in zip(snapshots, attachments, strict=True):
            statement._write_unguarded({
                "attachment_id": attachment.id, "rendered_with": statement.company_id._statement_renderer()})

    def _keep_logos(self, snapshots):
        """One attachment for each logo of a company, whatever the number of statements drawn with it."""
        for company in self.company_id:
            content = company._statement_logo()
            if not content:
                continue
            own = self.filtered(lambda statement, company=company: statement.company_id == company)
            name = f"logo-{hashlib.sha256(content).hexdigest()}"
            Attachment = self.env["ir.attachment"]
            field = "logo_attachment_id"  # named on the attachment, it does not show among the files of the chatter
            kept = Attachment.search(
                [("res_model", "=", self._name), ("res_field", "=", field), ("name", "=", name)], limit=1)
            kept = kept or Attachment.create(
                {"name": name, "raw": content, "res_model": self._name, "res_id": own[:1].id, "res_field": field})
            for statement in own:
                statement._write_unguarded({"logo_attachment_id": kept.id})


class ResCompany(models.Model):
    _inherit = "res.company"

    def _statement_renderer(self):
        """What besides the snapshot decides the bytes: library and fonts."""
        return f"reportlab {reportlab.Version}: {self._statement_fonts().description}"


class IrAttachment(models.Model):
    """The files of a closed statement do not change and are not deleted, whoever asks."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if not set(vals) <= FREE:
            self._refuse_sealed()
        return super().write(vals)

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_sealed()
        return super().unlink()

    def _refuse_sealed(self):
        candidates = self.sudo().filtered(lambda attachment: attachment.res_model == "aftersales.statement")
        if not candidates:
            return
        Statement = self.env["aftersales.statement"].sudo()
        sealing = Statement.search([
            "|", ("attachment_id", "in", candidates.ids), ("logo_attachment_id", "in", candidates.ids)], limit=1)
        if sealing:
            raise UserError(self.env._(
                "This file belongs to the closed statement %s and does not change.", sealing.name))
