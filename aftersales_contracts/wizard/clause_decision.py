from odoo import fields, models


class ClauseDecision(models.TransientModel):
    """Accept deviating clauses, or return them with a reason."""

    _name = "aftersales.clause.decision"
    _description = "Decision on Clauses"

    review_ids = fields.Many2many("aftersales.clause.review", string="Clauses", required=True)
    decision = fields.Selection(
        [("accepted", "Accept"), ("returned", "Return")], required=True, default="accepted")
    reason = fields.Text(help="Needed where clauses are returned: what their author has to change.")

    def action_decide(self):
        self.ensure_one()
        self.review_ids.decide(self.decision, self.reason or "")
        return {"type": "ir.actions.act_window_close"}
