"""Notice: what one side declared to the other, with its proof. Facts are registered once; later facts are added.

What a notice does is judged, not entered: see ``notice_effect``. A draft may change; a registered notice only takes
the receipt, the cure of a breach or the withdrawal that came after it, each once and with its evidence.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...engine.termination import cure_ends
from .contract_notice import METHODS

KINDS = [
    ("termination", "Termination"), ("non_renewal", "Non-renewal"), ("breach", "Breach"), ("other", "Other"),
]
ENDING = ("termination", "non_renewal")  # kinds that end the contract
REASONS = [
    ("withdrawn", "It was withdrawn."),
    ("authority", "Its sender has no authority to give notice: have it sent again by somebody who has."),
    ("unproven", "Nothing shows that it was received or sent: record the evidence."),
    ("late", "It counts after the deadline."),
    ("second", "Another notice came first."),
    ("ended", "The contract had ended."),
]
ENTERED = ("contract_id", "direction", "kind", "sender_id", "signed_by", "authorised", "authority", "method", "sent_at",
           "received_at", "note", "attachment_ids")
CLOCK_TOLERANCE = timedelta(minutes=5)


class Notice(models.Model):
    _name = "aftersales.notice"
    _description = "Notice"
    _inherit = ["aftersales.frozen", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _free_fields = frozenset({"message_main_attachment_id"})

    contract_id = fields.Many2one(
        "aftersales.contract", required=True, index=True, ondelete="restrict", check_company=True, tracking=True,
        domain="[('is_template', '=', False), ('amends_id', '=', False), ('state', 'not in', ('draft', 'review'))]")
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="contract_id.partner_id", string="Partner")
    direction = fields.Selection(
        [("sent", "Sent by Us"), ("received", "Received by Us")], required=True, default="sent", tracking=True)
    kind = fields.Selection(KINDS, required=True, default="non_renewal", tracking=True)
    sender_id = fields.Many2one(
        "res.partner", compute="_compute_sender_id", store=True, readonly=False, precompute=True,
        help="The party that gives the notice.")
    signed_by = fields.Char(help="The person who signed it.")
    authorised = fields.Boolean(
        string="With Authority", default=True, tracking=True, help="Whether the sender may bind the party.")
    authority = fields.Char(
        help="What the authority rests on, such as an entry in the register or a power of attorney.")
    method = fields.Selection(METHODS, string="Delivery", required=True, default="registered", tracking=True)
    sent_at = fields.Datetime(string="Sent", tracking=True)
    received_at = fields.Datetime(string="Received", tracking=True, help="Empty: not proven yet.")
    note = fields.Text(help="What it says, or what proves it where there is no file.")
    attachment_ids = fields.Many2many("ir.attachment", string="Files", copy=False)
    evidence_ids = fields.One2many("aftersales.notice.evidence", "notice_id", copy=False)
    state = fields.Selection(
        [("draft", "Draft"), ("registered", "Registered"), ("withdrawn", "Withdrawn")], required=True, readonly=True,
        default="draft", copy=False, index=True, tracking=True)
    registered_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    registered_at = fields.Datetime(readonly=True, copy=False)
    term_start = fields.Date(readonly=True, copy=False, help="The first day of the term that it was given in.")
    # the verdict
    effective = fields.Boolean(readonly=True, copy=False, help="This notice ends the contract.")
    counts_on = fields.Date(readonly=True, copy=False, help="The day on which it counts as received, or as sent.")
    deadline = fields.Date(readonly=True, copy=False, help="The day by which it had to count.")
    reason = fields.Selection(REASONS, string="Why Not", readonly=True, copy=False)
    ends_on = fields.Date(string="Contract Ends", readonly=True, copy=False, help="The last day in force.")
    sets_end = fields.Boolean(readonly=True, copy=False, help="The contract had no last day before this notice.")
    verdict = fields.Char(compute="_compute_verdict")
    # what came after
    withdrawn_at = fields.Datetime(readonly=True, copy=False)
    withdrawn_by_id = fields.Many2one("res.users", string="Withdrawal Recorded by", readonly=True, copy=False)
    withdrawal_agreed_by_id = fields.Many2one(
        "res.partner", string="Withdrawal Agreed by", readonly=True, copy=False,
        help="Who of the other side agreed to the withdrawal.")
    cure_until = fields.Date(
        compute="_compute_cure_until", help="A breach can be cured up to this day, before termination for cause.")
    cured_on = fields.Date(readonly=True, copy=False)

    _order_of_instants = models.Constraint(
        "CHECK(received_at IS NULL OR sent_at IS NULL OR received_at >= sent_at)",
        "A notice cannot be received before it was sent.")
    _one_effective = models.UniqueIndex(
        "(contract_id, term_start) WHERE effective", "Only one notice ends a contract.")
    _of_contract = models.Index("(contract_id, term_start) WHERE state <> 'draft'")

    @api.depends("contract_id", "direction")
    def _compute_sender_id(self):
        for notice in self:
            contract = notice.contract_id
            notice.sender_id = contract.company_id.partner_id if notice.direction == "sent" else contract.partner_id

    @api.depends("kind", "contract_id", "direction", "sent_at", "received_at")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for notice in self:
            at = notice.sent_at if notice.direction == "sent" else notice.received_at or notice.sent_at
            day = format_date(self.env, at) if at else self.env._("not dated")
            notice.display_name = f"{notice.contract_id.name or ''} · {kinds.get(notice.kind, '')} · {day}"

    @api.depends("kind", "counts_on", "contract_id.cure_days")
    def _compute_cure_until(self):
        for notice in self:
            notice.cure_until = notice._cure_ends(notice.contract_id.cure_days) if notice.kind == "breach" else False

    def _cure_ends(self, days):
        """The last day on which a breach notified by this notice can be cured within ``days``; False: not notified."""
        self.ensure_one()
        if not self.counts_on:
            return False
        office = self.contract_id._notice_calendar(self.direction)._business_days()
        return cure_ends(self.counts_on, days, calendar=office)

    # --- guards ------------------------------------------------------------------------------------------------------

    def _frozen(self):
        return self.filtered(lambda notice: notice.state != "draft")

    def _refuse_frozen(self):
        frozen = self._frozen()
        if frozen:
            raise UserError(self.env._(
                "Notice %s is registered and does not change. Withdraw it with the other side's agreement, or register "
                "another one.", frozen[0].display_name))

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_judged(vals_list)
        notices = super().create(vals_list)
        notices._show_files()
        return notices

    def write(self, vals):
        self._refuse_judged([vals])
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._show_files()
        return result

    def _refuse_judged(self, vals_list):
        """What is judged or recorded by a button cannot be entered."""
        closed = {name for name, field in self._fields.items() if field.readonly and field.store and not field.related}
        closed &= {*self._fields} - {*ENTERED, "create_uid", "create_date", "write_uid", "write_date"}
        named = next((name for vals in vals_list for name in vals if name in closed), None)
        if named:
            raise UserError(self.env._(
                "%s of a notice is not entered: register the notice, and it is judged.",
                self._fields[named]._description_string(self.env)))

    def _show_files(self):
        """Who may read the notice may read its files; an upload is its uploader's until it belongs to a record."""
        for notice in self:
            notice._claim(notice.attachment_ids)

    def _claim(self, attachments):
        own = attachments.sudo().filtered(lambda file: not file.res_id and file.create_uid == self.env.user)
        own.write({"res_model": self._name, "res_id": self.id})

    # --- registration ------------------------------------------------------------------------------------------------

    def action_register(self):
        """Make these drafts facts, with the hash of each file; judge them, and let the contract follow."""
        self.check_access("write")
        for notice in self:
            notice._check_registrable()
            notice._keep("notice", notice.attachment_ids, notice.note)
            notice._write_unguarded({
                "state": "registered", "registered_by_id": self.env.uid, "registered_at": fields.Datetime.now(),
                "term_start": notice.contract_id._current_term_start()})
        self.contract_id._judge_notices()

    def _check_registrable(self):
        """Raise UserError naming what keeps this draft from being registered."""
        contract, name = self.contract_id, self.display_name
        if self.state != "draft":
            raise UserError(self.env._("Notice %s is registered already.", name))
        if contract.is_template or contract.amends_id or contract.state in ("draft", "review", "approved"):
            raise UserError(self.env._(
                "Notice %(notice)s: contract %(contract)s is not signed, so there is nothing to give notice of.",
                notice=name, contract=contract.display_name))
        if self.kind in ENDING and contract.state in ("expired", "terminated"):
            raise UserError(self.env._(
                "Notice %(notice)s: contract %(contract)s has ended already.",
                notice=name, contract=contract.display_name))
        if not self.sent_at and not self.received_at:
            raise UserError(self.env._("Notice %s: enter when it was sent or received.", name))
        for field in ("sent_at", "received_at"):
            self._refuse_future(field, self[field])
        if not self.attachment_ids and not (self.note or "").strip():
            raise UserError(self.env._("Notice %s has no evidence: add a file, or a note of what proves it.", name))

    def _refuse_future(self, field, at):
        if at and at > fields.Datetime.now() + CLOCK_TOLERANCE:
            raise UserError(self.env._(
                "Notice %(notice)s: %(field)s lies in the future (%(at)s UTC).", notice=self.display_name,
                field=self._fields[field]._description_string(self.env), at=at))

    def _keep(self, role, attachments, note):
        """Append the evidence of one fact: a line a file, or one for the note alone."""
        self.ensure_one()
        self._claim(attachments)
        self.env["aftersales.notice.evidence"]._append(self, role, attachments, note)

    # --- verdict -----------------------------------------------------------------------------------------------------

    @api.depends("state", "effective", "reason", "counts_on", "ends_on", "kind")
    @api.depends_context("lang")
    def _compute_verdict(self):
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        for notice in self:
            notice.verdict = notice._verdict_in_words(reasons)

    def _verdict_in_words(self, reasons):
        _, day = self.env._, lambda value: format_date(self.env, value)
        if self.state == "draft":
            return ""
        if self.kind not in ENDING:
            return _("On record.") if not self.counts_on else _("It counts on %s.", day(self.counts_on))
        if self.effective:
            return _("Effective: it counts on %(day)s, and the contract ends on %(end)s.",
                      day=day(self.counts_on), end=day(self.ends_on))
        if self.reason == "late":
            return _("Not effective: it counts on %(day)s, after the deadline %(deadline)s.",
                      day=day(self.counts_on), deadline=day(self.deadline))
        return _("Not effective: %s", reasons.get(self.reason, ""))
