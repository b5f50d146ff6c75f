"""Today: each desk sees its own, a figure opens exactly what it counts, and the queries do not grow."""

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .obligation_case import ObligationCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 09:00:00")
class TestToday(ObligationCase):
    def today(self, user, **options):
        found = self.env["aftersales.today"].with_user(user).get_today(**options)
        sections = {one["key"]: {tile["key"]: tile for tile in one["tiles"]} for one in found["sections"]}
        return found, sections

    def test_sections_follow_the_groups(self):
        for user, desks in ((self.anna, ["account"]), (self.felix, ["finance"]), (self.lena, ["legal"]),
                            (self.agent, ["service"]), (self.boss, ["account"])):
            with self.subTest(user.name):
                self.assertEqual([section["key"] for section in self.today(user)[0]["sections"]], desks)
        for user in (self.clerk, self.carla):
            with self.assertRaises(AccessError):
                self.today(user)

    def test_a_figure_opens_exactly_what_it_counts(self):
        self.an_obligation(due="2026-03-03")
        self.an_obligation(due="2026-03-04", user_id=self.lena.id)
        self.a_breach()
        self.an_audit()
        for user in (self.anna, self.felix, self.lena):
            _found, desks = self.today(user)
            for tiles in desks.values():
                for tile in tiles.values():
                    action = self.env.ref(tile["action"])
                    with self.subTest(f"{user.name} {tile['key']}"):
                        self.assertEqual(
                            self.env[action.res_model].with_user(user).search_count(tile["domain"]), tile["count"])
        self.assertEqual(self.today(self.anna)[1]["account"]["duties"]["count"], 1, "her own only")
        self.assertEqual(self.today(self.lena)[1]["legal"]["obligations"]["count"], 2, "legal looks after all of them")

    def test_mine_and_everybodys(self):
        self.an_obligation(due="2026-03-03")
        boss = self.env["aftersales.today"].with_user(self.boss)
        self.assertFalse([row for row in boss.get_today()["rows"] if row["kind"] == "obligation"])
        self.assertTrue([row for row in boss.get_today(everybody=True)["rows"] if row["kind"] == "obligation"])

    def test_a_substitute_sees_what_the_person_away_would(self):
        self.an_obligation(due="2026-03-03")
        self.env["aftersales.delegation"].create({
            "person_id": self.anna.id, "substitute_id": self.boss.id, "date_from": "2026-03-01",
            "date_to": "2026-03-05"})
        self.assertEqual(self.today(self.boss)[1]["account"]["duties"]["count"], 1)

    def test_all_is_well(self):
        nobody = self._a_user("nobody", "aftersales_contracts.group_account_manager")
        self.env["aftersales.warranty.claim"].search([])._write_guarded({"state": "closed"})  # those of the demo data
        found, desks = self.today(nobody)
        self.assertEqual((found["rows"], desks), ([], {"account": {}}))

    def test_queries_do_not_grow_with_the_work(self):
        self.an_obligation(due="2026-03-01")
        self.a_breach()
        self.today(self.anna)
        few = self._queries()
        for day in range(1, 31):
            self.an_obligation(due=f"2026-03-{day:02d}")
            self.a_breach(title=f"Breach {day}")
        self.assertLessEqual(self._queries(), few + 2)

    def _queries(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.today(self.anna)
        return self.env.cr.sql_log_count - before
