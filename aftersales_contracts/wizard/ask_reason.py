"""Asks for the words that a decision needs, and then takes it: a reason, a resolution, a corrective action."""

from odoo import api, fields, models

QUESTIONS = {  # question: (model, method that takes the words and checks the rights)
    "obligation_waive": ("aftersales.obligation", "action_waive"),
    "obligation_reopen": ("aftersales.obligation", "action_reopen"),
    "audit_cancel": ("aftersales.audit", "action_cancel"),
    "finding_correct": ("aftersales.finding", "action_correct"),
    "finding_send_back": ("aftersales.finding", "action_send_back"),
    "finding_accept": ("aftersales.finding", "action_accept"),
    "breach_correct": ("aftersales.breach", "action_correct"),
    "breach_send_back": ("aftersales.breach", "action_send_back"),
    "breach_dispute": ("aftersales.breach", "action_dispute"),
    "breach_waive": ("aftersales.breach", "action_waive"),
    "issue_resolve": ("aftersales.issue", "action_resolve"),
    "issue_concede": ("aftersales.issue", "action_concede"),
    "issue_withdraw": ("aftersales.issue", "action_withdraw"),
    "usage_void": ("aftersales.usage", "action_void"),
    "penalty_send_back": ("aftersales.penalty", "action_send_back"),
    "penalty_dispute": ("aftersales.penalty", "action_dispute"),
    "penalty_dispute_stands": ("aftersales.penalty", "action_dispute_stands"),
    "penalty_dispute_concede": ("aftersales.penalty", "action_dispute_concede"),
    "penalty_refuse_waiver": ("aftersales.penalty", "action_refuse_waiver"),
}
SUBJECT = {"aftersales.finding": "finding_id", "aftersales.breach": "breach_id"}


class AskReason(models.TransientModel):
    _name = "aftersales.ask.reason"
    _description = "Reason of a Decision"

    question = fields.Selection([
        ("obligation_waive", "Why is this obligation waived?"),
        ("obligation_reopen", "Why is it opened again?"),
        ("audit_cancel", "Why does the audit not take place?"),
        ("finding_correct", "Which corrective action was taken?"),
        ("finding_send_back", "Why does the correction not hold?"),
        ("finding_accept", "Why can we live with this risk?"),
        ("breach_correct", "Which corrective action was taken?"),
        ("breach_send_back", "Why does the correction not work?"),
        ("breach_dispute", "What does the other side dispute, and why?"),
        ("breach_waive", "Why is this breach waived?"),
        ("issue_resolve", "How was it settled?"),
        ("issue_concede", "Why are they right? A disputed breach is waived."),
        ("issue_withdraw", "Why was it taken back?"),
        ("usage_void", "Why does this reading not count?"),
        ("penalty_send_back", "What must be looked at again?"),
        ("penalty_dispute", "What does the other side dispute, and why?"),
        ("penalty_dispute_stands", "Why does the penalty stand?"),
        ("penalty_dispute_concede", "Why are they right? The penalty is waived."),
        ("penalty_refuse_waiver", "Why is it not let go?"),
    ], required=True, readonly=True)
    res_id = fields.Integer(required=True, readonly=True)
    reason = fields.Text(string="Answer", required=True)
    takes_file = fields.Boolean(compute="_compute_takes_file")
    file = fields.Binary(string="Evidence", attachment=False)
    file_name = fields.Char()

    @api.depends("question")
    def _compute_takes_file(self):
        for wizard in self:
            wizard.takes_file = wizard.question in ("finding_correct", "breach_correct")

    def action_confirm(self):
        """Take the decision on the record, with its file as evidence where it has one."""
        for wizard in self:
            model, method = QUESTIONS[wizard.question]
            record = self.env[model].browse(wizard.res_id)
            if wizard.takes_file and wizard.file:
                self.env["aftersales.evidence"].create({
                    SUBJECT[model]: record.id, "file": wizard.file,
                    "file_name": wizard.file_name or self.env._("Evidence"), "note": wizard.reason})
            getattr(record, method)(wizard.reason)
