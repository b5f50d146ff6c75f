"""Scope: one executor a cell, gaps shown, and who executes a request with the reason."""

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from .common import AftersalesCase
from .refusals import Refusals


class ScopeCase(Refusals, AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.incident, cls.repair = (cls.env.ref(f"aftersales_contracts.type_{code}") for code in ("incident", "repair"))
        cls.l1, cls.l2 = (cls.env.ref(f"aftersales_contracts.tier_{code}") for code in ("l1", "l2"))
        cls.formosa = cls.env["res.partner"].create({"name": "Formosa Service", "is_company": True})
        cls.team, cls.formosa_team, cls.experts = cls.env["aftersales.team"].create(
            [{"name": "Field Service"}, {"name": "Formosa Team"}, {"name": "Experts"}])
        cls.germany, cls.taiwan, cls.poland = (cls.env.ref(f"base.{code}") for code in ("de", "tw", "pl"))
        cls.north, cls.east = cls.env["aftersales.region"].create([
            {"name": "North", "country_ids": [Command.set(cls.germany.ids)]},
            {"name": "East", "country_ids": [Command.set(cls.taiwan.ids)]}])
        cls.draft = cls.a_contract(
            activate=False, team_id=cls.team.id, type_ids=[Command.set((cls.incident | cls.repair).ids)],
            tier_ids=[Command.set((cls.l1 | cls.l2).ids)],
            party_ids=[Command.create({"partner_id": cls.formosa.id, "role": "provider"})])

    def line(self, contract=None, **values):
        return self.env["aftersales.scope.line"].with_user(self.anna).create(
            {"contract_id": (contract or self.draft).id, **values})


class TestScopeMatrix(ScopeCase):
    def test_an_overlap_is_refused_naming_both_lines_and_the_cell(self):
        self.line(tier_id=self.l1.id, executor_id=self.formosa.id)
        with self.assertRaisesRegex(ValidationError, (
                r"the lines every service · L1 · everywhere: Formosa Service and Repair · every tier · everywhere: .* "
                r"both serve Repair · L1 · everywhere\.")), self.cr.savepoint():
            self.line(type_id=self.repair.id)
        other = self.line(type_id=self.repair.id, tier_id=self.l2.id)
        with self.refused(ValidationError, "both serve"):
            other.tier_id = False

    def test_the_same_executor_twice_in_a_cell_is_an_overlap_too(self):
        self.line()
        with self.refused(ValidationError, "both serve Incident · L1 · everywhere"):
            self.line()

    def test_gaps_are_shown_and_warned_of_but_do_not_block(self):
        self.draft.service_mode = "hybrid"
        with self.refused(ValidationError, "its scope of service"):
            self.draft.with_user(self.anna).action_submit()
        self.line(tier_id=self.l1.id, region_id=self.north.id)
        self.line(region_id=self.east.id, executor_id=self.formosa.id)
        board = self.draft.with_user(self.agent).scope_matrix
        self.assertEqual([board[key] for key in ("gaps", "covered", "cells", "regions")], [2, 6, 8, ["East", "North"]])
        kinds = {row["name"]: [cell["kind"] for cell in row["cells"]] for row in board["rows"]}
        self.assertEqual(kinds["Repair"], ["party", "us", "party", "gap"])
        self.assertEqual([(one["name"], one["cells"]) for one in board["legend"]],
                         [(self.company.partner_id.name, 2), ("Formosa Service", 4)])
        self.assertIn("Nobody executes 2 of 8 cells", "\n".join(self.draft._draft_warnings()))
        self.draft.with_user(self.anna).action_submit()
        self.assertEqual(self.draft.state, "review")

    def test_a_line_left_open_covers_the_rest_of_the_world(self):
        self.line(tier_id=self.l1.id)
        self.line(tier_id=self.l2.id, region_id=self.north.id)
        self.assertEqual(self.draft.scope_matrix["regions"], ["North", "elsewhere"])
        self.assertEqual(self.draft.scope_gap_count, 2)

    def test_modes_that_leave_service_to_others_ask_for_scope(self):
        for mode, asked in (("in_house", False), ("self_service", False), ("outsourced", True), ("hybrid", True),
                            ("authorised", True)):
            with self.subTest(mode):
                self.draft.service_mode = mode
                self.assertEqual("its scope of service (who executes what)" in self.draft._activation_gaps(), asked)

    def test_only_a_provider_or_dealer_among_the_parties_executes(self):
        with self.refused(ValidationError, "Somebody Else executes .* neither a provider nor a dealer"):
            self.line(executor_id=self.stranger.id)
        line = self.line(executor_id=self.formosa.id)
        with self.refused(UserError, "executes the scope line"):
            line.party_id.unlink()
        line.party_id.role = "payer"
        self.assertIn("among its providers and dealers", "\n".join(self.draft._activation_gaps()))

    def test_two_regions_of_a_contract_do_not_share_a_country(self):
        baltic = self.env["aftersales.region"].create(
            {"name": "Baltic", "country_ids": [Command.set((self.germany | self.poland).ids)]})
        self.line(region_id=self.north.id, tier_id=self.l1.id)
        with self.refused(ValidationError, "both serve Germany.*North.*Baltic"):
            self.line(region_id=baltic.id, tier_id=self.l2.id)
        baltic.country_ids = self.poland
        self.line(region_id=baltic.id, tier_id=self.l2.id)
        with self.refused(ValidationError, "both serve Germany"):
            baltic.country_ids |= self.germany

    def test_a_region_is_fixed_once_it_stands_on_a_contract(self):
        self.line(region_id=self.north.id)
        self.north.with_user(self.anna).country_ids |= self.poland
        self.put_in_force(self.draft)
        with self.refused(UserError, f"North cannot change: contract {self.draft.name}"):
            self.north.with_user(self.anna).country_ids = self.taiwan
        self.north.with_user(self.anna).name = "Northern Europe"

    def test_a_region_is_somewhere(self):
        with self.refused(ValidationError, "Nowhere is nowhere"):
            self.env["aftersales.region"].create({"name": "Nowhere"})

    def test_shared_regions_are_the_administrators(self):
        shared = self.env["aftersales.region"].create(
            {"name": "World", "company_id": False, "country_ids": [Command.set(self.poland.ids)]})
        self.assertEqual(shared.with_user(self.other_manager).name, "World")
        self.assertFalse(shared.with_user(self.anna).has_access("write"))
        self.assertTrue(shared.with_user(self.boss).has_access("write"))

    def test_a_copied_contract_has_its_own_scope(self):
        self.line(executor_id=self.formosa.id, tier_id=self.l1.id)
        copied = self.draft.with_user(self.anna).copy()
        self.assertEqual(copied.scope_ids.party_id.contract_id, copied)
        self.assertNotEqual(copied.scope_ids.row_key, self.draft.scope_ids.row_key)
        self.assertEqual(copied.scope_gap_count, 2)

    def test_an_archived_type_keeps_its_cells(self):
        self.line(type_id=self.repair.id)
        self.repair.active = False
        self.draft.type_ids = False
        self.assertIn("Repair", [row["name"] for row in self.draft.scope_matrix["rows"]])


class TestExecutor(ScopeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bavaria = cls.env.ref("base.state_de_by")
        cls.south = cls.env["aftersales.region"].create({"name": "South", "state_ids": [Command.set(cls.bavaria.ids)]})
        cls.draft.write({"sourcing": "multi_vendor", "party_ids": [
            Command.create({"partner_id": cls.stranger.id, "role": "provider", "date_end": "2026-06-30"})]})
        cls.env["aftersales.scope.line"].create([
            {"contract_id": cls.draft.id, "region_id": region.id, **values} for region, values in (
                (cls.north, {"tier_id": cls.l1.id}),
                (cls.north, {"tier_id": cls.l2.id, "team_id": cls.experts.id}),
                (cls.south, {"executor_id": cls.stranger.id}),
                (cls.east, {"tier_id": cls.l1.id, "executor_id": cls.formosa.id, "team_id": cls.formosa_team.id}))])
        cls.put_in_force(cls.draft)
        cls.contract._transition("terminate", date_end="2026-01-31")

    def executor(self, service=None, tier=None, place=None, day="2026-03-02"):
        found = self.draft._executor(
            service or self.incident.browse(), tier or self.l1.browse(), place,
            self.env["aftersales.cover"]._fields["date_start"].to_date(day))
        return found.partner.name, found.team.name, found.reason

    def test_the_cell_names_the_executor_with_its_team(self):
        us, name = self.company.partner_id.name, self.draft.name
        line = "Scope of contract {}: {}.".format
        for args, expected in (
            ((self.incident, self.l1, self.germany),
             (us, "Field Service", line(name, f"every service · L1 · North: {us}"))),
            ((self.incident, self.l2, self.germany), (us, "Experts", line(name, f"every service · L2 · North: {us}"))),
            ((self.repair, None, self.taiwan),
             ("Formosa Service", "Formosa Team", line(name, "every service · L1 · East: Formosa Service"))),
            ((self.repair, self.l1, self.bavaria),
             ("Somebody Else", "Field Service", line(name, "every service · every tier · South: Somebody Else"))),
            ((None, self.l1, self.east),
             ("Formosa Service", "Formosa Team", line(name, "every service · L1 · East: Formosa Service"))),
        ):
            with self.subTest(args):
                self.assertEqual(self.executor(*args), expected)

    def test_what_names_nobody_says_why(self):
        question, l3 = (self.env.ref(f"aftersales_contracts.{ref}") for ref in ("type_question", "tier_l3"))
        for args, reason in (
            ((self.incident, self.l2, self.taiwan),
             "A gap in the scope of contract {}: nobody executes Incident · L2 · East."),
            ((self.incident, self.l1, self.poland), "No region in the scope of contract {} includes Poland."),
            ((question, self.l1, self.germany), "Contract {} does not cover Question on tier L1."),
            ((self.incident, l3, self.germany), "Contract {} does not cover Incident on tier L3."),
            ((self.incident, self.l1, None), "The scope of contract {} names several executors"),
        ):
            with self.subTest(args):
                partner, team, found = self.executor(*args)
                self.assertFalse(partner or team)
                self.assertIn(reason.format(self.draft.name), found)

    def test_a_party_executes_in_its_own_days_only(self):
        self.assertEqual(self.executor(self.repair, self.l1, self.bavaria, "2026-06-30")[0], "Somebody Else")
        partner, _team, reason = self.executor(self.repair, self.l1, self.bavaria, "2026-07-01")
        self.assertFalse(partner)
        self.assertIn("has no role in it on 2026-07-01", reason)

    def test_a_request_shows_who_executes_it_and_gets_the_team(self):
        request = self.a_request(country_id=self.taiwan.id, type_id=self.incident.id, tier_id=self.l1.id)
        self.assertEqual((request.contract_id, request.executor_id, request.team_id),
                         (self.draft, self.formosa, self.formosa_team))
        self.assertIn("East: Formosa Service", request.executor_reason)
        own = self.a_request(country_id=self.germany.id, team_id=self.experts.id, tier_id=self.l1.id)
        self.assertEqual((own.executor_id, own.team_id), (self.company.partner_id, self.experts))

    def test_a_request_of_bavaria_is_not_the_countrys(self):
        self.customer.write({"country_id": self.germany.id, "state_id": self.bavaria.id})
        self.assertEqual(self.a_request(country_id=self.germany.id).executor_id, self.stranger)

    def test_an_escalated_request_goes_to_the_executor_of_its_tier(self):
        request = self.a_request(country_id=self.germany.id, tier_id=self.l1.id, type_id=self.incident.id)
        self.assertEqual(request.team_id, self.team)
        request.with_user(self.agent).write({"tier_id": self.l2.id})
        self.assertEqual(request.scope_line_id.tier_id, self.l2)
        self.assertEqual(request.team_id, self.team)  # chosen by the contract, not by the scope: people decide
        request.team_id = False
        request.tier_id = self.l1
        request.tier_id = self.l2
        self.assertEqual(request.team_id, self.experts)

    def test_a_gap_is_said_on_the_request(self):
        request = self.a_request(country_id=self.taiwan.id, type_id=self.incident.id, tier_id=self.l2.id)
        self.assertFalse(request.executor_id)
        self.assertIn("A gap in the scope", request.executor_reason)

    def test_without_contract_or_scope_nobody_is_named(self):
        plain = self.a_contract(title="Plain", partner_id=self.stranger.id)
        request = self.a_request(partner_id=self.stranger.id)
        self.assertEqual((request.contract_id, request.executor_id.id, request.executor_reason), (plain, False, False))
        request.contract_id = False
        self.assertFalse(request.executor_reason)

    def test_a_customer_does_not_choose_the_executor(self):
        request = self.a_request(country_id=self.taiwan.id, partner_id=self.contact.id)
        self.assertNotIn("scope_line_id", request._term_values(("tier_id",)))
        self.assertFalse(request.with_user(self.carla).has_access("write"))
