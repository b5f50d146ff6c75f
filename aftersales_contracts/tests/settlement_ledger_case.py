"""Settlements to answer, approve and post, in a company with a chart of accounts, as their run leaves them behind."""

from decimal import Decimal

from odoo.fields import Command

from .common import ADDON
from .posting_case import PostingCase

PERIODS = {"january": ("2026-01-01", "2026-01-31"), "february": ("2026-02-01", "2026-02-28"),
           "march": ("2026-03-01", "2026-03-31")}
DONE = ("sent", "disputed", "accepted", "approved", "posted", "paid", "closed")


class SettlementLedgerCase(PostingCase):
    """2026-04-10. `dealing` is the contract of `dealer`, whose portal user is diego; `rule` carries what is below zero.
    Shares are booked on `share_account` with a tax of 15 %, fees on `fee_account`, what is withheld on
    `withheld_account`; the dealer has a bank account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Account = cls.env["account.account"]
        cls.share_account, cls.fee_account, cls.withheld_account = Account.create([
            {"name": name, "code": code, "account_type": kind} for name, code, kind in (
                ("Dealer Shares", "S6100", "expense"), ("Brand Fees", "S4100", "income_other"),
                ("Withheld", "S2300", "liability_current"))])
        cls.company.write({
            "aftersales_share_account_id": cls.share_account.id,
            "aftersales_share_brand_account_id": cls.fee_account.id,
            "aftersales_share_withholding_account_id": cls.withheld_account.id,
            "aftersales_share_tax_ids": [Command.set(cls.purchase_tax.ids)],
            "aftersales_share_sale_tax_ids": [Command.set(cls.sale_tax.ids)]})
        cls.bank = cls.a_bank(cls.dealer)
        cls.rule = cls.a_share_rule()
        cls.dealing = cls.a_dealing()
        cls.late_visits = cls.a_clause("Late Visits")  # damages: without tax

    @classmethod
    def a_dealer_penalty(cls, amount, contract=None, **values):
        return cls.a_penalty(amount, contract or cls.dealing, clause=cls.late_visits, **values)

    @classmethod
    def a_bank(cls, partner):
        return cls.env["res.partner.bank"].create({
            "partner_id": partner.id, "acc_number": f"DE00 {partner.id}", "allow_out_payment": True})

    @classmethod
    def a_share_rule(cls, **values):
        """A rule as its record says it; the amounts of these tests do not come from it."""
        return cls.env["aftersales.share.rule"].create({"name": "Service Partners", **values})

    @classmethod
    def a_dealing(cls, **values):
        kind = cls.env.ref(f"{ADDON}.contract_type_dealer")
        return cls.a_contract(**{
            "title": "Service Partner", "partner_id": cls.dealer.id, "contract_type_id": kind.id, **values})

    @classmethod
    def a_settlement(cls, lines, period="march", state="approved", contract=None, rule=None, **values):
        """A settlement with ``lines``: (kind, group, amount) or with a dict of more values.

        Carried in, carried forward and total follow from them and from the settlements before it.
        """
        contract, rule = contract or cls.dealing, rule or cls.rule
        Settlement, start = cls.env["aftersales.settlement"], PERIODS[period]
        currency = values.pop("currency", contract.currency_id)
        opening = Settlement._carried_in(contract, currency, start[0])
        rows = [(*row, {})[:4] for row in lines]
        if opening:
            rows.append(("carried_in", "adjustments", opening, {}))
        balance = sum(Decimal(str(row[2])) for row in rows)
        owed = min(balance, Decimal(0)) if rule.negative == "carry" else Decimal(0)
        if owed:
            rows.append(("carried_forward", "adjustments", -owed, {}))
        settlement = Settlement.create({
            "name": f"DS/T/{Settlement.search_count([]) + 1}", "contract_id": contract.id,
            "dealer_id": contract.partner_id.id, "company_id": contract.company_id.id, "currency_id": currency.id,
            "rule_id": rule.id, "period_start": start[0], "period_end": start[1], "state": state,
            "opening": float(opening), "total": float(balance - owed), "carried_forward": float(owed), "steps": [],
            "warnings": {}, **values})
        cls.env["aftersales.settlement.line"].create([{
            "settlement_id": settlement.id, "company_id": contract.company_id.id, "dealer_id": contract.partner_id.id,
            "sequence": number, "kind": kind, "group": group, "amount": float(amount), "key": f"k{number}",
            "name": f"{kind} {number}", "base": more.get("base", 10 * float(amount)),
            "state": "open" if state in ("computed", "review", "sent") else "accepted",
            **{name: value for name, value in more.items() if name != "base"}}
            for number, (kind, group, amount, more) in enumerate(rows)])
        if state in DONE:
            settlement._take_carried()
        if state == "sent":
            settlement._write_guarded({"answer_until": "2026-04-24"})
        return settlement

    @classmethod
    def share(cls, amount, group="parts", **more):
        return ("share", group, amount, more)

    def post(self, settlements, by=None, **options):
        settlements.with_user(by or self.felix).action_post(**options)
        return settlements.move_ids

    def dispute(self, line, reason="Wrong machine", by=None):
        line.settlement_id.with_user(by or self.diego).action_dispute_lines(line.ids, reason)

    def line(self, settlement, number=0):
        return settlement.line_ids.sorted("sequence")[number]

    def booked(self, moves):
        """[(account, what it says first, amount before taxes)] of the product lines of documents, in their order."""
        return [(line.account_id, line.name.split("\n")[0], round(line.price_subtotal, 3))
                for line in moves.invoice_line_ids.sorted("id")]

    def balances(self, moves):
        """{account: its balance} of documents in the company's currency."""
        found = {}
        for line in moves.line_ids:
            found[line.account_id] = round(found.get(line.account_id, 0) + line.balance, 2)
        return found

    def pay(self, moves, amount=None):
        """Register a payment of ``amount`` (all) for ``moves``."""
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=moves.ids).create({"amount": amount} if amount else {})
        return register._create_payments()
