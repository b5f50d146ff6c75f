"""A machine that a customer or dealer registers in the portal: with a proof of purchase, which staff looks at first.

Nothing is known of the machine before staff confirms: neither is it an asset, nor does any cover begin. So nobody
learns by registering whether a serial number exists.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

STATES = [("waiting", "Waiting"), ("confirmed", "Confirmed"), ("refused", "Refused")]
WAITING_AT_MOST = 20  # of one company at a time: nobody fills our list


class AssetRegistration(models.Model):
    _name = "aftersales.asset.registration"
    _inherit = ["aftersales.guarded", "mail.thread"]
    _description = "Machine to Be Registered"
    _order = "id desc"
    _rec_name = "serial"
    _check_company_auto = True
    _guarded = {"state": "waiting", "asset_id": False, "decided_by_id": False, "decided_at": False, "reason": False}

    serial = fields.Char(string="Serial Number", required=True, index="trigram")
    product_text = fields.Char(string="Machine", help="As whoever registers it names the model.")
    product_id = fields.Many2one("product.product", help="What it is: chosen by staff.")
    requester_id = fields.Many2one("res.partner", string="Registered by", required=True, index=True)
    partner_id = fields.Many2one("res.partner", string="Owner", required=True, index=True)
    dealer_id = fields.Many2one("res.partner", string="Sold by")
    owner_text = fields.Char(string="Owner in Words", help="Of a machine that a dealer registers: who bought it.")
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    delivered_on = fields.Date(string="Delivered", required=True)
    place = fields.Char()
    note = fields.Text()
    proof_ids = fields.Many2many(
        "ir.attachment", "aftersales_registration_proof_rel", string="Proof of Purchase", readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="waiting", index=True, tracking=True)
    asset_id = fields.Many2one("aftersales.asset", readonly=True, ondelete="restrict", index="btree_not_null")
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    decided_at = fields.Datetime(string="Decided", readonly=True)
    reason = fields.Char(readonly=True, tracking=True)

    @api.constrains("delivered_on", "serial")
    def _check_told(self):
        for one in self:
            if not one.serial.strip():
                raise ValidationError(self.env._("Give the serial number of the machine."))
            if one.delivered_on > fields.Date.context_today(one):
                raise ValidationError(self.env._(
                    "Machine %(serial)s: %(day)s lies in the future. Give the day on which it was delivered.",
                    serial=one.serial, day=one.delivered_on))

    @api.model
    def _ask(self, user, values, files):
        """A new registration that ``user`` of the portal sends in. ``files``: [{name, raw, mimetype}], at least one."""
        company = user.partner_id.commercial_partner_id
        Model = self.sudo()  # who asks has no right to create records: the values are chosen by the caller one by one
        waiting = Model.search_count([
            ("requester_id", "child_of", company.ids), ("state", "=", "waiting")], limit=WAITING_AT_MOST)
        if waiting >= WAITING_AT_MOST:
            raise UserError(self.env._("%s registrations of yours wait for us already. Let us look at them first.",
                                       waiting))
        if not files:
            raise UserError(self.env._("Add the invoice or delivery note: we look at it before we confirm."))
        again = Model.search_count([
            ("requester_id", "child_of", company.ids), ("state", "=", "waiting"),
            ("serial", "=ilike", values["serial"].replace("\\", "\\\\").replace("_", r"\_").replace("%", r"\%"))])
        if again:
            raise UserError(self.env._("You have asked us to register %s already. We will answer soon.",
                                       values["serial"]))
        one = Model.create({**values, "requester_id": user.partner_id.id, "company_id": user.company_id.id})
        attachments = self.env["ir.attachment"].sudo().create([
            {**file, "res_model": self._name, "res_id": one.id} for file in files])
        one.proof_ids = attachments
        return one

    # --- the answer ----------------------------------------------------------------------------------------------

    def _check_may_decide(self):
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only the office confirms machines."))
        self.check_access("write")
        for one in self:
            if one.state != "waiting":
                raise UserError(self.env._("Machine %s is decided already.", one.serial))

    def action_confirm(self):
        """Make the asset, or hand the one with this serial and owner to the registration, and start its covers."""
        self._check_may_decide()
        for one in self:
            if not one.product_id:
                raise UserError(self.env._("Machine %s: choose the product that it is.", one.serial))
            asset = one._known_asset() or one._new_asset()
            one._decide("confirmed", asset_id=asset.id)
            one._tell(self.env._("Machine %s is registered to you. You find it among your machines.", one.serial))
        return True

    def _known_asset(self):
        """The owner's own machine with this serial; a machine of somebody else is told to staff."""
        Asset = self.env["aftersales.asset"]
        known = Asset.search([("name", "=", self.serial.strip()), ("product_id", "=", self.product_id.id),
                              ("company_id", "=", self.company_id.id)], limit=1)
        if known and known.partner_id.commercial_partner_id != self.partner_id.commercial_partner_id:
            raise UserError(self.env._(
                "Machine %(asset)s is registered to %(owner)s. Transfer it to its new owner, or refuse the "
                "registration.", asset=known.display_name, owner=known.partner_id.display_name))
        return known

    def _new_asset(self):
        row = {"serial": self.serial.strip(), "product": self.product_id.id, "partner": self.partner_id.id,
               "company": self.company_id.id, "delivered_on": self.delivered_on.isoformat()}
        if self.place:
            row["place"] = self.place
        if self.dealer_id:
            row["dealer"] = self.dealer_id.id
        Asset = self.env["aftersales.asset"].with_company(self.company_id)
        return Asset.browse(Asset.register([row], "portal")["ids"])

    def action_refuse(self, reason=""):
        """``reason``: what the requester reads."""
        self._check_may_decide()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why it is refused: the customer reads it."))
        for one in self:
            one._decide("refused", reason=reason)
            one._tell(self.env._("We cannot register machine %(serial)s: %(reason)s", serial=one.serial, reason=reason))
        return True

    def action_ask_refusal(self):
        """Open the dialogue that asks for the reason."""
        self.ensure_one()
        self._check_may_decide()
        return {
            "type": "ir.actions.act_window", "res_model": "aftersales.refuse.registration", "view_mode": "form",
            "target": "new", "name": self.env._("Refuse"), "context": {"default_registration_id": self.id}}

    def _decide(self, state, **values):
        self._write_guarded({
            "state": state, "decided_by_id": self.env.uid, "decided_at": fields.Datetime.now(), **values})

    def _tell(self, text):
        """A message to who registered it, in the queue of e-mails."""
        self.message_post(body=text, partner_ids=self.requester_id.ids, message_type="comment",
                          subtype_xmlid="mail.mt_comment")

    def _refuse_deletion(self):
        for one in self:
            raise UserError(self.env._("Registration of %s is on record. Refuse it instead.", one.serial))


class RefuseRegistration(models.TransientModel):
    _name = "aftersales.refuse.registration"
    _description = "Refuse a Registration"

    registration_id = fields.Many2one("aftersales.asset.registration", required=True, ondelete="cascade")
    reason = fields.Char(required=True)

    def action_refuse(self):
        self.ensure_one()
        return self.registration_id.action_refuse(self.reason)
