"""Review of clauses by legal: only those that deviate from the library, as a diff, with the time it took.

Submitting a contract asks for it; its account manager may ask earlier. A text that is changed afterwards is another
text: its review is void and a new one is asked for.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...engine.clause_text import fingerprint
from .clause import KEEPERS

OPEN = ("open", "returned")


class ClauseReview(models.Model):
    _name = "aftersales.clause.review"
    _description = "Clause Review"
    _order = "requested_at desc, id desc"
    _rec_name = "title"

    row_id = fields.Many2one(
        "aftersales.contract.clause", string="Clause", required=True, readonly=True, index=True, ondelete="cascade")
    contract_id = fields.Many2one(related="row_id.contract_id", store=True, index=True)
    company_id = fields.Many2one(related="row_id.company_id", store=True, index=True)
    clause_id = fields.Many2one(related="row_id.clause_id", string="Library Clause", store=True)
    category_id = fields.Many2one(related="row_id.clause_id.category_id", store=True)
    partner_id = fields.Many2one(related="contract_id.partner_id")
    title = fields.Char(related="row_id.title")
    library_text = fields.Char(readonly=True, help="The text of the library that it was compared with.")
    redline = fields.Json(string="Changes", readonly=True)
    fingerprint = fields.Char(readonly=True, help="SHA-256 of the text that legal looks at.")
    state = fields.Selection(
        [("open", "To Review"), ("accepted", "Accepted"), ("returned", "Returned"), ("void", "Void")],
        required=True, readonly=True, default="open", index=True)
    requested_by_id = fields.Many2one("res.users", string="Asked by", required=True, readonly=True)
    requested_at = fields.Datetime(string="Asked", required=True, readonly=True)
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    decided_at = fields.Datetime(string="Decided", readonly=True)
    reason = fields.Text(readonly=True)
    cycle_hours = fields.Float(
        string="Cycle Time (Hours)", compute="_compute_cycle_hours", store=True, aggregator="avg",
        help="From the question to the decision.")
    may_decide = fields.Boolean(compute="_compute_may_decide")

    _one_open = models.UniqueIndex("(row_id) WHERE state = 'open'", "This clause is with legal already.")

    @api.depends("requested_at", "decided_at")
    def _compute_cycle_hours(self):
        for review in self:
            spent = review.decided_at and review.decided_at - review.requested_at
            review.cycle_hours = spent.total_seconds() / 3600 if spent else 0

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        keeper = self.env.user.has_groups(KEEPERS)
        for review in self:
            review.may_decide = keeper and review.state == "open" and self.env.user not in review._authors()

    def _authors(self):
        return self.requested_by_id | self.row_id.sudo().edited_by_id

    def decide(self, decision, reason=""):
        """Accept or return deviating clauses. ``decision``: "accepted" or "returned"; the latter needs a ``reason``."""
        if not self.env.user.has_groups(KEEPERS):
            raise AccessError(self.env._("Only legal or an administrator decides on clauses."))
        self.check_access("read")
        if decision not in ("accepted", "returned"):
            raise UserError(self.env._("A clause is accepted or returned, not %s.", decision))
        reason = (reason or "").strip()
        if decision == "returned" and not reason:
            raise UserError(self.env._("Say why the clause is returned, so that its author knows what to change."))
        for review in self:
            review._check_may_decide()
        self.sudo().write({  # nobody has the right to write reviews: this is the one way to decide
            "state": decision, "reason": reason, "decided_by_id": self.env.uid, "decided_at": fields.Datetime.now()})
        self._tell(decision, reason)

    def _check_may_decide(self):
        if self.state != "open":
            raise UserError(self.env._("Clause %s is decided already.", self.display_name))
        if self.env.user in self._authors():
            raise AccessError(self.env._(
                "You wrote clause %s or asked about it: somebody else must decide.", self.display_name))
        if self.row_id.sudo()._review_fingerprint() != self.fingerprint:
            raise UserError(self.env._(
                "Clause %s has changed since it was sent to legal. Ask its author to send it again.",
                self.display_name))

    def _tell(self, decision, reason):
        for review in self:
            name = review.display_name
            said = (self.env._("Legal accepted clause %s.", name) if decision == "accepted" else
                    self.env._("Legal returned clause %(clause)s: %(reason)s", clause=name, reason=reason))
            review.contract_id.sudo()._message_log(body=said)  # legal need not be allowed to write contracts

    def action_open_accept(self):
        return self._open_wizard("accepted", self.env._("Accept Clauses"))

    def action_open_return(self):
        return self._open_wizard("returned", self.env._("Return Clauses"))

    def _open_wizard(self, decision, name):
        return {"type": "ir.actions.act_window", "name": name, "res_model": "aftersales.clause.decision",
                "view_mode": "form", "target": "new",
                "context": {"default_review_ids": self.ids, "default_decision": decision}}


class ContractClause(models.Model):
    _inherit = "aftersales.contract.clause"

    review_ids = fields.One2many("aftersales.clause.review", "row_id", string="Reviews", copy=False)
    review_state = fields.Selection(
        [("ask", "Not Sent"), ("open", "With Legal"), ("accepted", "Accepted"), ("returned", "Returned")],
        string="Legal", compute="_compute_review_state", help="What legal said on this very text.")
    review_reason = fields.Text(compute="_compute_review_state")

    @api.depends("deviation", "text", "review_ids.state", "review_ids.fingerprint", "review_ids.reason")
    def _compute_review_state(self):
        for row in self:
            last = row.review_ids.filtered(lambda review: review.state != "void").sorted("id")[-1:]
            known = last and last.fingerprint == row._review_fingerprint()
            if row.deviation != "deviating":
                row.review_state = False
            else:
                row.review_state = last.state if known else "ask"
            row.review_reason = last.reason if known and row.review_state else False

    def write(self, vals):
        result = super().write(vals)
        if "text" in vals:
            self.sudo().review_ids.filtered(  # as whoever changes the text
                lambda one: one.state == "open" and one.fingerprint != one.row_id._review_fingerprint(),
            ).write({"state": "void"})
        return result

    def _review_fingerprint(self):
        """SHA-256 of the text as it is written, white space and typography aside."""
        return fingerprint(self.text or "")

    def _ask_legal(self):
        """Send the deviating clauses among these to legal; what legal has on another text of them is void."""
        asked = self.filtered(lambda row: row.review_state == "ask")
        (self - asked).review_ids.filtered(
            lambda review: review.state == "open" and review.row_id.deviation != "deviating").write({"state": "void"})
        asked.review_ids.filtered(lambda review: review.state in OPEN).write({"state": "void"})
        self.env["aftersales.clause.review"].flush_model(["state"])  # what is void makes room in the unique index
        self.env["aftersales.clause.review"].create([{
            "row_id": row.id, "library_text": row.nearest_id.display_name, "redline": row.redline,
            "fingerprint": row._review_fingerprint(), "requested_by_id": self.env.uid,
            "requested_at": fields.Datetime.now()} for row in asked])
        return asked


class Contract(models.Model):
    _inherit = "aftersales.contract"

    clause_review_ids = fields.One2many("aftersales.clause.review", "contract_id", string="Clause Reviews", copy=False)
    open_review_count = fields.Integer(string="Clauses with Legal", compute="_compute_open_review_count")
    unasked_clause_count = fields.Integer(string="Clauses Not Sent", compute="_compute_open_review_count")

    @api.depends("clause_ids.review_state")
    def _compute_open_review_count(self):
        for contract in self:
            states = contract.clause_ids.mapped("review_state")
            contract.open_review_count = states.count("open")
            contract.unasked_clause_count = states.count("ask")

    def action_ask_legal(self):
        """Send the deviating clauses of drafts to legal, before they are submitted."""
        self.check_access("write")
        for contract in self:
            if contract.state not in ("draft", "review"):
                raise UserError(self.env._(
                    "Contract %s is not a draft: its clauses are agreed.", contract.display_name))
        if not self.clause_ids.sudo()._ask_legal():  # reviews are written by the system only
            raise UserError(self.env._("No clause deviates that legal has not been asked about."))
        self._remind_legal()

    def _remind_legal(self):
        for contract in self.filtered("legal_user_id"):
            if contract.clause_ids.review_ids.filtered(lambda review: review.state == "open"):
                contract.sudo().activity_schedule(  # whoever submits need not be allowed to plan for legal
                    "mail.mail_activity_data_todo", user_id=contract.legal_user_id.id,
                    summary=self.env._("Review deviating clauses"))

    def _check_move(self, action):
        super()._check_move(action)
        if action == "approve":
            self._check_clauses_accepted()

    def _check_clauses_accepted(self):
        for row in self.sudo().clause_ids:  # approvers need not read what legal said
            if row.review_state == "returned":
                raise UserError(self.env._(
                    "Contract %(contract)s cannot be approved: legal returned clause %(clause)s (%(reason)s). "
                    "Reject the contract, change the clause and submit it again.",
                    contract=self.display_name, clause=row.display_name, reason=row.review_reason))
            if row.review_state in ("ask", "open"):
                raise UserError(self.env._(
                    "Contract %(contract)s cannot be approved: clause %(clause)s deviates from the library and legal "
                    "has not accepted it. Ask legal, who decide under Clauses to Review.",
                    contract=self.display_name, clause=row.display_name))

    def _moved(self, action):
        if action == "submit":
            self.clause_ids.sudo()._ask_legal()  # asked by the lifecycle
            self._remind_legal()
        super()._moved(action)
