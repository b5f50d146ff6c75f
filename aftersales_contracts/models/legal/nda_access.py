"""Access log: who asked for which document, when, for what, and what the gate said. Lines are added, never changed."""

from datetime import UTC

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..common.frozen import is_uninstalling
from .clause import KEEPERS

READERS = f"{KEEPERS},aftersales_contracts.group_account_manager,aftersales_contracts.group_finance"
KINDS = [("portal", "Asked in the Portal"), ("by_hand", "Handed Over"), ("lapse", "Access Fell Away")]


class NdaAccess(models.Model):
    _name = "aftersales.nda.access"
    _description = "Access to a Confidential Document"
    _order = "at desc, id desc"
    _rec_name = "document_id"

    kind = fields.Selection(KINDS, required=True, readonly=True)
    at = fields.Datetime(string="When", required=True, readonly=True, index=True)
    document_id = fields.Many2one("aftersales.document", readonly=True, index=True, ondelete="restrict")
    document_name = fields.Char(readonly=True, help="As it was then.")
    checksum = fields.Char(string="SHA-256", readonly=True, help="Of the file as it was then.")
    contract_id = fields.Many2one(related="document_id.contract_id", store=True, index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    party_id = fields.Many2one("res.partner", readonly=True, index=True, ondelete="restrict")
    person_id = fields.Many2one("res.partner", readonly=True, ondelete="restrict")
    user_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    purpose_id = fields.Many2one("aftersales.nda.purpose", readonly=True, ondelete="restrict")
    nda_id = fields.Many2one("aftersales.nda", string="Agreement", readonly=True, index=True, ondelete="restrict")
    nda_party_id = fields.Many2one("aftersales.nda.party", readonly=True, ondelete="restrict")
    allowed = fields.Boolean(readonly=True, help="What the gate said.")
    disclosed = fields.Boolean(
        readonly=True, index=True, help="The document left the house: allowed in the portal, or handed over.")
    reasons = fields.Text(readonly=True)
    flags = fields.Text(string="To Look at", readonly=True)
    note = fields.Text(readonly=True)
    ip = fields.Char(string="IP Address", readonly=True)

    _lapse_once = models.UniqueIndex("(nda_party_id) WHERE kind = 'lapse'")
    _first = models.Index("(party_id, at) WHERE disclosed")

    # --- append only ---------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if vals_list:
            raise UserError(self.env._("The access log is written when documents are asked for, and not by hand."))
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_change()
        return super().write(vals)

    def unlink(self):
        if not is_uninstalling(self.env):
            self._refuse_change()
        return super().unlink()

    def _refuse_change(self):
        if self:
            raise UserError(self.env._("The access log does not change: it is evidence."))

    @api.model
    def _append(self, vals_list):
        """Add lines; ``vals_list`` as of create. For the gate, the nightly work and the record of disclosures."""
        return super().create(vals_list)  # pylint: disable=super-method-mismatch

    # --- what is appended ----------------------------------------------------------------------------------------

    @api.model
    def _ask(self, document, party, purpose, person=None, user=None, ip=None):
        """Ask the gate now and keep the answer: (engine Decision, line). For the portal, with raised rights."""
        at = fields.Datetime.now()
        decision = self.env["aftersales.nda"]._may_see(party, document, purpose, None, person)
        line = self._append([{
            **self._facts(document, party, purpose), **self._verdict(decision), "kind": "portal", "at": at,
            "person_id": person and person.id, "user_id": user and user.id, "ip": ip, "disclosed": decision.allowed}])
        return decision, line

    @api.model
    def record_disclosure(self, document_id, party_id, purpose_id, at, note, person_id=None):
        """Record that a document was handed over outside the portal at ``at`` (UTC), with what the gate says of it."""
        if not self.env.user.has_groups(f"{KEEPERS},aftersales_contracts.group_account_manager"):
            raise AccessError(self.env._("Only legal and account managers record disclosures."))
        document = self.env["aftersales.document"].browse(document_id)
        document.check_access("read")
        at = fields.Datetime.to_datetime(at)
        if not at or at > fields.Datetime.now():
            raise UserError(self.env._(
                "Document %(document)s cannot have been handed over on %(day)s: enter when it was.",
                document=document.display_name, day=at))
        if not (note or "").strip():
            raise UserError(self.env._("Write down how document %s was handed over.", document.display_name))
        world = self.sudo()  # the log is written by the system
        party = world.env["res.partner"].browse(party_id).commercial_partner_id
        person = world.env["res.partner"].browse(person_id or [])
        purpose = world.env["aftersales.nda.purpose"].browse(purpose_id or [])
        decision = world.env["aftersales.nda"]._may_see(party, document.sudo(), purpose, at, person)
        return world._append([{
            **self._facts(document.sudo(), party, purpose), **self._verdict(decision), "kind": "by_hand", "at": at,
            "person_id": person.id, "user_id": self.env.uid, "note": note.strip(), "disclosed": True}]).id

    @api.model
    def _facts(self, document, party, purpose):
        return {
            "document_id": document.id, "document_name": document.name, "checksum": document.checksum,
            "company_id": document.company_id.id, "party_id": party.commercial_partner_id.id, "purpose_id": purpose.id}

    @api.model
    def _verdict(self, decision):
        return {"allowed": decision.allowed, "reasons": "\n".join(decision.reasons),
                "flags": "\n".join(decision.flags)}

    # --- what it tells -------------------------------------------------------------------------------------------

    @api.model
    def _lapsed(self, ndas):
        """The parties of ``ndas`` whose loss of access is written down already."""
        return self.search([("kind", "=", "lapse"), ("nda_id", "in", ndas.ids)]).nda_party_id

    @api.model
    def _first_disclosures(self, party, owners):
        """{owner: aware instant of the first disclosure of a confidential document of it to ``party``}."""
        groups = self._read_group(
            [("party_id", "=", party.id), ("disclosed", "=", True), ("document_id.confidential", "=", True),
             ("document_id.owner_id", "in", owners.ids)], ["document_id"], ["at:min"])
        first = {}
        for document, at in groups:
            at = at.replace(tzinfo=UTC)
            first[document.owner_id] = min(at, first.get(document.owner_id, at))
        return first


class Nda(models.Model):
    _inherit = "aftersales.nda"

    access_count = fields.Integer(compute="_compute_accesses", groups=READERS)
    early_disclosure = fields.Char(
        compute="_compute_accesses", groups=READERS,
        help="A confidential document left the house before the signature.")

    @api.depends("party_ids.partner_id", "signed_on")
    def _compute_accesses(self):
        Access = self.env["aftersales.nda.access"]
        for nda in self:
            told = nda.party_ids.partner_id.commercial_partner_id
            nda.access_count = Access.search_count([("party_id", "in", told.ids)])
            first = Access.search([
                ("party_id", "in", told.ids), ("disclosed", "=", True), ("document_id.confidential", "=", True),
                ("document_id.owner_id", "in", told.ids)], order="at", limit=1)
            nda.early_disclosure = self.env._(
                "%(document)s was disclosed to %(party)s on %(day)s, before the signature.",
                document=first.document_name, party=first.party_id.display_name, day=nda._day_text(first.at.date()),
            ) if first and (not nda.signed_on or first.at < nda.signed_on) else False

    def action_view_accesses(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "name": self.env._("Access Log"), "res_model": "aftersales.nda.access",
            "views": [(False, "list"), (False, "form")],
            "domain": [("party_id", "in", self.party_ids.partner_id.commercial_partner_id.ids)]}
