"""What falls due in other aggregates: notices, renewals, NDAs, approvals, signatures, amendments, suspensions, ..."""

from odoo import api, models
from odoo.fields import Domain

from .due import LIVE, DueSource

ON_ITS_WAY = ("draft", "review", "approved", "signed")


class Due(models.Model):
    _inherit = "aftersales.due"

    @api.model
    def _sources(self):
        return [*super()._sources(), *self._contract_sources(), *self._other_sources()]

    @api.model
    def _contract_sources(self):
        """The days of the contract itself. A last safe day stays for two weeks after it passed, then nothing helps."""
        contract, named = "aftersales.contract", ("name", "title")
        live = self.env[contract]._real() & Domain("state", "in", LIVE)
        renews = (Domain("renewal_kind", "!=", "none") & Domain("do_not_renew", "=", False)
                  & Domain("state", "!=", "notice"))
        notice = Domain("notice_matters", "=", True) & Domain("last_safe_day", ">=", "today -14d")
        amends = Domain("amends_id", "!=", False) & Domain("state", "in", ON_ITS_WAY) & Domain("applied_on", "=", False)
        return [
            DueSource(1, "end", "account", contract, live & ~renews, "date_end", named, contract="id"),
            DueSource(9, "renewal", "account", contract, live & renews, "date_end", named, contract="id"),
            DueSource(10, "notice", "legal", contract, live & notice, "last_safe_day", named, contract="id",
                      user=("user_id",)),
            DueSource(11, "amendment", "account", contract, amends, "effective_on", named, ("user_id",),
                      contract="amends_id"),
        ]

    @api.model
    def _other_sources(self):
        waiting = Domain("state", "=", "waiting") & Domain("contract_id.state", "=", "review")
        pending = Domain("state", "=", "pending")
        return [
            DueSource(20, "nda", "legal", "aftersales.nda", Domain("state", "=", "signed"), "last_day",
                      ("name", "title"), ("user_id",), contract=None, partner=None),
            DueSource(21, "approval", "account", "aftersales.approval", waiting, "asked_at",
                      ("contract_id.name", "contract_id.title"), partner="contract_id.partner_id", by_desk=False),
            DueSource(22, "signature", "account", "aftersales.signing", pending, "expires_on", ("name",),
                      ("sent_by_id",)),
            DueSource(23, "index", "finance", "aftersales.price.revision", Domain("state", "!=", "applied"),
                      "effective_on", ("name", "title"), ("create_uid",), contract=None, partner=None),
            DueSource(24, "suspension", "account", "aftersales.suspension", Domain("state", "=", "running"), "date_end",
                      ("contract_id.name", "reason"), partner="contract_id.partner_id"),
            DueSource(25, "clause_review", "legal", "aftersales.clause.review", Domain("state", "=", "open"),
                      "requested_at", ("contract_id.name", "title"), partner="contract_id.partner_id"),
        ]
