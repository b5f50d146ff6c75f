"""Extensions to be offered become draft quotations, one an owner, with the assets named on their lines."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class ExpiryNotice(models.Model):
    _inherit = "aftersales.expiry.notice"

    order_id = fields.Many2one(
        "sale.order", string="Quotation", readonly=True, index="btree_not_null", ondelete="set null",
        groups="sales_team.group_sale_salesman")

    def action_quote(self):
        """Draft quotations for these offers, one an owner; opens them."""
        self._check_offered()
        quoted = self.sudo().filtered(  # whether one is there, whoever made it
            lambda notice: notice.offer_state == "quoted" and notice.order_id.state in ("draft", "sent"))
        if quoted:
            raise UserError(self.env._(
                "%(notice)s: quotation %(order)s offers it already.", notice=quoted[0].display_name,
                order=quoted[0].order_id.name))
        orders = self._quote()
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_quotations_with_onboarding")
        return {**action, "domain": [("id", "in", orders.ids)], "context": {}}

    def _quote(self):
        """One order an owner and company, one line an extension, one unit an asset."""
        orders = self.env["sale.order"]
        for (partner, company), notices in self.grouped(lambda one: (one.partner_id, one.company_id)).items():
            lines = [Command.create({
                "product_id": product.id, "product_uom_qty": len(same.asset_id),
                "aftersales_asset_ids": [Command.set(same.asset_id.ids)]})
                for product, same in notices.grouped("offer_product_id").items()]
            order = orders.with_company(company).create({
                "partner_id": partner.id, "company_id": company.id, "order_line": lines,
                "user_id": notices.user_id[:1].id or self.env.uid, "origin": self.env._("Warranty notices")})
            notices.sudo()._write_guarded({"offer_state": "quoted", "order_id": order.id})
            orders |= order.with_env(self.env)
        return orders

    def _replace_offers(self):
        """The quotation of an earlier step offers the later one too."""
        super()._replace_offers()
        for notice in self.filtered(lambda one: one.offer_state == "quoted"):
            before = notice.cover_id.expiry_notice_ids.filtered("order_id").sorted("id")[-1:]
            notice._write_guarded({"order_id": before.order_id.id})

    def _remind_offers(self):
        """Where the company wants it, the quotation is there with the to-do."""
        super()._remind_offers()
        self.filtered(
            lambda one: one.offer_state == "open" and one.company_id.aftersales_expiry_quotation)._quote()


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _action_cancel(self):
        """A quotation that is cancelled offers nothing: the offer is open again."""
        result = super()._action_cancel()
        self._reopen_offers()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_reopens_offers(self):
        self._reopen_offers()

    def _reopen_offers(self):
        notices = self.env["aftersales.expiry.notice"].sudo().search(  # a consequence of the cancellation
            [("order_id", "in", self.ids), ("offer_state", "=", "quoted")])
        notices._write_guarded({"offer_state": "open"})
