"""Comparison of service modes: who should serve a market, by weighted criteria, with a recommendation and its reason.

T(mode) = sum of weight times score over the criteria, divided by the sum of the weights. Scores are 1 to 5. Where less
is better, such as of cost, a score counts as 6 less itself, so that 5 is the best of every criterion.
"""

from decimal import Decimal
from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import float_repr, formatLang

from ...engine.scorecard import Criterion, score
from ..contract.contract import SERVICE_MODES

KEEPERS = "aftersales_contracts.group_account_manager,aftersales_contracts.group_legal"
DIRECTIONS = [("higher", "Higher Is Better"), ("lower", "Lower Is Better")]
MODES = tuple(mode for mode, _label in SERVICE_MODES)
HIGHEST, TURNED, DIGITS = 5, 6, 4
USUAL = (("0.25", "lower"), ("0.2", "higher"), ("0.2", "higher"), ("0.2", "higher"), ("0.15", "higher"))
SIZES = [("small", "Small"), ("medium", "Medium"), ("large", "Large")]


class ModeComparison(models.Model):
    _name = "aftersales.mode.comparison"
    _inherit = ["aftersales.guarded", "aftersales.handled", "mail.thread"]
    _description = "Comparison of Service Modes"
    _order = "create_date desc, id desc"
    _check_company_auto = True
    _guarded = {"state": "draft", "decided_by_id": False, "decided_on": False, "chosen": False, "reason": False}

    name = fields.Char(string="Question", required=True, tracking=True, help="Such as: who serves Taiwan from 2027 on?")
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    partner_id = fields.Many2one("res.partner", string="Provider in Question", check_company=True, ondelete="restrict")
    region_id = fields.Many2one("aftersales.region", check_company=True, ondelete="restrict")
    user_id = fields.Many2one(
        "res.users", string="Prepared by", default=lambda self: self.env.user, domain=[("share", "=", False)])
    with_in_house = fields.Boolean(string="In-house", default=True)
    with_outsourced = fields.Boolean(string="Outsourced", default=True)
    with_hybrid = fields.Boolean(string="Hybrid", default=True)
    with_authorised = fields.Boolean(string="Authorised", default=True)
    with_self_service = fields.Boolean(string="Self-service")
    company_size = fields.Selection(SIZES)
    product_lines = fields.Selection([("one", "One"), ("several", "Several")])
    standard_product = fields.Boolean(help="Everybody knows how to use it.")
    around_the_clock = fields.Boolean(string="Day and Night", help="Customers expect help at any hour.")
    abroad = fields.Boolean(string="Many Countries")
    fast_growing = fields.Boolean()
    knowledge_is_core = fields.Boolean(
        string="Knowledge Is the Core", help="What is learned in service decides the next product.")
    criterion_ids = fields.One2many(
        "aftersales.mode.criterion", "comparison_id", string="Criteria", copy=True,
        default=lambda self: self._usual_criteria())
    results = fields.Json(compute="_compute_results", help="[[mode, T, sum]], the best first.")
    board = fields.Json(string="Result", compute="_compute_results")
    recommended = fields.Selection(SERVICE_MODES, compute="_compute_results")
    recommendation = fields.Text(compute="_compute_results")
    warning = fields.Text(string="Look at This", compute="_compute_results")
    hints = fields.Text(string="What the Profile Suggests", compute="_compute_hints")
    state = fields.Selection(
        [("draft", "Draft"), ("decided", "Decided")], required=True, readonly=True, default="draft", copy=False,
        tracking=True)
    chosen = fields.Selection(SERVICE_MODES, string="Decision", readonly=True, copy=False, tracking=True)
    reason = fields.Text(string="Why Otherwise", readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True, copy=False)
    decided_on = fields.Date(string="Decided", readonly=True, copy=False)

    @api.model
    def _usual_criteria(self):
        """The criteria to begin with, to be weighted and scored."""
        _ = self.env._
        names = _("Cost"), _("Control"), _("Quality"), _("Response"), _("Innovation")
        return [Command.create({"name": name, "weight": float(weight), "direction": direction})
                for name, (weight, direction) in zip(names, USUAL, strict=True)]

    # --- what comes out ----------------------------------------------------------------------------------------------

    def _compared(self):
        """The modes that are compared."""
        self.ensure_one()
        return [mode for mode in MODES if self[f"with_{mode}"]]

    @api.depends(
        *(f"with_{mode}" for mode in MODES), "criterion_ids.weight", "criterion_ids.direction",
        *(f"criterion_ids.score_{mode}" for mode in MODES))
    @api.depends_context("lang")
    def _compute_results(self):
        for one in self:
            rows, gaps = one._totals()
            labels = dict(one._fields["chosen"]._description_selection(self.env))
            best = [row for row in rows if row[1] == rows[0][1]] if rows and not gaps else []
            one.results = [[mode, float(total), float(raw)] for mode, total, raw in rows]
            one.board = [
                {"dimension": labels[mode], "score": float(total),
                 "text": self.env._("%(total)s (sum %(raw)s)", total=one._number(total), raw=one._number(raw))}
                for mode, total, raw in rows]
            one.recommended = best[0][0] if len(best) == 1 else False
            one.recommendation = one._recommend(rows, best, labels)
            one.warning = "\n".join(gaps + one._weight_warning())

    def _totals(self):
        """([(mode, T, sum of weight times score)], the best first; [what is missing in words])."""
        criteria, rows = self.criterion_ids.filtered(lambda one: one.direction and one.weight > 0), []
        gaps = [self.env._("%(criterion)s: no score for %(modes)s.", criterion=criterion.name, modes=", ".join(missing))
                for criterion in criteria for missing in [criterion._missing(self._compared())] if missing]
        weighed = [criterion._criterion(number) for number, criterion in enumerate(criteria)]
        for mode in self._compared() if any(one.weight for one in weighed) else ():
            found = score(weighed, {
                one.key: criterion[f"score_{mode}"] or None for one, criterion in zip(weighed, criteria, strict=True)})
            total = Fraction(found.total or 0) * HIGHEST / 100
            rows.append((mode, total, total * Fraction(found.measured_sum)))
        return sorted(rows, key=lambda row: -row[1]), gaps

    def _weight_warning(self):
        weights = sum((criterion._weight() for criterion in self.criterion_ids), Decimal(0))
        if not self.criterion_ids or weights == 1:
            return []
        return [self.env._(
            "The weights sum to %s, not to 1: the totals are divided by that sum.", self._number(weights))]

    def _recommend(self, rows, best, labels):
        if not best:
            return False
        if len(best) > 1:
            return self.env._("%s come out alike: the profile, or another criterion, has to decide.",
                              ", ".join(labels[row[0]] for row in best))
        words = self.env._("%(mode)s, with %(total)s of 5.", mode=labels[best[0][0]], total=self._number(best[0][1]))
        leads = [c.name for c in self.criterion_ids if c._leads(best[0][0], self._compared())]
        if leads:
            words += " " + self.env._("It is the best in %s.", ", ".join(leads))
        if len(rows) > 1:
            words += " " + self.env._("Next is %(mode)s with %(total)s.", mode=labels[rows[1][0]],
                                      total=self._number(rows[1][1]))
        return words

    def _number(self, value):
        return formatLang(self.env, float(value), digits=2)

    @api.depends("company_size", "product_lines", "standard_product", "around_the_clock", "abroad", "fast_growing",
                 "knowledge_is_core")
    @api.depends_context("lang")
    def _compute_hints(self):
        for one in self:
            one.hints = "\n".join(one._profile_hints()) or False

    def _profile_hints(self):
        """What suits such a company, a sentence each: a hint beside the figures, never part of them."""
        _, found = self.env._, []
        if self.standard_product or self.around_the_clock:
            found.append(_("Self-service: a product that many know, or help at any hour, is served well online."))
        if self.company_size == "large" and self.product_lines == "several":
            found.append(_("Hybrid: with several product lines, keep the difficult ones and hand over the others."))
        if self.abroad:
            found.append(_("Authorised: dealers are near to customers in many countries and speak their language."))
        if self.fast_growing:
            found.append(_("Outsourced: capacity that grows with sales without own people and sites."))
        if self.knowledge_is_core:
            found.append(_("In-house: what is learned in service stays with those who build the next machine."))
        return found

    # --- the decision ------------------------------------------------------------------------------------------------

    def action_decide(self, mode=None, reason=None):
        """Decide on ``mode``, else on the recommendation; another than the recommended one needs its reason."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_groups(KEEPERS):
            raise AccessError(self.env._("Only an account manager or legal decides on the service mode."))
        for one in self:
            if one.state != "draft":
                raise UserError(self.env._("%s is decided already.", one.display_name))
            gaps = one._totals()[1]
            if not one.criterion_ids or len(one._compared()) < 2:
                raise UserError(self.env._("%s: two modes and one criterion at least are compared.", one.display_name))
            if gaps:
                raise UserError("\n".join([one.display_name, *gaps]))
            chosen = mode or one.recommended
            if chosen not in one._compared():
                raise UserError(self.env._("%s: no mode stands out. Say which one it is.", one.display_name))
            if chosen != one.recommended:
                reason = one._check_reason(reason)
            one._write_guarded({
                "state": "decided", "chosen": chosen, "reason": reason if chosen != one.recommended else False,
                "decided_by_id": self.env.uid, "decided_on": fields.Date.context_today(one)})

    def action_reopen(self):
        """Back to draft: the figures or the question have changed."""
        self.check_access("write")
        self._write_guarded({key: value for key, value in self._guarded.items()})

    def write(self, vals):
        if set(vals) - {"user_id", "message_main_attachment_id"}:
            for one in self.filtered(lambda c: c.state == "decided"):
                raise UserError(self.env._("%s is decided: open it again to change it.", one.display_name))
        return super().write(vals)

    def _refuse_deletion(self):
        for one in self.filtered(lambda c: c.state == "decided"):
            raise UserError(self.env._("%s is decided and stays.", one.display_name))


class ModeCriterion(models.Model):
    _name = "aftersales.mode.criterion"
    _description = "Criterion of a Comparison"
    _order = "comparison_id, sequence, id"

    comparison_id = fields.Many2one("aftersales.mode.comparison", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="comparison_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Criterion", required=True)
    weight = fields.Float(digits=(16, DIGITS), required=True, default=0, aggregator=None)
    direction = fields.Selection(DIRECTIONS, required=True)
    score_in_house = fields.Integer(string="In-house", aggregator=None)
    score_outsourced = fields.Integer(string="Outsourced", aggregator=None)
    score_hybrid = fields.Integer(string="Hybrid", aggregator=None)
    score_authorised = fields.Integer(string="Authorised", aggregator=None)
    score_self_service = fields.Integer(string="Self-service", aggregator=None)

    @api.constrains("weight", *(f"score_{mode}" for mode in MODES))
    def _check_figures(self):
        for criterion in self:
            if criterion.weight <= 0:
                raise ValidationError(self.env._(
                    "%(criterion)s: a weight of %(weight)s counts for nothing. Give one above zero.",
                    criterion=criterion.name, weight=criterion.weight))
            for mode in MODES:
                if not 0 <= criterion[f"score_{mode}"] < TURNED:
                    raise ValidationError(self.env._(
                        "%(criterion)s, %(mode)s: %(score)s is no score. 1 to 5 are; 0 means not scored yet.",
                        criterion=criterion.name, score=criterion[f"score_{mode}"],
                        mode=criterion._fields[f"score_{mode}"]._description_string(self.env)))

    def _weight(self):
        return Decimal(float_repr(self.weight, DIGITS))

    def _criterion(self, number):
        """The engine's criterion: 5 comes to 100 points where more is better, 1 where less is."""
        ends = (Decimal(TURNED), Decimal(1)) if self.direction == "lower" else (Decimal(0), Decimal(HIGHEST))
        return Criterion(str(number), self.name or "", self._weight(), self.direction, *ends)

    def _points(self, mode):
        """The score of ``mode`` as it counts: 5 is the best."""
        score = self[f"score_{mode}"]
        return TURNED - score if self.direction == "lower" else score

    def _missing(self, modes):
        return [self._fields[f"score_{mode}"]._description_string(self.env) for mode in modes
                if not self[f"score_{mode}"]]

    def _leads(self, mode, modes):
        return all(self._points(mode) > self._points(other) for other in modes if other != mode)
