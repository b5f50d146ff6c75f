"""Customer value: discounted lifetime value and the segment that follows, its inputs kept with each result.

CLTV = sum over t of P(t) x R(t) / (1 + i)^t (``engine/segment.py``): P the yearly profit, R the share of it that is
expected to stay in year t, i the discount rate. What P and R are is each company's choice, made in its formula.
"""

from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...engine.contract_lifecycle import LIVE
from ...engine.errors import EngineError
from ...engine.segment import lifetime_value, segment
from ..common.frozen import is_uninstalling
from ..common.nightly import NightlyStep
from .service_plan import SEGMENTS

EVERY = 30  # days after which a customer's value is reckoned again


class LifetimeValue(models.Model):
    """A customer's value as reckoned on a day, with everything that it was reckoned from. Appended, never changed."""

    _name = "aftersales.lifetime.value"
    _description = "Customer Lifetime Value"
    _order = "reckoned_on desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Customer", required=True, readonly=True, index=True,
                                 ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    reckoned_on = fields.Date(readonly=True, required=True)
    amount = fields.Monetary(string="Lifetime Value", readonly=True)
    profit = fields.Monetary(string="Yearly Profit", readonly=True)
    source = fields.Selection(
        [("contracts", "Margin of the Contracts"), ("customer", "Entered on the Customer")], readonly=True)
    segment = fields.Selection(SEGMENTS, readonly=True)
    inputs = fields.Json(readonly=True)  # {rate, first, retention, years, margin, contracts: [[number, yearly value]]}
    steps = fields.Json(readonly=True)  # [[label, detail, value]], the last one the total

    explanation = fields.Json(compute="_compute_explanation")  # the same in the reader's words

    @api.depends_context("lang")
    def _compute_explanation(self):
        for value in self:
            value.explanation = value._explained()

    def _explained(self):
        """[[label, detail, value]]: the contracts, the value of each year, and the lifetime value as their total."""
        _, inputs, money = self.env._, self.inputs or {}, self.currency_id.format
        rows = [[_("Contract %s", name), _("value per year"), money(float(yearly))]
                for name, yearly in inputs.get("contracts", [])] if self.source == "contracts" else []
        if rows:
            rows.append([_("Yearly profit"), _("margin of %s %%", f"{inputs['margin']:g}"), money(self.profit)])
        flows = [step for step in self.steps or [] if step[0] == "flow"]
        for year, step in enumerate(flows):
            kept, number = (inputs["retention"] / 100) ** year * 100, inputs["first"] + year
            rows.append([
                _("Year %s", number), _("%(kept)s %% kept, discounted by %(rate)s %% over %(years)s years",
                                          kept=f"{kept:.3g}", rate=f"{inputs['rate']:g}", years=number),
                money(float(step[2]))])
        return [*rows, [_("Lifetime value"), _("in %s years", len(flows)), money(self.amount)]]

    def write(self, vals):
        self._refuse_change()
        return super().write(vals)

    def _refuse_change(self):
        raise UserError(self.env._("A lifetime value is kept as it was reckoned. Reckon it again instead."))

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_deletion()
        return super().unlink()

    def _refuse_deletion(self):
        raise UserError(self.env._("A lifetime value is kept as it was reckoned."))


