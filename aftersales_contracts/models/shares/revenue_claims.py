"""Who claims the revenue of a thing on a day: attributions, the dealer of a contract, and the agreements of dealers.

For each thing that lines name (a contract, an asset, a customer, ...) the days are cut wherever a claim or an agreement
begins or ends, and each piece gets its parts: which dealer contract has what percent, for which reason. Lines then only
look up their piece. Of claims on one thing the nearest counts: the customer's own before its parent's, the category's
own before that of the category above it.
"""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from odoo.tools import SQL

from .attribution import TARGETS

WHOLE = Decimal(100)
FOREVER = date.max
DAY = timedelta(days=1)
REASON_OF = {"explicit": "explicit", "contract": "contract", "asset": "asset", "site": "customer",
             "customer": "customer", "product": "product", "category": "category", "state": "territory",
             "country": "territory"}
IN_FORCE = ("active", "suspended", "notice", "expired", "terminated")  # on the days that it was in force


class Claim(NamedTuple):
    """From ``start`` until ``stop`` (exclusive) the dealer has ``percent`` of it, by an attribution or without one."""

    start: date
    stop: date
    dealer: int
    contract: int | None
    attribution: int | None
    percent: Decimal


class Part(NamedTuple):
    """``contract``: the dealer contract, None: nobody's. ``basis``: posted or paid."""

    contract: int | None
    dealer: int | None
    attribution: int | None
    percent: Decimal
    reason: str
    basis: str | None


class Agreement(NamedTuple):
    start: date
    stop: date
    contract: int
    basis: str


NOBODY = (Part(None, None, None, WHOLE, "none", None),)
OF_SETTLEMENT = (Part(None, None, None, WHOLE, "settlement", None),)


def _after(last):
    """The day after the last one; none: never."""
    return last + DAY if last and last < FOREVER else FOREVER


