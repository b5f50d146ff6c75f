"""The share rule of a dealer contract: on paper, in versions and redlines; and on which days which rule counts."""

from datetime import date
from decimal import Decimal

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time

from ..models.shares.share_versions import PREFIX
from ..models.signing.document_words import DocumentWords, _plain
from .share_case import ShareCase
from .signing_common import text_of

MARCH = (date(2026, 3, 1), date(2026, 4, 1))


class TestOnPaper(ShareCase):
    def test_only_dealers_have_shares(self):
        for kind in ("customer", "provider"):
            with self.subTest(kind), self.refused(ValidationError, "Service Partners: contract .* is not with a"):
                self.a_dealer_contract(
                    activate=False, contract_type_id=self.env.ref(f"aftersales_contracts.contract_type_{kind}").id)

    def test_a_rule_in_another_currency_is_refused_by_name(self):
        other = self.env["res.currency"].with_context(active_test=False).search(
            [("name", "=", "JPY"), ("id", "!=", self.env.company.currency_id.id)])
        other.active = True
        rule = self.a_rule([self.a_share()], currency_id=other.id)
        with self.refused(ValidationError, f"{rule._reference()} .* is in JPY, contract .* in "):
            self.a_dealer_contract(activate=False, rule=rule)

    def test_a_rule_of_another_company_is_refused(self):
        rule = self.a_rule([self.a_share()], company_id=self.other_company.id)
        with self.refused(UserError, "company"):
            self.a_dealer_contract(activate=False, rule=rule)

    def test_one_that_is_in_force_changes_by_an_amendment_only(self):
        other = self.a_rule([self.a_share(value=99)])
        row = self.dealing.share_ids.with_user(self.anna)
        for action in (lambda: row.write({"rule_id": other.id}), row.unlink,
                       lambda: self.env["aftersales.contract.share"].with_user(self.anna).create(
                           {"contract_id": self.dealing.id, "rule_id": other.id})):
            with self.refused(UserError, "Make an amendment"):
                action()
        with self.assertRaises(AccessError):
            row.with_user(self.diego).read(["rule_id"])

    def test_an_amendment_brings_the_next_version_in_on_its_day(self):
        second, row = self.next_version(self.rule, value=20), self.dealing.share_ids
        draft = self.dealing.make_amendment("2026-03-16", "New rates", "price")
        self.assertEqual(draft.share_ids.row_key, row.row_key)
        draft.share_ids.rule_id = second
        page = self.dealing._redline(*draft._terms_amended())
        draft._adopt("Test")
        self.assertEqual(row.rule_id, self.rule, "not before its day")
        with freeze_time("2026-03-16 12:00:00"):
            draft.sudo()._enter_amendments()
        self.assertEqual((row.rule_id, len(self.dealing.share_ids)), (second, 1))
        self.assertFalse(self.dealing._version_drift())
        version = self.dealing.version_ids.sorted("number")[-1]
        self.assertEqual(version.changes, {f"{PREFIX}{row.row_key}:rule_id": second.id})
        self.assertEqual(version.names[f"aftersales.share.rule,{second.id}"], second.display_name)
        [text] = [one for one in page["texts"] if one["title"] == second.display_name]
        self.assertEqual(text["status"], "changed")
        self.assertIn("70", "".join(part for op, part in text["runs"] if op == "delete"))
        self.assertIn("20", "".join(part for op, part in text["runs"] if op == "insert"))

    def test_the_section_of_the_document(self):
        text = text_of(self.dealing._document_pdf())
        for part in ("Dealer share", f"S1 Service Partners ({self.rule._reference()})", "S1.1 Shares are settled",
                     "the dealer receives 70% of the revenue before taxes."):
            self.assertIn(part, text)

    def test_the_fingerprint_covers_what_the_rule_says(self):
        rule = self.a_rule([self.a_share()], release=False)
        contract = self.a_dealer_contract(activate=False, rule=self.rule.browse(), partner_id=self.stranger.id)
        without = contract._document_fingerprint()
        words = DocumentWords(contract.env, "en_US", neutral=True)
        self.assertNotIn("shares", _plain(contract._document_facts(words)), "as it was before there were any")
        contract.share_ids = [Command.create({"rule_id": rule.id})]
        held = contract._document_fingerprint()
        rule.component_ids.rate_ids.value += 1
        self.assertEqual(len({without, held, contract._document_fingerprint()}), 3)

    def test_a_copy_takes_the_rule_and_a_dealer_sees_nothing_of_the_library(self):
        self.assertEqual(self.dealing.copy().share_ids.rule_id, self.rule)
        for model in ("rule", "component", "rate", "bracket", "band", "bonus", "payee"):
            for role in ("diego", "carla", "outsider", "clerk"):
                with self.subTest(f"{role} {model}"), self.assertRaises(AccessError):
                    self.env[f"aftersales.share.{model}"].with_user(getattr(self, role)).search([])


