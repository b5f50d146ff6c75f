"""Ageing of recoveries: what suppliers still owe us, by how long we have been waiting since it was sent."""

from odoo import fields, models
from odoo.tools import SQL

BUCKETS = (  # field, first day, last day: days since it was sent, of a draft since it was opened
    ("amount_30", 0, 30),
    ("amount_60", 31, 60),
    ("amount_90", 61, 90),
    ("amount_over", 91, None),
)


class RecoveryAgeing(models.Model):
    """A recovery that is open, with its amount in the column of its age. Nothing is stored."""

    _name = "aftersales.recovery.ageing"
    _description = "Ageing of Supplier Recoveries"
    _auto = False
    _order = "days desc, id"
    _rec_names_search = ["name", "claim_id.name", "supplier_id.name"]
    _depends = {
        "aftersales.supplier.recovery": [
            "name", "supplier_id", "claim_id", "product_id", "company_id", "user_id", "state", "claimed_on", "sent_on",
            "answer_until", "amount", "accepted_amount", "open_amount"]}

    recovery_id = fields.Many2one("aftersales.supplier.recovery", readonly=True)
    name = fields.Char(string="Number", readonly=True)
    supplier_id = fields.Many2one("res.partner", readonly=True)
    claim_id = fields.Many2one("aftersales.warranty.claim", readonly=True)
    product_id = fields.Many2one("product.product", string="Part", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True)
    state = fields.Selection(
        [("draft", "Draft"), ("sent", "Sent"), ("accepted", "Accepted"), ("partly", "Accepted in Part")], readonly=True)
    since = fields.Date(readonly=True, help="Sent on; of a draft: opened on.")
    answer_until = fields.Date(string="Answer Due", readonly=True)
    days = fields.Integer(string="Days Waiting", readonly=True, aggregator="max")
    bucket = fields.Selection(
        [("30", "0 to 30 Days"), ("60", "31 to 60 Days"), ("90", "61 to 90 Days"), ("over", "Over 90 Days")],
        string="Age", readonly=True)
    amount = fields.Monetary(string="Open", readonly=True)
    amount_30 = fields.Monetary(string="0 to 30 Days", readonly=True)
    amount_60 = fields.Monetary(string="31 to 60 Days", readonly=True)
    amount_90 = fields.Monetary(string="61 to 90 Days", readonly=True)
    amount_over = fields.Monetary(string="Over 90 Days", readonly=True)

    @property
    def _table_query(self):
        columns = []
        for name, first, last in BUCKETS:
            until = SQL("AND r.days <= %s", last) if last is not None else SQL()
            columns.append(SQL("CASE WHEN r.days >= %s %s THEN r.amount ELSE 0 END AS %s", first, until,
                               SQL.identifier(name)))
        return SQL(
            """SELECT r.*, %(columns)s,
                      CASE WHEN r.days <= 30 THEN '30' WHEN r.days <= 60 THEN '60' WHEN r.days <= 90 THEN '90'
                           ELSE 'over' END AS bucket
                 FROM (SELECT s.id, s.id AS recovery_id, s.name, s.supplier_id, s.claim_id, s.product_id, s.company_id,
                              c.currency_id, s.user_id, s.state, COALESCE(s.sent_on, s.claimed_on) AS since,
                              s.answer_until, s.open_amount AS amount,
                              greatest(%(today)s::date - COALESCE(s.sent_on, s.claimed_on), 0) AS days
                         FROM aftersales_supplier_recovery s
                         JOIN res_company c ON c.id = s.company_id
                        WHERE s.open_amount > 0) r""",
            columns=SQL(", ").join(columns), today=fields.Date.context_today(self))

    def action_open_recovery(self):
        """The recovery; the right to read it is checked there."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "name": self.name, "res_model": "aftersales.supplier.recovery",
                "res_id": self.recovery_id.id, "views": [(False, "form")]}
