"""The steps of a month: what each still has to do, the list behind it, and one button that does what nobody disputes.

The button presses the rooms' own buttons as the person who presses it: every right, duty and lock that holds there
holds here. Each record stands alone in a savepoint; what is refused is left, with the reason.
"""

import logging
import time
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from psycopg2 import OperationalError

_logger = logging.getLogger(__name__)

STEPS = ("statements", "assess", "providers", "review", "approve", "post", "bill", "attribute", "settle",
         "settlement_review", "settlement_send", "settlement_approve", "settlement_post")
CHUNK = 50
SECONDS = 60  # a page does not wait longer: what is left goes on with the next press
SLOTS = 16  # id of a step = id of the close * SLOTS + its sequence


class PeriodStep(NamedTuple):
    """``sequence``: 1 to 15; ``key``, ``label``, ``hint``; ``model`` and the domains of its records that are ``todo``
    and ``done`` in a month; ``press``: method of the close that does it for a set of records and returns {id: why} of
    those it was refused for, None where it is somebody else's step; ``window``: XML id of the action that lists them.
    """

    sequence: int
    key: str
    label: Any
    hint: Any
    model: str
    todo: Any
    done: Any
    press: str | None
    window: str


class PeriodClose(models.Model):
    _inherit = "aftersales.period.close"

    step_ids = fields.One2many("aftersales.period.step", "close_id", string="Steps", readonly=True)

    def _among(self, domain, kind):
        """Records of the month: those it closed over, or while it is open those that no month has closed over."""
        Fact = self.env["aftersales.period.fact"].sudo()  # the figures; the records are read with the reader's rights
        if self.state == "closed":
            return Domain("id", "in", _records(Fact, [("close_id", "=", self.id), ("kind", "=", kind)]))
        known = [("company_id", "=", self.company_id.id), ("kind", "=", kind)]
        return Domain(domain) & Domain("id", "not in", _records(Fact, known))

    # --- the button ------------------------------------------------------------------------------------------

    def action_run(self, key=None):
        """Do every step, or the one named ``key``: all that is undisputed and allowed to this person."""
        self._check_people()
        self._check_open()
        steps = [step for step in self._steps() if step.press and key in (None, step.key)]
        if not steps:
            raise UserError(self.env._("This step is not done by a button here."))
        self.lock_for_update()
        deadline = time.monotonic() + SECONDS
        self.sudo()._open_statements()  # a draft is made by the system; closing it is the person's
        told, left = [], {}
        for step in steps:
            done, refused, waiting = self._take_step(step, deadline)
            told += self._told(step, done, len(refused), waiting)
            left.update({(step.model, record_id): (step.key, why) for record_id, why in refused.items()})
        self.sudo()._keep_left(left, key)
        self.sudo().write({  # the log of the run, not something that a person enters
            "run_at": fields.Datetime.now(), "run_by_id": self.env.uid,
            "run_text": "\n".join(told) or self.env._("Nothing was to be done.")})
        return True

    def _take_step(self, step, deadline):
        """(number done, {id: why it was refused}, number not tried for want of time)."""
        Model = self.env[step.model]
        ids = Model.search(step.todo, order=self._step_order(step)).ids
        refused = {}
        for start in range(0, len(ids), CHUNK):
            if time.monotonic() > deadline:
                return start - len(refused), refused, len(ids) - start
            refused.update(self._press(step, Model.browse(ids[start:start + CHUNK])))
        return len(ids) - len(refused), refused, 0

    def _step_order(self, step):
        """The records of a contract together, in the order of their periods."""
        return "contract_id, period_start, id" if "period_start" in self.env[step.model]._fields else "id"

    def _press(self, step, records):
        """Press a button for these records; {id: reason} of those that it was refused for.

        All together where that goes; else each half, down to the single record. What the records before have done for
        some of them (bills of one customer on one invoice) is not done again.
        """
        records = records.search(step.todo & Domain("id", "in", records.ids), order=self._step_order(step))
        if not records:
            return {}
        try:
            with self.env.cr.savepoint():
                refused = getattr(self, step.press)(records) or {}
                self.env.flush_all()
            return refused
        except OperationalError:
            raise
        except Exception as error:  # whatever it is, one record must not keep the others
            self.env.invalidate_all()
            if len(records) == 1:
                if not isinstance(error, UserError):
                    _logger.warning("Step %s of %s failed", step.key, records, exc_info=True)
                return {records.id: str(error)}
        half = len(records) // 2
        return {**self._press(step, records[:half]), **self._press(step, records[half:])}

    def _told(self, step, done, refused, waiting):
        """[the sentence on a step], nothing on one that had nothing to do."""
        _ = self.env._
        parts = [_("%s done", done)] if done else []
        if refused:
            parts.append(_("%s left, see below", refused))
        if waiting:
            parts.append(_("%s not tried yet: press again", waiting))
        return [_("%(step)s: %(parts)s", step=step.label, parts=", ".join(parts))] if parts else []

    def action_view_todo(self, key):
        """The records that a step has to do; those it has done where nothing is left."""
        self.ensure_one()
        self.check_access("read")
        step = next((step for step in self._steps() if step.key == key), None)
        if not step:
            raise UserError(self.env._("There is no step %s.", key))
        Model = self.env[step.model]
        waiting = self.state == "open" and Model.search_count(step.todo, limit=1)
        found = Model.search(step.todo if waiting else step.done)
        action = self.env["ir.actions.act_window"]._for_xml_id(f"aftersales_contracts.{step.window}")
        return {**action, "name": str(step.label), "domain": [("id", "in", found.ids)], "context": {}}


