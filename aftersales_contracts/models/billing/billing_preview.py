"""Due for billing: what the next run will bill, before it does, by the run's own plan; nothing is written."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .billed import KINDS


class BillingPreview(models.TransientModel):
    _name = "aftersales.billing.preview"
    _description = "Due for Billing"
    _order = "blocked desc, partner_id, contract_id, period_start, id"
    _rec_name = "name"

    contract_id = fields.Many2one("aftersales.contract", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Billed to", readonly=True)
    document = fields.Char(readonly=True, help="The invoice that it goes on: equal texts are one invoice.")
    line_id = fields.Many2one("aftersales.contract.line", string="Contract Line", readonly=True, ondelete="cascade")
    kind = fields.Selection(KINDS, readonly=True)
    name = fields.Char(string="Description", readonly=True)
    period_start = fields.Date(readonly=True)
    period_end = fields.Date(readonly=True)
    share = fields.Char(readonly=True)
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    blocked = fields.Char(string="What Is in the Way", readonly=True)

    @api.model
    def open_due(self, day=None, contract_ids=None):
        """An action with the list of what is due until ``day`` (date or ISO text; empty: today); ``contract_ids``: of
        these contracts, else of all."""
        Contract = self.env["aftersales.contract"]
        self.check_access("create")  # people of the service
        day = fields.Date.to_date(day)
        domain = Contract._billing_domain(day or fields.Date.today() + timedelta(days=1))
        if contract_ids:
            domain &= Domain("id", "in", contract_ids)
        contracts = Contract.search(domain).filtered(
            lambda one: one.next_bill_on <= (day or one._local_today()))
        rows = self.create(self._rows(contracts, day))
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_billing_preview")
        return {**action, "domain": [("id", "in", rows.ids)]}

    @api.model
    def _rows(self, contracts, day):
        """The values of the rows: items by invoice, and what blocks a contract."""
        # Prices and readings are the reader's to see by the contract; journals and accounts need not be.
        plan = contracts.sudo()._billing_plan(day)
        documents = {contract: self._document(bill) for bill in plan.bills for contract in bill.contracts}
        rows = [
            {"contract_id": contract.id, "company_id": contract.company_id.id, "line_id": item.line.id,
             "partner_id": plan.payers[contract].id, "kind": item.kind,
             "name": item.name, "period_start": item.period.start, "document": documents.get(contract),
             "period_end": item.period.end - timedelta(days=1), "amount": float(item.amount), "share": item.share,
             "currency_id": contract.currency_id.id}
            for contract, items in plan.items.items() for item in items]
        return rows + [
            {"contract_id": contract.id, "company_id": contract.company_id.id, "blocked": sentence,
             "partner_id": plan.payers[contract].id, "currency_id": contract.currency_id.id, "name": contract.title}
            for contract, sentence in plan.blocked.items()]

    @api.model
    def _document(self, bill):
        what = self.env._("Invoice") if bill.sale else self.env._("Vendor Bill")
        what = self.env._("Credit Note") if bill.amount < 0 else what
        return self.env._("%(what)s, %(payer)s, %(contracts)s", what=what, payer=bill.payer.display_name,
                          contracts=", ".join(one.name for one in bill.contracts))

    def action_bill_now(self):
        """Bill the contracts of these rows now."""
        return self.contract_id.action_bill_now()


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def action_due_for_billing(self):
        """What the next run will bill of these contracts."""
        self.check_access("read")
        return self.env["aftersales.billing.preview"].open_due(contract_ids=self.ids)
