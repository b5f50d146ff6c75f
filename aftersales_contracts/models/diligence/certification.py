"""Certification: a party, or one of its people, is certified in a skill until a last day; with its certificate."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

KEEPERS = "aftersales_contracts.group_account_manager,aftersales_contracts.group_legal"
NEAR = 60  # days before its last day in which a certification is told to expire
STATES = [
    ("coming", "Not Yet Valid"), ("valid", "Valid"), ("expiring", "Expiring"), ("expired", "Expired"),
    ("revoked", "Revoked"),
]


class Certification(models.Model):
    _name = "aftersales.certification"
    _inherit = ["aftersales.guarded", "aftersales.handled", "mail.thread", "mail.activity.mixin"]
    _description = "Certification"
    _order = "date_end, id"
    _rec_names_search = ["name", "reference"]
    _check_company_auto = True
    _guarded = {"revoked_on": False, "revoked_by_id": False, "revoke_reason": False}

    name = fields.Char(compute="_compute_name", store=True, precompute=True)
    partner_id = fields.Many2one(
        "res.partner", string="Holder", required=True, index=True, tracking=True, check_company=True,
        ondelete="restrict", help="The provider or dealer, or one of its people.")
    company_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", string="Provider", store=True, index=True)
    skill_id = fields.Many2one(
        "aftersales.skill", required=True, index=True, tracking=True, check_company=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    reference = fields.Char(string="Certificate Number", tracking=True)
    issuer = fields.Char(string="Issued by", tracking=True)
    date_start = fields.Date(string="Issued", required=True, default=fields.Date.context_today, tracking=True)
    date_end = fields.Date(string="Valid until", index=True, tracking=True, help="The last day; empty: for good.")
    user_id = fields.Many2one(
        "res.users", string="Kept by", default=lambda self: self.env.user, index=True, tracking=True,
        domain=[("share", "=", False)], help="Asks for the next certificate in time.")
    state = fields.Selection(STATES, compute="_compute_state", search="_search_state")
    evidence_ids = fields.One2many("aftersales.evidence", "certification_id", string="Certificate", copy=False)
    revoked_on = fields.Date(string="Revoked", readonly=True, copy=False, tracking=True)
    revoked_by_id = fields.Many2one("res.users", string="Revoked by", readonly=True, copy=False)
    revoke_reason = fields.Text(string="Why Revoked", readonly=True, copy=False)
    renewed = fields.Boolean(
        compute="_compute_renewed", store=True, help="A later certificate of the same skill is there.")
    active = fields.Boolean(default=True)

    _days = models.Constraint(
        "CHECK(date_end IS NULL OR date_end >= date_start)", "A certification cannot end before it was issued.")

    @api.depends("partner_id.name", "skill_id.name")
    def _compute_name(self):
        for one in self:
            one.name = f"{one.skill_id.name or ''} · {one.partner_id.name or ''}"

    @api.depends("date_start", "date_end", "revoked_on")
    def _compute_state(self):
        for one in self:
            day = one._today() if one.company_id else fields.Date.context_today(one)
            if one.revoked_on:
                one.state = "revoked"
            elif one.date_start and one.date_start > day:
                one.state = "coming"
            elif one.date_end and one.date_end < day:
                one.state = "expired"
            else:
                near = one.date_end and one.date_end <= day + timedelta(days=NEAR)
                one.state = "expiring" if near else "valid"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        day = fields.Date.context_today(self)
        near, kept = day + timedelta(days=NEAR), Domain("revoked_on", "=", False)
        begun = kept & Domain("date_start", "<=", day)
        found = {
            "revoked": Domain("revoked_on", "!=", False),
            "coming": kept & Domain("date_start", ">", day),
            "expired": begun & Domain("date_end", "<", day),
            "expiring": begun & Domain("date_end", ">=", day) & Domain("date_end", "<=", near),
            "valid": begun & (Domain("date_end", "=", False) | Domain("date_end", ">", near)),
        }
        return Domain.OR([found[state] for state in value if state in found])

    @api.depends("partner_id", "skill_id", "date_end", "revoked_on", "active",
                 "skill_id.certification_ids.date_end", "skill_id.certification_ids.revoked_on",
                 "skill_id.certification_ids.active", "skill_id.certification_ids.partner_id")
    def _compute_renewed(self):
        for one in self:
            later = one.skill_id.certification_ids.filtered(
                lambda other, one=one: other != one and other.partner_id == one.partner_id and other.active
                and not other.revoked_on and one.date_end and (not other.date_end or other.date_end > one.date_end))
            one.renewed = bool(later)

    @api.constrains("partner_id", "skill_id", "reference", "date_start", "date_end", "active")
    def _check_twice(self):
        for one in self.filtered("active"):
            twin = self.search([
                ("partner_id", "=", one.partner_id.id), ("skill_id", "=", one.skill_id.id), ("id", "!=", one.id),
                ("company_id", "=", one.company_id.id), ("reference", "=", one.reference),
                ("date_start", "=", one.date_start), ("date_end", "=", one.date_end)], limit=1)
            if twin:
                raise ValidationError(self.env._(
                    "%(name)s, certificate %(reference)s, issued on %(day)s, is recorded already.",
                    name=one.display_name, reference=one.reference or "-", day=one.date_start))

    def write(self, vals):
        if {"partner_id", "skill_id", "company_id"} & vals.keys():
            for one in self.filtered(lambda c: c.revoked_on or c.evidence_ids):
                raise UserError(self.env._(
                    "%s is proven by its certificate: holder and skill stay. Record another one.", one.display_name))
        return super().write(vals)

    def _refuse_deletion(self):
        for one in self.filtered(lambda c: c.evidence_ids or c.revoked_on):
            raise UserError(self.env._("%s has a history. Archive or revoke it instead.", one.display_name))

    def _takes_evidence(self):
        return not self.revoked_on

    def action_revoke(self, reason=None):
        """It does not count from today on, for a reason: account managers and legal."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_groups(KEEPERS):
            raise AccessError(self.env._("Only an account manager or legal revokes a certification."))
        reason = self._check_reason(reason)
        for one in self:
            if one.revoked_on:
                raise UserError(self.env._("%s is revoked already.", one.display_name))
            one._write_guarded({
                "revoked_on": one._today(), "revoked_by_id": self.env.uid, "revoke_reason": reason})
        self.env["aftersales.reminder"]._settled("certification", self)

    # --- whether it counts -------------------------------------------------------------------------------------------

    @api.model
    def _held(self, partners, skills, company):
        """{(company partner, skill): its certifications} of ``partners`` and their people; one query."""
        found = self.sudo().search([  # whether a provider is certified is asked for by everybody who opens a request
            ("company_partner_id", "in", partners.commercial_partner_id.ids), ("skill_id", "in", skills.ids),
            ("company_id", "=", company.id)]) if partners and skills else self
        return found.grouped(lambda one: (one.company_partner_id, one.skill_id))

    def _counts_on(self, day):
        """Those of ``self`` that count on ``day``: issued, neither expired nor revoked by then."""
        return self.filtered(
            lambda one: one.date_start <= day and (not one.date_end or one.date_end >= day)
            and (not one.revoked_on or one.revoked_on > day))
