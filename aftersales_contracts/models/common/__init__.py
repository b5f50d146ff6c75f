"""What several rooms stand on. Loaded by ``models/__init__.py``, in the order of inheritance."""
