"""What can be signed: a contract, the draft of an amendment, a non-disclosure agreement. One way for all of them."""

import hashlib

from odoo import fields, models
from odoo.exceptions import UserError


class Signable(models.AbstractModel):
    """A document that is drawn as a PDF and signed in a round.

    ``_signing_field``: the field of `aftersales.signing` that names it.
    """

    _name = "aftersales.signable"
    _description = "Document to Sign"
    _signing_field = None

    signing_state = fields.Selection(
        lambda self: self.env["aftersales.signing"]._fields["state"]._description_selection(self.env),
        string="Signature", compute="_compute_signing_state")
    signing_text = fields.Char(string="Signing Progress", compute="_compute_signing_state")
    signing_count = fields.Integer(compute="_compute_signing_state")

    def _compute_signing_state(self):
        for document in self:
            last = document.signing_ids.sorted("id")[-1:]
            document.signing_state = last.state
            document.signing_text = last.progress_text
            document.signing_count = len(document.signing_ids)

    # --- the document ------------------------------------------------------------------------------------------------

    def _document_pdf(self):
        """The PDF of the document as it stands today, bytes: the same ones for the same text."""
        raise NotImplementedError

    def _document_fingerprint(self):
        """SHA-256 (hex) of what the document says, in whatever language it is printed and whoever has signed it."""
        raise NotImplementedError

    def _document_kind(self):
        """What kind of document it is, in the language of the context."""
        raise NotImplementedError

    def _document_lang(self):
        """The code of the language it is written in."""
        raise NotImplementedError

    def _printed_lang(self):
        """The language to print in: the document's own while it is installed, else English."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        lang = self._document_lang()
        return lang if lang in installed else "en_US"

    def _document_title(self):
        """What it is about, in a few words."""
        raise NotImplementedError

    def _document_filename(self):
        """A file name without its ending."""
        self.ensure_one()
        return (self.name or self._document_kind()).replace("/", "-")

    def _get_report_base_filename(self):
        return self._document_filename()

    def _signed_file(self):
        """The attachment of the signed document, empty before."""
        return self._signed_round().signed_attachment_id

    def _signed_round(self):
        """The newest completed round over the text as it stands today."""
        self.ensure_one()
        done = self.signing_ids.filtered(lambda signing: signing.state == "complete")
        if not done:
            return done
        fingerprint = self._document_fingerprint()
        return done.filtered(lambda signing: signing.fingerprint == fingerprint).sorted("id")[-1:]

    def _pending_round(self):
        self.ensure_one()
        return self.signing_ids.filtered(lambda signing: signing.state == "pending")[:1]

    def _refuse_deletion_once_sent(self):
        """Raise UserError for a document that was sent for signature: people outside have seen it."""
        sent = self.sudo().filtered("signing_ids")[:1]  # whoever may not read rounds may not delete past them either
        if sent:
            raise UserError(self.env._(
                "%s was sent for signature and is not deleted. Archive it instead.", sent.display_name))

    def action_preview_document(self):
        """Open the PDF in the browser."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "target": "new",
                "url": f"/report/pdf/{self._document_report()}/{self.id}"}

    def _document_report(self):
        """The name of the report that draws it."""
        raise NotImplementedError

    # --- the round ---------------------------------------------------------------------------------------------------

    def _check_may_send(self):
        """Raise unless the current user may send it for signature, and it is ready to be signed."""
        self.ensure_one()
        self.check_access("write")
        if self._pending_round():
            raise UserError(self.env._(
                "%s is being signed already. Wait for the answers, or withdraw that round first.", self.display_name))

    def _signing_people(self):
        """Who is asked to sign, in order: a list of dicts with partner_id, party_name, side, order, function,
        authorised. A proposal that the sender may change."""
        self.ensure_one()
        return []

    def _signing_authority(self, partner, side):
        """Whether the papers say that ``partner`` may sign for that side today."""
        return False

    def _signing_begins(self):
        """The instant (aware) at which it takes effect, to flag later signatures; None: not known."""
        return None

    def _round_done(self, signing):
        """Everybody has signed. ``self`` is the superuser's."""

    def _signing_ended(self, signing):
        """The round ended without a signature of all: refused, void or expired. Rooms may extend it."""

    def _signing_manager(self):
        """The user who looks after the signing, told of refusals."""
        return self.env["res.users"]

    def _signing_counsel(self):
        """The user of legal who looks at missing authority."""
        return self.env["res.users"]

    def _other_side(self):
        """The partner on the other side."""
        return self.env["res.partner"]

    def action_send_for_signature(self):
        """Open the form that asks who signs."""
        self._check_may_send()
        return self._signing_wizard("aftersales.signing.send", self.env._("Send for Signature"))

    def action_signed_on_paper(self):
        """Open the form that takes the scan of the signed paper."""
        self.check_access("write")
        return self._signing_wizard("aftersales.signing.paper", self.env._("Signed on Paper"))

    def _signing_wizard(self, model, name):
        self.ensure_one()
        return {"type": "ir.actions.act_window", "name": name, "res_model": model, "target": "new",
                "views": [(False, "form")], "context": {f"default_{self._signing_field}": self.id}}


def sha256(content):
    """SHA-256 (hex) of bytes."""
    return hashlib.sha256(content).hexdigest()
