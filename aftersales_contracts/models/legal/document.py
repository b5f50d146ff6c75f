"""Documents of a contract: what is shown to the other side, to whom, and for what.

A document is the office's own until it is shared with a party. A confidential one is shown to that party only under an
agreement; the gate is asked each time and the answer is kept. Portal users have no right on these records: the pages of
the portal read them for them.
"""

import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..common.frozen import is_uninstalling
from .nda_access import READERS


class DocumentCategory(models.Model):
    _name = "aftersales.document.category"
    _description = "Document Category"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    confidential = fields.Boolean(default=True, help="New documents of this category are confidential.")
    personal_data = fields.Boolean(help="Needs a data-processing agreement besides the non-disclosure agreement.")
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "A document category's code must be unique.")


class Document(models.Model):
    _name = "aftersales.document"
    _description = "Contract Document"
    _inherit = ["mail.thread"]
    _order = "contract_id, category_id, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    contract_id = fields.Many2one(
        "aftersales.contract", required=True, index=True, ondelete="restrict", check_company=True)
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    category_id = fields.Many2one(
        "aftersales.document.category", required=True, index=True, ondelete="restrict", tracking=True,
        help="Agreements name the categories they cover.")
    confidential = fields.Boolean(
        compute="_compute_confidential", store=True, readonly=False, tracking=True,
        help="Shown to a party only under an agreement in force.")
    owner_id = fields.Many2one(
        "res.partner", required=True, tracking=True, ondelete="restrict",
        default=lambda self: self.env.company.partner_id, help="Whose secret it is.")
    purpose_ids = fields.Many2many(
        "aftersales.nda.purpose", string="Given out for", tracking=True, help="Empty: every purpose.")
    shared_with_ids = fields.Many2many(
        "res.partner", "aftersales_document_shared_with", string="Shared with", tracking=True,
        domain="[('id', 'in', sharable_ids)]", help="Parties who find it in their portal; empty: the office only.")
    sharable_ids = fields.Many2many("res.partner", compute="_compute_sharable_ids")
    # A field of the record: its attachment can be read by those who may read the record, and by nobody else.
    file = fields.Binary(required=True, attachment=True)
    file_name = fields.Char(required=True)
    checksum = fields.Char(string="SHA-256", compute="_compute_checksum", store=True)
    access_ids = fields.One2many("aftersales.nda.access", "document_id", string="Access Log", groups=READERS)
    access_count = fields.Integer(compute="_compute_access_count", groups=READERS)
    active = fields.Boolean(default=True)

    @api.depends("category_id")
    def _compute_confidential(self):
        for document in self:
            document.confidential = document.category_id.confidential or not document.category_id

    @api.depends("contract_id")
    def _compute_sharable_ids(self):
        for document in self:
            document.sharable_ids = document.contract_id._document_parties()

    @api.depends("file")
    def _compute_checksum(self):
        for document in self.with_context(bin_size=False):
            document.checksum = hashlib.sha256(document._raw()).hexdigest() if document.file else False

    def _compute_access_count(self):
        counts = dict(self.env["aftersales.nda.access"]._read_group(
            [("document_id", "in", self.ids)], ["document_id"], ["__count"]))
        for document in self:
            document.access_count = counts.get(document, 0)

    def _raw(self):
        """The bytes of the file."""
        self.ensure_one()
        return base64.b64decode(self.with_context(bin_size=False).file or b"")

    @api.constrains("shared_with_ids", "contract_id")
    def _check_shared_with(self):
        for document in self:
            strangers = document.shared_with_ids - document.contract_id.sudo()._document_parties()
            if strangers:
                raise ValidationError(self.env._(
                    "Document %(document)s: %(party)s is no party of contract %(contract)s and cannot be shown it.",
                    document=document.name, party=strangers[0].display_name,
                    contract=document.contract_id.display_name))

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([_without_checksum(vals) for vals in vals_list])

    def write(self, vals):
        vals = _without_checksum(vals)
        if "contract_id" in vals or "owner_id" in vals:
            self._refuse_disclosed()
        return super().write(vals)

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_disclosed()
        return super().unlink()

    def _refuse_disclosed(self):
        seen = self.env["aftersales.nda.access"].sudo().search(  # what a user may not read counts as well
            [("document_id", "in", self.ids)], limit=1).document_id
        if seen:
            raise UserError(self.env._(
                "Document %s stands in the access log: it stays, with its contract and owner. Archive it instead.",
                seen.display_name))

    def action_view_accesses(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "name": self.env._("Access Log"), "res_model": "aftersales.nda.access",
            "views": [(False, "list"), (False, "form")], "domain": [("document_id", "=", self.id)]}

    def action_open_question(self):
        """Ask who may see this document."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "name": self.env._("May They See It?"),
            "res_model": "aftersales.nda.question", "view_mode": "form", "target": "new",
            "context": {"default_document_id": self.id, "default_party_id": self.shared_with_ids[:1].id,
                        "default_purpose_id": self.purpose_ids[:1].id}}

    def action_open_disclosure(self):
        """Record that the document was handed over outside the portal."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "name": self.env._("Record a Disclosure"),
            "res_model": "aftersales.nda.disclosure", "view_mode": "form", "target": "new",
            "context": {"default_document_id": self.id, "default_party_id": self.shared_with_ids[:1].id,
                        "default_purpose_id": self.purpose_ids[:1].id}}


def _without_checksum(vals):
    """``vals`` without the hash of the file, which is computed and never told by a remote call."""
    return {name: value for name, value in vals.items() if name != "checksum"}
