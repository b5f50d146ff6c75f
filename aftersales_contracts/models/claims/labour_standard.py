"""Labour standards: the time that a job takes by the book, strictly needed plus an allowance for what gets lost."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

MINUTES = 60


class LabourStandard(models.Model):
    """Standard time = needed minutes + allowance minutes (row 56): what a claim is paid for a job at most."""

    _name = "aftersales.labour.standard"
    _description = "Labour Standard"
    _order = "code, id"
    _rec_names_search = ["code", "name"]

    code = fields.Char(required=True, index="trigram")
    name = fields.Char(string="Job", required=True, translate=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: all companies.")
    product_ids = fields.Many2many("product.product", string="Products", help="Empty, as the categories: all machines.")
    categ_ids = fields.Many2many("product.category", string="Product Categories", help="With what is below them.")
    minutes = fields.Integer(string="Needed Minutes", required=True, help="The job itself.")
    allowance_minutes = fields.Integer(help="For what gets lost: preparing, cleaning, waiting.")
    hours = fields.Float(string="Standard Hours", compute="_compute_hours", store=True, digits=(16, 4))
    note = fields.Text()
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), code) WHERE active IS TRUE", "A labour standard with this code exists already.")

    @api.depends("minutes", "allowance_minutes")
    def _compute_hours(self):
        for standard in self:
            standard.hours = (standard.minutes + standard.allowance_minutes) / MINUTES

    @api.depends("code", "name")
    def _compute_display_name(self):
        for standard in self:
            standard.display_name = f"{standard.code} {standard.name}" if standard.code else standard.name

    @api.constrains("minutes", "allowance_minutes")
    def _check_minutes(self):
        for standard in self:
            if standard.minutes <= 0 or standard.allowance_minutes < 0:
                raise ValidationError(self.env._(
                    "Labour standard %(name)s: %(minutes)s minutes and an allowance of %(allowance)s are not possible. "
                    "A job takes at least a minute, and an allowance is not negative.", name=standard.display_name,
                    minutes=standard.minutes, allowance=standard.allowance_minutes))

    def _fits(self, product):
        """Whether the standard is one for ``product``: named, in a named category or below it, or for every one."""
        self.ensure_one()
        if not self.product_ids and not self.categ_ids:
            return True
        path = (product.categ_id.parent_path or "").split("/")
        return product in self.product_ids or any(str(categ.id) in path for categ in self.categ_ids)
