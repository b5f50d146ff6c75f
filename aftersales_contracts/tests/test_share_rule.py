"""Share rules: drafted, numbered, released, and then unchangeable by whatever way; and what the engine reads."""

from datetime import date
from decimal import Decimal

import psycopg2
from odoo import fields
from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import mute_logger

from ..engine import share_terms as engine
from .share_case import BRACKETS, ShareCase

KEEPERS = ("anna", "felix", "lena", "boss")


class TestLife(ShareCase):
    def test_numbers_are_given_and_a_new_version_keeps_its_number(self):
        other = self.a_rule([self.a_share()])
        self.assertRegex(self.rule.number, r"^SR-\d{4}$")
        self.assertNotEqual(self.rule.number, other.number)
        draft = self.rule.browse(self.rule.with_user(self.anna).action_new_version()["res_id"])
        self.assertRecordValues(draft, [{
            "number": self.rule.number, "version": 2, "state": "draft", "previous_id": self.rule.id,
            "released_on": False}])
        self.assertEqual(draft._reference(), f"{self.rule.number} v2")
        again = self.rule.with_user(self.lena).action_new_version()["res_id"]
        self.assertEqual(again, draft.id, "the draft that is there is opened, not another one made")
        draft.with_user(self.lena).action_release()
        third = draft.browse(self.rule.with_user(self.felix).action_new_version()["res_id"])
        self.assertEqual((third.version, third.previous_id), (3, self.rule))

    def test_a_new_version_says_the_same_until_it_is_changed(self):
        rule = self.a_rule([
            self.a_share(name="Parts", brackets=BRACKETS, payout_measure="compliance",
                         band_ids=[Command.create({"bound": 90, "percent": 100})]),
            self.a_share(name="Fees", hit=12, line_kind_ids=[Command.set(self.fee.ids)])],
            cap=5000, bonus_ids=[Command.create({"name": "Bonus", "value": 3, "percent": True})],
            payee_ids=[Command.create({"partner_id": self.dealer.id, "percent": 60}),
                       Command.create({"partner_id": self.stranger.id, "percent": 40})])
        draft = rule.browse(rule.action_new_version()["res_id"])
        before, after = rule._terms(), draft._terms()
        for name in ("components", "cap", "bonuses", "split"):
            self.assertEqual(getattr(after, name), getattr(before, name), name)
        self.assertEqual(draft.component_ids.mapped("key"), ["parts", "fees"], "volumes add up by it")
        draft.component_ids[0].rate_ids.bracket_ids[:1].rate = 11
        self.assertNotEqual(draft._terms().components, rule._terms().components)
        self.assertEqual(rule._terms(), before)

    def test_who_drafts_who_releases(self):
        Rule = self.env["aftersales.share.rule"]
        for role in KEEPERS:
            with self.subTest(f"{role} drafts"):
                rule = Rule.with_user(getattr(self, role)).create({
                    "name": "Mine", "component_ids": [Command.create(self.a_share())]})
                rule.component_ids.rate_ids.value = 60
        draft = self.a_rule([self.a_share()], release=False)
        for role in ("agent", "clerk", "carla", "diego", "outsider"):
            with self.subTest(f"{role} drafts"), self.assertRaises(AccessError):
                Rule.with_user(getattr(self, role)).create({"name": "Mine"})
            with self.subTest(f"{role} changes"), self.assertRaises(AccessError):
                draft.with_user(getattr(self, role)).write({"name": "Mine"})
        for role in ("agent", "anna", "clerk", "carla", "diego", "other_manager"):
            for method in ("action_release", "action_withdraw"):
                with self.subTest(f"{role} {method}"), self.assertRaises(AccessError):
                    getattr(draft.with_user(getattr(self, role)), method)()
        for role in ("lena", "felix", "boss"):
            with self.subTest(f"{role} releases"):
                rule = draft.copy()
                rule.with_user(getattr(self, role)).action_release()
                self.assertRecordValues(rule, [{
                    "state": "released", "released_by_id": getattr(self, role).id,
                    "released_on": fields.Date.context_today(rule)}])
                rule.with_user(getattr(self, role)).action_withdraw()
                self.assertEqual((rule.state, rule.withdrawn_by_id), ("withdrawn", getattr(self, role)))

    def test_moves_that_do_not_exist(self):
        draft = self.a_rule([self.a_share()], release=False)
        with self.refused(UserError, "is not released"):
            draft.with_user(self.lena).action_withdraw()
        with self.refused(UserError, "is a draft: change it itself"):
            draft.with_user(self.lena).action_new_version()
        with self.refused(UserError, "is not a draft"):
            self.rule.with_user(self.lena).action_release()
        self.rule.with_user(self.lena).action_withdraw()
        for method, words in (("action_release", "is not a draft"), ("action_withdraw", "is not released")):
            with self.subTest(method), self.refused(UserError, words):
                getattr(self.rule.with_user(self.lena), method)()

    def test_what_methods_decide_nobody_writes(self):
        draft = self.a_rule([self.a_share()], release=False)
        forged = {"state": "released", "number": "SR-9999", "version": 7, "previous_id": self.rule.id,
                  "released_by_id": self.anna.id, "released_on": "2026-01-01"}
        for name, value in forged.items():
            for role in KEEPERS:
                user = getattr(self, role)
                with self.subTest(f"{role} writes {name}"), self.refused(UserError, "only through its buttons"):
                    draft.with_user(user).write({name: value})
                with self.subTest(f"{role} creates with {name}"), self.refused(UserError, "only through its buttons"):
                    self.env["aftersales.share.rule"].with_user(user).create({"name": "Forged", name: value})
        forged = self.env["aftersales.share.rule"].with_user(self.anna).with_context(
            default_state="released").create({"name": "Forged"})
        self.assertEqual(forged.state, "draft")

    def test_a_number_and_version_once_is_a_law_of_the_database(self):
        twin = self.rule.copy()
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"):
            twin._write_guarded({"number": self.rule.number, "version": self.rule.version})
            self.env.flush_all()

    def test_a_shared_rule_is_the_administrators(self):
        shared = self.a_rule([self.a_share()], release=False, company_id=False)
        rates = shared.component_ids.rate_ids
        self.assertFalse((shared.component_ids | self.env["aftersales.share.component"]).company_id)
        for role in ("anna", "felix", "lena"):
            user = getattr(self, role)
            for name, action in {
                    "rule": lambda one: one.write({"name": "Mine"}),
                    "component": lambda one: one.component_ids.write({"name": "Mine"}),
                    "rate": lambda one: one.component_ids.rate_ids.write({"value": 99}),
                    "delete": lambda one: one.unlink()}.items():
                with self.subTest(f"{role} {name}"), self.assertRaises(AccessError):
                    action(shared.with_user(user))
        shared.with_user(self.boss).write({"name": "Ours"})
        with self.assertRaises(AccessError):
            rates.with_user(self.other_manager).write({"value": 1})


