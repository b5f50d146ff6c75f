"""Nightly: recoveries follow the payment of their credit notes; recalls find later machines and tell their owners."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..common.nightly import NightlyStep

_lt = LazyTranslate(__name__)
STEPS = (
    NightlyStep(121, "recoveries", _lt("Recoveries follow their payments"), "aftersales.supplier.recovery",
                "_nightly_paid_domain", "_follow_payment"),
    NightlyStep(122, "recall_machines", _lt("Find machines of recalls"), "aftersales.recall",
                "_nightly_recall_domain", "_nightly_recall"),
    NightlyStep(122, "recall_notices", _lt("Tell owners of recalls"), "aftersales.recall.asset",
                "_nightly_notice_domain", "_nightly_notice"),
)


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [*super()._steps(), *STEPS]


class Recall(models.Model):
    _inherit = "aftersales.recall"

    @api.model
    def _nightly_recall_domain(self, _today):
        return Domain("state", "=", "released")

    def _nightly_recall(self, _today):
        """Put machines that were registered or changed since on the lists. Returns [(recall, sentence)]."""
        return [(recall, self.env._("%s machines found", count))
                for recall, count in self._find_machines().items() if count]


class RecallAsset(models.Model):
    _inherit = "aftersales.recall.asset"

    def _nightly_notice(self, _today):
        return self._notify()
