"""The warranty claim of a repair order: made from its lines, and deciding who pays them."""

from decimal import Decimal

from markupsafe import Markup
from odoo import fields, models
from odoo.addons.aftersales_contracts.models.claims.claim_step import ENDED
from odoo.exceptions import UserError, ValidationError

from .repair_coverage import OPEN

KEPT = (*OPEN, "done")


class RepairOrder(models.Model):
    _inherit = "repair.order"

    aftersales_claim_id = fields.Many2one(
        "aftersales.warranty.claim", string="Warranty Claim", readonly=True, copy=False, index="btree_not_null",
        check_company=True, ondelete="set null")

    def _claim_running(self):
        """Whether a claim says who pays: once made, unless it was cancelled."""
        self.ensure_one()
        claim = self.sudo().aftersales_claim_id
        return bool(claim) and claim.state != "cancelled"

    def action_make_claim(self):
        """Take in a warranty claim with the lines of this order. By whoever may take in claims."""
        self.ensure_one()
        self.env["aftersales.warranty.claim"].check_access("create")
        if self._claim_running():
            raise UserError(self.env._(
                "Repair order %(repair)s has claim %(claim)s already.", repair=self.name,
                claim=self.aftersales_claim_id.display_name))
        if self.state == "cancel":
            raise UserError(self.env._("Repair order %s is cancelled.", self.name))
        self._find_asset()
        self._refresh_covers(KEPT)
        self._make_claim()
        return self.action_view_claim()

    def action_view_claim(self):
        return self._opening(self.aftersales_claim_id, self.env._("Warranty Claim"))

    def _make_claim(self):
        """The claim of this order, with its request: the same clocks go on."""
        self.ensure_one()
        covers = self.sudo().cover_ids
        if not covers:
            raise UserError(self.env._("Repair order %s: a claim needs at least one part or service.", self.name))
        asset, today = self.aftersales_asset_id.sudo(), self._local_today()
        request = self.sudo().aftersales_request_id
        claim = self.env["aftersales.warranty.claim"].sudo()._intake({  # checked by the button; else by the setting
            "asset_id": asset.id, "serial": self.lot_id.name or asset.name, "company_id": self.company_id.id,
            "partner_id": asset.partner_id.id, "failure_on": self.failure_on or today,
            "reported_on": min(max(fields.Date.to_date(self.create_date), self.failure_on or today), today),
            "cause_id": self.cause_id.id, "symptom": self._symptom(), "place": asset.place,
            **({"request_id": request.id} if request.kind not in ("done", "cancelled") and request else {})}, "repair")
        self.sudo().aftersales_claim_id = claim
        if not request:
            self.sudo().aftersales_request_id = claim.request_id
        self._sync_claim()

    def _symptom(self):
        return self.repair_request or self.env._("Repair order %s", self.name)

    def _follow_confirmation(self):
        """Where the company says so, the claim is made by itself. What keeps it from being made is told on the order,
        and the order goes on."""
        result = super()._follow_confirmation()
        for repair in self.filtered(lambda one: one.state in ("confirmed", "under_repair") and one.aftersales_asset_id):
            if not repair.sudo().cover_ids:
                repair._refresh_covers()
            covered = any(cover.covered_percent for cover in repair.sudo().cover_ids)
            if repair.company_id.sudo().repair_claims == "automatic" and covered and not repair._claim_running():
                repair._try(repair._make_claim, self.env._("No warranty claim was made"))
        return result

    def _try(self, work, failed):
        """Do ``work``; where it is refused nothing of it stays, and the order says why: a repair is never held back."""
        try:
            with self.env.cr.savepoint():
                work()
                self.env.flush_all()
        except (UserError, ValidationError) as error:
            self.env.invalidate_all()
            self.message_post(body=Markup("%s: %s") % (failed, error))

    # --- lines of the claim follow those of the order -----------------------------------------------------------------

    def _covers_of_claim(self):
        self._sync_claim()
        super()._covers_of_claim()

    def _sync_claim(self):
        """Bring the open lines of the claim up to the order's, and ask its verdict where anything changed. Decided
        lines stay: reopen them first."""
        claim = self.sudo().aftersales_claim_id
        if claim.state in ENDED:
            return
        changed = self._drop_claim_lines(claim)
        for cover in self.sudo().cover_ids:
            changed |= cover._to_claim(claim)
        if (changed or not claim.verdict_at) and claim.line_ids:
            claim._ask_verdicts()
            claim._decide_by_rule()

    def _drop_claim_lines(self, claim):
        """Take back the open lines that this order claimed and that are not on it any more."""
        gone = claim.line_ids.filtered(
            lambda line: line.repair_id == self and line.decision == "open" and not line.repair_cover_ids)
        gone.unlink()
        return bool(gone)


