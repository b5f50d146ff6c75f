# ruff: noqa: I001 - in the order of inheritance
from . import repair_settings
from . import repair_cover
from . import repair_order
from . import repair_coverage
from . import repair_price
from . import repair_claim
from . import repair_parts
