"""Penalty clauses: drafted, numbered, released, and then unchangeable by whatever way."""

import psycopg2
from odoo import fields
from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tools import mute_logger

from ..models.penalties.penalty_clause import POSTING
from .clause_case import ClauseCase


class TestLife(ClauseCase):
    def test_numbers_are_given_and_a_new_version_keeps_its_number(self):
        clause = self.a_clause([self.bands()])
        other = self.a_clause([self.bands()])
        self.assertRegex(clause.number, r"^PC-\d{4}$")
        self.assertNotEqual(clause.number, other.number)
        draft = clause.browse(clause.with_user(self.anna).action_new_version()["res_id"])
        self.assertRecordValues(draft, [{
            "number": clause.number, "version": 2, "state": "draft", "previous_id": clause.id, "released_on": False}])
        self.assertEqual(draft._reference(), f"{clause.number} v2")
        again = clause.with_user(self.lena).action_new_version()["res_id"]
        self.assertEqual(again, draft.id, "the draft that is there is opened, not another one made")
        draft.with_user(self.lena).action_release()
        third = draft.browse(clause.with_user(self.felix).action_new_version()["res_id"])
        self.assertEqual((third.version, third.previous_id), (3, clause))

    def test_a_new_version_says_the_same_until_it_is_changed(self):
        clause = self.a_clause(
            [self.bands(), self.points()], release=False, earn_back=True, earn_back_figure=99.95)
        clause.earn_back_component_id = clause.component_ids[0]
        clause.with_user(self.lena).action_release()
        draft = clause.browse(clause.action_new_version()["res_id"])
        self.assertEqual(draft.earn_back_component_id, draft.component_ids[0])
        before, after = clause._terms(), draft._terms()
        self.assertEqual(after.components, before.components)
        self.assertEqual(after.earn_back, before.earn_back)
        self.assertEqual(draft.component_ids.mapped("key"), clause.component_ids.mapped("key"))
        draft.component_ids[0].band_ids[:1].rate = 12
        self.assertNotEqual(draft._terms().components, clause._terms().components)

    def test_who_drafts_who_releases(self):
        for role in ("anna", "felix", "lena", "boss"):
            with self.subTest(f"{role} drafts"):
                clause = self.env["aftersales.penalty.clause"].with_user(getattr(self, role)).create({
                    "name": "Mine", "component_ids": [Command.create(self.a_component())]})
                clause.component_ids.rate = 60
        draft = self.a_clause([self.a_component()], release=False)
        for role in ("agent", "clerk", "carla", "diego", "outsider"):
            with self.subTest(f"{role} drafts"), self.assertRaises(AccessError):
                self.env["aftersales.penalty.clause"].with_user(getattr(self, role)).create({"name": "Mine"})
            with self.subTest(f"{role} changes"), self.assertRaises(AccessError):
                draft.with_user(getattr(self, role)).write({"name": "Mine"})
        for role in ("agent", "anna", "clerk", "carla", "other_manager"):
            for method in ("action_release", "action_withdraw"):
                with self.subTest(f"{role} {method}"), self.assertRaises(AccessError):
                    getattr(draft.with_user(getattr(self, role)), method)()
        for role in ("lena", "felix", "boss"):
            with self.subTest(f"{role} releases"):
                clause = draft.copy()
                clause.with_user(getattr(self, role)).action_release()
                self.assertRecordValues(clause, [{
                    "state": "released", "released_by_id": getattr(self, role).id,
                    "released_on": fields.Date.context_today(clause)}])
                clause.with_user(getattr(self, role)).action_withdraw()
                self.assertEqual((clause.state, clause.withdrawn_by_id), ("withdrawn", getattr(self, role)))

    def test_moves_that_do_not_exist(self):
        draft = self.a_clause([self.a_component()], release=False)
        with self.refused(UserError, "is not released"):
            draft.with_user(self.lena).action_withdraw()
        with self.refused(UserError, "is a draft: change it itself"):
            draft.with_user(self.lena).action_new_version()
        with self.refused(UserError, "is not a draft"):
            self.clause.with_user(self.lena).action_release()
        self.clause.with_user(self.lena).action_withdraw()
        for method, words in (("action_release", "is not a draft"), ("action_withdraw", "is not released")):
            with self.subTest(method), self.refused(UserError, words):
                getattr(self.clause.with_user(self.lena), method)()

    def test_what_methods_decide_nobody_writes(self):
        draft = self.a_clause([self.a_component()], release=False)
        forged = {"state": "released", "number": "PC-9999", "version": 7, "previous_id": self.clause.id,
                  "released_by_id": self.anna.id, "released_on": "2026-01-01"}
        for name, value in forged.items():
            for role in ("anna", "felix", "lena", "boss"):
                with self.subTest(f"{role} writes {name}"), self.refused(UserError, "only through its buttons"):
                    draft.with_user(getattr(self, role)).write({name: value})
                with self.subTest(f"{role} creates with {name}"), self.refused(UserError, "only through its buttons"):
                    self.env["aftersales.penalty.clause"].with_user(getattr(self, role)).create(
                        {"name": "Forged", name: value})
        forged = self.env["aftersales.penalty.clause"].with_user(self.anna).with_context(
            default_state="released").create({"name": "Forged"})
        self.assertEqual(forged.state, "draft")

    def test_a_number_and_version_once_is_a_law_of_the_database(self):
        twin = self.clause.copy()
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"):
            twin._write_guarded({"number": self.clause.number, "version": self.clause.version})
            self.env.flush_all()

    def test_a_shared_clause_is_the_administrators(self):
        shared = self.a_clause([self.a_component()], release=False, company_id=False)
        for role in ("anna", "felix", "lena"):
            for action in (lambda one: one.write({"name": "Mine"}), lambda one: one.component_ids.write({"rate": 1}),
                           lambda one: one.action_release() if one.env.user != self.anna else one.unlink()):
                with self.subTest(role), self.assertRaises(AccessError):
                    action(shared.with_user(getattr(self, role)))
        shared.with_user(self.boss).write({"name": "Ours"})
        with self.assertRaises(AccessError):
            shared.with_user(self.other_manager).component_ids.write({"rate": 1})


