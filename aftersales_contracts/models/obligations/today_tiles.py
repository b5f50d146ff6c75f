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
        _, mine = self.env._, self._of(people, "contract_id.user_id")
        contracts = self.env["aftersales.contract"]
        on_its_way = contracts._real() & Domain("state", "in", ("draft", "review", "approved", "signed"))
        return [
            TodayTile("at_risk", _("Clocks at risk"), "danger", "aftersales.sla.clock", self._risky() & mine,
                      "action_sla_clock", _("A promise is about to be broken"), "fa-clock-o"),
            TodayTile("breaches", _("Open breaches"), "danger", "aftersales.breach",
                      mine & Domain("state", "in", OPEN_BREACH), "action_breach",
                      _("To confirm, to notify, or running"), "fa-gavel"),
            self._approvals(),
            self._due_tile("notices", _("Last safe days near"), "warning", ("notice",), people,
                           _("The last day to give notice"), "fa-bell-o"),
            self._due_tile("renewals", _("Renewals and ends near"), "warning", ("renewal", "end"), people,
                           _("Renew, renegotiate or let go"), "fa-refresh"),
            TodayTile("drafts", _("Contracts on their way"), "info", "aftersales.contract",
                      on_its_way & self._of(people, "user_id"), "action_contract",
                      _("To finish, to approve, to sign"), "fa-pencil"),
            self._due_tile("signatures", _("Signatures and amendments due"), "warning", ("signature", "amendment"),
                           people, _("Remind the signers, or begin anew"), "fa-pencil-square-o"),
            TodayTile("issues", _("Issues and disputes"), "warning", "aftersales.issue",
                      Domain("state", "=", "open") & self._of(people, "user_id", "contract_id.user_id"),
                      "action_issue", _("Somebody waits for an answer"), "fa-comments-o"),
            TodayTile("excess", _("Entitlements used up"), "warning", "aftersales.entitlement.excess",
                      Domain("state", "=", "proposed") & mine, "action_entitlement_excess",
                      _("More was asked for than is left"), "fa-battery-empty"),
            self._due_tile("visits", _("Maintenance visits due"), "warning", ("maintenance",), people,
                           _("To plan, or missed"), "fa-wrench"),
            self._due_tile("reviews", _("Reviews due"), "info", ("review",), people, _("Keep, amend or end"),
                           "fa-eye"),
            self._due_tile("duties", _("Obligations due"), "warning", ("obligation", "finding", "certificate"), people,
                           _("Yours to do, or to ask for"), "fa-check-square-o"),
        ]

    @api.model
    def _finance_tiles(self, people):
        _, today = self.env._, fields.Date.context_today(self)
        return [
            TodayTile("statements", _("Statements to close"), "warning", "aftersales.statement",
                      Domain("state", "=", "draft") & Domain("period_end", "<", today), "action_statement",
                      _("The period is over"), "fa-file-text-o"),
            self._approvals(),
            TodayTile("revisions", _("Price revisions to apply"), "info", "aftersales.price.revision",
                      Domain("state", "in", ("draft", "previewed")), "action_price_revision",
                      _("Calculated by one, applied by another"), "fa-line-chart"),
            TodayTile("corrections", _("Corrections to bill"), "info", "aftersales.contract.correction",
                      Domain("state", "=", "open"), "action_contract_correction",
                      _("Of amendments into closed periods"), "fa-undo"),
            TodayTile("excuses", _("Excuses to decide"), "info", "aftersales.sla.excuse",
                      Domain("state", "=", "proposed") & Domain("requested_by_id", "!=", self.env.uid),
                      "action_sla_excuse", _("Somebody else proposed them"), "fa-question-circle-o"),
            TodayTile("disputes", _("Disputes that hold penalties"), "warning", "aftersales.issue",
                      Domain("state", "=", "open") & Domain("holds", "=", True), "action_issue",
                      _("Nothing is charged until they are settled"), "fa-comments-o"),
            self._due_tile("duties", _("Obligations due"), "warning", ("obligation", "finding"), people,
                           _("Yours to do, or to ask for"), "fa-check-square-o"),
        ]

    @api.model
    def _legal_tiles(self, people):
        _ = self.env._
        to_verify = (Domain("state", "=", "corrected") & Domain("corrected_by_id", "!=", self.env.uid)
                     & Domain("user_id", "!=", self.env.uid))
        return [
            self._due_tile("notices", _("Last safe days near"), "danger", ("notice",), None,
                           _("The last day to give notice"), "fa-bell-o"),
            TodayTile("clauses", _("Clauses to review"), "warning", "aftersales.clause.review",
                      Domain("state", "=", "open"), "action_clause_review", _("They differ from the library"),
                      "fa-paragraph"),
            TodayTile("breaches", _("Breaches to decide"), "danger", "aftersales.breach",
                      Domain("state", "in", ("proposed", "uncured", "disputed")), "action_breach",
                      _("Proposed, not cured or disputed"), "fa-gavel"),
            self._approvals(),
            self._due_tile("obligations", _("Obligations and certificates"), "warning", ("obligation", "certificate"),
                           None, _("Ours and theirs, due or overdue"), "fa-check-square-o"),
            self._due_tile("ndas", _("NDAs expiring"), "warning", ("nda",), None, _("Access ends with them"),
                           "fa-user-secret"),
            self._due_tile("audits", _("Audits and findings due"), "warning", ("audit", "finding"), None,
                           _("To hold, to report, to correct"), "fa-search"),
            TodayTile("verify", _("Corrections to verify"), "info", "aftersales.finding", to_verify, "action_finding",
                      _("Somebody else has to look"), "fa-eye"),
        ]

    @api.model
    def _service_tiles(self, people):
        _ = self.env._
        return [
            TodayTile("at_risk", _("My clocks at risk"), "danger", "aftersales.sla.clock",
                      self._risky() & self._of(people, "request_id.user_id"), "action_sla_clock",
                      _("Act before they are due"), "fa-clock-o"),
            TodayTile("requests", _("My open requests"), "info", "aftersales.request",
                      Domain("kind", "not in", ("done", "cancelled")) & self._of(people, "user_id"), "action_request",
                      _("Assigned to you"), "fa-ticket"),
            self._due_tile("duties", _("My obligations due"), "warning", ("obligation", "finding"), people,
                           _("Report them done"), "fa-check-square-o"),
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
