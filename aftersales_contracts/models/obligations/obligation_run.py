"""The next occurrence of an obligation, and the nightly work: overdue, escalate, next, propose a breach."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...engine.contract_lifecycle import ENDED
from ...engine.days import advance
from ...engine.errors import EngineError
from ..common.nightly import NightlyStep

COPIED = (  # what one occurrence hands on to the next
    "name", "type_id", "direction", "contract_id", "partner_id", "company_id", "contract_clause_id", "clause_ref",
    "description", "user_id", "substitute_id", "escalate_after", "escalate_to_id", "repeat", "interval", "unit",
    "until",
)


class Obligation(models.Model):
    _inherit = "aftersales.obligation"

    # --- recurrence ----------------------------------------------------------------------------------------------

    @api.depends("date_due", "series_id.anchor_date")
    def _compute_anchor_date(self):
        for obligation in self:
            obligation.anchor_date = obligation.series_id.anchor_date or obligation.date_due

    @api.depends("repeat", "interval", "unit", "until", "occurrence", "anchor_date", "date_due", "valid_until", "state",
                 "next_made", "active", "contract_id.date_end", "contract_id.state")
    def _compute_next_due(self):
        for obligation in self:
            obligation.next_due = obligation._next_day()

    def _next_day(self):
        """The due day of the next occurrence; False where there is none (yet): see `next_due`."""
        self.ensure_one()
        if self.next_made or not self.active or not self.anchor_date or self.contract_id.state in ENDED:
            return False
        if self.repeat == "expiry":
            day = self.state == "done" and self.valid_until
        elif self.repeat == "interval":
            try:
                # Counted from the first occurrence, so that its day of the month is kept.
                day = advance(self.anchor_date, (self.occurrence + 1) * max(self.interval, 1), self.unit)
            except EngineError:
                return False  # beyond the calendars: there is no next one
        else:
            return False
        last = min(filter(None, (self.until, self.contract_id.date_end)), default=None)
        return day if day and (not last or day <= last) else False

    @api.constrains("repeat", "interval", "unit", "date_due")
    def _check_interval(self):
        for obligation in self.filtered(lambda o: o.repeat == "interval"):
            try:
                advance(obligation.date_due, obligation.interval, obligation.unit)
            except EngineError as error:
                raise ValidationError(self.env._(
                    "Obligation %(name)s cannot repeat like that: %(error)s",
                    name=obligation.name, error=error)) from error

    def _make_next(self):
        """Make the next occurrence of each series that has one. The unique index lets no second worker make it too."""
        going_on = self.filtered("next_due").sudo()  # whoever settled one; the series is nobody's to write
        made = going_on.create([obligation._next_values() for obligation in going_on])
        going_on._write_guarded({"next_made": True})
        return made

    def _next_values(self):
        values = {name: self[name].id if self._fields[name].type == "many2one" else self[name] for name in COPIED}
        return {**values, "date_due": self.next_due, "series_id": (self.series_id or self).id,
                "occurrence": self.occurrence + 1}

    # --- nightly -------------------------------------------------------------------------------------------------

    @api.model
    def _nightly_domain(self, today):
        """Obligations of contracts in force that are late, to be escalated, or whose next occurrence is to be made."""
        day = (today or fields.Date.today()) + timedelta(days=1)  # a superset: it may be tomorrow in some zone
        late = Domain("state", "=", "open") & Domain("date_due", "<", day)
        escalate = (Domain("state", "=", "overdue") & Domain("escalated_on", "=", False)
                    & Domain("escalate_after", ">", 0) & Domain("date_due", "<", day))
        following = Domain("next_due", "!=", False) & Domain("date_due", "<", day)
        return (late | escalate | following) & self._contract_in_force()

    def _nightly(self, today=None):
        """Bring a batch up to the day: [(record, sentence)] of what was done. Missed occurrences are made too."""
        days = {obligation.id: today or obligation._today() for obligation in self}
        done, batch = [], self
        while batch:
            done += batch._fall_overdue(days)
            done += batch._escalate(days)
            made = batch._make_following(days)
            done += [(after, self.env._("falls due on %s", after.date_due)) for after in made]
            batch = made._late(days)
        return done

    def _late(self, days):
        return self.filtered(lambda o: o.date_due < days[o.id])

    def _make_following(self, days):
        """The next occurrence of those that are late; ``days`` comes to know their day, too."""
        past = self._late(days).filtered("next_due")
        made = past._make_next()
        days.update((after.id, days[before.id]) for before, after in zip(past, made, strict=True))
        return made

    def _fall_overdue(self, days):
        late = self._late(days).filtered(lambda o: o.state == "open")
        late._write_guarded({"state": "overdue"})
        late.filtered(lambda o: o.direction == "theirs" and o.contract_id)._propose_breach(days)
        return [(obligation, self.env._("overdue since %s", obligation.date_due)) for obligation in late]

    def _propose_breach(self, days):
        """A duty of the other side that was missed is proposed to the breach register, once."""
        known = self.env["aftersales.breach"]._read_group([("obligation_id", "in", self.ids)], ["obligation_id"])
        fresh = self - self.browse(obligation.id for [obligation] in known)
        self.env["aftersales.breach"].create([{
            "contract_id": obligation.contract_id.id, "obligation_id": obligation.id, "party": "theirs",
            "title": self.env._("Missed: %s", obligation.name), "noticed_on": days[obligation.id],
            "clause_ref": obligation.clause_ref, "contract_clause_id": obligation.contract_clause_id.id,
            "state": "proposed", "partner_id": obligation.partner_id.id,
            "user_id": (obligation.contract_id.legal_user_id or obligation.user_id).id,
        } for obligation in fresh])

    def _escalate(self, days):
        """Tell whom the obligation names, once, when it has been late for so many days."""
        late = self.filtered(lambda o: (
            o.state == "overdue" and not o.escalated_on and o.escalate_after
            and (days[o.id] - o.date_due).days >= o.escalate_after))
        if not late:
            return []
        told = self.env["aftersales.responsible"]._activities("aftersales_contracts.activity_overdue", [
            (o, o.escalate_to_id, days[o.id], self.env._(
                "%(name)s: overdue since %(day)s", name=o.name, day=o.date_due)) for o in late])
        for day, group in late.grouped(lambda o: days[o.id]).items():
            group._write_guarded({"escalated_on": day})
        nobody = self.env._("nobody to address")
        return [(o, self.env._("escalated to %s", told[o].name or nobody)) for o in late]


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [*super()._steps(), NightlyStep(
            90, "obligations", self.env._("Obligations"), "aftersales.obligation", "_nightly_domain", "_nightly")]
