"""Versions: recorded once, unchangeable, and the terms of any day as known on any other."""

import base64

import psycopg2
from odoo import fields
from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, warmup
from odoo.tools import mute_logger

from .common import AftersalesCase

SCAN = base64.b64encode(b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n")
ROLES = ("agent", "anna", "felix", "lena", "boss", "clerk")


class VersionsCase(AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._in_force("2026-01-05 09:00:00")

    @classmethod
    def _in_force(cls, at, **values):
        """A contract with one line of 100 a month, adopted at ``at`` (UTC)."""
        with freeze_time(at):
            contract = cls.a_contract(**{
                "activate": False, "title": "Versioned", "date_end": "2027-12-31", "line_ids": [
                    Command.create({"name": "Care", "price": 100.0, "tax_ids": [Command.clear()]})], **values})
            contract._adopt("Test")
        return contract

    def amended(self, at, effective, values=None, row=None, contract=None):
        """An amendment drafted, changed and signed at ``at``; ``row``: values of its first line."""
        with freeze_time(at):
            draft = (contract or self.contract).make_amendment(effective, "Agreed", "price")
            if values:
                draft.write(values)
            if row:
                draft.line_ids[:1].write(row)
            self.signed(draft)
        return draft

    def signed_by_people(self, draft):
        """anna submits, boss approves, anna adds the scan of the signed paper."""
        draft.with_user(self.anna).action_submit()
        if draft.state == "review":
            draft.with_user(self.boss).action_approve()
        draft.with_user(self.anna).sign_on_paper(SCAN)
        return draft

    def signed(self, draft):
        """Sign a draft as if it had been agreed elsewhere: approval and signature have tests of their own."""
        draft.sudo()._adopt("Test")
        return draft


class TestVersions(VersionsCase):
    def test_version_1_is_the_paper_as_signed(self):
        contract = self.signed_by_people(self.a_contract(activate=False))
        version = contract.version_ids
        self.assertRecordValues(version, [{
            "number": 1, "kind": "signed", "effective_on": contract.date_start, "recorded_by_id": self.anna.id}])
        self.assertEqual(contract._terms_as_of(contract.date_start), contract._nested_terms(contract._version_terms()))
        self.assertEqual(version.changes["partner_id"], self.customer.id)
        self.assertEqual(version.names[f"res.partner,{self.customer.id}"], "Harbour Freight")
        self.assertEqual(len(version.sha256), 64)
        self.assertTrue(version.applied_at)

    def test_nobody_changes_or_deletes_a_version(self):
        version = self.contract.version_ids
        for values in ({"reason": "better"}, {"changes": {}}, {"number": 7}, {"effective_on": "2020-01-01"},
                       {"cancelled_at": "2026-01-01 00:00:00"}, {"sha256": "0"}):
            with self.subTest(f"superuser {values}"), self.assertRaises(UserError):
                version.write(values)
            for role in ROLES:
                with self.subTest(f"{role} {values}"), self.assertRaises(UserError):
                    version.with_user(getattr(self, role)).write(values)
        for user in (self.env.user, *(getattr(self, role) for role in ROLES)):
            with self.subTest(f"{user.login} deletes"), self.assertRaises(UserError):
                version.with_user(user).unlink()
            forged = version.with_user(user).with_context(**{MODULE_UNINSTALL_FLAG: not user._is_superuser()})
            with self.subTest(f"{user.login} deletes as if uninstalling"), self.assertRaises(UserError):
                forged.unlink()
        with self.assertRaises(UserError):
            version._mark({"changes": {}})

    def test_nobody_records_a_version_by_remote_call(self):
        for role in ROLES:
            with self.subTest(role), self.assertRaises(UserError):
                self.env["aftersales.contract.version"].with_user(getattr(self, role)).create([{
                    "contract_id": self.contract.id, "number": 2, "kind": "change", "effective_on": "2026-01-01",
                    "recorded_at": "2026-01-01 00:00:00"}])

    def test_one_number_once_is_a_law_of_the_database(self):
        values = {"contract_id": self.contract.id, "number": 1, "kind": "change", "effective_on": "2026-01-01",
                  "recorded_at": "2026-01-01 00:00:00", "changes": {}, "names": {}}
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"):
            self.env["aftersales.contract.version"].create([values])
            self.env.flush_all()

    def test_a_contract_with_versions_is_not_deleted(self):
        with self.assertRaises(UserError):
            self.contract.unlink()

    def test_a_change_is_recorded_once_and_only_what_changed(self):
        self.contract._write_unlocked({"date_end": "2028-12-31"})
        self.contract._record_change("2026-06-01", "Renewed")
        version = self.contract.version_ids.sorted("number")[-1]
        self.assertEqual((version.number, version.kind, version.changes), (2, "change", {"date_end": "2028-12-31"}))
        self.contract._record_change("2026-06-01", "Again")
        self.assertEqual(len(self.contract.version_ids), 2)
        self.assertFalse(self.contract._version_drift())

    def test_what_was_done_last_holds_although_a_later_day_says_otherwise(self):
        """A renewal recorded for July, then a suspension in June that moves the new last day."""
        contract = self.contract
        contract._write_unlocked({"date_end": "2028-06-30"})
        contract._record_change("2026-07-01", "Renewed")
        contract._write_unlocked({"date_end": "2028-07-10"})
        contract._record_change("2026-06-10", "Suspended for 10 days")
        for day in ("2026-06-10", "2026-07-01", "2027-01-01"):
            self.assertEqual(contract._terms_as_of(day)["date_end"], "2028-07-10", day)
        self.assertEqual(contract._terms_as_of("2026-06-09")["date_end"], "2027-12-31")
        self.assertFalse(contract._version_drift())

    def test_hashes_form_a_chain_that_shows_a_change_from_outside(self):
        self.contract._write_unlocked({"date_end": "2028-12-31"})
        self.contract._record_change("2026-06-01", "Renewed")
        first, second = self.contract.version_ids.sorted("number")
        self.assertEqual(second.previous_hash, first.sha256)
        self.assertEqual(self.contract.with_user(self.agent).action_check_versions()["params"]["type"], "success")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE aftersales_contract_version SET effective_on = '2026-06-02' WHERE id = %s", [second.id])
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "Version 2"):
            self.contract.action_check_versions()

    def test_item4_reckoned_again_it_is_the_same_or_the_difference_has_a_name(self):
        """contracts.md section 4, item 4, for the contract: recomputing gives the same terms or a named difference."""
        check = lambda: self.contract.with_user(self.lena).action_check_versions()["params"]  # noqa: E731
        self.assertEqual(check()["type"], "success")
        self.contract._write_unlocked({"title": "Written past the versions"})
        self.assertEqual(check()["type"], "warning")
        self.assertIn("Title", check()["message"])

    def test_another_company_sees_nothing(self):
        Version = self.env["aftersales.contract.version"].with_user(self.other_manager)
        self.assertFalse(Version.search([("contract_id", "=", self.contract.id)]))

    def test_recording_is_one_pass_for_all_contracts(self):
        def recorded(count):
            contracts = self.env["aftersales.contract"].union(*(self.a_contract() for _number in range(count)))
            for contract in contracts:
                contract._write_unlocked({"date_end": "2028-12-31", "dealer_id": self.dealer.id})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contracts._record_change("2026-06-01", "Renewed")
            self.env.flush_all()
            return self.env.cr.sql_log_count - before
        recorded(1)
        self.assertLessEqual(recorded(12), recorded(2) + 2)

    def test_first_versions_are_recorded_in_one_pass(self):
        def recorded(count):
            contracts = self.env["aftersales.contract"].union(*(
                self.a_contract(activate=False) for _number in range(count)))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contracts._record_first("Signed")
            self.env.flush_all()
            return self.env.cr.sql_log_count - before
        recorded(1)
        self.assertLessEqual(recorded(12), recorded(2) + 4)


class TestActionsRecord(VersionsCase):
    """Whatever moves the paper past its lock records a version: nothing of a contract drifts from them."""

    def versions_of(self, contract):
        self.env.flush_all()
        self.assertFalse(contract._version_drift(), contract._version_drift())
        return contract.version_ids.sorted("number")

    def test_renewal(self):
        contract = self._in_force("2026-01-05 09:00:00", date_end="2026-12-31")
        contract._write_unlocked({"renewal_kind": "manual"})
        contract._record_change("2026-01-01", "For the test")
        with freeze_time("2026-12-15 09:00:00"):
            contract.with_user(self.anna).action_renew()
        last = self.versions_of(contract)[-1]
        self.assertEqual((str(last.effective_on), last.changes["date_end"]), ("2027-01-01", "2027-12-31"))
        self.assertEqual(contract._terms_as_of("2026-12-31")["date_end"], "2026-12-31")

    def test_suspension_that_moves_the_end(self):
        with freeze_time("2026-03-01 09:00:00"):
            self.contract.with_user(self.anna).suspend("2026-03-01", "Refit", "2026-03-10", shift_end=True)
        self.assertEqual(self.versions_of(self.contract)[-1].changes, {"date_end": "2028-01-10"})

    def test_notice_and_termination(self):
        contract = self._in_force("2026-01-05 09:00:00", date_end=False)
        with freeze_time("2026-03-02 10:00:00"):
            contract.with_user(self.anna).give_notice(
                direction="received", kind="termination", sent_at="2026-03-01 08:00:00",
                received_at="2026-03-02 08:00:00", note="Their letter")
        self.versions_of(contract)
        with freeze_time("2026-04-01 10:00:00"):
            self.contract.with_user(self.anna).terminate(
                "2026-04-01", self.env.ref("aftersales_contracts.ground_mutual").id, "Agreed")
        self.versions_of(self.contract)

    def test_price_revision(self):
        with freeze_time("2026-05-02 10:00:00"):
            revision = self.env["aftersales.price.revision"].with_user(self.felix).create({
                "title": "Yearly", "percent": 3, "effective_on": "2026-07-01",
                "contract_filter": repr([("id", "=", self.contract.id)])})
            revision.action_preview()
            revision.with_user(self.boss).action_apply()
        last = self.versions_of(self.contract)[-1]
        self.assertEqual(str(last.effective_on), "2026-07-01")
        self.assertIn(103.0, last.changes.values())


class TestAsOf(VersionsCase):
    """contracts.md section 4, item 3: any date, and "as known on" a second date."""

    def test_item3_backdated_amendment_gives_two_answers(self):
        self.amended("2026-05-10 10:00:00", "2026-02-01", row={"price": 105.0})
        price = lambda on, known=None: next(  # noqa: E731
            row["price"] for key, row in self.contract._terms_as_of(on, known).items() if key.startswith("line:"))
        self.assertEqual(price("2026-01-31"), 100.0)
        self.assertEqual(price("2026-03-01"), 105.0)
        self.assertEqual(price("2026-03-01", "2026-05-10 09:59:59"), 100.0)
        self.assertEqual(price("2026-03-01", "2026-05-10 10:00:00"), 105.0)
        self.assertEqual(self.contract._terms_as_of("2026-03-01", "2026-01-05 08:00:00"), {})
        self.assertEqual(self.contract._terms_as_of("2025-12-31"), {})

    def test_page_names_the_version_of_each_value(self):
        self.amended("2026-05-10 10:00:00", "2026-02-01", row={"price": 105.0})
        page = self.contract.with_user(self.agent)._as_of_page("2026-03-01")
        tables = {table["title"]: table for section in page["sections"] for table in section["tables"]}
        lines = self.env["aftersales.contract"]._rows_label("line")
        cells = {cell["label"].rsplit(" · ", 1)[-1]: cell for row in tables[lines]["rows"] for cell in row["cells"]}
        self.assertEqual((cells["Price"]["text"].split()[0], cells["Price"]["version"]), ("105.00", 2))
        self.assertEqual(cells["Description"]["version"], 1)
        values = {value["label"]: value for section in page["sections"] for value in section["values"]}
        self.assertEqual((values["Partner"]["text"], values["Partner"]["version"]), ("Harbour Freight", 1))

    def test_names_stay_as_the_paper_said_them(self):
        self.customer.name = "Renamed Freight"
        page = self.contract._as_of_page("2026-03-01")
        self.assertIn("Harbour Freight", str(page))
        self.assertNotIn("Renamed Freight", str(page["sections"]))

    def test_assets_by_their_own_days(self):
        asset = self.env["aftersales.asset"].create({"name": "SN-1", "partner_id": self.customer.id})
        self.env["aftersales.cover"].create({
            "contract_id": self.contract.id, "asset_id": asset.id, "date_start": "2026-03-01",
            "date_end": "2026-03-31"})
        self.assertEqual([row["name"] for row in self.contract._assets_on("2026-03-31")], [asset.display_name])
        self.assertFalse(self.contract._assets_on("2026-04-01"))
        self.assertFalse(self.contract._assets_on("2026-03-31", "2026-01-01 00:00:00"))

    def test_page_opens_for_readers_and_shows_both_answers(self):
        self.amended("2026-05-10 10:00:00", "2026-02-01", row={"price": 105.0})
        wizard = self.env["aftersales.contract.as.of"].with_user(self.lena).create({
            "contract_id": self.contract.id, "on": "2026-03-01", "known_on": "2026-05-01 00:00:00"})
        self.assertIn("100.00", wizard.page)
        self.assertIn("recorded later says otherwise", wizard.page)
        self.assertIn("105.00", self.env["aftersales.contract.as.of"].with_user(self.lena).create({
            "contract_id": self.contract.id, "on": "2026-03-01"}).page)

    def test_a_script_in_a_name_stays_text(self):
        self.amended("2026-05-10 10:00:00", "2026-05-01", values={"title": "<script>alert(1)</script>"})
        wizard = self.env["aftersales.contract.as.of"].create({"contract_id": self.contract.id, "on": "2026-06-01"})
        self.assertNotIn("<script>", wizard.page)
        self.assertIn("&lt;script&gt;", wizard.page)

    def test_who_may_not_read_the_contract_gets_no_terms(self):
        with self.assertRaises(AccessError):
            self.contract.with_user(self.other_manager).terms_as_of("2026-03-01")
        with self.assertRaises(AccessError):
            self.contract.with_user(self.clerk).terms_as_of("2026-03-01")
        self.assertEqual(
            self.contract.with_user(self.felix).terms_as_of("2026-03-01")["partner_id"], self.customer.id)

    @warmup
    def test_as_many_queries_for_20_versions_as_for_2(self):
        def opened(contract):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contract.with_user(self.agent)._as_of_page("2026-12-31")
            return self.env.cr.sql_log_count - before
        other = self._in_force("2026-01-05 09:00:00")
        for contract, count in ((self.contract, 2), (other, 20)):
            for number in range(2, count + 1):
                contract._write_unlocked({"title": f"Title {number}"})
                contract._record_change(f"2026-02-{number:02}", "Test")
        self.assertEqual((len(self.contract.version_ids), len(other.version_ids)), (2, 20))
        opened(self.contract)
        self.assertEqual(opened(other), opened(self.contract))


class TestTimeline(VersionsCase):
    def test_newest_first_with_both_days_where_they_differ(self):
        self.amended("2026-05-10 10:00:00", "2026-02-01", row={"price": 105.0})
        with freeze_time("2026-05-11 10:00:00"):
            draft = self.contract.make_amendment("2026-09-01", "Later", "scope")
        entries = self.contract.with_user(self.agent).version_timeline
        found = [(entry["kind"], entry["badge"], entry["apart"]) for entry in entries]
        self.assertEqual(set(found[:2]), {("draft", "draft", True), ("amendment", "backdated", True)})
        self.assertEqual(found[-1][0], "signed")
        self.assertIn(draft.name.rpartition("/")[2], str(entries))
        amendment = next(entry for entry in entries if entry["kind"] == "amendment")
        self.assertIn("Price", str(amendment["terms"]))

    def test_a_notice_stands_among_them(self):
        with freeze_time("2026-03-02 10:00:00"):
            self.contract.give_notice(
                direction="received", kind="other", sent_at="2026-03-01 08:00:00", received_at="2026-03-02 08:00:00",
                note="Their letter")
        self.assertIn("notice", [entry["kind"] for entry in self.contract.version_timeline])
        self.assertEqual(fields.Datetime.to_datetime(self.contract.version_timeline[0]["at"]).month, 3)
