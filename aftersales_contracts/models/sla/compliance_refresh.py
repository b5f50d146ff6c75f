"""The scheduled action on compliance: only contracts whose clocks changed since it last looked at them.

A change of a clock leaves a mark of its contract, in the same transaction. Marks are only ever added and taken off,
never updated, so that no two workers wait for each other, and a mark that is not yet committed is seen by the next
run. With no marks a run is one look at an empty table.
"""

from odoo import api, fields, models
from odoo.tools import SQL

BATCH = 500


class ComplianceQueue(models.Model):
    """Marks: the compliance of this contract must be counted anew."""

    _name = "aftersales.compliance.queue"
    _description = "Compliance Queue"
    _order = "id"
    _rec_name = "contract_id"
    _log_access = False

    contract_id = fields.Many2one("aftersales.contract", required=True, ondelete="cascade", index=True)

    @api.model
    def _put(self, contract_ids):
        wanted = sorted({contract_id for contract_id in contract_ids if contract_id})
        if wanted:
            self.env.cr.execute(SQL(
                "INSERT INTO aftersales_compliance_queue (contract_id) SELECT unnest(%s::int[])", wanted))

    @api.model
    def _contracts(self, limit=BATCH):
        """Up to ``limit`` marked contracts, the longest waiting first."""
        rows = self.env.execute_query(SQL(
            "SELECT contract_id FROM aftersales_compliance_queue GROUP BY contract_id ORDER BY min(id) LIMIT %s",
            limit))
        return self.env["aftersales.contract"].browse([row[0] for row in rows])

    @api.model
    def _take_off(self, contracts):
        """Take off the marks that this transaction can see; later ones stay."""
        self.env.cr.execute(SQL(
            "DELETE FROM aftersales_compliance_queue WHERE contract_id = ANY(%s)", contracts.ids))


class Request(models.Model):
    _inherit = "aftersales.request"

    def _write_clocks(self, batch, now):
        super()._write_clocks(batch, now)
        self.env["aftersales.compliance.queue"]._put(
            values[0] for _key, old, new in batch.changes for values in (old, new) if values)


class SlaClock(models.Model):
    _inherit = "aftersales.sla.clock"

    def _write_advanced(self, moved):
        super()._write_advanced(moved)
        rows = self.env.execute_query(SQL(
            "SELECT DISTINCT contract_id FROM aftersales_sla_clock WHERE id = ANY(%s)", [row[0] for row in moved]))
        self.env["aftersales.compliance.queue"]._put(row[0] for row in rows)


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _write_unlocked(self, vals):
        result = super()._write_unlocked(vals)
        if {"statement_period", "statement_start", "policy_id", "calendar_id"} & set(vals):
            self.env["aftersales.compliance.queue"]._put(self.ids)
        return result

    def _lock_for_period(self):
        """Lock these contracts against a second worker; returns those that nobody else holds."""
        rows = self.env.execute_query(SQL(
            "SELECT id FROM aftersales_contract WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED",
            self.ids))
        return self.browse([row[0] for row in rows])


class SlaTarget(models.Model):
    _inherit = "aftersales.sla.target"

    def write(self, vals):
        result = super().write(vals)
        if "objective" in vals:  # the verdict of open periods is against the objective as it is now
            self.env["aftersales.compliance.queue"]._put(self.policy_id.sudo().contract_ids.ids)
        return result


class Compliance(models.Model):
    _inherit = "aftersales.compliance"

    @api.model
    def _cron_compliance(self, batch=BATCH, now=None):
        """Count the open periods of the marked contracts anew; commits after each batch. The same run again finds
        nothing to do. What another worker holds stays marked for the next run."""
        Cron, Queue = self.env["ir.cron"], self.env["aftersales.compliance.queue"]
        while True:
            marked = Queue._contracts(batch)
            contracts = marked._lock_for_period() if marked else marked
            if not contracts:
                return
            self._bring_up_to_date(contracts, now)
            if not Cron._commit_progress(len(contracts), remaining=len(Queue._contracts(1))):
                return

    @api.model
    def _bring_up_to_date(self, contracts, now=None):
        """Figures, then corrections of closed periods, then the marks off: nothing that came later is lost."""
        self._refresh(contracts, now)
        self.env["aftersales.statement.correction"]._find(contracts)
        self.env["aftersales.compliance.queue"]._take_off(contracts)

    @api.model
    def dry_run_compliance(self, limit=1000):
        """What the next run would change in open periods, and write nothing: a list of dicts (contract_id, target_id,
        period_start, period_end, and old_ and new_ due, met, breached, excused, running, rate)."""
        self.check_access("read")
        marked = self.env["aftersales.compliance.queue"].sudo()._contracts(limit)
        allowed = marked.sudo(False)._filtered_access("read")
        return self.sudo()._would_change(allowed.sudo())
