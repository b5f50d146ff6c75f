"""What a suspension would do, before it is recorded: last day, clocks, billing, cover, notice and visits, in words."""

from datetime import timedelta

from odoo import models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

from ...engine import suspension as engine
from ..contract.contract_glance import OPEN_CLOCK


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _suspension_preview(self, start, end, clock, billing, cover, shift_end):
        """[[what, detail, figure], ...] of a suspension from ``start`` to ``end`` (last day; empty: until resumed)."""
        self.ensure_one()
        if not start or (end and end < start):
            return []
        planned = self.env["aftersales.suspension"].new({
            "contract_id": self.id, "date_start": start, "date_end": end, "pauses_clock": clock,
            "pauses_billing": billing, "pauses_cover": cover, "shifts_end": shift_end, "state": "planned"})
        rows = [self._preview_days(start, end), self._preview_end(planned)]
        rows += [self._preview_clocks()] if clock else []
        rows += [self._preview_billing(planned)] if billing and self.line_ids else []
        rows += [self._preview_cover()] if cover else []
        rows += [self._preview_notice(planned)] if self.last_safe_day else []
        rows += self._preview_visits(start, end)
        return rows

    def _preview_days(self, start, end):
        begins = self.env._("begins at once") if start <= self._local_today() else self.env._("begins by itself")
        days = self.env._("%s days", (end - start).days + 1) if end else self.env._("until it is resumed")
        return [self.env._("Suspended"), begins, days]

    def _moved_end(self, planned):
        """(agreed last day, last day after ``planned``; None while that has no end)."""
        agreed, start = self._agreed_end(), self._current_term_start()
        if not agreed or not planned.shifts_end or planned.date_start > agreed:
            return agreed, agreed
        if not planned.date_end:
            return agreed, None
        shifting = self.suspension_ids.filtered(lambda one: one.shifts_end and one.date_start >= start)
        unmoved = agreed - timedelta(days=sum(shifting.mapped("shifted_days")))
        return agreed, unmoved + timedelta(days=sum(self._shifts(unmoved, shifting | planned).values()))

    def _preview_end(self, planned):
        agreed, moved = self._moved_end(planned)
        label = self.env._("Last Day")
        if not agreed:
            return [label, self.env._("the contract is open-ended"), ""]
        was = format_date(self.env, agreed)
        if moved is None:
            return [
                label, self.env._("moves from %s by the days suspended", was), self.env._("open until it is resumed")]
        if moved == agreed:
            return [label, self.env._("stays as it is"), was]
        return [label, self.env._("moves from %s to", was), format_date(self.env, moved)]

    def _preview_clocks(self):
        count = self.env["aftersales.sla.clock"].search_count([("contract_id", "=", self.id), *OPEN_CLOCK])
        return [self.env._("Clocks"), self.env._("stand still meanwhile, those of new requests too"),
                self.env._("%s open now", count)]

    def _preview_billing(self, planned):
        if not planned.date_end:
            return [self.env._("Billing"), self.env._("paused until it is resumed"), ""]
        paused = engine.merged(planned._as_engine(), planned.date_end)
        value = sum(charge.paused_value(paused)
                    for _line, charge in self._line_charges(self._agreed_end(), planned.date_start))
        return [self.env._("Billing"), self.env._("what these days cost is not owed"),
                format_amount(self.env, float(value), self.currency_id)]

    def _preview_cover(self):
        return [self.env._("Cover"), self.env._("requests opened meanwhile are not covered"),
                self.env._("%s assets", len(self.asset_ids))]

    def _preview_notice(self, planned):
        """Whether the suspension crosses the last safe day, and which day it becomes."""
        label, day = self.env._("Last Safe Day"), self.last_safe_day
        crossed = planned._covers(day)
        _agreed, moved = self._moved_end(planned)
        after = self._safe_day("sent", moved or self.date_end)
        detail = self.env._("falls into the suspension: rely on %s until the last day has moved",
                            format_date(self.env, day)) if crossed else self.env._("lies outside the suspension")
        return [label, detail, format_date(self.env, after.day)]

    def _preview_visits(self, start, end):
        """Maintenance visits that fall due in these days."""
        days = Domain("due_on", ">=", start) & (Domain("due_on", "<=", end) if end else Domain.TRUE)
        count = self.env["aftersales.maintenance.visit"].search_count(
            Domain("contract_id", "=", self.id) & Domain("state", "in", ("planned", "due")) & days)
        if not count:
            return []
        return [[self.env._("Maintenance"), self.env._("visits that fall due meanwhile are put off"), str(count)]]
