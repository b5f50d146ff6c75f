"""The nightly step that attributes the revenue of marked invoices, after billing and before settlements."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..common.nightly import NightlyStep

_lt = LazyTranslate(__name__)


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [*super()._steps(), NightlyStep(
            150, "revenue", _lt("Attribute revenue to dealers"), "account.move", "_nightly_attribute_domain",
            "_nightly_attribute")]


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.model
    def _nightly_attribute_domain(self, today):
        return Domain("aftersales_revenue_due", "=", True)

    def _nightly_attribute(self, today):
        """Attribute the revenue of these invoices, which the runner holds locked. Returns [(invoice, sentence)]."""
        for company, moves in self.grouped("company_id").items():
            self.env["aftersales.revenue"]._attribute_moves(company, moves.ids)
        return [(move, self.env._("Revenue attributed")) for move in self]
