"""Knowledge: what a failure looked like, what it came from and what helped; found again at the next diagnosis."""

from odoo import api, fields, models


class Knowledge(models.Model):
    _name = "aftersales.knowledge"
    _description = "Knowledge"
    _inherit = ["mail.thread"]
    _order = "used desc, id desc"
    _rec_names_search = ["name", "symptom", "remedy"]
    _check_company_auto = True

    name = fields.Char(string="Title", required=True, tracking=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: all companies.")
    cause_id = fields.Many2one("aftersales.cause", index=True, ondelete="restrict")
    product_id = fields.Many2one("product.product", index=True, help="Empty: every product.")
    symptom = fields.Text()
    remedy = fields.Text(required=True, help="What helped.")
    claim_ids = fields.One2many("aftersales.warranty.claim", "knowledge_id", string="Claims")
    used = fields.Integer(string="Claims Solved", compute="_compute_used", store=True)
    active = fields.Boolean(default=True)

    @api.depends("claim_ids")
    def _compute_used(self):
        for knowledge in self:
            knowledge.used = len(knowledge.claim_ids)
