"""The non-disclosure or data-processing agreement as a document, and what its signing round needs of it."""

from odoo import fields, models
from odoo.exceptions import UserError

from ...report import agreement_values as drawn
from ...report.nda_pdf import render_nda
from .document_words import DocumentWords, address_lines, fingerprint, stamped

REPORT = "aftersales_contracts.report_nda"
RETURN_DUTIES = {"return": "return", "destroy": "destroy", "either": "both"}


class Nda(models.Model):
    _name = "aftersales.nda"
    _inherit = ["aftersales.nda", "aftersales.signable"]
    _signing_field = "nda_id"

    signing_ids = fields.One2many("aftersales.signing", "nda_id", string="Signing Rounds", copy=False)

    def unlink(self):
        """An agreement that was sent for signature stays: people outside have seen it."""
        self._refuse_deletion_once_sent()
        return super().unlink()

    # --- the document --------------------------------------------------------------------------------------------

    def _document_lang(self):
        self.ensure_one()
        return self.lang or self.env.lang or "en_US"

    def _document_pdf(self):
        self.ensure_one()
        nda = self.sudo()  # who may read an agreement may read its document
        values = nda._document_values(DocumentWords(nda.env, nda._printed_lang()))
        return render_nda(values, fonts=nda.company_id._statement_fonts())

    def _document_fingerprint(self):
        self.ensure_one()
        nda = self.sudo()  # as above
        return fingerprint(nda._document_facts(DocumentWords(nda.env, "en_US", neutral=True)))

    def _document_report(self):
        return REPORT

    def _document_kind(self):
        self.ensure_one()
        return dict(self._fields["agreement_type"]._description_selection(self.env))[self.agreement_type]

    def _document_title(self):
        return self.title or ""

    def _document_values(self, words):
        """The `NdaValues` of the agreement as it stands, in the language of ``words``."""
        signed = self._signed_round()
        blocks = [signer._drawn_block() for signer in signed.signer_ids] if signed else [
            drawn.SignatureBlock(person["party_name"], person["person_name"], person["function"])
            for person in self._signing_people()]
        complete = self.state != "draft" or not self.missing_values
        return stamped(
            self._document_facts(words), self._document_fingerprint(), signatures=tuple(blocks), draft=not complete)

    def _document_facts(self, words):
        nda = self.with_env(words.env)
        text = nda.filled_text if nda.state == "draft" else nda._filled_text()
        months = nda.survival_kind == "months" and nda.survival_months
        return drawn.NdaValues(
            number=nda.name if nda.name != "/" else "", kind=nda._document_kind(), title=nda.title or "",
            **words.presentation(nda.company_id), parties=nda._drawn_parties(words), form=nda.kind,
            discloser=nda.discloser_id.commercial_partner_id.name or "", purposes=tuple(nda.purpose_ids.mapped("name")),
            scopes=tuple(nda.scope_ids.mapped("name")),
            persons=tuple(nda.party_ids.person_ids.mapped("name")), start=words.day(nda.effective_date),
            end=words.day(nda.date_end), survival=(months, "month") if months else None,
            secret=nda.survival_kind, return_duty=RETURN_DUTIES.get(nda.return_duty, ""),
            group_wide=nda.group_wide, data_processing=nda.agreement_type == "dpa",
            subjects=nda.data_subjects or "", data=nda.data_categories or "",
            subprocessors=nda._drawn_subprocessors(), law=nda.governing_law_id.name or "", text=text or "",
            contract=", ".join(nda.contract_ids.mapped("name")))

    def _drawn_parties(self, words):
        ours = self.company_id.partner_id
        return tuple(
            drawn.Party(
                name=party.partner_id.commercial_partner_id.name or party.partner_id.name or "",
                role=words.selection(party, "role") if self.kind == "one_way" else "",
                address=address_lines(party.partner_id), vat=party.partner_id.commercial_partner_id.vat or "",
                reference="" if party.partner_id == ours else party.partner_id.commercial_partner_id.ref or "")
            for party in self.party_ids)

    def _drawn_subprocessors(self):
        return tuple(
            ", ".join(filter(None, (row.partner_id.commercial_partner_id.name, row.service, row.country_id.name,
                                    row.safeguard)))
            for row in self.subprocessor_ids)

    # --- the round -----------------------------------------------------------------------------------------------

    def _check_may_send(self):
        super()._check_may_send()
        self._check_keeper()
        self._check_signable()
        if self.missing_values:
            raise UserError(self.env._(
                "Agreement %(name)s needs a value for %(names)s before it is sent.",
                name=self.display_name, names=self.missing_values))

    def action_signed_on_paper(self):
        return self.action_sign_on_paper()

    def _signing_people(self):
        """The named persons of each party, else the party itself: the others first, our side last."""
        self.ensure_one()
        people = []
        us = self.company_id.partner_id.commercial_partner_id
        last = self.party_ids.filtered(lambda party: party.partner_id.commercial_partner_id == us)
        for party in (self.party_ids - last) | last:
            ours = party in last
            person = self.user_id.partner_id if ours else (party.person_ids[:1] or party.partner_id)
            people.append({
                "partner_id": person.id, "person_name": person.name or "", "function": person.function or "",
                "party_name": party.partner_id.commercial_partner_id.name or "", "order": 2 if ours else 1,
                "side": "ours" if ours else "theirs",
                "authorised": self._signing_authority(person, "ours" if ours else "theirs")})
        return people

    def _signing_authority(self, partner, side):
        """Ours: a colleague. Theirs: somebody of a party; legal, who sends it, knows whom it deals with."""
        if side == "ours":
            return bool(partner.user_ids.filtered(lambda user: not user.share))
        return partner.commercial_partner_id in self.party_ids.partner_id.commercial_partner_id

    def _signing_manager(self):
        return self.user_id

    def _other_side(self):
        return self.partner_ids[:1]

    def _round_done(self, signing):
        for party in self.party_ids:
            company = party.partner_id.commercial_partner_id
            names = signing.signer_ids.filtered(
                lambda signer, company=company: signer.partner_id.commercial_partner_id == company
                or (signer.side == "ours" and company == self.company_id.partner_id.commercial_partner_id))
            if names and not party.signed_on:
                party._write_guarded({"signed_by": ", ".join(names.mapped("signed_name"))})
        self._signing_done(signing.completed_at, signing.signed_attachment_id)
