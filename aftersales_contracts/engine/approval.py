"""Who must approve: a matrix of amount x type x deviation, in steps, by other people than those involved.

Every row that fits asks for its group; the steps go in the order of their sequence. What no row covers is not
approved by silence but refused. Author, approver and settler of one contract are different people: somebody
who acts for another by delegation counts as both. An approval lasts until it expires or the terms change.

>>> rules = [ApprovalRule("managers", 1, Decimal(0)), ApprovalRule("legal", 2, Decimal(0), deviation="deviating")]
>>> [step.group for step in required_steps(rules, Decimal(500), "customer", "deviating").steps_to_take]
['managers', 'legal']
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .days import require_choice
from .errors import NoApprovalRule
from .explanation import Step
from .money import exact

# How far the clauses lie from the library, in order: a rule for one level holds for all beyond it.
DEVIATIONS = ("none", "acceptable", "last_resort", "deviating")
DUTIES = ("author", "approver", "signer", "settler")
# Duties that one person may not unite.
SEPARATE = (("author", "approver"), ("author", "settler"), ("approver", "settler"))


@dataclass(frozen=True)
class ApprovalRule:
    """From ``at_least`` up to below ``below`` (None: no limit), for ``types`` (None: all), from ``deviation`` on,
    ``group`` approves as step ``sequence``; group None: no approval is needed."""

    group: str | None
    sequence: int
    at_least: Decimal
    below: Decimal | None = None
    types: frozenset | None = None
    deviation: str = "none"

    def __post_init__(self):
        require_choice(self.deviation, "deviation", DEVIATIONS)

    def fits(self, amount, kind, deviation):
        """Whether the rule concerns such a contract."""
        return (
            exact(self.at_least) <= amount
            and (self.below is None or amount < exact(self.below))
            and (self.types is None or kind in self.types)
            and DEVIATIONS.index(self.deviation) <= DEVIATIONS.index(deviation)
        )


@dataclass(frozen=True)
class ApprovalStep:
    """One approval to get, from anybody of ``group``."""

    group: str
    sequence: int


@dataclass(frozen=True)
class RequiredApprovals:
    """``steps_to_take``: the `ApprovalStep`s in order, each group once; ``steps``: the explanation."""

    steps_to_take: tuple
    steps: tuple = field(repr=False)


@dataclass(frozen=True)
class Delegation:
    """``substitute`` may act for ``person`` in ``[start, end)``."""

    person: Hashable
    substitute: Hashable
    start: date
    end: date


@dataclass(frozen=True)
class Approval:
    """Given on a day for terms with that ``fingerprint``; ``expires``: the first day on which it is void."""

    group: str
    person: Hashable
    on: date
    fingerprint: str
    expires: date | None = None


@dataclass(frozen=True)
class DutyVerdict:
    """Whether somebody may do something; ``reasons``: sentences, empty where nothing stands against it;
    ``acts_for``: whom they stand in for, or None."""

    allowed: bool
    reasons: tuple
    acts_for: Hashable = None


def required_steps(rules, amount, kind, deviation="none"):
    """The `RequiredApprovals` of a contract. Raises `NoApprovalRule` where no rule fits."""
    require_choice(deviation, "deviation", DEVIATIONS)
    value = abs(exact(amount, "amount"))
    fitting = [rule for rule in rules if rule.fits(value, kind, deviation)]
    if not fitting:
        raise NoApprovalRule("amount", f"{amount} for {kind}, deviation {deviation}")
    first = {}
    for rule in sorted((rule for rule in fitting if rule.group), key=lambda rule: (rule.sequence, rule.group)):
        first.setdefault(rule.group, ApprovalStep(rule.group, rule.sequence))
    found = tuple(first.values())
    words = f"{amount}, {kind}, deviation {deviation}"
    return RequiredApprovals(found, tuple(Step("approval", f"{words}: {one.group}", one.sequence) for one in found))


def outstanding(steps_to_take, approvals, on, fingerprint):
    """The `ApprovalStep`s still to take on the day ``on`` for the terms with that fingerprint, in order."""
    valid = {
        approval.group
        for approval in approvals
        if approval.fingerprint == fingerprint and (approval.expires is None or on < approval.expires)
    }
    return tuple(step for step in steps_to_take if step.group not in valid)


def may_approve(step, person, members, acted, on, delegations=()):
    """The `DutyVerdict` on ``person`` taking the `ApprovalStep` ``step`` on the day ``on``.

    ``members``: the people of the step's group; ``acted``: (duty, person) pairs done on this contract so far,
    of a substitute one for each of the two.
    """
    if person in members:
        return may_act("approver", person, acted)
    verdict = DutyVerdict(False, (f"{person} is not of {step.group}, nor a substitute on that day",))
    for one in delegations:
        if one.substitute == person and one.person in members and one.start <= on < one.end:
            verdict = may_act("approver", person, acted, one.person)
            if verdict.allowed:
                break
    return verdict


def may_act(duty, person, acted, acts_for=None):
    """The `DutyVerdict` on ``person`` (for ``acts_for``) taking on ``duty`` after the ``acted`` pairs."""
    require_choice(duty, "duty", DUTIES)
    people = [one for one in (person, acts_for) if one is not None]
    reasons = []
    for other, somebody in dict.fromkeys(acted):
        if somebody in people and ((duty, other) in SEPARATE or (other, duty) in SEPARATE):
            reasons.append(f"{somebody} is the {other} of this contract and cannot be its {duty} too")
    return DutyVerdict(not reasons, tuple(reasons), acts_for)


def separation(acted):
    """Every breach of the separation of duties among (duty, person) pairs, as sentences: the proof is empty."""
    people = {}
    for duty, person in acted:
        people.setdefault(require_choice(duty, "duty", DUTIES), set()).add(person)
    return tuple(
        f"{person} is {first} and {second}"
        for first, second in SEPARATE
        for person in sorted(people.get(first, set()) & people.get(second, set()), key=str)
    )
