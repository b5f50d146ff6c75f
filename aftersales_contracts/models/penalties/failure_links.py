"""Which failure something belongs to: a service request, or the first breach of one that belongs to none."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class Breach(models.Model):
    _inherit = "aftersales.breach"

    same_failure_id = fields.Many2one(
        "aftersales.breach", string="Same Failure as", ondelete="restrict", index="btree_not_null",
        domain="[('id', '!=', id), ('company_id', '=', company_id), ('same_failure_id', '=', False)]",
        help="The breach towards the customer that this one of a provider led to: both count as one failure.")
    failure_gap = fields.Monetary(
        compute="_compute_failure_gap", currency_field="company_currency_id", string="Gap",
        help="Credited to the customer and not got back.")
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")

    @api.constrains("same_failure_id", "company_id")
    def _check_same_failure(self):
        for breach in self.filtered("same_failure_id"):
            first = breach.same_failure_id
            if first == breach or first.same_failure_id or first.company_id != breach.company_id \
                    or self.search_count([("same_failure_id", "=", breach.id)], limit=1):
                raise ValidationError(self.env._(
                    "Breach %(breach)s cannot be the same failure as %(other)s: name the first breach of the failure, "
                    "of the same company.", breach=breach.display_name, other=first.display_name))

    def write(self, vals):
        result = super().write(vals)
        if {"same_failure_id", "clock_id"} & set(vals):
            self.env["aftersales.penalty.event"]._key_failures(Domain("breach_id", "in", self.ids))
        return result

    def _failure(self):
        """(request, breach) that the failure is known by: the request of its clock, else the first breach of it."""
        self.ensure_one()
        first = self.same_failure_id or self
        request = self.clock_id.request_id or first.clock_id.request_id
        return request, first.browse() if request else first

    def _compute_failure_gap(self):
        for breach in self:
            breach.failure_gap = breach.sudo()._failures().gap  # the sum; who may see it sees the breach

    def _failures(self):
        """The failure that this breach belongs to; empty where nothing was credited or claimed."""
        self.ensure_one()
        request, first = self._failure()
        return self.env["aftersales.failure"].search(
            [("request_id", "=", request.id)] if request else [("breach_id", "=", first.id)], limit=1)

    def action_view_failure(self):
        """What this failure cost, and what came back."""
        self.ensure_one()
        self.check_access("read")
        return self.env["aftersales.failure"]._action(self._failures())


class Request(models.Model):
    _inherit = "aftersales.request"

    failure_gap = fields.Monetary(
        compute="_compute_failure_gap", currency_field="failure_currency_id", string="Gap",
        help="Credited to the customer and not got back.")
    failure_currency_id = fields.Many2one(related="company_id.currency_id", string="Currency of the Gap")

    def _compute_failure_gap(self):
        found = {row.request_id.id: row.gap for row in self.env["aftersales.failure"].sudo().search(
            [("request_id", "in", self.ids)])}  # who may see the request may see what it cost
        for request in self:
            request.failure_gap = found.get(request.id, 0.0)

    def action_view_failure(self):
        """What this failure cost, and what came back."""
        self.ensure_one()
        self.check_access("read")
        Failure = self.env["aftersales.failure"]
        return Failure._action(Failure.search([("request_id", "=", self.id)]))


class Recovery(models.Model):
    _inherit = "aftersales.recovery"

    failed_request_id = fields.Many2one(
        "aftersales.request", compute="_compute_failure", store=True, index="btree_not_null")
    failed_breach_id = fields.Many2one(
        "aftersales.breach", compute="_compute_failure", store=True, index="btree_not_null",
        string="Failure of Breach")

    @api.depends("request_id", "breach_id.clock_id", "breach_id.same_failure_id.clock_id")
    def _compute_failure(self):
        for recovery in self:
            request, breach = recovery.breach_id._failure() if recovery.breach_id else (None, None)
            recovery.failed_request_id = recovery.request_id or request
            recovery.failed_breach_id = False if recovery.failed_request_id else breach
