"""What a promise says: the terms that a service plan's promise and a contract's promise share, and their words.

Every promise names its proof: the *measurement source*. An SLA target is proven by the compliance of its clocks, a
quota by the entitlement ledger, preventive maintenance by its visits, a priority channel by the first response on
requests that came through it. What cannot be measured is no promise: a contract with one is not activated.
"""

from odoo import api, fields, models
from odoo.tools import format_amount

from ..contract.paper import plain_value
from ..service.service_status import METRICS
from ..sla.sla_target import IMPACTS
from .request_channel import CHANNELS

KINDS = [
    ("sla", "SLA Target"),
    ("quota", "Quota"),
    ("maintenance", "Preventive Maintenance"),
    ("channel", "Priority Channel"),
    ("exchange", "Advance Exchange"),
]
SOURCES = [
    ("sla_target", "Clocks of an SLA Target"),
    ("entitlement", "Entitlement Ledger"),
    ("maintenance", "Maintenance Visits"),
    ("channel", "Requests through the Channel"),
]
FITTING = {  # by which sources a kind of promise can be proven, the usual one first
    "sla": ("sla_target",),
    "quota": ("entitlement",),
    "maintenance": ("maintenance",),
    "channel": ("channel",),
    "exchange": ("sla_target", "entitlement"),
}
QUOTA_UNITS = [("visit", "Visits"), ("hour", "Hours"), ("call", "Calls"), ("value", "Parts Value")]
PERIOD_UNITS = [("day", "Days"), ("week", "Weeks"), ("month", "Months"), ("quarter", "Quarters"), ("year", "Years")]
SHIFTS = [("none", "Stays"), ("before", "Business day before"), ("after", "Business day after")]
TERMS = (
    "kind", "source", "metric", "impact", "type_id", "within_minutes", "objective", "quota_unit", "quantity",
    "interval", "unit", "roll_over", "roll_over_limit", "valid_periods", "maintenance_kind", "usage", "tolerance",
    "early_days", "shift", "channel", "phone", "team_id", "round_the_clock")


