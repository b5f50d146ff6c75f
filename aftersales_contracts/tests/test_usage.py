"""Usage readings: appended, known once, voided by a counter row; imported by Odoo, and sent by other systems."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .refusals import Refusals
from .usage_case import UsageCase


class TestUsage(Refusals, UsageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term, cls.line = cls.a_usage_term(lines=({"price": 100},))
        cls.fee = cls.term.line_ids - cls.line

    def test_a_reading_is_appended_and_stays(self):
        usage = self.a_reading(self.line, "2026-03-02", 120.5).with_user(self.boss)
        for change in (lambda: usage.write({"quantity": 1}), lambda: usage.write({"day": "2026-03-03"})):
            with self.refused(UserError, "is on record and does not change. Void it and record it anew"):
                change()
        with self.refused(UserError, "is on record"):
            usage.sudo().unlink()
        self.assertRecordValues(usage, [{
            "contract_id": self.term.id, "company_id": self.company.id, "partner_id": self.stranger.id,
            "unit_name": "page", "source": "manual", "void": False}])

    def test_who_may_record_and_who_may_void(self):
        for user in (self.agent, self.anna, self.felix, self.lena, self.boss):
            self.a_reading(self.line.with_user(user), "2026-03-02", 1)
            usage = self.env["aftersales.usage"].with_user(user).create(
                {"line_id": self.line.id, "day": "2026-03-02", "quantity": 1, "user_id": self.boss.id})
            self.assertEqual(usage.user_id, user)
        for user in (self.clerk, self.carla, self.diego, self.outsider):
            with self.refused(AccessError, ""):
                self.env["aftersales.usage"].with_user(user).create(
                    {"line_id": self.line.id, "day": "2026-03-02", "quantity": 1})
            with self.refused(AccessError, ""):
                usage.with_user(user).action_void("wrong")
        for user in (self.agent, self.lena):
            with self.refused(AccessError, "Only an account manager or finance voids"):
                usage.with_user(user).action_void("wrong")

    def test_a_wrong_reading_is_voided_once_with_its_reason(self):
        usage = self.a_reading(self.line, "2026-03-02", 120, reference="M1-7")
        other = self.a_reading(self.line, "2026-03-31", 30)
        with self.refused(UserError, "Say why reading Pages 2026-03-02 120 is void"):
            usage.with_user(self.felix).action_void("  ")
        counter = self.env["aftersales.usage"].browse(usage.with_user(self.felix).action_void("Read twice"))
        self.assertRecordValues(counter, [{
            "voids_id": usage.id, "quantity": -120, "note": "Read twice", "user_id": self.felix.id,
            "reference": False}])
        self.assertEqual((usage.void, counter.void, other.void), (True, True, False))
        self.assertEqual(self.env["aftersales.usage"].search(
            [("line_id", "=", self.line.id), ("void", "=", False)]), other)
        self.assertEqual(self.used(self.line, "2026-03-01", "2026-04-01"), "30")
        for record in (usage, counter):
            with self.refused(UserError, "is void already"):
                record.with_user(self.felix).action_void("again")
        with self.refused(UserError, "voided by its button"):
            usage.with_user(self.felix).create({
                "line_id": self.line.id, "day": "2026-03-02", "quantity": -5, "voids_id": other.id})
        hidden = self.env["aftersales.usage"].with_user(self.felix).with_context(default_voids_id=other.id)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            hidden.create({"line_id": self.line.id, "day": "2026-03-02", "quantity": -5})

    def test_row_negative_quantity_and_a_day_outside_the_line_are_refused(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.a_reading(self.line, "2026-03-02", -1)
        for line, day, words in (
            (self.line, "2025-12-31", "Pages: day 2025-12-31 lies outside the line, which runs from 2026-01-01"),
            (self.line, "2026-04-11", "usage of 2026-04-11 cannot be recorded before that day"),
            (self.fee, "2026-03-02", "is not charged by usage"),
        ):
            with self.refused(ValidationError, words):
                self.a_reading(line, day, 1)
        template, line = self.a_usage_term(activate=False, is_template=True)
        with self.refused(ValidationError, "is a template"):
            self.a_reading(line, "2026-03-02", 1)

    def test_an_asset_must_be_covered(self):
        asset = self.env["aftersales.asset"].create({"name": "SN-1", "partner_id": self.stranger.id})
        with self.refused(ValidationError, "asset SN-1 is not covered by the contract"):
            self.a_reading(self.line, "2026-03-02", 1, asset_id=asset.id)

    def test_a_reference_is_known_once_in_a_contract(self):
        self.a_reading(self.line, "2026-03-02", 1, reference=" A ")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.a_reading(self.line, "2026-03-03", 1, reference="A")
        _other, line = self.a_usage_term()
        self.a_reading(line, "2026-03-02", 1, reference="A")
        self.a_reading(self.line, "2026-03-02", 1, reference="")
        self.a_reading(self.line, "2026-03-02", 1, reference="")


class TestUsageImport(Refusals, UsageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term, cls.line = cls.a_usage_term()

    def load(self, *rows, columns=("line_id", "day", "quantity", "reference"), user=None):
        Usage = self.env["aftersales.usage"].with_user(user or self.anna).with_context(import_file=True)
        return Usage.load(list(columns), [list(row) for row in rows])

    def test_a_file_names_the_line_by_contract_and_description(self):
        name = f"{self.term.name} · Pages"
        found = self.load((name, "2026-03-02", "12.25", "A"), (name, "2026-03-31", "7", "B"))
        self.assertEqual(found["messages"], [])
        self.assertRecordValues(self.env["aftersales.usage"].browse(found["ids"]), [
            {"line_id": self.line.id, "quantity": 12.25, "reference": "A", "source": "import", "user_id": self.anna.id},
            {"line_id": self.line.id, "quantity": 7, "reference": "B", "source": "import", "user_id": self.anna.id}])

    def test_errors_are_told_by_row_and_nothing_is_written(self):
        name = f"{self.term.name} · Pages"
        with mute_logger("odoo.sql_db"):
            found = self.load(
                (name, "2026-03-02", "1", "A"), ("C/404 · Pages", "2026-03-02", "1", "B"),
                (name, "2026-03-02", "-1", "C"), (name, "2025-03-02", "1", "D"), (name, "2026-03-02", "2", "F"),
                (name, "soon", "1", "E"))
        self.assertFalse(found["ids"])
        told = {}
        for message in found["messages"]:
            told[message["rows"]["from"]] = told.get(message["rows"]["from"], "") + message["message"]
        self.assertEqual(set(told), {1, 2, 3, 5})
        self.assertIn("C/404", told[1])
        self.assertIn("What is used is zero or more", told[2])
        self.assertIn("lies outside the line", told[3])
        self.assertIn("soon", told[5])
        with mute_logger("odoo.sql_db"):
            found = self.load((name, "2026-03-02", "1", "A"), (name, "2026-03-02", "2", "A"))
        self.assertEqual([(message["rows"]["from"], message["message"]) for message in found["messages"]], [
            (1, "This contract has a reading of that reference already.")])
        self.assertFalse(self.env["aftersales.usage"].search([("contract_id", "=", self.term.id)]))


class TestRecordUsage(Refusals, UsageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term, cls.line = cls.a_usage_term(lines=({"price": 100},))

    def send(self, *rows, user=None):
        """As another system calls it."""
        Usage = self.env["aftersales.usage"].with_user(user or self.anna)
        return call_kw(Usage, "record_usage", [list(rows)], {})

    def row(self, reference, quantity=10, **values):
        return {"reference": reference, "line": self.line.id, "day": "2026-03-02", "quantity": quantity, **values}

    def test_a_call_may_be_repeated(self):
        rows = (self.row("A"), self.row("B", "2.5", line="Pages", contract=self.term.name),
                self.row("C", 0, line="Pages", contract=self.term.id, note="Holiday", source="meter"))
        first = self.send(*rows)
        self.assertEqual([(row["reference"], row["created"]) for row in first], [("A", True), ("B", True), ("C", True)])
        again = self.send(*rows, self.row("D"))
        self.assertEqual([row["id"] for row in again[:3]], [row["id"] for row in first])
        self.assertEqual([row["created"] for row in again], [False, False, False, True])
        self.assertEqual(self.used(self.line, "2026-03-01", "2026-04-01"), "22.5")
        readings = self.env["aftersales.usage"].browse([row["id"] for row in again])
        self.assertEqual(readings.mapped("source"), ["integration", "integration", "meter", "integration"])

    def test_what_is_wrong_is_told_row_by_row_and_nothing_is_written(self):
        self.send(self.row("K"))
        fee = self.term.line_ids - self.line
        wrong = (
            (self.row(""), "reference is missing"), (self.row("1", "many"), "quantity “many” is not a number"),
            (self.row("2", float("nan")), "quantity “nan” is not a number"),
            (self.row("3", -1), "less than nothing"),
            (self.row("4", True), "quantity “True” is not a number"),
            (self.row("5", day="2026-02-30"), "day “2026-02-30” is not a day"),
            (self.row("6", day="2027-01-01"), "lies outside the line"),
            (self.row("7", line=fee.id), "is not charged by usage"),
            (self.row("8", line="Pages"), "neither an id nor a description together with a contract"),
            (self.row("9", line="Paper", contract=self.term.name), "is found 0 times, not once"),
            (self.row("10", line=10**9), "is found 0 times"),
            (self.row("11", asset="SN-404"), "asset “SN-404” is found 0"),
            (self.row("12", meter=1), "meter is no field of a reading"),
            (self.row("13", source="air"), "source “air”"),
            (self.row("K", 11), "reference K is known already, with 10 on 2026-03-02"),
            (self.row("good"), ""), (self.row("good"), "reference good stands in the list twice"))
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            self.send(*(row for row, _words in wrong))
        told = dict(line.split(": ", 1) for line in str(caught.exception).split("\n"))
        for number, (_row, words) in enumerate(wrong, 1):
            self.assertIn(words, told.get(f"Row {number}", ""), f"row {number}")
        self.assertNotIn("Row 16", told)
        self.assertEqual(self.used(self.line, "2026-01-01", "2027-01-01"), "10")
        for rows in (None, "x", [1], {"line": 1}):
            with self.refused(UserError, "sent as a list of readings"):
                self.env["aftersales.usage"].with_user(self.anna).record_usage(rows)

    def test_a_void_reference_does_not_come_back(self):
        answer = self.send(self.row("A"))
        self.env["aftersales.usage"].browse(answer[0]["id"]).with_user(self.felix).action_void("wrong meter")
        self.assertFalse(self.send(self.row("A"))[0]["created"])
        self.assertEqual(self.used(self.line, "2026-03-01", "2026-04-01"), "0")

    def test_who_may_send(self):
        for user in (self.clerk, self.carla, self.outsider):
            with self.refused(AccessError, ""):
                self.send(self.row("A"), user=user)
        foreign = self._a_user("foreign", "aftersales_contracts.group_account_manager",
                               company_id=self.other_company.id, company_ids=[(6, 0, self.other_company.ids)])
        with self.refused(UserError, "is found 0 times"):
            self.send(self.row("A"), user=foreign)
        self.send(self.row("A"), user=self.agent)

    def test_many_readings_cost_a_few_queries(self):
        counts = []
        for size in (2, 20):
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.send(*(self.row(f"{size}-{number}") for number in range(size)))
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 20, "one look-up of its line a reading at most")
