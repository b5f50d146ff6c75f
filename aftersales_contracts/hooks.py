"""Uninstalling: facts and results refer to one another and to configuration, so they go first, in this order."""

from odoo.tools import SQL

RECORDS = (  # whatever is referred to by a row above it can go once that row is gone
    "aftersales.drift",
    "aftersales.drift.run",
    "aftersales.period.left",
    "aftersales.period.carry",
    "aftersales.period.fact",
    "aftersales.period.close",
    "aftersales.penalty.event",
    "aftersales.penalty.line",
    "aftersales.penalty",
    "aftersales.billed",
    "aftersales.termination.line",
    "aftersales.termination",
    "aftersales.termination.ground",
    "aftersales.notice.evidence",
    "aftersales.notice",
    "aftersales.suspension",
    "aftersales.signing.signer",
    "aftersales.signing",
    "aftersales.evidence",
    "aftersales.recovery",
    "aftersales.finding",
    "aftersales.audit",
    "aftersales.issue",
    "aftersales.breach",
    "aftersales.visit.report",
    "aftersales.maintenance.visit",
    "aftersales.meter.reading",
    "aftersales.lifetime.value",
    "aftersales.obligation",
    "aftersales.review",
    "aftersales.reminder",
    "aftersales.entitlement.line",
    "aftersales.entitlement.excess",
    "aftersales.entitlement",
    "aftersales.promise",
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
    "aftersales.usage",
    "aftersales.cover",
    "aftersales.scope.line",
    "aftersales.contract.party",
    "aftersales.asset",
    "aftersales.contract.correction",
    "aftersales.contract.version",
    "aftersales.nda.access",
    "aftersales.document",
    "aftersales.measured.figure",
    "aftersales.contract.penalty",
    "aftersales.contract.clause",
    "aftersales.nda.party",
    "aftersales.nda.subprocessor",
    "aftersales.nda",
    "aftersales.clause.version",
    "aftersales.clause",
    "aftersales.approval",
    "aftersales.duty",
    "aftersales.index.use",
    "aftersales.line.price",
    "aftersales.price.revision",
    "aftersales.renewal",
    "aftersales.penalty.document",
    "aftersales.contract",
    "aftersales.usage.tariff",
    "aftersales.approval.rule",
    "aftersales.segment",
    "aftersales.service.plan",
    "aftersales.penalty.clause",
    "aftersales.event.import.run",
    "aftersales.import.profile",
    "aftersales.sla.policy",
)

LINKS = (  # of records that stay to records that go: cleared first
    ("account.move.line", "aftersales_penalty_id"),
    ("account.move.line", "aftersales_reverses_id"),
)

BOOKED = (  # records of ours, such as demo partners, that invoices name: they are the accounts' from now on
    ("res.partner", "SELECT partner_id FROM account_move_line UNION SELECT partner_id FROM account_move"),
    ("product.product", "SELECT product_id FROM account_move_line"),
    ("product.template",
     "SELECT p.product_tmpl_id FROM product_product p JOIN account_move_line l ON l.product_id = p.id"),
)


def uninstall_hook(env):
    """Remove the records that the models refuse to remove one by one; the tables themselves are dropped by Odoo."""
    env.flush_all()
    for model, column in LINKS:
        env.cr.execute(SQL("UPDATE %(table)s SET %(column)s = NULL WHERE %(column)s IS NOT NULL",
                           table=SQL.identifier(env[model]._table), column=SQL.identifier(column)))
    for name in RECORDS:
        env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(env[name]._table)))
    for model, used in BOOKED:
        env.cr.execute(SQL(
            "DELETE FROM ir_model_data WHERE module = 'aftersales_contracts' AND model = %s AND res_id IN (%s)", model,
            SQL(used)))
    env.invalidate_all()
