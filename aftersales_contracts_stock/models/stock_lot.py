"""On a serial number: the asset that it is, and what covers it, for those who see stock only."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

COVERAGE = [
    ("running", "Covered"),
    ("waiting", "Not Begun"),
    ("over", "Out of Warranty"),
    ("void", "Void"),
    ("none", "No Cover"),
]
BENEFITS = ("parts_until", "labour_until", "travel_until")


class StockLot(models.Model):
    """The state and the days are told to everybody who may see the serial number, within the companies chosen; the
    asset itself opens to those who may see assets."""

    _inherit = "stock.lot"

    asset_id = fields.Many2one(
        "aftersales.asset", compute="_compute_asset", compute_sudo=True, search="_search_asset",
        groups="aftersales_contracts.group_user")
    coverage = fields.Selection(COVERAGE, string="Warranty", compute="_compute_asset", compute_sudo=True)
    coverage_note = fields.Char(string="Covered until", compute="_compute_asset", compute_sudo=True)

    @api.depends("name", "product_id")
    @api.depends_context("allowed_company_ids")
    def _compute_asset(self):
        """Of many serial numbers in two queries. A serial number that several companies have is told of the current."""
        Asset = self.env["aftersales.asset"]
        companies = self.env.companies
        found = Asset._of_lots(self._origin, companies)
        ordered = [self.env.company, *(companies - self.env.company)]
        assets = {}
        for lot in self:
            known = [found[company, lot._origin] for company in ordered if (company, lot._origin) in found]
            assets[lot] = known[0] if known else Asset
        covers = self.env["aftersales.warranty.cover"].search(
            [("asset_id", "in", [asset.id for asset in assets.values() if asset])]).grouped("asset_id")
        for lot in self:
            asset = assets[lot]
            lot.asset_id = asset
            lot.coverage, lot.coverage_note = lot._coverage_of(covers.get(asset)) if asset else (False, False)

    def _coverage_of(self, covers):
        """(state, days in words) of the covers of an asset: what runs counts before what has not begun or is over."""
        if not covers:
            return "none", False
        running = covers.filtered(lambda cover: cover.state == "running")
        if running:
            return "running", self._days_of(running)
        waiting = covers.filtered(lambda cover: cover.state == "waiting")
        if waiting:
            return "waiting", self._days_of(waiting)
        if "void" in covers.mapped("state"):
            return "void", False
        return "over", self._days_of(covers)

    def _days_of(self, covers):
        """The last day of parts, labour and travel among ``covers``."""
        told = []
        for name in BENEFITS:
            days = [cover[name] for cover in covers if cover[name]]
            if days:
                label = covers._fields[name]._description_string(self.env)
                told.append(f"{label} {format_date(self.env, max(days))}")
        return ", ".join(told) or False

    @api.model
    def _search_asset(self, operator, value):
        if operator != "in":
            return NotImplemented
        assets = self.env["aftersales.asset"].browse([one for one in value if one]).exists()
        linked = Domain("id", "in", assets.lot_id.ids)
        named = Domain.OR(
            Domain("product_id", "=", asset.product_id.id) & Domain("name", "=", asset.name)
            for asset in assets if not asset.lot_id) if assets else Domain.FALSE
        found = linked | named
        if False in value:
            return found | ~Domain("id", "in", self.env["aftersales.asset"].sudo().search(
                [("lot_id", "!=", False), ("company_id", "in", self.env.companies.ids)]).lot_id.ids)
        return found

    def action_view_asset(self):
        """Open the asset that the serial number is."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "res_model": "aftersales.asset", "view_mode": "form",
            "views": [[False, "form"]], "res_id": self.asset_id.id, "name": self.env._("Asset")}
