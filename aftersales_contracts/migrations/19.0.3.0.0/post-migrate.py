"""Recurring fees were billed elsewhere until now: nothing is billed by surprise.

Contracts that are on record are billed by hand until finance says, contract by contract, from which day on they are
billed here. Statements that are closed have been settled: no penalty is assessed for them afterwards.
"""

from odoo.tools import SQL


def migrate(cr, version):
    cr.execute(SQL("UPDATE aftersales_contract SET billing = 'manual'"))
    cr.execute(SQL("UPDATE aftersales_contract_line SET next_bill_on = NULL"))
    cr.execute(SQL("UPDATE aftersales_statement SET penalties_assessed_at = closed_at WHERE state <> 'draft'"))