def _records(Fact, domain):
    """SQL: ids of the records of the facts of ``domain``."""
    query = Fact._search(domain)
    return query.subselect(SQL.identifier(query.table, "res_id"))


class PeriodStepRow(models.Model):
    """A step as the page shows it. Nothing is stored: a row for every month and step, counted when it is looked at."""

    _name = "aftersales.period.step"
    _description = "Step of a Close"
    _auto = False
    _order = "close_id, sequence"

    close_id = fields.Many2one("aftersales.period.close", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    sequence = fields.Integer(readonly=True)
    name = fields.Char(string="Step", compute="_compute_step")
    hint = fields.Char(compute="_compute_step")
    todo = fields.Integer(string="To Do", compute="_compute_step")
    done = fields.Integer(compute="_compute_step")
    may_run = fields.Boolean(compute="_compute_step")
    state = fields.Selection(
        [("todo", "To Do"), ("others", "With Others"), ("done", "Done")], compute="_compute_step")

    @property
    def _table_query(self):
        return SQL(
            """SELECT c.id * %s + s.sequence AS id, c.id AS close_id, c.company_id, s.sequence
                 FROM aftersales_period_close c CROSS JOIN generate_series(1, %s) AS s(sequence)""",
            SLOTS, len(STEPS))

    @api.depends_context("lang", "uid")
    def _compute_step(self):
        for close, rows in self.grouped("close_id").items():
            steps = {step.sequence: step for step in close._steps()}
            for row in rows:
                row._count(steps[row.sequence], close)

    def _count(self, step, close):
        Model = self.env[step.model]
        may_read = Model.has_access("read")
        self.name, self.hint = step.label, step.hint
        self.todo = Model.search_count(step.todo) if may_read and close.state == "open" else 0
        self.done = Model.search_count(step.done) if may_read else 0
        self.may_run = bool(step.press and self.todo)
        self.state = "done" if not self.todo else "todo" if step.press else "others"

    def _key(self):
        self.ensure_one()
        return STEPS[self.sequence - 1]

    def action_run_step(self):
        """Do this step: all of it that is undisputed and allowed to this person."""
        return self.close_id.action_run(self._key())

    def action_view_step(self):
        """The records behind the figures."""
        return self.close_id.action_view_todo(self._key())
