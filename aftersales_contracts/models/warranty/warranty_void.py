"""Void: from a day on a cover does not pay, for a reason. Proposed by one person, approved by another."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...engine.warranty_terms import Void
from .policy_parts import ITEM_KINDS

APPROVERS = "aftersales_contracts.group_legal,aftersales_contracts.group_administrator"
STATES = [("proposed", "Proposed"), ("approved", "Approved"), ("refused", "Refused"), ("lifted", "Lifted")]


class VoidReason(models.Model):
    _name = "aftersales.void.reason"
    _description = "Reason of a Void"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True, help="As customers read it.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)


class WarrantyVoid(models.Model):
    _name = "aftersales.warranty.void"
    _description = "Void of Warranty Covers"
    _inherit = ["aftersales.guarded", "mail.thread"]
    _order = "day desc, id desc"
    _rec_name = "reason_id"
    _check_company_auto = True
    _guarded = {"state": "proposed", **dict.fromkeys(("proposed_by_id", "decided_by_id", "decided_on"), False)}

    asset_id = fields.Many2one(
        "aftersales.asset", required=True, index=True, check_company=True, ondelete="restrict", tracking=True)
    company_id = fields.Many2one(related="asset_id.company_id", store=True, index=True)
    cover_ids = fields.Many2many(
        "aftersales.warranty.cover", "aftersales_void_cover_rel", string="Covers", required=True,
        domain="[('asset_id', '=', asset_id)]")
    day = fields.Date(string="Void from", required=True, default=fields.Date.context_today, tracking=True)
    parts = fields.Boolean(help="None of the three: for all of them.")
    labour = fields.Boolean()
    travel = fields.Boolean()
    reason_id = fields.Many2one(
        "aftersales.void.reason", required=True, ondelete="restrict", tracking=True)
    note = fields.Text(help="What was found, and by whom.")
    state = fields.Selection(STATES, required=True, readonly=True, default="proposed", copy=False, index=True,
                             tracking=True)
    proposed_by_id = fields.Many2one("res.users", string="Proposed by", readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True, copy=False)
    decided_on = fields.Date(readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        voids = super().create(vals_list)
        voids._write_guarded({"proposed_by_id": self.env.uid})
        return voids

    @api.constrains("cover_ids", "asset_id")
    def _check_covers(self):
        for void in self:
            wrong = void.cover_ids.filtered(lambda one, void=void: one.asset_id != void.asset_id)
            if wrong or not void.cover_ids:
                raise ValidationError(self.env._(
                    "A void of asset %(asset)s names covers of that asset, not %(cover)s.",
                    asset=void.asset_id.display_name, cover=wrong[:1].display_name or self.env._("none")))

    def write(self, vals):
        if {"asset_id", "cover_ids", "day", "reason_id", *(kind for kind, _label in ITEM_KINDS)} & set(vals):
            for void in self:
                if void.state != "proposed":
                    raise UserError(self.env._(
                        "The void of %s is decided and does not change. Lift it, and propose another one.",
                        void.asset_id.display_name))
        return super().write(vals)

    def _refuse_deletion(self):
        for void in self:
            if void.state != "proposed":
                raise UserError(self.env._("The void of %s is decided and stays on record.",
                                           void.asset_id.display_name))

    # --- decisions ---------------------------------------------------------------------------------------------------

    def action_approve(self):
        """From its day on the covers do not pay. Legal or an administrator, and not who proposed it."""
        self._decide("approved", "proposed")

    def action_refuse(self):
        """It was not right: the covers pay on."""
        self._decide("refused", "proposed")

    def action_lift(self):
        """It holds no more, as if it had never been."""
        self._decide("lifted", "approved")

    def _decide(self, state, before):
        if not self.env.user.has_groups(APPROVERS):
            raise AccessError(self.env._("Only legal or an administrator decides on voids of covers."))
        self.check_access("read")
        for void in self:
            if void.state != before:
                raise UserError(self.env._(
                    "The void of %(asset)s is %(state)s already.", asset=void.asset_id.display_name,
                    state=dict(void._fields["state"]._description_selection(self.env))[void.state].lower()))
            if state == "approved" and void.proposed_by_id == self.env.user:
                raise UserError(self.env._(
                    "You proposed the void of %s: another person approves it.", void.asset_id.display_name))
        self.sudo()._write_guarded({  # legal decides without the right to change covers
            "state": state, "decided_by_id": self.env.uid, "decided_on": fields.Date.context_today(self)})
        self.sudo().cover_ids._refresh()

    # --- what it says ------------------------------------------------------------------------------------------------

    def _is_whole(self):
        """Whether it is in force, and for all kinds of items."""
        self.ensure_one()
        chosen = [self.parts, self.labour, self.travel]
        return self.state == "approved" and (all(chosen) or not any(chosen))

    def _terms(self):
        """The engine's `Void`."""
        self.ensure_one()
        kinds = frozenset(kind for kind, _label in ITEM_KINDS if self[kind])
        return Void(self.day, self.reason_id.name, kinds)
