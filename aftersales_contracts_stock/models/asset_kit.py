"""Kits: what was sold as one product and delivered as several machines gets an asset over them."""

from odoo import api, models

from .asset import SOURCE


class Asset(models.Model):
    _inherit = "aftersales.asset"

    @api.model
    def _gather_kits(self, movements):
        """Put the delivered components of kits under an asset of the kit, made with its first component.

        A kit has no serial number of its own: it gets the order's name and a number. Which component belongs to which
        of several kits of one order nobody said, so they are given out in the order of delivery; people may change it.
        Returns [(movement, sentence)] of what was refused.
        """
        if "bom_line_id" not in self.env["stock.move"]._fields:  # kits come with manufacturing
            return []
        parts = [one for one in movements if one.line.move_id.bom_line_id.bom_id.type == "phantom"]
        known = self._of_lots([one.lot for one in parts], {one.company for one in parts})
        problems = []
        for movement in parts:
            asset = known.get((movement.company, movement.lot))
            if asset and not asset.parent_id:
                problems += asset._kept_alone(movement, asset._join_kit)
        return problems

    def _join_kit(self, movement):
        self.parent_id = self._kit_for(movement)

    @api.model
    def _kit_for(self, movement):
        """The first kit of the same order that lacks a component of this product, made where there is none."""
        move = movement.line.move_id
        line, product = move.bom_line_id, self._kit_product(move)
        each = max(int(line.product_uom_id._compute_quantity(line.product_qty, line.product_id.uom_id)), 1)
        order = movement.line.picking_id.origin or movement.line.picking_id.name
        number = 1
        while True:
            serial = f"{order}/{number}"
            kit = self.search([
                ("company_id", "=", movement.company.id), ("product_id", "=", product.id), ("name", "=", serial)])
            if not kit:
                return self._make_kit(serial, product, movement)
            inside = kit.component_ids.filtered(lambda asset: asset.product_id == line.product_id)
            if len(inside) < each:
                return kit
            number += 1

    @api.model
    def _kit_product(self, move):
        """The product that was sold: of the order line where there is one, else of the bill of materials."""
        bom = move.bom_line_id.bom_id
        sold = move.sale_line_id.product_id if "sale_line_id" in move._fields else bom.product_id
        if sold.product_tmpl_id == bom.product_tmpl_id:
            return sold
        return bom.product_id or bom.product_tmpl_id.product_variant_id

    @api.model
    def _make_kit(self, serial, product, movement):
        Asset = self.with_company(movement.company)
        Asset.register([{
            "serial": serial, "product": product.id, "partner": movement.partner.commercial_partner_id.id,
            "company": movement.company.id, "delivered_on": movement.day,
            **({"place": movement.place} if movement.place else {})}], SOURCE)
        return Asset.search([
            ("company_id", "=", movement.company.id), ("product_id", "=", product.id), ("name", "=", serial)])
