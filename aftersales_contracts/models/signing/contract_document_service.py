"""What the contract's document says of the service: scope, service levels, promises, assets and prices."""

from odoo import models

from ...report import agreement_values as drawn

EVERY_HOUR = 7 * 24 * 60


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _drawn_scope(self, words):
        _ = self.env._
        return tuple(
            drawn.ScopeRow(
                line.type_id.name or _("Every service"), line.tier_id.code or _("Every tier"),
                line.region_id.name or _("Everywhere"),
                (line.executor_id or self.company_id.partner_id).commercial_partner_id.name or "")
            for line in self.scope_ids.sorted(lambda line: (line.sequence, line.id)))

    # --- service levels ------------------------------------------------------------------------------------------

    def _drawn_levels(self, words):
        return tuple(
            drawn.LevelRow(
                name=target.display_name, tier=_unless_named(target.tier_id.code, target),
                priority=_unless_named(words.selection(target, "priority"), target),
                within=words.duration(target.duration_minutes), objective=words.percent(target.objective),
                pauses=target.pausable)
            for target in self.policy_id.target_ids)

    def _drawn_schedule(self, words):
        """When working time runs; None without service levels."""
        calendar = self.calendar_id or self.policy_id.calendar_id
        if not self.policy_id or not calendar:
            return None
        windows = _windows(calendar, words)
        total = sum(line.hour_to - line.hour_from for line in _attendances(calendar)) * 60
        return drawn.Schedule(
            name=calendar.name, zone=calendar.tz or "UTC", hours=tuple(windows),
            around_the_clock=total > EVERY_HOUR - 1)

    def _drawn_promises(self, words):
        return tuple(
            drawn.PromiseRow(
                name=promise.name, module=promise.plan_promise_id.module_id.name or "",
                amount=promise._terms_in_words())
            for promise in self.promise_ids)

    def _drawn_assets(self, words):
        """The assets covered now or later; the draft of an amendment covers those of its contract."""
        covers = (self.amends_id or self).cover_ids
        day = self._local_today()
        covers = covers.filtered(lambda cover: not cover.date_end or cover.date_end >= day)
        return tuple(
            drawn.AssetRow(
                serial=cover.asset_id.name, product=cover.asset_id.product_id.display_name or "",
                owner=cover.asset_id.partner_id.commercial_partner_id.name or "", place=cover.asset_id.place or "",
                start=words.day(cover.date_start or self.date_start), end=words.day(cover.date_end or self.date_end))
            for cover in covers.sorted(lambda cover: (cover.asset_id.name or "", cover.id)))

    # --- prices --------------------------------------------------------------------------------------------------

    def _drawn_prices(self, words):
        """The fields of `ContractValues` about prices."""
        lines = self.line_ids.filtered(lambda line: not line.cancelled).sorted(lambda line: (line.sequence, line.id))
        return {
            "prices": tuple(line._drawn_row(words) for line in lines), "totals": self._drawn_totals(lines, words),
            "currency": self.currency_id.name}

    def _drawn_totals(self, lines, words):
        currency = self.currency_id
        untaxed = sum(lines.mapped("annual_value"))
        taxes = 0.0
        for line in lines.filtered("tax_ids"):
            found = line.tax_ids.compute_all(
                line.annual_value, currency, 1.0, product=line.product_id, partner=self.partner_id)
            taxes += found["total_included"] - found["total_excluded"]
        if not lines:
            return drawn.PriceTotals()
        if not lines.tax_ids:
            return drawn.PriceTotals(words.amount(untaxed, currency))
        return drawn.PriceTotals(
            words.amount(untaxed, currency), words.amount(taxes, currency), words.amount(untaxed + taxes, currency))


class ContractLine(models.Model):
    _inherit = "aftersales.contract.line"

    def _drawn_row(self, words):
        self.ensure_one()
        currency = self.currency_id
        return drawn.PriceRow(
            name=self.name or "", quantity=words.number(self.quantity), price=words.amount(self.price, currency),
            every=(self.interval, self.unit), yearly=words.amount(self.annual_value, currency),
            taxes=", ".join(tax.with_env(words.env).name for tax in self.tax_ids),
            start=words.day(self.date_start), end=words.day(self.date_end), proration=self.proration_rule,
            post_paid=self.timing == "postpaid", fixed=self.never_revise or self.price_rule == "fixed",
            increase=words.percent(self.price_percent) if self.price_rule == "percent" else "",
            index=self._drawn_index(words) if self.price_rule == "index" else None)

    def _drawn_index(self, words):
        return drawn.IndexRule(
            series=self.index_series_id.display_name or "", method=self.index_method, base=self.index_base or "",
            cap=words.percent(self.cap_percent) if self.cap_on else "",
            floor=words.percent(self.floor_percent) if self.floor_on else "",
            cap_over_term=words.percent(self.term_cap_percent) if self.term_cap_on else "")


def _attendances(calendar):
    return calendar.attendance_ids.filtered(lambda line: line.day_period != "lunch" and not line.display_type)


def _windows(calendar, words):
    """["Monday – Friday: 08:00–12:00, 13:00–17:00", ...]: days after one another with the same hours in one line."""
    week = {}
    for line in _attendances(calendar).sorted(lambda line: (line.dayofweek, line.hour_from)):
        week.setdefault(int(line.dayofweek), []).append(f"{words.time(line.hour_from)}–{words.time(line.hour_to)}")
    groups = []
    for day, hours in sorted(week.items()):
        if groups and groups[-1][1] == day - 1 and groups[-1][2] == hours:
            groups[-1][1] = day
        else:
            groups.append([day, day, hours])
    return [
        f"{words.weekday(first)}{'' if first == last else f' – {words.weekday(last)}'}: {', '.join(hours)}"
        for first, last, hours in groups]


def _unless_named(text, target):
    """What the target's name says already is not said twice."""
    return "" if not text or text in target.display_name else text
