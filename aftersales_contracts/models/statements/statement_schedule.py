"""The scheduled action that closes what is due, oldest period first, and then e-mails it.

It works in batches with a commit after each: killed at any instant and run again, nothing is lost and nothing closed
twice. A contract is locked while it is closed, and one statement a contract and period is a law of the database, so
that two workers do no harm.
"""

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, mute_logger
from psycopg2 import IntegrityError, OperationalError

_logger = logging.getLogger(__name__)

BATCH = 50


class Statement(models.Model):
    _inherit = "aftersales.statement"

    @api.model
    def _cron_close_periods(self, today=None, batch=BATCH):
        """Close every period that is due, then e-mail what was closed; ``today``: a date, each contract's own if empty.

        Several missed periods of a contract are closed in their order, one a round. A contract that cannot be closed
        keeps the reason on its draft, is left out for the rest of this run, and the others go on.
        """
        Cron = self.env["ir.cron"]
        self._mark_new_periods()
        self.env["aftersales.compliance"]._cron_compliance()
        due = self.env["aftersales.contract"]._due_periods(today)
        self._open_number_ranges(due)
        waiting = {contract.id: len(rows) for contract, rows in due.items()}
        Cron._commit_progress(remaining=sum(waiting.values()))
        while waiting:
            ids = sorted(waiting, key=lambda key: (-waiting[key], key))[:batch]
            closed, stuck = self._close_next(self.env["aftersales.contract"].browse(ids), today)
            for contract_id in ids:
                waiting[contract_id] -= 1
                if waiting[contract_id] <= 0 or contract_id in stuck or contract_id not in closed:
                    del waiting[contract_id]
            if not Cron._commit_progress(len(closed), remaining=sum(waiting.values())):
                return
        self._send_pending()
        self._open_drafts()

    @api.model
    def _open_number_ranges(self, due):
        """Make the number range of each year before the work begins: two workers would both make it otherwise, and the
        second would fail. The commit that follows shows it to either."""
        days = {(contract.company_id, row.last.year): row.last for contract, rows in due.items() for row in rows}
        for (company, _year), day in sorted(days.items(), key=lambda pair: (pair[0][0].id, pair[1])):
            sequence = self.env["ir.sequence"].with_company(company).search(
                [("code", "=", "aftersales.statement"), ("company_id", "in", [company.id, False])],
                order="company_id", limit=1)
            if not sequence.use_date_range or sequence.date_range_ids.filtered(
                    lambda found, day=day: found.date_from <= day <= found.date_to):
                continue
            try:
                with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                    sequence._create_date_range_seq(day)
            except IntegrityError:
                self.env.invalidate_all()  # the other worker has made it

    @api.model
    def _close_next(self, contracts, today):
        """Close the oldest due period of each contract that no other worker holds.

        Returns (closed, stuck): ids of contracts. A batch goes through as a whole; when it does not, one by one.
        """
        locked = contracts._lock_for_period()
        due = locked._due_periods_of(today)
        drafts = self._drafts([rows[0] for rows in due.values()])
        try:
            with self.env.cr.savepoint():
                drafts._close_and_mark()
            return set(drafts.contract_id.ids), set()
        except OperationalError:  # another worker was faster: this transaction is tried again by the scheduler
            raise
        except Exception:  # whatever it is, one contract must not keep the others from their statements
            _logger.info("Closing %s statements together failed; closing them one by one", len(drafts))
        closed, stuck = set(), set()
        for draft in drafts:
            (closed if draft._close_alone() else stuck).add(draft.contract_id.id)
        return closed, stuck

    def _close_alone(self):
        try:
            with self.env.cr.savepoint():
                self._close_and_mark()
            return True
        except OperationalError:
            raise
        except Exception as error:
            self.env.invalidate_all()
            _logger.warning("Statement %s of contract %s cannot be closed: %s", self.id, self.contract_id.name, error,
                            exc_info=not isinstance(error, UserError))
            self._report_problem(self.env._("Cannot be closed: %s", error))
            return False

    def _close_and_mark(self):
        if self:
            self._close(self.env.user)
            for statement in self:
                statement._write_unguarded({"send_pending": statement._goes_out_by_itself()})
            self.env.flush_all()

    def _report_problem(self, sentence):
        """Keep why it failed on the statement, and give its account manager something to do about it, once."""
        self._write_unguarded({"problem": sentence})
        user = self.contract_id.user_id
        if user and not self.activity_ids.filtered(lambda activity: activity.automated):
            self.activity_schedule("mail.mail_activity_data_warning", user_id=user.id, summary=sentence[:200])

    @api.model
    def _open_drafts(self):
        """A draft for the open period of every contract that counts something in it, for people to look at."""
        rows = self.env.execute_query(SQL(
            """SELECT DISTINCT p.contract_id FROM aftersales_compliance p
                WHERE p.state = 'open' AND p.period_end >= %s
                  AND NOT EXISTS (SELECT 1 FROM aftersales_statement s
                                   WHERE s.contract_id = p.contract_id AND s.period_start = p.period_start)""",
            fields.Date.today()))
        contracts = self.env["aftersales.contract"].browse([row[0] for row in rows])
        last = {row.contract_id: row for row in contracts._open_periods()}
        self._drafts(list(last.values()))

    @api.model
    def _mark_new_periods(self):
        """Open clocks run on into the period that began since: count them there although they did not change."""
        self.env.cr.execute(SQL(
            """INSERT INTO aftersales_compliance_queue (contract_id)
               SELECT DISTINCT c.contract_id FROM aftersales_sla_clock c
                WHERE c.is_current AND c.state IN ('running', 'paused') AND c.contract_id IS NOT NULL
                  AND NOT EXISTS (SELECT 1 FROM aftersales_compliance p
                                   WHERE p.contract_id = c.contract_id AND p.target_id = c.target_id
                                     AND p.period_end >= %s)""", fields.Date.today()))

    @api.model
    def dry_run_close(self, today=None):
        """What the next run would close, and write nothing: a list of dicts, oldest period first: contract_id,
        period_start, period_end, due, met, breached, excused (of the figures as last counted), corrections,
        recipient_ids."""
        self.check_access("read")
        day = fields.Date.to_date(today) if today else None
        contracts = self.env["aftersales.contract"].sudo()._due_periods(day)
        allowed = self.env["aftersales.contract"].browse([c.id for c in contracts])._filtered_access("read")
        rows = self.env["aftersales.compliance"].sudo()._read_group(
            [("contract_id", "in", allowed.ids), ("state", "=", "open")], ["contract_id", "period_start:day"],
            ["due:sum", "met:sum", "breached:sum", "excused:sum"])
        figures = {(contract.id, first): counts for contract, first, *counts in rows}
        waiting = self.env["aftersales.statement.correction"].sudo()._waiting_for(allowed)
        found = []
        for contract, periods in contracts.items():
            if contract not in allowed.sudo():
                continue
            for position, row in enumerate(periods):
                due, met, breached, excused = figures.get((contract.id, row.first), (0, 0, 0, 0))
                found.append({
                    "contract_id": contract.id, "period_start": row.first, "period_end": row.last, "due": due,
                    "met": met, "breached": breached, "excused": excused,
                    "corrections": 0 if position else len(waiting.get(contract.sudo(False), ())),
                    "recipient_ids": contract._statement_recipients().ids})
        return sorted(found, key=lambda row: (row["period_start"], row["contract_id"]))
