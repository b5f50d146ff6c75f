"""Terms of notice on the contract, and what follows from them: the last safe day to send it, with every step.

The day is counted by ``engine.notice`` for every contract with a last day and a notice period, whatever its kind of
renewal; it presses only where the contract would go on by itself. Two business calendars play a part: of the other
side, who receives our notice, and ours, who sends it. For a notice from the other side they change places.
"""

from datetime import time

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...engine import notice as engine
from ...engine.errors import EngineError

UNITS = [
    ("day", "Days"), ("business_day", "Business Days"), ("week", "Weeks"), ("month", "Months"), ("quarter", "Quarters"),
    ("year", "Years"),
]
METHODS = [
    ("registered", "Registered Letter"), ("post", "Letter"), ("courier", "Courier"), ("hand", "By Hand"),
    ("email", "E-mail"), ("portal", "Portal"),
]
RECEIPT = [("received", "Received in Time"), ("sent", "Sent in Time")]
PRESSING = ("automatic", "evergreen", "extension")  # kinds of renewal that go on unless notice is given
CLOSING_DAYS = 30
TERMS = (  # what the last safe day is counted from
    "date_end", "notice_period", "notice_unit", "notice_from", "notice_method", "notice_delivery_days",
    "notice_receipt", "notice_cut_off", "notice_calendar_id", "notice_sender_calendar_id", "company_id",
)


