"""Visit: one preventive-maintenance visit that a contract promises, and what became of it. A result: the facts are the
promise, the visit reports, the meter readings and the suspensions, and the engine says the rest."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.frozen import is_uninstalling

STATES = [
    ("planned", "Planned"),
    ("due", "Can Be Done"),
    ("done", "Done"),
    ("late", "Done Late"),
    ("missed", "Missed"),
    ("suspended", "Suspended"),
]


class MaintenanceVisit(models.Model):
    _name = "aftersales.maintenance.visit"
    _description = "Maintenance Visit"
    _order = "due_on, contract_id, asset_id, number, id"

    name = fields.Char(readonly=True)
    contract_id = fields.Many2one("aftersales.contract", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="contract_id.partner_id", string="Customer", store=True)
    promise_id = fields.Many2one(
        "aftersales.promise", readonly=True, index="btree_not_null", ondelete="set null")
    asset_id = fields.Many2one(
        "aftersales.asset", string="Covered Asset", readonly=True, index=True, ondelete="restrict")
    number = fields.Integer(string="Visit", readonly=True)
    planned_on = fields.Date(readonly=True, help="The day by the promise, before holidays are looked at.")
    due_on = fields.Date(string="Due", readonly=True, index=True)
    latest_on = fields.Date(string="In Time until", readonly=True)
    done_on = fields.Date(string="Done", readonly=True)
    estimated = fields.Boolean(readonly=True, help="By the mean use that the meter shows so far.")
    state = fields.Selection(STATES, required=True, readonly=True, default="planned", index=True)
    breach_id = fields.Many2one("aftersales.breach", readonly=True, ondelete="set null")
    user_id = fields.Many2one(related="contract_id.user_id", string="Account Manager")

    _number_uniq = models.UniqueIndex("(promise_id, COALESCE(asset_id, 0), number)")

    @api.depends("name", "number", "asset_id")
    def _compute_display_name(self):
        for visit in self:
            parts = [f"{visit.name} #{visit.number}", visit.asset_id.display_name]
            visit.display_name = " · ".join(part for part in parts if part)

    def write(self, vals):
        self._refuse_change()
        return super().write(vals)

    def _refuse_change(self):
        raise UserError(self.env._("A visit follows from the promise and the visit reports: report the visit instead."))

    def _write_result(self, vals):
        """Write what the engine says."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_deletion()
        return super().unlink()

    def _refuse_deletion(self):
        raise UserError(self.env._("A promised visit is not deleted. Amend the promise instead."))

    def _drop(self):
        """Remove visits that are promised no more and have not come to anything."""
        return super().unlink()  # pylint: disable=super-method-mismatch

    def action_report(self):
        """Open a report of this visit, filled in."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window", "name": self.env._("Report a Visit"), "target": "new",
            "res_model": "aftersales.visit.report", "view_mode": "form", "views": [(False, "form")],
            "context": {"default_contract_id": self.contract_id.id, "default_asset_id": self.asset_id.id,
                        "default_promise_id": self.promise_id.id}}


class Breach(models.Model):
    _inherit = "aftersales.breach"

    visit_id = fields.Many2one(
        "aftersales.maintenance.visit", string="Missed Visit", ondelete="restrict", index="btree_not_null",
        domain="[('contract_id', '=', contract_id), ('state', 'in', ('missed', 'late'))]")
    event_kind = fields.Selection(selection_add=[("visit", "Missed Visit")], ondelete={"visit": "cascade"})

    _of_visit = models.UniqueIndex(
        "(visit_id) WHERE visit_id IS NOT NULL", "This visit stands in the breach register already.")

    @api.depends("visit_id")
    def _compute_event_kind(self):
        super()._compute_event_kind()
        self.filtered("visit_id").event_kind = "visit"