class PromiseTerms(models.AbstractModel):
    _name = "aftersales.promise.terms"
    _description = "Terms of a Promise"

    sequence = fields.Integer(default=10)
    kind = fields.Selection(KINDS, required=True, default="sla")
    source = fields.Selection(
        SOURCES, string="Measured by", compute="_compute_source", store=True, readonly=False, precompute=True,
        help="What proves this promise, period by period. Without it a contract cannot be activated.")
    # SLA target, priority channel, advance exchange
    metric = fields.Selection(METRICS, compute="_compute_metric", store=True, readonly=False, precompute=True)
    impact = fields.Selection(IMPACTS, help="Empty: any impact.")
    type_id = fields.Many2one("aftersales.request.type", string="Request Type", help="Empty: any type.")
    within_minutes = fields.Integer(string="Minutes", help="Minutes of working time on the request's schedule.")
    within = fields.Float(
        compute="_compute_within", inverse="_inverse_within", help="Hours and minutes of working time.")
    objective = fields.Float(
        string="Objective (%)", digits=(5, 2), default=95.0,
        help="The share of what fell due in a period that must be kept.")
    # quota; the period also of preventive maintenance
    quota_unit = fields.Selection(QUOTA_UNITS, string="Quota of")
    quantity = fields.Float(digits=(16, 2), help="Granted on the first day of each period.")
    interval = fields.Integer(string="Every", default=1)
    unit = fields.Selection(PERIOD_UNITS, string="Period", default="year")
    roll_over = fields.Boolean(string="Rolls Over", help="What is left at the end of its validity moves on, once.")
    roll_over_limit = fields.Float(
        string="At Most", digits=(16, 2), help="How much of it moves on at most; 0: all of it.")
    valid_periods = fields.Integer(
        string="Valid for", default=1, help="So many periods after it was granted it is void; 0: never.")
    # preventive maintenance
    maintenance_kind = fields.Selection(
        [("fixed", "On Fixed Days"), ("from_last", "From the Last Visit"), ("meter", "By Meter")],
        string="Visits", default="fixed")
    usage = fields.Float(digits=(16, 2), help="Use between two visits, in the unit of the asset's meter.")
    tolerance = fields.Integer(string="Tolerance (Days)", help="So many days late is still in time.")
    early_days = fields.Integer(
        string="Early (Days)", default=7, help="A visit counts from so many days before its day.")
    shift = fields.Selection(SHIFTS, string="On a Day Off", default="after")
    # priority channel
    channel = fields.Selection(CHANNELS, help="Empty: every way in, if a team is named.")
    phone = fields.Char(string="Hotline", help="Number, address or link of the channel.")
    team_id = fields.Many2one("aftersales.team", string="Dedicated Team")
    round_the_clock = fields.Boolean(string="24/7", help="Also at night, at weekends and on holidays.")

    terms_text = fields.Char(string="Terms", compute="_compute_terms_text")

    _objective_percent = models.Constraint(
        "CHECK(objective >= 0 AND objective <= 100)", "The objective of a promise lies between 0 and 100 %.")
    _not_negative = models.Constraint(
        """CHECK(COALESCE(quantity, 0) >= 0 AND COALESCE(usage, 0) >= 0 AND COALESCE(roll_over_limit, 0) >= 0
                 AND COALESCE(valid_periods, 0) >= 0 AND COALESCE(tolerance, 0) >= 0 AND COALESCE(early_days, 0) >= 0
                 AND COALESCE(within_minutes, 0) >= 0)""",
        "Quantities, times and limits of a promise are not negative.")
    _interval_positive = models.Constraint(
        "CHECK(interval IS NULL OR interval >= 1)", "The period of a promise is 1 or more.")

    @api.depends("kind")
    def _compute_source(self):
        for promise in self:
            fitting = FITTING[promise.kind or "sla"]
            if promise.source not in fitting:
                promise.source = fitting[0]

    @api.depends("kind")
    def _compute_metric(self):
        usual = {"sla": "resolution", "exchange": "resolution", "channel": "first_response"}
        for promise in self:
            keep = promise.metric and promise.kind in usual and promise.kind != "channel"
            promise.metric = promise.metric if keep else usual.get(promise.kind)

    @api.depends("within_minutes")
    def _compute_within(self):
        for promise in self:
            promise.within = promise.within_minutes / 60

    def _inverse_within(self):
        for promise in self:
            promise.within_minutes = round(promise.within * 60)

    def _currency(self):
        """The currency of a quota of parts value."""
        return self.env.company.currency_id

    def _terms(self):
        """{term: plain value}: what this promise says, apart from its name."""
        self.ensure_one()
        return {name: plain_value(self, name) for name in TERMS}

    # --- gaps ----------------------------------------------------------------------------------------------------

    def _terms_gap(self):
        """What these terms lack to be measured: a phrase naming the promise, or None."""
        self.ensure_one()
        _ = self.env._
        if self.source not in FITTING[self.kind]:
            return _("a measurement source for promise %s", self.name)
        lacks = {
            "sla_target": lambda: not self.metric and _("the metric"),
            "entitlement": lambda: self._quota_gap(),
            "maintenance": lambda: self._maintenance_gap(),
            "channel": lambda: not (self.channel or self.team_id) and _("the channel or the team"),
        }[self.source]()
        return _("%(what)s of promise %(promise)s", what=lacks, promise=self.name) if lacks else None

    def _quota_gap(self):
        if not self.quota_unit:
            return self.env._("what the quota counts")
        if self.quantity <= 0:
            return self.env._("a quantity above zero")
        return not self.unit and self.env._("the period")

    def _maintenance_gap(self):
        if not self.maintenance_kind:
            return self.env._("how the visits fall due")
        if self.maintenance_kind == "meter":
            return self.usage <= 0 and self.env._("the use between visits")
        return not self.unit and self.env._("the interval")

    # --- words ---------------------------------------------------------------------------------------------------

    @api.depends(*TERMS)
    @api.depends_context("lang")
    def _compute_terms_text(self):
        for promise in self:
            promise.terms_text = promise._terms_in_words()

    def _terms_in_words(self):
        """The terms in one line, such as "4 visits every year, left-overs roll over up to 2"."""
        self.ensure_one()
        words = {
            "sla_target": self._deadline_in_words, "entitlement": self._quota_in_words,
            "maintenance": self._maintenance_in_words, "channel": self._channel_in_words,
        }.get(self.source)
        return words() if words else self.env._("not measured yet")

    def _label(self, name):
        return dict(self._fields[name]._description_selection(self.env)).get(self[name], "")

    def _deadline_in_words(self):
        parts = [self._label("metric"), self.impact and self._label("impact"), self.type_id.name]
        text = " · ".join(part for part in parts if part)
        if self.within_minutes:
            time = minutes_in_words(self.env, self.within_minutes)
            text = self.env._("%(what)s within %(time)s", what=text, time=time)
        return self.env._("%(what)s, %(objective)s %%", what=text, objective=f"{self.objective:g}")

    def _period_in_words(self):
        one = {"day": self.env._("every day"), "week": self.env._("every week"), "month": self.env._("every month"),
               "quarter": self.env._("every quarter"), "year": self.env._("every year")}
        if self.interval == 1:
            return one.get(self.unit, "")
        return self.env._("every %(number)s %(units)s", number=self.interval, units=self._label("unit").lower())

    def _quantity_in_words(self, quantity):
        return quantity_in_words(self.env, quantity, self.quota_unit, self._currency())

    def _quota_in_words(self):
        text = f"{self._quantity_in_words(self.quantity)} {self._period_in_words()}"
        if self.roll_over and self.roll_over_limit:
            return self.env._("%(quota)s, left-overs roll over up to %(limit)s", quota=text,
                              limit=self._quantity_in_words(self.roll_over_limit))
        return self.env._("%s, left-overs roll over", text) if self.roll_over else text

    def _maintenance_in_words(self):
        if self.maintenance_kind == "meter":
            return self.env._("a visit every %s of use", f"{self.usage:g}")
        if self.maintenance_kind == "from_last":
            return self.env._("a visit %s from the last one", self._period_in_words())
        return self.env._("a visit %s", self._period_in_words())

    def _channel_in_words(self):
        parts = [self._label("channel") if self.channel else "", self.phone or "", self.team_id.name or "",
                 self.env._("24/7") if self.round_the_clock else ""]
        text = " · ".join(part for part in parts if part)
        if not self.within_minutes:
            return text
        time = minutes_in_words(self.env, self.within_minutes)
        return self.env._("%(channel)s, answered within %(time)s, %(objective)s %%", channel=text, time=time,
                          objective=f"{self.objective:g}")


def quantity_in_words(env, quantity, unit, currency):
    """"4 visits", "12.5 hours", "€ 500.00": a quantity of one of QUOTA_UNITS; ``currency``: that of parts value."""
    if unit == "value":
        return format_amount(env, quantity, currency)
    number = f"{quantity:.2f}".rstrip("0").rstrip(".")
    if number == "1":
        return {"visit": env._("1 visit"), "hour": env._("1 hour"), "call": env._("1 call")}.get(unit, number)
    many = {"visit": env._("%s visits", number), "hour": env._("%s hours", number), "call": env._("%s calls", number)}
    return many.get(unit, number)


def minutes_in_words(env, minutes):
    """"2 h", "1 h 30 min", "45 min": minutes of working time."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return env._("%s min", rest)
    return env._("%(hours)s h %(minutes)s min", hours=hours, minutes=rest) if rest else env._("%s h", hours)
