"""Service event: an append-only fact about a request. Every fact gets in through ``_append_query``."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..sla.sla_target import IMPACTS, PRIORITIES
from .request import CLOCK_TOLERANCE, TERMS

COLUMNS = {  # column: SQL type, in the order of the INSERT
    "request_id": "int", "occurred_at": "timestamp", "status_id": "int", "source": "text", "source_state": "text",
    "impact": "text", "priority": "text", "tier_id": "int", "type_id": "int", "policy_id": "int", "team_id": "int",
    "note": "text", "voids_id": "int",
}
REMOTE = set(COLUMNS) - {"policy_id", "voids_id"}  # the policy is the contract's; voiding has its own button


class RequestEvent(models.Model):
    _name = "aftersales.request.event"
    _description = "Service Event"
    _order = "occurred_at desc, id desc"
    _rec_name = "status_id"

    request_id = fields.Many2one("aftersales.request", required=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="request_id.company_id")
    occurred_at = fields.Datetime(required=True, readonly=True, help="UTC, to the second.")
    status_id = fields.Many2one("aftersales.service.status", ondelete="restrict", readonly=True)
    kind = fields.Selection(related="status_id.kind")
    source = fields.Char(required=True, readonly=True)
    source_state = fields.Char(required=True, readonly=True, help="The state as the source names it.")
    impact = fields.Selection(IMPACTS, readonly=True)
    priority = fields.Selection(PRIORITIES, readonly=True)
    tier_id = fields.Many2one("aftersales.support.tier", readonly=True)
    type_id = fields.Many2one("aftersales.request.type", readonly=True)
    policy_id = fields.Many2one("aftersales.sla.policy", readonly=True)
    team_id = fields.Many2one("aftersales.team", readonly=True)
    note = fields.Char(readonly=True)
    voids_id = fields.Many2one(
        "aftersales.request.event", readonly=True, index="btree_not_null",
        help="The event that this one declares void: nothing is erased, the clocks leave both out.")

    _fact_uniq = models.UniqueIndex(
        "(request_id, occurred_at, source, source_state)", "This service event is already recorded.")

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        """Facts entered by remote calls go the way of all others; see ``_append``."""
        self.check_access("create")
        requests = self.env["aftersales.request"].browse({vals.get("request_id") for vals in vals_list})
        requests.check_access("write")
        for vals in vals_list:
            unknown = set(vals) - (set(COLUMNS) if self.env.su else REMOTE)
            if unknown or not vals.get("request_id") or not vals.get("occurred_at"):
                raise UserError(self.env._(
                    "A service event needs a request and an instant, and takes only: %s.",
                    ", ".join(name for name in COLUMNS if name in REMOTE)))
            if not vals.get("status_id") and not set(TERMS) & set(vals):
                raise UserError(self.env._("A service event needs a status."))
        events = self._append([self._completed(vals) for vals in vals_list])
        requests._evaluate()
        return events

    def _completed(self, vals):
        status = self.env["aftersales.service.status"].browse(vals.get("status_id"))
        return {"source": "api", "source_state": status.code or "terms", **vals}

    @api.model
    def _append(self, rows):
        """Insert facts, bring the requests up to date with them, and queue the requests for evaluation.

        ``rows``: dicts with the keys of COLUMNS (``occurred_at``: naive UTC ``datetime``). A fact that is already
        recorded (same request, instant, source and state) is left as it is, so that the same rows twice change
        nothing. Returns the events that are new. Raises UserError for an instant in the future.
        """
        if not rows:
            return self.browse()
        limit = fields.Datetime.now() + CLOCK_TOLERANCE
        for row in rows:
            row["occurred_at"] = fields.Datetime.to_datetime(row["occurred_at"]).replace(microsecond=0)
            if row["occurred_at"] > limit:
                raise UserError(self.env._("A service event cannot lie in the future: %s UTC.", row["occurred_at"]))
        arrays = SQL(", ").join(
            SQL("%s::%s[]", [row.get(name) or None for row in rows], SQL(kind)) for name, kind in COLUMNS.items())
        names = SQL(", ").join(SQL.identifier(name) for name in COLUMNS)
        new = self._append_query(SQL(
            "SELECT %(names)s FROM unnest(%(arrays)s) WITH ORDINALITY AS fact(%(names)s, position) ORDER BY position",
            names=names, arrays=arrays))
        return self.browse([event_id for event_id, _request_id in new])

    @api.model
    def _append_query(self, facts):
        """As ``_append``, the facts given as a query of COLUMNS, in the order in which they took place.

        Returns [(event id, request id)] of what is new. The instants are whole seconds, none of them in the future.
        """
        self.env["aftersales.request"].flush_model()
        names = SQL(", ").join(SQL.identifier(name) for name in COLUMNS)
        self.env.cr.execute(SQL(
            """INSERT INTO aftersales_request_event (%(names)s, create_uid, create_date, write_uid, write_date)
               SELECT fact.*, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                 FROM (%(facts)s) AS fact
               ON CONFLICT (request_id, occurred_at, source, source_state) DO NOTHING
               RETURNING id, request_id""", names=names, facts=facts, uid=self.env.uid))
        new = self.env.cr.fetchall()
        request_ids = sorted({request_id for _id, request_id in new})
        self.env["aftersales.evaluation.queue"]._put(request_ids)  # queue, then request: in the order of the workers
        self._bring_up_to_date(request_ids)
        return new

    @api.model
    def _bring_up_to_date(self, request_ids):
        """Set each request's status and terms to those of its last event, by one statement."""
        last = SQL(", ").join(
            SQL("(array_agg(%(c)s ORDER BY e.occurred_at DESC, e.id DESC)"
                " FILTER (WHERE %(c)s IS NOT NULL))[1] AS %(n)s", c=SQL.identifier("e", name), n=SQL.identifier(name))
            for name in (*TERMS, "team_id"))
        self.env.cr.execute(SQL(
            """WITH live AS (
                   SELECT e.* FROM aftersales_request_event e
                    WHERE e.request_id = ANY(%(ids)s) AND e.voids_id IS NULL
                      AND NOT EXISTS (SELECT 1 FROM aftersales_request_event v WHERE v.voids_id = e.id)
               ), known AS (
                   SELECT e.request_id, min(e.occurred_at) AS opened_at, max(e.occurred_at) AS last_event_at,
                          (array_agg(s.id ORDER BY e.occurred_at DESC, e.id DESC) FILTER (WHERE s.kind <> 'note'))[1]
                              AS status_id, %(last)s
                     FROM live e LEFT JOIN aftersales_service_status s ON s.id = e.status_id
                    GROUP BY e.request_id
               )
               UPDATE aftersales_request r
                  SET status_id = k.status_id, kind = s.kind, opened_at = k.opened_at, last_event_at = k.last_event_at,
                      impact = COALESCE(k.impact, r.impact), priority = COALESCE(k.priority, r.priority),
                      tier_id = COALESCE(k.tier_id, r.tier_id), type_id = COALESCE(k.type_id, r.type_id),
                      policy_id = CASE WHEN r.contract_id IS NOT NULL THEN COALESCE(k.policy_id, r.policy_id) END,
                      team_id = COALESCE(k.team_id, r.team_id),
                      write_date = now() AT TIME ZONE 'UTC', write_uid = %(uid)s
                 FROM known k LEFT JOIN aftersales_service_status s ON s.id = k.status_id
                WHERE r.id = k.request_id""", ids=request_ids, last=last, uid=self.env.uid))
        self.env["aftersales.request"].invalidate_model()
        self.invalidate_model()

    def action_void(self):
        """Declare a wrong event void by a new fact that points to it."""
        self.request_id.check_access("write")
        if self.filtered("voids_id") or self.search_count([("voids_id", "in", self.ids)]):
            raise UserError(self.env._("This service event is void already, or is itself a correction."))
        self._append([
            {"request_id": event.request_id.id, "occurred_at": event.occurred_at, "source": "manual",
             "source_state": f"void:{event.id}", "voids_id": event.id} for event in self])
        self.request_id._evaluate()

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("A recorded service event does not change. Void it and record the right one."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A recorded service event is kept as proof. Void it instead."))
