"""Products that start something: on confirmation or delivery, as a draft or in force."""

from odoo import fields, models

MANAGER = "aftersales_contracts.group_account_manager"


class ProductTemplate(models.Model):
    """Who may put a contract in force may say so on the product; salespeople sell it as it is."""

    _inherit = "product.template"

    aftersales_start_on = fields.Selection(
        [("confirmation", "Confirmation of the Order"), ("delivery", "Delivery")], string="Starts on", groups=MANAGER,
        help="Empty: on confirmation. Delivery: of the machine that it is sold for; without one, of the order line.")
    aftersales_contract_state = fields.Selection(
        [("draft", "Draft"), ("active", "In Force")], string="Contract Begins as", groups=MANAGER,
        help="Empty: draft. In force: the confirmed order is the agreement; where something is missing it stays a "
        "draft, and the account manager is told.")

    def _aftersales_kind(self):
        """"extended", "contract" or False: what selling this product starts."""
        self.ensure_one()
        product = self.sudo()  # what it sells is known to the service only
        if product.aftersales_extended_policy_id:
            return "extended"
        return "contract" if product.aftersales_plan_id or product.aftersales_template_id else False
