"""Every fixed English text of claim statements that ``labels.py`` and ``warranty_labels.py`` do not hold; as there the
mark only lets the export of terms find them."""

from __future__ import annotations

from .warranty_labels import COMMON_LABELS

# pylint: disable=prefer-env-translation


def _(source: str) -> str:
    """Mark a string as translatable and return it unchanged."""
    return source


STATEMENT_LABELS: tuple[str, ...] = COMMON_LABELS + (
    _("Summary"),
    _("Lines"),
    _("Amount"),
    _("Claimed"),
    _("Approved"),
    _("Reimbursed"),
    _("Total"),
    _("Part"),
    _("Claim"),
    _("Serial"),
    _("Send back until"),
    _("Held"),
    _("Parts to send back"),
    _("Period"),
    _("Contract"),
    _("Currency"),
)
