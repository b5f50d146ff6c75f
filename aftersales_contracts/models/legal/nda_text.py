"""The text of an agreement: chosen from the library by type, kind and language, filled with its own values."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ...engine import clause_text
from ...engine.errors import EngineError
from .clause_placeholders import as_written, filled, one_line, party_values
from .clause_version import cleaned


class Nda(models.Model):
    _inherit = "aftersales.nda"

    @api.depends("agreement_type", "kind", "lang")
    def _compute_clause_version_id(self):
        for nda in self:
            chosen = nda.clause_version_id
            if nda.state == "draft" and (not chosen or not nda._fits(chosen)):
                nda.clause_version_id = nda._library_version()

    def _fits(self, version):
        clause = version.clause_id
        return clause.use == self.agreement_type and clause.nda_kind in (self.kind, False) and version.lang == self.lang

    def _library_version(self):
        clauses = self.env["aftersales.clause"].search([
            ("use", "=", self.agreement_type), ("nda_kind", "in", [self.kind, False]),
            ("company_id", "in", [False, self.company_id.id])])
        clause = clauses.sorted(lambda one: (not one.nda_kind, not one.company_id, one.sequence))[:1]
        today = fields.Date.context_today(self)
        return clause._pick_version(self.lang, today) if clause else self.env["aftersales.clause.version"]

    @api.depends("clause_version_id")
    def _compute_text(self):
        for nda in self:
            nda.text = nda.clause_version_id.text or nda.text

    @api.depends(
        "text", "party_ids", "kind", "effective_date", "date_end", "survival_months", "governing_law_id", "lang")
    @api.depends_context("lang")
    def _compute_filled_text(self):
        for nda in self:
            nda.filled_text, missing = filled(nda.text or "", nda._filling())
            nda.missing_values = ", ".join(as_written(name) for name in missing)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([{**vals, **cleaned(vals)} for vals in vals_list])

    def write(self, vals):
        return super().write({**vals, **cleaned(vals)})

    @api.constrains("text")
    def _check_text(self):
        for nda in self:
            try:
                clause_text.placeholders(nda.text or "")
            except EngineError as error:
                raise ValidationError(self.env._(
                    "Agreement %(name)s: %(reason)s.", name=nda.display_name, reason=error)) from error

    @api.model
    def _placeholder_labels(self):
        """{name: what it stands for}."""
        _ = self.env._
        return {
            "number": _("number of the agreement"), "company": _("our company"), "company_address": _("our address"),
            "company_vat": _("our tax number"), "partner": _("the first other party"),
            "partner_address": _("its address"), "partner_vat": _("its tax number"),
            "parties": _("all parties"), "discloser": _("who tells"), "recipient": _("who is told"),
            "first_day": _("first day"), "last_day": _("last day"), "purposes": _("purposes"),
            "scope": _("categories of documents"), "secrecy_months": _("months of secrecy after the end"),
            "governing_law": _("country of the law"), "data_subjects": _("whose personal data"),
            "data_categories": _("which personal data"), "subprocessors": _("sub-processors"),
        }

    def _placeholder_values(self):
        """{name: text, or None where there is no value}, in the language of the agreement."""
        self.ensure_one()
        nda = self.with_context(lang=self.lang or self.env.lang)
        others = nda.partner_ids._origin.commercial_partner_id or nda.party_ids.partner_id.commercial_partner_id
        told = others if nda.kind != "one_way" else nda.party_ids.filtered(lambda p: p.role != "discloser").partner_id
        return {
            "number": nda.name if nda.name != "/" else None,
            **party_values("company", nda.company_id.partner_id), **party_values("partner", others[:1]),
            "parties": nda._listed(nda.party_ids.partner_id), "discloser": nda.discloser_id.name,
            "recipient": nda._listed(told), "first_day": nda._day_text(nda.effective_date),
            "last_day": nda._day_text(nda.date_end), "purposes": nda._listed(nda.purpose_ids),
            "scope": nda._listed(nda.scope_ids),
            "secrecy_months": str(nda.survival_months) if nda.survival_kind == "months" else None,
            "governing_law": nda.governing_law_id.name, "data_subjects": nda.data_subjects,
            "data_categories": nda.data_categories, "subprocessors": nda._listed(nda.subprocessor_ids.partner_id),
        }

    def _filling(self):
        return {name: one_line(value) for name, value in self._placeholder_values().items()}

    def _listed(self, records):
        return ", ".join(filter(None, records.mapped("name"))) or None

    def _day_text(self, day):
        """``day`` as the language of the context writes it, which is that of the agreement when it is filled."""
        return format_date(self.env, day) if day else None

    def _filled_text(self):
        """The text to print. Raises UserError naming the placeholders without a value."""
        self.ensure_one()
        text, missing = filled(self.text or "", self._filling())  # of now: not what a form has computed before
        if missing:
            raise UserError(self.env._(
                "Agreement %(name)s needs a value for %(names)s. Fill it in, or take it out of the text.",
                name=self.display_name, names=", ".join(map(as_written, missing))))
        return text
