"""Nightly moves of contracts: each on its day in its zone, night by night or after weeks, twice, and by batches."""

from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.tests import freeze_time

from .common import AftersalesCase

BY_HAND = {"sent_at": "2026-02-01 08:00:00", "received_at": "2026-02-01 08:00:00", "note": "By hand"}
FIRST, LAST = date(2026, 2, 25), date(2026, 3, 18)


class NightlyCase(AftersalesCase):
    def setUp(self):
        super().setUp()
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 1)
        self.mutual = self.env.ref("aftersales_contracts.ground_mutual")

    def night(self, at, *keys):
        """Run the steps ``keys`` (all that move contracts when empty) at the instant or day ``at``."""
        keys = keys or ("activate", "suspend", "renew", "notice", "terminate", "expire", "suspend_late")
        Nightly = self.env["aftersales.nightly"]
        with freeze_time(at if isinstance(at, str) else f"{at} 12:00:00"):
            self.env.flush_all()
            self.env.invalidate_all()
            for step in sorted(Nightly._steps()):
                if step.key in keys:
                    Nightly._run_step(step)

    def signed(self, **values):
        contract = self.a_contract(activate=False, date_start="2026-03-02", **values)
        contract._write_unlocked({"state": "signed"})
        return contract

    def contracts(self):
        """One contract for each thing that can happen to it in three weeks."""
        end = lambda day, **values: self.a_contract(date_end=day, **values)  # noqa: E731
        ground, made = self.mutual.id, {}
        made["starts"] = self.signed()
        made["starts and ends"] = self.signed(date_end="2026-03-10")
        made["expires"] = end("2026-03-09")
        made["renews"] = end("2026-03-09", renewal_kind="automatic", renewal_unit="month")
        made["grace"] = end("2026-03-09", renewal_kind="manual", grace_days=30)
        made["noticed"] = end("2026-03-09", renewal_kind="automatic")
        made["noticed early"] = self.signed(renewal_kind="automatic", date_end="2026-12-31")
        for name in ("noticed", "noticed early"):
            made[name].give_notice(**BY_HAND)
        made["terminated"] = end("2026-12-31", renewal_kind="automatic")
        made["terminated"].terminate("2026-03-05", ground, "Agreed")
        made["suspended"] = end("2026-12-31")
        made["suspended"].suspend("2026-03-03", "Rebuilding", "2026-03-07")
        made["suspended on"] = end("2026-03-09")
        made["suspended on"].suspend("2026-03-03", "Rebuilding")
        made["suspended later"] = end("2026-03-09", renewal_kind="automatic", renewal_unit="month")
        made["suspended later"]._write_unlocked({"date_end": "2026-03-31"})
        made["suspended later"].suspend("2026-03-12", "Rebuilding", "2026-03-14", shift_end=False)
        made["suspended later"]._write_unlocked({"date_end": "2026-03-09"})
        made["ends before"] = end("2026-03-31")
        made["ends before"].suspend("2026-03-12", "Rebuilding", shift_end=False)
        made["ends before"]._write_unlocked({"date_end": "2026-03-09"})
        return made

    def outcome(self, made):
        self.env.invalidate_all()
        return {name: (one.state, str(one.date_end or ""), str(one.ended_on or ""), one.suspension_ids.mapped("state"))
                for name, one in made.items()}

    EXPECTED = {
        "starts": ("active", "", "", []), "starts and ends": ("expired", "2026-03-10", "2026-03-10", []),
        "expires": ("expired", "2026-03-09", "2026-03-09", []), "renews": ("active", "2026-04-09", "", []),
        "grace": ("active", "2026-03-09", "", []), "noticed": ("expired", "2026-03-09", "2026-03-09", []),
        "noticed early": ("notice", "2026-12-31", "", []), "terminated": ("terminated", "2026-03-05", "2026-03-05", []),
        "suspended": ("active", "2027-01-05", "", ["ended"]),
        "suspended on": ("suspended", "2026-03-09", "", ["running"]),
        "suspended later": ("active", "2026-04-09", "", ["ended"]),
        "ends before": ("expired", "2026-03-09", "2026-03-09", ["cancelled"]),
    }


