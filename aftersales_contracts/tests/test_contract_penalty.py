"""Penalty clauses of a contract: on paper, in versions and redlines, and taken over from a plan."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time

from ..models.penalties.contract_penalty_paper import PREFIX
from ..models.signing.document_words import DocumentWords, _plain, fingerprint
from .clause_case import ContractPenaltyCase
from .common import ADDON
from .plan_case import PlanCase
from .signing_common import SigningCase, text_of


class TestLifeOnPaper(ContractPenaltyCase):
    def test_a_withdrawn_clause_stays_with_those_who_agreed_on_it(self):
        signed = self.put_in_force(self.a_draft(self.clause), until="sign")
        reviewed = self.put_in_force(self.a_draft(self.clause), until="submit")
        self.clause.with_user(self.lena).action_withdraw()
        signed.with_user(self.anna).action_activate()
        self.assertEqual(signed.state, "active")
        with self.refused(UserError, "which was withdrawn"):
            reviewed.with_user(self.boss).action_approve()
        with freeze_time("2027-05-20 08:00:00"):
            draft = self.contract.make_amendment("2027-06-01", "Dearer", "price")
            draft.line_ids.price = 1100
            draft.with_user(self.anna).action_submit()
            self.assertEqual(draft.state, "review")

    def second_version(self):
        second = self.clause.browse(self.clause.action_new_version()["res_id"])
        second.component_ids.write({"rate": 70, "free": 2})
        second.with_user(self.lena).action_release()
        return second

    def test_an_amendment_brings_the_next_version_in_on_its_day(self):
        second, row = self.second_version(), self.contract.penalty_clause_ids
        with freeze_time("2027-05-20 08:00:00"):
            draft = self.contract.make_amendment("2027-06-01", "New rates", "clause")
            self.assertEqual(draft.penalty_clause_ids.row_key, row.row_key)
            draft.penalty_clause_ids.clause_id = second
            page = self._redline_of(draft)
            draft._adopt("Test")
            self.assertEqual(row.clause_id, self.clause, "not before its day")
        with freeze_time("2027-06-01 12:00:00"):
            draft.sudo()._enter_amendments()
        self.assertEqual((row.clause_id, len(self.contract.penalty_clause_ids)), (second, 1))
        self.assertFalse(self.contract._version_drift())
        version = self.contract.version_ids.sorted("number")[-1]
        self.assertEqual(version.changes, {f"{PREFIX}:{row.row_key}:clause_id": second.id})
        self.assertEqual(version.names[f"aftersales.penalty.clause,{second.id}"], second.display_name)
        self.assertIn(("Penalty Clauses · " + second.display_name + " · Penalty Clause",
                       self.clause.display_name, second.display_name),
                      [(one["label"], one["old"], one["new"]) for one in page["changes"]])
        [text] = [one for one in page["texts"] if one["title"] == second.display_name]
        self.assertEqual(text["status"], "changed")
        gone = "".join(part for op, part in text["runs"] if op == "delete")
        new = "".join(part for op, part in text["runs"] if op == "insert")
        self.assertIn("50", gone)
        self.assertIn("70", new)
        self.assertIn("the first 2 are free", new)

    def _redline_of(self, draft):
        return self.contract._redline(*draft._terms_amended())

    def test_a_clause_added_and_one_removed_read_in_full(self):
        more = self.a_clause([self.bands()], name="Uptime Credits")
        with freeze_time("2027-05-20 08:00:00"):
            draft = self.contract.make_amendment("2027-06-01", "Other", "clause")
            draft.penalty_clause_ids.unlink()
            self.env["aftersales.contract.penalty"].create({"contract_id": draft.id, "clause_id": more.id})
            page = self._redline_of(draft)
            draft._adopt("Test")
        with freeze_time("2027-06-01 12:00:00"):
            draft.sudo()._enter_amendments()
        self.assertEqual(self.contract.penalty_clause_ids.clause_id, more)
        self.assertFalse(self.contract._version_drift())
        status = {one["title"]: one["status"] for one in page["texts"]}
        self.assertEqual((status[self.clause.display_name], status[more.display_name]), ("removed", "added"))

    def test_the_paper_of_a_day_names_it(self):
        page = self.contract._as_of_page("2026-03-01")
        tables = [table for section in page["sections"] for table in section["tables"]
                  if table["title"] == "Penalty Clauses"]
        self.assertEqual([cell["text"] for cell in tables[0]["rows"][0]["cells"]], [self.clause.display_name])

    def test_the_contract_that_holds_it_keeps_it(self):
        for record in (self.clause, self.clause.component_ids):
            with self.refused(UserError, "."):
                record.unlink()
        self.assertEqual(self.clause.contract_count, 1)
        self.assertEqual(
            self.env["aftersales.contract"].search(self.clause.action_view_contracts()["domain"]), self.contract)


class TestPaper(SigningCase):
    def test_the_section_of_the_document(self):
        clause = self.env.ref(f"{ADDON}.penalty_clause_compliance").copy({"name": "Credits for <b>Müller</b>"})
        contract = self.a_signable_contract(penalty_clause_ids=[Command.create({"clause_id": clause.id})])
        text = text_of(contract._document_pdf())
        for part in ("Penalties and service credits", f"P1 Credits for <b>Müller</b> ({clause._reference()})",
                     "P1.1 Resolution in time", "(a) 5% of the period's fee where it is at least 90 and below 95;",
                     "no further damages are owed"):
            self.assertIn(part, text)

    def test_the_fingerprint_covers_what_the_clauses_say(self):
        clause = self.env.ref(f"{ADDON}.penalty_clause_compliance").copy()
        contract = self.a_signable_contract()
        words = DocumentWords(contract.env, "en_US", neutral=True)
        without = contract._document_fingerprint()
        self.assertNotIn("penalties", _plain(contract._document_facts(words)), "as it was before there were any")
        contract.penalty_clause_ids = [Command.create({"clause_id": clause.id})]
        held = contract._document_fingerprint()
        clause.component_ids.band_ids[:1].rate += 1
        self.assertEqual(len({without, held, contract._document_fingerprint()}), 3)
        self.assertEqual(fingerprint(contract._document_facts(words)), contract._document_fingerprint())
        self.env["res.lang"]._activate_lang("de_DE")
        before = contract._document_fingerprint()
        self.assertEqual(contract.with_context(lang="de_DE")._document_fingerprint(), before)


class TestPlan(PlanCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        example = cls.env.ref(f"{ADDON}.penalty_clause_compliance")
        cls.first, cls.second, cls.yen = (example.copy(values) for values in (
            {"name": "First"}, {"name": "Second"}, {"name": "Yen", "currency_id": cls.env.ref("base.JPY").id}))
        (cls.first | cls.second | cls.yen).action_release()
        cls.plan.penalty_clause_ids = cls.first | cls.yen

    def held(self, contract):
        return contract.penalty_clause_ids.clause_id

    def test_a_contract_takes_over_those_in_its_currency(self):
        contract = self.a_contract(activate=False, plan_id=self.plan.id)
        self.assertEqual(self.held(contract), self.first)
        self.assertTrue(contract.penalty_clause_ids.from_plan)
        contract.action_take_plan()
        self.assertEqual(len(contract.penalty_clause_ids), 1)
        yen = self.a_contract(activate=False, plan_id=self.plan.id, currency_id=self.env.ref("base.JPY").id)
        self.assertEqual(self.held(yen), self.yen)

    def test_another_plan_brings_its_own_and_own_clauses_stay(self):
        contract = self.a_contract(activate=False, plan_id=self.plan.id, penalty_clause_ids=[
            Command.create({"clause_id": self.second.id})])
        self.assertEqual(self.held(contract), self.first | self.second)
        contract.plan_id = self.a_plan(name="Other")
        self.assertEqual(self.held(contract), self.second)
        contract.plan_id = self.a_plan(name="Third", penalty_clause_ids=[Command.set(self.second.ids)])
        self.assertEqual(len(contract.penalty_clause_ids), 1, "what it holds already is not doubled")

    def test_a_plan_with_a_clause_that_is_not_released_is_not_complete(self):
        draft = self.first.copy()
        self.plan.penalty_clause_ids = draft
        self.assertIn(f"a released version of penalty clause {draft.display_name}", self.plan._plan_gaps())
        contract = self.a_contract(activate=False, plan_id=self.plan.id)
        self.assertFalse(self.held(contract), "a draft is not taken over")
        with self.assertRaisesRegex(UserError, "released version of penalty clause"):
            contract.with_user(self.anna).action_submit()
        self.first.action_withdraw()
        self.plan.penalty_clause_ids = self.first
        self.assertTrue(self.plan._plan_gaps())

    def test_what_the_plan_got_later_is_told(self):
        contract = self.a_contract(activate=False, plan_id=self.plan.id)
        self.assertNotIn("Second", contract.draft_warning_text or "")
        self.plan.penalty_clause_ids += self.second
        contract.invalidate_recordset()
        self.assertIn(f"does not hold: {self.second.display_name}", contract.draft_warning_text)
        contract.action_take_plan()
        self.assertEqual(self.held(contract), self.first | self.second)

    def test_a_contract_in_force_does_not_follow_the_plan(self):
        contract = self.a_contract(plan_id=self.plan.id)
        with self.assertRaises(UserError):
            contract.action_take_plan()
        self.plan.penalty_clause_ids = self.second
        self.assertEqual(self.held(contract), self.first)

    def test_a_clause_in_a_plan_is_not_deleted(self):
        draft = self.first.copy()
        self.plan.penalty_clause_ids = draft
        with self.assertRaisesRegex(Exception, "aftersales_service_plan_penalty"), self.cr.savepoint():
            draft.unlink()
