"""What a contract shows at a glance: counts behind its buttons, and how each promise stands in its periods.

Nothing here is stored. Every figure is one grouped query for the whole batch of contracts.
"""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

OPEN_CLOCK = [("is_current", "=", True), ("state", "in", ("running", "paused"))]
UNEXCUSED = [("state", "=", "breached"), ("excused", "=", False)]


class Contract(models.Model):
    _inherit = "aftersales.contract"

    request_count = fields.Integer(string="Open Requests", compute="_compute_request_count")
    asset_count = fields.Integer(compute="_compute_asset_count")
    open_clock_count = fields.Integer(string="Open Clocks", compute="_compute_clock_counts")
    at_risk_count = fields.Integer(string="At Risk", compute="_compute_clock_counts")
    breached_count = fields.Integer(
        string="Breached", compute="_compute_clock_counts", help="Breached clocks that are not excused.")
    statement_count = fields.Integer(compute="_compute_statement_count")
    # The newest open and closed period in words, and their figures for each SLA target: see ``_board``.
    compliance_board = fields.Json(string="Compliance at a Glance", compute="_compute_compliance_board")

    def _compute_request_count(self):
        self._count_into("request_count", "aftersales.request", [("kind", "not in", ("done", "cancelled"))])

    def _compute_asset_count(self):
        self._count_into("asset_count", "aftersales.asset", [])

    def _compute_clock_counts(self):
        now = fields.Datetime.now()
        risky = [("is_current", "=", True), ("state", "=", "running"), ("warn_at", "<=", now)]
        self._count_into("open_clock_count", "aftersales.sla.clock", OPEN_CLOCK)
        self._count_into("at_risk_count", "aftersales.sla.clock", risky)
        self._count_into("breached_count", "aftersales.sla.clock", UNEXCUSED)

    def _compute_statement_count(self):
        self._count_into("statement_count", "aftersales.statement", [])

    def _count_into(self, name, model, domain):
        """Set field ``name`` to the number of records of ``model`` that fit ``domain``, by one query; 0 unreadable."""
        Model = self.env[model]
        groups = Model._read_group(
            [("contract_id", "in", self.ids), *domain], ["contract_id"], ["__count"],
        ) if self.ids and Model.has_access("read") else []
        counts = {contract.id: count for contract, count in groups}
        for contract in self:
            contract[name] = counts.get(contract._origin.id, 0)

    @api.depends_context("lang")
    def _compute_compliance_board(self):
        Compliance = self.env["aftersales.compliance"]
        readable = self.ids and Compliance.has_access("read")
        rows = Compliance.search(self._last_periods(), order="target_id, id") if readable else Compliance
        for contract in self:
            own = rows.filtered(lambda row, c=contract: row.contract_id == c._origin)
            contract.compliance_board = _board(own)

    def _last_periods(self):
        """Domain of the compliance rows of each contract's newest open and newest closed period."""
        newest = self.env["aftersales.compliance"]._read_group(
            [("contract_id", "in", self.ids)], ["contract_id", "state"], ["period_start:max"])
        return Domain.OR(
            Domain("contract_id", "=", contract.id) & Domain("state", "=", state) & Domain("period_start", "=", start)
            for contract, state, start in newest)

    # --- buttons -------------------------------------------------------------------------------------------------

    def _action(self, xmlid, domain, **context):
        """The action ``xmlid`` on this contract's records."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(f"aftersales_contracts.{xmlid}")
        return {**action, "domain": [("contract_id", "=", self.id), *domain], "context": context}

    def action_view_requests(self):
        return self._action("action_request", [], search_default_open=1, default_contract_id=self.id,
                            default_partner_id=self.partner_id.id, default_company_id=self.company_id.id)

    def action_view_assets(self):
        return self._action("action_asset", [], default_contract_id=self.id, default_partner_id=self.partner_id.id,
                            default_company_id=self.company_id.id)

    def action_view_open_clocks(self):
        return self._action("action_sla_clock", [], search_default_open=1)

    def action_view_at_risk(self):
        return self._action("action_sla_clock", [], search_default_at_risk=1)

    def action_view_breached(self):
        return self._action("action_sla_clock", [], search_default_unexcused=1)

    def action_view_statements(self):
        return self._action("action_statement", [], default_contract_id=self.id)

    def action_view_compliance(self):
        return self._action("action_compliance", [])



def _board(rows):
    """The board of one contract from the compliance ``rows`` of its newest open and closed period."""
    periods = {state: rows.filtered(lambda row, s=state: row.state == s) for state in ("open", "closed")}
    targets = rows.target_id.sorted(lambda target: (target.metric, target.sequence, target.id))
    return {
        **{state: _period_in_words(own[:1]) for state, own in periods.items()},
        "targets": [
            {"id": target.id, "name": target.display_name,
             **{state: _figures(own.filtered(lambda row, t=target: row.target_id == t)[:1])
                for state, own in periods.items()}}
            for target in targets],
    }


def _period_in_words(row):
    """First and last day of a row's period, as the reader's language writes dates; empty without a row."""
    if not row:
        return ""
    start, end = (format_date(row.env, day) for day in (row.period_start, row.period_end))
    return row.env._("%(start)s to %(end)s", start=start, end=end)


def _figures(row):
    """The figures of one compliance row as plain values; empty where the period has none for the target."""
    if not row:
        return {}
    return {
        "rate": row.rate if row.met + row.breached else None, "text": row.rate_text, "objective": row.objective,
        "reached": row.reached, "due": row.due, "met": row.met, "breached": row.breached,
        "excused": row.excused, "running": row.running,
    }
