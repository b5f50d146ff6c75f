"""The pure engine: terms and facts in, results with their explanation out.

It imports the standard library (and dateutil) only: no Odoo, no clock (``now`` is an argument), no input or
output, no logging. ``ruff.toml`` beside this file and ``tests/engine/test_purity.py`` enforce that.
"""
