"""Drift: where a closed figure is not what its facts give today. Found and told; never put right by itself."""

from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .period_close import PEOPLE

STATES = [
    ("open", "Open"),
    ("pending", "Told Next"),
    ("accepted", "Accepted"),
    ("gone", "Gone"),
]
STANDING = ("open", "pending", "accepted")


class Finding(NamedTuple):
    """One difference. ``model``, ``res_id``: the closed record; ``part``: stable name of what differs, such as
    "snapshot" or "clock:17"; ``label``: of it, for people; ``was``, ``now``: as text; ``amount``: now less was, a
    Decimal, None where it is no sum of money; ``pending``: what tells this late fact next by itself, empty: nothing
    does, and somebody has to look."""

    model: str
    res_id: int
    part: str
    label: str
    was: str
    now: str
    contract_id: int | None = None
    company_id: int | None = None
    amount: Any = None
    currency_id: int | None = None
    pending: str = ""


class Checked(NamedTuple):
    """What a batch of a check brought. ``scope``: {model: ids} that were looked at; ``counts``: {field of the run:
    number} to add; ``explained``: differences that a told correction explains."""

    findings: list
    scope: dict
    counts: dict
    explained: int = 0


class Drift(models.Model):
    _name = "aftersales.drift"
    _inherit = ["aftersales.guarded"]
    _description = "Drift"
    _order = "state, found_at desc, id desc"
    _rec_names_search = ["name", "label"]
    _guarded = {"state": "open", "explanation": False, "accepted_by_id": False, "accepted_at": False, "gone_at": False}

    name = fields.Char(string="Record", required=True, readonly=True)
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", required=True, readonly=True, aggregator=None)
    contract_id = fields.Many2one("aftersales.contract", readonly=True, index="btree_not_null", ondelete="set null")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    check_key = fields.Char(readonly=True, help="The check that found it.")
    part = fields.Char(required=True, readonly=True, help="What of the record differs.")
    label = fields.Char(string="What", required=True, readonly=True)
    was = fields.Char(string="Closed with", readonly=True)
    now = fields.Char(string="Facts Give", readonly=True)
    amount = fields.Monetary(string="Difference", readonly=True, help="What the facts give less what was closed.")
    currency_id = fields.Many2one("res.currency", readonly=True)
    found_at = fields.Datetime(string="Found", required=True, readonly=True)
    seen_at = fields.Datetime(string="Last Seen", required=True, readonly=True)
    run_id = fields.Many2one("aftersales.drift.run", string="Found by", readonly=True, ondelete="set null",
                             index="btree_not_null")
    state = fields.Selection(STATES, required=True, readonly=True, default="open", index=True)
    explanation = fields.Text(readonly=True, help="Why it is no drift, or why we can live with it.")
    accepted_by_id = fields.Many2one("res.users", string="Accepted by", readonly=True, ondelete="restrict")
    accepted_at = fields.Datetime(string="Accepted", readonly=True)
    gone_at = fields.Datetime(string="Gone", readonly=True)

    _once = models.UniqueIndex(
        "(res_model, res_id, part) WHERE state IN ('open', 'pending', 'accepted')",
        "This difference was found already.")

    @api.depends("name", "label")
    def _compute_display_name(self):
        for drift in self:
            drift.display_name = f"{drift.name}: {drift.label}"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Drift is found by the scheduled check, nobody enters it."))
        return super().create(vals_list)

    def _refuse_deletion(self):
        for drift in self:
            raise UserError(self.env._("%s is on record. Accept it with a reason.", drift.display_name))

    def action_ask_to_accept(self):
        """Ask for the reason why we can live with these differences."""
        self._check_people()
        return {"type": "ir.actions.act_window", "name": self.env._("Accept Drift"), "target": "new",
                "res_model": "aftersales.accept.drift", "views": [(False, "form")],
                "context": {"default_drift_ids": self.filtered(lambda drift: drift.state == "open").ids}}

    def _check_people(self):
        if not (self.env.su or self.env.user.has_groups(PEOPLE)):
            raise AccessError(self.env._("Only finance or an administrator accepts drift."))
        self.check_access("read")

    def action_accept(self, reason=None):
        """We can live with this difference, for a reason. Should it change, it is open again."""
        self._check_people()
        reason = (reason or "").strip()
        for drift in self:
            if not reason:
                raise UserError(self.env._("%s: give the reason.", drift.display_name))
            if drift.state not in ("open", "pending"):
                raise UserError(self.env._("%s is not open any more.", drift.display_name))
            drift.sudo()._write_guarded({  # the decision is this method's, nobody edits drift
                "state": "accepted", "explanation": reason, "accepted_by_id": self.env.uid,
                "accepted_at": fields.Datetime.now()})
        return True

    def action_open_record(self):
        """Open the record that differs; the right to read it is checked there."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "name": self.name, "res_model": self.res_model, "res_id": self.res_id,
                "views": [(False, "form")]}

    def action_check_now(self):
        """Start the scheduled check at once."""
        return self.env["aftersales.drift.run"].action_check_now()

    # --- what a run found ------------------------------------------------------------------------------------

    @api.model
    def _take(self, checked, run):
        """Bring the stored drift of a batch up to date; (number new, number gone). Only differences are written."""
        standing = self._standing(checked.scope, run.check_key)
        found = {(finding.model, finding.res_id, finding.part): finding for finding in checked.findings}
        gone = [drift for key, drift in standing.items() if key not in found]
        for drift in gone:
            drift._write_guarded({"state": "gone", "gone_at": fields.Datetime.now()})
        for key, drift in standing.items():
            if key in found:
                drift._follow(found[key])
        new = [finding for key, finding in found.items() if key not in standing]
        self._found(new, run)
        return len(new), len(gone)

    def _standing(self, scope, check):
        """{(model, id, part): drift that stands} of the records of ``scope``, as the same check found it."""
        found = {}
        for model, ids in scope.items():
            for drift in self.search([
                    ("check_key", "=", check), ("res_model", "=", model), ("res_id", "in", list(ids)),
                    ("state", "in", STANDING)]):
                found[model, drift.res_id, drift.part] = drift
        return found

    def _follow(self, finding):
        """The same difference, seen again. Where it changed, or nothing tells it any more, it is open again."""
        state = "pending" if finding.pending else "open"
        if (self.was, self.now) == (finding.was, finding.now) and self.state in ("accepted", state):
            return
        self._write_guarded({
            "was": finding.was, "now": finding.now, "amount": float(finding.amount or 0), "state": state,
            "seen_at": fields.Datetime.now(), "accepted_by_id": False, "accepted_at": False,
            "explanation": finding.pending or False})

    @api.model
    def _found(self, findings, run):
        now = fields.Datetime.now()
        names = self._names(findings) if findings else {}
        self.create([{
            "name": names[finding.model, finding.res_id], "res_model": finding.model, "res_id": finding.res_id,
            "contract_id": finding.contract_id, "company_id": finding.company_id, "part": finding.part,
            "label": finding.label, "was": finding.was, "now": finding.now, "amount": float(finding.amount or 0),
            "currency_id": finding.currency_id, "found_at": now, "seen_at": now, "run_id": run.id,
            "check_key": run.check_key,
            "state": "pending" if finding.pending else "open", "explanation": finding.pending or False}
            for finding in findings])

    @api.model
    def _names(self, findings):
        """{(model, id): name}; also of records that are gone."""
        names = {}
        for model in {finding.model for finding in findings}:
            ids = {finding.res_id for finding in findings if finding.model == model}
            records = self.env[model].browse(ids).exists()
            names.update({(model, record.id): record.display_name for record in records})
            names.update({(model, lost): self.env._("Record %s, which is gone", lost)
                          for lost in ids - set(records.ids)})
        return names


class PeriodClose(models.Model):
    _inherit = "aftersales.period.close"

    drift_count = fields.Integer(compute="_compute_drift_count", string="Drift", help="Open in the company.")

    def _compute_drift_count(self):
        rows = self.env["aftersales.drift"]._read_group(
            [("company_id", "in", self.company_id.ids), ("state", "=", "open")], ["company_id"], ["__count"])
        counts = {company.id: count for company, count in rows}
        for close in self:
            close.drift_count = counts.get(close.company_id.id, 0)

    def action_view_drift(self):
        """What differs in closed periods of the company."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_drift")
        return {**action, "domain": [("company_id", "=", self.company_id.id)]}


class DriftCheck(NamedTuple):
    """A kind of closed record. ``key``; ``label``; ``model``; ``domain``: method () -> Domain of the records to check;
    ``work``: method of a batch -> `Checked`, which only reads; ``batch``."""

    key: str
    label: Any
    model: str
    domain: str
    work: str
    batch: int


def read_only(cr):
    """Let the database refuse every write until the savepoint ends."""
    cr.execute(SQL("SET TRANSACTION READ ONLY"))
