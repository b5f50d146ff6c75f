"""A weighted score of measured figures, each brought to 0 (worst) to 100 (best) first.

Every criterion says which direction is good; nothing is guessed. The total is divided by the sum of the weights of what
was measured, so a figure that is missing, or stands on too few cases, is left out and named: it is neither 0 nor 100.

>>> fast = Criterion("response", "First response", Decimal("0.6"), LOWER, benchmark=Decimal(4))
>>> nps = Criterion("nps", "NPS", Decimal("0.4"), HIGHER, worst=Decimal(-100), best=Decimal(100))
>>> card = score((fast, nps), {"response": Measured(Decimal(5), 40), "nps": Measured(Decimal(-20), 12)})
>>> card.total, card.weight_sum, [str(row.score) for row in card.per_criterion]
(Decimal('64'), Decimal('1'), ['80', '40'])
>>> for step in card.steps:
...     print(f"{step.label}: {step.detail} = {step.value}")
criterion: First response: 5 of 40 cases, benchmark 4, lower is better = 80
criterion: NPS: -20 of 12 cases, from -100 to 100 = 40
total: 64 / 1 = 64
"""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from .days import require_choice, require_count
from .errors import BadAmount, BadTerms, ZeroWeights
from .explanation import Step
from .money import exact
from .share_exact import as_decimal
from .share_steps import plain, times
from .share_terms import Measured

__all__ = ["DIRECTIONS", "HIGHER", "LOWER", "Criterion", "CriterionScore", "Measured", "Score", "score"]

HIGHER, LOWER = DIRECTIONS = ("higher", "lower")  # is better
# Why a criterion does not count, and what is to be warned of.
NOT_MEASURED, FEW_CASES, NO_WEIGHT, WEIGHTS = WARNINGS = ("not_measured", "few_cases", "no_weight", "weights")
# Labels of steps.
CRITERION, EXCLUDED, WEIGHT_SUM, TOTAL = LABELS = ("criterion", "excluded", "weights", "total")


@dataclass(frozen=True)
class Criterion:
    """What is looked at. ``weight``: its part of the score, all together 1. ``direction``: what is better, "higher" or
    "lower".

    Brought to 0 to 100, and never beyond, by one of: ``worst`` and ``best`` (in proportion between them; lower is
    better: the best is the smaller one); ``benchmark`` (lower: 100 * benchmark / figure, higher: 100 * figure /
    benchmark); neither: the figure is one of 0 to 100 already (lower: 100 less it). ``minimum``: the least number of
    cases that the figure must stand on.
    """

    key: str
    name: str
    weight: Decimal
    direction: str
    worst: Decimal | None = None
    best: Decimal | None = None
    benchmark: Decimal | None = None
    minimum: int = 1


@dataclass(frozen=True)
class CriterionScore:
    """``score``: 0 to 100, exact; None where it does not count, and ``excluded`` says why (a word of WARNINGS).
    ``points``: what it adds to the total."""

    key: str
    name: str
    weight: Decimal
    value: Decimal | Fraction | None
    sample: int | None
    score: Decimal | Fraction | None
    points: Decimal | Fraction | None = None
    excluded: str = ""


@dataclass(frozen=True)
class Score:
    """``total``: 0 to 100, exact, None where nothing was measured. ``weight_sum``: of all criteria; ``measured_sum``:
    of those that count, by which the total is divided. ``warnings``: ((word, criterion key or ""), ...)."""

    total: Decimal | Fraction | None
    weight_sum: Decimal | Fraction
    per_criterion: tuple
    steps: tuple = field(repr=False)
    measured_sum: Decimal | Fraction = Decimal(0)
    warnings: tuple = ()


def score(criteria, values):
    """The `Score` of ``values``, {criterion key: `Measured`, an exact number, or None}, by ``criteria``.

    A number alone is taken as it is, without a sample. Criteria that contradict themselves, and weights that cannot be
    divided by: an `EngineError`.
    """
    criteria = tuple(criteria)
    _check(criteria)
    rows = [_row(criterion, values.get(criterion.key)) for criterion in criteria]
    counted = [row for row in rows if not row.excluded]
    whole, measured = (sum((exact(row.weight) for row in some), Fraction(0)) for some in (rows, counted))
    steps = [_step(criterion, row) for criterion, row in zip(criteria, rows, strict=True)]
    warnings = [(row.excluded, row.key) for row in rows if row.excluded]
    if whole != 1:
        warnings.append((WEIGHTS, ""))
        steps.append(Step(WEIGHT_SUM, f"the weights sum to {plain(whole)}, not to 1", as_decimal(whole)))
    if not measured:
        steps.append(Step(TOTAL, "nothing was measured, so there is no score", None))
        return Score(None, as_decimal(whole), tuple(rows), tuple(steps), Decimal(0), tuple(warnings))
    rows = [row if row.excluded else _pointed(row, measured) for row in rows]
    points = sum(exact(row.score) * exact(row.weight) for row in counted)
    total = as_decimal(points / measured)
    steps.append(Step(TOTAL, f"{plain(points)} / {plain(measured)}", total))
    return Score(total, as_decimal(whole), tuple(rows), tuple(steps), as_decimal(measured), tuple(warnings))


