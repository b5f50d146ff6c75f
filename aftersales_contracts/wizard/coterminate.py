"""Add a line that ends with its contract: what it costs until then is shown before it is added."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..models.prices.contract_line import PRORATIONS, QUANTITY, TIMINGS, UNITS


class Coterminate(models.TransientModel):
    _name = "aftersales.coterminate"
    _description = "Add a Line that Ends with the Contract"
    _check_company_auto = True

    contract_id = fields.Many2one("aftersales.contract", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="contract_id.company_id")
    currency_id = fields.Many2one(related="contract_id.currency_id")
    contract_end = fields.Date(related="contract_id.date_end", string="Ends with the Contract on")
    locked = fields.Boolean(compute="_compute_locked")
    product_id = fields.Many2one("product.product", check_company=True)
    name = fields.Text(string="Description", compute="_compute_from_product", store=True, readonly=False)
    quantity = fields.Float(digits=QUANTITY, default=1.0, required=True)
    price = fields.Monetary(
        compute="_compute_from_product", store=True, readonly=False, help="For one unit and one full period.")
    interval = fields.Integer(string="Every", default=1, required=True)
    unit = fields.Selection(UNITS, string="Period", default="month", required=True)
    timing = fields.Selection(TIMINGS, string="Billing", default="prepaid", required=True)
    proration_rule = fields.Selection(
        PRORATIONS, string="Parts of a Period", default="actual/actual", required=True)
    date_start = fields.Date(
        string="First Day", required=True, compute="_compute_date_start", store=True, readonly=False)
    total = fields.Monetary(string="Until the End of the Contract", compute="_compute_preview")
    preview = fields.Json(compute="_compute_preview")
    problem = fields.Char(compute="_compute_preview")

    @api.depends("contract_id.state")
    def _compute_locked(self):
        for wizard in self:
            wizard.locked = wizard.contract_id.state != "draft"

    @api.depends("contract_id")
    def _compute_date_start(self):
        for wizard in self:
            contract = wizard.contract_id
            today = contract._local_today() if contract else fields.Date.context_today(wizard)
            effective = "effective_on" in contract._fields and contract.effective_on
            wizard.date_start = max(effective or today, contract.date_start or today)

    @api.depends("product_id")
    def _compute_from_product(self):
        for wizard in self:
            line = self.env["aftersales.contract.line"].new(
                {"contract_id": wizard.contract_id.id, "product_id": wizard.product_id.id})
            wizard.name = wizard.name or line.name
            wizard.price = wizard.price or line.price

    @api.depends("contract_id", "quantity", "price", "interval", "unit", "timing", "proration_rule", "date_start")
    def _compute_preview(self):
        for wizard in self:
            wizard.total, wizard.preview, wizard.problem = 0.0, [], False
            try:
                proration = wizard._line()._coterminated()
            except UserError as error:
                wizard.problem = str(error)
                continue
            wizard.total = float(proration.total)
            say = wizard._line()._amount_text
            wizard.preview = [
                [self.env._("%(start)s to %(end)s", start=format_date(self.env, part.period.start),
                            end=format_date(self.env, part.period.end - timedelta(days=1))),
                 self.env._("full period") if part.share == 1 else self.env._("%s of a period", part.share),
                 say(part.amount)]
                for part in proration.parts] + [[self.env._("Total"), "", say(proration.total)]]

    def _line_values(self):
        return {
            "contract_id": self.contract_id.id, "product_id": self.product_id.id, "name": self.name,
            "quantity": self.quantity, "price": self.price, "interval": self.interval, "unit": self.unit,
            "timing": self.timing, "proration_rule": self.proration_rule, "date_start": self.date_start,
            "counted_from": self.contract_id.date_start}

    def _line(self):
        return self.env["aftersales.contract.line"].new(self._line_values())

    def action_add(self):
        """Add the line to a draft, or to the draft of an amendment."""
        self.ensure_one()
        contract = self.contract_id
        contract.check_access("write")
        if self.locked:
            raise UserError(self.env._(
                "Contract %s is not a draft: make an amendment, and add the line to its draft.", contract.display_name))
        self._line()._coterminated()
        self.env["aftersales.contract.line"].create(self._line_values())
        return {"type": "ir.actions.act_window_close"}

    def action_open_amendment(self):
        """Offer the way in force: the draft of an amendment that is there, else the question for a new one."""
        self.ensure_one()
        draft = self.contract_id.amendment_ids.filtered(lambda one: one.state == "draft")[:1]
        action = {"type": "ir.actions.act_window", "view_mode": "form", "target": "new"}
        if draft:
            values = {name: self[name] for name in (
                "name", "quantity", "price", "interval", "unit", "timing", "proration_rule", "date_start")}
            return {**action, "name": self._description, "res_model": self._name, "context": {
                "default_contract_id": draft.id, "default_product_id": self.product_id.id, "dialog_size": "extra-large",
                **{f"default_{name}": value for name, value in values.items()}}}
        return {**action, "name": self.env._("Amend"), "res_model": "aftersales.amend.contract", "context": {
            "default_contract_id": self.contract_id.id, "default_kind": "price",
            "default_effective_on": self.date_start, "default_reason": self.name}}
