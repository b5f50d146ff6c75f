"""What if: another share rule on past periods, beside what was settled; and that nothing but the answer is written."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time
from odoo.tools import SQL

from .settlement_case import SettlementCase


class TestShareWhatIf(SettlementCase):
    """`dealing`: 70 % of labour, 10 % of all else; March and April are settled."""

    def ask(self, rule, user=None, **values):
        """The answer to a question, asked by anna about `dealing` unless told otherwise."""
        what_if = self.env["aftersales.share.what.if"].with_user(user or self.anna).create({
            "contract_ids": [Command.set(self.dealing.ids)], "company_id": self.company.id, "rule_id": rule.id,
            "date_from": "2026-03-01", "date_to": "2026-04-30", **values})
        what_if.action_reckon()
        return what_if

    def told(self, what_if):
        """[(month, settled, would be)] of the answer."""
        return [(f"{line.period_start:%m}", f"{line.settled:.2f}", f"{line.would_be:.2f}")
                for line in what_if.line_ids.sorted("period_start")]

    def draft(self, *components, **values):
        return self.a_rule(components or [self.a_share(value=50)], release=False, **values)

    def two_months(self):
        move = self.an_invoice((self.work, 1000), (self.pump, 200))
        self.settle()
        self.an_invoice((self.work, 300), day="2026-04-10")
        self.settle("2026-05-10")
        return move

    # --- the figures -----------------------------------------------------------------------------------------------

    def test_the_same_rule_comes_to_what_was_settled(self):
        self.two_months()
        what_if = self.ask(self.rule)
        self.assertEqual(self.told(what_if), [("03", "720.00", "720.00"), ("04", "210.00", "210.00")])
        self.assertEqual(what_if.line_ids.mapped("difference"), [0, 0])
        self.assertEqual(what_if.line_ids.mapped("settlement_count"), [1, 1])
        self.assertEqual(what_if.line_ids.sorted("period_start").mapped("revenue"), [1200, 300])
        self.assertFalse(what_if.note)

    def test_a_draft_is_tried_beside_what_was_settled(self):
        self.two_months()
        what_if = self.ask(self.draft())
        self.assertEqual(self.told(what_if), [("03", "720.00", "600.00"), ("04", "210.00", "150.00")])
        self.assertIn("difference", what_if.summary)
        self.assertEqual(what_if.line_ids.sorted("period_start").mapped("company_difference"), [-120, -60])

    def test_brackets_add_up_from_the_beginning_of_their_span(self):
        """Asked for April alone: March counts towards the quarter... of its own, and towards the year."""
        self.two_months()
        yearly = self.draft(self.a_share(rate_kind="brackets", brackets=((0, 10), (1000, 20)), accumulate="year"))
        self.assertEqual(self.told(self.ask(yearly, date_from="2026-04-01")), [("04", "210.00", "60.00")])
        whole = self.draft(self.a_share(
            rate_kind="brackets", brackets=((0, 10), (1000, 20)), accumulate="year", bracket_rule="slab"))
        self.assertEqual(self.told(self.ask(whole)), [("03", "720.00", "240.00"), ("04", "210.00", "60.00")])

    def test_a_credit_note_takes_what_the_tried_rule_gave(self):
        """Not what was settled: 70 % of it."""
        move = self.two_months()
        with freeze_time("2026-04-21 12:00:00"):
            self.refund(move, amount=400, day="2026-04-20")
        self.env["aftersales.revenue"]._attribute(self.company)
        what_if = self.ask(self.draft())
        self.assertEqual(self.told(what_if), [("03", "720.00", "600.00"), ("04", "210.00", "-50.00")])

    def test_credit_notes_of_one_line_in_two_months_and_in_the_month_of_the_invoice(self):
        move = self.an_invoice((self.work, 1000))
        self.refund(move, amount=100, day="2026-03-20")
        self.refund(move, amount=200, day="2026-04-02")
        with freeze_time("2026-05-20 12:00:00"):
            self.refund(move, amount=700, day="2026-05-02")
        self.env["aftersales.revenue"]._attribute(self.company)
        what_if = self.ask(self.draft(), date_to="2026-05-31")
        self.assertEqual(self.told(what_if), [
            ("03", "0.00", "450.00"), ("04", "0.00", "-100.00"), ("05", "0.00", "-350.00")])
        self.assertEqual(what_if.line_ids.mapped("settlement_count"), [0, 0, 0])

    def test_periods_of_the_tried_rule(self):
        """A quarter beside the settlements of its months."""
        self.two_months()
        quarterly = self.draft(self.a_share(value=50), period="quarter")
        self.assertEqual(self.told(self.ask(quarterly)), [("01", "720.00", "600.00"), ("04", "210.00", "150.00")])

    def test_limits_and_figures_of_the_tried_rule(self):
        self.two_months()
        capped = self.draft(self.a_share(value=50), cap=200)
        self.assertEqual(self.told(self.ask(capped)), [("03", "720.00", "200.00"), ("04", "210.00", "150.00")])
        paid_out = self.draft(self.a_share(value=50, payout_measure="compliance", payout_otherwise=40, band_ids=[
            Command.create({"bound": 90, "percent": 100})]))
        what_if = self.ask(paid_out)
        self.assertEqual(self.told(what_if), [("03", "720.00", "240.00"), ("04", "210.00", "60.00")])
        self.assertEqual(what_if.line_ids.mapped("warning_count"), [1, 1])

    def test_what_is_owed_is_no_difference(self):
        """Carried in and forward, by both: what a period came to is compared."""
        move = self.an_invoice((self.work, 1000))
        self.settle()
        self.refund(move, day="2026-04-05")
        self.settle("2026-05-10")
        what_if = self.ask(self.rule)
        self.assertEqual(self.told(what_if), [("03", "700.00", "700.00"), ("04", "-700.00", "-700.00")])

    # --- what cannot be reckoned, and what is written -----------------------------------------------------------------

    def test_a_rule_that_contradicts_itself_is_named_and_the_rest_goes_on(self):
        self.two_months()
        twice = self.draft(self.a_share(name="A"), self.a_share(name="B"))
        what_if = self.ask(twice)
        self.assertFalse(what_if.line_ids)
        self.assertIn(self.dealing.name, what_if.note)
        self.assertIn("equally well", what_if.note)

    def test_another_basis_is_remarked(self):
        self.two_months()
        what_if = self.ask(self.draft(self.a_share(value=50), pay_basis="paid"))
        self.assertIn("Revenue counts as it did: When Invoiced", what_if.note)

    def test_another_currency_is_remarked(self):
        self.two_months()
        own = self.dealing.currency_id
        other = self.env["res.currency"].create({"name": "XWI", "symbol": "X", "rounding": 0.01})
        self.env["res.currency.rate"].create({
            "currency_id": other.id, "company_id": self.company.id, "name": "2026-01-01", "rate": 2})
        what_if = self.ask(self.draft(currency_id=other.id))
        self.assertIn("not all in one currency", what_if.note)
        lines = what_if.line_ids.sorted(lambda line: (line.period_start, line.currency_id != own))
        self.assertEqual([(line.settled, line.would_be, line.company_difference) for line in lines], [
            (720, 0, -720), (0, 1200, 600), (210, 0, -210), (0, 300, 150)])

    def test_nothing_but_the_answer_is_written(self):
        self.two_months()
        rule = self.draft()
        self.env.flush_all()
        tables = [name for [name] in self.env.execute_query(SQL(
            """SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
                WHERE relkind = 'r' AND n.nspname = 'public' AND relname NOT LIKE '%%what_if%%'"""))]

        def state():
            self.env.flush_all()
            return [self.env.execute_query(SQL(
                "SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM %s t", SQL.identifier(name)))
                for name in tables if name.startswith(("aftersales_", "account_", "mail_", "res_", "ir_sequence"))]

        before = state()
        self.ask(rule)
        self.assertEqual(state(), before)

    def test_asking_again_replaces_the_answer(self):
        self.two_months()
        what_if = self.ask(self.draft())
        first = what_if.line_ids
        what_if.action_reckon()
        self.assertFalse(first.exists())
        self.assertEqual(len(what_if.line_ids), 2)

    # --- who ----------------------------------------------------------------------------------------------------------

    def test_account_managers_and_finance_ask_nobody_else(self):
        self.two_months()
        rule = self.draft()
        for user in (self.felix, self.boss):
            self.assertEqual(len(self.ask(rule, user).line_ids), 2)
        for user in (self.lena, self.agent):
            with self.assertRaises(AccessError):
                self.ask(rule, user)

    def test_answers_are_those_of_who_asked(self):
        self.two_months()
        what_if = self.ask(self.draft())
        with self.assertRaises(AccessError):
            what_if.line_ids.with_user(self.felix).read(["settled"])
        self.assertFalse(self.env["aftersales.share.what.if.bar"].with_user(self.felix).search([]))
        bars = self.env["aftersales.share.what.if.bar"].with_user(self.anna).search([("what_if_id", "=", what_if.id)])
        self.assertEqual(sorted(bars.mapped("amount")), [150, 210, 600, 720])

    def test_a_range_that_ends_before_it_begins_and_a_rule_of_another_company(self):
        with self.assertRaisesRegex(UserError, "ends before it begins"):
            self.ask(self.rule, date_to="2026-02-01")
        other = self.env["res.company"].create({"name": "Elsewhere"})
        rule = self.draft(company_id=other.id)
        with self.assertRaisesRegex(UserError, "Elsewhere"):
            self.ask(rule, self.env.ref("base.user_root"))

    def test_opened_from_a_new_version_it_begins_with_the_contracts_of_the_one_before(self):
        version = self.rule.browse(self.rule.action_new_version()["res_id"])
        values = self.env["aftersales.share.what.if"].with_user(self.anna).with_context(
            active_model="aftersales.share.rule", active_ids=version.ids).default_get(["rule_id", "contract_ids"])
        self.assertEqual(values["rule_id"], version.id)
        self.assertEqual(values["contract_ids"], [Command.set(self.dealing.ids)])
