"""Fields that only a record's own methods set: its state, who decided, when. Whoever asks, however."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .frozen import is_uninstalling


class Guarded(models.AbstractModel):
    """``_guarded``: {field: its value in a new record}. Methods of the model write them by ``_write_guarded``."""

    _name = "aftersales.guarded"
    _description = "Fields Set by Methods Only"
    _guarded = {}

    @api.model_create_multi
    def create(self, vals_list):
        """New records start where records start: neither values nor defaults of the context say otherwise."""
        if not self.env.su:
            for vals in vals_list:
                self._refuse_guarded(vals)
        return super().create([{**self._guarded, **vals} for vals in vals_list])

    def write(self, vals):
        self._refuse_guarded(vals)
        return super().write(vals)

    def _write_guarded(self, vals):
        """Write what a method of the model decided."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    def unlink(self):
        """Not by ``ondelete``: its exception for uninstalling is a context key, which a remote call can send too."""
        if not is_uninstalling(self.env):
            self._refuse_deletion()
        return super().unlink()

    def _refuse_deletion(self):
        """Raise UserError for the first record that must stay. Models say which."""

    @api.model
    def _refuse_guarded(self, vals):
        for name in sorted(self._guarded.keys() & vals.keys()):
            raise UserError(self.env._(
                "%(field)s of %(model)s changes only through its buttons.",
                field=self._fields[name]._description_string(self.env), model=self._description))


class Appended(models.AbstractModel):
    """Records that are added and then stay as they are, whoever asks."""

    _name = "aftersales.appended"
    _description = "Appended Only"

    def write(self, vals):
        self._refuse_change()
        return super().write(vals)

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_deletion()
        return super().unlink()

    def _refuse_change(self):
        if self:
            raise UserError(self.env._("%s is on record and does not change.", self[:1].display_name))

    def _refuse_deletion(self):
        self._refuse_change()


class Handled(models.AbstractModel):
    """Records with an owner, who may bring in evidence and report it done without the right to change the terms."""

    _name = "aftersales.handled"
    _description = "Handled by an Owner"

    def _handlers(self):
        """Users who may report on the record besides those who may change it."""
        self.ensure_one()
        return self.user_id

    def _check_may_handle(self):
        """Raise AccessError unless the current user may change the records, or handles them."""
        self.check_access("read")
        if self.env.su or self.has_access("write"):
            return
        for record in self:
            if self.env.user not in record._handlers():
                raise AccessError(self.env._(
                    "%s is not yours to report on: its owner does, or somebody who may change it.",
                    record.display_name))

    def _takes_evidence(self):
        """Whether files may still be removed: what is decided keeps its proof."""
        self.ensure_one()
        return True

    def _check_reason(self, reason):
        """``reason`` without blanks around it; raises UserError where there is none."""
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("%s: give the reason.", self[:1].display_name))
        return reason

    @api.model
    def _contract_in_force(self):
        """Domain of records of contracts in force, and of those that belong to no contract."""
        live = Domain("state", "in", ("active", "suspended", "notice")) & Domain("active", "=", True)
        live &= self.env["aftersales.contract"]._real()
        return Domain("contract_id", "=", False) | Domain("contract_id", "any", live)

    def _today(self):
        """The day it is for the record: in the zone of its contract, else of its company's working schedule."""
        self.ensure_one()
        contract = "contract_id" in self._fields and self.contract_id
        if contract:
            return contract._local_today()
        return fields.Date.context_today(self.with_context(tz=self.company_id.resource_calendar_id.tz or "UTC"))
