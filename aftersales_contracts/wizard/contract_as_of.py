from odoo import api, fields, models


class ContractAsOf(models.TransientModel):
    """As of: the contract as it reads on a day, as known on another."""

    _name = "aftersales.contract.as.of"
    _description = "Contract as of a Day"

    contract_id = fields.Many2one("aftersales.contract", required=True, readonly=True)
    on = fields.Date(string="As of", required=True, default=fields.Date.context_today)
    known_on = fields.Datetime(
        string="As Known on", help="What was recorded later did not exist then. Empty: with all that is known today.")
    page = fields.Html(compute="_compute_page", sanitize=False, string="Paper")

    @api.depends("contract_id", "on", "known_on")
    @api.depends_context("lang", "tz")
    def _compute_page(self):
        for wizard in self:
            wizard.page = wizard.on and self.env["ir.qweb"]._render(
                "aftersales_contracts.contract_as_of", wizard._page_values())

    def _page_values(self):
        self.contract_id.check_access("read")
        page = self.contract_id._as_of_page(self.on, self.known_on)
        known_today = self.known_on and self.contract_id._as_of_page(self.on)
        return {"page": page, "differs": known_today and known_today["sections"] != page["sections"]}