@freeze_time("2026-02-20 12:00:00")
class TestNightlyTransitions(NightlyCase):
    def test_night_by_night(self):
        made, day = self.contracts(), FIRST
        while day <= LAST:
            self.night(day)
            day += timedelta(days=1)
        self.assertEqual(self.outcome(made), self.EXPECTED)

    def test_after_three_weeks_at_once_and_twice(self):
        made = self.contracts()
        self.night(LAST)
        self.assertEqual(self.outcome(made), self.EXPECTED)
        messages = {name: len(one.message_ids) for name, one in made.items()}
        self.night(LAST)
        self.assertEqual(self.outcome(made), self.EXPECTED)
        self.assertEqual({name: len(one.message_ids) for name, one in made.items()}, messages)

    def test_a_dry_run_tells_the_same_and_changes_nothing(self):
        made = self.contracts()
        before = self.outcome(made)
        with freeze_time(f"{LAST} 12:00:00"):
            rows = self.env["aftersales.nightly"].with_user(self.boss).dry_run()
        said = {row["res_id"]: row["what"] for row in rows if row["res_model"] == "aftersales.contract"}
        self.assertEqual(said[made["expires"].id], "expired with its last day, 03/09/2026")
        self.assertEqual(self.outcome(made), before)
        self.night(LAST)
        self.assertEqual(self.outcome(made), self.EXPECTED)

    def test_row17_the_first_and_the_last_day_are_those_of_the_contracts_zone(self):
        """contracts.md 5 row 17: at 20:00 UTC it is the next day in Taipei, and noon in Los Angeles."""
        zones = {name: self.an_office(name=name, tz=name) for name in ("Asia/Taipei", "America/Los_Angeles")}
        first = {name: self.signed(calendar_id=zone.id) for name, zone in zones.items()}
        last = {name: self.a_contract(calendar_id=zone.id, date_end="2026-03-01") for name, zone in zones.items()}
        self.night("2026-03-01 20:00:00")
        self.assertEqual([one.state for one in (*first.values(), *last.values())],
                         ["active", "signed", "expired", "active"])
        self.night("2026-03-02 07:59:00")  # still 1 March in Los Angeles
        self.assertEqual((first["America/Los_Angeles"].state, last["America/Los_Angeles"].state), ("signed", "active"))
        self.night("2026-03-02 08:00:00")
        self.assertEqual((first["America/Los_Angeles"].state, last["America/Los_Angeles"].state), ("active", "expired"))
        self.assertEqual(str(last["Asia/Taipei"].ended_on), "2026-03-01")

    def test_what_is_not_complete_is_a_reported_problem_and_the_others_go_on(self):
        good, bad = self.signed(), self.signed()
        bad._write_unlocked({"policy_id": False})
        self.night("2026-03-02 12:00:00", "activate")
        self.assertEqual((good.state, bad.state), ("active", "signed"))
        problem = self.env["aftersales.nightly.problem"].search([("contract_id", "=", bad.id)])
        self.assertRegex(problem.message, "lacks: an SLA policy")
        bad._write_unlocked({"policy_id": self.policy.id})
        self.night("2026-03-03 12:00:00", "activate")
        self.assertEqual(bad.state, "active")
        self.assertFalse(problem.exists())

    def test_row13_a_suspended_contract_ends_all_the_same(self):
        """contracts.md 5 row 13: it does not renew while suspended, and runs out where nothing moves its end."""
        contract = self.a_contract(date_end="2026-03-09")
        contract.suspend("2026-02-20", "Rebuilding", shift_end=False)
        self.night(LAST)
        self.assertEqual((contract.state, contract.suspension_ids.state, str(contract.suspension_ids.date_end)),
                         ("expired", "ended", "2026-03-09"))

    def test_a_renewal_after_the_end_opens_it_again(self):
        contract = self.a_contract(date_end="2026-03-09", renewal_kind="manual", grace_days=30)
        self.night("2026-04-20 12:00:00")
        self.assertEqual((contract.state, str(contract.ended_on)), ("expired", "2026-03-09"))

    def test_people_do_not_carry_out_by_hand_what_the_night_does(self):
        contract = self.a_contract(date_end="2026-12-31")
        contract.terminate("2026-03-05", self.mutual.id, "Agreed")
        with self.assertRaises(UserError):
            contract.with_user(self.anna).terminate("2026-03-06", self.mutual.id, "Later")

    def test_a_batch_takes_the_same_number_of_queries_whatever_its_size(self):
        for key in ("expire", "terminate", "suspend", "notice"):
            counts = [self.queries(key, size) for size in (2, 20)]
            with self.subTest(key):
                self.assertLessEqual(counts[1] - counts[0], 6, f"{key}: {counts}")

    def queries(self, key, size):
        """The number of queries in which the step ``key`` does its work on ``size`` contracts."""
        step = next(step for step in self.env["aftersales.nightly"]._steps() if step.key == key)
        day = "2026-03-09" if key == "expire" else "2026-12-31"
        made = self.env["aftersales.contract"].browse([self.a_contract(date_end=day).id for _number in range(size)])
        for contract in made if key == "terminate" else ():
            contract.terminate("2026-03-05", self.mutual.id, "Agreed")
        for contract in made if key == "suspend" else ():
            contract.suspend("2026-03-03", "Rebuilding")
        for contract in made if key == "notice" else ():
            contract.give_notice(**BY_HAND)
            contract._write_unlocked({"state": "active"})
        records = {"terminate": made.termination_ids, "suspend": made.suspension_ids}.get(key, made)
        self.env.flush_all()
        self.env.invalidate_all()
        with freeze_time(f"{LAST} 12:00:00"):
            start = self.env.cr.sql_log_count
            done = self.env["aftersales.nightly"]._run_batch(step, records, None)
            self.assertEqual(len(done), size)
            return self.env.cr.sql_log_count - start
