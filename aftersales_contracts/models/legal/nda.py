"""Non-disclosure and data-processing agreements: who may be told what, for which purpose, and until when.

``date_end`` is the last day on which access is allowed; the duty of secrecy runs on until ``secret_until``. What stands
on paper is fixed once the agreement is signed. Its state changes through methods only.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

from ..common.frozen import is_uninstalling

KINDS = [("one_way", "One-way"), ("mutual", "Mutual"), ("multi_party", "Multi-party")]
STATES = [("draft", "Draft"), ("signed", "Signed"), ("expired", "Expired"), ("revoked", "Revoked"),
          ("terminated", "Terminated")]
PAPER = frozenset({
    "agreement_type", "kind", "company_id", "effective_date", "term_kind", "term_months", "date_end", "survival_kind",
    "survival_months", "return_duty", "group_wide", "purpose_ids", "scope_ids", "party_ids", "lang", "title", "text",
    "clause_version_id", "data_subjects", "data_categories", "governing_law_id"})
# Derived ones that a remote call could write over, for they are stored.
DERIVED = frozenset({"last_day", "secret_until"})


class NdaPurpose(models.Model):
    _name = "aftersales.nda.purpose"
    _description = "Purpose of Disclosure"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "A purpose's code must be unique.")


class Nda(models.Model):
    _name = "aftersales.nda"
    _description = "Non-disclosure Agreement"
    _inherit = ["aftersales.guarded", "portal.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "effective_date desc, name desc, id desc"
    _rec_names_search = ["name", "title", "party_ids.partner_id.name"]
    _check_company_auto = True
    _guarded = {  # what was done, by whom and when
        "state": "draft", **dict.fromkeys((
            "signed_on", "signed_document_id", "revoked_on", "revoked_by_id", "terminated_on", "terminated_by_id",
            "ending_reason", "returned_on", "returned_by_id", "return_note", "return_document_id", "renews_id"), False)}

    name = fields.Char(string="Number", readonly=True, copy=False, default="/", index="trigram")
    title = fields.Char(required=True, tracking=True)
    agreement_type = fields.Selection(
        [("nda", "Non-disclosure Agreement"), ("dpa", "Data-processing Agreement")], required=True, default="nda",
        tracking=True)
    kind = fields.Selection(KINDS, required=True, default="mutual", tracking=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    user_id = fields.Many2one(
        "res.users", string="Responsible", default=lambda self: self.env.user, index=True, tracking=True)
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(), string="Language",
        default=lambda self: self.env.lang or self.env.company.partner_id.lang or "en_US")
    party_ids = fields.One2many("aftersales.nda.party", "nda_id", string="Parties", copy=True,
                                default=lambda self: self._default_parties())
    discloser_id = fields.Many2one("res.partner", compute="_compute_sides")
    partner_ids = fields.Many2many(
        "res.partner", string="Other Parties", compute="_compute_sides", search="_search_partner_ids")
    purpose_ids = fields.Many2many("aftersales.nda.purpose", string="Purposes", help="Empty: every purpose.",
                                   tracking=True)
    scope_ids = fields.Many2many(
        "aftersales.document.category", help="Categories of documents; empty: all.", tracking=True)
    effective_date = fields.Date(
        string="Effective from", required=True, default=fields.Date.context_today, tracking=True)
    term_kind = fields.Selection(
        [("months", "For Some Months"), ("end", "Until a Day"), ("perpetual", "Perpetual")], string="Term",
        required=True, default="months", tracking=True)
    term_months = fields.Integer(string="Months", default=24, tracking=True)
    date_end = fields.Date(
        string="Last Day", compute="_compute_date_end", store=True, readonly=False, tracking=True,
        help="The last day on which the agreement gives access; empty: perpetual.")
    last_day = fields.Date(
        string="Ends", compute="_compute_last_day", store=True, index=True,
        help="The last day in force after revocation and termination.")
    survival_kind = fields.Selection(
        [("none", "Ends with the Agreement"), ("months", "Some Months Longer"), ("indefinite", "For Ever")],
        string="Secrecy", required=True, default="months", tracking=True)
    survival_months = fields.Integer(string="Months of Secrecy After the End", default=60, tracking=True)
    secret_until = fields.Date(
        compute="_compute_secret_until", store=True, help="The last day of the duty of secrecy; empty: without end.")
    return_duty = fields.Selection(
        [("none", "None"), ("return", "Return"), ("destroy", "Destroy"), ("either", "Return or Destroy")],
        string="At the End", required=True, default="either", tracking=True)
    returned_on = fields.Date(string="Duty Done on", readonly=True, copy=False, tracking=True)
    returned_by_id = fields.Many2one("res.users", string="Recorded by", readonly=True, copy=False)
    return_note = fields.Text(string="Confirmation", readonly=True, copy=False)
    return_document_id = fields.Many2one("ir.attachment", string="Certificate", readonly=True, copy=False)
    group_wide = fields.Boolean(
        tracking=True, help="The affiliates of the parties are bound, and may be told, as well.")
    data_subjects = fields.Text(help="Whose personal data: customers, employees, ...")
    data_categories = fields.Text(string="Personal Data", help="Which data: contact details, machine logs, ...")
    subprocessor_ids = fields.One2many("aftersales.nda.subprocessor", "nda_id", string="Sub-processors", copy=True)
    governing_law_id = fields.Many2one(
        "res.country", default=lambda self: self.env.company.country_id)
    clause_version_id = fields.Many2one(
        "aftersales.clause.version", string="Library Text", ondelete="restrict", compute="_compute_clause_version_id",
        store=True, readonly=False, domain="[('clause_id.use', '=', agreement_type), ('state', '=', 'approved')]")
    text = fields.Text(compute="_compute_text", store=True, readonly=False, help="Plain text, a paragraph a line.")
    filled_text = fields.Text(compute="_compute_filled_text")
    missing_values = fields.Char(compute="_compute_filled_text")
    contract_ids = fields.Many2many("aftersales.contract", string="Contracts", check_company=True)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", copy=False, tracking=True, index=True)
    signed_on = fields.Datetime(string="Signed", readonly=True, copy=False, tracking=True)
    signed_document_id = fields.Many2one("ir.attachment", readonly=True, copy=False)
    revoked_on = fields.Date(
        string="Revoked from", readonly=True, copy=False, tracking=True, help="The first day without access.")
    revoked_by_id = fields.Many2one("res.users", string="Revoked by", readonly=True, copy=False)
    terminated_on = fields.Date(
        string="Terminated to", readonly=True, copy=False, tracking=True, help="The last day in force.")
    terminated_by_id = fields.Many2one("res.users", string="Terminated by", readonly=True, copy=False)
    ending_reason = fields.Text(string="Reason", readonly=True, copy=False)
    renews_id = fields.Many2one("aftersales.nda", readonly=True, copy=False, ondelete="set null")
    standing = fields.Char(compute="_compute_standing", help="What it is worth today.")

    _number_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name <> '/'", "Two agreements of a company cannot have the same number.")
    _dates_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_end >= effective_date)", "An agreement cannot end before it takes effect.")

    @api.model
    def _default_parties(self):
        return [Command.create({"partner_id": self.env.company.partner_id.id, "role": "both"})]

    # --- derived -------------------------------------------------------------------------------------------------

    @api.depends("name", "title")
    def _compute_display_name(self):
        for nda in self:
            nda.display_name = f"{nda.name} {nda.title or ''}".strip() if nda.name != "/" else nda.title

    def _compute_access_url(self):
        super()._compute_access_url()
        for nda in self:
            nda.access_url = f"/my/ndas/{nda.id}"

    @api.depends("kind", "party_ids.role", "party_ids.partner_id", "company_id")
    def _compute_sides(self):
        for nda in self:
            tellers = nda.party_ids.filtered(lambda party: party.role == "discloser")
            nda.discloser_id = tellers[:1].partner_id if nda.kind == "one_way" else False
            ours = nda.company_id.partner_id
            nda.partner_ids = nda.party_ids.partner_id.filtered(lambda one, ours=ours: one != ours)

    def _search_partner_ids(self, operator, value):
        return Domain("party_ids", "any", [("partner_id", operator, value)])

    @api.depends("term_kind", "term_months", "effective_date")
    def _compute_date_end(self):
        for nda in self:
            if nda.term_kind == "perpetual":
                nda.date_end = False
            elif nda.term_kind == "months" and nda.effective_date and nda.term_months > 0:
                after = fields.Date.add(nda.effective_date, months=nda.term_months)
                nda.date_end = fields.Date.subtract(after, days=1)
            else:
                nda.date_end = nda.date_end

    @api.depends("date_end", "revoked_on", "terminated_on")
    def _compute_last_day(self):
        for nda in self:
            before = fields.Date.subtract(nda.revoked_on, days=1) if nda.revoked_on else None
            nda.last_day = min(filter(None, (nda.date_end, nda.terminated_on, before)), default=False)

    @api.depends("last_day", "survival_kind", "survival_months")
    def _compute_secret_until(self):
        for nda in self:
            if nda.survival_kind == "indefinite" or not nda.last_day:
                nda.secret_until = False
            else:
                months = nda.survival_months if nda.survival_kind == "months" else 0
                nda.secret_until = fields.Date.add(nda.last_day, months=months)

    @api.depends("state", "effective_date", "last_day", "secret_until")
    @api.depends_context("lang")
    def _compute_standing(self):
        for nda in self:
            nda.standing = nda._standing(fields.Date.context_today(nda))

    def _standing(self, today):
        ended = self.last_day and self.last_day < today
        end, until = self._day_text(self.last_day), self._day_text(self.secret_until)
        if self.state == "draft":
            return self.env._("Not signed: it gives no access.")
        if not ended and self.effective_date > today:
            return self.env._("Signed; takes effect on %s.", self._day_text(self.effective_date))
        if not ended:
            return self.env._("In force until %s.", end) if end else self.env._("In force.")
        if self.survival_kind == "none":
            return self.env._("Ended on %s.", end)
        if self.survival_kind == "indefinite":
            return self.env._("Ended on %s; secrecy stays for ever.", end)
        if self.secret_until >= today:
            return self.env._("Ended on %(end)s; secrecy until %(until)s.", end=end, until=until)
        return self.env._("Ended on %(end)s; secrecy ended on %(until)s.", end=end, until=until)

    # --- guards --------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [{name: value for name, value in vals.items() if name not in DERIVED} for vals in vals_list]
        for vals in vals_list:
            if vals.get("date_end") and "term_kind" not in vals:
                vals["term_kind"] = "end"
            if vals.get("term_kind", "months") != "end":
                vals.pop("date_end", None)  # computed
            if vals.get("name", "/") == "/":
                company = vals.get("company_id") or self.env.company.id
                sequence = self.env["ir.sequence"].with_company(company).sudo()  # whoever may create may number
                vals["name"] = sequence.next_by_code("aftersales.nda", vals.get("effective_date")) or "/"
        return super().create(vals_list)

    def write(self, vals):
        if (PAPER | DERIVED) & set(vals):
            self._refuse_signed()
        derived = set(DERIVED)
        if "end" not in {vals.get("term_kind", nda.term_kind) for nda in self}:
            derived.add("date_end")
        return super().write({name: value for name, value in vals.items() if name not in derived})

    def _refuse_signed(self):
        signed = self.filtered(lambda nda: nda.state != "draft")[:1]
        if signed:
            raise UserError(self.env._(
                "Agreement %s is signed: what stands on paper does not change. Renew it with other terms, or revoke "
                "it.", signed.display_name))

    def unlink(self):
        """Drafts only; not by ``ondelete``, whose exception for uninstalling a remote call can claim as well."""
        if not is_uninstalling(self.env):
            self._refuse_signed()
        return super().unlink()

    @api.constrains("term_kind", "term_months", "date_end", "survival_kind", "survival_months")
    def _check_term(self):
        for nda in self:
            if nda.term_kind == "months" and nda.term_months < 1:
                raise ValidationError(self.env._(
                    "Agreement %(name)s: a term of %(months)s months is none. Write at least 1, or choose another "
                    "term.", name=nda.display_name, months=nda.term_months))
            if nda.term_kind == "end" and not nda.date_end:
                raise ValidationError(self.env._("Agreement %s: enter its last day.", nda.display_name))
            if nda.survival_kind == "months" and nda.survival_months < 1:
                raise ValidationError(self.env._(
                    "Agreement %(name)s: secrecy for %(months)s months after the end is none. Write at least 1, or "
                    "choose that it ends with the agreement.", name=nda.display_name, months=nda.survival_months))
