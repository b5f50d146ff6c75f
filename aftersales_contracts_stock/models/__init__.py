# ruff: noqa: I001 - in the order of inheritance
from . import company
from . import product
from . import serial_movement
from . import asset
from . import asset_kit
from . import stock_picking
from . import stock_lot