def _pointed(row, measured):
    points = exact(row.score) * exact(row.weight) / measured
    return CriterionScore(
        row.key, row.name, row.weight, row.value, row.sample, row.score, as_decimal(points), row.excluded)


# --- criteria -------------------------------------------------------------------------------------


def _check(criteria):
    keys = [criterion.key for criterion in criteria]
    for criterion in criteria:
        of = f" of {criterion.key}"
        if keys.count(criterion.key) > 1:
            raise BadTerms("criterion", criterion.key, "is there twice: a criterion's key is its own")
        require_choice(criterion.direction, "direction" + of, DIRECTIONS)
        require_count(criterion.minimum, "minimum" + of, 0)
        _check_scale(criterion, of)
    weights = [exact(criterion.weight, f"weight of {criterion.key}") for criterion in criteria]
    if not weights or min(weights) < 0 or not sum(weights):
        raise ZeroWeights("weights", [str(criterion.weight) for criterion in criteria])


def _check_scale(criterion, of):
    ends = criterion.worst, criterion.best
    if criterion.benchmark is not None:
        if ends != (None, None):
            told = "is there beside worst and best: one of them counts"
            raise BadTerms("benchmark" + of, str(criterion.benchmark), told)
        if exact(criterion.benchmark, "benchmark" + of) <= 0:
            told = "is not above zero, so there is no proportion to it"
            raise BadAmount("benchmark" + of, str(criterion.benchmark), told)
    elif (criterion.worst is None) != (criterion.best is None):
        raise BadTerms("worst and best" + of, [str(end) for end in ends], "are needed together")
    elif criterion.best is not None:
        worst, best = exact(criterion.worst, "worst" + of), exact(criterion.best, "best" + of)
        if not (worst < best if criterion.direction == HIGHER else best < worst):
            told = f"contradict the direction: {criterion.direction} is better"
            raise BadTerms("worst and best" + of, [str(end) for end in ends], told)


# --- figures --------------------------------------------------------------------------------------


def _row(criterion, figure):
    value, sample = (figure.value, figure.sample) if isinstance(figure, Measured) else (figure, None)
    excluded, reached = "", None
    if not criterion.weight:
        excluded = NO_WEIGHT
    elif value is None:
        excluded = NOT_MEASURED
    elif sample is not None and sample < criterion.minimum:
        excluded = FEW_CASES
    else:
        reached = as_decimal(_normalised(criterion, exact(value, f"value of {criterion.key}")))
    return CriterionScore(
        criterion.key, criterion.name, criterion.weight, value, sample, reached, excluded=excluded)


def _normalised(criterion, value):
    """``value`` as 0 to 100, exact."""
    if criterion.benchmark is not None:
        mark = exact(criterion.benchmark)
        if criterion.direction == HIGHER:
            reached = 100 * value / mark
        else:
            reached = 100 * mark / value if value > mark else Fraction(100)
    elif criterion.best is not None:
        worst, best = exact(criterion.worst), exact(criterion.best)
        reached = 100 * (value - worst) / (best - worst)
    else:
        reached = value if criterion.direction == HIGHER else 100 - value
    return max(Fraction(0), min(Fraction(100), reached))


def _step(criterion, row):
    name = criterion.name
    if row.excluded == NO_WEIGHT:
        return Step(EXCLUDED, f"{name}: it has no weight", None)
    if row.excluded == NOT_MEASURED:
        return Step(EXCLUDED, f"{name}: it was not measured", None)
    cases = plain(row.value) if row.sample is None else f"{plain(row.value)} of {times(row.sample, 'case')}"
    if row.excluded == FEW_CASES:
        return Step(EXCLUDED, f"{name}: {cases}, {criterion.minimum} are needed", None)
    return Step(CRITERION, f"{name}: {cases}{_scale(criterion)}", row.score)


def _scale(criterion):
    if criterion.benchmark is not None:
        return f", benchmark {plain(criterion.benchmark)}, {criterion.direction} is better"
    if criterion.best is not None:
        return f", from {plain(criterion.worst)} to {plain(criterion.best)}"
    return "" if criterion.direction == HIGHER else ", lower is better"
