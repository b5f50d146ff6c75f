"""What the tests of compliance and statements start from."""

from odoo import fields
from odoo.tests import freeze_time
from odoo.tools import SQL

from .common import AftersalesCase

AT = fields.Datetime.to_datetime


class StatementCase(AftersalesCase):
    """The clock stands at 2026-05-20 12:00 UTC, so that March and April 2026 have ended. Statements of `contract`
    begin in March."""

    now = "2026-05-20 12:00:00"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract.write({"statement_start": "2026-03-01", "statement_contact_ids": cls.contact.ids})
        frozen = freeze_time(cls.now)
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        cls.cycles = 0

    # --- facts -----------------------------------------------------------------------------------------------

    def met(self, opened="2026-03-03 08:00", answered="2026-03-03 09:00", solved="2026-03-03 10:00", **values):
        """A request answered and resolved in time."""
        request = self.a_request(f"{opened}:00"[:19], **values)
        self.event(request, "in_progress", f"{answered}:00"[:19])
        self.event(request, "resolved", f"{solved}:00"[:19])
        return request

    def breach(self, opened="2026-03-02 08:00", answered="2026-03-02 09:00", solved="2026-03-03 12:00", **values):
        """A request answered in time and resolved after 12 working hours of 8."""
        return self.met(opened, answered, solved, **values)

    def a_clock(self, request, state, decided=None, started="2026-03-02 08:00:00", excused=False, number=1):
        """``number`` bare clocks of ``request`` in the table, decided exactly at ``decided`` (UTC)."""
        target = self.resolution_target
        self.env.cr.execute(SQL(
            """INSERT INTO aftersales_sla_clock
                      (request_id, contract_id, company_id, target_id, calendar_id, metric, revision, cycle, is_current,
                       state, excused, started_at, due_at, stopped_at, decided_at, duration_seconds, elapsed, paused)
               SELECT %(request)s, %(contract)s, %(company)s, %(target)s, %(calendar)s, %(metric)s, 9, %(first)s + n,
                      FALSE, %(state)s, %(excused)s, %(started)s, %(due)s, %(stopped)s, %(decided)s, 28800, 0, 0
                 FROM generate_series(1, %(number)s) n RETURNING id""",
            request=request.id, contract=request.contract_id.id, company=request.company_id.id, target=target.id,
            calendar=self.office.id, metric=target.metric, first=self.cycles, state=state, excused=excused,
            started=AT(started), due=AT(decided or "2026-06-30 08:00:00"),
            stopped=AT(decided) if state == "met" else None,
            decided=AT(decided) if state in ("met", "breached") else None, number=number))
        type(self).cycles += number
        self.env["aftersales.request"].invalidate_model(["clock_ids"])
        self.env["aftersales.contract"].invalidate_model(["clock_ids"])
        return self.env["aftersales.sla.clock"].browse([row[0] for row in self.env.cr.fetchall()])

    def speak(self, lang):
        """Install a language with the addon's translations."""
        self.env["res.lang"]._activate_lang(lang)
        module = self.env["ir.module.module"].search([("name", "=", "aftersales_contracts")])
        module._update_translations([lang])

    # --- results ---------------------------------------------------------------------------------------------

    def refresh(self, contracts=None):
        self.env["aftersales.compliance"]._bring_up_to_date(contracts or self.contract)
        return self.rows(contracts)

    def rows(self, contracts=None):
        return self.env["aftersales.compliance"].search(
            [("contract_id", "in", (contracts or self.contract).ids)], order="contract_id, period_start, target_id")

    def figures(self, rows):
        """{(first day, target): (due, met, breached, excused, running, rate or None)}, as stored."""
        self.env.flush_all()
        found = self.env.execute_query(SQL(
            """SELECT period_start, target_id, due, met, breached, excused, running, rate FROM aftersales_compliance
                WHERE id = ANY(%s)""", rows.ids))
        Target = self.env["aftersales.sla.target"]
        return {(str(row[0]), Target.browse(row[1])): row[2:] for row in found}

    def close(self, today, contracts=None):
        """Close the oldest due period of each contract of the tests: one round of the scheduled action."""
        contracts = contracts or self.own_contracts()
        due = contracts._due_periods_of(fields.Date.to_date(today))
        before = self.closed()
        if due:
            contracts = contracts.browse([contract.id for contract in due])
            self.env["aftersales.statement"]._close_next(contracts, fields.Date.to_date(today))
        return self.closed() - before

    def close_march(self):
        statement = self.close("2026-04-04")
        self.assertEqual(len(statement), 1)
        return statement

    def closed(self, contract=None):
        return self.env["aftersales.statement"].search(
            [("state", "!=", "draft"), ("contract_id", "in", (contract or self.own_contracts()).ids)],
            order="period_start")

    def own_contracts(self):
        return self.env["aftersales.contract"].search([("partner_id", "=", self.customer.id)])

    def excuse(self, request, metric="resolution", by=None, **values):
        """An excuse of the breached clock of ``request``, proposed by anna."""
        return self.env["aftersales.sla.excuse"].with_user(by or self.anna).create({
            "clock_id": self.clock(request, metric).id, "reason": "customer",
            "evidence": "<p>Site was locked, see the gate log.</p>", **values})
