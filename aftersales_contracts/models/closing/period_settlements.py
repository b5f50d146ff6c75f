"""Settlements in the close of a month: their steps, what somebody has to decide, and what the month closes over."""

from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .period_items import ItemSource
from .period_steps import PeriodStep

FINAL = ("posted", "paid", "closed")  # settlements of which nothing moves any more but payments
NAME = ("name", "contract_id.name")


class PeriodClose(models.Model):
    _inherit = "aftersales.period.close"

    def _settlement_steps(self):
        _, ours, model = self.env._, self._ours(), "aftersales.settlement"
        month = Domain("close_id", "=", self.id)

        def in_state(*states):
            return self._among(ours & Domain("state", "in", states), "settlement") & Domain("state", "in", states)

        return [
            PeriodStep(8, "attribute", _("Attribute revenue"), _("To the dealers that it belongs to"),
                       "aftersales.period.revenue", month & Domain("waiting_count", ">", 0),
                       month & Domain("waiting_count", "=", 0), "_press_attribute", "action_period_revenue"),
            PeriodStep(9, "settle", _("Settle dealers"), _("Every dealer whose period ended with the month"),
                       "aftersales.contract", Domain("id", "in", self._dealers_to_settle().ids),
                       Domain("settlement_ids", "any", self._among(ours, "settlement")), "_press_settle",
                       "action_contract"),
            PeriodStep(10, "settlement_review", _("Review settlements"), _("By the account manager or finance"), model,
                       ours & Domain("state", "in", ("draft", "computed")), in_state("review", "sent", "disputed",
                       "accepted", "approved", *FINAL), None, "action_settlement"),
            PeriodStep(11, "settlement_send", _("Send settlements"), _("The dealer accepts, or disputes single lines"),
                       model, ours & Domain("state", "=", "review"), in_state("sent", "disputed", "accepted",
                       "approved", *FINAL), "_press_send", "action_settlement"),
            PeriodStep(12, "settlement_approve", _("Approve settlements"),
                       _("Those that are answered, and that somebody else reviewed"), model,
                       ours & Domain("state", "=", "accepted"), in_state("approved", *FINAL),
                       "_press_approve_settlements", "action_settlement"),
            PeriodStep(13, "settlement_post", _("Post settlements"), _("Bills to the dealers, and charges"), model,
                       ours & Domain("state", "=", "approved"), in_state(*FINAL), "_press_post_settlements",
                       "action_settlement"),
        ]

    def _dealers_to_settle(self):
        """Dealer contracts with a period that ended with this month and has no settlement."""
        Contract = self.env["aftersales.contract"]
        if self.state == "closed":
            return Contract
        found = Contract.with_context(active_test=False).search(
            Contract._settled_domain() & Domain("company_id", "=", self.company_id.id))
        periods = found.sudo()._settlement_periods(self._settling_day())  # of versions that one need not read
        return found.filtered(lambda contract: any(
            period.end <= self._day_after() for period in periods.get(contract.sudo(), ())))

    def _day_after(self):
        """The first day after the month."""
        return self.date_end + timedelta(days=1)

    def _settling_day(self):
        """The day on which what ended with this month is settled, whatever time the company leaves for late facts."""
        return self._day_after() + timedelta(days=self.company_id.aftersales_settlement_days)

    # --- the buttons -----------------------------------------------------------------------------------------

    def _press_attribute(self, _months):
        """What waits, and what was missed. Attributing is the system's, as settling is."""
        self.env["aftersales.reconciliation"]._attribute_month(self.company_id, self.date_start)

    def _press_settle(self, contracts):
        """Settling is the system's: there is no right to it beyond that of closing the month. It bears the name of who
        presses, who does not approve it then."""
        self.env["aftersales.revenue"].sudo()._attribute(self.company_id)
        refused = {}
        for contract in contracts.sudo():
            found = contract._settle(self._settling_day(), self._day_after())
            refused.update({one.id: why for one, why in found.blocked.items()})
        return refused

    def _press_send(self, settlements):
        settlements.action_send()

    def _press_approve_settlements(self, settlements):
        settlements.action_approve()

    def _press_post_settlements(self, settlements):
        return {one.id: "; ".join(gaps) for one, gaps in settlements._post_batch().items()}

    # --- what the month closes over ----------------------------------------------------------------------------

    def _fact_queries(self):
        return [*super()._fact_queries(), self._fact_query(
            "settlement", SQL("aftersales_settlement"),
            SQL("f.state IN %s AND f.period_end <= %s", FINAL, self.date_end), amount=SQL("f.payable"),
            currency_id=SQL("f.currency_id"), fingerprint=SQL("f.result_hash"),
            detail=SQL("'posted'"))]


class PeriodItem(models.Model):
    _inherit = "aftersales.period.item"

    @api.model
    def _sources(self):
        return [*super()._sources(), *self._settlement_sources(), *self._revenue_sources()]

    @api.model
    def _settlement_sources(self):
        """Settlements that somebody has to move on. What is held by a dispute when its settlement is posted ages by
        itself, and comes with a later settlement."""

        def source(code, kind, *states, **values):
            return ItemSource(code, kind, "aftersales.settlement", Domain("state", "in", states), "period_end", NAME,
                              amount="payable", currency="currency_id", **values)

        return [
            source(40, "settlement_review", "draft", "computed"),
            source(41, "settlement_send", "review", step="settlement_send"),
            source(42, "settlement_answer", "sent"),
            source(43, "settlement_dispute", "disputed"),
            source(44, "settlement_approve", "accepted", step="settlement_approve"),
            source(45, "settlement_post", "approved", step="settlement_post"),
            ItemSource(49, "settle", "aftersales.contract", Domain("id", "in", self._unsettled().ids), None,
                       ("name", "title"), contract="id", step="settle"),
        ]

    @api.model
    def _unsettled(self):
        """The dealer contracts that open months wait for."""
        closes = self.env["aftersales.period.close"].sudo().search([("state", "=", "open")])  # the view has its rules
        return self.env["aftersales.contract"].sudo().union(*(close._dealers_to_settle() for close in closes))

    @api.model
    def _revenue_sources(self):
        """Months whose revenue is not all accounted for."""

        def source(code, kind, domain, amount, **values):
            open_one = Domain("close_id.state", "=", "open")
            return ItemSource(code, kind, "aftersales.period.revenue", open_one & domain, "month", ("name",),
                              contract=None, amount=amount, currency="currency_id", **values)

        return [
            source(46, "attribute", Domain("waiting_count", ">", 0), "waiting", step="attribute"),
            source(47, "difference", Domain("difference_count", ">", 0), "difference"),
            source(48, "unattributed", Domain("no_agreement", "!=", 0), "no_agreement"),
        ]


class PeriodFact(models.Model):
    _inherit = "aftersales.period.fact"

    def _models(self):
        return {**super()._models(), "settlement": "aftersales.settlement"}
