"""The last safe day in words: each step of the engine told in the reader's language, the day itself last."""

from odoo import models
from odoo.tools import format_date

from ...engine.notice import RECEIVED


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _safe_day_in_words(self, safe):
        """[[label, detail, date], ...] of a `LastSafeDay`, as the widget of steps shows them."""
        self.ensure_one()
        rows, before = [], None
        for step in safe.steps:
            rows.append([*self._step_in_words(step, safe, before), self._step_value(step)])
            before = step.value
        return rows

    def _step_value(self, step):
        return step.value.strftime("%H:%M") if step.label == "cut-off" else format_date(self.env, step.value)

    def _step_in_words(self, step, safe, before):
        """(label, detail) of one step; ``before``: the value of the step before it."""
        _ = self.env._
        if step.label == "end":
            return _("End"), _("the last day in force")
        if step.label == "renewal date":
            return _("Renewal Date"), _("the day after the end, from which the contract counts")
        if step.label == "notice period":
            return _("Notice Period"), _(
                "%(count)s %(unit)s before it", count=self.notice_period, unit=self._label_of("notice_unit").lower())
        if step.label == "moved earlier":
            day = format_date(self.env, before)
            if "holiday" in step.detail:
                return _("Moved Earlier"), _("%s is a holiday", day)
            weekday = format_date(self.env, before, date_format="EEEE")
            return _("Moved Earlier"), _("%(day)s is a closed day: %(weekday)s", day=day, weekday=weekday)
        if step.label == "cut-off":
            return _("Cut-off"), _("what arrives later counts on the next business day")
        if step.label == "receipt rule":
            return _("Receipt Rule"), self._receipt_in_words(safe)
        return _("Last Safe Day"), format_date(self.env, step.value, date_format="EEEE")

    def _receipt_in_words(self, safe):
        if safe.rule != RECEIVED:
            return self.env._("sending it in time is enough: no days for delivery")
        return self.env._(
            "it must arrive in time; %(method)s: %(days)s business days of delivery",
            method=self._label_of("notice_method").lower(), days=self.notice_delivery_days)

    def _label_of(self, name):
        """The label of a selection field's value, in the reader's language."""
        return dict(self._fields[name]._description_selection(self.env)).get(self[name], "")
