"""Penalty clauses of a contract: rows of its paper, and what keeps a contract with them from taking effect."""

from decimal import Decimal
from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine import penalty_terms as engine
from ...engine.money import exact, round_money
from .penalty_component import OF_TARGETS

PERIOD_MONTHS = {"month": 1, "quarter": 3, "year": 12}
AGREED = ("signed", "active", "suspended", "notice", "expired", "terminated")  # what both sides signed stays


class ContractPenalty(models.Model):
    _name = "aftersales.contract.penalty"
    _inherit = ["aftersales.paper.row"]
    _description = "Penalty Clause"
    _order = "contract_id, sequence, id"
    _rec_name = "clause_id"
    _check_company_auto = True
    _paper_group = "clauses"
    _paper_fields = ("sequence", "clause_id")

    sequence = fields.Integer(default=10)
    clause_id = fields.Many2one(
        "aftersales.penalty.clause", string="Penalty Clause", required=True, index=True, ondelete="restrict",
        check_company=True, domain="[('state', '=', 'released'), ('currency_id', '=', currency_id)]")
    currency_id = fields.Many2one(related="contract_id.currency_id")
    partner_id = fields.Many2one(related="contract_id.partner_id")
    contract_state = fields.Selection(related="contract_id.state", string="Contract State")
    clause_state = fields.Selection(related="clause_id.state", string="State of the Clause")
    from_plan = fields.Boolean(readonly=True, help="Taken over from the service plan.")
    words_text = fields.Text(string="In Words", compute="_compute_words_text")
    gap_text = fields.Char(string="Still Missing", compute="_compute_gap_text", help="Without it, no activation.")

    @api.depends("clause_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.clause_id.display_name

    @api.depends("clause_id", "contract_id.policy_id", "contract_id.calendar_id")
    @api.depends_context("lang")
    def _compute_words_text(self):
        for row in self:
            row.words_text = "\n".join(row.clause_id._in_words(row.contract_id)) if row.clause_id else False

    @api.depends("clause_id", "contract_id.policy_id", "contract_id.currency_id", "contract_id.line_ids.annual_value")
    @api.depends_context("lang")
    def _compute_gap_text(self):
        for row in self:
            row.gap_text = ", ".join(row._gaps()) if row.clause_id else False

    @api.constrains("clause_id", "contract_id")
    def _check_clause(self):
        """The currency is that of the contract; and no draft gets onto a paper that is locked, by whatever way."""
        for row in self:
            clause, contract = row.clause_id.sudo(), row.contract_id  # of a company that the writer may not see as well
            if clause.currency_id != contract.currency_id:
                raise ValidationError(self.env._(
                    "Penalty clause %(clause)s is in %(theirs)s, contract %(contract)s in %(ours)s.",
                    clause=clause.display_name, theirs=clause.currency_id.name, contract=contract.display_name,
                    ours=contract.currency_id.name))
            if contract.state != "draft" and clause.state == "draft":
                raise ValidationError(self.env._(
                    "Penalty clause %(clause)s is not released, and contract %(contract)s is no draft.",
                    clause=clause.display_name, contract=contract.display_name))

    # --- what is missing ---------------------------------------------------------------------------------------------

    def _gaps(self):
        """What keeps this clause from taking effect in its contract: a list of phrases."""
        self.ensure_one()
        _, clause, contract = self.env._, self.clause_id.sudo(), self.contract_id
        name, gaps = clause.display_name, []
        if clause.state == "draft":
            gaps.append(_("the release of penalty clause %s", name))
        elif clause.state == "withdrawn" and not self._is_agreed():
            gaps.append(_("a penalty clause in use instead of %s, which was withdrawn", name))
        if clause.currency_id != contract.currency_id:
            gaps.append(_("penalty clause %(clause)s in %(currency)s", clause=name, currency=contract.currency_id.name))
        gaps += [gap for component in clause.component_ids if (gap := component._gap(contract))]
        return gaps + [
            _("a sound penalty clause %(clause)s (%(finding)s)", clause=name, finding=finding.sentence)
            for finding in clause._lint(contract) if finding.blocks]

    def _is_agreed(self):
        """Whether both sides have agreed on this clause: what is withdrawn later stays with those who hold it."""
        contract = self.contract_id
        if contract.state in AGREED:
            return True
        same = contract.amends_id.penalty_clause_ids.filtered(lambda row: row.row_key == self.row_key)
        return bool(same) and same.clause_id == self.clause_id


class Component(models.Model):
    _inherit = "aftersales.penalty.component"

    def _gap(self, contract):
        """What is missing to measure this component under ``contract``: a phrase, or None."""
        self.ensure_one()
        _, values = self.env._, {"component": self.name, "clause": self.clause_id.display_name}
        if self.source == "figure" and not self.measure_id:
            return _("the measure of component %(component)s of penalty clause %(clause)s", **values)
        if self.source in OF_TARGETS and not self._targets(contract):
            return _("an SLA target that component %(component)s of penalty clause %(clause)s is about", **values)
        wants = self.kind in (engine.PER_POINT, engine.PROPORTIONAL) and self.target_from == "objective"
        if wants and len(self._objectives(contract)) > 1:
            return _("one objective of the SLA targets that component %(component)s of penalty clause %(clause)s is "
                     "about, or a figure of its own", **values)
        return None


class Contract(models.Model):
    _inherit = "aftersales.contract"

    penalty_clause_ids = fields.One2many(
        "aftersales.contract.penalty", "contract_id", string="Penalty Clauses", copy=True)

    @api.model
    def _paper_rows(self):
        return {**super()._paper_rows(), "penalty": "penalty_clause_ids"}

    # --- fee ---------------------------------------------------------------------------------------------------------

    def _penalty_fee(self):
        """The fee of a full statement period (Decimal) at the prices agreed last."""
        self.ensure_one()
        if not self.currency_id:
            return Decimal(0)
        months = PERIOD_MONTHS[self.statement_period or "month"]
        annual = sum((exact(line._annual(line._amount_at(line._price()))) for line in self.line_ids
                      if not line.cancelled and not line.ended and line._counts_in_fee()), Fraction(0))
        return round_money(annual * months / 12, self._rounding())

    # --- what keeps it from taking effect ----------------------------------------------------------------------------

    def _penalty_gaps(self):
        """What its penalty clauses lack: a list of phrases."""
        self.ensure_one()
        gaps = [gap for row in self.penalty_clause_ids for gap in row._gaps()]
        clauses = self.penalty_clause_ids.clause_id.sudo()
        for number, versions in clauses.grouped("number").items():
            if len(versions) > 1:
                gaps.append(self.env._("one version only of penalty clause %s", number))
        return gaps

    def _activation_gaps(self):
        return super()._activation_gaps() + self._penalty_gaps()

    def _check_move(self, action):
        """Nobody approves or signs what was sound when it was submitted and is not any more."""
        super()._check_move(action)
        if action in ("approve", "sign"):
            self._refuse_penalty_gaps()

    def _moved(self, action):
        """The last gate, of whatever way leads into force: adopting old contracts, amendments, the night."""
        super()._moved(action)
        if action in ("sign", "activate"):
            for contract in self.filtered("penalty_clause_ids"):
                contract._refuse_penalty_gaps()

    def _refuse_penalty_gaps(self):
        gaps = self._penalty_gaps()
        if gaps:
            raise UserError(self.env._(
                "Contract %(name)s is not complete. It lacks: %(missing)s.", name=self.display_name,
                missing=", ".join(gaps)))
