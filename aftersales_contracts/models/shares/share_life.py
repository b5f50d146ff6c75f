"""The life of a share rule: who releases it, and on what condition."""

from odoo import models


class ShareRule(models.Model):
    _inherit = "aftersales.share.rule"
    _releasers = ("aftersales_contracts.group_legal,aftersales_contracts.group_finance,"
                  "aftersales_contracts.group_administrator")

    def _check_release(self):
        super()._check_release()
        self._check_lint()

    def action_view_contracts(self):
        """The dealer contracts that hold this version."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_contract")
        return {**action, "domain": [("share_ids.rule_id", "=", self.id)], "context": {}}
