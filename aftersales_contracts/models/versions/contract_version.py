"""Version: what changed on the paper, from which day on, recorded once and for all.

Version 1 is the contract as it was signed. Every amendment and every action that changes the paper adds one; nobody
edits or deletes any, whoever asks. The terms of a day follow from them (``engine.versions``).
"""

import hashlib
import json
from datetime import UTC, date

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine import versions as engine
from .version_terms import difference

KINDS = [("signed", "Signed"), ("amendment", "Amendment"), ("change", "Change")]
HASHED = ("number", "effective_on", "recorded_at", "kind", "reason", "changes", "names", "previous_hash")


class ContractVersion(models.Model):
    _name = "aftersales.contract.version"
    _inherit = ["aftersales.frozen"]
    _description = "Contract Version"
    _order = "contract_id, number desc"
    _rec_name = "number"

    contract_id = fields.Many2one(
        "aftersales.contract", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    number = fields.Integer(string="Version", required=True, readonly=True, aggregator=None)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    effective_on = fields.Date(string="Effective from", required=True, readonly=True)
    recorded_at = fields.Datetime(string="Recorded", required=True, readonly=True)
    recorded_by_id = fields.Many2one("res.users", string="Recorded by", readonly=True, ondelete="restrict")
    reason = fields.Text(readonly=True)
    changes = fields.Json(readonly=True, help="What it changes: the terms from its day on.")
    names = fields.Json(readonly=True, help="What the records named by it were called when it was recorded.")
    amendment_id = fields.Many2one(
        "aftersales.contract", readonly=True, index="btree_not_null", ondelete="restrict")
    previous_hash = fields.Char(readonly=True)
    sha256 = fields.Char(string="SHA-256", readonly=True, help="Of this version and the hash of the one before it.")
    applied_at = fields.Datetime(
        string="Entered", readonly=True,
        help="When the contract's own fields took it over; empty: its day has not come.")
    cancelled_at = fields.Datetime(string="Cancelled", readonly=True)
    cancelled_by_id = fields.Many2one("res.users", string="Cancelled by", readonly=True, ondelete="restrict")
    is_backdated = fields.Boolean(
        string="Backdated", compute="_compute_is_backdated", help="Recorded after the day from which it holds.")

    _number_uniq = models.Constraint(
        "UNIQUE(contract_id, number)", "Two versions of a contract cannot have the same number.")
    _number_positive = models.Constraint("CHECK(number > 0)", "Versions are numbered from 1 on.")
    _amendment_uniq = models.UniqueIndex("(amendment_id) WHERE amendment_id IS NOT NULL",
                                         "An amendment is recorded once.")

    @api.depends("contract_id", "number")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(contract)s, version %(number)s", contract=version.contract_id.name, number=version.number)

    @api.depends("effective_on", "recorded_at")
    def _compute_is_backdated(self):
        for version in self:
            version.is_backdated = bool(version.number != 1 and version.recorded_at) and (
                version._recorded_on() > version.effective_on)

    def _recorded_on(self):
        """The day on which it was recorded, in the contract's zone."""
        zoned = self.with_context(tz=self.contract_id._zone())
        return fields.Datetime.context_timestamp(zoned, self.recorded_at).date()

    # --- guard -------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Versions are recorded by signature and by the actions of a contract only."))
        return super().create(vals_list)

    def _frozen(self):
        return self

    def _refuse_frozen(self):
        if self:
            raise UserError(self.env._(
                "Version %(number)s of contract %(contract)s is recorded: it neither changes nor goes. Make an "
                "amendment.",
                number=self[:1].number, contract=self[:1].contract_id.display_name))

    def _mark(self, vals):
        """Write when a version entered the contract, or was cancelled in time: all that is ever added to it."""
        if not set(vals) <= {"applied_at", "cancelled_at", "cancelled_by_id"}:
            self._refuse_frozen()
        return self._write_unguarded(vals)

    # --- recording ---------------------------------------------------------------------------------------------------

    @api.model
    def _record(self, rows):
        """Create versions: ``rows`` are dicts of contract_id, kind, effective_on, changes, reason, and more fields.

        They are numbered and chained by hash in the order given; names of the records used are frozen in the language
        of the contract. One pass for all contracts.
        """
        contracts = self.env["aftersales.contract"].browse({row["contract_id"] for row in rows})
        contracts.sudo().lock_for_update(allow_referencing=True)  # numbers and hashes follow one another
        last = {contract.id: contract.version_ids.sorted("number")[-1:] for contract in contracts}
        numbers = {key: version.number for key, version in last.items()}
        hashes = {key: version.sha256 for key, version in last.items()}
        names = self._names_of_rows(rows, contracts)
        now, values = fields.Datetime.now(), []
        for row, row_names in zip(rows, names, strict=True):
            contract = contracts.browse(row["contract_id"])
            numbers[contract.id] += 1
            row = {
                "recorded_at": now, "recorded_by_id": self.env.uid, "reason": "", **row,
                "effective_on": fields.Date.to_date(row["effective_on"]),
                "number": numbers[contract.id], "names": row_names,
                "previous_hash": hashes[contract.id] or ""}
            row["sha256"] = hashes[contract.id] = _digest(row)
            values.append(row)
        return self.sudo().create(values)  # recorded by the system, for whoever acts on the contract

    @api.model
    def _names_of_rows(self, rows, contracts):
        """The names of the records that each row's changes name, in the language of its contract."""
        langs = [contracts.browse(row["contract_id"]).lang or self.env.lang for row in rows]
        found = [None] * len(rows)
        for lang in set(langs):
            places = [place for place, one in enumerate(langs) if one == lang]
            names = contracts.with_context(lang=lang)._names_of_all([rows[place]["changes"] for place in places])
            for place, row_names in zip(places, names, strict=True):
                found[place] = row_names
        return found

    def _correct_closed(self, cancelled=False):
        """These versions were recorded (or cancelled): settle what they change in periods that are billed."""

    def _engine(self):
        """These versions as the engine's."""
        return [
            engine.Version(
                version.number, version.effective_on, version.recorded_at.replace(tzinfo=UTC), version.changes,
                version.cancelled_at and version.cancelled_at.replace(tzinfo=UTC) or None)
            for version in self]

    def _broken(self):
        """The versions whose hash does not fit their content or the version before: empty unless the database was
        changed from outside."""
        broken = self.browse()
        for _contract, versions in self.grouped("contract_id").items():
            previous = ""
            for version in versions.sorted("number"):
                row = {name: version[name] for name in HASHED}
                if (version.previous_hash or "") != previous or version.sha256 != _digest(row):
                    broken += version
                previous = version.sha256
        return broken


def _digest(row):
    """SHA-256 (hex) of what a version says; dates and instants as ISO text, nothing as ""."""
    plain = {name: row[name].isoformat() if hasattr(row[name], "isoformat") else row[name] or "" for name in HASHED}
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Contract(models.Model):
    _inherit = "aftersales.contract"

    version_ids = fields.One2many("aftersales.contract.version", "contract_id", string="Versions", copy=False)
    version_count = fields.Integer(compute="_compute_version_count")

    @api.depends("version_ids")
    def _compute_version_count(self):
        counts = dict(self.env["aftersales.contract.version"]._read_group(
            [("contract_id", "in", self.ids)], ["contract_id"], ["__count"]))
        for contract in self:
            contract.version_count = counts.get(contract, 0)

    def _moved(self, action):
        super()._moved(action)
        if action == "sign":
            proper = self.filtered(lambda contract: not contract.amends_id)
            proper._record_first(self.env._("The contract as signed."))

    def _record_first(self, reason):
        """Version 1 of the contracts that have none: what the paper says now, from the first day on."""
        now = fields.Datetime.now()
        self.env["aftersales.contract.version"]._record([
            {"contract_id": contract.id, "kind": "signed", "effective_on": contract.date_start, "reason": reason,
             "changes": contract._version_terms(), "applied_at": now}
            for contract in self if not contract.version_ids])

    def _record_change(self, effective, reason):
        """Record what an action of the lifecycle has just changed on the paper, as a version effective on that day.

        Called after the fields and rows were written, on any number of contracts. Nothing changed, nothing recorded. A
        version that already takes effect later and says the same field otherwise is followed by one of its own day,
        so that what was done last holds; what a signed amendment will bring in future stays as signed.
        """
        super()._record_change(effective, reason)
        contracts = self.filtered(lambda contract: not contract.amends_id and not contract.is_template)
        unversioned = contracts.filtered(lambda contract: not contract.version_ids)
        unversioned._record_first(self.env._("Recorded when the contract first changed: %s", reason))
        rows, now = [], fields.Datetime.now()
        for contract in contracts - unversioned:
            changes = difference(contract._entered_terms(), contract._version_terms())
            base = {"contract_id": contract.id, "kind": "change", "reason": reason, "applied_at": now}
            rows += [{**base, "effective_on": day, "changes": part}
                     for day, part in contract._days_of_change(effective, changes)]
        if rows:
            self.env["aftersales.contract.version"]._record(rows)._correct_closed()

    def _days_of_change(self, effective, changes):
        """(day, changes) to record: on ``effective``, and again on later days whose versions would cover them up."""
        if not changes:
            return []
        effective = fields.Date.to_date(effective)
        found = [(effective, changes)]
        later = {}
        for version in self.version_ids:
            if version.applied_at and version.effective_on > effective:
                later.setdefault(version.effective_on, set()).update(version.changes)
        for day in sorted(later):
            part = {key: value for key, value in changes.items() if key in later[day]}
            if part:
                found.append((day, part))
        return found

    def _entered_terms(self):
        """The flat terms that the contract's own fields and rows should show: all versions that have entered."""
        entered = self.version_ids.filtered(lambda version: version.applied_at and not version.cancelled_at)
        return dict(engine.as_of(entered._engine(), date.max).terms)
