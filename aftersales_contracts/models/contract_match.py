"""Which contract covers a request: one method, and the reason in words when none does."""

from collections import defaultdict
from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import api, models


class Contract(models.Model):
    _inherit = "aftersales.contract"

    @api.model
    def _find_for(self, requests):
        """{request: (contract, reason)}: the contract that covers each request, or an empty one and why none does.

        A contract covers a request when it is live, its customer (the commercial entity) and company are the
        request's, the day of opening (in the contract's zone) lies within its dates, and its products, types and
        tiers include the request's; an empty list includes all. Among several: the one that names the asset, then
        the one that names the product, then the one that started last, then the newest. One query for the batch.
        """
        partners = requests.partner_id.commercial_partner_id
        candidates = defaultdict(list)
        live = self.sudo().search([  # matching looks at every contract; access is checked where it is shown
            ("state", "in", ("active", "suspended", "expired", "terminated")),
            ("partner_id.commercial_partner_id", "in", partners.ids),
            ("company_id", "in", requests.company_id.ids)])
        for contract in live:
            candidates[contract.partner_id.commercial_partner_id.id, contract.company_id.id].append(contract)
        found = {}
        for request in requests:
            key = request.partner_id.commercial_partner_id.id, request.company_id.id
            found[request] = self._choose(request, candidates.get(key, []))
        return found

    def _choose(self, request, candidates):
        """(contract, reason) for one request among the contracts of its customer."""
        _t = self.env._
        if not candidates:
            return self.browse(), _t("%s has no contract.", request.partner_id.display_name or _t("The customer"))
        left = candidates
        for test, reason in (
            (lambda c: _in_force(c, request), _t("no contract was in force on that day")),
            (lambda c: not c.product_ids or not request.product_id or request.product_id in c.product_ids,
             _t("no contract covers product %s", request.product_id.display_name)),
            (lambda c: _asset_fits(c, request), _t("no contract covers asset %s", request.asset_id.display_name)),
            (lambda c: not c.type_ids or not request.type_id or request.type_id in c.type_ids,
             _t("no contract covers requests of type %s", request.type_id.name)),
            (lambda c: not c.tier_ids or not request.tier_id or request.tier_id in c.tier_ids,
             _t("no contract covers support tier %s", request.tier_id.code)),
        ):
            fitting = [contract for contract in left if test(contract)]
            if not fitting:
                names = ", ".join(contract.name for contract in left[:5])
                return self.browse(), _t("Looked at %(contracts)s: %(reason)s.", contracts=names, reason=reason)
            left = fitting
        best = max(left, key=lambda c: (
            bool(request.asset_id and request.asset_id in c.asset_ids), bool(request.product_id in c.product_ids),
            c.date_start, c.id))
        return best.sudo(False), ""


def _in_force(contract, request):
    if contract.state not in ("active", "suspended") and not contract.date_end:
        return False
    opened = request.opened_at.replace(tzinfo=UTC).astimezone(ZoneInfo(contract._zone())).date()
    return contract.date_start <= opened and (not contract.date_end or opened <= contract.date_end)


def _asset_fits(contract, request):
    asset = request.asset_id
    if not asset or not asset.contract_id:
        return True
    opened = request.opened_at.date()
    return asset.contract_id.id == contract.id and asset._covered_on(opened)
