"""Sending a closed statement: one e-mail to the customer's contacts, with the stored PDF.

E-mails go into Odoo's queue in the transaction that marks the statement sent: a killed run neither loses one nor
sends it twice. Without an outgoing server they wait there.
"""

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _statement_recipients(self):
        """Who receives the statements: the contacts named for it, else the customer."""
        self.ensure_one()
        return self.statement_contact_ids or self.partner_id


class Statement(models.Model):
    _inherit = "aftersales.statement"

    def _recipients(self):
        """The recipients that have an e-mail address."""
        self.ensure_one()
        return self.contract_id._statement_recipients().filtered("email")

    def _goes_out_by_itself(self):
        company = self.company_id
        nothing = not self.snapshot["totals"]["due"] and not self.snapshot.get("corrections")
        return company.statement_mail and (company.statement_mail_empty or not nothing)

    def action_send(self):
        """E-mail these closed statements (again), with the stored PDF attached."""
        self._check_may_close()
        sending = self.sudo()
        for statement in sending:
            if statement.state == "draft":
                raise UserError(self.env._("Close %s before sending it.", statement.display_name))
            if not statement._recipients():
                raise UserError(statement._nobody())
        sending._send()
        return True

    def _nobody(self):
        names = ", ".join(self.contract_id._statement_recipients().mapped("display_name"))
        return self.env._("Not sent: %s has no e-mail address.", names)

    def _send(self):
        """Queue one e-mail a statement and mark it sent; those without a recipient keep the reason."""
        template = self.env.ref("aftersales_contracts.mail_template_statement")
        reachable = self.filtered(lambda statement: statement._recipients())
        for statement in self - reachable:
            statement._report_problem(statement._nobody())
            statement._write_unguarded({"send_pending": False})
        if not reachable:
            return
        template.send_mail_batch(reachable.ids, force_send=False)
        for statement in reachable:
            statement._write_unguarded({
                "state": "sent", "sent_at": fields.Datetime.now(), "send_pending": False, "problem": False})
        reachable._message_log_batch(bodies={
            s.id: self.env._("E-mailed to %s.", ", ".join(s._recipients().mapped("email"))) for s in reachable})

    @api.model
    def _send_pending(self, batch=50):
        """Send what the scheduled action closed, also what an interrupted run left; commits after each batch."""
        Cron = self.env["ir.cron"]
        while True:
            waiting = self.search([("send_pending", "=", True)], limit=batch, order="id").try_lock_for_update()
            if not waiting:
                return
            waiting._send_each()
            if not Cron._commit_progress(len(waiting), remaining=self.search_count([("send_pending", "=", True)])):
                return

    def _send_each(self):
        """Send together; when that fails, one by one, so that one broken address does not stop the others."""
        try:
            with self.env.cr.savepoint():
                self._send()
                self.env.flush_all()
            return
        except UserError as error:
            _logger.info("Sending %s statements together failed (%s); sending them one by one", len(self), error)
        for statement in self:
            try:
                with self.env.cr.savepoint():
                    statement._send()
                    self.env.flush_all()
            except UserError as error:
                statement._report_problem(self.env._("Not sent: %s", error))
                statement._write_unguarded({"send_pending": False})
