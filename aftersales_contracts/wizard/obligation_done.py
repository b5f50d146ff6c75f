"""Reports an obligation done: since when, with which proof, and until when a certificate is valid."""

from odoo import api, fields, models


class ObligationDone(models.TransientModel):
    _name = "aftersales.obligation.done"
    _description = "Obligation Done"

    obligation_id = fields.Many2one("aftersales.obligation", required=True, readonly=True, ondelete="cascade")
    needs_evidence = fields.Boolean(related="obligation_id.needs_evidence")
    expires = fields.Boolean(related="obligation_id.expires")
    evidence_count = fields.Integer(related="obligation_id.evidence_count")
    done_on = fields.Date(string="Done", required=True, default=fields.Date.context_today)
    valid_until = fields.Date(compute="_compute_valid_until", store=True, readonly=False)
    file = fields.Binary(string="Evidence", attachment=False)
    file_name = fields.Char()
    note = fields.Char(help="What the file proves.")

    @api.depends("obligation_id")
    def _compute_valid_until(self):
        for wizard in self:
            wizard.valid_until = wizard.obligation_id.valid_until

    def action_confirm(self):
        """Add the file as evidence, then report the obligation done; the rights are checked there."""
        for wizard in self:
            if wizard.file:
                self.env["aftersales.evidence"].create({
                    "obligation_id": wizard.obligation_id.id, "file": wizard.file,
                    "file_name": wizard.file_name or self.env._("Evidence"), "note": wizard.note})
            wizard.obligation_id.action_done(wizard.done_on, wizard.valid_until)
