"""Days that a machine was away for repair. Some warranties are longer by them; a day in two repairs counts once."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class AssetRepair(models.Model):
    """It begins once and comes back once. A wrong one is voided with its reason."""

    _name = "aftersales.asset.repair"
    _inherit = ["aftersales.appended"]
    _description = "Repair Days of an Asset"
    _order = "asset_id, start_on desc, id desc"
    _check_company_auto = True

    asset_id = fields.Many2one("aftersales.asset", required=True, index=True, ondelete="cascade", check_company=True)
    company_id = fields.Many2one(related="asset_id.company_id", store=True, index=True)
    start_on = fields.Date(string="Away from", required=True)
    end_on = fields.Date(string="Back on", help="The day on which it is back counts no more. Empty: still away.")
    request_id = fields.Many2one(
        "aftersales.request", string="Service Request", ondelete="set null", index="btree_not_null", check_company=True)
    reference = fields.Char(help="Of the repair order or the claim.")
    void_reason = fields.Char(string="Void because", readonly=True)

    _order_of_days = models.Constraint(
        "CHECK(end_on IS NULL OR end_on >= start_on)", "A machine is not back before it went away.")

    @api.depends("asset_id", "start_on")
    def _compute_display_name(self):
        for repair in self:
            repair.display_name = self.env._("%(asset)s away from %(day)s", asset=repair.asset_id.name,
                                             day=repair.start_on)

    @api.constrains("start_on", "end_on", "asset_id")
    def _check_days(self):
        for repair in self:
            for day in filter(None, (repair.start_on, repair.end_on)):
                if day > repair.asset_id._asset_today():
                    raise ValidationError(self.env._(
                        "Asset %(asset)s: a repair on %(day)s lies in the future.",
                        asset=repair.asset_id.display_name, day=day))

    @api.model_create_multi
    def create(self, vals_list):
        repairs = super().create([{**vals, "void_reason": False} for vals in vals_list])
        repairs.asset_id._facts_changed()
        return repairs

    def action_back(self, day=None):
        """The machines are back on ``day`` (empty: today). Whoever may enter repairs says so, once."""
        self.check_access("create")
        self._back(day)
        return True

    def _back(self, day=None):
        for repair in self:
            if repair.end_on or repair.void_reason:
                raise UserError(self.env._("%s is over already.", repair.display_name))
            back = fields.Date.to_date(day) or repair.asset_id._asset_today()
            if back < repair.start_on:
                raise UserError(self.env._("%(repair)s: it is not back on %(day)s, before it went away.",
                                           repair=repair.display_name, day=back))
            repair._settle({"end_on": back})
        self._check_days()

    def action_void(self, reason=""):
        """It was not away, or not so: the days count no more. For whoever may change the asset."""
        self.asset_id.check_access("write")
        if not (isinstance(reason, str) and reason.strip()):
            raise UserError(self.env._("Say why the repair of %s is void.", self[:1].asset_id.display_name))
        self._settle({"void_reason": reason.strip()})
        return True

    def _settle(self, values):
        models.BaseModel.write(self.sudo(), values)  # nobody has the right to change facts
        self.asset_id._facts_changed()


class Asset(models.Model):
    _inherit = "aftersales.asset"

    repair_ids = fields.One2many("aftersales.asset.repair", "asset_id", string="Repairs")

    def _repaired(self, start_on, end_on=None, request=None, reference=""):
        """Note days of repair of these assets: away from ``start_on``, back on ``end_on`` (None: still away)."""
        return self.env["aftersales.asset.repair"].sudo().create([  # written by the repair that its worker reports
            {"asset_id": asset.id, "start_on": start_on, "end_on": end_on, "request_id": request and request.id,
             "reference": reference} for asset in self])
