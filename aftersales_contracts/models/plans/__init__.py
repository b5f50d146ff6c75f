"""Service plans, promises, entitlements and customer segments.

Loaded by ``models/__init__.py``, in the order of inheritance."""
