"""Per company: what the rule decides by itself, how duplicates are found, and how long a part may be on its way."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    claim_approve_up_to = fields.Monetary(
        string="Claims Approved by Rule up to", currency_field="currency_id",
        help="Claims whose lines are covered in full and without a warning are approved by rule up to this allowed "
             "amount of the whole claim. 0: a person decides on every one.")
    claim_refuse_uncovered = fields.Boolean(
        string="Refuse by Rule What Nothing Covers", help="Lines that no cover pays for are refused by rule.")
    claim_duplicate_days = fields.Integer(
        string="Duplicates within Days", default=14,
        help="Claims on one machine with failures not more than so many days apart, of the same cause or of one not "
             "known yet, are shown as possible duplicates.")
    claim_return_days = fields.Integer(
        string="Part Return within Days", default=14, help="So long a faulty part may be on its way back.")

    _claim_settings_positive = models.Constraint(
        "CHECK(COALESCE(claim_approve_up_to, 0) >= 0 AND COALESCE(claim_duplicate_days, 0) >= 0"
        " AND COALESCE(claim_return_days, 0) >= 0)", "Limits of claims are not negative.")


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    claim_approve_up_to = fields.Monetary(
        related="company_id.claim_approve_up_to", readonly=False, currency_field="currency_id")
    claim_refuse_uncovered = fields.Boolean(related="company_id.claim_refuse_uncovered", readonly=False)
    claim_duplicate_days = fields.Integer(related="company_id.claim_duplicate_days", readonly=False)
    claim_return_days = fields.Integer(related="company_id.claim_return_days", readonly=False)
