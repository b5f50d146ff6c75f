# The order is that of inheritance: what a class extends is loaded before it.
# ruff: noqa: I001
from . import product, sale_start, sale_contract, sale_order_line, sale_order, sale_asset, sale_renewal, sale_offer