class TestGaps(ShareCase):
    def gaps(self, contract):
        return contract._share_gaps()

    def a_draft(self, rule, **values):
        return self.a_dealer_contract(activate=False, rule=rule, **{"partner_id": self.stranger.id, **values})

    def test_a_draft_of_a_rule_does_not_take_effect(self):
        draft = self.a_rule([self.a_share()], release=False)
        contract = self.a_draft(draft)
        self.assertEqual(self.gaps(contract), [f"the release of share rule {draft.display_name}"])
        self.assertEqual(contract.share_ids.gap_text, f"the release of share rule {draft.display_name}")
        with self.refused(UserError, "lacks: the release of share rule"):
            contract.with_user(self.anna).action_submit()
        with self.refused(UserError, "the release of share rule|is not released"):
            contract._adopt("Test")
        draft.with_user(self.lena).action_release()
        contract._adopt("Test")
        self.assertEqual(contract.state, "active")

    def test_a_withdrawn_rule_stays_with_those_who_agreed_on_it(self):
        signed = self.put_in_force(self.a_draft(self.rule), until="sign")
        other = self.env["res.partner"].create({"name": "Third", "is_company": True})
        reviewed = self.put_in_force(self.a_draft(self.rule, partner_id=other.id), until="submit")
        self.rule.with_user(self.lena).action_withdraw()
        signed.with_user(self.anna).action_activate()
        self.assertEqual(signed.state, "active")
        with self.refused(UserError, "which was withdrawn"):
            reviewed.with_user(self.boss).action_approve()
        draft = self.dealing.make_amendment("2026-06-01", "Other", "other")
        self.assertFalse(self.gaps(draft), "what was agreed on")

    def test_two_contracts_of_a_dealer_at_once(self):
        twin = self.a_dealer_contract(activate=False, date_start="2026-06-01")
        self.assertEqual(self.gaps(twin), [
            f"the end of contract {self.dealing.display_name}, by which dealer Northern Dealer has a share in the same "
            "days"])
        with self.refused(UserError, "by which dealer Northern Dealer has a share"):
            twin._adopt("Test")
        with self.subTest("a branch of the dealer is the dealer"):
            branch = self.env["res.partner"].create({"name": "Branch", "parent_id": self.dealer.id})
            self.assertTrue(self.gaps(self.a_dealer_contract(activate=False, partner_id=branch.id)))
        with self.subTest("another dealer"):
            self.assertFalse(self.gaps(self.a_draft(self.rule)))
        with self.subTest("another company"):
            foreign = self.a_rule([self.a_share()], company_id=False)
            self.assertFalse(self.gaps(self.a_dealer_contract(
                activate=False, rule=foreign, company_id=self.other_company.id, policy_id=False)))
        with self.subTest("a contract without a share"):
            self.assertFalse(self.gaps(self.a_dealer_contract(activate=False, rule=self.rule.browse())))
        self.dealing._write_unlocked({"date_end": "2026-05-31"})
        self.assertFalse(self.gaps(twin), "the days do not meet")
        twin.date_start = "2026-05-31"
        self.assertTrue(self.gaps(twin), "the last day is in")

    def test_a_manager_who_does_not_see_the_other_contract_is_told(self):
        twin = self.a_dealer_contract(activate=False, user_id=self.anna.id)
        self.assertTrue(self.gaps(twin.with_user(self.anna)))

    def test_an_amendment_is_no_second_contract(self):
        second = self.next_version(self.rule, value=20)
        draft = self.dealing.make_amendment("2026-03-16", "New rates", "price")
        draft.share_ids.rule_id = second
        self.assertFalse(self.gaps(draft))

    def test_two_rules_at_a_time(self):
        contract = self.a_draft(self.rule | self.a_rule([self.a_share()]))
        self.assertIn("one share rule only", self.gaps(contract))

    def test_what_is_odd_is_told_while_it_is_a_draft(self):
        rule = self.a_rule([self.a_share(value=120)])
        contract = self.a_draft(rule)
        self.assertEqual(contract._draft_warnings(), [
            f"Share rule {rule.display_name}: Share: a rate of 120 % is more than the whole."])
        second = self.next_version(rule, value=20)
        self.assertIn(f"Share rule {rule.display_name} has a later version, {second._reference()}.",
                      contract._draft_warnings())

    def test_row22_percentages_of_payees_that_do_not_make_100(self):
        """The peer has no payees: each agent is paid by a rate of its own, whatever they come to together."""
        rule = self.a_rule([self.a_share()], release=False, payee_ids=[
            Command.create({"partner_id": self.dealer.id, "percent": 60}),
            Command.create({"partner_id": self.stranger.id, "percent": 30})])
        with self.refused(UserError, "cannot be released"):
            rule.with_user(self.lena).action_release()
        rule.payee_ids[1].percent = 40
        rule.with_user(self.lena).action_release()


