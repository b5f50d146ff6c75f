"""The way a request came in: what proves the promise of a priority channel."""

from odoo import fields, models

CHANNELS = [
    ("phone", "Phone"),
    ("email", "E-mail"),
    ("portal", "Portal"),
    ("chat", "Chat"),
    ("remote", "Remote Monitoring"),
    ("on_site", "On Site"),
]


class Request(models.Model):
    _inherit = "aftersales.request"

    channel = fields.Selection(CHANNELS, index="btree_not_null", tracking=True, help="How the customer came to us.")

    def _values_from_customer(self, partner, asset, form):
        return {**super()._values_from_customer(partner, asset, form), "channel": "portal"}
