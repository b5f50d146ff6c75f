"""Service plans with an extended warranty: a contract of such a plan gives it to its assets while it is in force."""

from dataclasses import replace

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ...engine.contract_lifecycle import ENDED, LIVE
from ...engine.warranty_terms import Void
from ..common.nightly import NightlyStep

_lt = LazyTranslate(__name__)
PLANS = NightlyStep(67, "plan_covers", _lt("Extend warranties by service plans"), "aftersales.contract",
                    "_nightly_plan_covers_domain", "_nightly_plan_covers")


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [*super()._steps(), PLANS]


class ServicePlan(models.Model):
    _inherit = "aftersales.service.plan"

    warranty_policy_id = fields.Many2one(
        "aftersales.warranty.policy", string="Extended Warranty", tracking=True, ondelete="restrict",
        domain=[("cover_kind", "=", "extended"), ("state", "=", "released")],
        help="Assets covered by contracts of this plan have an extended warranty by this policy, as long as the "
        "contract covers them.")

    def _plan_gaps(self):
        gaps, policy = super()._plan_gaps(), self.warranty_policy_id
        if policy and policy.state == "draft":
            gaps.append(self.env._("the release of warranty policy %s", policy.display_name))
        return gaps


class Contract(models.Model):
    _inherit = "aftersales.contract"

    warranty_cover_ids = fields.One2many(
        "aftersales.warranty.cover", "contract_id", string="Extended Warranties", readonly=True)

    def _moved(self, action):
        result = super()._moved(action)
        self.filtered(lambda one: one.plan_id.warranty_policy_id or one.sudo().warranty_cover_ids)._sync_plan_covers()
        return result

    @api.model
    def _nightly_plan_covers_domain(self, _today):
        """Contracts in force of such plans, and those that gave covers which are not over yet."""
        giving = Domain("state", "in", LIVE) & Domain("plan_id.warranty_policy_id", "!=", False)
        running = Domain("warranty_cover_ids", "any", [("state", "in", ("waiting", "running"))])
        return self._real() & (giving | (running & Domain("state", "in", (*LIVE, *ENDED))))

    def _nightly_plan_covers(self, _today):
        return [(contract, self.env._("extended warranties of %s assets follow the contract", count))
                for contract, count in self._sync_plan_covers().items()]

    def _sync_plan_covers(self):
        """Make the covers that the plans give say what the contracts cover now: new ones begin, others end with their
        contract or its cover. Returns {contract: how many changed}. The same queries for any number of contracts."""
        Cover = self.env["aftersales.warranty.cover"].sudo()  # follows from the contract, whoever moves it
        contracts = self.sudo().filtered(lambda one: not one.is_template and not one.amends_id)
        known, changed, vals_list = {}, {}, []
        for cover in contracts.warranty_cover_ids:
            known[cover.contract_id, cover.asset_id] = known.get((cover.contract_id, cover.asset_id), Cover) | cover
        for contract in contracts:
            wanted = contract._plan_spans()
            for asset, (first, last) in wanted.items():
                covers = known.pop((contract, asset), Cover).filtered(lambda one: not one.end_reason)
                mine = covers.filtered(lambda one, k=contract: one._is_by_plan(k.plan_id.warranty_policy_id))[:1]
                (covers - mine)._end_by_plan(contract)
                if mine and (mine.start_on, mine.end_on) == (first, last):
                    continue
                changed[contract] = changed.get(contract, 0) + 1
                if mine:
                    mine._set_plan_days(first, last)
                else:
                    vals_list.append(contract._plan_cover_values(asset, first, last))
        for (contract, _asset), covers in known.items():
            alive = covers.filtered(lambda one: not one.end_reason and one.state != "expired")
            alive._end_by_plan(contract)
            if alive:
                changed[contract] = changed.get(contract, 0) + len(alive)
        Cover.create(vals_list)
        return {contract.sudo(False): count for contract, count in changed.items()}

    def _plan_spans(self):
        """{asset: (first day, last day or False)} of the extended warranties that the contract gives. Days between two
        covers of an asset are left out by the verdict, not here."""
        self.ensure_one()
        spans = {}
        if not self.plan_id.warranty_policy_id or self.state not in (*LIVE, *ENDED):
            return spans
        for cover in self.cover_ids:
            first, last = cover._first_day(), cover._last_day() or False
            if last and last < first:
                continue
            if cover.asset_id in spans:
                other_first, other_last = spans[cover.asset_id]
                first, last = min(first, other_first), last and other_last and max(last, other_last)
            spans[cover.asset_id] = first, last
        return spans

    def _plan_cover_values(self, asset, first, last):
        return {"asset_id": asset.id, "policy_id": self.plan_id.warranty_policy_id.id, "contract_id": self.id,
                "source": "plan", "start_on": first, "end_on": last}


class WarrantyCover(models.Model):
    _inherit = "aftersales.warranty.cover"

    def _is_by_plan(self, policy):
        """Whether it is by ``policy`` or another version of it: what was given keeps its terms."""
        self.ensure_one()
        return self.policy_id == policy or self.policy_id._lineage() == policy._lineage()

    def _set_plan_days(self, first, last):
        """The contract covers its asset on other days now."""
        self.write({"start_on": first, "end_on": last})

    def _end_by_plan(self, contract):
        """The contract does not give them any more."""
        for cover in self:
            day = min(filter(None, (contract._local_today(), contract.date_end)))
            cover._end(max(day, cover.start_on or day), self.env._("Contract %s gives it no more", contract.name))


class Asset(models.Model):
    _inherit = "aftersales.asset"

    def _engine_covers(self, cases):
        """Extended warranties of contracts rest while the contract is on hold or does not cover the asset."""
        found = super()._engine_covers(cases)
        by_name = self._plan_covers_by_name(cases)
        return {index: [self._at_rest(cover, by_name, cases[index]) for cover in covers]
                for index, covers in found.items()}

    @api.model
    def _plan_covers_by_name(self, cases):
        """{(asset id, number): the cover} of the covers that contracts of plans give. One query, and those of the
        contracts behind them."""
        assets = {case.asset.id for case in cases if case.asset}
        covers = self.env["aftersales.warranty.cover"].sudo().search(  # the verdict reads what counts, whoever asks
            [("asset_id", "in", list(assets)), ("contract_id", "!=", False)]) if assets else ()
        return {(cover.asset_id.id, cover.name): cover for cover in covers}

    @api.model
    def _at_rest(self, engine_cover, by_name, case):
        cover = by_name.get((case.asset.id, engine_cover.key))
        why = cover and cover.contract_id._rests_on(case.day, case.asset)
        if not why:
            return engine_cover
        return replace(engine_cover, voids=(*engine_cover.voids, Void(case.day, why)))


class ContractRest(models.Model):
    _inherit = "aftersales.contract"

    def _rests_on(self, day, asset):
        """Why this contract does not extend the warranty of ``asset`` on ``day``, in words, or None."""
        if self._cover_suspended(day):
            return self.env._("contract %s is suspended on that day", self.name)
        rows = self.cover_ids.filtered(lambda one: one.asset_id == asset)
        if not any(one._includes(day) for one in rows):
            return self.env._("contract %s does not cover it on that day", self.name)
        return None
