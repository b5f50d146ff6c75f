"""Issue the claim statements of dealers for a period."""

from odoo import api, fields, models
from odoo.fields import Domain


class IssueClaimStatements(models.TransientModel):
    _name = "aftersales.issue.claim.statements"
    _description = "Issue Claim Statements"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    period_start = fields.Date(
        string="First Day", required=True,
        default=lambda self: fields.Date.add(fields.Date.start_of(fields.Date.today(), "month"), months=-1))
    period_end = fields.Date(
        string="Last Day", required=True,
        default=lambda self: fields.Date.subtract(fields.Date.start_of(fields.Date.today(), "month"), days=1))
    dealer_ids = fields.Many2many(
        "res.partner", string="Dealers", required=True, compute="_compute_dealer_ids", store=True, readonly=False)

    @api.depends("period_start", "period_end", "company_id")
    def _compute_dealer_ids(self):
        """All dealers with claims in these days."""
        for wizard in self:
            wanted = Domain("company_id", "=", wizard.company_id.id) & Domain("dealer_id", "!=", False)
            wanted &= Domain("reported_on", ">=", wizard.period_start) & Domain("reported_on", "<=", wizard.period_end)
            claims = self.env["aftersales.warranty.claim"].search(wanted) if wizard.period_start and \
                wizard.period_end else self.env["aftersales.warranty.claim"]
            wizard.dealer_ids = claims.dealer_id.commercial_partner_id

    def action_issue(self):
        """Issue them; rights and days are checked by the statements."""
        self.ensure_one()
        return self.env["aftersales.claim.statement"].issue_for(
            self.dealer_ids.ids, self.period_start, self.period_end, self.company_id.id)