class TestImmutable(ShareCase):
    """A released rule by every way that leads to its records."""

    @classmethod
    def _make_terms(cls):
        super()._make_terms()
        cls.full = cls.a_rule(
            [cls.a_share(brackets=BRACKETS, payout_measure="compliance",
                         band_ids=[Command.create({"bound": 90, "percent": 100})])],
            bonus_ids=[Command.create({"name": "Bonus", "value": 3, "payout_measure": "csat",
                                       "band_ids": [Command.create({"bound": 4, "percent": 100})]})],
            payee_ids=[Command.create({"partner_id": cls.dealer.id, "percent": 100})])
        component = cls.full.component_ids
        cls.parts_of = {
            "component": (component, {"name": "Other"}), "rate": (component.rate_ids, {"value": 99}),
            "bracket": (component.rate_ids.bracket_ids, {"rate": 99}), "band": (component.band_ids, {"percent": 1}),
            "bonus": (cls.full.bonus_ids, {"value": 99}), "bonus band": (cls.full.bonus_ids.band_ids, {"percent": 1}),
            "payee": (cls.full.payee_ids, {"percent": 50})}

    def test_nobody_writes_or_deletes_any_part(self):
        for name, (records, values) in {"rule": (self.full, {"cap": 1}), **self.parts_of}.items():
            for user in (self.boss, self.env.ref("base.user_root")):
                for way, action in {"write": lambda one: one.write(values),  # noqa: B023
                                    "unlink": lambda one: one.unlink(),
                                    "forged": lambda one: one.with_context(**{MODULE_UNINSTALL_FLAG: True}).write(
                                        values)}.items():  # noqa: B023
                    with self.subTest(f"{user.name} {way} {name}"), self.refused(UserError, "released and does not"):
                        action(records.with_user(user))
        with self.refused(UserError, "released and does not"):
            self.full.with_user(self.boss).with_context(**{MODULE_UNINSTALL_FLAG: True}).unlink()

    def test_nothing_is_added_or_moved_in(self):
        component, bonus = self.full.component_ids, self.full.bonus_ids
        for model, values in {
                "component": {"rule_id": self.full.id, "name": "New"},
                "rate": {"component_id": component.id, "value": 1, "start": "2026-05-01"},
                "bracket": {"rate_id": component.rate_ids.id, "bound": 7, "rate": 1},
                "band": {"bonus_id": bonus.id, "bound": 5, "percent": 1},
                "bonus": {"rule_id": self.full.id, "name": "New", "value": 1},
                "payee": {"rule_id": self.full.id, "partner_id": self.stranger.id, "percent": 1}}.items():
            with self.subTest(model), self.refused(UserError, "released and does not change"):
                self.env[f"aftersales.share.{model}"].with_user(self.boss).create(values)
        draft = self.a_rule([self.a_share()], release=False)
        for name, value in (("rule_id", self.full.id),):
            with self.refused(UserError, "released and does not change"):
                draft.component_ids.write({name: value})
        with self.refused(UserError, "released and does not change"):
            draft.component_ids.rate_ids.write({"component_id": component.id})

    def test_another_language_does_not_say_otherwise(self):
        self.env["res.lang"]._activate_lang("de_DE")
        for record in (self.full, self.full.component_ids, self.full.bonus_ids):
            with self.subTest(record._name), self.refused(UserError, "released and does not change"):
                record.update_field_translations("name", {"de_DE": "Anders"})

    def test_what_a_rule_names_stays(self):
        product = self.env["product.product"].create({"name": "Seal"})
        self.a_rule([self.a_share(product_ids=[Command.set(product.ids)])])
        with self.assertRaises(psycopg2.errors.RestrictViolation), mute_logger("odoo.sql_db"):
            product.unlink()
            self.env.flush_all()


