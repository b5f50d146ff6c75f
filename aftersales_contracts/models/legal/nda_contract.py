"""What agreements and documents mean for a contract: one with a provider or dealer takes effect under an agreement in
force only."""

from odoo import api, fields, models

DEFAULT_PURPOSES = {"provider": ("service",), "dealer": ("service", "sales")}


class Contract(models.Model):
    _inherit = "aftersales.contract"

    nda_ids = fields.Many2many("aftersales.nda", string="Agreements", copy=False, check_company=True)
    nda_purpose_ids = fields.Many2many(
        "aftersales.nda.purpose", string="Purposes of Disclosure", compute="_compute_nda_purpose_ids", store=True,
        readonly=False, copy=True, help="What the other side is told secrets for. It needs an agreement for each.")
    needs_nda = fields.Boolean(related="contract_type_id.needs_nda")
    nda_gap_text = fields.Text(string="Agreement Missing", compute="_compute_nda_gap_text")
    document_ids = fields.One2many("aftersales.document", "contract_id", string="Documents", copy=False)
    document_count = fields.Integer(compute="_compute_document_count")

    @api.depends("kind")
    def _compute_nda_purpose_ids(self):
        purposes = {purpose.code: purpose.id for purpose in self.env["aftersales.nda.purpose"].sudo().search([])}
        for contract in self:
            wanted = [purposes[code] for code in DEFAULT_PURPOSES.get(contract.kind, ()) if code in purposes]
            contract.nda_purpose_ids = contract.nda_purpose_ids.ids or wanted

    @api.depends("contract_type_id", "partner_id", "dealer_id", "nda_purpose_ids", "date_start")
    def _compute_nda_gap_text(self):
        for contract in self:
            contract.nda_gap_text = "\n".join(contract._nda_gaps()) if contract.id and contract.partner_id else False

    def _compute_document_count(self):
        counts = dict(self.env["aftersales.document"]._read_group(
            [("contract_id", "in", self.ids)], ["contract_id"], ["__count"]))
        for contract in self:
            contract.document_count = counts.get(contract, 0)

    def _document_parties(self):
        """The companies that documents of the contract can be shared with."""
        everybody = self.partner_id | self.dealer_id | self.party_ids.partner_id
        return everybody.commercial_partner_id - self.company_id.partner_id

    def _nda_day(self):
        """The day for which an agreement is asked: the first one, or today once it is over."""
        return max(self._local_today(), self.date_start or self._local_today())

    def _nda_gaps(self):
        """Phrases: for which party and purpose an agreement in force is missing, and why. Empty for types without."""
        self.ensure_one()
        if not self.contract_type_id.needs_nda:
            return []
        gaps, day = [], self._nda_day()
        for party in (self.partner_id | self.dealer_id).commercial_partner_id:
            for purpose in self.nda_purpose_ids or self.env["aftersales.nda.purpose"]:
                reasons = self.env["aftersales.nda"]._lacking_for(party, self.company_id.partner_id, purpose, day)
                if reasons:
                    gaps.append(self.env._(
                        "an NDA in force with %(party)s on %(day)s for the purpose %(purpose)s (%(reasons)s)",
                        party=party.display_name, day=day, purpose=purpose.name, reasons="; ".join(reasons)))
            if not self.nda_purpose_ids:
                gaps.append(self.env._("a purpose for which %s is told secrets", party.display_name))
        return gaps

    def _entry_gaps(self):
        return super()._entry_gaps() + self._nda_gaps()

    def _draft_warnings(self):
        return super()._draft_warnings() + [
            self.env._("Before activation it needs %s.", gap) for gap in self._nda_gaps()]

    def action_view_ndas(self):
        """The agreements with the other side, whether linked or not."""
        self.ensure_one()
        parties = self._document_parties()
        return {
            "type": "ir.actions.act_window", "name": self.env._("Agreements"), "res_model": "aftersales.nda",
            "views": [(False, "list"), (False, "form")],
            "domain": ["|", ("contract_ids", "=", self.id), ("party_ids.partner_id", "child_of", parties.ids)],
            "context": {"default_contract_ids": self.ids, "default_title": self.partner_id.name}}

    def action_view_documents(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "name": self.env._("Documents"), "res_model": "aftersales.document",
            "views": [(False, "list"), (False, "form")], "domain": [("contract_id", "=", self.id)],
            "context": {"default_contract_id": self.id}}
