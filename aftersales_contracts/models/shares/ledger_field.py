"""A reference without a foreign key, for ledgers that are written by the million.

The database would look up and lock each record named by each row: that costs more than writing the row. What a ledger
names is kept by what it comes from: an invoice line already holds its product, customer and category, and invoices with
settled revenue cannot be deleted.
"""

from odoo import fields


class LedgerMany2one(fields.Many2one):
    def update_db_foreign_key(self, model, column):
        """None; see above."""
