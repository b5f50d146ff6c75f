"""The rows of a warranty policy: what it pays, up to which use, and what not. They change while it is a draft."""

from odoo import api, fields, models

from .warranty_policy import UNITS

ITEM_KINDS = [("parts", "Parts"), ("labour", "Labour"), ("travel", "Travel")]


class PolicyPart(models.AbstractModel):
    _name = "aftersales.warranty.policy.part"
    _description = "Row of a Warranty Policy"

    policy_id = fields.Many2one("aftersales.warranty.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="policy_id.currency_id")

    @api.model_create_multi
    def create(self, vals_list):
        policies = self.env["aftersales.warranty.policy"].browse(
            {vals["policy_id"] for vals in vals_list if vals.get("policy_id")})
        policies.sudo()._refuse_frozen()  # a policy that a rule hides is released nevertheless
        parts = super().create(vals_list)
        policies._note_editor()
        return parts

    def write(self, vals):
        self.policy_id.sudo()._refuse_frozen()
        if vals.get("policy_id"):
            self.env["aftersales.warranty.policy"].browse(vals["policy_id"]).sudo()._refuse_frozen()
        self.policy_id._note_editor()
        return super().write(vals)

    def unlink(self):
        self.policy_id.sudo()._refuse_frozen()
        self.policy_id._note_editor()
        return super().unlink()


class WarrantyBenefit(models.Model):
    """What is paid for one kind of item: so many percent, so long, so much at most."""

    _name = "aftersales.warranty.benefit"
    _inherit = "aftersales.warranty.policy.part"
    _description = "Benefit of a Warranty Policy"
    _order = "policy_id, kind desc, id"
    _rec_name = "kind"

    kind = fields.Selection(ITEM_KINDS, string="For", required=True, default="parts")
    term_count = fields.Integer(string="Term", default=12, aggregator=None,
                                help="0: as long as the cover is in force otherwise.")
    term_unit = fields.Selection(UNITS, string="Unit", required=True, default="month")
    percent = fields.Float(string="Pays %", digits=(9, 6), default=100, aggregator=None)
    cap = fields.Monetary(string="At Most in All", help="0: no cap.")
    claim_cap = fields.Monetary(string="At Most in a Claim", help="0: no cap.")

    _kind_uniq = models.UniqueIndex("(policy_id, kind)", "A warranty policy has one benefit for each kind of item.")
    _percent_range = models.Constraint(
        "CHECK(percent >= 0 AND percent <= 100)", "A benefit pays 0 to 100 percent.")
    _not_negative = models.Constraint(
        "CHECK(cap >= 0 AND claim_cap >= 0 AND term_count >= 0)", "Terms and caps of a benefit are zero or more.")


class WarrantyLimit(models.Model):
    """So much use at most: what comes first, this or the term, ends the cover."""

    _name = "aftersales.warranty.limit"
    _inherit = "aftersales.warranty.policy.part"
    _description = "Limit of Use of a Warranty Policy"
    _order = "policy_id, id"
    _rec_name = "meter_id"

    meter_id = fields.Many2one("aftersales.meter", required=True, ondelete="restrict", index=True)
    amount = fields.Float(string="At Most", digits=(16, 2), required=True, aggregator=None)
    since = fields.Selection(
        [("start", "Since the Cover Began"), ("total", "As the Meter Counts")], required=True, default="start")
    kind = fields.Selection(ITEM_KINDS, string="For", help="Empty: for parts, labour and travel.")

    _positive = models.Constraint("CHECK(amount > 0)", "A limit of use is above zero.")


class WarrantyExclusion(models.Model):
    """What is not paid: items that fit all that is named."""

    _name = "aftersales.warranty.exclusion"
    _inherit = "aftersales.warranty.policy.part"
    _description = "Exclusion of a Warranty Policy"
    _order = "policy_id, id"
    _rec_name = "reason"

    reason = fields.Char(required=True, translate=True, help="As customers read it.")
    product_ids = fields.Many2many("product.product", "aftersales_exclusion_product_rel", string="Products")
    categ_ids = fields.Many2many("product.category", "aftersales_exclusion_categ_rel", string="Categories")
    cause_ids = fields.Many2many("aftersales.cause", "aftersales_exclusion_cause_rel", string="Causes")
    parts = fields.Boolean(help="None of the three: for all of them.")
    labour = fields.Boolean()
    travel = fields.Boolean()
