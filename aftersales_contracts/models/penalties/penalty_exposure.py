"""Exposure: how much of its running caps a penalty clause has used, and what the open period can still cost."""

from decimal import Decimal

from odoo import api, fields, models

from ...engine.contract_lifecycle import LIVE
from ...engine.days import last_day
from ...engine.errors import EngineError
from ...engine.penalty_exposure import exposure
from ..statements.statement_snapshot import period_label
from .penalty_assess import _needs_value
from .penalty_ledger import Entry


class ContractPenalty(models.Model):
    _inherit = "aftersales.contract.penalty"

    exposure_period = fields.Char(string="Open Period", compute="_compute_exposure")
    exposure_used = fields.Monetary(
        string="Used", compute="_compute_exposure", aggregator=None,
        help="Of the running cap of which least is left; without one, what the year has cost so far.")
    exposure_cap = fields.Monetary(string="Running Cap", compute="_compute_exposure", aggregator=None)
    exposure_left = fields.Monetary(string="Left", compute="_compute_exposure", aggregator=None)
    exposure_percent = fields.Float(string="Used (%)", compute="_compute_exposure", aggregator=None)
    exposure_worst = fields.Monetary(
        string="Worst Case", compute="_compute_exposure", aggregator=None,
        help="The most that the open period can still cost.")
    exposure_unlimited = fields.Boolean(string="Unlimited", compute="_compute_exposure", help="No cap bounds it.")
    exposure_problem = fields.Char(string="Cannot Be Told", compute="_compute_exposure")
    exposure_steps = fields.Json(string="How It Came About", compute="_compute_exposure")
    penalty_ids = fields.One2many("aftersales.penalty", "contract_penalty_id", string="Penalties")

    @api.depends("contract_id", "clause_id", "penalty_ids.state", "penalty_ids.amount")
    @api.depends_context("lang")
    def _compute_exposure(self):
        """One reading of the running totals for all rows; drafts and templates have no exposure."""
        blank = dict.fromkeys(
            ("exposure_period", "exposure_used", "exposure_cap", "exposure_left", "exposure_percent", "exposure_worst",
             "exposure_unlimited", "exposure_problem", "exposure_steps"), False)
        rows = self.sudo().filtered(  # totals and fees are read whole for whoever may read the clause of the contract
            lambda row: row.contract_id.state in LIVE and row._origin and row.clause_id)
        entries = {row: Entry(number, row.contract_id, row.row_key, row.clause_id, row._open_period().start)
                   for number, row in enumerate(rows)}
        ledgers = self.env["aftersales.penalty"].sudo()._ledgers(list(entries.values()))  # likewise
        known = {}
        for row in self:
            row.update(blank)
            if row.sudo() in entries:
                row.update(row.sudo()._exposure(ledgers[entries[row.sudo()].number], known))

    def _open_period(self):
        """The period of dates that the contract's today lies in."""
        return self.contract_id._period_containing(self.contract_id._local_today())

    def _exposure(self, ledger, known):
        """Values of the exposure fields; ``known``: {contract: (charges, value)} so far."""
        contract, period = self.contract_id, self._open_period()
        try:
            terms = self.clause_id._terms(contract)
            if contract.id not in known:
                known[contract.id] = contract._fee_charges()
            charges = known[contract.id]
            value = contract._term_value(charges) if _needs_value(terms) else None
            found = exposure(terms, ledger, contract._period_fee(period.start, period.end, charges), value)
        except EngineError as error:
            return {"exposure_problem": str(error)}
        return {
            "exposure_period": period_label(period.start, last_day(period.end), self.env.lang or "en_US"),
            "exposure_used": float(found.used),
            "exposure_cap": float(found.cap or 0), "exposure_left": float(found.left or 0),
            "exposure_percent": float(100 * found.used / found.cap) if found.cap else 0.0,
            "exposure_worst": float(found.worst or Decimal(0)), "exposure_unlimited": found.worst is None,
            "exposure_steps": [[step.label, step.detail, str(step.value)] for step in found.steps]}
