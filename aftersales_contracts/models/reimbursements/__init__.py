"""What claims cost: dealers are reimbursed, customers invoiced, goodwill granted. Loaded by ``models/__init__.py``, in the order of inheritance."""
