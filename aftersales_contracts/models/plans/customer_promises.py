"""What the customer sees of promises and entitlements in the portal, as plain values for its pages."""

from odoo import models


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _customer_promises(self):
        """{plan, periods: [label], rows: [{name, terms, cells: [{text, detail, state}]}], quotas: [{name, left,
        until}]}: the promises with their proof, and what is left to use today; empty lists where there are none."""
        self.ensure_one()
        proof = self._promise_proof()[self]
        return {
            "plan": self.plan_id.name or "",
            "periods": proof["periods"],
            "rows": proof["rows"],
            "quotas": [{"name": one.name, "left": one.left_text, "until": one.period_end}
                       for one in self.entitlement_ids],
        }
