"""Credit statement and penalty notice: what the other side gets to read of the penalties of a period.

One document for what was posted together for a contract and a period, whatever the number of clauses. It is drawn when
it is issued, from a snapshot that is stored with its SHA-256; from then on nothing of it changes, and drawing the
snapshot again gives the same bytes. Before posting a penalty has a preview, marked as such.
"""

import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...report.penalty_pdf import render_penalties, result
from ..common.frozen import is_uninstalling
from ..statements.statement_snapshot import digest, period_label
from .penalty_values import Amounts, penalty_values

KINDS = [("credit", "Credit Statement"), ("notice", "Penalty Notice")]
REPORT = "aftersales_contracts.report_penalty_document"
PREVIEW = "aftersales_contracts.report_penalty"
FREE = {  # what may change of an issued document: when it went out, the portal's token, its discussion
    "access_token", "message_main_attachment_id", "message_follower_ids", "message_ids", "activity_ids"}


class PenaltyDocument(models.Model):
    _name = "aftersales.penalty.document"
    _inherit = ["aftersales.numbering", "portal.mixin", "mail.thread"]
    _description = "Credit Statement or Penalty Notice"
    _order = "issued_on desc, name desc, id desc"
    _rec_names_search = ["name", "contract_id.name", "partner_id.name"]
    _number_code = "aftersales.penalty.document"
    _number_day = "issued_on"
    _mail_post_access = "read"  # it does not change, but it is talked about

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, default="/", index="trigram")
    kind = fields.Selection(KINDS, required=True, readonly=True, index=True)
    contract_id = fields.Many2one("aftersales.contract", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True, precompute=True)
    partner_id = fields.Many2one(
        "res.partner", string="Other Side", required=True, readonly=True, index=True, ondelete="restrict",
        help="Who gets it: the customer, or the provider or dealer.")
    user_id = fields.Many2one(related="contract_id.user_id", string="Account Manager")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    period_start = fields.Date(required=True, readonly=True, index=True)
    period_end = fields.Date(required=True, readonly=True, help="The last day of the period.")
    period_text = fields.Char(string="Period", compute="_compute_period_text")
    issued_on = fields.Date(string="Issued", required=True, readonly=True)
    objection_until = fields.Date(
        string="Objection until", readonly=True, help="Until when the other side may object, of a notice.")
    amount = fields.Monetary(readonly=True, help="What the penalties of the document come to; negative for a bonus.")
    penalty_ids = fields.One2many("aftersales.penalty", "document_id", string="Penalties", readonly=True)
    reversed_on = fields.Date(string="Reversed", compute="_compute_reversed_on", help="All of it was taken back since.")
    snapshot = fields.Json(readonly=True, copy=False)
    snapshot_hash = fields.Char(string="Hash of the Inputs", readonly=True, copy=False, help="SHA-256.")
    attachment_id = fields.Many2one(
        "ir.attachment", string="Stored PDF", readonly=True, copy=False, ondelete="restrict", index="btree_not_null")
    logo_attachment_id = fields.Many2one(
        "ir.attachment", readonly=True, copy=False, ondelete="restrict", index="btree_not_null")
    rendered_with = fields.Char(readonly=True, copy=False, help="Fonts and library that drew the stored PDF.")
    preview = fields.Binary(compute="_compute_preview", string="PDF")
    kind_text = fields.Char(string="Kind in Words", compute="_compute_texts")
    amount_text = fields.Char(string="Amount in Words", compute="_compute_texts")
    sent_at = fields.Datetime(string="Sent", readonly=True, copy=False)
    problem = fields.Char(readonly=True, copy=False, help="Why it could not be sent the last time.")

    _number_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name <> '/'", "Two documents of a company cannot have the same number.")

    @api.depends("name", "contract_id", "period_start", "period_end")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for document in self:
            document.display_name = f"{document.name} · {document.contract_id.name} · {document.period_text}"

    @api.depends("period_start", "period_end")
    @api.depends_context("lang")
    def _compute_period_text(self):
        lang = self.env.lang or "en_US"
        for document in self:
            document.period_text = document.period_start and period_label(
                document.period_start, document.period_end, lang)

    @api.depends("penalty_ids.reversed_on")
    def _compute_reversed_on(self):
        for document in self:
            days = document.sudo().penalty_ids.mapped("reversed_on")  # who reads the document reads that it is void
            document.reversed_on = max(days) if days and all(days) else False

    @api.depends("kind", "snapshot")
    def _compute_texts(self):
        """As the document itself says it, in its own language."""
        for document in self:
            snapshot = document.sudo().snapshot or {}  # who may read the document may read what is printed on it
            document.kind_text = snapshot.get("presentation", {}).get("title", "")
            document.amount_text = snapshot and Amounts(snapshot["presentation"]).named(snapshot["document"]["amount"])

    def _compute_preview(self):
        for document in self:
            document.preview = base64.b64encode(document._document_pdf()) if document.attachment_id else False

    def _compute_access_url(self):
        super()._compute_access_url()
        for document in self:
            document.access_url = f"/my/credits/{document.id}"

    def _get_report_base_filename(self):
        self.ensure_one()
        return f"{self.name} {self.contract_id.name} {self.period_start:%Y-%m-%d}".replace("/", "-")

    # --- guard ---------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Credit statements and penalty notices are issued by posting penalties."))
        return super().create(vals_list)

    def write(self, vals):
        if not set(vals) <= FREE:
            self._refuse_issued()
        return super().write(vals)

    def _write_issued(self, vals):
        """Write what issuing and sending write."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    _write_guarded = _write_issued  # the name by which a number is given

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_issued()
        return super().unlink()

    def _refuse_issued(self):
        for document in self:
            raise UserError(self.env._("%s has been issued and does not change.", document.display_name))

    # --- the PDF -------------------------------------------------------------------------------------------------

    def _store_pdfs(self):
        """Take the snapshot of each document, draw and attach its PDF, and keep the logo it was drawn with."""
        for document in self:
            snapshot = document.penalty_ids.sorted("name")._issue_snapshot(document)
            document._write_issued({"snapshot": snapshot, "snapshot_hash": digest(snapshot)})
        self._keep_logos()
        attachments = self.env["ir.attachment"].create([
            {"name": f"{document._get_report_base_filename()}.pdf", "raw": document._draw(),
             "mimetype": "application/pdf", "res_model": self._name, "res_id": document.id} for document in self])
        for document, attachment in zip(self, attachments, strict=True):
            document._write_issued({
                "attachment_id": attachment.id, "rendered_with": document.company_id._statement_renderer()})

    def _keep_logos(self):
        """One attachment for each logo of a company, whatever the number of documents drawn with it."""
        field = "logo_attachment_id"  # named on the attachment, it does not show among the files of the chatter
        for company, documents in self.grouped("company_id").items():
            content = company._statement_logo()
            if not content:
                continue
            name = f"logo-{company._statement_logo_hash()}"
            Attachment = self.env["ir.attachment"]
            kept = Attachment.search(
                [("res_model", "=", self._name), ("res_field", "=", field), ("name", "=", name)], limit=1)
            kept = kept or Attachment.create({
                "name": name, "raw": content, "res_model": self._name, "res_id": documents[:1].id, "res_field": field})
            documents._write_issued({"logo_attachment_id": kept.id})

    def _document_pdf(self):
        """The PDF as it was stored when the document was issued."""
        self.ensure_one()
        return self.sudo().attachment_id.raw  # who may read the document may read its file

    def _draw(self):
        """The PDF from the snapshot: the same bytes whenever and by whom it is drawn."""
        self.ensure_one()
        logo = self.logo_attachment_id.raw if self.logo_attachment_id else None
        return render_penalties(penalty_values(self.snapshot, logo), fonts=self.company_id._statement_fonts())

    def _in_portal(self):
        """What a page shows of it: {"values": `PenaltyValues`, "result": its sentences}, as on paper."""
        self.ensure_one()
        values = penalty_values(self.snapshot)
        return {"values": values, "result": result(values)}

    def action_preview(self):
        """Show the stored PDF."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"/report/pdf/{REPORT}/{self.id}", "target": "new"}

    def action_verify(self):
        """Whether the snapshot still has its hash and gives the stored bytes; raises UserError where not."""
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only the office checks how a document was drawn."))
        self.check_access("read")
        for document in self.sudo():
            if not document.snapshot or digest(document.snapshot) != document.snapshot_hash:
                raise UserError(self.env._("%s: its inputs are not those that it was issued with.", document.name))
            if document.rendered_with == document.company_id._statement_renderer() \
                    and document._draw() != document.attachment_id.raw:
                raise UserError(self.env._("%s: the stored PDF is not what its inputs give.", document.name))
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "type": "success", "message": self.env._("Inputs and PDF are as they were issued.")}}


class IrAttachment(models.Model):
    """The files of an issued document do not change and are not deleted, whoever asks."""

    _inherit = "ir.attachment"

    def _refuse_sealed(self):
        super()._refuse_sealed()
        candidates = self.sudo().filtered(lambda file: file.res_model == "aftersales.penalty.document")
        if not candidates:
            return
        sealing = self.env["aftersales.penalty.document"].sudo().search([
            "|", ("attachment_id", "in", candidates.ids), ("logo_attachment_id", "in", candidates.ids)], limit=1)
        if sealing:
            raise UserError(self.env._("This file belongs to %s, which has been issued and does not change.",
                                       sealing.name))
