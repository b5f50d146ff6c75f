"""What happened to a machine on its way: delivered, come back, sold again. Told by stock, or by the asset keepers."""

from odoo import fields, models
from odoo.exceptions import UserError


class Asset(models.Model):
    _inherit = "aftersales.asset"

    def _registered(self, source):
        """These assets were registered by ``source``, a word of `SOURCES`: their covers begin. Rooms extend it."""
        kind = source if source in ("delivery", "sale") else "registration"
        self.sudo()._start_covers(kind)  # results follow the facts, whoever registers

    def _delivered(self, day):
        """Delivered on ``day``; the day of a first delivery that is known stays. Covers begin."""
        day = self._past_day(day)
        self.filtered(lambda asset: not asset.delivered_on).write({"delivered_on": day})
        self.filtered("returned_on").write({"returned_on": False})
        self.sudo()._start_covers("delivery")  # results follow the facts

    def _returned(self, day):
        """Come back to us on ``day``. Whose it is does not change: it may be in the workshop, or be sold again."""
        day = self._past_day(day)
        for asset in self:
            if asset.delivered_on and day < asset.delivered_on:
                raise UserError(self.env._(
                    "Asset %(asset)s was delivered on %(delivered)s: it did not come back on %(day)s, before that.",
                    asset=asset.display_name, delivered=asset.delivered_on, day=day))
        self.write({"returned_on": day})

    def _resold(self, partner, day, place=None):
        """Sold to ``partner`` after a return, and delivered on ``day``. Policies say which days count: see rule W7."""
        day = self._past_day(day)
        for asset in self:
            asset._hand_over(partner, day, place=place or asset.place, resold=True,
                             note=self.env._("Sold again after its return"))
        self.sudo()._start_covers("delivery")  # results follow the facts

    def _past_day(self, day):
        day = fields.Date.to_date(day)
        if day > self._asset_today():
            raise UserError(self.env._(
                "Asset %(asset)s: %(day)s lies in the future.", asset=self[:1].display_name, day=day))
        return day
