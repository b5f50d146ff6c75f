"""A provider that executes repairs, a skill that it needs, and a short questionnaire."""

from odoo.fields import Command

from .common import ADDON, AftersalesCase


class DiligenceCase(AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Type = cls.env["aftersales.request.type"]
        cls.repair, cls.calibration = Type.create(
            [{"name": name, "code": f"test_{name}"} for name in ("Repair", "Calibration")])
        cls.skill = cls.a_skill()
        cls.template = cls.env["aftersales.assessment.template"].create({
            "name": "Short", "pass_mark": 60, "valid_months": 12, "criterion_ids": [
                Command.create({"name": "Training", "weight": 3, "knock_out": True, "lowest": "3"}),
                Command.create({"name": "Accounts", "group": "finances", "weight": 1})]})

    @classmethod
    def a_skill(cls, **values):
        return cls.env["aftersales.skill"].create({
            "name": "High pressure", "check_kind": "block", "type_ids": [Command.set(cls.repair.ids)], **values})

    @classmethod
    def certified(cls, **values):
        return cls.env["aftersales.certification"].with_user(cls.anna).create({
            "partner_id": cls.dealer_contact.id, "skill_id": cls.skill.id, "date_start": "2026-01-01",
            "date_end": "2026-12-31", **values})

    @classmethod
    def served(cls, activate=False, **values):
        """A customer's contract whose repairs the dealer executes; everything else is ours."""
        contract = cls.a_contract(
            activate=False, dealer_id=cls.dealer.id, scope_ids=[
                Command.create({"type_id": cls.repair.id, "executor_id": cls.dealer.id}),
                Command.create({"type_id": cls.calibration.id})], **values)
        return cls.put_in_force(contract) if activate else contract

    def assessment(self, *scores, **values):
        """An assessment by anna, answered with ``scores``."""
        one = self.env["aftersales.assessment"].with_user(self.anna).create({
            "partner_id": self.dealer.id, "template_id": self.template.id, "date_planned": "2026-03-02", **values})
        if scores:
            one.action_start()
            for line, score in zip(one.line_ids, scores, strict=True):
                line.score = score
        return one

    def decided(self, *scores, **values):
        one = self.assessment(*scores, **values)
        one.action_submit()
        one.with_user(self.lena).action_decide()
        return one

    @classmethod
    def dealer_type(cls, **values):
        kind = cls.env.ref(f"{ADDON}.contract_type_dealer")
        kind.write({"needs_scope": False, "needs_nda": False, **values})
        return kind
