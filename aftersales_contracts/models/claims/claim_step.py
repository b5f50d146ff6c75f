"""The six steps of a claim, each with the role that owns it (row 74), and the history of who moved it when."""

from odoo import api, fields, models
from odoo.exceptions import UserError

STEPS = [
    ("intake", "Intake"),
    ("diagnosis", "Diagnosis"),
    ("parts", "Parts and Logistics"),
    ("repair", "Repair"),
    ("billing", "Billing and Follow-up"),
    ("knowledge", "Knowledge"),
]
ENDS = [("closed", "Closed"), ("refused", "Refused"), ("cancelled", "Cancelled")]
STATES = STEPS + ENDS
COURSE = tuple(code for code, _label in STEPS)
ENDED = tuple(code for code, _label in ENDS)


class ClaimStep(models.Model):
    """Shipped as data, one for each state that somebody works on: who is asked to, and what the request records."""

    _name = "aftersales.claim.step"
    _description = "Claim Step"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    code = fields.Selection(STEPS, required=True, readonly=True)
    name = fields.Char(required=True, translate=True)
    role = fields.Char(required=True, translate=True, help="Who owns the step, in words.")
    group_id = fields.Many2one("res.groups", string="Owner Role", help="Who may be asked to work on it.")
    user_id = fields.Many2one(
        "res.users", string="Usual Owner", domain=[("share", "=", False)],
        help="Gets the claims that enter the step; empty: who is responsible for the contract, else who moved them.")
    status_id = fields.Many2one(
        "aftersales.service.status", string="Status of the Request",
        help="Recorded on the service request when a claim enters the step; empty: nothing.")
    days = fields.Integer(
        string="Reminder after Days", default=5, help="A claim that waits longer is reminded of; 0: never.")
    output = fields.Char(translate=True, help="What is there when the step is done.")

    _code_uniq = models.UniqueIndex("(code)", "There is one step of each kind.")
    _days_positive = models.Constraint("CHECK(days >= 0)", "A reminder comes after 0 days or more.")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The steps of a claim are fixed: name them as you like, but keep them."))

    @api.model
    def _of(self, code):
        """The step of a state; empty for a state in which nobody works."""
        return self.sudo().search([("code", "=", code)], limit=1)  # read by portal intake too


class ClaimMove(models.Model):
    _name = "aftersales.claim.move"
    _inherit = ["aftersales.appended"]
    _description = "Step of a Claim's History"
    _order = "at, id"
    _rec_name = "to_state"

    claim_id = fields.Many2one(
        "aftersales.warranty.claim", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="claim_id.company_id", store=True, index=True)
    from_state = fields.Selection(STATES, string="From", readonly=True)
    to_state = fields.Selection(STATES, string="To", required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="By", required=True, readonly=True)
    at = fields.Datetime(required=True, readonly=True, help="UTC, to the second.")
    reason = fields.Char(readonly=True)