class TestDays(ShareCase):
    """Which rule a contract holds on which days, from its versions."""

    def components(self, contract, start, end):
        rule, record = contract._share_rule(start, end)
        return [(one.key, one.rates[0].value, one.start, one.end) for one in rule.components], record

    def test_one_rule_over_the_whole_period(self):
        found, record = self.components(self.dealing, *MARCH)
        first = date(2026, 1, 1)
        self.assertEqual(found, [("labour", Decimal(70), first, None), ("all_else", Decimal(10), first, None)])
        self.assertEqual(record, self.rule)

    def test_a_change_in_the_middle_has_both_with_their_days(self):
        second = self.next_version(self.rule, value=20)
        self.take(self.dealing, second, "2026-03-16")
        change = date(2026, 3, 16)
        found, record = self.components(self.dealing, *MARCH)
        self.assertEqual(found, [
            ("labour", Decimal(70), date(2026, 1, 1), change), ("all_else", Decimal(10), date(2026, 1, 1), change),
            ("labour", Decimal(20), change, None), ("all_else", Decimal(20), change, None)])
        self.assertEqual(record, second, "limits and payment are those of the last day")
        before, record = self.components(self.dealing, date(2026, 2, 1), date(2026, 3, 1))
        self.assertEqual((len(before), record), (2, self.rule))
        after, record = self.components(self.dealing, date(2026, 4, 1), date(2026, 5, 1))
        self.assertEqual((len(after), record), (2, second))
        edge, record = self.components(self.dealing, date(2026, 3, 15), change)
        self.assertEqual((len(edge), record), (2, self.rule), "the end is not in")

    def test_the_signed_amendment_counts_before_its_day_has_come(self):
        """Settling March on 2 March for a preview already knows what was signed for the 16th."""
        second = self.next_version(self.rule, value=20)
        self.take(self.dealing, second, "2026-03-16")
        self.assertEqual(self.dealing.share_ids.rule_id, self.rule)
        self.assertEqual(self.dealing._share_rule(*MARCH)[1], second)

    def test_a_rule_that_is_taken_away_ends(self):
        draft = self.dealing.make_amendment("2026-03-16", "No share any more", "price")
        draft.share_ids.unlink()
        draft._adopt("Test")
        found, record = self.components(self.dealing, *MARCH)
        self.assertEqual({end for _key, _value, _start, end in found}, {date(2026, 3, 16)})
        self.assertEqual(record, self.rule)
        none, record = self.dealing._share_rule(date(2026, 4, 1), date(2026, 5, 1))
        self.assertEqual((none, record), (None, self.rule.browse()))

    def test_a_cancelled_amendment_never_was(self):
        second = self.next_version(self.rule, value=20)
        self.take(self.dealing, second, "2026-03-16")
        version = self.dealing.version_ids.sorted("number")[-1]
        version._mark({"cancelled_at": "2026-02-21 08:00:00"})
        self.assertEqual(self.dealing._share_rule(*MARCH)[1], self.rule)

    def test_before_the_contract_there_is_none_and_other_changes_make_no_pieces(self):
        self.assertEqual(self.dealing._share_rule(date(2025, 11, 1), date(2025, 12, 1))[0], None)
        draft = self.dealing.make_amendment("2026-03-10", "Another title", "other")
        draft.title = "Renamed"
        draft._adopt("Test")
        self.assertEqual(len(self.components(self.dealing, *MARCH)[0]), 2)

    def test_a_draft_answers_by_its_rows(self):
        draft = self.a_dealer_contract(activate=False, partner_id=self.stranger.id)
        self.assertEqual(draft._share_rule(*MARCH)[1], self.rule)
        bare = self.a_dealer_contract(activate=False, partner_id=self.stranger.id, rule=self.rule.browse())
        self.assertEqual(bare._share_rule(*MARCH), (None, self.rule.browse()))

    def test_a_batch_takes_the_same_queries_for_2_and_for_20(self):
        contracts = self.dealing
        for number in range(20):
            partner = self.env["res.partner"].create({"name": f"Dealer {number}", "is_company": True})
            rule = self.a_rule([self.a_share(brackets=((0, 1), (10, 2)), payout_measure="compliance",
                                             band_ids=[Command.create({"bound": 90, "percent": 100})]),
                                self.a_share(line_kind_ids=[Command.set(self.parts.ids)])])
            contracts += self.a_dealer_contract(rule=rule, partner_id=partner.id)
        counts = []
        for batch in (contracts[:2], contracts):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            found = batch._share_rules(*MARCH)
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(set(found), set(batch))
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[1], 20)
