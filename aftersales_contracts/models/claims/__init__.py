"""Warranty claims and their course. Loaded by ``models/__init__.py``, in the order of inheritance."""
