"""The clock bars and the timeline of a request, as plain values for the widgets of its form."""

from odoo import api, fields, models

from .service_status import METRICS

TIMELINE_LENGTH = 200  # newest first; more than this is read in the list of events
ICONS = {"new": "fa-inbox", "in_progress": "fa-wrench", "waiting": "fa-pause", "done": "fa-check",
         "cancelled": "fa-ban", "note": "fa-comment-o"}


class Request(models.Model):
    _inherit = "aftersales.request"

    # One dict a clock, the current ones first: see ``SlaClock._bar``.
    clock_board = fields.Json(string="Service Levels", compute="_compute_clock_board")
    # One dict a service event, the newest first: see ``RequestEvent._entry``.
    timeline = fields.Json(compute="_compute_timeline")

    @api.depends("clock_ids.state", "clock_ids.due_at", "clock_ids.excused")
    @api.depends_context("lang")
    def _compute_clock_board(self):
        metrics = [metric for metric, _label in METRICS]
        for request in self:
            clocks = request.sudo().clock_ids  # part of the request, which the reader may see
            request.clock_board = [clock._bar() for clock in clocks.sorted(
                lambda c: (not c.is_current, metrics.index(c.metric), c.revision, c.cycle))]

    @api.depends("event_ids")
    @api.depends_context("lang")
    def _compute_timeline(self):
        for request in self:
            events = request.event_ids.sorted(lambda e: (e.occurred_at, e.id), reverse=True)[:TIMELINE_LENGTH]
            voided = {event.voids_id.id for event in events if event.voids_id}
            request.timeline = [event._entry(event.id in voided) for event in events]


class RequestEvent(models.Model):
    _inherit = "aftersales.request.event"

    @api.depends("status_id", "voids_id")
    def _compute_display_name(self):
        for event in self:
            event.display_name = event._title()

    def _entry(self, is_void):
        """One entry of the timeline; ``is_void``: a later fact declares this one void."""
        self.ensure_one()
        source = {"manual": self.create_uid.name, "api": self.env._("API: %s", self.create_uid.name)}
        return {
            "id": self.id,
            "at": fields.Datetime.to_string(self.occurred_at),
            "icon": "fa-undo" if self.voids_id else ICONS.get(self.kind, "fa-sliders"),
            "kind": "void" if self.voids_id else self.kind or "terms",
            "title": self._title(),
            "terms": self._terms_in_words(),
            "note": self.note or "",
            "source": source.get(self.source, self.source),
            "void": is_void,
            "voidable": not is_void and not self.voids_id,
        }

    def _title(self):
        if self.voids_id:
            return self.env._("Declared void: %s", self.voids_id._title())
        return self.status_id.name or self.env._("Terms changed")

    def _terms_in_words(self):
        """["Priority: High", ...]: the terms that this event sets."""
        words = []
        for name in ("impact", "priority", "tier_id", "type_id", "policy_id", "team_id"):
            value, field = self[name], self._fields[name]
            if value:
                shown = value.display_name if field.relational else dict(field._description_selection(self.env))[value]
                words.append(f"{field._description_string(self.env)}: {shown}")
        return words
