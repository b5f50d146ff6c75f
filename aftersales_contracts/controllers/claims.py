"""Warranty claims in the portal: the customer's own, and those that a dealer files for machines that it serves or sold.

A claim's page may be opened by a link with a token, too: who has it reads, but only a person of the customer or the
dealer, logged in, acts: the model's methods check it again.
"""

from odoo import fields, http
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.http import request

from .uploads import PHOTOS, read_uploads
from .warranty import ASSET, WarrantyPortal

MODEL = "aftersales.warranty.claim"
GOING = [("state", "not in", ("closed", "refused", "cancelled"))]
PART_ROWS, LABOUR_ROWS = 4, 3
LISTED = 200


class ClaimPortal(WarrantyPortal):
    def _own_claims(self):
        return self._own("partner_id", "dealer_id")

    @http.route()
    def home(self, **kw):
        response = super().home(**kw)
        response.qcontext["aftersales_counts"]["claims"] = self._count(MODEL, self._own_claims() + GOING)
        return response

    @http.route(["/my/claims", "/my/claims/page/<int:page>"], type="http", auth="user", website=True, readonly=True)
    def portal_my_claims(self, page=1, sortby=None, filterby=None, **kw):
        _ = request.env._
        values = self._list(
            MODEL, self._own_claims(), "/my/claims", page, {
                "new": {"label": _("Newest"), "order": "reported_on desc, id desc"},
                "failure": {"label": _("Failure Day"), "order": "failure_on desc, id desc"},
                "name": {"label": _("Number"), "order": "name desc"},
            }, {
                "all": {"label": _("All"), "domain": []},
                "open": {"label": _("Open"), "domain": GOING},
                "ended": {"label": _("Ended"), "domain": ["!", *GOING]},
                "return": {"label": _("Part to Send Back"), "domain": self._with_returns()},
            }, sortby, filterby)
        request.session["my_claims_history"] = values["records"].ids[:100]
        return request.render("aftersales_contracts.portal_my_claims", {**values, "page_name": "claim", "claim": None})

    def _with_returns(self):
        """Claims of the user with a part to send back; lines have no right of the portal, so they are found by it."""
        lines = request.env["aftersales.warranty.claim.line"].sudo()
        own = [("claim_id.partner_id", "child_of", self._company().ids)]
        served = [("claim_id.dealer_id", "child_of", self._company().ids)]
        found = lines.search([("return_state", "=", "required"), "|", *own, *served])
        return [("id", "in", found.claim_id.ids)]

    def _company(self):
        return request.env.user.partner_id.commercial_partner_id

    # --- the page ----------------------------------------------------------------------------------------------------

    @http.route("/my/claims/<int:claim_id>", type="http", auth="public", website=True)
    def portal_claim(self, claim_id, access_token=None, report_type=None, download=False, error=None, **kw):
        claim_sudo = self._claim(claim_id, access_token)
        if not claim_sudo:
            return request.redirect("/my")
        role = claim_sudo._portal_role(request.env.user) or "customer"  # by a link: as the customer sees it
        letter = claim_sudo._last_letter(role)
        if report_type == "pdf":
            return self._stored_pdf(letter, download) if letter else request.redirect(claim_sudo.access_url)
        may_act = self._acts_on(claim_sudo)
        values = {
            "claim": claim_sudo, "role": role, "steps": claim_sudo._portal_steps(), "letter": letter, "error": error,
            "lines": claim_sudo._portal_lines(role), "totals": claim_sudo._portal_totals(role),
            "timeline": claim_sudo._portal_timeline(), "photos": claim_sudo._portal_photos(),
            "may_act": may_act, "may_add": may_act and claim_sudo.state not in ("closed", "refused", "cancelled"),
            "machine": self._readable(claim_sudo.asset_id), "service_request": self._readable(claim_sudo.request_id),
            "kinds": ", ".join(PHOTOS.values()), "page_name": "claim"}
        return request.render("aftersales_contracts.portal_claim", self._get_page_view_values(
            claim_sudo, access_token, values, "my_claims_history", False, **kw))

    def _claim(self, claim_id, access_token=None):
        """The claim with raised rights, empty where the user may not read it."""
        try:
            return self._document_check_access(MODEL, claim_id, access_token)
        except (AccessError, MissingError):
            return request.env[MODEL]

    def _acts_on(self, claim_sudo):
        """Whether the user is a person of the customer or the dealer: a link alone does nothing."""
        user = request.env.user
        return not user._is_public() and bool(claim_sudo._portal_role(user)) and bool(self._readable(claim_sudo))

    @http.route("/my/claims/<int:claim_id>/photos", type="http", auth="user", website=True, methods=["POST"])
    def portal_claim_photos(self, claim_id, **form):
        def add(claim):
            claim._photos_from_portal(read_uploads(
                request.env, request.httprequest.files.getlist("photos"), PHOTOS))
        return self._act(claim_id, add, "#photos")

    @http.route("/my/claims/<int:claim_id>/sent", type="http", auth="user", website=True, methods=["POST"])
    def portal_claim_part_sent(self, claim_id, line_id="", note="", **form):
        def send(claim):
            claim._part_sent_from_portal(int(line_id) if line_id.isdigit() else 0, note[:500])
        return self._act(claim_id, send, "#lines")

    def _act(self, claim_id, action, anchor):
        """Do ``action`` with the claim as the user, all or nothing; what is wrong is told on its page."""
        claim_sudo = self._claim(claim_id)
        if not claim_sudo or not self._acts_on(claim_sudo):
            return request.redirect("/my")
        try:
            with request.env.cr.savepoint():
                action(claim_sudo.with_user(request.env.user))
        except (UserError, AccessError) as error:
            return self.portal_claim(claim_id, error=str(error))
        return request.redirect(f"{claim_sudo.access_url}{anchor}")

    # --- a new one ---------------------------------------------------------------------------------------------------

    @http.route("/my/claims/new", type="http", auth="user", website=True, methods=["GET", "POST"])
    def portal_new_claim(self, **form):
        asset_sudo, errors = self._chosen_machine(form), {}
        if request.httprequest.method == "POST":
            claim = self._file(form, asset_sudo, errors)
            if claim:
                return request.redirect(claim.access_url)
        machines = self._own_list()
        as_dealer = not self._owns(asset_sudo) if asset_sudo else bool(
            machines.filtered(lambda asset: not self._owns(asset)))
        return request.render("aftersales_contracts.portal_new_claim", {
            **self._prepare_portal_layout_values(), "form": form, "errors": errors, "machines": machines,
            "asset": asset_sudo, "as_dealer": as_dealer,
            "today": fields.Date.context_today(request.env.user).isoformat(),
            "standards": self._standards(asset_sudo) if as_dealer else (), "part_rows": range(PART_ROWS),
            "labour_rows": range(LABOUR_ROWS), "lines": self._line_form(), "kinds": ", ".join(PHOTOS.values()),
            "page_name": "claim", "claim": None, "new_claim": True})

    def _own_list(self):
        Asset = request.env[ASSET]
        return Asset.search(self._own_machines(), limit=LISTED).sudo() if Asset.has_access("read") else Asset

    def _chosen_machine(self, form):
        """The machine of a link (``asset_id``) or with the serial of the form; empty where the user has none such."""
        chosen = str(form.get("asset_id", ""))
        if chosen.isdigit():
            return self._asset(int(chosen))
        found = self._machines_with(form["serial"].strip()[:100]) if form.get("serial", "").strip() else ()
        return found.sudo() if len(found) == 1 else request.env[ASSET]

    def _standards(self, asset_sudo):
        """Labour standards that fit the machine; of all machines where none is chosen yet."""
        found = request.env["aftersales.labour.standard"].sudo().search([], limit=LISTED)  # times are no secret
        return found.filtered(lambda one: one._fits(asset_sudo.product_id)) if asset_sudo.product_id else found

    def _file(self, form, asset_sudo, errors):
        _ = request.env._
        failure_on = self._day(form.get("failure_on", ""), errors, "failure_on")
        if not asset_sudo:
            errors["serial"] = _("This is none of your machines, or several have this serial number. Choose one of "
                                 "your machines, or register it first.")
        if not failure_on and "failure_on" not in errors:
            errors["failure_on"] = _("Give the day on which it failed.")
        if not form.get("symptom", "").strip():
            errors["symptom"] = _("Say what you see.")
        if errors:
            return None
        values = {"failure_on": failure_on, "symptom": form["symptom"].strip()[:10000],
                  "place": form.get("place", "").strip()[:200] or asset_sudo.place,
                  "duplicate_reason": form.get("duplicate_reason", "").strip()[:500]}
        try:
            with request.env.cr.savepoint():
                photos = read_uploads(request.env, request.httprequest.files.getlist("photos"), PHOTOS)
                lines = [] if self._owns(asset_sudo) else self._lines(asset_sudo)
                return request.env[MODEL]._file_from_portal(request.env.user, asset_sudo, values, photos, lines)
        except (UserError, ValidationError) as error:
            errors["form"] = str(error)
            errors["repeated"] = not form.get("duplicate_reason")
            return None

    # --- the lines of a dealer ---------------------------------------------------------------------------------------

    def _line_form(self):
        """What was entered of the lines, so that it is still there after an error: {field: [texts]}."""
        form = request.httprequest.form
        names = ("part_code", "part_name", "part_quantity", "part_price", "part_serial", "part_new", "labour_standard",
                 "labour_hours", "labour_price", "labour_reason", "travel_quantity", "travel_price")
        return {name: form.getlist(name) + [""] * (PART_ROWS + 1) for name in names}

    def _lines(self, asset_sudo):
        """[values] of the lines that were entered; raises UserError naming the line and what is wrong."""
        _ = request.env._
        told = self._line_form()
        lines = []
        for row in range(PART_ROWS):
            code, name = told["part_code"][row].strip()[:60], told["part_name"][row].strip()[:200]
            if not (code or name):
                continue
            product = self._part(code)
            if code and not product:
                raise UserError(_("Part %(row)s: there is no part with the number %(code)s.", row=row + 1, code=code))
            what = name or product.display_name
            line = {"kind": "parts", "name": what, "causal": not lines,
                    "quantity": self._number(told["part_quantity"][row] or "1", what),
                    "unit_price": self._number(told["part_price"][row] or "0", what),
                    "faulty_serial": told["part_serial"][row].strip()[:100],
                    "replacement_serial": told["part_new"][row].strip()[:100]}
            lines.append({**line, "product_id": product.id} if product else line)
        standards = {str(one.id): one for one in self._standards(asset_sudo)}
        for row in range(LABOUR_ROWS):
            hours = told["labour_hours"][row].strip()
            standard = standards.get(told["labour_standard"][row])
            if not (hours or standard):
                continue
            what = standard.name if standard else _("Labour")
            lines.append({
                "kind": "labour", "name": what, "labour_standard_id": standard.id if standard else False,
                "quantity": self._number(hours or str(standard.hours), what),
                "unit_price": self._number(told["labour_price"][row] or "0", what),
                "over_reason": told["labour_reason"][row].strip()[:300]})
        if told["travel_quantity"][0].strip():
            what = _("Travel")
            lines.append({"kind": "travel", "name": what, "quantity": self._number(told["travel_quantity"][0], what),
                          "unit_price": self._number(told["travel_price"][0] or "0", what)})
        return lines

    def _part(self, code):
        """The product with this part number, of the user's company; parts have no right of the portal."""
        Product = request.env["product.product"].sudo()
        if not code:
            return Product
        company = request.env.user.company_id
        return Product.search([("default_code", "=", code), ("company_id", "in", [False, company.id])], limit=1)

    def _number(self, text, what):
        """"2,5" or "2.5" -> 2.5; raises UserError for what is no number of zero or more."""
        try:
            number = float(text.strip().replace(",", "."))
        except ValueError:
            number = -1.0
        if not 0 <= number < 1e9:
            raise UserError(request.env._("%(what)s: %(text)s is not a number of zero or more.", what=what, text=text))
        return number
