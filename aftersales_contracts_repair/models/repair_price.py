"""What the customer pays of each line on the quotation of a repair order: the price times its own percentage."""

from odoo import api, fields, models

QUANTITY = {"product_id", "product_uom_qty", "product_uom", "repair_line_type"}


class StockMove(models.Model):
    _inherit = "stock.move"

    repair_cover_ids = fields.One2many("aftersales.repair.cover", "move_id", string="Cover", copy=False)
    covered_percent = fields.Float(string="Covered (%)", compute="_compute_repair_cover", digits=(16, 2))
    covered_by = fields.Char(string="Paid by", compute="_compute_repair_cover")
    covered_reason = fields.Char(string="Why", compute="_compute_repair_cover")

    @api.depends("repair_cover_ids.covered_percent", "repair_cover_ids.payer", "repair_cover_ids.reason")
    def _compute_repair_cover(self):
        for move in self:
            cover = move.sudo().repair_cover_ids[:1]  # told to everybody who sees the part
            move.covered_percent, move.covered_by, move.covered_reason = (
                cover.covered_percent, cover.payer, cover.reason)

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        moves._lines_changed()
        return moves

    def write(self, vals):
        result = super().write(vals)
        if QUANTITY & set(vals):
            self._lines_changed()
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        self._lines_changed()
        return result

    def unlink(self):
        repairs = self.repair_id.filtered("aftersales_asset_id")
        result = super().unlink()
        repairs.exists()._refresh_covers()
        return result

    def _lines_changed(self):
        self.filtered("repair_line_type").repair_id.filtered("aftersales_asset_id")._refresh_covers()

    def _create_repair_sale_order_line(self):
        result = super()._create_repair_sale_order_line()
        self.sudo().filtered("repair_cover_ids").sale_line_id._price_by_cover()
        return result

    # --- facts of a part ----------------------------------------------------------------------------------------------

    def _repair_quantity(self):
        """Of a part that was used, what was used; else what is asked for."""
        self.ensure_one()
        return self.quantity if self.state == "done" else self.product_uom_qty

    def _repair_kind(self):
        return "parts"

    def _repair_full_price(self):
        """Of one unit before taxes, in the company's currency: of the quotation, else of the product."""
        self.ensure_one()
        if self.sale_line_id:
            return self.sale_line_id._repair_full_price()
        price = self.product_id.uom_id._compute_price(self.product_id.with_company(self.company_id).lst_price,
                                                      self.product_uom)
        taxes = self.product_id.taxes_id.filtered(lambda tax: tax.company_id == self.company_id)
        return taxes.with_context(round=False).compute_all(price, self.company_id.currency_id)["total_excluded"]


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    repair_cover_ids = fields.One2many("aftersales.repair.cover", "sale_line_id", string="Cover", copy=False)
    full_price_unit = fields.Float(
        string="Price before Cover", readonly=True, copy=False, min_display_digits="Product Price",
        help="Of a line of a repair order: what it would cost if nothing were covered.")

    def _repair_cover(self):
        """The cover of the part or service, empty for other lines."""
        self.ensure_one()
        return (self.move_ids.sudo().repair_cover_ids or self.sudo().repair_cover_ids)[:1]

    def repair_of_others(self, repair):
        """Whether the line made another repair order than ``repair``."""
        self.ensure_one()
        return any(one.sale_order_line_id == self for one in self.order_id.sudo().repair_order_ids - repair)

    def _reset_price_unit(self):
        """Whatever makes the price anew, the customer's percentage holds: another quantity does not lose it."""
        super()._reset_price_unit()
        self._take_customer_part(self.price_unit)

    def _take_customer_part(self, full):
        cover = self._repair_cover()
        if cover:
            price = full * cover.customer_percent / 100
            self.with_context(sale_write_from_compute=True).update(
                {"full_price_unit": full, "price_unit": price, "technical_price_unit": price})

    def _price_by_cover(self):
        """Let the prices follow the covers. What was invoiced or locked, or agreed by hand since, stays."""
        for line in self:
            if line.qty_invoiced > 0 or line.order_id.locked or line.state == "cancel":
                continue
            by_hand = line.currency_id.compare_amounts(line.technical_price_unit, line.price_unit)
            if not by_hand:
                line._reset_price_unit()
            elif not line.full_price_unit:
                line._take_customer_part(line.price_unit)  # a price that came with the part

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._services_changed()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if {"product_id", "product_uom_qty", "product_uom_id"} & set(vals):
            self._services_changed()
        return result

    def unlink(self):
        repairs = self.order_id.sudo().repair_order_ids
        result = super().unlink()
        repairs._refresh_covers()
        return result

    def _services_changed(self):
        """Services on the quotation of repair orders are labour or travel of these."""
        services = self.filtered(lambda line: line.product_id.type == "service")
        services.order_id.sudo().repair_order_ids.filtered("aftersales_asset_id")._refresh_covers()

    # --- facts of a service -------------------------------------------------------------------------------------------

    def _repair_quantity(self):
        """Of labour in hours where it is sold by a unit of time."""
        self.ensure_one()
        hour = self.env.ref("uom.product_uom_hour")
        if self._repair_kind() == "labour" and self.product_uom_id._has_common_reference(hour):
            return self.product_uom_id._compute_quantity(self.product_uom_qty, hour, round=False)
        return self.product_uom_qty

    def _repair_kind(self):
        return self.product_id.repair_cost_kind

    def _repair_full_price(self):
        """Of one unit of `_repair_quantity`, before cover and taxes, after discount, in the company's currency."""
        self.ensure_one()
        full = self.full_price_unit if self._repair_cover() and self.full_price_unit else self.price_unit
        full *= 1 - (self.discount or 0.0) / 100
        net = self.tax_ids.with_context(round=False).compute_all(full, self.currency_id)["total_excluded"]
        quantity = self._repair_quantity()
        net = net * self.product_uom_qty / quantity if quantity else net
        if self.currency_id == self.company_id.currency_id:
            return net
        day = fields.Date.to_date(self.order_id.date_order) or fields.Date.context_today(self)
        return self.currency_id._convert(net, self.company_id.currency_id, self.company_id, day, round=False)
