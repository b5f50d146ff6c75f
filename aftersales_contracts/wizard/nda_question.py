from odoo import api, fields, models


class NdaQuestion(models.TransientModel):
    """May party X see document Y for purpose Z on that day? The gate's answer with every reason."""

    _name = "aftersales.nda.question"
    _description = "May They See It?"

    party_id = fields.Many2one("res.partner", required=True)
    person_id = fields.Many2one(
        "res.partner", domain="[('commercial_partner_id', '=', party_id), ('id', '!=', party_id)]",
        help="Who of the party looks; needed where an agreement names persons.")
    document_id = fields.Many2one("aftersales.document", required=True)
    purpose_id = fields.Many2one("aftersales.nda.purpose", required=True)
    on = fields.Date(help="Empty: now.")
    answer = fields.Selection([("yes", "Yes"), ("no", "No")], compute="_compute_answer")
    reasons = fields.Text(compute="_compute_answer")
    flags = fields.Text(string="To Look at", compute="_compute_answer")
    access_ends = fields.Char(compute="_compute_answer", help="When nothing in force is left, in UTC.")
    duties = fields.Text(string="Duties of Secrecy", compute="_compute_answer")
    steps = fields.Json(compute="_compute_answer")

    @api.depends("party_id", "person_id", "document_id", "purpose_id", "on")
    def _compute_answer(self):
        for question in self:
            if not (question.party_id and question.document_id and question.purpose_id):
                question.update(dict.fromkeys(
                    ("answer", "reasons", "flags", "access_ends", "duties", "steps"), False))
                continue
            found = question.env["aftersales.nda"].may_see(
                question.party_id.id, question.document_id.id, question.purpose_id.id,
                question.on and question.on.isoformat(), question.person_id.id)
            question.update({
                "answer": "yes" if found["allowed"] else "no",
                "reasons": "\n".join(found["reasons"]), "flags": "\n".join(found["flags"]),
                "access_ends": (found["access_ends"] or "").replace("T", " ").removesuffix("+00:00"),
                "steps": found["steps"],
                "duties": "\n".join(question._duty_in_words(*duty) for duty in found["duties"])})

    def _duty_in_words(self, name, until, give_back):
        secret = self.env._("secrecy until before %s", until) if until else self.env._("secrecy without end")
        duty = self.env._("return or destroy at the end")
        return f"{name}: {secret}{f', {duty}' if give_back else ''}"
