"""Approval of a contract: the steps that the matrix asks for, taken in order by people who may."""

from decimal import Decimal

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...engine.approval import Approval as Given
from ...engine.approval import ApprovalStep, may_approve, outstanding, required_steps
from ...engine.approval import Delegation as Acting
from ...engine.errors import NoApprovalRule


class Approval(models.Model):
    _name = "aftersales.approval"
    _description = "Approval"
    _order = "contract_id desc, round desc, sequence, id"
    _rec_name = "group_id"

    contract_id = fields.Many2one("aftersales.contract", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    round = fields.Integer(readonly=True)
    sequence = fields.Integer(string="Step", readonly=True)
    group_id = fields.Many2one("res.groups", string="Approved by", required=True, readonly=True, ondelete="restrict")
    state = fields.Selection(
        [("waiting", "Waiting"), ("given", "Given"), ("refused", "Refused"), ("void", "Void")],
        required=True, readonly=True, default="waiting", index=True)
    reason = fields.Char(readonly=True, help="Why the step is asked for, or why it was refused.")
    user_id = fields.Many2one("res.users", string="Person", readonly=True, ondelete="restrict")
    for_user_id = fields.Many2one("res.users", string="Acting for", readonly=True, ondelete="restrict")
    asked_at = fields.Datetime(readonly=True)
    decided_at = fields.Datetime(string="Decided", readonly=True)
    decided_on = fields.Date(readonly=True)
    expires_on = fields.Date(string="Void from", readonly=True)
    fingerprint = fields.Char(readonly=True, help="SHA-256 of the terms that were approved.")
    is_next = fields.Boolean(compute="_compute_is_next")
    mine = fields.Boolean(
        string="Waits for Me", compute="_compute_mine", search="_search_mine", help="It is the next step, and yours.")

    def _compute_is_next(self):
        for row in self:
            row.is_next = row.state == "waiting" and row == row.contract_id._next_approval()

    @api.depends_context("uid")
    def _compute_mine(self):
        for row in self:
            row.mine = row.is_next and row.contract_id._approval_verdict(row).allowed

    def _search_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        waiting = self.search([("state", "=", "waiting"), ("contract_id.state", "=", "review")])
        found = waiting.filtered("mine")
        return Domain("id", "in" if True in value else "not in", found.ids)


class Contract(models.Model):
    _inherit = "aftersales.contract"

    approval_ids = fields.One2many("aftersales.approval", "contract_id", string="Approvals", copy=False)
    may_approve = fields.Boolean(compute="_compute_may_approve")
    draft_warning_text = fields.Text(string="To Look at", compute="_compute_draft_warning_text")

    @api.depends_context("uid")
    def _compute_may_approve(self):
        for contract in self:
            step = contract.state == "review" and contract._next_approval()
            contract.may_approve = bool(step) and contract._approval_verdict(step).allowed

    def _compute_draft_warning_text(self):
        for contract in self:
            early = contract.state in ("draft", "review") and not contract.is_template and contract.id
            contract.draft_warning_text = "\n".join(contract._draft_warnings()) if early else False

    # --- what the matrix asks for --------------------------------------------------------------------------------

    def _approval_amount(self):
        """The amount that decides who approves, Decimal, in the contract's currency. Rooms define it."""
        return Decimal(0)

    def _clause_deviation(self):
        """How far the clauses deviate from the library: a key of DEVIATIONS. Rooms define it."""
        return "none"

    def _company_amount(self):
        """The approval amount in the company's currency, today. Raises UserError where there is no rate."""
        amount, home = self._approval_amount(), self.company_id.currency_id
        if self.currency_id == home or not amount:
            return amount
        if not self.env["res.currency.rate"].search_count([
                ("currency_id", "=", self.currency_id.id), ("company_id", "in", [False, self.company_id.root_id.id]),
                ("name", "<=", fields.Date.today())], limit=1):
            raise UserError(self.env._(
                "Contract %(contract)s: there is no exchange rate for %(currency)s, so nobody can say what %(amount)s "
                "is in %(home)s. Enter the rate first.",
                contract=self.display_name, currency=self.currency_id.name, amount=amount, home=home.name))
        return Decimal(str(self.currency_id._convert(float(amount), home, self.company_id, fields.Date.today())))

    def _required_steps(self):
        """({group id: ApprovalRule record}, steps of the engine) that this contract needs."""
        rules = self.env["aftersales.approval.rule"].sudo().search([  # the matrix holds for those who cannot read it
            ("company_id", "in", [False, self.company_id.id])])
        try:
            needed = required_steps(
                rules._engine_rules(), self._company_amount(), self.contract_type_id.id, self._clause_deviation())
        except NoApprovalRule as error:
            raise UserError(self.env._(
                "Contract %(contract)s: no approval rule covers it (%(what)s). Ask an administrator to complete the "
                "approval matrix.", contract=self.display_name, what=error.value)) from error
        return {rule.group_id.id: rule for rule in rules.sorted(lambda r: (-r.sequence, r.id))}, needed.steps_to_take

    def _ask_for_approval(self):
        self.ensure_one()
        self.approval_ids.filtered(lambda row: row.state in ("waiting", "given")).sudo().write({"state": "void"})
        by_group, steps = self._required_steps()
        self.env["aftersales.approval"].sudo().create([  # asked for by the table of transitions, not by a person
            {"contract_id": self.id, "round": self.review_round, "sequence": step.sequence, "group_id": step.group,
             "reason": by_group[step.group].name, "asked_at": fields.Datetime.now()} for step in steps])
        return bool(steps)

    def _next_approval(self):
        """The step to take next; empty when none waits."""
        return self.approval_ids.filtered(lambda row: row.state == "waiting").sorted("sequence")[:1]

    def _approval_verdict(self, row):
        """The engine's verdict on the current user taking the step ``row``."""
        today, company = self._local_today(), self.company_id
        acting = [
            Acting(one.person_id.id, one.substitute_id.id, one.date_from, fields.Date.add(one.date_to, days=1))
            for one in self.env["aftersales.delegation"]._running(today, company)]
        members = row.group_id.sudo().all_user_ids.filtered(lambda user: company in user.company_ids)
        return may_approve(
            ApprovalStep(row.group_id.id, row.sequence), self.env.uid, set(members.ids), self._acted(), today, acting)

    # --- the buttons ---------------------------------------------------------------------------------------------

    def action_approve(self):
        """Take the next step of approval; the last one approves the contract."""
        self._check_desk()
        for contract in self:
            contract._state_after("approve")
            row = contract._next_approval()
            acts_for = contract._check_may_decide(row)
            contract._duty("approver", self.env._("Step %(step)s, %(group)s", step=row.sequence, group=row.reason),
                           acts_for)
            today = contract._local_today()
            days = contract._valid_days(row)
            row.sudo().write({  # approvers need not be allowed to write contracts: the step was checked above
                "state": "given", "user_id": self.env.uid, "for_user_id": acts_for and acts_for.id,
                "decided_at": fields.Datetime.now(), "decided_on": today, "fingerprint": contract._paper_fingerprint(),
                "expires_on": days and fields.Date.add(today, days=days)})
            if not contract._next_approval():
                contract.sudo()._transition("approve")

    def action_reject(self, reason=""):
        """Send a contract in review back to draft; ``reason`` says what to change."""
        self._check_desk()
        if not (isinstance(reason, str) and reason.strip()):
            raise UserError(self.env._("Say why the contract is rejected, so that its author knows what to change."))
        for contract in self:
            contract._state_after("reject")
            row = contract._next_approval()
            acts_for = contract._check_may_decide(row)
            row.sudo().write({  # as above
                "state": "refused", "user_id": self.env.uid, "for_user_id": acts_for and acts_for.id,
                "decided_at": fields.Datetime.now(), "decided_on": contract._local_today(), "reason": reason.strip()})
            contract.sudo()._transition("reject")
            contract.sudo().message_post(body=self.env._("Rejected: %s", reason.strip()))

    def _check_desk(self):
        """Raise AccessError for whoever is not of the service: customers and dealers may read, but decide nothing."""
        self.check_access("read")
        if not self.env.user.has_group("aftersales_contracts.group_user"):
            raise AccessError(self.env._("Only the people of the service decide on contracts."))

    def _check_may_decide(self, row):
        """Whom the current user acts for (empty: nobody else); raises UserError where the step is not theirs."""
        self.ensure_one()
        if not row:
            raise UserError(self.env._("Contract %s waits for nobody's approval.", self.display_name))
        verdict = self._approval_verdict(row)
        if not verdict.allowed:
            if self.env.uid in row.group_id.sudo().all_user_ids.ids:
                self._refuse_duty("approver", self._separation_sentence("approver", None))
            self._refuse_duty("approver", self.env._(
                "Contract %(contract)s waits for %(group)s. You are not of that group, nor a substitute today.",
                contract=self.display_name, group=row.group_id.sudo().display_name))
        return self.env["res.users"].browse(verdict.acts_for) if verdict.acts_for else None

    def _valid_days(self, row):
        by_group, _steps = self._required_steps()
        rule = by_group.get(row.group_id.id)
        return rule.valid_days if rule else 0

    # --- the table -----------------------------------------------------------------------------------------------

    def _check_move(self, action):
        super()._check_move(action)
        if action == "submit":
            self._required_steps()  # refuses where nobody would approve
        elif action == "sign":
            self._check_approved()

    def _check_approved(self):
        """Raise UserError where an approval has expired, or the terms are not the approved ones any more."""
        given = [
            Given(row.group_id.id, row.user_id.id, row.decided_on, row.fingerprint, row.expires_on or None)
            for row in self.approval_ids if row.state == "given"]
        _by_group, steps = self._required_steps()
        left = outstanding(steps, given, self._local_today(), self._paper_fingerprint())
        if left:
            groups = self.env["res.groups"].sudo().browse([step.group for step in left])
            raise UserError(self.env._(
                "Contract %(contract)s lacks the approval of %(groups)s: it has expired or the terms have changed. "
                "Reset it to draft and submit it again.",
                contract=self.display_name, groups=", ".join(groups.mapped("display_name"))))

    def _moved(self, action):
        super()._moved(action)
        if action == "submit":
            for contract in self:
                contract._write_unlocked({"review_round": contract.review_round + 1})
                contract._log_author()
                if not contract._ask_for_approval():
                    contract._transition("approve")
        elif action in ("reject", "reset"):
            self.approval_ids.filtered(lambda row: row.state in ("waiting", "given")).sudo().write({"state": "void"})

    def _log_author(self):
        """Whoever wrote it down and whoever submits it are its authors."""
        self._duty("author", self.env._("Submitted"))
        creator = self.create_uid
        if creator and creator.id not in (SUPERUSER_ID, self.env.uid):
            self.env["aftersales.duty"].sudo().create({  # a fact about somebody else
                "contract_id": self.id, "duty": "author", "user_id": creator.id, "round": self.review_round,
                "at": fields.Datetime.now(), "what": self.env._("Wrote it down")})
