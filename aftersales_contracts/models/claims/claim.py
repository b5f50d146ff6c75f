"""Warranty claim: a failure of a machine, who reported it, and the step in which it is."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .claim_step import COURSE, ENDED, STATES

CHANNELS = [
    ("portal", "Portal"),
    ("email", "E-mail"),
    ("dealer", "Dealer"),
    ("agent", "Service Agent"),
    ("phone", "Phone"),
    ("recall", "Recall"),
    ("repair", "Repair Order"),
]
# What the verdict rests on: it does not change below lines that are decided.
FACTS = ("asset_id", "company_id", "partner_id", "dealer_id", "failure_on", "reported_on", "cause_id")
FIXED = ("request_id", "channel", "company_id")  # said at intake, once


class WarrantyClaim(models.Model):
    """Its steps, lines, verdict, decisions and mail have files of their own next to this one."""

    _name = "aftersales.warranty.claim"
    _inherit = [
        "aftersales.guarded", "aftersales.numbering", "portal.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "Warranty Claim"
    _order = "reported_on desc, id desc"
    _rec_names_search = ["name", "serial", "symptom"]
    _check_company_auto = True
    _mail_post_access = "read"  # who may read a claim may write a message on it
    _number_code = "aftersales.warranty.claim"
    _number_day = "reported_on"
    _guarded = {
        "name": "/", "state": "intake", "claimant_id": False, "entered_at": False, "duplicate_of_id": False,
        "verdict_at": False, "warnings": False, "ended_reason": False,
        "intake_problem": False, "replacement_id": False, "knowledge_id": False,
        "reminded_on": False}

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    asset_id = fields.Many2one(
        "aftersales.asset", index=True, check_company=True, ondelete="restrict", tracking=True)
    serial = fields.Char(string="Serial as Told", index="trigram", help="As whoever reported it wrote it.")
    product_id = fields.Many2one(
        "product.product", compute="_compute_product_id", store=True, readonly=False, index=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", compute="_compute_partner_id", store=True, readonly=False, index=True,
        tracking=True)
    dealer_id = fields.Many2one(
        "res.partner", index=True, tracking=True, help="Who filed the claim or did the work.")
    claimant_id = fields.Many2one(
        "res.users", string="Filed by", readonly=True, copy=False, index=True,
        help="Whoever filed a claim does not decide on it.")
    channel = fields.Selection(CHANNELS, required=True, default="agent", index=True)
    request_id = fields.Many2one(
        "aftersales.request", string="Service Request", readonly=True, copy=False, index=True, check_company=True,
        ondelete="restrict", help="The claim runs under its clocks.")
    contract_id = fields.Many2one(related="request_id.contract_id", store=True, index=True)
    failure_on = fields.Date(
        string="Failure Day", required=True, default=fields.Date.context_today, tracking=True,
        help="The day that decides whether it is covered.")
    reported_on = fields.Date(string="Reported", required=True, default=fields.Date.context_today, index=True)
    cause_id = fields.Many2one("aftersales.cause", index=True, ondelete="restrict", tracking=True)
    symptom = fields.Text(help="What the customer sees.")
    diagnosis = fields.Text(help="What was found.")
    place = fields.Char(help="Where the machine is to be repaired.")
    state = fields.Selection(
        STATES, required=True, readonly=True, copy=False, index=True, tracking=True, default="intake",
        group_expand="_group_expand_state")
    entered_at = fields.Datetime(string="In this Step since", readonly=True, copy=False)
    owner_id = fields.Many2one(
        "res.users", index=True, copy=False, tracking=True, domain=[("share", "=", False)],
        help="Who works on the claim in this step.")
    move_ids = fields.One2many("aftersales.claim.move", "claim_id", string="History")
    line_ids = fields.One2many("aftersales.warranty.claim.line", "claim_id", string="Lines", copy=False)
    share_ids = fields.One2many("aftersales.claim.share", "claim_id", string="Who Pays", copy=False)
    ended_reason = fields.Char(string="Why It Ended", readonly=True, copy=False, tracking=True)
    intake_problem = fields.Char(
        string="To Be Settled", readonly=True, copy=False, help="What was wrong with the message it came by.")
    replacement_id = fields.Many2one(
        "aftersales.asset", string="Replaced by", readonly=True, copy=False, check_company=True, ondelete="restrict")
    active = fields.Boolean(default=True)

    _number_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name <> '/'", "Two claims of a company cannot have the same number.")

    @api.depends("name", "asset_id", "serial")
    def _compute_display_name(self):
        for claim in self:
            parts = [claim.name if claim.name != "/" else "", claim.asset_id.name or claim.serial]
            claim.display_name = " ".join(part for part in parts if part) or self.env._("New Claim")

    @api.depends("asset_id")
    def _compute_product_id(self):
        for claim in self:
            claim.product_id = claim.asset_id.product_id or claim.product_id

    @api.depends("asset_id")
    def _compute_partner_id(self):
        for claim in self:
            claim.partner_id = claim.partner_id or claim.asset_id.partner_id

    def _compute_access_url(self):
        super()._compute_access_url()
        for claim in self:
            claim.access_url = f"/my/claims/{claim.id}"

    @api.model
    def _group_expand_state(self, _states, _domain):
        return list(COURSE)

    @api.constrains("failure_on", "reported_on", "asset_id")
    def _check_days(self):
        """A failure lies neither in the future nor before the machine was delivered."""
        for claim in self:
            today, asset = claim._today(), claim.asset_id.sudo()
            delivered = asset.delivered_on if "delivered_on" in asset._fields else False
            if claim.failure_on > today or claim.reported_on > today:
                raise ValidationError(self.env._(
                    "Claim on %(asset)s: %(day)s lies in the future. Today is %(today)s.",
                    asset=claim._machine_name(), day=max(claim.failure_on, claim.reported_on), today=today))
            if claim.reported_on < claim.failure_on:
                raise ValidationError(self.env._(
                    "Claim on %(asset)s: reported on %(reported)s, before it failed on %(failure)s.",
                    asset=claim._machine_name(), reported=claim.reported_on, failure=claim.failure_on))
            if delivered and claim.failure_on < delivered:
                raise ValidationError(self.env._(
                    "Claim on %(asset)s: it failed on %(failure)s, before it was delivered on %(delivered)s.",
                    asset=claim._machine_name(), failure=claim.failure_on, delivered=delivered))

    def _machine_name(self):
        self.ensure_one()
        return self.asset_id.display_name or self.serial or self.product_id.display_name or self.env._("no machine")

    def _today(self):
        """The day it is for the claim: in the zone of its contract, else of its company's working schedule."""
        self.ensure_one()
        if self.contract_id:
            return self.contract_id.sudo()._local_today()
        return fields.Date.context_today(self.with_context(tz=self.company_id.resource_calendar_id.tz or "UTC"))

    def write(self, vals):
        for name in (name for name in (*FIXED, *FACTS) if name in vals):
            self._refuse_changed_fact(name, vals[name])
        if set(FACTS) & set(vals):
            self._outdate_verdict()
        return super().write(vals)

    def _refuse_changed_fact(self, name, value):
        field = self._fields[name]
        for claim in self:
            if field.convert_to_cache(value, claim) == field.convert_to_cache(claim[name], claim):
                continue
            if name in FIXED:
                raise UserError(self.env._(
                    "Claim %(claim)s: %(field)s is said at intake and does not change.", claim=claim.display_name,
                    field=field._description_string(self.env)))
            decided = claim.line_ids.filtered(lambda line: line.decision != "open")
            if decided or claim.state in ENDED:
                raise UserError(self.env._(
                    "Claim %(claim)s: %(field)s does not change any more, %(why)s.", claim=claim.display_name,
                    field=field._description_string(self.env),
                    why=self.env._("for lines are decided. Reopen them first") if decided
                    else self.env._("for the claim has ended")))

    def _outdate_verdict(self):
        """A fact of these claims changed: the verdict is to be asked for again."""
        self.filtered("verdict_at")._write_guarded({"verdict_at": False})

    def _refuse_deletion(self):
        """A claim is kept: somebody reported a failure. It is cancelled instead."""
        for claim in self:
            raise UserError(self.env._(
                "Claim %s is on record. Cancel it instead of deleting it.", claim.display_name))
