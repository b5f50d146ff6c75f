"""The course of a signing round: sent, answered, completed or ended. The system acts here for whoever has answered."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate, format_date
from odoo.tools.mimetypes import guess_mimetype

from ...engine import signing as engine
from ..common.nightly import NightlyStep
from .signable import sha256

_lt = LazyTranslate(__name__)


class Signing(models.Model):
    _inherit = "aftersales.signing"

    # --- beginning ---------------------------------------------------------------------------------------------------

    @api.model
    def _begin(self, document, signers, expires_on):
        """Send ``document`` to ``signers`` (values of `aftersales.signing.signer`); returns the round.

        ``self`` is the sender's; rights and state were checked by `Signable._check_may_send`.
        """
        lang = document._printed_lang()
        titled = document.with_context(lang=lang)
        system = self.sudo()  # rounds are nobody's to write: they follow from the document
        content = titled.sudo()._document_pdf()
        signing = system.create({
            "name": f"{titled._document_kind()} {document.display_name}", "company_id": document.company_id.id,
            document._signing_field: document.id, "partner_id": document._other_side().id,
            "sha256": sha256(content), "fingerprint": document.sudo()._document_fingerprint(),
            "sent_at": fields.Datetime.now(), "sent_by_id": self.env.uid, "expires_on": expires_on,
            "signer_ids": [fields.Command.create(values) for values in signers]})
        signing._write_round({"attachment_id": signing._store(f"{document._document_filename()}.pdf", content).id})
        names = ", ".join(signing.signer_ids.mapped("person_name"))
        document.sudo()._message_log(body=self.env._("Sent for signature to %s.", names))
        signing._flag_unauthorised()
        signing._invite()
        return signing

    @api.model
    def _begin_paper(self, contract, content, name, answers):
        """A completed round of a paper that was signed by hand; ``answers``: [(values of a signer, day)].

        ``self`` is the user's who brings the scan; rights and state were checked.
        """
        digest, now = sha256(content), fields.Datetime.now()
        zone = ZoneInfo(contract._zone())
        signers = []
        for values, day in answers:
            noon = datetime.combine(day, time(12), zone).astimezone(UTC).replace(tzinfo=None)
            signers.append({**values, "answered_at": min(noon, now), "signed_sha256": digest})
        signing = self.sudo().create({  # rounds are nobody's to write
            "name": f"{contract._document_kind()} {contract.display_name}", "company_id": contract.company_id.id,
            "contract_id": contract.id, "partner_id": contract.partner_id.id, "state": "complete", "method": "paper",
            "sha256": digest, "fingerprint": contract.sudo()._document_fingerprint(), "sent_at": now,
            "sent_by_id": self.env.uid, "completed_at": max(one["answered_at"] for one in signers), "closed_at": now,
            "signer_ids": [fields.Command.create(values) for values in signers]})
        signing._write_round({"attachment_id": signing._store(name, content, guess_mimetype(content)).id})
        for flag in signing._round(trusted=True).flags:
            signing._tell_legal(signing._flag_in_words(flag))
        contract.sudo()._message_log(body=self.env._(
            "Signed on paper by %s.", ", ".join(signing.signer_ids.mapped("signed_name"))))
        return signing

    def _store(self, name, content, mimetype="application/pdf"):
        """An attachment of this round, which its readers may read and nobody may change."""
        return self.env["ir.attachment"].sudo().create({
            "name": name, "raw": content, "mimetype": mimetype, "res_model": self._name, "res_id": self.id})

    # --- words and reminders -----------------------------------------------------------------------------------------

    def _flag_unauthorised(self):
        """Ask legal to look at signers who, by the papers, have no authority."""
        for signing in self:
            doubtful = signing.signer_ids.filtered(lambda signer: not signer.authorised)
            if not doubtful:
                continue
            names = ", ".join(doubtful.mapped("person_name"))
            signing._tell_legal(
                self.env._("No authority to sign on file: %s. Confirm it on the signing round, or have somebody else "
                           "sign.", names) if signing.state == "pending" else
                self.env._("Signed on paper without authority on file: %s. Ask for proof of it.", names))

    def _tell_legal(self, sentence):
        self.ensure_one()
        document = self._document().sudo()
        self._write_round({"flag_text": "\n".join(filter(None, (self.flag_text, sentence)))})
        self._remind_user(document._signing_counsel() or document._signing_manager(), sentence)

    def _remind_user(self, user, sentence):
        """A note on the document, and an activity for ``user`` unless it is who acts here."""
        document = self._document().with_user(SUPERUSER_ID)  # a customer who answers writes no notes of ours
        document._message_log(body=sentence)
        if user and user != self.env.user:
            document.activity_schedule(
                "mail.mail_activity_data_todo", user_id=user.id, summary=self.env._("Signatures"), note=sentence)

    def _invite(self):
        """E-mail their personal link to those whose turn it is and who were not invited yet."""
        for signing in self:
            invited = signing._whose_turn().filtered(
                lambda signer: signer.authorised and signer.email and not signer.invited_at)
            invited._mail("aftersales_contracts.mail_template_signing_request")
            invited._write_signer({"invited_at": fields.Datetime.now()})

    # --- answers -----------------------------------------------------------------------------------------------------

    def _answered(self):
        """A signer has answered: complete the round, end it, or invite who is next. ``self``: locked, sudo."""
        self.ensure_one()
        state = self._round()
        if state.state == engine.COMPLETE:
            self._complete(state)
        elif state.state == engine.REFUSED:
            refusing = self.signer_ids.filtered(lambda signer: signer.state == "refused")[:1]
            self._close("refused", self.env._(
                "%(name)s refused: %(reason)s", name=refusing.person_name, reason=refusing.refusal))
        else:
            self._invite()

    def _complete(self, state):
        completed = state.completed_at.astimezone(UTC).replace(tzinfo=None)
        self._write_round({"state": "complete", "completed_at": completed, "closed_at": fields.Datetime.now()})
        self._write_round({"signed_attachment_id": self._make_signed_document(state.flags).id})
        for flag in state.flags:
            self._tell_legal(self._flag_in_words(flag))
        # The signer may be a customer without any right on contracts: from here on the system acts.
        document = self._document().with_user(SUPERUSER_ID)
        document._message_log(body=self.env._("Signed by all: %s.", ", ".join(self.signer_ids.mapped("signed_name"))))
        self._send_copies()
        document._round_done(self.with_user(SUPERUSER_ID))

    def _flag_in_words(self, flag):
        """The engine's only flag, a signature after the beginning, in the reader's language."""
        begins = self._document()._signing_begins()
        if not begins or not self.completed_at:
            return flag
        return self.env._(
            "Signed on %(day)s, after it began on %(start)s.", day=format_date(self.env, self.completed_at),
            start=format_date(self.env, begins.date()))

    def _send_copies(self):
        """E-mail the signed document to everybody who signed it."""
        self.signer_ids.filtered("email")._mail(
            "aftersales_contracts.mail_template_signing_complete",
            attachment_ids=[fields.Command.link(self.signed_attachment_id.id)])

    def _close(self, state, reason):
        """End a pending round without a signature of all, and say why to those who know of it."""
        self.ensure_one()
        self._write_round({"state": state, "reason": reason, "closed_at": fields.Datetime.now()})
        self.flush_recordset(["state"])  # before a new round begins: only one is pending
        document = self._document().with_user(SUPERUSER_ID)  # whoever closes it, the document is told by the system
        document._signing_ended(self)
        self._remind_user(document._signing_manager() or self.sent_by_id, self._ending_text())
        self.signer_ids.filtered(lambda signer: signer.invited_at and signer.email)._mail(
            "aftersales_contracts.mail_template_signing_ended")

    def _ending_text(self):
        self.ensure_one()
        return self.env._("Signing ended: %(state)s. %(reason)s", reason=self.reason or "",
                          state=dict(self._fields["state"]._description_selection(self.env))[self.state])

    # --- buttons -----------------------------------------------------------------------------------------------------

    def action_withdraw(self):
        """Take a document back that is being signed; its links open a page that says so."""
        for signing in self:
            signing._document().check_access("write")
            signing.sudo()._lock()
            if signing.state != "pending":
                raise UserError(self.env._("%s is closed already.", signing.display_name))
            signing.sudo()._close("void", self.env._("Withdrawn by %s.", self.env.user.name))

    def action_remind(self):
        """E-mail the link again to those whose turn it is."""
        for signing in self:
            signing._document().check_access("write")
            turn = signing._whose_turn()
            if not turn.filtered("email"):
                raise UserError(self.env._("%s waits for nobody with an e-mail address.", signing.display_name))
            turn.sudo()._write_signer({"invited_at": False})  # signers are nobody's to write
            signing.sudo()._invite()

    def action_open_to_sign(self):
        """Open the signing page as the current user."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "target": "self", "url": f"/my/signing/{self.id}"}

    def action_download(self):
        """Open the signed document, or the one that was sent."""
        self.ensure_one()
        self.check_access("read")
        attachment = self.signed_attachment_id or self.attachment_id
        return {"type": "ir.actions.act_url", "target": "new", "url": f"/web/content/{attachment.id}"}

    # --- at night ----------------------------------------------------------------------------------------------------

    @api.model
    def _nightly_signing_domain(self, today):
        """Pending rounds whose last day may be over somewhere on earth."""
        day = today or fields.Date.today()
        return [("state", "=", "pending"), ("expires_on", "<=", day)]

    def _nightly_signing(self, today):
        """Close the rounds that were not signed in time; returns [(document, sentence)]."""
        late = self.filtered(lambda signing: signing.expires_on < (today or signing._today()))
        for signing in late:
            signing._close("expired", self.env._("It was not signed by all in time."))
        return [(signing._document(), signing._ending_text()) for signing in late]


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [*super()._steps(), NightlyStep(
            105, "signing", _lt("Signing rounds run out"), "aftersales.signing", "_nightly_signing_domain",
            "_nightly_signing")]
