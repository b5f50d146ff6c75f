"""Every fixed English text of settlement statements that ``labels.py`` does not hold; as there the mark only lets the
export of terms find them."""

from __future__ import annotations

# pylint: disable=prefer-env-translation


def _(source: str) -> str:
    """Mark a string as translatable and return it unchanged."""
    return source


SETTLEMENT_LABELS: tuple[str, ...] = (
    _("Number"),
    _("Addressed to"),
    _("Share rule"),
    _("Answer until"),
    # the result
    _("You receive %(amount)s for %(period)s."),
    _("You owe us %(amount)s for %(period)s."),
    _("Nothing is paid for %(period)s."),
    _("Lines settled: %(count)s."),
    _("Held until their dispute is settled: %(amount)s."),
    _("Carried forward to the next period: %(amount)s."),
    _("Please accept or dispute its lines until %(day)s."),
    _("All amounts in %(currency)s, before taxes unless it says otherwise. With a minus sign: what you pay."),
    # sums
    _("Summary"),
    _("Part"),
    _("Lines"),
    _("Base"),
    _("Amount"),
    _("Opening balance"),
    _("Total"),
    _("Payment"),
    _("Payee"),
    _("Payees"),
    _("Percent"),
    # lines
    _("Invoice"),
    _("What"),
    _("Rate"),
    _("Share"),
    _("Subtotal of %(name)s"),
    _("The lines themselves are in the spreadsheet that belongs to this statement."),
    # how it came about
    _("Brackets: %(name)s"),
    _("Bracket"),
    _("Volume"),
    _("Penalties set off"),
    _("Penalty"),
    _("Cause"),
    _("How the amount is reckoned"),
    _("Step"),
    _("Result"),
    _("What was agreed"),
    _("What to look at"),
    _("Payment and objection"),
)
