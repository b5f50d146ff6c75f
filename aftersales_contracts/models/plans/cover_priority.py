"""Who pays: which of the covers that meet a request comes first, by the rule of ``engine/cover_priority.py``.

The covers are contracts in force for the day and the asset, each with what is left of its quota. Whatever else pays,
such as a warranty, joins in by extending ``_cover_candidates``; being free it then comes before every quota.
"""

from datetime import UTC, date, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...engine.contract_lifecycle import ENDED, LIVE
from ...engine.cover_priority import Cover, choose


class Case(NamedTuple):
    """What is to be paid for: records, empty where nothing is known. ``opened_at``: naive UTC, None where ``day`` is
    given; a contract sees the day of its own zone."""

    partner: Any
    company: Any
    asset: Any
    product: Any
    request_type: Any
    tier: Any
    opened_at: Any = None
    day: date | None = None

    def day_in(self, zone):
        return self.day or self.opened_at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()


class Candidate(NamedTuple):
    """A cover that may pay: ``payer``: its record; ``entitlement``: whose quota it takes, or empty."""

    cover: Cover
    payer: Any
    entitlement: Any
    day: date


class CoverChoice(NamedTuple):
    """``payer``: a record or None; ``reason``: a sentence; ``steps``: [label, detail, value] rows, the reason last."""

    payer: Any
    entitlement: Any
    reason: str
    steps: list


class Contract(models.Model):
    _inherit = "aftersales.contract"

    @api.model
    def _cover_candidates(self, cases, unit=None):
        """{case: ([Candidate], [(name, why not)])}: what may pay for each case, and what was looked at and cannot.

        ``unit``: of the quota that is to be used; without it, who pays at all. A constant number of queries.
        """
        partners = {case.partner.commercial_partner_id.id for case in cases if case.partner}
        contracts = self.sudo().search(  # who pays is looked for among all; access is checked where it is shown
            self._real() & Domain("kind", "=", "customer") & Domain("state", "in", (*LIVE, *ENDED))
            & Domain("partner_id.commercial_partner_id", "in", list(partners))) if partners else self.sudo()
        by_party = contracts.grouped(lambda c: (c.partner_id.commercial_partner_id.id, c.company_id.id))
        assets = self.env["aftersales.asset"].union(*(case.asset for case in cases))
        covers = self.env["aftersales.cover"]._of_assets(assets)
        ledgers = contracts.entitlement_ids.filtered(lambda e: e.unit == unit)._ledgers() if unit else {}
        found = {}
        for case in cases:
            own = by_party.get((case.partner.commercial_partner_id.id, case.company.id), self.browse())
            found[case] = self._candidates_of(case, own, covers[case.asset.id], ledgers, unit)
        return found

    def _candidates_of(self, case, contracts, covers, ledgers, unit):
        candidates, others = [], []
        for contract in contracts:
            day = case.day_in(contract._zone())
            cover = covers.filtered(lambda c, k=contract, day=day: c.contract_id == k and c._includes(day))[:1]
            obstacle = contract._cover_obstacle(case, day, cover)
            if obstacle:
                others.append((contract.name, obstacle))
                continue
            if not unit:
                candidates.append(contract._candidate(case, cover, day))
                continue
            quotas = contract.entitlement_ids.filtered(lambda e: e in ledgers)
            if not quotas:
                unit_name = dict(quotas._fields["unit"]._description_selection(self.env))[unit]
                others.append((contract.name, self.env._("has no quota of %s", unit_name.lower())))
            for quota in quotas:
                candidate = contract._candidate(case, cover, day, quota, ledgers[quota].balance(day))
                only = quota.promise_id.type_id
                if only and only != case.request_type:
                    others.append((candidate.cover.key, self.env._("is for requests of type %s", only.name)))
                else:
                    candidates.append(candidate)
        return candidates, others

    def _cover_obstacle(self, case, day, cover):
        """Why this contract does not pay for ``case`` on ``day``, or None."""
        _, last = self.env._, self._entitled_until()
        if day < self.date_start:
            return _("begins on %s", format_date(self.env, self.date_start))
        if last and last < day:
            return _("ended on %s", format_date(self.env, last))
        if self._is_suspended(day):
            return _("is suspended on that day")
        if case.asset and self.cover_ids and not cover:
            return _("does not cover asset %s on that day", case.asset.display_name)
        if self.product_ids and case.product and case.product not in self.product_ids:
            return _("does not cover product %s", case.product.display_name)
        if self.type_ids and case.request_type and case.request_type not in self.type_ids:
            return _("does not cover requests of type %s", case.request_type.name)
        if self.tier_ids and case.tier and case.tier not in self.tier_ids:
            return _("does not cover support tier %s", case.tier.code)
        return None

    def _candidate(self, case, cover, day, entitlement=None, balance=None):
        last = cover._last_day() if cover else self._entitled_until()
        product = case.product and case.product in self.product_ids
        terms = {"priority": cover.priority} if cover else {}
        return Candidate(Cover(
            key=f"{self.name} · {entitlement.name}" if entitlement else self.name, kind="contract",
            start=self.date_start, end=last and last + timedelta(days=1), balance=balance,
            applies_to="asset" if cover else "product" if product else "contract", **terms,
        ), self, entitlement or self.env["aftersales.entitlement"], day)

    @api.model
    def _choose_covers(self, cases, unit=None, excess=False, quota=None):
        """{case: CoverChoice}: what pays for each `Case`. ``excess``: also a quota with nothing left; ``quota``: of
        several quotas of the unit only this entitlement."""
        found = {}
        for case, (candidates, others) in self._cover_candidates(cases, unit).items():
            if quota:
                candidates = [one for one in candidates if not one.entitlement or one.entitlement == quota]
            found[case] = self._choose_cover_among(candidates, others, excess)
        return found

    def _choose_cover_among(self, candidates, others, excess):
        engine, by_key = [], {}
        for candidate in candidates:
            cover = candidate.cover
            if cover.balance is not None and cover.balance <= 0 and not excess:
                others = [*others, (cover.key, self.env._("has nothing left"))]
            else:
                by_key[cover.key] = candidate
                engine.append(cover if not excess else Cover(
                    cover.key, cover.kind, cover.start, cover.end, cover.priority, cover.applies_to))
        # A candidate holds on the day of its own zone: it was asked before, so any day of it will do.
        days = {candidate.day for candidate in by_key.values()}
        choice = choose(engine, max(days, default=date.min))
        reason = self._reason_in_words(choice)
        steps = [[self.env._("Left out"), f"{name}: {why}", ""] for name, why in others]
        steps += [[self.env._("In order"), cover.key, str(place)] for place, cover in enumerate(choice.order, 1)]
        chosen = by_key[choice.cover.key] if choice.cover else None
        payer = chosen.payer.sudo(False) if chosen else None
        entitlement = chosen.entitlement.sudo(False) if chosen else self.env["aftersales.entitlement"]
        return CoverChoice(payer, entitlement, reason, [*steps, [self.env._("Reason"), reason, ""]])

    def _reason_in_words(self, choice):
        """The engine's reason in the reader's language."""
        _ = self.env._
        if choice.criterion is None:
            return _("No cover is in force with anything left.")
        if choice.criterion == "only":
            return _("%s is the only cover in force.", choice.cover.key)
        first, second = choice.order[:2]
        kinds = {"recall": _("a recall"), "warranty": _("a warranty"), "extended": _("an extended warranty"),
                 "contract": _("a contract"), "goodwill": _("goodwill")}
        whole = {"asset": _("the asset"), "product": _("the product"), "contract": _("the whole contract")}
        why = {
            "kind": lambda: _("%(first)s comes before %(second)s", first=kinds[first.kind], second=kinds[second.kind]),
            "priority": lambda: _("priority %(first)s comes before priority %(second)s", first=first.priority,
                                   second=second.priority),
            "specificity": lambda: _("it is for %(first)s, the other for %(second)s",
                                      first=whole[first.applies_to], second=whole[second.applies_to]),
            "end": lambda: _("it ends first, on %s", format_date(self.env, first.end - timedelta(days=1))),
            "key": lambda: _("all else is equal, so the name decides"),
        }[choice.criterion]()
        return _("%(first)s before %(second)s: %(why)s.", first=first.key, second=second.key, why=why)


