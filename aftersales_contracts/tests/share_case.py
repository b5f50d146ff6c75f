"""What tests of share rules start from: rules, and dealer contracts that hold them."""

from odoo.fields import Command
from odoo.tests import freeze_time

from .common import ADDON, AftersalesCase
from .refusals import Refusals

BRACKETS = ((0, 10), (1000, 12), (5000, 15))


class ShareCase(Refusals, AftersalesCase):
    """`rule`: 70 % of labour and 10 % of everything else, released. `dealing`: the contract of `dealer` that holds it,
    in force from 2026-01-01, of a type that needs nothing else. The clock stands at 2026-02-20."""

    now = "2026-02-20 08:00:00"

    @classmethod
    def setUpClass(cls):
        frozen = freeze_time(cls.now)
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        super().setUpClass()

    @classmethod
    def _make_terms(cls):
        super()._make_terms()
        cls.dealer_type = cls.env["aftersales.contract.type"].create({"name": "Plain Dealing", "kind": "dealer"})
        cls.labour, cls.parts, cls.travel, cls.fee = (
            cls.env.ref(f"{ADDON}.line_kind_{code}") for code in ("labour", "parts", "travel", "fee"))
        cls.rule = cls.a_rule([
            cls.a_share(name="Labour", value=70, line_kind_ids=[Command.set(cls.labour.ids)]),
            cls.a_share(name="All Else", value=10)])
        cls.dealing = cls.a_dealer_contract()

    @classmethod
    def a_share(cls, value=10, brackets=(), start=False, hit=0, **values):
        """Values of a component with one rate: 10 % of the revenue, unless told otherwise."""
        rate = {"value": value, "hit": hit, "start": start, "bracket_ids": [
            Command.create({"bound": bound, "rate": percent}) for bound, percent in brackets]}
        return {"name": "Share", "rate_ids": [Command.create(rate)], **values}

    @classmethod
    def a_rule(cls, components=(), release=True, **values):
        rule = cls.env["aftersales.share.rule"].create({
            "name": "Service Partners", "component_ids": [Command.create(one) for one in components], **values})
        if release:
            rule.sudo().action_release()
        return rule

    @classmethod
    def a_dealer_contract(cls, activate=True, rule=None, **values):
        """A contract of `dealer` with ``rule`` (else `rule`; no record: none) from 2026-01-01 on."""
        rule = cls.rule if rule is None else rule
        contract = cls.a_contract(activate=False, **{
            "title": "Service Partner", "partner_id": cls.dealer.id, "contract_type_id": cls.dealer_type.id,
            "share_ids": [Command.create({"rule_id": one.id}) for one in rule], **values})
        if activate:
            contract._adopt("Test")
        return contract

    @classmethod
    def next_version(cls, rule, **values):
        """The next version of ``rule``, released; ``values`` are written on its components."""
        version = rule.browse(rule.action_new_version()["res_id"])
        version.component_ids.rate_ids.write(values)
        version.sudo().action_release()
        return version

    def take(self, contract, rule, day):
        """Amend ``contract`` so that it holds ``rule`` from ``day`` on, a day to come."""
        draft = contract.make_amendment(day, "Another share", "price")
        draft.share_ids.rule_id = rule
        draft._adopt("Test")
        return draft
