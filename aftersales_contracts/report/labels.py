"""Every fixed English text of the statements, in one place.

The caller translates each once and passes the mapping as ``StatementValues.labels``. ``_`` only marks
the strings, so that the export of terms finds them; nothing is translated here. Named placeholders
stay as they are in a translation.
"""

from __future__ import annotations

# pylint: disable=prefer-env-translation


def _(source: str) -> str:
    """Mark a string as translatable and return it unchanged."""
    return source


LABELS: tuple[str, ...] = (
    # who, what, when
    _("Statement"),
    _("Prepared for"),
    _("Your reference: %(reference)s"),
    _("Tax ID"),
    _("Issued"),
    _("Contract"),
    _("Contract term"),
    _("Times in"),
    _("Service mode"),
    _("Support tiers"),
    _("Account manager"),
    _("Preview"),
    _("Preview: not issued, figures may still change."),
    # the verdict
    _("Nothing fell due in this period, so no service level could be kept or missed."),
    _("Service levels kept: %(kept)s of %(measured)s targets reached their objective."),
    _("Service levels not fully kept: %(kept)s of %(measured)s targets reached their objective."),
    _("Service levels measured; no objective was agreed to compare them with."),
    _("Breaches: %(breached)s."),
    _("Excused, not counted: %(excused)s."),
    _("Not decided at the end of the period: %(running)s."),
    _("Targets with nothing due: %(unmeasured)s."),
    # service levels
    _("Service levels"),
    _("Target"),
    _("Time allowed"),
    _("Objective"),
    _("Due"),
    _("Met"),
    _("Breached"),
    _("Excused"),
    _("Running"),
    _("Attained"),
    _("reached"),
    _("Missed"),
    _("n/a"),
    _("Priority"),
    _("All targets"),
    _("No target applied in this period."),
    # trend and legend
    _("Trend"),
    _("objective reached"),
    _("objective missed"),
    _("no objective"),
    _("objective"),
    _("nothing was due"),
    _("How to read the figures"),
    _("Due: promises decided in this period, that is met, breached or excused."),
    _("Breached: not done within the time allowed. Time counts only while the agreed calendar is open."),
    _("Excused: late for a reason that is not ours, with evidence and approval. Shown apart, not counted."),
    _("Running: not decided yet when the period ended. It counts in a later one."),
    _("Attained = met / (met + breached)."),
    _("n/a: nothing was due, so there is no rate. It is neither 0 nor 100 percent."),
    # breaches
    _("Breaches"),
    _("No breach in this period."),
    _("Excused breaches"),
    _("Request"),
    _("Started"),
    _("Stopped"),
    _("Late by"),
    _("still open"),
    _("Counted time: %(intervals)s"),
    _("Reason: %(reason)s"),
    _("Evidence: %(evidence)s"),
    _("Approved by: %(approver)s"),
    # the rest
    _("Corrections to closed periods"),
    _("Notes"),
    _("Page %(page)s of %(pages)s"),
    _("Hash of the inputs (SHA-256)"),
)
