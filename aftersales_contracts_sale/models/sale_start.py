"""What one unit of an order line starts: a contract, an extended warranty, or a further term of a contract."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

KINDS = [("contract", "Contract"), ("extended", "Extended Warranty"), ("renewal", "Renewal")]


class SaleStart(models.Model):
    """One row a unit sold: three of a product are three rows, each with its own asset and its own contract or cover.

    Rows come with the confirmation of their order and start once what they wait for is there.
    """

    _name = "aftersales.sale.start"
    _description = "What an Order Line Starts"
    _inherit = ["aftersales.guarded"]
    _order = "order_line_id, position"
    _check_company_auto = True
    _guarded = {"state": "waiting", "contract_id": False, "cover_id": False, "day": False, "problem": False}

    order_line_id = fields.Many2one(
        "sale.order.line", required=True, readonly=True, index=True, ondelete="cascade")
    order_id = fields.Many2one(related="order_line_id.order_id", store=True, index=True)
    company_id = fields.Many2one(related="order_line_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="order_id.partner_id", store=True, string="Customer")
    product_id = fields.Many2one(related="order_line_id.product_id", store=True)
    position = fields.Integer(string="Unit", required=True, readonly=True, aggregator=None)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    asset_id = fields.Many2one(
        "aftersales.asset", check_company=True, index="btree_not_null", ondelete="restrict",
        help="What it is for. Empty: the machine sold on the same order, once it is registered or delivered.")
    with_machine = fields.Boolean(readonly=True, help="It waits for a machine of the same order.")
    contract_id = fields.Many2one(
        "aftersales.contract", readonly=True, index="btree_not_null", ondelete="set null", check_company=True)
    cover_id = fields.Many2one(
        "aftersales.warranty.cover", string="Warranty Cover", readonly=True, index="btree_not_null",
        ondelete="set null", check_company=True)
    state = fields.Selection(
        [("waiting", "Waiting"), ("started", "Started"), ("cancelled", "Cancelled")], required=True, readonly=True,
        default="waiting", index=True)
    day = fields.Date(string="Started on", readonly=True)
    problem = fields.Char(readonly=True, help="Why it could not start by itself.")

    _unit_uniq = models.UniqueIndex("(order_line_id, position)", "A unit of an order line starts once.")

    @api.depends("order_id.name", "product_id", "position")
    def _compute_display_name(self):
        for start in self:
            start.display_name = f"{start.order_id.name} · {start.product_id.display_name} {start.position}"

    def write(self, vals):
        """Naming the asset of a row that waits starts it, if nothing else is missing. The rest is the order's."""
        if not self.env.su and set(vals) - {"asset_id"} - self._guarded.keys():
            raise UserError(self.env._("Only the asset of what an order line starts is named by hand."))
        if "asset_id" in vals:
            for start in self.filtered(lambda one: one.asset_id.id != vals["asset_id"]):
                if start.state != "waiting":
                    raise UserError(self.env._("%s has started: its asset stays.", start.display_name))
        result = super().write(vals)
        if vals.get("asset_id"):
            self._check_owner()
            self.filtered(lambda one: one.state == "waiting")._start_due()
        return result

    def _refuse_deletion(self):
        started = self.filtered(lambda one: one.state == "started")
        if started:
            raise UserError(self.env._("%s has started and is not deleted.", started[0].display_name))

    def _check_owner(self):
        for start in self.filtered("asset_id"):
            owner = start.asset_id.sudo().partner_id.commercial_partner_id
            if owner not in start.order_id._aftersales_customers():
                raise UserError(self.env._(
                    "Order %(order)s: asset %(asset)s belongs to %(owner)s, not to the customer of the order.",
                    order=start.order_id.name, asset=start.asset_id.sudo().display_name, owner=owner.display_name))

    # --- starting ----------------------------------------------------------------------------------------------------

    def _waits_for_delivery(self):
        """Whether it starts on delivery, and neither its machine nor its line is delivered yet."""
        self.ensure_one()
        if self.product_id.sudo().aftersales_start_on != "delivery":  # known to account managers only
            return False
        if self.asset_id:
            return not self.asset_id.sudo().delivered_on
        return self.order_line_id.qty_delivered < self.position

    def _start_day(self):
        """The day on which it starts, of the company."""
        today = fields.Date.context_today(self.with_context(
            tz=self.company_id.resource_calendar_id.tz or self.env.user.tz or "UTC"))
        on_delivery = self.product_id.sudo().aftersales_start_on == "delivery"  # known to account managers only
        return self.asset_id.sudo()._had_since() if on_delivery and self.asset_id else today

    def _start_due(self, by_itself=False):
        """Start those that wait for nothing any more. ``by_itself``: no person is there to be told, so what cannot
        start keeps its reason and the others go on."""
        for start in self.filtered(lambda one: one.state == "waiting"):
            if (start.with_machine and not start.asset_id) or start._waits_for_delivery():
                continue
            if not by_itself:
                start._start()
                continue
            try:
                with self.env.cr.savepoint():
                    start._start()
            except UserError as error:  # a delivery does not fail because of what was sold with it
                start._write_guarded({"problem": str(error)})

    def _start(self):
        self.ensure_one()
        # An order gives what was bought, whoever confirms it: the rights of service are not those of sales.
        start = self.sudo().with_company(self.company_id)
        day = start._start_day()
        if start.kind == "extended":
            values = {"cover_id": start.asset_id._sell_extended(start.product_id, day).id}
        elif start.kind == "renewal":
            values = {"contract_id": start._renew_contract(day).id}
        else:
            values = {"contract_id": start._make_contract(day).id}
        start._write_guarded({**values, "state": "started", "day": day, "problem": False})

    # --- taking back -------------------------------------------------------------------------------------------------

    def _cancel(self):
        """Take back what has not begun. Raises UserError naming what has."""
        for start in self.filtered(lambda one: one.state == "started").sudo():  # as it was started
            if start.kind == "renewal":
                raise UserError(self.env._(
                    "Order %(order)s renewed contract %(contract)s, which has its new term. End the contract instead.",
                    order=start.order_id.name, contract=start.contract_id.name))
            start.cover_id._cancel_sold(start.order_id)
            start.contract_id._cancel_sold(start.order_id)
        self.sudo()._write_guarded({"state": "cancelled", "contract_id": False, "cover_id": False, "day": False})


class WarrantyCover(models.Model):
    _inherit = "aftersales.warranty.cover"

    def _cancel_sold(self, order):
        """End the covers that ``order`` sold and that have not begun."""
        today = fields.Date.context_today(self)
        for cover in self.filtered(lambda one: one.state not in ("ended", "void")):
            if cover.first_day and cover.first_day <= today:
                raise UserError(self.env._(
                    "Order %(order)s: extended warranty %(cover)s of %(asset)s has begun on %(day)s. End it first, "
                    "and credit the order.", order=order.name, cover=cover.name, asset=cover.asset_id.display_name,
                    day=format_date(self.env, cover.first_day)))
            cover._end(today, self.env._("Order %s was cancelled", order.name))
