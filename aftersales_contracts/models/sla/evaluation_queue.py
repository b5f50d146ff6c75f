from odoo import fields, models
from odoo.tools import SQL


class EvaluationQueue(models.Model):
    """Requests whose clocks must be evaluated again: facts or terms changed since the last run.

    A table of its own, so that a million new events mark their requests without touching the requests' rows. A
    request that cannot be evaluated stays here with its error, and the others go on.
    """

    _name = "aftersales.evaluation.queue"
    _description = "Evaluation Queue"
    _order = "id"
    _rec_name = "request_id"
    _log_access = False

    request_id = fields.Many2one("aftersales.request", required=True, ondelete="cascade")
    queued_at = fields.Datetime(required=True)
    cause = fields.Selection(
        [("facts", "New Facts"), ("terms", "Changed Terms")], required=True, default="facts",
        help="New facts evaluate every clock; changed terms leave the clocks alone that are decided.")
    error = fields.Char(readonly=True)

    _request_uniq = models.Constraint("UNIQUE(request_id)", "A request is queued once.")

    def _put(self, request_ids):
        """Queue requests by id. DO UPDATE, not NOTHING: it waits for a worker that is just taking the row off, so
        that no fact falls between the two."""
        if request_ids:
            self.env.cr.execute(SQL(
                """INSERT INTO aftersales_evaluation_queue (request_id, queued_at, cause)
                   SELECT unnest(%s), now() AT TIME ZONE 'UTC', 'facts'
                   ON CONFLICT (request_id)
                   DO UPDATE SET queued_at = EXCLUDED.queued_at, cause = 'facts', error = NULL""",
                sorted(set(request_ids))))

    def _take_off(self, request_ids):
        self.env.cr.execute(SQL(
            "DELETE FROM aftersales_evaluation_queue WHERE request_id = ANY(%s)", list(request_ids)))

    def _settle(self, request_ids, errors):
        """Take evaluated requests off; those of ``errors`` ({id: sentence}) wait here with their error, queued or not
        before."""
        self._take_off([request_id for request_id in request_ids if request_id not in errors])
        if errors:
            self.env.cr.execute(SQL(
                """INSERT INTO aftersales_evaluation_queue (request_id, queued_at, cause, error)
                   SELECT failed.id, now() AT TIME ZONE 'UTC', 'facts', failed.error
                     FROM unnest(%s::int[], %s::text[]) AS failed(id, error)
                   ON CONFLICT (request_id) DO UPDATE SET error = EXCLUDED.error""",
                list(errors), list(errors.values())))
        self.invalidate_model()

    def action_retry(self):
        """Try the failed ones again at the next run."""
        self.check_access("write")
        self.write({"error": False})
