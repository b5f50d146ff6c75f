"""Signed on paper: the scan, who signed for which side, and when. Its hash and the text's are the proof."""

import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype

SCANS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def sign_on_paper(self, scan, signed_on=None, signers=None):
        """Record that both sides have signed on paper, and move the contracts to signed.

        :param scan: the signed paper as PDF, PNG or JPEG, in base64
        :param signed_on: the day of all signatures, date or ISO text; empty: today
        :param signers: [{"partner_id": id, "side": "ours" or "theirs", "signed_on": date}]; empty: those whom the
            parties name
        """
        self.check_access("write")
        content, ending = self._scan_content(scan)
        for contract in self:
            contract._state_after("sign")
            contract._check_approved()
            day = fields.Date.to_date(signed_on) or contract._local_today()
            people = contract._paper_signers(signers, day)
            pending = contract.sudo()._pending_round()
            if pending:  # its links must not go on beside the paper
                pending._lock()
                pending._close("void", self.env._("It was signed on paper instead."))
            signing = self.env["aftersales.signing"]._begin_paper(
                contract, content, f"{contract._document_filename()}.{ending}", people)
            contract._take_paper_duties(signing)
            contract._transition("sign")
            signing._flag_unauthorised()

    def _scan_content(self, scan):
        """(bytes, file ending) of a scan; raises UserError for what is none."""
        try:
            content = base64.b64decode(scan or b"", validate=False)
        except (binascii.Error, TypeError, ValueError):
            content = b""
        ending = SCANS.get(guess_mimetype(content)) if content else None
        if not ending:
            raise UserError(self.env._(
                "Contract %s: the file is no PDF, PNG or JPEG. Add the scan of the signed paper.",
                self[:1].display_name))
        return content, ending

    def _paper_signers(self, signers, day):
        """[(values of a signer, day)]; raises UserError where a side is missing or a day is still to come."""
        self.ensure_one()
        rows = signers or [{"partner_id": person["partner_id"], "side": person["side"]}
                           for person in self._signing_people()]
        found = []
        for row in rows:
            partner = self.env["res.partner"].browse(row["partner_id"])
            signed_on = fields.Date.to_date(row.get("signed_on")) or day
            if signed_on > self._local_today():
                raise UserError(self.env._(
                    "%(person)s cannot have signed contract %(contract)s on %(day)s, which is still to come.",
                    person=partner.display_name, contract=self.display_name, day=signed_on))
            person = self._signing_person(partner, row["side"], 1)
            name = partner.name or partner.display_name
            found.append(({**person, "person_name": name, "signed_name": name, "email": partner.email}, signed_on))
        sides = {values["side"] for values, _day in found}
        if sides != {"ours", "theirs"} or len({values["partner_id"] for values, _day in found}) != len(found):
            raise UserError(self.env._(
                "Contract %s needs a signer of each side, each person once.", self.display_name))
        return found

    def _take_paper_duties(self, signing):
        for signer in signing.signer_ids.filtered(lambda signer: signer.side == "ours"):
            user = signer._user()
            if user:
                self.with_user(user)._duty("signer", self.env._("Signed on paper"))
