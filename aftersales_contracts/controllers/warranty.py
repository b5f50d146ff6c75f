"""Machines and their warranty in the portal: check a serial, own machines with their covers, register another one.

A serial is searched among the machines that the user may read. Of any other machine, whether there is one or not, the
answer is the same: so nobody learns here what is registered to somebody else.
"""

from datetime import date

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from .portal import CustomerPortal
from .uploads import PAPERS, read_uploads

ASSET = "aftersales.asset"
CERTIFICATE = "aftersales.warranty.certificate"
SHOWN = 20


class WarrantyPortal(CustomerPortal):
    def _own_machines(self):
        """The machines that the user may read by the portal's rules: its own, and those that it serves or sold."""
        return [("active", "=", True)]

    @http.route()
    def home(self, **kw):
        response = super().home(**kw)
        response.qcontext["aftersales_counts"]["assets"] = self._count(ASSET, self._own_machines())
        return response

    # --- check a serial ----------------------------------------------------------------------------------------------

    @http.route("/my/warranty", type="http", auth="user", website=True, methods=["GET"], readonly=True)
    def portal_warranty(self, serial="", day="", **kw):
        serial, errors, found = serial.strip()[:100], {}, []
        on = self._day(day, errors)
        if serial and not errors:
            machines = self._machines_with(serial)
            found = [{"asset": asset.sudo(), "coverage": asset.sudo()._portal_coverage(on)} for asset in machines]
        return request.render("aftersales_contracts.portal_warranty", {
            **self._prepare_portal_layout_values(), "serial": serial, "day": day, "found": found, "errors": errors,
            "asked": bool(serial) and not errors, "page_name": "warranty_check"})

    def _machines_with(self, serial):
        Asset = request.env[ASSET]
        if not Asset.has_access("read"):
            return Asset
        pattern = serial.replace("\\", "\\\\").replace("_", r"\_").replace("%", r"\%")
        return Asset.search([*self._own_machines(), ("name", "=ilike", pattern)], limit=SHOWN)

    def _day(self, text, errors, name="day"):
        """A day of the form; empty: None. What is no day is told under its field."""
        try:
            return date.fromisoformat(text.strip()) if text and text.strip() else None
        except ValueError:
            errors[name] = request.env._("%s is not a day. Write it as year-month-day.", text)
            return None

    # --- machines ----------------------------------------------------------------------------------------------------

    @http.route(["/my/assets", "/my/assets/page/<int:page>"], type="http", auth="user", website=True, readonly=True)
    def portal_my_assets(self, page=1, sortby=None, filterby=None, **kw):
        _ = request.env._
        company = request.env.user.partner_id.commercial_partner_id
        own = [("partner_id", "child_of", company.ids)]
        values = self._list(
            ASSET, self._own_machines(), "/my/assets", page, {
                "name": {"label": _("Serial Number"), "order": "name, id"},
                "new": {"label": _("Newest"), "order": "id desc"},
            }, {
                "all": {"label": _("All"), "domain": []},
                "own": {"label": _("Ours"), "domain": own},
                "customers": {"label": _("Our Customers'"), "domain": ["!", *own]},
            }, sortby, filterby)
        values["untils"] = values["records"]._portal_untils()
        return request.render("aftersales_contracts.portal_my_assets", {
            **values, "waiting": self._my_registrations(), "page_name": "asset", "asset": None})

    def _my_registrations(self):
        """What the user's company registered and is not decided, or was refused."""
        company = request.env.user.partner_id.commercial_partner_id
        # Registrations have no right of the portal: these are found by who sent them.
        return request.env["aftersales.asset.registration"].sudo().search([
            ("requester_id", "child_of", company.ids), ("state", "!=", "confirmed")], limit=SHOWN)

    def _asset(self, asset_id):
        """The machine with raised rights, empty where the user may not read it."""
        try:
            return self._document_check_access(ASSET, asset_id)
        except (AccessError, MissingError):
            return request.env[ASSET]

    @http.route("/my/assets/<int:asset_id>", type="http", auth="user", website=True)
    def portal_asset(self, asset_id, error=None, **kw):
        asset_sudo = self._asset(asset_id)
        if not asset_sudo:
            return request.redirect("/my/assets")
        Claim, Service = request.env["aftersales.warranty.claim"], request.env["aftersales.request"]
        about = [("asset_id", "=", asset_sudo.id)]
        claims = Claim.search(about, limit=SHOWN) if Claim.has_access("read") else Claim
        requests = Service.search(about, limit=SHOWN) if Service.has_access("read") else Service
        return request.render("aftersales_contracts.portal_asset", {
            **self._prepare_portal_layout_values(), "asset": asset_sudo, "error": error,
            "coverage": asset_sudo._portal_coverage(), "covers": asset_sudo._portal_covers(),
            "owned": self._owns(asset_sudo), "claims": claims.sudo(), "requests": requests.sudo(),
            "owners": asset_sudo._portal_owners(request.env.user.partner_id.commercial_partner_id),
            "components": self._readable(asset_sudo.component_ids), "page_name": "asset"})

    def _owns(self, asset_sudo):
        company = request.env.user.partner_id.commercial_partner_id
        return asset_sudo.partner_id.commercial_partner_id == company

    @http.route("/my/assets/<int:asset_id>/certificate", type="http", auth="user", website=True, methods=["POST"])
    def portal_asset_certificate(self, asset_id, **kw):
        """The owner's certificate of today: the last one where nothing changed since."""
        asset_sudo = self._asset(asset_id)
        if not asset_sudo or not self._owns(asset_sudo):
            return request.redirect("/my/assets")
        try:
            certificate = asset_sudo._issue_certificate()
        except UserError as error:
            return self.portal_asset(asset_id, error=str(error))
        return self._stored_pdf(certificate, download=True)

    @http.route("/my/certificates/<int:certificate_id>", type="http", auth="public", website=True)
    def portal_certificate(self, certificate_id, access_token=None, download=False, **kw):
        """The stored file: never one that is made anew."""
        try:
            certificate_sudo = self._document_check_access(CERTIFICATE, certificate_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        return self._stored_pdf(certificate_sudo, download)

    # --- register a machine ------------------------------------------------------------------------------------------

    @http.route("/my/assets/register", type="http", auth="user", website=True, methods=["GET", "POST"])
    def portal_register_asset(self, **form):
        errors = {}
        if request.httprequest.method == "POST":
            registration = self._register(form, errors)
            if registration:
                return request.redirect("/my/assets?registered=1")
        return request.render("aftersales_contracts.portal_register_asset", {
            **self._prepare_portal_layout_values(), "form": form, "errors": errors, "is_dealer": self._is_dealer(),
            "kinds": ", ".join(PAPERS.values()), "page_name": "asset", "asset": None, "register": True})

    def _is_dealer(self):
        """Whether the user's company serves a contract or sold a machine: it registers machines of its customers."""
        company = request.env.user.partner_id.commercial_partner_id
        by_dealer = [("dealer_id", "child_of", company.ids)]
        return bool(self._count("aftersales.contract", by_dealer) or self._count(ASSET, by_dealer))

    def _register(self, form, errors):
        _ = request.env._
        user = request.env.user
        on = self._day(form.get("delivered_on", ""), errors, "delivered_on")
        serial = form.get("serial", "").strip()
        if not serial:
            errors["serial"] = _("Give the serial number of the machine.")
        if not on and "delivered_on" not in errors:
            errors["delivered_on"] = _("Give the day on which it was delivered.")
        if errors:
            return None
        partner, dealer = user.partner_id.commercial_partner_id, self._is_dealer() and form.get("for") == "customer"
        values = {
            "serial": serial[:100], "delivered_on": on, "partner_id": partner.id,
            "product_text": form.get("product", "").strip()[:200], "place": form.get("place", "").strip()[:200],
            "note": form.get("note", "").strip()[:5000], "dealer_id": partner.id if dealer else False,
            "owner_text": form.get("owner", "").strip()[:500] if dealer else ""}
        try:
            with request.env.cr.savepoint():
                files = read_uploads(request.env, request.httprequest.files.getlist("proof"), PAPERS, most=4)
                return request.env["aftersales.asset.registration"]._ask(user, values, files)
        except UserError as error:
            errors["form"] = str(error)
            return None
