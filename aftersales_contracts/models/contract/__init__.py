"""The contract, its paper and its life. Loaded by ``models/__init__.py``, in the order of inheritance."""
