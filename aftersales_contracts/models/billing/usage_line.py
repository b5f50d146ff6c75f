"""Contract lines that are charged by usage: a released tariff in place of a price, always in arrears.

The price of such a line is what a full period costs in which nothing is used (minimum and base fee). So its schedule,
the value of the contract, a termination and recurring revenue reckon with what is sure, and with nothing else.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...engine.usage import sure_amount
from ..prices.contract_line import TERMS
from ..prices.line_indexation import CLAUSE

CHARGES = [("fee", "Fee"), ("usage", "Usage")]


class ContractLine(models.Model):
    _inherit = "aftersales.contract.line"
    _paper_fields = TERMS + CLAUSE + ("tariff_id",)
    _paper_added = frozenset({"tariff_id"})

    tariff_id = fields.Many2one(
        "aftersales.usage.tariff", string="Usage Tariff", check_company=True, ondelete="restrict",
        index="btree_not_null", domain="[('state', '=', 'released'), ('currency_id', '=', currency_id)]",
        help="What is used costs by this tariff, billed after each period. Empty: the line costs its price.")
    charge = fields.Selection(
        CHARGES, compute="_compute_charge", store=True, precompute=True, index=True,
        help="Fee: the price, whatever is used. Usage: by the readings, after each period.")
    tariff_words = fields.Text(related="tariff_id.words", string="Tariff in Words")
    usage_ids = fields.One2many("aftersales.usage", "line_id", string="Readings", readonly=True, copy=False)

    _charge_has_tariff = models.Constraint(
        "CHECK((charge = 'usage') = (tariff_id IS NOT NULL))",
        "A contract line is charged by usage if, and only if, it has a usage tariff.")
    _usage_in_arrears = models.Constraint(
        "CHECK(tariff_id IS NULL OR timing = 'postpaid')", "Usage is billed in arrears: it is not known before.")
    _usage_of_one = models.Constraint(
        "CHECK(tariff_id IS NULL OR quantity = 1)",
        "A line with a usage tariff has the quantity 1: how much is used, its readings say.")
    _usage_not_indexed = models.Constraint(
        "CHECK(tariff_id IS NULL OR price_rule = 'fixed')",
        "The prices of a usage tariff change by a new version of it and an amendment, not by an index.")

    @api.depends("tariff_id")
    def _compute_charge(self):
        for line in self:
            line.charge = "usage" if line.tariff_id else "fee"

    @api.depends("tariff_id.sure_amount")
    def _compute_price(self):
        metered = self.filtered("tariff_id")
        for line in metered:
            line.price = line.tariff_id.sure_amount
        super(ContractLine, self - metered)._compute_price()

    @api.onchange("tariff_id")
    def _onchange_tariff_id(self):
        if self.tariff_id:
            self.update({"timing": "postpaid", "quantity": 1, "price_rule": "fixed"})

    @api.constrains("tariff_id", "price", "contract_id")
    def _check_tariff(self):
        for line in self.filtered("tariff_id"):
            tariff = line.tariff_id
            if tariff.currency_id != line.currency_id:
                raise ValidationError(self.env._(
                    "%(line)s: usage tariff %(tariff)s is in %(its)s, the contract in %(currency)s.",
                    line=line.display_name, tariff=tariff.display_name, its=tariff.currency_id.name,
                    currency=line.currency_id.name))
            if line._price() != line._money(tariff.sure_amount):
                raise ValidationError(self.env._(
                    "%(line)s: its price is what tariff %(tariff)s charges without any usage, %(amount)s. Nobody "
                    "enters another one.", line=line.display_name, tariff=tariff.display_name,
                    amount=line._amount_text(tariff.sure_amount)))

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._usage_values(vals) for vals in vals_list])

    @api.model_create_multi
    def _create_unlocked(self, vals_list):
        return super()._create_unlocked([self._usage_values(vals) for vals in vals_list])

    @api.model
    def _usage_values(self, vals):
        """What goes without saying for a line with a tariff."""
        return {"timing": "postpaid", **vals} if vals.get("tariff_id") else vals

    # --- the tariff by day -------------------------------------------------------------------------------------------

    def _tariff_slices(self):
        """[(first day, first day after, tariff)] of a usage line, by the versions of its contract; the first one open
        to the past, the last one to the future. A slice without a tariff is a time in which the line had a price."""
        self.ensure_one()
        key, changes = f"line:{self.row_key}:tariff_id", {}
        standing = self.sudo().contract_id.version_ids.filtered(lambda version: not version.cancelled_at)
        for version in standing.sorted(lambda one: (one.effective_on, one.recorded_at, one.number)):
            if key in version.changes:
                changes[version.effective_on] = version.changes[key]
        if len(changes) < 2:
            return [(date.min, date.max, self.tariff_id)]
        days = sorted(changes)
        Tariff = self.env["aftersales.usage.tariff"]
        return [(begins, ends, Tariff.browse(changes[day] or ()))
                for day, begins, ends in zip(days, [date.min, *days[1:]], [*days[1:], date.max], strict=True)]

    def _tariff_on(self, day):
        """The tariff that rates usage of ``day``."""
        return next(tariff for begins, ends, tariff in self._tariff_slices() if begins <= day < ends)

    def _price_slices(self):
        """A period in which the tariff changes is shown, and rated, in two parts."""
        if not self.tariff_id:
            return super()._price_slices()
        priced = super()._price_slices()
        if len(self._tariff_slices()) == 1:
            return [(date.min, date.max, self._price())]
        return [
            (begins, ends, sure_amount(tariff._terms()) if tariff else self._sliced_price(priced, begins))
            for begins, ends, tariff in self._tariff_slices()]

    @api.model
    def _sliced_price(self, slices, day):
        return next(price for begins, ends, price in slices if begins <= day < ends)

    def _full_price(self, row):
        """Usage that was billed is corrected by its difference, as late usage is: not by its price a second time."""
        return Decimal(0) if row and row.get("tariff_id") else super()._full_price(row)

    def _priced(self, end):
        """No price revision touches a usage line: its tariff stands."""
        priced = super()._priced(end)
        return replace(priced, never_revise=True) if self.tariff_id else priced

    # --- names, words ------------------------------------------------------------------------------------------------

    @api.model
    def _search_display_name(self, operator, value):
        """Lines are found by "contract number · description" too, as they are called: imports name them so."""
        domain = super()._search_display_name(operator, value)
        if operator not in ("=", "in", "ilike", "=ilike"):
            return domain
        texts = [text for text in ([value] if isinstance(value, str) else value or ())
                 if isinstance(text, str) and " · " in text]
        for text in texts:
            number, _dot, name = text.partition(" · ")
            domain |= Domain("contract_id.name", "=", number.strip()) & Domain("name", "=ilike", f"{name.strip()}%")
        return domain

    def _terms_sentences(self):
        """A usage line costs by its tariff; what is said of parts of a period holds for it too."""
        if not self.tariff_id:
            yield from super()._terms_sentences()
            return
        yield self.env._("Charged by usage %(every)s, billed in arrears.", every=self._every())
        yield from self.tariff_id._in_words()
        yield from list(super()._terms_sentences())[1:]


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _activation_gaps(self):
        gaps = super()._activation_gaps()
        states = dict(self.env["aftersales.usage.tariff"]._fields["state"]._description_selection(self.env))
        for line in self.line_ids.filtered(lambda line: line.tariff_id and not line.cancelled):
            if line.tariff_id.state != "released":
                gaps.append(self.env._(
                    "a released usage tariff for line %(line)s (%(tariff)s is %(state)s)",
                    line=line.name.split("\n")[0], tariff=line.tariff_id.display_name,
                    state=states[line.tariff_id.state].lower()))
        return gaps
