"""Certificates, insurances and licences that a contract stands on: missing or expired ones block or warn."""

from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _certificate_gaps(self, check, day):
        """What certificates of types that ``check`` (block or warn) lack on ``day``: a list of phrases.

        Looked at are the obligations of this contract and those of its partner and dealer that belong to no contract.
        A certificate is there when one of its obligations is done and valid on that day.
        """
        self.ensure_one()
        sides = (self.partner_id | self.dealer_id).commercial_partner_id
        partners = Domain("contract_id", "=", False) & Domain("partner_id.commercial_partner_id", "in", sides.ids)
        found = self.env["aftersales.obligation"].search(
            Domain("type_id.expires", "=", True) & Domain("type_id.activation_check", "=", check)
            & Domain("state", "!=", "waived") & Domain("company_id", "=", self.company_id.id)
            & (Domain("contract_id", "=", self.id) | partners))
        gaps = []
        for (kind, partner), obligations in found.grouped(lambda o: (o.type_id, o.partner_id)).items():
            done = obligations.filtered(lambda o: o.state == "done" and o.valid_until)
            last = max(done.mapped("valid_until"), default=None)
            if last is None:
                gaps.append(self.env._("%(what)s of %(partner)s", what=kind.name, partner=partner.display_name))
            elif last < day:
                gaps.append(self.env._(
                    "%(what)s of %(partner)s (expired on %(day)s)",
                    what=kind.name, partner=partner.display_name, day=format_date(self.env, last)))
        return gaps

    def _entry_gaps(self):
        gaps = super()._entry_gaps()
        return gaps + self._certificate_gaps("block", max(self._local_today(), self.date_start))

    def _draft_warnings(self):
        warnings = super()._draft_warnings()
        if self._origin:
            day = max(self._local_today(), self.date_start or self._local_today())
            for check, sentence in (
                ("block", self.env._("It cannot take effect without: %s.")),
                ("warn", self.env._("Not there yet: %s.")),
            ):
                gaps = self._origin._certificate_gaps(check, day)
                if gaps:
                    warnings.append(sentence % ", ".join(gaps))
        return warnings
