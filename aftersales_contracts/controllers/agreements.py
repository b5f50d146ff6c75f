"""Agreements in the portal: those that the user's company has signed, with the signed paper."""

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from .portal import CustomerPortal


class AgreementPortal(CustomerPortal):
    @http.route("/my/ndas", type="http", auth="user", website=True, readonly=True)
    def portal_my_agreements(self, **kw):
        Nda = request.env["aftersales.nda"]
        # The rule of the portal finds signed ones of the own company; an inner user sees them in the office.
        agreements = Nda.search([("state", "!=", "draft")]) if request.env.user.share else Nda
        return request.render("aftersales_contracts.portal_my_agreements", {
            **self._prepare_portal_layout_values(), "agreements": agreements.sudo(), "page_name": "nda"})

    @http.route("/my/ndas/<int:nda_id>", type="http", auth="public", website=True)
    def portal_agreement(self, nda_id, access_token=None, **kw):
        nda = self._signed_agreement(nda_id, access_token)
        if not nda:
            return request.redirect("/my")
        return request.render("aftersales_contracts.portal_agreement", self._get_page_view_values(
            nda, access_token, {"nda": nda, "page_name": "nda"}, "my_agreements_history", False, **kw))

    @http.route("/my/ndas/<int:nda_id>/document", type="http", auth="public", website=True)
    def portal_agreement_document(self, nda_id, access_token=None, **kw):
        """The signed paper as it was stored when it was signed."""
        nda = self._signed_agreement(nda_id, access_token)
        if not nda or not nda.signed_document_id:
            return request.redirect("/my")
        return request.make_response(nda.signed_document_id.raw, headers=[
            ("Content-Type", "application/octet-stream"),
            ("Content-Disposition", http.content_disposition(nda.signed_document_id.name)),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ])

    def _signed_agreement(self, nda_id, access_token):
        """The agreement, with raised rights, if the user or the token may read it and it is signed; else None."""
        try:
            nda = self._document_check_access("aftersales.nda", nda_id, access_token)
        except (AccessError, MissingError):
            return None
        return nda if nda.state != "draft" else None
