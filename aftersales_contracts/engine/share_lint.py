"""What is wrong with a share rule, found before it binds anybody.

>>> from decimal import Decimal
>>> from .share_terms import Bracket, Component, Rate, Rule
>>> brackets = (Bracket(Decimal(100), Decimal(5)), Bracket(Decimal(500), Decimal(8)))
>>> rule = Rule("SR-1 v1", (Component("parts", "Parts", rates=(Rate(brackets=brackets),)),))
>>> for found in lint(rule):
...     print(found.code, found.component, found.blocks, found.sentence)
hole parts True Parts: the first bracket begins at 100, so less than that has no rate
"""

from .errors import EngineError
from .penalty_finding import Finding
from .share_lint_rates import bracket_findings, payout_findings, rate_findings
from .share_lint_rule import contradictions, rule_findings, split_findings
from .share_reading import read, read_component

__all__ = ["Finding", "lint"]


def lint(rule):
    """A tuple of `Finding`: what blocks the rule first, then warnings. Never raises for terms, however malformed."""
    findings = _malformed(rule)
    if not findings:
        terms = read(rule)
        findings = [found for component in terms.components for found in rate_findings(component)]
        findings += contradictions(terms)
        findings += rule_findings(terms)
    return tuple(sorted(findings, key=lambda found: not found.blocks))


def _malformed(rule):
    """What `read` refuses, each part by itself, so that one mistake does not hide the next."""
    findings = []
    for component in rule.components:
        found = bracket_findings(component) + payout_findings(component.payout, component.key, component.name)
        findings += found or _refused(read_component, component, component.key)
    for bonus in rule.bonuses:
        findings += payout_findings(bonus.payout, "", bonus.name)
    findings += split_findings(rule.split)
    return findings or _refused(read, rule, "")


def _refused(reader, terms, key):
    try:
        reader(terms)
    except EngineError as error:
        return [Finding("malformed", key, str(error), True)]
    return []
