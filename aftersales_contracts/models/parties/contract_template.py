"""Template: a contract to make contracts from, for one type, language and company. It is never in force itself."""

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

DAY = relativedelta(days=1)


class Contract(models.Model):
    _inherit = "aftersales.contract"

    company_id = fields.Many2one(
        required=False, ondelete="restrict",
        help="Empty on a template only: every company may use it, an administrator changes it.")
    made_ids = fields.One2many("aftersales.contract", "template_id", string="Contracts Made", copy=False)
    made_count = fields.Integer(string="Contracts Made from It", compute="_compute_made_count")

    _shared_templates = models.Constraint(
        "CHECK(is_template IS TRUE OR company_id IS NOT NULL)",
        "A contract belongs to a company; only a template is shared.")

    @api.depends("made_ids")
    def _compute_made_count(self):
        counts = dict(self._read_group([("template_id", "in", self.ids)], ["template_id"], ["__count"]))
        for contract in self:
            contract.made_count = counts.get(contract._origin, 0)

    def write(self, vals):
        if "is_template" in vals:
            for contract in self:
                if bool(vals["is_template"]) != contract.is_template:
                    raise UserError(self.env._(
                        "%s stays what it is: a contract does not become a template, nor a template a contract. Make a "
                        "new one instead.", contract.display_name))
        return super().write(vals)

    def copy_data(self, default=None):
        """A duplicate of a template is a template; see `_make_contract` for the way to a contract."""
        copied = super().copy_data(default)
        for contract, vals in zip(self, copied, strict=True):
            if contract.is_template and "is_template" not in (default or {}):
                vals.update({"is_template": True, "title": self.env._("%s (copy)", contract.title)})
        return copied

    def action_view_made(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_contract")
        return {**action, "domain": [("template_id", "in", self.ids)], "context": {}}

    # --- from template to contract -----------------------------------------------------------------------------------

    @api.model
    def _template_domain(self, company):
        """Templates that contracts of ``company`` may be made from."""
        return Domain("is_template", "=", True) & Domain("company_id", "in", (company.id, False))

    @api.model
    def _propose_template(self, contract_type, lang, company):
        """The template for a contract of ``contract_type`` (record) in ``lang`` (code) of ``company``, or none.

        The company's own before a shared one, the newest of several. Another language is nobody's proposal.
        """
        found = self.search(
            self._template_domain(company) & Domain("contract_type_id", "=", contract_type.id)
            & Domain("lang", "=", lang), order="id desc")
        return found.filtered("company_id")[:1] or found[:1]

    def _make_contract(self, values):
        """A contract from this template; ``values``: partner_id, company_id, date_start (a date), title, lang, user_id.

        Days on the template are counted from its first day: the last day and those of its rows move along, months
        staying months. What came to a contract by its life (numbers, signatures, notices, ...) is never copied.
        """
        self.ensure_one()
        start = values["date_start"]
        default = {"is_template": False, "template_id": self.id, "date_end": False, **values}
        if self.date_end and "date_end" not in values:
            default["date_end"] = _moved_last(self.date_end, self.date_start, start)
        [data] = self.copy_data(default)
        for name in self._paper_rows().values():
            row_model = self.env[self._fields[name].comodel_name]
            for command in data.get(name) or ():
                _move_dates(row_model, command[2], self.date_start, start)
        contract = self.create([data])
        self.copy_translations(contract, excluded=tuple(default))
        return contract


def _move_dates(row_model, vals, old, new):
    """Move the days in the values of a row from a term that begins on ``old`` to one that begins on ``new``."""
    for name in row_model._paper_fields:
        if row_model._fields[name].type == "date" and vals.get(name):
            day = fields.Date.to_date(vals[name])
            vals[name] = _moved_last(day, old, new) if name.endswith("end") else new + relativedelta(day, old)


def _moved_last(day, old, new):
    """A last day, counted from ``old``, counted from ``new``: 31 December after 1 January is a year."""
    return new + relativedelta(day + DAY, old) - DAY
