"""Who pays which line of a repair order: part by part, never one tick for the whole job."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.addons.aftersales_contracts.engine.warranty_facts import Item
from odoo.addons.aftersales_contracts.engine.warranty_verdict import CUSTOMER
from odoo.addons.aftersales_contracts.models.claims.claim_verdict import MANUFACTURER, Part
from odoo.exceptions import UserError
from odoo.tools import float_repr

PLACES = 4  # of quantities
OPEN = ("draft", "confirmed", "under_repair")
FACTS = frozenset({"aftersales_asset_id", "failure_on", "cause_id", "product_id", "lot_id"})  # of the verdict


class RepairOrder(models.Model):
    _inherit = "repair.order"

    cover_ids = fields.One2many("aftersales.repair.cover", "repair_id", string="Who Pays", copy=False)
    cover_note = fields.Char(string="Note on Cover", readonly=True, copy=False)
    under_warranty = fields.Boolean(
        help="Of an order with an asset: all of its lines are covered in full. What the customer pays of each line is "
             "said by its cover. Without an asset: if ticked, all parts are free of charge.")

    @api.model_create_multi
    def create(self, vals_list):
        repairs = super().create(vals_list)
        repairs._refresh_covers()
        return repairs

    def write(self, vals):
        if FACTS & set(vals):
            self._refuse_claimed()
        by_hand = self.filtered("cover_ids") if "under_warranty" in vals else self.browse()
        for repair in by_hand.filtered(lambda repair: repair.under_warranty != bool(vals["under_warranty"])):
            raise UserError(self.env._(
                "Repair order %s: whether it is under warranty follows from the cover of each line.", repair.name))
        result = super().write(vals)
        if FACTS & set(vals):
            self._refresh_covers()
            self._follow_confirmation()  # an order may learn late which machine it is about
        return result

    def _refuse_claimed(self):
        for repair in self:
            if repair._claim_running():
                raise UserError(self.env._(
                    "Repair order %s has a warranty claim: machine, failure day and cause are said by it.",
                    repair.name))

    def action_check_coverage(self):
        """Ask anew what is covered; says why where the asset is not known."""
        self.ensure_one()
        self._find_asset()
        if self.state not in OPEN:
            raise UserError(self.env._(
                "Repair order %s has ended: who pays is settled by its claim.", self.name))
        self._refresh_covers()

    def action_create_sale_order(self):
        result = super().action_create_sale_order()
        self._refresh_covers()
        return result

    def _update_sale_order_line_price(self):
        """Called when the tick changed: prices of orders with covers follow those."""
        covered = self.filtered("cover_ids")
        super(RepairOrder, self - covered)._update_sale_order_line_price()
        covered._covered_sale_lines()._price_by_cover()

    # --- the lines ----------------------------------------------------------------------------------------------------

    def _paid_lines(self):
        """Parts that are added and not cancelled, and services on the quotation: [stock.move or sale.order.line]."""
        self.ensure_one()
        parts = self.move_ids.filtered(
            lambda move: move.repair_line_type == "add" and move.state != "cancel" and move._repair_quantity() > 0)
        return [*parts, *self._services()]

    def _services(self):
        """Services of the quotation that are this order's: its own line, and the others where it is the only order."""
        self.ensure_one()
        order = self.sudo().sale_order_id
        lines = order.order_line.filtered(
            lambda line: line.product_id.type == "service" and not line.display_type and not line.is_downpayment
            and line.product_uom_qty > 0 and not line.move_ids)
        alone = len(order.repair_order_ids) == 1
        return lines.filtered(lambda line: line == self.sale_order_line_id or alone and not line.repair_of_others(self))

    def _refresh_covers(self, states=OPEN):
        """Keep the verdict on every line of orders with an asset in ``states``; prices and tick follow it.

        One verdict call for all orders. An order whose claim has been made takes over what the claim says.
        """
        orders = self.filtered(lambda repair: repair.state in states)
        known = orders.filtered("aftersales_asset_id")
        # results, written for people in the workshop who see neither assets nor claims
        (orders - known).sudo().cover_ids.unlink()
        for repair in known.sudo():
            repair._match_covers()
        asked = known.sudo().filtered(lambda repair: not repair._claim_running() and repair.cover_ids)
        if asked:
            asked._ask_covers()
        for repair in (known.sudo() - asked).filtered("cover_ids"):
            repair._covers_of_claim()
        known.sudo()._follow_covers()

    def _match_covers(self):
        """One cover for each line, with its price and quantity as they are now."""
        Cover, lines = self.env["aftersales.repair.cover"], self._paid_lines()
        had = {cover.move_id or cover.sale_line_id: cover for cover in self.cover_ids}
        for line, cover in had.items():
            if line not in lines:
                cover.unlink()
        new = []
        for line in lines:
            values = self._line_facts(line)
            if line in had:
                had[line].write(values)
            else:
                new.append({"repair_id": self.id, **values, (
                    "move_id" if line._name == "stock.move" else "sale_line_id"): line.id})
        Cover.create(new)

    def _line_facts(self, line):
        price, quantity = line._repair_full_price(), line._repair_quantity()
        return {"name": line.product_id.display_name, "kind": line._repair_kind(), "quantity": quantity,
                "full_price": price, "amount": self.company_id.currency_id.round(price * quantity)}

    # --- verdicts -----------------------------------------------------------------------------------------------------

    def _ask_covers(self):
        """Keep the engine's verdict on each line; the customer's part of the claim (deductible) is in it."""
        from odoo.addons.aftersales_contracts.models.warranty.warranty_case import WarrantyCase

        cases = [WarrantyCase(
            repair.aftersales_asset_id, repair.failure_on or repair._local_today(), repair.cause_id.code or "",
            tuple(cover._item() for cover in repair.cover_ids)) for repair in self]
        verdicts = self.env["aftersales.asset"]._verdicts(cases)
        records = self.env["aftersales.warranty.claim"]._cover_records(verdicts)
        for repair, verdict in zip(self, verdicts, strict=True):
            repair._keep_verdict(verdict, records)

    def _keep_verdict(self, verdict, records):
        claim = self.env["aftersales.warranty.claim"].new({
            "asset_id": self.aftersales_asset_id.id, "company_id": self.company_id.id,
            "failure_on": self.failure_on or self._local_today()})
        own = claim._deductibles(verdict, records)
        for cover in self.cover_ids:
            found = verdict[cover._item_key()]
            parts = claim._after_deductible([
                Part(MANUFACTURER.get(share.kind, share.kind), share.payer, share.cover, records.get(share.cover),
                     share.percent, share.amount or Decimal(0)) for share in found.shares], own)
            cover._keep([(part.kind, part.payer, part.percent) for part in parts], found.reason)
        self.cover_note = " ".join(verdict.warnings) or False

    def _covers_of_claim(self):
        """Take over what the claim says of each line: the verdict while it is open, and then the decision."""
        for cover in self.cover_ids:
            line = cover.claim_line_id
            if line.share_ids:
                cover._keep([(share.payer_kind, share.payer, Decimal(float_repr(share.percent, 6)))
                             for share in line.share_ids], line.decision_reason or line.verdict_reason)
            else:
                cover._keep([(CUSTOMER, CUSTOMER, Decimal(100))], self.env._("Not on the claim, or not asked yet."))

    def _follow_covers(self):
        """Prices on the quotation, and the tick: everything is covered in full."""
        self.env.flush_all()
        self._covered_sale_lines()._price_by_cover()
        for repair in self:
            free = bool(repair.cover_ids) and not any(cover.customer_percent for cover in repair.cover_ids)
            if repair.under_warranty != free:
                # pylint: disable-next=super-method-mismatch
                super(RepairOrder, repair).write({"under_warranty": free})  # past the guard against hands

    def _covered_sale_lines(self):
        return self.cover_ids.move_id.sale_line_id | self.cover_ids.sale_line_id


