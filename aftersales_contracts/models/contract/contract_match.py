"""Which contract covers a request: one method, and the reason in words when none does."""

from collections import defaultdict
from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.fields import Domain

from ...engine.contract_lifecycle import ENDED, LIVE


class Contract(models.Model):
    _inherit = "aftersales.contract"

    @api.model
    def _find_for(self, requests):
        """{request: (contract, reason)}: the contract that covers each request, or an empty one and why none does.

        A contract covers a request when it is a customer contract that has taken effect, its customer (the commercial
        entity) and company are the request's, the day of opening (in the contract's zone) lies within its dates, and
        its products, types and tiers include the request's; an empty list includes all. An asset that a contract of
        the customer names is covered on the days of its covers only. Among several: of those that cover the asset the
        one whose cover comes first; then the one that names the product, that started last, that is the newest. One
        query for the contracts of the batch, and one for the covers.
        """
        partners = requests.partner_id.commercial_partner_id
        candidates = defaultdict(list)
        live = self.sudo().search(  # matching looks at every contract; access is checked where it is shown
            self._real() & Domain([
                ("kind", "=", "customer"), ("state", "in", (*LIVE, *ENDED)),
                ("partner_id.commercial_partner_id", "in", partners.ids),
                ("company_id", "in", requests.company_id.ids)]))
        for contract in live:
            candidates[contract.partner_id.commercial_partner_id.id, contract.company_id.id].append(contract)
        covers = self.env["aftersales.cover"]._of_assets(requests.asset_id)
        found = {}
        for request in requests:
            key = request.partner_id.commercial_partner_id.id, request.company_id.id
            found[request] = self._choose(request, candidates.get(key, []), covers[request.asset_id._origin.id])
        return found

    def _choose(self, request, candidates, covers):
        """(contract, reason) for one request among the contracts of its customer; ``covers``: those of its asset."""
        _ = self.env._
        if not candidates:
            return self.browse(), _("%s has no contract.", request.partner_id.display_name or _("The customer"))
        left = candidates
        covers = covers.filtered(lambda cover: cover.contract_id in candidates)
        for test, reason in (
            (lambda c: _in_force(c, request), _("no contract was in force on that day")),
            (lambda c: not c._cover_suspended(opened_on(c, request)), _("the cover was suspended on that day")),
            (lambda c: not c.product_ids or not request.product_id or request.product_id in c.product_ids,
             _("no contract covers product %s", request.product_id.display_name)),
            (lambda c: not covers or _covers_of(c, request, covers),
             _("no contract covers asset %s", request.asset_id.display_name)),
            (lambda c: not c.type_ids or not request.type_id or request.type_id in c.type_ids,
             _("no contract covers requests of type %s", request.type_id.name)),
            (lambda c: not c.tier_ids or not request.tier_id or request.tier_id in c.tier_ids,
             _("no contract covers support tier %s", request.tier_id.code)),
        ):
            fitting = [contract for contract in left if test(contract)]
            if not fitting:
                names = ", ".join(contract.name for contract in left[:5])
                return self.browse(), _("Looked at %(contracts)s: %(reason)s.", contracts=names, reason=reason)
            left = fitting
        if covers and len(left) > 1:
            return self._first_covering(left, request, covers).sudo(False), ""
        best = max(left, key=lambda c: (bool(request.product_id in c.product_ids), c.date_start, c.id))
        return best.sudo(False), ""

    def _first_covering(self, contracts, request, covers):
        """The contract of ``contracts``, all of which cover the request's asset, whose cover comes first."""
        fitting = covers.browse(_covers_of(contract, request, covers)[:1].id for contract in contracts)
        return fitting._choice(opened_on(contracts[0], request))[0].contract_id or contracts[0]


def opened_on(contract, request):
    """The day of opening in the contract's zone."""
    return request.opened_at.replace(tzinfo=UTC).astimezone(ZoneInfo(contract._zone())).date()


def _in_force(contract, request):
    if contract.state not in LIVE and not contract.date_end:
        return False
    opened = opened_on(contract, request)
    if contract.state == "terminated" and contract.ended_on and opened > contract.ended_on:
        return False  # undone before its first day
    return contract.date_start <= opened and (not contract.date_end or opened <= contract.date_end)


def _covers_of(contract, request, covers):
    """The covers of the request's asset under ``contract`` that include the day of opening."""
    day = opened_on(contract, request)
    return covers.filtered(lambda cover: cover.contract_id.id == contract.id and cover._includes(day))
