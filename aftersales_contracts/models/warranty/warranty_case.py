"""A failure that is to be judged: of which machine, on which day, why, and what is to be paid for."""

from datetime import date
from typing import Any, NamedTuple


class WarrantyCase(NamedTuple):
    """``asset``: a record; ``day``: of the failure; ``cause``: code of an `aftersales.cause` or ""; ``items``: the
    engine's `Item`s; ``claim``: the `aftersales.warranty.claim` that it is for, or None."""

    asset: Any
    day: date
    cause: str
    items: tuple
    claim: Any = None
