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
    "settlement_send_back": ("aftersales.settlement", "action_send_back"),
    "settlement_withdraw": ("aftersales.settlement", "action_withdraw"),
    "settlement_take_back": ("aftersales.settlement", "action_take_back"),
    "settlement_claim": ("aftersales.settlement", "action_claim"),
    "improvement_repeat": ("aftersales.improvement.plan", "action_repeat"),
    "improvement_close": ("aftersales.improvement.plan", "action_close"),
    "improvement_drop": ("aftersales.improvement.plan", "action_drop"),
    "assessment_pass": ("aftersales.assessment", "action_pass_conditionally"),
    "assessment_reopen": ("aftersales.assessment", "action_reopen"),
    "assessment_cancel": ("aftersales.assessment", "action_cancel"),
    "certification_revoke": ("aftersales.certification", "action_revoke"),
    "risk_accept": ("aftersales.risk", "action_accept"),
    "risk_close": ("aftersales.risk", "action_close"),
    "risk_reopen": ("aftersales.risk", "action_reopen"),
    "cover_end": ("aftersales.warranty.cover", "action_end"),
    "claim_refuse": ("aftersales.warranty.claim", "action_refuse"),
    "claim_cancel": ("aftersales.warranty.claim", "action_cancel"),
    "claim_reopen": ("aftersales.warranty.claim", "action_reopen"),
    "claim_longer": ("aftersales.warranty.claim.line", "action_approve_longer"),
    "claim_part_missing": ("aftersales.warranty.claim.line", "action_part_missing"),
    "claim_part_waive": ("aftersales.warranty.claim.line", "action_waive_return"),
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
        ("settlement_send_back", "What must be looked at again?"),
        ("settlement_withdraw", "Why is what was sent withdrawn?"),
        ("settlement_take_back", "Why is the approval taken back?"),
        ("settlement_claim", "Why is the balance claimed?"),
        ("improvement_repeat", "Why did it not help enough, and what was learned?"),
        ("improvement_close", "What was learned, and what stays?"),
        ("improvement_drop", "Why is it not followed up?"),
        ("assessment_pass", "Under which conditions is it passed?"),
        ("assessment_reopen", "Which answer does not hold?"),
        ("assessment_cancel", "Why does the assessment not take place?"),
        ("certification_revoke", "Why does this certification not count any more?"),
        ("risk_accept", "Why can we live with this risk?"),
        ("risk_close", "Why can it not happen any more?"),
        ("risk_reopen", "Why is it there again?"),
        ("cover_end", "Why does the cover end today?"),
        ("claim_refuse", "Why is the claim refused?"),
        ("claim_cancel", "Why is nothing claimed any more?"),
        ("claim_reopen", "Why are the decisions taken back?"),
        ("claim_longer", "Why did it take longer than the standard?"),
        ("claim_part_missing", "What happened to the part?"),
        ("claim_part_waive", "Why need the part not come back?"),
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
