from odoo import fields, models


class Team(models.Model):
    """The people who work on requests of one tier: own staff, a provider's or a dealer's."""

    _name = "aftersales.team"
    _description = "Service Team"
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    tier_id = fields.Many2one("aftersales.support.tier", string="Support Tier")
    partner_id = fields.Many2one(
        "res.partner",
        string="Provider",
        help="The provider or dealer whose team this is; empty for our own staff.",
    )
    leader_id = fields.Many2one("res.users", string="Team Leader")
    member_ids = fields.Many2many("res.users", string="Members")
