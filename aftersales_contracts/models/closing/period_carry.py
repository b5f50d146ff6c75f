"""What a month leaves for later, with the reason, and what the last run of the button was refused."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .period_items import KINDS


class PeriodCarry(models.Model):
    """Something that a month left for later, why, and who said so. It may be taken back until the month is closed."""

    _name = "aftersales.period.carry"
    _inherit = ["aftersales.frozen"]
    _description = "Carried Over"
    _order = "close_id desc, id"

    close_id = fields.Many2one(
        "aftersales.period.close", string="Month", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="close_id.company_id", store=True, index=True)
    kind = fields.Selection(KINDS, required=True, readonly=True, string="What")
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(string="Record", model_field="res_model", required=True, readonly=True)
    name = fields.Char(readonly=True)
    contract_id = fields.Many2one("aftersales.contract", readonly=True, ondelete="restrict", index="btree_not_null")
    amount = fields.Monetary(readonly=True, aggregator=None)
    currency_id = fields.Many2one("res.currency", readonly=True)
    why = fields.Char(readonly=True)
    reason = fields.Char(string="Carried Over because", required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="By", required=True, readonly=True, ondelete="restrict")
    at = fields.Datetime(string="When", required=True, readonly=True)

    _once = models.UniqueIndex("(close_id, kind, res_model, res_id)", "This is carried over already.")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Carry something over from the list of what needs a decision."))
        return super().create(vals_list)

    def _frozen(self):
        return self.filtered(lambda row: row.close_id.state == "closed")

    def write(self, vals):
        self._refuse_change()
        return super().write(vals)

    def _refuse_change(self):
        raise UserError(self.env._("What was carried over, and why, is not edited: take it back and say it again."))

    def action_take_back(self):
        """It is to be decided in this month after all."""
        self.close_id._check_people()
        self.sudo().unlink()  # who may close the month may take it back; a closed month refuses
        self.env["aftersales.period.item"].invalidate_model()
        return True

    def action_open_record(self):
        """Open the record; the right to read it is checked there."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "name": self.name, "res_model": self.res_model, "res_id": self.res_id,
                "views": [(False, "form")]}


class PeriodLeft(models.Model):
    """What the last run of the button was refused, and why. The next run begins it anew."""

    _name = "aftersales.period.left"
    _description = "Left by the Last Run"
    _order = "close_id desc, id"
    _rec_name = "why"
    _log_access = False

    close_id = fields.Many2one(
        "aftersales.period.close", string="Month", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="close_id.company_id", store=True, index=True)
    step = fields.Char(required=True, readonly=True)
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(string="Record", model_field="res_model", required=True, readonly=True)
    why = fields.Char(required=True, readonly=True)

    _once = models.UniqueIndex("(close_id, step, res_model, res_id)", "This was left already.")


class PeriodClose(models.Model):
    _inherit = "aftersales.period.close"

    item_ids = fields.One2many(
        "aftersales.period.item", "close_id", string="Needs a Decision", readonly=True,
        domain=[("undecided", "=", True)])
    carry_ids = fields.One2many("aftersales.period.carry", "close_id", string="Carried Over", readonly=True)

    def _keep_left(self, left, key):
        """Remember what a run was refused. ``left``: {(model, id): (step, reason)}; ``key``: the only step that ran."""
        Left = self.env["aftersales.period.left"]
        Left.search([("close_id", "=", self.id), *([("step", "=", key)] if key else [])]).unlink()
        Left.create([{
            "close_id": self.id, "step": step, "res_model": model, "res_id": record_id, "why": why}
            for (model, record_id), (step, why) in left.items()])
        self.env["aftersales.period.item"].invalidate_model()

    def action_carry_all(self):
        """Ask for one reason for everything that still needs a decision."""
        self.ensure_one()
        self._check_people()
        return self._ask_to_carry(self.item_ids)

    def _ask_to_carry(self, items):
        if not items:
            raise UserError(self.env._("Nothing needs a decision."))
        return {"type": "ir.actions.act_window", "name": self.env._("Carry Over"), "target": "new",
                "res_model": "aftersales.carry.over", "views": [(False, "form")],
                "context": {"default_close_id": self.id, "default_item_keys": items.ids}}
