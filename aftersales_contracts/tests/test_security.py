"""Rights as a table: every model, every role, every operation, own and foreign company; then the buttons."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw

from .common import AftersalesCase
from .permission_matrix import BUTTONS, CONFIGURATION, RECORDS, WIZARDS

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
INSIDE = ("agent", "anna", "felix", "lena", "boss", "clerk")
PORTAL = ("carla", "diego", "outsider")
HARMLESS = ("action_view_", "action_open_", "action_preview", "action_record_event", "action_propose_excuse", "action_refresh")  # they answer with a window


class _UndoneError(Exception):
    """Ends a trial so that nothing of it stays."""


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
        contract.action_activate()
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


class TestPermissionMatrix(MatrixCase):
    def test_every_model_is_in_the_matrix(self):
        models = {name for name, model in self.env.registry.items()
                  if name.startswith("aftersales.") and not model._abstract}
        self.assertEqual(models, {*RECORDS, *CONFIGURATION, *WIZARDS})

    def test_own_company(self):
        for model, row in RECORDS.items():
            for role in INSIDE + PORTAL:
                with self.subTest(f"{role} on {model}"):
                    self.assertEqual(self.rights(self.own[model], role), row.get(role, ""), f"{role} on {model}")

    def test_another_companys_records_are_out_of_reach(self):
        for model in RECORDS:
            for role in INSIDE + PORTAL:
                with self.subTest(f"{role} on {model}"):
                    self.assertEqual(self.rights(self.foreign[model], role), "", f"{role} on {model}")
                    user = getattr(self, role)
                    if self.env[model].with_user(user).has_access("read"):
                        found = self.env[model].with_user(user).search([("id", "in", self.foreign[model].ids)])
                        self.assertFalse(found, f"{role} finds {model}")
            with self.subTest(f"the other company's manager on {model}"):
                self.assertEqual(self.rights(self.own[model], "other_manager"), "", model)
                self.assertEqual(self.rights(self.foreign[model], "other_manager"), RECORDS[model].get("anna", ""), model)

    def test_configuration_and_wizards(self):
        for model, row in {**CONFIGURATION, **WIZARDS}.items():
            for role in INSIDE + PORTAL:
                with self.subTest(f"{role} on {model}"):
                    self.assertEqual(self.rights(self.env[model], role), row.get(role, ""), f"{role} on {model}")

    def test_results_are_nobodys_to_write(self):
        for model, values in (
            ("aftersales.sla.clock", {"state": "met"}), ("aftersales.sla.clock", {"excused": True}),
            ("aftersales.compliance", {"met": 100}), ("aftersales.statement.line", {"met": 100}),
            ("aftersales.statement", {"state": "draft"}), ("aftersales.statement", {"note": "better"}),
            ("aftersales.sla.excuse", {"state": "approved"}),
        ):
            for role in INSIDE:
                with self.subTest(f"{role} {model} {values}"), self.assertRaises(UserError):
                    self.own[model].with_user(getattr(self, role)).write(values)


class TestPortalRules(MatrixCase):
    def seen(self, role, model):
        """The titles or names that the user's search finds among the records of this test."""
        return set(self.env[model].with_user(getattr(self, role)).search(
            [("company_id", "in", (self.company | self.other_company).ids)]).mapped("display_name"))

    def test_each_sees_what_is_theirs(self):
        mine = self.own["aftersales.contract"]
        draft = self.a_contract(activate=False, title="Draft")
        served = self.a_contract(title="Served", partner_id=self.stranger.id, dealer_id=self.dealer.id)
        loose = self.a_request(title="Loose", partner_id=self.stranger.id, company_id=self.company.id)
        loose.contract_id = False
        open_statement = self.env["aftersales.statement"].create({
            "contract_id": mine.id, "period_start": "2026-04-01", "period_end": "2026-04-30", "zone": "UTC",
            "start_at": "2026-04-01 00:00:00", "end_at": "2026-05-01 00:00:00"})
        closed = self.own["aftersales.statement"]
        names = lambda *records: {record.display_name for record in records}  # noqa: E731
        for role, model, expected in (
            ("carla", "aftersales.contract", names(mine, self.contract)),
            ("diego", "aftersales.contract", names(mine, served)),
            ("outsider", "aftersales.contract", names(served)),
            ("carla", "aftersales.request", names(self.own["aftersales.request"])),
            ("diego", "aftersales.request", names(self.own["aftersales.request"])),
            ("outsider", "aftersales.request", names(loose)),
            ("carla", "aftersales.asset", names(self.own["aftersales.asset"])),
            ("outsider", "aftersales.asset", set()),
            ("carla", "aftersales.sla.clock", names(self.own["aftersales.sla.clock"])),
            ("diego", "aftersales.sla.clock", names(self.own["aftersales.sla.clock"])),
            ("outsider", "aftersales.sla.clock", names(*loose.clock_ids)),
            ("carla", "aftersales.statement", names(closed)),
            ("diego", "aftersales.statement", set()),
            ("outsider", "aftersales.statement", set()),
        ):
            with self.subTest(f"{role} {model}"):
                self.assertEqual(self.seen(role, model), expected, f"{role} {model}")
        for record in (draft, open_statement):
            with self.assertRaises(AccessError):
                record.with_user(self.carla).read(["display_name"])

    def test_a_reading_of_a_clock_is_shown_and_the_office_keeps_its_own(self):
        clock = self.own["aftersales.sla.clock"].with_user(self.carla)
        self.assertIn("late", clock.reading_text)
        for model, field in (("aftersales.contract", "note"), ("aftersales.request", "event_ids")):
            with self.subTest(field), self.assertRaises(AccessError):
                self.own[model].with_user(self.carla).read([field])

    def test_a_customer_creates_nothing_past_the_portal(self):
        for model, values in (
            ("aftersales.request", {"title": "By remote call", "partner_id": self.contact.id}),
            ("aftersales.request.event", {"request_id": self.own["aftersales.request"].id, "occurred_at": "2026-03-02 09:00:00",
                                          "status_id": self.env.ref("aftersales_contracts.status_resolved").id}),
            ("aftersales.sla.excuse", {"clock_id": self.own["aftersales.sla.clock"].id}),
        ):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.carla).create([values])


