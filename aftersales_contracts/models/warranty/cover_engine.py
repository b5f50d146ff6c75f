"""Everything that may pay, as the engine's covers: warranties, extensions, suppliers, entitlements of contracts."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import float_repr

from ...engine.contract_lifecycle import ENDED, LIVE
from ...engine.warranty_serials import Scope
from ...engine.warranty_terms import (
    CASE,
    CONTRACT,
    LABOUR,
    MONEY,
    PARTS,
    QUANTITY,
    TRAVEL,
    Benefit,
    Cover,
    Policy,
    Quota,
)
from ..assets.asset_keys import asset_key

DAY = timedelta(days=1)
QUOTAS = {  # unit of an entitlement: (unit of the engine's quota, what it pays)
    "visit": (CASE, (LABOUR, TRAVEL)), "hour": (QUANTITY, (LABOUR,)), "value": (MONEY, (PARTS,)),
}


class WarrantyCover(models.Model):
    _inherit = "aftersales.warranty.cover"

    def _engine_cover(self, used):
        """The engine's `Cover`. ``used``: {(cover id, kind): Decimal} of what was paid before."""
        self.ensure_one()
        policy = self.policy_id
        return Cover(
            key=self.name, kind=self.kind, policy=policy._terms(), start=self.start_on or None,
            end=self.end_on + DAY if self.end_on else None, follows=self.follows_id.name or "",
            scope=Scope(assets=frozenset({asset_key(self.asset_id)})),
            priority=self.priority or policy.priority or None,
            payer=self.supplier_id.name or "" if self.kind == "supplier" else "", recovers=self.recovers,
            voids=tuple(void._terms() for void in self.void_ids if void.state == "approved"),
            used={kind: used[self.id, kind] for kind in (PARTS, LABOUR, TRAVEL) if (self.id, kind) in used})


class Asset(models.Model):
    _inherit = "aftersales.asset"

    @api.model
    def _engine_covers(self, cases):
        """{index of a case: [engine `Cover`]}: what may pay for each `WarrantyCase`. Rooms add theirs by ``super()``.
        The same queries for any number of cases."""
        assets = self.browse({case.asset.id for case in cases}).sudo()  # what counts is read whole, whoever asks
        found, members = self._covers_of(assets)
        used, covers = found._used(), found.grouped("asset_id")
        covers = {asset.id: rows for asset, rows in covers.items()}
        contracts = self._contract_covers(cases)
        result = {}
        for index, case in enumerate(cases):
            rows = [cover for member in members[case.asset.id] for cover in covers.get(member, ())]
            result[index] = [*(cover._engine_cover(used) for cover in rows), *contracts.get(index, ())]
        return result

    def _covers_of(self, assets):
        """(covers, {asset id: ids of the machines whose covers may pay for it}): its own, those of machines whose place
        it took, of its kit and of its components."""
        members = {asset.id: {asset.id, *asset.parent_id.ids, *asset.component_ids.ids} for asset in assets}
        inside = assets | assets.parent_id | assets.component_ids
        groups = _linked(inside._chains())
        for asset_id, ids in members.items():
            members[asset_id] = ids.union(*(groups.get(one, ()) for one in ids))
        everything = {one for ids in members.values() for one in ids}
        covers = self.env["aftersales.warranty.cover"].sudo().search([("asset_id", "in", list(everything))], order="id")
        return covers, members

    def _cover_record(self, key):
        """The record behind the key of an engine cover: a warranty cover, or the contract of an entitlement."""
        cover = self.env["aftersales.warranty.cover"].sudo().search([("name", "=", key)], limit=1)  # as told
        if cover:
            return cover
        number = (key or "").split(" · ")[0]
        return self.env["aftersales.contract"].sudo().search([("name", "=", number)], limit=1)  # as told

    @api.model
    def _contract_covers(self, cases):
        """{index: [engine `Cover`]} of quotas of contracts that cover the assets on the days of the failures."""
        assets = self.browse({case.asset.id for case in cases})
        covers = self.env["aftersales.cover"]._of_assets(assets)
        contracts = self.env["aftersales.contract"].sudo().union(*(rows.contract_id for rows in covers.values()))
        quotas = contracts.entitlement_ids.filtered(lambda one: one.unit in QUOTAS)
        ledgers, found = quotas._ledgers() if quotas else {}, defaultdict(list)
        for index, case in enumerate(cases):
            for cover in covers.get(case.asset.id, ()):
                if not cover._pays_on(case.day):
                    continue
                for quota in cover.contract_id.entitlement_ids & quotas:
                    if not quota._is_for_case(case):
                        continue
                    found[index].append(cover._quota_cover(quota, ledgers[quota].balance(case.day), case))
        return found


class ContractCover(models.Model):
    _inherit = "aftersales.cover"

    def _pays_on(self, day):
        """Whether its contract is in force and covers the asset on ``day``."""
        self.ensure_one()
        contract = self.contract_id
        first, last = self._first_day(), self._last_day()
        return (contract.state in (*LIVE, *ENDED) and bool(first) and first <= day and (not last or day <= last)
                and not contract._is_suspended(day))

    def _quota_cover(self, quota, balance, case):
        """The engine's `Cover` of one entitlement for the asset of ``case``."""
        unit, kinds = QUOTAS[quota.unit]
        first, last = self._first_day(), self._last_day()
        policy = Policy(f"{self.contract_id.name} · {quota.name}", tuple(Benefit(kind) for kind in kinds))
        return Cover(
            key=policy.reference, kind=CONTRACT, policy=policy, start=first, end=last and last + DAY,
            scope=Scope(assets=frozenset({asset_key(case.asset)})), priority=None,
            quota=Quota(max(Decimal(balance), Decimal(0)), unit, frozenset(kinds)))


class Entitlement(models.Model):
    _inherit = "aftersales.entitlement"

    def _is_for_case(self, case):
        """Whether its promise is for such a request: one for another type of request pays no failure."""
        only = self.promise_id.type_id
        return not only or bool(case.claim) and case.claim.request_id.type_id == only


class WarrantyCovers(models.Model):
    _inherit = "aftersales.warranty.cover"

    def _used(self):
        """{(cover id, kind): Decimal}: what these covers paid so far. One query."""
        rows = self.env["aftersales.warranty.use"].sudo()._read_group(  # the ledger behind covers that may be read
            Domain("cover_id", "in", self.ids), ["cover_id", "kind"], ["amount:sum"])
        return {(cover.id, kind): Decimal(float_repr(amount, cover.currency_id.decimal_places))
                for cover, kind, amount in rows}


def _linked(pairs):
    """{asset id: ids of all machines of its chain of replacements}."""
    group = {}
    for old, new, _day in pairs:
        merged = group.get(old, {old}) | group.get(new, {new})
        group.update(dict.fromkeys(merged, merged))
    return group
