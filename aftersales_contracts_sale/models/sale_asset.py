"""Machines sold with a contract or an extended warranty: both start when the machine is registered or delivered."""

from collections import defaultdict

from odoo import fields, models
from odoo.fields import Domain


class Asset(models.Model):
    _inherit = "aftersales.asset"

    sale_start_ids = fields.One2many(
        "aftersales.sale.start", "asset_id", string="Sold for It", groups="sales_team.group_sale_salesman")

    def _registered(self, source):
        result = super()._registered(source)
        self._start_sold()
        return result

    def _delivered(self, day):
        result = super()._delivered(day)
        self._start_sold()
        return result

    def _resold(self, partner, day, place=None):
        result = super()._resold(partner, day, place)
        self._start_sold()
        return result

    def _start_sold(self):
        """Give these machines to the rows of orders that wait for them, the oldest order first, and start what then
        waits for nothing more. The same few queries for any number of machines."""
        # Whoever registers or delivers need not know what was sold.
        assets = self.sudo().filtered("product_id")
        open_ones = Domain("asset_id", "=", False) & Domain("with_machine", "=", True) & Domain(
            "order_id.order_line.product_id", "in", assets.product_id.ids)
        rows = self.env["aftersales.sale.start"].sudo().search(
            Domain("state", "=", "waiting") & Domain("order_id.state", "=", "sale")
            & Domain("company_id", "in", assets.company_id.ids)
            & (Domain("asset_id", "in", assets.ids) | open_ones),
            order="order_id, order_line_id, position") if assets else ()
        waiting, due = defaultdict(list), self.env["aftersales.sale.start"].sudo()
        for row in rows:
            if row.asset_id:
                due |= row
            else:
                waiting[row.order_line_id].append(row)
        for asset in assets:
            for line, left in waiting.items():
                if left and asset._is_machine_of(line):
                    row = left.pop(0)
                    row._write_guarded({"asset_id": asset.id})
                    due |= row
        due._start_due(by_itself=True)

    def _is_machine_of(self, line):
        """Whether this machine is one that the order of ``line`` sold, not one that was there before, and that the line
        could be for."""
        order = line.order_id
        return (
            self._had_since() >= order.date_order.date()
            and self.company_id == order.company_id
            and self.partner_id.commercial_partner_id in order._aftersales_customers()
            and self.product_id in order._aftersales_machine_lines(line.product_id).product_id)

    def _had_since(self):
        """The day since which the owner has it: of its delivery, or of its owner's row where that is later."""
        self.ensure_one()
        owned = self.owner_ids.sorted("id")[-1:].day
        return max(filter(None, (self.delivered_on, owned)), default=fields.Date.to_date("1970-01-01"))
