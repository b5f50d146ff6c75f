"""What stock says about serial numbers: delivered, come back, and from whom we had them."""

from datetime import date
from typing import Any, NamedTuple

from odoo import api, models
from odoo.fields import Domain

DELIVERED, RETURNED = "delivered", "returned"


class SerialMovement(NamedTuple):
    """One done move of one serial number between us (or a supplier) and a customer.

    ``day``: in the company's zone. ``partner``: the address it went to, an empty record where the transfer names none;
    ``supplier``, ``received_on``: of the last receipt before, empty record and False where it was never bought.
    """

    kind: str
    lot: Any
    line: Any
    company: Any
    day: date
    partner: Any
    supplier: Any
    received_on: Any

    @property
    def place(self):
        """Where the machine stands now: the address in one line."""
        return " ".join((self.partner.contact_address_inline or "").split()) if self.partner else ""


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.model
    def _customer_movements(self):
        """Domain of done lines that take a serial number to a customer or back from one.

        What goes to a sister company by a transit location stays in the house: the company that hands it to the
        customer has the asset.
        """
        outside = Domain("location_id.usage", "=", "customer")
        there = Domain("location_dest_id.usage", "=", "customer")
        return Domain("state", "=", "done") & Domain("lot_id", "!=", False) & Domain(
            "product_id.tracking", "=", "serial") & ((there & ~outside) | (outside & ~there))

    def _serial_movements(self):
        """[SerialMovement] of these done lines, the oldest first, without those of products that make no assets."""
        domain = self._customer_movements()
        lines = self.filtered_domain(domain).filtered(
            lambda line: line.product_id.product_tmpl_id._makes_asset(line.company_id))
        receipts = lines._receipts()
        return [line._serial_movement(receipts) for line in lines.sorted(lambda line: (line._done_at(), line.id))]

    def _serial_movement(self, receipts):
        self.ensure_one()
        delivered = self.location_dest_id.usage == "customer"
        supplier, received_on = self.env["res.partner"], False
        for receipt in receipts.get((self.company_id, self.lot_id), ()):
            if receipt._done_at() <= self._done_at():
                supplier = receipt.picking_id.partner_id.commercial_partner_id
                received_on = self.company_id._day_of(receipt._done_at())
        return SerialMovement(
            DELIVERED if delivered else RETURNED, self.lot_id, self, self.company_id,
            self.company_id._day_of(self._done_at()), self._recipient(), supplier, received_on)

    def _receipts(self):
        """{(company, lot): lines by which it came from outside, the oldest first}; dropped shipments among them."""
        receipts = self.env["stock.move.line"].search([
            ("lot_id", "in", self.lot_id.ids), ("state", "=", "done"), ("company_id", "in", self.company_id.ids),
            "|", ("location_id.usage", "=", "supplier"),
            "&", ("location_id.usage", "=", "transit"), ("location_id.company_id", "=", False)])
        return receipts.sorted(lambda line: (line._done_at(), line.id)).grouped(
            lambda line: (line.company_id, line.lot_id))

    def _done_at(self):
        """When it moved, UTC: as the transfer says, which people may correct; else as the line does."""
        self.ensure_one()
        return self.picking_id.date_done or self.date

    def _recipient(self):
        """The address of the delivery. Of a shipment dropped by a supplier the transfer names the supplier: there it is
        the address of the move, or of the order that was sold."""
        self.ensure_one()
        picking, move = self.picking_id, self.move_id
        if self.location_id.usage != "supplier":
            return picking.partner_id or move.partner_id
        sold = move.sale_line_id.order_id.partner_shipping_id if "sale_line_id" in move._fields else move.partner_id
        return move.partner_id or sold
