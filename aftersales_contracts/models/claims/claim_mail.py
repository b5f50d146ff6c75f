"""Claims by e-mail: a message to the company's address is a claim, on the machine whose serial its subject names."""

import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize, html2plaintext

WORD = re.compile(r"[\w./-]{3,}")
MOST_WORDS = 20  # of a subject, looked up in one query


class WarrantyClaim(models.Model):
    _inherit = "aftersales.warranty.claim"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """A claim is made of every message, once. What cannot be read from it is noted, for whoever works on intake."""
        values = dict(custom_values or {})
        company = self.env["res.company"].browse(values.pop("company_id", None)) or self.env.company
        subject = (msg_dict.get("subject") or "").strip()
        asset, problem = self.sudo()._machine_in(subject, company)  # the gateway has no rights of its own
        partner = self._sender(msg_dict)
        today = fields.Date.context_today(self)
        claim = self.sudo().create([{
            **values, "channel": "email", "company_id": company.id, "asset_id": asset.id,
            "serial": asset.name or subject[:64], "failure_on": today, "reported_on": today,
            "partner_id": (partner or asset.partner_id).id, "symptom": self._told(msg_dict, subject),
            "duplicate_reason": self.env._("Another message: %s", msg_dict.get("message_id") or subject)}])
        owner = asset.partner_id.commercial_partner_id
        if not problem and partner.commercial_partner_id != owner:
            problem = self.env._("The sender is not known as the owner of the machine.")
        if problem:
            claim._write_guarded({"intake_problem": problem})
        return claim.sudo(False)

    @api.model
    def _machine_in(self, subject, company):
        """(asset, problem): the machine of ``company`` whose serial ``subject`` has; else why there is none."""
        Asset, _ = self.env["aftersales.asset"], self.env._
        words = list(dict.fromkeys(WORD.findall(subject)))[:MOST_WORDS]
        found = Asset.search([("company_id", "=", company.id), ("name", "in", words)]) if words else Asset
        if len(found) > 1:
            return Asset, _("The subject fits several machines: %s.", ", ".join(found.mapped("display_name")))
        if not found:
            return Asset, _("The subject names no serial number that we know.")
        return found, ""

    @api.model
    def _sender(self, msg_dict):
        """The partner that wrote the message: known by its address, or empty."""
        partner = self.env["res.partner"].sudo().browse(msg_dict.get("author_id") or [])  # as above
        email = email_normalize(msg_dict.get("email_from") or "")
        return partner or (partner.search([("email_normalized", "=", email)], limit=1) if email else partner)

    @api.model
    def _told(self, msg_dict, subject):
        body = html2plaintext(msg_dict.get("body") or "").strip()
        return f"{subject}\n\n{body}".strip()

    def action_settle_intake(self):
        """Somebody looked at what was wrong with the message: machine, customer and failure day are right now."""
        self.check_access("write")
        for claim in self:
            if not claim.asset_id or not claim.partner_id:
                raise UserError(self.env._(
                    "Claim %s: name the machine and the customer first.", claim.display_name))
            claim._write_guarded({"intake_problem": False})
            if claim.request_id and not claim.request_id.asset_id:
                claim.request_id.write({"asset_id": claim.asset_id.id, "partner_id": claim.partner_id.id,
                                        "product_id": claim.product_id.id})

    def _claim_gaps(self, state):
        gaps = super()._claim_gaps(state)
        if self.intake_problem and state not in ("refused", "cancelled"):
            gaps.append(self.env._("to be settled: %s", self.intake_problem))
        return gaps


class ResCompany(models.Model):
    _inherit = "res.company"

    claim_alias_id = fields.Many2one(
        "mail.alias", string="Address for Claims", readonly=True, copy=False, ondelete="set null")

    def _set_claim_alias(self, name):
        """Take claims in at ``name``@ the company's alias domain; empty: not any more."""
        for company in self:
            alias = company.claim_alias_id.sudo()  # the settings page checked who may change it
            if not (name or "").strip():
                alias.unlink()
                continue
            if not company.alias_domain_id:
                raise ValidationError(self.env._(
                    "Company %s has no alias domain: messages would not arrive.", company.name))
            values = {
                "alias_name": name.strip(), "alias_contact": "everyone",
                "alias_model_id": self.env["ir.model"]._get_id("aftersales.warranty.claim"),
                "alias_domain_id": company.alias_domain_id.id, "alias_defaults": repr({"company_id": company.id})}
            if alias:
                alias.write(values)
            else:
                company.claim_alias_id = alias.create(values)


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    claim_alias_name = fields.Char(
        string="Address for Claims", compute="_compute_claim_alias_name", inverse="_inverse_claim_alias_name",
        help="The part before @ of the address at which messages become claims.")

    @api.depends("company_id")
    def _compute_claim_alias_name(self):
        for settings in self:
            settings.claim_alias_name = settings.company_id.claim_alias_id.alias_name

    def _inverse_claim_alias_name(self):
        for settings in self:
            if (settings.claim_alias_name or "") != (settings.company_id.claim_alias_id.alias_name or ""):
                settings.company_id._set_claim_alias(settings.claim_alias_name)
