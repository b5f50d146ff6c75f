from odoo import api, fields, models


class SupportTier(models.Model):
    """A level of support: L1 answers and escalates, L2 solves complex cases, L3 is the maker's expert."""

    _name = "aftersales.support.tier"
    _description = "Support Tier"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "A support tier's code must be unique.")

    @api.depends("code", "name")
    def _compute_display_name(self):
        for tier in self:
            tier.display_name = tier.code if tier.code == tier.name else f"{tier.code} {tier.name}"

    def _next(self):
        """The tier that a request of this tier escalates to; empty at the last one."""
        self.ensure_one()
        tiers = self.search([])  # a handful  # pylint: disable=no-search-all
        later = [tier for tier in tiers if (tier.sequence, tier.id) > (self.sequence, self.id)]
        return later[0] if later else self.browse()
