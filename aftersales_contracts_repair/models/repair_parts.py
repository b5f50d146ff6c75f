"""When a repair is done: parts with serial numbers that took the place of others, and parts that have come back."""

from odoo import models

from .repair_claim import KEPT


class RepairOrder(models.Model):
    _inherit = "repair.order"

    def action_repair_done(self):
        result = super().action_repair_done()
        for repair in self.filtered("aftersales_asset_id"):
            repair._refresh_covers(KEPT)
            repair._try(repair._exchange_components, self.env._("The exchange of components was not noted"))
            repair._try(repair._receive_parts, self.env._("The return of parts was not noted"))
        return result

    def _taken_out(self):
        return self.move_ids.filtered(
            lambda move: move.repair_line_type in ("remove", "recycle") and move.state == "done")

    def _exchange_components(self):
        """A component with an asset of its own that was taken out is replaced by the one of its product put in."""
        kit = self.aftersales_asset_id.sudo()
        put_in = self.move_ids.filtered(lambda move: move.repair_line_type == "add" and move.state == "done")
        for product in self._taken_out().product_id:
            out = self._taken_out().filtered(lambda move, product=product: move.product_id == product).lot_ids
            into = put_in.filtered(lambda move, product=product: move.product_id == product).lot_ids
            components = kit.component_ids.filtered(
                lambda asset, product=product, out=out: asset.product_id == product and asset.name in out.mapped("name")
                and not asset.replaced_by_id)
            for component, lot in zip(components.sorted("id"), into.sorted("id"), strict=False):
                self._exchange(component, lot)

    def _exchange(self, component, lot):
        Asset = self.env["aftersales.asset"].sudo().with_company(self.company_id)
        today, kit = self._local_today(), component.parent_id
        new = Asset.search([("company_id", "=", self.company_id.id), ("product_id", "=", lot.product_id.id),
                            ("name", "=", lot.name)]) or Asset.create({
                                "name": lot.name, "product_id": lot.product_id.id, "company_id": self.company_id.id,
                                "partner_id": kit.partner_id.id, "place": kit.place, "source": "repair"})
        component._replace_by(new, today, reason=self.name, claim_ref=self.sudo().aftersales_claim_id.name or "")
        new.parent_id = kit
        component.parent_id = False

    def _receive_parts(self):
        """Parts that the workshop took out are back; recycled ones are used again."""
        claim = self.sudo().aftersales_claim_id
        for move in self._taken_out():
            lines = claim.line_ids.filtered(
                lambda line, move=move: line.product_id == move.product_id and line.repair_id == self
                and line.return_state in ("required", "sent", "missing"))
            lines.action_part_received(reused=move.repair_line_type == "recycle", day=self._local_today())


class WarrantyClaim(models.Model):
    _inherit = "aftersales.warranty.claim"

    def _decided(self):
        """Lines may be decided after the repair: what came out then is here already."""
        super()._decided()
        for repair in self.sudo().repair_order_ids.filtered(lambda one: one.state == "done"):
            repair._receive_parts()