class RepairCover(models.Model):
    _inherit = "aftersales.repair.cover"

    def _to_claim(self, claim):
        """Make or change the claim line; returns whether anything changed."""
        self.ensure_one()
        line = self.claim_line_id
        if line and line.decision != "open":
            return False
        values = self._claim_values()
        if not line:
            self.claim_line_id = line.create({"claim_id": claim.id, "repair_id": self.repair_id.id, **values})
            return True
        told = {name: value for name, value in values.items() if line._differs(name, value)}
        if told:
            line.write(told)
        return bool(told)

    def _claim_values(self):
        product = self.move_id.product_id or self.sale_line_id.product_id
        faulty, fresh = self._serials()
        return {
            "kind": self.kind, "product_id": product.id, "name": self.name, "quantity": self.quantity,
            "unit_price": self.currency_id.round(self.full_price), "faulty_serial": faulty, "replacement_serial": fresh,
            **({"return_required": True} if self._comes_out() else {})}

    def _comes_out(self):
        """Lines by which a part of the same product is taken out of the machine."""
        return self.repair_id.move_ids.filtered(
            lambda move: move.repair_line_type in ("remove", "recycle") and move.state != "cancel"
            and move.product_id == self.move_id.product_id)

    def _serials(self):
        """(serial numbers taken out, serial numbers put in) of the part, each as text or False."""
        out, into = self._comes_out().lot_ids, self.move_id.lot_ids
        return (", ".join(out.mapped("name")) or False, ", ".join(into.mapped("name")) or False)


class WarrantyClaim(models.Model):
    _inherit = "aftersales.warranty.claim"

    repair_order_ids = fields.One2many("repair.order", "aftersales_claim_id", string="Repair Orders",
                                       groups="stock.group_stock_user")

    def _decided(self):
        """What was decided says what the customer pays on the quotation of the repair order."""
        super()._decided()
        # whoever decides need not work in the workshop; the order that asks for a verdict is on it itself
        for repair in self.sudo().repair_order_ids.filtered(lambda one: one.state in KEPT):
            super(RepairOrder, repair)._covers_of_claim()  # pylint: disable=super-method-mismatch
            repair._follow_covers()

    def action_view_repairs(self):
        """The repair orders of the claim, for whoever may see those."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": "repair.order", "name": self.env._("Repair Orders"),
                "view_mode": "list,form", "domain": [("aftersales_claim_id", "=", self.id)],
                "context": {"create": False}}


class WarrantyClaimLine(models.Model):
    _inherit = "aftersales.warranty.claim.line"

    repair_id = fields.Many2one("repair.order", readonly=True, copy=False, index="btree_not_null", ondelete="set null",
                                groups="stock.group_stock_user")
    repair_cover_ids = fields.One2many("aftersales.repair.cover", "claim_line_id", groups="stock.group_stock_user")

    def _differs(self, name, value):
        field = self._fields[name]
        return field.convert_to_cache(value, self) != field.convert_to_cache(self[name], self)

    def _customer_owes(self):
        """What the customer pays on the quotation of the repair order is not invoiced with the claim once more."""
        cover = self.sudo().repair_cover_ids[:1]
        order = (cover.move_id.sale_line_id or cover.sale_line_id).order_id
        return Decimal(0) if order and order.state != "cancel" else super()._customer_owes()
