"""Rules of the lint about a whole rule: its components against each other, its sums, and who is paid."""

from .errors import EngineError
from .money import exact
from .penalty_finding import Finding
from .penalty_steps import plain
from .share_lint_rates import payout_rates


def split_findings(split):
    """Percentages of payees that do not come to 100, or a payee that is there twice. Before the rule is read."""
    if not split:
        return []
    try:
        whole = sum(exact(percent, f"percent of {payee}") for payee, percent in split)
    except EngineError:
        return []  # told as malformed
    findings = []
    if whole != 100:
        findings.append(Finding("split", "", f"The percentages of the payees sum to {plain(whole)}, not to 100", True))
    payees = [payee for payee, _percent in split]
    for payee in dict.fromkeys(payee for payee in payees if payees.count(payee) > 1):
        findings.append(Finding("payee_twice", "", f"{payee} is among the payees twice", True))
    return findings


def contradictions(rule):
    """Pairs of components that fit some line equally well on some day."""
    components = rule.components
    for row, one in enumerate(components):
        for other in components[row + 1:]:
            if one.key != other.key and _share_days(one, other) and _tie(one, other):
                told = f"{one.name} and {other.name} fit the same lines equally well{_common(one, other)}"
                yield Finding("contradiction", one.key, told, True)


def _share_days(one, other):
    return (one.end is None or other.start is None or other.start < one.end) and (
        other.end is None or one.start is None or one.start < other.end)


def _tie(one, other):
    """Both name something in common, or both nothing, of products, of categories and of kinds alike."""
    return all(
        bool(mine) == bool(others) and (not mine or mine & others)
        for mine, others in ((one.products, other.products), (one.categories, other.categories),
                             (one.kinds, other.kinds)))


def _common(one, other):
    words = [*sorted(one.products & other.products), *sorted(one.categories & other.categories),
             *sorted(one.kinds & other.kinds)]
    return f" ({', '.join(map(str, words[:3]))})" if words else ""


def rule_findings(rule):
    """Everything about the sums of a rule."""
    for code, sentence, blocks in (*_components(rule), *_limits(rule), *_percentages(rule)):
        yield Finding(code, "", sentence, blocks)
    for bonus in rule.bonuses:
        for code, sentence, blocks in payout_rates(bonus.payout) if bonus.payout is not None else ():
            yield Finding(code, "", f"{bonus.name}: {sentence}", blocks)


def _components(rule):
    if rule.components:
        return
    alone = rule.guarantee or rule.brand_fee is not None or rule.bonuses
    yield "no_components", "The rule has no component, so no line earns a share", not alone


def _limits(rule):
    if rule.cap is not None and rule.guarantee is not None and rule.guarantee > rule.cap:
        told = f"The guarantee of {plain(rule.guarantee)} is above the cap of {plain(rule.cap)}"
        yield "guarantee_above_cap", told, True
    if rule.cap is not None and not rule.cap:
        yield "cap_zero", "The cap is zero, so nothing is ever paid", True


def _percentages(rule):
    fee = rule.brand_fee
    if fee is not None and fee.base != "amount" and fee.value > 1:
        yield "above_100", f"The brand fee of {plain(fee.value * 100)} % is more than the whole {fee.base}", False
    for bonus in rule.bonuses:
        if bonus.percent and bonus.value > 1:
            yield "above_100", f"{bonus.name}: a bonus of {plain(bonus.value * 100)} % is more than the share", False
    if rule.withholding == 1:
        yield "withholding_all", "The withholding is 100 %, so nothing is ever paid", False
