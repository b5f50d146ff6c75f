"""The life of a share rule: a draft, released, withdrawn; its versions; and what no longer changes."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

RELEASERS = ("aftersales_contracts.group_legal,aftersales_contracts.group_finance,"
             "aftersales_contracts.group_administrator")


class ShareRule(models.Model):
    _inherit = "aftersales.share.rule"

    # --- guards ------------------------------------------------------------------------------------------------------

    def _frozen(self):
        return self.filtered(lambda rule: rule.state != "draft")

    def _refuse_frozen(self):
        frozen = self._frozen()
        if frozen:
            raise UserError(self.env._(
                "Share rule %s is released and does not change, for contracts hold it. Make a new version instead.",
                frozen[:1].display_name))

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        for rule in rules.filtered(lambda one: one.number == "/"):
            sequence = self.env["ir.sequence"].sudo().with_company(rule.company_id)  # numbering is nobody's right
            rule._write_guarded({"number": sequence.next_by_code("aftersales.share.rule") or "/"})
        return rules

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        """Another language says the same: it does not change after the release either."""
        self._refuse_frozen()
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    # --- its life ----------------------------------------------------------------------------------------------------

    def action_release(self):
        """Put drafts to use. From now on what they say does not change."""
        self._check_releaser()
        for rule in self:
            if rule.state != "draft":
                raise UserError(self.env._("Share rule %s is not a draft.", rule.display_name))
            rule._check_lint()
        self._write_guarded({
            "state": "released", "released_by_id": self.env.uid, "released_on": fields.Date.context_today(self)})

    def action_withdraw(self):
        """Take released rules out of use. Contracts that hold them keep them; no other contract takes them."""
        self._check_releaser()
        for rule in self:
            if rule.state != "released":
                raise UserError(self.env._("Share rule %s is not released.", rule.display_name))
        self._write_guarded({
            "state": "withdrawn", "withdrawn_by_id": self.env.uid, "withdrawn_on": fields.Date.context_today(self)})

    def action_new_version(self):
        """Open the draft of the next version; the one that is being drafted already, where there is one."""
        self.ensure_one()
        self.check_access("write")
        self.check_access("create")
        known = self.sudo().search([  # those that a rule hides count too
            ("number", "=", self.number), ("company_id", "=", self.company_id.id)], order="version desc")
        draft = known.filtered(lambda rule: rule.state == "draft")[:1].with_env(self.env)
        if draft == self:
            raise UserError(self.env._("Share rule %s is a draft: change it itself.", self.display_name))
        if not draft:
            draft = self.copy()
            draft._write_guarded({
                "number": self.number, "version": known[:1].version + 1, "previous_id": self.id})
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": draft.id,
                "views": [(False, "form")]}

    def action_view_contracts(self):
        """The dealer contracts that hold this version."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_contract")
        return {**action, "domain": [("share_ids.rule_id", "=", self.id)], "context": {}}

    def _check_releaser(self):
        if not self.env.user.has_groups(RELEASERS):
            raise AccessError(self.env._("Only legal, finance or an administrator releases and withdraws share rules."))
        self.check_access("write")
