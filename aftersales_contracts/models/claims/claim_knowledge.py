"""Knowledge and claims: what is known is found at diagnosis, and what was learnt is written down at the end."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

WRITTEN = ("billing", "knowledge", "closed")


class WarrantyClaim(models.Model):
    _inherit = "aftersales.warranty.claim"

    knowledge_id = fields.Many2one(
        "aftersales.knowledge", readonly=True, copy=False, index="btree_not_null", ondelete="set null",
        help="What this claim taught, or what helped to solve it.")
    known_ids = fields.Many2many("aftersales.knowledge", string="Known Already", compute="_compute_known_ids")

    @api.depends("product_id", "cause_id", "company_id")
    def _compute_known_ids(self):
        """Remedies for the same cause, of this product before those for all; without a cause all of the product."""
        found = self.env["aftersales.knowledge"].search(
            (Domain("product_id", "in", self.product_id.ids) | Domain("product_id", "=", False))
            & Domain("company_id", "in", [*self.company_id.ids, False]))
        for claim in self:
            fitting = found.filtered(lambda one, claim=claim: (
                one.product_id == claim.product_id or not one.product_id and claim.cause_id)
                and (not claim.cause_id or one.cause_id == claim.cause_id)
                and (not one.company_id or one.company_id == claim.company_id))
            claim.known_ids = fitting.sorted(lambda one: (not one.product_id, -one.used))[:5]

    def action_make_knowledge(self, remedy=None):
        """Write down what was learnt, from the symptom and the diagnosis; opens it, to be put into good words."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in WRITTEN:
            raise UserError(self.env._(
                "Claim %s: what was learnt is written down after the repair.", self.display_name))
        if not self.knowledge_id:
            remedy = (remedy or self.diagnosis or "").strip()
            if not remedy:
                raise UserError(self.env._("Claim %s: the diagnosis is empty.", self.display_name))
            made = self.env["aftersales.knowledge"].create({
                "name": self.env._("%(product)s: %(cause)s", cause=self.cause_id.name or self.env._("unknown cause"),
                                   product=self.product_id.display_name or self.serial or ""),
                "company_id": self.company_id.id, "cause_id": self.cause_id.id, "product_id": self.product_id.id,
                "symptom": self.symptom, "remedy": remedy})
            self._write_guarded({"knowledge_id": made.id})
        return {"type": "ir.actions.act_window", "res_model": "aftersales.knowledge", "res_id": self.knowledge_id.id,
                "views": [(False, "form")]}

    def action_use_knowledge(self, knowledge_id=None):
        """Note the knowledge that solved this claim, and take its remedy as diagnosis where there is none."""
        self.ensure_one()
        self.check_access("write")
        self._refuse_ended()
        known = self.env["aftersales.knowledge"].browse(knowledge_id or []).exists()
        if not known:
            raise UserError(self.env._("There is no such knowledge."))
        known.check_access("read")
        self._write_guarded({"knowledge_id": known.id})
        if not (self.diagnosis or "").strip():
            self.write({"diagnosis": known.remedy})


class Knowledge(models.Model):
    _inherit = "aftersales.knowledge"

    def action_solves(self):
        """Take this as what solves the claim from which it was opened, named in the context."""
        self.ensure_one()
        self.check_access("read")
        claim = self.env["aftersales.warranty.claim"].browse(self.env.context.get("claim_id")).exists()
        if not claim:
            raise UserError(self.env._("Open the claim that this knowledge solves."))
        claim.action_use_knowledge(self.id)