class TestTerms(ShareCase):
    """The one translator: every field reaches the engine, with the figures that were entered."""

    def test_a_rule_as_the_engine_reads_it(self):
        measure = self.env["aftersales.measure"].create({"name": "Standstill", "unit": "h", "high_is_good": False})
        product = self.env["product.product"].create({"name": "Seal"})
        category = self.env["product.category"].create({"name": "Pumps"})
        rule = self.a_rule(
            [self.a_share(
                name="Parts", brackets=BRACKETS[::-1], bracket_rule="slab", accumulate="quarter", retroactive=True,
                line_kind_ids=[Command.set(self.parts.ids)], product_ids=[Command.set(product.ids)],
                categ_ids=[Command.set(category.ids)], payout_measure="figure", measure_id=measure.id,
                payout_minimum=5, payout_otherwise=80,
                band_ids=[Command.create({"bound": bound, "percent": out}) for bound, out in ((2, 100), (8, 50))]),
             self.a_share(name="Brand", direction="pays", basis="job", value=12.5, start="2026-03-01")],
            release=False, rounding="total", payable_unit=0.05, cap=900.5, guarantee=100, brand_fee_base="share",
            brand_fee_value=1.25, withholding=7.5, negative="charge",
            bonus_ids=[Command.create({"name": "Bonus", "value": 5, "percent": True})],
            payee_ids=[Command.create({"partner_id": self.dealer.id, "percent": 66.67}),
                       Command.create({"partner_id": self.stranger.id, "percent": 33.33})])
        terms = rule._terms()
        self.assertEqual(terms, engine.Rule(
            reference=rule._reference(),
            components=(
                engine.Component(
                    key="parts", name="Parts", bracket_rule="slab", accumulate="quarter", retroactive=True,
                    rates=(engine.Rate(None, brackets=tuple(
                        engine.Bracket(Decimal(bound), Decimal(rate)) for bound, rate in BRACKETS)),),
                    kinds=frozenset({"parts"}), products=frozenset({str(product.id)}),
                    categories=frozenset({str(category.id)}),
                    payout=engine.Payout(
                        f"measure:{measure.id}",
                        (engine.Bracket(Decimal(8), Decimal(50)), engine.Bracket(Decimal(2), Decimal(100))),
                        False, 5, Decimal(80))),
                engine.Component(
                    key="brand", name="Brand", basis="job", direction="pays",
                    rates=(engine.Rate(date(2026, 3, 1), Decimal("12.5")),))),
            rounding="total", currency_rounding=Decimal("0.01"), payable=Decimal("0.05"), cap=Decimal("900.50"),
            guarantee=Decimal(100), brand_fee=engine.BrandFee(Decimal("1.25"), "share"),
            bonuses=(engine.Bonus("Bonus", Decimal(5), True),), withholding=Decimal("7.5"), negative="charge",
            split=((str(self.dealer.id), Decimal("66.67")), (str(self.stranger.id), Decimal("33.33")))))

    def test_the_kind_of_a_rate_follows_what_is_filled_in(self):
        rule = self.a_rule([self.a_share(), self.a_share(hit=12), self.a_share(brackets=BRACKETS)], release=False)
        self.assertEqual(rule.component_ids.mapped("rate_kind"), ["plain", "standard", "brackets"])
        plain, standard, brackets = (one.rates[0] for one in rule._terms().components)
        self.assertEqual((plain.hit, standard.hit, brackets.value), (None, Decimal(12), None))

    def test_a_rate_of_zero_where_the_standard_was_met_is_not_no_rate(self):
        rule = self.a_rule([self.a_share(direction="pays", rate_kind="standard")], release=False)
        self.assertEqual(rule._terms().components[0].rates[0].hit, Decimal(0))

    def test_rates_come_by_their_day(self):
        rates = [Command.create({"value": value, "start": start})
                 for value, start in ((12, "2026-07-01"), (10, False), (11, "2026-04-01"))]
        rule = self.a_rule([{"name": "Share", "rate_ids": rates}])
        self.assertEqual([(one.start, one.value) for one in rule._terms().components[0].rates], [
            (None, Decimal(10)), (date(2026, 4, 1), Decimal(11)), (date(2026, 7, 1), Decimal(12))])
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"):
            self.env["aftersales.share.component"].create({
                "rule_id": self.a_rule(release=False).id, "name": "Twice", "rate_ids": [
                    Command.create({"value": 1}), Command.create({"value": 2})]})
            self.env.flush_all()

    def test_currencies_without_cents_and_with_three_decimals(self):
        for name, unit in (("JPY", "1"), ("KWD", "0.001"), ("TWD", "1")):
            currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", name)])
            currency.active = True
            with self.subTest(name):
                rule = self.a_rule([self.a_share()], currency_id=currency.id, cap=1000)
                self.assertEqual(rule._terms().currency_rounding, Decimal(unit))
                self.assertEqual(rule._terms().cap, 1000)

    def test_settled_in_another_currency_its_own_sums_do_not_count(self):
        jpy = self.env["res.currency"].with_context(active_test=False).search([("name", "=", "JPY")])
        rule = self.a_rule([self.a_share()], cap=900, guarantee=10, payable_unit=0.05, release=False)
        terms = rule._terms(jpy)
        self.assertEqual((terms.currency_rounding, terms.payable, terms.cap, terms.guarantee),
                         (Decimal(1), None, None, None))

    def test_an_archived_product_and_kind_still_count(self):
        product = self.env["product.product"].create({"name": "Seal"})
        rule = self.a_rule([self.a_share(product_ids=[Command.set(product.ids)],
                                         line_kind_ids=[Command.set(self.parts.ids)])])
        before = rule._terms()
        (product | product.product_tmpl_id.product_variant_ids).active = False
        self.parts.active = False
        rule.invalidate_recordset()
        self.assertEqual(rule._terms(), before)

    def test_terms_are_named_in_the_language_asked_for(self):
        self.env["res.lang"]._activate_lang("de_DE")
        rule = self.a_rule([self.a_share(name="Labour")], release=False)
        rule.component_ids.with_context(lang="de_DE").name = "Arbeit"
        self.assertEqual([one.name for one in rule._terms(lang="de_DE").components], ["Arbeit"])
        self.assertEqual([one.name for one in rule._terms(lang="en_US").components], ["Labour"])
