"""What is wrong with a penalty clause, found before it binds anybody.

>>> from decimal import Decimal
>>> from .penalty_terms import BANDS, OF_FEE, Cap, Clause, Component, Tier
>>> bands = (Tier(Decimal("99.9"), Decimal(10)), Tier(Decimal("99.0"), Decimal(25)))
>>> clause = Clause("PC-7 v2", (Component("uptime", "Uptime", BANDS, tiers=bands, cap=Cap(Decimal(5), OF_FEE)),))
>>> [(found.code, found.component, found.blocks) for found in lint(clause)]
[('cap_below_first_tier', 'uptime', True)]
"""

from .errors import EngineError
from .money import exact
from .penalty_finding import Finding
from .penalty_lint_amounts import amount_findings
from .penalty_lint_terms import clause_findings, component_findings, tier_findings
from .penalty_reading import read, read_component
from .penalty_terms import BANDS, BY_COUNT

__all__ = ["Finding", "lint"]


def lint(clause, fee=None, value=None, severities=None):
    """A tuple of `Finding`: what blocks the clause first, then warnings. Never raises for terms, however malformed.

    ``fee`` of a period and ``value`` of the contract where they are known: without them a rule that compares an
    amount with a percentage is told only where it holds for every fee. ``severities``: the names that events have;
    None: not known.
    """
    findings = _malformed(clause)
    if not findings:
        terms = read(clause)
        findings = [found for component in terms.components for found in component_findings(component, severities)]
        findings += clause_findings(terms, _exact(fee))
        findings += amount_findings(terms, _exact(fee), _exact(value))
    return tuple(sorted(findings, key=lambda found: not found.blocks))


def _exact(amount):
    return None if amount is None else exact(amount)


def _malformed(clause):
    """What `read` refuses, each component by itself, so that one mistake does not hide the next."""
    findings = []
    for component in clause.components:
        tiers = tier_findings(component) if component.kind in (BANDS, BY_COUNT) else []
        findings += tiers or _refused(read_component, component, component.key)
    return findings or _refused(read, clause, "")


def _refused(reader, terms, key):
    try:
        reader(terms)
    except EngineError as error:
        return [Finding("malformed", key, str(error), True)]
    return []
