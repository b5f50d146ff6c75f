"""The paper: what both sides sign. Which of its parts are locked, what it says, and the hash of what it says.

The contract itself and its rows (lines, parties, clauses, promises, ...) share one rule: what stands on paper changes
while the contract is a draft, and afterwards by the actions of the lifecycle and by amendments only. Those write past
the lock by the private ``_..._unlocked`` methods; nothing that a remote call can send opens it.
"""

import hashlib
import json
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...engine.contract_lifecycle import locked_fields
from ..common.frozen import is_uninstalling


class PaperRow(models.AbstractModel):
    """A row that stands on the contract's paper, such as a price line, a clause or a party."""

    _name = "aftersales.paper.row"
    _description = "Row of a Contract"
    _paper_group = None  # the group of engine.contract_lifecycle.GROUPS that locks it
    _paper_fields = ()  # what of it stands on paper, in the order of reading
    _paper_added = frozenset()  # those of them that came later: left out while empty, so that older hashes still fit

    contract_id = fields.Many2one("aftersales.contract", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    row_key = fields.Char(readonly=True, index=True, default=lambda self: uuid4().hex)

    @api.model_create_multi
    def create(self, vals_list):
        contracts = self.env["aftersales.contract"].browse(
            {vals["contract_id"] for vals in vals_list if vals.get("contract_id")})
        self._refuse_locked_rows(contracts)
        return super().create(vals_list)

    def write(self, vals):
        touched = {*self._paper_fields, "contract_id", "row_key"} & set(vals)
        if touched:
            self.filtered(lambda row: _differs(row, vals, touched))._refuse_locked()
        if "contract_id" in vals:
            self._refuse_locked_rows(self.env["aftersales.contract"].browse(vals["contract_id"]))
        return super().write(vals)

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_locked()
        return super().unlink()

    @api.model_create_multi
    def _create_unlocked(self, vals_list):
        """Create rows on a contract whatever its state: for amendments and actions of the lifecycle."""
        return super().create(vals_list)  # pylint: disable=super-method-mismatch

    def _write_unlocked(self, vals):
        """Write whatever the state of the contract: for amendments and actions of the lifecycle."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    def _unlink_unlocked(self):
        """Remove rows whatever the state of the contract: for amendments."""
        return super().unlink()  # pylint: disable=super-method-mismatch

    def _refuse_locked(self):
        self._refuse_locked_rows(self.contract_id)

    def _refuse_locked_rows(self, contracts):
        shared = contracts.filtered(lambda contract: not contract.company_id)
        if shared and not (self.env.su or self.env.user.has_group("aftersales_contracts.group_administrator")):
            raise AccessError(self.env._(
                "%s is shared by all companies: only an administrator changes it.", shared[0].display_name))
        for contract in contracts:
            if self._paper_group in locked_fields(contract.state):
                raise UserError(self.env._(
                    "%(what)s of contract %(contract)s cannot change: %(remedy)s",
                    what=self._description, contract=contract.display_name, remedy=contract._lock_remedy()))

    def _paper_row_terms(self):
        """{field: plain value} of what stands on paper in this row."""
        self.ensure_one()
        terms = {name: plain_value(self, name) for name in self._paper_fields}
        return {name: value for name, value in terms.items() if value or name not in self._paper_added}


class Contract(models.Model):
    _inherit = "aftersales.contract"

    @api.model
    def _paper_groups(self):
        """{field of the contract that stands on paper: its group of the lifecycle table}. Rooms add theirs."""
        return {
            "title": "identity", "partner_id": "identity", "company_id": "identity", "currency_id": "identity",
            "contract_type_id": "identity", "lang": "identity", "dealer_id": "parties", "date_start": "term",
            "date_end": "term", "service_mode": "scope", "sourcing": "scope", "tier_ids": "scope", "type_ids": "scope",
            "product_ids": "scope", "calendar_id": "promises", "policy_id": "promises",
        }

    @api.model
    def _paper_rows(self):
        """{prefix of the key in `_paper_terms`: one2many field of `aftersales.paper.row`}. Rooms add theirs."""
        return {}

    def _paper_terms(self):
        """What the paper says: {field: plain value} and {"<prefix>:<row key>": {field: plain value}} in one flat dict.

        Plain values fit JSON: ids for records, sorted lists of ids, ISO dates, numbers, text; None for nothing.
        """
        self.ensure_one()
        terms = {name: plain_value(self, name) for name in self._paper_groups()}
        for prefix, name in self._paper_rows().items():
            terms.update({f"{prefix}:{row.row_key}": row._paper_row_terms() for row in self[name]})
        return terms

    def _paper_fingerprint(self):
        """SHA-256 (hex) of what the paper says: it changes when, and only when, a term does."""
        text = json.dumps(self._paper_terms(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def _refuse_locked(self, vals):
        """Raise UserError for the first field among ``vals`` that is locked and would change."""
        groups = self._paper_groups()
        names = [name for name in vals if name in groups]
        for contract in self if names else ():
            locked = locked_fields(contract.state)
            for name in names:
                if groups[name] in locked and _differs(contract, vals, [name]):
                    raise UserError(self.env._(
                        "%(field)s of contract %(name)s cannot change: %(remedy)s",
                        field=self._fields[name]._description_string(self.env), name=contract.display_name,
                        remedy=contract._lock_remedy()))

    def _lock_remedy(self):
        """Why this contract is locked in its state, and what to do instead, in a sentence."""
        _ = self.env._
        return {
            "review": _("it is in review. Reject it first, then it is a draft again."),
            "approved": _("it is approved. Reset it to draft first; it is then approved again."),
            "signed": _("it is signed. Terminate it and copy it to a new draft, or amend it once it is in force."),
            "expired": _("it has expired. Renew it, or copy it to a new contract."),
            "terminated": _("it was terminated. Copy it to a new contract."),
        }.get(self.state, _("it is in force. Make an amendment."))

    def copy_data(self, default=None):
        """Rows of an ordinary copy are new; those of an amendment's draft keep the keys of the rows they change."""
        copied = super().copy_data(default)
        if not (default or {}).get("amends_id"):
            for vals in copied:
                for name in self._paper_rows().values():
                    for command in vals.get(name) or ():
                        command[2].pop("row_key", None)
        return copied


def _differs(record, vals, names):
    """Whether writing ``vals`` would change one of the fields ``names`` of ``record``."""
    for name in names:
        field = record._fields[name]
        if field.type in ("one2many", "many2many"):
            after = record.new({name: vals[name]}, origin=record)[name]
            if set(after._origin.ids) != set(record[name].ids):
                return True
        elif field.convert_to_cache(vals[name], record) != field.convert_to_cache(record[name], record):
            return True
    return False


def plain_value(record, name):
    """The value of a field as JSON can hold it."""
    field, value = record._fields[name], record[name]
    if field.type == "many2one":
        return value.id or None
    if field.type in ("one2many", "many2many"):
        return sorted(value.ids)
    if field.type in ("date", "datetime"):
        return value.isoformat() if value else None
    if field.type in ("boolean", "integer", "float", "monetary"):
        return value
    return value or None
