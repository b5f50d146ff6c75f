"""Evidence: a file that proves something, with its SHA-256, and who brought it in when. Added, never changed."""

import base64
import binascii
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

SUBJECTS = (
    "obligation_id", "finding_id", "breach_id", "recovery_id", "certification_id", "assessment_id",
    "improvement_plan_id")


class Evidence(models.Model):
    """Nobody has the right to write it: so nobody can exchange its file through the attachment either."""

    _name = "aftersales.evidence"
    _inherit = ["aftersales.appended"]
    _description = "Evidence"
    _order = "id"
    _rec_name = "file_name"

    obligation_id = fields.Many2one("aftersales.obligation", index="btree_not_null", ondelete="cascade")
    finding_id = fields.Many2one("aftersales.finding", index="btree_not_null", ondelete="cascade")
    breach_id = fields.Many2one("aftersales.breach", index="btree_not_null", ondelete="cascade")
    recovery_id = fields.Many2one("aftersales.recovery", index="btree_not_null", ondelete="cascade")
    certification_id = fields.Many2one("aftersales.certification", index="btree_not_null", ondelete="cascade")
    assessment_id = fields.Many2one("aftersales.assessment", index="btree_not_null", ondelete="cascade")
    improvement_plan_id = fields.Many2one("aftersales.improvement.plan", index="btree_not_null", ondelete="cascade")
    company_id = fields.Many2one("res.company", compute="_compute_company_id", store=True, index=True)
    file = fields.Binary(attachment=True, required=True)
    file_name = fields.Char(required=True)
    note = fields.Char(help="What it proves.")
    sha256 = fields.Char(string="SHA-256", readonly=True, help="Of the file as it was brought in.")
    size = fields.Integer(string="Size (bytes)", readonly=True, aggregator=None)
    uploaded_by_id = fields.Many2one("res.users", string="Brought in by", readonly=True)
    uploaded_at = fields.Datetime(string="Brought in", readonly=True)

    _one_subject = models.Constraint(
        f"CHECK(num_nonnulls({', '.join(SUBJECTS)}) = 1)", "Evidence belongs to one record.")

    @api.depends(*(f"{name}.company_id" for name in SUBJECTS))
    def _compute_company_id(self):
        for evidence in self:
            evidence.company_id = evidence._subject().company_id

    def _subject(self):
        """The record that it proves something about."""
        self.ensure_one()
        return next((self[name] for name in SUBJECTS if self[name]), self.obligation_id)

    @api.model_create_multi
    def create(self, vals_list):
        now, user = fields.Datetime.now(), self.env.uid
        vals_list = [
            {**vals, **self._fingerprint(vals), "uploaded_by_id": user, "uploaded_at": now} for vals in vals_list]
        found = super().create(vals_list)
        for evidence in found:
            evidence._subject()._check_may_handle()
        return found

    @api.model
    def _fingerprint(self, vals):
        """SHA-256 (hex) and size of the file among ``vals``; raises ValidationError for a file that is none."""
        try:
            content = base64.b64decode(vals.get("file") or b"", validate=False)
        except (binascii.Error, TypeError, ValueError):
            content = b""
        if not content:
            raise ValidationError(self.env._("Evidence %s: the file is empty.", vals.get("file_name") or ""))
        return {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}

    def _refuse_change(self):
        if self:
            raise UserError(self.env._("Evidence does not change. Add another file instead."))

    def _refuse_deletion(self):
        """Only who brought it in takes it back, and only until something was decided on it."""
        for evidence in self:
            if evidence.uploaded_by_id != self.env.user or not evidence._subject()._takes_evidence():
                raise UserError(self.env._(
                    "%(file)s is part of the proof of %(record)s and stays.",
                    file=evidence.file_name, record=evidence._subject().display_name))

    def _is_intact(self):
        """Whether the stored file still is the one that was brought in."""
        self.ensure_one()
        content = self.with_context(bin_size=False).file
        return bool(content) and hashlib.sha256(base64.b64decode(content)).hexdigest() == self.sha256
