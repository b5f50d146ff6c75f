"""Imports of service-event logs, and their replay. Loaded by ``models/__init__.py``, in the order of inheritance."""
