"""Documents of a contract in the portal. Every download asks the gate and is written down, allowed or not.

Portal users have no right on documents, agreements or the access log; here is the one place that reads them for them,
by three filters: a contract they may read themselves, a document shared with their own company, and the gate.
"""

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from .portal import CustomerPortal


class DocumentPortal(CustomerPortal):
    def _readable_contract(self, contract_id):
        """The contract, with raised rights, if the user may read it without a token; else None."""
        try:
            return self._document_check_access("aftersales.contract", contract_id)
        except (AccessError, MissingError):
            return None

    def _shared_documents(self, contract):
        company = request.env.user.partner_id.commercial_partner_id
        # A document without an own company is shared with nobody outside; archived ones are not shown.
        return request.env["aftersales.document"].sudo().search([
            ("contract_id", "=", contract.id), ("shared_with_ids", "in", company.ids)])

    def _offers(self, documents):
        """[{document, purposes: [(purpose, engine Decision)]}] for the user's company and person."""
        person = request.env.user.partner_id
        Nda, Purpose = request.env["aftersales.nda"].sudo(), request.env["aftersales.nda.purpose"].sudo()
        everything = Purpose.search([])
        by_purpose = {
            purpose: Nda._may_see_each(person, documents, purpose, None, person)
            for purpose in everything if documents}
        return [{
            "document": document,
            "purposes": [(purpose, by_purpose[purpose][document]) for purpose in document.purpose_ids or everything],
        } for document in documents]

    @http.route("/my/contracts/<int:contract_id>/documents", type="http", auth="user", website=True, readonly=True)
    def portal_shared_documents(self, contract_id, **kw):
        contract = self._readable_contract(contract_id)
        if not contract:
            return request.redirect("/my")
        return request.render("aftersales_contracts.portal_contract_documents", {
            **self._prepare_portal_layout_values(), "contract": contract, "page_name": "service_contract",
            "offers": self._offers(self._shared_documents(contract))})

    @http.route("/my/contracts/<int:contract_id>/documents/<int:document_id>", type="http", auth="user", website=True,
                methods=["POST"])
    def portal_shared_document(self, contract_id, document_id, purpose_id="", **kw):
        """The file, or the reasons why not. By POST only: a link that some program follows asks for nothing."""
        contract = self._readable_contract(contract_id)
        document = contract and self._shared_documents(contract).filtered(lambda one: one.id == document_id)
        if not document:
            return request.redirect("/my")
        purpose = request.env["aftersales.nda.purpose"].sudo().search([("id", "=", _number(purpose_id))])
        person = request.env.user.partner_id
        decision, _line = request.env["aftersales.nda.access"].sudo()._ask(
            document, person, purpose, person, request.env.user, request.httprequest.remote_addr)
        if not decision.allowed:
            return request.render("aftersales_contracts.portal_document_refused", {
                **self._prepare_portal_layout_values(), "contract": contract, "page_name": "service_contract",
                "reasons": decision.reasons}, status=403)
        return request.make_response(document._raw(), headers=[
            ("Content-Type", "application/octet-stream"),
            ("Content-Disposition", http.content_disposition(document.file_name)),
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Security-Policy", "sandbox; default-src 'none'"),
            ("Cache-Control", "no-store"),
        ])


def _number(text):
    """``text`` as an id; 0, which nothing has, for whatever is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
