"""Order lines that sell extended warranties and contracts: for which assets, and what they started."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare, float_round

from .sale_start import KINDS


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    aftersales_kind = fields.Selection(
        KINDS, string="Starts", compute="_compute_aftersales_kind", compute_sudo=True)
    aftersales_asset_ids = fields.Many2many(
        "aftersales.asset", "aftersales_sale_line_asset", string="Assets", check_company=True,
        help="What it is sold for, one a unit. Empty: the machines sold on the same order.")
    aftersales_asset_id = fields.Many2one(
        "aftersales.asset", string="Asset", compute="_compute_aftersales_asset_id",
        inverse="_inverse_aftersales_asset_id", check_company=True, help="The asset of a line that is sold once.")
    aftersales_renews_id = fields.Many2one(
        "aftersales.contract", string="Renews", readonly=True, index="btree_not_null", check_company=True,
        ondelete="restrict", copy=False)
    aftersales_start_ids = fields.One2many("aftersales.sale.start", "order_line_id", string="What It Starts")

    @api.depends("product_id", "aftersales_renews_id")
    def _compute_aftersales_kind(self):
        for line in self:
            sold = line.product_id.product_tmpl_id._aftersales_kind() if line.product_id else False
            line.aftersales_kind = "renewal" if line.aftersales_renews_id else sold

    @api.depends("aftersales_asset_ids")
    def _compute_aftersales_asset_id(self):
        for line in self:
            line.aftersales_asset_id = line.aftersales_asset_ids if len(line.aftersales_asset_ids) == 1 else False

    def _inverse_aftersales_asset_id(self):
        for line in self:
            line.aftersales_asset_ids = line.aftersales_asset_id

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.state == "sale")._aftersales_confirm()
        return lines

    def write(self, vals):
        result = super().write(vals)
        confirmed = self.filtered(lambda line: line.state == "sale" and line.aftersales_kind)
        if "product_uom_qty" in vals or "aftersales_asset_ids" in vals:
            confirmed._aftersales_confirm()
        elif "qty_delivered" in vals:
            confirmed.aftersales_start_ids._start_due()
        return result

    # --- confirmation ------------------------------------------------------------------------------------------------

    def _aftersales_confirm(self):
        """Make the rows of these confirmed lines, one a unit, and start those that wait for nothing. Raises UserError
        naming the line where assets are missing, too many, or not the customer's."""
        for line in self.filtered("aftersales_kind"):
            line._aftersales_make_rows()
        self.aftersales_start_ids._start_due()

    def _aftersales_units(self):
        """How many units it sells; each starts something of its own."""
        self.ensure_one()
        units = int(float_round(self.product_uom_qty, precision_digits=0))
        if float_compare(units, self.product_uom_qty, precision_digits=4) or units < 0:
            raise UserError(self.env._(
                "%(order)s, %(product)s: %(quantity)s is no whole number, and each unit is for one asset or contract.",
                order=self.order_id.name, product=self.product_id.display_name, quantity=self.product_uom_qty))
        return units

    def _aftersales_make_rows(self):
        self.ensure_one()
        units = self._aftersales_units()
        rows = self.aftersales_start_ids.sudo().sorted("position")  # rows are the system's to make
        rows.filtered(lambda one: one.position > units and one.state != "cancelled")._cancel()
        rows.filtered(lambda one: one.position <= units and one.state == "cancelled")._write_guarded(
            {"state": "waiting", "problem": False})
        known = set(rows.mapped("position"))
        rows |= rows.create([
            {"order_line_id": self.id, "position": position, "kind": self.aftersales_kind}
            for position in range(1, units + 1) if position not in known])
        self._aftersales_name_assets(rows.filtered(lambda one: one.state != "cancelled").sorted("position"))

    def _aftersales_name_assets(self, rows):
        """Give the line's assets to its rows; the rest is for machines of the order, or for none."""
        assets = self.sudo().aftersales_asset_ids - rows.asset_id
        waiting = rows.filtered(lambda one: one.state == "waiting" and not one.asset_id)
        if len(assets) > len(waiting):
            raise UserError(self.env._(
                "%(order)s, %(product)s: %(assets)s assets are named for %(units)s units. Sell one for each.",
                order=self.order_id.name, product=self.product_id.display_name,
                assets=len(self.aftersales_asset_ids), units=len(rows)))
        for row, asset in zip(waiting, assets, strict=False):
            row._write_guarded({"asset_id": asset.id})
        rows._check_owner()
        rest = waiting.filtered(lambda one: not one.asset_id and one.kind != "renewal")
        machines = self._aftersales_machines()
        if rest and self.aftersales_kind == "extended" and len(rest) > machines:
            raise UserError(self.env._(
                "%(order)s, %(product)s: name an asset for each of the %(units)s units: %(named)s are named, and the "
                "order sells %(machines)s machines that it could be for.", order=self.order_id.name,
                product=self.product_id.display_name, units=len(rows), named=len(rows) - len(rest), machines=machines))
        (rest[:machines] if rest else rest).with_machine = bool(machines)

    def _aftersales_machines(self):
        """How many machines the order sells that this line could be for."""
        return int(sum(line.product_uom_qty for line in self.order_id._aftersales_machine_lines(self.product_id)))

    def _aftersales_set_assets(self, assets):
        """Name ``assets`` and sell as many."""
        self.write({"aftersales_asset_ids": [Command.set(assets.ids)], "product_uom_qty": len(assets)})
