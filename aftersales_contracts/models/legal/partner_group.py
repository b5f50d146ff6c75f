"""What agreements need to know of a company: its zone, its group, whom it took over, and who left it."""

import pytz
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class Partner(models.Model):
    _inherit = "res.partner"

    aftersales_left_on = fields.Date(
        string="Left on", help="The first day on which this person acts no more for the company. Confidential "
        "documents are not shown from that day on.")
    aftersales_successor_id = fields.Many2one(
        "res.partner", string="Merged into", index="btree_not_null", ondelete="restrict",
        help="The company that took over this one: it keeps the agreements that this one signed.")

    def _agreement_zone(self):
        """IANA zone of a party: its own, else the first of its country, else of our company."""
        partner = self.commercial_partner_id
        own = self.tz or partner.tz
        if own:
            return own
        zones = pytz.country_timezones.get(partner.country_id.code or "")
        if zones:
            return zones[0]
        return (partner.company_id or self.env.company).resource_calendar_id.tz or "UTC"

    def _affiliates(self):
        """The companies of the same group: of one tree of partners, or of one tree of our companies."""
        top = self.commercial_partner_id
        seen = self.browse()
        while top.parent_id and top not in seen:
            seen |= top
            top = top.parent_id
        found = self.search([("id", "child_of", top.ids), ("is_company", "=", True)]) | top if top else top
        company = self.env["res.company"].search([("partner_id", "in", found.ids)], limit=1)
        if company:
            found |= self.env["res.company"].search([("id", "child_of", company.root_id.ids)]).partner_id
        return found - self.commercial_partner_id

    def _predecessors(self):
        """Companies that this one took over, directly or one after another."""
        found, new = self.browse(), self
        while new:
            new = self.search([("aftersales_successor_id", "in", new.ids)]) - found - self
            found |= new
        return found

    @api.constrains("aftersales_successor_id")
    def _check_successor(self):
        if self._has_cycle("aftersales_successor_id"):
            raise ValidationError(self.env._("A company cannot be merged into itself."))
