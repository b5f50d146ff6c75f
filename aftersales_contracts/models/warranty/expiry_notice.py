"""Expiry notice: an owner is told that the warranty of an asset ends or has ended, and what we offer for afterwards."""

from odoo import api, fields, models
from odoo.exceptions import UserError

OFFERS = [
    ("none", "Nothing to Offer"),
    ("open", "To Be Offered"),
    ("quoted", "Offered"),
    ("made", "Sold"),
    ("declined", "Declined"),
]


class ExpiryNotice(models.Model):
    """Made by the nightly work only, one a cover, step and end. ``days`` before ``last_day``, 0: after it."""

    _name = "aftersales.expiry.notice"
    _description = "Notice of a Warranty That Ends"
    _inherit = ["aftersales.guarded"]
    _order = "last_day, partner_id, id"
    _guarded = {"offer_state": "none", "offer_note": False, "sent_at": False, "dealer_sent_at": False}

    name = fields.Char(string="Serial Number", required=True, readonly=True)
    cover_id = fields.Many2one(
        "aftersales.warranty.cover", string="Warranty Cover", required=True, readonly=True, index=True,
        ondelete="restrict")
    asset_id = fields.Many2one("aftersales.asset", required=True, readonly=True, index=True, ondelete="restrict")
    product_id = fields.Many2one(related="asset_id.product_id", string="Machine")
    partner_id = fields.Many2one(
        "res.partner", string="Owner", required=True, readonly=True, index=True, ondelete="restrict")
    dealer_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null", ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True, index="btree_not_null")
    days = fields.Integer(string="Days before", required=True, readonly=True, aggregator=None)
    kind = fields.Char(string="Step", compute="_compute_kind")
    last_day = fields.Date(string="Ends with", required=True, readonly=True, index=True)
    due_on = fields.Date(required=True, readonly=True)
    sent_at = fields.Datetime(string="Owner Told", readonly=True)
    dealer_sent_at = fields.Datetime(string="Dealer Told", readonly=True)
    offer_product_id = fields.Many2one(
        "product.product", string="Extension to Offer", readonly=True, ondelete="restrict", index="btree_not_null")
    offer_state = fields.Selection(OFFERS, string="Offer", required=True, readonly=True, default="none", index=True)
    offer_note = fields.Char(string="Why Not", readonly=True)

    _once = models.UniqueIndex("(cover_id, days, last_day)", "This step of this warranty's end is told once.")

    @api.depends("days")
    @api.depends_context("lang")
    def _compute_kind(self):
        for notice in self:
            notice.kind = self.env._("%s days before", notice.days) if notice.days else self.env._("has ended")

    @api.depends("asset_id", "kind")
    def _compute_display_name(self):
        for notice in self:
            notice.display_name = f"{notice.asset_id.display_name}: {notice.kind}"

    def write(self, vals):
        """What was told to whom is on record; only the offer has a course, by its buttons."""
        if self and not self.env.su:
            self._refuse_guarded(vals)
            raise UserError(self.env._("%s is on record and does not change.", self[0].display_name))
        return super().write(vals)

    def _refuse_deletion(self):
        if self:
            raise UserError(self.env._("%s is on record and is not deleted.", self[0].display_name))

    # --- the offer ---------------------------------------------------------------------------------------------------

    def action_sell(self):
        """Open the sale of the offered extension for these assets."""
        open_ones = self._check_offered()
        if len(open_ones.offer_product_id) > 1 or len(open_ones.company_id) > 1:
            raise UserError(self.env._("Choose notices of one company and one extension to offer."))
        action = open_ones.asset_id.action_sell_extended()
        return {**action, "context": {**action["context"], "default_product_id": open_ones.offer_product_id.id}}

    def action_decline(self):
        """The owner does not want it: nothing more is to be offered for these ends."""
        self._check_offered()._write_guarded({"offer_state": "declined"})
        self._offers_closed()

    def _check_offered(self):
        self.check_access("write")
        for notice in self:
            if notice.offer_state not in ("open", "quoted"):
                raise UserError(self.env._("%s: nothing is offered at present.", notice.display_name))
        return self

    @api.model
    def _offer_made(self, covers):
        """An extension of these followed ``covers`` was sold: whatever was offered for them is settled."""
        notices = self.sudo().search([  # a sale settles the offer, whoever sells
            ("cover_id", "in", covers.ids), ("offer_state", "in", ("open", "quoted"))])
        notices._write_guarded({"offer_state": "made"})
        notices._offers_closed()

    def _offers_closed(self):
        """Close the to-dos of owners to whom nothing is to be offered any more."""
        partners = self.sudo().partner_id  # the to-do stands on the owner, which is nobody's to change here
        still = self.sudo().search([("partner_id", "in", partners.ids), ("offer_state", "=", "open")]).partner_id
        (partners - still).activity_feedback(["aftersales_contracts.activity_expiry"])

    # --- what a mail says --------------------------------------------------------------------------------------------

    def _together(self, dealer=False):
        """The notices that are told in the same mail as this one: of one owner (or dealer), company and night; one of
        several covers of an asset that end on the same day."""
        self.ensure_one()
        who, when = ("dealer_id", "dealer_sent_at") if dealer else ("partner_id", "sent_at")
        found = self.search([(name, "=", self[name].id if name != when else self[when])
                             for name in (who, when, "company_id")])
        each = found.grouped(lambda one: (one.asset_id, one.last_day))
        return self.browse().concat(*(same[:1] for same in each.values()))
