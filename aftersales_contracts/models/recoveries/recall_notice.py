"""Telling owners of a recall: one e-mail to each owner, with all of its machines, and to nobody twice."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

KEEPERS = ("aftersales_contracts.group_account_manager,aftersales_contracts.group_legal,"
           "aftersales_contracts.group_administrator")
TEMPLATE = "aftersales_contracts.mail_template_recall"
AT_ONCE = 500  # machines whose owners are told when the button is pressed; the others follow at night


class Recall(models.Model):
    _inherit = "aftersales.recall"

    def action_notify(self):
        """Tell the owners, from now on also those of machines that are found later. Pressed twice it tells the rest."""
        if not (self.env.su or self.env.user.has_groups(KEEPERS)):
            raise AccessError(self.env._("Only an account manager, legal or an administrator notifies owners."))
        self.check_access("write")
        for recall in self:
            if recall.state != "released":
                raise UserError(self.env._("%s is not released: nobody is told of it yet.", recall.display_name))
        self.filtered(lambda recall: not recall.notify_asked_on)._write_guarded(
            {"notify_asked_on": fields.Date.context_today(self)})
        rows = self.env["aftersales.recall.asset"].sudo()  # rows of recalls are the system's to write
        rows.search(rows._nightly_notice_domain(None) & Domain("recall_id", "in", self.ids), limit=AT_ONCE)._notify()
        return True


class RecallAsset(models.Model):
    _inherit = "aftersales.recall.asset"

    told_owner = fields.Boolean(
        string="Owner Was Told", compute="_compute_told_owner", store=True,
        help="No: the machine has got another owner since.")

    @api.depends("notified_id", "partner_id")
    def _compute_told_owner(self):
        for row in self:
            row.told_owner = bool(row.notified_id) and row.notified_id == row.partner_id

    @api.model
    def _nightly_notice_domain(self, _today):
        """Machines whose owner is to be told and was not, or who have another owner since."""
        return Domain.AND([
            Domain("recall_id.state", "=", "released"), Domain("recall_id.notify_asked_on", "!=", False),
            Domain("excluded", "=", False), Domain("response", "not in", ("done", "declined")),
            Domain("partner_id.email", "not in", (False, "")), Domain("told_owner", "=", False)])

    def _notify(self):
        """E-mail the owners of these machines: one for an owner and a recall, with all of its machines."""
        heads = self.browse(rows[0].id for rows in self.grouped(lambda row: (row.recall_id, row.partner_id)).values())
        heads = heads.filtered(lambda row: not row.told_owner)  # told a moment ago, in another batch
        machines = {head: head._told_together() for head in heads}
        template = self.env.ref(TEMPLATE).sudo()  # the office's words; who presses the button need not read templates
        template.send_mail_batch(heads.ids, force_send=False)
        now = fields.Datetime.now()
        for head, rows in machines.items():
            rows._write_guarded({"notified_at": now, "notified_id": head.partner_id.id})
        return [(head, self.env._("%(owner)s told of %(count)s machines", owner=head.partner_id.display_name,
                                  count=len(rows))) for head, rows in machines.items()]

    def _told_together(self):
        """The machines of the same recall and owner that the owner is to be told of."""
        self.ensure_one()
        return self.search(self._nightly_notice_domain(None) & Domain("recall_id", "=", self.recall_id.id) & Domain(
            "partner_id", "=", self.partner_id.id))
