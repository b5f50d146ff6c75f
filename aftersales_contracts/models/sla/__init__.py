"""Working time, targets, clocks and compliance. Loaded by ``models/__init__.py``, in the order of inheritance."""
