"""Correction: what a backdated change costs in periods that were billed, booked in the open period.

What was billed does not move. Each closed period is reckoned again by ``engine.corrections``, at the prices known
before and after a version was recorded (or cancelled); the difference becomes one line, once.
"""

from datetime import date, timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_repr

from ...engine import versions as engine
from ...engine.corrections import Closed, correct
from ...engine.days import last_day
from ...engine.money import exact, round_money
from ...engine.recurrence import Piece
from ...engine.suspension import remaining
from .version_terms import nested

RHYTHM = {"interval", "unit", "anchor_day", "counted_from", "timing", "proration_rule"}


class ContractCorrection(models.Model):
    _name = "aftersales.contract.correction"
    _inherit = ["aftersales.frozen"]
    _description = "Contract Correction"
    _order = "contract_id, version_id desc, row_key, period_start"
    _rec_name = "name"

    contract_id = fields.Many2one("aftersales.contract", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="contract_id.partner_id", store=True)
    version_id = fields.Many2one(
        "aftersales.contract.version", required=True, readonly=True, index=True, ondelete="restrict")
    of_cancellation = fields.Boolean(readonly=True, help="The version was cancelled: its corrections are taken back.")
    line_id = fields.Many2one(
        "aftersales.contract.line", string="Contract Line", readonly=True, index="btree_not_null", ondelete="set null")
    row_key = fields.Char(required=True, readonly=True)
    name = fields.Char(string="Description", required=True, readonly=True)
    period_start = fields.Date(string="Closed Period from", required=True, readonly=True)
    period_end = fields.Date(string="Closed Period until", required=True, readonly=True, help="Its last day.")
    booked_on = fields.Date(
        string="Booked from", required=True, readonly=True, index=True,
        help="The first day of the open period that it is billed with.")
    amount = fields.Monetary(required=True, readonly=True, help="To bill; negative: to credit.")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    steps = fields.Json(readonly=True, help="How it was reckoned.")
    state = fields.Selection(
        [("open", "Open"), ("billed", "Billed")], required=True, readonly=True, default="open", index=True)

    _once = models.UniqueIndex(
        "(version_id, of_cancellation, row_key, period_start)",
        "A closed period of a contract line is corrected once for each version.")
    _not_zero = models.Constraint("CHECK(amount <> 0)", "A correction has an amount.")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Corrections follow from the versions of a contract: nobody enters them."))
        return super().create(vals_list)

    def _frozen(self):
        return self

    def _refuse_frozen(self):
        if self:
            raise UserError(self.env._(
                "The correction of %s neither changes nor goes: what changes later makes another one.", self[:1].name))

    def _write_billed(self):
        """Mark as billed: for the code that bills them."""
        return self._write_unguarded({"state": "billed"})


