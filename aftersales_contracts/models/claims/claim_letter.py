"""The decision letter of a claim: for each item what was decided and why, who pays it, and how to object.

There is one for the customer and, where a dealer filed the claim or did the work, one for the dealer: the customer
reads what it pays itself, the dealer what it claimed and what was approved. Each is sealed when it is issued.
"""

from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang

from ...report.claim_letter_pdf import render_claim_letter
from ...report.claim_letter_values import ClaimLetterValues, DecisionRow, ReturnRow
from ...report.warranty_labels import LETTER_LABELS
from ..statements.statement_snapshot import known
from ..warranty.sealed_letter import FORMAT, common_values, days_in
from .claim_portal import CUSTOMER, DEALER, _number

AUDIENCES = [(CUSTOMER, "Customer"), (DEALER, "Dealer")]


class ClaimLetter(models.Model):
    _name = "aftersales.claim.letter"
    _inherit = ["aftersales.sealed.letter"]
    _description = "Claim Decision Letter"
    _number_code = "aftersales.claim.letter"
    _report_name = "aftersales_contracts.report_claim_letter"

    claim_id = fields.Many2one(
        "aftersales.warranty.claim", required=True, readonly=True, index=True, ondelete="restrict")
    audience = fields.Selection(AUDIENCES, string="For", required=True, readonly=True)

    _number_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name <> '/'", "Two letters of a company cannot have the same number.")

    def _compute_access_url(self):
        super()._compute_access_url()
        for letter in self:
            letter.access_url = f"/my/claims/{letter.claim_id.id}"

    # --- the snapshot --------------------------------------------------------------------------------------------

    def _snapshot(self):
        self.ensure_one()
        local = self.with_context(lang=self._language())
        presentation = local._presentation(LETTER_LABELS, local.env._("Decision on Your Claim"))
        return {"format": FORMAT, **local._sides(), "presentation": presentation,
                "letter": local._letter(days_in(presentation))}

    def _letter(self, day):
        _ = self.env._
        claim = self.claim_id
        lines = claim.line_ids.filtered(lambda line: line.decision != "open")
        until = self.issued_on + timedelta(days=self.company_id.claim_objection_days)
        result, more = self._result(lines)
        return known(
            issued=self.issued_on.isoformat(), claim=" · ".join(filter(None, (claim.name, claim._machine_name()))),
            result=result, more=more, facts=self._facts(day), currency=claim.currency_id.name,
            columns=["Claimed", "Approved"] if self.audience == DEALER else ["Amount", "You pay"],
            lines=[self._decision(line) for line in lines], totals=self._totals(lines),
            returns=[known(
                name=line.name, serial=line.faulty_serial or "", until=day(line.return_until),
                state=dict(line._fields["return_state"]._description_selection(self.env))[line.return_state])
                for line in lines if line.return_state in ("required", "sent")],
            following=self._following(lines),
            objection=[
                _("Write to us until %(day)s, name claim %(claim)s, and say with which decision you do not agree and "
                  "why.", day=day(until), claim=claim.name),
                _("Somebody who has not decided on it looks at it again. Your legal rights stay as they are.")])

    def _result(self, lines):
        _ = self.env._
        counts = {name: 0 for name in ("approved", "partly", "refused")}
        for line in lines:
            counts[line.decision] += 1
        if counts["approved"] == len(lines):
            result = _("Your claim is approved.")
        elif counts["refused"] == len(lines):
            result = _("We cannot approve your claim.")
        else:
            result = _("Your claim is approved in part.")
        told = [_("Approved in full: %s.", counts["approved"]), _("In part: %s.", counts["partly"]),
                _("Refused: %s.", counts["refused"])]
        return result, [text for text, count in zip(told, counts.values(), strict=True) if count]

    def _facts(self, day):
        claim = self.claim_id
        facts = [("Claim", claim.name), ("Machine", claim._machine_name()), ("Failure day", day(claim.failure_on)),
                 ("Reported", day(claim.reported_on)), ("Cause", claim.cause_id.name or ""),
                 ("Service request", claim.request_id.name or ""), ("Handled by", claim.owner_id.name or "")]
        return [[caption, text] for caption, text in facts if text]

    def _decision(self, line):
        labels = {name: dict(line._fields[name]._description_selection(self.env)) for name in ("kind", "decision")}
        figures = (line.amount, line.approved_amount) if self.audience == DEALER else (
            line.allowed_amount, line._customer_part())
        return known(
            name=line.name, about=f"{labels['kind'][line.kind]} · {_number(self.env, line.quantity)}",
            decision=labels["decision"][line.decision], refused=int(line.decision == "refused"),
            reason=line._reason_in_words(), payers=line._payers_text(self.audience == CUSTOMER),
            figures=[self._bare(amount) for amount in figures])

    def _totals(self, lines):
        if self.audience == DEALER:
            sums = sum(lines.mapped("amount")), sum(lines.mapped("approved_amount"))
        else:
            sums = sum(lines.mapped("allowed_amount")), sum(line._customer_part() for line in lines)
        return [self._bare(amount) for amount in sums]

    def _bare(self, amount):
        return formatLang(self.env, amount, digits=self.claim_id.currency_id.decimal_places)

    def _following(self, lines):
        _ = self.env._
        told = []
        own = sum(line._customer_part() for line in lines)
        if self.audience == CUSTOMER and not self.claim_id.currency_id.is_zero(own):
            told.append(_("You get an invoice for your part."))
        if any(line.return_state == "required" for line in lines) and (
                self.audience == DEALER or not self.claim_id.dealer_id):
            told.append(_("Send back the parts that are named here, with the number of the claim on the parcel."))
        if self.audience == DEALER:
            told.append(_("What we owe you for it stands in your next settlement."))
        return told

    def _draw_snapshot(self, snapshot, logo):
        letter = snapshot["letter"]
        rows = [{**row, "refused": bool(row.get("refused")), "figures": tuple(row.get("figures", ()))}
                for row in letter.get("lines", ())]
        return render_claim_letter(ClaimLetterValues(
            **common_values(snapshot, logo), claim=letter["claim"], columns=tuple(letter["columns"]),
            lines=tuple(DecisionRow(**row) for row in rows), totals=tuple(letter.get("totals", ())),
            currency=letter["currency"], returns=tuple(ReturnRow(**row) for row in letter.get("returns", ())),
            following=tuple(letter.get("following", ())), objection=tuple(letter.get("objection", ()))),
            fonts=self.company_id._statement_fonts())


