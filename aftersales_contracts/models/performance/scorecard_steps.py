"""How a scorecard came about, in the reader's words: the steps of the engine and what to know about the figures."""

from odoo import models


class Scorecard(models.Model):
    _inherit = "aftersales.scorecard"

    def _told_steps(self):
        """Rows of [criterion, how, points], the last one being the total."""
        self.ensure_one()
        _, rows = self.env._, []
        for line in self.line_ids:
            if line.verdict == "counted":
                rows.append([line.name, _(
                    "%(value)s (cases: %(sample)s) scores %(score).2f; weight %(weight)g of %(sum)g",
                    value=line.value_text, sample=line.sample or "–", score=line.score, weight=round(line.weight, 4),
                    sum=round(self.weight_sum, 4)), f"{line.points:.2f}"])
            else:
                rows.append([line.name, line._why_not(), "–"])
        rows.append([_("Score"), _("sum of the points"), self.total_text])
        return rows

    def _told_warnings(self):
        """Sentences on what the score does not stand on."""
        self.ensure_one()
        left_out = self.line_ids.filtered(lambda line: line.verdict != "counted")
        found = [f"{line.name}: {line._why_not()}" for line in left_out]
        if left_out and self.measured:
            found.append(self.env._("The weights of the others count for the whole."))
        warning = self.template_id.sudo().weight_warning
        return [*found, *([warning] if warning else [])]


class ScorecardLine(models.Model):
    _inherit = "aftersales.scorecard.line"

    def _why_not(self):
        """Why the criterion does not count, as a sentence without a full stop."""
        self.ensure_one()
        if self.verdict == "missing":
            return self.env._("not measured in this period, so it does not count")
        return self.env._(
            "%(value)s (cases: %(sample)s, needed: %(minimum)s), so it does not count",
            value=self.value_text, sample=self.sample, minimum=self.minimum_sample)
