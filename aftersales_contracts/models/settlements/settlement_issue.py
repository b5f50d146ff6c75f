"""Issuing the statement of a settlement when it is sent, and its preview before; a new one where the first no longer
tells what is paid."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...report.settlement_pdf import render_settlement
from .settlement import FINANCE
from .settlement_course import REVIEWERS
from .settlement_document import PREVIEW
from .settlement_values import settlement_values


class Settlement(models.Model):
    _inherit = "aftersales.settlement"

    document_ids = fields.One2many(
        "aftersales.settlement.document", "settlement_id", string="Statements", readonly=True)
    document_id = fields.Many2one(
        "aftersales.settlement.document", string="Statement", compute="_compute_document_id", store=True,
        index="btree_not_null", help="The last statement that was issued of it.")
    document_name = fields.Char(related="document_id.name", string="Number of the Statement")

    @api.depends("document_ids.revision")
    def _compute_document_id(self):
        for settlement in self:
            settlement.document_id = settlement.document_ids.sorted("revision")[-1:]

    def _sent(self):
        super()._sent()
        self._issue_statements()._send_if_possible()

    def action_approve(self):
        """Where a part is held, the dealer gets another statement, which says what is paid now."""
        found = super().action_approve()
        self._reissue_statements()._send_if_possible()
        return found

    def _posted(self, moves):
        """At another amount than the dealer was told, such as a balance that is claimed after all: it is told."""
        super()._posted(moves)
        self._reissue_statements()._send_if_possible()

    def _issue_statements(self):
        """Issue a statement of each of these settlements as it stands now; returns them."""
        settlements = self.sudo()  # issued by the system, for whoever may send or post
        Document = self.env["aftersales.settlement.document"].sudo()
        documents = Document.with_context(tracking_disable=True, mail_create_nolog=True).create(
            [settlement._issue_values() for settlement in settlements]).with_env(Document.env)
        documents._store_files()
        settlements.invalidate_recordset(["document_ids", "document_id"])
        return documents

    def _issue_values(self):
        revision = max(self.document_ids.mapped("revision"), default=0) + 1
        return {
            "settlement_id": self.id, "revision": revision, "name": f"{self.name}-{revision}",
            "contract_id": self.contract_id.id, "company_id": self.company_id.id, "dealer_id": self.dealer_id.id,
            "currency_id": self.currency_id.id, "period_start": self.period_start, "period_end": self.period_end,
            "issued_on": self.contract_id._local_today(), "amount": self.payable,
            "answer_until": self._awaits_answer() and self.answer_until}

    def _reissue_statements(self):
        """Issue another statement of those whose last one no longer says what is paid, such as for a dispute."""
        changed = self.sudo().filtered(  # as above
            lambda one: one.document_id and one._money(one.document_id.amount) != one._money(one.payable))
        return changed._issue_statements()

    def _document_pdf(self):
        """The PDF as bytes: the last statement issued, or a preview marked as such where there is none, or where it was
        taken back since."""
        self.ensure_one()
        if self.document_id and self.state not in ("draft", "computed", "review"):
            return self.document_id._document_pdf()
        settlement = self.sudo()  # who may read the settlement may read what it is made of
        company = settlement.company_id
        values = settlement_values(settlement._statement_snapshot(), company._statement_logo(), draft=True)
        return render_settlement(values, fonts=company._statement_fonts())

    def action_document(self):
        """Show the statement: the last one issued, or a preview of what it would be."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"/report/pdf/{PREVIEW}/{self.id}", "target": "new"}

    def action_spreadsheet(self):
        """Download the spreadsheet of the last statement."""
        self.ensure_one()
        self.check_access("read")
        if not self.document_id:
            raise UserError(self.env._("%s has no statement yet: it is issued when it is sent.", self.display_name))
        return self.document_id.action_spreadsheet()

    def action_send_statement(self):
        """E-mail the last statement of these settlements (again)."""
        self._check_may(REVIEWERS, self.env._(
            "Only an account manager, finance or an administrator sends settlements."))
        return self.document_id.action_send()

    def action_issue_again(self):
        """Issue the statement anew, where it no longer says what is paid because a dispute held or released lines."""
        self._check_may(FINANCE, self.env._("Only finance or an administrator issues statements again."))
        documents = self.filtered(lambda one: one.state not in ("draft", "computed", "review"))._reissue_statements()
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "type": "success" if documents else "info",
            "message": self.env._("Issued: %s", ", ".join(documents.mapped("name"))) if documents
            else self.env._("The statement says what is paid: nothing to issue."),
            "next": {"type": "ir.actions.client", "tag": "soft_reload"}}}
