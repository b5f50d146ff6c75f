"""Approvals and the separation of duties. Loaded by ``models/__init__.py``, in the order of inheritance."""
