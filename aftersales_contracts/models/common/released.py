"""Terms in versions: a draft that changes, a version that contracts and results go by, one that nobody takes anew."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class Released(models.AbstractModel):
    """A library of terms. Models have the fields ``state`` (draft, released, withdrawn), ``number``, ``version``,
    ``previous_id``, ``company_id`` and who released and withdrew them when, all guarded; what is no draft is frozen.
    """

    _name = "aftersales.released"
    _description = "Terms in Versions"
    _inherit = ["aftersales.frozen", "aftersales.guarded"]
    _releasers = ""  # groups, comma separated, whose people release and withdraw

    @api.model
    def _kind(self):
        """What such terms are called, in the reader's language."""
        return self.env["ir.model"]._get(self._name).name

    # --- guards ------------------------------------------------------------------------------------------------------

    def _frozen(self):
        return self.filtered(lambda terms: terms.state != "draft")

    def _refuse_frozen(self):
        frozen = self._frozen()
        if frozen:
            raise UserError(self.env._(
                "%(kind)s %(name)s is released and does not change, for others go by it. Make a new version instead.",
                kind=self._kind(), name=frozen[:1].display_name))

    @api.model_create_multi
    def create(self, vals_list):
        """Numbers come from the sequence with the code of the model."""
        found = super().create(vals_list)
        for terms in found.filtered(lambda one: one.number == "/"):
            sequence = self.env["ir.sequence"].sudo().with_company(terms.company_id)  # numbering is nobody's right
            terms._write_guarded({"number": sequence.next_by_code(self._name) or "/"})
        return found

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        """Another language says the same: it does not change after the release either."""
        self._refuse_frozen()
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    # --- their life --------------------------------------------------------------------------------------------------

    def _check_release(self):
        """Raise UserError where this draft cannot be released. Models say why."""

    def action_release(self):
        """Put drafts to use. From now on what they say does not change."""
        self._check_releaser()
        for terms in self:
            if terms.state != "draft":
                raise UserError(self.env._(
                    "%(kind)s %(name)s is not a draft.", kind=self._kind(), name=terms.display_name))
            terms._check_release()
        self._write_guarded({
            "state": "released", "released_by_id": self.env.uid, "released_on": fields.Date.context_today(self)})

    def action_withdraw(self):
        """Take released terms out of use. Who holds them keeps them; nobody else takes them."""
        self._check_releaser()
        for terms in self:
            if terms.state != "released":
                raise UserError(self.env._(
                    "%(kind)s %(name)s is not released.", kind=self._kind(), name=terms.display_name))
        self._write_guarded({
            "state": "withdrawn", "withdrawn_by_id": self.env.uid, "withdrawn_on": fields.Date.context_today(self)})

    def action_new_version(self):
        """Open the draft of the next version; the one that is being drafted already, where there is one."""
        self.ensure_one()
        self.check_access("write")
        self.check_access("create")
        known = self.sudo().search([  # those that a rule hides count too
            ("number", "=", self.number), ("company_id", "=", self.company_id.id)], order="version desc")
        draft = known.filtered(lambda terms: terms.state == "draft")[:1].with_env(self.env)
        if draft == self:
            raise UserError(self.env._(
                "%(kind)s %(name)s is a draft: change it itself.", kind=self._kind(), name=self.display_name))
        if not draft:
            draft = self.copy()
            draft._write_guarded({
                "number": self.number, "version": known[:1].version + 1, "previous_id": self.id})
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": draft.id,
                "views": [(False, "form")]}

    def _check_releaser(self):
        if not self.env.user.has_groups(self._releasers):
            groups = self.env["res.groups"].sudo().browse(  # their names are no secret
                self.env.ref(name.strip()).id for name in self._releasers.split(","))
            raise AccessError(self.env._(
                "Releasing and withdrawing is for: %(groups)s. This is %(kind)s %(name)s.", kind=self._kind(),
                groups=", ".join(groups.mapped("name")), name=self[:1].display_name))
        self.check_access("write")
