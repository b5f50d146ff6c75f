"""Rights as a table: every model, every role, every operation, own and foreign company; and what the portal sees."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .common import ADDON
from .permission_matrix import CONFIGURATION, RECORDS, WIZARDS
from .security_case import INSIDE, PORTAL, ROOM_TITLE, MatrixCase


class TestPermissionMatrix(MatrixCase):
    def test_every_model_is_in_the_matrix(self):
        models = {name for name, model in self.env.registry.items()
                  if name.startswith("aftersales.") and not model._abstract and model._original_module == ADDON}
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
                managers = RECORDS[model].get("anna", "")
                self.assertEqual(self.rights(self.foreign[model], "other_manager"), managers, model)

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
        found = self.env[model].with_user(getattr(self, role)).search(
            [("company_id", "in", (self.company | self.other_company).ids)])
        if model == "aftersales.contract":  # the rooms put theirs into states of their own
            found = found.filtered(lambda contract: contract.title != ROOM_TITLE)
        if model == "aftersales.request":  # those under which the rooms' claims run
            found = found.filtered(lambda request: not request.sudo().claim_ids)
        if model == "aftersales.sla.clock":  # and their clocks
            found = found.filtered(lambda clock: not clock.sudo().request_id.claim_ids)
        if model == "aftersales.asset":  # the rooms' machines of the same customer
            own = self.own[model]
            found = found.filtered(lambda asset: asset == own or asset.sudo().partner_id != own.partner_id)
        return set(found.mapped("display_name"))

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
            ("aftersales.request.event", {
                "request_id": self.own["aftersales.request"].id, "occurred_at": "2026-03-02 09:00:00",
                "status_id": self.env.ref("aftersales_contracts.status_resolved").id}),
            ("aftersales.sla.excuse", {"clock_id": self.own["aftersales.sla.clock"].id}),
        ):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.carla).create([values])


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
        for companies, found in ((both.company_ids, ids), (self.company, ids[:1])):
            visible = Contract.with_context(allowed_company_ids=companies.ids).search([("id", "in", ids)])
            self.assertEqual(set(visible.ids), set(found))
