"""Usage tariffs: their terms, their versions, who decides on them, and lines that hold them."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..models.signing.document_words import DocumentWords
from ..report.agreement_values import UsageRow
from .refusals import Refusals
from .usage_case import UsageCase


class TestUsageTariff(Refusals, UsageCase):
    def test_what_is_sure_and_what_it_costs_by_example(self):
        self.assertEqual(self.pages.sure_amount, 30)
        self.assertEqual(self.pages.examples, [
            ["0 page", "", "$\xa030.00"], ["500 page", "0.06 USD each", "$\xa030.00"],
            ["1,500 page", "0.04 USD each", "$\xa060.00"], ["3,000 page", "0.04 USD each", "$\xa0120.00"]])
        self.assertEqual(self.pages.words.split("\n"), [
            "For each page up to 1,000: 0.05 USD; beyond 1,000: 0.04 USD.",
            "Each unit costs the price of the tier in which it lies.", "Included in each period: 500 page.",
            "The usage of a period costs at least $\xa020.00.", "The base fee of a period is $\xa010.00.",
            "In a part of a period these count by its days."])

    def test_prices_have_more_decimals_than_the_currency(self):
        tariff = self.a_tariff(bands=((0, 0.01234567),))
        self.assertEqual(str(tariff._terms().tiers[0].rate), "0.01234567")
        yen = self.env.ref("base.JPY")
        yen.active = True
        tariff = self.a_tariff(bands=((0, 0.5),), base_fee=100, currency_id=yen.id)
        self.assertEqual((tariff.sure_amount, str(tariff._rounding())), (100, "1"))

    def test_a_released_tariff_never_changes(self):
        band = self.pages.band_ids[0]
        for user in (self.felix, self.boss, self.env.user):
            tariff = self.pages.with_user(user)
            for change in (
                lambda t: t.write({"base_fee": 11}), lambda t: t.write({"name": "Other"}),
                lambda t: t.write({"band_ids": [Command.create({"bound": 5, "price": 1})]}),
                lambda t: t.band_ids[0].write({"price": 1}), lambda t: t.band_ids[0].unlink(), lambda t: t.unlink(),
                lambda t: t.env["aftersales.usage.band"].create({"tariff_id": t.id, "bound": 7, "price": 1}),
            ):
                with self.refused(UserError, "is released and does not change"):
                    change(tariff)
        draft = self.a_tariff(release=False)
        with self.refused(UserError, "is released and does not change"):
            draft.band_ids.write({"tariff_id": self.pages.id})
        with self.refused(UserError, "changes only through its buttons"):
            draft.write({"state": "released"})
        with self.refused(UserError, "changes only through its buttons"):
            draft.with_user(self.felix).create({"name": "x", "unit_name": "y", "state": "released"})
        self.assertEqual(band.price, 0.05)

    def test_a_new_version_follows_and_the_old_one_stands(self):
        action = self.pages.with_user(self.felix).action_new_version()
        draft = self.env["aftersales.usage.tariff"].browse(action["res_id"])
        self.assertRecordValues(draft, [{
            "name": "Printed Pages", "version": 2, "state": "draft", "previous_id": self.pages.id, "base_fee": 10}])
        self.assertEqual(draft.band_ids.mapped("price"), [0.05, 0.04])
        draft.with_user(self.felix).write({"base_fee": 12})
        with self.refused(UserError, "is followed by Printed Pages v2"):
            self.pages.action_new_version()
        with self.refused(UserError, "is a draft: change it"):
            draft.action_new_version()
        draft.with_user(self.felix).action_release()
        self.assertRecordValues(
            self.pages | draft, [{"base_fee": 10, "sure_amount": 30}, {"base_fee": 12, "sure_amount": 32}])
        self.assertEqual(self.pages.copy().name, "Printed Pages (copy)")

    def test_only_finance_and_administrators_decide(self):
        draft = self.a_tariff(release=False)
        for user in (self.agent, self.anna, self.lena, self.clerk, self.carla):
            for record, method in ((draft, "action_release"), (self.pages, "action_withdraw"),
                                   (self.pages, "action_new_version")):
                with self.refused(AccessError, ""):
                    getattr(record.with_user(user), method)()
        draft.with_user(self.felix).action_release()
        self.assertEqual((draft.state, draft.released_by_id), ("released", self.felix))
        with self.refused(UserError, "is not a draft"):
            draft.with_user(self.felix).action_release()
        draft.with_user(self.boss).action_withdraw()
        with self.refused(UserError, "is not released"):
            draft.with_user(self.boss).action_withdraw()

    def test_a_tariff_that_makes_no_sense_is_refused(self):
        with self.refused(UserError, "cannot be released"):
            self.a_tariff(bands=())
        with self.refused(ValidationError, "do not begin at 0"):
            self.a_tariff(bands=((10, 1),), release=False)
        for values in ({"base_fee": -1}, {"allowance": -1}, {"bands": ((0, -1),)}, {"bands": ((0, 1), (0, 2))}):
            with self.subTest(values), self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                self.a_tariff(release=False, **values)
                self.env.flush_all()

    def test_a_slab_with_a_cliff_says_so(self):
        self.assertFalse(self.pages.warning)
        slab = self.a_tariff(bands=((0, 2), (100, 1)), rule="slab", release=False)
        self.assertIn("From 100 page on all units become cheaper", slab.warning)


class TestUsageLine(Refusals, UsageCase):
    def test_a_usage_line_is_worth_what_is_sure(self):
        contract, line = self.a_usage_term(lines=({"price": 100},))
        self.assertRecordValues(line, [{
            "charge": "usage", "timing": "postpaid", "price": 30, "amount": 30, "monthly_value": 30,
            "annual_value": 360}])
        self.assertEqual(contract.annual_value, 1560)
        self.assertEqual([(row[0][:10], row[2]) for row in line.schedule[:1]], [("01/01/2026", "$\xa030.00")])
        self.assertIn("Charged by usage a month, billed in arrears.", line.terms_text)
        self.assertEqual((contract.line_ids - line).charge, "fee")

    def test_it_is_in_arrears_of_one_and_never_revised(self):
        contract, line = self.a_usage_term(activate=False)
        for values in ({"timing": "prepaid"}, {"quantity": 2}, {"price_rule": "percent", "price_percent": 3}):
            with self.subTest(values), self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                line.write(values)
                self.env.flush_all()
        with self.refused(ValidationError, "its price is what tariff Printed Pages v1 charges without any usage"):
            line.price = 5
        self.assertTrue(line._priced(False).never_revise)
        line.tariff_id = False
        self.assertEqual(line.charge, "fee")

    def test_the_currency_of_the_tariff_is_that_of_the_contract(self):
        euro = self.env.ref("base.EUR")
        tariff = self.a_tariff(currency_id=euro.id)
        with self.refused(ValidationError, "is in EUR, the contract in USD"):
            self.a_line(self.a_contract(activate=False), tariff_id=tariff.id, price=0)

    def test_a_tariff_of_another_company_is_refused(self):
        tariff = self.a_tariff(company_id=self.other_company.id)
        with self.refused(UserError, ""):
            self.a_line(self.a_contract(activate=False), tariff_id=tariff.id, price=0)

    def test_only_a_released_tariff_takes_effect(self):
        draft = self.a_tariff(release=False)
        contract, _line = self.a_usage_term(activate=False, tariff=draft)
        with self.refused(UserError, r"a released usage tariff for line Pages \(Printed Pages v1 is draft\)"):
            contract.with_user(self.anna).action_submit()
        draft.action_release()
        draft.action_withdraw()
        with self.refused(UserError, "is withdrawn"):
            contract.with_user(self.anna).action_submit()

    def test_the_price_follows_a_draft_tariff(self):
        draft = self.a_tariff(release=False)
        _contract, line = self.a_usage_term(activate=False, tariff=draft)
        draft.base_fee = 7
        self.assertEqual((line.price, line.annual_value), (7, 84))

    def test_the_tariff_stands_on_paper_and_older_papers_keep_their_hash(self):
        contract, line = self.a_usage_term(lines=({"price": 100},))
        terms = contract._paper_terms()
        self.assertEqual(terms[f"line:{line.row_key}"]["tariff_id"], self.pages.id)
        self.assertNotIn("tariff_id", terms[f"line:{(contract.line_ids - line).row_key}"])
        with self.refused(UserError, "it is in force. Make an amendment"):
            line.with_user(self.anna).tariff_id = False

    def test_an_amendment_brings_another_tariff_from_its_day_on(self):
        contract, line = self.a_usage_term()
        new = self.a_tariff(bands=((0, 2),), base_fee=5)
        draft = contract.make_amendment("2026-03-16", "Dearer", "price")
        draft.line_ids.tariff_id = new
        draft._adopt("Test")
        self.assertEqual((line.tariff_id, line.price), (new, 5))
        self.assertEqual([tariff for _low, _high, tariff in line._tariff_slices()], [self.pages, new])
        self.assertEqual([(part[0], part[2]) for part in self.parts_of(line)[1:4]], [
            ("2026-02-01", "30.00"), ("2026-03-01", "14.52"), ("2026-03-16", "2.58")])

    def parts_of(self, line):
        return [(str(part.period.start), str(part.period.end), str(part.amount)) for part in line._scheduled()]

    def test_the_contract_document_words_the_tariff(self):
        contract, line = self.a_usage_term(lines=({"price": 100},))
        usage, fee = (row for row in contract._drawn_prices(DocumentWords(self.env, "en_US"))["prices"])
        self.assertEqual((usage.price, usage.yearly, usage.quantity), ("by usage", "$\xa0360.00", ""))
        self.assertIn("For each page up to 1,000: 0.05 USD; beyond 1,000: 0.04 USD.", usage.tariff)
        self.assertNotIsInstance(fee, UsageRow)
        neutral = line._drawn_row(DocumentWords(self.env, "de_DE", neutral=True))
        self.assertEqual(neutral.tariff, (
            "marginal 0: 0.05; 1000: 0.04 USD/page, allowance 500, minimum 20.00 amount, base fee 10.00, unprorated "
            "bounds",))
        self.assertTrue(contract._document_pdf().startswith(b"%PDF"))
