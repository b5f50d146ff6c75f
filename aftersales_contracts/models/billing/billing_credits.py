"""What is billed beside the periods of lines: days taken back or added, late usage, corrections, terminations."""

from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.tools import float_repr, format_date

from ...engine.period import Period

DAY = timedelta(days=1)


class Item(NamedTuple):
    """What goes on an invoice and is noted as one fact. ``rows``: its invoice lines, {name, quantity, price_unit,
    amount}; ``amount``: their sum, a Decimal, negative for a credit; ``period``: engine `Period`; ``source``: the
    correction, termination or penalty that it settles."""

    contract: Any
    line: Any
    kind: str
    name: str
    period: Period
    rows: list
    amount: Decimal
    share: str = ""
    price: Decimal = Decimal(0)
    quantity: Decimal = Decimal(0)
    source: Any = None

    def booking(self):
        """How it is booked: as its line, or as its line was."""
        known = self.source.booking if self.kind == "correction" and not self.line else None
        return known or self.line._booking()

    def fact_values(self, payer, day):
        """The values of its fact: billed to ``payer`` on ``day``."""
        links = {f"{self.source._name.rpartition('.')[2]}_id": self.source.id} if self.source else {}
        return {
            "contract_id": self.contract.id, "partner_id": payer.id, "line_id": self.line.id, "kind": self.kind,
            "row_key": self.line.row_key, "name": self.name, "period_start": self.period.start,
            "period_end": self.period.end - DAY, "share": self.share, "price": float(self.price),
            "quantity": float(self.quantity), "amount": float(self.amount), "billed_on": day,
            "currency_id": self.contract.currency_id.id, **links}


def one_row(name, amount):
    return [{"name": name, "quantity": 1, "price_unit": amount, "amount": amount}]


class ContractLine(models.Model):
    _inherit = "aftersales.contract.line"

    def _part_item(self, part):
        """The `Item` of an engine `Part`."""
        kind, share = self._billing_kind(), "" if part.share == 1 else str(part.share)
        rows = self._billable(part)
        if kind == "fee":
            words = self._item_words(self.name, part.period, share, part.price)
            rows = [{**row, "name": words} for row in rows]
        return Item(
            self.contract_id, self, kind, self._first_words(), part.period, rows,
            sum((row["amount"] for row in rows), Decimal(0)), share, part.price, self._billed_quantity(part))

    def _billed_quantity(self, part):
        """What the fact of an engine `Part` counts: the quantity of the line, or the units used."""
        if self._billing_kind() == "fee":
            return self._exact_quantity()
        span = (self.id, part.period.start, part.period.end)
        return self.env["aftersales.usage"].sudo()._sums([span])[span][0]  # what is billed, whoever looks

    def _difference_items(self, day, paused):
        """The `Item`s of days that were billed and should not have been, or the other way round."""
        items = []
        for due, period, count in self._day_differences(paused):
            if due > day:
                continue
            amount = self._days_amount(period) * count
            words = self.env._("added") if count > 0 else self.env._("taken back")
            name = self.env._("%(line)s, %(words)s", line=self._first_words(), words=words)
            rows = one_row(self._item_words(name, period), amount)
            items.append(Item(self.contract_id, self, "days", name, period, rows, amount, quantity=Decimal(count)))
        return items

    def _booking(self):
        """How its amounts are booked: plain values, which outlive the line."""
        return {"product_id": self.product_id.id, "tax_ids": self.tax_ids.ids,
                "analytic_distribution": self.analytic_distribution or False}

    def _days_left(self):
        """Values of corrections for the days that are unbilled while the line is taken off the paper."""
        row = f"line:{self.row_key}"
        version = self.contract_id.sudo().version_ids.filtered(
            lambda one: not one.cancelled_at and one.changes.get(row, True) is None).sorted("number")[-1:]
        parts = [part for due in self._unbilled(self.contract_id._paused_days()) for part in due.parts if part.amount]
        return [{
            "contract_id": self.contract_id.id, "version_id": version.id, "line_id": self.id, "row_key": self.row_key,
            "name": self._first_words(), "period_start": part.period.start, "period_end": part.period.end - DAY,
            "booked_on": part.period.end, "amount": float(part.amount), "currency_id": self.currency_id.id,
            "steps": [[self.env._("Days before it was taken off"), str(part.share), str(part.amount)]],
        } for part in parts] if version and self._billing_kind() == "fee" else []

    def _has_facts_from(self, day):
        """Whether days from ``day`` on were billed here."""
        return any(fact.kind == "fee" and fact.period_end >= day for fact in self.billed_ids)

    def _first_words(self):
        return (self.name or "").split("\n")[0]

    def _item_words(self, what, period, share="", price=None):
        """``what``, and the days of a half-open `Period` in the reader's language."""
        start, end = format_date(self.env, period.start), format_date(self.env, period.end - DAY)
        if share:
            return self.env._(
                "%(what)s\n%(start)s to %(end)s, %(share)s of %(price)s", what=what, start=start, end=end, share=share,
                price=self._amount_text(price))
        return self.env._("%(what)s\n%(start)s to %(end)s", what=what, start=start, end=end)


