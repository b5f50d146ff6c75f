"""Nightly: who is to be told that a warranty ends or has ended, in sets; after missed nights the nearest step only."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..common.nightly import NightlyStep

_lt = LazyTranslate(__name__)
FIND = NightlyStep(118, "expiry", _lt("Find warranties that end"), "aftersales.warranty.cover",
                   "_nightly_expiry_domain", "_nightly_expiry")
TELL = NightlyStep(118, "expiry_tell", _lt("Tell owners of warranties that end"), "res.partner",
                   "_nightly_expiry_tell_domain", "_nightly_expiry_tell")
CATCH_UP = 30  # days after an end within which it is still told
MOVED = 45  # an end that moved by fewer days, such as by a repair, was told already


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [*super()._steps(), FIND, TELL]


class WarrantyCover(models.Model):
    _inherit = "aftersales.warranty.cover"

    expiry_notice_ids = fields.One2many("aftersales.expiry.notice", "cover_id", string="Notices of the End")

    @api.model
    def _nightly_expiry_domain(self, today):
        """Warranties and extensions whose end is to be told: of machines still in use by whoever it was given to,
        not followed by another cover, and not of contracts, whose renewal tells."""
        steps = [self._expiry_windows(company, today or fields.Date.today())
                 for company in self.env["res.company"].sudo().search([])]
        told = [step for windows in steps for step in windows]
        return (
            Domain.OR(told) & Domain("kind", "in", ("warranty", "extended")) & Domain("recovers", "=", False)
            & Domain("contract_id", "=", False) & Domain("state", "in", ("running", "expired"))
            & Domain("end_reason", "=", False)
            & Domain("holder_id.active", "=", True)
            & Domain("follower_ids", "not any", [("state", "not in", ("void", "ended"))])
            & Domain("holder_id.returned_on", "=", False) & Domain("holder_id.scrapped_on", "=", False))

    @api.model
    def _expiry_windows(self, company, today):
        """[Domain]: for each step of the company's ladder the covers that are in it and were not told."""
        ladder, found = company._expiry_ladder(), []
        for days, nearer in zip(ladder, (*ladder[1:], 0), strict=False):
            first = today + timedelta(days=(nearer + 1 if nearer else 0) if days else -CATCH_UP)
            last = today + timedelta(days=days or -1)
            told = Domain("days", "=", days) & Domain("last_day", ">=", first - timedelta(days=MOVED))
            found.append(
                Domain("company_id", "=", company.id) & Domain("last_day", ">=", first) & Domain("last_day", "<=", last)
                & Domain("expiry_notice_ids", "not any", told))
        return found

    def _nightly_expiry(self, today):
        """Note down what is to be told, and to whom. Returns [(cover, sentence)]."""
        today = today or fields.Date.today()
        covers = self.filtered(lambda cover: not cover._rests_with_new_owner(today))
        vals_list = [cover._expiry_values(today) for cover in covers]
        notices = self.env["aftersales.expiry.notice"].create(vals_list)
        notices.filtered("offer_product_id")._write_guarded({"offer_state": "open"})
        notices._replace_offers()
        return [(notice.cover_id, notice.kind) for notice in notices]

    def _rests_with_new_owner(self, today):
        """Whether it rests since its asset was given to somebody to whom it does not go over."""
        transfer = self.policy_id.transfer
        if transfer == "free":
            return False
        owners = self.holder_id.owner_ids.filtered(lambda one: one.day <= today).sorted(lambda one: (one.day, one.id))
        now, first = owners[-1:], owners.filtered(lambda one: one.day <= (self.first_day or today))[-1:] or owners[:1]
        if now.partner_id.commercial_partner_id == first.partner_id.commercial_partner_id:
            return False
        return transfer == "never" or not now.consent

    def _expiry_values(self, today):
        self.ensure_one()
        asset, company = self.holder_id, self.company_id
        days = self._expiry_step(today)
        return {
            "name": asset.name, "cover_id": self.id, "asset_id": asset.id, "partner_id": asset.partner_id.id,
            "dealer_id": asset.dealer_id.id, "company_id": company.id, "days": days, "last_day": self.last_day,
            "due_on": self.last_day - timedelta(days=days) if days else self.last_day + timedelta(days=1),
            "offer_product_id": self._expiry_offer(today).id,
            "user_id": (asset.contract_id.user_id or asset.partner_id.user_id or asset.partner_id.commercial_partner_id
                        .user_id or company.aftersales_expiry_user_id).id}

    def _expiry_step(self, today):
        """The nearest step of the company's ladder that has come."""
        left = (self.last_day - today).days
        return min((days for days in self.company_id._expiry_ladder() if days and days >= left), default=0) if (
            left >= 0) else 0

    def _expiry_offer(self, today):
        """The extension (product.product) that can still be sold for the asset, or none."""
        product = self.holder_id.product_id.aftersales_offer_id or self.company_id.aftersales_expiry_offer_id
        policy = product.aftersales_extended_policy_id
        if policy.state != "released" or policy.company_id not in (self.company_id, self.env["res.company"]):
            return product.browse()
        late = today > self.last_day + timedelta(days=policy.late_days)
        return product.browse() if late or (self.kind == "extended" and not policy.stacks) else product


class ExpiryNotice(models.Model):
    _inherit = "aftersales.expiry.notice"

    def _replace_offers(self):
        """A later notice takes over what an earlier one of its cover still offers; what was declined stays so."""
        earlier = self.search([("cover_id", "in", self.cover_id.ids), ("id", "not in", self.ids),
                               ("offer_state", "in", ("open", "quoted", "declined"))])
        by_cover = earlier.grouped("cover_id")
        for notice in self.filtered(lambda one: one.cover_id in by_cover):
            before = by_cover[notice.cover_id].sorted("id")[-1:]
            if before.last_day >= notice.last_day - timedelta(days=MOVED):
                notice._write_guarded({"offer_state": before.offer_state})
        earlier.filtered(lambda one: one.offer_state == "open")._write_guarded({"offer_state": "none"})
