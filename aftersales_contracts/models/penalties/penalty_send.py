"""Sending a credit statement or penalty notice: one e-mail to the other side, with the stored PDF.

E-mails go into the queue of Odoo in the transaction that marks the document sent. Without an outgoing server they wait
there.
"""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .penalty import FINANCE


class PenaltyDocument(models.Model):
    _inherit = "aftersales.penalty.document"

    def _recipients(self):
        """Who gets it and has an e-mail address: of a credit who gets the statements, of a notice the other side."""
        self.ensure_one()
        wanted = self.contract_id._statement_recipients() if self.kind == "credit" else self.partner_id
        return wanted.filtered("email")

    def action_send(self):
        """E-mail these documents (again), with the stored PDF attached. All or none."""
        self._check_may_send()
        sending = self.sudo()  # its contacts and contract are read, whoever of finance sends it
        for document in sending:
            if not document._recipients():
                raise UserError(self.env._(
                    "%(document)s is not sent: %(partner)s has no e-mail address.", document=document.display_name,
                    partner=document.partner_id.display_name))
        template = self.env.ref("aftersales_contracts.mail_template_penalty_document")
        template.sudo().send_mail_batch(sending.ids, force_send=False)
        sending._write_issued({"sent_at": fields.Datetime.now()})
        sending._message_log_batch(bodies={
            one.id: self.env._("E-mailed to %s.", ", ".join(one._recipients().mapped("email"))) for one in sending})
        return True

    def _check_may_send(self):
        if not (self.env.su or self.env.user.has_groups(FINANCE)):
            raise AccessError(self.env._("Only finance or an administrator sends credit statements and notices."))
        self.check_access("read")


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    def action_send(self):
        """E-mail the documents of these penalties, each once. Those that are not posted yet have none."""
        self.document_id._check_may_send()
        self.check_access("read")
        for penalty in self:
            if not penalty.document_id:
                raise UserError(self.env._(
                    "%s has no document to send yet: post it first.", penalty.display_name))
        return self.document_id.action_send()
