"""A line of the entitlement ledger: granted, topped up, rolled over, used, expired, or an excess that was settled."""

from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.entitlement import Line
from ..common.frozen import is_uninstalling

KINDS = [
    ("grant", "Granted"),
    ("top_up", "Topped Up"),
    ("roll_over", "Rolled Over"),
    ("consume", "Used"),
    ("expire", "Expired"),
    ("settle", "Excess Settled"),
]


class EntitlementLine(models.Model):
    """Appended by the entitlement, and by nothing else; never changed, never deleted, whoever asks."""

    _name = "aftersales.entitlement.line"
    _description = "Entitlement Ledger Line"
    _order = "id desc"
    _rec_name = "kind"

    entitlement_id = fields.Many2one(
        "aftersales.entitlement", required=True, readonly=True, index=True, ondelete="restrict")
    contract_id = fields.Many2one(related="entitlement_id.contract_id", store=True, index=True)
    company_id = fields.Many2one(related="entitlement_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="entitlement_id.partner_id", string="Customer")
    unit = fields.Selection(related="entitlement_id.unit")
    kind = fields.Selection(KINDS, string="Movement", required=True, readonly=True)
    day = fields.Date(required=True, readonly=True)
    quantity = fields.Float(digits=(16, 2), required=True, readonly=True)
    running = fields.Float(string="Balance", digits=(16, 2), compute="_compute_running")
    lot = fields.Char(readonly=True, help="What it adds to or takes from; empty: more than there was.")
    expires_on = fields.Date(string="Valid until", readonly=True, help="The last day on which it can be used.")
    request_id = fields.Many2one(
        "aftersales.request", readonly=True, index="btree_not_null", ondelete="restrict")
    user_id = fields.Many2one("res.users", string="Recorded by", readonly=True, ondelete="restrict")
    approver_id = fields.Many2one("res.users", string="Excess Approved by", readonly=True, ondelete="restrict")
    currency_id = fields.Many2one(related="contract_id.currency_id")
    price = fields.Monetary(readonly=True, help="What the customer pays for a top-up.")
    note = fields.Char(readonly=True)

    _opened_once = models.UniqueIndex(
        "(entitlement_id, lot) WHERE kind IN ('grant', 'top_up', 'roll_over')", "This lot was granted already.")
    _used_once = models.UniqueIndex(
        "(entitlement_id, request_id, COALESCE(lot, '')) WHERE kind = 'consume'",
        "This request has used this entitlement already.")
    _expired_once = models.UniqueIndex("(entitlement_id, lot) WHERE kind = 'expire'", "This lot has expired already.")
    _signs = models.Constraint(
        """CHECK(kind = 'settle' OR (kind IN ('grant', 'top_up', 'roll_over') AND quantity > 0)
                 OR (kind IN ('consume', 'expire') AND quantity < 0))""",
        "What is granted is above zero, what is used or expires below.")
    _request_named = models.Constraint(
        "CHECK(kind <> 'consume' OR request_id IS NOT NULL)", "Every use points to its request.")
    _excess_approved = models.Constraint(
        "CHECK(lot IS NOT NULL OR kind = 'settle' OR (kind = 'consume' AND approver_id IS NOT NULL))",
        "Nothing is used beyond the balance without somebody's approval.")
    _two_people = models.Constraint(
        "CHECK(approver_id IS NULL OR (user_id IS NOT NULL AND approver_id <> user_id))",
        "Who uses an entitlement cannot approve the excess.")

    @api.depends("kind", "quantity", "entitlement_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for line in self:
            line.display_name = f"{kinds.get(line.kind, '')} {line.entitlement_id._in_words(abs(line.quantity))}"

    @api.depends("quantity")
    def _compute_running(self):
        """The balance after each line, in the order of the record."""
        found = dict(self.env.execute_query(SQL(
            """SELECT id, running FROM (
                   SELECT id, sum(quantity) OVER (PARTITION BY entitlement_id ORDER BY id) AS running
                     FROM aftersales_entitlement_line WHERE entitlement_id = ANY(%s)) l WHERE id = ANY(%s)""",
            self.entitlement_id.ids, self.ids))) if self.ids else {}
        for line in self:
            line.running = found.get(line.id, 0)

    def _engine_line(self):
        """This line as the engine's ``Line``: requests and approvers by id, the expiry half-open."""
        return Line(
            self.kind, self.day, Decimal(str(round(self.quantity, 2))), self.lot or None,
            self.expires_on + timedelta(days=1) if self.expires_on else None,
            str(self.request_id.id) if self.request_id else None,
            str(self.approver_id.id) if self.approver_id else None)

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        raise UserError(self.env._("A ledger line comes from a movement of its entitlement: use it, or top it up."))

    @api.model
    def _book(self, rows):
        """Append lines: for movements of the entitlement only."""
        return super().create(rows)  # pylint: disable=super-method-mismatch

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("A line of the ledger does not change. A mistake is set right by a top-up."))

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_deletion()
        return super().unlink()

    def _refuse_deletion(self):
        raise UserError(self.env._("A line of the ledger is kept as proof. A mistake is set right by a top-up."))
