"""Parties: the contract's own partner among them, roles and dates, sourcing, signatories, merged contacts."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.sql_db import Cursor
from odoo.tests import Form

from .common import AftersalesCase
from .refusals import Refusals


class PartyCase(Refusals, AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Partner = cls.env["res.partner"]
        cls.formosa, cls.baltic = Partner.create([
            {"name": "Formosa Service", "is_company": True, "tz": "Asia/Taipei"},
            {"name": "Baltic Service", "is_company": True, "tz": "Europe/Warsaw"}])
        cls.provider_type = cls.env.ref("aftersales_contracts.contract_type_provider")

    def a_draft(self, **values):
        return self.a_contract(activate=False, **values).with_user(self.anna)

    def add(self, contract, partner, role="provider", **values):
        return self.env["aftersales.contract.party"].with_user(contract.env.user).create(
            {"contract_id": contract.id, "partner_id": partner.id, "role": role, **values})

    def roles(self, contract):
        return sorted((party.partner_id.name, party.role, party.is_main) for party in contract.party_ids)


class TestMainParty(PartyCase):
    def test_the_partner_is_a_party_without_being_typed(self):
        draft = self.a_draft()
        self.assertEqual(self.roles(draft), [("Harbour Freight", "customer", True)])
        draft.partner_id = self.stranger
        self.assertEqual(self.roles(draft), [("Somebody Else", "customer", True)])
        draft.write({"contract_type_id": self.provider_type.id, "partner_id": self.formosa.id})
        self.assertEqual(self.roles(draft), [("Formosa Service", "provider", True)])
        self.assertEqual(draft.party_ids.tz, "Asia/Taipei")

    def test_typed_in_as_well_it_stands_there_once(self):
        draft = self.a_draft(party_ids=[Command.create({"partner_id": self.customer.id, "role": "customer"}),
                                        Command.create({"partner_id": self.formosa.id, "role": "payer"})])
        self.assertEqual(self.roles(draft), [
            ("Formosa Service", "payer", False), ("Harbour Freight", "customer", True)])

    def test_the_form_of_a_new_contract_shows_it_after_saving(self):
        form = Form(self.env["aftersales.contract"].with_user(self.anna))
        form.title, form.partner_id, form.policy_id = "Typed", self.customer, self.policy
        with form.party_ids.new() as party:
            party.partner_id, party.role = self.formosa, "signatory"
        self.assertEqual(self.roles(form.save()), [
            ("Formosa Service", "signatory", False), ("Harbour Freight", "customer", True)])

    def test_it_changes_with_the_contract_only(self):
        draft = self.a_draft()
        main = draft.party_ids
        for values in ({"partner_id": self.stranger.id}, {"role": "payer"}, {"is_main": False}):
            with self.subTest(values), self.refused(UserError, "Harbour Freight.*own partner"):
                main.write(values)
        with self.refused(UserError, "stays in it"):
            main.unlink()
        other = self.add(draft, self.formosa, "payer")
        with self.refused(UserError, "own partner"):
            other.is_main = True
        main.write({"may_sign": True, "location": "near_shore", "partner_id": self.customer.id})
        self.assertTrue(main.may_sign)

    def test_the_dealer_is_a_party_and_follows(self):
        draft = self.a_draft(dealer_id=self.dealer.id, service_mode="authorised", scope_ids=[
            Command.create({"executor_id": self.dealer.id})])
        self.assertIn(("Northern Dealer", "dealer", False), self.roles(draft))
        draft.dealer_id = self.baltic
        self.assertEqual(self.roles(draft), [
            ("Baltic Service", "dealer", False), ("Harbour Freight", "customer", True)])
        self.assertEqual(draft.scope_ids.executor_id, self.baltic)

    def test_many_contracts_at_once_take_one_query_for_their_parties(self):
        vals = {"title": "Many", "partner_id": self.customer.id, "policy_id": self.policy.id}
        statements, execute = [], Cursor.execute

        def spy(cr, query, *args, **kwargs):
            statements.append(str(query))
            return execute(cr, query, *args, **kwargs)

        with patch.object(Cursor, "execute", spy):
            contracts = self.env["aftersales.contract"].create([dict(vals) for _place in range(20)])
            self.env.flush_all()
        self.assertEqual(len(contracts.party_ids.filtered("is_main")), 20)
        inserts = [one for one in statements if 'INSERT INTO "aftersales_contract_party"' in one]
        reads = [one for one in statements if 'FROM "aftersales_contract_party"' in one]
        self.assertEqual(len(inserts), 1)
        self.assertLessEqual(len(reads), 3)

    def test_parties_are_fixed_in_force(self):
        contract = self.contract.with_user(self.anna)
        with self.refused(UserError, f"{contract.name}.*amendment"):
            self.add(contract, self.formosa)
        with self.refused(UserError, f"{contract.name}.*amendment"):
            contract.party_ids.location = "off_shore"
        with self.assertRaises(UserError):
            contract.party_ids.unlink()

    def test_the_service_reads_and_managers_write(self):
        draft = self.a_draft()
        for user in (self.agent, self.felix, self.lena):
            self.assertEqual(draft.party_ids.with_user(user).role, "customer")
            with self.assertRaises(AccessError):
                self.add(draft.with_user(user), self.formosa)
        for user in (self.clerk, self.carla, self.outsider):
            with self.assertRaises(AccessError):
                draft.party_ids.with_user(user).read(["role"])

    def test_a_role_has_its_days(self):
        party = self.add(self.a_draft(), self.formosa, "payer", date_start="2026-02-01", date_end="2026-02-28")
        for day, found in (("2026-01-31", False), ("2026-02-01", True), ("2026-02-28", True), ("2026-03-01", False)):
            with self.subTest(day):
                self.assertEqual(bool(party._on(party._fields["date_start"].to_date(day))), found)


class TestSourcing(PartyCase):
    def test_a_single_vendor_is_one_on_each_day(self):
        draft = self.a_draft()
        self.add(draft, self.formosa, date_end="2026-06-30")
        with self.refused(ValidationError, "Formosa Service and Baltic Service"):
            self.add(draft, self.baltic, date_start="2026-06-30")
        self.add(draft, self.baltic, date_start="2026-07-01")
        draft.sourcing = "multi_vendor"
        self.add(draft, self.stranger)
        with self.refused(ValidationError, f"{draft.name}.*single vendor"):
            draft.sourcing = "single"

    def test_the_concentration_is_the_largest_share_of_one_vendor(self):
        incident, repair = (self.env.ref(f"aftersales_contracts.type_{code}") for code in ("incident", "repair"))
        tiers = self.env["aftersales.support.tier"].search([], limit=2)
        draft = self.a_draft(sourcing="multi_vendor", type_ids=[Command.set((incident | repair).ids)],
                             tier_ids=[Command.set(tiers.ids)])
        self.assertFalse(draft.concentration_text)
        self.add(draft, self.formosa), self.add(draft, self.baltic)
        line = {"contract_id": draft.id, "type_id": incident.id}
        Line = self.env["aftersales.scope.line"]
        Line.create([
            {**line, "executor_id": self.formosa.id}, {**line, "type_id": repair.id, "tier_id": tiers[0].id},
            {**line, "type_id": repair.id, "tier_id": tiers[1].id, "executor_id": self.baltic.id}])
        self.assertEqual(draft.concentration, 0.5)
        self.assertEqual(draft.concentration_text, "Formosa Service executes 2 of 4 cells of the scope (50 %).")

    def test_vendors_of_one_specialty_and_archived_ones_are_pointed_out(self):
        draft = self.a_draft(sourcing="multi_vendor")
        self.add(draft, self.formosa, specialty="repair"), self.add(draft, self.baltic, specialty="repair")
        self.baltic.active = False
        warnings = "\n".join(draft._draft_warnings())
        self.assertIn("Formosa Service, Baltic Service are all there for Repair", warnings)
        self.assertIn("Party Baltic Service (Provider) is archived", warnings)

    def test_a_type_that_needs_signatories_asks_for_both_sides(self):
        draft = self.a_draft()
        draft.sudo().contract_type_id = self.env["aftersales.contract.type"].create({
            "name": "Signed by both", "needs_signatory": True})
        missing = lambda: ", ".join(draft._activation_gaps())  # noqa: E731
        self.assertIn("our side who may sign, somebody of the other side", missing())
        self.add(draft, self.contact, "signatory", sign_order=20)
        self.assertNotIn("other side", missing())
        self.add(draft, self.company.partner_id, "signatory", sign_order=5)
        self.assertNotIn("may sign", missing())
        self.assertEqual(draft._signatories().mapped("side"), ["us", "them"])


class TestRow34Contacts(PartyCase):
    """Edge row 34: archived and merged contacts."""

    def merge(self, source, target):
        self.env["base.partner.merge.automatic.wizard"]._merge((source | target).ids, target)
        self.env.invalidate_all()

    def test_row34_a_merged_partner_stays_in_its_contract(self):
        twin = self.env["res.partner"].create({"name": "Harbour Freight Ltd", "is_company": True})
        contract = self.a_contract(partner_id=twin.id, dealer_id=self.dealer.id)
        self.merge(twin, self.customer)
        self.assertEqual(contract.partner_id, self.customer)
        self.assertEqual(self.roles(contract), [
            ("Harbour Freight", "customer", True), ("Northern Dealer", "dealer", False)])
        self.assertEqual(self.a_request(partner_id=self.contact.id).contract_id, contract)

    def test_row34_merging_two_vendors_of_one_contract_keeps_both_roles_and_says_so(self):
        draft = self.a_draft(sourcing="multi_vendor")
        self.add(draft, self.formosa), self.add(draft, self.baltic)
        self.env["aftersales.scope.line"].create({"contract_id": draft.id, "executor_id": self.baltic.id})
        self.merge(self.baltic, self.formosa)
        self.assertEqual(draft.scope_ids.executor_id, self.formosa)
        self.assertIn("Formosa Service stands in the parties twice", "\n".join(draft._draft_warnings()))
        self.assertEqual(len(draft.copy().party_ids), 3)
        (draft.party_ids.filtered(lambda party: party.partner_id == self.formosa and party != draft.scope_ids.party_id)
         ).unlink()
        self.assertNotIn("twice", "\n".join(draft._draft_warnings()))

    def test_row34_merging_the_customer_with_a_vendor_keeps_one_main_party(self):
        draft = self.a_draft()
        self.add(draft, self.formosa)
        self.merge(self.customer, self.formosa)
        self.assertEqual(self.roles(draft), [
            ("Formosa Service", "customer", True), ("Formosa Service", "provider", False)])
        self.put_in_force(draft)

    def test_row34_an_archived_customer_keeps_its_cover(self):
        self.customer.active = False
        self.assertEqual(self.a_request().contract_id, self.contract)
        self.assertEqual(self.contract.party_ids.partner_id, self.customer)
        self.env["aftersales.nightly"]._steps()
        copied = self.contract.copy()
        self.assertEqual(copied.party_ids.partner_id, self.customer)
