"""Signer: one person asked to sign one document, and the answer, which is given once."""

import base64
import binascii
import io
import re
from uuid import uuid4

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import consteq
from PIL import Image, UnidentifiedImageError

from ...engine import signing as engine
from ..common.frozen import is_uninstalling

ANSWERS = {"signed_name", "signature", "answered_at", "refusal", "ip_address", "user_agent", "signed_sha256"}
LONGEST_NAME = 120
LARGEST_PICTURE = 2_000_000  # bytes as sent
# IP address and handwriting are personal data: for those who have to prove a signature.
PROVERS = "aftersales_contracts.group_account_manager,aftersales_contracts.group_legal"
COUNSEL = "aftersales_contracts.group_legal,aftersales_contracts.group_administrator"


class SigningSigner(models.Model):
    _name = "aftersales.signing.signer"
    _description = "Signer"
    _order = "signing_id, order, id"
    _rec_name = "person_name"

    signing_id = fields.Many2one("aftersales.signing", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="signing_id.company_id", store=True, index=True)
    partner_id = fields.Many2one("res.partner", string="Person", readonly=True, index=True, ondelete="restrict")
    person_name = fields.Char(string="Name", required=True, readonly=True, help="As it was when the round began.")
    email = fields.Char(readonly=True)
    party_name = fields.Char(string="Signs for", readonly=True)
    function = fields.Char(readonly=True)
    side = fields.Selection([("ours", "Our Side"), ("theirs", "Other Side")], required=True, readonly=True)
    order = fields.Integer(required=True, readonly=True, default=1, aggregator=None)
    authorised = fields.Boolean(readonly=True, default=True, help="By the papers this person may sign for the party.")
    authority_note = fields.Char(string="Authority", readonly=True, help="Who confirmed it, and by what.")
    state = fields.Selection(
        [("waiting", "Waiting"), ("signed", "Signed"), ("refused", "Refused")], compute="_compute_state", store=True)
    invited_at = fields.Datetime(string="Invited", readonly=True)
    signed_name = fields.Char(string="Name Typed", readonly=True)
    signature = fields.Binary(attachment=True, readonly=True, groups=PROVERS)
    answered_at = fields.Datetime(string="Answered", readonly=True)
    refusal = fields.Char(string="Reason of Refusal", readonly=True)
    ip_address = fields.Char(string="IP Address", readonly=True, groups=PROVERS)
    user_agent = fields.Char(string="Browser", readonly=True, groups=PROVERS)
    signed_sha256 = fields.Char(string="SHA-256 Signed", readonly=True, help="Of the document this person saw.")
    access_token = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS, default=lambda self: uuid4().hex)

    # A person signs a document once, but no unique index says so: merging two contacts deletes rows that would break
    # one, and these rows are evidence.
    _answer_complete = models.Constraint(
        "CHECK(answered_at IS NULL OR signed_name IS NOT NULL OR refusal IS NOT NULL)",
        "An answer is a signature or a refusal.")

    @api.depends("answered_at", "refusal")
    def _compute_state(self):
        for signer in self:
            signer.state = "waiting" if not signer.answered_at else "refused" if signer.refusal else "signed"

    # --- guard -------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Signers are named when a document is sent for signature."))
        signers = super().create(vals_list)
        for signing in signers.signing_id:
            if len(signing.signer_ids.partner_id) < len(signing.signer_ids.filtered("partner_id")):
                raise UserError(self.env._("%s: every signer is one person, named once.", signing.display_name))
        return signers

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("A signature is given by its signer, once, and does not change."))

    def _write_signer(self, vals):
        """Write what happened; an answer is written once."""
        if ANSWERS & set(vals) and self.filtered("answered_at"):
            raise UserError(self.env._("%s has answered already.", self.filtered("answered_at")[:1].person_name))
        return super().write(vals)  # pylint: disable=super-method-mismatch

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_deletion()
        return super().unlink()

    def _refuse_deletion(self):
        if self:
            raise UserError(self.env._("Signers of a document are proof and are not deleted."))

    # --- the page ----------------------------------------------------------------------------------------------------

    @api.model
    def _find(self, signing_id, token=None, user=None):
        """The signer whom the link's token names, else the logged-in user's own row; empty: nobody.

        ``self`` is sudo: the caller is a customer without rights. Nothing is told about a round that is not theirs.
        """
        signers = self.search([("signing_id", "=", signing_id)])
        if token:
            return signers.filtered(lambda one: one.access_token and consteq(one.access_token, token))[:1]
        if user and not user._is_public():
            return signers.filtered(lambda one: one.partner_id == user.partner_id)[:1]
        return self.browse()

    def _url(self, path="", **query):
        """The path of the signing page, or of a route below it, with the personal token. ``self``: sudo."""
        self.ensure_one()
        parts = {"access_token": self.access_token, **query}
        return f"/my/signing/{self.signing_id.id}{path}?" + "&".join(f"{key}={value}" for key, value in parts.items())

    def _link(self):
        """The personal link for the e-mail. ``self``: sudo."""
        return self.get_base_url() + self._url()

    def _lang(self):
        """The language to write to this person in: their own where it is installed, else the document's."""
        self.ensure_one()
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        wanted = (self.partner_id.lang, self.signing_id._document()._printed_lang())
        return next((code for code in wanted if code in installed), "en_US")

    def _situation(self):
        """What this person finds: sign, wait, unauthorised, answered, or the state of a closed round."""
        self.ensure_one()
        signing = self.signing_id
        if signing.state != "pending":
            return signing.state
        if self.answered_at:
            return "answered"
        if not self.authorised:
            return "unauthorised"
        signers, signatures = signing._engine_facts()
        problem = engine.may_sign(signers, signatures, signing.fingerprint, signing.fingerprint, str(self.id))
        return "wait" if problem else "sign"

    def _mail(self, template, **values):
        """Queue one e-mail from ``template`` to each of these signers.

        The system sends it, attached to no record: whoever may read a message could read the link in it and sign with
        it. ``values``: of the e-mail.
        """
        system = self.env.ref(template).with_user(SUPERUSER_ID)
        author = self.env.ref("base.partner_root").id
        for signer in self:
            system.send_mail(signer.id, force_send=False, email_values={
                "model": False, "res_id": False, "author_id": author, **values})

    # --- answers -----------------------------------------------------------------------------------------------------

    def _sign(self, name, picture, ip_address="", user_agent=""):
        """Sign the document: returns the situation found, "sign" where the signature was taken.

        ``picture``: PNG or JPEG in base64. Raises UserError for a name or a picture that cannot be used.
        ``self``: sudo.
        """
        self.ensure_one()
        signing = self.signing_id
        signing._lock()
        signing._keep_up()
        situation = self._situation()
        if situation != "sign":
            return situation
        name, picture = self._clean_name(name), self._clean_picture(picture)
        self._take_duty()
        self._write_signer({
            "signed_name": name, "signature": picture, "answered_at": fields.Datetime.now(), "ip_address": ip_address,
            "user_agent": (user_agent or "")[:250], "signed_sha256": signing.sha256})
        signing._answered()
        return situation

    def _refuse(self, reason, ip_address="", user_agent=""):
        """Refuse to sign; returns the situation found, "sign" where the refusal was taken. ``self``: sudo."""
        self.ensure_one()
        signing = self.signing_id
        signing._lock()
        signing._keep_up()
        situation = self._situation()
        if situation != "sign":
            return situation
        reason = re.sub(r"\s+", " ", reason or "").strip()[:1000]
        if not reason:
            raise UserError(self.env._("Please say why you do not sign: it is needed to change the document."))
        self._write_signer({
            "refusal": reason, "answered_at": fields.Datetime.now(), "ip_address": ip_address,
            "user_agent": (user_agent or "")[:250], "signed_sha256": signing.sha256})
        signing._answered()
        return situation

    def _take_duty(self):
        """Who signs for us takes on the duty of a signer of the contract, by whatever way they come in."""
        contract = self.signing_id.contract_id
        if self.side == "ours" and contract:
            user = self._user()
            if user:
                contract.with_user(user)._duty("signer", self.env._("Signed"))

    def _user(self):
        """The internal user behind this person."""
        return self.partner_id.sudo().user_ids.filtered(lambda user: not user.share)[:1]

    def _clean_name(self, name):
        """The typed name on one line; raises UserError where there is none or it is too long."""
        name = re.sub(r"[\s\x00-\x1f]+", " ", name if isinstance(name, str) else "").strip()
        if not name or len(name) > LONGEST_NAME:
            raise UserError(self.env._("Please type your name, with at most %s characters.", LONGEST_NAME))
        return name

    def _clean_picture(self, picture):
        """The drawn signature as a PNG in base64; raises UserError for what is no picture or an empty one."""
        try:
            content = base64.b64decode(picture or b"", validate=True)
            if not content or len(content) > LARGEST_PICTURE:
                raise ValueError
            drawn = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
            drawn.thumbnail((1200, 600))
            drawn = drawn.convert("RGBA")
        except (TypeError, ValueError, OSError, binascii.Error, UnidentifiedImageError,
                Image.DecompressionBombError) as error:
            raise UserError(self.env._("The signature could not be read: please draw it again.")) from error
        paper = Image.new("RGBA", drawn.size, "white")
        paper.alpha_composite(drawn)
        if len(set(paper.convert("L").getextrema())) == 1:
            raise UserError(self.env._("The signature is empty: please draw it."))
        buffer = io.BytesIO()
        drawn.save(buffer, "PNG")
        return base64.b64encode(buffer.getvalue())

    # --- authority ---------------------------------------------------------------------------------------------------

    def action_confirm_authority(self):
        """Legal has seen that these people may sign for their party."""
        if not self.env.user.has_groups(COUNSEL):
            raise AccessError(self.env._("Only legal confirms the authority to sign."))
        self.check_access("read")
        for signer in self:
            if signer.authorised or signer.signing_id.state != "pending":
                raise UserError(self.env._("There is nothing to confirm for %s.", signer.person_name))
            signer.sudo()._write_signer({  # signers are nobody's to write
                "authorised": True, "authority_note": self.env._("Confirmed by %s.", self.env.user.name)})
            signer.signing_id.sudo()._invite()
