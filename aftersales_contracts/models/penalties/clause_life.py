"""The life of a penalty clause: who releases it, on what condition, and what finance changes even then."""

from odoo import models
from odoo.exceptions import AccessError

from .penalty_clause import POSTING

FINANCE = "aftersales_contracts.group_finance,aftersales_contracts.group_administrator"


class PenaltyClause(models.Model):
    _inherit = "aftersales.penalty.clause"

    _releasers = ("aftersales_contracts.group_legal,aftersales_contracts.group_finance,"
                  "aftersales_contracts.group_administrator")

    def write(self, vals):
        booking = POSTING & set(vals)
        if booking and self._frozen() and not (self.env.su or self.env.user.has_groups(FINANCE)):
            raise AccessError(self.env._(
                "Where penalty clause %s is booked is for finance to say, once it is released.",
                self._frozen()[:1].display_name))
        return super().write(vals)

    def copy(self, default=None):
        copies = super().copy(default)
        for clause, copied in zip(self, copies, strict=True):
            key = clause.earn_back_component_id.key
            if key:
                copied.earn_back_component_id = copied.component_ids.filtered(lambda one, key=key: one.key == key)[:1]
        return copies

    def _check_release(self):
        super()._check_release()
        self._check_lint()

    def action_view_contracts(self):
        """The contracts that hold this version."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_contract")
        return {**action, "domain": [("penalty_clause_ids.clause_id", "=", self.id)], "context": {}}
