"""No way leads a penalty clause into force that the lint refuses, or that cannot be measured."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time

from .clause_case import ContractPenaltyCase

MISSING = "penalty clause"


class TestGaps(ContractPenaltyCase):
    def test_each_gap_is_named(self):
        foreign = self.a_clause([self.a_component()], currency_id=self.env.ref("base.JPY").id)
        withdrawn = self.a_clause([self.a_component()])
        withdrawn.with_user(self.lena).action_withdraw()
        self.env["aftersales.sla.target"].create({
            "policy_id": self.policy.id, "metric": "resolution", "priority": "3", "duration_minutes": 60,
            "objective": 99})
        ambiguous = self.a_clause([self.a_component(kind="per_point", source="compliance", base="percent", rate=2)])
        for words, clause in (
            (rf"the release of penalty clause {self.unreleased._reference()}", self.unreleased),
            (r"sound penalty clause .*cap of 20 is below the first tier", self.unsound),
            (r"an SLA target that component Resolution of penalty clause", self.unmeasured),
            (r"in use instead of .*, which was withdrawn", withdrawn),
            (r"one objective of the SLA targets", ambiguous),
        ):
            with self.subTest(words):
                draft = self.a_draft(clause)
                self.assertRegex(", ".join(draft._penalty_gaps()), words)
                self.assertRegex(draft.penalty_clause_ids.gap_text, words)
                with self.refused(UserError, words):
                    draft.with_user(self.anna).action_submit()
        with self.refused(ValidationError, f"{foreign._reference()}.* is in JPY, contract .* in USD"):
            self.a_draft(foreign)
        draft = self.a_draft(self.clause)
        draft.currency_id = self.env.ref("base.JPY")
        self.assertRegex(", ".join(draft._penalty_gaps()), "in JPY")
        self.assertEqual(self.a_draft(self.clause)._penalty_gaps(), [])

    def test_one_version_of_a_clause_only(self):
        second = self.clause.browse(self.clause.action_new_version()["res_id"])
        second.with_user(self.lena).action_release()
        draft = self.a_draft(self.clause, second)
        self.assertEqual(draft._penalty_gaps(), [f"one version only of penalty clause {self.clause.number}"])
        with self.refused(UserError, "one version only"):
            draft.with_user(self.anna).action_submit()
        self.assertIn(f"there is a later version: {second.display_name}", self.a_draft(self.clause).draft_warning_text)
        self.assertNotIn("later version", self.a_draft(second).draft_warning_text or "")

    def test_a_contract_without_a_fee_is_warned_not_refused(self):
        clause = self.a_clause([self.bands()])
        draft = self.a_contract(activate=False, clauses=clause, price=None)
        self.assertEqual(draft._penalty_gaps(), [])
        self.assertRegex(draft.draft_warning_text, "percent of the fee, and the fee is zero")
        self.assertNotIn("zero", self.a_draft(clause).draft_warning_text or "")

    def test_a_cap_that_only_this_fee_does_not_reach_is_a_warning(self):
        """5 % of the fee never reach 100 where the fee is 1,000: odd, and harmless."""
        clause = self.a_clause([self.bands(band_ids=[Command.create({"bound": 95, "rate": 5})])],
                               period_cap_value=100, period_cap_base="amount")
        draft = self.a_draft(clause)
        self.assertEqual(draft._penalty_gaps(), [])
        self.assertRegex(draft.draft_warning_text, "cap of 100 can never be reached")

    def test_a_clause_of_another_company_is_refused(self):
        theirs = self.a_clause([self.a_component()], release=False, company_id=self.other_company.id)
        with self.refused(UserError, "Service Credits"):
            self.a_draft(theirs)

    def test_the_form_offers_what_fits(self):
        draft = self.a_draft()
        with Form(draft.with_user(self.anna)) as form, form.penalty_clause_ids.new() as row:
            row.clause_id = self.clause
        self.assertEqual(draft.penalty_clause_ids.clause_id, self.clause)
        self.assertIn("For each failure, the provider credits", draft.penalty_clause_ids.words_text)

    def test_who_changes_the_clauses_of_a_draft(self):
        draft = self.a_draft()
        for role in ("anna", "lena", "boss"):
            row = self.env["aftersales.contract.penalty"].with_user(getattr(self, role)).create(
                {"contract_id": draft.id, "clause_id": self.clause.id})
            row.unlink()
        for role in ("agent", "felix", "clerk", "carla", "diego", "other_manager"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.env["aftersales.contract.penalty"].with_user(getattr(self, role)).create(
                    {"contract_id": draft.id, "clause_id": self.clause.id})


class TestNoWayIn(ContractPenaltyCase):
    """A clause that is refused does not get into force by any way."""

    def in_force(self, contract):
        return contract.state in ("signed", "active", "suspended", "notice")

    def test_submitting(self):
        for clause in self.refused_clauses:
            draft = self.a_draft(clause)
            for user in (self.anna, self.boss):
                with self.subTest(f"{clause.name} {user.login}"), self.refused(UserError, MISSING):
                    draft.with_user(user).action_submit()
            self.assertEqual(draft.state, "draft")

    def test_a_remote_write_of_the_state_or_of_the_rows(self):
        for clause in self.refused_clauses:
            for user in (self.anna, self.boss):
                with self.subTest(f"{clause.name} {user.login}"):
                    with self.refused(UserError, "only through its buttons"):
                        self.a_draft(clause).with_user(user).write({"state": "active"})
                    row = {"contract_id": self.contract.id, "clause_id": clause.id}
                    with self.refused(UserError, "in force"):
                        self.env["aftersales.contract.penalty"].with_user(user).create(row)
                    with self.refused(UserError, "in force"):
                        self.contract.penalty_clause_ids.with_user(user).write({"clause_id": clause.id})
                    with self.refused(UserError, "in force"):
                        self.a_draft(clause).penalty_clause_ids.with_user(user).write({"contract_id": self.contract.id})
                    with self.refused(UserError, "in force"):
                        self.contract.with_user(user).write({"penalty_clause_ids": [
                            Command.create({"clause_id": clause.id})]})

    def test_a_clause_put_under_a_contract_on_its_way(self):
        """Between review and activation the rows are locked, and every move looks again."""
        for until in ("submit", "approve", "sign"):
            contract = self.put_in_force(self.a_draft(self.clause), until=until)
            with self.subTest(until):
                with self.refused(UserError, "."):
                    contract.penalty_clause_ids.with_user(self.boss).write({"clause_id": self.unreleased.id})
                with self.refused(ValidationError, "is not released, and contract .* is no draft"):
                    contract.penalty_clause_ids._write_unlocked({"clause_id": self.unreleased.id})
                contract.penalty_clause_ids._write_unlocked({"clause_id": self.unsound.id})
                action = {"submit": "approve", "approve": "sign", "sign": "activate"}[until]
                with self.refused(UserError, "cap of 20 is below the first tier|the terms have changed"):
                    contract._transition(action)

    def test_the_night_does_not_activate_it_either(self):
        contract = self.put_in_force(self.a_draft(self.clause), until="sign")
        contract.penalty_clause_ids._write_unlocked({"clause_id": self.unsound.id})
        self.assertEqual(contract.state, "signed")
        with self.refused(UserError, "cap of 20"), freeze_time("2027-06-01"):
            contract.sudo()._transition("activate")

    def test_adopting_is_the_systems_and_refuses_it_too(self):
        """`_adopt` is for data loaded by the superuser; it skips approval and signature, not the soundness."""
        with self.assertRaises(AccessError):
            self.a_draft(self.clause).with_user(self.boss)._adopt("Test")
        for clause in self.refused_clauses:
            draft = self.a_draft(clause)
            with self.subTest(clause.name), self.refused(UserError, MISSING):
                draft._adopt("Test")
            self.env.invalidate_all()
            self.assertEqual(draft.state, "draft")

    def test_an_amendment(self):
        for clause in self.refused_clauses:
            with freeze_time("2027-05-20 08:00:00"):
                added = self.contract.make_amendment("2027-06-01", "Agreed", "clause")
                self.env["aftersales.contract.penalty"].create({"contract_id": added.id, "clause_id": clause.id})
                changed = self.contract.make_amendment("2027-06-01", "Agreed", "clause")
                changed.penalty_clause_ids.clause_id = clause
                for draft in (added, changed):
                    with self.subTest(clause.name):
                        with self.refused(UserError, MISSING):
                            draft.with_user(self.anna).action_submit()
                        with self.refused(UserError, MISSING):
                            draft._adopt("Test")
                        self.assertEqual(draft.state, "draft")
        self.assertEqual(self.contract.penalty_clause_ids.clause_id, self.clause)

    def test_an_amendment_that_makes_a_sound_clause_unsound(self):
        """The prices of the amendment count: the cap of 50 was fine at 1,000 a month."""
        clause = self.a_clause([self.bands(band_ids=[Command.create({"bound": 95, "rate": 5})])],
                               period_cap_value=50, period_cap_base="amount")
        contract = self.a_contract(clauses=clause)
        with freeze_time("2027-05-20 08:00:00"):
            draft = contract.make_amendment("2027-06-01", "Dearer", "price")
            draft.line_ids.price = 3000
            with self.refused(UserError, "cap of 50 is below the first tier"):
                draft.with_user(self.anna).action_submit()

    def test_a_template(self):
        for clause in self.refused_clauses:
            template = self.env["aftersales.contract"].create({
                "title": "Template", "is_template": True, "policy_id": self.policy.id, "date_start": "2026-01-01",
                "penalty_clause_ids": [Command.create({"clause_id": clause.id})],
                "line_ids": [Command.create({"name": "Care", "price": 1000})]})
            wizard = self.env["aftersales.contract.from.template"].with_user(self.anna).create({
                "partner_id": self.customer.id, "date_start": "2026-03-01", "template_id": template.id})
            made = self.env["aftersales.contract"].browse(wizard.action_create()["res_id"])
            with self.subTest(clause.name):
                self.assertEqual(made.penalty_clause_ids.clause_id, clause)
                with self.refused(UserError, MISSING):
                    made.with_user(self.anna).action_submit()
                with self.refused(UserError, "template|penalty clause"):
                    template.with_user(self.anna).action_submit()

    def test_a_copy(self):
        draft = self.a_draft(self.clause)
        self.clause.with_user(self.lena).action_withdraw()
        with self.refused(UserError, "which was withdrawn"):
            draft.copy().with_user(self.anna).action_submit()

    def test_an_import(self):
        """Odoo's import creates and writes like everybody else, in the rights of who imports."""
        Contract = self.env["aftersales.contract"].with_user(self.boss)
        result = Contract.load(
            ["title", "partner_id/.id", "state", "penalty_clause_ids/clause_id/.id"],
            [["Imported", str(self.customer.id), "active", str(self.unreleased.id)]])
        self.assertFalse(result["ids"])
        self.assertRegex(result["messages"][0]["message"], "starts as a draft")
        rows = self.env["aftersales.contract.penalty"].with_user(self.boss).load(
            ["contract_id/.id", "clause_id/.id"], [[str(self.contract.id), str(self.unreleased.id)]])
        self.assertFalse(rows["ids"])
        result = Contract.load(
            ["title", "partner_id/.id", "policy_id/.id", "penalty_clause_ids/clause_id/.id"],
            [["Imported", str(self.customer.id), str(self.policy.id), str(self.unreleased.id)]])
        with self.refused(UserError, MISSING):
            Contract.browse(result["ids"]).action_submit()

    def test_a_sound_one_gets_through_all_of_them(self):
        """So that the refusals above are those of the clause."""
        self.assertEqual(self.put_in_force(self.a_draft(self.clause)).state, "active")
        self.assertEqual(self.a_contract(clauses=self.clause).state, "active")