class Asset(models.Model):
    _inherit = "aftersales.asset"

    def _choose_cover(self, day, unit=None):
        """The `CoverChoice` for work on this asset on ``day`` (a date)."""
        self.ensure_one()
        empty = self.env["aftersales.request"]
        case = Case(self.partner_id, self.company_id, self, self.product_id, empty.type_id, empty.tier_id, day=day)
        return self.env["aftersales.contract"]._choose_covers([case], unit)[case]


class Request(models.Model):
    _inherit = "aftersales.request"

    payer_text = fields.Char(string="Who Pays", compute="_compute_payer")
    payer_reason = fields.Char(string="Why", compute="_compute_payer")
    payer_steps = fields.Json(compute="_compute_payer")

    @api.depends("partner_id", "asset_id", "product_id", "type_id", "tier_id", "opened_at", "company_id")
    @api.depends_context("lang")
    def _compute_payer(self):
        choices = self._choose_covers()
        for request in self:
            choice = choices.get(request)
            payer = choice and choice.payer and choice.payer.sudo()  # who reads the request may know who pays for it
            request.payer_text = payer.display_name if payer else choice and self.env._("Customer")
            request.payer_reason = choice and choice.reason
            request.payer_steps = choice and choice.steps

    def _cover_case(self, day=None):
        self.ensure_one()
        return Case(self.partner_id, self.company_id, self.asset_id, self.product_id or self.asset_id.product_id,
                    self.type_id, self.tier_id, self.opened_at, day)

    def _choose_covers(self, unit=None, day=None, excess=False, quota=None):
        """{request: CoverChoice} of those with a customer; no ``day``: the day of opening in the contract's zone."""
        cases = {request: request._cover_case(day) for request in self if request.partner_id and request.opened_at}
        choices = self.env["aftersales.contract"]._choose_covers(
            list(set(cases.values())), unit, excess, quota)
        return {request: choices[case] for request, case in cases.items()}
