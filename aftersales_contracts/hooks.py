"""Uninstalling: facts and results refer to one another and to configuration, so they go first, in this order."""

from odoo.tools import SQL

RECORDS = (  # whatever is referred to by a row above it can go once that row is gone
    "aftersales.statement.correction",
    "aftersales.statement.clock",
    "aftersales.statement.line",
    "aftersales.compliance",
    "aftersales.statement",
    "aftersales.sla.excuse",
    "aftersales.sla.escalation.log",
    "aftersales.sla.clock.change",
    "aftersales.sla.clock",
    "aftersales.evaluation.queue",
    "aftersales.request.event",
    "aftersales.request",
    "aftersales.asset",
    "aftersales.contract",
    "aftersales.event.import.run",
    "aftersales.import.profile",
    "aftersales.sla.policy",
)


def uninstall_hook(env):
    """Remove the records that the models refuse to remove one by one; the tables themselves are dropped by Odoo."""
    env.flush_all()
    for name in RECORDS:
        env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(env[name]._table)))
    env.invalidate_all()
