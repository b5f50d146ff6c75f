"""One way through the day of each desk in a browser, as the person of that desk; then what is on record."""

import base64

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .legal_case import LegalCase

ADDON = "aftersales_contracts"


@tagged("post_install", "-at_install")
class DeskCase(LegalCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.env["aftersales.clause"].search([]).mandatory_type_ids = False  # of the library that is shipped

    def tour(self, name, user, start="/odoo/aftersales-today"):
        self.start_tour(start, f"aftersales_desk_{name}", login=user.login)

    def days(self, count):
        return fields.Date.add(self.today, days=count)


class TestAccountManager(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.crane_owner = cls.env["res.partner"].create(
            {"name": "Quayside Cranes", "is_company": True, "lang": "en_US"})
        cls.env["aftersales.contract"].create({
            "title": "Crane Care", "is_template": True, "policy_id": cls.policy.id, "lang": "en_US",
            "date_start": cls.today, "date_end": fields.Date.add(cls.today, years=2, days=-1),
            "renewal_kind": "automatic", "notice_period": 3, "notice_unit": "month"})

    def test_from_a_template_to_an_amendment(self):
        self.tour("account_draft", self.anna)
        contract = self.env["aftersales.contract"].search([("partner_id", "=", self.crane_owner.id)])
        self.assertRecordValues(contract, [{"state": "review", "title": "Crane Care", "annual_value": 4800}])
        self.assertEqual(contract.scope_ids.type_id, self.env.ref(f"{ADDON}.type_incident"))
        self.assertEqual(contract.promise_ids.target_id, self.resolution_target)
        self.assertEqual(contract.clause_ids.mapped("title"), ["Keys of the crane"])

        contract.clause_ids.review_ids.with_user(self.lena).decide("accepted", "May stand")
        contract.with_user(self.boss).action_approve()
        for row in contract._next_approval():
            contract.with_user(self.lena).action_approve()
            self.assertEqual(row.state, "given")
        self.tour("account_amend", self.anna, f"/odoo/contracts/{contract.id}")
        self.assertEqual((contract.state, contract.version_ids.mapped("number")), ("active", [1]))
        self.assertEqual(contract.signed_on.date(), self.today)
        amendment = contract.amendment_ids
        self.assertEqual((amendment.state, amendment.annual_value), ("draft", 4800 + 4200))
        self.assertEqual(contract.annual_value, 4800, "in force nothing has changed yet")

    def test_the_last_safe_day_is_shown_before_notice_is_given(self):
        contract = self.a_contract(
            title="To be left", partner_id=self.crane_owner.id, date_start=self.today, renewal_kind="automatic",
            date_end=fields.Date.add(self.today, years=2, days=-1), notice_period=3, notice_unit="month")
        self.tour("account_notice", self.anna, f"/odoo/contracts/{contract.id}")
        self.assertRecordValues(contract.notice_ids, [
            {"direction": "sent", "kind": "non_renewal", "note": "Registered letter no. 17"}])
        self.assertEqual(contract.state, "active", "sent, and its receipt is not proven yet")


class TestFinance(DeskCase):
    def test_a_revision_is_proposed_by_one_and_applied_by_another(self):
        self.env["aftersales.price.revision"].search([("state", "!=", "applied")]).unlink()
        contract = self.a_contract(
            activate=False, title="Press Care", date_start=self.today, renewal_kind="automatic",
            date_end=fields.Date.add(self.today, years=1, days=-1),
            line_ids=[Command.create({"name": "Service of the press", "price": 100, "price_rule": "percent",
                                      "price_percent": 10})])
        contract._adopt("Test")
        self.env["aftersales.index.series"].create({"name": "Prices of Tests", "code": "TST", "frequency": "year"})
        self.tour("finance_propose", self.felix)
        revision = self.env["aftersales.price.revision"].search([("title", "=", "Wages of the new year")])
        self.assertRecordValues(revision, [{"state": "previewed", "proposed_by_id": self.felix.id, "percent": 4}])
        self.assertEqual(contract.line_ids.price, 100, "a preview changes nothing")

        revision.with_user(self.boss).action_apply()
        self.tour("finance_follow", self.felix)
        self.assertEqual(contract.line_ids.price, 104)
        self.assertRecordValues(self.env["aftersales.index.value"].search([("series_id.code", "=", "TST")]), [
            {"period": "2026", "value": 114.25, "create_uid": self.felix.id}])


class TestLegal(DeskCase):
    def test_a_clause_that_deviates_is_decided(self):
        clause = self.env["aftersales.clause"].create({
            "code": "TST", "name": "Cap of Tests",
            "category_id": self.env.ref(f"{ADDON}.clause_category_liability").id})
        version = self.env["aftersales.clause.version"].create({
            "clause_id": clause.id, "lang": "en_US", "rung": "preferred", "title": "Cap of Tests",
            "text": "Liability is limited to twice the fees.", "valid_from": "2020-01-01"})
        version.with_user(self.lena).action_approve()
        contract = self.a_contract(activate=False, title="With a cap", user_id=self.anna.id)
        row = self.env["aftersales.contract.clause"].with_user(self.anna).create({
            "contract_id": contract.id, "clause_id": clause.id, "title": "Cap of Tests",
            "text": "Liability is limited to thrice the fees."})
        contract.with_user(self.anna).action_ask_legal()
        self.tour("legal_clause", self.lena)
        self.assertRecordValues(row.review_ids, [
            {"state": "accepted", "decided_by_id": self.lena.id, "reason": "Within what we insure"}])

    def test_an_agreement_opens_the_gate(self):
        document = self.a_document(name="Airend of Tests")
        self.assertFalse(self.ask(document, on=f"{self.today} 12:00:00").allowed)
        self.tour("legal_nda", self.lena)
        nda = self.env["aftersales.nda"].search([("title", "=", "Drawings for the dealer")])
        self.assertEqual((nda.state, nda.party_ids.partner_id), ("signed", self.us | self.dealer))
        self.assertEqual(nda.signed_document_id.raw, b"%PDF-1.4 a scan")

    def test_duties_are_proven_or_become_breaches(self):
        certificate = self.env["aftersales.obligation"].create({
            "name": "Insurance of the dealer", "contract_id": self.contract.id, "user_id": self.lena.id,
            "type_id": self.env.ref(f"{ADDON}.obligation_type_insurance").id, "date_due": self.days(10)})
        self.tour("legal_duties", self.lena)
        self.assertRecordValues(certificate, [{"state": "done", "done_by_id": self.lena.id}])
        self.assertEqual(base64.b64decode(certificate.evidence_ids.file), b"%PDF-1.4 a scan")
        breach = self.env["aftersales.breach"].search([("title", "=", "Inspection missed")])
        self.assertRecordValues(breach, [
            {"state": "notified", "contract_id": self.contract.id, "event": "Nobody came on Friday.",
             "notified_on": self.today}])
