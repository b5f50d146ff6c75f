"""Recovery from suppliers, and recalls. Loaded by ``models/__init__.py``, in the order of inheritance."""
