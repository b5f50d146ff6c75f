"""The signature of a contract: who is asked, what is needed before "signed", and what follows from it."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from odoo import fields, models
from odoo.exceptions import UserError

from ...report import agreement_values as drawn


class Contract(models.Model):
    _inherit = "aftersales.contract"

    signing_ids = fields.One2many("aftersales.signing", "contract_id", string="Signing Rounds", copy=False)
    signed_on = fields.Datetime(string="Signed at", readonly=True, copy=False)
    signed_document_id = fields.Many2one(
        "ir.attachment", readonly=True, copy=False, groups="base.group_user")

    # --- guard -------------------------------------------------------------------------------------------------------

    def write(self, vals):
        for name in sorted({"signed_on", "signed_document_id"} & vals.keys()):
            raise UserError(self.env._(
                "%s of a contract follows from its signatures.", self._fields[name]._description_string(self.env)))
        return super().write(vals)

    def unlink(self):
        """A contract that was sent for signature stays: people outside have seen it."""
        self._refuse_deletion_once_sent()
        return super().unlink()

    def _check_move(self, action):
        super()._check_move(action)
        if action == "sign" and not self.sudo()._signed_round():  # rounds prove it to whoever moves the contract
            raise UserError(self._unsigned_sentence())

    def _unsigned_sentence(self):
        if self._pending_round():
            return self.env._(
                "Contract %(contract)s is not signed by all yet: %(progress)s.", contract=self.display_name,
                progress=self._pending_round().progress_text)
        return self.env._(
            "Contract %s has no signed document of its present text. Send it for signature, or add the scan by "
            "Signed on Paper.", self.display_name)

    def _moved(self, action):
        super()._moved(action)
        if action in ("reset", "terminate"):
            for contract in self:
                for signing in contract.sudo()._pending_round():  # the links outside must not go on
                    signing._lock()
                    if signing.state == "pending":
                        signing._close("void", self.env._("The contract was taken back before all had signed."))
        elif action == "sign":
            for contract in self:
                signing = contract.sudo()._signed_round()  # of an adopted contract there is none
                if signing:
                    contract._write_unlocked({
                        "signed_on": signing.completed_at,
                        "signed_document_id": (signing.signed_attachment_id or signing.attachment_id).id})

    # --- the round -----------------------------------------------------------------------------------------------

    def _check_may_send(self):
        super()._check_may_send()
        self._state_after("sign")
        self._check_approved()

    def _signing_people(self):
        """The parties with the authority to sign, in their order; for a side without any, its usual person."""
        self.ensure_one()
        people = [self._signing_person(party.partner_id, self._signing_side(party.partner_id), party.sign_order)
                  for party in self._signatories(self._local_today())]
        sides = {person["side"] for person in people}
        if "theirs" not in sides and self.partner_id:
            people.append(self._signing_person(self.partner_id, "theirs", 10))
        if "ours" not in sides and self.user_id:
            people.append(self._signing_person(self.user_id.partner_id, "ours", 20))
        return sorted(people, key=lambda person: person["order"])

    def _signing_side(self, partner):
        """Ours: our company and its people, whether or not their contact stands below it. Else theirs."""
        company = partner.commercial_partner_id
        if company == self.partner_id.commercial_partner_id:
            return "theirs"
        colleague = partner.sudo().user_ids.filtered(lambda user: not user.share)
        return "ours" if colleague or company == self.company_id.partner_id.commercial_partner_id else "theirs"

    def _signing_person(self, partner, side, order):
        company = self.company_id.partner_id if side == "ours" else partner.commercial_partner_id
        return {
            "partner_id": partner.id, "person_name": partner.name or "", "function": partner.function or "",
            "party_name": company.name or "", "side": side, "order": order,
            "authorised": self._signing_authority(partner, side)}

    def _signing_authority(self, partner, side):
        """By the parties of the contract: a row that may sign, today, for this person or for the person's company."""
        parties = self._signatories(self._local_today())
        return partner in parties.partner_id or (
            side == "theirs" and partner.commercial_partner_id in parties.partner_id)

    def _signing_begins(self):
        self.ensure_one()
        first = self.effective_on or self.date_start
        return datetime.combine(first, time(), ZoneInfo(self._zone()))

    def _signing_manager(self):
        return self.user_id

    def _signing_counsel(self):
        return self.legal_user_id

    def _other_side(self):
        return self.partner_id

    def _round_done(self, signing):
        """Move the contract. Where that is refused, such as for an approval that has expired meanwhile, the signatures
        stay valid and the account manager learns what to do."""
        for contract in self:
            try:
                with contract.env.cr.savepoint():
                    contract._transition("sign")
            except UserError as error:
                signing._remind_user(contract._signing_manager(), contract.env._(
                    "Signed by all, but not moved to signed: %s", error))

    def action_open_signings(self):
        """The signing rounds of this contract."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "name": self.env._("Signatures"), "res_model": "aftersales.signing",
            "views": [(False, "list"), (False, "form")], "domain": [("contract_id", "=", self.id)]}

    # --- the portal ----------------------------------------------------------------------------------------------

    def _shows_document(self):
        """Whether the other side may see the document: from approval on."""
        self.ensure_one()
        return self.state not in ("draft", "review") and not self.is_template


class SigningSigner(models.Model):
    _inherit = "aftersales.signing.signer"

    def _drawn_block(self):
        """The signature as the document prints it."""
        proof = self._proof()
        return drawn.SignatureBlock(
            proof.party, proof.name or proof.person, proof.function, proof.signed, proof.picture)
