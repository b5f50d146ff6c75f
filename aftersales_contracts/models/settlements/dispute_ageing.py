"""Ageing of disputes: lines of settlements that dealers dispute, by how long somebody has waited for an answer."""

from odoo import api, fields, models
from odoo.tools import SQL

BUCKETS = (  # field, first day, last day: days since the dispute; a dispute of today has waited 0 days
    ("amount_30", 0, 30),
    ("amount_60", 31, 60),
    ("amount_90", 61, 90),
    ("amount_over", 91, None),
)
WAITING = ("disputed", "held")


class DisputeAgeing(models.Model):
    """A disputed line, with its amount in the column of its age. Nothing is stored."""

    _name = "aftersales.dispute.ageing"
    _description = "Ageing of Disputes"
    _auto = False
    _order = "disputed_on, id"
    _rec_name = "name"
    _rec_names_search = ["name", "settlement_id.name", "dealer_id.name"]
    _depends = {
        "aftersales.settlement": ["contract_id", "currency_id", "name", "state"],
        "aftersales.settlement.line": [
            "settlement_id", "company_id", "dealer_id", "name", "amount", "state", "disputed_on", "kind"],
    }

    line_id = fields.Many2one("aftersales.settlement.line", string="Settlement Line", readonly=True)
    settlement_id = fields.Many2one("aftersales.settlement", readonly=True)
    contract_id = fields.Many2one("aftersales.contract", string="Dealer Contract", readonly=True)
    dealer_id = fields.Many2one("res.partner", readonly=True)
    user_id = fields.Many2one("res.users", string="Account Manager", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    document = fields.Char(string="Number", readonly=True, help="Of the settlement.")
    name = fields.Char(string="Line", readonly=True)
    dispute_reason = fields.Text(string="What the Dealer Disputes", readonly=True)
    disputed_on = fields.Date(string="Disputed", readonly=True)
    answer_on = fields.Date(
        string="Answer Due", readonly=True, help="We answer within as many days as the dealer has.")
    days = fields.Integer(string="Days Waiting", readonly=True, aggregator="max")
    bucket = fields.Selection(
        [("30", "0 to 30 Days"), ("60", "31 to 60 Days"), ("90", "61 to 90 Days"), ("over", "Over 90 Days")],
        string="Age", readonly=True)
    state = fields.Selection(
        [("disputed", "Disputed"), ("held", "Held")], readonly=True,
        help="Held: the rest of the settlement was approved without it.")
    amount = fields.Monetary(readonly=True)
    amount_30 = fields.Monetary(string="0 to 30 Days", readonly=True)
    amount_60 = fields.Monetary(string="31 to 60 Days", readonly=True)
    amount_90 = fields.Monetary(string="61 to 90 Days", readonly=True)
    amount_over = fields.Monetary(string="Over 90 Days", readonly=True)

    @property
    def _table_query(self):
        columns = []
        for name, first, last in BUCKETS:
            until = SQL("AND d.days <= %s", last) if last is not None else SQL()
            columns.append(SQL("CASE WHEN d.days >= %s %s THEN d.amount ELSE 0 END AS %s", first, until,
                               SQL.identifier(name)))
        return SQL(
            """SELECT d.*, %(columns)s,
                      CASE WHEN d.days <= 30 THEN '30' WHEN d.days <= 60 THEN '60' WHEN d.days <= 90 THEN '90'
                           ELSE 'over' END AS bucket
                 FROM (SELECT l.id, l.id AS line_id, l.settlement_id, s.contract_id, l.dealer_id, c.user_id,
                              l.company_id, s.currency_id, s.name AS document, l.name, l.dispute_reason,
                              l.disputed_on, l.state, l.amount,
                              greatest(%(today)s::date - l.disputed_on, 0) AS days,
                              l.disputed_on + COALESCE(o.aftersales_settlement_answer_days, 14) AS answer_on
                         FROM aftersales_settlement_line l
                         JOIN aftersales_settlement s ON s.id = l.settlement_id
                         JOIN aftersales_contract c ON c.id = s.contract_id
                         JOIN res_company o ON o.id = l.company_id
                        WHERE l.state = ANY(%(waiting)s) AND l.disputed_on IS NOT NULL) d""",
            columns=SQL(", ").join(columns), today=fields.Date.context_today(self), waiting=list(WAITING))

    @api.depends("name", "settlement_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = " · ".join(filter(None, (row.settlement_id.name, row.name)))

    def action_open_settlement(self):
        """The settlement that the line is of; the right to read it is checked there."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "name": self.settlement_id.name,
                "res_model": "aftersales.settlement", "res_id": self.settlement_id.id, "views": [(False, "form")]}
