"""Warranty cover: a policy as it holds for one asset. Its days follow from facts; see `cover_days`."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .warranty_policy import KINDS

STATES = [
    ("waiting", "Waiting"), ("running", "Running"), ("expired", "Expired"), ("void", "Void"), ("ended", "Ended")]
SOURCES = [
    ("registration", "Registration"), ("delivery", "Delivery"), ("plan", "Service Plan"), ("sale", "Sale"),
    ("manual", "By Hand")]
RESULTS = ("first_day", "parts_until", "labour_until", "travel_until", "last_day", "state", "next_change_on",
           "waits_for", "holder_id")
TERMS = ("asset_id", "policy_id", "follows_id", "contract_id", "source")


class WarrantyCover(models.Model):
    """``first_day`` to ``last_day`` are by date alone; limits of use may end it before. Days stored are last days."""

    _name = "aftersales.warranty.cover"
    _description = "Warranty Cover"
    _inherit = ["aftersales.guarded", "aftersales.numbering", "mail.thread"]
    _number_code = "aftersales.warranty.cover"
    _order = "asset_id, first_day, id"
    _check_company_auto = True
    _guarded = {**dict.fromkeys(RESULTS, False), "state": "waiting", "name": "/", "end_reason": False}

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, default="/", index=True)
    asset_id = fields.Many2one(
        "aftersales.asset", required=True, index=True, check_company=True, ondelete="restrict")
    company_id = fields.Many2one(related="asset_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(related="asset_id.partner_id", string="Owner", store=True, index=True)
    product_id = fields.Many2one(related="asset_id.product_id", store=True)
    policy_id = fields.Many2one(
        "aftersales.warranty.policy", required=True, index=True, ondelete="restrict", check_company=True,
        domain=[("state", "=", "released")])
    lineage = fields.Char(compute="_compute_lineage", store=True, help="What all versions of its policy share.")
    kind = fields.Selection(KINDS, compute="_compute_kind", store=True, index=True)
    start_on = fields.Date(string="Agreed Start", help="Empty: by the policy.")
    end_on = fields.Date(string="Agreed End", help="The last day; empty: by the policy.")
    follows_id = fields.Many2one(
        "aftersales.warranty.cover", index="btree_not_null", ondelete="restrict",
        help="It begins where this one ends, without a gap.")
    priority = fields.Integer(aggregator=None, help="Who pays first: the lower number. 0: as the policy.")
    supplier_id = fields.Many2one(related="policy_id.supplier_id", store=True, index="btree_not_null")
    recovers = fields.Boolean(compute="_compute_kind", store=True, string="Refunds Us")
    source = fields.Selection(SOURCES, required=True, default="manual")
    contract_id = fields.Many2one(
        "aftersales.contract", string="By Contract", index="btree_not_null", ondelete="restrict", check_company=True)
    # results
    state = fields.Selection(STATES, required=True, readonly=True, default="waiting", copy=False, index=True)
    first_day = fields.Date(readonly=True, copy=False)
    parts_until = fields.Date(readonly=True, copy=False)
    labour_until = fields.Date(readonly=True, copy=False)
    travel_until = fields.Date(readonly=True, copy=False)
    last_day = fields.Date(readonly=True, copy=False, index="btree_not_null", help="Of parts, labour and travel the "
                           "last, by date alone. Empty: it waits, or never ends.")
    next_change_on = fields.Date(readonly=True, copy=False, index="btree_not_null")
    waits_for = fields.Char(string="Waits for", readonly=True, copy=False)
    holder_id = fields.Many2one(
        "aftersales.asset", string="Now Covers", readonly=True, copy=False, index="btree_not_null",
        help="The machine itself, or the one that replaced it.")
    end_reason = fields.Char(readonly=True, copy=False)
    use_ids = fields.One2many("aftersales.warranty.use", "cover_id", )
    void_ids = fields.Many2many("aftersales.warranty.void", "aftersales_void_cover_rel", string="Voids", readonly=True)

    _once = models.UniqueIndex(
        "(asset_id, lineage, COALESCE(follows_id, 0), COALESCE(contract_id, 0)) WHERE end_reason IS NULL",
        "This asset has a cover by this warranty policy already: it does not begin twice.")
    _agreed_days = models.Constraint(
        "CHECK(end_on IS NULL OR start_on IS NULL OR end_on >= start_on)", "A cover cannot end before it starts.")

    @api.depends("policy_id")
    def _compute_lineage(self):
        for cover in self:
            cover.lineage = cover.policy_id._lineage() if cover.policy_id else False

    @api.depends("policy_id.cover_kind", "policy_id.recovers")
    def _compute_kind(self):
        for cover in self:
            cover.kind = cover.policy_id.cover_kind
            cover.recovers = cover.kind == "supplier" and cover.policy_id.recovers

    @api.depends("name", "policy_id.name")
    def _compute_display_name(self):
        for cover in self:
            cover.display_name = f"{cover.name} {cover.policy_id.name or ''}".strip()

    @api.model_create_multi
    def create(self, vals_list):
        covers = super().create([{**vals, "name": "/"} for vals in vals_list])
        covers._give_numbers()
        covers._check_policy()
        covers._refresh()
        return covers

    def _give_numbers(self):
        """One draw from the sequence for each company."""
        today = fields.Date.today()
        for company, covers in self.grouped("company_id").items():
            for cover, number in zip(covers, self._draw_numbers(company, today, len(covers)), strict=True):
                cover._write_guarded({"name": number})

    def _check_policy(self):
        for cover in self:
            policy, company = cover.policy_id.sudo(), cover.company_id  # its terms are no secret of another company
            if policy.state == "draft":
                raise UserError(self.env._("Warranty policy %s is not released.", policy.display_name))
            if policy.company_id and policy.company_id != company:
                raise UserError(self.env._(
                    "Warranty policy %(policy)s is of %(other)s, asset %(asset)s of %(company)s.",
                    policy=policy.display_name, other=policy.company_id.name, asset=cover.asset_id.display_name,
                    company=company.name))
            if policy.currency_id != company.currency_id and (
                    policy.cap or policy.claim_cap or policy.deductible or any(policy.benefit_ids.mapped("cap"))
                    or any(policy.benefit_ids.mapped("claim_cap"))):
                raise UserError(self.env._(
                    "Warranty policy %(policy)s has caps in %(currency)s, %(company)s keeps its books in %(own)s: make "
                    "a policy in that currency.", policy=policy.display_name, currency=policy.currency_id.name,
                    company=company.name, own=company.currency_id.name))

    @api.constrains("follows_id", "asset_id")
    def _check_follows(self):
        for cover in self:
            if cover.follows_id and cover.follows_id.asset_id != cover.asset_id:
                raise ValidationError(self.env._(
                    "Cover %(cover)s cannot follow %(other)s: that is a cover of another asset.", cover=cover.name,
                    other=cover.follows_id.name))
            if cover.follows_id and cover._has_cycle("follows_id"):
                raise ValidationError(self.env._("Cover %s follows itself.", cover.name))

    def write(self, vals):
        for name in TERMS:
            if name in vals and any(cover[name] != cover._fields[name].convert_to_record(
                    cover._fields[name].convert_to_cache(vals[name], cover), cover) for cover in self):
                raise UserError(self.env._(
                    "%(field)s of cover %(cover)s does not change: end it, and add another one.",
                    field=self._fields[name]._description_string(self.env), cover=self[:1].name))
        result = super().write(vals)
        if {"start_on", "end_on", "priority"} & set(vals):
            self._refresh()
        return result

    def _refuse_deletion(self):
        for cover in self:
            if cover.use_ids or cover.state != "waiting":
                raise UserError(self.env._(
                    "Cover %s is part of what was promised. End it with the reason instead.", cover.name))

    # --- its end -----------------------------------------------------------------------------------------------------

    def action_end(self, reason="", day=None):
        """End covers after ``day`` (the last one; a date or "YYYY-MM-DD", empty: today), for a reason. For whoever
        keeps covers; callable by RPC."""
        self.check_access("write")
        if not (isinstance(reason, str) and reason.strip()):
            raise UserError(self.env._("Say why cover %s ends.", self[:1].name))
        self._end(fields.Date.to_date(day) or fields.Date.context_today(self), reason.strip())

    def _end(self, day, reason):
        """Let these covers end with ``day``, their last one; before their first day they never were."""
        for cover in self.filtered(lambda one: not one.end_reason):
            first = cover.start_on or cover.first_day
            last = max(day, first) if first and day >= first else day
            values = {"end_reason": reason, "end_on": last}
            if cover.start_on and cover.start_on > last:
                values["start_on"] = last
            cover._write_guarded(values)
            cover._message_log(body=self.env._("Ends with %(day)s: %(reason)s", day=last, reason=reason))
        self._refresh()

    @api.model
    def _of_assets(self, assets):
        """Domain of the covers of these assets, and of those whose place they took."""
        return Domain("asset_id", "in", assets.ids) | Domain("holder_id", "in", assets.ids)
