"""The translator of SLA policies: records in, the engine's plain `Terms` out. Clocks know a policy no other way."""

from odoo import models, tools

from ...engine.reading import CANCEL, PAUSE, RESTART, RUN, STOP
from ...engine.request_clocks import Promise, Terms
from ..service.service_status import METRICS

MODES = {"run": RUN, "pause": PAUSE, "stop": STOP, "cancel": CANCEL, "restart": RESTART}


class SlaPolicy(models.Model):
    _inherit = "aftersales.sla.policy"

    @tools.ormcache("self.id")
    def _terms(self):
        """This policy as the engine's `Terms`, whoever reads it: clocks do not depend on the reader's rights."""
        self.ensure_one()
        policy = self.sudo()
        promises = {}
        for target in policy.target_ids:
            promises.setdefault(target.metric, []).append(target._promise())
        steps = {
            metric: tuple((s.trigger, s.value, s.id) for s in policy.escalation_ids if s.metric in (False, metric))
            for metric in promises
        }
        return Terms(
            {metric: tuple(found) for metric, found in promises.items()},
            policy._mode_maps(),
            steps,
            policy.on_cancel,
            policy.priority_basis == "mid_flight",
        )

    def _mode_maps(self):
        """{metric: {status id: engine mode}}; a status without an effect on a metric is absent."""
        overrides = {(rule.metric, rule.status_id.id): rule.effect for rule in self.status_rule_ids}
        Status = self.env["aftersales.service.status"].with_context(active_test=False)
        statuses = Status.search([])  # pylint: disable=no-search-all
        maps = {}
        for metric, _label in METRICS:
            effects = {s.id: overrides.get((metric, s.id)) or s._effect(metric) for s in statuses}
            maps[metric] = {status: MODES[effect] for status, effect in effects.items() if effect != "keep"}
        return maps


class SlaTarget(models.Model):
    _inherit = "aftersales.sla.target"

    def _promise(self):
        """This target as the engine's `Promise`; an empty criterion is None."""
        self.ensure_one()
        criteria = (self.impact or None, self.priority or None, self.tier_id.id or None, self.type_id.id or None)
        return Promise(
            self.id, self.metric, criteria, self.duration_minutes * 60, self.pausable, self.on_reopen,
            self.warning_percent)
