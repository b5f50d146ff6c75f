from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..models.versions.redline_report import REPORT

COMPARE = [
    ("versions", "Two Versions"),
    ("amendment", "A Draft with the Contract"),
    ("library", "The Clauses with the Library"),
]


class ContractRedline(models.TransientModel):
    """Redline: what changed from one state of the paper to another."""

    _name = "aftersales.contract.redline"
    _description = "Redline of a Contract"

    contract_id = fields.Many2one("aftersales.contract", required=True, readonly=True)
    compare = fields.Selection(COMPARE, required=True, default="versions")
    is_amendment = fields.Boolean(compute="_compute_is_amendment")
    before_id = fields.Many2one(
        "aftersales.contract.version", string="From Version", domain="[('contract_id', '=', contract_id)]")
    after_id = fields.Many2one(
        "aftersales.contract.version", string="To Version", domain="[('contract_id', '=', contract_id)]")
    page = fields.Html(compute="_compute_page", sanitize=False, string="Redline")

    @api.model
    def default_get(self, fields_list):
        """The last two versions, or the version named by the context and the one before it; of a draft, its changes."""
        values = super().default_get(fields_list)
        contract = self.env["aftersales.contract"].browse(self.env.context.get("default_contract_id"))
        if contract.amends_id:
            return {**values, "compare": "amendment"}
        versions = contract.version_ids.sorted("number")
        if not versions:
            return {**values, "compare": "library"}
        after = versions.browse(values.get("after_id")) or versions[-1]
        before = versions.filtered(lambda version: version.number < after.number)[-1:] or after
        return {**values, "after_id": after.id, "before_id": values.get("before_id") or before.id}

    @api.depends("contract_id")
    def _compute_is_amendment(self):
        for wizard in self:
            wizard.is_amendment = bool(wizard.contract_id.amends_id)

    @api.constrains("contract_id", "before_id", "after_id")
    def _check_versions(self):
        for wizard in self:
            for version in wizard.before_id | wizard.after_id:
                if version.contract_id != wizard.contract_id:
                    raise ValidationError(self.env._(
                        "%(version)s is no version of %(contract)s.", version=version.display_name,
                        contract=wizard.contract_id.display_name))

    @api.depends("contract_id", "compare", "before_id", "after_id")
    @api.depends_context("lang", "tz")
    def _compute_page(self):
        for wizard in self:
            ready = wizard.compare != "versions" or (wizard.before_id and wizard.after_id)
            wizard.page = ready and self.env["ir.qweb"]._render(
                "aftersales_contracts.contract_redline", wizard._compared())

    def _compared(self):
        """{"title", "before", "after", "changes", "texts"}: plain data for the page and the PDF."""
        contract = self.contract_id
        contract.check_access("read")
        if self.compare == "library":
            before, after, names = contract._terms_of_library()
            labels = self.env._("Clause library"), contract.display_name
        elif self.compare == "amendment":
            if not contract.amends_id:
                raise UserError(self.env._("%s is no amendment: choose two versions.", contract.display_name))
            before, after, names = contract._terms_amended()
            labels = (contract.amends_id.display_name, self.env._(
                "%(name)s, from %(day)s", name=contract.name, day=format_date(self.env, contract.effective_on)))
        else:
            before, old_names = contract._terms_of_version(self.before_id)
            after, new_names = contract._terms_of_version(self.after_id)
            names = {**old_names, **new_names}
            labels = tuple(
                self.env._("Version %(number)s, from %(day)s", number=version.number,
                           day=format_date(self.env, version.effective_on))
                for version in (self.before_id, self.after_id))
        return {"title": contract.display_name, "before": labels[0], "after": labels[1],
                **contract._redline(before, after, names)}

    def action_print(self):
        """The redline as a PDF."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/report/pdf/{REPORT}/{self.id}", "target": "new"}

    def _get_report_base_filename(self):
        """Name of the PDF's file."""
        return self.env._("Redline %s", self.contract_id.name).replace("/", "-")
