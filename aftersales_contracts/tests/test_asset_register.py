"""Registration: rows by RPC and from a file, and the machine that a serial number means."""

import base64
import io

import openpyxl
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time

from .test_asset_facts import AssetCase


def book(*lines):
    """An XLSX of these lines, as a field holds it."""
    made, out = openpyxl.Workbook(), io.BytesIO()
    for line in lines:
        made.active.append(line)
    made.save(out)
    return base64.b64encode(out.getvalue())


@freeze_time("2026-06-15 12:00:00")
class TestRegister(AssetCase):
    def register(self, rows, user=None, **options):
        return self.env["aftersales.asset"].with_user(user or self.anna).register(rows, **options)

    def test_names_become_records_and_the_first_owner_is_on_record(self):
        result = self.register([
            {"serial": " N-1 ", "product": "P7", "partner": "Harbour Freight", "delivered_on": "2026-05-01",
             "dealer": self.dealer.id, "batch": "B7", "place": "Pier 1"},
            {"serial": "N-2", "partner": self.customer.id, "parent": "P-1"}], source="registration")
        assets = self.env["aftersales.asset"].browse(result["ids"])
        self.assertFalse(result["errors"])
        self.assertRecordValues(assets, [
            {"name": "N-1", "product_id": self.pump.id, "dealer_id": self.dealer.id, "batch": "B7",
             "source": "registration", "parent_id": False},
            {"name": "N-2", "product_id": False, "dealer_id": False, "batch": False, "source": "registration",
             "parent_id": self.asset.id}])
        self.assertEqual(str(assets[0].owner_ids.day), "2026-05-01")

    def test_errors_name_row_field_and_value_and_nothing_is_written(self):
        self.env["res.partner"].create([{"name": "Twin Ltd"}, {"name": "Twin Ltd"}])
        rows = [
            {"serial": "G-1", "partner": "Harbour Freight"}, {"serial": "", "partner": "Harbour Freight"},
            {"serial": "G-3", "partner": "Nobody Ltd"}, {"serial": "G-4", "partner": "Twin Ltd"},
            {"serial": "P-1", "product": "P7", "partner": "Harbour Freight"},
            {"serial": "G-1", "partner": "Harbour Freight"},
            {"serial": "G-7", "partner": "Harbour Freight", "delivered_on": "31.01.2026"},
            {"serial": "G-8", "partner": "Harbour Freight", "delivered_on": "2026-06-16"},
            {"serial": "G-9", "partner": "Harbour Freight", "colour": "red"}]
        before = self.env["aftersales.asset"].search_count([])
        with self.assertRaises(UserError) as caught:
            self.register(rows)
        told = str(caught.exception).splitlines()[1:]
        self.assertEqual(told, [
            "Row 2, Serial Number “”: The serial number is missing.",
            "Row 3, Owner “Nobody Ltd”: Nothing of that name is known.",
            "Row 4, Owner “Twin Ltd”: 2 of that name are known. Give the reference or the id.",
            "Row 7, Delivered “31.01.2026”: This is no day: YYYY-MM-DD is needed.",
            "Row 8, Delivered “2026-06-16”: The day lies in the future.",
            "Row 9, colour “red”: There is no such column.",
            "Row 5, Serial Number “P-1”: This machine is registered already.",
            "Row 6, Serial Number “G-1”: It stands in row 1 already."])
        self.assertEqual(self.env["aftersales.asset"].search_count([]), before)
        result = self.register(rows, partial=True)
        self.assertEqual([bool(one) for one in result["ids"]], [True] + [False] * 8)
        self.assertEqual([error["row"] for error in result["errors"]], list(range(2, 10)))

    def test_who_may(self):
        for user in (self.agent, self.felix, self.carla, self.diego):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.register([{"serial": "X", "partner": self.customer.id}], user=user)
        with self.refused(UserError, "Nothing of that name is known"):  # of a company that is not hers
            self.register([{"serial": "X", "partner": self.customer.id, "company": "Second Maker"}])
        with self.refused(UserError, "“wild” is no source"):
            self.register([], source="wild")

    def test_rows_in_sets(self):
        def counted(some):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.register([{"serial": f"{some}-{number}", "product": "P7", "partner": "Harbour Freight",
                            "delivered_on": "2026-05-01"} for number in range(some)])
            self.env.flush_all()
            return self.env.cr.sql_log_count - before
        counted(1)
        self.assertLessEqual(counted(40), counted(4) + 6)

    # --- files -------------------------------------------------------------------------------------------------------

    def wizard(self, content, name="machines.xlsx", **values):
        made = self.env["aftersales.register.assets"].with_user(self.anna).create(
            {"file": content, "file_name": name, **values})
        made.action_read()
        return made

    def test_a_workbook_is_looked_at_before_anything_is_written(self):
        made = self.wizard(book(
            ["Serial No", "Customer", "Model", "Colour", "Delivery Date"],
            ["W-1", "Harbour Freight", "P7", "red", "2026-05-01"], [None] * 5,
            ["W-2", "Nobody Ltd", "P7", "", ""], [1001.0, "Harbour Freight", "P7", "", ""]))
        self.assertEqual(
            [(column.name, column.key) for column in made.column_ids],
            [("Serial No", "serial"), ("Customer", "partner"), ("Model", "product"), ("Colour", False),
             ("Delivery Date", "delivered_on")])
        self.assertRecordValues(made.problem_ids, [{
            "row": 4, "column": "Customer", "value": "Nobody Ltd", "message": "Nothing of that name is known."}])
        made.action_register()
        self.assertFalse(self.env["aftersales.asset"].search([("name", "in", ("W-1", "W-2", "1001"))]))
        made.only_good = True
        action = made.action_register()
        found = self.env["aftersales.asset"].search(action["domain"], order="name")
        self.assertEqual(found.mapped("name"), ["1001", "W-1"])
        self.assertEqual(set(found.mapped("source")), {"import"})

    def test_a_text_with_semicolons_and_columns_that_are_chosen(self):
        text = base64.b64encode(b"Nr;Kunde;Owner\nT-1;Harbour Freight;x\n")
        made = self.wizard_unread(text)
        with self.refused(UserError, "No column of the file is the Serial Number"):
            made.action_read()
        made = self.wizard_unread(base64.b64encode(b"Serial;Kunde;Owner\nT-1;Harbour Freight;x\n"))
        made.action_read()
        made.column_ids[1].key = "partner"
        with self.refused(UserError, "Columns Kunde, Owner are both Owner"):
            made.action_check()
        made.column_ids[2].key = False
        made.action_check()
        self.assertFalse(made.problem_ids)
        self.assertEqual(made.rows, 1)

    def wizard_unread(self, content):
        return self.env["aftersales.register.assets"].with_user(self.anna).create(
            {"file": content, "file_name": "a.csv"})

    def test_files_that_are_none(self):
        for content, sentence in (
                (b"", "The file is empty"), (b"%PDF-1.4", "neither CSV nor XLSX"),
                (b"PK\x03\x04 no", "neither CSV nor XLSX")):
            with self.subTest(content), self.refused(UserError, sentence):
                self.wizard(base64.b64encode(content))

    # --- serial numbers ----------------------------------------------------------------------------------------------

    def test_row28_one_serial_text_on_two_products_is_asked_about(self):
        """The peer takes the first of them, whichever that is."""
        Asset = self.env["aftersales.asset"].with_user(self.agent)
        self.assertEqual(Asset._find_serial(" p-1 ", self.company), self.asset)
        twin = self.an_asset("P-1", product_id=self.motor.id)
        self.an_asset("OLD", active=False)
        self.an_asset("THEIRS", company_id=self.other_company.id, partner_id=self.stranger.id)
        self.assertEqual(Asset._find_serial("P-1", self.company, self.motor), twin)
        for serial, sentence in (
                ("P-1", "P-1 is that of 2 machines: .P7. Pump 7, Motor 3. Say which product it is"),
                ("P_1", "No machine with the serial number P_1 is registered in"),
                ("OLD", "OLD is archived"), ("", "Name the machine by its serial number"),
                ("THEIRS", "not registered in .*, but in another company.$")):
            with self.subTest(serial), self.assertRaisesRegex(UserError, sentence) as caught:
                Asset._find_serial(serial, self.company)
            self.assertNotIn("Somebody Else", str(caught.exception))
        with self.assertRaisesRegex(UserError, "No machine with the serial number THEIRS"):
            Asset.with_user(self.carla)._find_serial("THEIRS", self.company)
