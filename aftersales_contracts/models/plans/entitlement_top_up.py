"""Top-ups: capacity on demand, bought beside what the promises grant, with a price and a validity of its own."""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...engine.contract_lifecycle import LIVE
from ...engine.errors import EngineError
from .entitlement import ONE_DAY, exact_quantity
from .promise_terms import QUOTA_UNITS

BUYERS = "aftersales_contracts.group_account_manager,aftersales_contracts.group_finance"


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def top_up_entitlement(self, unit, quantity, last_day=None, price=0.0, note=None, reference=None,
                           entitlement_id=None):
        """Add bought capacity, usable from today. For buttons and remote calls.

        :param unit: "visit", "hour", "call" or "value"; ``quantity`` of it
        :param last_day: the last day on which it can be used, ``date`` or "YYYY-MM-DD"; empty: never expires
        :param price: what the customer pays for it, in the contract's currency
        :param reference: a key of the caller's: asked again with the same one, nothing is added
        :param entitlement_id: which quota; empty: the contract's quota of bought ``unit``, opened where there is none
        :return: ids of the lines added
        """
        self.ensure_one()
        self._check_may_top_up()
        if unit not in dict(QUOTA_UNITS):
            raise UserError(self.env._("%(unit)s is not one of %(units)s.", unit=unit,
                                       units=", ".join(dict(QUOTA_UNITS))))
        if isinstance(quantity, bool) or not isinstance(quantity, int | float):
            raise UserError(self.env._("Contract %(contract)s cannot be topped up by %(quantity)s: a number is needed.",
                                       contract=self.display_name, quantity=quantity))
        if price < 0:
            raise UserError(self.env._("The price of a top-up of contract %(contract)s is not negative: %(price)s.",
                                       contract=self.display_name, price=price))
        contract = self.sudo()  # nobody has the right to write a ledger; who may top up was checked above
        chosen = contract.entitlement_ids.browse(entitlement_id or [])
        entitlement = chosen or contract._bought_quota(unit)
        if entitlement.contract_id != contract or entitlement.unit != unit:
            raise UserError(self.env._("%(entitlement)s is not a quota of this kind of contract %(contract)s.",
                                       entitlement=entitlement.display_name, contract=self.display_name))
        return entitlement._top_up(quantity, fields.Date.to_date(last_day), price, note, reference, self.env.user).ids

    def _check_may_top_up(self):
        self.check_access("read")
        if not self.env.user.has_groups(BUYERS):
            raise AccessError(self.env._("Only an account manager or finance tops up an entitlement."))
        if self.state not in LIVE or self.is_template or self.amends_id:
            raise UserError(self.env._(
                "Contract %s is not in force: there is nothing to top up.", self.display_name))

    def _bought_quota(self, unit):
        """The contract's quota of ``unit`` that no promise grants, opened where there is none."""
        found = self.entitlement_ids.filtered(lambda one: one.row_key == f"bought {unit}")
        units = dict(self.entitlement_ids._fields["unit"]._description_selection(self.env))
        return found or self.env["aftersales.entitlement"].create({
            "contract_id": self.id, "row_key": f"bought {unit}", "unit": unit,
            "name": self.env._("%s bought in addition", units[unit])})

    def action_top_up(self):
        """Ask for quantity, price and validity."""
        self.ensure_one()
        self._check_may_top_up()
        return {
            "type": "ir.actions.act_window", "name": self.env._("Top Up"), "res_model": "aftersales.entitlement.top.up",
            "view_mode": "form", "target": "new", "context": {"default_contract_id": self.id}}


class Entitlement(models.Model):
    _inherit = "aftersales.entitlement"

    def _top_up(self, quantity, last_day, price, note, reference, user):
        """Append a top-up, valid from today to ``last_day``; nothing where ``reference`` is known already."""
        self.contract_id._bring_entitlements_up_to_date()  # and takes the ledgers
        before, day = self._ledgers()[self], self.contract_id._local_today()
        lot = f"T {reference or f'no. {self.revision}'}"
        if any(line.lot == lot for line in before.lines):
            return self.env["aftersales.entitlement.line"]
        try:
            after = before.grant(
                lot, exact_quantity(quantity), day, last_day and last_day + ONE_DAY, kind="top_up")
        except EngineError as error:
            raise ValidationError(self.env._("%(name)s: %(error)s.", name=self.display_name, error=error)) from error
        return self._append([(self, before, after, {"user_id": user.id, "note": note, "price": price})])

    def action_top_up(self):
        """As the contract's button, for this quota."""
        action = self.contract_id.action_top_up()
        return {**action, "context": {**action["context"], "default_entitlement_id": self.id}}
