"""Price revisions: preview, two people, exactly what was previewed, one broken contract."""

from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .price_case import PriceCase


class TestPriceRevision(PriceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term = cls.a_term(lines=[{"price": 100}], date_start="2026-01-01", date_end="2026-12-31")
        cls.line = cls.term.line_ids
        cls.hanna = cls._a_user("hanna", "aftersales_contracts.group_finance")

    def a_revision(self, **values):
        """A revision of the customer's contracts: those of a demo story stay out of it."""
        values = {"contract_filter": f"[('partner_id', '=', {self.customer.id})]", **values}
        return self.env["aftersales.price.revision"].with_user(self.felix).create({
            "title": "Adjustment", "kind": "percent", "percent": 5, "effective_on": "2026-07-01", **values})

    def previewed(self, **values):
        revision = self.a_revision(**values)
        revision.action_preview()
        return revision

    def row(self, revision, line=None):
        return revision.sudo().line_ids.filtered(lambda row: row.line_id == (line or self.line))

    def test_it_is_previewed_by_one_and_applied_by_another(self):
        revision = self.previewed()
        self.assertRecordValues(self.row(revision), [{
            "old_price": 100, "new_price": 105, "state": "planned", "reason": "in force on that day",
            "change_percent": 5}])
        self.assertEqual(self.line.price, 100)
        with self.assertRaisesRegex(AccessError, "somebody else must apply it"):
            revision.action_apply()
        revision.with_user(self.hanna).action_apply()
        self.assertEqual(self.line.price, 105)
        self.assertRecordValues(revision, [{
            "state": "applied", "proposed_by_id": self.felix.id, "applied_by_id": self.hanna.id,
            "summary": "1 changed"}])
        self.assertEqual(self.price_log(self.line), [
            ("2026-01-01", "100.00", "agreed"), ("2026-07-01", "105.00", "percent")])
        self.assertEqual((str(self.line._price_on(date(2026, 6, 30))), str(self.line._price_on(date(2026, 7, 1)))), (
            "100.00", "105.00"))
        self.assertEqual(self.term.annual_value, 1260)
        self.assertRecordValues(self.line, [{"revised_on": date(2026, 7, 1)}])

    def test_two_people_is_a_law_of_the_database(self):
        revision = self.previewed()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            revision._decide({"applied_by_id": self.felix.id})
            self.env.flush_all()

    def test_the_change_becomes_a_version_and_the_paper_says_the_new_price(self):
        before = self.term._paper_fingerprint()
        self.previewed().with_user(self.hanna).action_apply()
        self.assertNotEqual(self.term._paper_fingerprint(), before)
        if "version_ids" in self.term._fields:
            version = self.term.version_ids.sorted("number")[-1]
            self.assertEqual((version.effective_on, version.changes), (
                date(2026, 7, 1), {f"line:{self.line.row_key}:price": 105.0}))

    def test_the_schedule_counts_each_price_from_its_day(self):
        self.previewed(effective_on="2026-03-17").with_user(self.hanna).action_apply()
        self.assertEqual(self.parts(self.line, start=date(2026, 2, 1), end=date(2026, 5, 1)), [
            ("2026-02-01", "2026-03-01", "100.00"), ("2026-03-01", "2026-03-17", "51.61"),
            ("2026-03-17", "2026-04-01", "50.81"), ("2026-04-01", "2026-05-01", "105.00")])

    def test_row09_lines_that_are_left_alone_and_why(self):
        """OCA/contract#467: a revision that also touched finished lines."""
        draft = self.a_term(activate=False, date_start="2026-01-01", date_end="2026-12-31")
        lines = {
            "it ended before that day": self.a_line(draft, date_end="2026-06-30"),
            "it begins after that day": self.a_line(draft, date_start="2026-07-02"),
            "it is cancelled": self.a_line(draft, cancelled=True),
            "it is marked as never to be revised": self.a_line(draft, never_revise=True),
            "in force on that day": self.a_line(draft, date_end="2026-07-01"),
        }
        draft._adopt("Test")
        revision = self.previewed(contract_filter=f"[('id', '=', {draft.id})]")
        for reason, line in lines.items():
            state = "planned" if reason == "in force on that day" else "skipped"
            self.assertRecordValues(self.row(revision, line), [{"reason": reason, "state": state}])
        revision.with_user(self.hanna).action_apply()
        self.assertEqual([line.price for line in lines.values()], [100, 100, 100, 100, 105])
        self.assertEqual(revision.summary, "4 left alone, 1 changed")

    def test_row09_twice_the_same_day_is_once(self):
        self.previewed().with_user(self.hanna).action_apply()
        again = self.previewed(percent=9)
        self.assertRecordValues(self.row(again), [{
            "reason": "it was revised for that day already", "state": "skipped", "new_price": 105}])
        again.with_user(self.hanna).action_apply()
        self.assertEqual(self.line.price, 105)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["aftersales.line.price"].create({
                "line_id": self.line.id, "effective_on": "2026-07-01", "price": 9, "kind": "fixed"})

    def test_row09_two_proposals_for_one_day_the_second_is_refused_when_applied(self):
        first, second = self.previewed(), self.previewed(percent=9)
        first.with_user(self.hanna).action_apply()
        second.with_user(self.hanna).action_apply()
        self.assertEqual(self.line.price, 105)
        self.assertRecordValues(self.row(second), [{"state": "failed"}])
        self.assertIn("it was revised for that day already", self.row(second).reason)

    def test_row09_a_line_billed_in_advance_names_the_period_to_correct(self):
        self.line._write_unlocked({"billed_until": "2026-09-30"})
        revision = self.previewed()
        self.assertRecordValues(self.row(revision), [{
            "reason": "billed in advance: correct what was billed from 07/01/2026 to 09/30/2026", "state": "planned",
            "correct_from": date(2026, 7, 1), "correct_until": date(2026, 9, 30)}])

    def test_an_indexed_revision_takes_lines_with_a_clause_and_blocks_on_missing_values(self):
        draft = self.a_term(activate=False, date_start="2025-01-01", date_end="2026-12-31")
        line, held = self.an_indexed_line(draft), self.an_indexed_line(draft, cap_on=True, cap_percent=3)
        draft._adopt("Test")
        revision = self.previewed(kind="index", effective_on="2026-01-01")
        self.assertRecordValues(self.row(revision), [{"state": "skipped", "reason": "it has no index clause"}])
        self.assertRecordValues(self.row(revision, held), [{"new_price": 1030, "bound": "cap"}])
        revision.with_user(self.hanna).action_apply()
        self.assertEqual((str(line._price()), str(held._price())), ("1045.91", "1030.00"))
        same = self.previewed(kind="index", effective_on="2026-02-01")
        self.assertEqual(self.row(same, line).reason, "no newer index period than the one used")
        self.cpi.value_ids.filtered(lambda value: value.period == "2026").unlink()
        other = self.a_term(activate=False, date_start="2025-01-01", date_end="2027-12-31", renewal_kind="none")
        late = self.an_indexed_line(other)
        other._adopt("Test")
        blocked = self.previewed(kind="index", effective_on="2027-01-01")
        self.assertRecordValues(self.row(blocked, late), [{"state": "blocked"}])
        self.assertIn("index CPI: '2026' has no value", self.row(blocked, late).reason)
        blocked.with_user(self.hanna).action_apply()
        self.assertEqual(late.price, 1000)

    def test_a_new_price_is_for_contracts_in_its_currency(self):
        self.env.ref("base.KWD").active = True
        foreign = self.a_term(lines=[{"price": 100}], currency_id=self.env.ref("base.KWD").id, date_end="2026-12-31")
        revision = self.previewed(kind="fixed", fixed_price=111)
        self.assertRecordValues(self.row(revision), [{"new_price": 111, "state": "planned"}])
        self.assertEqual(self.row(revision, foreign.line_ids).reason, "its currency is KWD")
        revision.with_user(self.hanna).action_apply()
        self.assertEqual((self.line.price, foreign.line_ids.price), (111, 100))

    def test_a_percentage_is_held_by_the_cap_of_the_line(self):
        draft = self.a_term(activate=False, date_end="2026-12-31")
        line = self.a_line(draft, cap_on=True, cap_percent=3)
        draft._adopt("Test")
        self.assertRecordValues(self.row(self.previewed(), line), [{"new_price": 103, "bound": "cap"}])

    def test_one_broken_contract_is_named_and_the_others_go_on(self):
        broken = self.a_term(lines=[{"price": 200}], date_end="2026-12-31", title="Broken")
        revision = self.previewed()
        Line = type(self.env["aftersales.contract.line"])
        take = Line._take_prices

        def failing(lines, changes, origin):
            if broken in lines.contract_id:
                raise ValueError("the row is broken")
            return take(lines, changes, origin)

        with patch.object(Line, "_take_prices", failing):
            revision.with_user(self.hanna).action_apply()
        self.assertEqual((self.line.price, broken.line_ids.price), (105, 200))
        self.assertRecordValues(self.row(revision, broken.line_ids), [{
            "state": "failed", "reason": "the row is broken"}])
        self.assertRecordValues(self.row(revision), [{"state": "applied"}])
        self.assertEqual(self.price_log(broken.line_ids), [("2025-01-01", "200.00", "agreed")])

    def test_what_was_previewed_is_what_is_applied(self):
        revision = self.previewed()
        with self.assertRaisesRegex(UserError, "back to draft first"):
            revision.write({"percent": 50})
        self.previewed(effective_on="2026-06-01").with_user(self.hanna).action_apply()
        revision.with_user(self.hanna).action_apply()
        self.assertEqual(self.line.price, 105)
        self.assertRecordValues(self.row(revision), [{"state": "failed"}])

    def test_a_backdated_revision_does_not_undo_a_later_one(self):
        self.previewed().with_user(self.hanna).action_apply()
        early = self.previewed(effective_on="2026-03-01", percent=10)
        self.assertIn("until 07/01/2026, when a later price takes over", self.row(early).reason)
        early.with_user(self.hanna).action_apply()
        self.assertEqual(self.line.price, 105)
        self.assertEqual([str(self.line._price_on(date(2026, month, 1))) for month in (2, 3, 7)], [
            "100.00", "110.00", "105.00"])

    def test_drafts_and_other_products_are_out_of_scope(self):
        draft = self.a_term(activate=False, lines=[{"price": 100}], date_end="2026-12-31")
        product = self.env["product.product"].create({"name": "Gold Care"})
        gold = self.a_term(lines=[{"price": 100, "product_id": product.id}, {"price": 100}], date_end="2026-12-31")
        self.assertFalse(self.row(self.previewed(), draft.line_ids))
        narrow = self.previewed(product_ids=product.ids)
        self.assertEqual(narrow.line_ids.line_id, gold.line_ids[0])

    def test_a_filter_is_data_and_not_code(self):
        for wrong in ("__import__('os')", "[('no_field', '=', 1)]", "hello", "[('id', '=', uid)]"):
            with self.subTest(wrong), self.assertRaisesRegex(ValidationError, "is not a filter of contracts"):
                self.a_revision(contract_filter=wrong)
        with self.assertRaisesRegex(UserError, "no line of a contract in force matches"):
            self.previewed(contract_filter="[('title', '=', 'nobody')]")

    def test_only_finance_and_administrators_revise(self):
        revision = self.previewed()
        for user in (self.anna, self.agent, self.lena, self.clerk):
            for button in ("action_apply", "action_draft"):
                with self.assertRaises(AccessError):
                    getattr(revision.with_user(user), button)()
            with self.assertRaises(AccessError):
                self.a_revision().with_user(user).write({"percent": 1})
        for values in ({"state": "applied"}, {"proposed_by_id": self.hanna.id}, {"applied_by_id": self.hanna.id}):
            with self.assertRaises(UserError):
                revision.write(values)
            with self.assertRaises(UserError):
                self.a_revision(**values)
        revision.with_user(self.boss).action_apply()
        with self.assertRaisesRegex(UserError, "part of the history"):
            revision.unlink()

    def test_few_queries_for_many_contracts(self):
        def queries(count):
            for _number in range(count):
                self.a_term(lines=[{"price": 100}], date_end="2026-12-31", title=f"Many {count}")
            revision = self.previewed(contract_filter=f"[('title', '=', 'Many {count}')]")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            revision.with_user(self.hanna).action_apply()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(5), queries(50))
