"""Renew a contract by hand: the next term and its prices are shown before anything happens."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class Renew(models.TransientModel):
    _name = "aftersales.renew"
    _description = "Renew a Contract"

    contract_id = fields.Many2one("aftersales.contract", required=True, ondelete="cascade")
    date_end = fields.Date(related="contract_id.date_end", string="Present Last Day")
    number = fields.Integer(compute="_compute_next")
    term_start = fields.Date(string="New Term from", compute="_compute_next")
    term_end = fields.Date(string="New Term until", compute="_compute_next")
    prices = fields.Json(string="New Prices", compute="_compute_next")
    problem = fields.Char(compute="_compute_next")

    @api.depends("contract_id")
    def _compute_next(self):
        for wizard in self:
            wizard.number, wizard.term_start, wizard.term_end = 0, False, False
            wizard.prices, wizard.problem = [], False
            contract = wizard.contract_id
            try:
                contract._check_move("renew")
                renewal = contract._renewal_by_hand()
                wizard.number, wizard.term_start = renewal.number, renewal.period.start
                wizard.term_end = renewal.period.end - timedelta(days=1)
                wizard.prices = wizard._prices_in_words(contract._reprice({contract: renewal}))
            except UserError as error:
                wizard.problem = str(error)

    def _prices_in_words(self, changes):
        """[[line, price before, price after], ..., [a year, before, after]]."""
        changed = {change.line: change for change in changes}
        rows, years = [], [0, 0]
        for line in self.contract_id.line_ids.filtered(lambda line: not line.cancelled and not line.ended):
            change = changed.get(line)
            prices = (change.old_price, change.price) if change else (line._price(),) * 2
            rows.append([line.name.split("\n")[0], line._amount_text(prices[0]),
                         line._amount_text(prices[1]) if change else self.env._("unchanged")])
            years = [year + line._annual(line._amount_at(price)) for year, price in zip(years, prices, strict=True)]
        say = self.contract_id.line_ids[:1]._amount_text
        return [*rows, [self.env._("A year"), *(say(year) for year in years)]] if rows else []

    def action_renew(self):
        """Renew it for one more term."""
        self.ensure_one()
        self.contract_id.action_renew()
        return {"type": "ir.actions.act_window_close"}
