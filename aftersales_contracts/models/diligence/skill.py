"""Skill: what a provider must be certified in before it may do some services for us."""

from odoo import api, fields, models, tools

CHECKS = [("block", "Blocks"), ("warn", "Warns")]


class Skill(models.Model):
    _name = "aftersales.skill"
    _description = "Skill"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company,
        help="Empty: every company asks for it, and only an administrator may change it.")
    check_kind = fields.Selection(
        CHECKS, string="Without a Certification", required=True, default="warn",
        help="Blocks: the contract does not take effect, and no request goes to that party. Warns: it is said.")
    type_ids = fields.Many2many("aftersales.request.type", string="Service Types", help="Empty: every type.")
    tier_ids = fields.Many2many("aftersales.support.tier", string="Support Tiers", help="Empty: every tier.")
    description = fields.Text(translate=True)
    active = fields.Boolean(default=True)
    certification_ids = fields.One2many("aftersales.certification", "skill_id", string="Certifications")

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    def _asked_for(self, company):
        """The skills that ``company`` asks for: looked up once, for requests are opened by the thousand."""
        return self.sudo().browse(self._asked_for_ids(company.id))  # what is asked for is no secret of its editors

    @api.model
    @tools.ormcache("company_id")
    def _asked_for_ids(self, company_id):
        return tuple(self.sudo().search([("company_id", "in", [company_id, False])]).ids)

    def _needed_for(self, line):
        """Those of ``self`` that the cells of a scope line take: where both say a type or tier, they must meet."""
        return self.filtered(
            lambda skill: (not skill.type_ids or not line.type_id or line.type_id in skill.type_ids)
            and (not skill.tier_ids or not line.tier_id or line.tier_id in skill.tier_ids))

    def _needed_by(self, service, tier):
        """Those of ``self`` that one request takes: its type and tier are named, or the skill names none."""
        return self.filtered(
            lambda skill: (not skill.type_ids or service in skill.type_ids)
            and (not skill.tier_ids or tier in skill.tier_ids))
