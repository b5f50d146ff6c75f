"""Assets follow their serial number: made or found on delivery, taken back on return, sold anew."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .serial_movement import DELIVERED

SOURCE = "delivery"


class Asset(models.Model):
    _inherit = "aftersales.asset"

    lot_id = fields.Many2one(
        "stock.lot", string="Lot/Serial", readonly=True, copy=False, index="btree_not_null", ondelete="set null",
        help="The serial number in stock that the asset is.")

    @api.model
    def _take_movements(self, movements):
        """Keep what was delivered and what came back, the oldest first. Each stands alone: one that cannot be kept
        leaves nothing behind, and the others go on.

        :param movements: [SerialMovement], of one or of many transfers
        :return: [(movement, sentence)] of those that were not kept
        """
        problems, fresh = [], {}
        known = self._of_lots([movement.lot for movement in movements], {one.company for one in movements})
        for movement in movements:
            key = (movement.company, movement.lot)
            asset = known.get(key, self.browse())
            if not asset and movement.kind == DELIVERED and movement.partner:
                fresh[key] = movement  # of several deliveries the last one
            elif not asset and movement.kind == DELIVERED:
                problems.append((movement, self.env._(
                    "%s: the transfer names nobody to whom it was delivered.", movement.lot.display_name)))
            elif asset:
                problems += asset._kept_alone(movement, asset._follow_movement)
            else:
                fresh.pop(key, None)  # delivered and back again: it is with us
        problems += self._register_deliveries(list(fresh.values()))
        return problems + self._gather_kits([movement for movement in movements if movement.kind == DELIVERED])

    @api.model
    def _of_lots(self, lots, companies):
        """{(company, lot): its asset} of those that have one, archived ones too; by the link, else by serial and
        product. One query."""
        lots = self.env["stock.lot"].browse([lot.id for lot in lots])
        found = self.with_context(active_test=False).search([
            ("company_id", "in", [company.id for company in companies]), "|", ("lot_id", "in", lots.ids),
            "&", ("product_id", "in", lots.product_id.ids), ("name", "in", lots.mapped("name"))],
            order="active, id desc")
        by_serial = {(asset.company_id, asset.product_id, asset.name): asset for asset in found if not asset.lot_id}
        by_lot = {(asset.company_id, asset.lot_id): asset for asset in found if asset.lot_id}
        answer = {}
        for company in companies:
            for lot in lots:
                asset = by_lot.get((company, lot)) or by_serial.get((company, lot.product_id, lot.name))
                if asset:
                    answer[company, lot] = asset
        return answer

    @api.model
    def _kept_alone(self, movement, keep):
        """[] after ``keep(movement)``, or [(movement, sentence)] where it is refused."""
        try:
            with self.env.cr.savepoint():
                keep(movement)
                self.env.flush_all()
        except (UserError, ValidationError) as error:
            self.env.invalidate_all()
            return [(movement, f"{movement.lot.display_name}: {error}")]
        return []

    # --- known assets -------------------------------------------------------------------------------------------------

    def _follow_movement(self, movement):
        """A machine that we know was delivered or came back."""
        self.ensure_one()
        if not self.lot_id:
            self.lot_id = movement.lot
        if movement.kind != DELIVERED:
            self._returned(movement.day)
            return
        if not movement.partner:
            raise UserError(self.env._("the transfer names nobody to whom it was delivered"))
        owner = movement.partner.commercial_partner_id
        if owner != self.partner_id.commercial_partner_id:
            if self.delivered_on:
                self._resold(owner, movement.day, place=movement.place)
            else:
                self.partner_id = owner  # it was registered for somebody else, before it went anywhere
        if movement.place:
            self.place = movement.place
        self._delivered(movement.day)  # to the same owner, such as after a repair with us, nothing was sold

    # --- new ones -----------------------------------------------------------------------------------------------------

    @api.model
    def _register_deliveries(self, movements):
        """Register what was delivered for the first time; [(movement, sentence)] of what is refused."""
        problems, by_company = [], {}
        for movement in movements:
            by_company.setdefault(movement.company, []).append(movement)
        for company, some in by_company.items():
            problems += self.with_company(company)._register_some_deliveries(some)
        return problems

    @api.model
    def _register_some_deliveries(self, movements):
        """Of one company: together, and one by one where what follows a registration is refused as a whole."""
        try:
            with self.env.cr.savepoint():
                told = self.register([self._delivery_row(movement) for movement in movements], SOURCE, partial=True)
                for movement, asset_id in zip(movements, told["ids"], strict=True):
                    self.browse(asset_id or []).write({"lot_id": movement.lot.id})
                self.env.flush_all()
        except (UserError, ValidationError) as error:
            self.env.invalidate_all()
            if len(movements) == 1:
                return [(movements[0], f"{movements[0].lot.display_name}: {error}")]
            return [problem for movement in movements for problem in self._register_some_deliveries([movement])]
        wrong = [(movements[error["row"] - 1], error["message"]) for error in told["errors"]]
        return [(movement, f"{movement.lot.display_name}: {message}") for movement, message in wrong]

    @api.model
    def _delivery_row(self, movement):
        """What `register` takes."""
        row = {
            "serial": movement.lot.name, "product": movement.lot.product_id.id,
            "partner": movement.partner.commercial_partner_id.id, "company": movement.company.id,
            "delivered_on": movement.day, "place": movement.place or False, "batch": movement.lot.ref or False,
            "received_on": movement.received_on, "supplier": movement.supplier.id}
        return {name: value for name, value in row.items() if value}
