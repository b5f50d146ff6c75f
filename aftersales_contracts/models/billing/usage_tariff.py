"""Usage tariff: what a unit costs by tiers, what is free, and what is owed at least. Released, it never changes.

What is to cost something else becomes a new version; contracts move to it by an amendment. Amounts are those of one
full period of the contract line; ``engine.usage`` says how a part of one is reckoned.
"""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import float_repr

from ...engine.errors import EngineError
from ...engine.usage import Tariff, Tier, rate_usage
from ..common.frozen import is_uninstalling

QUANTITY, PRICE = (16, 4), (16, 8)
RULES = [("marginal", "Each Unit at the Price of Its Tier"), ("slab", "All Units at the Price of the Last Tier")]
MINIMUMS = [("amount", "An Amount"), ("quantity", "A Quantity")]
KEEPERS = "aftersales_contracts.group_finance,aftersales_contracts.group_administrator"


def exact_number(value, digits):
    """A stored number as a Decimal without the zeros that its column pads it with."""
    return Decimal(float_repr(value, digits)).normalize() + 0


class UsageTariff(models.Model):
    _name = "aftersales.usage.tariff"
    _description = "Usage Tariff"
    _inherit = ["aftersales.frozen", "aftersales.guarded", "mail.thread"]
    _order = "name, version desc, id desc"
    _check_company_auto = True
    _free_fields = frozenset({"message_main_attachment_id", "message_follower_ids", "message_ids"})
    _guarded = {"state": "draft", "version": 1, **dict.fromkeys(
        ("previous_id", "released_by_id", "released_on", "withdrawn_by_id", "withdrawn_on"), False)}

    name = fields.Char(required=True, translate=False, tracking=True)
    version = fields.Integer(readonly=True, copy=False, default=1, aggregator=None)
    previous_id = fields.Many2one(
        "aftersales.usage.tariff", string="Follows", readonly=True, copy=False, ondelete="restrict",
        index="btree_not_null")
    state = fields.Selection(
        [("draft", "Draft"), ("released", "Released"), ("withdrawn", "Withdrawn")], required=True, readonly=True,
        default="draft", copy=False, index=True, tracking=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: every company may use it.")
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id, tracking=True)
    unit_name = fields.Char(
        string="Unit", required=True, tracking=True, help="What is counted, as it is printed: page, hour, kWh.")
    rule = fields.Selection(RULES, string="Tiers", required=True, default="marginal", tracking=True)
    band_ids = fields.One2many("aftersales.usage.band", "tariff_id", string="Prices by Tier", copy=True)
    allowance = fields.Float(
        digits=QUANTITY, tracking=True, aggregator=None,
        help="Units of a full period that cost nothing. Tiers count what is used beyond them.")
    minimum_in = fields.Selection(
        MINIMUMS, string="Minimum Commitment", required=True, default="amount", tracking=True,
        help="The least that the usage of a full period costs: an amount, or what so many units beyond the allowance "
        "cost.")
    minimum_amount = fields.Monetary(tracking=True, aggregator=None)
    minimum_quantity = fields.Float(digits=QUANTITY, tracking=True, aggregator=None)
    base_fee = fields.Monetary(
        tracking=True, aggregator=None, help="Of a full period, beside the usage, whether anything is used or not.")
    prorated_bounds = fields.Boolean(
        string="Tiers Shrink with the Period", tracking=True,
        help="In a part of a period the bounds of the tiers are reckoned by its days, as the allowance is.")
    note = fields.Text(string="Notes")
    sure_amount = fields.Monetary(
        string="Sure per Period", compute="_compute_sure_amount", store=True, aggregator=None,
        help="What a full period costs in which nothing is used: minimum and base fee.")
    line_ids = fields.One2many("aftersales.contract.line", "tariff_id", string="Contract Lines")
    line_count = fields.Integer(string="Used by", compute="_compute_line_count")
    released_by_id = fields.Many2one("res.users", string="Released by", readonly=True, copy=False)
    released_on = fields.Date(readonly=True, copy=False)
    withdrawn_by_id = fields.Many2one("res.users", string="Withdrawn by", readonly=True, copy=False)
    withdrawn_on = fields.Date(readonly=True, copy=False)

    _not_negative = models.Constraint(
        "CHECK(allowance >= 0 AND minimum_amount >= 0 AND minimum_quantity >= 0 AND base_fee >= 0)",
        "Allowance, minimum and base fee of a usage tariff are zero or more.")
    _followed_once = models.UniqueIndex(
        "(previous_id, version) WHERE previous_id IS NOT NULL", "This version of the tariff exists already.")

    # --- results -----------------------------------------------------------------------------------------------------

    @api.depends("name", "version")
    def _compute_display_name(self):
        for tariff in self:
            tariff.display_name = f"{tariff.name or ''} v{tariff.version}"

    def _rounding(self):
        return Decimal(float_repr(self.currency_id.rounding, 6)).normalize()

    def _terms(self):
        """The engine's `Tariff`. Raises `EngineError` for bands that begin above 0 or are double."""
        self.ensure_one()
        money = lambda value: Decimal(float_repr(value, self.currency_id.decimal_places))  # noqa: E731
        minimum = (money(self.minimum_amount) if self.minimum_in == "amount"
                   else exact_number(self.minimum_quantity, QUANTITY[1]))
        tiers = tuple(
            Tier(exact_number(band.bound, QUANTITY[1]), exact_number(band.price, PRICE[1]))
            for band in self.band_ids.sorted("bound"))
        return Tariff(
            tiers, self.rule, exact_number(self.allowance, QUANTITY[1]), minimum, self.minimum_in,
            money(self.base_fee), self.prorated_bounds, self._rounding())

    @api.depends(
        "band_ids.bound", "band_ids.price", "rule", "allowance", "minimum_in", "minimum_amount", "minimum_quantity",
        "base_fee", "currency_id")
    def _compute_sure_amount(self):
        for tariff in self:
            tariff.sure_amount = float(tariff._rated_or_zero(0))

    def _rated_or_zero(self, quantity):
        try:
            return rate_usage(self._terms(), quantity).total if self.currency_id else Decimal(0)
        except EngineError:
            return Decimal(0)  # of a draft that is being typed

    def _compute_line_count(self):
        counts = dict(self.env["aftersales.contract.line"]._read_group(
            [("tariff_id", "in", self.ids), ("contract_id.amends_id", "=", False)], ["tariff_id"], ["__count"]))
        for tariff in self:
            tariff.line_count = counts.get(tariff, 0)

    # --- guards ------------------------------------------------------------------------------------------------------

    def _frozen(self):
        return self.filtered(lambda tariff: tariff.state != "draft")

    def _refuse_frozen(self):
        frozen = self._frozen()
        if frozen:
            raise UserError(self.env._(
                "Usage tariff %s is released and does not change, for contracts hold it. Make a new version instead.",
                frozen[:1].display_name))

    def _refuse_deletion(self):
        self._refuse_frozen()

    @api.constrains("band_ids", "minimum_in", "minimum_quantity", "minimum_amount", "allowance", "base_fee", "rule")
    def _check_terms(self):
        for tariff in self:
            if tariff.band_ids:
                try:
                    tariff._terms()
                except EngineError as error:
                    raise ValidationError(self.env._(
                        "Usage tariff %(name)s: %(reason)s.", name=tariff.display_name, reason=error)) from error

    # --- decisions ---------------------------------------------------------------------------------------------------

    def _check_keeper(self):
        if not (self.env.su or self.env.user.has_groups(KEEPERS)):
            raise AccessError(self.env._("Only finance or an administrator decides on usage tariffs."))
        self.check_access("write")

    def _decide(self, vals):
        """Write what its buttons decide, past both guards."""
        self._write_guarded(vals)

    def action_release(self):
        """Put tariffs to use. From now on they do not change."""
        self._check_keeper()
        for tariff in self:
            if tariff.state != "draft":
                raise UserError(self.env._("Usage tariff %s is not a draft.", tariff.display_name))
            try:
                tariff._terms()
            except EngineError as error:
                raise UserError(self.env._(
                    "Usage tariff %(name)s cannot be released: %(reason)s.", name=tariff.display_name,
                    reason=error)) from error
        self._decide({"state": "released", "released_by_id": self.env.uid, "released_on": fields.Date.today()})

    def action_withdraw(self):
        """Take tariffs out of use. Contracts that hold them keep them; no other contract may begin with them."""
        self._check_keeper()
        for tariff in self:
            if tariff.state != "released":
                raise UserError(self.env._("Usage tariff %s is not released.", tariff.display_name))
        self._decide({"state": "withdrawn", "withdrawn_by_id": self.env.uid, "withdrawn_on": fields.Date.today()})

    def action_new_version(self):
        """Open a draft that begins with these terms."""
        self.ensure_one()
        self._check_keeper()
        if self.state == "draft":
            raise UserError(self.env._("Usage tariff %s is a draft: change it.", self.display_name))
        family = self.sudo().search([("previous_id", "=", self.id)])  # a follower may belong to another company
        if family:
            raise UserError(self.env._(
                "Usage tariff %(name)s is followed by %(next)s already.", name=self.display_name,
                next=family[:1].display_name))
        draft = self.copy({"name": self.name})
        draft._decide({"version": self.version + 1, "previous_id": self.id})
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": draft.id,
                "views": [(False, "form")]}

    def copy_data(self, default=None):
        """A copy is another tariff unless it is the next version of this one."""
        copied = super().copy_data(default)
        if "name" not in (default or {}):
            for vals in copied:
                vals["name"] = self.env._("%s (copy)", vals["name"])
        return copied

    def action_view_lines(self):
        """The contract lines that hold this tariff."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_contract_line")
        return {**action, "domain": [("tariff_id", "=", self.id), ("contract_id.amends_id", "=", False)], "context": {}}


class UsageBand(models.Model):
    _name = "aftersales.usage.band"
    _description = "Tier of a Usage Tariff"
    _order = "tariff_id, bound"
    _rec_name = "bound"

    tariff_id = fields.Many2one("aftersales.usage.tariff", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="tariff_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="tariff_id.currency_id")
    bound = fields.Float(
        string="From", digits=QUANTITY, aggregator=None,
        help="It counts for what is used beyond so many units, up to the next tier. The first one begins at 0.")
    price = fields.Float(
        string="Price of a Unit", digits=PRICE, aggregator=None,
        help="May have more decimals than the currency: the total of a period is rounded once.")

    _bound_once = models.UniqueIndex("(tariff_id, bound)", "Two tiers of a usage tariff cannot begin at the same unit.")
    _not_negative = models.Constraint(
        "CHECK(bound >= 0 AND price >= 0)", "Bounds and prices of a usage tariff are zero or more.")

    @api.model_create_multi
    def create(self, vals_list):
        tariffs = self.env["aftersales.usage.tariff"].browse(
            {vals["tariff_id"] for vals in vals_list if vals.get("tariff_id")})
        tariffs._refuse_frozen()
        return super().create(vals_list)

    def write(self, vals):
        self.tariff_id._refuse_frozen()
        if vals.get("tariff_id"):
            self.env["aftersales.usage.tariff"].browse(vals["tariff_id"])._refuse_frozen()
        return super().write(vals)

    def unlink(self):
        if not is_uninstalling(self.env):
            self.tariff_id._refuse_frozen()
        return super().unlink()
