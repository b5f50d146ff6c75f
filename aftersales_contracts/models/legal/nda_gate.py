"""The gate: may party X see document Y for purpose Z at that moment? One method with reasons, asked by everybody."""

from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.explanation import Step
from ...engine.nda import Document as EngineDocument
from ...engine.nda import may_see
from .nda_engine import Names


class Nda(models.Model):
    _inherit = "aftersales.nda"

    @api.model
    def may_see(self, party_id, document_id, purpose_id, on=None, person_id=None):
        """May the party see the document for the purpose on that day? For forms and remote calls of colleagues.

        ``on``: a day (answered for its end in the party's zone) or an instant in UTC as text; empty: now.
        Returns {allowed, reasons, flags, access_ends, duties, steps}. Asking leaves no line in the access log.
        """
        document = self.env["aftersales.document"].browse(document_id)
        document.check_access("read")
        self.check_access("read")
        Partner = self.env["res.partner"]
        found = self._may_see(
            Partner.browse(party_id), document, self.env["aftersales.nda.purpose"].browse(purpose_id), on,
            Partner.browse(person_id or []))
        return {
            "allowed": found.allowed, "reasons": list(found.reasons), "flags": list(found.flags),
            "access_ends": found.access_ends and found.access_ends.isoformat(),
            "duties": [[name, until and until.isoformat(), duty] for name, until, duty in found.duties],
            "steps": [[step.label, step.detail, str(step.value)] for step in found.steps]}

    @api.model
    def _may_see(self, party, document, purpose, on=None, person=None):
        """The engine's `Decision` for one document; see `_may_see_each`."""
        return self._may_see_each(party, document, purpose, on, person)[document]

    @api.model
    def _may_see_each(self, party, documents, purpose, on=None, person=None):
        """{document: engine Decision}, by a number of queries that does not grow with the documents.

        ``party``: a company or a contact of it; ``on``: datetime in naive UTC, a date, text of either, or empty for
        now; ``person``: the contact who looks, where known. A document has purposes of its own besides those of the
        agreements. A category of personal data needs a data-processing agreement as well. A party whose agreements
        count in several zones is judged by each of them, and all must allow.
        """
        documents, purpose = documents.sudo(), purpose.sudo()  # agreements decide for people who may not read them
        party, names = party.sudo().commercial_partner_id, Names()
        ndas = self.sudo()._agreements_of(party)
        agreements, zones = ndas._engine_ndas(names, party), ndas._zones_of(party)
        moments = [(party._engine_party(names, zone), self._instant(on, zone)) for zone in zones]
        person = person.sudo()._engine_person(names) if person else None
        first = self.env["aftersales.nda.access"].sudo()._first_disclosures(party, documents.owner_id)
        found = {}
        for document in documents:
            plain = document._engine_document(names)
            kinds = ("nda", "dpa") if document.confidential and document.category_id.personal_data else ("nda",)
            decisions = [
                may_see(_known(agreements[kind], at), one, plain, names(purpose) if purpose else "", at, person,
                        first.get(document.owner_id))
                for one, at in moments for kind in kinds]
            found[document] = _united(decisions, document._purpose_objections(purpose, names))
        return found

    @api.model
    def _instant(self, on, zone):
        """``on`` as an aware instant: empty is now, a day its end in ``zone``. Raises UserError for other text."""
        if isinstance(on, str):
            try:
                on = fields.Date.to_date(on) if len(on) == 10 else fields.Datetime.to_datetime(on)
            except ValueError as error:
                raise UserError(self.env._(
                    "%r is neither a day (2026-12-31) nor an instant (2026-12-31 23:59:59).", on)) from error
        if not on:
            return datetime.now(UTC)
        if isinstance(on, datetime):
            return on.replace(tzinfo=UTC) if on.tzinfo is None else on
        return datetime.combine(on, time(23, 59, 59), ZoneInfo(zone))

    @api.model
    def _agreements_of(self, party):
        """Agreements that the party, its affiliates, or companies it took over are parties to."""
        related = party | party._affiliates() | party._predecessors()
        return self.search([("party_ids.partner_id.commercial_partner_id", "in", related.ids)], order="id")

    def _zones_of(self, party):
        """The zones in which the party's day is counted: as its agreements say, else as its address does."""
        rows = self.party_ids.filtered(lambda row: row.partner_id.commercial_partner_id == party)
        return sorted(set(filter(None, rows.mapped("tz")))) or [party._agreement_zone()]

    @api.model
    def _lacking_for(self, party, owner, purpose, day):
        """Why ``party`` could be told nothing of ``owner`` for ``purpose`` on ``day``; empty where an agreement allows
        it, whatever its scope and whomever it names."""
        party, owner, names = party.sudo().commercial_partner_id, owner.sudo().commercial_partner_id, Names()
        ndas = self.sudo()._agreements_of(party)  # as above
        agreements = [
            replace(nda, scopes=None, persons=None) for nda in ndas._engine_ndas(names, party)["nda"]]
        anything = EngineDocument("", names(owner), self.env._("any document"), True, names.group(owner))
        decisions = [
            may_see(agreements, party._engine_party(names, zone), anything, names(purpose.sudo()) if purpose else "",
                    self._instant(day, zone)) for zone in ndas._zones_of(party)]
        return tuple(dict.fromkeys(
            reason for decision in decisions if not decision.allowed for reason in decision.reasons))


class Document(models.Model):
    _inherit = "aftersales.document"

    def _purpose_objections(self, purpose, names):
        """What the document itself has against ``purpose``: a list of sentences."""
        if not self.confidential or not self.purpose_ids or purpose in self.purpose_ids:
            return []
        asked = names(purpose) if purpose else "none"
        # Without the name of the document: it may be a secret itself.
        return [f"the document is not given out for the purpose {asked}, "
                f"only {', '.join(sorted(names.each(self.purpose_ids)))}"]


def _known(agreements, at):
    """``agreements`` as they were at ``at``: what was signed later was not signed then."""
    return [replace(nda, signed=None) if nda.signed and nda.signed > at else nda for nda in agreements]


def _united(decisions, own):
    """One decision of several, all of which must allow, and of the document's ``own`` objections."""
    if len(decisions) == 1 and not own:
        return decisions[0]
    refusing = [decision for decision in decisions if not decision.allowed]
    allowed = not refusing and not own
    speaking = decisions if allowed else refusing
    reasons = tuple(dict.fromkeys([*own, *(reason for one in speaking for reason in one.reasons)]))
    ends = [one.access_ends for one in decisions if one.access_ends]
    steps = [step for one in decisions for step in one.steps if step.label != "decision"]
    return replace(
        decisions[0], allowed=allowed, reasons=reasons,
        flags=tuple(dict.fromkeys(flag for one in decisions for flag in one.flags)),
        access_ends=min(ends, default=None) if allowed else None,
        duties=tuple(dict.fromkeys(duty for one in decisions for duty in one.duties)),
        steps=(*dict.fromkeys(steps), Step("decision", "; ".join(reasons), allowed)))
