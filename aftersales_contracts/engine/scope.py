"""Who does what: service type x tier x region, exactly one executor in each cell.

A line may leave a dimension open (None: all of it). Two lines that meet in a cell are refused, even with the
same executor: nobody could say whose rates apply. Cells without a line are gaps, and are listed.

>>> lines = [ScopeLine("a", "repair", "L1", None, "dealer"), ScopeLine("b", "repair", "L2", "north", "us")]
>>> matrix = scope_matrix(lines, ["repair"], ["L1", "L2"], ["north", "south"])
>>> matrix.executor("repair", "L1", "south"), matrix.gaps
('dealer', (('repair', 'L2', 'south'),))
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from itertools import product
from types import MappingProxyType

from .days import require_choice
from .errors import BadOption, OverlappingScope
from .explanation import Step

DIMENSIONS = ("service", "tier", "region")


@dataclass(frozen=True)
class ScopeLine:
    """A line of the scope: ``key`` names it in messages; service, tier, region: None means all."""

    key: Hashable
    service: str | None
    tier: str | None
    region: str | None
    executor: Hashable


@dataclass(frozen=True)
class ScopeMatrix:
    """``cells``: {(service, tier, region): `ScopeLine`}; ``gaps``: the cells without one, in order."""

    cells: Mapping
    gaps: tuple
    steps: tuple = field(repr=False)

    def executor(self, service, tier, region):
        """Who serves the cell, or None: a gap. A word outside the matrix raises `BadOption`."""
        cell = (service, tier, region)
        if cell not in self.cells and cell not in self.gaps:
            known = sorted({" / ".join(one) for one in (*self.cells, *self.gaps)})
            raise BadOption("cell", " / ".join(map(str, cell)), known)
        return self.cells[cell].executor if cell in self.cells else None


def overlaps(lines, services, tiers, regions):
    """Every cell with several lines: {cell: their keys}, in the order of the dimensions."""
    return {
        cell: tuple(line.key for line in found)
        for cell, found in _filled(lines, (services, tiers, regions)).items()
        if len(found) > 1
    }


def scope_matrix(lines, services, tiers, regions):
    """The `ScopeMatrix` of ``lines``. Raises `OverlappingScope` naming the first cell and its lines."""
    filled = _filled(lines, (services, tiers, regions))
    for cell, found in filled.items():
        if len(found) > 1:
            names = " and ".join(f"line {line.key} ({line.executor})" for line in found)
            raise OverlappingScope("scope", " / ".join(cell), f"has more than one executor: {names}")
    cells = {cell: found[0] for cell, found in filled.items() if found}
    gaps = tuple(cell for cell, found in filled.items() if not found)
    steps = [Step("gap", " / ".join(cell), 0) for cell in gaps]
    steps.append(Step("covered", f"{len(cells)} of {len(filled)} cells", len(cells)))
    return ScopeMatrix(MappingProxyType(cells), gaps, tuple(steps))


def _filled(lines, dimensions):
    """{cell: its lines} over all cells."""
    dimensions = [tuple(dict.fromkeys(words)) for words in dimensions]
    filled = {cell: [] for cell in product(*dimensions)}
    for line in lines:
        chosen = []
        for name, words in zip(DIMENSIONS, dimensions, strict=True):
            word = getattr(line, name)
            chosen.append(words if word is None else (require_choice(word, name, words),))
        for cell in product(*chosen):
            filled[cell].append(line)
    return filled
