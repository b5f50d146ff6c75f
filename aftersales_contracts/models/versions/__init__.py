"""Versions, amendments and the redline. Loaded by ``models/__init__.py``, in the order of inheritance."""
