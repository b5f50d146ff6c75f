"""Sending a settlement statement: one e-mail to the dealer, with the stored PDF and spreadsheet.

E-mails go into the queue of Odoo in the transaction that marks the statement e-mailed. Without an outgoing server they
wait there. A dealer without an address finds the statement in its portal; the settlement says so.
"""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .settlement_course import REVIEWERS


class SettlementDocument(models.Model):
    _inherit = "aftersales.settlement.document"

    def _recipients(self):
        """Who gets it and has an e-mail address: who gets the statements of the contract, else the dealer."""
        self.ensure_one()
        wanted = self.contract_id._statement_recipients().filtered("email")
        return wanted or self.dealer_id.filtered("email")

    def action_send(self):
        """E-mail these statements (again), with the stored files attached. All or none."""
        self._check_may_send()
        for document in self.sudo():  # its contacts and contract are read, whoever may send it
            if not document._recipients():
                raise UserError(self.env._(
                    "%(document)s is not e-mailed: %(partner)s has no e-mail address.", document=document.name,
                    partner=document.dealer_id.display_name))
        self.sudo()._e_mail()
        return True

    def _send_if_possible(self):
        """E-mail those whose dealer has an address; of the others their settlement says that they are in the portal."""
        reached = self.filtered(lambda document: document._recipients())
        reached._e_mail()
        for document in self - reached:
            document.settlement_id._message_log(body=self.env._(
                "%(document)s is in the portal only: %(partner)s has no e-mail address.", document=document.name,
                partner=document.dealer_id.display_name))

    def _e_mail(self):
        if not self:
            return
        template = self.env.ref("aftersales_contracts.mail_template_settlement_document").sudo()
        for document in self:
            template.send_mail(document.id, force_send=False, email_values={
                "attachment_ids": [(4, document.sheet_attachment_id.id)]})
        self._write_issued({"sent_at": fields.Datetime.now()})
        bodies = {
            one.settlement_id.id: self.env._(
                "%(document)s e-mailed to %(people)s.", document=one.name,
                people=", ".join(one._recipients().mapped("email"))) for one in self}
        self.settlement_id._message_log_batch(bodies=bodies)

    def _check_may_send(self):
        if not (self.env.su or self.env.user.has_groups(REVIEWERS)):
            raise AccessError(self.env._(
                "Only an account manager, finance or an administrator sends settlement statements."))
        self.check_access("read")
