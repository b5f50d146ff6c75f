"""How a contract goes on: the terms of its renewal, what happens next in words, and the one way in which it renews.

The days are counted by ``engine.renewal``; ``date_end`` is the last day of the present term. Whoever renews, a person
or the nightly work, takes the same path: the new term is written down once, prices follow their rules from its first
day, and an index value that is missing stops the whole renewal.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError, ValidationError
from odoo.tools import format_date

from ...engine.days import last_day
from ...engine.errors import EngineError
from ...engine.price_revision import PricedLine, plan_revision
from ...engine.renewal import RenewalTerms, applied, renew_by_hand
from .renewal import RENEWAL_KINDS

UNITS = [("day", "Days"), ("week", "Weeks"), ("month", "Months"), ("quarter", "Quarters"), ("year", "Years")]
BY_ITSELF = ("automatic", "evergreen", "extension")
LIVE = ("active", "suspended", "notice")
TERMS = ("renewal_kind", "renewal_interval", "renewal_unit", "renewal_max", "grace_days")
COUNTED = frozenset({"term_start", "renewed_count", "renewal_anchor_day", "next_renewal_on", "lapses_on"})


class Contract(models.Model):
    _inherit = "aftersales.contract"

    renewal_kind = fields.Selection(
        RENEWAL_KINDS, string="Renewal", required=True, default="none", tracking=True,
        help="By hand: somebody renews it, within the days of grace. Automatic: a new term follows by itself, at new "
        "prices where its lines say so. Extension: as automatic, at unchanged prices. Evergreen: without a maximum, or "
        "without an end at all. None: it ends.")
    renewal_interval = fields.Integer(string="Renews for", required=True, default=1, tracking=True, aggregator=None)
    renewal_unit = fields.Selection(UNITS, required=True, default="year", tracking=True)
    renewal_max = fields.Integer(
        string="Renewals at Most", tracking=True, aggregator=None, help="0: any number of times.")
    grace_days = fields.Integer(
        string="Days of Grace", tracking=True, aggregator=None,
        help="How many days after its last day a contract may still be renewed by hand; it runs on until then.")
    do_not_renew = fields.Boolean(tracking=True, copy=False)
    do_not_renew_reason = fields.Char(string="Why not", tracking=True, copy=False)
    renewal_ids = fields.One2many("aftersales.renewal", "contract_id", string="Renewals", readonly=True, copy=False)
    renewed_count = fields.Integer(
        string="Renewed", compute="_compute_present_term", store=True, copy=False, aggregator=None)
    term_start = fields.Date(
        string="Term from", compute="_compute_present_term", store=True, copy=False,
        help="First day of the term that was agreed last.")
    renewal_anchor_day = fields.Integer(compute="_compute_present_term", store=True, copy=False, aggregator=None)
    next_renewal_on = fields.Date(
        string="Next Renewal", compute="_compute_next_renewal", store=True, copy=False, index="btree_not_null",
        help="First day of the next term, if there is to be one.")
    lapses_on = fields.Date(
        compute="_compute_next_renewal", store=True, copy=False, index="btree_not_null",
        help="The day on which it is over; empty while it renews by itself, is on hold, or has no end.")
    renewal_words = fields.Char(string="What Happens Next", compute="_compute_renewal_words")

    _renewal_length = models.Constraint(
        "CHECK(renewal_interval >= 1)", "A contract renews for 1 or more units of time.")
    _renewal_counts = models.Constraint(
        "CHECK(renewal_max >= 0 AND grace_days >= 0)", "Renewals and days of grace are counted from 0.")
    _evergreen_has_no_maximum = models.Constraint(
        "CHECK(renewal_kind <> 'evergreen' OR renewal_max = 0)",
        "An evergreen contract has no maximum number of renewals: choose an automatic renewal instead.")

    @api.model
    def _paper_groups(self):
        return {**super()._paper_groups(), **dict.fromkeys(TERMS, "term")}

    @api.model
    def _counted_fields(self):
        return super()._counted_fields() | COUNTED

    @api.constrains("do_not_renew", "do_not_renew_reason")
    def _check_do_not_renew(self):
        for contract in self:
            if contract.do_not_renew and not (contract.do_not_renew_reason or "").strip():
                raise ValidationError(self.env._(
                    "Contract %s: say why it is not to be renewed.", contract.display_name))

    def _activation_gaps(self):
        gaps = super()._activation_gaps()
        if not self.date_end and self.renewal_kind in ("manual", "automatic", "extension"):
            gaps.append(self.env._("a last day, from which its renewal counts"))
        return gaps

    # --- the present term and what follows it ------------------------------------------------------------------------

    @api.depends("date_start", "renewal_ids.number", "renewal_ids.term_start", "renewal_ids.anchor_day")
    def _compute_present_term(self):
        for contract in self:
            last = contract.renewal_ids.sorted("number")[-1:]
            contract.renewed_count = last.number
            contract.term_start = last.term_start or contract.date_start
            contract.renewal_anchor_day = last.anchor_day

    @api.depends(
        "state", "date_end", "renewal_kind", "renewal_max", "renewed_count", "grace_days", "do_not_renew")
    def _compute_next_renewal(self):
        for contract in self:
            end = contract.date_end and contract.date_end + timedelta(days=1)
            contract.next_renewal_on = end if contract._renews() else False
            by_itself = contract.renewal_kind in BY_ITSELF and contract._renews()
            grace = 0 if contract.do_not_renew or contract.renewal_kind == "none" or contract.state == "notice" else (
                contract.grace_days)
            contract.lapses_on = end and not by_itself and end + timedelta(days=grace)

    def _renews(self):
        """Whether a next term is still possible: by itself or by hand."""
        exhausted = self.renewal_max and self.renewed_count >= self.renewal_max
        return bool(
            self.date_end and self.state in ("active", "suspended") and self.renewal_kind != "none"
            and not self.do_not_renew and not exhausted)

    def _renewal_terms(self):
        """The engine's `RenewalTerms`. Raises `EngineError` where they contradict one another."""
        self.ensure_one()
        return RenewalTerms(
            self.renewal_kind, self.term_start or self.date_start,
            self.date_end + timedelta(days=1) if self.date_end else None, self.renewal_interval, self.renewal_unit,
            self.renewal_anchor_day or None, self.grace_days, self.renewal_max or None, self.renewed_count,
            self.do_not_renew, self._renewal_hold())

    def _renewal_hold(self):
        """Why nothing renews by itself at present; empty where nothing holds it."""
        if self.state == "suspended":
            return self.env._("suspended")
        return self.env._("in dispute") if self.disputed else ""

    @api.depends(
        *TERMS, "state", "date_end", "renewed_count", "do_not_renew", "do_not_renew_reason", "disputed", "term_start")
    def _compute_renewal_words(self):
        for contract in self:
            contract.renewal_words = contract._renewal_in_words()

    def _renewal_in_words(self):
        _, end = self.env._, self.date_end
        if self.state in ("expired", "terminated"):
            return _("It has ended.")
        if not end:
            return _("It runs without end until notice is given.")
        day = format_date(self.env, end)
        if self.state == "notice":
            return _("Notice was given: it does not renew.")
        if self.renewal_kind == "none":
            return _("It ends with %s.", day)
        if self.do_not_renew:
            return _("It ends with %(day)s: marked as not to be renewed (%(reason)s).", day=day,
                      reason=self.do_not_renew_reason)
        if self.renewal_max and self.renewed_count >= self.renewal_max:
            return _("It ends with %(day)s: it was renewed %(count)s times, which is the maximum.", day=day,
                      count=self.renewed_count)
        return self._next_term_in_words(format_date(self.env, end + timedelta(days=1)))

    def _next_term_in_words(self, start):
        _, terms = self.env._, {
            "start": start, "length": self._renewal_length_in_words(), "number": self.renewed_count + 1}
        if self.renewal_kind == "manual":
            last = format_date(self.env, self.date_end + timedelta(days=self.grace_days))
            return _("Somebody must renew it for %(length)s from %(start)s on, at the latest on %(last)s.",
                      last=last, **terms)
        hold = self._renewal_hold()
        if hold:
            return _("It would renew for %(length)s on %(start)s, but is on hold: %(hold)s.",
                      hold=hold, **terms)
        if self.renewal_kind == "extension":
            return _(
                "It is extended for %(length)s on %(start)s, at unchanged prices (renewal %(number)s).",
                **terms)
        return _("It renews by itself for %(length)s on %(start)s (renewal %(number)s).", **terms)

    def _renewal_length_in_words(self):
        _, number = self.env._, self.renewal_interval
        one = {"day": _("a day"), "week": _("a week"), "month": _("a month"), "quarter": _("a quarter"),
               "year": _("a year")}
        many = {"day": _("%s days", number), "week": _("%s weeks", number), "month": _("%s months", number),
                "quarter": _("%s quarters", number), "year": _("%s years", number)}
        return one[self.renewal_unit] if number == 1 else many[self.renewal_unit]

    def _check_move(self, action):
        super()._check_move(action)
        if action == "expire" and not self.lapses_on:
            raise UserError(self.env._(
                "Contract %(name)s does not run out: %(words)s", name=self.display_name, words=self.renewal_words))

    # --- renewing ----------------------------------------------------------------------------------------------------

    def action_renew(self):
        """Renew by hand for one more term, up to the end of the days of grace."""
        self.check_access("write")
        for contract in self:
            contract._lock_for_renewal()
            contract._check_move("renew")
            renewal = contract._renewal_by_hand()
            contract._renew({contract: renewal})
            contract._message_log(body=contract._renewed_in_words(renewal))

    def _renewed_in_words(self, renewal):
        return self.env._("Renewed until %(day)s (renewal %(number)s)", number=renewal.number,
                          day=format_date(self.env, last_day(renewal.period.end)))

    def _renewal_by_hand(self):
        """The engine's next `Renewal`. Raises UserError saying why there is none."""
        try:
            return renew_by_hand(self._renewal_terms(), self._local_today())
        except EngineError as error:
            raise UserError(self.env._(
                "Contract %(name)s cannot be renewed: %(reason)s.", name=self.display_name, reason=error)) from error

    def _lock_for_renewal(self):
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(self.env._(
                "Contract %s is being worked on by somebody else. Try again in a moment.",
                self.display_name)) from error
        self.invalidate_recordset()

    def _renew(self, renewals, by_itself=False):
        """Take each contract into its next term: ``renewals``: {contract: engine `Renewal`}, one each.

        The same few queries for any number of contracts. Raises UserError where a price cannot be reckoned.
        """
        for contract in self:
            contract._check_move("renew")
        changes = self._reprice(renewals)
        records = self._log_renewals(renewals, by_itself)
        for contract in self:
            contract._write_unlocked({
                "state": contract._state_after("renew"), "date_end": last_day(renewals[contract].period.end)})
        origin = {change.line: {"renewal_id": records[change.line.contract_id].id,
                                "reason": records[change.line.contract_id].display_name} for change in changes}
        self.line_ids._take_prices(changes, origin)
        for contract, record in records.items():
            record._write_unguarded({"new_annual_value": contract.annual_value})
        self._moved("renew")
        for (effective, number), contracts in self.grouped(
                lambda contract: (renewals[contract].period.start, renewals[contract].number)).items():
            contracts._record_change(effective, self.env._("Renewal %s", number))

    def _reprice(self, renewals):
        """The `PriceChange`s with which these contracts go into their new terms."""
        changing = self.filtered(lambda contract: renewals[contract].reprice)
        effective = {line: renewals[line.contract_id].period.start for line in changing.line_ids}
        revised = changing.line_ids.browse()
        for line, day in effective.items():
            verdict, = plan_revision([line._priced(line.date_end)], day)
            if verdict.revise:
                revised += line
        return revised._changes_by_rule(effective)

    def _log_renewals(self, renewals, by_itself):
        """{contract: its new `aftersales.renewal`}."""
        vals_list = []
        for contract in self:
            renewal, terms = renewals[contract], contract._renewal_terms()
            vals_list.append({
                "contract_id": contract.id, "number": renewal.number, "kind": contract.renewal_kind,
                "old_start": terms.start, "old_end": contract.date_end, "term_start": renewal.period.start,
                "term_end": last_day(renewal.period.end), "anchor_day": applied(terms, renewal).anchor_day,
                "old_annual_value": contract.annual_value, "by_itself": by_itself})
        records = self.env["aftersales.renewal"].sudo().create(vals_list)  # history is the system's to append
        return dict(zip(self, records, strict=True))


class ContractLine(models.Model):
    _inherit = "aftersales.contract.line"

    def _priced(self, end):
        """The line as engine `PricedLine`; ``end``: its last day, False for none."""
        return PricedLine(
            self.id, self.first_day, end + timedelta(days=1) if end else None, self.cancelled, self.never_revise,
            self._revised_days(), self.billed_until + timedelta(days=1) if self.billed_until else None)
