"""Post penalties: shows which documents would be made, and names what cannot be posted and why, before it happens."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class PostPenalties(models.TransientModel):
    _name = "aftersales.post.penalties"
    _description = "Post Penalties"

    penalty_ids = fields.Many2many(
        "aftersales.penalty", required=True, default=lambda self: self._default_penalties(),
        string="Penalties to Post")
    dated = fields.Selection(
        [("today", "Today, or on the first day on which the accounts are open"), ("day", "On another day")],
        string="Documents Dated", required=True, default="today", help="Today where the contract is.")
    day = fields.Date(string="Date of the Documents")
    line_ids = fields.One2many(
        "aftersales.post.penalties.line", "wizard_id", compute="_compute_line_ids", store=True, compute_sudo=False,
        string="What Happens")
    ready_count = fields.Integer(string="Can Be Posted", compute="_compute_counts")
    held_count = fields.Integer(string="Cannot Be Posted", compute="_compute_counts")
    document_count = fields.Integer(string="Documents", compute="_compute_counts")

    @api.model
    def _default_penalties(self):
        """Those that were selected in the list; from elsewhere every approved one."""
        Penalty = self.env["aftersales.penalty"]
        if self.env.context.get("active_model") == Penalty._name:
            return Penalty.browse(self.env.context.get("active_ids") or []).exists()
        return Penalty.search([("state", "=", "approved"), ("company_id", "in", self.env.companies.ids)])

    @api.depends("penalty_ids", "dated", "day")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [Command.clear(), *(Command.create(row) for row in wizard._preview())]

    def _day(self):
        return self.day if self.dated == "day" else None

    def _preview(self):
        """Values of the lines: those that can be posted by document, then those that cannot, with the reasons.
        What is posted already is none of them."""
        penalties = self.penalty_ids._origin
        penalties._check_may_post()
        documents, refused = penalties.filtered(lambda one: one.state != "posted")._plan(self._day())
        rows = []
        for number, document in enumerate(documents, 1):
            label = self.env["aftersales.penalty"]._document_label(document)
            rows += [
                {"penalty_id": penalty.id, "document": number, "what": label, "day": document.day,
                 "billed_to_id": booking.partner.id}
                for penalty, booking in zip(document.penalties, document.bookings, strict=True)]
        rows += [{"penalty_id": penalty.id, "problem": "; ".join(gaps)} for penalty, gaps in refused.items()]
        return rows

    @api.depends("line_ids")
    def _compute_counts(self):
        for wizard in self:
            ready = wizard.line_ids.filtered(lambda line: not line.problem)
            wizard.ready_count, wizard.held_count = len(ready), len(wizard.line_ids - ready)
            wizard.document_count = len(set(ready.mapped("document")))

    def action_post(self):
        """Post what can be posted; what cannot is left as it is. Shows the documents, and what was left."""
        self.ensure_one()
        penalties = self.penalty_ids
        refused = penalties._post_batch(self._day())
        posted = penalties.filtered(lambda one: one.move_id and one not in refused)
        if not posted:
            raise UserError(
                penalties._refusals_in_words(refused) if refused else self.env._("There is nothing to post."))
        action = posted._action_documents()
        if not refused:
            return action
        rows = [f"{penalty.name}: {'; '.join(gaps)}" for penalty, gaps in refused.items()]
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "type": "warning", "sticky": True, "next": action,
            "title": self.env._("%(done)s posted, %(left)s left", done=len(posted), left=len(refused)),
            "message": "\n".join(rows)}}


class PostPenaltiesLine(models.TransientModel):
    _name = "aftersales.post.penalties.line"
    _description = "Penalty to Post"
    _order = "id"

    wizard_id = fields.Many2one("aftersales.post.penalties", required=True, ondelete="cascade", index=True)
    penalty_id = fields.Many2one("aftersales.penalty", required=True, ondelete="cascade")
    name = fields.Char(related="penalty_id.name")
    contract_id = fields.Many2one(related="penalty_id.contract_id")
    period_text = fields.Char(related="penalty_id.period_text")
    currency_id = fields.Many2one(related="penalty_id.currency_id")
    amount = fields.Monetary(related="penalty_id.amount")
    document = fields.Integer(string="Document No.")
    what = fields.Char(string="Becomes")
    billed_to_id = fields.Many2one("res.partner", string="For")
    day = fields.Date(string="Dated")
    problem = fields.Text(string="Cannot Be Posted, for")


class ReversePenalty(models.TransientModel):
    _name = "aftersales.reverse.penalty"
    _description = "Reverse Penalties"

    penalty_ids = fields.Many2many(
        "aftersales.penalty", required=True, default=lambda self: self._default_penalties(),
        string="Penalties to Reverse")
    reason = fields.Char(required=True, help="Stands in the counter-entry and in the penalty.")
    day = fields.Date(
        string="Date of the Counter-entry",
        help="Empty: today where the contract is, or the first day on which the accounts are open.")
    again = fields.Selection(
        [("no", "Take the penalty back: it counts for nothing"),
         ("yes", "Only the entry was wrong: the penalty stands and is posted again")],
        string="What For", required=True, default="no")

    @api.model
    def _default_penalties(self):
        Penalty = self.env["aftersales.penalty"]
        if self.env.context.get("active_model") == Penalty._name:
            return Penalty.browse(self.env.context.get("active_ids") or []).exists()
        return Penalty

    def action_reverse(self):
        """Make the counter-entry."""
        self.ensure_one()
        return self.penalty_ids.action_reverse(self.reason, self.day, self.again == "yes")
