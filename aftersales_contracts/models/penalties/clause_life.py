"""The life of a penalty clause: a draft, released, withdrawn; its versions; and what no longer changes."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .penalty_clause import POSTING

RELEASERS = ("aftersales_contracts.group_legal,aftersales_contracts.group_finance,"
             "aftersales_contracts.group_administrator")
FINANCE = "aftersales_contracts.group_finance,aftersales_contracts.group_administrator"


class PenaltyClause(models.Model):
    _inherit = "aftersales.penalty.clause"

    # --- guards ------------------------------------------------------------------------------------------------------

    def _frozen(self):
        return self.filtered(lambda clause: clause.state != "draft")

    def _refuse_frozen(self):
        frozen = self._frozen()
        if frozen:
            raise UserError(self.env._(
                "Penalty clause %s is released and does not change, for contracts hold it. Make a new version "
                "instead.", frozen[:1].display_name))

    @api.model_create_multi
    def create(self, vals_list):
        clauses = super().create(vals_list)
        for clause in clauses.filtered(lambda one: one.number == "/"):
            sequence = self.env["ir.sequence"].sudo().with_company(clause.company_id)  # numbering is nobody's right
            clause._write_guarded({"number": sequence.next_by_code("aftersales.penalty.clause") or "/"})
        return clauses

    def write(self, vals):
        booking = POSTING & set(vals)
        if booking and self._frozen() and not (self.env.su or self.env.user.has_groups(FINANCE)):
            raise AccessError(self.env._(
                "Where penalty clause %s is booked is for finance to say, once it is released.",
                self._frozen()[:1].display_name))
        return super().write(vals)

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        """Another language says the same: it does not change after the release either."""
        self._refuse_frozen()
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    def copy(self, default=None):
        copies = super().copy(default)
        for clause, copied in zip(self, copies, strict=True):
            key = clause.earn_back_component_id.key
            if key:
                copied.earn_back_component_id = copied.component_ids.filtered(lambda one, key=key: one.key == key)[:1]
        return copies

    # --- its life ----------------------------------------------------------------------------------------------------

    def action_release(self):
        """Put drafts to use. From now on what they say does not change."""
        self._check_releaser()
        for clause in self:
            if clause.state != "draft":
                raise UserError(self.env._("Penalty clause %s is not a draft.", clause.display_name))
            clause._check_lint()
        self._write_guarded({
            "state": "released", "released_by_id": self.env.uid, "released_on": fields.Date.context_today(self)})

    def action_withdraw(self):
        """Take released clauses out of use. Contracts that hold them keep them; no other contract takes them."""
        self._check_releaser()
        for clause in self:
            if clause.state != "released":
                raise UserError(self.env._("Penalty clause %s is not released.", clause.display_name))
        self._write_guarded({
            "state": "withdrawn", "withdrawn_by_id": self.env.uid, "withdrawn_on": fields.Date.context_today(self)})

    def action_new_version(self):
        """Open the draft of the next version; the one that is being drafted already, where there is one."""
        self.ensure_one()
        self.check_access("write")
        self.check_access("create")
        known = self.sudo().search([  # those that a rule hides count too
            ("number", "=", self.number), ("company_id", "=", self.company_id.id)], order="version desc")
        draft = known.filtered(lambda clause: clause.state == "draft")[:1].with_env(self.env)
        if draft == self:
            raise UserError(self.env._("Penalty clause %s is a draft: change it itself.", self.display_name))
        if not draft:
            draft = self.copy()
            draft._write_guarded({
                "number": self.number, "version": known[:1].version + 1, "previous_id": self.id})
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": draft.id,
                "views": [(False, "form")]}

    def action_view_contracts(self):
        """The contracts that hold this version."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_contract")
        return {**action, "domain": [("penalty_clause_ids.clause_id", "=", self.id)], "context": {}}

    def _check_releaser(self):
        if not self.env.user.has_groups(RELEASERS):
            raise AccessError(self.env._("Only legal, finance or an administrator releases and withdraws penalty "
                                          "clauses."))
        self.check_access("write")
