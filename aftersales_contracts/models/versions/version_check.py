"""The proof of a contract: its versions are as they were recorded, and its own fields follow from them."""

from odoo import models
from odoo.exceptions import UserError

from .version_terms import difference


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _version_drift(self):
        """{key: value on the record} where the contract's own fields say otherwise than its versions: always empty,
        unless something wrote past the lock without recording it."""
        self.ensure_one()
        return difference(self._entered_terms(), self._version_terms()) if self.version_ids else {}

    def action_check_versions(self):
        """Reckon the contract again from its versions: the chain of hashes, and the contract's own fields.

        Says what differs by name; raises UserError naming the first version that is not as it was recorded.
        """
        self.ensure_one()
        self.check_access("read")
        broken = self.version_ids.sorted("number")._broken()
        if broken:
            raise UserError(self.env._(
                "Version %(number)s of contract %(contract)s is not as it was recorded: its hash does not fit.",
                number=broken[:1].number, contract=self.display_name))
        drift = self._version_drift()
        if drift:
            message = self.env._(
                "All %(count)s versions are as they were recorded, but the contract says otherwise in: %(terms)s.",
                count=len(self.version_ids), terms=", ".join(sorted({self._term_label(key) for key in drift})))
        else:
            message = self.env._(
                "All %s versions are as they were recorded, and the contract follows from them.", len(self.version_ids))
        return {"type": "ir.actions.client", "tag": "display_notification",
                "params": {"type": "warning" if drift else "success", "sticky": bool(drift), "message": message}}
