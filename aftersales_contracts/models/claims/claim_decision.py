"""Decisions on claim lines: by the company's rule, or by a person other than the claimant, with a reason."""

from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import float_repr, format_amount

from ...engine.warranty_verdict import CUSTOMER
from .claim_verdict import HUNDRED, PLACES, ZERO, Part

RULED = ("diagnosis", "parts", "repair", "billing")


class WarrantyClaim(models.Model):
    _inherit = "aftersales.warranty.claim"

    def action_decide_lines(self, line_ids=None, decision="approved", amount=None, reason=None):
        """Decide on open lines of this claim, after its verdict. By a decider who did not file it.

        :param line_ids: ids of lines; empty: all that are open
        :param decision: "approved": what the verdict covers; "partly": ``amount`` of one line, more than nothing and
            less than that; "refused": nothing, the customer pays
        :param reason: needed for "partly" and "refused", and where the verdict has warnings
        :raise UserError: a decided line, a line of another claim, no current verdict, an amount above what is covered
        """
        self.ensure_one()
        self._check_decides()
        self._refuse_ended()
        undecided = self.line_ids.filtered(lambda line: line.decision == "open")
        lines = self.env["aftersales.warranty.claim.line"].browse(line_ids) if line_ids else undecided
        for line in lines - undecided:
            raise UserError(self.env._(
                "Line %(line)s is no open line of claim %(claim)s.", claim=self.display_name,
                line=line.name if line in self.line_ids else line.id))
        if not lines:
            raise UserError(self.env._("Claim %s has no open line.", self.display_name))
        if not self.verdict_at:
            raise UserError(self.env._(
                "Claim %s: ask for the verdict first, what it rests on has changed.", self.display_name))
        self._decide(lines, decision, self._check_decision(lines, decision, amount, reason), (reason or "").strip())

    def _check_decision(self, lines, decision, amount, reason):
        """The amount as a Decimal, of "partly"; raises UserError for what cannot be decided."""
        _ = self.env._
        if decision not in ("approved", "partly", "refused"):
            raise UserError(_("%s is no decision on a claim line.", decision))
        if decision != "approved" or self.warnings:
            self._check_reason(reason)
        uncovered = lines.filtered(lambda line: not line.covered_percent)
        if decision != "refused" and uncovered:
            raise UserError(_(
                "Line %(line)s: no cover pays for it, %(reason)s. Refuse it, or ask for goodwill.",
                line=uncovered[0].name, reason=uncovered[0].verdict_reason))
        if decision != "partly":
            return None
        if len(lines) > 1:
            raise UserError(_("An amount is approved line by line."))
        return self._approved_amount(lines, amount)

    def _approved_amount(self, line, amount):
        covered, currency = line._money(line.covered_amount), self.currency_id
        try:
            value = float(amount)
            asked = Decimal(float_repr(value, currency.decimal_places))
        except (TypeError, ValueError, ArithmeticError):
            raise UserError(self.env._("Line %(line)s: “%(amount)s” is not an amount.", line=line.name,
                                       amount=amount)) from None
        if not asked.is_finite() or not 0 < asked < covered or abs(value - float(asked)) > 1e-9:
            raise UserError(self.env._(
                "Line %(line)s: %(amount)s is not possible. An approval in part lies above 0 and below what the covers "
                "pay, %(covered)s. More than that is goodwill.", line=line.name, amount=amount,
                covered=format_amount(self.env, float(covered), currency)))
        return asked

    def _decide(self, lines, decision, amount, reason, by_rule=False):
        """Write a decision on open lines of claims, share it among the payers, and use up what the covers have."""
        now, rows = fields.Datetime.now(), []
        for line in lines:
            covered = line._money(line.covered_amount)
            approved = {"approved": covered, "refused": ZERO}.get(decision, amount)
            line._write_guarded({
                "decision": decision, "approved_amount": float(approved), "by_rule": by_rule,
                "decision_reason": reason or line.verdict_reason, "decided_at": now,
                "decided_by_id": False if by_rule else self.env.uid})
            if decision != "approved":
                rows.append((line, line._parts_of(approved)))
        self._write_shares(rows)
        lines._use_covers()
        lines._ask_return()
        lines._log_decision()
        lines.claim_id._decided()

    def _decided(self):
        """Decisions on lines of these claims were made or taken back. Rooms extend it; lines and shares are written,
        and what a room made of an earlier decision is to be compared with what holds now."""

    def _reopening(self, lines):
        """Before decisions on ``lines`` are taken back. Rooms extend it, and raise UserError where it is too late."""

    # --- by rule ------------------------------------------------------------------------------------------------------

    def _decide_by_rule(self):
        """Decide what the company's rule decides: the refusals that a policy's terms ask for, and small clear cases."""
        for claim in self.filtered(lambda claim: claim.state in RULED):
            undecided = claim.line_ids.filtered(lambda line: line.decision == "open")
            refused = undecided.filtered(claim._refused_by_rule)
            if refused:
                claim._decide(refused, "refused", None, None, by_rule=True)
            company, limit = claim.company_id, claim.company_id.claim_approve_up_to
            small = limit and company.currency_id.compare_amounts(claim.amount_allowed, limit) <= 0
            clear = all(line.covered_percent == 100 for line in undecided) and not claim.warnings
            if undecided - refused and small and clear and not claim.duplicate_of_id:
                reason = self.env._("By rule: covered in full.")
                claim._decide(undecided - refused, "approved", None, reason, by_rule=True)

    def _refused_by_rule(self, line):
        """Whether the rule refuses an open line: reported too late, or nothing covers it and the company says so."""
        return not line.covered_percent and (
            self.company_id.claim_refuse_uncovered or line.reported_late)

    # --- back ---------------------------------------------------------------------------------------------------------

    def action_reopen(self, reason=None, line_ids=None):
        """Take decisions back while nothing is billed: of ``line_ids``, else of all. An ended claim runs again."""
        for claim in self:
            claim._check_decides()
            reason = claim._check_reason(reason)
            if claim.state == "cancelled":
                raise UserError(self.env._(
                    "Claim %s is cancelled: take in a new one instead.", claim.display_name))
            lines = claim.line_ids.filtered(
                lambda line: line.decision != "open" and (not line_ids or line.id in line_ids))
            if not lines and claim.state not in ("closed", "refused"):
                raise UserError(self.env._("Claim %s has no decision to take back.", claim.display_name))
            claim._reopening(lines)
            lines._take_back()
            claim._write_guarded({"verdict_at": False})
            if claim.state in ("closed", "refused"):
                claim._move("diagnosis", reason)
            claim._message_log(body=self.env._("Decisions taken back: %s", reason))
            claim._decided()