class ContractVersion(models.Model):
    _inherit = "aftersales.contract.version"

    correction_ids = fields.One2many(
        "aftersales.contract.correction", "version_id", string="Corrections", readonly=True)

    def _correct_closed(self, cancelled=False):
        """Book corrections for the billed periods that these versions change; run again, nothing more is booked."""
        super()._correct_closed(cancelled)
        for version in self.sorted("number"):
            vals_list = version.sudo()._corrections(cancelled)  # reckoned by the system, for whoever signs
            self.env["aftersales.contract.correction"].sudo().create(vals_list)

    def _corrections(self, cancelled):
        lines = self.contract_id.line_ids.filtered(
            lambda line: line._closed_until() and any(key.startswith(f"line:{line.row_key}") for key in self.changes))
        if not lines:
            return []
        others = self.contract_id.version_ids.filtered(
            lambda one: one.number < self.number or (cancelled and one.number != self.number))
        standing = others.filtered(lambda one: not one.cancelled_at)._engine()
        own = engine.Version(self.number, self.effective_on, self._engine()[0].recorded, self.changes)
        before, after = ([*standing, own], standing) if cancelled else (standing, [*standing, own])
        found = []
        for line in lines:
            result = correct(
                self._closed(line, before, cancelled), line._prices_by_day(after), line.proration_rule,
                line._rounding())
            steps = [[step.label, step.detail, str(step.value)] for step in result.steps]
            found += [{
                "contract_id": self.contract_id.id, "version_id": self.id, "of_cancellation": cancelled,
                "line_id": line.id, "row_key": line.row_key, "name": line.name.split("\n")[0],
                "period_start": one.period.start, "period_end": last_day(one.period.end),
                "booked_on": line._closed_until() + timedelta(days=1), "amount": float(one.amount),
                "currency_id": line.currency_id.id, "steps": steps} for one in result.lines]
        return found

    def _closed(self, line, before, cancelled):
        """The billed periods of a line with what was billed for them: at the prices known then, and what this version
        has corrected already."""
        paused = line.contract_id._paused_days()  # never billed, so never corrected
        closed = line._pieces(None, line._closed_until() + timedelta(days=1), None)
        pieces = [Piece(part, piece.full) for piece in closed
                  for part in remaining(piece.period, paused)]
        booked = {row.period_start: line._money(row.amount) for row in self.correction_ids
                  if row.row_key == line.row_key and row.of_cancellation == cancelled}
        prices = line._prices_by_day(before)
        found = []
        for piece in pieces:
            due = correct([Closed(piece, Decimal(0))], prices, line.proration_rule, line._rounding()).total
            found.append(Closed(piece, due + booked.get(piece.period.start, Decimal(0))))
        return found

    def _log_amended_prices(self):
        """Note down by the day the prices that this version says of lines that stand in the contract."""
        lines = {line.row_key: line for line in self.contract_id.line_ids}
        vals_list = []
        for key, value in self.changes.items():
            line = lines.get(key.split(":")[1]) if key.startswith("line:") and key.endswith(":price") else None
            # A line that the amendment added has no price before: its first one is noted with the contract's own.
            if line and line.price_ids and value is not None:
                price, old = line._money(value), line._price_on(self.effective_on)
                if price != old:
                    vals_list.append({
                        "line_id": line.id, "effective_on": self.effective_on, "price": float(price),
                        "old_price": float(old), "kind": "amendment", "reason": self.reason})
        self.env["aftersales.line.price"].sudo().create(vals_list)  # facts are the system's to append


class ContractLine(models.Model):
    _inherit = "aftersales.contract.line"

    def _closed_until(self):
        """The last day that is billed and does not move any more; False where nothing is."""
        return self.billed_until

    def _prices_by_day(self, versions):
        """[(from day, price of a full period)] of this line by engine ``versions``: 0 where it is not on the paper."""
        days = sorted({version.effective for version in versions})
        bounds, found = {date.min}, []
        for day in days:
            row = nested(engine.as_of(versions, day).terms).get(f"line:{self.row_key}")
            bounds.add(day)
            found.append((day, self._full_price(row)))
        return [(date.min, found[0][1] if found else Decimal(0)), *found]

    def _full_price(self, row):
        """What a full period costs by the plain values of a row; 0 for a row that is gone or cancelled."""
        if not row or row.get("cancelled"):
            return Decimal(0)
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        quantity = Decimal(float_repr(row.get("quantity") or 0.0, digits))
        return round_money(exact(self._money(row.get("price") or 0.0)) * exact(quantity), self._rounding())


class Contract(models.Model):
    _inherit = "aftersales.contract"

    correction_ids = fields.One2many(
        "aftersales.contract.correction", "contract_id", string="Corrections to Bill", readonly=True, copy=False)

    def _check_amendment(self):
        super()._check_amendment()
        changes = self._amendment_changes()
        for line in self.amends_id.line_ids.filtered(lambda line: line._closed_until()):
            touched = {name for name in RHYTHM if f"line:{line.row_key}:{name}" in changes}
            if touched and self.effective_on <= line._closed_until():
                raise UserError(self.env._(
                    "%(line)s is billed until %(day)s: its %(field)s can change from the day after on, not from "
                    "%(effective)s.", line=line.display_name, day=line._closed_until(), effective=self.effective_on,
                    field=line._fields[min(touched)]._description_string(self.env)))
