"""Usage: what was used on a contract line, reading by reading. Appended, never changed.

A wrong reading is voided by a counter row of the same day; what counts is the sum. A reference of the source is known
once in a contract, so that a file or an integration may send the same reading twice and it counts once.
"""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .usage_tariff import QUANTITY, exact_number

SOURCES = [("manual", "By Hand"), ("import", "Imported"), ("meter", "Meter"), ("integration", "Integration")]
VOIDERS = ("aftersales_contracts.group_account_manager,aftersales_contracts.group_finance,"
           "aftersales_contracts.group_administrator")


class Usage(models.Model):
    _name = "aftersales.usage"
    _description = "Usage Reading"
    _inherit = ["aftersales.appended"]
    _order = "day desc, id desc"
    _check_company_auto = True

    line_id = fields.Many2one(
        "aftersales.contract.line", string="Contract Line", required=True, index=True, ondelete="restrict",
        domain=[("charge", "=", "usage"), ("contract_id.is_template", "=", False),
                ("contract_id.amends_id", "=", False)],
        help="Imports name it as “contract number · description”.")
    contract_id = fields.Many2one(related="line_id.contract_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(related="line_id.company_id", store=True, index=True, precompute=True)
    partner_id = fields.Many2one(related="line_id.partner_id", string="Customer", store=True, precompute=True)
    unit_name = fields.Char(related="line_id.tariff_id.unit_name", string="Unit")
    asset_id = fields.Many2one(
        "aftersales.asset", string="Covered Asset", index="btree_not_null", ondelete="restrict", check_company=True)
    day = fields.Date(required=True, default=fields.Date.context_today, help="The day on which it was used.")
    quantity = fields.Float(
        digits=QUANTITY, required=True, help="What was used since the reading before, not what the meter shows.")
    source = fields.Selection(SOURCES, required=True, default="manual", help="Where the reading comes from.")
    reference = fields.Char(
        copy=False, help="Of the source, such as a meter and its reading. Known once in a contract.")
    note = fields.Char()
    user_id = fields.Many2one(
        "res.users", string="Recorded by", required=True, readonly=True, ondelete="restrict",
        default=lambda self: self.env.user)
    voids_id = fields.Many2one(
        "aftersales.usage", readonly=True, copy=False, ondelete="restrict", index="btree_not_null",
        help="This row takes the quantity of that reading back.")
    voided_by_ids = fields.One2many("aftersales.usage", "voids_id", string="Voided by", readonly=True)
    void = fields.Boolean(compute="_compute_void", search="_search_void", help="Was taken back, or takes one back.")

    _reference_once = models.UniqueIndex(
        "(contract_id, reference) WHERE reference IS NOT NULL",
        "This contract has a reading of that reference already.")
    _voided_once = models.UniqueIndex("(voids_id) WHERE voids_id IS NOT NULL", "This reading is void already.")
    _signs = models.Constraint(
        "CHECK(CASE WHEN voids_id IS NULL THEN quantity >= 0 ELSE quantity <= 0 END)",
        "What is used is zero or more. To take a reading back, void it.")
    _line_day = models.Index("(line_id, day)")

    @api.depends("day", "quantity", "line_id")
    def _compute_display_name(self):
        for usage in self:
            line = (usage.line_id.name or "").split("\n")[0]
            usage.display_name = f"{line} {usage.day or ''} {exact_number(usage.quantity, QUANTITY[1]):f}".strip()

    @api.depends("voids_id", "voided_by_ids")
    def _compute_void(self):
        for usage in self:
            usage.void = bool(usage.voids_id or usage.voided_by_ids)

    @api.model
    def _search_void(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("voids_id", "!=", False) | Domain("voided_by_ids", "!=", False)
        return domain if set(value) == {True} else ~domain if set(value) == {False} else Domain(len(value) > 1)

    # --- guards ------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Rows that void others come from `action_void` only; who records a reading is its author."""
        if not self.env.su:
            for vals in vals_list:
                if vals.get("voids_id"):
                    raise UserError(self.env._("A usage reading is voided by its button, with the reason."))
            vals_list = [{**vals, "voids_id": False, "user_id": self.env.uid} for vals in vals_list]
        if self.env.context.get("import_file"):
            vals_list = [{"source": "import", **vals} for vals in vals_list]
        return super().create([
            {**vals, "reference": (vals.get("reference") or "").strip() or False} for vals in vals_list])

    @api.constrains("line_id", "day", "quantity", "asset_id")
    def _check_reading(self):
        for usage in self.filtered(lambda one: not one.voids_id):
            for refused in usage._refusals(usage.line_id, usage.day, usage.quantity, usage.asset_id):
                raise ValidationError(refused)

    @api.model
    def _refusals(self, line, day, quantity, asset):
        """Sentences, each naming record, field and value, of what is wrong with a reading; one after another."""
        _, contract = self.env._, line.contract_id
        if line.charge != "usage":
            yield _("%s is not charged by usage: it has no usage tariff.", line.display_name)
        elif contract.is_template or contract.amends_id:
            yield _("%s is a template or a draft of an amendment: usage belongs to the contract itself.",
                     contract.display_name)
        if quantity < 0:
            yield _("%(line)s: a usage of %(quantity)s is less than nothing. Void the reading that was wrong.",
                     line=line.display_name, quantity=quantity)
        if not line.first_day or day < line.first_day or (line.last_day and day > line.last_day):
            yield _("%(line)s: day %(day)s lies outside the line, which runs from %(start)s to %(end)s.",
                     line=line.display_name, day=day, start=line.first_day, end=line.last_day or _("an open end"))
        if day > contract._local_today():
            yield _("%(line)s: usage of %(day)s cannot be recorded before that day.", line=line.display_name, day=day)
        if asset and asset not in contract.sudo().cover_ids.asset_id:  # whoever reads a meter need not see covers
            yield _("%(line)s: asset %(asset)s is not covered by the contract.", line=line.display_name,
                     asset=asset.display_name)

    def _refuse_change(self):
        if self:
            raise UserError(self.env._(
                "Reading %s is on record and does not change. Void it and record it anew.", self[:1].display_name))

    def action_void(self, reason=""):
        """Take these readings back: a counter row of the same day each, with the reason. Returns the counter rows."""
        if not self.env.user.has_groups(VOIDERS):
            raise AccessError(self.env._("Only an account manager or finance voids a usage reading."))
        self.check_access("read")
        if not (isinstance(reason, str) and reason.strip()):
            raise UserError(self.env._("Say why reading %s is void.", self[:1].display_name))
        for usage in self:
            if usage.void:
                raise UserError(self.env._("Reading %s is void already.", usage.display_name))
        return self.sudo().create([{  # the counter row of a reading is nobody's to enter
            "line_id": usage.line_id.id, "asset_id": usage.asset_id.id, "day": usage.day, "quantity": -usage.quantity,
            "source": usage.source, "note": reason.strip(), "voids_id": usage.id, "user_id": self.env.uid}
            for usage in self]).ids

    # --- sums --------------------------------------------------------------------------------------------------------

    @api.model
    def _sums(self, spans):
        """{(line id, first day, day after): (quantity as Decimal, number of readings that stand)} of ``spans``: an
        iterable of those keys. One query for all."""
        spans = list(spans)
        if not spans:
            return {}
        self.flush_model(["line_id", "day", "quantity", "voids_id"])
        rows = self.env.execute_query(SQL(
            """SELECT s.line_id, s.low, s.high, COALESCE(sum(u.quantity), 0)::text,
                      count(u.id) - 2 * count(u.voids_id)
                 FROM unnest(%s, %s::date[], %s::date[]) AS s(line_id, low, high)
                 LEFT JOIN aftersales_usage u ON u.line_id = s.line_id AND u.day >= s.low AND u.day < s.high
                GROUP BY s.line_id, s.low, s.high""",
            [line for line, _low, _high in spans], [low for _line, low, _high in spans],
            [high for _line, _low, high in spans]))
        return {(line, low, high): (Decimal(quantity), count) for line, low, high, quantity, count in rows}
