"""The drift check: a scheduled action that reckons closed periods again from their facts, and changes nothing.

Each batch is reckoned in a savepoint in which the database itself refuses to write; then the differences, and how far
the run has come, are written and committed. Killed at any instant it goes on where it was.
"""

import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from psycopg2 import OperationalError

from .drift import Checked, DriftCheck, Finding, read_only
from .period_close import PEOPLE

_logger = logging.getLogger(__name__)

COUNTS = ("statements", "clocks", "penalties", "billed", "settlements", "months")


class DriftRun(models.Model):
    _name = "aftersales.drift.run"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Run of the Drift Check"
    _order = "started_at desc, id desc"
    _rec_name = "started_at"
    _mail_post_access = "read"  # whoever is told may say that it is done

    started_at = fields.Datetime(string="Started", required=True, readonly=True)
    ended_at = fields.Datetime(string="Ended", readonly=True)
    state = fields.Selection(
        [("running", "Running"), ("done", "Done")], required=True, readonly=True, default="running", index=True)
    check_key = fields.Char(readonly=True, help="The check that the run is at.")
    last_id = fields.Integer(readonly=True, aggregator=None, help="The last record that it has looked at.")
    statements = fields.Integer(readonly=True, aggregator=None)
    clocks = fields.Integer(readonly=True, aggregator=None, help="Counted in those statements.")
    penalties = fields.Integer(readonly=True, aggregator=None)
    billed = fields.Integer(string="Bills", readonly=True, aggregator=None)
    settlements = fields.Integer(readonly=True, aggregator=None)
    months = fields.Integer(readonly=True, aggregator=None)
    found = fields.Integer(string="New Drift", readonly=True, aggregator=None)
    gone = fields.Integer(readonly=True, aggregator=None)
    explained = fields.Integer(
        readonly=True, aggregator=None, help="Differences that a correction has told, which is no drift.")
    seconds = fields.Integer(compute="_compute_seconds")
    drift_ids = fields.One2many("aftersales.drift", "run_id", readonly=True)

    _one_running = models.UniqueIndex("(state) WHERE state = 'running'", "One drift check runs at a time.")

    @api.depends("started_at", "ended_at")
    def _compute_seconds(self):
        for run in self:
            run.seconds = (run.ended_at - run.started_at).total_seconds() if run.ended_at else 0

    @api.model
    def _checks(self):
        """The `DriftCheck`s, in their order."""
        _ = self.env._
        return [
            DriftCheck("statements", _("Statements"), "aftersales.contract", "_drift_domain_statements",
                       "_drift_statements", 20),
            DriftCheck("penalties", _("Penalties"), "aftersales.penalty", "_drift_domain_penalties",
                       "_drift_penalties", 200),
            DriftCheck("billed", _("Bills"), "aftersales.contract", "_drift_domain_billed", "_drift_billed", 50),
            DriftCheck("settlements", _("Settlements"), "aftersales.settlement", "_drift_domain_settlements",
                       "_drift_settlements", 10),
            DriftCheck("months", _("Months"), "aftersales.period.close", "_drift_domain_months", "_drift_months", 1),
        ]

    def action_check_now(self):
        """Start the scheduled check at once; it runs in the background."""
        if not self.env.user.has_groups(PEOPLE):
            raise AccessError(self.env._("Only finance or an administrator starts the drift check."))
        self.env.ref("aftersales_contracts.cron_drift").sudo()._trigger()  # starting it changes no record of theirs
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "title": self.env._("Drift Check"), "type": "info",
            "message": self.env._("It runs in the background; differences appear in this list.")}}

    @api.model
    def _cron_drift(self):
        """Go on with the run that was interrupted, or begin one."""
        Cron = self.env["ir.cron"]
        run = self.search([("state", "=", "running")], limit=1) or self.create({"started_at": fields.Datetime.now()})
        checks = self._checks()
        keys = [check.key for check in checks]
        at = keys.index(run.check_key) if run.check_key in keys else 0
        for check in checks[at:]:
            if run.check_key != check.key:
                run.write({"check_key": check.key, "last_id": 0})
            while ids := run._next_ids(check):
                run._take_batch(check, ids)
                if not Cron._commit_progress(len(ids), remaining=run._remaining(check)):
                    return
                self.env.invalidate_all()
        run._finish()

    def _left(self, check):
        """(model, domain) of the records that the check has not come to."""
        Model = self.env[check.model].with_context(active_test=False)
        return Model, Domain(getattr(Model, check.domain)()) & Domain("id", ">", self.last_id)

    def _next_ids(self, check):
        Model, left = self._left(check)
        return Model.search(left, order="id", limit=check.batch).ids

    def _remaining(self, check):
        """How many are left in this check; at least one, for others may follow."""
        Model, left = self._left(check)
        return Model.search_count(left) + 1

    def _take_batch(self, check, ids):
        checked = self._reckon(check, ids)
        found, gone = self.env["aftersales.drift"]._take(checked, self)
        self.write({
            "last_id": ids[-1], "found": self.found + found, "gone": self.gone + gone,
            "explained": self.explained + checked.explained,
            **{name: self[name] + checked.counts.get(name, 0) for name in COUNTS}})

    def _reckon(self, check, ids):
        """`Checked` of a batch, in a transaction that cannot write; one by one where the batch fails."""
        try:
            return self._reckon_reading(check, ids)
        except OperationalError:
            raise
        except Exception as error:  # a record that cannot be reckoned is a finding, the others go on
            if len(ids) == 1:
                return self._cannot(check, ids[0], str(error).strip() or repr(error))
        parts = [self._reckon(check, [record_id]) for record_id in ids]
        scope = {}
        for part in parts:
            for model, found in part.scope.items():
                scope.setdefault(model, set()).update(found)
        return Checked(
            [finding for part in parts for finding in part.findings], scope,
            {name: sum(part.counts.get(name, 0) for part in parts) for name in COUNTS},
            sum(part.explained for part in parts))

    def _reckon_reading(self, check, ids):
        checked = None
        try:
            with self.env.cr.savepoint():
                read_only(self.env.cr)
                checked = getattr(self.env[check.model].browse(ids), check.work)()
                raise _Undo
        except _Undo:
            self.env.invalidate_all()
        return checked

    def _cannot(self, check, record_id, reason):
        _logger.warning("Drift check %s: %s %s cannot be reckoned again", check.key, check.model, record_id,
                        exc_info=True)
        record = self.env[check.model].browse(record_id)
        contract = record if check.model == "aftersales.contract" else record.contract_id
        finding = Finding(check.model, record_id, check.key, str(check.label), "", reason,
                          contract.id, record.company_id.id)
        return Checked([finding], {check.model: {record_id}}, {})

    def _finish(self):
        self.write({"state": "done", "ended_at": fields.Datetime.now(), "check_key": False, "last_id": 0})
        if self.drift_ids.filtered(lambda drift: drift.state == "open"):
            self._tell_people()
        self.env["ir.cron"]._commit_progress(0, remaining=0)

    def _tell_people(self):
        """One activity on the run for everybody of finance and administration in a company with new drift."""
        found = self.drift_ids.filtered(lambda drift: drift.state == "open")
        companies = found.company_id
        groups = (self.env.ref("aftersales_contracts.group_finance")
                  | self.env.ref("aftersales_contracts.group_administrator"))
        people = self.env["res.users"].search([
            ("all_group_ids", "in", groups.ids), ("company_ids", "in", companies.ids), ("share", "=", False)])
        for user in people:
            number = len(found.filtered(lambda drift, user=user: drift.company_id in user.company_ids))
            if not number:
                continue
            self.with_context(lang=user.lang or "en_US").activity_schedule(
                "mail.mail_activity_data_warning", user_id=user.id,
                summary=self.with_context(lang=user.lang or "en_US").env._(
                    "Drift: %s closed figures are not what their facts give", number))


class _Undo(Exception):
    """Ends the savepoint of a batch."""
