"""Amendment: a change of a contract in force, drafted, reviewed, approved and signed as a contract is.

Its draft is a contract record of its own (``amends_id``) that begins as the contract on the amendment's day; what
somebody changes in it is what the amendment says, and nothing else. Signed, it is recorded as a version; on its day
the contract takes it over (``amendment_entry``). One that has not taken effect yet can be cancelled.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import format_date

from ...engine import versions as engine
from ...engine.contract_lifecycle import LIVE
from .version_terms import LISTS, difference

KINDS = [
    ("price", "Prices"),
    ("term", "Term"),
    ("scope", "Scope"),
    ("promise", "Promises and Capacity"),
    ("party", "Parties"),
    ("clause", "Clauses"),
    ("other", "Other"),
]
SET_BY_METHODS = {"amends_id", "amendment_base", "applied_on", "amendment_cancelled"}


class Contract(models.Model):
    _inherit = "aftersales.contract"

    amendment_ids = fields.One2many(
        "aftersales.contract", "amends_id", string="Amendments", copy=False, context={"active_test": False})
    effective_on = fields.Date(
        string="Takes Effect on", copy=False, help="The first day on which the contract reads as amended.")
    amendment_kind = fields.Selection(KINDS, string="What It Amends", copy=False)
    amendment_reason = fields.Text(string="Reason of the Amendment", copy=False)
    amendment_base = fields.Json(readonly=True, copy=False)  # flat terms that its draft began with
    applied_on = fields.Date(string="Taken Over on", readonly=True, copy=False)
    amendment_cancelled = fields.Char(string="Cancelled because", readonly=True, copy=False)
    amendment_status = fields.Char(string="Status", compute="_compute_amendment_status")
    pending_amendment_count = fields.Integer(compute="_compute_pending_amendment_count")

    _effective_needed = models.Constraint(
        "CHECK(amends_id IS NULL OR effective_on IS NOT NULL)", "An amendment needs the day on which it takes effect.")
    _due_amendments = models.Index(
        "(effective_on) WHERE amends_id IS NOT NULL AND state = 'signed' AND applied_on IS NULL")

    @api.depends("state", "effective_on", "applied_on", "amendment_cancelled")
    @api.depends_context("lang")
    def _compute_amendment_status(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        for contract in self:
            day = contract.effective_on and format_date(self.env, contract.effective_on)
            if not contract.amends_id:
                contract.amendment_status = False
            elif contract.applied_on:
                contract.amendment_status = self.env._("In effect since %s", day)
            elif contract.state == "terminated":
                contract.amendment_status = self.env._("Cancelled")
            elif contract.state == "signed":
                contract.amendment_status = self.env._("Signed, takes effect on %s", day)
            else:
                contract.amendment_status = states[contract.state]

    @api.depends("amendment_ids.state", "amendment_ids.applied_on")
    def _compute_pending_amendment_count(self):
        counts = dict(self.with_context(active_test=False)._read_group(
            [("amends_id", "in", self.ids), ("applied_on", "=", False), ("state", "!=", "terminated")],
            ["amends_id"], ["__count"]))
        for contract in self:
            contract.pending_amendment_count = counts.get(contract, 0)

    def action_view_amendments(self):
        """The amendments of this contract: under way, signed, in effect and cancelled ones."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_amendment")
        return {**action, "domain": [("amends_id", "=", self.id)]}

    @api.model
    def _paper_groups(self):
        return {**super()._paper_groups(),
                "effective_on": "identity", "amendment_kind": "identity", "amendment_reason": "identity"}

    # --- guard -------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._refuse_amendment_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._refuse_amendment_fields(vals)
        return super().write(vals)

    @api.model
    def _refuse_amendment_fields(self, vals):
        for name in sorted(SET_BY_METHODS & vals.keys()):
            raise UserError(self.env._(
                "%s of a contract is set by its Amend button only.", self._fields[name]._description_string(self.env)))

    # --- the draft ---------------------------------------------------------------------------------------------------

    def make_amendment(self, effective_on, reason, kind="other"):
        """Draft an amendment of this contract with effect from ``effective_on`` (a date or ISO text); returns it.

        Raises UserError where the contract is not in force or the day lies outside its term, AccessError for those who
        may not write contracts.
        """
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("aftersales_contracts.group_account_manager"):
            raise AccessError(self.env._("Only account managers draft amendments."))
        effective_on = fields.Date.to_date(effective_on)
        reason = isinstance(reason, str) and reason.strip()
        if not effective_on or not reason:
            raise UserError(self.env._(
                "Amendment of contract %s: say from which day it holds, and why.", self.display_name))
        if kind not in dict(KINDS):
            raise UserError(self.env._(
                "Amendment of contract %(contract)s: %(kind)s is not a kind of amendment.",
                contract=self.display_name, kind=kind))
        self._refuse_amending()
        self._refuse_problems(effective_on, {})
        # As the system: who may write the contract may draft its amendment; the guard above keeps others out.
        draft = self.sudo()._copied_for_amendment(effective_on, reason, kind)
        self.sudo()._message_log(body=self.env._(
            "Amendment %(name)s drafted, to take effect on %(day)s: %(reason)s",
            name=draft.name, day=format_date(self.env, effective_on), reason=reason))
        return draft.with_env(self.env)

    def _refuse_amending(self):
        if self.is_template or self.amends_id:
            raise UserError(self.env._("%s is no contract in force: there is nothing to amend.", self.display_name))
        if self.state not in LIVE:
            raise UserError(self.env._(
                "Contract %(contract)s is not in force, so it cannot be amended: %(remedy)s",
                contract=self.display_name, remedy=self._amend_remedy()))

    def _amend_remedy(self):
        if self.state in ("draft", "review", "approved", "signed"):
            return self.env._("change the draft, or put it in force first.")
        return self._lock_remedy()

    def _copied_for_amendment(self, effective_on, reason, kind):
        if not self.version_ids:
            self._record_first(self.env._("Recorded when the contract was first amended."))
        self.lock_for_update(allow_referencing=True)  # two drafts at once would get the same number
        rows = {name: [Command.clear()] for name in self._paper_rows().values() if self[name]._paper_group in LISTS}
        draft = self.copy({
            **rows, "amends_id": self.id, "name": f"{self.name}/A{len(self.amendment_ids) + 1}", "title": self.title,
            "effective_on": effective_on, "amendment_reason": reason, "amendment_kind": kind,
            "user_id": self.user_id.id})
        target = dict(engine.as_of(self.version_ids._engine(), effective_on).terms)
        draft._bring_to(difference(draft._version_terms(), target), self.browse())
        draft._write_unlocked({"amendment_base": draft._version_terms()})
        return draft

    def _amendment_changes(self):
        """What this amendment says: the flat terms that differ from those its draft began with."""
        self.ensure_one()
        return difference(self.amendment_base or {}, self._version_terms())
