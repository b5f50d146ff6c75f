"""Give revenue that nobody has to a dealer: many lines at once, with the reason. And whose a draft's lines would be."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

GIVERS = ("aftersales_contracts.group_account_manager,aftersales_contracts.group_finance,"
          "aftersales_contracts.group_administrator")


class AttributeRevenue(models.TransientModel):
    _name = "aftersales.attribute.revenue"
    _description = "Attribute Revenue to a Dealer"

    revenue_ids = fields.Many2many("aftersales.revenue", string="Attributed Revenue", readonly=True)
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    line_count = fields.Integer(string="Lines", compute="_compute_company_id")
    left_count = fields.Integer(string="Left Out", compute="_compute_company_id")
    dealer_contract_id = fields.Many2one(
        "aftersales.contract", required=True,
        domain="[('kind', '=', 'dealer'), ('share_ids', '!=', False), ('company_id', '=', company_id), "
               "('is_template', '=', False), ('amends_id', '=', False)]")
    reason = fields.Char(required=True, help="It stays on the invoice lines.")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "aftersales.revenue" and "revenue_ids" in fields_list:
            values["revenue_ids"] = [fields.Command.set(self.env.context.get("active_ids") or [])]
        return values

    @api.depends("revenue_ids")
    def _compute_company_id(self):
        for wizard in self:
            free = wizard.revenue_ids._free()
            wizard.company_id = wizard.revenue_ids.company_id[:1]
            wizard.line_count = len(free)
            wizard.left_count = len(wizard.revenue_ids - free)

    def action_attribute(self):
        """Name the dealer on the lines of the chosen rows that nobody has whole, and attribute them at once."""
        self.ensure_one()
        if not self.env.user.has_groups(GIVERS):
            raise AccessError(self.env._("Only account managers, finance and administrators attribute revenue."))
        self.revenue_ids.check_access("read")
        free = self.revenue_ids._free()
        reason, contract = (self.reason or "").strip(), self.dealer_contract_id
        if not free or not reason:
            raise UserError(self.env._("Choose lines that nobody has, and give the reason."))
        if len(free.company_id) > 1 or contract.company_id != free.company_id or contract.kind != "dealer":
            raise UserError(self.env._(
                "%(contract)s is no dealer contract of %(company)s: choose lines and a dealer of one company.",
                contract=contract.display_name, company=", ".join(free.company_id.mapped("name"))))
        # who attributes revenue need not be allowed to change invoices: these two fields are no accounting data
        lines = free.move_line_id.exists().sudo()
        lines.write({"aftersales_dealer_id": contract.partner_id.id, "aftersales_dealer_reason": reason})
        free._attribute_again()
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class AttributionPreview(models.TransientModel):
    _name = "aftersales.attribution.preview"
    _description = "Whose a Line Would Be"
    _order = "id"

    move_line_id = fields.Many2one("account.move.line", string="Invoice Line", readonly=True)
    name = fields.Char(string="Line", readonly=True)
    dealer_id = fields.Many2one("res.partner", readonly=True)
    percent = fields.Float(readonly=True, aggregator=None)
    reason_text = fields.Char(string="Why", readonly=True)

    @api.model
    def _open(self, move):
        """The window that says whose the lines of ``move`` would be."""
        rows = self.create([
            {"move_line_id": line.id, "name": (line.name or line.product_id.display_name or "").split("\n")[0],
             "dealer_id": part["dealer"].id, "percent": part["percent"], "reason_text": part["text"]}
            for line, parts in self.env["aftersales.revenue"]._attribution_of(move.invoice_line_ids).items()
            for part in parts])
        return {"type": "ir.actions.act_window", "res_model": self._name, "name": self.env._("Whose It Would Be"),
                "views": [(False, "list")], "target": "new", "domain": [("id", "in", rows.ids)]}
