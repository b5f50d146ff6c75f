"""Documents and their signatures. Loaded by ``models/__init__.py``, in the order of inheritance."""
