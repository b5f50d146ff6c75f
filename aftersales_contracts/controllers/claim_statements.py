"""Claim statements in the portal of the dealer: what it claimed, what was decided and reimbursed, as sealed PDFs."""

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from .portal import CustomerPortal

MODEL = "aftersales.claim.statement"


class ClaimStatementPortal(CustomerPortal):
    def _own_claim_statements(self):
        return self._own("partner_id")

    @http.route()
    def home(self, **kw):
        response = super().home(**kw)
        response.qcontext["aftersales_counts"]["claim_statements"] = self._count(MODEL, self._own_claim_statements())
        return response

    @http.route(["/my/claim-statements", "/my/claim-statements/page/<int:page>"], type="http", auth="user",
                website=True, readonly=True)
    def portal_my_claim_statements(self, page=1, sortby=None, **kw):
        values = self._list(
            MODEL, self._own_claim_statements(), "/my/claim-statements", page, {
                "period": {"label": request.env._("Newest Period"), "order": "period_start desc, id desc"},
                "name": {"label": request.env._("Number"), "order": "name desc"},
            }, sortby=sortby)
        return request.render(
            "aftersales_contracts.portal_my_claim_statements", {**values, "page_name": "claim_statement"})

    @http.route("/my/claim-statements/<int:statement_id>", type="http", auth="public", website=True)
    def portal_claim_statement(self, statement_id, access_token=None, download=False, **kw):
        """The stored PDF, for who may read it or has its token."""
        try:
            statement_sudo = self._document_check_access(MODEL, statement_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        return self._stored_pdf(statement_sudo, download)
