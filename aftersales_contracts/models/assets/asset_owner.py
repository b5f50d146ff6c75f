"""Who owned a machine since when, and where it stood: added at registration, at each transfer and at a resale."""

from odoo import api, fields, models
from odoo.exceptions import UserError

RESALE_DAYS = ("installed_on", "activated_on", "invoiced_on", "first_used_on")


class AssetOwner(models.Model):
    """``resold``: bought after a return. The days of that sale are then kept here, for policies that begin anew."""

    _name = "aftersales.asset.owner"
    _inherit = ["aftersales.appended"]
    _description = "Owner of an Asset"
    _order = "asset_id, day desc, id desc"

    asset_id = fields.Many2one("aftersales.asset", required=True, index=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="asset_id.company_id", store=True, index=True)
    partner_id = fields.Many2one("res.partner", string="Owner", required=True, readonly=True, ondelete="restrict")
    day = fields.Date(string="Owner from", required=True, readonly=True)
    place = fields.Char(readonly=True)
    consent = fields.Boolean(readonly=True, help="The transfer was agreed and recorded, as some warranties demand.")
    fee = fields.Monetary(readonly=True)
    currency_id = fields.Many2one(related="asset_id.company_id.currency_id", string="Currency")
    transfer_id = fields.Many2one("aftersales.asset.transfer", readonly=True, ondelete="set null")
    resold = fields.Boolean(readonly=True, help="Bought after the machine had been returned.")
    installed_on = fields.Date(string="Installed", readonly=True)
    activated_on = fields.Date(string="Activated", readonly=True)
    invoiced_on = fields.Date(string="Invoiced", readonly=True)
    first_used_on = fields.Date(string="First Used", readonly=True)
    note = fields.Char(readonly=True)

    @api.depends("asset_id", "partner_id", "day")
    def _compute_display_name(self):
        for owner in self:
            owner.display_name = self.env._(
                "%(asset)s: %(owner)s from %(day)s", asset=owner.asset_id.name, owner=owner.partner_id.name,
                day=owner.day)

    def _set_resale_day(self, name, day):
        """A day of the last sale that becomes known later; asked of `aftersales.asset._set_day` only."""
        models.BaseModel.write(self, {name: day})


class Asset(models.Model):
    _inherit = "aftersales.asset"

    owner_ids = fields.One2many("aftersales.asset.owner", "asset_id", string="Owners", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        assets = super().create(vals_list)
        assets._note_owners([{"note": self.env._("Registered")} for _asset in assets])
        by_hand = assets.sudo().filtered(lambda asset: asset.source == "manual")  # else by `register`
        by_hand._registered("manual")
        return assets

    def _note_owners(self, rows):
        """Add one row an asset, ``rows`` in their order: {field: value}; what they do not say is said by the asset."""
        Owner = self.env["aftersales.asset.owner"].sudo()  # facts of what happened, nobody's right to enter
        Owner.create([{
            "asset_id": asset.id, "partner_id": asset.partner_id.id, "place": asset.place,
            "day": asset.delivered_on or asset._asset_today(), **row} for asset, row in zip(self, rows, strict=True)])

    def write(self, vals):
        """An owner who is retyped, as far as that is allowed, is the owner from today on."""
        before = {asset: asset.partner_id for asset in self} if "partner_id" in vals else {}
        result = super().write(vals)
        changed = self.filtered(lambda asset: asset in before and asset.partner_id != before[asset])
        for asset in changed:
            asset._correct_owner()
        changed._facts_changed()
        return result

    def _correct_owner(self):
        """Before its delivery the owner is a plan: the row says who it is now. After it, another row is added."""
        self.ensure_one()
        rows = self.sudo().owner_ids
        if len(rows) == 1 and not self.delivered_on and rows.partner_id:
            models.BaseModel.write(rows, {"partner_id": self.partner_id.id})
        else:
            self._note_owners([{"day": self._asset_today(), "note": self.env._("Entered by hand")}])

    def _hand_over(self, partner, day, **row):
        """The owner is ``partner`` from ``day`` on, its components included; covers of contracts of the owner before
        end the day before. ``row``: more of the owner's row (place, consent, fee, transfer_id, resold, note)."""
        assets = self | self.component_ids.filtered(
            lambda one: one.partner_id.commercial_partner_id == one.parent_id.partner_id.commercial_partner_id)
        for asset in assets:
            asset._check_hand_over(day)
        assets._transfer(partner, day)
        assets.write({"returned_on": False, **({"place": row["place"]} if row.get("place") else {})})
        assets._note_owners([{"partner_id": partner.id, "day": day, **row} for _asset in assets])
        assets._facts_changed()

    def _check_hand_over(self, day):
        rows = self.sudo().owner_ids.sorted("id")
        last = rows[1:][-1:]  # the day of the first row is the one on which it was registered, or delivered
        if last and day < last.day:
            raise UserError(self.env._(
                "Asset %(asset)s has belonged to %(owner)s since %(since)s: a transfer on %(day)s comes too late.",
                asset=self.display_name, owner=last.partner_id.display_name, since=last.day, day=day))
        if self.delivered_on and day < self.delivered_on:
            raise UserError(self.env._(
                "Asset %(asset)s was delivered on %(delivered)s: it cannot change hands on %(day)s, before that.",
                asset=self.display_name, delivered=self.delivered_on, day=day))
