"""The nightly work on contracts: steps in one order, each in batches that can be killed, run twice, or run by two.

A step names its due records by a domain and works on a batch of them. The runner locks a batch (rows another worker
holds are skipped), looks again which of them are still due, works in a savepoint and commits. A batch that fails is
done again one by one: the broken record is reported and the others go on.
"""

import logging
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from psycopg2 import OperationalError

_logger = logging.getLogger(__name__)

BATCH = 500
RETRIES = 5


class NightlyStep(NamedTuple):
    """``key``: short name; ``label``: for people; ``model``; ``domain``: method (today) -> Domain of what may be due;
    ``work``: method of a batch (today) -> [(record, sentence)] of what it did."""

    sequence: int
    key: str
    label: Any
    model: str
    domain: str
    work: str


class Nightly(models.AbstractModel):
    _name = "aftersales.nightly"
    _description = "Nightly Contract Work"

    @api.model
    def _steps(self):
        """The `NightlyStep`s; rooms add theirs."""
        return []

    @api.model
    def _cron_nightly(self, today=None, batch=BATCH):
        """Take every step in its order. ``today``: a date for all; empty: each contract's own local day."""
        for step in sorted(self._steps()):
            if not self._run_step(step, today, batch):
                return

    def _run_step(self, step, today=None, batch=BATCH):
        """Work off one step; False when the time of the scheduled action is used up."""
        Model, Cron = self.env[step.model], self.env["ir.cron"]
        ids = self._due(step, today).ids
        retries = 0
        while ids:
            head, tail = ids[:batch], ids[batch:]
            try:
                self._run_batch(step, Model.browse(head), today)
            except OperationalError as error:
                # Another transaction was faster: begin the batch anew, on what it left behind.
                retries += 1
                if retries > RETRIES:
                    _logger.warning("Nightly step %s gives up after %s conflicts: %s", step.key, RETRIES, error)
                    return True
                self.env.cr.rollback()
                self.env.invalidate_all()
                continue
            retries, ids = 0, tail
            if not Cron._commit_progress(len(head), remaining=len(ids)):
                return False
            self.env.invalidate_all()
        return True

    def _due(self, step, today, within=None):
        Model = self.env[step.model]
        domain = Domain(getattr(Model, step.domain)(today))
        if within is not None:
            domain &= Domain("id", "in", within.ids)
        return Model.search(domain, order="id")

    def _run_batch(self, step, records, today):
        """Work on those of ``records`` that nobody else holds and that are still due."""
        records = self._due(step, today, records.try_lock_for_update(allow_referencing=True))
        if not records:
            return []
        Problem = self.env["aftersales.nightly.problem"]
        try:
            with self.env.cr.savepoint():
                done = getattr(records, step.work)(today)
                self.env.flush_all()
        except OperationalError:
            raise
        except Exception:  # pylint: disable=broad-exception-caught
            self.env.invalidate_all()
            return self._run_one_by_one(step, records, today)
        Problem._solved(step.key, records)
        return done

    def _run_one_by_one(self, step, records, today):
        done, solved = [], records.browse()
        for record in records:
            try:
                with self.env.cr.savepoint():
                    done += getattr(record, step.work)(today)
                    self.env.flush_all()
                solved += record
            except OperationalError:
                raise
            except Exception as error:  # pylint: disable=broad-exception-caught
                self.env.invalidate_all()
                _logger.warning("Nightly step %s: %s cannot be done: %s", step.key, record, error)
                self.env["aftersales.nightly.problem"]._report(step, record, error)
        self.env["aftersales.nightly.problem"]._solved(step.key, solved)
        return done

    @api.model
    def dry_run(self, key=None, today=None):
        """What the nightly work would do now: [{step, res_model, res_id, name, what}]; nothing is written.

        The same code runs and is rolled back. ``key``: one step; empty: all of them, each on what those before it did.
        """
        if not self.env.user.has_group("aftersales_contracts.group_administrator"):
            raise AccessError(self.env._("Only an administrator makes dry runs."))
        worker = self.sudo()  # as the scheduled action
        found = []
        try:
            with self.env.cr.savepoint():
                for step in sorted(worker._steps()):
                    if key in (None, step.key):
                        found += worker._dry_step(step, fields.Date.to_date(today))
                raise _Undo
        except _Undo:
            self.env.invalidate_all()
        return found

    def _dry_step(self, step, today):
        rows, records = [], self._due(step, today)
        for start in range(0, len(records), BATCH):
            rows += self._run_batch(step, records[start:start + BATCH], today)
        return [{"step": str(step.label), "res_model": record._name, "res_id": record.id,
                 "name": record.display_name, "what": what} for record, what in rows]


class _Undo(Exception):
    """Ends the savepoint of a dry run."""


class NightlyProblem(models.Model):
    _name = "aftersales.nightly.problem"
    _description = "Problem of the Nightly Work"
    _order = "last_seen desc, id desc"

    step = fields.Char(required=True, readonly=True)
    label = fields.Char(string="Nightly Step", readonly=True)
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(string="Record", model_field="res_model", required=True, readonly=True)
    name = fields.Char(string="Record Name", readonly=True)
    contract_id = fields.Many2one("aftersales.contract", readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    message = fields.Text(readonly=True)
    first_seen = fields.Datetime(readonly=True)
    last_seen = fields.Datetime(readonly=True)

    _record_uniq = models.UniqueIndex("(step, res_model, res_id)")

    @api.model
    def _report(self, step, record, error):
        now = fields.Datetime.now()
        contract = record if record._name == "aftersales.contract" else (
            record.contract_id if "contract_id" in record._fields else self.env["aftersales.contract"])
        company = record.company_id if "company_id" in record._fields else contract.company_id
        values = {"message": str(error), "last_seen": now, "name": record.display_name, "label": str(step.label),
                  "contract_id": contract.id, "company_id": company.id}
        known = self.search([
            ("step", "=", step.key), ("res_model", "=", record._name), ("res_id", "=", record.id)])
        if known:
            known.write(values)
        else:
            self.create({**values, "step": step.key, "res_model": record._name, "res_id": record.id,
                         "first_seen": now})

    @api.model
    def _solved(self, key, records):
        if records:
            self.search([("step", "=", key), ("res_model", "=", records._name), ("res_id", "in", records.ids)]).unlink()

    def action_open_record(self):
        """Open the record that could not be worked on."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": self.res_model, "res_id": self.res_id,
                "views": [(False, "form")]}
