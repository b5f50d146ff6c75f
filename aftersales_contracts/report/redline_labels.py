"""Every fixed English text of redlines; as in ``labels.py`` the mark only lets the export of terms find them."""

from __future__ import annotations

# pylint: disable=prefer-env-translation


def _(source: str) -> str:
    """Mark a string as translatable and return it unchanged."""
    return source


REDLINE_LABELS: tuple[str, ...] = (
    _("Redline"),
    _("Before"),
    _("After"),
    _("Printed"),
    _("Tax ID"),
    _("Terms"),
    _("Term"),
    _("Texts"),
    _("none"),
    _("changed"),
    _("added"),
    _("removed"),
    _("unchanged"),
    _("Nothing differs."),
    _("No term differs."),
    _("How to read it:"),
    _("deleted words are struck through"),
    _("inserted words are bold and underlined"),
    _("Compared (SHA-256): %(digest)s"),
    _("Page %(page)s of %(pages)s"),
)
