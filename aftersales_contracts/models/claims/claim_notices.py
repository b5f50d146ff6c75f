"""What is told by e-mail of a claim: that it was taken in, what was decided, and which part is to be sent back.

E-mails go into the queue of Odoo in the transaction that they tell of. Who has no address gets none: the claim's log
says so, and the portal shows the same.
"""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .claim_portal import CUSTOMER, DEALER

TOLD = ("portal", "email", "dealer", "phone", "agent")  # channels whose intake is confirmed: by a person who waits
FINAL = ("billing", "closed", "refused")


class WarrantyClaim(models.Model):
    _inherit = "aftersales.warranty.claim"

    def _side(self, audience):
        """Who is written to: the person who filed the claim, where it is of that side, else the side itself."""
        self.ensure_one()
        side = self.dealer_id if audience == DEALER else self.partner_id
        person = self.claimant_id.partner_id
        belongs = side and person.commercial_partner_id == side.commercial_partner_id
        return person if belongs and person.email else side

    def _mail_to(self):
        """Who hears that it was taken in: who filed it, the dealer or the customer."""
        self.ensure_one()
        return self._side(DEALER if self.channel == "dealer" and self.dealer_id else CUSTOMER)

    def _part_holder(self):
        """Who has the faulty part: the dealer where there is one, else the customer."""
        self.ensure_one()
        return self._side(DEALER if self.dealer_id else CUSTOMER)

    def _mail_lang(self, partner):
        """The language of ``partner`` where it is installed, else the company's, else English."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        wanted = (partner.lang, partner.commercial_partner_id.lang, self.company_id.partner_id.lang)
        return next((code for code in wanted if code in installed), "en_US")

    def _parts_to_send(self):
        return self.line_ids.filtered(lambda line: line.return_state == "required")

    def _entered(self, state):
        result = super()._entered(state)
        if state == "intake":
            self.filtered(lambda claim: claim.channel in TOLD)._mail(
                "mail_template_claim_received", lambda claim: claim._mail_to())
        elif state in FINAL:
            self.filtered(lambda claim: claim.decided == "all")._send_letters()
        return result

    def _mail(self, template, recipient):
        """Queue an e-mail for each claim whose recipient has an address."""
        reached = self.filtered(lambda claim: recipient(claim).email)
        if reached:
            # Templates and contacts are read whoever's step it was, a portal user's too.
            self.env.ref(f"aftersales_contracts.{template}").sudo().send_mail_batch(reached.ids, force_send=False)

    def _send_letters(self):
        """Issue and queue the letters that were not sent yet. Those without an address are left to be printed."""
        letters = self._issue_letters().filtered(lambda letter: not letter.sent_at)
        return letters._queue()

    def action_send_letter(self):
        """Issue the decision letters and e-mail them, those sent before again."""
        self.action_letter()
        letters = self._issue_letters()
        without = letters.filtered(lambda letter: not letter._recipient().email)
        if without == letters:
            raise UserError(self.env._(
                "%(letter)s is not sent: %(partner)s has no e-mail address.", letter=without[0].name,
                partner=without[0].partner_id.display_name))
        letters._queue()
        return True


class WarrantyClaimLine(models.Model):
    _inherit = "aftersales.warranty.claim.line"

    def _ask_return(self):
        before = self.filtered(lambda line: line.return_state == "required")
        result = super()._ask_return()
        asked = self.filtered(lambda line: line.return_state == "required") - before
        asked.claim_id._mail("mail_template_claim_return", lambda claim: claim._part_holder())
        return result


class ClaimLetter(models.Model):
    _inherit = "aftersales.claim.letter"

    def _recipient(self):
        self.ensure_one()
        return self.claim_id._side(self.audience)

    def _queue(self):
        """E-mail these letters with their stored PDFs; returns those that have an address."""
        sending = self.sudo().filtered(lambda letter: letter._recipient().email)
        if sending:
            template = self.env.ref("aftersales_contracts.mail_template_claim_decided").sudo()
            template.send_mail_batch(sending.ids, force_send=False)
            for letter in sending:
                letter._write_guarded({"sent_at": fields.Datetime.now()})
                letter.claim_id._message_log(body=self.env._(
                    "Letter %(letter)s e-mailed to %(address)s.", letter=letter.name,
                    address=letter._recipient().email))
        return sending

    def action_send(self):
        """E-mail these letters (again), with their stored PDFs."""
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only the office sends decision letters."))
        self.check_access("read")
        self.claim_id.check_access("write")
        for letter in self:
            if not letter.sudo()._recipient().email:
                raise UserError(self.env._(
                    "%(letter)s is not sent: %(partner)s has no e-mail address.", letter=letter.name,
                    partner=letter.partner_id.display_name))
        self._queue()
        return True
