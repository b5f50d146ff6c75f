"""The price of a line by day: each agreed price is a fact with the day from which it counts, and what it came of.

The first one is written when the contract takes effect; revisions, renewals and amendments append theirs. A line is
revised once for a day, whoever tries twice: that is a law of the database.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .index_series import DIGITS, exact_value

KINDS = [
    ("agreed", "Agreed"),
    ("amendment", "Amendment"),
    ("percent", "Percentage"),
    ("fixed", "New Price"),
    ("index", "Index"),
]
REVISIONS = ("percent", "fixed", "index")


class LinePrice(models.Model):
    _name = "aftersales.line.price"
    _description = "Price of a Contract Line"
    _inherit = ["aftersales.frozen"]
    _order = "line_id, effective_on, id"
    _rec_name = "effective_on"

    line_id = fields.Many2one("aftersales.contract.line", required=True, index=True, ondelete="cascade")
    contract_id = fields.Many2one(related="line_id.contract_id", store=True, index=True)
    company_id = fields.Many2one(related="line_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="line_id.currency_id", depends=["line_id.currency_id"], store=True,
                                  precompute=True)
    effective_on = fields.Date(string="From", required=True)
    price = fields.Monetary(required=True, aggregator=None)
    old_price = fields.Monetary(string="Price Before", aggregator=None)
    kind = fields.Selection(KINDS, required=True)
    bound = fields.Selection(
        [("cap", "Cap"), ("floor", "Floor"), ("cap_over_term", "Cap over the Term")], string="Held by")
    reason = fields.Char()
    steps = fields.Json(help="How the price came about.")
    index_series_id = fields.Many2one("aftersales.index.series", ondelete="restrict", index="btree_not_null")
    index_period = fields.Char()
    use_ids = fields.One2many("aftersales.index.use", "price_id", string="Index Values Used")
    revision_id = fields.Many2one("aftersales.price.revision", ondelete="restrict", index="btree_not_null")
    renewal_id = fields.Many2one("aftersales.renewal", ondelete="cascade", index="btree_not_null")
    user_id = fields.Many2one("res.users", string="Entered by", default=lambda self: self.env.user)

    _once_a_day = models.UniqueIndex(
        "(line_id, effective_on) WHERE kind IN ('percent', 'fixed', 'index')",
        "This contract line was revised for that day already.")

    def _frozen(self):
        return self

    def _refuse_frozen(self):
        if self:
            raise UserError(self.env._(
                "A price that was agreed does not change: another one follows it, by a revision or an amendment."))


class IndexUse(models.Model):
    """An index value as it was when a price was reckoned with it, beside what the publisher says now."""

    _name = "aftersales.index.use"
    _description = "Index Value Used"
    _inherit = ["aftersales.frozen"]
    _order = "price_id desc, period"
    _rec_name = "period"

    price_id = fields.Many2one("aftersales.line.price", required=True, index=True, ondelete="cascade")
    line_id = fields.Many2one(related="price_id.line_id", store=True, index=True)
    contract_id = fields.Many2one(related="price_id.contract_id", store=True, index=True)
    company_id = fields.Many2one(related="price_id.company_id", store=True, index=True)
    effective_on = fields.Date(related="price_id.effective_on", string="Price from", store=True)
    series_id = fields.Many2one("aftersales.index.series", required=True, index=True, ondelete="restrict")
    period = fields.Char(required=True)
    used = fields.Float(string="Value Used", required=True, digits=DIGITS, aggregator=None)
    value_id = fields.Many2one("aftersales.index.value", ondelete="set null", index="btree_not_null")
    now = fields.Float(related="value_id.value", string="Value Now", digits=DIGITS, aggregator=None)
    differs = fields.Boolean(
        string="Revised by the Publisher", compute="_compute_differs", store=True, index=True,
        help="The publisher changed the value after a price was reckoned with it. The price stays as it was agreed.")
    note = fields.Char(compute="_compute_note")

    def _frozen(self):
        return self

    def _refuse_frozen(self):
        if self:
            raise UserError(self.env._("The index value that a price was reckoned with is part of its proof."))

    @api.depends("used", "value_id.value")
    def _compute_differs(self):
        for use in self:
            use.differs = not use.value_id or exact_value(use.value_id.value) != exact_value(use.used)

    @api.depends("used", "now", "value_id")
    def _compute_note(self):
        for use in self:
            used, now = exact_value(use.used), exact_value(use.now)
            use.note = (
                self.env._("used %(used)s, now gone", used=used) if not use.value_id
                else self.env._("used %(used)s, now %(now)s", used=used, now=now) if use.differs
                else self.env._("used %(used)s", used=used))

    @api.model
    def _link_values(self, values):
        """A value was deleted and entered again: what was reckoned with it is compared with the new one."""
        orphans = self.sudo().search([  # who enters values has no right to write what was used
            ("value_id", "=", False), ("series_id", "in", values.series_id.ids),
            ("period", "in", values.mapped("period"))])
        known = {(value.series_id, value.period): value for value in values}
        for use in orphans:
            value = known.get((use.series_id, use.period))
            if value:
                use._write_unguarded({"value_id": value.id})


class ContractLine(models.Model):
    _inherit = "aftersales.contract.line"

    price_ids = fields.One2many("aftersales.line.price", "line_id", string="Prices by Day", readonly=True, copy=False)
    revised_on = fields.Date(
        string="Last Revised for", compute="_compute_revised_on", store=True,
        help="The latest day for which its price was revised.")

    @api.depends("price_ids.effective_on", "price_ids.kind")
    def _compute_revised_on(self):
        for line in self:
            line.revised_on = max(line._revised_days(), default=False)

    def _price_rows(self):
        """What was agreed, in the order in which it counts: the later entry of a day replaces the earlier."""
        rows = {}
        for row in sorted(self.price_ids, key=lambda row: (row.effective_on, row.id)):
            rows[row.effective_on] = row
        return list(rows.values())

    def _revised_days(self):
        return frozenset(row.effective_on for row in self.price_ids if row.kind in REVISIONS)

    def _log_prices(self, effective, reason, kind="amendment"):
        """Note down prices that the log does not know yet, ``effective`` from that day; of new lines: their first."""
        vals_list = []
        for line in self:
            rows = line._price_rows()
            if not rows:
                vals_list.append({"line_id": line.id, "effective_on": line.first_day or effective, "price": line.price,
                                  "kind": "agreed", "reason": reason})
            elif line._money(rows[-1].price) != line._price():
                vals_list.append({"line_id": line.id, "effective_on": effective, "price": line.price,
                                  "old_price": rows[-1].price, "kind": kind, "reason": reason})
        if vals_list:
            self.env["aftersales.line.price"].sudo().create(vals_list)  # facts are the system's to append

    def _take_prices(self, changes, origin):
        """Append the `PriceChange`s of these lines, and show on paper the price that counts last.

        ``origin``: {line: values of the log, such as reason, revision or renewal}.
        """
        # Facts are the system's to append. Uses are created apart: nested, each would be a call of its own.
        rows = self.env["aftersales.line.price"].sudo().create([{
            "line_id": change.line.id, "effective_on": change.effective, "price": float(change.price),
            "old_price": float(change.old_price), "kind": change.kind, "bound": change.bound or False,
            "steps": change.steps, "index_series_id": change.series.id if change.series else False,
            "index_period": change.period, **origin[change.line]} for change in changes])
        self.env["aftersales.index.use"].sudo().create([
            {**vals, "price_id": row.id} for row, change in zip(rows, changes, strict=True) for vals in change.uses])
        for change in changes:
            last = change.line._price_rows()[-1]
            if change.line._money(last.price) != change.line._price():
                # Past the lock of the paper: this is the revision itself, which the log proves.
                change.line.sudo()._write_unlocked({"price": last.price})


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _moved(self, action):
        super()._moved(action)
        if action == "activate":
            self.line_ids._log_prices(False, self.env._("As signed"))

    def _record_change(self, effective, reason):
        """Prices that an amendment changed count from its day on."""
        result = super()._record_change(effective, reason)
        self.line_ids._log_prices(effective, reason)
        return result
