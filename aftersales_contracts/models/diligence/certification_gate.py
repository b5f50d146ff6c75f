"""What a missing certification does: a contract does not take effect, no request goes to that party, or a warning.

The skills are asked for by the lines of the scope that a party executes. One certified person is enough for a party.
"""

from odoo import api, models
from odoo.tools import format_date


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _certification_gaps(self, check, day):
        """What certifications of skills that ``check`` (block or warn) lack on ``day``: a list of phrases."""
        self.ensure_one()
        lines = self.scope_ids.filtered("executor_id")
        skills = self.env["aftersales.skill"]._asked_for(self.company_id).filtered(
            lambda skill: skill.check_kind == check) if lines else None
        if not skills:
            return []
        held, gaps = self.env["aftersales.certification"]._held(lines.executor_id, skills, self.company_id), {}
        for line in lines:
            for skill in skills._needed_for(line):
                key = line.executor_id.commercial_partner_id, skill
                own = held.get(key, self.env["aftersales.certification"])
                if key not in gaps and not own._counts_on(day):
                    gaps[key] = self._certification_gap(line, skill, own)
        return list(gaps.values())

    def _certification_gap(self, line, skill, own):
        """One gap in words; ``own``: the certifications that do not count any more, or not yet."""
        _ = self.env._
        values = {"skill": skill.name, "party": line.executor_id.commercial_partner_id.display_name,
                  "cell": line._cell_text()}
        last = own.filtered(lambda one: one.date_end and not one.revoked_on).sorted("date_end")[-1:]
        if last:
            return _("the certification %(skill)s of %(party)s for %(cell)s (valid until %(day)s)",
                     day=format_date(self.env, last.date_end), **values)
        return _("the certification %(skill)s of %(party)s for %(cell)s", **values)

    def _entry_gaps(self):
        gaps = super()._entry_gaps()
        return gaps + self._certification_gaps("block", max(self._local_today(), self.date_start))

    def _draft_warnings(self):
        warnings, _ = super()._draft_warnings(), self.env._
        if not self._origin or not self.date_start:
            return warnings
        day = max(self._local_today(), self.date_start)
        for check, sentence in (("block", _("It cannot take effect without: %s.")), ("warn", _("Not there yet: %s."))):
            gaps = self._origin._certification_gaps(check, day)
            if gaps:
                warnings.append(sentence % ", ".join(gaps))
        return warnings

    def _executor(self, service, tier, place=None, day=None):
        """No request goes to a party that is not certified for it, where the skill blocks."""
        executor = super()._executor(service, tier, place, day)
        if not executor.line.executor_id:
            return executor
        day = day or self._local_today()
        values = {"line": executor.line.display_name, "party": executor.partner.display_name}
        missing = self._missing_skills(executor.line, service, tier, "block", day)
        if missing:
            return self._nobody(self.env._(
                "Contract %(contract)s gives %(line)s, but %(party)s is not certified in %(skill)s on %(day)s.",
                contract=self.name, skill=", ".join(missing.mapped("name")), day=format_date(self.env, day), **values))
        missing = self._missing_skills(executor.line, service, tier, "warn", day)
        if missing:
            return executor._replace(reason=self.env._(
                "%(reason)s Not certified in %(skill)s.", reason=executor.reason,
                skill=", ".join(missing.mapped("name"))))
        return executor

    @api.model
    def _missing_skills(self, line, service, tier, check, day):
        """The skills for ``service`` on ``tier`` that the executing party of ``line`` lacks on ``day``."""
        asked = self.env["aftersales.skill"]._asked_for(line.company_id).filtered(
            lambda skill: skill.check_kind == check)._needed_by(service or line.type_id, tier or line.tier_id)
        held = self.env["aftersales.certification"]._held(line.executor_id, asked, line.company_id)
        party, none = line.executor_id.commercial_partner_id, self.env["aftersales.certification"]
        return asked.filtered(lambda skill: not held.get((party, skill), none)._counts_on(day))
