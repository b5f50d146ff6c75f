"""Every fixed English text of warranty certificates and claim letters that ``labels.py`` does not hold; as there the
mark only lets the export of terms find them."""

from __future__ import annotations

# pylint: disable=prefer-env-translation


def _(source: str) -> str:
    """Mark a string as translatable and return it unchanged."""
    return source


COMMON_LABELS: tuple[str, ...] = (
    _("Number"),
    _("Issued"),
    _("Addressed to"),
    _("Serial number"),
    _("Product"),
    _("Notes"),
    _("Page %(page)s of %(pages)s"),
    _("Hash of the inputs (SHA-256)"),
    _("Verification number"),
    _("Preview"),
    _("Preview: not issued, figures may still change."),
)

CERTIFICATE_LABELS: tuple[str, ...] = COMMON_LABELS + (
    _("Owner"),
    _("Place"),
    _("Delivered"),
    _("Installed"),
    _("Activated"),
    _("Invoiced"),
    _("First used"),
    _("Sold by"),
    _("Part of"),
    # the covers
    _("What is paid"),
    _("Item"),
    _("We pay"),
    _("Term"),
    _("Until, the day included"),
    _("Limits"),
    _("What else holds"),
    _("Not covered"),
    _("Nothing is excluded by name."),
    _("Parts of this machine"),
    _("How to verify this certificate"),
    _("Tell us the number and the verification number %(verification)s: we say whether it was issued by us with these "
      "words, and what holds today."),
)

LETTER_LABELS: tuple[str, ...] = COMMON_LABELS + (
    _("Claim"),
    _("Machine"),
    _("Failure day"),
    _("Reported"),
    _("Cause"),
    _("Service request"),
    _("Handled by"),
    # the decision
    _("Decision on each item"),
    _("Item"),
    _("Decision"),
    _("Amount"),
    _("Claimed"),
    _("Approved"),
    _("You pay"),
    _("Total"),
    _("Reason: %(reason)s"),
    _("Who pays: %(payers)s"),
    _("All amounts in %(currency)s, before taxes."),
    # what follows
    _("Parts to send back"),
    _("Part"),
    _("Serial"),
    _("Send back until"),
    _("What happens now"),
    _("If you do not agree"),
)
