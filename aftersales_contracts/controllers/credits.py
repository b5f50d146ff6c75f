"""Credit statements and penalty notices in the portal: a customer's of its contracts, a provider's or dealer's own."""

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from .portal import SHOWN, CustomerPortal

MODEL = "aftersales.penalty.document"


class CreditPortal(CustomerPortal):
    def _own_credits(self):
        return self._own("partner_id")

    @http.route()
    def home(self, **kw):
        response = super().home(**kw)
        response.qcontext["aftersales_counts"]["credits"] = self._count(MODEL, self._own_credits())
        return response

    @http.route(["/my/credits", "/my/credits/page/<int:page>"], type="http", auth="user", website=True, readonly=True)
    def portal_my_credits(self, page=1, sortby=None, **kw):
        values = self._list(
            MODEL, self._own_credits(), "/my/credits", page, {
                "issued": {"label": request.env._("Newest"), "order": "issued_on desc, id desc"},
                "period": {"label": request.env._("Newest Period"), "order": "period_start desc, id desc"},
                "name": {"label": request.env._("Number"), "order": "name desc"},
            }, sortby=sortby)
        request.session["my_service_credits_history"] = values["records"].ids[:100]
        return request.render("aftersales_contracts.portal_my_credits", {**values, "page_name": "service_credit"})

    @http.route("/my/credits/<int:document_id>", type="http", auth="public", website=True)
    def portal_credit(self, document_id, access_token=None, report_type=None, download=False, **kw):
        try:
            document_sudo = self._document_check_access(MODEL, document_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if report_type == "pdf":
            return self._stored_pdf(document_sudo, download)
        values = {
            "credit": document_sudo,
            "drawn": document_sudo._in_portal(),
            "contract": self._readable(document_sudo.contract_id),
            "page_name": "service_credit",
        }
        return request.render("aftersales_contracts.portal_credit", self._get_page_view_values(
            document_sudo, access_token, values, "my_service_credits_history", False, **kw))

    def _get_page_view_values(self, document, access_token, values, session_history, no_breadcrumbs, **kwargs):
        """On the page of a contract also its credits, those that the user may read by his own rights."""
        if document._name == "aftersales.contract":
            values = {**values, "credits": self._readable(document.penalty_document_ids)[:SHOWN], "pager": False}
        return super()._get_page_view_values(
            document, access_token, values, session_history, no_breadcrumbs, **kwargs)