class Claims:
    """The pieces of days of the things in ``keys`` ({level of `revenue_facts.KEYS`: ids}), between ``first`` and
    ``last`` (days, both included), in one company. The same number of queries for any number of things."""

    def __init__(self, env, company, keys, first, last):
        self.env, self.company, self.keys = env, company, keys
        self.first, self.stop = first, last + DAY
        self.groups = {NOBODY: 0, OF_SETTLEMENT: 1}
        claims = {level: self._near(level) for level in REASON_OF}
        self.agreements = self._agreements(
            {claim.dealer for found in claims.values() for near in found.values() for one in near for claim in one})
        self.pieces = {level: {key: self._cut(near, REASON_OF[level]) for key, near in found.items()}
                       for level, found in claims.items()}

    def group(self, level, key, day):
        """The number of the group of parts that ``key`` has on ``day``; None: no claim."""
        for start, stop, group in self.pieces[level].get(key, ()):
            if start <= day < stop:
                return group
        return None

    # --- cutting days ------------------------------------------------------------------------------------------------

    def _cut(self, near, reason):
        """[(start, stop, group)] of ``near``: lists of `Claim`s, the nearest first."""
        claims = [claim for one in near for claim in one]
        days = {self.first, self.stop}
        for claim in claims:
            days.update((claim.start, claim.stop))
            for agreement in self._of_dealer(claim.dealer):
                days.update((agreement.start, agreement.stop))
        days = sorted(day for day in days if self.first <= day <= self.stop)
        found = []
        for start, stop in zip(days, days[1:], strict=False):
            running = next(filter(None, ([claim for claim in one if claim.start <= start < claim.stop]
                                         for one in near)), None)
            if running:
                found.append((start, stop, self._numbered(self._parts(running, start, reason))))
        return found

    def _numbered(self, parts):
        return self.groups.setdefault(parts, len(self.groups))

    def _parts(self, claims, day, reason):
        """The `Part`s of ``claims`` on ``day``; two of one dealer contract are one. What is left is nobody's."""
        found = {}
        for claim in claims:
            agreement = self._agreement(claim, day)
            key = (agreement.contract, None) if agreement else (None, claim.dealer)
            before = found.get(key)
            percent = claim.percent + (before.percent if before else 0)
            found[key] = Part(
                key[0], claim.dealer, before.attribution if before else claim.attribution, percent,
                reason if agreement else "no_rule", agreement.basis if agreement else None)
        rest = WHOLE - sum(part.percent for part in found.values())
        if rest > 0:
            found["rest"] = Part(None, None, None, rest, "rest", None)
        return tuple(found.values())

    # --- agreements --------------------------------------------------------------------------------------------------

    def _of_dealer(self, dealer):
        return self.agreements.get(self.commercial.get(dealer), ())

    def _agreement(self, claim, day):
        """The agreement that counts: of the dealer contract that the claim names, else another one of the dealer."""
        running = [one for one in self._of_dealer(claim.dealer) if one.start <= day < one.stop]
        return next((one for one in running if one.contract == claim.contract), running[0] if running else None)

    def _agreements(self, dealers):
        """{commercial partner: [`Agreement`]} of ``dealers``, by their dealer contracts with a share rule."""
        partners = self.env["res.partner"].browse(sorted(dealers))
        self.commercial = {one.id: one.commercial_partner_id.id for one in partners}
        contracts = self.env["aftersales.contract"].with_context(active_test=False).search(
            [("kind", "=", "dealer"), ("company_id", "=", self.company.id), ("state", "in", IN_FORCE),
             ("is_template", "=", False), ("amends_id", "=", False),
             ("partner_id.commercial_partner_id", "in", sorted(set(self.commercial.values())))], order="date_start, id")
        held = contracts._shares_held(self.first, self.stop)
        rules = self.env["aftersales.share.rule"].browse({one.rule for spans in held.values() for one in spans})
        basis = {rule.id: rule.pay_basis for rule in rules}
        found = defaultdict(list)
        for contract in contracts:
            last = _after(contract.date_end)
            for one in held.get(contract, ()):
                start, stop = max(one.start, contract.date_start), min(one.end or FOREVER, last)
                if start < stop:
                    found[contract.partner_id.commercial_partner_id.id].append(
                        Agreement(start, stop, contract.id, basis[one.rule]))
        return found

    # --- claims ------------------------------------------------------------------------------------------------------

    def _near(self, level):
        """{key: [[`Claim`], ...]} of one level, for each key the nearest claims first."""
        keys = self.keys.get(level) or ()
        return getattr(self, f"_near_{level}")(keys) if keys else {}

    def _near_explicit(self, keys):
        return {key: [[Claim(date.min, FOREVER, key, None, None, WHOLE)]] for key in keys}

    def _near_contract(self, keys):
        own, dealers = self._rows("contract_id", keys), self._dealers_of_contracts(keys)
        return {key: [own.get(key, []), dealers.get(key, [])] for key in keys if key in own or key in dealers}

    def _near_asset(self, keys):
        return self._single("asset_id", keys)

    def _near_product(self, keys):
        return self._single("product_id", keys)

    def _single(self, name, keys):
        return {key: [claims] for key, claims in self._rows(name, keys).items()}

    def _near_site(self, keys):
        return self._near_customer(keys)

    def _near_customer(self, keys):
        """Of the partner itself, then of the one above it, and so on."""
        paths = defaultdict(list)
        if self._any("partner_id"):
            for key, above in self.env.execute_query(SQL("""
                    WITH RECURSIVE up (id, above, depth) AS (
                        SELECT id, id, 0 FROM res_partner WHERE id = ANY(%s)
                         UNION ALL
                        SELECT up.id, p.parent_id, up.depth + 1 FROM up JOIN res_partner p ON p.id = up.above
                         WHERE p.parent_id IS NOT NULL AND up.depth < 20)
                    SELECT id, above FROM up ORDER BY id, depth""", sorted(keys))):
                paths[key].append(above)
        return self._along("partner_id", paths)

    def _near_category(self, keys):
        """Of the category itself, then of the one above it, and so on."""
        if not self._any("categ_id"):
            return {}
        rows = self.env.execute_query(SQL(
            "SELECT id, parent_path FROM product_category WHERE id = ANY(%s)", sorted(keys)))
        return self._along("categ_id", {key: [int(one) for one in reversed(path.strip("/").split("/"))]
                                        for key, path in rows})

    def _near_state(self, keys):
        return self._near_place("state_ids", keys)

    def _near_country(self, keys):
        return self._near_place("country_ids", keys)

    def _near_place(self, name, keys):
        """Of the territories that name the state or the country, in their order."""
        regions = self.env["aftersales.region"].with_context(active_test=False).search(
            [("company_id", "in", (self.company.id, False))]) if self._any("region_id") else ()
        paths = defaultdict(list)
        for region in regions:
            for place in region[name]:
                if place.id in keys:
                    paths[place.id].append(region.id)
        return self._along("region_id", paths)

    def _along(self, name, paths):
        """{key: [claims of each thing on its path]}; keys without any left out."""
        claims = self._rows(name, {one for path in paths.values() for one in path})
        found = {key: [claims[one] for one in path if one in claims] for key, path in paths.items()}
        return {key: near for key, near in found.items() if near}

    def _any(self, name):
        """Whether there is any attribution by the field ``name`` in these days."""
        return name in self._fields_in_use()

    def _fields_in_use(self):
        if not hasattr(self, "_in_use"):
            [row] = self.env.execute_query(SQL(
                "SELECT %s FROM aftersales_attribution WHERE %s", SQL(", ").join(
                    SQL("bool_or(%s IS NOT NULL)", SQL.identifier(name)) for name in TARGETS), self._in_these_days()))
            self._in_use = {name for name, used in zip(TARGETS, row, strict=True) if used}
        return self._in_use

    def _in_these_days(self):
        return SQL("company_id = %s AND date_from < %s AND (date_to IS NULL OR date_to >= %s)",
                   self.company.id, self.stop, self.first)

    def _rows(self, name, keys):
        """{target: [`Claim`]} of the attributions of the targets ``keys``."""
        found = defaultdict(list)
        if keys and self._any(name):
            for target, start, last, dealer, contract, row, percent in self.env.execute_query(SQL(
                    """SELECT %(name)s, date_from, date_to, dealer_id, dealer_contract_id, id, percent::text
                         FROM aftersales_attribution WHERE %(name)s = ANY(%(keys)s) AND %(days)s
                        ORDER BY date_from, id""",
                    name=SQL.identifier(name), keys=sorted(keys), days=self._in_these_days())):
                found[target].append(Claim(start, _after(last), dealer, contract, row, Decimal(percent)))
        return dict(found)

    def _dealers_of_contracts(self, keys):
        """{contract: [`Claim`]} of the dealer that serves it, as of each day: by its versions, else by its field."""
        changes = defaultdict(dict)
        for contract, day, dealer in self.env.execute_query(SQL(
                """SELECT contract_id, effective_on, (changes ->> 'dealer_id')::int FROM aftersales_contract_version
                    WHERE contract_id = ANY(%s) AND cancelled_at IS NULL AND changes ? 'dealer_id'
                    ORDER BY contract_id, effective_on, recorded_at, number""", sorted(keys))):
            changes[contract][day] = dealer
        found = defaultdict(list)
        contracts = self.env["aftersales.contract"].browse(sorted(keys))
        for contract in contracts:
            days = changes.get(contract.id) or {date.min: contract.dealer_id.id}
            starts = sorted(days)
            for start, stop in zip(starts, [*starts[1:], FOREVER], strict=True):
                if days[start]:
                    found[contract.id].append(Claim(start, stop, days[start], None, None, WHOLE))
        return dict(found)
