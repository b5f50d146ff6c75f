"""Is it covered? A serial number, a day, a cause: the verdict for parts, labour and travel."""

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError


class CheckCoverage(models.TransientModel):
    _name = "aftersales.check.coverage"
    _description = "Is It Covered?"

    serial = fields.Char(string="Serial Number", help="As somebody tells it; case and spaces do not matter.")
    product_id = fields.Many2one("product.product", help="Where several products have the serial number.")
    asset_id = fields.Many2one("aftersales.asset", compute="_compute_asset_id", store=True, readonly=False)
    problem = fields.Char(compute="_compute_asset_id", store=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    day = fields.Date(string="Failed on", required=True, default=fields.Date.context_today,
                      help="The day of the failure decides, not that of the report.")
    cause_id = fields.Many2one("aftersales.cause")
    part_id = fields.Many2one("product.product", string="Failed Part", help="Exclusions go by it.")
    parts_amount = fields.Float(string="Parts", help="What the parts cost; 0: not known yet.")
    labour_hours = fields.Float(help="0: one hour.")
    labour_amount = fields.Float(string="Labour")
    travel_amount = fields.Float(string="Travel")
    covered = fields.Boolean(compute="_compute_verdict")
    summary = fields.Html(compute="_compute_verdict", sanitize=False)
    steps = fields.Json(compute="_compute_verdict")
    warnings = fields.Text(compute="_compute_verdict")

    @api.depends("serial", "product_id", "company_id")
    def _compute_asset_id(self):
        for wizard in self:
            wizard.problem, wizard.asset_id = False, wizard.asset_id
            if not wizard.serial:
                continue
            try:
                wizard.asset_id = wizard.env["aftersales.asset"]._find_serial(
                    wizard.serial, wizard.company_id, wizard.product_id)
            except UserError as error:
                wizard.asset_id, wizard.problem = False, str(error)

    @api.depends("asset_id", "day", "cause_id", "part_id", "parts_amount", "labour_hours", "labour_amount",
                 "travel_amount")
    @api.depends_context("lang")
    def _compute_verdict(self):
        for wizard in self:
            wizard.covered, wizard.summary, wizard.steps, wizard.warnings = False, False, False, False
            if not (wizard.asset_id and wizard.day):
                continue
            try:
                found = wizard.asset_id._origin.check_coverage(wizard.day, wizard.cause_id.code or "", wizard._items())
            except UserError as error:
                wizard.warnings = str(error)
                continue
            wizard.covered, wizard.steps = found["covered"], found["steps"]
            wizard.warnings = "\n".join(found["warnings"]) or False
            wizard.summary = wizard._summary_table(found)

    def _items(self):
        product = (self.part_id or self.asset_id.sudo().product_id).id
        return [
            {"key": self._label("parts"), "kind": "parts", "product_id": product, "amount": self.parts_amount or None},
            {"key": self._label("labour"), "kind": "labour", "product_id": product,
             "amount": self.labour_amount or None, "quantity": self.labour_hours or 1},
            {"key": self._label("travel"), "kind": "travel", "product_id": product,
             "amount": self.travel_amount or None}]

    def _label(self, kind):
        _ = self.env._
        return {"parts": _("Parts"), "labour": _("Labour"), "travel": _("Travel")}[kind]

    def _summary_table(self, found):
        """The items as a table: what is covered, who pays how much, why, and what stands against the others."""
        _ = self.env._
        head = Markup("<tr>%s</tr>") % Markup().join(
            Markup("<th>%s</th>") % title for title in (_("For"), _("Covered"), _("Who Pays"), _("Why")))
        rows = Markup().join(self._row(item) for item in found["items"])
        left = Markup().join(
            Markup("<li>%s</li>") % _("%(cover)s: %(left)s left", cover=one["cover"], left=f"{left:g}")
            for one in found["balances"] for left in (one["quota_left"], one["cap_left"]) if left is not None)
        table = Markup('<table class="table table-sm"><thead>%s</thead><tbody>%s</tbody></table>') % (head, rows)
        return table + Markup("<ul>%s</ul>") % left if left else table

    def _row(self, item):
        badge = Markup('<span class="badge text-bg-%s">%s</span>') % (
            ("success", f"{item['percent']:g} %") if item["covered"] else ("danger", self.env._("Not covered")))
        payers = Markup("<br/>").join(
            Markup("%s %s") % (f"{one['payer']} {one['percent']:g} %", one["cover"] and f"({one['cover']})")
            for one in item["payers"])
        others = Markup().join(Markup('<div class="small text-muted">%s</div>') % one for one in item["others"])
        return Markup("<tr><td>%s</td><td>%s</td><td>%s</td><td>%s%s</td></tr>") % (
            item["label"], badge, payers, item["reason"], others)

    def action_open_asset(self):
        """The asset that was found."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": "aftersales.asset", "res_id": self.asset_id.id,
                "views": [(False, "form")]}
