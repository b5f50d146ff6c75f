"""Approved penalties to post, in a company with a chart of accounts: what the tests of posting start from."""

from datetime import date
from decimal import Decimal

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..engine import penalty_terms as engine
from ..models.penalties.penalty_inputs import inputs_of
from ..models.statements.statement_snapshot import digest
from .common import AftersalesCase

BILLING = "account.group_account_invoice"
TODAY = "2026-04-10"  # a Friday; March is over
FEBRUARY = ("2026-02-01", "2026-02-28")
# currency, penalties, before taxes, 15 % tax, what the customer is owed, and in USD (Odoo reckons the tax there, too)
IN_CURRENCIES = (
    ("JPY", (1235, 7), 1242, 186, 1428, 9.52),
    ("KWD", (12.345, 0.001), 12.346, 1.852, 14.198, 47.32),
    ("EUR", (33.33, 33.33), 66.66, 10.0, 76.66, 85.18),
    ("TWD", (1001, 3), 1004, 151, 1155, 38.49),
)


@tagged("post_install", "-at_install")
class PostingCase(AftersalesCase):
    """2026-04-10, 12:00 UTC. felix has the right Billing beside finance. `contract` is in the company's currency, USD;
    `sale_tax` and `purchase_tax` are 15 %; 1 USD = 150 JPY = 0.3 KWD = 0.9 EUR = 30 TWD since 2026-01-01."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.company.chart_template:
            cls.env["account.chart.template"].try_loading("generic_coa", cls.company, install_demo=False)
        frozen = freeze_time(f"{TODAY} 12:00:00")
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        cls.felix.group_ids = [Command.link(cls.env.ref(BILLING).id)]
        Tax, Journal = cls.env["account.tax"], cls.env["account.journal"]
        own = Journal._check_company_domain(cls.company)
        cls.sale_journal = Journal.search([*own, ("type", "=", "sale")], limit=1)
        cls.purchase_journal = Journal.search([*own, ("type", "=", "purchase")], limit=1)
        cls.sale_tax, cls.purchase_tax = Tax.create([{
            "name": f"Test {use} 15", "amount": 15, "type_tax_use": use, "company_id": cls.company.id}
            for use in ("sale", "purchase")])
        for name, rate in (("JPY", 150), ("KWD", 0.3), ("EUR", 0.9), ("TWD", 30)):
            cls.a_rate(cls.currency(name), rate)
        cls.uptime = cls.a_clause("Uptime", tax_ids=[Command.set(cls.sale_tax.ids)])

    @classmethod
    def currency(cls, name):
        return cls.env["res.currency"].with_context(active_test=False).search([("name", "=", name)])

    @classmethod
    def a_rate(cls, currency, rate, day="2026-01-01"):
        currency.active = True
        currency.rate_ids.unlink()
        cls.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": day, "rate": rate, "company_id": cls.company.id})

    @classmethod
    def a_clause(cls, name="Uptime", **values):
        return cls.env["aftersales.penalty.clause"].create({"name": name, **values})

    @classmethod
    def a_provider_contract(cls, **values):
        """A contract of the dealer as our provider."""
        kind = cls.env["aftersales.contract.type"].search([("kind", "=", "provider")], limit=1)
        return cls.a_contract(partner_id=cls.dealer.id, contract_type_id=kind.id, **values)

    @classmethod
    def a_penalty(cls, amount=100, contract=None, period=("2026-03-01", "2026-03-31"), **values):
        """An approved penalty of March 2026 under ``contract``, as the assessment and two people leave it behind."""
        contract = contract or cls.contract
        clause = values.pop("clause", cls.uptime)
        numbers = cls.env["aftersales.penalty"].search_count([])
        inputs = inputs_of(engine.Clause(clause.display_name, ()), engine.Measures(
            date.fromisoformat(period[0]), date.fromisoformat(period[1])), Decimal(1000), engine.Ledger())
        return cls.env["aftersales.penalty"].create({
            "name": f"PEN/T/{numbers + 1}", "contract_id": contract.id, "partner_id": contract.partner_id.id,
            "kind": contract.kind, "currency_id": contract.currency_id.id, "clause_id": clause.id,
            "row_key": f"k{numbers}", "period_start": period[0], "period_end": period[1], "assessed": amount,
            "measured": True, "inputs": inputs, "inputs_hash": digest(inputs), "steps": [],
            "state": "approved", "approved_by_id": cls.boss.id, **values})

    def post(self, penalties, by=None, **options):
        penalties.with_user(by or self.felix).action_post(**options)
        return penalties.move_id

    def products(self, move):
        """[(price before taxes, what the line is called first)] of the lines of a document, as texts."""
        return [(f"{line.price_subtotal:.{move.currency_id.decimal_places}f}", line.name.split("\n")[0])
                for line in move.invoice_line_ids]

    def assert_balanced(self, move):
        """Debit equals credit, in the company's currency and in the document's."""
        company, currency = move.company_id.currency_id, move.currency_id
        self.assertTrue(company.is_zero(sum(move.line_ids.mapped("balance"))))
        self.assertTrue(currency.is_zero(sum(move.line_ids.mapped("amount_currency"))))

    def receivable(self, moves):
        """What the partners of ``moves`` owe by them, less what they are owed, in the currency of the documents."""
        lines = moves.line_ids.filtered(
            lambda line: line.account_type in ("asset_receivable", "liability_payable"))
        return round(sum(lines.mapped("amount_residual_currency")), 3)
