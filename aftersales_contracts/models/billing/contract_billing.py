"""How a contract is billed: by the nightly work or not, from which day, to whom, and when next."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from .billing_settings import GROUPING

BILLINGS = [("automatic", "Automatic"), ("manual", "By Hand")]
BILLED = ("active", "suspended", "notice", "expired", "terminated")  # what was in force is billed to its last day
ENDED = ("expired", "terminated")
FINANCE = "aftersales_contracts.group_finance,aftersales_contracts.group_administrator"
SWITCHES = frozenset({"billing", "billing_start"})


class Contract(models.Model):
    _inherit = "aftersales.contract"

    billing = fields.Selection(
        BILLINGS, required=True, default="automatic", copy=False, tracking=True,
        help="Automatic: the nightly work makes the invoices that are due. By hand: nobody but you does.")
    billing_start = fields.Date(
        string="Billed from", copy=False, tracking=True,
        help="No day before it is billed here. Empty: from the first day of each line.")
    next_bill_on = fields.Date(
        string="Next Invoice", compute="_compute_next_bill_on", store=True, copy=False, index="btree_not_null",
        help="The day on which something is due for billing; empty: nothing is, or it is billed by hand.")
    is_due_for_billing = fields.Boolean(compute="_compute_is_due_for_billing")
    bill_to_id = fields.Many2one(
        "res.partner", string="Billed to", compute="_compute_bill_to_id",
        help="The payer among the parties, else the invoice address of the partner.")
    invoice_group = fields.Selection(
        GROUPING, string="Contracts on an Invoice", compute="_compute_invoice_group",
        help="As the customer wants it, else as the company bills.")
    billed_ids = fields.One2many("aftersales.billed", "contract_id", readonly=True, copy=False)

    # --- who pays, and how -------------------------------------------------------------------------------------------

    @api.depends("partner_id", "party_ids.role", "party_ids.partner_id", "party_ids.date_start", "party_ids.date_end")
    def _compute_bill_to_id(self):
        for contract in self:
            contract.bill_to_id = contract._bill_to(contract._local_today())

    def _bill_to(self, day):
        """Who is billed on ``day`` (a date)."""
        self.ensure_one()
        payer = self.kind != "provider" and self.party_ids.filtered(
            lambda party: party.role == "payer")._on(day).partner_id[:1]
        if payer or not self.partner_id:
            return payer or self.partner_id
        address = self.partner_id.address_get(["invoice"])["invoice"]
        # The record itself, not a new one of its id: what is read of it is prefetched for the whole batch.
        return self.partner_id if address == self.partner_id.id else self.partner_id.browse(address)

    @api.depends(
        "partner_id.commercial_partner_id.aftersales_invoice_group", "company_id.aftersales_invoice_group",
        "party_ids.role", "party_ids.partner_id.commercial_partner_id.aftersales_invoice_group")
    def _compute_invoice_group(self):
        for contract in self:
            wish = contract.bill_to_id.commercial_partner_id.aftersales_invoice_group
            contract.invoice_group = wish or contract.company_id.aftersales_invoice_group

    # --- when --------------------------------------------------------------------------------------------------------

    @api.depends(
        "billing", "line_ids.next_bill_on", "correction_ids.state", "correction_ids.line_id", "termination_ids.state",
        "termination_ids.billed_on")
    def _compute_next_bill_on(self):
        for contract in self:
            days = list(contract._bill_days()) if contract._is_billed() else []
            contract.next_bill_on = min(days, default=False)

    @api.depends("next_bill_on")
    def _compute_is_due_for_billing(self):
        for contract in self:
            contract.is_due_for_billing = contract.next_bill_on and contract.next_bill_on <= contract._local_today()

    def _is_billed(self):
        """Whether the billing run looks after this contract at all."""
        self.ensure_one()
        return bool(self.billing == "automatic" and self.state in BILLED and not self.is_template
                    and not self.amends_id and self.partner_id)

    def _bill_days(self):
        """The days on which something of this contract falls due."""
        yield from filter(None, self.line_ids.mapped("next_bill_on"))
        for correction in self.correction_ids.filtered(lambda one: one.state == "open"):
            # With the next invoice of its line; where none comes any more, at once.
            yield correction.line_id.next_bill_on or correction.booked_on
        for termination in self._terminations_to_bill():
            yield termination.last_day + timedelta(days=1)

    def _terminations_to_bill(self):
        return self.termination_ids.filtered(
            lambda one: one.state == "done" and not one.billed_on
            and (not self.billing_start or one.last_day >= self.billing_start))

    def _reckon_next_bill(self):
        """Reckon anew when these contracts are billed next, after facts were added or taken away."""
        self.env.add_to_compute(self.line_ids._fields["next_bill_on"], self.line_ids)
        self.env.add_to_compute(self._fields["next_bill_on"], self)

    # --- switched by finance -----------------------------------------------------------------------------------------

    def write(self, vals):
        if SWITCHES & vals.keys():
            self._refuse_switch(vals)
        return super().write(vals)

    def _refuse_switch(self, vals):
        for contract in self.filtered(lambda contract: contract.state != "draft" and not contract.is_template):
            for name in sorted(SWITCHES & vals.keys()):
                field = contract._fields[name]
                if field.convert_to_cache(vals[name], contract) != field.convert_to_cache(contract[name], contract):
                    raise UserError(self.env._(
                        "Contract %(name)s: its billing is switched by finance, with the buttons Start Billing and "
                        "Bill by Hand.", name=contract.display_name))

    def _check_may_bill(self):
        """Raise AccessError unless the current user may make invoices of contracts."""
        self.check_access("read")
        if not (self.env.su or self.env.user.has_groups(FINANCE)):
            raise AccessError(self.env._("Invoices of contracts are made by finance."))

    def action_start_billing(self):
        """Open the dialog that asks from which day these contracts are billed."""
        self._check_may_bill()
        return {
            "type": "ir.actions.act_window", "res_model": "aftersales.start.billing", "view_mode": "form",
            "target": "new", "name": self.env._("Start Billing"), "context": {"default_contract_ids": self.ids}}

    def start_billing(self, day):
        """Bill these contracts automatically from ``day`` (date or ISO text) on; days before it count as billed.

        For screens and remote calls, by finance.

        :raise UserError: no day, templates and amendments, contracts that are billed already
        """
        self._check_may_bill()
        day = fields.Date.to_date(day)
        for contract in self:
            contract._refuse_start(day)
        for contract in self.sudo():  # finance has no right to write contracts, only to switch their billing
            contract._write_unlocked({"billing": "automatic", "billing_start": day})
            earlier = contract.line_ids.filtered(lambda line: line.first_day and line.first_day < day)
            for line in earlier:
                line._write_unlocked({"billed_until": max(day - timedelta(days=1), line.billed_until or day.min)})
            contract._message_log(body=self.env._("Billed automatically from %s on.", format_date(self.env, day)))

    def _refuse_start(self, day):
        _, name = self.env._, self.display_name
        if not day:
            raise UserError(_("Contract %s: enter the day from which it is billed.", name))
        if self.is_template or self.amends_id:
            raise UserError(_("%s is no contract of its own: there is nothing to bill.", name))
        if self.billing == "automatic" and (self.state != "draft" or self.billed_ids):
            raise UserError(_("Contract %s is billed automatically already.", name))

    def action_stop_billing(self):
        """Leave the invoices of these contracts to people; what was billed stays."""
        self._check_may_bill()
        for contract in self:
            if contract.billing == "manual":
                raise UserError(self.env._("Contract %s is billed by hand already.", contract.display_name))
        for contract in self.sudo():  # as start_billing
            contract._write_unlocked({"billing": "manual"})
            contract._message_log(body=self.env._("Billed by hand from now on."))

    def action_bill_now(self):
        """Make the invoices that are due today; those of the customer's other contracts too, where he wants one."""
        self._check_may_bill()
        for contract in self:
            contract._refuse_bill_now()
        self._duty("settler", self.env._("Billed"))
        moves = self._bill_now()
        return self._open_invoices(moves)

    def _refuse_bill_now(self):
        _, name = self.env._, self.display_name
        if self.billing == "manual":
            raise UserError(_("Contract %s is billed by hand: start its billing first.", name))
        if not self._is_billed():
            raise UserError(_("Contract %s is not in force: there is nothing to bill.", name))
        if not self.next_bill_on:
            raise UserError(_("Contract %s: nothing is left to bill.", name))
        if self.next_bill_on > self._local_today():
            raise UserError(_("Contract %(name)s: nothing is due before %(day)s.", name=name,
                              day=format_date(self.env, self.next_bill_on)))


class Termination(models.Model):
    _inherit = "aftersales.termination"

    billed_on = fields.Date(string="Settled", readonly=True, copy=False, help="The day its amounts were billed.")
