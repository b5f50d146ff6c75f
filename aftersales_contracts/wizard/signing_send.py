"""Send for signature: who signs for which side, in which order, and until when."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

DAYS = 30


class SigningSend(models.TransientModel):
    _name = "aftersales.signing.send"
    _description = "Send for Signature"

    contract_id = fields.Many2one("aftersales.contract", readonly=True)
    nda_id = fields.Many2one("aftersales.nda", string="Agreement", readonly=True)
    expires_on = fields.Date(
        string="Sign until", required=True,
        default=lambda self: fields.Date.add(fields.Date.context_today(self), days=DAYS), help="The last day to sign.")
    line_ids = fields.One2many(
        "aftersales.signing.send.line", "send_id", string="Signers", compute="_compute_line_ids", store=True,
        readonly=False)
    doubt_text = fields.Char(compute="_compute_doubt_text")

    @api.depends("contract_id", "nda_id")
    def _compute_line_ids(self):
        for wizard in self:
            document = wizard.contract_id or wizard.nda_id
            people = document._signing_people() if document else []
            wizard.line_ids = [Command.clear()] + [
                Command.create({
                    "partner_id": person["partner_id"], "side": person["side"], "order": person["order"]})
                for person in people]

    @api.depends("line_ids.authorised", "line_ids.email", "line_ids.partner_id")
    def _compute_doubt_text(self):
        for wizard in self:
            doubts = []
            unknown = wizard.line_ids.filtered(lambda line: line.partner_id and not line.authorised)
            if unknown:
                doubts.append(self.env._(
                    "By the parties these have no authority to sign: %s. Legal is asked to confirm it first.",
                    ", ".join(unknown.mapped("partner_id.name"))))
            unreachable = wizard.line_ids.filtered(lambda line: line.partner_id and not line.email)
            if unreachable:
                doubts.append(self.env._(
                    "Without an e-mail address: %s. They get no link.",
                    ", ".join(unreachable.mapped("partner_id.name"))))
            wizard.doubt_text = " ".join(doubts)

    def _document(self):
        self.ensure_one()
        document = self.contract_id or self.nda_id
        if not document:
            raise UserError(self.env._("There is nothing to sign: open this form from a contract or an agreement."))
        return document

    def action_preview(self):
        """Look at the PDF before it goes out."""
        return self._document().action_preview_document()

    def action_send(self):
        """Freeze the PDF, begin the round, and write to those who sign first."""
        document = self._document()
        document._check_may_send()
        self._check_signers(document)
        signers = [line._values(document) for line in self.line_ids.sorted(lambda line: (line.order, line.id))]
        self.env["aftersales.signing"]._begin(document, signers, self.expires_on)
        return {"type": "ir.actions.act_window_close"}

    def _check_signers(self, document):
        lines = self.line_ids
        sides = set(lines.mapped("side"))
        if sides != {"ours", "theirs"}:
            raise UserError(self.env._("%s needs a signer of each side.", document.display_name))
        if len(lines.partner_id) != len(lines):
            raise UserError(self.env._("%s: every signer is one person, named once.", document.display_name))
        for line in lines.filtered(lambda line: line.side == "theirs" and not line.email):
            raise UserError(self.env._(
                "%s has no e-mail address, and signs by a link sent there. Add it to the contact, or use Signed on "
                "Paper.", line.partner_id.display_name))
        for line in lines.filtered(lambda line: line.side == "ours"):
            if not line.partner_id.sudo().user_ids.filtered(lambda user: not user.share):
                raise UserError(self.env._(
                    "%s is no colleague and cannot sign for our side.", line.partner_id.display_name))
        if self.expires_on < fields.Date.context_today(self):
            raise UserError(self.env._("%s has passed: choose a day to come until which to sign.", self.expires_on))


class SigningSendLine(models.TransientModel):
    _name = "aftersales.signing.send.line"
    _description = "Signer to Invite"
    _order = "order, id"

    send_id = fields.Many2one("aftersales.signing.send", required=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", string="Person", required=True)
    email = fields.Char(related="partner_id.email")
    side = fields.Selection([("theirs", "Other Side"), ("ours", "Our Side")], required=True, default="theirs")
    order = fields.Integer(default=10, help="Who signs first: the lower number. The same number: in any order.")
    authorised = fields.Boolean(compute="_compute_authorised", help="By the parties of the contract.")

    @api.depends("partner_id", "side", "send_id.contract_id", "send_id.nda_id")
    def _compute_authorised(self):
        for line in self:
            document = line.send_id.contract_id or line.send_id.nda_id
            line.authorised = bool(document and line.partner_id) and document._signing_authority(
                line.partner_id._origin, line.side)

    def _values(self, document):
        """Values of `aftersales.signing.signer`."""
        partner = self.partner_id
        company = document.company_id.partner_id if self.side == "ours" else partner.commercial_partner_id
        return {
            "partner_id": partner.id, "person_name": partner.name or partner.display_name, "email": partner.email,
            "party_name": company.name, "function": partner.function, "side": self.side, "order": self.order,
            "authorised": document._signing_authority(partner, self.side)}
