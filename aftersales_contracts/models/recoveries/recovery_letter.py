"""The letter to a supplier: one for all recoveries that are sent to it at once, sealed, with its list as PDF."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ...report.recovery_labels import RECOVERY_LABELS
from ...report.recovery_letter_pdf import render_recovery_letter
from ...report.recovery_letter_values import RecoveryLetterValues, RecoveryRow
from ..statements.statement_snapshot import known
from ..warranty.sealed_letter import FORMAT, common_values, days_in

TEMPLATE = "aftersales_contracts.mail_template_recovery_letter"


class RecoveryLetter(models.Model):
    _name = "aftersales.recovery.letter"
    _inherit = ["aftersales.sealed.letter"]
    _description = "Letter to a Supplier"
    _number_code = "aftersales.recovery.letter"

    recovery_ids = fields.One2many("aftersales.supplier.recovery", "letter_id", string="Recoveries", readonly=True)
    answer_until = fields.Date(string="Answer Due", readonly=True)
    user_id = fields.Many2one("res.users", string="Sent by", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(string="Claimed", readonly=True)
    recovery_keys = fields.Char(readonly=True, help="Ids of the recoveries: the letter is drawn before they are sent.")

    _number_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name <> '/'", "Two letters of a company cannot have the same number.")

    # --- the snapshot --------------------------------------------------------------------------------------------

    def _snapshot(self):
        self.ensure_one()
        local = self.with_context(lang=self._language())
        presentation = local._presentation(RECOVERY_LABELS, local.env._("Warranty Recovery"))
        return {"format": FORMAT, **local._sides(), "presentation": presentation,
                "letter": local._letter(days_in(presentation))}

    def _letter(self, day):
        _, ids = self.env._, [int(one) for one in self.recovery_keys.split(",")]
        rows = self.env["aftersales.supplier.recovery"].browse(ids)
        facts = [("Answer until", day(self.answer_until)), ("Handled by", self.user_id.name or "")]
        return known(
            issued=self.issued_on.isoformat(), currency=self.currency_id.name, total=self._bare(self.amount),
            result=_("Parts of yours failed under your warranty. We ask you to refund us %(currency)s %(amount)s.",
                     currency=self.currency_id.name, amount=self._bare(self.amount)),
            more=[_("Recoveries: %s.", len(rows)), _("Please answer until %s.", day(self.answer_until))],
            facts=[[caption, text] for caption, text in facts if text], rows=[self._row(one, day) for one in rows],
            following=[
                _("Tell us for each recovery what you refund, and why not where you do not, with its number."),
                _("Send us a credit note for what you refund."),
                _("Parts that are marked are sent to you. Ask for others where you want to examine them.")])

    def _row(self, one, day):
        _, claim = self.env._, one.claim_id
        return known(
            number=one.name, claim=f"{claim.name} · {day(claim.failure_on)}", part=one.line_id.name,
            machine=one.asset_id.display_name or "", cause=claim.cause_id.name or "",
            cost=self._bare(one.cost), amount=self._bare(one.amount),
            wanted=_("The faulty part is sent to you.") if one.part_return != "none" else "")

    def _bare(self, amount):
        return formatLang(self.env, amount, digits=self.currency_id.decimal_places)

    def _draw_snapshot(self, snapshot, logo):
        letter = snapshot["letter"]
        return render_recovery_letter(RecoveryLetterValues(
            **common_values(snapshot, logo), rows=tuple(RecoveryRow(**row) for row in letter["rows"]),
            total=letter["total"], currency=letter["currency"], following=tuple(letter["following"])),
            fonts=self.company_id._statement_fonts())


class SupplierRecovery(models.Model):
    _inherit = "aftersales.supplier.recovery"

    def action_send(self):
        """Send drafts: a letter for each supplier with all of its recoveries, by e-mail where it has an address.

        Those that cannot be sent are named and the others go on; where none can, UserError says why.
        """
        self._check_may_settle()
        problems = {one: gap for one in self if (gap := one._send_gap())}
        ready = self - self.browse(one.id for one in problems)
        if not ready:
            raise UserError("\n".join(problems.values()) or self.env._("Nothing to send."))
        letters = self.env["aftersales.recovery.letter"]
        for (company, supplier), rows in ready.grouped(lambda one: (one.company_id, one.supplier_id)).items():
            letters += rows._send_to(supplier, company)
        if not problems:
            return {"type": "ir.actions.act_window", "res_model": "aftersales.recovery.letter",
                    "name": self.env._("Letters to Suppliers"), "views": [(False, "list"), (False, "form")],
                    "domain": [("id", "in", letters.ids)]}
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "type": "warning", "sticky": True, "title": self.env._("Not Sent"),
            "message": "\n".join(problems.values())}}

    def _send_gap(self):
        """Why it cannot be sent: a sentence, or None."""
        self.ensure_one()
        if self.state != "draft":
            return self.env._("%s was sent already.", self.display_name)
        if self.supplier_gone:
            return self.env._(
                "%(recovery)s: supplier %(supplier)s is archived. Write it off, or name who took over.",
                recovery=self.name, supplier=self.supplier_id.display_name)
        return None

    def _send_to(self, supplier, company):
        day = self[:1]._today()
        until = self[:1]._answer_day(day)
        letter = self.env["aftersales.recovery.letter"]._issue([{
            "company_id": company.id, "partner_id": supplier.id, "user_id": self.env.uid, "answer_until": until,
            "amount": sum(self.mapped("amount")), "recovery_keys": ",".join(map(str, self.sorted("name").ids))}])
        self._write_guarded({
            "state": "sent", "sent_on": day, "answer_until": until, "letter_id": letter.id, "outdated": False})
        if supplier.email:
            self.env.ref(TEMPLATE).sudo().send_mail(letter.id, force_send=False, email_values={  # the office's words
                "attachment_ids": [letter.sudo().attachment_id.id]})
            letter.sudo()._write_guarded({"sent_at": fields.Datetime.now()})
        return letter.with_env(self.env)


class IrAttachment(models.Model):
    """The files of an issued letter do not change and are not deleted, whoever asks."""

    _inherit = "ir.attachment"

    def _refuse_sealed(self):
        super()._refuse_sealed()
        files = self.sudo().filtered(lambda file: file.res_model == "aftersales.recovery.letter")
        sealing = files and self.env["aftersales.recovery.letter"].sudo().search([
            "|", ("attachment_id", "in", files.ids), ("logo_attachment_id", "in", files.ids)], limit=1)
        if sealing:
            raise UserError(self.env._(
                "This file belongs to %s, which has been issued and does not change.", sealing.name))
