"""Settlement statement: what a dealer gets to read of a settlement, as PDF and as spreadsheet.

It is drawn when the settlement is sent, from a snapshot that is stored with its SHA-256; from then on nothing of it
changes, and drawing the snapshot again gives the same bytes. A settlement that is taken back and sent again gets a new
one, and so does one of which a part stays under dispute when it is posted: the earlier ones are kept, and say that they
are replaced.
"""

import base64

import openpyxl
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...report.settlement_pdf import render_settlement
from ...report.spreadsheet import write_workbook
from ..common.frozen import is_uninstalling
from ..statements.statement_snapshot import digest, period_label
from .settlement_sheets import settlement_sheets
from .settlement_values import settlement_values

REPORT = "aftersales_contracts.report_settlement_document"
PREVIEW = "aftersales_contracts.report_settlement"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FREE = {  # what may change of an issued statement: the portal's token, its discussion
    "access_token", "message_main_attachment_id", "message_follower_ids", "message_ids"}


class SettlementDocument(models.Model):
    _name = "aftersales.settlement.document"
    _inherit = ["portal.mixin", "mail.thread"]
    _description = "Settlement Statement"
    _order = "issued_on desc, settlement_id desc, revision desc, id desc"
    _rec_names_search = ["name", "contract_id.name", "dealer_id.name"]
    _mail_post_access = "read"  # it does not change, but it is talked about

    settlement_id = fields.Many2one(
        "aftersales.settlement", required=True, readonly=True, index=True, ondelete="restrict")
    revision = fields.Integer(required=True, readonly=True, aggregator=None, help="1 for the first of a settlement.")
    name = fields.Char(string="Number", required=True, readonly=True, copy=False, index="trigram")
    contract_id = fields.Many2one("aftersales.contract", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    dealer_id = fields.Many2one("res.partner", required=True, readonly=True, index=True, ondelete="restrict")
    user_id = fields.Many2one(related="contract_id.user_id", string="Account Manager")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    period_start = fields.Date(required=True, readonly=True, index=True)
    period_end = fields.Date(required=True, readonly=True, help="The last day of the period.")
    period_text = fields.Char(string="Period", compute="_compute_period_text")
    issued_on = fields.Date(string="Issued", required=True, readonly=True)
    answer_until = fields.Date(readonly=True, help="Until when the dealer may dispute its lines.")
    amount = fields.Monetary(readonly=True, help="What it says is paid; below zero: what the dealer owes.")
    replaced = fields.Boolean(compute="_compute_replaced", help="A later statement tells the same settlement.")
    snapshot = fields.Json(readonly=True, copy=False)
    snapshot_hash = fields.Char(string="Hash of the Inputs", readonly=True, copy=False, help="SHA-256.")
    attachment_id = fields.Many2one(
        "ir.attachment", string="Stored PDF", readonly=True, copy=False, ondelete="restrict", index="btree_not_null")
    sheet_attachment_id = fields.Many2one(
        "ir.attachment", string="Stored Spreadsheet", readonly=True, copy=False, ondelete="restrict",
        index="btree_not_null")
    logo_attachment_id = fields.Many2one(
        "ir.attachment", readonly=True, copy=False, ondelete="restrict", index="btree_not_null")
    rendered_with = fields.Char(readonly=True, copy=False, help="Fonts and library that drew the stored PDF.")
    preview = fields.Binary(compute="_compute_preview", string="PDF")
    amount_text = fields.Char(string="Result in Words", compute="_compute_amount_text")
    sent_at = fields.Datetime(string="E-mailed", readonly=True, copy=False)

    _revision_once = models.UniqueIndex(
        "(settlement_id, revision)", "This settlement has a statement of this number already.")

    @api.depends("name", "dealer_id", "period_start", "period_end")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for document in self:
            document.display_name = " · ".join(filter(None, (
                document.name, document.dealer_id.sudo().name, document.period_text)))

    @api.depends("period_start", "period_end")
    @api.depends_context("lang")
    def _compute_period_text(self):
        lang = self.env.lang or "en_US"
        for document in self:
            document.period_text = document.period_start and period_label(
                document.period_start, document.period_end, lang)

    @api.depends("settlement_id.document_ids")
    def _compute_replaced(self):
        for document in self:
            last = document.sudo().settlement_id.document_id  # who reads one reads that it is no longer the last
            document.replaced = document._origin != last

    @api.depends("snapshot")
    def _compute_amount_text(self):
        """As the statement itself says it, in its own language."""
        for document in self:
            snapshot = document.sudo().snapshot  # who may read the statement may read what is printed on it
            document.amount_text = document._told()["result"][0] if snapshot else ""

    def _compute_preview(self):
        for document in self:
            document.preview = base64.b64encode(document._document_pdf()) if document.attachment_id else False

    def _compute_access_url(self):
        super()._compute_access_url()
        for document in self:
            document.access_url = f"/my/settlements/{document.settlement_id.id}"

    def _get_report_base_filename(self):
        self.ensure_one()
        return f"{self.name} {self.period_start:%Y-%m-%d}".replace("/", "-")

    # --- guard -----------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Settlement statements are issued by sending settlements."))
        return super().create(vals_list)

    def write(self, vals):
        if not set(vals) <= FREE:
            self._refuse_issued()
        return super().write(vals)

    def _write_issued(self, vals):
        """Write what issuing and sending write."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_issued()
        return super().unlink()

    def _refuse_issued(self):
        for document in self:
            raise UserError(self.env._("%s has been issued and does not change.", document.display_name))

    # --- the files -------------------------------------------------------------------------------------------

    def _store_files(self):
        """Take the snapshot of each statement, draw and attach its PDF and spreadsheet, keep the logo drawn with."""
        for document in self:
            snapshot = document.settlement_id._statement_snapshot(document)
            document._write_issued({"snapshot": snapshot, "snapshot_hash": digest(snapshot)})
        self._keep_logos()
        for document in self:
            base = document._get_report_base_filename()
            pdf, sheet = self.env["ir.attachment"].create([
                {"name": f"{base}.{ending}", "raw": content, "mimetype": mimetype, "res_model": self._name,
                 "res_id": document.id}
                for ending, content, mimetype in (
                    ("pdf", document._draw(), "application/pdf"), ("xlsx", document._tabulate(), XLSX))])
            document._write_issued({
                "attachment_id": pdf.id, "sheet_attachment_id": sheet.id,
                "rendered_with": document._renderer()})

    def _renderer(self):
        """What besides the snapshot decides the bytes: libraries and fonts."""
        return f"{self.company_id._statement_renderer()}; openpyxl {openpyxl.__version__}"

    def _keep_logos(self):
        """One attachment for each logo of a company, whatever the number of statements drawn with it."""
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
        """The PDF as it was stored when the statement was issued."""
        self.ensure_one()
        return self.sudo().attachment_id.raw  # who may read the statement may read its file

    def _document_sheet(self):
        """The spreadsheet as it was stored."""
        self.ensure_one()
        return self.sudo().sheet_attachment_id.raw  # who may read the statement may read its file

    def _draw(self):
        """The PDF from the snapshot: the same bytes whenever and by whom it is drawn."""
        self.ensure_one()
        logo = self.logo_attachment_id.raw if self.logo_attachment_id else None
        return render_settlement(settlement_values(self.snapshot, logo), fonts=self.company_id._statement_fonts())

    def _tabulate(self):
        """The spreadsheet from the snapshot; lines that are too many for the paper come from the settlement."""
        self.ensure_one()
        snapshot = self.snapshot
        return write_workbook(
            settlement_sheets(snapshot, self.settlement_id._statement_lines), title=self.name,
            author=snapshot["company"]["name"], digits=snapshot["presentation"]["currency"]["digits"])

    def _told(self):
        """{"values": `SettlementValues`, "result": its sentences}, as on paper."""
        self.ensure_one()
        return self.settlement_id._told(self.sudo().snapshot)

    def action_preview(self):
        """Show the stored PDF."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"/report/pdf/{REPORT}/{self.id}", "target": "new"}

    def action_spreadsheet(self):
        """Download the stored spreadsheet."""
        self.ensure_one()
        self.check_access("read")
        sheet_sudo = self.sudo().sheet_attachment_id  # who may read the statement may read its file
        return {"type": "ir.actions.act_url", "target": "self", "url": f"/web/content/{sheet_sudo.id}?download=true"}

    def action_verify(self):
        """Whether the snapshot still has its hash and gives the stored bytes; raises UserError where not."""
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only the office checks how a statement was drawn."))
        self.check_access("read")
        for document in self.sudo():
            if not document.snapshot or digest(document.snapshot) != document.snapshot_hash:
                raise UserError(self.env._("%s: its inputs are not those that it was issued with.", document.name))
            if document.rendered_with != document._renderer():
                continue
            if document._draw() != document.attachment_id.raw:
                raise UserError(self.env._("%s: the stored PDF is not what its inputs give.", document.name))
            if document._tabulate() != document.sheet_attachment_id.raw:
                raise UserError(self.env._(
                    "%s: the stored spreadsheet is not what its inputs give.", document.name))
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "type": "success", "message": self.env._("Inputs, PDF and spreadsheet are as they were issued.")}}


class IrAttachment(models.Model):
    """The files of an issued statement do not change and are not deleted, whoever asks."""

    _inherit = "ir.attachment"

    def _refuse_sealed(self):
        super()._refuse_sealed()
        candidates = self.sudo().filtered(lambda file: file.res_model == "aftersales.settlement.document")
        if not candidates:
            return
        sealing = self.env["aftersales.settlement.document"].sudo().search([
            "|", "|", ("attachment_id", "in", candidates.ids), ("sheet_attachment_id", "in", candidates.ids),
            ("logo_attachment_id", "in", candidates.ids)], limit=1)
        if sealing:
            raise UserError(self.env._("This file belongs to %s, which has been issued and does not change.",
                                       sealing.name))
