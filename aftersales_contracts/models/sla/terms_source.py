from odoo import api, models


class TermsSource(models.AbstractModel):
    """What clocks read: a change forgets the translated terms and queues the open clocks they concern."""

    _name = "aftersales.terms.source"
    _description = "Source of SLA Terms"

    def _terms_policies(self):
        return self.policy_id

    def _terms_changed(self, policies):
        self.env.registry.clear_cache()
        self.env["aftersales.request"]._requeue_open([("policy_id", "in", policies.ids)])

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._terms_changed(records._terms_policies())
        return records

    def write(self, vals):
        before = self._terms_policies()
        result = super().write(vals)
        self._terms_changed(before | self._terms_policies())
        return result

    def unlink(self):
        policies = self._terms_policies()
        result = super().unlink()
        self._terms_changed(policies.exists())
        return result
