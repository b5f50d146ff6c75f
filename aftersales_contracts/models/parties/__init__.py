"""Parties, scope of service and covered assets. Loaded by ``models/__init__.py``, in the order of inheritance."""
