"""Forecast: what falls due for billing month by month, kept as rows and refreshed by the night.

A contract is reckoned anew when something that its amounts follow from has changed: its inputs are compared in the
database by one fingerprint, and rows are replaced in sets. Nobody edits them.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

KINDS = [
    ("fee", "Fee"),
    ("usage_minimum", "Usage, Sure"),
    ("usage_expected", "Usage, Expected"),
    ("revision", "Planned Price Revision"),
]
COLUMNS = (  # of a stored row, with their types in the database
    ("contract_id", "int"), ("line_id", "int"), ("company_id", "int"), ("partner_id", "int"), ("direction", "varchar"),
    ("month", "date"), ("kind", "varchar"), ("amount", "numeric"), ("currency_id", "int"),
    ("company_amount", "numeric"), ("company_currency_id", "int"), ("assumed", "boolean"), ("estimated", "boolean"),
    ("open_index", "boolean"))


class Forecast(models.Model):
    _name = "aftersales.forecast"
    _description = "Billing Forecast"
    _order = "month, contract_id, line_id, kind"
    _rec_name = "month"
    _log_access = False

    contract_id = fields.Many2one("aftersales.contract", required=True, readonly=True, index=True, ondelete="cascade")
    line_id = fields.Many2one(
        "aftersales.contract.line", string="Contract Line", required=True, readonly=True, index=True,
        ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", readonly=True, index=True, ondelete="cascade")
    direction = fields.Selection(
        [("revenue", "Revenue"), ("cost", "Cost")], required=True, readonly=True,
        help="Cost: what providers bill us.")
    month = fields.Date(required=True, readonly=True, index=True, help="The month in which it falls due for billing.")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    amount = fields.Monetary(
        string="Contract Amount", readonly=True, aggregator=None,
        help="In the currency of the contract, without taxes.")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    company_amount = fields.Monetary(
        string="Amount", readonly=True, currency_field="company_currency_id",
        help="In the currency of the company, at the rate of the day on which it was reckoned.")
    company_currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    assumed = fields.Boolean(
        string="Renewal Assumed", readonly=True,
        help="Beyond the last day agreed so far: the contract renews by itself.")
    estimated = fields.Boolean(
        readonly=True, help="Usage is taken to go on as in the last three periods that were read.")
    open_index = fields.Boolean(
        string="Index Pending", readonly=True, help="At the present price: an index that is not known yet changes it.")

    @api.depends("month", "line_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.line_id.display_name or ''} {row.month and row.month.strftime('%Y-%m') or ''}"

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_entry()
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_entry()
        return super().write(vals)

    def unlink(self):
        self._refuse_entry()
        return super().unlink()

    def _refuse_entry(self):
        if not self.env.su:
            raise UserError(self.env._("A forecast follows from the contracts: nobody enters it."))

    @api.model
    def _replace(self, contracts, rows):
        """Put ``rows``, tuples in the order of COLUMNS, in place of what these contracts had: two statements."""
        self.env.flush_all()
        self.env.cr.execute(SQL("DELETE FROM aftersales_forecast WHERE contract_id = ANY(%s)", contracts.ids))
        if rows:
            columns = SQL(", ").join(SQL.identifier(name) for name, _type in COLUMNS)
            arrays = SQL(", ").join(
                SQL("%s::%s[]", list(cells), SQL(type_))
                for cells, (_name, type_) in zip(zip(*rows, strict=True), COLUMNS, strict=True))
            self.env.cr.execute(SQL("INSERT INTO aftersales_forecast (%s) SELECT * FROM unnest(%s)", columns, arrays))
        self.env.invalidate_all(flush=False)
