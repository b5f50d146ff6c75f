"""Failure: what one failure cost us: credited to the customer, claimed from providers, recovered, and the gap.

A failure is a service request, or a breach that belongs to none. Penalties count in by the events that they rest on
(``failure_share``), amounts are before taxes, in the company's currency.
"""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class Failure(models.Model):
    _name = "aftersales.failure"
    _description = "Failure, Back to Back"
    _auto = False
    _order = "gap desc, id desc"
    _rec_name = "name"
    _depends = {
        "aftersales.penalty": ["kind", "state", "reversed_on", "company_id", "partner_id"],
        "aftersales.penalty.event": ["penalty_id", "company_share", "share", "failed_request_id", "failed_breach_id"],
        "aftersales.recovery": [
            "failed_request_id", "failed_breach_id", "company_id", "partner_id", "state", "company_amount",
            "company_recovered"],
        "aftersales.request": ["contract_id", "partner_id", "opened_at"],
        "aftersales.breach": ["contract_id", "partner_id", "noticed_on"],
    }

    name = fields.Char(string="Failure", compute="_compute_name")
    request_id = fields.Many2one("aftersales.request", string="Service Request", readonly=True)
    breach_id = fields.Many2one("aftersales.breach", readonly=True, help="Of a failure that is no service request.")
    contract_id = fields.Many2one("aftersales.contract", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", string="Company Currency", readonly=True)
    failed_on = fields.Date(readonly=True)
    claimed_from = fields.Char(string="Claimed from", readonly=True, help="Providers, dealers and suppliers.")
    credited = fields.Monetary(readonly=True, help="Credited to the customer: posted and not reversed.")
    claimed = fields.Monetary(readonly=True, help="Claimed from providers and dealers: posted and not reversed.")
    recovered = fields.Monetary(readonly=True, help="What suppliers paid or credited.")
    gap = fields.Monetary(readonly=True, help="Credited, less claimed and recovered: what the failure cost us.")
    pending_credit = fields.Monetary(string="To Credit", readonly=True, help="Approved, not posted yet.")
    pending_claim = fields.Monetary(
        string="To Claim", readonly=True, help="Approved and not posted yet, or claimed from a supplier and open.")
    expected_gap = fields.Monetary(readonly=True, help="What the gap will be once everything pending is settled.")

    @property
    def _table_query(self):
        """One row a failure and company. Filters on the request or breach reach the indexes of the facts."""
        return SQL(
            """SELECT sums.id, sums.request_id, sums.breach_id, sums.company_id, company.currency_id,
                      COALESCE(request.contract_id, breach.contract_id) AS contract_id,
                      COALESCE(request.partner_id, breach.partner_id) AS partner_id,
                      COALESCE(request.opened_at::date, breach.noticed_on) AS failed_on, sums.claimed_from,
                      credited, claimed, recovered, credited - claimed - recovered AS gap, pending_credit,
                      pending_claim,
                      credited + pending_credit - claimed - recovered - pending_claim AS expected_gap
                 FROM (SELECT COALESCE(2 * request_id, 2 * breach_id + 1) AS id, request_id, breach_id, company_id,
                              string_agg(DISTINCT party, ', ') AS claimed_from,
                              SUM(credited) AS credited, SUM(claimed) AS claimed, SUM(recovered) AS recovered,
                              SUM(pending_credit) AS pending_credit, SUM(pending_claim) AS pending_claim
                         FROM (%s UNION ALL %s) facts
                     GROUP BY request_id, breach_id, company_id) sums
                 JOIN res_company company ON company.id = sums.company_id
            LEFT JOIN aftersales_request request ON request.id = sums.request_id
            LEFT JOIN aftersales_breach breach ON breach.id = sums.breach_id""",
            self._penalty_facts(), self._recovery_facts())

    @api.model
    def _penalty_facts(self):
        return SQL(
            """SELECT e.failed_request_id AS request_id, e.failed_breach_id AS breach_id, p.company_id,
                      CASE WHEN p.kind <> 'customer' THEN partner.complete_name END AS party,
                      CASE WHEN p.kind = 'customer' AND p.state = 'posted' THEN e.company_share ELSE 0 END AS credited,
                      CASE WHEN p.kind <> 'customer' AND p.state = 'posted' THEN e.company_share ELSE 0 END AS claimed,
                      0 AS recovered,
                      CASE WHEN p.kind = 'customer' AND p.state <> 'posted' THEN e.company_share ELSE 0 END
                          AS pending_credit,
                      CASE WHEN p.kind <> 'customer' AND p.state <> 'posted' THEN e.company_share ELSE 0 END
                          AS pending_claim
                 FROM aftersales_penalty_event e
                 JOIN aftersales_penalty p ON p.id = e.penalty_id
            LEFT JOIN res_partner partner ON partner.id = p.partner_id
                WHERE e.share <> 0 AND p.state IN ('approved', 'disputed', 'posted') AND p.reversed_on IS NULL
                  AND (e.failed_request_id IS NOT NULL OR e.failed_breach_id IS NOT NULL)""")

    @api.model
    def _recovery_facts(self):
        return SQL(
            """SELECT r.failed_request_id, r.failed_breach_id, r.company_id, partner.complete_name, 0, 0,
                      COALESCE(r.company_recovered, 0), 0,
                      CASE WHEN r.state = 'claimed' THEN COALESCE(r.company_amount, 0) ELSE 0 END
                 FROM aftersales_recovery r
                 JOIN res_partner partner ON partner.id = r.partner_id
                WHERE r.state <> 'refused'""")

    @api.depends("request_id", "breach_id")
    def _compute_name(self):
        for failure in self:
            failure.name = (failure.request_id or failure.breach_id).sudo().display_name  # a name, for who sees the sum

    def _action(self, failures):
        """The list of ``failures``."""
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_failure")
        return {**action, "context": {}, "domain": [("id", "in", failures.ids)]}

    def action_view_penalties(self):
        """The penalties, of customers and providers, that this failure is part of."""
        self.check_access("read")
        events = self.env["aftersales.penalty.event"].search(Domain("share", "!=", 0) & (
            Domain("failed_request_id", "in", self.request_id.ids)
            | Domain("failed_breach_id", "in", self.breach_id.ids)))
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_penalty")
        return {**action, "context": {}, "domain": [("id", "in", events.penalty_id.ids)]}

    def action_view_recoveries(self):
        """What suppliers owe or paid for this failure."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_recovery")
        return {**action, "domain": Domain.OR([
            [("failed_request_id", "in", self.request_id.ids)], [("failed_breach_id", "in", self.breach_id.ids)]]),
            "context": {"default_request_id": self.request_id[:1].id, "default_breach_id": self.breach_id[:1].id}}
