"""Signing in the portal: a page for each signer, opened by the personal link or by the person logged in.

A round has no access rights for the portal. ``SigningSigner._find`` is the only way in: it answers for the token of one
signer, or for that person's own user, and is silent about all else.
"""

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from .portal import CustomerPortal as Portal

SAFE = [
    ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin"), ("Cache-Control", "private, no-store")]


class SigningPortal(Portal):
    def _signer(self, signing_id, access_token):
        """The signer that this request may act for, with raised rights; empty: a link that opens nothing."""
        Signer = request.env["aftersales.signing.signer"].sudo()  # customers have no rights; `_find` decides
        return Signer._find(signing_id, access_token, request.env.user)

    def _origin(self):
        """Where the answer comes from: IP address and browser."""
        return {
            "ip_address": request.httprequest.remote_addr or "",
            "user_agent": request.httprequest.headers.get("User-Agent", "")}

    @http.route()
    def home(self, **kw):
        response = super().home(**kw)
        response.qcontext["aftersales_counts"]["signings"] = len(self._own_signers("waiting"))
        return response

    def _own_signers(self, state=None):
        """The rows of the logged-in person, newest first; ``state``: those that wait, in rounds still open."""
        Signer = request.env["aftersales.signing.signer"].sudo()  # narrowed to the person itself
        domain = [("partner_id", "=", request.env.user.partner_id.id)]
        if state:
            domain += [("state", "=", state), ("signing_id.state", "=", "pending")]
        return Signer.search(domain, order="id desc", limit=self._items_per_page)

    @http.route("/my/signing", type="http", auth="user", website=True, readonly=True)
    def portal_my_signing(self, **kw):
        return request.render("aftersales_contracts.portal_my_signing", {
            **self._prepare_portal_layout_values(), "signers": self._own_signers(), "page_name": "signing"})

    # --- the page ----------------------------------------------------------------------------------------------------

    @http.route("/my/signing/<int:signing_id>", type="http", auth="public", website=True)
    def portal_signing(self, signing_id, access_token=None, message=None, **kw):
        signer_sudo = self._signer(signing_id, access_token)
        if not signer_sudo:
            return self._nothing()
        signing_sudo = signer_sudo.signing_id
        signing_sudo._keep_up()
        return request.render("aftersales_contracts.portal_signing", {
            **self._prepare_portal_layout_values(), "signer": signer_sudo, "signing": signing_sudo,
            "situation": signer_sudo._situation(), "page_name": "signing", "message": message == "empty",
            "pdf_url": signer_sudo._url("/document"), "sign_url": signer_sudo._url("/sign"),
            "own_lang": signer_sudo._lang()}, headers=SAFE)

    def _nothing(self):
        """A link that opens nothing: the same answer whatever is behind it."""
        return request.render("aftersales_contracts.portal_signing_nothing", {
            **self._prepare_portal_layout_values(), "page_name": "signing"}, status=404)

    @http.route("/my/signing/<int:signing_id>/document", type="http", auth="public", website=True, readonly=True)
    def portal_signing_document(self, signing_id, access_token=None, download=None, signed=None, **kw):
        """The stored PDF: the one that was sent, or with ``signed`` the one with the certificate."""
        signer_sudo = self._signer(signing_id, access_token)
        if not signer_sudo:
            return self._nothing()
        signing_sudo = signer_sudo.signing_id
        attachment = signing_sudo.signed_attachment_id if signed else signing_sudo.attachment_id
        if not attachment:
            return self._nothing()
        disposition = content_disposition(attachment.name, disposition_type="attachment" if download else "inline")
        return request.make_response(attachment.raw, headers=[
            ("Content-Type", attachment.mimetype), ("Content-Disposition", disposition), *SAFE])

    # --- answers -----------------------------------------------------------------------------------------------------

    @http.route("/my/signing/<int:signing_id>/sign", type="jsonrpc", auth="public", website=True)
    def portal_signing_sign(self, signing_id, access_token=None, name=None, signature=None, **kw):
        signer_sudo = self._signer(signing_id, access_token or request.httprequest.args.get("access_token"))
        if not signer_sudo:
            return {"error": request.env._("This link does not open a document to sign.")}
        page = signer_sudo._url()
        try:
            signer_sudo._sign(name, signature, **self._origin())
        except UserError as error:
            request.env.cr.rollback()  # nothing half done; a refused duty is logged
            return {"error": str(error)}
        # Signed, or somebody was faster: the page says which.
        return {"force_refresh": True, "redirect_url": page}

    @http.route("/my/signing/<int:signing_id>/refuse", type="http", auth="public", website=True, methods=["POST"])
    def portal_signing_refuse(self, signing_id, access_token=None, reason=None, **kw):
        signer_sudo = self._signer(signing_id, access_token)
        if not signer_sudo:
            return self._nothing()
        page = signer_sudo._url()
        try:
            signer_sudo._refuse(reason, **self._origin())
        except UserError:
            request.env.cr.rollback()  # as above
            page += "&message=empty"
        return request.redirect(page)

    # --- the contract's page -----------------------------------------------------------------------------------------

    @http.route()
    def portal_contract(self, contract_id, access_token=None, **kw):
        response = super().portal_contract(contract_id, access_token=access_token, **kw)
        if getattr(response, "qcontext", None) and response.qcontext.get("contract"):
            contract_sudo = response.qcontext["contract"]
            pending = contract_sudo._pending_round()
            response.qcontext["may_download"] = self._may_download(contract_sudo)
            response.qcontext["my_signer"] = pending.signer_ids.filtered(
                lambda signer: signer.partner_id == request.env.user.partner_id and signer.state == "waiting")
        return response

    def _may_download(self, contract_sudo):
        """Whether the user is of the contract's other side: a dealer or the holder of a link reads no prices."""
        user = request.env.user
        if user._is_public() or not contract_sudo._shows_document():
            return False
        if user._is_internal():
            return contract_sudo.with_user(user).has_access("read")
        return user.partner_id.commercial_partner_id == contract_sudo.partner_id.commercial_partner_id

    @http.route("/my/contracts/<int:contract_id>/document", type="http", auth="user", website=True, readonly=True)
    def portal_contract_document(self, contract_id, **kw):
        """The signed document, or the approved text while it is not signed."""
        contract = request.env["aftersales.contract"].browse(contract_id).exists()
        if not contract or not contract.has_access("read") or not self._may_download(contract.sudo()):
            return request.redirect("/my")
        contract_sudo = contract.sudo()  # the right to read it was checked
        signed = contract_sudo.signed_document_id
        content = signed.raw if signed else contract_sudo._document_pdf()
        mimetype = signed.mimetype if signed else "application/pdf"
        name = signed.name if signed else f"{contract_sudo._document_filename()}.pdf"
        return request.make_response(content, headers=[
            ("Content-Type", mimetype), ("Content-Disposition", content_disposition(name)), *SAFE])
