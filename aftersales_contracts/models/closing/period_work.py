"""What the steps of a month are, and the buttons that they press."""

from datetime import timedelta

from odoo import models
from odoo.fields import Domain

from .period_steps import STEPS, PeriodStep

ENDED = ("expired", "terminated")
PROVIDERS = ("provider", "dealer")


class PeriodClose(models.Model):
    _inherit = "aftersales.period.close"

    def _steps(self):
        """The `PeriodStep`s of this month, in their order."""
        self.ensure_one()
        made = {step.key: step for step in [
            *self._statement_steps(), *self._penalty_steps(), self._bill_step(), *self._settlement_steps()]}
        return [made[key] for key in STEPS]

    def _ours(self):
        """Domain of the records of periods that ended with this month, in its company."""
        return Domain("company_id", "=", self.company_id.id) & Domain("period_end", "<=", self.date_end)

    def _statement_steps(self):
        _, ours, statement = self.env._, self._ours(), "aftersales.statement"
        closed = self._among(ours & Domain("state", "!=", "draft"), "statement")
        return [
            PeriodStep(1, "statements", _("Close statements"), _("Of every contract, oldest period first"), statement,
                       ours & Domain("state", "=", "draft"), closed, "_press_close", "action_statement"),
            PeriodStep(2, "assess", _("Assess customers' penalties"), _("From the closed statements"), statement,
                       ours & Domain("state", "!=", "draft") & Domain("penalties_assessed_at", "=", False),
                       closed & Domain("penalties_assessed_at", "!=", False), "_press_assess", "action_statement"),
        ]

    def _penalty_steps(self):
        _, ours, penalty = self.env._, self._ours(), "aftersales.penalty"
        asked = Domain("waiver_state", "=", "asked")

        def in_state(*states):
            return self._among(ours & Domain("state", "in", states), "penalty") & Domain("state", "in", states)

        return [
            PeriodStep(3, "providers", _("Assess providers and dealers"), _("By their own promises"),
                       "aftersales.contract", Domain("id", "in", self._providers_to_assess().ids),
                       self._providers() & Domain("penalties_until", ">=", self.date_end), "_press_providers",
                       "action_contract"),
            PeriodStep(4, "review", _("Review penalties"), _("By the account manager"), penalty,
                       ours & Domain("state", "=", "draft"), in_state("reviewed", "approved", "posted", "waived"), None,
                       "action_penalty"),
            PeriodStep(5, "approve", _("Approve penalties"), _("Those that somebody else reviewed"), penalty,
                       ours & Domain("state", "=", "reviewed") & ~asked, in_state("approved", "posted"),
                       "_press_approve", "action_penalty"),
            PeriodStep(6, "post", _("Post credit notes and claims"), _("What the next invoice deducts waits for it"),
                       penalty, ours & self._to_post() & ~asked, in_state("posted"), "_press_post", "action_penalty"),
        ]

    def _to_post(self):
        """Domain of approved penalties that get a document of their own: no invoice is going to deduct them."""
        return Domain("state", "=", "approved") & (
            Domain("clause_id.settle_by", "=", "credit_note") | Domain("credit_instead", "=", True)
            | Domain("contract_id.state", "in", ENDED))

    def _bill_step(self):
        ours = Domain("company_id", "=", self.company_id.id)
        after = self.date_end + timedelta(days=1)  # on which the fees in arrears of the month fall due
        return PeriodStep(
            7, "bill", self.env._("Bill contracts"), self.env._("Fees in arrears of the month included"),
            "aftersales.contract", ours & Domain("billing", "=", "automatic") & Domain("next_bill_on", "<=", after),
            ours & Domain("billed_ids", "any", self._among(
                ours & Domain("period_start", "<=", self.date_end), "billed")), "_press_bill", "action_contract")

    # --- what is due, before the nightly work comes to it ----------------------------------------------------

    def _after_close_days(self):
        """The day on which what ended with this month counts as due, whatever time the company leaves for late facts:
        finance decides here and now."""
        return self.date_end + timedelta(days=1 + self.company_id.statement_close_days)

    def _open_statements(self):
        """Draft statements of every period that ended in the month: what the step counts."""
        Contract = self.env["aftersales.contract"]
        due = Contract._due_periods(self._after_close_days())
        self.env["aftersales.statement"]._drafts(
            [row for contract, rows in due.items() if contract.company_id == self.company_id for row in rows])

    def _providers(self):
        return Domain("company_id", "=", self.company_id.id) & Domain("kind", "in", PROVIDERS) & Domain(
            "penalty_clause_ids", "!=", False)

    def _providers_to_assess(self):
        """Provider and dealer contracts with a period that ended with this month and is not assessed."""
        if self.state == "closed":
            return self.env["aftersales.contract"]
        day = self._after_close_days()
        Contract = self.env["aftersales.contract"]
        found = Contract.search(Contract._penalty_providers(day) & Domain("company_id", "=", self.company_id.id))
        return found.filtered(lambda contract: contract._penalty_periods(day))

    # --- the buttons -----------------------------------------------------------------------------------------

    def _press_close(self, statements):
        statements.action_close()

    def _press_assess(self, statements):
        """Assessing is the system's: there is no right to it beyond that of closing the month."""
        _made, problems = self.env["aftersales.penalty"]._assess(statements)
        return {one.id: problems[one.contract_id] for one in statements if one.contract_id in problems}

    def _press_providers(self, contracts):
        _made, problems = self.env["aftersales.penalty"]._assess_providers(contracts, self._after_close_days())
        return {contract.id: why for contract, why in problems.items()}

    def _press_approve(self, penalties):
        penalties.action_approve()

    def _press_post(self, penalties):
        return {penalty.id: "; ".join(gaps) for penalty, gaps in penalties._post_batch().items()}

    def _press_bill(self, contracts):
        contracts.action_bill_now()