class WarrantyClaimLine(models.Model):
    _inherit = "aftersales.warranty.claim.line"

    def action_approve_longer(self, reason=None):
        """Allow the hours claimed although the standard is shorter. By who decides on claims, not by who filed it."""
        self.claim_id._check_decides()
        self._refuse_ended()
        self._refuse_decided()
        for line in self:
            why = line.claim_id._check_reason(reason or line.over_reason)
            if line.kind != "labour" or not line.labour_standard_id or line.quantity <= line.standard_hours:
                raise UserError(self.env._("Line %s claims no more than its standard time.", line.name))
            line._write_guarded({"over_approved_by_id": self.env.uid, "over_reason": why})
        self.claim_id._outdate_verdict()

    def _parts_of(self, approved):
        """[Part] where payers pay ``approved`` (Decimal) as the verdict divides it, and the customer the rest."""
        self.ensure_one()
        payers = self.share_ids.filtered(lambda share: share.payer_kind != CUSTOMER) if approved else self.share_ids[:0]
        total, covered, found, left = self._money(self.allowed_amount), self._money(self.covered_amount), [], approved
        for share in payers:
            last = share == payers[-1]
            amount = left if last else self._money(float(self._money(share.amount) * approved / covered))
            left -= amount
            percent = (amount * 100 / total).quantize(PLACES)
            cover = self.env["aftersales.asset"]._cover_record(share.cover_key)
            found.append(Part(share.payer_kind, share.payer, share.cover_key, cover, percent, amount))
        rest = HUNDRED - sum((part.percent for part in found), ZERO)
        return [*found, Part(CUSTOMER, CUSTOMER, "", None, rest, total - approved)]

    def _take_back(self):
        """Undo decisions: what the covers had used up is theirs again, and nobody waits for a part."""
        self._give_back()
        for line in self:
            line._write_guarded({
                **{name: self._guarded[name] for name in (
                    "decision", "approved_amount", "decision_reason", "decided_by_id", "decided_at", "by_rule")}})
            if line.return_state in ("required", "waived", "missing"):
                line._write_guarded({"return_state": "none", "return_until": False, "return_reason": False})

    def _log_decision(self):
        labels = dict(self._fields["decision"]._description_selection(self.env))
        for line in self:
            line.claim_id._message_log(body=self.env._(
                "%(line)s: %(decision)s, %(amount)s. %(reason)s", line=line.name, decision=labels[line.decision],
                amount=format_amount(self.env, line.approved_amount, line.currency_id),
                reason=line.decision_reason or ""))
