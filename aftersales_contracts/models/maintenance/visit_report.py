"""Facts of preventive maintenance: the visits that were made, and what the meters showed. Appended, never changed."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..common.frozen import is_uninstalling


class VisitReport(models.Model):
    """A wrong report is voided with its reason, by whoever keeps the contract; it stays on record."""

    _name = "aftersales.visit.report"
    _description = "Visit Report"
    _inherit = ["mail.thread"]
    _order = "done_on desc, id desc"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "aftersales.contract", required=True, index=True, ondelete="restrict", check_company=True,
        domain=[("is_template", "=", False), ("amends_id", "=", False)])
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="contract_id.partner_id", string="Customer")
    asset_id = fields.Many2one(
        "aftersales.asset", string="Covered Asset", index=True, ondelete="restrict", check_company=True,
        help="Empty: the visit was for all assets of the contract.")
    promise_id = fields.Many2one(
        "aftersales.promise", ondelete="set null", index="btree_not_null",
        domain="[('contract_id', '=', contract_id), ('source', '=', 'maintenance')]",
        help="Empty: the visit counts for every maintenance promise of the contract.")
    done_on = fields.Date(string="Done on", required=True, default=fields.Date.context_today, index=True)
    request_id = fields.Many2one(
        "aftersales.request", string="Service Request", ondelete="restrict", index="btree_not_null",
        domain="[('contract_id', '=', contract_id)]")
    user_id = fields.Many2one("res.users", string="Reported by", required=True, readonly=True, ondelete="restrict",
                              default=lambda self: self.env.user)
    note = fields.Text(string="Findings")
    reading = fields.Float(string="Meter Reading", digits=(16, 2), help="What the asset's meter showed; 0: not read.")
    void_reason = fields.Char(string="Void because", readonly=True, copy=False)

    _reading_positive = models.Constraint("CHECK(reading >= 0)", "A meter does not show less than nothing.")

    @api.depends("done_on", "asset_id", "contract_id")
    def _compute_display_name(self):
        for report in self:
            what = report.asset_id.display_name or report.contract_id.display_name
            report.display_name = f"{report.done_on} {what}"

    @api.constrains("done_on", "contract_id", "asset_id", "promise_id")
    def _check_facts(self):
        for report in self:
            contract = report.contract_id
            if report.done_on > contract._local_today():
                raise ValidationError(self.env._(
                    "A visit on %(day)s to %(contract)s cannot be reported before it was made.",
                    day=report.done_on, contract=contract.display_name))
            if report.asset_id and report.asset_id not in contract.cover_ids.asset_id:
                raise ValidationError(self.env._(
                    "Asset %(asset)s is not covered by contract %(contract)s.",
                    asset=report.asset_id.display_name, contract=contract.display_name))
            if report.promise_id and report.promise_id.contract_id != contract:
                raise ValidationError(self.env._(
                    "Promise %(promise)s is not one of contract %(contract)s.",
                    promise=report.promise_id.name, contract=contract.display_name))

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [{**vals, "user_id": self.env.uid} for vals in vals_list]
        reports = super().create(vals_list)
        self.env["aftersales.meter.reading"].sudo().create([  # what the reporter read while there
            {"asset_id": report.asset_id.id, "read_on": report.done_on, "value": report.reading,
             "user_id": report.user_id.id} for report in reports if report.reading and report.asset_id])
        reports.contract_id._maintenance_promises()._refresh_visits()
        return reports

    def write(self, vals):
        if set(vals) - {"message_follower_ids", "message_ids", "message_main_attachment_id"}:
            raise UserError(self.env._("A visit report does not change. Void it, and report the visit again."))
        return super().write(vals)

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_deletion()
        return super().unlink()

    def _refuse_deletion(self):
        raise UserError(self.env._("A visit report is not deleted. Void it with the reason."))

    def action_void(self, reason=""):
        """This visit was not made, or not so: it counts no more. For whoever keeps the contract."""
        if not self.env.user.has_group("aftersales_contracts.group_account_manager"):
            raise AccessError(self.env._("Only an account manager voids a visit report."))
        self.check_access("read")
        if not (isinstance(reason, str) and reason.strip()):
            raise UserError(self.env._("Say why the report of %s is void.", self[:1].display_name))
        # pylint: disable-next=super-method-mismatch
        super(VisitReport, self.sudo()).write({"void_reason": reason.strip()})  # nobody has the right to change reports
        self.contract_id._maintenance_promises().sudo()._refresh_visits()  # results follow the facts


class MeterReading(models.Model):
    """A value that the meter of an asset showed on a day. A lower one than before: the meter was replaced."""

    _name = "aftersales.meter.reading"
    _description = "Meter Reading"
    _order = "read_on desc, id desc"
    _check_company_auto = True

    asset_id = fields.Many2one(
        "aftersales.asset", string="Covered Asset", required=True, index=True, ondelete="restrict", check_company=True)
    company_id = fields.Many2one(related="asset_id.company_id", store=True, index=True)
    read_on = fields.Date(string="Read on", required=True, default=fields.Date.context_today)
    value = fields.Float(required=True, digits=(16, 2))
    user_id = fields.Many2one("res.users", string="Read by", readonly=True, ondelete="restrict",
                              default=lambda self: self.env.user)

    _one_a_day = models.UniqueIndex("(asset_id, read_on)", "The meter of this asset was read on that day already.")
    _not_negative = models.Constraint("CHECK(value >= 0)", "A meter does not show less than nothing.")

    @api.model_create_multi
    def create(self, vals_list):
        readings = super().create(vals_list)
        promises = readings.asset_id.cover_ids.contract_id.sudo()._maintenance_promises()  # results follow the facts
        promises.filtered(lambda promise: promise.maintenance_kind == "meter")._refresh_visits()
        return readings

    def write(self, vals):
        self._refuse_change()
        return super().write(vals)

    def _refuse_change(self):
        raise UserError(self.env._("A meter reading does not change. Read the meter again on another day."))
