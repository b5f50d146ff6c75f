"""A repair order of an asset is a service request: confirmed it opens one, and its steps are events of it."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class RepairOrder(models.Model):
    """People in the workshop need no right on assets, requests or claims: what the order does with them on its own is
    done as superuser, always for the order's own asset and company."""

    _inherit = "repair.order"

    aftersales_asset_id = fields.Many2one(
        "aftersales.asset", string="Asset", compute="_compute_aftersales_asset_id", store=True, readonly=False,
        index="btree_not_null", check_company=True, ondelete="set null",
        domain="[('company_id', '=', company_id), ('product_id', '=?', product_id)]",
        help="Found by the product and its serial number.")
    aftersales_request_id = fields.Many2one(
        "aftersales.request", string="Service Request", copy=False, index="btree_not_null", check_company=True,
        ondelete="set null", domain="[('asset_id', '=', aftersales_asset_id)]",
        help="Empty: a new one when the order is confirmed.")
    failure_on = fields.Date(
        string="Failure Day", default=lambda self: self.env.company._repair_today(), copy=False,
        help="The day that decides whether it is covered.")
    cause_id = fields.Many2one("aftersales.cause", ondelete="set null", copy=False)
    asset_period_id = fields.Many2one("aftersales.asset.repair", readonly=True, copy=False, ondelete="set null")

    @api.depends("product_id", "lot_id", "company_id")
    def _compute_aftersales_asset_id(self):
        """By product and serial number, in one query; one that nobody registered leaves it empty."""
        wanted = self.filtered(lambda repair: repair.product_id and repair.lot_id)
        found = self.env["aftersales.asset"].sudo().search([  # the workshop need not see assets
            ("product_id", "in", wanted.product_id.ids), ("name", "in", wanted.lot_id.mapped("name")),
            ("company_id", "in", wanted.company_id.ids)])
        by_serial = {(asset.company_id, asset.product_id, asset.name): asset for asset in found}
        for repair in self:
            asset = by_serial.get((repair.company_id, repair.product_id, repair.lot_id.name))
            kept = repair.aftersales_asset_id if repair.aftersales_asset_id.sudo().product_id == repair.product_id \
                and not repair.lot_id else False
            repair.aftersales_asset_id = asset.id if asset else kept

    def _local_today(self):
        """The day it is in the zone of the company's working schedule."""
        self.ensure_one()
        return self.company_id._repair_today()

    @api.constrains("aftersales_asset_id", "product_id")
    def _check_asset(self):
        for repair in self:
            product = repair.aftersales_asset_id.sudo().product_id  # the workshop need not see assets
            if product and repair.product_id and product != repair.product_id:
                raise UserError(self.env._(
                    "Repair order %(repair)s: its asset is a %(known)s, not a %(product)s.", repair=repair.name,
                    known=product.display_name, product=repair.product_id.display_name))

    @api.constrains("failure_on", "aftersales_asset_id")
    def _check_failure_on(self):
        for repair in self.filtered("failure_on"):
            today, delivered = repair._local_today(), repair.aftersales_asset_id.sudo().delivered_on
            if repair.failure_on > today:
                raise UserError(self.env._(
                    "Repair order %(repair)s: the failure day %(day)s lies in the future.", repair=repair.name,
                    day=repair.failure_on))
            if delivered and repair.failure_on < delivered:
                raise UserError(self.env._(
                    "Repair order %(repair)s: it failed on %(day)s, before it was delivered on %(delivered)s.",
                    repair=repair.name, day=repair.failure_on, delivered=delivered))

    # --- the course of the order --------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        repairs = super().create([self._checked_links(vals) for vals in vals_list])
        repairs._follow_confirmation()  # an order line makes repair orders that are confirmed from the start
        return repairs

    def write(self, vals):
        return super().write(self._checked_links(vals, new=False))

    @api.model
    def _checked_links(self, vals, new=True):
        """``vals`` that whoever writes may write: results come from methods, and only who may change a request makes
        an order its work. Values of a new record are spelled out, so that no default of the context says otherwise."""
        if self.env.su:
            return vals
        for name in ("aftersales_claim_id", "asset_period_id"):
            if vals.get(name):
                raise UserError(self.env._(
                    "%s of a repair order changes only through its buttons.",
                    self._fields[name]._description_string(self.env)))
        request = vals.get("aftersales_request_id")
        if new:
            request = request or self.env.context.get("default_aftersales_request_id")
            vals = {**vals, "aftersales_claim_id": False, "asset_period_id": False, "aftersales_request_id": request}
        if request:
            self.env["aftersales.request"].browse(request).check_access("write")
        return vals

    def _action_repair_confirm(self):
        drafts = self.filtered(lambda repair: repair.state == "draft")
        result = super()._action_repair_confirm()
        drafts._follow_confirmation()
        return result

    def action_repair_start(self):
        result = super().action_repair_start()
        for repair in self.filtered("aftersales_asset_id"):
            repair._tell_request("in_progress")
            repair._begin_period()
        return result

    def action_repair_done(self):
        result = super().action_repair_done()
        for repair in self.filtered("aftersales_asset_id"):
            repair._tell_request("resolved")
            repair._end_period()
        return result

    def action_repair_cancel(self):
        result = super().action_repair_cancel()
        for repair in self.filtered("aftersales_asset_id"):
            if not repair._claim_running():
                repair._tell_request("cancelled")
            repair._end_period()
        return result

    def action_repair_cancel_draft(self):
        result = super().action_repair_cancel_draft()
        gone = self.filtered(lambda repair: repair.sudo().aftersales_request_id.kind == "cancelled")
        gone.sudo().aftersales_request_id = False  # confirmed again, it is another request
        return result

    def _follow_confirmation(self):
        """Open the service requests of confirmed orders."""
        for repair in self.filtered(lambda one: one.state in ("confirmed", "under_repair") and one.aftersales_asset_id):
            if repair.company_id.sudo().repair_requests and not repair.aftersales_request_id:
                repair._open_request()

    def _open_request(self):
        self.ensure_one()
        asset = self.aftersales_asset_id.sudo()
        partner = self.partner_id or asset.partner_id
        request = self.env["aftersales.request"].sudo().with_company(self.company_id).create({
            "title": self.env._("Repair %(repair)s: %(machine)s", repair=self.name, machine=asset.display_name),
            "description": self.internal_notes or False, "partner_id": partner.id, "asset_id": asset.id,
            "product_id": asset.product_id.id, "company_id": self.company_id.id, "user_id": self.user_id.id,
            "type_id": self.env.ref("aftersales_contracts.type_incident").id, "channel": "on_site",
            "country_id": (partner.country_id or partner.commercial_partner_id.country_id).id})
        self.sudo().aftersales_request_id = request

    def _tell_request(self, code):
        """Record on the request that the order came to this status; one that has ended is left alone."""
        self.ensure_one()
        request = self.sudo().aftersales_request_id
        if request and request.kind not in ("cancelled", "done") and request.status_id.code != code:
            request.record_event(code, note=self.name)

    # --- days in repair -----------------------------------------------------------------------------------------------

    def _begin_period(self):
        """The machine is away from today on; warranties that repairs extend are longer by these days."""
        if not self.sudo().asset_period_id:
            self.sudo().asset_period_id = self.aftersales_asset_id.sudo()._repaired(
                self._local_today(), request=self.sudo().aftersales_request_id, reference=self.name)

    def _end_period(self):
        period = self.sudo().asset_period_id
        if period and not period.end_on and not period.void_reason:
            period.action_back(self._local_today())

    # --- buttons ------------------------------------------------------------------------------------------------------

    def _find_asset(self):
        """Find the asset by its serial; UserError says why there is none."""
        self.ensure_one()
        if not self.aftersales_asset_id:
            if not self.lot_id:
                raise UserError(self.env._("Repair order %s: name the asset or its serial number.", self.name))
            self.aftersales_asset_id = self.env["aftersales.asset"].sudo()._find_serial(
                self.lot_id.name, self.company_id, self.product_id)
            self._follow_confirmation()
        return self.aftersales_asset_id

    def _opening(self, record, title):
        return {"type": "ir.actions.act_window", "res_model": record._name, "res_id": record.id, "name": title,
                "view_mode": "form", "views": [[False, "form"]]}

    def action_view_asset(self):
        return self._opening(self.aftersales_asset_id, self.env._("Asset"))

    def action_view_request(self):
        return self._opening(self.aftersales_request_id, self.env._("Service Request"))
