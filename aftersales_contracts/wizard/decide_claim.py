"""Asks what is decided on lines of a claim, or by which machine another one is replaced."""

from odoo import api, fields, models


class DecideClaim(models.TransientModel):
    _name = "aftersales.decide.claim"
    _description = "Decide on Claim Lines"

    claim_id = fields.Many2one("aftersales.warranty.claim", required=True, readonly=True)
    currency_id = fields.Many2one(related="claim_id.currency_id")
    warnings = fields.Text(related="claim_id.warnings")
    line_ids = fields.Many2many(
        "aftersales.warranty.claim.line", string="Lines", required=True,
        domain="[('claim_id', '=', claim_id), ('decision', '=', 'open')]")
    single = fields.Boolean(compute="_compute_single")
    decision = fields.Selection(
        [("approved", "Approve as covered"), ("partly", "Approve in part"), ("refused", "Refuse")], required=True,
        default="approved")
    amount = fields.Monetary(string="Approved Amount", help="Of a single line: less than the covers pay.")
    reason = fields.Text()

    @api.model
    def default_get(self, names):
        values = super().default_get(names)
        claim = self.env["aftersales.warranty.claim"].browse(values.get("claim_id"))
        if claim and "line_ids" in names:
            undecided = claim.line_ids.filtered(lambda line: line.decision == "open")
            values["line_ids"] = [fields.Command.set(undecided.ids)]
        return values

    @api.depends("line_ids")
    def _compute_single(self):
        for wizard in self:
            wizard.single = len(wizard.line_ids) == 1

    def action_decide(self):
        """Decide on the chosen lines."""
        self.ensure_one()
        amount = self.amount if self.decision == "partly" else None
        self.claim_id.action_decide_lines(self.line_ids.ids, self.decision, amount, self.reason)
        return {"type": "ir.actions.act_window_close"}


class ReplaceMachine(models.TransientModel):
    _name = "aftersales.replace.machine"
    _description = "Replace the Machine of a Claim"

    claim_id = fields.Many2one("aftersales.warranty.claim", required=True, readonly=True)
    company_id = fields.Many2one(related="claim_id.company_id")
    asset_id = fields.Many2one(related="claim_id.asset_id")
    new_id = fields.Many2one(
        "aftersales.asset", string="Replaced by", required=True,
        domain="[('company_id', '=', company_id), ('id', '!=', asset_id)]")
    day = fields.Date(required=True, default=fields.Date.context_today)
    reason = fields.Text(required=True)

    def action_replace(self):
        """Replace it."""
        self.ensure_one()
        self.claim_id.action_replace(self.new_id.id, day=self.day, reason=self.reason)
        return {"type": "ir.actions.act_window_close"}
