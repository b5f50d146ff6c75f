"""What a penalty is made of: amounts by component of the clause, and the events that cost something or were excused."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.frozen import is_uninstalling

KINDS = [
    ("penalty", "Penalty"),
    ("bonus", "Bonus"),
    ("carried", "Carried from Before"),
    ("capped", "Cut by a Cap"),
    ("minimum", "Minimum"),
    ("earned_back", "Earned Back"),
    ("rounding", "Rounding"),
    ("waived", "Waived Before"),  # of a late fact: no more is taken back than is left
]


class Assessed(models.AbstractModel):
    """Rows that the assessment writes once, and nobody changes."""

    _name = "aftersales.assessed"
    _description = "Assessed Once"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Penalties are assessed by the system from closed periods, nobody enters them."))
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_change()
        return super().write(vals)

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_change()
        return super().unlink()

    def _refuse_change(self):
        for row in self:
            raise UserError(self.env._(
                "%s was assessed and does not change. A late fact becomes a penalty of its own in the next period.",
                row.penalty_id.display_name))


class PenaltyLine(models.Model):
    _name = "aftersales.penalty.line"
    _inherit = ["aftersales.assessed"]
    _description = "Amount of a Penalty"
    _order = "penalty_id, sequence, id"
    _log_access = False

    penalty_id = fields.Many2one("aftersales.penalty", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    contract_id = fields.Many2one(related="penalty_id.contract_id")
    currency_id = fields.Many2one(related="penalty_id.currency_id")
    sequence = fields.Integer(readonly=True)
    component_key = fields.Char(readonly=True, help="Of the clause's component; empty: a rule of the clause itself.")
    name = fields.Char(string="Component", readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    detail = fields.Char(readonly=True)
    count = fields.Integer(string="Events", readonly=True, help="Events that cost something.")
    figure = fields.Char(readonly=True, help="What was measured, exactly.")
    amount = fields.Monetary(readonly=True)

    @api.depends("name", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for line in self:
            line.display_name = line.name or kinds.get(line.kind)


class PenaltyEvent(models.Model):
    """A failure that a penalty counted, or left out with the reason."""

    _name = "aftersales.penalty.event"
    _inherit = ["aftersales.assessed"]
    _description = "Event of a Penalty"
    _order = "penalty_id, component_key, id"
    _rec_name = "penalty_id"
    _log_access = False

    penalty_id = fields.Many2one("aftersales.penalty", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    contract_id = fields.Many2one(related="penalty_id.contract_id")
    currency_id = fields.Many2one(related="penalty_id.currency_id")
    component_key = fields.Char(readonly=True)
    name = fields.Char(string="Component", readonly=True)
    request_id = fields.Many2one("aftersales.request", readonly=True, ondelete="set null", index="btree_not_null")
    clock_ref = fields.Integer(readonly=True, aggregator=None, help="The id of the clock; it outlives the clock.")
    clock_id = fields.Many2one("aftersales.sla.clock", readonly=True, ondelete="set null", index="btree_not_null")
    breach_id = fields.Many2one("aftersales.breach", readonly=True, ondelete="restrict", index="btree_not_null")
    target_id = fields.Many2one("aftersales.sla.target", string="SLA Target", readonly=True, ondelete="restrict")
    late = fields.Integer(string="Late (s)", readonly=True, aggregator=None, help="Seconds beyond what was promised.")
    late_text = fields.Char(string="Late by", compute="_compute_late_text")
    severity = fields.Char(readonly=True)
    still_open = fields.Boolean(readonly=True, help="Not over at the end of the period: counted up to there.")
    excused = fields.Char(string="Not Counted", readonly=True, help="Why it does not count.")
    amount = fields.Monetary(readonly=True, help="What it cost by itself, where the clause says so.")

    @api.depends("late")
    @api.depends_context("lang")
    def _compute_late_text(self):
        for event in self:
            event.late_text = self.env["resource.calendar"]._format_working_time(event.late) if event.late else ""
