"""Assets: registration, owners, replacements, kits, meters.

Loaded by ``models/__init__.py``, in the order of inheritance.
"""
