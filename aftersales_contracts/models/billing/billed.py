"""What was billed: a fact for each part of a period, correction, termination amount or deduction, and its invoice.

Facts are appended by the billing run and never change. Those of a draft invoice that is cancelled or deleted go with
it, and are billed again; those of a posted one stay for good.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.frozen import is_uninstalling

KINDS = [
    ("fee", "Fee"),
    ("usage", "Usage"),
    ("late", "Late Usage"),
    ("days", "Days Taken Back or Added"),
    ("correction", "Correction"),
    ("termination", "Termination"),
    ("deduction", "Deduction of a Penalty"),
]


class Billed(models.Model):
    _name = "aftersales.billed"
    _description = "Billed Period"
    _order = "period_start desc, id desc"

    contract_id = fields.Many2one("aftersales.contract", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True, precompute=True)
    partner_id = fields.Many2one(
        "res.partner", string="Billed to", required=True, readonly=True, index=True, ondelete="restrict")
    line_id = fields.Many2one(
        "aftersales.contract.line", string="Contract Line", readonly=True, index="btree_not_null", ondelete="set null")
    row_key = fields.Char(readonly=True, help="Of the line on the contract's paper.")
    kind = fields.Selection(KINDS, required=True, readonly=True, index=True)
    name = fields.Char(string="Description", required=True, readonly=True)
    period_start = fields.Date(required=True, readonly=True)
    period_end = fields.Date(required=True, readonly=True, help="The last day of the period.")
    share = fields.Char(readonly=True, help="Which part of a full period it is.")
    price = fields.Monetary(string="Price per Period", readonly=True, aggregator=None)
    quantity = fields.Float(
        digits=(16, 6), readonly=True, aggregator=None,
        help="Of a fee: as on the line. Of usage: the units used. Of days: 1 added, -1 taken back.")
    amount = fields.Monetary(readonly=True, help="Without taxes that come on top; negative: credited.")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    billed_on = fields.Date(string="Billed", required=True, readonly=True, index=True)
    correction_id = fields.Many2one(
        "aftersales.contract.correction", readonly=True, index="btree_not_null", ondelete="restrict")
    termination_id = fields.Many2one(
        "aftersales.termination", readonly=True, index="btree_not_null", ondelete="restrict")
    penalty_id = fields.Many2one("aftersales.penalty", readonly=True, index="btree_not_null", ondelete="restrict")
    move_id = fields.Many2one(
        "account.move", string="Invoice", readonly=True, index="btree_not_null", ondelete="restrict",
        help="Empty: there was nothing to pay.")
    move_line_id = fields.Many2one(
        "account.move.line", string="Invoice Line", readonly=True, index="btree_not_null", ondelete="restrict")
    move_state = fields.Selection(related="move_id.state", string="State")

    _once = models.UniqueIndex(
        "(contract_id, row_key, kind, period_start) WHERE kind IN ('fee', 'usage')",
        "A period of a contract line is billed once.")
    _correction_once = models.UniqueIndex(
        "(correction_id) WHERE correction_id IS NOT NULL", "A correction is billed once.")
    _days = models.Constraint("CHECK(period_end >= period_start)", "A billed period cannot end before it starts.")
    _of_line = models.Index("(line_id, period_end)")

    @api.depends("contract_id.name", "name")
    def _compute_display_name(self):
        for fact in self:
            fact.display_name = f"{fact.contract_id.name or ''} · {(fact.name or '').splitlines()[0]}"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("What was billed is recorded by the billing run: nobody enters it."))
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_change()
        return super().write(vals)

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_change()
        return super().unlink()

    def _refuse_change(self):
        if self:
            raise UserError(self.env._(
                "%s was billed and stays on record. A draft invoice may be cancelled or deleted: its periods are then "
                "billed again. A posted one is corrected by a credit note.", self[:1].display_name))

    def _on_invoices(self):
        """Write down on which invoice line these facts stand: the first of each."""
        self.env.flush_all()
        self.env.cr.execute("""
            UPDATE aftersales_billed b SET move_id = l.move_id, move_line_id = l.id
              FROM (SELECT DISTINCT ON (aftersales_billed_id) aftersales_billed_id, move_id, id
                      FROM account_move_line WHERE aftersales_billed_id = ANY(%s)
                  ORDER BY aftersales_billed_id, id) l
             WHERE l.aftersales_billed_id = b.id""", [self.ids])
        self.invalidate_recordset(["move_id", "move_line_id"])

    def _release(self):
        """Forget these facts because their draft invoice goes: what they stood for is due again."""
        if not self:
            return
        days = {}
        for fact in self.filtered(lambda fact: fact.kind in ("fee", "usage") and fact.line_id):
            before = fact.period_start - timedelta(days=1)
            days[fact.line_id] = min(days.get(fact.line_id, before), before)
        corrections, terminations = self.correction_id, self.termination_id
        contracts = self.contract_id
        super().unlink()  # pylint: disable=super-method-mismatch
        corrections._write_unguarded({"state": "open"})
        terminations.billed_on = False
        for line, day in days.items():
            later = self.search_count([("line_id", "=", line.id), ("period_end", ">", day)], limit=1)
            line._write_unlocked({"billed_until": min(day, line.billed_until or day), "reopened": bool(later)})
        contracts._reckon_next_bill()
