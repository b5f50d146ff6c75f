"""Feedback on a request: who may give it, when, and the link by which a customer without a login does."""

import hmac

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import LazyTranslate
from odoo.tools.misc import hmac as sign

from ..common.nightly import NightlyStep

_lt = LazyTranslate(__name__)
SCOPE = "aftersales-feedback"
ASK_WITHIN = 14  # days after a request was done: later nobody remembers
ASK = NightlyStep(
    144, "feedback", _lt("Ask for feedback"), "aftersales.request", "_nightly_feedback_domain", "_nightly_feedback")


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [*super()._steps(), ASK]


class Request(models.Model):
    _inherit = "aftersales.request"

    feedback_ids = fields.One2many(
        "aftersales.feedback", "request_id", groups="aftersales_contracts.group_user")
    feedback_count = fields.Integer(compute="_compute_feedback_count", compute_sudo=True)
    feedback_asked_at = fields.Datetime(
        string="Feedback Asked", readonly=True, copy=False, help="The customer was asked by e-mail.")

    def _compute_feedback_count(self):
        counts = dict(self.env["aftersales.feedback"]._read_group(
            [("request_id", "in", self.ids)], ["request_id"], ["__count"]))
        for request in self:
            request.feedback_count = counts.get(request._origin, 0)

    # --- who may give it ---------------------------------------------------------------------------------------------

    def _feedback_token(self):
        """What the feedback link proves itself with. It is not the token of the request, which whoever serves it may
        read as well: a dealer does not judge itself."""
        self.ensure_one()
        return sign(self.env(su=True), SCOPE, self.id)

    def _is_feedback_token(self, token):
        return hmac.compare_digest(self._feedback_token(), token or "")

    def _feedback_url(self):
        """The address of the feedback page, without a login."""
        self.ensure_one()
        return f"{self.get_base_url()}/my/requests/{self.id}/feedback?token={self._feedback_token()}"

    def _is_judged_by(self, partner):
        """Whether ``partner`` is of the customer's people, and not of those who executed it."""
        self.ensure_one()
        mine, request = partner.commercial_partner_id, self.sudo()
        return bool(mine) and mine == request.partner_id.commercial_partner_id and (
            mine != request.executor_id.commercial_partner_id)

    def _takes_feedback(self):
        """Whether the customer may judge it now: it is done, and was not judged by the customer since it was."""
        self.ensure_one()
        request = self.sudo()  # whether it is done follows from facts that a customer may not read
        if request.kind != "done" or not request.partner_id:
            return False
        done_at = request._done_at()
        return not request.feedback_ids.filtered(
            lambda one: one.channel != "office" and (not done_at or one.given_at >= done_at))

    def _done_at(self):
        """When it was done (naive UTC): the first of its events that did so since it was last open."""
        voided = self.event_ids.voids_id
        facts = self.event_ids.filtered(
            lambda event: event.status_id and event.kind != "note" and not event.voids_id and event not in voided)
        done_at = False
        for event in facts.sorted(lambda one: (one.occurred_at, one.id)):
            done_at = (done_at or event.occurred_at) if event.kind == "done" else False
        return done_at

    def _take_feedback(self, channel, partner, answers):
        """Record what the customer said. ``channel``: portal or link; ``answers``: a form's {csat, nps, complaint,
        text}, unknown choices dropped. Raises UserError where it cannot be judged (any more), ValidationError for an
        empty form. Returns the feedback, with raised rights."""
        self.ensure_one()
        if not self._takes_feedback():
            raise UserError(self.env._("Request %s cannot be judged now.", self.display_name))
        Feedback = self.env["aftersales.feedback"].sudo()  # customers have no right to create; the caller checked them
        chosen = {
            name: answers[name] for name in ("csat", "nps")
            if answers.get(name) in dict(Feedback._fields[name].selection)}
        return Feedback.create({
            "request_id": self.id, "partner_id": partner.id, "channel": channel, **chosen,
            "complaint": bool(answers.get("complaint")), "text": answers.get("text")})

    # --- asking ------------------------------------------------------------------------------------------------------

    def action_ask_feedback(self):
        """E-mail the feedback link to the customers of these requests, which are done."""
        self.check_access("write")
        for request in self:
            if not request._takes_feedback():
                raise UserError(self.env._("Request %s cannot be judged now.", request.display_name))
            if not request.partner_id.email:
                raise UserError(self.env._(
                    "Request %(request)s: %(customer)s has no e-mail address.", request=request.display_name,
                    customer=request.partner_id.display_name or self.env._("its customer")))
        self._ask_feedback()

    def _ask_feedback(self):
        template = self.env.ref("aftersales_contracts.mail_template_feedback")
        template.send_mail_batch(self.ids)
        self.write({"feedback_asked_at": fields.Datetime.now()})

    @api.model
    def _nightly_feedback_domain(self, _today):
        since = fields.Datetime.subtract(fields.Datetime.now(), days=ASK_WITHIN)
        return (Domain("kind", "=", "done") & Domain("last_event_at", ">=", since)
                & Domain("feedback_asked_at", "=", False) & Domain("company_id.aftersales_ask_feedback", "=", True)
                & Domain("partner_id.email", "!=", False) & Domain("feedback_ids", "=", False))

    def _nightly_feedback(self, _today):
        self._ask_feedback()
        return [(request, self.env._("asked %s for feedback", request.partner_id.display_name)) for request in self]

    def action_view_feedback(self):
        """The feedback on this request."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_feedback")
        return {**action, "domain": [("request_id", "=", self.id)], "context": {"default_request_id": self.id}}
