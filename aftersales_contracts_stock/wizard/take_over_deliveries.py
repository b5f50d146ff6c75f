"""Take over what was delivered before the addon was installed: serial numbers at customers become assets, in sets."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

SET = 500
SETS = 20  # of one click; the next goes on where this one stopped
MANAGER = "aftersales_contracts.group_account_manager"


class TakeOverDeliveries(models.TransientModel):
    """What has an asset is left alone, so that it can be begun again at any time. What was refused is passed over until
    the wizard is opened anew."""

    _name = "aftersales.take.over.deliveries"
    _description = "Take Over Delivered Serial Numbers"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    date_from = fields.Date(string="Delivered from")
    date_to = fields.Date(string="Delivered until")
    product_ids = fields.Many2many("product.product", string="Products", help="Empty: all.")
    remaining = fields.Integer(compute="_compute_remaining")
    done = fields.Integer(string="Taken Over", readonly=True)
    passed = fields.Integer(string="Passed over", readonly=True)
    after_id = fields.Integer(readonly=True, help="Delivery lines up to this one were looked at.")
    problem_ids = fields.One2many("aftersales.take.over.problem", "wizard_id", string="Refused", readonly=True)

    @api.depends("company_id", "date_from", "date_to", "product_ids", "after_id")
    def _compute_remaining(self):
        for wizard in self:
            wizard.remaining = len(wizard._pending()) if wizard.company_id else 0

    def _check_allowed(self):
        """Stock is read as superuser, so whoever asks must be allowed to make the assets."""
        if not self.env.user.has_group(MANAGER) or self.company_id not in self.env.companies:
            raise AccessError(self.env._(
                "Only an account manager of company %s takes over its deliveries.", self.company_id.sudo().name))

    def _pending(self):
        """Ids of the last delivery of each serial number that is with a customer and has no asset, after ``after_id``.

        One query over all serial numbers: the last line between us and a customer counts, and it must be a delivery.
        """
        self.ensure_one()
        self._check_allowed()
        Line = self.env["stock.move.line"].sudo().with_context(active_test=False)  # checked above
        moved = Line._search(Line._customer_movements() & Domain("company_id", "=", self.company_id.id))
        last = self.env.execute_query(SQL(
            """
            SELECT line.id FROM (
                SELECT DISTINCT ON (lot_id) id, lot_id, product_id, location_dest_id, date
                  FROM stock_move_line WHERE id IN %(moved)s
              ORDER BY lot_id, date DESC, id DESC) line
              JOIN stock_lot lot ON lot.id = line.lot_id
              JOIN stock_location place ON place.id = line.location_dest_id AND place.usage = 'customer'
             WHERE line.id > %(after)s
               AND NOT EXISTS (
                   SELECT FROM aftersales_asset asset WHERE asset.company_id = %(company)s
                      AND (asset.lot_id = lot.id OR (asset.product_id = lot.product_id AND asset.name = lot.name)))
          ORDER BY line.id""", moved=moved.subselect(), after=self.after_id, company=self.company_id.id))
        return self._wanted(Line.browse([row_id for (row_id,) in last])).ids

    def _wanted(self, lines):
        """Those of the products and days asked for, whose product makes assets at all."""
        if self.product_ids:
            lines = lines.filtered(lambda line: line.product_id in self.product_ids)
        makes = {template: template._makes_asset(self.company_id) for template in lines.product_id.product_tmpl_id}
        lines = lines.filtered(lambda line: makes[line.product_id.product_tmpl_id])
        if not self.date_from and not self.date_to:
            return lines
        first, last = self.date_from or fields.Date.to_date("0001-01-01"), self.date_to or fields.Date.to_date(
            "9999-12-31")
        return lines.filtered(lambda line: first <= self.company_id._day_of(line._done_at()) <= last)

    def action_take_over(self):
        """Take over the next sets. Each set stands alone: a set that is done stays done whatever comes after."""
        self.ensure_one()
        ids = self._pending()
        if not ids:
            raise UserError(self.env._("There is nothing left to take over."))
        for start in range(0, min(len(ids), SET * SETS), SET):
            self._take_over(ids[start:start + SET])
        return {
            "type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id, "view_mode": "form",
            "target": "new", "name": self._description}

    def _take_over(self, ids):
        lines = self.env["stock.move.line"].sudo().browse(ids)  # checked by _pending
        movements = lines._serial_movements()
        with self.env.cr.savepoint():
            problems = self.env["aftersales.asset"].sudo()._take_movements(movements)
        self.env["aftersales.take.over.problem"].sudo().create([  # told, not written by people
            {"wizard_id": self.id, "name": sentence} for _movement, sentence in problems])
        self.write({
            "done": self.done + len(movements) - len(problems), "passed": self.passed + len(problems),
            "after_id": max(ids)})
        self.env.flush_all()


class TakeOverProblem(models.TransientModel):
    _name = "aftersales.take.over.problem"
    _description = "Delivered Serial Number That Was Refused"

    wizard_id = fields.Many2one("aftersales.take.over.deliveries", required=True, ondelete="cascade")
    name = fields.Char(string="Reason", required=True)
