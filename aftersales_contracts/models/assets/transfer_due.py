"""Transfers of assets that wait for their day, a consent or a decision."""

from odoo import api, models
from odoo.fields import Domain

from ..obligations.due import DueSource
from .asset_transfer import OPEN


class Due(models.Model):
    _inherit = "aftersales.due"

    @api.model
    def _sources(self):
        return [*super()._sources(), DueSource(
            116, "transfer", "account", "aftersales.asset.transfer", Domain("state", "in", OPEN), "day", ("place",),
            ("create_uid",), None)]