class ContractCorrection(models.Model):
    _inherit = "aftersales.contract.correction"

    booking = fields.Json(readonly=True, help="Product, taxes and analytic distribution of the line, which may go.")

    @api.model_create_multi
    def create(self, vals_list):
        lines = self.env["aftersales.contract.line"]
        return super().create([{"booking": lines.browse(vals.get("line_id"))._booking(), **vals} for vals in vals_list])


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _remove_rows(self, work):
        """Days of a line that an amendment removes are billed still: those up to its day, as open corrections."""
        keys = {key.split(":")[1] for name, key, values in work if name == "line_ids" and values.get(None, 1) is None}
        if keys and self._is_billed():
            self.env["aftersales.contract.correction"].sudo().create([  # what is owed, whoever signed
                vals for line in self.line_ids if line.row_key in keys for vals in line._days_left()])
        return super()._remove_rows(work)

    def _exact(self, value):
        """A stored amount as a Decimal with the digits of the contract's currency."""
        return Decimal(float_repr(value, self.currency_id.decimal_places))

    def _late_item(self, row):
        period = Period(row["period_start"], row["period_end"] + DAY)
        return Item(self, row["line"], "late", row["name"], period, [row], row["amount"], quantity=row["used"])

    def _correction_items(self, day):
        """The `Item`s of open corrections that are booked from ``day`` or before."""
        items = []
        for one in self.correction_ids.filtered(lambda one: one.state == "open"):
            due = one.booked_on if self.next_bill_on and self.next_bill_on <= day else (
                one.line_id.next_bill_on or one.booked_on)
            if due > day:
                continue
            amount = self._exact(one.amount)
            period = Period(one.period_start, one.period_end + DAY)
            name = self.env._("%s, corrected", one.name)
            rows = one_row(self.line_ids._item_words(name, period), amount)
            items.append(Item(self, one.line_id, "correction", name, period, rows, amount, source=one))
        return items

    def _termination_items(self):
        """The `Item`s of terminations carried out: the fee, and the credit for unused days that were billed.

        Days used and not billed are billed as every period is. A credit in full is reckoned from the facts when the
        contract has ended (see ``_day_differences``); of days that were billed elsewhere it is that of the figures.
        """
        items = []
        for termination in self._terminations_to_bill():
            ends = termination.last_day + DAY
            for figure in termination.line_ids:
                line, named = figure.line_id, figure.name or self.env._("Contract")
                if figure.fee:
                    items.append(self._termination_item(
                        termination, line, self.env._("%s, termination fee", named), ends, self._exact(figure.fee)))
                agreed = termination.credit_rule == "override"
                if figure.credit and (agreed or not line._has_facts_from(ends)):
                    words = self.env._("%s, credit agreed at termination", named) if agreed else self.env._(
                        "%s, unused days", named)
                    items.append(self._termination_item(termination, line, words, ends, -self._exact(figure.credit)))
        return items

    def _termination_item(self, termination, line, name, ends, amount):
        return Item(self, line, "termination", name, Period(ends - DAY, ends), one_row(name, amount), amount,
                    source=termination)

    def _deduction_item(self, penalty):
        """The `Item` of a penalty that the next invoice deducts (or, on a vendor bill, claims)."""
        name = penalty._deduction_values()["name"]
        period = Period(penalty.period_start, penalty.period_end + DAY)
        amount = -self._exact(penalty.amount)
        return Item(self, self.env["aftersales.contract.line"], "deduction", name, period, one_row(name, amount),
                    amount, source=penalty)
