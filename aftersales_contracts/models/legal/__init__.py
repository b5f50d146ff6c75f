"""Clauses, NDAs and confidential documents. Loaded by ``models/__init__.py``, in the order of inheritance."""
