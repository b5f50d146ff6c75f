"""Machines as the warranty engine knows them: one translator, a constant number of queries for any number of them."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ...engine.warranty_facts import Asset as EngineAsset
from ...engine.warranty_facts import Owner, Reading, Repair, Replacement
from ...engine.warranty_terms import DELIVERY
from .asset_days import DAYS
from .asset_keys import asset_key, category_keys, product_key
from .asset_owner import RESALE_DAYS

TRIGGERS = {name: trigger for trigger, name in DAYS.items()}
COLUMNS = ("name", "product_id", "batch", "parent_id", *DAYS.values())


class Asset(models.Model):
    _inherit = "aftersales.asset"

    def _engine_assets(self):
        """{asset id: `engine.warranty_facts.Asset`} of these assets, archived ones too, with their kits' components
        and everything of the chain of replacements that each belongs to. Eight queries, however many there are.

        A component that has no days of its own has those of its kit.
        """
        assets = self.sudo().with_context(active_test=False)  # facts are whole, whoever asks for a verdict
        for name in ("aftersales.asset", *(f"aftersales.asset.{part}" for part in ("owner", "repair", "replacement")),
                     "aftersales.meter.reading"):
            self.env[name].flush_model()
        pairs = assets._chains()
        components = assets.search([("parent_id", "in", assets.ids)])
        chained = assets.browse({one for pair in pairs for one in pair[:2]})
        everything = assets | components | components.parent_id | assets.parent_id | chained
        if components:
            pairs = [*pairs, *components._chains()]
            everything |= assets.browse({one for pair in pairs for one in pair[:2]})
        everything.fetch(COLUMNS)
        facts = _Facts(everything, dict.fromkeys(pairs))
        inside = components.grouped("parent_id")
        return {asset.id: facts.whole(asset, inside.get(asset, ())) for asset in assets}

    def _chains(self):
        """[(old id, new id, day)] of all replacements in the chains that these assets belong to. One query."""
        if not self:
            return []
        return self.env.execute_query(SQL(
            """WITH RECURSIVE chain(id, old_id, new_id, day) AS (
                   SELECT id, old_id, new_id, day FROM aftersales_asset_replacement
                    WHERE void_reason IS NULL AND (old_id IN %(ids)s OR new_id IN %(ids)s)
                    UNION
                   SELECT r.id, r.old_id, r.new_id, r.day FROM aftersales_asset_replacement r
                     JOIN chain c ON r.new_id = c.old_id OR r.old_id = c.new_id
                    WHERE r.void_reason IS NULL)
               SELECT old_id, new_id, day FROM chain ORDER BY day, id""", ids=tuple(self.ids)))


class _Facts:
    """What belongs to a set of assets, and the engine's values made of it."""

    def __init__(self, assets, pairs):
        self.env, ids = assets.env, tuple(assets.ids) or (0,)
        self._products = {product: (product_key(product), category_keys(product)) for product in assets.product_id}
        self._owners, self._repairs, self._readings = self._owned(ids), self._away(ids), self._read(ids)
        self._bare, self._chained = {}, defaultdict(list)
        self._link(pairs)

    def whole(self, asset, components):
        """The engine's `Asset` with components and replacements."""
        parts = tuple(self._make(part, part, self._chained[part.id]) for part in components)
        days = asset if self._days(asset) or not asset.parent_id else asset.parent_id
        return self._make(asset, days, self._chained[asset.id], parts)

    def _make(self, asset, days_of, replacements=(), components=()):
        key, categories = self._products.get(asset.product_id, ("", ()))
        return EngineAsset(
            key=asset_key(asset), product=key, categories=categories, serial=asset.name or "",
            batch=(asset.batch or "").strip(), dates=self._days(days_of), readings=self._readings.get(asset.id, ()),
            owners=self._owners.get(asset.id, ()), repairs=self._repairs.get(asset.id, ()),
            replacements=tuple(replacements), components=components)

    def _days(self, asset):
        return {trigger: asset[name] for name, trigger in TRIGGERS.items() if asset[name]}

    def _link(self, pairs):
        """Give each asset the replacements of its whole chain."""
        group = {}  # asset id: the ids of its chain, shared by all of them
        for old, new, _day in pairs:
            one, other = group.get(old, {old}), group.get(new, {new})
            merged = one | other
            group.update(dict.fromkeys(merged, merged))
        made = {}
        for old, new, day in pairs:
            asset = self.env["aftersales.asset"].browse(old)
            made.setdefault(id(group[old]), []).append(Replacement(self._make(asset, asset), str(new), day))
        for asset_id, members in group.items():
            self._chained[asset_id] = made[id(members)]

    # --- one query each -----------------------------------------------------------------------------------------------

    def _rows(self, query, ids):
        found = defaultdict(list)
        for asset_id, *row in self.env.execute_query(SQL(query, ids=ids)):
            found[asset_id].append(row)
        return found

    def _owned(self, ids):
        rows = self._rows(
            f"""SELECT o.asset_id, COALESCE(p.commercial_partner_id, p.id), o.day, o.consent, o.resold,
                       {', '.join(f'o.{name}' for name in RESALE_DAYS)}
                  FROM aftersales_asset_owner o JOIN res_partner p ON p.id = o.partner_id
                 WHERE o.asset_id IN %(ids)s ORDER BY o.id""", ids)
        return {asset_id: tuple(self._owner(place, row, owned) for place, row in enumerate(owned))
                for asset_id, owned in rows.items()}

    @staticmethod
    def _owner(place, row, owned):
        """The first owner is that from the beginning, on whatever day the machine was registered."""
        partner, day, consent, resold, *days = row
        if not place:
            day = min(day, *(later[1] for later in owned[1:2]), day)
        dates = {TRIGGERS[name]: one for name, one in zip(RESALE_DAYS, days, strict=True) if one}
        return Owner(f"partner:{partner}", day, bool(consent), {DELIVERY: day, **dates} if resold else {})

    def _away(self, ids):
        rows = self._rows(
            """SELECT asset_id, start_on, end_on FROM aftersales_asset_repair
                WHERE asset_id IN %(ids)s AND void_reason IS NULL ORDER BY start_on, id""", ids)
        return {asset_id: tuple(Repair(start, end) for start, end in found) for asset_id, found in rows.items()}

    def _read(self, ids):
        rows = self._rows(
            """SELECT r.asset_id, m.code, r.read_on, r.value, r.replaced, r.restart
                 FROM aftersales_meter_reading r JOIN aftersales_meter m ON m.id = r.meter_id
                WHERE r.asset_id IN %(ids)s ORDER BY r.read_on, r.id""", ids)
        return {asset_id: tuple(_reading(*row) for row in found) for asset_id, found in rows.items()}


def _reading(meter: str, day: date, value, replaced, restart):
    """``value``, ``restart``: as stored, two decimals."""
    return Reading(meter, day, Decimal(str(value)), Decimal(str(restart or 0)) if replaced else None)
