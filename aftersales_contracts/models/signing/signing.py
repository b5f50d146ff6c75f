"""Signing round: one document sent to people of both sides, who sign it in order. Rounds are proof: the methods here
change them, by what their signers do; no user does, and nobody deletes one."""

from datetime import UTC

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine import signing as engine
from ..common.frozen import is_uninstalling

STATES = [
    ("pending", "Being Signed"),
    ("complete", "Signed"),
    ("refused", "Refused"),
    ("void", "Void"),
    ("expired", "Expired"),
]
DOCUMENTS = ("contract_id", "nda_id")


class Signing(models.Model):
    _name = "aftersales.signing"
    _description = "Signing Round"
    _order = "sent_at desc, id desc"

    name = fields.Char(string="Document", required=True, readonly=True)
    contract_id = fields.Many2one("aftersales.contract", readonly=True, index="btree_not_null", ondelete="restrict")
    nda_id = fields.Many2one(
        "aftersales.nda", string="Agreement", readonly=True, index="btree_not_null", ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one("res.partner", string="Other Side", readonly=True, index=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="pending", index=True)
    method = fields.Selection(
        [("portal", "Portal"), ("paper", "Paper")], required=True, readonly=True, default="portal")
    attachment_id = fields.Many2one(
        "ir.attachment", string="Document Sent", readonly=True, ondelete="restrict",
        help="The exact file that the signers see; of a paper round the scan of the signed paper.")
    sha256 = fields.Char(string="SHA-256", readonly=True, help="Of the document sent.")
    fingerprint = fields.Char(readonly=True, help="SHA-256 of the text: a text changed after sending voids the round.")
    signed_attachment_id = fields.Many2one(
        "ir.attachment", string="Signed Document", readonly=True, ondelete="restrict",
        help="The document sent, followed by the certificate of its signatures.")
    sent_at = fields.Datetime(string="Sent", readonly=True)
    sent_by_id = fields.Many2one("res.users", string="Sent by", readonly=True, ondelete="restrict")
    expires_on = fields.Date(string="Sign until", readonly=True, help="The last day on which it can be signed.")
    completed_at = fields.Datetime(string="Signed", readonly=True)
    closed_at = fields.Datetime(string="Closed", readonly=True)
    reason = fields.Char(readonly=True, help="Why it was refused or is void.")
    flag_text = fields.Text(string="For Legal", readonly=True, help="What legal should look at.")
    signer_ids = fields.One2many("aftersales.signing.signer", "signing_id", string="Signers", readonly=True)
    progress_text = fields.Char(string="Progress", compute="_compute_progress_text")
    waits_for_me = fields.Boolean(compute="_compute_waits_for_me", search="_search_waits_for_me")

    _one_document = models.Constraint(
        "CHECK(num_nonnulls(contract_id, nda_id) = 1)", "A signing round is about one document.")
    _one_pending_contract = models.UniqueIndex(
        "(contract_id) WHERE state = 'pending'", "This contract is being signed already.")
    _one_pending_nda = models.UniqueIndex(
        "(nda_id) WHERE state = 'pending'", "This agreement is being signed already.")

    @api.depends("state", "signer_ids.state", "signer_ids.person_name")
    @api.depends_context("lang")
    def _compute_progress_text(self):
        for signing in self:
            done = len(signing.signer_ids.filtered(lambda signer: signer.state == "signed"))
            text = self.env._("%(done)s of %(all)s signed", done=done, all=len(signing.signer_ids))
            names = ", ".join(signing._whose_turn().mapped("person_name"))
            signing.progress_text = text if not names else self.env._(
                "%(text)s, waits for %(names)s", text=text, names=names)

    @api.depends_context("uid")
    @api.depends("state", "signer_ids.state")
    def _compute_waits_for_me(self):
        for signing in self:
            signing.waits_for_me = self.env.user.partner_id in signing._whose_turn().partner_id

    def _search_waits_for_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = self.search([
            ("state", "=", "pending"), ("signer_ids", "any", [
                ("partner_id", "=", self.env.user.partner_id.id), ("state", "=", "waiting")])])
        return [("id", "in" if True in value else "not in", mine.filtered("waits_for_me").ids)]

    # --- guard -------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("A signing round begins by sending a document for signature."))
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("%s: a signing round changes only by what its signers do.", self[:1].display_name))

    def _write_round(self, vals):
        """Write what happened to the round."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_deletion()
        return super().unlink()

    def _refuse_deletion(self):
        if self:
            raise UserError(self.env._("%s: a signing round is proof and is not deleted.", self[:1].display_name))

    # --- reading -----------------------------------------------------------------------------------------------------

    def _document(self):
        """The contract or agreement that is signed."""
        self.ensure_one()
        return next(self[name] for name in DOCUMENTS if self[name])

    def _round(self, trusted=False):
        """The engine's `SigningRound` of today: state, whose turn it is, flags. ``trusted``: whatever the authority."""
        self.ensure_one()
        signers, signatures = self._engine_facts(trusted)
        document = self._document().sudo()
        return engine.signing_round(
            signers, signatures, self.fingerprint, document._document_fingerprint(), document._signing_begins())

    def _engine_facts(self, trusted=False):
        """(signers, signatures) as the engine reads them; keys are ids.

        The engine compares one hash: a signature over the file that was sent counts as one over its text.
        """
        signers = [engine.Signer(str(one.id), one.order, one.authorised or trusted) for one in self.signer_ids]
        signatures = [
            engine.Signature(
                str(one.id), one.answered_at.replace(tzinfo=UTC),
                self.fingerprint if one.signed_sha256 == self.sha256 else one.signed_sha256, one.refusal or "")
            for one in self.signer_ids if one.answered_at]
        return signers, signatures

    def _whose_turn(self):
        """The signers who may sign now, as far as the order goes."""
        self.ensure_one()
        waiting = self.signer_ids.filtered(lambda signer: signer.state == "waiting")
        if self.state != "pending" or not waiting:
            return waiting.browse()
        turn = min(waiting.mapped("order"))
        return waiting.filtered(lambda signer: signer.order == turn)

    def _zone(self):
        """The IANA zone in which the document's days begin."""
        self.ensure_one()
        return self._document().sudo()._zone()

    def _today(self):
        return fields.Date.context_today(self.with_context(tz=self._zone()))

    def _expired(self):
        return bool(self.expires_on) and self._today() > self.expires_on

    def _lock(self):
        """Hold the round and its signers until the transaction ends: of two tabs that sign at once one waits, and is
        then tried again by the server on what the other one left."""
        self.env.flush_all()
        self.env.cr.execute(SQL("SELECT id FROM aftersales_signing WHERE id IN %s FOR UPDATE", self._ids))
        self.env.cr.execute(SQL(
            "SELECT id FROM aftersales_signing_signer WHERE signing_id IN %s ORDER BY id FOR UPDATE", self._ids))
        self.invalidate_recordset()
        self.signer_ids.invalidate_recordset()

    def _keep_up(self):
        """Close a pending round whose last day has passed, or whose text is not the one that was sent any more."""
        for signing in self.filtered(lambda signing: signing.state == "pending"):
            if signing._expired():
                signing._close("expired", self.env._("It was not signed by all in time."))
            elif signing._round().state == engine.VOID:
                signing._close("void", self.env._("The text was changed after it was sent."))
