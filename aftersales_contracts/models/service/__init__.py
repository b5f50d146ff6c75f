"""Service requests and their events. Loaded by ``models/__init__.py``, in the order of inheritance."""
