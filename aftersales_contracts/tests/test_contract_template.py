"""Templates: which one is proposed, what a contract made from it has, and what a copy of a contract never has."""

import psycopg2
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import mute_logger

from .common import AftersalesCase
from .refusals import Refusals
from .security_case import MatrixCase

# What a copy of a contract takes along. Whatever else is stored is the contract's own life and is never copied:
# numbers, signatures, approvals, notices, versions, renewals, consumption, requests, covered assets.
COPIED = {
    "active", "add_on_ids", "backing_ids", "calendar_id", "clause_ids", "company_id", "contract_type_id", "cure_days",
    "currency_id", "date_end", "date_start", "dealer_id", "fee_cap", "fee_kind", "fee_value", "finance_user_id",
    "governing_law_id", "grace_days", "jurisdiction", "lang", "legal_user_id", "liability_cap", "line_ids",
    "nda_purpose_ids", "note", "notice_calendar_id", "notice_cut_off", "notice_delivery_days", "notice_end_to",
    "notice_from", "notice_method", "notice_period", "notice_receipt", "notice_sender_calendar_id", "notice_unit",
    "partner_id", "party_ids", "payment_days", "penalty_clause_ids", "plan_id", "policy_id", "product_ids",
    "promise_ids", "renewal_interval", "renewal_kind", "renewal_max", "renewal_unit", "review_interval", "review_unit",
    "scope_ids", "scorecard_template_id", "secrecy_months", "service_mode", "share_ids", "sourcing",
    "statement_contact_ids", "statement_period", "team_id", "tier_ids", "title", "type_ids", "user_id",
}
# What rows that are copied leave behind.
ROW_LIFE = {
    "line_ids": {"billed_until", "revised_on", "price_ids"},
    "promise_ids": {"entitlement_ids"},
}
MAGIC = {"id", "create_date", "create_uid", "write_date", "write_uid"}


