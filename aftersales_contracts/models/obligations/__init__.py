"""Obligations, audits, breaches, and what falls due. Loaded by ``models/__init__.py``, in the order of inheritance."""
