"""Transfers: a machine goes to another owner, with what its warranties ask for it. Asked for, consented to, done."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

STATES = [("requested", "Requested"), ("consented", "Consented"), ("done", "Done"), ("refused", "Refused")]
OPEN = ("requested", "consented")


class AssetTransfer(models.Model):
    """The old owner keeps sight of its own past only; covers of its contracts end the day before."""

    _name = "aftersales.asset.transfer"
    _inherit = ["aftersales.guarded"]
    _description = "Transfer of an Asset"
    _order = "day desc, id desc"
    _check_company_auto = True
    _guarded = {
        "state": "requested", "consented_by_id": False, "consented_at": False, "done_by_id": False, "move_id": False,
        "old_partner_id": False,
    }

    asset_ids = fields.Many2many(
        "aftersales.asset", string="Assets", required=True, check_company=True,
        default=lambda self: self.env["aftersales.asset"].browse(self.env.context.get("active_ids")))
    company_id = fields.Many2one("res.company", compute="_compute_company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="New Owner", required=True, index=True)
    old_partner_id = fields.Many2one("res.partner", string="Owner Before", readonly=True)
    day = fields.Date(
        string="Owner from", required=True, default=fields.Date.context_today,
        help="The first day of the new owner. Covers of the owner before end the day before.")
    place = fields.Char(string="New Place", help="Empty: as before.")
    state = fields.Selection(STATES, default="requested", required=True, readonly=True, copy=False, index=True)
    consent_needed = fields.Boolean(compute="_compute_terms", help="A warranty goes over with recorded consent only.")
    consent_by = fields.Char(string="Consent Given by", help="Name of who agreed to the transfer of the warranty.")
    consent_file = fields.Binary(string="Consent Paper", attachment=True, copy=False)
    consent_file_name = fields.Char()
    consented_by_id = fields.Many2one("res.users", string="Consent Recorded by", readonly=True, copy=False)
    consented_at = fields.Datetime(string="Consent Recorded", readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", string="Transferred by", readonly=True, copy=False)
    fee = fields.Monetary(compute="_compute_fee", store=True, readonly=False, help="What the warranties ask for it.")
    fee_payer = fields.Selection([("new", "New Owner"), ("old", "Owner Before")], default="new", required=True)
    move_id = fields.Many2one("account.move", string="Invoice of the Fee", readonly=True, copy=False)
    ending_ids = fields.Many2many("aftersales.cover", string="Covers That End", compute="_compute_ending_ids")
    remaining = fields.Text(compute="_compute_terms", help="Warranty covers in force on that day, and what of them "
                            "goes to the new owner.")
    open_work = fields.Text(compute="_compute_open_work", help="What is under way and stays with whoever asked for it.")
    reason = fields.Char(string="Reason of the Refusal")

    @api.depends("asset_ids", "partner_id", "day")
    def _compute_display_name(self):
        for transfer in self:
            transfer.display_name = self.env._(
                "%(assets)s to %(owner)s", assets=", ".join(transfer.asset_ids.mapped("name")),
                owner=transfer.partner_id.name or "")

    @api.depends("asset_ids.company_id")
    def _compute_company_id(self):
        for transfer in self:
            transfer.company_id = transfer.asset_ids.company_id[:1] or self.env.company

    @api.depends("asset_ids", "day")
    def _compute_ending_ids(self):
        for transfer in self:
            if transfer.state in OPEN and transfer.day:
                transfer.ending_ids = transfer.asset_ids._origin._ending_covers(transfer.day)
            else:
                transfer.ending_ids = False

    @api.depends("asset_ids", "day")
    def _compute_terms(self):
        for transfer in self:
            terms = transfer._going_over()
            transfer.consent_needed = any(rule == "consent" for _cover, rule, _fee in terms)
            transfer.remaining = "\n".join(transfer._told(cover, rule) for cover, rule, _fee in terms)

    @api.depends("asset_ids", "day")
    def _compute_fee(self):
        for transfer in self:
            transfer.fee = sum(fee for _cover, _rule, fee in transfer._going_over())

    def _going_over(self):
        """[(warranty cover, "free" | "consent" | "never", fee)] of what is in force on the day of the transfer."""
        assets = self.asset_ids._origin
        assets |= assets.component_ids
        return assets._covers_at_transfer(self.day) if self.day else []

    def _told(self, cover, rule):
        """"WC/00001, until 2027-03-01: goes to the new owner"."""
        last = cover.last_day
        until = self.env._("%(cover)s, until %(day)s", cover=cover.display_name, day=last) if last else (
            cover.display_name)
        what = {"free": self.env._("goes to the new owner"), "never": self.env._("rests: it is not transferable"),
                "consent": self.env._("goes to the new owner with recorded consent")}[rule]
        return f"{until}: {what}"

    @api.depends("asset_ids")
    def _compute_open_work(self):
        for transfer in self:
            transfer.open_work = "\n".join(transfer.asset_ids._origin._work_under_way())

    # --- the course --------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        transfers = super().create(vals_list)
        transfers.asset_ids.check_access("write")
        for transfer in transfers:
            transfer._check_parties()
            transfer._write_guarded({"old_partner_id": transfer.asset_ids[0].partner_id.id})
        return transfers

    def write(self, vals):
        self._refuse_decided(vals)
        return super().write(vals)

    def _refuse_decided(self, vals):
        decided = self.filtered(lambda transfer: transfer.state not in OPEN)
        if decided and vals:
            raise UserError(self.env._("The transfer %s is decided and does not change.", decided[0].display_name))

    def _refuse_deletion(self):
        for transfer in self:
            if transfer.state == "done":
                raise UserError(self.env._("The transfer %s is done and stays on record.", transfer.display_name))

    @api.constrains("asset_ids")
    def _check_one_company(self):
        for transfer in self:
            if len(transfer.asset_ids.company_id) != 1:
                raise ValidationError(self.env._("A transfer is of assets of one company."))

    def _check_parties(self):
        if not self.asset_ids:
            raise UserError(self.env._("Choose the machines that go to the new owner."))
        same = self.asset_ids.filtered(lambda asset: asset.partner_id == self.partner_id)
        if same:
            raise UserError(self.env._(
                "Asset %(asset)s belongs to %(owner)s already.", asset=same[0].display_name,
                owner=self.partner_id.display_name))

    def _check_open(self):
        self.check_access("write")
        self.asset_ids.check_access("write")
        for transfer in self:
            if transfer.state not in OPEN:
                raise UserError(self.env._("The transfer %s is decided already.", transfer.display_name))

    def action_consent(self):
        """Record that the transfer of the warranty was agreed: by a person who is named, or by a paper."""
        self._check_open()
        for transfer in self:
            if not (transfer.consent_by or transfer.consent_file):
                raise UserError(self.env._(
                    "Transfer %s: name who gave the consent, or add the paper.", transfer.display_name))
            transfer._write_guarded({"state": "consented", "consented_by_id": self.env.uid,
                                     "consented_at": fields.Datetime.now()})
        return True

    def action_transfer(self):
        """Write the new owner, with its day in the history, and end the covers of the owner before."""
        self._check_open()
        self.asset_ids.cover_ids.check_access("write")
        for transfer in self:
            transfer._check_parties()
            if transfer.day > transfer.asset_ids._asset_today():
                raise UserError(self.env._(
                    "The transfer %(transfer)s is for %(day)s: it can be done from that day on.",
                    transfer=transfer.display_name, day=transfer.day))
            if transfer.consent_needed and transfer.state != "consented":
                raise UserError(self.env._(
                    "The transfer %s needs a recorded consent, as a warranty demands it. Record the consent first, or "
                    "refuse the transfer.", transfer.display_name))
            transfer._carry_out()
        return {"type": "ir.actions.act_window_close"}

    def _carry_out(self):
        consent, before = self.state == "consented", self.asset_ids.partner_id[:1]
        self._write_guarded({"state": "done", "done_by_id": self.env.uid, "old_partner_id": before.id})
        self.asset_ids._hand_over(
            self.partner_id, self.day, consent=consent, transfer_id=self.id, fee=self.fee / len(self.asset_ids),
            **({"place": self.place} if self.place else {}))

    def action_refuse(self):
        """It is not transferred; ``reason`` of the record says why."""
        self._check_open()
        for transfer in self:
            if not (transfer.reason or "").strip():
                raise UserError(self.env._("Say why the transfer %s is refused.", transfer.display_name))
            transfer._write_guarded({"state": "refused"})
        return True

    # --- the fee -----------------------------------------------------------------------------------------------------

    def action_invoice_fee(self):
        """A draft invoice of the fee to the new owner or the one before, once. For finance with the right Billing."""
        self.check_access("read")
        if not (self.env.user.has_group("aftersales_contracts.group_finance")
                and self.env.user.has_group("account.group_account_invoice")):
            raise AccessError(self.env._("Only finance with the right Billing invoices the fee of a transfer."))
        for transfer in self:
            if transfer.state != "done" or not transfer.fee:
                raise UserError(self.env._("The transfer %s has no fee to invoice.", transfer.display_name))
            if transfer.move_id:
                raise UserError(self.env._(
                    "The fee of the transfer %(transfer)s is on %(invoice)s already.", transfer=transfer.display_name,
                    invoice=transfer.move_id.display_name))
            move = self.env["account.move"].with_company(transfer.company_id).create(transfer._fee_invoice())
            transfer.sudo()._write_guarded({"move_id": move.id})  # finance does not change transfers
        return self[:1].move_id._get_records_action()

    def _fee_invoice(self):
        payer = (self.partner_id if self.fee_payer == "new" else self.old_partner_id).commercial_partner_id
        company = self.company_id
        position = self.env["account.fiscal.position"].with_company(company)._get_fiscal_position(payer)
        taxes = position.map_tax(company.account_sale_tax_id)
        return {
            "move_type": "out_invoice", "partner_id": payer.id, "company_id": company.id, "ref": self.display_name,
            "currency_id": self.currency_id.id, "fiscal_position_id": position.id,
            "invoice_line_ids": [fields.Command.create({
                "name": self.env._("Transfer of warranty: %s", self.display_name), "quantity": 1,
                "price_unit": self.fee, "tax_ids": [fields.Command.set(taxes.ids)]})]}


class Asset(models.Model):
    _inherit = "aftersales.asset"

    transfer_ids = fields.Many2many("aftersales.asset.transfer", string="Transfers", readonly=True)

    def _covers_at_transfer(self, day):
        """[(warranty cover, "free" | "consent" | "never", fee)] in force on ``day``; the rule is its policy's."""
        covers = self.env["aftersales.warranty.cover"].search(
            Domain("holder_id", "in", self.ids) & Domain("state", "in", ("waiting", "running"))
            & Domain("kind", "!=", "supplier")  # our own right against the supplier, whoever owns the machine
            & (Domain("last_day", "=", False) | Domain("last_day", ">=", day)))
        found = []
        for cover in covers:
            policy, company = cover.policy_id, cover.company_id
            fee = policy.currency_id._convert(policy.transfer_fee, company.currency_id, company, day)
            found.append((cover, policy.transfer, fee))
        return found

    def _work_under_way(self):
        """Sentences: open requests, claims and visits that were paid for, of these assets."""
        requests = self.env["aftersales.request"].search_count(
            [("asset_id", "in", self.ids), ("kind", "not in", ("done", "cancelled"))])
        found = [self.env._("%s open requests", requests)] if requests else []
        visits = self.env["aftersales.maintenance.visit"].search_count(
            [("asset_id", "in", self.ids), ("state", "in", ("planned", "due"))])
        found += [self.env._("%s visits planned under contracts that end", visits)] if visits else []
        claims = self.env["aftersales.warranty.claim"].search(
            Domain("asset_id", "in", self.ids) & Domain("state", "not in", ("closed", "refused", "cancelled")))
        found += [self.env._("Claims under way: %s", ", ".join(claims.mapped("name")))] if claims else []
        return found