class TemplateCase(Refusals, AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("de_DE")
        cls.customer_type = cls.env.ref("aftersales_contracts.contract_type_customer")
        cls.provider_type = cls.env.ref("aftersales_contracts.contract_type_provider")
        cls.env["aftersales.contract"].search([("is_template", "=", True)]).active = False  # of the demo story
        cls.english = cls.a_template("English")
        cls.shared = cls.a_template("Shared", company_id=False, policy_id=False)

    @classmethod
    def a_template(cls, title, **values):
        return cls.env["aftersales.contract"].create({
            "title": title, "is_template": True, "policy_id": cls.policy.id, "lang": "en_US",
            "date_start": "2026-01-01", "date_end": "2026-12-31", **values})

    def wizard(self, user=None, **values):
        return self.env["aftersales.contract.from.template"].with_user(user or self.anna).create({
            "partner_id": self.customer.id, "date_start": "2026-03-31", **values})

    def make(self, **values):
        action = self.wizard(**values).action_create()
        return self.env["aftersales.contract"].browse(action["res_id"])


class TestTemplate(TemplateCase):
    def test_the_fitting_template_is_proposed(self):
        german = self.a_template("Deutsch", lang="de_DE")
        newest = self.a_template("Newer")
        provider = self.a_template(
            "Provider", contract_type_id=self.provider_type.id, policy_id=False, company_id=False)
        for values, expected in (
            ({}, newest), ({"lang": "de_DE"}, german), ({"contract_type_id": self.provider_type.id}, provider),
            ({"contract_type_id": self.provider_type.id, "lang": "de_DE"}, german.browse()),
        ):
            with self.subTest(values):
                self.assertEqual(self.wizard(**values).template_id, expected)
        (newest | self.english).active = False
        self.assertEqual(self.wizard().template_id, self.shared)
        missing = self.wizard(contract_type_id=self.provider_type.id, lang="de_DE")
        self.assertEqual(missing.proposal, "No template of this type in German / Deutsch; 1 in other languages.")

    def test_the_language_is_the_customers(self):
        german = self.a_template("Deutsch", lang="de_DE")
        self.customer.lang = "de_DE"
        form = Form(self.env["aftersales.contract.from.template"].with_user(self.anna))
        form.partner_id = self.customer
        self.assertEqual((form.lang, form.template_id, form.title), ("de_DE", german, "Deutsch"))

    def test_a_contract_made_from_a_template(self):
        region = self.env["aftersales.region"].create(
            {"name": "North", "country_ids": [Command.set(self.env.ref("base.de").ids)]})
        self.english.write({
            "party_ids": [Command.create({"partner_id": self.dealer.id, "role": "provider", "date_end": "2026-06-30"})],
            "scope_ids": [Command.create({"region_id": region.id, "executor_id": self.dealer.id})]})
        contract = self.make()
        self.assertRecordValues(contract, [{
            "is_template": False, "template_id": self.english.id, "state": "draft", "partner_id": self.customer.id,
            "company_id": self.company.id, "user_id": self.anna.id, "title": "English", "lang": "en_US"}])
        self.assertRegex(contract.name, r"^SC/2026/\d{4}$")
        self.assertEqual((str(contract.date_start), str(contract.date_end)), ("2026-03-31", "2027-03-30"))
        self.assertEqual(contract.create_uid, self.anna)
        self.assertEqual([(p.partner_id, p.role, str(p.date_end)) for p in contract.party_ids], [
            (self.customer, "customer", "False"), (self.dealer, "provider", "2026-09-29")])
        self.assertEqual(contract.scope_ids.party_id.contract_id, contract)
        self.assertFalse(set(contract.party_ids.mapped("row_key")) & set(self.english.party_ids.mapped("row_key")))
        self.assertEqual(self.english.made_count, 1)
        self.put_in_force(contract, until="sign")

    def test_an_open_ended_template_makes_open_ended_contracts(self):
        self.english.date_end = False
        self.assertFalse(self.make().date_end)

    def test_a_shared_template_serves_every_company_and_is_the_administrators(self):
        action = self.wizard(self.other_manager, template_id=self.shared.id,
                             company_id=self.other_company.id).action_create()
        contract = self.env["aftersales.contract"].browse(action["res_id"])
        self.assertEqual((contract.company_id, contract.party_ids.company_id), (self.other_company, self.other_company))
        for user, allowed in ((self.anna, False), (self.other_manager, False), (self.boss, True)):
            template = self.shared.with_user(user)
            self.assertTrue(template.has_access("read"))
            self.assertEqual(template.has_access("write"), allowed, user.login)
        with self.assertRaises(AccessError):
            self.shared.with_user(self.anna).title = "Mine"
        with self.assertRaises(AccessError):
            self.env["aftersales.contract"].with_user(self.anna).create(
                {"title": "Mine for all", "is_template": True, "company_id": False})

    def test_a_contract_is_never_shared(self):
        with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.a_contract(activate=False, company_id=False, policy_id=False)

    def test_rights_are_asked_in_the_button_too(self):
        foreign = self.a_template("Foreign", company_id=self.other_company.id, policy_id=False)
        for values, error in (
            ({"template_id": foreign.id}, AccessError), ({"template_id": self.contract.id}, UserError),
            ({"template_id": False}, UserError), ({"company_id": self.other_company.id}, AccessError),
            ({"template_id": self.shared.id, "contract_type_id": self.provider_type.id}, UserError),
        ):
            with self.subTest(values), self.assertRaises(error):
                self.wizard(**values).action_create()
        for user in (self.agent, self.felix, self.lena, self.carla):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.wizard(user)

    def test_a_template_stays_one_and_takes_no_part_in_the_life_of_contracts(self):
        for record, value in ((self.contract, True), (self.english, False)):
            with self.refused(UserError, "stays what it is"):
                record.with_user(self.boss).is_template = value
        with self.refused(UserError, "is a template"):
            self.english.with_user(self.anna).action_submit()
        self.english.partner_id = self.stranger
        self.assertFalse(self.a_request(partner_id=self.stranger.id).contract_id)
        self.assertFalse(self.env["aftersales.contract"].search(
            self.env["aftersales.contract"]._real()) & (self.english | self.shared))

    def test_a_duplicate_of_a_template_is_a_template(self):
        copy = self.english.with_user(self.anna).copy()
        self.assertRecordValues(copy, [
            {"is_template": True, "title": "English (copy)", "name": "/", "template_id": False}])


class TestRow34Copy(MatrixCase):
    """Edge row 34: a copy takes the terms and nothing of the life of a contract; generic over every room's fields."""

    def own_fields(self, model):
        inherited = {name for mixin in ("mail.thread", "mail.activity.mixin", "portal.mixin")
                     for name in self.env[mixin]._fields}
        return {name: field for name, field in self.env[model]._fields.items() if name not in inherited | MAGIC}

    def test_row34_each_field_says_whether_a_copy_takes_it(self):
        copied = {name for name, field in self.own_fields("aftersales.contract").items() if field.store and field.copy}
        self.assertFalse(copied - COPIED, "copied: give it copy=False, or say in COPIED that a copy takes it")
        for name, life in ROW_LIFE.items():
            rows = self.env["aftersales.contract"]._fields.get(name)
            for field in life if rows else ():
                self.assertFalse(self.env[rows.comodel_name]._fields[field].copy, f"{name}.{field}")

    def test_row34_a_full_contract_is_copied_without_its_life(self):
        Contract = self.env["aftersales.contract"]
        full = self.own["aftersales.contract"].union(*(  # and the drafts that the rooms filled
            record.contract_id for record in self.own.values()
            if "contract_id" in record._fields and record.contract_id._name == Contract._name))
        full = full.filtered(lambda contract: not contract.amends_id)
        told = self.own_fields("aftersales.contract")
        for contract in full:
            copy = contract.copy()
            for name, field in told.items():
                with self.subTest(f"{contract.title} {name}"):
                    if field.type == "one2many" and name not in COPIED and not field.compute:
                        self.assertFalse(copy.with_context(active_test=False)[name], name)
                    elif name in COPIED and field.type == "one2many":
                        self._check_rows(contract[name], copy[name], ROW_LIFE.get(name, ()))
                    elif field.store and not field.copy and not field.compute and name not in ("name", "state"):
                        blank = self.env["aftersales.contract"].default_get([name]).get(name)
                        found = copy[name].ids if field.relational else copy[name]
                        self.assertEqual(found or False, blank or False, name)
            self.assertNotEqual(copy.name, contract.name)
            self.assertEqual(copy.state, "draft")

    def _check_rows(self, rows, copies, life):
        self.assertEqual(len(copies), len(rows))
        if "row_key" in rows._fields:
            self.assertFalse(set(rows.mapped("row_key")) & set(copies.mapped("row_key")))
        for copy in copies:
            for name in life:
                self.assertFalse(copy[name], name)