class TestButtons(MatrixCase):
    def outcome(self, role, record, method):
        """"refused" where the call ends for lack of rights, else "let in"; nothing of the call stays."""
        try:
            with self.env.cr.savepoint():
                call_kw(self.env[record._name].with_user(getattr(self, role)), method, [record.ids], {})
                raise _UndoneError
        except AccessError:
            return "refused"
        except (UserError, _UndoneError):  # the right was there; the state of the record may have said no
            return "let in"
        finally:
            self.env.invalidate_all()

    def test_each_button_lets_in_its_roles_only(self):
        for (model, method), roles in BUTTONS.items():
            for role in INSIDE + PORTAL:
                with self.subTest(f"{role} {model}.{method}"):
                    expected = "let in" if role in roles else "refused"
                    self.assertEqual(self.outcome(role, self.own[model], method), expected, f"{role} {model}.{method}")

    def test_no_button_of_ours_lets_strangers_in(self):
        for model in RECORDS:
            for method in self._own_buttons(model):
                for role in ("clerk", "carla", "outsider"):
                    with self.subTest(f"{role} {model}.{method}"):
                        self.assertEqual(self.outcome(role, self.own[model], method), "refused", f"{role} {model}.{method}")

    def _own_buttons(self, model):
        """The public action_* methods that this addon adds to a model, without those that only answer with a window."""
        classes = [c for c in type(self.env[model]).__mro__ if c.__module__.startswith("odoo.addons.aftersales_contracts")]
        names = {name for c in classes for name in vars(c) if name.startswith("action_")}
        return sorted(name for name in names if not name.startswith(HARMLESS))

    def test_facts_and_scheduled_actions_are_no_remote_calls(self):
        for model, method in (
            ("aftersales.request.event", "_append"), ("aftersales.sla.clock", "_cron_clocks"),
            ("aftersales.request", "_evaluate"), ("aftersales.statement", "_write_unguarded"),
            ("aftersales.contract", "_transition"), ("aftersales.evaluation.queue", "_put"),
        ):
            with self.subTest(method), self.assertRaises(AccessError):
                call_kw(self.env[model].with_user(self.boss), method, [[]], {})

    def test_dry_runs_ask_for_rights(self):
        Clock = self.env["aftersales.sla.clock"]
        for role in ("clerk", "outsider"):
            with self.subTest(role), self.assertRaises(AccessError):
                Clock.with_user(getattr(self, role)).dry_run_clocks()
        self.assertIsInstance(Clock.with_user(self.agent).dry_run_clocks(), list)

    def test_schedules_that_clocks_count_on_are_the_administrators(self):
        holiday = {"name": "Day off", "date_from": "2026-03-02 00:00:00", "date_to": "2026-03-02 23:59:59",
                   "calendar_id": self.office.id, "company_id": self.company.id}
        window = {"name": "Night", "dayofweek": "0", "hour_from": 18, "hour_to": 20, "calendar_id": self.office.id}
        for role in ("agent", "anna", "felix", "lena", "clerk", "carla"):
            user = getattr(self, role)
            for model, values in (("resource.calendar.leaves", holiday), ("resource.calendar.attendance", window)):
                with self.subTest(f"{role} {model}"), self.assertRaises(AccessError):
                    self.env[model].with_user(user).create([values])
            with self.subTest(role), self.assertRaises(AccessError):
                self.office.with_user(user).write({"tz": "Asia/Taipei"})
        self.env["resource.calendar.leaves"].with_user(self.boss).create([holiday])
        self.env["resource.calendar.attendance"].with_user(self.boss).create([window])
        self.office.with_user(self.boss).write({"tz": "Asia/Taipei"})

    def test_the_excuse_of_a_breach_takes_two_people(self):
        clock = self.a_request().clock_ids.filtered(lambda c: c.metric == "resolution")
        Excuse = self.env["aftersales.sla.excuse"]
        for role in ("agent", "lena", "clerk", "carla"):
            with self.subTest(role), self.assertRaises(AccessError):
                Excuse.with_user(getattr(self, role)).create({"clock_id": clock.id, "evidence": "<p>x</p>"})
        excuse = Excuse.with_user(self.felix).create({"clock_id": clock.id, "evidence": "<p>x</p>"})
        for role in ("anna", "felix"):
            with self.subTest(role), self.assertRaises(AccessError):
                excuse.with_user(getattr(self, role)).action_approve()
        excuse.with_user(self.boss).action_approve()
        self.assertRecordValues(clock, [{"state": "breached", "excused": True}])


