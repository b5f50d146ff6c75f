"""Issuing the document of posted penalties, and its preview before they are posted."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...report.penalty_pdf import render_penalties
from .penalty_document import PREVIEW
from .penalty_values import penalty_values


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    document_id = fields.Many2one(
        "aftersales.penalty.document", string="Credit Statement or Notice", readonly=True, copy=False,
        index="btree_not_null", ondelete="restrict",
        help="The credit statement or penalty notice that tells it to the other side.")
    document_name = fields.Char(related="document_id.name", string="Number of the Credit Statement")

    @api.model
    def _refuse_guarded(self, vals):
        if "document_id" in vals:
            raise UserError(self.env._("The document of a penalty is issued when it is posted, and stays."))
        super()._refuse_guarded(vals)

    def _compute_access_url(self):
        """The other side reads the document; before it is issued there is nothing to read."""
        super()._compute_access_url()
        for penalty in self:
            penalty.access_url = penalty.document_id.access_url or "/my/credits"

    def _document_pdf(self):
        """The PDF as bytes: the stored one of what is posted, else a preview of this penalty alone, marked draft."""
        self.ensure_one()
        if self.document_id:
            return self.document_id._document_pdf()
        penalty = self.sudo()  # who may read the penalty may read what it is made of
        company = penalty.company_id
        values = penalty_values(penalty._issue_snapshot(), company._statement_logo(), draft=True)
        return render_penalties(values, fonts=company._statement_fonts())

    def action_document(self):
        """Show the document: the stored one, or a preview of what it would be."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"/report/pdf/{PREVIEW}/{self.id}", "target": "new"}

    def _issue_documents(self):
        """Issue the documents of these posted penalties, one for each contract, period and entry; returns them.

        Those that have one keep it: posting again issues nothing twice.
        """
        waiting = self.sudo().filtered(lambda p: p.state == "posted" and not p.document_id)  # issued by the system
        Document = self.env["aftersales.penalty.document"].sudo()
        groups = list(waiting.grouped(
            lambda p: (p.contract_id, p.period_start, p.period_end, p.move_id)).values())
        documents = Document.with_context(tracking_disable=True, mail_create_nolog=True).create(
            [penalties._issue_values() for penalties in groups]).with_env(Document.env)
        documents._give_numbers()
        for document, penalties in zip(documents, groups, strict=True):
            penalties._write_guarded({"document_id": document.id})
        documents._store_pdfs()
        return documents

    def _penalties_posted(self):
        super()._penalties_posted()
        self._issue_documents()

    def _issue_values(self):
        first = self[0]
        issued = first.contract_id._local_today()
        kind = "credit" if first.kind == "customer" else "notice"
        return {
            "kind": kind, "contract_id": first.contract_id.id, "partner_id": first.partner_id.id,
            "currency_id": first.currency_id.id, "period_start": first.period_start, "period_end": first.period_end,
            "issued_on": issued, "amount": sum(self.mapped("amount")),
            "objection_until": kind == "notice" and first.company_id._objection_until(issued)}


class Contract(models.Model):
    _inherit = "aftersales.contract"

    penalty_document_ids = fields.One2many(
        "aftersales.penalty.document", "contract_id", string="Credit Statements and Notices")
