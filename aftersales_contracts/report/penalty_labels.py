"""Every fixed English text of credit statements and penalty notices that ``labels.py`` does not hold; as there the
mark only lets the export of terms find them."""

from __future__ import annotations

# pylint: disable=prefer-env-translation


def _(source: str) -> str:
    """Mark a string as translatable and return it unchanged."""
    return source


PENALTY_LABELS: tuple[str, ...] = (
    _("Number"),
    _("Posted as"),
    _("Addressed to"),
    # the result
    _("We credit you %(amount)s for %(period)s."),
    _("We claim a penalty of %(amount)s from you for %(period)s."),
    _("For more than was promised we charge a bonus of %(amount)s for %(period)s."),
    _("For more than was promised you earn a bonus of %(amount)s for %(period)s."),
    _("We charge back %(amount)s of earlier credits with %(period)s."),
    _("We return %(amount)s of earlier penalties to you with %(period)s."),
    _("Nothing is due for %(period)s."),
    _("Failures counted: %(counted)s."),
    _("Without caps it would be %(amount)s."),
    _("Of it waived: %(amount)s."),
    # the clauses
    _("Summary"),
    _("Clause"),
    _("Clause: %(name)s"),
    _("Reckoned"),
    _("Waived"),
    _("Amount"),
    _("Total"),
    _("What was agreed"),
    _("Percentages are of the fee of the period: %(fee)s."),
    _("Value of the contract: %(value)s."),
    _("What was measured"),
    _("Measure"),
    _("Promised"),
    _("Measured"),
    _("Counted"),
    _("not measured"),
    _("How the amount is reckoned"),
    _("Step"),
    _("Result"),
    _("What it comes to"),
    _("Part"),
    _("Reckoned amount"),
    _("cut"),
    _("Amount due"),
    _("Failures counted"),
    _("Excused failures, not counted"),
    _("No failure counts in this period."),
    _("Failure"),
    _("Done"),
    _("%(count)s failures alike"),
    # the rest
    _("Settlement"),
    _("Payment and objection"),
    _("All amounts in %(currency)s, before taxes."),
    _("Inputs of %(number)s (SHA-256): %(digest)s"),
)
