"""A later fact of a registered notice: its receipt, its withdrawal, or the cure of the breach."""

from odoo import fields, models


class NoticeFollowUp(models.TransientModel):
    _name = "aftersales.notice.follow.up"
    _description = "Later Fact of a Notice"

    notice_id = fields.Many2one("aftersales.notice", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(related="notice_id.partner_id")
    what = fields.Selection(
        [("receipt", "It Was Received"), ("withdrawal", "It Was Withdrawn"), ("cure", "The Breach Was Cured")],
        required=True, default="receipt")
    received_at = fields.Datetime(string="Received")
    cured_on = fields.Date(string="Cured on")
    agreed_by_id = fields.Many2one(
        "res.partner", string="Agreed by", help="Who of the other side agreed to the withdrawal.")
    note = fields.Text(help="What proves it where there is no file.")
    attachment_ids = fields.Many2many("ir.attachment", string="Files")

    def action_confirm(self):
        """Add the fact; rights and state are checked by the notice."""
        self.ensure_one()
        notice, files = self.notice_id, self.attachment_ids.ids
        if self.what == "receipt":
            notice.record_receipt(self.received_at, self.note, files)
        elif self.what == "withdrawal":
            notice.withdraw(self.agreed_by_id.id, self.note, files)
        else:
            notice.record_cure(self.cured_on, self.note, files)
        return {"type": "ir.actions.act_window_close"}
