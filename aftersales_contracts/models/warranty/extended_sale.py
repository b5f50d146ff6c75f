"""Extended warranties sold for assets: each follows the warranty, without a gap and without a second start."""

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

OVER = ("void", "ended")


class WarrantyCover(models.Model):
    _inherit = "aftersales.warranty.cover"

    follower_ids = fields.One2many("aftersales.warranty.cover", "follows_id", string="Followed by")
    sold_product_id = fields.Many2one(
        "product.product", string="Sold as", readonly=True, ondelete="restrict", index="btree_not_null",
        help="The extended warranty that was sold.")
    sold_on = fields.Date(readonly=True)

    def _days_told(self):
        """"WC/00001, until 31/12/2026", in the reader's language."""
        self.ensure_one()
        if not self.last_day:
            return self.name
        return self.env._("%(cover)s, until %(day)s", cover=self.name, day=format_date(self.env, self.last_day))


class Asset(models.Model):
    _inherit = "aftersales.asset"

    @api.private
    def _sell_extended(self, product, day=None):
        """The `aftersales.warranty.cover`s that ``product`` (product.product), sold on ``day`` (a date; empty: today),
        gives these assets, in their order: each follows the asset's warranty, or by its policy the last extension.

        Sold after the end, within the policy's days, it begins on ``day``. Raises UserError naming the asset and what
        stands against it: no warranty, one that has ended or never ends, an extension that is there already, another
        company, another machine. The same few queries for any number of assets. Rights are the caller's to check.
        """
        day = day or fields.Date.context_today(self)
        policy = self._extension_of(product)
        self.lock_for_update(allow_referencing=True)  # of two sales at once, the second sees the first
        covers = self._extendable_covers()
        vals_list = []
        for asset in self:
            asset._check_extension_fits(policy)
            base = asset._extension_base(covers[asset.id], policy)
            vals_list.append({
                "asset_id": base.asset_id.id, "policy_id": policy.id, "follows_id": base.id, "source": "sale",
                "start_on": asset._late_start(base, policy, day), "sold_product_id": product.id, "sold_on": day})
        # A sale gives what was bought; the rules of covers are checked above, their rows are the system's.
        made = self.env["aftersales.warranty.cover"].sudo().create(vals_list)
        self.env["aftersales.expiry.notice"]._offer_made(made.follows_id)
        return made.sudo(False)

    @api.model
    def _extension_of(self, product):
        """The released policy that ``product`` sells; raises UserError without one."""
        policy = product.sudo().aftersales_extended_policy_id  # what it sells is known to the service only
        if not policy:
            raise UserError(self.env._("Product %s is no extended warranty.", product.display_name))
        if policy.state != "released":
            raise UserError(self.env._(
                "Product %(product)s cannot be sold: its policy %(policy)s is not released. Choose a released one on "
                "the product.", product=product.display_name, policy=policy.display_name))
        return policy

    def _extendable_covers(self):
        """{asset id: the warranties and extensions in its favour that are not over}, those of the machine that it
        replaced included, without those of contracts. One query."""
        found = defaultdict(self.env["aftersales.warranty.cover"].sudo().browse)
        for cover in self.env["aftersales.warranty.cover"].sudo().search(  # whoever sells need not see all covers
                Domain("holder_id", "in", self.ids) & Domain("kind", "in", ("warranty", "extended"))
                & Domain("recovers", "=", False) & Domain("contract_id", "=", False)
                & Domain("state", "not in", OVER)):
            found[cover.holder_id.id] |= cover
        return found

    def _check_extension_fits(self, policy):
        """Raise UserError unless ``policy`` is of the asset's company and for such machines."""
        if policy.company_id and policy.company_id != self.company_id:
            raise UserError(self.env._(
                "Asset %(asset)s is of %(company)s, policy %(policy)s is not.", asset=self.display_name,
                company=self.company_id.name, policy=policy.display_name))
        if not policy._is_for_product(self.product_id):
            raise UserError(self.env._(
                "Asset %(asset)s: policy %(policy)s is not for this machine.", asset=self.display_name,
                policy=policy.display_name))

    def _extension_base(self, covers, policy):
        """The cover that the extension follows, among ``covers`` of the asset."""
        warranties, extensions = (
            covers.filtered(lambda one, kind=kind: one.kind == kind) for kind in ("warranty", "extended"))
        if not warranties and not extensions:
            raise UserError(self.env._(
                "Asset %s has no warranty that could be extended.", self.display_name))
        if extensions and not policy.stacks:
            raise UserError(self.env._(
                "Asset %(asset)s is extended already by %(cover)s. Policy %(policy)s does not follow an extension.",
                asset=self.display_name, cover=extensions[0]._days_told(), policy=policy.display_name))
        # The last one: without a last day it ends after all others, or its first day is not known yet.
        base = (extensions or warranties).sorted(
            lambda one: (one.last_day or fields.Date.to_date("9999-12-31"), one.id))[-1:]
        if base._never_ends():
            raise UserError(self.env._(
                "Asset %(asset)s: %(cover)s never ends, so nothing follows it.", asset=self.display_name,
                cover=base.name))
        return base

    def _late_start(self, base, policy, day):
        """The first day of an extension sold after ``base`` has ended; None: it follows without a gap."""
        last = base.last_day
        if not last or day <= last:
            return None
        if day > last + timedelta(days=policy.late_days):
            raise UserError(self.env._(
                "Asset %(asset)s: its warranty %(cover)s has ended on %(day)s. An extension is sold before that.",
                asset=self.display_name, cover=base.name, day=format_date(self.env, last)) if not policy.late_days
                else self.env._(
                "Asset %(asset)s: its warranty %(cover)s has ended on %(day)s. An extension is sold until %(days)s "
                "days after that.", asset=self.display_name, cover=base.name, day=format_date(self.env, last),
                days=policy.late_days))
        return day

    def action_sell_extended(self):
        """Open the sale of an extended warranty for these assets."""
        self.check_access("read")
        self.env["aftersales.extended.sale"].check_access("create")
        return {
            "type": "ir.actions.act_window", "name": self.env._("Extend the Warranty"), "target": "new",
            "res_model": "aftersales.extended.sale", "views": [(False, "form")],
            "context": {"default_asset_ids": self.ids}}
