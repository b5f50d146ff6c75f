"""What a contract shows of its obligations, breaches, audits, issues and reviews."""

from odoo import fields, models


class Contract(models.Model):
    _inherit = "aftersales.contract"

    obligation_ids = fields.One2many("aftersales.obligation", "contract_id", string="Obligations", copy=False)
    breach_ids = fields.One2many("aftersales.breach", "contract_id", string="Breaches", copy=False)
    audit_ids = fields.One2many("aftersales.audit", "contract_id", string="Audits", copy=False)
    open_breach_count = fields.Integer(string="Open Breaches", compute="_compute_open_breach_count")

    def _compute_open_breach_count(self):
        self._count_into("open_breach_count", "aftersales.breach", [
            ("state", "in", ("proposed", "open", "notified", "uncured", "disputed"))])

    def action_view_breaches(self):
        return self._action("action_breach", [], default_contract_id=self.id)
