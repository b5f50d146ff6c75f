"""One record of every model, twice: in the users' own company, and in another."""

from .common import AftersalesCase
from .matrix import ROOMS

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
INSIDE = ("agent", "anna", "felix", "lena", "boss", "clerk")
PORTAL = ("carla", "diego", "outsider")


ROOM_TITLE = "Contract of a room"  # which the room may put in force, or leave a draft


class MatrixCase(AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.office.company_id = False
        cls.own = cls._one_of_each(cls.company)
        cls.foreign = cls._one_of_each(cls.other_company)
        cls.env.flush_all()

    @classmethod
    def _one_of_each(cls, company):
        """{model: a record of ``company``}: what a contract of carla's company with diego's as dealer comes to hold."""
        env = cls.env(context={**cls.env.context, "allowed_company_ids": company.ids})
        New = lambda model, **values: env[model].create(values)  # noqa: E731
        status = env.ref("aftersales_contracts.status_new")
        team = New("aftersales.team", name="Team", company_id=company.id)
        policy = New("aftersales.sla.policy", name="Policy", company_id=company.id, calendar_id=cls.office.id)
        target = New("aftersales.sla.target", policy_id=policy.id, metric="resolution", duration_minutes=60)
        step = New("aftersales.sla.escalation", policy_id=policy.id, name="Step")
        contract = New("aftersales.contract", title="Own", partner_id=cls.customer.id, dealer_id=cls.dealer.id,
                       policy_id=policy.id, date_start="2026-01-01", company_id=company.id)
        contract._adopt("Test")
        request = New("aftersales.request", title="Breached", partner_id=cls.contact.id, company_id=company.id,
                      opened_at="2026-03-02 08:00:00")
        clock = request.clock_ids
        env["aftersales.evaluation.queue"]._put(request.ids)
        records = {
            "aftersales.team": team, "aftersales.sla.policy": policy, "aftersales.sla.target": target,
            "aftersales.sla.escalation": step, "aftersales.contract": contract, "aftersales.request": request,
            "aftersales.request.event": request.event_ids, "aftersales.sla.clock": clock,
            "aftersales.evaluation.queue": env["aftersales.evaluation.queue"].search([("request_id", "=", request.id)]),
            "aftersales.sla.policy.calendar": New(
                "aftersales.sla.policy.calendar", policy_id=policy.id, country_id=env.ref("base.tw").id,
                calendar_id=cls.office.id),
            "aftersales.sla.status.rule": New("aftersales.sla.status.rule", policy_id=policy.id, status_id=status.id,
                                              effect="run"),
            "aftersales.asset": New("aftersales.asset", name="A-1", partner_id=cls.customer.id, contract_id=contract.id,
                                    company_id=company.id),
            "aftersales.sla.clock.change": New(
                "aftersales.sla.clock.change", clock_id=clock.id, changed_at="2026-03-03 08:00:00", cause="facts"),
            "aftersales.sla.escalation.log": New(
                "aftersales.sla.escalation.log", clock_id=clock.id, escalation_id=step.id,
                due_at="2026-03-02 09:00:00", fired_at="2026-03-02 09:00:00"),
            "aftersales.sla.excuse": New("aftersales.sla.excuse", clock_id=clock.id, evidence="<p>Proof</p>"),
        }
        records.update(cls._statement_of(contract, clock, target))
        for room in ROOMS:
            draft = New("aftersales.contract", title=ROOM_TITLE, partner_id=cls.customer.id, dealer_id=cls.dealer.id,
                        policy_id=policy.id, date_start="2026-01-01", company_id=company.id)
            records.update(room.one_of_each(cls, New, company, draft))
        records.update(cls._import_of(company, New, status))
        return records

    @classmethod
    def _statement_of(cls, contract, clock, target):
        env = contract.env
        month = {"period_start": "2026-03-01", "period_end": "2026-03-31"}
        figures = {"target_id": target.id, "metric": target.metric, "objective": 95}
        statement = env["aftersales.statement"].create({
            **month, "contract_id": contract.id, "start_at": "2026-03-01 00:00:00", "end_at": "2026-04-01 00:00:00",
            "zone": "UTC"})
        line = env["aftersales.statement.line"].create({**figures, "statement_id": statement.id})
        stated = env["aftersales.statement.clock"].create({
            "statement_id": statement.id, "contract_id": contract.id, "clock_ref": clock.id, "clock_id": clock.id,
            "target_id": target.id, "verdict": "breached"})
        correction = env["aftersales.statement.correction"].create({
            "contract_id": contract.id, "origin_id": statement.id, "clock_ref": clock.id, "target_id": target.id,
            "found_at": "2026-04-02 08:00:00", "was_verdict": "breached", "is_verdict": "met"})
        compliance = env["aftersales.compliance"].create({
            **month, **figures, "contract_id": contract.id, "company_id": contract.company_id.id})
        statement._write_unguarded({
            "state": "closed", "name": f"ST/{contract.id}", "snapshot": {"schema": 1}, "snapshot_hash": "?"})
        env["aftersales.compliance.queue"]._put(contract.ids)
        return {
            "aftersales.statement": statement, "aftersales.statement.line": line, "aftersales.statement.clock": stated,
            "aftersales.statement.correction": correction, "aftersales.compliance": compliance,
            "aftersales.compliance.queue": env["aftersales.compliance.queue"].search(
                [("contract_id", "=", contract.id)], limit=1)}

    @classmethod
    def _import_of(cls, company, New, status):
        profile = New("aftersales.import.profile", name="Log", company_id=company.id, source="log")
        run = New("aftersales.event.import.run", name="log.csv", profile_id=profile.id)
        return {
            "aftersales.import.profile": profile, "aftersales.event.import.run": run,
            "aftersales.import.column": New(
                "aftersales.import.column", profile_id=profile.id, column="x", field="title"),
            "aftersales.import.state": New(
                "aftersales.import.state", profile_id=profile.id, pattern="Opened", status_id=status.id),
            "aftersales.import.value": New(
                "aftersales.import.value", profile_id=profile.id, field="impact", foreign="3 - Low", value="low"),
            "aftersales.event.import.row": New(
                "aftersales.event.import.row", run_id=run.id, reference="1", source_state="x",
                occurred_at="2026-03-02 08:00:00"),
            "aftersales.event.import.error": New("aftersales.event.import.error", run_id=run.id, line=1)}

    def rights(self, record, role):
        """The letters of the operations that the role may do on the record."""
        record = record.with_user(getattr(self, role)).with_context(allowed_company_ids=None)
        return "".join(letter for letter, operation in OPERATIONS.items() if record.has_access(operation))
