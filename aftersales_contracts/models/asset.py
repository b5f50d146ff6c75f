from odoo import api, fields, models


class Asset(models.Model):
    """Covered asset: a machine at the customer's place, with the dates between which its contract covers it."""

    _name = "aftersales.asset"
    _description = "Covered Asset"
    _inherit = ["mail.thread"]
    _order = "name, id"

    name = fields.Char(string="Serial Number", required=True, tracking=True)
    product_id = fields.Many2one("product.product", tracking=True)
    partner_id = fields.Many2one("res.partner", string="Owner", required=True, index=True, tracking=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    contract_id = fields.Many2one(
        "aftersales.contract", index=True, tracking=True, check_company=True, ondelete="restrict")
    place = fields.Char(help="Where the asset stands: site, building, line.")
    date_start = fields.Date(string="Covered from", tracking=True)
    date_end = fields.Date(string="Covered until", tracking=True, help="The last covered day; empty: as the contract.")
    active = fields.Boolean(default=True)
    note = fields.Text()

    _check_company_auto = True
    _serial_uniq = models.UniqueIndex(
        "(company_id, product_id, name) WHERE active IS TRUE", "This serial number of the product is already recorded.")
    _dates_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_start IS NULL OR date_end >= date_start)",
        "An asset's cover cannot end before it starts.")

    @api.depends("name", "product_id")
    def _compute_display_name(self):
        for asset in self:
            asset.display_name = f"{asset.product_id.name} · {asset.name}" if asset.product_id else asset.name

    def _covered_on(self, day):
        """Whether the asset's own dates include ``day``; the contract's dates are the contract's matter."""
        self.ensure_one()
        return (not self.date_start or self.date_start <= day) and (not self.date_end or day <= self.date_end)
