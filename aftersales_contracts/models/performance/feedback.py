"""Feedback: what a customer says of a request that was done. A fact: added, never changed; the last word counts."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

SATISFIED = ("4", "5")  # of 5
UNHAPPY = ("1", "2")
PROMOTERS = ("9", "10")  # of 10
DETRACTORS = ("0", "1", "2", "3", "4", "5", "6")
CSAT = [("1", "1 Very Dissatisfied"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5 Very Satisfied")]
NPS = [("0", "0 Not at All"), *((str(number), str(number)) for number in range(1, 10)), ("10", "10 Certainly")]
CHANNELS = [("portal", "Portal"), ("link", "Feedback Link"), ("office", "Entered by the Office")]
ANSWERS = ("csat", "nps", "complaint", "text")
LONGEST = 4000  # characters of a text
RECORDED = frozenset({"channel", "given_at", "given_by_id", "obligation_id", "answer_by"})  # said by the system


class Feedback(models.Model):
    """``csat`` and ``nps`` are selections, so that an answer not given is empty and not zero."""

    _name = "aftersales.feedback"
    _inherit = ["aftersales.appended"]
    _description = "Customer Feedback"
    _order = "given_at desc, id desc"
    _rec_name = "request_id"

    request_id = fields.Many2one("aftersales.request", required=True, index=True, ondelete="restrict")
    contract_id = fields.Many2one(related="request_id.contract_id", store=True, index="btree_not_null")
    company_id = fields.Many2one(related="request_id.company_id", store=True, index=True)
    executor_id = fields.Many2one(related="request_id.executor_id", string="Executed by", store=True,
                                  index="btree_not_null")
    partner_id = fields.Many2one(
        "res.partner", string="Given by", required=True, index=True, ondelete="restrict",
        compute="_compute_partner_id", store=True, readonly=False, precompute=True,
        help="Who of the customer said it.")
    csat = fields.Selection(CSAT, string="Satisfaction (1-5)", help="How satisfied with the way it was solved.")
    nps = fields.Selection(NPS, string="Recommendation (0-10)", help="How likely to recommend us.")
    complaint = fields.Boolean(help="The customer complains and expects an answer.")
    text = fields.Text(string="In Their Words")
    is_negative = fields.Boolean(
        string="Negative", compute="_compute_is_negative", store=True,
        help="A complaint, a satisfaction of 1 or 2, or, where only the recommendation was given, one of 0 to 6.")
    channel = fields.Selection(CHANNELS, required=True, readonly=True, default="office", index=True)
    given_at = fields.Datetime(
        string="Given", required=True, readonly=True, index=True, default=lambda self: fields.Datetime.now(),
        help="Decides the period in which it counts.")
    given_by_id = fields.Many2one("res.users", string="Entered by", readonly=True)
    answer_by = fields.Datetime(readonly=True, help="When somebody must have reacted to negative feedback.")
    obligation_id = fields.Many2one(
        "aftersales.obligation", string="Reaction", readonly=True, index="btree_not_null", ondelete="set null",
        help="Who reacts to it, by when.")

    _counted = models.Index("(request_id, given_at)")
    _says_something = models.Constraint(
        "CHECK(csat IS NOT NULL OR nps IS NOT NULL OR complaint IS TRUE OR NULLIF(text, '') IS NOT NULL)",
        "Feedback says something: a figure, a complaint or a text.")

    @api.depends("request_id")
    def _compute_partner_id(self):
        for feedback in self:
            feedback.partner_id = feedback.partner_id or feedback.request_id.partner_id

    @api.depends("request_id", "given_at")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for feedback in self:
            feedback.display_name = self.env._("Feedback on %s", feedback.request_id.name or "")

    @api.depends("complaint", "csat", "nps")
    def _compute_is_negative(self):
        for feedback in self:
            alone = not feedback.csat and feedback.nps in DETRACTORS
            feedback.is_negative = feedback.complaint or feedback.csat in UNHAPPY or alone

    @api.model_create_multi
    def create(self, vals_list):
        """How and when it came is recorded, not said: only the portal says that it came that way.

        Raises AccessError for what is recorded, ValidationError for feedback that does not fit its request.
        """
        if not self.env.su and any(RECORDED & set(vals) for vals in vals_list):
            raise AccessError(self.env._("When and how feedback came, and who reacts, is recorded by the system."))
        now = fields.Datetime.now()
        made = super().create(self._with_reactions([
            {"given_at": now, "given_by_id": self.env.uid, **vals, "text": (vals.get("text") or "").strip() or False}
            for vals in vals_list]))
        made._check_fits()
        return made

    @api.model
    def _with_reactions(self, vals_list):
        """``vals_list`` of new feedback with what the system does about it."""
        return vals_list

    def _check_fits(self):
        """It is the customer's word: of the customer's people, on a request that was done, never of who executed it."""
        for feedback in self:
            request = feedback.request_id.sudo()
            name, customer = request.display_name, request.partner_id.commercial_partner_id
            giver = feedback.partner_id.commercial_partner_id
            if request.kind != "done":
                raise ValidationError(self.env._("Request %s is not done yet: there is nothing to judge.", name))
            if giver != customer:
                raise ValidationError(self.env._(
                    "Feedback on request %(request)s is given by %(customer)s, not by %(other)s.",
                    request=name, customer=customer.display_name or self.env._("its customer"),
                    other=feedback.partner_id.display_name))
            if len(feedback.text or "") > LONGEST:
                raise ValidationError(self.env._(
                    "Feedback on request %(request)s: the text has %(length)s characters; at most %(most)s are kept.",
                    request=name, length=len(feedback.text), most=LONGEST))