class ResPartner(models.Model):
    _inherit = "res.partner"

    aftersales_segment = fields.Selection(
        SEGMENTS, string="Service Segment", company_dependent=True, readonly=True,
        help="By the discounted lifetime value, unless set by hand.")
    aftersales_segment_by_hand = fields.Selection(
        SEGMENTS, string="Segment by Hand", company_dependent=True, groups="aftersales_contracts.group_account_manager",
        help="Holds whatever the lifetime value says.")
    aftersales_yearly_profit = fields.Float(
        string="Yearly Profit", company_dependent=True, groups="aftersales_contracts.group_account_manager",
        help="Of this customer, in the company's currency; 0: the margin of the contracts.")
    aftersales_value_on = fields.Date(string="Value Reckoned on", readonly=True, copy=False)
    aftersales_value_ids = fields.One2many(
        "aftersales.lifetime.value", "partner_id", string="Lifetime Values",
        groups="aftersales_contracts.group_account_manager")
    aftersales_contract_ids = fields.One2many(
        "aftersales.contract", "partner_id", string="Service Contracts", groups="aftersales_contracts.group_user")

    def action_reckon_segment(self):
        """Reckon the lifetime value and the segment of these customers now, in the current company."""
        if not self.env.user.has_group("aftersales_contracts.group_account_manager"):
            raise AccessError(self.env._("Only an account manager reckons customer values."))
        self.check_access("read")
        formula = self.env["aftersales.segment.formula"].search([("company_id", "=", self.env.company.id)])
        if not formula:
            raise UserError(self.env._(
                "Company %s has no segment formula. Make one under Configuration, Segment Formulas.",
                self.env.company.name))
        self.commercial_partner_id.sudo()._reckon(formula)  # the result is the system's

    def _reckon(self, formula, today=None):
        """Append a lifetime value for each of these customers and set their segment; [(partner, what was done)].

        One query for the contracts of all; ``formula``: that of one company. Raises UserError naming what is wrong.
        """
        company, today = formula.company_id, today or fields.Date.today()
        contracts = self.env["aftersales.contract"].sudo().search(Domain.AND([
            self.env["aftersales.contract"]._real(), [("state", "in", LIVE), ("kind", "=", "customer")],
            [("company_id", "=", company.id), ("partner_id", "child_of", self.ids)]]))
        by_customer = contracts.grouped(lambda contract: contract.partner_id.commercial_partner_id)
        rows, done = [], []
        for partner in self.with_company(company):
            row = partner._value_row(formula, by_customer.get(partner, contracts.browse()), today)
            rows.append(row)
            held = partner.sudo().aftersales_segment_by_hand or row["segment"]
            if partner.aftersales_segment != held:
                done.append((partner, self.env._("segment %s", held)))
                partner.aftersales_segment = held
        self.env["aftersales.lifetime.value"].sudo().create(rows)
        self.aftersales_value_on = today
        return done

    def _value_row(self, formula, contracts, today):
        """The values of one `aftersales.lifetime.value`."""
        company = formula.company_id
        yearly = [[contract.name, str(contract._company_amount())] for contract in contracts]
        own = Decimal(str(self.sudo().aftersales_yearly_profit or 0))
        worth = sum((Decimal(value) for _name, value in yearly), Decimal(0))
        profit = own or worth * Decimal(str(formula.margin)) / 100
        profit = profit.quantize(Decimal("0.01"))
        try:
            value = lifetime_value(formula._flows(profit), Decimal(str(formula.rate)) / 100, formula.first)
            found = segment(value.amount, [
                (Decimal(str(row.threshold)), row.segment) for row in formula.segment_ids])
        except EngineError as error:
            raise UserError(self.env._(
                "Segment of %(partner)s: the formula of %(company)s does not work: %(error)s.",
                partner=self.display_name, company=company.name, error=error)) from error
        return {
            "partner_id": self.id, "company_id": company.id, "reckoned_on": today, "amount": float(value.amount),
            "profit": float(profit), "source": "customer" if own else "contracts", "segment": found.name,
            "inputs": {"rate": formula.rate, "first": formula.first, "retention": formula.retention,
                       "years": formula.years, "margin": formula.margin, "contracts": yearly},
            "steps": [[step.label, step.detail, str(step.value)] for step in (*found.steps, *value.steps)]}

    # --- nightly work ------------------------------------------------------------------------------------------------

    @api.model
    def _nightly_segments_domain(self, today):
        day = today or fields.Date.today()
        served = Domain("aftersales_contract_ids", "any", [("state", "in", LIVE), ("kind", "=", "customer")])
        then = day - timedelta(days=EVERY)
        old = Domain("aftersales_value_on", "=", False) | Domain("aftersales_value_on", "<=", then)
        formulas = self.env["aftersales.segment.formula"].sudo().search_count([], limit=1)
        return served & old if formulas else Domain("id", "=", 0)

    def _nightly_segments(self, today):
        """Reckon these customers in every company that has a formula and serves them."""
        done = []
        for formula in self.env["aftersales.segment.formula"].sudo().search([("years", ">", 0)]):
            served = self.filtered(
                lambda partner, f=formula: f.company_id in partner.aftersales_contract_ids.company_id)
            done += served.commercial_partner_id._reckon(formula, today)
        self.aftersales_value_on = today or fields.Date.today()
        return done


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [*super()._steps(), NightlyStep(
            120, "segments", self.env._("Customer segments"), "res.partner", "_nightly_segments_domain",
            "_nightly_segments")]
