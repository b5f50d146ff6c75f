"""Feedback in the portal: a customer judges a request that is done, logged in or by the link of the e-mail.

The link has a token of its own: whoever serves a request can read the token of the request, and does not judge itself.
"""

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.http import request

from .portal import CustomerPortal


class FeedbackPortal(CustomerPortal):
    @http.route("/my/requests/<int:request_id>/feedback", type="http", auth="public", website=True,
                methods=["GET", "POST"])
    def portal_feedback(self, request_id, token=None, **form):
        """The form, and what it sends. Nobody learns from it whether a request exists that is not theirs."""
        request_sudo, channel, partner = self._judging(request_id, token)
        if not request_sudo:
            return request.redirect("/my")
        error = given = None
        if request.httprequest.method == "POST":
            try:
                with request.env.cr.savepoint():
                    given = request_sudo._take_feedback(channel, partner, form)
            except (UserError, ValidationError) as problem:
                error = str(problem)
        if given and channel == "portal":
            return request.redirect(f"{request_sudo.access_url}?feedback=thanks")
        Feedback = request.env["aftersales.feedback"]
        return request.render("aftersales_contracts.portal_feedback", {
            **self._prepare_portal_layout_values(), "service_request": request_sudo, "token": token, "form": form,
            "error": error, "given": given, "takes": request_sudo._takes_feedback(),
            "csat": Feedback._fields["csat"]._description_selection(request.env),
            "nps": Feedback._fields["nps"]._description_selection(request.env),
            "page_name": "service_request", "no_breadcrumbs": True})

    def _judging(self, request_id, token):
        """(request of raised rights, channel, who judges), or (None, None, None) for whom it is not to judge."""
        service_request = request.env["aftersales.request"].browse(request_id)
        found = service_request.sudo().exists()  # only its token is looked at before it is known who asks
        if token and found and found._is_feedback_token(token):
            return found, "link", found.partner_id
        if request.env.user._is_public():
            return None, None, None
        try:
            self._document_check_access("aftersales.request", request_id)
        except (AccessError, MissingError):
            return None, None, None
        if not found._is_judged_by(request.env.user.partner_id):
            return None, None, None
        return found, "portal", request.env.user.partner_id

    def _get_page_view_values(self, document, access_token, values, session_history, no_breadcrumbs, **kwargs):
        """On the page of a request its customer is asked how it went."""
        if document._name == "aftersales.request":
            mine = not request.env.user._is_public() and document._is_judged_by(request.env.user.partner_id)
            # What the customer said itself; what the office entered of it is the office's.
            said = document.sudo().feedback_ids.filtered(lambda one: one.channel != "office")
            values = {**values, "judges": mine and document._takes_feedback(), "judged": mine and said[:1]}
        return super()._get_page_view_values(
            document, access_token, values, session_history, no_breadcrumbs, **kwargs)
