"""Recalls in the portal: owners and dealers see which of their machines are recalled, and make an appointment.

Lists and answers are of the user's own rights: rules show owners and dealers their own machines only.
"""

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from .portal import CustomerPortal

MODEL = "aftersales.recall.asset"
WAITING = [("recall_state", "=", "released"), ("response", "in", ("none", "unreachable"))]


class RecallPortal(CustomerPortal):
    def _own_recalls(self):
        return self._own("partner_id", "dealer_id")

    @http.route()
    def home(self, **kw):
        response = super().home(**kw)
        own = self._own_recalls()
        response.qcontext["aftersales_counts"].update(
            recalls=self._count(MODEL, own), recalls_waiting=self._count(MODEL, own + WAITING))
        return response

    @http.route(["/my/recalls", "/my/recalls/page/<int:page>"], type="http", auth="user", website=True)
    def portal_my_recalls(self, page=1, sortby=None, filterby=None, **kw):
        _ = request.env._
        values = self._list(
            MODEL, self._own_recalls(), "/my/recalls", page, {
                "recall": {"label": _("Newest Recall"), "order": "recall_id desc, id"},
                "machine": {"label": _("Machine"), "order": "asset_id, id"},
            }, {
                "all": {"label": _("All"), "domain": []},
                "waiting": {"label": _("To Be Answered"), "domain": WAITING},
                "done": {"label": _("Done"), "domain": [("response", "=", "done")]},
            }, sortby, filterby)
        company = request.env.user.partner_id.commercial_partner_id
        error = request.session.pop("recall_error", None)
        return request.render("aftersales_contracts.portal_my_recalls", {
            **values, "page_name": "recall", "own_company": company.sudo(), "error": error})

    @http.route("/my/recalls/<int:row_id>/answer", type="http", auth="user", website=True, methods=["POST"])
    def portal_recall_answer(self, row_id, response="", note="", **form):
        """``response``: booked or declined; ``note``: when it suits, or why not."""
        row = request.env[MODEL].browse(row_id)
        try:
            with request.env.cr.savepoint():
                row.portal_answer(response, note)
        except (AccessError, MissingError):  # somebody else's, or none: the same answer
            return request.redirect("/my/recalls")
        except UserError as error:
            request.session["recall_error"] = str(error)
        return request.redirect("/my/recalls")
