"""What of a contract stands still on which day: asked by clocks, matching, entitlements and the nightly work."""

from odoo import models


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _is_suspended(self, day):
        return super()._is_suspended(day) or any(one._covers(day) for one in self.sudo().suspension_ids)

    def _cover_suspended(self, day):
        """Whether the cover is paused on ``day``: a request opened then is not covered. Prefetched for a batch."""
        self.ensure_one()
        return any(one.pauses_cover and one._covers(day) for one in self.sudo().suspension_ids)

    def _clock_closures(self):
        """((start, end), ...) as UTC instants in which the clocks of this contract stand still; () for most."""
        if not self:
            return ()
        still = self.sudo().suspension_ids._alive().filtered("pauses_clock")
        if not still:
            return ()
        zone = self.sudo()._zone()
        return tuple(sorted(one._instants(zone) for one in still))

    def _end_is_moving(self):
        """Whether the last day is open because a suspension that moves it has no end yet."""
        self.ensure_one()
        return any(
            one.shifts_end and not one.date_end and one.state == "running" for one in self.sudo().suspension_ids)
