"""Usage that nobody has read yet: said before the period is billed, not after it."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..obligations.today import TodayTile

AHEAD = 7  # days before a period is billed in which its missing reading is told


class ContractLine(models.Model):
    _inherit = "aftersales.contract.line"

    usage_missing = fields.Boolean(
        compute="_compute_usage_missing", search="_search_usage_missing",
        help="A period that is billed by now, or within a week, has no reading: its minimum would be billed.")
    usage_missing_text = fields.Char(string="Without a Reading", compute="_compute_usage_missing")

    @api.depends("usage_ids", "next_bill_on")
    @api.depends_context("lang")
    def _compute_usage_missing(self):
        missing = self._unread()
        for line in self:
            periods = missing.get(line, ())
            line.usage_missing = bool(periods)
            line.usage_missing_text = line._unread_words(periods)

    def _unread_words(self, periods):
        """The first two of ``periods``, and how many more there are; False for none."""
        words = [self._period_words(period) for period in periods[:2]]
        if len(periods) > 2:
            words.append(self.env._("and %s more", len(periods) - 2))
        return "; ".join(words) or False

    @api.model
    def _search_usage_missing(self, operator, value):
        if operator != "in":
            return NotImplemented
        soon = fields.Date.context_today(self) + timedelta(days=AHEAD)
        lines = self.search(Domain("charge", "=", "usage") & Domain("next_bill_on", "<=", soon))
        found = Domain("id", "in", [line.id for line in lines._unread()])
        return found if set(value) == {True} else ~found if set(value) == {False} else Domain(len(value) > 1)

    def _unread(self):
        """{usage line: its `Period`s without a reading that are billed by now or soon}; one query for all readings."""
        spans = {}
        for line in self.filtered(lambda line: line.charge == "usage" and line.next_bill_on):
            soon = line.contract_id._local_today() + timedelta(days=AHEAD)
            for due in line._dues(soon, line.contract_id._paused_days()):
                spans[line.id, due.period.start, due.period.end] = (line, due.period)
        sums, found = self.env["aftersales.usage"]._sums(spans), {}
        for key, (line, period) in spans.items():
            if not sums[key][1]:
                found.setdefault(line, []).append(period)
        return found

    def action_record_reading(self):
        """The readings of this line, with a new one at hand."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_usage")
        return {**action, "domain": [("line_id", "=", self.id)], "context": {"default_line_id": self.id}}


class Today(models.AbstractModel):
    _inherit = "aftersales.today"

    @api.model
    def _finance_tiles(self, people):
        return [
            *super()._finance_tiles(people),
            TodayTile("usage_missing", self.env._("Usage missing"), "warning", "aftersales.contract.line",
                      Domain("usage_missing", "=", True), "action_usage_missing",
                      self.env._("Without a reading the minimum is billed"), "fa-tachometer")]
