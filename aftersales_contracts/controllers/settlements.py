"""Settlements in the portal of the dealer: what was sent to it, line by line, to accept or to dispute.

Lists are of the user's own rights. A page may be opened by a link with a token, too: who has it reads, but only a
person of the dealer, logged in, answers: the model's methods check it again.
"""

from odoo import http
from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from .portal import CustomerPortal

MODEL = "aftersales.settlement"
UNSENT = ("draft", "computed", "review")
ANSWERABLE = ("sent", "disputed")
LINES = 40  # on a page
UNDER_DISPUTE = ("disputed", "held")


class SettlementPortal(CustomerPortal):
    def _own_settlements(self):
        return [*self._own("dealer_id"), ("state", "not in", UNSENT)]

    @http.route()
    def home(self, **kw):
        response = super().home(**kw)
        own = self._own_settlements()
        response.qcontext["aftersales_counts"].update(
            settlements=self._count(MODEL, own),
            settlements_to_answer=self._count(MODEL, [*own, ("state", "in", ANSWERABLE)]))
        return response

    @http.route(["/my/settlements", "/my/settlements/page/<int:page>"], type="http", auth="user", website=True,
                readonly=True)
    def portal_my_settlements(self, page=1, sortby=None, filterby=None, **kw):
        _ = request.env._
        values = self._list(
            MODEL, self._own_settlements(), "/my/settlements", page, {
                "period": {"label": _("Newest Period"), "order": "period_start desc, id desc"},
                "name": {"label": _("Number"), "order": "name desc"},
            }, {
                "all": {"label": _("All"), "domain": []},
                "answer": {"label": _("To Be Answered"), "domain": [("state", "=", "sent")]},
                "disputed": {"label": _("Disputed"), "domain": [("line_ids.state", "in", UNDER_DISPUTE)]},
                "done": {"label": _("Paid or Closed"), "domain": [("state", "in", ("paid", "closed"))]},
            }, sortby, filterby)
        request.session["my_settlements_history"] = values["records"].ids[:100]
        return request.render("aftersales_contracts.portal_my_settlements", {**values, "page_name": "settlement"})

    # --- the page ----------------------------------------------------------------------------------------------------

    @http.route(["/my/settlements/<int:settlement_id>", "/my/settlements/<int:settlement_id>/page/<int:page>"],
                type="http", auth="public", website=True)
    def portal_settlement(self, settlement_id, page=1, show="all", access_token=None, report_type=None, download=False,
                          **kw):
        settlement_sudo = self._settlement(settlement_id, access_token)
        if not settlement_sudo:
            return request.redirect("/my")
        if report_type in ("pdf", "xlsx"):
            return self._settlement_file(settlement_sudo, report_type, download)
        return self._settlement_page(settlement_sudo, page, show, access_token, **kw)

    def _settlement(self, settlement_id, access_token=None):
        """The settlement with raised rights, empty where the user may not read it or it is not sent (any more)."""
        try:
            found = self._document_check_access(MODEL, settlement_id, access_token)
        except (AccessError, MissingError):
            return request.env[MODEL]
        return found if found.state not in UNSENT else request.env[MODEL]  # a token may be older than taking it back

    def _settlement_file(self, settlement_sudo, kind, download):
        """The stored file of the last statement: never one that is made anew."""
        document = settlement_sudo.document_id
        if not document:
            return request.redirect(settlement_sudo.access_url)
        attachment = document.attachment_id if kind == "pdf" else document.sheet_attachment_id
        inline = kind == "pdf" and not download
        return request.make_response(attachment.raw, headers=[
            ("Content-Type", attachment.mimetype), ("X-Content-Type-Options", "nosniff"),
            ("Content-Disposition", http.content_disposition(
                f"{document.name.replace('/', '-')}.{kind}", disposition_type="inline" if inline else "attachment"))])

    def _settlement_page(self, settlement_sudo, page, show, access_token, error=None, chosen=(), reason="", **kw):
        choices = settlement_sudo._portal_choices()
        show = show if show in choices else "all"
        Line = request.env["aftersales.settlement.line"].sudo()  # of this settlement, which the user may read
        domain = [("settlement_id", "=", settlement_sudo.id), *choices[show]["domain"]]
        url = f"/my/settlements/{settlement_sudo.id}"
        args = {"show": show, **({"access_token": access_token} if access_token else {})}
        pager = portal_pager(url=url, total=Line.search_count(domain), page=page, step=LINES, url_args=args)
        answering = settlement_sudo.state in ANSWERABLE and self._answers_for(settlement_sudo)
        values = {
            "settlement": settlement_sudo, "lines": Line.search(domain, limit=LINES, offset=pager["offset"]),
            "line_pager": pager, "choices": choices, "show": show, "sums": settlement_sudo._portal_sums(),
            "answering": answering, "error": error, "chosen": set(chosen), "reason": reason, "line_page": page,
            "contract": self._readable(settlement_sudo.contract_id), "page_name": "settlement",
            "token_query": f"&access_token={access_token}" if access_token else "",
        }
        return request.render("aftersales_contracts.portal_settlement", self._get_page_view_values(
            settlement_sudo, access_token, values, "my_settlements_history", False, **kw))

    def _answers_for(self, settlement_sudo):
        """Whether the user is a person of the dealer: a link alone does not answer."""
        user = request.env.user
        return not user._is_public() and user.share and bool(self._readable(settlement_sudo))

    # --- the answer --------------------------------------------------------------------------------------------------

    @http.route("/my/settlements/<int:settlement_id>/answer", type="http", auth="user", website=True, methods=["POST"])
    def portal_settlement_answer(self, settlement_id, decision="", reason="", show="all", page=1, **form):
        """``decision``: accept_all, accept or dispute; ``line_ids`` of the form: the lines that were chosen."""
        settlement_sudo = self._settlement(settlement_id)
        if not settlement_sudo or not self._answers_for(settlement_sudo):
            return request.redirect("/my")
        settlement = settlement_sudo.with_user(request.env.user)
        chosen = [int(one) for one in request.httprequest.form.getlist("line_ids") if one.isdigit()]
        page = int(page) if str(page).isdigit() else 1
        try:
            with request.env.cr.savepoint():
                if decision == "accept_all":
                    settlement.action_accept()
                elif decision == "accept":
                    settlement.action_accept_lines(chosen)
                elif decision == "dispute":
                    settlement.action_dispute_lines(chosen, reason)
                else:
                    raise UserError(request.env._("Choose what to do with the lines."))
        except (UserError, AccessError) as error:
            return self._settlement_page(
                settlement_sudo, page, show, None, error=str(error), chosen=chosen, reason=reason)
        show = show if show in settlement_sudo._portal_choices() else "all"
        return request.redirect(f"{settlement_sudo.access_url}/page/{page}?show={show}#lines")
