"""Entitlement: the ledger of one quota of a contract. The arithmetic is ``engine/entitlement.py``.

Lines are appended and never changed. Whoever appends takes the ledger first, so that two people cannot both use the
last visit; what is due by then (the grants of begun periods, what expired, what rolls over) is written down first, so
that it makes no difference whether the nightly work ran.
"""

from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...engine.contract_lifecycle import ENDED, LIVE
from ...engine.entitlement import Ledger
from ...engine.errors import EngineError, NotEntitled
from .promise_terms import QUOTA_UNITS, quantity_in_words

ONE_DAY = timedelta(days=1)


class Entitlement(models.Model):
    """Nobody may write one: it comes from a promise, or from a top-up, and moves by its lines."""

    _name = "aftersales.entitlement"
    _description = "Entitlement"
    _order = "contract_id desc, id"

    name = fields.Char(required=True, readonly=True)
    contract_id = fields.Many2one(
        "aftersales.contract", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="contract_id.partner_id", string="Customer", store=True, index=True)
    currency_id = fields.Many2one(related="contract_id.currency_id")
    promise_id = fields.Many2one("aftersales.promise", readonly=True, index="btree_not_null", ondelete="set null")
    row_key = fields.Char(required=True, readonly=True, help="The key of the promise's row, which amendments keep.")
    unit = fields.Selection(QUOTA_UNITS, required=True, readonly=True)
    period_start = fields.Date(readonly=True, help="First day of the period granted last.")
    period_end = fields.Date(readonly=True, help="Last day of the period granted last.")
    next_on = fields.Date(string="Next Movement", readonly=True, index="btree_not_null",
                          help="The next grant, or the next day on which something expires.")
    balance = fields.Float(digits=(16, 2), readonly=True, help="The sum of the lines.")
    revision = fields.Integer(readonly=True, default=0)  # counts who took the ledger: see ``_take_ledger``
    line_ids = fields.One2many("aftersales.entitlement.line", "entitlement_id", string="Ledger")
    available = fields.Float(string="Left", digits=(16, 2), compute="_compute_standing", help="What can be used today.")
    granted = fields.Float(
        digits=(16, 2), compute="_compute_standing", help="Granted, topped up and rolled over in this period.")
    used = fields.Float(digits=(16, 2), compute="_compute_standing", help="Used in this period.")
    left_text = fields.Char(string="Left in Words", compute="_compute_standing")

    _promise_uniq = models.UniqueIndex(
        "(contract_id, row_key)", "This promise has its entitlement already.")

    @api.depends("line_ids", "period_start")
    @api.depends_context("lang")
    def _compute_standing(self):
        ledgers = self._ledgers()
        for entitlement in self:
            ledger, today = ledgers[entitlement], entitlement.contract_id._local_today()
            start = entitlement.period_start or entitlement.contract_id.date_start
            lines = [line for line in ledger.lines if line.day >= start]
            entitlement.available = ledger.balance(today)
            entitlement.granted = sum(
                line.quantity for line in lines if line.kind in ("grant", "top_up", "roll_over"))
            entitlement.used = -sum(line.quantity for line in lines if line.kind == "consume")
            entitlement.left_text = entitlement._in_words(entitlement.available)

    @api.depends("name", "contract_id.name")
    def _compute_display_name(self):
        for entitlement in self:
            entitlement.display_name = f"{entitlement.contract_id.name} · {entitlement.name}"

    def _in_words(self, quantity):
        """"4 visits"; parts value as an amount of the contract's currency."""
        return quantity_in_words(self.env, quantity, self.unit, self.currency_id)

    # --- ledger ------------------------------------------------------------------------------------------------------

    def _ledgers(self):
        """{entitlement: engine ``Ledger``}, one query for all of them."""
        Entry = self.env["aftersales.entitlement.line"].sudo()  # the entitlement's own lines
        lines = dict.fromkeys(self.ids, ())
        fetched = Entry.search_fetch(
            [("entitlement_id", "in", self.ids)],
            ["entitlement_id", "kind", "day", "quantity", "lot", "expires_on", "request_id", "approver_id"], order="id")
        for entry in fetched:
            lines[entry.entitlement_id.id] += (entry._engine_line(),)
        return {entitlement: Ledger(lines.get(entitlement._origin.id, ())) for entitlement in self}

    def _take_ledger(self):
        """Take these ledgers until the end of the transaction.

        Counting ``revision`` up is what makes it safe: a second transaction waits here, and then fails to serialize
        instead of going on with the balance it read before; Odoo then runs it again, on the new balance.
        """
        self.flush_recordset()
        self.env.cr.execute(SQL(
            """UPDATE aftersales_entitlement SET revision = revision + 1
                WHERE id IN (SELECT id FROM aftersales_entitlement WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE)""",
            self.ids))
        self.invalidate_recordset(["revision"])

    def _append(self, movements):
        """Append what is new in the ledgers and bring the balances up to date.

        ``movements``: [(entitlement, ledger before, ledger after, {values of every new line})].
        """
        rows = [
            {**entitlement._line_values(line), **values}
            for entitlement, before, after, values in movements for line in after.lines[len(before.lines):]]
        for row in rows:
            if row["kind"] != "top_up":
                row.pop("price", None)
        lines = self.env["aftersales.entitlement.line"].sudo()._book(rows)  # nobody has the right to: they are facts
        lines.flush_recordset()
        self.flush_recordset(["balance"])
        self.env.cr.execute(SQL(
            """UPDATE aftersales_entitlement e SET balance = COALESCE(
                      (SELECT sum(quantity) FROM aftersales_entitlement_line l WHERE l.entitlement_id = e.id), 0)
                WHERE e.id = ANY(%s)""", lines.entitlement_id.ids))
        self.invalidate_model(["balance", "line_ids", "available", "granted", "used", "left_text"])
        return lines

    def _line_values(self, line):
        return {
            "entitlement_id": self.id, "kind": line.kind, "day": line.day, "quantity": float(line.quantity),
            "lot": line.lot or False, "expires_on": line.expires and line.expires - ONE_DAY,
            "request_id": line.request and int(line.request), "approver_id": line.approver and int(line.approver)}

    # --- movements ---------------------------------------------------------------------------------------------------

    def _consume(self, request, quantity, day, user, approver=None, note=None):
        """Use ``quantity`` (Decimal) of this quota for ``request`` on ``day``; returns the new lines.

        ``user``: who uses it; ``approver``: who allowed more than is left, somebody else. Asked again for the same
        request it adds nothing. Raises UserError where the balance does not reach.
        """
        self.ensure_one()
        if approver and approver == user:
            raise UserError(self.env._("Who uses an entitlement cannot approve the excess: somebody else must."))
        self._check_usable(day)
        self.contract_id._bring_entitlements_up_to_date()  # and takes the ledgers
        before = self._ledgers()[self]
        try:
            after = before.consume(str(request.id), quantity, day, approver and str(approver.id))
        except NotEntitled as error:
            raise UserError(self.env._(
                "%(entitlement)s: %(quantity)s is more than what is left on %(day)s, %(left)s. Top it up, or ask an "
                "account manager or finance to approve the excess.", entitlement=self.display_name,
                quantity=self._in_words(float(quantity)), day=day, left=self._in_words(float(before.balance(day))))
            ) from error
        except EngineError as error:
            raise ValidationError(self.env._("%(name)s: %(error)s.", name=self.display_name, error=error)) from error
        return self._append([(self, before, after, {"user_id": user.id, "note": note})])

    def _check_usable(self, day):
        """Raise UserError where nothing can be used on ``day``: out of the term, suspended, or not there yet."""
        contract = self.contract_id
        last = contract._entitled_until()
        if contract.state not in (*LIVE, *ENDED) or day < contract.date_start or (last and last < day):
            raise UserError(self.env._(
                "%(entitlement)s cannot be used on %(day)s: the contract is not in force on that day.",
                entitlement=self.display_name, day=day))
        if contract._is_suspended(day):
            raise UserError(self.env._(
                "%(entitlement)s cannot be used on %(day)s: the contract is suspended.",
                entitlement=self.display_name, day=day))
        if day > contract._local_today():
            raise UserError(self.env._("%(entitlement)s cannot be used on %(day)s: that day is still to come.",
                                       entitlement=self.display_name, day=day))

    def action_view_ledger(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_entitlement_line")
        return {**action, "domain": [("entitlement_id", "=", self.id)], "context": {}}


def exact_quantity(quantity):
    """A float of two decimals as the Decimal it stands for."""
    return Decimal(str(round(quantity, 2)))