class WarrantyClaim(models.Model):
    _inherit = "aftersales.warranty.claim"

    letter_ids = fields.One2many("aftersales.claim.letter", "claim_id", string="Letters", readonly=True)
    letter_count = fields.Integer(compute="_compute_letter_count")

    def _compute_letter_count(self):
        counts = dict(self.env["aftersales.claim.letter"]._read_group(
            [("claim_id", "in", self.ids)], ["claim_id"], ["__count"]))
        for claim in self:
            claim.letter_count = counts.get(claim, 0)

    def _last_letter(self, audience):
        """The letter that holds now for ``audience``, with raised rights; empty where there is none."""
        self.ensure_one()
        return self.sudo().letter_ids.filtered(lambda letter: letter.audience == audience).sorted(
            lambda letter: letter.id)[-1:]

    def _issue_letters(self):
        """The letters of these claims, one for the customer and one for the dealer; those that say the same as the
        last one are not issued again."""
        values = []
        for claim in self:
            sides = [(CUSTOMER, claim.partner_id), (DEALER, claim.dealer_id)]
            values += [
                {"claim_id": claim.id, "audience": audience, "company_id": claim.company_id.id,
                 "partner_id": partner.id} for audience, partner in sides if partner]
        return self.env["aftersales.claim.letter"]._issue(values)

    def action_letter(self):
        """Issue the decision letters, and show them. Every line must be decided."""
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only the office issues decision letters."))
        self.check_access("write")
        for claim in self:
            undecided = claim.line_ids.filtered(lambda line: line.decision == "open")
            if not claim.line_ids or undecided:
                raise UserError(self.env._(
                    "Claim %(claim)s has no letter yet: %(lines)s is not decided.", claim=claim.display_name,
                    lines=undecided[:1].name or self.env._("what has to be done")))
        self._issue_letters()
        return self.action_open_letters()

    def action_open_letters(self):
        self.check_access("read")
        letters = self.letter_ids
        action = {"type": "ir.actions.act_window", "res_model": letters._name, "name": self.env._("Decision Letters"),
                  "view_mode": "list,form", "domain": [("claim_id", "in", self.ids)]}
        return {**action, "view_mode": "form", "res_id": letters.id} if len(letters) == 1 else action


class WarrantyClaimLine(models.Model):
    _inherit = "aftersales.warranty.claim.line"

    def _reason_in_words(self):
        """Why it was decided so, in the reader's language: the rule's sentence is told in it, a person's as written."""
        self.ensure_one()
        reason = self.decision_reason or self.verdict_reason or ""
        asset = self.claim_id.asset_id
        return asset._phrase(asset._machine_names(reason)) if reason == self.verdict_reason else reason


class ResCompany(models.Model):
    _inherit = "res.company"

    claim_objection_days = fields.Integer(
        string="Objection to a Claim Decision", default=30, help="So many days after the letter one may object.")

    _claim_objection_positive = models.Constraint(
        "CHECK(COALESCE(claim_objection_days, 0) >= 0)", "Days to object are not negative.")


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    claim_objection_days = fields.Integer(related="company_id.claim_objection_days", readonly=False)
