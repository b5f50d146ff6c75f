"""The verdict on failures, in sets: facts in, the engine, who pays which part of what out."""

from decimal import Decimal, InvalidOperation

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_repr

from ...engine.errors import EngineError
from ...engine.warranty import coverage
from ...engine.warranty_facts import Item
from ..assets.asset_keys import category_keys, product_key
from .policy_parts import ITEM_KINDS
from .warranty_case import WarrantyCase

KINDS = tuple(kind for kind, _label in ITEM_KINDS)


class Asset(models.Model):
    _inherit = "aftersales.asset"

    @api.model
    def _verdicts(self, cases):
        """[engine `Verdict`] of `WarrantyCase`s, in their order. The same queries for any number of them.

        Raises UserError naming the asset and what cannot be worked with, such as replacements in a circle.
        """
        cases = list(cases)
        assets = self.browse({case.asset.id for case in cases})
        facts, covers = assets._engine_assets(), self._engine_covers(cases)
        roundings = {company: Decimal(float_repr(company.currency_id.rounding, 6)).normalize()
                     for company in assets.sudo().company_id}
        verdicts = []
        for index, case in enumerate(cases):
            try:
                verdicts.append(coverage(
                    covers.get(index, ()), facts[case.asset.id], case.day, case.cause, case.items,
                    roundings[case.asset.sudo().company_id]))
            except EngineError as error:
                raise UserError(self.env._(
                    "Asset %(asset)s: %(reason)s.", asset=case.asset.display_name, reason=error)) from error
        return verdicts

    def check_coverage(self, day=None, cause="", items=None):
        """Whether a failure of this asset on ``day`` is covered: for people and for remote calls.

        :param day: of the failure, a date or "YYYY-MM-DD"; empty: today
        :param cause: code of a failure cause, or ""
        :param items: [{"key", "kind": parts | labour | travel, "product_id", "amount", "quantity", "component_id"}];
            empty: a part, an hour of labour and a journey whose cost is not known
        :return: dict of plain values: asset, day, covered, items (see `_verdict_table`), steps, warnings, balances.
            Portal users are not told what stands between us and our suppliers: no steps, others and warnings
        :raise UserError: an unknown cause, kind or product, a day or an amount that is none, named
        """
        self.ensure_one()
        self.check_access("read")
        case = WarrantyCase(
            self.sudo(), self._failure_day(day), self._cause_code(cause), self._items_from(items))  # facts are whole
        verdict = self._verdicts([case])[0]
        inside = self.env.user._is_internal()
        items = self._verdict_table(verdict)
        return {
            "asset": self.display_name, "day": fields.Date.to_string(case.day), "covered": verdict.covered,
            "items": items if inside else [{**item, "others": []} for item in items],
            "warnings": [self._phrase(one) for one in verdict.warnings] if inside else [],
            "steps": self._verdict_steps(verdict) if inside else [],
            "balances": [
                {"cover": one.cover, "quota_left": None if one.quota_left is None else float(one.quota_left),
                 "cap_left": None if one.cap_left is None else float(one.cap_left)}
                for one in verdict.balances if inside or one.quota_left is not None]}

    def _failure_day(self, day):
        if not day:
            return self._asset_today()
        try:
            day = fields.Date.to_date(day)
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("“%s” is no day: YYYY-MM-DD is needed.", day)) from error
        if day > self._asset_today():
            raise UserError(self.env._(
                "Asset %(asset)s: a failure on %(day)s lies in the future.", asset=self.display_name, day=day))
        return day

    @api.model
    def _cause_code(self, cause):
        if cause and not self.env["aftersales.cause"].sudo().search_count([("code", "=", cause)], limit=1):  # the word
            raise UserError(self.env._(
                "“%(cause)s” is no failure cause: %(known)s are.", cause=cause, known=", ".join(
                    self.env["aftersales.cause"].sudo().search([("active", "=", True)]).mapped("code"))))
        return cause or ""

    def _items_from(self, rows):
        """The engine's items of plain rows; without any a part, labour and travel of this machine."""
        if not rows:
            product = self.sudo().product_id
            return tuple(Item(kind, kind, product_key(product), category_keys(product)) for kind in KINDS)
        return tuple(self._item_from(row, place) for place, row in enumerate(rows, 1))

    def _item_from(self, row, place):
        key = str(row.get("key") or place)
        if row.get("kind") not in KINDS:
            raise UserError(self.env._(
                "Item %(key)s: “%(kind)s” is no kind of item: %(known)s are.", key=key, kind=row.get("kind"),
                known=", ".join(KINDS)))
        product = self.env["product.product"].browse(row.get("product_id") or ()).exists()
        if row.get("product_id") and not product:
            raise UserError(self.env._("Item %(key)s: there is no product %(id)s.", key=key, id=row["product_id"]))
        component = row.get("component_id")
        if component and component not in self.sudo().component_ids.ids:
            raise UserError(self.env._(
                "Item %(key)s: %(id)s is no component of %(asset)s.", key=key, id=component, asset=self.display_name))
        return Item(
            key, row["kind"], product_key(product), category_keys(product), self._number(row, "amount", key),
            self._number(row, "quantity", key) or Decimal(1), component=str(component or ""))

    def _number(self, row, name, key):
        value = row.get(name)
        if value in (None, False, ""):
            return None
        try:
            number = Decimal(str(value))
        except InvalidOperation as error:
            raise UserError(self.env._("Item %(key)s: %(name)s “%(value)s” is no number.", key=key, name=name,
                                       value=value)) from error
        if not number.is_finite() or number < 0:
            raise UserError(self.env._("Item %(key)s: %(name)s %(value)s is below zero.", key=key, name=name,
                                       value=value))
        return number
