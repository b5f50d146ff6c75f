"""Warranty policies, covers and verdicts. Loaded by ``models/__init__.py``, in the order of inheritance."""
