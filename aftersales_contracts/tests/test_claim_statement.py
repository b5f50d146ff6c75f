"""Claim statements: what a dealer reads of its claims, sealed, and only its own."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, freeze_time, tagged

from .test_reimbursements import ClaimMoneyCase

MARCH = ("2026-03-01", "2026-03-31")


@tagged("post_install", "-at_install")
class TestClaimStatement(ClaimMoneyCase):
    def issue(self, *days, by=None, dealers=None):
        Statement = self.env["aftersales.claim.statement"].with_user(by or self.felix)
        action = Statement.issue_for((dealers or self.dealer).ids, *(days or MARCH))
        return self.env["aftersales.claim.statement"].browse(action["domain"][0][2])

    def test_it_tells_what_was_decided_reimbursed_and_held(self):
        part, labour, open_line = self.a_line(), self.a_line(kind="labour", price=60, quantity=2), self.a_line(
            kind="travel", price=1, quantity=10)
        self.decide(part)
        self.decide(labour, "refused")
        part._write_guarded({"return_state": "required", "return_until": "2026-04-15"})
        statement = self.issue()
        self.assertTrue(statement.attachment_id.raw.startswith(b"%PDF"))
        letter = statement.snapshot["letter"]
        self.assertEqual(letter["result"], "Reimbursed for March 2026: 55.00.")
        self.assertEqual([row["figures"] for row in letter["claims"][0]["lines"]], [
            ["100.00", "100.00", "55.00"], ["120.00", "0.00", "0.00"], ["10.00", "0.00", "0.00"]])
        self.assertIn("the faulty part", letter["claims"][0]["lines"][0]["note"])
        self.assertEqual([(row["claim"], row["held"]) for row in letter["outstanding"]], [(self.claim.name, "55.00")])
        self.assertTrue(open_line)
        statement.with_user(self.felix).action_verify()

    def test_it_is_made_once_and_never_changes(self):
        self.decide(self.a_line())
        first = self.issue()
        self.assertEqual(self.issue(), first, "the same again is the same")
        self.decide(self.a_line(name="Another"))
        self.assertNotEqual(self.issue(), first)
        with self.refused(UserError, "has been issued"):
            first.with_user(self.boss).sudo().write({"period_end": "2026-04-01"})
        with self.refused(UserError, "has been issued"):
            first.attachment_id.sudo().unlink()

    def test_in_the_dealers_language(self):
        self.env["res.lang"]._activate_lang("zh_TW")
        self.dealer.lang = "zh_TW"
        self.decide(self.a_line())
        statement = self.issue()
        self.assertEqual(statement.snapshot["presentation"]["language"], "zh_TW")
        self.assertTrue(statement.attachment_id.raw.startswith(b"%PDF"))

    def test_refusals(self):
        with self.refused(AccessError, "issue claim statements"):
            self.issue(by=self.agent)
        with self.refused(UserError, "is not over yet"):
            self.issue("2026-04-01", "2026-04-30")
        with self.refused(UserError, "has no claims"):
            self.issue(dealers=self.customer)

    def test_a_dealer_reads_its_own_and_nobody_elses(self):
        self.decide(self.a_line())
        mine = self.issue()
        stranger = self.env["res.partner"].create({"name": "Another Dealer", "is_company": True})
        other = self.a_claim(dealer_id=stranger.id)
        self.decide(self.a_line(other))
        theirs = self.issue(dealers=stranger)
        Statement = self.env["aftersales.claim.statement"]
        self.assertEqual(Statement.with_user(self.diego).search([]), mine)
        self.assertEqual(mine.with_user(self.diego)._document_pdf()[:4], b"%PDF")
        with self.refused(AccessError, ""):
            theirs.with_user(self.diego).read(["name"])
        self.assertFalse(Statement.with_user(self.carla).search([]))
        with freeze_time("2026-04-11"), self.refused((AccessError, UserError), ""):
            mine.with_user(self.diego).action_verify()


@tagged("post_install", "-at_install")
class TestClaimStatementPortal(ClaimMoneyCase, HttpCase):
    def test_a_dealer_opens_its_own_by_list_and_by_link(self):
        self.decide(self.a_line())
        action = self.env["aftersales.claim.statement"].with_user(self.felix).issue_for(self.dealer.ids, *MARCH)
        statement = self.env["aftersales.claim.statement"].browse(action["domain"][0][2])
        path = f"/my/claim-statements/{statement.id}"
        for user, sees in ((self.diego, True), (self.carla, False)):
            self.authenticate(user.login, user.login)
            listed = self.url_open("/my/claim-statements")
            self.assertEqual((listed.status_code, statement.name in listed.text), (200, sees), user.name)
            file = self.url_open(path)
            self.assertEqual(file.content.startswith(b"%PDF"), sees, user.name)
        self.authenticate(None, None)
        self.assertFalse(self.url_open(f"{path}?access_token=guessed").content.startswith(b"%PDF"))