class RepairCover(models.Model):
    _inherit = "aftersales.repair.cover"

    def _item_key(self):
        return f"{self.name} #{self.id}"

    def _item(self):
        """The engine's `Item` of the line. Labour and travel are for the machine, so they share its exclusions."""
        from odoo.addons.aftersales_contracts.models.assets.asset_keys import category_keys, product_key

        self.ensure_one()
        product = self.move_id.product_id or self.repair_id.aftersales_asset_id.product_id
        return Item(
            self._item_key(), self.kind, product_key(product) if product else "",
            category_keys(product) if product else (),
            Decimal(float_repr(self.amount, self.currency_id.decimal_places)),
            Decimal(float_repr(self.quantity, PLACES)))

    def _keep(self, parts, reason):
        """Write down ``parts``, [(kind, payer, percent)], which sum to 100."""
        labels = dict(self.env["aftersales.claim.share"]._fields["payer_kind"]._description_selection(self.env))
        customer = sum((percent for kind, _payer, percent in parts if kind == CUSTOMER), Decimal(0))
        told = [f"{labels.get(kind, kind)} {percent.normalize():f} %" for kind, _payer, percent in parts if percent]
        self.write({
            "customer_percent": float(customer), "covered_percent": float(100 - customer),
            "payer": ", ".join(told), "reason": reason,
            "steps": [[kind, payer, str(percent)] for kind, payer, percent in parts]})
