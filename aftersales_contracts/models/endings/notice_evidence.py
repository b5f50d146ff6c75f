"""Evidence of a notice: a line a file with the hash it had when it was recorded. Appended, never changed or removed."""

import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.frozen import is_uninstalling

ROLES = [("notice", "The Notice"), ("receipt", "Its Receipt"), ("withdrawal", "Its Withdrawal"), ("cure", "The Cure")]


class NoticeEvidence(models.Model):
    _name = "aftersales.notice.evidence"
    _description = "Evidence of a Notice"
    _order = "notice_id, id"

    notice_id = fields.Many2one("aftersales.notice", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="notice_id.company_id", store=True, index=True)
    role = fields.Selection(ROLES, string="Proves", required=True, readonly=True)
    attachment_id = fields.Many2one(  # restrict: the database refuses to delete the file
        "ir.attachment", string="File", readonly=True, index="btree_not_null", ondelete="restrict")
    name = fields.Char(readonly=True)
    size = fields.Integer(string="Bytes", readonly=True, aggregator=None)
    sha256 = fields.Char(string="SHA-256", readonly=True)
    note = fields.Text(readonly=True)
    intact = fields.Boolean(compute="_compute_intact", help="The file still has the hash that it was recorded with.")

    def _compute_intact(self):
        for line in self:
            file = line.attachment_id.sudo()  # the hash tells nothing of the file's content
            line.intact = not file or _sha256(file) == line.sha256

    @api.model
    def _append(self, notice, role, attachments, note):
        """Append lines for ``attachments``, or one line for the note alone."""
        rows = [{
            "notice_id": notice.id, "role": role, "attachment_id": file.id, "name": file.name, "note": note,
            "size": file.file_size, "sha256": _sha256(file)} for file in attachments]
        # Nobody has the right to write evidence: it comes with a fact whose rights are checked there.
        self.sudo().create(rows or [{"notice_id": notice.id, "role": role, "note": note}])

    def write(self, vals):
        self._refuse_change()
        return super().write(vals)

    def _refuse_change(self):
        raise UserError(self.env._("Evidence of a notice is never changed: record another fact."))

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_deletion()
        return super().unlink()

    def _refuse_deletion(self):
        raise UserError(self.env._("Evidence of a notice is never removed."))


def _sha256(file):
    return hashlib.sha256(file.raw or b"").hexdigest()


def given(env, attachment_ids):
    """The attachments of ids that a caller passed, whose read access is checked."""
    files = env["ir.attachment"].browse(attachment_ids).exists()
    files.check_access("read")
    return files
