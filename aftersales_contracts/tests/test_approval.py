"""Approval: the matrix asks, people of the right groups answer, and nobody holds two duties that must be apart."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import freeze_time

from .common import ADDON, AftersalesCase


@freeze_time("2026-03-02 09:00:00")
class ApprovalCase(AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["aftersales.approval.rule"].search([]).active = False
        cls.managers = cls.env.ref(f"{ADDON}.group_account_manager")
        cls.lawyers = cls.env.ref(f"{ADDON}.group_legal")
        cls.rule("Second manager", cls.managers, 1)
        cls.bert = cls._a_user("bert", f"{ADDON}.group_account_manager")

    @classmethod
    def rule(cls, name, group, sequence, **values):
        return cls.env["aftersales.approval.rule"].create(
            {"name": name, "group_id": group.id, "sequence": sequence, **values})

    def a_draft(self, **values):
        contract = self.env["aftersales.contract"].with_user(self.anna).create({
            "title": "Care", "partner_id": self.customer.id, "policy_id": self.policy.id, "date_start": "2026-01-01",
            **values})
        return contract

    def submitted(self, **values):
        contract = self.a_draft(**values)
        contract.action_submit()
        return contract


class TestApproval(ApprovalCase):
    def test_somebody_else_approves(self):
        contract = self.submitted()
        self.assertEqual(contract.state, "review")
        contract.with_user(self.bert).action_approve()
        self.assertRecordValues(contract.approval_ids, [
            {"state": "given", "user_id": self.bert.id, "fingerprint": contract._paper_fingerprint()}])
        self.assertEqual(contract.state, "approved")

    def test_the_author_is_refused_whichever_way(self):
        contract = self.submitted()
        for way in ("button", "remote call", "sudo"):
            with self.subTest(way), self.assertRaisesRegex(UserError, "is the author of .* cannot be its approver"):
                if way == "button":
                    contract.action_approve()
                elif way == "remote call":
                    call_kw(contract.browse(), "action_approve", [contract.ids], {})
                else:
                    contract.sudo().action_approve()
        self.assertEqual(contract.state, "review")

    def test_whoever_wrote_it_down_is_its_author_too(self):
        contract = self.a_draft()
        contract.with_user(self.bert).action_submit()
        for user in (self.anna, self.bert):
            with self.subTest(user.login), self.assertRaisesRegex(UserError, "author"):
                contract.with_user(user).action_approve()
        contract.with_user(self.boss).action_approve()
        self.assertEqual(contract.state, "approved")

    def test_steps_are_taken_in_order_by_their_groups(self):
        self.rule("Legal", self.lawyers, 2)
        contract = self.submitted()
        with self.assertRaisesRegex(UserError, "waits for .*Account Manager"):
            contract.with_user(self.lena).action_approve()
        contract.with_user(self.bert).action_approve()
        self.assertEqual(contract.state, "review")
        with self.assertRaisesRegex(UserError, "waits for .*Legal Counsel"):
            contract.with_user(self.bert).action_approve()
        self.assertTrue(contract.with_user(self.lena).may_approve)
        contract.with_user(self.lena).action_approve()
        self.assertEqual(contract.state, "approved")

    def test_who_is_asked_depends_on_amount_type_and_deviation(self):
        dealer_type = self.env.ref(f"{ADDON}.contract_type_dealer")
        self.rule("Dealers", self.lawyers, 2, contract_type_ids=[Command.set(dealer_type.ids)])
        self.rule("Large", self.lawyers, 3, amount_from=1)
        self.rule("Own wording", self.lawyers, 4, deviation="deviating")
        contract = self.submitted()
        self.assertEqual(contract.approval_ids.group_id, self.managers)

    def test_a_substitute_counts_as_both(self):
        self.rule("Legal", self.lawyers, 2)
        delegate = lambda person, substitute: self.env["aftersales.delegation"].create({  # noqa: E731
            "person_id": person.id, "substitute_id": substitute.id, "date_from": "2026-03-01", "date_to": "2026-03-02"})
        contract = self.submitted()
        contract.with_user(self.bert).action_approve()
        delegate(self.lena, self.felix)
        contract.with_user(self.felix).action_approve()
        row = contract.approval_ids.filtered(lambda one: one.group_id == self.lawyers)
        self.assertEqual((row.user_id, row.for_user_id), (self.felix, self.lena))
        for user in (self.felix, self.lena):
            with self.subTest(user.login), self.assertRaisesRegex(UserError, "approver"):
                contract.with_user(user)._duty("settler")

    def test_the_author_does_not_approve_through_a_substitute(self):
        self.env["aftersales.delegation"].create({
            "person_id": self.anna.id, "substitute_id": self.felix.id, "date_from": "2026-03-01",
            "date_to": "2026-03-31"})
        contract = self.submitted()
        with self.assertRaises(UserError):
            contract.with_user(self.felix).action_approve()
        self.assertEqual(contract.state, "review")

    def test_a_delegation_ends_after_its_last_day(self):
        self.rule("Legal", self.lawyers, 1)
        self.env["aftersales.delegation"].create({
            "person_id": self.lena.id, "substitute_id": self.felix.id, "date_from": "2026-02-01",
            "date_to": "2026-03-01"})
        contract = self.submitted()
        with self.assertRaisesRegex(UserError, "nor a substitute today"):
            contract.with_user(self.felix).action_approve()

    def test_people_delegate_what_is_theirs(self):
        values = {"person_id": self.bert.id, "substitute_id": self.felix.id, "date_from": "2026-03-01",
                  "date_to": "2026-03-31"}
        with self.assertRaises(AccessError):
            self.env["aftersales.delegation"].with_user(self.felix).create(values)
        mine = self.env["aftersales.delegation"].with_user(self.bert).create(values)
        with self.assertRaises(AccessError):
            mine.with_user(self.felix).write({"date_to": "2027-03-31"})
        with self.assertRaises(AccessError):
            mine.with_user(self.bert).write({"person_id": self.anna.id})
        with self.assertRaises(ValidationError):
            mine.with_user(self.bert).substitute_id = self.carla

    def test_an_approval_expires_and_changed_terms_void_it(self):
        contract = self.submitted()
        contract.with_user(self.bert).action_approve()
        with freeze_time("2026-06-01 09:00:00"), self.assertRaisesRegex(UserError, "lacks the approval .*Reset it"):
            contract._transition("sign")
        self.amend(contract, title="Changed behind their back")
        with self.assertRaisesRegex(UserError, "lacks the approval"):
            contract._transition("sign")
        self.assertEqual(contract.state, "approved")

    def test_reset_voids_and_asks_again(self):
        contract = self.submitted()
        contract.with_user(self.bert).action_approve()
        contract.with_user(self.anna).action_reset()
        self.assertEqual(contract.approval_ids.mapped("state"), ["void"])
        contract.title = "Better care"
        contract.action_submit()
        self.assertEqual(sorted(contract.approval_ids.mapped("state")), ["void", "waiting"])
        contract.with_user(self.bert).action_approve()  # the approval of the first round stands in nobody's way
        self.assertEqual(contract.state, "approved")

    def test_rejecting_needs_a_reason_and_gives_it_back(self):
        contract = self.submitted()
        with self.assertRaisesRegex(UserError, "Say why"):
            contract.with_user(self.bert).action_reject(" ")
        contract.with_user(self.bert).action_reject("The price is missing")
        self.assertEqual((contract.state, contract.approval_ids.state), ("draft", "refused"))
        self.assertIn("The price is missing", contract.message_ids[0].body)

    def test_without_a_rule_nobody_approves_by_silence(self):
        self.env["aftersales.approval.rule"].search([]).active = False
        contract = self.a_draft()
        with self.assertRaisesRegex(UserError, "no approval rule covers it"):
            contract.action_submit()
        self.assertEqual(contract.state, "draft")

    def test_a_rule_without_group_needs_no_approval(self):
        self.env["aftersales.approval.rule"].search([]).active = False
        self.env["aftersales.approval.rule"].create({"name": "Free", "sequence": 1})
        self.assertEqual(self.submitted().state, "approved")

    def test_a_missing_rate_names_the_currency(self):
        franc = self.env.ref("base.CHF")
        franc.active = True
        franc.rate_ids.unlink()
        contract = self.a_draft(currency_id=franc.id)
        self.patch(type(contract), "_approval_amount", lambda self: 1000)
        with self.assertRaisesRegex(UserError, "no exchange rate for CHF"):
            contract.action_submit()

    def test_customers_and_strangers_decide_nothing(self):
        contract = self.submitted()
        for user in (self.carla, self.diego, self.clerk):
            for method in ("action_approve", "action_reject", "action_submit", "action_reset"):
                with self.subTest(f"{user.login} {method}"), self.assertRaises(AccessError):
                    getattr(contract.with_user(user), method)()

    def test_the_list_of_what_waits_for_me(self):
        contract = self.submitted()
        Approval = self.env["aftersales.approval"]
        self.assertIn(contract, Approval.with_user(self.bert).search([("mine", "=", True)]).contract_id)
        self.assertNotIn(contract, Approval.with_user(self.anna).search([("mine", "=", True)]).contract_id)
        self.assertNotIn(contract, Approval.with_user(self.felix).search([("mine", "=", True)]).contract_id)


class TestSeparation(ApprovalCase):
    def test_the_report_names_the_people_and_finds_no_breach(self):
        contract = self.submitted()
        contract.with_user(self.bert).action_approve()
        contract.with_user(self.felix)._duty("settler", "March")
        self.env.flush_all()
        row = self.env["aftersales.separation"].with_user(self.lena).search([("contract_id", "=", contract.id)])
        self.assertRecordValues(row, [
            {"authors": "Anna", "approvers": "Bert", "settlers": "Felix", "breaches": 0, "refused": 0}])
        self.assertFalse(self.env["aftersales.separation"]._breaches())

    def test_the_report_would_find_a_breach(self):
        contract = self.submitted()
        contract._log_duty("settler", "Written behind the guard")
        self.env.flush_all()
        self.assertEqual(self.env["aftersales.separation"]._breaches().contract_id, contract)

    def test_author_and_approver_do_not_settle(self):
        contract = self.submitted()
        contract.with_user(self.bert).action_approve()
        for user in (self.anna, self.bert):
            with self.subTest(user.login), self.assertRaisesRegex(UserError, "cannot be its settler"):
                contract.with_user(user)._duty("settler")

    def test_the_log_is_appended_only(self):
        row = self.submitted().duty_ids[:1]
        for user in (self.boss, self.env.user):
            with self.subTest(user.login), self.assertRaises(UserError):
                row.with_user(user).write({"user_id": self.bert.id})
            with self.subTest(user.login), self.assertRaises(UserError):
                row.with_user(user).unlink()
        with self.assertRaises(UserError):
            row.with_user(self.boss).with_context(_force_unlink=True).unlink()
