"""Who pays for a request: what a warranty pays takes no quota of a contract.

Before a quota is used, the verdict is asked for the work that the quota is for. Only what others than contracts pay in
full leaves the quota alone: of half a warranty the customer would otherwise lose the half that the contract pays.
"""

from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.exceptions import UserError

from ...engine.cover_priority import KINDS, Cover
from ...engine.warranty_facts import Item
from ...engine.warranty_reasons import nearest
from ...engine.warranty_terms import CONTRACT, ITEM_KINDS, LABOUR, PARTS, TRAVEL
from ...engine.warranty_verdict import CUSTOMER, OTHER_ASSET
from ..assets.asset_keys import category_keys, product_key
from ..plans.cover_priority import Candidate
from .warranty_case import WarrantyCase

WORK = {"visit": (LABOUR, TRAVEL), "hour": (LABOUR,), "value": (PARTS,)}  # of a quota's unit; nobody warrants calls


class Contract(models.Model):
    _inherit = "aftersales.contract"

    @api.model
    def _cover_candidates(self, cases, unit=None):
        """And the warranty, recall or supplier that pays for the machine of a case: by itself, without a quota."""
        found = super()._cover_candidates(cases, unit)
        kinds = WORK.get(unit, ()) if unit else ITEM_KINDS
        asked = self.env["aftersales.asset"]._with_covers([case for case in cases if case.asset]) if kinds else []
        for case, candidate, reason in self._warranty_candidates(asked, kinds, whole=bool(unit)):
            candidates, others = found[case]
            if candidate:
                candidates.append(candidate)
            elif reason:
                others.append((self.env._("Warranty"), reason))
        return found

    @api.model
    def _warranty_candidates(self, cases, kinds, whole):
        """[(case, Candidate or None, why it is none)]. ``whole``: only where all ``kinds`` are paid in full."""
        Asset = self.env["aftersales.asset"]
        asked = [Asset._failure_of(case, kinds) for case in cases]
        try:
            verdicts = Asset._verdicts(asked) if asked else []
        except UserError:  # one machine whose facts contradict each other does not hide who pays for the others
            verdicts = [Asset._verdict_or_reason(one) for one in asked]
        rows = []
        for case, one, verdict in zip(cases, asked, verdicts, strict=True):
            if isinstance(verdict, str):
                rows.append((case, None, verdict))
            else:
                rows.append((case, *self._candidate_by(verdict, one, whole)))
        return rows

    @api.model
    def _candidate_by(self, verdict, case, whole):
        """(Candidate or None, why it is none) by the verdict on a `WarrantyCase`."""
        Asset = self.env["aftersales.asset"]
        paid = {item.key: [share for share in item.shares if share.kind not in (CONTRACT, CUSTOMER) and share.percent]
                for item in verdict.items}
        full = [sum(share.percent for share in shares) == 100 for shares in paid.values()]
        first = next((shares[0] for shares in paid.values() if shares), None)
        if first is None:
            return None, Asset._why_no_warranty(verdict)
        if whole and not all(full):
            return None, self.env._("%s pays a part of the work only", first.cover)
        record = Asset._cover_record(first.cover)
        if not record:
            return None, None
        kind = first.kind if first.kind in KINDS else "warranty"
        cover = Cover(first.cover, kind, case.day, None, applies_to="asset")
        return Candidate(cover, record, self.env["aftersales.entitlement"], case.day), None


class Asset(models.Model):
    _inherit = "aftersales.asset"

    @api.model
    def _with_covers(self, cases):
        """Those of ``cases`` about whose machines there is anything to ask, so that lists of requests stay cheap."""
        assets = self.union(*(case.asset for case in cases)).sudo()  # as below
        if not assets:
            return []
        if self.env["aftersales.recall"].sudo().search_count([("state", "=", "released")], limit=1):
            return cases
        Cover = self.env["aftersales.warranty.cover"].sudo()  # who pays is looked for among all
        covers = Cover.search_fetch(
            Cover._of_assets(assets | assets.parent_id | assets.component_ids), ["asset_id", "holder_id"])
        known = {*covers.asset_id.ids, *covers.holder_id.ids}
        return [case for case in cases if known.intersection(
            (case.asset.id, *case.asset.sudo().parent_id.ids, *case.asset.sudo().component_ids.ids))]

    @api.model
    def _failure_of(self, case, kinds):
        """The `WarrantyCase` of a request or a day: nothing is known of it yet but which work it takes."""
        asset = case.asset.sudo()  # facts are whole, whoever asks who pays
        zone = asset.company_id.resource_calendar_id.tz or "UTC"
        product = asset.product_id
        items = tuple(Item(kind, kind, product_key(product), category_keys(product)) for kind in kinds)
        return WarrantyCase(asset, case.day_in(str(ZoneInfo(zone))), "", items)

    @api.model
    def _why_no_warranty(self, verdict):
        """What stands against the warranty that came closest to paying, or None where the machine has none."""
        against = [(key, one) for item in verdict.items for key, one in item.obstacles if one.code != OTHER_ASSET]
        if not against:
            return None
        _rule, reason = nearest(against)
        return self._phrase(self._machine_names(reason))

    @api.model
    def _verdict_or_reason(self, case):
        """The engine's `Verdict`, or the sentence that says why there is none."""
        try:
            return self._verdicts([case])[0]
        except UserError as error:
            return str(error)
