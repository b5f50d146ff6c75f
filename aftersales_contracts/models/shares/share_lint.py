"""What is wrong with a share rule: the engine's findings and our own, and the gate that they shut."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.share_lint import Finding, lint
from .share_component import SAYS
from .share_rule import RULES
from .share_words import BONUS_SAYS, PAYEE_SAYS

OWN = ("no_measure", "own_currency", "bands_unread", "brackets_unread")  # told in the reader's language already
OF_SUMS = ("cap", "guarantee", "payable_unit")


class ShareRule(models.Model):
    _inherit = "aftersales.share.rule"

    # [{"code", "component", "sentence", "blocks"}], those that block first
    lint_findings = fields.Json(string="Findings", compute="_compute_lint_findings")
    lint_blocks = fields.Boolean(string="Must Not Be Released", compute="_compute_lint_findings")
    lint_blocking_text = fields.Text(string="What Blocks It", compute="_compute_lint_findings")
    lint_warning_text = fields.Text(string="What Looks Odd", compute="_compute_lint_findings")

    @api.depends(*RULES, *SAYS, *BONUS_SAYS, *PAYEE_SAYS, "state")
    @api.depends_context("lang")
    def _compute_lint_findings(self):
        for rule in self:
            found = rule._lint() if rule.state == "draft" and rule.currency_id else ()
            rows = [{**finding._asdict(), "sentence": rule._finding_in_words(finding)} for finding in found]
            rule.lint_findings = rows
            rule.lint_blocks = any(row["blocks"] for row in rows)
            for name, blocks in (("lint_blocking_text", True), ("lint_warning_text", False)):
                rule[name] = "\n".join(row["sentence"] for row in rows if row["blocks"] == blocks)

    def _lint(self):
        """A tuple of the engine's `Finding`, those that block first."""
        self.ensure_one()
        return tuple(sorted((*self._own_findings(), *lint(self._terms())), key=lambda one: not one.blocks))

    def _own_findings(self):
        """What the engine cannot see: where figures come from, sums without a currency, what nobody reads."""
        _, found = self.env._, []
        for one in (*self.component_ids, *self.bonus_ids):
            key = one._name == "aftersales.share.component" and one.key or ""
            if one.payout_measure == "figure" and not one.measure_id:
                found.append(Finding("no_measure", key, _("%s: say by which measure it is paid out", one.name), True))
            if one.band_ids and not one.payout_measure:
                found.append(Finding("bands_unread", key, _(
                    "%s: there are payout bands, but no figure that decides", one.name), False))
        for one in self.component_ids:
            if one.rate_kind != "brackets" and one.rate_ids.bracket_ids:
                found.append(Finding("brackets_unread", one.key or "", _(
                    "%s: there are brackets, but its rates are not by brackets", one.name), True))
        if self.fx == "own" and self._has_sums():
            found.append(Finding("own_currency", "", _(
                "Settled in their own currency, revenue in another one than %s meets sums that are not in it: use "
                "percentages only, without brackets, caps and guarantees, or convert", self.currency_id.name), True))
        return found

    def _has_sums(self):
        """Whether anything of it is a sum or a volume in its currency, and not a mere percentage."""
        self.ensure_one()
        return bool(
            any(self[name] for name in OF_SUMS) or (self.brand_fee_base == "amount" and self.brand_fee_value)
            or any(not bonus.percent for bonus in self.bonus_ids)
            or any(not one._is_percent() or one.rate_kind == "brackets" for one in self.component_ids))

    def _blocking_findings(self):
        """Sentences of what keeps the rule from being used, in the language of the context."""
        self.ensure_one()
        return [self._finding_in_words(finding) for finding in self._lint() if finding.blocks]

    def _check_lint(self):
        """Raise UserError naming everything that keeps a rule from being released."""
        for rule in self:
            blocking = rule._blocking_findings()
            if blocking:
                raise UserError(self.env._(
                    "Share rule %(rule)s cannot be released:\n%(findings)s", rule=rule.display_name,
                    findings="\n".join(blocking)))

    # --- words -------------------------------------------------------------------------------------------------------

    def _finding_in_words(self, finding):
        """In English as the engine says it, with its figures; in another language what its code means."""
        name = self.component_ids.filtered(lambda one: one.key and one.key == finding.component)[:1].name or ""
        said = finding.sentence if finding.code in OWN else self._without_ids(finding)
        if finding.code not in OWN and not (self.env.lang or "en_US").startswith("en"):
            said = self._finding_meanings().get(finding.code) or said
        return f"{name}: {said}" if name and name not in said else said

    def _without_ids(self, finding):
        """The engine's sentence, with names where it has keys of records."""
        said = finding.sentence
        if finding.code == "contradiction" and said.endswith(")"):
            said = said.rpartition(" (")[0]  # what both name stands in the components themselves
        for measure in self.component_ids.measure_id | self.bonus_ids.measure_id:
            said = said.replace(f"measure:{measure.id}", f"“{measure.name}”")
        return said

    @api.model
    def _finding_meanings(self):
        """{code of a finding: what it means, in the language of the context}."""
        _ = self.env._
        return {
            "malformed": _("a term is missing, or cannot be worked with"),
            "no_components": _("the rule has no component, so no line earns a share"),
            "contradiction": _("it fits the same lines as another component equally well"),
            "no_rates": _("it has no rate, so it never earns anything"),
            "no_rate_before": _("lines before its first rate show 0.00"),
            "hole": _("the first bracket does not begin at 0, so less than that has no rate"),
            "below_zero": _("the first bracket begins below 0"),
            "overlap": _("two brackets or bands begin at the same figure"),
            "unsorted": _("brackets or bands are out of order"),
            "above_100": _("a percentage is more than the whole"),
            "hit_below_miss": _("a line that met the standard counts less than one that did not"),
            "cliff": _("the rate of the whole falls, so more revenue may earn less"),
            "unread": _("it has brackets' rules, but no brackets"),
            "retroactive_renewed": _("a later rate does not reprice what was settled before its day"),
            "no_bands": _("it is paid out by a figure, but has no bands"),
            "zero_payout": _("no band pays anything out"),
            "falling_payout": _("a better figure pays less out"),
            "no_minimum": _("the figure counts from no case on"),
            "otherwise_high": _("without enough cases more is paid out than at best"),
            "split": _("the percentages of the payees do not sum to 100"),
            "payee_twice": _("a payee is named twice"),
            "guarantee_above_cap": _("the guarantee is above the cap"),
            "cap_zero": _("the cap is zero, so nothing is ever paid"),
            "withholding_all": _("everything is withheld, so nothing is ever paid"),
        }
