"""What tests of credit statements and penalty notices start from: assessed penalties of March 2026, to be posted."""

import io

from odoo.fields import Command
from pypdf import PdfReader

from .penalty_case import PenaltyCase

BILLING = "account.group_account_invoice"


class PenaltyDocumentCase(PenaltyCase):
    """As `PenaltyCase`, in a company with a chart of accounts; felix may invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.company.chart_template:
            cls.env["account.chart.template"].try_loading("generic_coa", cls.company, install_demo=False)
        cls.felix.group_ids = [Command.link(cls.env.ref(BILLING).id)]

    @classmethod
    def in_currency(cls, name, rate=1.0):
        """A currency of the test that has a rate."""
        currency = cls.env["res.currency"].with_context(active_test=False).search([("name", "=", name)])
        currency.active = True
        if currency != cls.company.currency_id:
            cls.env["res.currency.rate"].create(
                {"currency_id": currency.id, "name": "2025-12-31", "rate": rate, "company_id": cls.company.id})
        return currency

    def posted(self, penalty=None, **values):
        """``penalty`` (else that of March), approved and posted: its document."""
        penalty = penalty or self.march(**values)
        self.approved(penalty)
        penalty.with_user(self.felix).action_post()
        return penalty.document_id

    def a_provider_contract(self, **values):
        """A contract under which the dealer serves `contract`, on the same policy; it has `clause` of its own."""
        kind = self.env["aftersales.contract.type"].search([("kind", "=", "provider")], limit=1)
        provider = self.a_contract(
            partner_id=self.dealer.id, contract_type_id=kind.id, title="Service by the dealer", **values)
        self.amend(self.contract, backing_ids=[Command.set(provider.ids)])
        return provider

    def text(self, pdf):
        """The text of a PDF, white space made single spaces; checks that each page says which of how many it is."""
        return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)

    def report(self, report, records, user=None):
        """The PDF that the web client gets."""
        Report = self.env["ir.actions.report"].with_user(user or self.env.user)
        return Report._render_qweb_pdf(f"aftersales_contracts.{report}", records.ids)[0]
