"""What a closed statement consists of: the figures of each target, the clocks it counted, the corrections it states."""

from odoo import api, fields, models
from odoo.tools import format_datetime

from ...engine.compliance import rate
from ..service.service_status import METRICS

VERDICTS = [
    ("none", "Not Counted"),
    ("met", "Met"),
    ("breached", "Breached"),
    ("excused", "Excused"),
]


class TotalRate(models.AbstractModel):
    _name = "aftersales.rate.text"
    _description = "Rate in Words"

    @api.model
    def _total_rate_text(self, met, breached):
        """The rate as people read it: "97.50 %", or "n/a" where nothing was due."""
        percent = rate(met, breached)
        return self.env._("n/a") if percent is None else f"{percent} %"


class Compliance(models.Model):
    _name = "aftersales.compliance"
    _inherit = ["aftersales.compliance", "aftersales.rate.text"]


class StatementLine(models.Model):
    _name = "aftersales.statement.line"
    _inherit = ["aftersales.frozen", "aftersales.rate.text"]
    _description = "Statement Figures"
    _order = "statement_id, sequence, id"
    _rec_name = "target_id"
    _log_access = False

    statement_id = fields.Many2one("aftersales.statement", required=True, readonly=True, ondelete="cascade", index=True)
    contract_id = fields.Many2one(related="statement_id.contract_id")
    company_id = fields.Many2one(related="statement_id.company_id")
    sequence = fields.Integer(readonly=True)
    target_id = fields.Many2one("aftersales.sla.target", string="SLA Target", required=True, readonly=True,
                                ondelete="restrict")
    metric = fields.Selection(METRICS, required=True, readonly=True)
    objective = fields.Float(string="Objective (%)", digits=(5, 2), readonly=True, aggregator=None)
    due = fields.Integer(readonly=True)
    met = fields.Integer(readonly=True)
    breached = fields.Integer(readonly=True)
    excused = fields.Integer(readonly=True)
    running = fields.Integer(readonly=True)
    rate_text = fields.Char(string="Attained", compute="_compute_rate_text")
    reached = fields.Selection([("yes", "Reached"), ("no", "Missed"), ("na", "Nothing Due")], readonly=True)

    @api.depends("met", "breached")
    @api.depends_context("lang")
    def _compute_rate_text(self):
        for line in self:
            line.rate_text = line._total_rate_text(line.met, line.breached)

    def _frozen(self):
        return self.filtered(lambda line: line.statement_id.state != "draft")


class StatementClock(models.Model):
    """One clock as a closed statement counted it. With it a later run tells what a late fact changed, and that the
    clock has been counted."""

    _name = "aftersales.statement.clock"
    _inherit = ["aftersales.frozen"]
    _description = "Clock of a Statement"
    _order = "statement_id, due_at, id"
    _rec_name = "request_id"
    _log_access = False

    statement_id = fields.Many2one("aftersales.statement", required=True, readonly=True, ondelete="cascade", index=True)
    contract_id = fields.Many2one("aftersales.contract", required=True, readonly=True, ondelete="restrict")
    clock_ref = fields.Integer(required=True, readonly=True, help="The id of the clock; it outlives the clock.")
    clock_id = fields.Many2one("aftersales.sla.clock", readonly=True, ondelete="set null", index="btree_not_null")
    request_id = fields.Many2one("aftersales.request", readonly=True, ondelete="set null", index="btree_not_null")
    target_id = fields.Many2one("aftersales.sla.target", required=True, readonly=True, ondelete="restrict")
    verdict = fields.Selection(VERDICTS, required=True, readonly=True)
    started_at = fields.Datetime(readonly=True)
    due_at = fields.Datetime(readonly=True)
    stopped_at = fields.Datetime(readonly=True)
    elapsed = fields.Integer(readonly=True, aggregator=None)

    _once = models.UniqueIndex("(contract_id, clock_ref)", "This clock is already counted in a closed statement.")

    def _frozen(self):
        return self.filtered(lambda row: row.statement_id.state != "draft")


