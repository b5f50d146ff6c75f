"""Which policies hold for which machines, and the covers that begin by them: once for each asset and policy."""

from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...engine.errors import EngineError
from ...engine.warranty_terms import SUPPLIER, WARRANTY

BY_ITSELF = (WARRANTY, SUPPLIER)  # kinds that begin without anybody's asking; extensions are sold
BATCH = 1000


class WarrantyPolicy(models.Model):
    _inherit = "aftersales.warranty.policy"

    def action_start_covers(self):
        """Begin the covers of assets on record that this policy is for, and that have none by it. In sets."""
        self.ensure_one()
        if not self.env.user.has_group("aftersales_contracts.group_account_manager"):
            raise AccessError(self.env._("Only an account manager starts covers."))
        if self.state != "released":
            raise UserError(self.env._("Warranty policy %s is not released.", self.display_name))
        Asset, count = self.env["aftersales.asset"], 0
        ids = Asset.search([("company_id", "=", self.company_id.id or self.env.company.id)], order="id").ids
        for start in range(0, len(ids), BATCH):
            count += len(Asset.browse(ids[start:start + BATCH])._start_covers("manual"))
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "type": "success", "message": self.env._("%s covers begin.", count),
            "next": {"type": "ir.actions.act_window_close"}}}

    def _sold_between(self, day):
        """Whether machines sold on ``day`` (a date or None) are meant; without a day where it names none."""
        if not day:
            return not (self.valid_from or self.valid_until)
        return (not self.valid_from or self.valid_from <= day) and (not self.valid_until or day <= self.valid_until)


class Asset(models.Model):
    _inherit = "aftersales.asset"

    warranty_cover_ids = fields.One2many(
        "aftersales.warranty.cover", "asset_id", string="Warranty Covers", groups="aftersales_contracts.group_user")
    held_cover_ids = fields.One2many(
        "aftersales.warranty.cover", "holder_id", string="Covers in Its Favour",
        groups="aftersales_contracts.group_user")

    def _start_covers(self, source):
        """Begin the covers that released policies give these assets and that they do not have. ``source``: a word of
        `warranty_cover.SOURCES`. Returns the new covers. The same queries for any number of assets; again: nothing."""
        super()._start_covers(source)
        Cover = self.env["aftersales.warranty.cover"].sudo()  # follows from policy and facts, whoever registers
        assets = self.filtered("active").sudo()
        policies = self._starting_policies(assets.company_id) if assets else ()
        if not policies:
            return Cover
        known = defaultdict(set)
        facts = assets._engine_assets()
        chain = assets | assets._chained_assets()
        for cover in Cover.search_fetch([("asset_id", "in", chain.ids)], ["asset_id", "lineage", "kind"]):
            known[cover.asset_id.id] |= {cover.lineage, cover.kind}
        vals_list = []
        for asset in assets:
            passed = {word for one in facts[asset.id].replacements for word in known[int(one.old.key)]
                      if int(one.old.key) != asset.id}
            for policy in asset._policies_for(policies, facts[asset.id]):
                if policy._lineage() in known[asset.id]:
                    continue
                if policy.cover_kind == WARRANTY and WARRANTY in passed:
                    continue  # the cover of the machine before goes over to it
                vals_list.append({"asset_id": asset.id, "policy_id": policy.id, "source": source})
        return Cover.create(vals_list)

    def _starting_policies(self, companies):
        """[(policy, its engine scope)] in force for these companies, the latest version of each."""
        found = self.env["aftersales.warranty.policy"].sudo().search([
            ("state", "=", "released"), ("cover_kind", "in", BY_ITSELF), ("company_id", "in", [*companies.ids, False])])
        scopes = []
        for policy in found:
            try:
                scopes.append((policy, policy._scope()))
            except EngineError:
                continue  # its serials were no range when it was released by an older version
        return scopes

    def _policies_for(self, policies, unit):
        """The policies for one machine: of each kind (and supplier) the closest, and those that hold beside others."""
        day = self.delivered_on or self.invoiced_on or self.installed_on or self.activated_on or self.first_used_on
        chosen, beside = {}, []
        for policy, scope in policies:
            if policy.company_id not in (self.company_id, policy.company_id.browse()):
                continue
            bought = self.received_on if policy.cover_kind == SUPPLIER else day
            if not scope.fits(unit) or not policy._sold_between(bought):
                continue
            if policy.cover_kind == SUPPLIER and self.supplier_id and (
                    policy.supplier_id.commercial_partner_id != self.supplier_id.commercial_partner_id):
                continue
            if policy.additional:
                beside.append(policy)
                continue
            group = policy.cover_kind, policy.supplier_id.id
            rank = (scope.width, self._category_distance(scope, unit), -policy.version, policy.id)
            if group not in chosen or rank < chosen[group][0]:
                chosen[group] = rank, policy
        return [policy for _rank, policy in chosen.values()] + beside

    @staticmethod
    def _category_distance(scope, unit):
        """How far above the product the named category is: the nearest counts."""
        return min((place for place, key in enumerate(unit.categories) if key in scope.categories), default=0)
