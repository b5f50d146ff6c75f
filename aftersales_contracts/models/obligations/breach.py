"""Breach: one side did not keep the contract. What happened, its proof, the time to cure it, and what follows."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...engine.errors import EngineError
from ...engine.termination import cure_ends
from .obligation import LEGAL

STATES = [
    ("proposed", "Proposed"),
    ("open", "Open"),
    ("notified", "Notified"),
    ("cured", "Cured"),
    ("uncured", "Not Cured"),
    ("disputed", "Disputed"),
    ("waived", "Waived"),
]
PENDING = ("proposed", "open", "notified", "disputed")
MOVES = {  # (state, action): state; whatever is not here is refused
    ("proposed", "confirm"): "open",
    ("open", "notify"): "notified",
    ("notified", "cure"): "cured",
    ("uncured", "cure"): "cured",
    ("notified", "lapse"): "uncured",
    ("open", "dispute"): "disputed",
    ("notified", "dispute"): "disputed",
    ("uncured", "dispute"): "disputed",
    ("cured", "dispute"): "disputed",
    **{(state, "waive"): "waived" for state in ("proposed", "open", "notified", "uncured", "disputed")},
}
PARTIES = [("ours", "We"), ("theirs", "The Other Side")]
EVENTS = [
    ("clock", "Broken Service Level"),
    ("statement", "Statement"),
    ("obligation", "Missed Obligation"),
    ("other", "Other Event"),
]


class Breach(models.Model):
    _name = "aftersales.breach"
    _inherit = [
        "aftersales.numbering", "aftersales.guarded", "aftersales.handled", "mail.thread", "mail.activity.mixin"]
    _description = "Breach of Contract"
    _order = "noticed_on desc, id desc"
    _check_company_auto = True
    _number_code = "aftersales.breach"
    _number_day = "noticed_on"
    _guarded = {
        "state": "open", "name": "/", "state_before": False, "cure_until": False, "cured_on": False, "reason": False,
        "decided_by_id": False, "corrected_by_id": False, "corrected_on": False, "verified_by_id": False,
        "verified_on": False,
    }

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, default="/")
    title = fields.Char(string="Breach", required=True, tracking=True)
    contract_id = fields.Many2one(
        "aftersales.contract", required=True, index=True, ondelete="restrict", tracking=True,
        domain=[("is_template", "=", False), ("amends_id", "=", False)])
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    party = fields.Selection(
        PARTIES, string="Party in Breach", required=True, default="theirs", tracking=True,
        help="Who broke the contract.")
    partner_id = fields.Many2one(
        "res.partner", string="Other Side", compute="_compute_partner_id", store=True, readonly=False, precompute=True,
        index=True)
    user_id = fields.Many2one(
        "res.users", string="Owner", default=lambda self: self.env.user, index=True, tracking=True,
        domain=[("share", "=", False)])
    noticed_on = fields.Date(string="Noticed", required=True, default=fields.Date.context_today, tracking=True)
    # the event
    event_kind = fields.Selection(EVENTS, string="Event", compute="_compute_event_kind", store=True)
    clock_id = fields.Many2one(
        "aftersales.sla.clock", string="Breached Clock", ondelete="restrict", index="btree_not_null",
        domain="[('contract_id', '=', contract_id), ('state', '=', 'breached')]")
    statement_line_id = fields.Many2one(
        "aftersales.statement.line", ondelete="restrict", index="btree_not_null",
        domain="[('statement_id.contract_id', '=', contract_id)]")
    obligation_id = fields.Many2one(
        "aftersales.obligation", ondelete="restrict", index="btree_not_null",
        domain="[('contract_id', '=', contract_id)]")
    event = fields.Text(string="What Happened")
    evidence_ids = fields.One2many("aftersales.evidence", "breach_id", copy=False)
    # the cure
    cure_length = fields.Integer(string="Cure Period", default=30, aggregator=None, help="0: it cannot be cured.")
    cure_unit = fields.Selection(
        [("day", "Days"), ("week", "Weeks"), ("month", "Months")], required=True, default="day")
    notified_on = fields.Date(
        string="Notified", tracking=True, copy=False,
        help="When the party in breach was told; the cure period counts from that day.")
    cure_until = fields.Date(string="To Be Cured by", readonly=True, copy=False, tracking=True)
    cured_on = fields.Date(string="Cured", readonly=True, copy=False, tracking=True)
    cured_late = fields.Boolean(compute="_compute_cured_late")
    # what follows
    contract_clause_id = fields.Many2one(
        "aftersales.contract.clause", string="Clause", index="btree_not_null", ondelete="set null",
        domain="[('contract_id', '=', contract_id)]")
    clause_ref = fields.Char(string="Clause No.", help="The clause that was broken, or that states the consequence.")
    consequence = fields.Text(help="What the contract provides for: a penalty, a right to terminate, damages.")
    corrective_action = fields.Text(help="What is done so that it does not happen again.")
    corrected_by_id = fields.Many2one("res.users", string="Corrected by", readonly=True, copy=False)
    corrected_on = fields.Date(string="Corrected", readonly=True, copy=False)
    verified_by_id = fields.Many2one("res.users", string="Verified by", readonly=True, copy=False)
    verified_on = fields.Date(string="Verified", readonly=True, copy=False)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="open", copy=False, index=True, tracking=True,
        group_expand="_expand_states")
    state_before = fields.Char(readonly=True, copy=False, help="To which a settled dispute returns.")
    decided_by_id = fields.Many2one("res.users", string="Waived by", readonly=True, copy=False)
    reason = fields.Text(readonly=True, copy=False, help="Why it was waived, or why the dispute ended so.")
    issue_ids = fields.One2many("aftersales.issue", "breach_id", string="Disputes", copy=False)

    _of_obligation = models.UniqueIndex(
        "(obligation_id) WHERE obligation_id IS NOT NULL", "This obligation stands in the breach register already.")
    _cure_not_negative = models.Constraint("CHECK(cure_length >= 0)", "A cure period cannot be negative.")
    _two_people = models.Constraint(
        "CHECK(verified_by_id IS NULL OR verified_by_id <> corrected_by_id)",
        "Who took the corrective action does not verify it.")
    _curing = models.Index("(cure_until) WHERE state = 'notified'")

    @api.model
    def _expand_states(self, states, _domain):
        """Columns in the order of the course, those with a breach."""
        return [key for key, _label in STATES if key in states]

    @api.depends("name", "title")
    def _compute_display_name(self):
        for breach in self:
            breach.display_name = f"{breach.name} {breach.title}" if breach.name != "/" else breach.title

    @api.depends("contract_id")
    def _compute_partner_id(self):
        for breach in self:
            breach.partner_id = breach.partner_id or breach.contract_id.partner_id

    @api.depends("clock_id", "statement_line_id", "obligation_id")
    def _compute_event_kind(self):
        for breach in self:
            breach.event_kind = (
                "clock" if breach.clock_id else "statement" if breach.statement_line_id
                else "obligation" if breach.obligation_id else "other")

    @api.depends("cured_on", "cure_until")
    def _compute_cured_late(self):
        for breach in self:
            breach.cured_late = bool(breach.cured_on and breach.cure_until and breach.cured_on > breach.cure_until)

    @api.constrains("contract_id", "clock_id", "statement_line_id", "obligation_id", "contract_clause_id")
    def _check_event(self):
        for breach in self:
            for event in (breach.clock_id, breach.statement_line_id, breach.obligation_id, breach.contract_clause_id):
                if event and event.contract_id != breach.contract_id:
                    raise ValidationError(self.env._(
                        "Breach %(name)s: %(event)s belongs to another contract.",
                        name=breach.title, event=event.display_name))
            if breach.clock_id and breach.clock_id.state != "breached":
                raise ValidationError(self.env._(
                    "Breach %(name)s: %(clock)s is not breached.",
                    name=breach.title, clock=breach.clock_id.display_name))

    @api.constrains("noticed_on", "notified_on")
    def _check_days(self):
        for breach in self:
            if breach.notified_on and breach.notified_on < breach.noticed_on:
                raise ValidationError(self.env._(
                    "Breach %(name)s: notified on %(notified)s, before it was noticed on %(noticed)s.",
                    name=breach.title, notified=breach.notified_on, noticed=breach.noticed_on))

    @api.model_create_multi
    def create(self, vals_list):
        breaches = super().create(vals_list)
        breaches._give_numbers()
        return breaches

    def write(self, vals):
        """From the notice on, what was notified stays; a settled breach stays as it is."""
        facts = {"title", "contract_id", "party", "partner_id", "noticed_on", "clock_id", "statement_line_id",
                 "obligation_id", "event", "cure_length", "cure_unit", "notified_on"} & set(vals)
        if facts:
            for breach in self.filtered(lambda b: b.state not in ("proposed", "open")):
                raise UserError(self.env._(
                    "Breach %s was notified: what it says stays. Waive it and record another if it is wrong.",
                    breach.display_name))
        return super().write(vals)

    def _refuse_deletion(self):
        for breach in self:
            raise UserError(self.env._(
                "%s stays in the breach register. Waive it with a reason.", breach.display_name))

    def _takes_evidence(self):
        return self.state in ("proposed", "open")

    # --- course --------------------------------------------------------------------------------------------------

    def _move(self, action, **values):
        """Move each breach by ``action``; raises UserError naming the breach and its state."""
        for breach in self:
            state = MOVES.get((breach.state, action))
            if not state:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(self.env._(
                    "Breach %(name)s is %(state)s: that is not possible now.",
                    name=breach.display_name, state=labels[breach.state].lower()))
            breach._write_guarded({"state": state, **values})

    def action_confirm(self):
        """A proposed breach is one: it enters the register."""
        self.check_access("write")
        self._move("confirm")

    def action_notify(self):
        """The party in breach was told: the cure period begins. ``notified_on`` is today unless filled in."""
        self.check_access("write")
        for breach in self:
            if not (breach.event or "").strip() and breach.event_kind == "other":
                raise UserError(self.env._("Breach %s: say what happened.", breach.display_name))
            day = breach.notified_on or breach._today()
            if day > breach._today():
                raise UserError(self.env._(
                    "Breach %(name)s cannot be notified on %(day)s, which is still to come.",
                    name=breach.display_name, day=day))
            try:
                until = cure_ends(day, breach.cure_length, breach.cure_unit)
            except EngineError as error:
                raise UserError(self.env._(
                    "Breach %(name)s: the cure period does not work: %(error)s", name=breach.display_name, error=error,
                )) from error
            breach._move("notify", notified_on=day, cure_until=until)

    def action_cure(self, cured_on=None):
        """It was put right, by default today; after the cure period it counts as cured late."""
        self.check_access("write")
        for breach in self:
            day = fields.Date.to_date(cured_on) or breach._today()
            if breach.notified_on and not breach.notified_on <= day <= breach._today():
                raise UserError(self.env._(
                    "Breach %(name)s cannot have been cured on %(day)s: it was notified on %(notified)s.",
                    name=breach.display_name, day=day, notified=breach.notified_on))
            breach._move("cure", cured_on=day)
        self.env["aftersales.reminder"]._settled("breach_cure", self)

    def action_waive(self, reason=None):
        """Let it pass, or drop a proposal that is none, for a reason. Legal or an administrator."""
        if not self.env.user.has_groups(LEGAL):
            raise AccessError(self.env._("Only legal or an administrator waives a breach."))
        self.check_access("write")
        self._move("waive", reason=self._check_reason(reason), decided_by_id=self.env.uid)
        self.env["aftersales.reminder"]._settled("breach_cure", self)
