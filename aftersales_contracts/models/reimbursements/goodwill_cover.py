"""Approved goodwill as a cover of its claim: the engine asks it last, after every other cover."""

from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import float_repr

from ...engine.warranty_terms import GOODWILL, ITEM_KINDS, Benefit, Cover, Policy

PREFIX = "GW/"


class Goodwill(models.Model):
    _inherit = "aftersales.goodwill"

    def _cover(self, day):
        """The engine's `Cover` of this goodwill for a failure on ``day``."""
        self.ensure_one()
        percent = Decimal(float_repr(self.percent, 6))
        benefits = tuple(Benefit(kind, percent=percent) for kind in ITEM_KINDS if self[kind])
        policy = Policy(self.name, benefits, claim_cap=self._money(self.amount))
        return Cover(self.name, GOODWILL, policy, start=day, end=day + timedelta(days=1))


class Asset(models.Model):
    _inherit = "aftersales.asset"

    @api.model
    def _engine_covers(self, cases):
        """And the goodwill that was approved for the claim of a case."""
        found = super()._engine_covers(cases)
        claims = [case.claim.id for case in cases if case.claim]
        approved = self.env["aftersales.goodwill"].sudo().search(  # it counts, whoever asks for the verdict
            [("claim_id", "in", claims), ("state", "=", "approved")], order="id") if claims else ()
        for index, case in enumerate(cases):
            own = [one._cover(case.day) for one in approved if case.claim and one.claim_id.id == case.claim.id]
            if own:
                found[index] = [*found.get(index, ()), *own]
        return found

    @api.model
    def _cover_record(self, key):
        if key and key.startswith(PREFIX):
            goodwill = self.env["aftersales.goodwill"].sudo().search([("name", "=", key)], limit=1)  # as above
            if goodwill:
                return goodwill
        return super()._cover_record(key)


class Claim(models.Model):
    _inherit = "aftersales.warranty.claim"

    goodwill_ids = fields.One2many(
        "aftersales.goodwill", "claim_id", groups="aftersales_contracts.group_user")
    goodwill_count = fields.Integer(compute="_compute_goodwill_count", groups="aftersales_contracts.group_user")

    @api.depends("goodwill_ids")
    def _compute_goodwill_count(self):
        for claim in self:
            claim.goodwill_count = len(claim.goodwill_ids)

    def action_propose_goodwill(self):
        """The form of new goodwill for this claim: all that its customer would pay of open lines."""
        self.ensure_one()
        self.check_access("read")
        self.env["aftersales.goodwill"].check_access("create")
        shares = self.share_ids.filtered(lambda one: one.payer_kind == "customer")
        return {"type": "ir.actions.act_window", "res_model": "aftersales.goodwill", "view_mode": "form",
                "views": [(False, "form")], "target": "current", "name": self.env._("Propose Goodwill"),
                "context": {"default_claim_id": self.id, "default_amount": sum(shares.mapped("amount"))}}

    def action_view_goodwill(self):
        """The goodwill of this claim."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_goodwill")
        return {**action, "domain": [("claim_id", "in", self.ids)],
                "context": {"default_claim_id": self.id if len(self) == 1 else False}}
