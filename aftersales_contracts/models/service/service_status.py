"""Service statuses, and what each does to a clock.

A service event moves a request into a status. A clock reads only the *effect* of that status on its metric:
``run`` (count), ``pause`` (stand still), ``stop`` (reached), ``cancel`` (void), ``restart`` (reached, and the next
cycle begins) or ``keep`` (no effect). A policy may override the effect (``aftersales.sla.status.rule``).
"""

from odoo import fields, models

METRICS = [
    ("first_response", "First Response"),
    ("on_site", "On-site Arrival"),
    ("resolution", "Resolution"),
    ("periodic_update", "Periodic Update"),
]

EFFECTS = [
    ("run", "Runs"),
    ("pause", "Pauses"),
    ("stop", "Stops"),
    ("cancel", "Cancels"),
    ("restart", "Restarts"),
    ("keep", "No Effect"),
]

KINDS = [
    ("new", "New"),
    ("in_progress", "In Progress"),
    ("waiting", "Waiting"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
    ("note", "Note"),
]


class ServiceStatus(models.Model):
    _name = "aftersales.service.status"
    _inherit = ["aftersales.terms.source"]
    _description = "Service Status"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    fold = fields.Boolean(string="Folded in Kanban")
    kind = fields.Selection(
        KINDS,
        required=True,
        default="in_progress",
        help="A note is an event that leaves the request in the status it had, such as an update to the customer.",
    )
    first_response_effect = fields.Selection(EFFECTS, string="First Response Clock", required=True, default="stop")
    on_site_effect = fields.Selection(EFFECTS, string="On-site Clock", required=True, default="run")
    resolution_effect = fields.Selection(EFFECTS, string="Resolution Clock", required=True, default="run")
    periodic_update_effect = fields.Selection(EFFECTS, string="Update Clock", required=True, default="run")

    _code_uniq = models.Constraint("UNIQUE(code)", "A service status's code must be unique.")

    def _effect(self, metric):
        """The effect of this status on a clock of ``metric``, before a policy's own rules."""
        self.ensure_one()
        return self[f"{metric}_effect"]

    def _terms_policies(self):
        """Every policy: each of them gives a status an effect."""
        return self.env["aftersales.sla.policy"].sudo().search([])  # pylint: disable=no-search-all
