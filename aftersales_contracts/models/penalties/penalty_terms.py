"""From the records of a penalty clause to the engine's `Clause`: the one translator."""

import math
from datetime import timedelta
from decimal import Decimal

from odoo import models
from odoo.exceptions import ValidationError
from odoo.tools import float_repr

from ...engine import penalty_terms as engine
from ...engine.tiers import falls

UNIT_SECONDS = {"minute": 60, "hour": 3600, "day": 86400, "week": 7 * 86400}
POINT_SEPARATOR = ";"


class PenaltyClause(models.Model):
    _inherit = "aftersales.penalty.clause"

    def _terms(self, contract=None):
        """The engine's `Clause`; ``contract``: whose targets, schedule and first day count.

        Without a contract a target that is the objective of SLA targets is that of the component's explicit ones, or
        100; a working day has 24 hours; and there are no free first days.
        """
        self.ensure_one()
        contract = contract or self.env["aftersales.contract"]
        begin = contract.date_start if self.grace_days else None
        return engine.Clause(
            reference=self._reference() or self.name or "",
            components=tuple(component._terms(contract) for component in self.component_ids.sorted(_place)),
            combine=self.combine, at_risk=_cap(self, "at_risk"), excused=self.excused_rule,
            period_cap=_cap(self, "period_cap"), carry=self.excess_rule, minimum=decimal(self, "minimum"),
            minimum_rule=self.minimum_rule, earn_back=self._earn_back_terms(), yearly_cap=_cap(self, "yearly_cap"),
            contract_cap=_cap(self, "contract_cap"), bonus_cap=_cap(self, "bonus_cap"),
            bonus_excludes=self.bonus_excludes,
            grace_until=begin + timedelta(days=self.grace_days) if begin else None,
            currency_rounding=Decimal(float_repr(self.currency_id.rounding, 6)).normalize(),
            payable=decimal(self, "payable_unit") or None, rounding=self.rounding_rule)

    def _earn_back_terms(self):
        if not self.earn_back:
            return None
        return engine.EarnBack(
            component=self.earn_back_component_id.key or "", figure=decimal(self, "earn_back_figure"),
            window=self.earn_back_window or None, strict=self.earn_back_strict,
            percent=decimal(self, "earn_back_percent"))


class Component(models.Model):
    _inherit = "aftersales.penalty.component"

    def _terms(self, contract):
        """The engine's `Component`, named in the language of the contract."""
        self.ensure_one()
        named = self.with_context(lang=contract.lang) if contract.lang else self
        on_figure = self.kind in engine.ON_FIGURE
        grace = decimal(self, "grace")
        return engine.Component(
            key=self.key, name=named.name or "", kind=self.kind, base=self.base, rate=decimal(self, "rate"),
            tiers=self._tiers(), unit_seconds=self._unit_seconds(self.unit, contract) * self.unit_length,
            unit_rule=self.unit_rule, count_rule=self.count_rule, target=self._target_figure(contract),
            high_is_good=self.high_is_good, digits=None if self.digits == "exact" else int(self.digits),
            grace=grace if on_figure else Decimal(round(grace * self._unit_seconds(self.grace_unit, contract))),
            grace_rule=self.grace_rule, deductible=decimal(self, "deductible"), event_cap=_cap(self, "event_cap"),
            cap=_cap(self, "cap"), free=self.free,
            severities=self._points(),
            weight=decimal(self, "weight") or None, multipliers=self._multipliers(), bonus=self.is_bonus)

    def _tiers(self):
        return tuple(engine.Tier(decimal(band, "bound"), decimal(band, "rate")) for band in self._bands_in_order())

    def _bands_in_order(self):
        """As the engine reads them: bands of a penalty from good to bad, of a bonus from bad to good; numbers rise."""
        falling = self.kind == engine.BANDS and falls(self.high_is_good, self.is_bonus)
        return self.band_ids.sorted("bound", reverse=falling)

    def _points(self):
        """((severity, points), ...): a severity that is not listed brings none."""
        listed = {line.severity: line.points for line in self.severity_ids}
        known = [code for code, _label in self.severity_ids._severities()] if listed else []
        return tuple((code, listed.get(code, 0)) for code in ("", *known)) if listed else ()

    def _unit_seconds(self, unit, contract):
        """Seconds of working time of a unit; a working day and week are those of the contract's schedule.

        The delay of a breach of the register is counted in days of the calendar, so 24 hours make its day.
        """
        calendar = contract.calendar_id or contract.policy_id.calendar_id
        if self.source == "breach" or unit not in ("day", "week") or not calendar:
            return UNIT_SECONDS.get(unit, 1)
        lines = calendar.attendance_ids.filtered(lambda line: line.day_period != "lunch" and not line.display_type)
        hours = sum(line.hour_to - line.hour_from for line in lines)
        weeks = 2 if calendar.two_weeks_calendar else 1
        if unit == "week":
            return round(hours * 3600 / weeks) or UNIT_SECONDS["week"]
        days = len(set(lines.mapped(lambda line: (line.week_type, line.dayofweek))))
        return round(hours * 3600 / days) if days else UNIT_SECONDS["day"]

    def _targets(self, contract, archived=False):
        """The SLA targets of the contract's policy that this component is about; ``archived``: old ones as well."""
        self.ensure_one()
        if self.source not in ("compliance", "clock"):
            return self.env["aftersales.sla.target"]
        targets = contract.policy_id.with_context(active_test=not archived).target_ids
        if self.target_ids:
            return targets & self.with_context(active_test=False).target_ids
        return targets.filtered(lambda target: target.metric == self.metric and (
            not self.support_tier_ids or not target.tier_id or target.tier_id in self.support_tier_ids)
            and (not self.priority or not target.priority or target.priority == self.priority))

    def _objectives(self, contract):
        """The objectives (Decimal, percent) of its targets, each once; without a contract of its explicit ones."""
        targets = self._targets(contract) if contract else self.target_ids
        return sorted({decimal(target, "objective") for target in targets})

    def _target_figure(self, contract):
        """The figure that is promised. Bands say it themselves; of several objectives the lowest counts, which
        activation does not let happen."""
        if self.kind not in (engine.PER_POINT, engine.PROPORTIONAL):
            return None
        if self.target_from == "objective":
            return next(iter(self._objectives(contract)), None if contract else Decimal(100))
        return decimal(self, "target")

    def _multipliers(self):
        """The factors of repetition as Decimals; raises ValidationError for what are none."""
        found = []
        for text in filter(None, (part.strip() for part in (self.multipliers or "").split(POINT_SEPARATOR))):
            try:
                factor = Decimal(text.replace(",", "."))
            except ArithmeticError:
                factor = Decimal("NaN")
            if not math.isfinite(factor) or factor < 0:
                raise ValidationError(self.env._(
                    "Component %(name)s: “%(text)s” is no factor. Write numbers with semicolons between them, such as "
                    "1; 1.5; 2.", name=self.name, text=text))
            found.append(factor)
        return tuple(found)


def decimal(record, name):
    """A stored figure as a Decimal, with the digits that its field keeps."""
    digits = record._fields[name].get_digits(record.env)[1]
    return Decimal(float_repr(record[name], digits)).normalize() + 0


def _cap(record, name):
    """`Cap` of the fields ``<name>_value`` and ``<name>_base``; None where there is none."""
    base = record[f"{name}_base"]
    return engine.Cap(decimal(record, f"{name}_value"), base) if base else None


def _place(component):
    return component.sequence, component._origin.id or 0
