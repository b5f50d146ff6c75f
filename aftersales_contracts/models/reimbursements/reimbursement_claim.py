"""What decided lines of claims come to for the dealer who did the work: rows that follow each decision.

Done in sets for many claims: rates, contracts and what was reimbursed before are read once. What a decision changes is
a row with the difference. A line that lacks something (a rate, a cost) is told on its claim, and made up later.
"""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import float_repr

from ...engine.errors import BadAmount
from ...engine.reimbursement import PERCENTAGES, Work, reimburse
from ..claims.claim_step import COURSE
from ..settlements.contract_settlement import SETTLED_STATES
from ..settlements.settlement import FINANCE, READERS

AT_WORK = COURSE[:4]  # what is reimbursed is paid once the repair is done
NOT_BACK = ("required", "sent", "missing")  # of the faulty part
APPROVED = ("approved", "partly")


class Owed(NamedTuple):
    """What a line comes to. ``amount``: a Decimal; ``gap``: why it is not known, then the rest does not count."""

    amount: Decimal = Decimal(0)
    currency: Any = None
    rate: Any = None
    steps: tuple = ()
    gap: str = ""


class Claim(models.Model):
    _inherit = "aftersales.warranty.claim"

    reimbursement_ids = fields.One2many(
        "aftersales.reimbursement", "claim_id", string="Reimbursements", readonly=True, groups=READERS)
    reimbursement_count = fields.Integer(compute="_compute_reimbursed", groups=READERS)
    reimbursement_gap = fields.Text(
        string="Not Reimbursed", readonly=True, copy=False, groups=READERS,
        help="What is missing so that the dealer can be reimbursed.")

    @api.depends("reimbursement_ids")
    def _compute_reimbursed(self):
        for claim in self:
            claim.reimbursement_count = len(claim.reimbursement_ids)

    @api.model
    def _refuse_guarded(self, vals):
        if "reimbursement_gap" in vals:
            raise UserError(self.env._("What keeps a claim from being reimbursed is found out, nobody enters it."))
        return super()._refuse_guarded(vals)

    def _decided(self):
        super()._decided()
        self.sudo()._reimburse()  # what a dealer is owed follows from the decision, whoever decides

    def _entered(self, state):
        super()._entered(state)
        if state in ("refused", "cancelled"):
            self.sudo()._reimburse()  # as above

    def action_reimburse(self):
        """Reckon once more what these claims come to for their dealers, such as after a rate was entered. Finance."""
        if not self.env.user.has_groups(FINANCE):
            raise AccessError(self.env._("Only finance or an administrator reimburses claims."))
        self.check_access("read")
        self.sudo()._reimburse()
        return True

    def action_view_reimbursements(self):
        """The rows of these claims."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_reimbursement")
        return {**action, "context": {}, "domain": [("claim_id", "in", self.ids)]}

    # --- reckoning ---------------------------------------------------------------------------------------------------

    def _reimburse(self, reason=False):
        """Make the rows that are missing between what was reimbursed and what is decided. Idempotent; in sets."""
        for company, claims in self.filtered("dealer_id").grouped("company_id").items():
            claims._reimburse_company(company, reason)

    def _reimburse_company(self, company, reason):
        lines = self.line_ids
        before = self._reimbursed_before(lines)
        days = {claim: claim._today() for claim in self}
        rates = self.env["aftersales.reimbursement.rate"]._in_force(company, min(days.values()), max(days.values()))
        contracts = self._dealer_contracts(company)
        rows, gaps = [], defaultdict(list)
        for line in lines:
            claim = line.claim_id
            owed = line._owed(rates, days[claim])
            if owed.gap:
                gaps[claim].append(owed.gap)
                continue
            for currency, amount in self._differences(owed, before.get(line, {})):
                rows.append({
                    "claim_id": claim.id, "line_id": line.id, "company_id": company.id, "kind": line.kind,
                    "dealer_id": claim.dealer_id.id, "day": days[claim], "amount": float(amount),
                    "dealer_contract_id": claim._contract_of_dealer(contracts, days[claim]).id,
                    "currency_id": currency.id, "rate_id": owed.rate.id if owed.rate else False,
                    "steps": [[step.label, step.detail, str(step.value)] for step in owed.steps],
                    "reason": reason or (self.env._("The decision was changed.") if before.get(line) else False)})
        made = self.env["aftersales.reimbursement"].create(rows)
        made._set_off()
        for claim in self:
            told = "\n".join(gaps[claim]) or False
            if claim.reimbursement_gap != told:
                claim._write_guarded({"reimbursement_gap": told})

    def _reimbursed_before(self, lines):
        """{line: {currency: Decimal}} of all rows of these lines."""
        found = defaultdict(dict)
        for line, currency, amount in self.env["aftersales.reimbursement"]._read_group(
                [("line_id", "in", lines.ids)], ["line_id", "currency_id"], ["amount:sum"]):
            found[line][currency] = Decimal(float_repr(amount, currency.decimal_places))
        return found

    @api.model
    def _differences(self, owed, before):
        """[(currency, amount)] between what is owed and what the rows come to."""
        currencies = [*before, *([owed.currency] if owed.currency and owed.currency not in before else [])]
        found = [(currency, (owed.amount if currency == owed.currency else Decimal(0)) - before.get(currency, 0))
                 for currency in currencies]
        return [(currency, amount) for currency, amount in found if amount]

    def _dealer_contracts(self, company):
        """{commercial partner: dealer contracts of the company, those with a share rule first, the latest first}."""
        dealers = self.dealer_id.commercial_partner_id
        Contract = self.env["aftersales.contract"].with_context(active_test=False)
        contracts = Contract.search(
            Contract._real() & Domain("kind", "=", "dealer") & Domain("company_id", "=", company.id)
            & Domain("state", "in", SETTLED_STATES) & Domain("partner_id.commercial_partner_id", "in", dealers.ids),
            order="date_start desc, id desc")
        ranked = contracts.sorted(lambda one: not one.share_ids)
        return ranked.grouped(lambda one: one.partner_id.commercial_partner_id)

    def _contract_of_dealer(self, contracts, day):
        """The contract by whose settlement the dealer is paid: in force on ``day``, else the last one; may be empty."""
        own = contracts.get(self.dealer_id.commercial_partner_id, self.env["aftersales.contract"])
        running = own.filtered(lambda one: one.date_start <= day and not (
            one._last_agreed_day() and one._last_agreed_day() < day))
        return (running or own)[:1]

    @api.model
    def _reimburse_waiting(self, company):
        """Make up what had a gap, and find contracts for rows without one: before settlements are made."""
        waiting = self.sudo().search([  # whoever settles, dealers get what they are owed
            ("company_id", "=", company.id), ("reimbursement_gap", "!=", False)])
        waiting._reimburse()
        loose = self.env["aftersales.reimbursement"].sudo().search([
            ("company_id", "=", company.id), ("state", "=", "open"), "|", ("dealer_contract_id", "=", False),
            ("dealer_contract_id.share_ids", "=", False)])
        contracts = loose.claim_id._dealer_contracts(company)
        for row in loose:
            contract = row.claim_id._contract_of_dealer(contracts, row.day)
            if contract != row.dealer_contract_id:
                row._write_guarded({"dealer_contract_id": contract.id})


class ClaimLine(models.Model):
    _inherit = "aftersales.warranty.claim.line"

    def _owed(self, rates, day):
        """`Owed` to the dealer for this line as it is decided now. ``rates``: of the company around ``day``."""
        self.ensure_one()
        claim, part = self.claim_id, self._reimbursed_part()
        if not part:
            return Owed()
        dealer = claim.dealer_id.commercial_partner_id
        rate = rates._closest(dealer, self.kind, self.product_id or claim.product_id, day)
        kind = dict(self._fields["kind"]._description_selection(self.env))[self.kind]
        if not rate:
            return Owed(gap=self.env._(
                "%(line)s: no rate for %(kind)s of %(dealer)s is in force on %(day)s", line=self.name, kind=kind,
                dealer=dealer.display_name, day=day))
        currency = self.currency_id if rate.basis in PERCENTAGES else rate.currency_id
        try:
            amount, steps = reimburse(
                rate._terms(), self._work(part, currency, day), Decimal(1).scaleb(-currency.decimal_places))
        except BadAmount as error:
            return Owed(gap=f"{self.name}: {error}")
        return Owed(amount, currency, rate, tuple(steps))

    def _reimbursed_part(self):
        """The part of the work that is reimbursed, from 0 to 1: an exact Fraction.

        What payers other than the customer pay; and what the customer pays, where we collect it.
        """
        self.ensure_one()
        if self.decision not in APPROVED or self.claim_id.state in ("refused", "cancelled"):
            return Fraction(0)
        whole = Fraction(self._money(self.allowed_amount))
        if self.company_id.aftersales_claim_collects == "company" or not whole:  # not priced: the rate alone says it
            return Fraction(1)
        return min(Fraction(1), Fraction(self._money(self.approved_amount)) / whole)

    def _work(self, part, currency, day):
        """It as the engine's `Work`."""
        quantity = Decimal(float_repr(self.quantity, 4))
        listed = self.product_id.sudo().with_company(self.company_id).lst_price or self.unit_price
        return Work(
            self.kind, hours=Decimal(float_repr(self.allowed_hours, 4)) if self.kind == "labour" else quantity,
            quantity=quantity, part=part, borne=self._borne_by_dealer(currency, day),
            cost=self._money(self.cost) if self.cost else None,
            price=self._money(listed * self.quantity) if listed else None, standard_met=self._standard_met())

    def _standard_met(self):
        """Whether labour took no longer than its standard; None: there is none."""
        if self.kind != "labour" or not self.labour_standard_id:
            return None
        return self.quantity <= self.labour_standard_id.hours

    def _borne_by_dealer(self, currency, day):
        """What the dealer bears of this line by goodwill, as a Decimal of ``currency``."""
        borne = Decimal(0)
        for share in self.share_ids.filtered(lambda one: one.payer_kind == "goodwill"):
            goodwill = self.claim_id.goodwill_ids.filtered(lambda one, key=share.cover_key: one.name == key)
            if goodwill:
                borne += goodwill._split(self._money(share.amount))["dealer"]
        told = self.currency_id._convert(float(borne), currency, self.company_id, day)
        return Decimal(float_repr(told, currency.decimal_places))


