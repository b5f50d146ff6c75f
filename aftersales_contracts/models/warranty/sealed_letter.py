"""What warranty certificates and claim letters have in common: issued once from a snapshot, and never changed.

A letter is drawn when it is issued, from a snapshot that is stored with its SHA-256; drawing the snapshot again gives
the same bytes. Its verification number is the beginning of that hash: who reads it to us finds the letter by it.
"""

import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...report.labels import LABELS
from ...report.values import NumberFormat
from ..common.frozen import is_uninstalling
from ..statements.statement_snapshot import Words, digest, known
from ..statements.statement_values import _company, _customer
from ..statements.statement_words import _address, _percent

FREE = {  # what may change of an issued letter: the portal's token, its discussion
    "access_token", "message_main_attachment_id", "message_follower_ids", "message_ids", "activity_ids"}
FORMAT = 1
UNTOLD = {"number", "issued", "objection"}  # what two letters with the same content may differ in


class SealedLetter(models.AbstractModel):
    """Models that inherit say `_snapshot()` (plain data, see ``statement_snapshot``; its "letter" has number and
    issued), `_draw_snapshot(snapshot, logo)` (PDF bytes), `_number_code` and `_report_name`."""

    _name = "aftersales.sealed.letter"
    _description = "Sealed Letter"
    _inherit = ["aftersales.numbering", "portal.mixin", "mail.thread"]
    _order = "issued_on desc, name desc, id desc"
    _number_day = "issued_on"
    _report_name = None
    _mail_post_access = "read"  # it does not change, but it is talked about

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, default="/", index="trigram")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    partner_id = fields.Many2one(
        "res.partner", string="Addressee", required=True, readonly=True, index=True, ondelete="restrict")
    issued_on = fields.Date(string="Issued", required=True, readonly=True)
    snapshot = fields.Json(readonly=True, copy=False)
    snapshot_hash = fields.Char(string="Hash of the Inputs", readonly=True, copy=False, help="SHA-256.")
    content_hash = fields.Char(
        readonly=True, copy=False, index="btree_not_null", help="SHA-256 without number and day of issue.")
    verification = fields.Char(
        string="Verification Number", readonly=True, copy=False, index="btree_not_null",
        help="Who was given the letter reads this to us, and we find it by it.")
    attachment_id = fields.Many2one(
        "ir.attachment", string="Stored PDF", readonly=True, copy=False, ondelete="restrict", index="btree_not_null")
    logo_attachment_id = fields.Many2one(
        "ir.attachment", readonly=True, copy=False, ondelete="restrict", index="btree_not_null")
    rendered_with = fields.Char(readonly=True, copy=False, help="Fonts and library that drew the stored PDF.")
    preview = fields.Binary(compute="_compute_preview", string="PDF")
    sent_at = fields.Datetime(string="Sent", readonly=True, copy=False)

    def _compute_preview(self):
        for letter in self:
            letter.preview = base64.b64encode(letter._document_pdf()) if letter.attachment_id else False

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.name.replace("/", "-")

    # --- what a model says ---------------------------------------------------------------------------------------

    def _snapshot(self):
        """All that is printed, as plain data."""
        raise NotImplementedError

    def _draw_snapshot(self, snapshot, logo):
        """The PDF of a snapshot, as bytes."""
        raise NotImplementedError

    # --- guard ---------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Certificates and letters are issued by their button, not entered."))
        return super().create(vals_list)

    def write(self, vals):
        if not set(vals) <= FREE:
            self._refuse_issued()
        return super().write(vals)

    def _write_guarded(self, vals):
        """Write what issuing and sending write."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_issued()
        return super().unlink()

    def _refuse_issued(self):
        for letter in self:
            raise UserError(self.env._("%s has been issued and does not change.", letter.display_name))

    # --- issuing -------------------------------------------------------------------------------------------------

    @api.model
    def _issue(self, vals_list):
        """The letters of these values; where the last one with the same values says the same, that one."""
        letters = self.browse()
        for vals in vals_list:
            letters += self.sudo()._issue_one(vals)  # nobody enters letters: who may ask is the caller's check
        return letters

    def _issue_one(self, vals):
        day = fields.Date.context_today(self)
        drawn = self.new({**vals, "issued_on": day})._snapshot()
        content = digest(_content(drawn))
        last = self.search([(name, "=", value) for name, value in vals.items()], limit=1)
        if last.content_hash == content:
            return last
        letter = self.create({**vals, "issued_on": day})
        letter._give_numbers()
        snapshot = {**drawn, "letter": {**drawn["letter"], "number": letter.name}}
        letter._write_guarded({
            "snapshot": snapshot, "snapshot_hash": digest(snapshot), "content_hash": content,
            "verification": verification(digest(snapshot))})
        letter._keep_logo()
        attachment = self.env["ir.attachment"].create({
            "name": f"{letter._get_report_base_filename()}.pdf", "raw": letter._draw(), "mimetype": "application/pdf",
            "res_model": self._name, "res_id": letter.id})
        letter._write_guarded({
            "attachment_id": attachment.id, "rendered_with": letter.company_id._statement_renderer()})
        return letter

    def _keep_logo(self):
        """One attachment for each logo of a company, whatever the number of letters drawn with it."""
        content = self.company_id._statement_logo()
        if not content:
            return
        field, name = "logo_attachment_id", f"logo-{self.company_id._statement_logo_hash()}"
        Attachment = self.env["ir.attachment"]
        kept = Attachment.search(
            [("res_model", "=", self._name), ("res_field", "=", field), ("name", "=", name)], limit=1)
        kept = kept or Attachment.create({
            "name": name, "raw": content, "res_model": self._name, "res_id": self.id, "res_field": field})
        self._write_guarded({field: kept.id})

    def _document_pdf(self):
        """The PDF as it was stored when the letter was issued."""
        self.ensure_one()
        return self.sudo().attachment_id.raw  # who may read the letter may read its file

    def _draw(self):
        """The PDF from the snapshot: the same bytes whenever and by whom it is drawn."""
        self.ensure_one()
        logo = self.logo_attachment_id.raw if self.logo_attachment_id else None
        return self._draw_snapshot(self.snapshot, logo)

    def action_open_pdf(self):
        """Show the stored PDF."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"/report/pdf/{self._report_name}/{self.id}", "target": "new"}

    def action_verify(self):
        """Whether the snapshot still has its hash and gives the stored bytes; raises UserError where not."""
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only the office checks how a letter was drawn."))
        self.check_access("read")
        for letter in self.sudo():
            if not letter.snapshot or digest(letter.snapshot) != letter.snapshot_hash:
                raise UserError(self.env._("%s: its inputs are not those that it was issued with.", letter.name))
            if letter.rendered_with == letter.company_id._statement_renderer() \
                    and letter._draw() != letter.attachment_id.raw:
                raise UserError(self.env._("%s: the stored PDF is not what its inputs give.", letter.name))
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "type": "success", "message": self.env._("Inputs and PDF are as they were issued.")}}

    # --- words for snapshots -------------------------------------------------------------------------------------

    def _language(self):
        """The addressee's language where it is installed, else the company's, else English."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        partner = self.partner_id
        wanted = (partner.lang, partner.commercial_partner_id.lang, self.company_id.partner_id.lang)
        return next((code for code in wanted if code in installed), "en_US")

    def _presentation(self, labels, title):
        """How the language of the context writes, and on which paper; ``labels``: English texts to be translated."""
        code = self.env.lang or "en_US"
        lang, translate = self.env["res.lang"]._get_data(code=code), self.env._
        told = {source: translate(source) for source in {*LABELS, *labels}}
        return {
            "language": code, "date_format": lang.date_format, "time_format": lang.time_format, "title": title,
            "numbers": {"decimal_point": lang.decimal_point, "thousands_separator": lang.thousands_sep or "",
                        "percent": _percent(code)},
            "paper": self.company_id._statement_paper(), "units": {"h": "%(number)s h", "min": "%(number)s min",
                                                                   "s": "%(number)s s"},
            "labels": {source: text for source, text in told.items() if text != source}}

    def _sides(self):
        """Company and addressee as dicts."""
        company, partner = self.company_id, self.partner_id
        return {
            "company": known(
                name=company.name, address=_address(company.partner_id), vat=company.vat or "",
                colour=(company.primary_color or "").lower(), logo=company._statement_logo_hash()),
            "customer": known(
                name=partner.commercial_partner_id.name or partner.name, address=_address(partner),
                reference=partner.ref or "")}


def common_values(snapshot, logo):
    """The values that every letter's PDF takes from a snapshot, as keyword arguments. ``logo``: bytes or None."""
    presentation, letter, hashed = snapshot["presentation"], snapshot["letter"], digest(snapshot)
    paper = presentation["paper"]
    return {
        "number": letter.get("number", ""), "title": presentation["title"], "result": letter["result"],
        "more": tuple(letter.get("more", ())), "facts": tuple(tuple(fact) for fact in letter.get("facts", ())),
        "notes": tuple(letter.get("notes", ())), "company": _company(snapshot["company"], logo),
        "customer": _customer(snapshot["customer"]), "issued": days_in(presentation)(letter["issued"]),
        "verification": verification(hashed), "inputs_hash": hashed, "language": presentation["language"],
        "labels": presentation["labels"], "numbers": NumberFormat(**presentation["numbers"]),
        "paper": paper if isinstance(paper, str) else tuple(side / 1000 for side in paper)}


