"""Invoices whose revenue is attributed to dealers: what the tests of attribution start from."""

from odoo.fields import Command, Date
from odoo.tests import freeze_time, tagged

from .share_case import ShareCase

BILLING = "account.group_account_invoice"
TODAY = "2026-04-10"
RATES = (("JPY", 150), ("KWD", 0.3), ("EUR", 0.9), ("TWD", 30))  # of 1 USD, the company's currency


@tagged("post_install", "-at_install")
class RevenueCase(ShareCase):
    """2026-04-10, 12:00 UTC. `dealing`: the contract of `dealer` (Northern Dealer), `dealing_south`: of `south`, both
    in force from 2026-01-01; `paying` is a rule where what is paid counts. `labour_hour` and `filter` are products of
    the kinds labour and parts; invoices carry no taxes unless told otherwise."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.company.chart_template:
            cls.env["account.chart.template"].try_loading("generic_coa", cls.company, install_demo=False)
        frozen = freeze_time(f"{TODAY} 12:00:00")
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        cls.felix.group_ids = [Command.link(cls.env.ref(BILLING).id)]
        cls.Revenue = cls.env["aftersales.revenue"]
        cls.income = cls.env["account.account"].search(
            [("account_type", "=", "income"), ("company_ids", "in", cls.company.id)], limit=1)
        cls.south = cls.env["res.partner"].create({"name": "Southern Dealer", "is_company": True})
        cls.dealing_south = cls.a_dealer_contract(partner_id=cls.south.id)
        cls.paying = cls.a_rule([cls.a_share(value=10)], name="When Paid", pay_basis="paid")
        cls.labour_hour, cls.filter = cls.env["product.product"].create([
            {"name": "Labour Hour", "type": "service", "aftersales_line_kind_id": cls.labour.id, "taxes_id": False},
            {"name": "Oil Filter", "type": "consu", "aftersales_line_kind_id": cls.parts.id, "taxes_id": False,
             "standard_price": 6}])
        for name, rate in RATES:
            cls.a_rate(name, rate)
        cls.Revenue._attribute(cls.company)  # demo invoices and the like are done with

    @classmethod
    def currency(cls, name):
        return cls.env["res.currency"].with_context(active_test=False).search([("name", "=", name)])

    @classmethod
    def a_rate(cls, name, rate, day="2026-01-01"):
        currency = cls.currency(name)
        currency.active = True
        currency.rate_ids.unlink()
        cls.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": day, "rate": rate, "company_id": cls.company.id})

    @classmethod
    def an_attribution(cls, contract=None, start="2026-01-01", **values):
        """`customer` is served by ``contract`` (a dealer contract, else `dealing`), unless ``values`` name another."""
        if not any(name.endswith("_id") and name != "company_id" for name in values):
            values["partner_id"] = cls.customer.id
        return cls.env["aftersales.attribution"].create(
            {"dealer_contract_id": (contract or cls.dealing).id, "date_from": start, **values})

    @classmethod
    def an_invoice(cls, *prices, day="2026-03-10", post=True, move_type="out_invoice", **values):
        """A posted invoice of `customer`: a line for each price, or for each dict of its values."""
        lines = [price if isinstance(price, dict) else {"price_unit": price} for price in prices]
        move = cls.env["account.move"].create({
            "move_type": move_type, "partner_id": cls.customer.id, "invoice_date": day, "date": day,
            "invoice_line_ids": [Command.create({
                "name": f"Work {number}", "account_id": cls.income.id, "tax_ids": False, "quantity": 1, **line})
                for number, line in enumerate(lines, 1)], **values})
        if post:
            move.action_post()
        return move

    @classmethod
    def pay(cls, move, amount, day="2026-03-20"):
        """Pay ``amount`` of the invoice, in its currency: a payment, or the entry that stands for it in the ledger."""
        wizard = cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids).create({
                "amount": amount, "payment_date": day, "currency_id": move.currency_id.id,
                "journal_id": cls.env["account.journal"].search([
                    ("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1).id,
                "payment_difference_handling": "open"})
        payment = wizard._create_payments()
        if not payment.move_id:
            account = move.line_ids.filtered(lambda line: line.display_type == "payment_term").account_id
            entry = cls.env["account.move"].create({
                "date": day, "line_ids": [
                    Command.create({"account_id": account.id, "partner_id": move.commercial_partner_id.id,
                                    "currency_id": move.currency_id.id, "amount_currency": -amount}),
                    Command.create({"account_id": cls.income.id, "currency_id": move.currency_id.id,
                                    "amount_currency": amount})]})
            entry.action_post()
            payment = entry
        return payment

    def attribute(self):
        return self.Revenue._attribute(self.company)

    def rows(self, move, kinds=None):
        """The ledger rows of ``move`` in the order in which they were written."""
        rows = self.Revenue.search([("move_id", "=", move.id)], order="id")
        return rows.filtered(lambda row: not kinds or row.kind in kinds)

    def said(self, move, *names):
        """[(kind, dealer's name, amount, further fields)] of the rows of ``move``."""
        return [(row.kind, row.dealer_contract_id.partner_id.name, row.amount, *(row[name] for name in names))
                for row in self.rows(move)]

    def settle(self, rows, amount=1):
        """A settlement takes ``rows``: what the run of settlements leaves behind."""
        for contract, taken in rows.grouped("dealer_contract_id").items():
            period = rows.env["aftersales.settlement"].search_count([("contract_id", "=", contract.id)])
            start = Date.add(Date.to_date("2026-01-01"), months=period)
            theirs = {"dealer_id": contract.partner_id.id, "company_id": contract.company_id.id}
            settlement = rows.env["aftersales.settlement"].create({
                **theirs, "contract_id": contract.id, "currency_id": contract.currency_id.id, "period_start": start,
                "period_end": Date.end_of(start, "month")})
            rows.env["aftersales.settlement.line"].create([{
                **theirs, "settlement_id": settlement.id, "kind": "share", "revenue_id": row.id, "amount": amount}
                for row in taken])
        rows.env.flush_all()

    def assert_whole(self, *moves):
        """The ledger says of each line exactly what the invoice says, whatever happened before; and nothing else."""
        for move in moves:
            rows = self.rows(move, ("invoice", "refund", "change"))
            for line in move.invoice_line_ids if move.state == "posted" else move.invoice_line_ids.browse():
                mine = rows.filtered(lambda row, line=line: row.move_line_id.id == line.id)
                self.assertAlmostEqual(sum(mine.mapped("amount")), -line.amount_currency, 6)
                self.assertAlmostEqual(sum(mine.mapped("company_amount")), -line.balance, 6)
            wanted = -sum(move.invoice_line_ids.mapped("amount_currency")) if move.state == "posted" else 0
            self.assertAlmostEqual(sum(rows.mapped("amount")), wanted, 6)
