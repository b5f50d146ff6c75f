"""The signed document: what was sent, byte for byte, followed by the certificate of its signatures. And its seal."""

import base64
import io
from datetime import UTC
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import babel_locale_parse
from odoo.tools.pdf import PdfFileReader, merge_pdf

from ...report import agreement_values as drawn
from ...report.certificate_pdf import render_certificate
from .document_words import company_values, labels


class Signing(models.Model):
    _inherit = "aftersales.signing"

    def _make_signed_document(self, flags=()):
        """Store the document sent with its certificate; returns the attachment."""
        self.ensure_one()
        sent = self.attachment_id.raw
        certificate = render_certificate(
            self._certificate_values(sent, flags), fonts=self.company_id._statement_fonts())
        name = self.attachment_id.name.removesuffix(".pdf")
        signed = self.env._("%s signed", name)
        return self._store(f"{signed}.pdf", merge_pdf([sent, certificate]))

    def _certificate_values(self, sent, flags):
        document = self._document().sudo()
        lang = document._printed_lang()
        signing = self.with_context(lang=lang)
        document = document.with_context(lang=lang)
        return drawn.CertificateValues(
            number=document.name, kind=document._document_kind(), title=document._document_title(),
            company=company_values(self.company_id), file=self.attachment_id.name,
            pages=PdfFileReader(io.BytesIO(sent), strict=False).getNumPages(), digest=self.sha256,
            fingerprint=self.fingerprint, sent=signing._instant_text(self.sent_at), sender=self.sent_by_id.name or "",
            completed=signing._instant_text(self.completed_at),
            signers=tuple(signer._proof() for signer in signing.signer_ids if signer.answered_at),
            flags=tuple(signing._flag_in_words(flag) for flag in flags), language=lang, labels=labels(signing.env),
            paper=self.company_id._document_paper())

    def _instant_text(self, instant):
        """Naive UTC -> "Mar 3, 2026, 9:12:44 AM CET (UTC+01:00)", in the zone of the document."""
        if not instant:
            return ""
        local = instant.replace(tzinfo=UTC).astimezone(ZoneInfo(self._zone()))
        locale = babel_locale_parse(self.env.lang or "en_US")
        offset = local.strftime("%z")
        zone = f"{local.tzname()} (UTC{offset[:3]}:{offset[3:]})" if offset != "+0000" else "UTC"
        return f"{format_datetime(local, 'medium', locale=locale)} {zone}"


class SigningSigner(models.Model):
    _inherit = "aftersales.signing.signer"

    def _proof(self):
        """What the certificate says of this signature."""
        self.ensure_one()
        picture = self.with_context(bin_size=False).signature
        return drawn.SignerProof(
            name=self.signed_name or "", person=self.person_name, party=self.party_name or "",
            function=self.function or "", email=self.email or "",
            signed=self.signing_id.with_env(self.env)._instant_text(self.answered_at), address=self.ip_address or "",
            agent=self.user_agent or "", digest=self.signed_sha256 or "",
            picture=base64.b64decode(picture) if picture else None)


class IrAttachment(models.Model):
    """Documents of a signing round do not change and are not deleted, whoever asks."""

    _inherit = "ir.attachment"

    def _refuse_sealed(self):
        super()._refuse_sealed()
        ours = self.sudo().filtered(
            lambda attachment: attachment.res_model in ("aftersales.signing", "aftersales.signing.signer"))
        if ours:
            raise UserError(self.env._("%s belongs to a signing round: it is proof and does not change.", ours[0].name))

    @api.model_create_multi
    def create(self, vals_list):
        """Nobody adds a file to a round, for it would look like one that was signed."""
        if not self.env.su and any(
                (vals.get("res_model") or "").startswith("aftersales.signing") for vals in vals_list):
            raise UserError(self.env._("Files of a signing round are stored by the round itself."))
        return super().create(vals_list)


class ResCompany(models.Model):
    _inherit = "res.company"

    def _document_paper(self):
        """The paper of documents: a name, or (width, height) in points."""
        paper = self._statement_paper()
        return paper if isinstance(paper, str) else tuple(side / 1000 for side in paper)
