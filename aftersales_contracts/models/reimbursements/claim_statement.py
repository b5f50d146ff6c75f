"""Statement of claims: what a dealer gets to read of its warranty claims of a period, sealed when it is issued.

Told are the claims that were reported, decided or reimbursed in the period, and those whose parts have not come back.
Reimbursements are told in the company's currency only where they are in it; others stand in their own.
"""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import float_repr, formatLang

from ...report.claim_statement_labels import STATEMENT_LABELS
from ...report.claim_statement_pdf import render_claim_statement
from ...report.claim_statement_values import (
    ClaimStatementValues,
    OutstandingRow,
    StatementClaim,
    StatementLine,
    SumRow,
)
from ..settlements.settlement import FINANCE
from ..statements.statement_snapshot import known, period_label
from ..warranty.letter_report import REPORTS
from ..warranty.sealed_letter import FORMAT, common_values, days_in
from .reimbursement_claim import NOT_BACK

REPORTS["aftersales_contracts.report_claim_statement"] = "aftersales.claim.statement"
ISSUERS = f"aftersales_contracts.group_account_manager,{FINANCE}"


class ClaimStatement(models.Model):
    _name = "aftersales.claim.statement"
    _inherit = ["aftersales.sealed.letter"]
    _description = "Claim Statement"
    _number_code = "aftersales.claim.statement"
    _report_name = "aftersales_contracts.report_claim_statement"

    period_start = fields.Date(string="First Day", required=True, readonly=True, index=True)
    period_end = fields.Date(string="Last Day", required=True, readonly=True)

    _number_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name <> '/'", "Two statements of a company cannot have the same number.")

    def _compute_access_url(self):
        super()._compute_access_url()
        for statement in self:
            statement.access_url = f"/my/claim-statements/{statement.id}"

    @api.model
    def issue_for(self, dealer_ids, period_start, period_end, company_id=None):
        """The statements of dealers for the days from ``period_start`` to ``period_end`` ("YYYY-MM-DD" or dates, both
        included), by account managers, finance and administrators; one that would say the same again is not made
        twice. Raises UserError for a period that is not over, and for a dealer without claims.

        :return: the action that shows them
        """
        if not self.env.user.has_groups(ISSUERS):
            raise AccessError(self.env._("Account managers, finance and administrators issue claim statements."))
        company = self.env["res.company"].browse(company_id) if company_id else self.env.company
        if company not in self.env.companies:
            raise AccessError(self.env._("You do not work for that company."))
        start, end = fields.Date.to_date(period_start), fields.Date.to_date(period_end)
        if not start or not end or end < start:
            raise ValidationError(self.env._("A statement needs a first and a last day, in this order."))
        if end >= fields.Date.context_today(self):
            raise UserError(self.env._("The period until %s is not over yet.", end))
        made = self.browse()
        for dealer in self.env["res.partner"].browse(dealer_ids).commercial_partner_id:
            statement = self.sudo().new({  # what it tells belongs together, whoever issues it
                "company_id": company.id, "partner_id": dealer.id, "period_start": start, "period_end": end,
                "issued_on": fields.Date.context_today(self)})
            if not statement._claims():
                raise UserError(self.env._(
                    "Dealer %(dealer)s has no claims of the days from %(start)s to %(end)s.",
                    dealer=dealer.display_name, start=start, end=end))
            made |= self._issue([{
                "company_id": company.id, "partner_id": dealer.id, "period_start": start, "period_end": end}])
        return {"type": "ir.actions.act_window", "res_model": self._name, "name": self.env._("Claim Statements"),
                "view_mode": "list,form", "views": [(False, "list"), (False, "form")],
                "domain": [("id", "in", made.ids)]}

    # --- what is told ------------------------------------------------------------------------------------------------

    def _claims(self):
        """The claims of the dealer that this statement tells, oldest first."""
        Claim = self.env["aftersales.warranty.claim"].sudo()
        own = Domain("company_id", "=", self.company_id.id)
        own &= Domain("dealer_id", "child_of", self.partner_id.commercial_partner_id.id)
        within = [("day", ">=", self.period_start), ("day", "<=", self.period_end)]
        return Claim.search(own & Domain("reported_on", "<=", self.period_end) & (
            Domain("reported_on", ">=", self.period_start) | Domain("reimbursement_ids", "any", within)
            | Domain("line_ids.return_state", "in", NOT_BACK)), order="reported_on, id")

    def _rows(self):
        """Its reimbursements up to the last day that stand: {line: rows}; and those of the period alone."""
        rows = self.env["aftersales.reimbursement"].sudo().search([
            ("claim_id", "in", self._claims().ids), ("day", "<=", self.period_end), ("state", "!=", "reversed")])
        return rows.grouped("line_id"), rows.filtered(lambda row: row.day >= self.period_start)

    def _snapshot(self):
        self.ensure_one()
        local = self.sudo().with_context(lang=self._language())
        presentation = local._presentation(STATEMENT_LABELS, local.env._("Statement of Warranty Claims"))
        return {"format": FORMAT, **local._sides(), "presentation": presentation,
                "letter": local._letter(days_in(presentation))}

    def _letter(self, day):
        by_line, of_period = self._rows()
        claims, _ = self._claims(), self.env._
        span = period_label(self.period_start, self.period_end, self.env.lang or "en_US")
        held = [row for rows in by_line.values() for row in rows if row.state == "open" and row._holds()]
        outstanding = claims.line_ids.filtered(lambda line: line.return_state in NOT_BACK)
        return known(
            issued=self.issued_on.isoformat(), span=span,
            result=_("Reimbursed for %(period)s: %(amount)s.", period=span, amount=self._told(of_period)),
            more=[text for text in (
                _("Held until something else is done: %s.", self._told(held)) if held else "",
                _("Parts to send back: %s.", len(outstanding)) if outstanding else "") if text],
            facts=[["Period", f"{day(self.period_start)} – {day(self.period_end)}"],
                   ["Currency", self.company_id.currency_id.name]],
            sums=self._sums(claims, of_period, held),
            claims=[self._claim(claim, by_line, day) for claim in claims],
            outstanding=[known(
                name=line.name, claim=line.claim_id.name, serial=line.faulty_serial or "", until=day(line.return_until),
                held=self._told(row for row in by_line.get(line, ()) if row.state == "open")) for line in outstanding],
            notes=[_("What is reimbursed stands in your settlements. What is held follows in the settlement after its "
                     "reason is gone.")])

    def _sums(self, claims, of_period, held):
        _, lines = self.env._, claims.line_ids
        decided = lines.filtered(lambda line: line.decision != "open")
        settled = [row for row in of_period if row.state == "settled"]
        refused = decided.filtered(lambda line: line.decision == "refused")
        rows = [(_("Claimed"), lines, self._bare(sum(lines.mapped("amount")))),
                (_("Approved"), decided - refused, self._bare(sum(decided.mapped("approved_amount")))),
                (_("Refused"), refused, self._bare(sum(refused.mapped("amount")))),
                (_("Not decided yet"), lines - decided, self._bare(sum((lines - decided).mapped("amount")))),
                (_("Reimbursed in this period"), of_period, self._told(of_period)),
                (_("Of it settled"), settled, self._told(settled)), (_("Held"), held, self._told(held))]
        return [known(name=name, count=str(len(found)), amount=amount) for name, found, amount in rows if found]

    def _claim(self, claim, by_line, day):
        _, states = self.env._, dict(claim._fields["state"]._description_selection(self.env))
        lines = claim.line_ids
        rows = [row for line in lines for row in by_line.get(line, ())]
        return known(
            title=" · ".join(filter(None, (claim.name, claim._machine_name()))),
            about=[_("Failed on %s", day(claim.failure_on)), states[claim.state]],
            lines=[self._line(line, by_line.get(line, ())) for line in lines],
            totals=[self._bare(sum(lines.mapped("amount"))), self._bare(sum(lines.mapped("approved_amount"))),
                    self._told(rows)])

    def _line(self, line, rows):
        labels = {name: dict(line._fields[name]._description_selection(self.env)) for name in ("kind", "decision")}
        holds = list(dict.fromkeys(text for row in rows if row.state == "open" for text in row._holds()))
        changed = [row.reason for row in rows if row.reason]
        notes = [self.env._("Held, it waits for: %s.", ", ".join(holds)) if holds else "", *changed]
        reason = line.decision_reason if line.decision in ("refused", "partly") else ""
        return known(
            name=line.name, about=" · ".join(filter(None, (
                labels["kind"][line.kind], labels["decision"][line.decision], reason))),
            figures=[self._bare(line.amount), self._bare(line.approved_amount), self._told(rows)],
            note=" ".join(dict.fromkeys(filter(None, notes))))

    def _bare(self, amount):
        return formatLang(self.env, amount, digits=self.company_id.currency_id.decimal_places)

    def _told(self, rows):
        """The sum of reimbursements: one figure; one with its currency for each where there are others."""
        sums, own = {}, self.company_id.currency_id
        for row in rows:
            sums[row.currency_id] = sums.get(row.currency_id, Decimal(0)) + Decimal(
                float_repr(row.amount, row.currency_id.decimal_places))
        if not sums or set(sums) == {own}:
            return self._bare(float(sums.get(own, 0)))
        return ", ".join(f"{formatLang(self.env, float(amount), digits=currency.decimal_places)} {currency.name}"
                         for currency, amount in sorted(sums.items(), key=lambda one: one[0].name))

    def _draw_snapshot(self, snapshot, logo):
        letter = snapshot["letter"]
        claims = tuple(StatementClaim(
            row["title"], tuple(row["about"]), tuple(StatementLine(
                **{**line, "figures": tuple(line["figures"])}) for line in row.get("lines", ())),
            tuple(row["totals"])) for row in letter.get("claims", ()))
        return render_claim_statement(ClaimStatementValues(
            **common_values(snapshot, logo), span=letter["span"], claims=claims,
            sums=tuple(SumRow(**row) for row in letter.get("sums", ())),
            outstanding=tuple(OutstandingRow(**row) for row in letter.get("outstanding", ()))),
            fonts=self.company_id._statement_fonts())


class IrAttachment(models.Model):
    """The files of an issued statement do not change and are not deleted, whoever asks."""

    _inherit = "ir.attachment"

    def _refuse_sealed(self):
        super()._refuse_sealed()
        files = self.sudo().filtered(lambda file: file.res_model == "aftersales.claim.statement")
        sealing = files and self.env["aftersales.claim.statement"].sudo().search([
            "|", ("attachment_id", "in", files.ids), ("logo_attachment_id", "in", files.ids)], limit=1)
        if sealing:
            raise UserError(self.env._(
                "This file belongs to %s, which has been issued and does not change.", sealing.name))
