"""Agreements, parties, persons and documents as the engine's plain values.

Its keys are names, so that its reasons read as sentences. What has the same name gets its number added and stays
another thing.
"""

from datetime import UTC

from odoo import fields, models

from ...engine import nda as engine
from ...engine.errors import EngineError


class Names:
    """Keys for one question: each record its own, whoever else has the same name; groups are looked up once."""

    def __init__(self):
        self._keys, self._taken, self._groups = {}, set(), {}

    def __call__(self, record):
        if record not in self._keys:
            name = record.display_name
            if name in self._taken:
                name = f"{name} (#{record.id})"
            self._taken.add(name)
            self._keys[record] = name
        return self._keys[record]

    def each(self, records):
        """The keys of ``records``."""
        return frozenset(self(record) for record in records)

    def some(self, records):
        """What ``records`` restrict to; None where there are none: no restriction."""
        return self.each(records) if records else None

    def group(self, company):
        """The keys of the affiliates of ``company``."""
        if company not in self._groups:
            self._groups[company] = self.each(company._affiliates())
        return self._groups[company]


class Nda(models.Model):
    _inherit = "aftersales.nda"

    def _engine_ndas(self, names, party):
        """{"nda": [...], "dpa": [...]}: these agreements, with the persons named for ``party``.

        A draft whose terms contradict themselves is left out: it binds nobody. A signed one was checked.
        """
        found = {"nda": [], "dpa": []}
        for nda in self:
            try:
                found[nda.agreement_type].append(nda._engine_nda(names, party))
            except EngineError:
                if nda.state != "draft":
                    raise
        return found

    def _engine_nda(self, names=None, party=None, signed=None):
        """The engine's `Nda`. Raises EngineError for terms that contradict one another."""
        self.ensure_one()
        names = names or Names()
        ends = min(filter(None, (self.date_end, self.terminated_on)), default=None)
        return engine.Nda(
            key=names(self),
            kind=self.kind,
            parties=tuple(names(row.partner_id.commercial_partner_id) for row in self.party_ids),
            effective=self.effective_date,
            end=fields.Date.add(ends, days=1) if ends else None,
            discloser=names(self.discloser_id.commercial_partner_id) if self.discloser_id else None,
            purposes=names.some(self.purpose_ids),
            scopes=names.some(self.scope_ids),
            persons=names.some(self._named_persons(party)) if party else None,
            group_wide=self.group_wide,
            signed=signed or (self.signed_on.replace(tzinfo=UTC) if self.signed_on else None),
            revoked=self.revoked_on or None,
            secret_until=fields.Date.add(self.secret_until, days=1) if self.secret_until else None,
            return_or_destroy=self.return_duty != "none",
        )

    def _named_persons(self, party):
        """The persons named for ``party``; where others of its group signed, for those. Empty: everybody."""
        own = party | party._predecessors()
        rows = self.party_ids.filtered(lambda row: row.partner_id.commercial_partner_id in own)
        if not rows and self.group_wide:
            group = party._affiliates()
            rows = self.party_ids.filtered(lambda row: row.partner_id.commercial_partner_id in group)
        return rows.person_ids


class Document(models.Model):
    _inherit = "aftersales.document"

    def _engine_document(self, names):
        owner = self.owner_id.commercial_partner_id
        return engine.Document(
            names(self), names(owner), names(self.category_id), self.confidential, names.group(owner))


class Partner(models.Model):
    _inherit = "res.partner"

    def _engine_party(self, names, zone):
        return engine.Party(names(self), names.group(self), zone, names.each(self._predecessors()))

    def _engine_person(self, names):
        """This contact as somebody who acts for its company; an archived one has left."""
        left = self.aftersales_left_on or None
        if not self.active:
            left = min(filter(None, (left, self.write_date.date())))
        return engine.Person(names(self), names(self.commercial_partner_id), left)
