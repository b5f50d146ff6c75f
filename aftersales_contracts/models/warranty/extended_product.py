"""Products that are an extended warranty or start a service contract, and the extension offered with a machine."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

RELEASED = [("cover_kind", "=", "extended"), ("state", "=", "released")]


class ProductTemplate(models.Model):
    """A product sells one thing: an extension by its policy, or a contract by its plan, its template or both."""

    _inherit = "product.template"

    aftersales_extended_policy_id = fields.Many2one(
        "aftersales.warranty.policy", string="Extended Warranty", domain=RELEASED, ondelete="restrict",
        index="btree_not_null", groups="aftersales_contracts.group_user",
        help="The product is an extended warranty by this policy.")
    aftersales_plan_id = fields.Many2one(
        "aftersales.service.plan", string="Service Plan", ondelete="restrict", index="btree_not_null",
        groups="aftersales_contracts.group_user", help="The product starts a service contract of this plan.")
    aftersales_template_id = fields.Many2one(
        "aftersales.contract", string="Contract Template", domain=[("is_template", "=", True)], ondelete="restrict",
        index="btree_not_null", groups="aftersales_contracts.group_user",
        help="Contracts that the product starts are made from this template.")
    aftersales_offer_id = fields.Many2one(
        "product.product", string="Extension to Offer", ondelete="set null", index="btree_not_null",
        domain=[("product_tmpl_id.aftersales_extended_policy_id", "!=", False)],
        groups="aftersales_contracts.group_user",
        help="Offered to owners of this machine before their warranty ends. Empty: the company's.")

    @api.constrains("aftersales_extended_policy_id", "aftersales_plan_id", "aftersales_template_id")
    def _check_aftersales_sale(self):
        for product in self.sudo():  # what it sells is known to the service only, and checked for everybody
            policy, template = product.aftersales_extended_policy_id, product.aftersales_template_id
            if policy and (product.aftersales_plan_id or template):
                raise ValidationError(self.env._(
                    "Product %s is an extended warranty or starts a contract, not both: make two products.",
                    product.display_name))
            if policy and policy.cover_kind != "extended":
                raise ValidationError(self.env._(
                    "Product %(product)s: policy %(policy)s is not one of extended warranties.",
                    product=product.display_name, policy=policy.display_name))
            if template and not template.is_template:
                raise ValidationError(self.env._(
                    "Product %(product)s: %(contract)s is a contract, not a template to make contracts from.",
                    product=product.display_name, contract=template.display_name))

    @api.constrains("aftersales_offer_id")
    def _check_aftersales_offer(self):
        for product in self.sudo():  # as above
            offer = product.aftersales_offer_id
            if offer and not offer.aftersales_extended_policy_id:
                raise ValidationError(self.env._(
                    "Product %(product)s: %(offer)s is offered with it but is no extended warranty.",
                    product=product.display_name, offer=offer.display_name))
