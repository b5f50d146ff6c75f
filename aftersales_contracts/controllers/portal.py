"""The portal: contracts, service requests and statements of the customer, and of the dealer who serves them.

Every page finds its record by ``_document_check_access``, which checks the user's rights or the token and answers with
a record of raised rights (named ``..._sudo``). What the page lists beside it is filtered by the user's own rights.
"""

from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal as Portal
from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

SHOWN = 10  # requests and statements on a contract's page; their lists have them all
RUNNING = [("state", "in", ("active", "suspended"))]
DONE = [("kind", "in", ("done", "cancelled"))]
OPEN = [("kind", "not in", ("done", "cancelled"))]


class CustomerPortal(Portal):
    def _own(self, *fields):
        """Domain of the records whose partner in one of ``fields`` is the user's company or one of its contacts."""
        company = request.env.user.partner_id.commercial_partner_id
        return ["|"] * (len(fields) - 1) + [(field, "child_of", company.ids) for field in fields]

    def _own_contracts(self):
        return self._own("partner_id", "dealer_id")

    def _own_requests(self):
        return self._own("partner_id", "contract_id.dealer_id")

    def _own_statements(self):
        return self._own("partner_id")

    def _count(self, model, domain):
        Model = request.env[model]
        return Model.search_count(domain) if Model.has_access("read") else 0

    @http.route()
    def home(self, **kw):
        response = super().home(**kw)
        response.qcontext["aftersales_counts"] = {
            "contracts": self._count("aftersales.contract", self._own_contracts()),
            "requests": self._count("aftersales.request", self._own_requests() + OPEN),
            "statements": self._count("aftersales.statement", self._own_statements()),
        }
        return response

    def _list(self, model, domain, url, page, sortings, filters=None, sortby=None, filterby=None):
        """Values of a list page: records (of the user's own rights), pager, and the search bar's choices."""
        sortby = sortby if sortby in sortings else next(iter(sortings))
        filters = filters or {"all": {"label": request.env._("All"), "domain": []}}
        filterby = filterby if filterby in filters else next(iter(filters))
        domain = domain + filters[filterby]["domain"]
        Model = request.env[model]
        may_read = Model.has_access("read")
        pager = portal_pager(
            url=url, total=Model.search_count(domain) if may_read else 0, page=page, step=self._items_per_page,
            url_args={"sortby": sortby, "filterby": filterby})
        records = Model.search(
            domain, order=sortings[sortby]["order"], limit=self._items_per_page, offset=pager["offset"],
        ) if may_read else Model
        return {
            **self._prepare_portal_layout_values(),
            "records": records.sudo(),  # what is named beside them, such as the status, has no access of its own
            "pager": pager, "default_url": url, "sortby": sortby, "searchbar_sortings": sortings,
            "filterby": filterby, "searchbar_filters": filters if len(filters) > 1 else None,
        }

    def _readable(self, records):
        """Those of ``records`` that the user may read without a token, with raised rights for showing them."""
        return records.with_user(request.env.user)._filtered_access("read").sudo()

    # --- contracts -----------------------------------------------------------------------------------------------

    @http.route(["/my/contracts", "/my/contracts/page/<int:page>"], type="http", auth="user", website=True,
                readonly=True)
    def portal_my_contracts(self, page=1, sortby=None, filterby=None, **kw):
        values = self._list(
            "aftersales.contract", self._own_contracts(), "/my/contracts", page, {
                "start": {"label": request.env._("Newest"), "order": "date_start desc, id desc"},
                "name": {"label": request.env._("Number"), "order": "name"},
                "end": {"label": request.env._("End"), "order": "date_end, id"},
            }, {
                "running": {"label": request.env._("Running"), "domain": RUNNING},
                "all": {"label": request.env._("All"), "domain": []},
            }, sortby, filterby)
        request.session["my_service_contracts_history"] = values["records"].ids[:100]
        return request.render("aftersales_contracts.portal_my_contracts", {**values, "page_name": "service_contract"})

    @http.route("/my/contracts/<int:contract_id>", type="http", auth="public", website=True)
    def portal_contract(self, contract_id, access_token=None, **kw):
        try:
            contract_sudo = self._document_check_access("aftersales.contract", contract_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        requests = self._readable(contract_sudo.request_ids)
        values = {
            "contract": contract_sudo,
            "levels": contract_sudo._customer_levels(),
            "promises": contract_sudo._customer_promises(),
            "board": contract_sudo.compliance_board or {},
            "requests": requests[:SHOWN],
            "more_requests": len(requests) > SHOWN,
            "statements": self._readable(contract_sudo.statement_ids)[:SHOWN],
            "may_ask": self._may_ask(),
            "page_name": "service_contract",
        }
        return request.render("aftersales_contracts.portal_contract", self._get_page_view_values(
            contract_sudo, access_token, values, "my_service_contracts_history", False, **kw))

    # --- requests ------------------------------------------------------------------------------------------------

    @http.route(["/my/requests", "/my/requests/page/<int:page>"], type="http", auth="user", website=True,
                readonly=True)
    def portal_my_requests(self, page=1, sortby=None, filterby=None, **kw):
        values = self._list(
            "aftersales.request", self._own_requests(), "/my/requests", page, {
                "opened": {"label": request.env._("Newest"), "order": "opened_at desc, id desc"},
                "changed": {"label": request.env._("Last Event"), "order": "last_event_at desc, id desc"},
                "name": {"label": request.env._("Number"), "order": "name desc"},
            }, {
                "all": {"label": request.env._("All"), "domain": []},
                "open": {"label": request.env._("Open"), "domain": OPEN},
                "done": {"label": request.env._("Done"), "domain": DONE},
            }, sortby, filterby)
        request.session["my_service_requests_history"] = values["records"].ids[:100]
        return request.render("aftersales_contracts.portal_my_requests", {
            **values, "page_name": "service_request", "may_ask": self._may_ask()})

    @http.route("/my/requests/<int:request_id>", type="http", auth="public", website=True)
    def portal_request(self, request_id, access_token=None, **kw):
        try:
            request_sudo = self._document_check_access("aftersales.request", request_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        values = {
            "service_request": request_sudo,
            "clocks": request_sudo._customer_clocks(),
            "timeline": request_sudo._customer_timeline(),
            "contract": self._readable(request_sudo.contract_id),
            "page_name": "service_request",
        }
        return request.render("aftersales_contracts.portal_request", self._get_page_view_values(
            request_sudo, access_token, values, "my_service_requests_history", False, **kw))

    def _may_ask(self):
        """Whether the user's company is the customer of a contract: a dealer's own requests go to the dealer."""
        if request.env.user._is_public():
            return False
        return bool(self._count("aftersales.contract", self._own("partner_id")))

    def _own_assets(self):
        return request.env["aftersales.asset"].search(self._own("partner_id"))

    @http.route("/my/requests/new", type="http", auth="user", website=True, methods=["GET", "POST"])
    def portal_new_request(self, **form):
        if not self._may_ask():
            return request.redirect("/my/requests")
        assets = self._own_assets()
        errors = {}
        if request.httprequest.method == "POST":
            chosen = form.get("asset_id", "")
            asset = assets.filtered(lambda asset: str(asset.id) == chosen)
            if not form.get("title", "").strip():
                errors["title"] = request.env._("Say in a few words what is wrong.")
            if chosen and not asset:
                errors["asset_id"] = request.env._("Choose one of your machines.")
            if not errors:
                # Customers have no right to create records: what they may set is chosen here, one by one.
                Request = request.env["aftersales.request"].sudo()
                values = Request._values_from_customer(request.env.user.partner_id, asset.sudo(), form)
                return request.redirect(Request.create(values).access_url)
        return request.render("aftersales_contracts.portal_new_request", {
            **self._prepare_portal_layout_values(), "assets": assets.sudo(), "form": form, "errors": errors,
            "impacts": request.env["aftersales.request"]._fields["impact"]._description_selection(request.env),
            "page_name": "service_request", "new_request": True})

    # --- statements ----------------------------------------------------------------------------------------------

    @http.route(["/my/statements", "/my/statements/page/<int:page>"], type="http", auth="user", website=True,
                readonly=True)
    def portal_my_statements(self, page=1, sortby=None, **kw):
        values = self._list(
            "aftersales.statement", self._own_statements(), "/my/statements", page, {
                "period": {"label": request.env._("Newest Period"), "order": "period_start desc, id desc"},
                "name": {"label": request.env._("Number"), "order": "name desc"},
            }, sortby=sortby)
        request.session["my_service_statements_history"] = values["records"].ids[:100]
        return request.render("aftersales_contracts.portal_my_statements", {
            **values, "page_name": "service_statement"})

    @http.route("/my/statements/<int:statement_id>", type="http", auth="public", website=True)
    def portal_statement(self, statement_id, access_token=None, report_type=None, download=False, **kw):
        try:
            statement_sudo = self._document_check_access("aftersales.statement", statement_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if statement_sudo.state == "draft":  # a token may be older than the closing of the period
            return request.redirect("/my")
        if report_type == "pdf":
            return self._stored_pdf(statement_sudo, download)
        values = {
            "statement": statement_sudo,
            "contract": self._readable(statement_sudo.contract_id),
            "page_name": "service_statement",
        }
        return request.render("aftersales_contracts.portal_statement", self._get_page_view_values(
            statement_sudo, access_token, values, "my_service_statements_history", False, **kw))

    def _stored_pdf(self, statement_sudo, download):
        """The PDF that was stored when the period was closed: never one that is made anew."""
        name = statement_sudo.name.replace("/", "-")
        return request.make_response(statement_sudo.attachment_id.raw, headers=[
            ("Content-Type", "application/pdf"),
            ("Content-Disposition", http.content_disposition(
                f"{name}.pdf", disposition_type="attachment" if download else "inline")),
            ("X-Content-Type-Options", "nosniff"),
        ])
