"""What a claim does to its machine: days in repair, and its replacement by another one."""

from odoo import fields, models
from odoo.exceptions import UserError


class WarrantyClaim(models.Model):
    _inherit = "aftersales.warranty.claim"

    def _entered(self, state):
        """A machine is in repair from the step of that name until the next one begins."""
        super()._entered(state)
        for claim in self.filtered("asset_id"):
            if state == "repair":
                claim._begin_repair()
            else:
                claim._end_repair()

    def _own_repairs(self):
        Repair = self.env["aftersales.asset.repair"].sudo()  # the claim's step says it, not a right to enter repairs
        return Repair.search([
            ("asset_id", "=", self.asset_id.id), ("reference", "=", self.name), ("end_on", "=", False),
            ("void_reason", "=", False)])

    def _begin_repair(self):
        if not self._own_repairs():
            self.asset_id._repaired(self._today(), request=self.request_id, reference=self.name)

    def _end_repair(self):
        """The machine is back today; a day on which it came and went counts nothing."""
        for repair in self._own_repairs():
            repair._back(max(self._today(), repair.start_on))

    def action_replace(self, new_id=None, serial=None, day=None, reason=None):
        """Replace the machine by another asset of the company, named by id or serial, from ``day`` (empty: today) on.

        By who decides on claims and did not file this one. What the replacement inherits follows from the policies.
        """
        self.ensure_one()
        self._check_decides()
        self._refuse_ended()
        if not self.asset_id:
            raise UserError(self.env._("Claim %s: the machine is not known.", self.display_name))
        if self.replacement_id:
            raise UserError(self.env._(
                "Claim %(claim)s: the machine was replaced by %(asset)s already.", claim=self.display_name,
                asset=self.replacement_id.display_name))
        Asset = self.env["aftersales.asset"]
        new = Asset.browse(new_id).exists() if new_id else Asset._find_serial(serial or "", self.company_id)
        if not new:
            raise UserError(self.env._("Claim %s: there is no such asset to replace it by.", self.display_name))
        reason = self._check_reason(reason or self.cause_id.name)
        self.asset_id.sudo()._replace_by(  # deciding on the claim includes it
            new.sudo(), fields.Date.to_date(day) or self._today(), reason, self.name)
        self._write_guarded({"replacement_id": new.id})
        self._message_log(body=self.env._("Replaced by %s.", new.display_name))
