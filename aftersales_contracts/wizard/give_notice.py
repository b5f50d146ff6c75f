"""Give notice: shows the last safe day and what follows, before the notice becomes a fact."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..models.endings.contract_notice import METHODS
from ..models.endings.notice import ENDING, KINDS


class GiveNotice(models.TransientModel):
    _name = "aftersales.give.notice"
    _description = "Give Notice"

    contract_id = fields.Many2one("aftersales.contract", required=True, readonly=True, ondelete="cascade")
    last_safe_day = fields.Date(related="contract_id.last_safe_day")
    last_safe_steps = fields.Json(related="contract_id.last_safe_steps")
    direction = fields.Selection(
        [("sent", "Sent by Us"), ("received", "Received by Us")], required=True, default="sent")
    kind = fields.Selection(KINDS, required=True, default="non_renewal")
    method = fields.Selection(
        METHODS, string="Delivery", compute="_compute_method", store=True, readonly=False, precompute=True)
    sent_at = fields.Datetime(string="Sent", default=lambda self: fields.Datetime.now())
    received_at = fields.Datetime(string="Received", help="Leave it empty until receipt is proven.")
    signed_by = fields.Char(help="The person who signed it.")
    authorised = fields.Boolean(string="With Authority", default=True)
    authority = fields.Char(help="What the authority rests on.")
    note = fields.Text(help="What it says, or what proves it where there is no file.")
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    consequence = fields.Text(string="What Follows", compute="_compute_consequence")
    late = fields.Boolean(compute="_compute_consequence")

    @api.depends("contract_id")
    def _compute_method(self):
        for wizard in self:
            wizard.method = wizard.contract_id.notice_method or "registered"

    @api.depends("contract_id", "direction", "kind", "method", "sent_at", "received_at", "authorised")
    def _compute_consequence(self):
        for wizard in self:
            wizard.late = False
            wizard.consequence = "\n".join(wizard._sentences()) if wizard.contract_id else ""

    def _sentences(self):
        """What this notice would do, sentence by sentence, judged by the same rules as a registered one."""
        _, contract = self.env._, self.contract_id
        if self.kind not in ENDING:
            yield _("The notice goes on record. The contract goes on as it is.")
            return
        agreed = contract._agreed_end()
        safe = contract._safe_day(self.direction, agreed)
        if safe:
            yield _("It must be %(rule)s by %(deadline)s.",
                     rule=contract._label_of("notice_receipt").lower(), deadline=format_date(self.env, safe.latest))
        fact = self.env["aftersales.notice"].new({
            "contract_id": contract.id, "direction": self.direction, "kind": self.kind, "sent_at": self.sent_at,
            "received_at": self.received_at, "authorised": self.authorised, "state": "registered"})
        day, objection = contract._would_count(fact, safe)
        if objection == "authority":
            yield _("Its sender has no authority: it will not end the contract.")
        elif objection == "unproven":
            yield _("It takes effect once its receipt is on record.")
        elif objection == "late":
            self.late = True
            yield _("It counts on %s and is too late: it will not end the contract.", format_date(self.env, day))
        else:
            end = agreed or contract._earliest_end(day)
            yield _("It counts on %(day)s. The contract is under notice then, is not renewed, and ends on %(end)s.",
                     day=format_date(self.env, day), end=format_date(self.env, end))

    def action_confirm(self):
        """Register the notice; rights and state are checked by the contract."""
        self.ensure_one()
        if not self.attachment_ids and not (self.note or "").strip():
            raise UserError(self.env._(
                "Contract %s: add a file, or a note of what proves the notice.", self.contract_id.display_name))
        self.contract_id.give_notice(
            self.direction, self.kind, self.sent_at, self.received_at, self.method, self.authorised, self.note,
            self.attachment_ids.ids, signed_by=self.signed_by, authority=self.authority)
        return {"type": "ir.actions.act_window_close"}
