"""The contract as a document: the one translator of its terms into what the PDF draws."""

from odoo import models

from ...report import agreement_values as drawn
from ...report.contract_pdf import render_contract
from .document_words import DocumentWords, address_lines, fingerprint, stamped

REPORT = "aftersales_contracts.report_contract"
DRAFT_STATES = ("draft", "review")


class Contract(models.Model):
    _name = "aftersales.contract"
    _inherit = ["aftersales.contract", "aftersales.signable"]
    _signing_field = "contract_id"

    def _document_pdf(self):
        self.ensure_one()
        contract = self.sudo()  # who may read a contract may read its document, whatever its rows are made of
        values = contract._document_values(DocumentWords(contract.env, contract._printed_lang()))
        return render_contract(values, fonts=contract.company_id._statement_fonts())

    def _document_fingerprint(self):
        self.ensure_one()
        contract = self.sudo()  # as above
        return fingerprint(contract._document_facts(DocumentWords(contract.env, "en_US", neutral=True)))

    def _document_report(self):
        return REPORT

    def _document_kind(self):
        self.ensure_one()
        kind = self.contract_type_id.name or dict(self._fields["kind"]._description_selection(self.env))[self.kind]
        return self.env._("Amendment to %s", kind) if self.amends_id else kind

    def _document_title(self):
        return self.title or ""

    def _document_values(self, words):
        """The `ContractValues` of the contract as it stands, in the language of ``words``."""
        facts = self._document_facts(words)
        signed = self._signed_round()
        return stamped(
            facts, self._document_fingerprint(), signatures=self._signature_blocks(signed),
            version=self._document_version(), draft=self.state in DRAFT_STATES)

    def _document_facts(self, words):
        """The same without who has signed."""
        contract = self.with_env(words.env)
        return drawn.ContractValues(
            number=contract.name if contract.name != "/" else "", kind=contract._document_kind(),
            title=contract.title or "", **words.presentation(contract.company_id),
            parties=contract._drawn_parties(words), term=contract._drawn_term(words),
            mode=words.selection(contract, "service_mode"), scope=contract._drawn_scope(words),
            levels=contract._drawn_levels(words), schedule=contract._drawn_schedule(words),
            plan=contract.plan_id.name or "", promises=contract._drawn_promises(words),
            assets=contract._drawn_assets(words), **contract._drawn_prices(words),
            clauses=contract._drawn_clauses(), annexes=contract._drawn_annexes())

    def _document_version(self):
        """The number that this paper has, or will have once it is signed."""
        main = self.amends_id or self
        numbers = main.version_ids.filtered("applied_at" if main == self else "number").mapped("number")
        return str(max(numbers, default=0 if self.amends_id else 1) + bool(self.amends_id))

    # --- parties and signatures ----------------------------------------------------------------------------------

    def _drawn_parties(self, words):
        """Our company, the other side, other parties; people who only sign stand with the party they sign for."""
        ours = self.company_id.partner_id
        found = [(ours, self.env._("Customer") if self.kind == "provider" else self.env._("Provider of the service"))]
        for party in self.party_ids:
            if party.role != "signatory" and self._signing_side(party.partner_id) == "theirs":
                found.append((party.partner_id, words.selection(party, "role")))
        return tuple(self._drawn_party(partner, role) for partner, role in found)

    def _drawn_party(self, partner, role):
        company = partner.commercial_partner_id
        ours = company == self.company_id.partner_id.commercial_partner_id
        signing = self._signatories().partner_id.filtered(
            lambda person: self._signing_side(person) == "ours" if ours else person.commercial_partner_id == company)
        names = [_with_function(person) for person in signing - company]
        return drawn.Party(
            name=company.name or partner.name or "", role=role, address=address_lines(partner),
            vat=company.vat or "", reference="" if ours else company.ref or "",
            signatories=tuple(names))

    def _signature_blocks(self, signed):
        """Where each signs, in order: those of the round that is complete, else those of the parties."""
        if signed:
            return tuple(signer._drawn_block() for signer in signed.signer_ids)
        return tuple(
            drawn.SignatureBlock(
                person["party_name"], person["person_name"], person["function"]) for person in self._signing_people())

    # --- term ----------------------------------------------------------------------------------------------------

    def _drawn_term(self, words):
        agreed = self.notice_period > 0
        return drawn.Term(
            start=words.day(self.date_start), end=words.day(self.date_end), renewal=self.renewal_kind or "",
            every=(self.renewal_interval, self.renewal_unit), maximum=self.renewal_max or None,
            grace_days=self.grace_days, notice=(self.notice_period, self.notice_unit) if agreed else None,
            method=words.selection(self, "notice_method") if agreed else "",
            receipt=self.notice_receipt if agreed else "", counted_from=self.notice_from or "end",
            cut_off=words.time(self.notice_cut_off) if agreed and self.notice_cut_off else "",
            last_safe_day=words.day(self.last_safe_day), amends=self.amends_id.name or "",
            effective=words.day(self.effective_on))

    # --- clauses and annexes -------------------------------------------------------------------------------------

    def _drawn_clauses(self):
        """As printed; of a draft also those whose placeholders have no value yet, as they are written."""
        if self.state in DRAFT_STATES:
            rows = self.clause_ids.sorted(lambda row: (row.sequence, row.id))
            return tuple(drawn.ClauseText(row.number or "", row.title or "", row.filled_text or "") for row in rows)
        return tuple(self._clause_texts())

    def _drawn_annexes(self):
        """Names of the documents that belong to the contract. Rooms add theirs."""
        return ()


def _with_function(person):
    return f"{person.name} ({person.function})" if person.function else person.name or ""