class TestImmutable(ClauseCase):
    """A released clause by every way that leads to its records."""

    @classmethod
    def _make_terms(cls):
        super()._make_terms()
        cls.full = cls.a_clause(
            [cls.bands(), cls.points()], earn_back=True, earn_back_figure=99.95, release=False)
        cls.full.earn_back_component_id = cls.full.component_ids[0]
        cls.full.with_user(cls.lena).action_release()
        cls.draft = cls.full.copy()

    def ways(self, clause, draft):
        """{name: a call that would change what ``clause`` says}; records as the user whom it is tried for."""
        bands, points = clause.component_ids
        Component, Band, Severity = (
            clause.env[f"aftersales.penalty.{name}"] for name in ("component", "band", "severity"))
        return {
            "write": lambda: clause.write({"minimum": 5}),
            "write what is not agreed with it": lambda: clause.write({"minimum": 5, "account_id": False}),
            "name": lambda: clause.write({"name": "Other"}),
            "another currency": lambda: clause.write({"currency_id": clause.env.ref("base.JPY").id}),
            "another company": lambda: clause.write({"company_id": False}),
            "translation": lambda: clause.update_field_translations("name", {"en_US": "Other"}),
            "rows through the clause": lambda: clause.write({"component_ids": [Command.update(bands.id, {"free": 9})]}),
            "a row less through the clause": lambda: clause.write({"component_ids": [Command.delete(bands.id)]}),
            "tiers through the clause": lambda: clause.write({"component_ids": [Command.update(
                bands.id, {"band_ids": [Command.clear()]})]}),
            "deletion": lambda: clause.unlink(),
            "component": lambda: points.write({"rate": 1}),
            "component's translation": lambda: points.update_field_translations("name", {"en_US": "Other"}),
            "component's targets": lambda: points.write({"target_ids": [Command.set(self.resolution_target.ids)]}),
            "component's tiers of support": lambda: points.write({"support_tier_ids": [Command.clear()]}),
            "component moved away": lambda: points.write({"clause_id": draft.id}),
            "component moved in": lambda: draft.component_ids[0].write({"clause_id": clause.id}),
            "component added": lambda: Component.create({
                "clause_id": clause.id, "name": "New", "metric": "resolution"}),
            "component deleted": lambda: points.unlink(),
            "components of both": lambda: (points | draft.component_ids).write({"rate": 1}),
            "tier": lambda: bands.band_ids[:1].write({"rate": 99}),
            "tier added": lambda: Band.create({"component_id": bands.id, "bound": 1, "rate": 1}),
            "tier moved in": lambda: draft.component_ids[0].band_ids[:1].write({"component_id": bands.id, "bound": 1}),
            "tier moved away": lambda: bands.band_ids[:1].write({"component_id": draft.component_ids[1].id}),
            "tier deleted": lambda: bands.band_ids[:1].unlink(),
            "severity": lambda: points.severity_ids.write({"points": 1}),
            "severity added": lambda: Severity.create({"component_id": points.id, "severity": "1", "points": 1}),
            "severity deleted": lambda: points.severity_ids.unlink(),
            "form": lambda: call_kw(clause.browse(), "web_save", [clause.ids, {"minimum": 5}], {"specification": {}}),
            "import": lambda: self._import(clause),
            "as if uninstalling": lambda: clause.with_context(**{MODULE_UNINSTALL_FLAG: True}).component_ids.unlink()
            if not clause.env.su else points.unlink(),
        }

    def _import(self, clause):
        """Odoo's import tells what it refused instead of raising."""
        result = clause.browse().load(["id", ".id", "minimum"], [["", str(clause.id), "5"]])
        if not result["ids"]:
            raise UserError(result["messages"][0]["message"])

    def test_a_released_clause_does_not_change_by_any_way(self):
        said = self.full._terms()
        for state in ("released", "withdrawn"):
            if state == "withdrawn":
                self.full.with_user(self.lena).action_withdraw()
            for user in (self.env.user, self.anna, self.felix, self.lena, self.boss):
                for name, way in self.ways(self.full.with_user(user), self.draft.with_user(user)).items():
                    with self.subTest(f"{state}: {user.login} {name}"):
                        with self.refused(UserError, "."):
                            way()
                        self.env.invalidate_all()
                        self.assertEqual(self.full._terms(), said)

    def test_the_draft_beside_it_does_change(self):
        """So that the refusals above are those of the state."""
        for name, way in self.ways(self.draft, self.draft.copy()).items():
            with self.subTest(name):
                with self.cr.savepoint() as savepoint:
                    way()
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_a_target_that_a_released_clause_names_is_not_deleted(self):
        extra = self.env["aftersales.sla.target"].create({
            "policy_id": self.policy.id, "metric": "on_site", "duration_minutes": 60})
        self.a_clause([self.a_component(metric=False, target_ids=[Command.set(extra.ids)])])
        for user in (self.env.user, self.anna):
            with self.refused(UserError, "Archive it instead"):
                extra.with_user(user).unlink()
        with self.assertRaises(psycopg2.errors.RestrictViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.cr.execute("DELETE FROM aftersales_sla_target WHERE id = %s", [extra.id])

    def test_where_it_is_booked_finance_changes_later_too(self):
        said = self.full._terms()
        account = self.env["account.account"].search([
            ("account_type", "=", "income"), ("company_ids", "in", self.company.ids)], limit=1)
        self.assertEqual(POSTING, {"journal_id", "account_id", "tax_ids", "analytic_distribution"})
        for role in ("felix", "boss"):
            self.full.with_user(getattr(self, role)).write({"account_id": account.id})
            self.full.with_user(getattr(self, role)).write({"account_id": False})
        for role in ("anna", "lena"):
            with self.subTest(role), self.refused(AccessError, "for finance to say"):
                self.full.with_user(getattr(self, role)).write({"account_id": account.id})
        self.draft.with_user(self.anna).write({"account_id": account.id})
        self.assertEqual(self.full._terms(), said)
