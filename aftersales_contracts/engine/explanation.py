"""Why a result is what it is: steps as data, read alike by forms, statements and tests.

>>> Step("counted", "08:00 to 12:00", "4:00:00").label
'counted'
"""

from typing import Any, NamedTuple


class Step(NamedTuple):
    """One step of an explanation.

    ``label`` is a fixed word of the module that makes it (so that it can be translated), ``detail`` says the
    facts in plain English, ``value`` is the figure: a timedelta, a Decimal or an int.
    """

    label: str
    detail: str
    value: Any
