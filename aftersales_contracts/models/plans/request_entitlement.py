"""Using an entitlement for a request: which cover pays is chosen by its rule, and a request uses each quota once."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .entitlement import exact_quantity
from .promise_terms import QUOTA_UNITS


class Request(models.Model):
    _inherit = "aftersales.request"

    entitlement_line_ids = fields.One2many("aftersales.entitlement.line", "request_id", string="Entitlements Used")

    def use_entitlement(self, unit, quantity=1.0, day=None, note=None, entitlement_id=None):
        """Use ``quantity`` of a quota for this request, from the cover that pays. For buttons and remote calls.

        :param unit: "visit", "hour", "call" or "value" (of parts, in the contract's currency)
        :param day: the day of the service, ``date`` or "YYYY-MM-DD"; empty: today
        :param entitlement_id: which of several quotas of the unit; empty: the one that the rule chooses
        :return: {"paid_by": name, "reason": why in words, "line_ids": ids of the ledger, empty where the payer has no
            quota to use, such as a warranty}; a request that has used this unit already adds nothing
        :raise UserError: no cover pays, nothing is left, an unknown unit
        """
        self.ensure_one()
        self.check_access("write")
        self._check_quantity(unit, quantity)
        quota = self._quota(unit, entitlement_id)
        used = self._used(unit, quota)
        if used:
            return {"paid_by": used.entitlement_id[:1].display_name, "line_ids": used.ids,
                    "reason": self.env._("%s has used it already.", self.display_name)}
        day = fields.Date.to_date(day)
        self._covering_contracts()._bring_entitlements_up_to_date()
        choice = self._choose_covers(unit, day or fields.Date.context_today(self), quota=quota).get(self)
        if not choice or not choice.payer:
            raise UserError(self.env._(
                "No cover pays for request %(request)s: %(reasons)s Top up a quota, or ask for an excess.",
                request=self.display_name, reasons=self._why_nobody(choice)))
        lines = self.env["aftersales.entitlement.line"]
        if choice.entitlement:
            entitlement = choice.entitlement.sudo()  # nobody writes a ledger; the right to use it was checked above
            lines = entitlement._consume(
                self, exact_quantity(quantity), day or entitlement.contract_id._local_today(), self.env.user, note=note)
        return {"paid_by": (choice.entitlement or choice.payer).sudo().display_name, "reason": choice.reason,
                "line_ids": lines.ids}

    def ask_excess(self, unit, quantity, reason, day=None, entitlement_id=None):
        """Ask for more of a quota than is left; returns the id of the excess, which somebody else decides on."""
        self.ensure_one()
        self.check_access("write")
        self._check_quantity(unit, quantity)
        day = fields.Date.to_date(day) or fields.Date.context_today(self)
        quota = self._quota(unit, entitlement_id)
        choice = self._choose_covers(unit, day, excess=True, quota=quota).get(self)
        if not choice or not choice.entitlement:
            raise UserError(self.env._(
                "No contract of request %(request)s has such a quota: %(reasons)s", request=self.display_name,
                reasons=self._why_nobody(choice)))
        return self.env["aftersales.entitlement.excess"].create({
            "request_id": self.id, "entitlement_id": choice.entitlement.id, "quantity": quantity, "day": day,
            "reason": reason}).id

    def _check_quantity(self, unit, quantity):
        if unit not in dict(QUOTA_UNITS):
            raise UserError(self.env._("%(unit)s is not one of %(units)s.", unit=unit,
                                       units=", ".join(dict(QUOTA_UNITS))))
        if isinstance(quantity, bool) or not isinstance(quantity, int | float) or quantity <= 0:
            raise UserError(self.env._("Request %(request)s cannot use %(quantity)s: a quantity above zero is needed.",
                                       request=self.display_name, quantity=quantity))

    def _quota(self, unit, entitlement_id):
        """The entitlement of that id; raises UserError where it is not one of ``unit`` of the request's customer."""
        quota = self.env["aftersales.entitlement"].browse(entitlement_id or [])
        if quota and (quota.unit != unit or quota.contract_id not in self._covering_contracts().sudo(False)):
            raise UserError(self.env._("%(quota)s is not a quota that request %(request)s can use.",
                                       quota=quota.display_name, request=self.display_name))
        return quota

    def _used(self, unit, quota=None):
        """The lines by which this request has used a quota of ``unit``, or this one."""
        return self.sudo().entitlement_line_ids.filtered(
            lambda line: line.kind == "consume" and line.unit == unit
            and (not quota or line.entitlement_id == quota)).sudo(False)

    def _covering_contracts(self):
        """The contracts of the request's customer: what is due in their ledgers is written down before one is used."""
        return self.env["aftersales.contract"].sudo().search(
            self.env["aftersales.contract"]._real() & Domain("company_id", "=", self.company_id.id)
            & Domain("partner_id.commercial_partner_id", "=", self.partner_id.commercial_partner_id.id)
            & Domain("entitlement_ids", "!=", False))

    def _why_nobody(self, choice):
        if not choice:
            return self.env._("it has no customer.")
        details = [detail for _label, detail, _value in choice.steps[:-1]]
        return "; ".join(details) + "." if details else self.env._("its customer has no contract.")

    def action_use_entitlement(self):
        """Ask how much, and show which cover pays and why."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window", "name": self.env._("Use Entitlement"),
            "res_model": "aftersales.entitlement.use", "view_mode": "form", "target": "new",
            "context": {"default_request_id": self.id}}
