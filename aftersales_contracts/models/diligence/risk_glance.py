"""Risks at a glance: on the contract, on the heat map, and among what falls due."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..obligations.due import DueSource
from ..obligations.today import TodayTile
from .risk import GRAVE, IMPACTS, LIKELIHOODS, level_of

READERS = ("aftersales_contracts.group_account_manager,aftersales_contracts.group_finance,"
           "aftersales_contracts.group_legal")


class Risk(models.Model):
    _inherit = "aftersales.risk"

    @api.model
    def heat_map(self, domain=(), residual=False):
        """{"impacts", "likelihoods": [[value, label]], "cells": {"likelihood-impact": {"count", "level"}}}.

        ``domain``: over which risks, of those that the reader may see; ``residual``: by likelihood and impact with
        the plan, where they are known. One query.
        """
        prefix = "residual_" if residual else ""
        fields_of = [f"{prefix}likelihood", f"{prefix}impact"]
        found = self._read_group(
            Domain(domain) & Domain.AND([(name, "!=", False)] for name in fields_of), fields_of, ["__count"])
        counts = {f"{likelihood}-{impact}": count for likelihood, impact, count in found}
        likelihoods, impacts = (
            self._fields[name]._description_selection(self.env) for name in ("likelihood", "impact"))
        return {
            "likelihoods": likelihoods, "impacts": impacts,
            "cells": {
                f"{likelihood}-{impact}": {
                    "count": counts.get(f"{likelihood}-{impact}", 0), "level": level_of(int(likelihood) * int(impact))}
                for likelihood, _label in LIKELIHOODS for impact, _name in IMPACTS}}


class Contract(models.Model):
    _inherit = "aftersales.contract"

    risk_ids = fields.One2many(
        "aftersales.risk", "contract_id", string="Risks", copy=False, groups=READERS)
    open_risk_count = fields.Integer(string="Open Risks", compute="_compute_open_risk_count")

    def _compute_open_risk_count(self):
        self._count_into("open_risk_count", "aftersales.risk", [("state", "=", "open")])

    def action_view_risks(self):
        """The risks of this contract."""
        return self._action("action_risk", [], default_contract_id=self.id)

    def _draft_warnings(self):
        warnings = super()._draft_warnings()
        if not self.env["aftersales.risk"].has_access("read"):
            return warnings
        for risk in self._origin.risk_ids.filtered(lambda r: r.state == "open" and r.level in GRAVE):
            warnings.append(self.env._(
                "%(level)s risk without a tested plan: %(risk)s.", risk=risk.display_name,
                level=dict(risk._fields["level"]._description_selection(self.env))[risk.level]))
        return warnings


class Due(models.Model):
    _inherit = "aftersales.due"

    @api.model
    def _sources(self):
        """Certificates that run out, passes that end, plans to be tested, risks to be reviewed."""
        alive = Domain("state", "in", ("open", "mitigated", "accepted"))
        held = Domain("revoked_on", "=", False) & Domain("renewed", "=", False) & Domain("active", "=", True)
        passed = Domain("state", "=", "passed") & Domain("superseded", "=", False)
        planned = Domain("state", "in", ("planned", "running"))
        return [
            *super()._sources(),
            DueSource(30, "certification", "account", "aftersales.certification", held, "date_end",
                      ("name", "reference"), ("user_id",), contract=None),
            DueSource(31, "assessment", "account", "aftersales.assessment", planned, "date_planned", ("name",),
                      ("user_id",)),
            DueSource(32, "assessment", "account", "aftersales.assessment", passed, "valid_until", ("name",),
                      ("user_id",)),
            DueSource(33, "risk", "legal", "aftersales.risk", alive & Domain("state", "!=", "accepted"),
                      "next_test_on", ("name", "title"), ("user_id",)),
            DueSource(34, "risk", "legal", "aftersales.risk", alive, "next_review_on", ("name", "title"),
                      ("user_id",)),
        ]


class Today(models.AbstractModel):
    _inherit = "aftersales.today"

    @api.model
    def _account_tiles(self, people):
        _ = self.env._
        return [
            *super()._account_tiles(people),
            self._due_tile("providers", _("Providers to look at"), "warning", ("certification", "assessment"), people,
                           _("Certificates and assessments that run out"), "fa-id-badge"),
            TodayTile("risks", _("High risks open"), "danger", "aftersales.risk",
                      Domain("state", "=", "open") & Domain("level", "in", GRAVE) & self._of(people, "user_id"),
                      "action_risk", _("Without a tested plan"), "fa-bolt"),
        ]

    @api.model
    def _legal_tiles(self, people):
        _ = self.env._
        return [
            *super()._legal_tiles(people),
            self._due_tile("plans", _("Plans to test, risks to review"), "warning", ("risk",), None,
                           _("A plan that was never tried is a hope"), "fa-fire-extinguisher"),
        ]
