"""When owners are told that a warranty ends, whether dealers are, and what is offered to them."""

import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

MOST_DAYS = 730


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_expiry_days = fields.Char(
        string="Warranty Notices", default="90/60/30",
        help="Days before the end on which the owner is told, such as 90/60/30; and once after it. Empty: never.")
    aftersales_expiry_tell_dealer = fields.Boolean(string="Dealers Are Told Too")
    aftersales_expiry_user_id = fields.Many2one(
        "res.users", string="Offers Extensions", help="Who follows up where the owner has no account manager.")
    aftersales_expiry_offer_id = fields.Many2one(
        "product.product", string="Extension to Offer",
        domain=[("product_tmpl_id.aftersales_extended_policy_id", "!=", False)],
        help="Where the machine's product names none.")

    @api.constrains("aftersales_expiry_days")
    def _check_aftersales_expiry_days(self):
        for company in self:
            words = [word for word in re.split(r"[\s,;/]+", company.aftersales_expiry_days or "") if word]
            if any(not re.fullmatch(r"\d{1,3}", word) or not 0 < int(word) <= MOST_DAYS for word in words):
                raise ValidationError(self.env._(
                    "%(company)s: \"%(days)s\" is no list of days before the end, such as 90/60/30 (at most %(most)s).",
                    company=company.name, days=company.aftersales_expiry_days, most=MOST_DAYS))

    def _expiry_ladder(self):
        """The days before the end, descending, and 0 for the notice after it; () where nobody is told."""
        self.ensure_one()
        days = {int(word) for word in re.findall(r"\d+", self.aftersales_expiry_days or "")}
        return (*sorted(days, reverse=True), 0) if days else ()


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_expiry_days = fields.Char(related="company_id.aftersales_expiry_days", readonly=False)
    aftersales_expiry_tell_dealer = fields.Boolean(related="company_id.aftersales_expiry_tell_dealer", readonly=False)
    aftersales_expiry_user_id = fields.Many2one(related="company_id.aftersales_expiry_user_id", readonly=False)
    aftersales_expiry_offer_id = fields.Many2one(related="company_id.aftersales_expiry_offer_id", readonly=False)
