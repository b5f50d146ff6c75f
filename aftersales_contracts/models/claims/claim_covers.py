"""Covers as a claim sees them, and what claims use up of them: money of warranties, quotas of contracts."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from odoo import api, models
from odoo.tools import float_repr

from ...engine.warranty_terms import CONTRACT, Void
from ..plans.entitlement import exact_quantity

APPROVED = ("approved", "partly")


class Asset(models.Model):
    _inherit = "aftersales.asset"

    @api.model
    def _engine_covers(self, cases):
        """For a case of a claim: covers that it was reported too late for are void, and what the claim itself has used
        up already is not gone for it. The same queries for any number of cases."""
        found = super()._engine_covers(cases)
        claims = {index: case.claim for index, case in enumerate(cases) if case.claim}
        every = self.env["aftersales.warranty.claim"].union(*claims.values())
        if not every:
            return found
        own, quotas = every._own_use(), every._own_quotas()
        keys = {cover.key for index in claims for cover in found.get(index, ())}
        records = self.env["aftersales.warranty.cover"].sudo().search([("name", "in", list(keys))])  # as the verdict
        by_key = records.grouped("name")
        for index, claim in claims.items():
            found[index] = [
                claim._as_reported(cover, by_key.get(cover.key), own[claim], quotas) for cover in found.get(index, ())]
        return found


class WarrantyClaim(models.Model):
    _inherit = "aftersales.warranty.claim"

    def _as_reported(self, cover, record, own, quotas):
        """The engine's ``cover`` for this claim; ``own``, ``quotas``: what the claim used up, see below."""
        if cover.kind == CONTRACT and cover.quota is not None:
            used = quotas.get((self.request_id, cover.key), Decimal(0))
            return replace(cover, quota=replace(cover.quota, left=cover.quota.left + used)) if used else cover
        late = self._late_reason(record)
        if late:
            cover = replace(cover, voids=(*cover.voids, Void(self.failure_on, late)))
        if any((cover.key, kind) in own for kind in cover.used):
            left = {kind: paid - own.get((cover.key, kind), 0) for kind, paid in cover.used.items()}
            cover = replace(cover, used=left)
        return cover

    def _late_reason(self, cover):
        """Why a warranty cover does not pay for a claim that was reported so late, or None."""
        policy = cover.sudo().policy_id if cover else None  # its terms count, whoever asks
        days = (self.reported_on - self.failure_on).days
        if not policy or not policy.report_days or days <= policy.report_days:
            return None
        return self.env._("reported %(days)s days after the failure, at most %(most)s are allowed", days=days,
                          most=policy.report_days)

    def _own_use(self):
        """{claim: {(cover number, kind): Decimal}} of what these claims have used up of covers so far; one query."""
        refs = {line._use_ref(): line.claim_id for line in self.line_ids}
        found = defaultdict(lambda: defaultdict(Decimal))
        rows = self.env["aftersales.warranty.use"].sudo()._read_group(  # the ledger behind covers that may be read
            [("claim_line_ref", "in", list(refs))], ["claim_line_ref", "cover_id", "kind"], ["amount:sum"])
        for ref, cover, kind, amount in rows:
            claim = refs[ref]
            found[claim][cover.name, kind] += Decimal(float_repr(amount, claim.currency_id.decimal_places))
        return found

    # --- quotas of contracts ------------------------------------------------------------------------------------------

    def _own_quotas(self):
        """{(request, key of the engine's cover): Decimal} of what was used for the requests of these claims."""
        rows = self.env["aftersales.entitlement.line"].sudo()._read_group(  # the ledger of the claim's own contract
            [("request_id", "in", self.request_id.ids), ("kind", "=", "consume")], ["request_id", "entitlement_id"],
            ["quantity:sum"])
        return {(request.sudo(False), _quota_key(quota)): Decimal(float_repr(-used, 2))
                for request, quota, used in rows}

    def _use_quotas(self):
        """Once every line is decided, use the quotas of the contracts that pay, for the claim's service request.

        A ledger of entitlements takes nothing back: after decisions were taken back, it is used as it was.
        """
        used = self._own_quotas()
        for claim in self.filtered(lambda claim: claim.decided == "all"):
            amounts = defaultdict(Decimal)
            for share in claim.share_ids.filtered(
                    lambda share: share.payer_kind == CONTRACT and share.decision in APPROVED and share.contract_id):
                quota = share.contract_id.sudo().entitlement_ids.filtered(  # deciding on the claim includes it
                    lambda one, key=share.cover_key: _quota_key(one) == key)[:1]
                if quota and (claim.request_id, share.cover_key) not in used:
                    amounts[quota] = share._quota_use(quota, amounts[quota])
            for quota, amount in amounts.items():
                quota._consume(claim.request_id, exact_quantity(float(amount)), claim.failure_on, self.env.user,
                               note=claim.name)


class ClaimShare(models.Model):
    _inherit = "aftersales.claim.share"

    def _quota_use(self, quota, before):
        """What is used of a contract's quota with this share, ``before`` (Decimal) with others of the same claim."""
        if quota.unit == "value":
            return before + self.line_id._money(self.amount)
        if quota.unit == "hour":
            return before + Decimal(float_repr(self.line_id.allowed_hours * self.percent / 100, 2))
        return Decimal(1)


class WarrantyClaimLine(models.Model):
    _inherit = "aftersales.warranty.claim.line"

    def _use_ref(self):
        """Names the line in the ledger of covers."""
        return f"{self._name},{self.id}"

    def _use_covers(self):
        """Write down what covers paid for decided lines, and use the quotas of contracts that paid."""
        self._book_use(1)
        self.claim_id._use_quotas()

    def _give_back(self):
        self._book_use(-1)

    def _book_use(self, sign):
        shares = self.filtered(lambda line: line.decision in APPROVED).share_ids.filtered("cover_id")
        self.env["aftersales.warranty.use"].sudo().create([  # a ledger: nobody has the right to write it
            {"cover_id": share.cover_id.id, "claim_line_ref": share.line_id._use_ref(), "kind": share.line_id.kind,
             "amount": sign * share.amount,
             "quantity": sign * share.line_id._allowed_quantity() * share.percent / 100,
             "day": share.claim_id.failure_on} for share in shares])


def _quota_key(quota):
    """The key under which the engine knows a contract's quota."""
    return f"{quota.contract_id.name} · {quota.name}"
