"""Region: the countries, or states of a country, for which a contract names who serves."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

PLACES = ("country_ids", "state_ids", "company_id")


class Region(models.Model):
    """A state named by one region and its country by another is no contradiction: the state decides, being closer."""

    _name = "aftersales.region"
    _description = "Service Region"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company,
        help="Empty: every company may use this region, and only an administrator may change it.")
    country_ids = fields.Many2many("res.country", string="Countries")
    state_ids = fields.Many2many("res.country.state", string="States", help="Parts of countries, such as Bavaria.")
    active = fields.Boolean(default=True)
    scope_ids = fields.One2many("aftersales.scope.line", "region_id", string="Scope Lines")

    @api.constrains("name", "country_ids", "state_ids")  # the name, for a region that is created nowhere
    def _check_places(self):
        for region in self:
            if not region.country_ids and not region.state_ids:
                raise ValidationError(self.env._("Region %s is nowhere: name a country or a state.", region.name))
        self.sudo().scope_ids._check_places()  # contracts of other companies count as well

    def write(self, vals):
        if set(PLACES) & set(vals):
            self._refuse_on_paper(vals)
        return super().write(vals)

    def _refuse_on_paper(self, vals):
        """What a region stands for is fixed once a contract with it has left the draft: it says who serves where."""
        for region in self:
            lines = region.sudo().scope_ids.filtered(lambda line: line.contract_id.state != "draft")
            after = region.new({name: vals[name] for name in PLACES if name in vals}, origin=region)
            if lines and any(after[name]._origin != region[name] for name in PLACES if name in vals):
                raise UserError(self.env._(
                    "Region %(region)s cannot change: contract %(contract)s says who serves there. Make a new region, "
                    "and amend the contract.", region=region.name, contract=lines[0].contract_id.display_name))

    def _names(self, place):
        """The regions of ``self`` that ``place`` lies in, the closest first: those naming its state, then its country.

        ``place``: a record of aftersales.region, res.country or res.country.state; empty: none.
        """
        if place._name == self._name:
            return self & place
        state = place if place._name == "res.country.state" else self.env["res.country.state"]
        country = state.country_id or (place if place._name == "res.country" else self.env["res.country"])
        by_state = self.filtered(lambda region: state and state in region.state_ids)
        return by_state + self.filtered(
            lambda region: country and region not in by_state and country in region.country_ids)