class TestCompanies(MatrixCase):
    def test_a_contract_takes_nothing_of_another_company(self):
        for field, model in (("policy_id", "aftersales.sla.policy"), ("team_id", "aftersales.team")):
            with self.subTest(field), self.assertRaises(UserError):
                self.own["aftersales.contract"].write({field: self.foreign[model].id})
        with self.assertRaises(UserError):
            self.own["aftersales.asset"].contract_id = self.foreign["aftersales.contract"]
        with self.assertRaises(UserError):
            self.own["aftersales.request"].contract_id = self.foreign["aftersales.contract"]

    def test_both_companies_count_by_their_own_terms(self):
        self.foreign["aftersales.sla.target"].duration_minutes = 120
        queue = self.env["aftersales.evaluation.queue"].search([("cause", "=", "terms")])
        self.assertNotIn(self.own["aftersales.request"], queue.request_id)

    def test_a_manager_of_both_companies_sees_both(self):
        both = self._a_user("both", "aftersales_contracts.group_account_manager", company_id=self.company.id,
                            company_ids=[Command.set((self.company | self.other_company).ids)])
        Contract = self.env["aftersales.contract"].with_user(both)
        ids = (self.own["aftersales.contract"] | self.foreign["aftersales.contract"]).ids
        self.assertEqual(len(Contract.with_context(allowed_company_ids=both.company_ids.ids).search([("id", "in", ids)])), 2)
        self.assertEqual(Contract.with_context(allowed_company_ids=self.company.ids).search([("id", "in", ids)]).ids, ids[:1])
