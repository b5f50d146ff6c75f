"""A contract type may ask for a passed assessment of the provider or dealer before a contract takes effect."""

from odoo import fields, models
from odoo.tools import format_date


class ContractType(models.Model):
    _inherit = "aftersales.contract.type"

    needs_assessment = fields.Boolean(
        string="Needs a Passed Assessment",
        help="Of the provider or dealer: due diligence, or a later assessment, whose pass still counts.")


class Contract(models.Model):
    _inherit = "aftersales.contract"

    needs_assessment = fields.Boolean(related="contract_type_id.needs_assessment")
    assessment_text = fields.Char(string="Assessment", compute="_compute_assessment_text",
        help="The last decision on the other side, under whichever contract.")

    def _assessments_of_side(self):
        """The decided assessments of the other side, under whichever contract, the newest first."""
        self.ensure_one()
        if not self.partner_id:
            return self.env["aftersales.assessment"]
        # Whether it was passed is told to everybody who may activate the contract; the answers are not.
        return self.env["aftersales.assessment"].sudo().search([
            ("company_partner_id", "=", self.partner_id.commercial_partner_id.id),
            ("company_id", "=", self.company_id.id), ("state", "in", ("passed", "failed"))],
            order="date_decided desc, id desc")

    def _assessment_gap(self, day):
        """What the assessment of the other side lacks on ``day``: a phrase, or None. The last decision counts."""
        self.ensure_one()
        if not self.needs_assessment:
            return None
        _, last, party = self.env._, self._assessments_of_side()[:1], self.partner_id.display_name
        if not last:
            return _("a passed assessment of %s", party)
        if last.state == "failed":
            return _("a passed assessment of %(party)s (%(name)s was failed)", party=party, name=last.name)
        if last.valid_until < day:
            return _("a passed assessment of %(party)s (the last one counted until %(day)s)", party=party,
                     day=format_date(self.env, last.valid_until))
        return None

    def _compute_assessment_text(self):
        for contract in self:
            last = contract._assessments_of_side()[:1] if contract.kind in ("provider", "dealer") else None
            contract.assessment_text = last and last._result_text()

    def _activation_gaps(self):
        gap = self._assessment_gap(max(self._local_today(), self.date_start))
        return super()._activation_gaps() + ([gap] if gap else [])

    def action_view_assessments(self):
        """The assessments of the other side."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_assessment")
        return {**action, "domain": [("company_partner_id", "=", self.partner_id.commercial_partner_id.id)],
                "context": {"default_partner_id": self.partner_id.id, "default_contract_id": self.id}}


class Assessment(models.Model):
    _inherit = "aftersales.assessment"

    def _result_text(self):
        """"PA/2026/0003: passed with 82.0 of 100, counts until 31 December"."""
        self.ensure_one()
        _, labels = self.env._, dict(self._fields["state"]._description_selection(self.env))
        values = {"name": self.name, "state": labels[self.state], "total": self.total_text}
        if self.valid_until:
            return _("%(name)s: %(state)s, %(total)s, counts until %(day)s",
                     day=format_date(self.env, self.valid_until), **values)
        return _("%(name)s: %(state)s, %(total)s", **values)
