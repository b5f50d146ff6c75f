"""What is wrong with a penalty clause: the engine's findings and our own, and the gate that they shut."""

from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.penalty_finding import Finding
from ...engine.penalty_lint import lint
from .penalty_clause import RULES
from .penalty_component import OF_TARGETS, SAYS

OWN = ("no_targets", "no_measure", "no_earn_back", "no_rationale")  # told in the reader's language already


class PenaltyClause(models.Model):
    _inherit = "aftersales.penalty.clause"

    # [{"code", "component", "sentence", "blocks"}], those that block first
    lint_findings = fields.Json(string="Findings", compute="_compute_lint_findings")
    lint_blocks = fields.Boolean(string="Must Not Be Released", compute="_compute_lint_findings")
    lint_blocking_text = fields.Text(string="What Blocks It", compute="_compute_lint_findings")
    lint_warning_text = fields.Text(string="What Looks Odd", compute="_compute_lint_findings")

    @api.depends(*RULES, *SAYS, "rationale", "state")
    @api.depends_context("lang")
    def _compute_lint_findings(self):
        for clause in self:
            found = clause._lint() if clause.state == "draft" and clause.currency_id else ()
            rows = [{**finding._asdict(), "sentence": clause._finding_in_words(finding)} for finding in found]
            clause.lint_findings = rows
            clause.lint_blocks = any(row["blocks"] for row in rows)
            for name, blocks in (("lint_blocking_text", True), ("lint_warning_text", False)):
                clause[name] = "\n".join(row["sentence"] for row in rows if row["blocks"] == blocks)

    def _lint(self, contract=None):
        """A tuple of the engine's `Finding`, those that block first; ``contract``: by its fee, value and targets.

        A cap that only the fee of this contract does not reach harms nobody: it is a warning there.
        """
        self.ensure_one()
        terms = self._terms(contract)
        if terms.earn_back and not terms.earn_back.component:  # told below; the rest is looked at all the same
            terms = replace(terms, earn_back=None)
        found = lint(terms, contract._penalty_fee(), contract._term_value()) if contract else lint(terms)
        if contract:
            always = {(one.code, one.component) for one in lint(terms)}
            found = [one._replace(blocks=one.blocks and (one.code != "cap_unreachable" or one[:2] in always))
                     for one in found]
        return tuple(sorted((*self._own_findings(), *found), key=lambda one: not one.blocks))

    def _own_findings(self):
        """What the engine cannot see: where the facts would come from, and why the rates are what they are."""
        _, found = self.env._, []
        for one in self.component_ids:
            if one.source in OF_TARGETS and not (one.metric or one.target_ids):
                found.append(Finding("no_targets", one.key or "", _(
                    "%s: say by its metric, or one by one, which SLA targets it is about", one.name), True))
            elif one.source == "figure" and not one.measure_id:
                found.append(Finding(
                    "no_measure", one.key or "", _("%s: say which measure it is about", one.name), True))
        if self.earn_back and not self.earn_back_component_id:
            found.append(Finding("no_earn_back", "", _("Earning back: say which component's figure decides"), True))
        if self.component_ids and not (self.rationale or "").strip():
            found.append(Finding("no_rationale", "", _(
                "The rationale is empty: a court that judges the rates asks which interest they protect"), False))
        return found

    def _check_lint(self):
        """Raise UserError naming everything that keeps a clause from being released."""
        for clause in self:
            blocking = [clause._finding_in_words(finding) for finding in clause._lint() if finding.blocks]
            if blocking:
                raise UserError(self.env._(
                    "Penalty clause %(clause)s cannot be released:\n%(findings)s", clause=clause.display_name,
                    findings="\n".join(blocking)))

    # --- words -------------------------------------------------------------------------------------------------------

    def _finding_in_words(self, finding):
        """In English as the engine says it, with its figures; in another language what its code means."""
        name = self.component_ids.filtered(lambda one: one.key == finding.component)[:1].name or ""
        said = finding.sentence
        if finding.code not in OWN and not (self.env.lang or "en_US").startswith("en"):
            said = self._finding_meanings().get(finding.code) or said
        return f"{name}: {said}" if name and name not in said else said

    @api.model
    def _finding_meanings(self):
        """{code of a finding: what it means, in the language of the context}."""
        _ = self.env._
        return {
            "malformed": _("a term is missing, or cannot be worked with"),
            "no_tiers": _("there are no tiers"),
            "no_components": _("the clause has no component that could cost anything"),
            "overlap": _("two tiers have the same bound"),
            "unsorted": _("the bounds of the tiers are out of order"),
            "hole": _("a tier costs nothing although a better one does, or figures that miss the target cost nothing"),
            "falling_rates": _("the rates fall, so that doing worse may cost less"),
            "zero_rate": _("the rate is zero, so it never costs anything"),
            "multiplier_below_one": _("a factor below 1 makes a repeated failure cheaper"),
            "multiplier_falling": _("the factors fall, so that a longer run of failures costs less"),
            "unread": _("a field is filled in that this kind of component does not read"),
            "unknown_severity": _("a severity has no points, or there is no such severity"),
            "weights_unused": _("it has a weight, but the clause has no amount at risk to divide"),
            "weights": _("the weights do not sum to 100"),
            "earn_back_endless": _("earning back has no end: every penalty ever paid could be returned"),
            "earn_back_easy": _("earning back returns penalties for a figure that misses the target itself"),
            "bonus_without_cap": _("the bonus has no cap"),
            "lowest_rewards": _("with the lowest component counting, breaking one promise more may cost less"),
            "percent_of_nothing": _("it is a percentage of the fee, and the fee is zero"),
            "cap_below_first_tier": _("a cap is below the first tier"),
            "cap_unreachable": _("a cap can never be reached"),
            "cap_above_at_risk": _("a cap is above the amount at risk"),
            "minimum_above_cap": _("the minimum is above a cap"),
        }
