"""Renewal quotations: what somebody must renew is offered in time, and renewed when the order is confirmed."""

from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.addons.aftersales_contracts.models.common.nightly import NightlyStep
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import LazyTranslate, format_date

_lt = LazyTranslate(__name__)
QUOTE = NightlyStep(127, "renewal_quotes", _lt("Quote renewals"), "aftersales.contract",
                    "_nightly_renewal_quotes_domain", "_nightly_renewal_quotes")


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [*super()._steps(), QUOTE]


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_renewal_quote_days = fields.Integer(
        string="Renewal Quotations", default=60,
        help="Days before the end on which a renewal quotation is drafted for contracts sold by orders. 0: none.")
    aftersales_expiry_quotation = fields.Boolean(
        string="Quote Extended Warranties", help="A draft quotation is made in the night for extensions to be offered.")


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_renewal_quote_days = fields.Integer(
        related="company_id.aftersales_renewal_quote_days", readonly=False)
    aftersales_expiry_quotation = fields.Boolean(related="company_id.aftersales_expiry_quotation", readonly=False)


class Contract(models.Model):
    _inherit = "aftersales.contract"

    sale_renewal_ids = fields.One2many(
        "sale.order.line", "aftersales_renews_id", string="Renewal Quotations",
        groups="sales_team.group_sale_salesman")

    def _renewal_product(self):
        """The product that sells this contract for another term: the one that sold it, else one of its plan or
        template; none where no product does."""
        self.ensure_one()
        contract = self.sudo()  # which product sells it is the same for everybody
        sold = contract.sale_start_ids.sorted("id", reverse=True)[:1].product_id
        if sold:
            return sold.sudo(False)
        by_terms = Domain("aftersales_template_id", "=", contract.template_id.id) if contract.template_id else (
            Domain("aftersales_plan_id", "=", contract.plan_id.id))
        if not contract.template_id and not contract.plan_id:
            return self.env["product.product"]
        return self.env["product.product"].sudo().search(
            by_terms & Domain("sale_ok", "=", True) & Domain("company_id", "in", (contract.company_id.id, False)),
            order="company_id, id", limit=1).sudo(False)

    def _renewal_quote_gap(self):
        """Why no renewal is quoted, in words, or None."""
        self.ensure_one()
        _ = self.env._
        if self.kind != "customer":
            return _("it is not with a customer")
        if self.state not in ("active", "suspended", "expired") or not self.date_end:
            return _("only a contract in force with a last day is renewed by an order")
        if self.do_not_renew:
            return _("it is marked as not to be renewed (%s)", self.do_not_renew_reason)
        if self.renewal_kind not in ("manual", "none"):
            return _("it goes on by itself: %s", self.renewal_words)
        if self._open_renewal_lines():
            return _("order %s renews it already", self._open_renewal_lines()[0].order_id.name)
        if not self._renewal_product():
            return _("no product sells it: choose its plan or template on a product")
        return None

    def _open_renewal_lines(self):
        """Lines of orders that are to renew the present term and were neither cancelled nor carried out."""
        return self.sudo().sale_renewal_ids.filtered(  # whoever asks: one quotation is enough
            lambda line: line.state != "cancel" and not line.aftersales_start_ids.filtered(
                lambda one: one.state == "started"))

    def action_quote_renewal(self):
        """Draft a renewal quotation for each of these contracts; opens them."""
        self.check_access("read")
        self.env["sale.order"].check_access("create")
        for contract in self:
            gap = contract._renewal_quote_gap()
            if gap:
                raise UserError(self.env._(
                    "Contract %(contract)s: no renewal is quoted, for %(why)s.", contract=contract.name, why=gap))
        orders = self._quote_renewals()
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_quotations_with_onboarding")
        return {**action, "domain": [("id", "in", orders.ids)], "context": {}}

    def _quote_renewals(self):
        """A draft order a contract, with its assets in force."""
        self.lock_for_update(allow_referencing=True)  # two who quote at once: the second sees the first
        today = fields.Date.context_today(self)
        return self.env["sale.order"].create([{
            "partner_id": contract.partner_id.id, "company_id": contract.company_id.id,
            "origin": contract.name, "user_id": contract.user_id.id or self.env.uid,
            "order_line": [Command.create({
                "product_id": contract._renewal_product().id, "product_uom_qty": 1, "aftersales_renews_id": contract.id,
                "name": self.env._(
                    "%(title)s: renewal of %(contract)s from %(day)s on", title=contract.title, contract=contract.name,
                    day=format_date(self.env, max(contract.date_end + timedelta(days=1), today), contract.lang)),
            })]} for contract in self])

    # --- by itself ---------------------------------------------------------------------------------------------------

    @api.model
    def _nightly_renewal_quotes_domain(self, today):
        today, found = today or fields.Date.today(), [Domain.FALSE]
        for company in self.env["res.company"].sudo().search([("aftersales_renewal_quote_days", ">", 0)]):
            last = today + timedelta(days=company.aftersales_renewal_quote_days)
            found.append(Domain("company_id", "=", company.id) & Domain("date_end", "<=", last))
        return (
            self._real() & Domain.OR(found) & Domain("state", "=", "active") & Domain("date_end", ">=", today)
            & Domain("renewal_kind", "in", ("manual", "none")) & Domain("do_not_renew", "=", False)
            & Domain("sale_start_ids", "!=", False)
            & Domain("sale_renewal_ids", "not any", [
                ("state", "!=", "cancel"), ("aftersales_start_ids", "not any", [("state", "=", "started")])])
            & Domain("sale_start_ids", "not any", [("order_line_id.aftersales_renews_id", "!=", False),
                                                   ("state", "=", "waiting")]))

    def _nightly_renewal_quotes(self, _today):
        due = self.filtered(lambda contract: not contract._renewal_quote_gap())
        orders = due._quote_renewals() if due else ()
        return [(contract, self.env._("renewal quoted by %s", order.name))
                for contract, order in zip(due, orders, strict=True)]


class SaleStart(models.Model):
    _inherit = "aftersales.sale.start"

    def _renew_contract(self, day):
        """Renew the contract of this unit for one more term; one that ends for good is followed by a new contract."""
        self.ensure_one()
        contract = self.order_line_id.aftersales_renews_id
        if contract.partner_id.commercial_partner_id not in self.order_id._aftersales_customers():
            raise UserError(self.env._(
                "Order %(order)s: contract %(contract)s is not of the customer of the order.",
                order=self.order_id.name, contract=contract.name))
        contract._lock_for_renewal()
        if contract.renewal_kind == "manual" and contract.state in ("active", "suspended"):
            contract._check_move("renew")
            renewal = contract._renewal_by_hand()
            contract._renew({contract: renewal})
            contract._message_log(body=self.env._("Renewed by order %s", self.order_id.name))
            return contract
        if contract.renewal_kind not in ("manual", "none"):
            raise UserError(self.env._(
                "Order %(order)s: contract %(contract)s is not renewed by an order. %(words)s",
                order=self.order_id.name, contract=contract.name, words=contract.renewal_words))
        assets = contract.cover_ids.filtered(lambda one: one._last_day() == contract.date_end).asset_id
        follows = self._make_contract(max(day, contract.date_end + timedelta(days=1)))
        self.env["aftersales.cover"].create([
            {"contract_id": follows.id, "asset_id": asset.id} for asset in assets - follows.cover_ids.asset_id])
        contract._message_log(body=self.env._(
            "Followed by %(contract)s, sold by order %(order)s", contract=follows.name, order=self.order_id.name))
        return follows
