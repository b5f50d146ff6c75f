"""What a customer's segment decides: the plan proposed for a contract, the priority of a request."""

from odoo import api, fields, models

from .service_plan import SEGMENTS


class Contract(models.Model):
    _inherit = "aftersales.contract"

    segment = fields.Selection(SEGMENTS, string="Customer Segment", compute="_compute_segment")

    @api.depends("partner_id", "company_id")
    def _compute_segment(self):
        for contract in self:
            customer = contract.partner_id.commercial_partner_id.with_company(contract.company_id)
            contract.segment = customer.aftersales_segment if contract.kind == "customer" else False

    @api.onchange("partner_id")
    def _onchange_partner_plan(self):
        """The plan of the customer's segment is proposed."""
        if self.segment and not self.plan_id and self.state == "draft":
            self.plan_id = self.env["aftersales.segment"].search(
                [("segment", "=", self.segment), ("company_id", "=", self.company_id.id)], limit=1).plan_id


class Request(models.Model):
    _inherit = "aftersales.request"

    @api.model_create_multi
    def create(self, vals_list):
        """A request without a priority gets that of its customer's segment."""
        open_priority = [vals for vals in vals_list if "priority" not in vals and vals.get("partner_id")]
        if open_priority:
            vals_list = self._with_segment_priority(vals_list)
        return super().create(vals_list)

    def _with_segment_priority(self, vals_list):
        rows = self.env["aftersales.segment"].sudo().search([("priority", "!=", False)])  # configuration, for all
        if not rows:
            return vals_list
        by_segment = {(row.company_id.id, row.segment): row.priority for row in rows}
        found = []
        for vals in vals_list:
            company = vals.get("company_id") or self.env.company.id
            partner = self.env["res.partner"].browse(vals.get("partner_id")).sudo().commercial_partner_id
            key = company, partner.with_company(company).aftersales_segment
            given = "priority" in vals or key not in by_segment
            found.append(vals if given else {**vals, "priority": by_segment[key]})
        return found
