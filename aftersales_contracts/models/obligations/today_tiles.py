"""The tiles of each desk: what the reader's own work, or that of the desk, consists of today."""

from odoo import api, fields, models
from odoo.fields import Domain

from .today import TodayTile

OPEN_BREACH = ("proposed", "open", "notified", "uncured", "disputed")


class Today(models.AbstractModel):
    _inherit = "aftersales.today"

    @api.model
    def _today_sections(self, people):
        found = super()._today_sections(people)
        for desk, tiles in found.items():
            tiles += getattr(self, f"_{desk}_tiles")(people)
        return found

    @api.model
    def _account_tiles(self, people):
        _t, mine = self.env._, self._of(people, "contract_id.user_id")
        contracts = self.env["aftersales.contract"]
        on_its_way = contracts._real() & Domain("state", "in", ("draft", "review", "approved", "signed"))
        return [
            TodayTile("at_risk", _t("Clocks at risk"), "danger", "aftersales.sla.clock", self._risky() & mine,
                      "action_sla_clock", _t("A promise is about to be broken"), "fa-clock-o"),
            TodayTile("breaches", _t("Open breaches"), "danger", "aftersales.breach",
                      mine & Domain("state", "in", OPEN_BREACH), "action_breach",
                      _t("To confirm, to notify, or running"), "fa-gavel"),
            self._approvals(),
            self._due_tile("notices", _t("Last safe days near"), "warning", ("notice",), people,
                           _t("The last day to give notice"), "fa-bell-o"),
            self._due_tile("renewals", _t("Renewals and ends near"), "warning", ("renewal", "end"), people,
                           _t("Renew, renegotiate or let go"), "fa-refresh"),
            TodayTile("drafts", _t("Contracts on their way"), "info", "aftersales.contract",
                      on_its_way & self._of(people, "user_id"), "action_contract",
                      _t("To finish, to approve, to sign"), "fa-pencil"),
            self._due_tile("signatures", _t("Signatures and amendments due"), "warning", ("signature", "amendment"),
                           people, _t("Remind the signers, or begin anew"), "fa-pencil-square-o"),
            TodayTile("issues", _t("Issues and disputes"), "warning", "aftersales.issue",
                      Domain("state", "=", "open") & self._of(people, "user_id", "contract_id.user_id"),
                      "action_issue", _t("Somebody waits for an answer"), "fa-comments-o"),
            TodayTile("excess", _t("Entitlements used up"), "warning", "aftersales.entitlement.excess",
                      Domain("state", "=", "proposed") & mine, "action_entitlement_excess",
                      _t("More was asked for than is left"), "fa-battery-empty"),
            self._due_tile("visits", _t("Maintenance visits due"), "warning", ("maintenance",), people,
                           _t("To plan, or missed"), "fa-wrench"),
            self._due_tile("reviews", _t("Reviews due"), "info", ("review",), people, _t("Keep, amend or end"),
                           "fa-eye"),
            self._due_tile("duties", _t("Obligations due"), "warning", ("obligation", "finding", "certificate"), people,
                           _t("Yours to do, or to ask for"), "fa-check-square-o"),
        ]

    @api.model
    def _finance_tiles(self, people):
        _t, today = self.env._, fields.Date.context_today(self)
        return [
            TodayTile("statements", _t("Statements to close"), "warning", "aftersales.statement",
                      Domain("state", "=", "draft") & Domain("period_end", "<", today), "action_statement",
                      _t("The period is over"), "fa-file-text-o"),
            self._approvals(),
            TodayTile("revisions", _t("Price revisions to apply"), "info", "aftersales.price.revision",
                      Domain("state", "in", ("draft", "previewed")), "action_price_revision",
                      _t("Calculated by one, applied by another"), "fa-line-chart"),
            TodayTile("corrections", _t("Corrections to bill"), "info", "aftersales.contract.correction",
                      Domain("state", "=", "open"), "action_contract_correction",
                      _t("Of amendments into closed periods"), "fa-undo"),
            TodayTile("excuses", _t("Excuses to decide"), "info", "aftersales.sla.excuse",
                      Domain("state", "=", "proposed") & Domain("requested_by_id", "!=", self.env.uid),
                      "action_sla_excuse", _t("Somebody else proposed them"), "fa-question-circle-o"),
            TodayTile("disputes", _t("Disputes that hold penalties"), "warning", "aftersales.issue",
                      Domain("state", "=", "open") & Domain("holds", "=", True), "action_issue",
                      _t("Nothing is charged until they are settled"), "fa-comments-o"),
            self._due_tile("duties", _t("Obligations due"), "warning", ("obligation", "finding"), people,
                           _t("Yours to do, or to ask for"), "fa-check-square-o"),
        ]

    @api.model
    def _legal_tiles(self, people):
        _t = self.env._
        to_verify = (Domain("state", "=", "corrected") & Domain("corrected_by_id", "!=", self.env.uid)
                     & Domain("user_id", "!=", self.env.uid))
        return [
            self._due_tile("notices", _t("Last safe days near"), "danger", ("notice",), None,
                           _t("The last day to give notice"), "fa-bell-o"),
            TodayTile("clauses", _t("Clauses to review"), "warning", "aftersales.clause.review",
                      Domain("state", "=", "open"), "action_clause_review", _t("They differ from the library"),
                      "fa-paragraph"),
            TodayTile("breaches", _t("Breaches to decide"), "danger", "aftersales.breach",
                      Domain("state", "in", ("proposed", "uncured", "disputed")), "action_breach",
                      _t("Proposed, not cured or disputed"), "fa-gavel"),
            self._approvals(),
            self._due_tile("obligations", _t("Obligations and certificates"), "warning", ("obligation", "certificate"),
                           None, _t("Ours and theirs, due or overdue"), "fa-check-square-o"),
            self._due_tile("ndas", _t("NDAs expiring"), "warning", ("nda",), None, _t("Access ends with them"),
                           "fa-user-secret"),
            self._due_tile("audits", _t("Audits and findings due"), "warning", ("audit", "finding"), None,
                           _t("To hold, to report, to correct"), "fa-search"),
            TodayTile("verify", _t("Corrections to verify"), "info", "aftersales.finding", to_verify, "action_finding",
                      _t("Somebody else has to look"), "fa-eye"),
        ]

    @api.model
    def _service_tiles(self, people):
        _t = self.env._
        return [
            TodayTile("at_risk", _t("My clocks at risk"), "danger", "aftersales.sla.clock",
                      self._risky() & self._of(people, "request_id.user_id"), "action_sla_clock",
                      _t("Act before they are due"), "fa-clock-o"),
            TodayTile("requests", _t("My open requests"), "info", "aftersales.request",
                      Domain("kind", "not in", ("done", "cancelled")) & self._of(people, "user_id"), "action_request",
                      _t("Assigned to you"), "fa-ticket"),
            self._due_tile("duties", _t("My obligations due"), "warning", ("obligation", "finding"), people,
                           _t("Report them done"), "fa-check-square-o"),
        ]

    @api.model
    def _risky(self):
        return Domain("is_current", "=", True) & Domain("at_risk", "=", True)

    @api.model
    def _approvals(self):
        """Steps that wait for one of the reader's groups; whether the reader may take one is checked when it is."""
        groups = self.env.user.all_group_ids
        return TodayTile(
            "approvals", self.env._("Approvals waiting"), "warning", "aftersales.approval",
            Domain("state", "=", "waiting") & Domain("contract_id.state", "=", "review")
            & Domain("group_id", "in", groups.ids) & Domain("contract_id.user_id", "!=", self.env.uid),
            "action_approval", self.env._("A contract waits for your group"), "fa-thumbs-o-up")
