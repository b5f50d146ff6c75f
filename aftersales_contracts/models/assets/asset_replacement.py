"""Replacements: which machine took the place of which, and when. Chains, but no circles and no forks."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class AssetReplacement(models.Model):
    """What becomes of the warranty is said by its policy: see rule W6 of ``docs/warranty-rules.md``."""

    _name = "aftersales.asset.replacement"
    _inherit = ["aftersales.appended"]
    _description = "Replacement of an Asset"
    _order = "day desc, id desc"
    _check_company_auto = True

    old_id = fields.Many2one("aftersales.asset", string="Replaced Asset", required=True, index=True,
                             ondelete="restrict", check_company=True)
    new_id = fields.Many2one("aftersales.asset", string="Replacement", required=True, index=True, ondelete="restrict",
                             check_company=True)
    company_id = fields.Many2one(related="old_id.company_id", store=True, index=True)
    day = fields.Date(string="Replaced on", required=True, default=fields.Date.context_today)
    claim_ref = fields.Char(string="Claim", help="Number of the claim under which it was replaced.")
    reason = fields.Char()
    note = fields.Char(help="Needed where the replacement is another product.")
    void_reason = fields.Char(string="Void because", readonly=True)

    _old_once = models.UniqueIndex("(old_id) WHERE void_reason IS NULL", "This asset was replaced already.")
    _new_once = models.UniqueIndex("(new_id) WHERE void_reason IS NULL", "This asset replaces another one already.")

    @api.depends("old_id", "new_id")
    def _compute_display_name(self):
        for one in self:
            one.display_name = self.env._("%(old)s replaced by %(new)s", old=one.old_id.name, new=one.new_id.name)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_once(vals.get("old_id"), vals.get("new_id"))
        found = super().create([{**vals, "void_reason": False} for vals in vals_list])
        for one in found:
            one._hand_over()
        found._note_on_assets()
        return found

    def _hand_over(self):
        """The new machine goes to the owner and the place of the old one; one of somebody else is refused."""
        old, new, owner = self.old_id, self.new_id, self.old_id.partner_id.commercial_partner_id
        holder = new.partner_id.commercial_partner_id
        if holder != owner:
            if holder != self.company_id.partner_id.commercial_partner_id:
                raise ValidationError(self.env._(
                    "Asset %(new)s belongs to %(other)s, not to %(owner)s: it cannot replace %(old)s.",
                    new=new.display_name, other=holder.display_name, owner=owner.display_name, old=old.display_name))
            new._hand_over(old.partner_id, self.day, place=old.place,
                           note=self.env._("Replacement of %s", old.display_name))
        if not new.delivered_on:
            new._set_day("delivery", self.day)

    @api.constrains("old_id", "new_id", "day", "void_reason")
    def _check_chain(self):
        for one in self.filtered(lambda row: not row.void_reason):
            one._check_pair()
            one._check_circle()
            one._check_order()

    def _check_pair(self):
        old, new = self.old_id, self.new_id
        if self.day > old._asset_today():
            raise ValidationError(self.env._(
                "Asset %(asset)s: a replacement on %(day)s lies in the future.", asset=old.display_name, day=self.day))
        delivered = old.delivered_on
        if delivered and self.day < delivered:
            raise ValidationError(self.env._(
                "Asset %(asset)s was delivered on %(delivered)s: it was not replaced on %(day)s, before that.",
                asset=old.display_name, delivered=delivered, day=self.day))
        if old.product_id != new.product_id and not (self.note or self.reason or "").strip():
            raise ValidationError(self.env._(
                "%(new)s is another product than %(old)s: say in the note why it replaces it.", new=new.display_name,
                old=old.display_name))

    @api.model
    def _check_once(self, old_id, new_id):
        """Before the database says so, in words that name both machines."""
        if old_id == new_id:
            asset = self.env["aftersales.asset"].browse(old_id)
            raise ValidationError(self.env._("Asset %s cannot replace itself.", asset.display_name))
        found = self.search([("void_reason", "=", False), "|", ("old_id", "=", old_id), ("new_id", "=", new_id)])
        for other in found.filtered(lambda one: one.old_id.id == old_id):
            raise ValidationError(self.env._(
                "Asset %(old)s was replaced by %(new)s on %(day)s: a machine is replaced once.",
                old=other.old_id.display_name, new=other.new_id.display_name, day=other.day))
        for other in found:
            raise ValidationError(self.env._(
                "Asset %(new)s replaces %(old)s since %(day)s: a machine replaces one.",
                new=other.new_id.display_name, old=other.old_id.display_name, day=other.day))

    def _check_circle(self):
        path, asset = [self.old_id, self.new_id], self.new_id
        while following := self._valid([("old_id", "=", asset.id)]):
            asset = following.new_id
            path.append(asset)
            if asset == self.old_id:
                raise ValidationError(self.env._(
                    "These replacements go in a circle: %s.", " → ".join(one.name for one in path)))

    def _check_order(self):
        before, after = self._valid([("new_id", "=", self.old_id.id)]), self._valid([("old_id", "=", self.new_id.id)])
        for first, second in ((before, self), (self, after)):
            if first and second and second.day < first.day:
                raise ValidationError(self.env._(
                    "Asset %(asset)s was replaced on %(day)s, before it replaced %(old)s on %(since)s.",
                    asset=second.old_id.display_name, day=second.day, old=first.old_id.display_name, since=first.day))

    def _valid(self, domain):
        return self.search([*domain, ("void_reason", "=", False)], limit=1)

    def action_void(self, reason=""):
        """They were not replaced: both go on as before. For whoever may change the assets."""
        (self.old_id | self.new_id).check_access("write")
        if not (isinstance(reason, str) and reason.strip()):
            raise UserError(self.env._("Say why the replacement of %s is void.", self[:1].old_id.display_name))
        models.BaseModel.write(self.sudo(), {"void_reason": reason.strip()})  # nobody has the right to change facts
        self._note_on_assets()
        return True

    def _note_on_assets(self):
        (self.old_id | self.new_id)._facts_changed()


class Asset(models.Model):
    _inherit = "aftersales.asset"

    replaced_ids = fields.One2many("aftersales.asset.replacement", "old_id", string="Replaced by")
    replacing_ids = fields.One2many("aftersales.asset.replacement", "new_id", string="Replacement of")
    replaced_by_id = fields.Many2one(
        "aftersales.asset", string="Replacement", compute="_compute_replaced_by_id", store=True, index="btree_not_null")
    replaces_id = fields.Many2one(
        "aftersales.asset", compute="_compute_replaces_id", store=True, index="btree_not_null")
    replaced_on = fields.Date(string="Replaced", compute="_compute_replaced_by_id", store=True)

    @api.depends("replaced_ids.new_id", "replaced_ids.day", "replaced_ids.void_reason")
    def _compute_replaced_by_id(self):
        for asset in self:
            one = asset.replaced_ids.filtered(lambda row: not row.void_reason)[:1]
            asset.replaced_by_id, asset.replaced_on = one.new_id, one.day

    @api.depends("replacing_ids.old_id", "replacing_ids.void_reason")
    def _compute_replaces_id(self):
        for asset in self:
            asset.replaces_id = asset.replacing_ids.filtered(lambda row: not row.void_reason)[:1].old_id

    def _replace_by(self, new, day, reason="", claim_ref="", note=""):
        """``new`` takes the place of this asset on ``day``, with its owner and place; returns the replacement. A new
        machine that still is the company's own is handed over; one of somebody else is refused."""
        self.ensure_one()
        return self.env["aftersales.asset.replacement"].create({
            "old_id": self.id, "new_id": new.id, "day": day, "reason": reason, "claim_ref": claim_ref, "note": note})
