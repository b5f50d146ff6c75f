"""Room of reimbursements: rates, what dealers are owed, what customers pay, goodwill. See ``models/__init__.py``."""
