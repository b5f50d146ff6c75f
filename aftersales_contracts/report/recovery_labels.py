"""Every fixed English text of letters to suppliers that ``labels.py`` does not hold; as there the mark only lets the
export of terms find them."""

from __future__ import annotations

# pylint: disable=prefer-env-translation


def _(source: str) -> str:
    """Mark a string as translatable and return it unchanged."""
    return source


RECOVERY_LABELS: tuple[str, ...] = (
    _("Number"),
    _("Issued"),
    _("Addressed to"),
    _("Answer until"),
    _("Handled by"),
    _("All amounts in %(currency)s, before taxes."),
    _("Parts that failed"),
    _("Recovery"),
    _("Part"),
    _("Machine"),
    _("Our cost"),
    _("Claimed"),
    _("Total"),
    _("Cause: %(cause)s"),
    _("What happens now"),
    _("Notes"),
    _("Page %(page)s of %(pages)s"),
    _("Hash of the inputs (SHA-256)"),
    _("Verification number"),
    _("Preview"),
)
