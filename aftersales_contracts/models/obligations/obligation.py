"""Obligation: what one side owes the other by a day, with its owner and its proof. Ours and theirs alike."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .obligation_type import DIRECTIONS, INTERVAL_UNITS, REPEATS

STATES = [
    ("open", "Open"),
    ("overdue", "Overdue"),
    ("done", "Done"),
    ("waived", "Waived"),
]
PENDING = ("open", "overdue")
PLAIN = {"direction": "theirs", "repeat": "none", "interval": 1, "unit": "month"}  # until a type is chosen
LEGAL = "aftersales_contracts.group_legal,aftersales_contracts.group_administrator"


class Obligation(models.Model):
    _name = "aftersales.obligation"
    _inherit = ["aftersales.guarded", "aftersales.handled", "mail.thread", "mail.activity.mixin"]
    _description = "Obligation"
    _order = "date_due, id"
    _check_company_auto = True
    _guarded = {
        "state": "open", "done_on": False, "done_by_id": False, "waived_by_id": False, "reason": False,
        "escalated_on": False, "series_id": False, "occurrence": 0, "next_made": False,
    }

    name = fields.Char(string="Obligation", required=True, tracking=True)
    type_id = fields.Many2one(
        "aftersales.obligation.type", required=True, index=True, ondelete="restrict", tracking=True)
    direction = fields.Selection(
        DIRECTIONS, string="Owed by", required=True, compute="_compute_from_type", store=True, readonly=False,
        precompute=True, tracking=True, help="Who has to do it.")
    contract_id = fields.Many2one(
        "aftersales.contract", index=True, ondelete="cascade", check_company=True, tracking=True,
        domain=[("is_template", "=", False), ("amends_id", "=", False)])
    partner_id = fields.Many2one(
        "res.partner", string="Other Side", index=True, compute="_compute_from_contract", store=True, readonly=False,
        precompute=True, check_company=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, compute="_compute_from_contract", store=True, readonly=False,
        precompute=True)
    contract_clause_id = fields.Many2one(
        "aftersales.contract.clause", string="Clause", index="btree_not_null", ondelete="set null",
        domain="[('contract_id', '=', contract_id)]")
    clause_ref = fields.Char(string="Clause No.", help="Where the contract says so, such as 7.3.")
    description = fields.Text(help="What exactly is owed, and in which form.")
    user_id = fields.Many2one(
        "res.users", string="Owner", default=lambda self: self.env.user, index=True, tracking=True,
        domain=[("share", "=", False)])
    substitute_id = fields.Many2one(
        "res.users", domain=[("share", "=", False)], help="May report for the owner; is told when the owner has left.")
    date_due = fields.Date(string="Due", required=True, index=True, tracking=True)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="open", copy=False, index=True, tracking=True)
    evidence_ids = fields.One2many("aftersales.evidence", "obligation_id", copy=False)
    evidence_count = fields.Integer(compute="_compute_evidence_count")
    needs_evidence = fields.Boolean(related="type_id.needs_evidence")
    expires = fields.Boolean(related="type_id.expires")
    valid_until = fields.Date(
        copy=False, tracking=True, help="The last day on which the certificate, insurance or licence is valid.")
    done_on = fields.Date(string="Done", readonly=True, copy=False, tracking=True)
    done_by_id = fields.Many2one("res.users", string="Reported by", readonly=True, copy=False)
    waived_by_id = fields.Many2one("res.users", string="Waived by", readonly=True, copy=False)
    reason = fields.Text(string="Reason of the Waiver", readonly=True, copy=False)
    escalate_after = fields.Integer(
        string="Escalate after (days)", compute="_compute_from_type", store=True, readonly=False, precompute=True,
        aggregator=None, help="Days overdue; 0: never.")
    escalate_to_id = fields.Many2one(
        "res.users", string="Escalate to", domain=[("share", "=", False)], help="Empty: the account manager.")
    escalated_on = fields.Date(string="Escalated", readonly=True, copy=False)
    repeat = fields.Selection(
        REPEATS, required=True, compute="_compute_from_type", store=True, readonly=False, precompute=True)
    interval = fields.Integer(
        compute="_compute_from_type", store=True, readonly=False, precompute=True, aggregator=None)
    unit = fields.Selection(
        INTERVAL_UNITS, compute="_compute_from_type", store=True, readonly=False, precompute=True)
    until = fields.Date(string="Repeat until", help="No occurrence falls due after that day, nor after the contract.")
    anchor_date = fields.Date(
        compute="_compute_anchor_date", store=True, precompute=True, recursive=True,
        help="The due day of the first occurrence: the others are counted from it, so the 31st comes back.")
    series_id = fields.Many2one(
        "aftersales.obligation", string="First Occurrence", readonly=True, copy=False, index=True, ondelete="restrict")
    occurrence = fields.Integer(readonly=True, copy=False, aggregator=None)
    next_made = fields.Boolean(readonly=True, copy=False)
    next_due = fields.Date(
        compute="_compute_next_due", store=True, help="Empty: there is no further occurrence.")
    breach_ids = fields.One2many("aftersales.breach", "obligation_id", string="Breaches", copy=False)
    may_waive = fields.Boolean(compute="_compute_may_waive")
    active = fields.Boolean(default=True)

    _has_side = models.Constraint(
        "CHECK(contract_id IS NOT NULL OR partner_id IS NOT NULL)", "An obligation needs a contract or an other side.")
    _once = models.UniqueIndex(
        "(series_id, occurrence) WHERE series_id IS NOT NULL", "This occurrence of the obligation exists already.")
    _interval_positive = models.Constraint("CHECK(interval >= 1)", "An interval is one or more.")
    _escalate_not_negative = models.Constraint(
        "CHECK(escalate_after >= 0)", "The days until an obligation escalates cannot be negative.")
    _pending = models.Index("(date_due) WHERE state IN ('open', 'overdue')")
    _next_due_index = models.Index("(next_due) WHERE next_due IS NOT NULL")

    @api.depends("type_id")
    def _compute_from_type(self):
        for obligation in self:
            kind = obligation.type_id
            for name in ("direction", "repeat", "interval", "unit", "escalate_after"):
                obligation[name] = kind[name] if kind else obligation[name] or PLAIN.get(name)

    @api.depends("contract_id")
    def _compute_from_contract(self):
        for obligation in self:
            contract = obligation.contract_id
            obligation.company_id = contract.company_id or obligation.company_id or self.env.company
            obligation.partner_id = obligation.partner_id or contract.partner_id

    def _compute_evidence_count(self):
        counts = dict(self.env["aftersales.evidence"]._read_group(
            [("obligation_id", "in", self.ids)], ["obligation_id"], ["__count"]))
        for obligation in self:
            obligation.evidence_count = counts.get(obligation._origin, 0)

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_may_waive(self):
        allowed = self.env.user.has_groups(LEGAL)
        for obligation in self:
            obligation.may_waive = allowed and obligation.state in PENDING

    @api.constrains("contract_id", "contract_clause_id")
    def _check_clause(self):
        for obligation in self.filtered("contract_clause_id"):
            if obligation.contract_clause_id.contract_id != obligation.contract_id:
                raise ValidationError(self.env._(
                    "Obligation %(name)s: clause %(clause)s belongs to another contract.",
                    name=obligation.name, clause=obligation.contract_clause_id.display_name))

    @api.constrains("date_due", "until")
    def _check_days(self):
        for obligation in self:
            if obligation.until and obligation.until < obligation.date_due:
                raise ValidationError(self.env._(
                    "Obligation %(name)s: it repeats until %(until)s, which is before it falls due, %(due)s.",
                    name=obligation.name, until=obligation.until, due=obligation.date_due))

    def _handlers(self):
        return self.user_id | self.substitute_id

    def _takes_evidence(self):
        return self.state in PENDING

    def write(self, vals):
        """What is done or waived keeps its terms; a moved due day is judged anew by the nightly work."""
        fixed = {"name", "type_id", "direction", "contract_id", "partner_id", "date_due", "valid_until"} & set(vals)
        if fixed:
            for obligation in self.filtered(lambda o: o.state not in PENDING):
                raise UserError(self.env._(
                    "Obligation %s is settled: its terms stay as they were.", obligation.display_name))
        result = super().write(vals)
        if "date_due" in vals:
            late = self.filtered(lambda o: o.state == "overdue" and o.date_due >= o._today())
            late._write_guarded({"state": "open", "escalated_on": False})
        return result

    def _refuse_deletion(self):
        for obligation in self:
            if obligation.state not in PENDING or obligation.evidence_ids or obligation.next_made:
                raise UserError(self.env._(
                    "Obligation %s has a history. Waive or archive it instead.", obligation.display_name))

    # --- settling ------------------------------------------------------------------------------------------------

    def action_done(self, done_on=None, valid_until=None):
        """Report it done, by default today, and make the next occurrence. Dates may be ISO text.

        Raises UserError for what is settled already, lacks its evidence or its expiry, or lies in the future.
        """
        self._check_may_handle()
        done_on, valid_until = fields.Date.to_date(done_on), fields.Date.to_date(valid_until)
        for obligation in self:
            obligation._check_pending()
            obligation._settle(done_on or obligation._today(), valid_until or obligation.valid_until)
        self._make_next()

    def _settle(self, day, valid_until):
        if day > self._today():
            raise UserError(self.env._("%(name)s cannot be done on %(day)s, which is still to come.",
                                       name=self.display_name, day=day))
        if self.needs_evidence and not self.evidence_ids:
            raise UserError(self.env._("%s needs its evidence: add the file that proves it.", self.display_name))
        if self.expires and not valid_until:
            raise UserError(self.env._("%s: until which day is it valid?", self.display_name))
        if valid_until and self.expires and valid_until < day:
            raise UserError(self.env._(
                "%(name)s expired on %(day)s already: ask for a valid one.", name=self.display_name, day=valid_until))
        # The owner may report without the right to change terms; who may was checked by the caller.
        self.sudo()._write_guarded({
            "state": "done", "done_on": day, "done_by_id": self.env.uid,
            **({"valid_until": valid_until} if self.expires else {})})
        self._drop_activities()

    def action_waive(self, reason=None):
        """Let it pass, for a reason. Legal or an administrator; the next occurrence still falls due."""
        self._check_legal()
        reason = self._check_reason(reason)
        for obligation in self:
            obligation._check_pending()
        self._write_guarded({"state": "waived", "waived_by_id": self.env.uid, "reason": reason})
        self._drop_activities()
        self._make_next()

    def _drop_activities(self):
        """What was to be done here is done: nobody is reminded of it any more."""
        self.env["aftersales.reminder"]._settled("obligation", self)
        # An escalation stands at whoever it went to, which the owner has no right to change.
        self.sudo().activity_unlink(["aftersales_contracts.activity_overdue"])

    def action_reopen(self, reason=None):
        """Take back a report or a waiver that was wrong. The next occurrence stays."""
        self._check_legal()
        reason = self._check_reason(reason)
        for obligation in self:
            if obligation.state in PENDING:
                raise UserError(self.env._("Obligation %s is open.", obligation.display_name))
            late = obligation.date_due < obligation._today()
            obligation._write_guarded({
                "state": "overdue" if late else "open", "done_on": False, "done_by_id": False, "waived_by_id": False})
        self._message_log_batch(bodies={o.id: self.env._("Reopened: %s", reason) for o in self})

    def _check_legal(self):
        if not self.env.user.has_groups(LEGAL):
            raise AccessError(self.env._("Only legal or an administrator decides that."))
        self.check_access("write")

    def _check_pending(self):
        if self.state not in PENDING:
            state = dict(self._fields["state"]._description_selection(self.env))[self.state]
            raise UserError(self.env._(
                "Obligation %(name)s is settled already: %(state)s.", name=self.display_name, state=state))