class Reimbursement(models.Model):
    _inherit = "aftersales.reimbursement"

    claim_id = fields.Many2one(
        "aftersales.warranty.claim", required=True, readonly=True, index=True, ondelete="restrict")
    line_id = fields.Many2one(
        "aftersales.warranty.claim.line", string="Claim Line", required=True, readonly=True, index=True,
        ondelete="restrict")
    product_id = fields.Many2one(related="line_id.product_id")
    asset_id = fields.Many2one(related="claim_id.asset_id")
    held_text = fields.Char(
        string="Waits for", compute="_compute_held_text", help="It is settled once nothing holds it.")

    @api.depends("state", "line_id.return_state", "claim_id.state", "dealer_contract_id")
    @api.depends_context("lang")
    def _compute_held_text(self):
        for one in self:
            one.held_text = ", ".join(one._holds()) if one.state == "open" else False

    @api.depends("claim_id", "line_id")
    def _compute_display_name(self):
        for one in self:
            one.display_name = one._settled_name()

    def _settled_name(self):
        """What a settlement calls it."""
        self.ensure_one()
        line = self.line_id.sudo()  # a dealer reads what it was paid for
        return f"{line.claim_id.name} · {line.name}"

    def _holds(self):
        """What an open row waits for: phrases; empty: the next settlement takes it."""
        self.ensure_one()
        _, row, found = self.env._, self.sudo(), []
        if row.claim_id.state in AT_WORK:
            found.append(_("the end of the repair"))
        if row.line_id.return_state in NOT_BACK:
            found.append(_("the faulty part"))
        if not row.dealer_contract_id:
            found.append(_("a contract with dealer %s", row.dealer_id.display_name))
        elif not row.dealer_contract_id.share_ids:
            found.append(_("a share rule in contract %s", row.dealer_contract_id.name))
        return found

    def _set_off(self):
        """Rows of lines that come to nothing before any of them was settled are reversed: no settlement shows them."""
        rows = self.search([("line_id", "in", self.line_id.ids), ("state", "!=", "reversed")])
        for same in rows.grouped(lambda row: (row.line_id, row.currency_id)).values():
            if all(row.state == "open" for row in same) and not sum(row._money() for row in same):
                same._write_guarded({"state": "reversed"})