class StatementCorrection(models.Model):
    """A late fact: what a closed statement said of a clock, and what is known now.

    Without ``statement_id`` it waits for the next statement, and goes away by itself when the facts turn back; with
    it, it has been stated and stays.
    """

    _name = "aftersales.statement.correction"
    _inherit = ["aftersales.frozen"]
    _description = "Correction to a Closed Period"
    _order = "found_at desc, id desc"
    _rec_name = "request_id"
    _log_access = False

    contract_id = fields.Many2one("aftersales.contract", required=True, readonly=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(related="contract_id.company_id")
    origin_id = fields.Many2one(
        "aftersales.statement", string="Closed Statement", required=True, readonly=True, ondelete="restrict",
        index=True)
    statement_id = fields.Many2one(
        "aftersales.statement", string="Stated in", readonly=True, ondelete="restrict", index="btree_not_null",
        help="Empty: the next statement of the contract will state it.")
    clock_ref = fields.Integer(required=True, readonly=True)
    clock_id = fields.Many2one("aftersales.sla.clock", readonly=True, ondelete="set null", index="btree_not_null")
    request_id = fields.Many2one("aftersales.request", readonly=True, ondelete="set null", index="btree_not_null")
    target_id = fields.Many2one(
        "aftersales.sla.target", string="SLA Target", required=True, readonly=True, ondelete="restrict")
    found_at = fields.Datetime(required=True, readonly=True)
    was_verdict = fields.Selection(VERDICTS, string="Was", required=True, readonly=True)
    was_started_at = fields.Datetime(readonly=True)
    was_due_at = fields.Datetime(string="Due before", readonly=True)
    was_stopped_at = fields.Datetime(string="Stopped before", readonly=True)
    was_elapsed = fields.Integer(readonly=True, aggregator=None)
    is_verdict = fields.Selection(VERDICTS, string="Is", required=True, readonly=True)
    is_started_at = fields.Datetime(readonly=True)
    is_due_at = fields.Datetime(string="Due now", readonly=True)
    is_stopped_at = fields.Datetime(string="Stopped now", readonly=True)
    is_elapsed = fields.Integer(readonly=True, aggregator=None)
    text = fields.Char(string="Correction", compute="_compute_text")

    _waiting = models.UniqueIndex(
        "(contract_id, clock_ref) WHERE statement_id IS NULL", "This correction is already waiting.")
    _stated = models.Index("(contract_id, clock_ref) WHERE statement_id IS NOT NULL")

    def _frozen(self):
        return self.filtered("statement_id")

    @api.depends_context("lang")
    def _compute_text(self):
        for correction in self:
            correction.text = correction._in_words(correction.origin_id.zone)

    def _in_words(self, zone):
        """One sentence: which closed statement, which request and target, what it said, what is known, since when."""
        self.ensure_one()
        verdicts = dict(self._fields["was_verdict"]._description_selection(self.env))

        def stamp(value):
            return format_datetime(self.env, value, tz=zone, dt_format="medium") if value else self.env._("still open")

        def told(verdict, due, stopped):
            if verdict == "none":
                return verdicts[verdict]
            return self.env._("%(verdict)s (due %(due)s, stopped %(stopped)s)", verdict=verdicts[verdict],
                              due=stamp(due) if due else self.env._("never"), stopped=stamp(stopped))

        return self.env._(
            "Statement %(statement)s, request %(request)s, %(target)s: was %(was)s; is %(now)s. Found %(found)s.",
            statement=self.origin_id.name, request=self.request_id.name or str(self.clock_ref),
            target=self.target_id._name_in_words(), was=told(self.was_verdict, self.was_due_at, self.was_stopped_at),
            now=told(self.is_verdict, self.is_due_at, self.is_stopped_at), found=stamp(self.found_at))
