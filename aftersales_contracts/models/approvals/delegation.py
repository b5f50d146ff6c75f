from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class Delegation(models.Model):
    """Delegation: who acts for whom, from one day to another. A substitute counts as both where duties are apart."""

    _name = "aftersales.delegation"
    _description = "Delegation"
    _order = "date_from desc, id desc"
    _rec_name = "person_id"

    person_id = fields.Many2one(
        "res.users", required=True, index=True, default=lambda self: self.env.user, ondelete="cascade")
    substitute_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade")
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="To", required=True, help="The last day.")
    company_id = fields.Many2one("res.company", help="Empty: in every company.")
    note = fields.Char(string="Reason")

    _dates_order = models.Constraint("CHECK(date_to >= date_from)", "A delegation cannot end before it starts.")
    _two_people = models.Constraint("CHECK(person_id <> substitute_id)", "Nobody is the own substitute.")

    @api.model_create_multi
    def create(self, vals_list):
        found = super().create(vals_list)
        found._check_own()
        return found

    def write(self, vals):
        self._check_own()
        result = super().write(vals)
        self._check_own()
        return result

    def unlink(self):
        self._check_own()
        return super().unlink()

    def _check_own(self):
        """People delegate what is theirs; an administrator delegates for others, as when somebody fell ill."""
        if self.env.su or self.env.user.has_group("aftersales_contracts.group_administrator"):
            return
        if self.person_id - self.env.user:
            raise AccessError(self.env._(
                "You can name a substitute for yourself only; ask an administrator for others."))

    @api.constrains("person_id", "substitute_id")
    def _check_internal(self):
        for row in self:
            for user in (row.person_id, row.substitute_id):
                if user.share:
                    raise ValidationError(self.env._(
                        "%s is no internal user and cannot delegate or substitute.", user.name))

    @api.model
    def _running(self, day, company):
        """The delegations of ``company`` that run on ``day``."""
        return self.sudo().search([  # who stands in for whom is no secret of those two
            ("date_from", "<=", day), ("date_to", ">=", day), ("company_id", "in", [False, company.id])])

    @api.model
    def _substitute_of(self, user, day, company):
        """Who acts for ``user`` on ``day``: the substitute of the newest delegation, else the user itself."""
        rows = self._running(day, company).filtered(lambda row: row.person_id == user and row.substitute_id.active)
        return rows[:1].substitute_id or user
