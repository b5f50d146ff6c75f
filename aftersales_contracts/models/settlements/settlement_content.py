"""What a settlement books: its lines by group, and those of earlier settlements that left their balance to it.

A settlement that pays nothing makes no document. What it left is booked with the one that takes it, by its own
accounts and taxes, and so are its penalties. Held lines are booked nowhere until their dispute is settled.
"""

from decimal import Decimal
from typing import Any, NamedTuple

from odoo import models
from odoo.tools import SQL

from .settlement_answer import OUT

SHARE, FEE, WITHHELD, PENALTY, REIMBURSED, CARRIED = PARTS = (
    "share", "fee", "withholding", "penalty", "reimbursement", "carried")
BALANCES = ("carried_in", "carried_forward")  # of other settlements: their own lines are booked


class Row(NamedTuple):
    """A line of a document. ``part``: one of PARTS, which says the account; ``group``: as the dealer thinks;
    ``amount``: a Decimal, above zero what the dealer receives; ``takes_back``: what of it takes back earlier shares;
    ``penalty``: the one that it posts, or empty."""

    settlement: Any
    part: str
    group: str
    amount: Decimal
    takes_back: Decimal
    penalty: Any


class Settlement(models.Model):
    _inherit = "aftersales.settlement"

    def _content(self):
        """The `Row`s of these settlements, by period, part and group; nothing that is zero."""
        rows = [*self._summed_rows(), *self._single_rows()]
        order = {settlement.id: number for number, settlement in enumerate(
            self.sorted(lambda one: (one.period_start, one.id)))}
        groups = [key for key, _label in self.env["aftersales.settlement.line"]._fields["group"].selection]
        return sorted((row for row in rows if row.amount), key=lambda row: (
            order[row.settlement.id], PARTS.index(row.part), groups.index(row.group) if row.group else -1,
            row.penalty.id or 0))

    def _summed_rows(self):
        """What is booked in one sum for each group; a share that the dealer pays is a fee."""
        self.env["aftersales.settlement.line"].flush_model()
        rows = self.env.execute_query(SQL(
            """SELECT settlement_id, "group",
                      CASE WHEN kind = 'withholding' THEN %(withheld)s
                           WHEN kind = 'reimbursement' THEN %(reimbursed)s
                           WHEN kind = 'brand_fee' OR (kind = 'share' AND base * amount < 0) THEN %(fee)s
                           ELSE %(share)s END AS part,
                      sum(amount), sum(amount) FILTER (
                          WHERE amount < 0 AND (kind = 'reimbursement' OR kind = 'share' AND base < 0))
                 FROM aftersales_settlement_line
                WHERE settlement_id IN %(ids)s AND state NOT IN %(out)s AND kind NOT IN %(apart)s
                GROUP BY 1, 2, 3""",
            withheld=WITHHELD, fee=FEE, share=SHARE, reimbursed=REIMBURSED, ids=tuple(self.ids) or (0,), out=OUT,
            apart=(*BALANCES, "penalty", "released")))
        by_id = {settlement.id: settlement for settlement in self}
        none = self.env["aftersales.penalty"]
        return [Row(by_id[number], part, group, by_id[number]._money(amount), by_id[number]._money(back), none)
                for number, group, part, amount, back in rows]

    def _single_rows(self):
        """Penalties, each posted as a whole; and what disputes released, booked as what it began as."""
        lines = self.env["aftersales.settlement.line"].sudo().search([  # what is booked, whoever may see it
            ("settlement_id", "in", self.ids), ("kind", "in", ("penalty", "released")), ("state", "not in", OUT)])
        by_id, found = {settlement.id: settlement for settlement in self}, []
        for line in lines:
            settlement, root = by_id[line.settlement_id.id], line._root()
            amount = settlement._money(line.amount)
            part = {"penalty": PENALTY, "brand_fee": FEE, "withholding": WITHHELD, "reimbursement": REIMBURSED}.get(
                root.kind, SHARE)
            if root.kind == "share" and root.base * root.amount < 0:
                part = FEE
            back = min(amount, Decimal(0)) if part == SHARE else Decimal(0)
            found.append(Row(settlement, part, root.group, amount, back, root.penalty_id))
        return found

    def _unbooked(self):
        """Earlier settlements of this one's course that were closed without a document, and are on no other's."""
        self.ensure_one()
        return self._earlier().filtered(
            lambda one: one.state == "closed" and not one.booked_with_id and not one._documents())

    def _booked_rows(self):
        """The `Row`s of the documents of this settlement: they sum to what is paid exactly."""
        self.ensure_one()
        rows = (self._unbooked() | self)._content()
        rest = self._money(self.payable) - sum((row.amount for row in rows), Decimal(0))
        if rest:  # a balance that was taken of a settlement which had a document of its own
            rows.append(Row(self, CARRIED, "", rest, min(rest, Decimal(0)), self.env["aftersales.penalty"]))
        return rows

    # --- what a line says ----------------------------------------------------------------------------------------

    def _row_name(self, row):
        """What the line of a document says, in the language of the context."""
        _, Line = self.env._, self.env["aftersales.settlement.line"]
        groups = dict(Line._fields["group"]._description_selection(self.env))
        texts = {FEE: _("Brand fee"), WITHHELD: _("Withholding"), REIMBURSED: _("Reimbursement of warranty claims"),
                 CARRIED: _("Balance of earlier periods")}
        if row.part == SHARE:
            text = _("Bonuses, guarantees and caps") if row.group == "adjustments" else _(
                "Revenue share: %s", groups.get(row.group, groups["other"]))
        elif row.part == FEE and row.group not in ("adjustments", "", False):
            text = _("Share of the maker: %s", groups[row.group])
        else:
            text = texts[row.part]
        settlement = row.settlement.with_context(lang=self.env.lang)
        return f"{text}\n{settlement.name} · {settlement.period_text}"


def split_rows(rows, parts):
    """[[amount of each row] for each payee]: rows and payees both sum up exactly.

    ``rows``: [`Row`]; ``parts``: what each payee receives, Decimals that sum to the rows. Penalties, which are posted
    as a whole, stand with the first payee; of the other rows each further payee gets its part, and the first the rest.
    """
    shared = [Decimal(0) if row.penalty else row.amount for row in rows]
    whole = sum(shared)
    found = []
    for part in parts[1:]:
        if not whole:
            found.append([Decimal(0)] * len(rows))
            continue
        places = Decimal(1).scaleb(part.as_tuple().exponent)
        amounts = [(amount * part / whole).quantize(places) for amount in shared]
        largest = max(range(len(rows)), key=lambda number: abs(shared[number]))
        amounts[largest] += part - sum(amounts)  # what rounding left
        found.append(amounts)
    first = [row.amount - sum(amounts[number] for amounts in found) for number, row in enumerate(rows)]
    return [first, *found]