class Contract(models.Model):
    _inherit = "aftersales.contract"

    notice_period = fields.Integer(help="How long before the end notice must be given; 0: no notice was agreed.")
    notice_unit = fields.Selection(UNITS, required=True, default="day")
    notice_from = fields.Selection(
        [("end", "The Last Day"), ("renewal", "The Renewal Date")], string="Counted from", required=True, default="end",
        help="The renewal date is the day after the last day: counted from it, the notice is due one day later.")
    notice_method = fields.Selection(METHODS, string="Delivery", required=True, default="registered")
    notice_delivery_days = fields.Integer(
        string="Days of Delivery", compute="_compute_notice_delivery_days", store=True, readonly=False, precompute=True,
        help="Business days from sending to receipt. They are taken off where the notice must be received in time.")
    notice_receipt = fields.Selection(
        RECEIPT, string="Receipt Rule", required=True, default="received",
        help="Whether the notice must have arrived on the deadline, or is in time when it was sent by then.")
    notice_cut_off = fields.Float(
        string="Cut-off", help="What arrives after this time of day counts on the next business day; 0: all day long.")
    notice_calendar_id = fields.Many2one(
        "resource.calendar", string="Their Business Days", check_company=True,
        help="Business days and holidays of the other side. Empty: as ours.")
    notice_sender_calendar_id = fields.Many2one(
        "resource.calendar", string="Our Business Days", check_company=True,
        help="Our own business days and holidays. Empty: the working schedule of the company.")
    notice_end_to = fields.Selection(
        [("day", "That Very Day"), ("month", "The End of a Month"), ("quarter", "The End of a Quarter"),
         ("year", "The End of a Year")], string="Ends on", required=True, default="day",
        help="Open-ended: notice ends the contract on this kind of day after its period.")
    last_safe_day = fields.Date(
        compute="_compute_last_safe_day", store=True, index=True, copy=False,
        help="The last day on which a notice sent by the agreed delivery arrives in time.")
    notice_deadline = fields.Date(
        compute="_compute_last_safe_day", store=True, copy=False,
        help="The business day by which the notice must have arrived, or been sent.")
    last_safe_steps = fields.Json(compute="_compute_last_safe_steps", help="How the last safe day is counted.")
    earliest_end = fields.Date(
        compute="_compute_earliest_end", help="When an open-ended contract ends if notice is received today.")
    notice_days_left = fields.Integer(
        string="Days Left", compute="_compute_notice_days_left", aggregator=None,
        help="Days until the last safe day; negative: it has passed.")
    notice_matters = fields.Boolean(
        compute="_compute_notice_days_left", search="_search_notice_matters",
        help="In force, with a last safe day, and going on by itself unless notice is given.")
    notice_urgency = fields.Selection(
        [("none", "None"), ("later", "Later"), ("closing", "Closing"), ("passed", "Passed")],
        compute="_compute_notice_days_left")

    _notice_period_sign = models.Constraint(
        "CHECK(notice_period >= 0)", "A notice period is a number of 0 or more.")
    _notice_delivery_sign = models.Constraint(
        "CHECK(notice_delivery_days >= 0)", "Days of delivery are a number of 0 or more.")
    _notice_cut_off_hour = models.Constraint(
        "CHECK(notice_cut_off >= 0 AND notice_cut_off < 24)", "A cut-off is a time of day from 00:00 to 23:59.")

    @api.model
    def _paper_groups(self):
        names = (*TERMS[1:-1], "notice_end_to")
        return {**super()._paper_groups(), **dict.fromkeys(names, "term")}

    @api.model
    def _counted_fields(self):
        return super()._counted_fields() | {"last_safe_day", "notice_deadline"}

    @api.depends("notice_method")
    def _compute_notice_delivery_days(self):
        for contract in self:
            contract.notice_delivery_days = engine.METHODS.get(contract.notice_method, 0)

    # --- business days -----------------------------------------------------------------------------------------------

    def _notice_calendar(self, direction="sent"):
        """The `resource.calendar` of who receives a notice that we ``sent``, or that we ``received``."""
        self.ensure_one()
        contract = self.sudo()  # the terms are the same whoever reads them
        ours = contract.notice_sender_calendar_id or contract.company_id.resource_calendar_id
        return (contract.notice_calendar_id or ours) if direction == "sent" else ours

    def _notice_zone(self, direction="sent"):
        """IANA zone of who receives the notice: its day of receipt is read there."""
        return self._notice_calendar(direction).tz or self._zone()

    # --- last safe day -----------------------------------------------------------------------------------------------

    def _safe_day(self, direction, end):
        """The engine's `LastSafeDay` of a notice ``sent`` or ``received`` against the last day ``end``.

        None without a last day. Raises `EngineError`.
        """
        self.ensure_one()
        if not end:
            return None
        other = "received" if direction == "sent" else "sent"
        return engine.last_safe_day(
            end, self.notice_period, self.notice_unit, method=self.notice_method, receipt_rule=self.notice_receipt,
            calendar=self._notice_calendar(direction)._business_days(), cut_off=_time(self.notice_cut_off),
            counted_from=self.notice_from, delivery_days=self.notice_delivery_days,
            sender_calendar=self._notice_calendar(other)._business_days())

    def _safe_day_or_none(self):
        try:
            return self._safe_day("sent", self.date_end) if self.notice_period else None
        except (EngineError, OverflowError):
            return None  # the constraint below says why

    @api.depends(*TERMS, "company_id.resource_calendar_id")
    def _compute_last_safe_day(self):
        for contract in self:
            safe = contract._safe_day_or_none()
            contract.last_safe_day = safe and safe.day
            contract.notice_deadline = safe and safe.deadline

    @api.constrains(*TERMS)
    def _check_notice_terms(self):
        for contract in self:
            try:
                contract._safe_day("sent", contract.date_end)
                contract._earliest_end(contract._local_today())
            except (EngineError, OverflowError) as error:
                raise ValidationError(self.env._(
                    "Contract %(name)s: no last safe day can be counted from these terms of notice: %(reason)s.",
                    name=contract.display_name, reason=error)) from error

    @api.model
    def _recount_last_safe_days(self, calendars):
        """A schedule or its holidays changed (all of them where empty): count again where it plays a part."""
        domain = Domain("notice_period", ">", 0) & Domain("date_end", "!=", False)
        if calendars:
            domain &= Domain.OR(
                Domain(name, "in", calendars.ids)
                for name in ("notice_calendar_id", "notice_sender_calendar_id", "company_id.resource_calendar_id"))
        contracts = self.sudo().with_context(active_test=False).search(domain)
        for name in ("last_safe_day", "notice_deadline"):
            self.env.add_to_compute(self._fields[name], contracts)

    def _compute_last_safe_steps(self):
        for contract in self:
            safe = contract._safe_day_or_none()
            contract.last_safe_steps = contract._safe_day_in_words(safe) if safe else []

    # --- open-ended --------------------------------------------------------------------------------------------------

    def _earliest_end(self, received):
        """The last day of an open-ended contract whose notice counts on the date ``received``.

        Business days are counted on the calendar of the other side. Raises `EngineError`.
        """
        self.ensure_one()
        period, unit = self.notice_period, self.notice_unit
        if unit == engine.BUSINESS_DAY:
            received, period, unit = self._notice_calendar()._business_days().add(received, period), 0, "day"
        return engine.earliest_end(received, period, unit, self.notice_end_to)

    def _compute_earliest_end(self):
        for contract in self:
            try:
                open_ended = contract.notice_period and not contract.date_end
                contract.earliest_end = open_ended and contract._earliest_end(contract._local_today())
            except (EngineError, OverflowError):
                contract.earliest_end = False

    # --- urgency -----------------------------------------------------------------------------------------------------

    def _goes_on_by_itself(self):
        """Whether the contract renews unless somebody gives notice."""
        self.ensure_one()
        return self.state in ("active", "suspended") and self.renewal_kind in PRESSING and not self.do_not_renew

    @api.depends("last_safe_day", "state", "renewal_kind", "do_not_renew")
    def _compute_notice_days_left(self):
        for contract in self:
            left = (contract.last_safe_day - contract._local_today()).days if contract.last_safe_day else 0
            contract.notice_days_left = left
            contract.notice_matters = bool(contract.last_safe_day) and contract._goes_on_by_itself()
            contract.notice_urgency = "none" if not contract.notice_matters else (
                "passed" if left < 0 else "closing" if left <= CLOSING_DAYS else "later")

    def _search_notice_matters(self, operator, value):
        if operator != "in":
            return NotImplemented
        matters = (
            Domain("last_safe_day", "!=", False) & Domain("state", "in", ("active", "suspended"))
            & Domain("renewal_kind", "in", PRESSING) & Domain("do_not_renew", "=", False))
        wanted = set(value)
        if wanted >= {True, False}:
            return Domain.TRUE
        return matters if True in wanted else ~matters


def _time(hour):
    """A float hour as the time of day that a cut-off is; None for 0."""
    if not hour:
        return None
    minutes = round(hour * 60)
    return time(min(minutes // 60, 23), minutes % 60)
