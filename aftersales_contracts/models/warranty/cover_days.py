"""The days of warranty covers, reckoned by the engine from facts: in sets, whenever facts change and as days pass."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ...engine.errors import EngineError
from ...engine.warranty_case import Case
from ..common.nightly import NightlyStep
from .policy_parts import ITEM_KINDS

_lt = LazyTranslate(__name__)
KINDS = tuple(kind for kind, _label in ITEM_KINDS)
DAY = timedelta(days=1)
STEP = NightlyStep(66, "warranty_cover", _lt("Warranty covers begin and end"), "aftersales.warranty.cover",
                   "_nightly_cover_domain", "_nightly_cover")


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [*super()._steps(), STEP]


class WarrantyCover(models.Model):
    _inherit = "aftersales.warranty.cover"

    @api.model
    def _nightly_cover_domain(self, today):
        return Domain("next_change_on", "<=", today or fields.Date.today())

    def _nightly_cover(self, today):
        """Covers whose day has come. Returns [(cover, state in words)]."""
        before = {cover: cover.state for cover in self}
        self._refresh(today)
        labels = dict(self._fields["state"]._description_selection(self.env))
        return [(cover, labels[cover.state]) for cover in self if cover.state != before[cover]]

    def _refresh(self, today=None):
        """Reckon the days and the state of these covers, and of all that follow them. Constant queries."""
        covers = self.sudo()._with_followers()  # results follow the facts, whoever brings them in
        if not covers:
            return
        today = today or fields.Date.today()
        assets = covers.asset_id
        facts = (assets | assets._chained_assets()).sudo()._engine_assets()
        last = assets._last_of_chain(facts)
        together = self.search_fetch(
            [("asset_id", "in", assets.ids)], ["asset_id", "policy_id", "follows_id", "start_on", "end_on", "name"]
        ).grouped("asset_id")
        for asset, own in covers.grouped("asset_id").items():
            holder = last[asset.id]
            engines = {cover: cover._engine_cover({}) for cover in together.get(asset, own) | own}
            case = Case(tuple(engines.values()), facts[holder], today, "")
            for cover in own:
                cover._write_results(cover._reckoned(case, engines[cover]), holder, today)

    def _with_followers(self):
        found = fresh = self
        while fresh:
            fresh = self.search([("follows_id", "in", fresh.ids)]).sudo() - found
            found |= fresh
        return found

    def _reckoned(self, case, engine):
        """{field: value} of the days by ``case``, in which ``engine``, the engine's cover, is one of several."""
        spans = {}
        try:
            for kind in engine.policy.by_kind:
                spans[kind] = case.span(engine, kind)
        except EngineError as error:
            return {"waits_for": str(error), "first_day": False, "last_day": False,
                    **{f"{kind}_until": False for kind in KINDS}}
        begun = [span for span in spans.values() if span.start]
        until = {kind: span.end - DAY if span.start and span.end else False for kind, span in spans.items()}
        endless = not begun or any(span.end is None for span in begun)
        return {
            "first_day": min((span.start for span in begun), default=False),
            "last_day": False if endless else max(until.values()),
            "waits_for": False if begun else next((span.told for span in spans.values()), False),
            **{f"{kind}_until": until.get(kind, False) for kind in KINDS}}

    def _write_results(self, values, holder, today):
        state, change = self._state_by(values, today)
        values = {**values, "state": state, "next_change_on": change, "holder_id": holder}
        different = {name: value for name, value in values.items()
                     if (self[name].id if name == "holder_id" else self[name]) != value}
        if different:
            self._write_guarded(different)

    def _state_by(self, values, today):
        """(state, the next day on which it may be another one or False)."""
        first, last = values["first_day"], values["last_day"]
        voided = self.void_ids.filtered(lambda void: void._is_whole())
        if first and voided and min(voided.mapped("day")) <= today:
            return "void", False
        days = [void.day for void in voided if void.day > today]
        if self.end_reason and (not first or self.end_on < today or self.end_on < first):
            return "ended", False
        if not first or first > today:
            return "waiting", min([first, *days]) if first else False
        if last and last < today:
            return "expired", False
        ends = [last + DAY] if last else []
        return "running", min([*ends, *days], default=False)

    def _never_ends(self):
        """Whether it has begun, or will, and has no last day."""
        self.ensure_one()
        return bool(self.first_day) and not self.last_day


class Asset(models.Model):
    _inherit = "aftersales.asset"

    def _facts_changed(self):
        result = super()._facts_changed()
        chain = self | self._chained_assets()
        self.env["aftersales.warranty.cover"].sudo().search(  # results follow the facts, whoever brings them in
            [("asset_id", "in", (chain | chain.component_ids).ids)])._refresh()
        return result

    def _chained_assets(self):
        """The other machines of the chains of replacements that these belong to. One query."""
        ids = {one for pair in self.sudo()._chains() for one in pair[:2]}
        return self.with_context(active_test=False).browse(ids - set(self.ids))

    @staticmethod
    def _newest(asset_id, replaced):
        seen = set()
        while asset_id in replaced and asset_id not in seen:
            seen.add(asset_id)
            asset_id = replaced[asset_id]
        return asset_id

    def _last_of_chain(self, facts):
        """{asset id: id of the machine that stands in its place now}, by what the engine knows of them."""
        found = {}
        for asset in self:
            replaced = {int(one.old.key): int(one.new) for one in facts[asset.id].replacements}
            newest = self._newest(asset.id, replaced)
            found[asset.id] = newest if newest in facts else asset.id
        return found
