"""A machine of a recall: its owner was told, and answered; its claim, and whether it is done."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

RESPONSES = [
    ("none", "No Answer"), ("booked", "Appointment"), ("done", "Done"), ("declined", "Declined"),
    ("unreachable", "Not Reached"),
]
ANSWERS = ("booked", "done", "declined")
EXCLUDED = [("replaced", "Replaced"), ("scrapped", "Scrapped or Archived"), ("scope", "Not in Scope")]
USER = "aftersales_contracts.group_user"


class RecallAsset(models.Model):
    """Found by the system; what becomes of it is set by methods only. ``answered`` and ``done`` are 0 or 100, so that
    their average is the rate in percent, whatever it is grouped by."""

    _name = "aftersales.recall.asset"
    _inherit = ["aftersales.guarded"]
    _description = "Machine of a Recall"
    _order = "recall_id desc, asset_id, id"
    _rec_name = "asset_id"
    _rec_names_search = ["asset_id.name", "partner_id.name", "recall_id.name"]
    _check_company_auto = True
    _guarded = {
        "excluded": False, "response": "none", "responded_on": False, "response_note": False, "response_by_id": False,
        "notified_at": False, "notified_id": False, "claim_id": False}

    recall_id = fields.Many2one("aftersales.recall", required=True, readonly=True, index=True, ondelete="cascade")
    recall_title = fields.Char(related="recall_id.title")
    recall_state = fields.Selection(related="recall_id.state", store=True, string="State of the Recall")
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    asset_id = fields.Many2one(
        "aftersales.asset", required=True, readonly=True, index=True, check_company=True, ondelete="cascade")
    product_id = fields.Many2one(related="asset_id.product_id", store=True)
    place = fields.Char(related="asset_id.place")
    partner_id = fields.Many2one(related="asset_id.partner_id", store=True, index=True, string="Owner")
    dealer_id = fields.Many2one("res.partner", compute="_compute_dealer_id", store=True, index=True)
    excluded = fields.Selection(
        EXCLUDED, string="Does Not Count", readonly=True, help="Why the machine is not recalled any more.")
    notified_at = fields.Datetime(string="Notified", readonly=True)
    notified_id = fields.Many2one("res.partner", string="Told to", readonly=True, ondelete="set null")
    no_email = fields.Boolean(
        string="Owner without E-mail", compute="_compute_no_email", search="_search_no_email",
        help="Has to be told in another way.")
    response = fields.Selection(RESPONSES, string="Answer", required=True, readonly=True, default="none", index=True)
    responded_on = fields.Date(string="Answered on", readonly=True)
    response_note = fields.Char(string="What Was Answered", readonly=True)
    response_by_id = fields.Many2one("res.users", string="Recorded by", readonly=True)
    claim_id = fields.Many2one(
        "aftersales.warranty.claim", readonly=True, index="btree_not_null", check_company=True, ondelete="set null")
    answered = fields.Float(
        string="Response Rate (%)", compute="_compute_rates", store=True, aggregator="avg", digits=(5, 1))
    done = fields.Float(
        string="Done (%)", compute="_compute_rates", store=True, aggregator="avg", digits=(5, 1))

    _once = models.UniqueIndex("(recall_id, asset_id)", "A machine is on a recall once.")

    @api.depends("asset_id.dealer_id", "asset_id.contract_id.dealer_id")
    def _compute_dealer_id(self):
        for row in self:
            row.dealer_id = row.asset_id.dealer_id or row.asset_id.contract_id.dealer_id

    @api.depends("partner_id.email")
    def _compute_no_email(self):
        for row in self:
            row.no_email = not row.sudo().partner_id.email  # only whether there is one

    @api.model
    def _search_no_email(self, operator, value):
        if operator != "in":
            return NotImplemented
        without = [("partner_id.email", "in", (False, ""))]
        return without if True in value and False not in value else ["!", *without] if True not in value else []

    @api.depends("response")
    def _compute_rates(self):
        for row in self:
            row.answered = 100.0 if row.response in ANSWERS else 0.0
            row.done = 100.0 if row.response == "done" else 0.0

    @api.depends("asset_id", "recall_id")
    def _compute_display_name(self):
        for row in self.sudo():  # who reads the row reads its names
            row.display_name = f"{row.recall_id.name} · {row.asset_id.display_name}"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("The machines of a recall are found by the system, by what the recall names."))
        return super().create(vals_list)

    def _refuse_deletion(self):
        for row in self:
            raise UserError(self.env._("%s stays on record: it was recalled.", row.display_name))

    # --- answers -------------------------------------------------------------------------------------------------

    def action_book(self, note=None):
        """The owner makes an appointment."""
        self._record_response("booked", note)

    def action_done(self, note=None):
        """The machine has been mended."""
        self._record_response("done", note)

    def action_decline(self, note=None):
        """The owner does not want it."""
        self._record_response("declined", note)

    def action_unreachable(self, note=None):
        """The owner cannot be reached."""
        self._record_response("unreachable", note)

    def _record_response(self, response, note=None):
        """Note down an answer: anybody of the service may; a machine that is done stays done."""
        self._check_may_answer()
        for row in self:
            if row.recall_id.sudo().state == "draft":
                raise UserError(self.env._("%s: the recall is not released.", row.display_name))
            if row.excluded:
                raise UserError(self.env._("%(row)s does not count: %(why)s.", row=row.display_name, why=dict(
                    self._fields["excluded"]._description_selection(self.env))[row.excluded]))
            if row.response == "done" and response != "done":
                raise UserError(self.env._("%s is done already.", row.display_name))
        self._answer(response, note)

    def _answer(self, response, note=None):
        self.sudo()._write_guarded({  # nobody has the right to write rows of recalls: answers are recorded here only
            "response": response, "response_note": (note or "").strip() or False, "response_by_id": self.env.uid,
            "responded_on": fields.Date.context_today(self)})

    def _check_may_answer(self):
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group(USER)):
            raise AccessError(self.env._("Only people of the service record answers to a recall."))

    def portal_answer(self, response, note=None):
        """The owner's, or the dealer's, own answer in the portal: "booked" or "declined"."""
        self.check_access("read")
        if response not in ("booked", "declined"):
            raise UserError(self.env._("A recall is answered by an appointment, or declined."))
        for row in self:
            if row.recall_id.sudo().state != "released" or row.excluded or row.response == "done":
                raise UserError(self.env._("%s does not wait for an answer.", row.display_name))
        self._answer(response, (note or "")[:500])

    def _portal_colour(self):
        """Colour of the answer's badge in the portal."""
        self.ensure_one()
        return {"done": "success", "booked": "info", "declined": "secondary"}.get(self.response, "warning")