def _content(snapshot):
    """A snapshot without what two letters that say the same may differ in."""
    letter = {name: value for name, value in snapshot["letter"].items() if name not in UNTOLD}
    return {**snapshot, "letter": letter}


def verification(hash_text):
    """"9f86d081884c7d65..." -> "9F86-D081-884C-7D65"."""
    head = hash_text[:16].upper()
    return "-".join(head[start:start + 4] for start in range(0, 16, 4))


def days_in(presentation):
    """The function that writes a day (date, ISO text or nothing) as the language of a snapshot does."""
    words = Words(presentation, "UTC")
    return lambda day: words.day(day if isinstance(day, str) else day.isoformat()) if day else ""


class IrAttachment(models.Model):
    """The files of an issued letter do not change and are not deleted, whoever asks."""

    _inherit = "ir.attachment"

    def _refuse_sealed(self):
        super()._refuse_sealed()
        for model in ("aftersales.warranty.certificate", "aftersales.claim.letter"):
            files = self.sudo().filtered(lambda file, model=model: file.res_model == model)
            sealing = files and self.env[model].sudo().search([
                "|", ("attachment_id", "in", files.ids), ("logo_attachment_id", "in", files.ids)], limit=1)
            if sealing:
                raise UserError(self.env._(
                    "This file belongs to %s, which has been issued and does not change.", sealing.name))
