"""Contracts and what belongs to them through Odoo's import screens: templates, wrong rows, who may."""

from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from .import_screen_case import ORDER, ImportScreenCase, spreadsheet

CARE, CUSTOMER = "example_care", "Example Harbour Ltd"
CONTRACT, LINE, PARTY = "aftersales.contract", "aftersales.contract.line", "aftersales.contract.party"
COVER, NDA, OBLIGATION = "aftersales.cover", "aftersales.nda", "aftersales.obligation"
NDA_HEAD = "id,Title,Kind,Effective from,Term,Months,Parties/id,Parties/Party/id,Parties/Role"
NDA_ROW = "n,Plans,Mutual,2027-01-01,For Some Months,12,p,base.main_partner,Both"
REPORT = "aftersales_contracts.obligation_type_report"

# (what is wrong, model, lines of the file, sentences)
WRONG = [
    ("date", CONTRACT, ("Title,Partner,First Day", f"Good,{CUSTOMER},2027-01-01", f"Bad,{CUSTOMER},2027-13-45"),
     ['Line 3, column "First Day" ("2027-13-45"): This is not a date written as YYYY-MM-DD.']),
    ("unknown partners, and an empty line", CONTRACT,
     ("Title,Partner", f"Good,{CUSTOMER}", "Bad,Nobody Ltd", "", "Worse,No Two Ltd"),
     ['Line 3, column "Partner" ("Nobody Ltd"): No matching record found for name \'Nobody Ltd\' in field \'Partner\'',
      'Line 5, column "Partner" ("No Two Ltd"): No matching record found for name \'No Two Ltd\' in field '
      "'Partner'"]),
    ("two partners of one name", CONTRACT, ("Title,Partner", "Bad,Twin Ltd"),
     ['Line 2, column "Partner" ("Twin Ltd"): Found multiple matches for value "Twin Ltd" in field "Partner" '
      "(2 matches)"]),
    ("selection", CONTRACT, ("Title,Partner,Service Mode", f"Bad,{CUSTOMER},Martian"),
     ['Line 2, column "Service Mode" ("Martian"): Value \'Martian\' not found in selection field \'Service Mode\'']),
    ("currency", CONTRACT, ("Title,Partner,Currency", f"Bad,{CUSTOMER},XXX"),
     ['Line 2, column "Currency" ("XXX"): No matching record found for name \'XXX\' in field \'Currency\'']),
    ("last day before the first", CONTRACT, ("Title,Partner,First Day,Last Day", f"Good,{CUSTOMER},2027-01-01,",
                                             f"Bad,{CUSTOMER},2027-01-01,2026-12-31"),
     ['Line 3, column "First Day" ("2027-01-01"), column "Last Day" ("2026-12-31"): A contract cannot end before it '
      "starts."]),
    ("empty cell", CONTRACT, ("Title,Partner", f"Good,{CUSTOMER}", f",{CUSTOMER}"),
     ['Line 3, column "Title" (empty): A value is required.']),
    ("missing columns", CONTRACT, ("id,First Day", "a,2027-01-01"),
     ['Line 2, column "Title" (not in the file): A value is required.']),
    ("no partner", CONTRACT, ("Title,First Day", "Bad,2027-01-01"),
     ['Line 2, column "Partner" (not in the file): A contract needs its other side: fill in the partner.']),
    ("one key twice", CONTRACT, ("id,Title,Partner", f"a,One,{CUSTOMER}", f"a,Two,{CUSTOMER}"),
     ['Line 3, column "id" ("a"): This external ID stands in the file more than once.']),
    ("contract in force", CONTRACT, ("id,Title,Notice Period", "in_force,Other,3"),
     ['Line 2, column "Title" ("Other"), column "Notice Period" ("3"): Title of contract NUMBER Compressor Care cannot '
      "change: it is in force. Make an amendment."]),
    ("key of another model", CONTRACT, ("id,Title,Partner,Notice Period", f"example_payer,Bad,{CUSTOMER},1"),
     ['Line 2, column "id" ("example_payer"): For external id __import__.example_payer when trying to create/update a '
      "record of model aftersales.contract found record of different model res.partner (KEY)"]),
    ("line of a contract in force", LINE, ("Contract/id,Description,Price", "in_force,More,12"),
     ['Line 2, column "Contract/id" ("in_force"): Contract Line of contract NUMBER Compressor Care cannot change: it '
      "is in force. Make an amendment."]),
    ("price", LINE, ("Contract/id,Description,Price", f"{CARE},Bad,12x"),
     ['Line 2, column "Price" ("12x"): This is not a number.']),
    ("whole number", LINE, ("Contract/id,Description,Price,Every", f"{CARE},Bad,12,two"),
     ['Line 2, column "Every" ("two"): \'two\' does not seem to be an integer for field \'Every\'']),
    ("quantity, and two records at once", LINE, (
        "Contract/id,Description,Price,Quantity", f"{CARE},Bad,12,0", f"{CARE},Good,12,1", f"{CARE},Bad,12,-2"),
     ['Line 2, column "Quantity" ("0"): The quantity of a contract line must be above zero.',
      'Line 4, column "Quantity" ("-2"): The quantity of a contract line must be above zero.']),
    ("outside the contract", LINE, ("Contract/id,Description,Price,First Day", f"{CARE},Bad,12,2026-01-01"),
     [f'Line 2, column "Contract/id" ("{CARE}"), column "First Day" ("2026-01-01"): NUMBER · Bad: First Day 2026-01-01 '
      "lies outside the contract, which runs from 2027-01-01 to 2028-12-31."]),
    ("no contract", LINE, ("Description,Price", "Bad,12"),
     ['Line 2, column "Contract" (not in the file): A value is required.']),
    ("role", PARTY, ("Contract/id,Party,Role", f"{CARE},Example Holding Ltd,Friend"),
     ['Line 2, column "Role" ("Friend"): Value \'Friend\' not found in selection field \'Role\'']),
    ("days of a role", PARTY, ("Contract/id,Party,Role,From,Until",
                               f"{CARE},Example Holding Ltd,Payer,2027-05-01,2027-04-01"),
     ['Line 2, column "From" ("2027-05-01"), column "Until" ("2027-04-01"): A party\'s role cannot end before it '
      "starts."]),
    ("two providers of a single vendor", PARTY, ("Contract/id,Party,Role", f"{CARE},Example Holding Ltd,Provider"),
     [f'Line 2, column "Contract/id" ("{CARE}"): Contract NUMBER Example: Care of Compressors has a single vendor, but '
      "Example Field Service Ltd and Example Holding Ltd are its providers at the same time. Choose multi-vendor "
      "sourcing, or end one role before the other begins."]),
    ("overlapping cover", COVER, ("Contract/id,Covered Asset/id,Covered from,Covered until",
                                  f"{CARE},example_asset_2,2027-12-01,2028-01-31"),
     [f'Line 2, column "Contract/id" ("{CARE}"), column "Covered Asset/id" ("example_asset_2"), column "Covered from" '
      '("2027-12-01"), column "Covered until" ("2028-01-31"): Contract NUMBER Example: Care of Compressors covers '
      "asset EX-1002 twice on one day: from 03/01/2027 to 12/31/2027, and from 12/01/2027 to 01/31/2028. End the one "
      "before the other begins."]),
    ("cover twice in one file", COVER, ("Contract/id,Covered Asset/id", "example_supply,example_asset_1",
                                        "example_supply,example_asset_1"),
     ['Line 3, column "Contract/id" ("example_supply"), column "Covered Asset/id" ("example_asset_1"): Contract NUMBER '
      "Example: Field Service North covers asset EX-1001 twice on one day: as long as the contract, and as long as the "
      "contract. End the one before the other begins."]),
    ("days of a cover", COVER, ("Contract/id,Covered Asset/id,Covered from,Covered until",
                                f"{CARE},example_asset_2,2028-12-01,2028-01-31"),
     ['Line 2, column "Covered from" ("2028-12-01"), column "Covered until" ("2028-01-31"): A cover cannot end before '
      "it starts."]),
    ("serial number", "aftersales.asset", ("Serial Number,Product,Owner", f"X-1,Example Pump,{CUSTOMER}",
                                           f"X-1,Example Pump,{CUSTOMER}"),
     ['Line 3, column "Serial Number" ("X-1"), column "Product" ("Example Pump"): This serial number of the product is '
      "already recorded."]),
    ("term of an agreement", NDA, (NDA_HEAD, NDA_ROW.replace(",12,", ",0,")),
     ['Line 2, column "Term" ("For Some Months"), column "Months" ("0"): Agreement NUMBER Plans: a term of 0 months is '
      "none. Write at least 1, or choose another term."]),
    ("role in the second line of an agreement", NDA, (NDA_HEAD, NDA_ROW, ",,,,,,q,example_provider,Boss"),
     ['Line 3, column "Parties/Role" ("Boss"): Value \'Boss\' not found in selection field \'Parties/Role\'']),
    ("party in the third line", NDA, (NDA_HEAD, NDA_ROW, ",,,,,,q,example_provider,Both", ",,,,,,r,,Both"),
     ['Line 4, column "Parties/Party/id" (empty): A value is required.']),
    ("second agreement, the first one with parties", NDA, (
        NDA_HEAD, NDA_ROW, ",,,,,,q,nobody,Both", NDA_ROW.replace("n,", "m,", 1).replace("Mutual", "Friendly")),
     ['Line 3, column "Parties/Party/id" ("nobody"): No matching record found for external id \'nobody\' in field '
      "'Parties/Party'",
      'Line 4, column "Kind" ("Friendly"): Value \'Friendly\' not found in selection field \'Kind\'']),
    ("end of the repetition", OBLIGATION, ("Obligation,Type/id,Contract/id,Due,Repeat until",
                                           f"Bad,{REPORT},{CARE},2027-05-01,2027-04-01"),
     ['Line 2, column "Due" ("2027-05-01"), column "Repeat until" ("2027-04-01"): Obligation Bad: it repeats until '
      "2027-04-01, which is before it falls due, 2027-05-01."]),
    ("nobody's obligation", OBLIGATION, ("Obligation,Type/id,Contract/id,Due", f"Bad,{REPORT},,2027-05-01"),
     ['Line 2, column "Contract/id" (empty): An obligation needs a contract or an other side.']),
]


class TestImportTemplates(ImportScreenCase):
    def test_templates_import_cleanly_and_twice_gives_the_same_records(self):
        first = self.bring_templates()
        for model, result in zip(ORDER, first, strict=True):
            with self.subTest(model):
                self.assertFalse(result["messages"])
                self.assertNotIn(False, result["paths"], result["headings"])
                self.assertTrue(result["ids"])
        counts = self.counts()
        again = self.bring_templates()
        self.assertEqual([result["ids"] for result in again], [result["ids"] for result in first])
        self.assertFalse([message for result in again for message in result["messages"]])
        self.assertEqual(self.counts(), counts)

    def test_what_the_templates_say(self):
        self.bring_templates()
        care = self.env.ref("__import__.example_care")
        self.assertEqual((care.state, care.user_id, care.currency_id),
                         ("draft", self.anna, self.company.currency_id), "empty: the default")
        self.assertEqual(care.line_ids.mapped("amount"), [300.0, 480.5])
        self.assertEqual(set(care.party_ids.mapped("role")), {"customer", "payer", "provider"})
        self.assertEqual(set(care.asset_ids.mapped("name")), {"EX-1001", "EX-1002"})
        nda = self.env.ref("__import__.example_nda")
        self.assertEqual(nda.party_ids.partner_id, self.env.ref("base.main_partner") + self.env.ref(
            "__import__.example_provider"))
        self.assertEqual((nda.state, len(nda.purpose_ids), nda.user_id), ("draft", 2, self.lena))
        self.assertEqual(self.env.ref("__import__.example_report").contract_id, care)

    def test_second_import_updates(self):
        self.bring_templates(2)
        result = self.bring(self.anna, CONTRACT, "id,Title,Currency\nexample_care,New Title,\n")
        care = self.env.ref("__import__.example_care")
        self.assertEqual((result["ids"], care.title), (care.ids, "New Title"))
        self.assertEqual(care.currency_id, self.company.currency_id, "an empty cell of a required column")

    def test_spreadsheet_lines_and_dates(self):
        self.bring_templates(2)
        rows = [("Contract/id", "Description", "Price", "Period"), None, (CARE, "Good", 10, "Months"), None,
                (CARE, "Bad", 10, "Fortnights")]
        self.refused(
            'Line 5, column "Period" ("Fortnights"): Value \'Fortnights\' not found in selection field \'Period\'',
            model=LINE, content=spreadsheet(*rows), name="lines.xlsx")

    def test_import_by_somebody_of_another_company(self):
        self.env["ir.model.data"]._update_xmlids([{"xml_id": "__import__.ours", "record": self.a_contract(False)}])
        before = self.counts()
        result = self.bring(self.other_manager, CONTRACT, "id,Title\nours,Theirs\n")
        self.assertIn("Line 2: ", result["messages"][0]["message"])
        self.assertEqual(self.env.ref("__import__.ours").title, "Compressor Care")
        self.assertEqual(self.counts(), before)

    def test_who_may_not(self):
        for user in (self.felix, self.agent, self.clerk, self.carla, self.diego):
            for model in ORDER[1:]:
                with self.subTest(user=user.login, model=model), self.assertRaises(AccessError):
                    self.bring(user, model, "Title\nX\n", paths=["title"])
        for model in ORDER[1:6]:
            with self.subTest(user="lena", model=model), self.assertRaises(AccessError):
                self.bring(self.lena, model, "Title\nX\n", paths=["title"])

    def test_each_screen_offers_its_template(self):
        for model in ORDER:
            [*_others, template] = self.env[model].with_user(self.anna).get_import_templates()
            self.assertTrue(template["label"].startswith("Import Template for "), template)
            actions = self.env["ir.actions.client"].search([("tag", "=", "import")])
            self.assertIn(model, [action.params["active_model"] for action in actions])


class TestImportRefusals(ImportScreenCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bring_templates(6)
        cls.env["res.partner"].create([{"name": "Twin Ltd"}, {"name": "Twin Ltd"}])
        cls.env["product.product"].create({"name": "Example Pump"})
        cls.env["ir.model.data"]._update_xmlids([{"xml_id": "__import__.in_force", "record": cls.contract}])

    @mute_logger("odoo.sql_db")
    def test_wrong_rows(self):
        key = self.env["ir.model.data"].search([("module", "=", "__import__"), ("name", "=", "example_payer")]).id
        for what, model, rows, sentences in WRONG:
            user = self.lena if model in (NDA, OBLIGATION) else self.anna
            with self.subTest(what):
                self.refused(*(sentence.replace("KEY", str(key)) for sentence in sentences), user=user, model=model,
                             content="\n".join((*rows, "")))

    @mute_logger("odoo.sql_db")
    def test_fields_that_the_screen_does_not_offer(self):
        self.refused('Line 2, column "State" ("active"): A new contract starts as a draft: create it, then submit it '
                     "for review.", model=CONTRACT, content=f"Title,Partner,State\nX,{CUSTOMER},active\n",
                     paths=["title", "partner_id", "state"])
        self.refused(f'Line 2, column "Contract/id" ("{CARE}"): A contract has one main party.', model=PARTY,
                     content=f"Contract/id,Party,Role,Main\n{CARE},Example Holding Ltd,Payer,1\n",
                     paths=["contract_id/id", "partner_id", "role", "is_main"])
        self.refused('Line 2, column "State" ("signed"): State of Non-disclosure Agreement changes only through its '
                     "buttons.", user=self.lena, model=NDA, content="Title,State\nX,signed\n", paths=["title", "state"])

    def test_long_file_is_one_file(self):
        """Odoo's screen asks for parts of 2000 rows: the first part would stay although the second is wrong."""
        rows = "".join(f"Contract {number},{CUSTOMER}\n" for number in range(4))
        self.refused('Line 6, column "Partner" ("Nobody Ltd"): No matching record found for name \'Nobody Ltd\' in '
                     "field 'Partner'", model=CONTRACT, content=f"Title,Partner\n{rows}Bad,Nobody Ltd\n", limit=2)
        whole = self.bring(self.anna, CONTRACT, f"Title,Partner\n{rows}", limit=2)
        self.assertEqual((len(whole["ids"]), whole["nextrow"]), (4, 0))

    def test_trial_run_keeps_nothing(self):
        before = self.counts()
        result = self.bring(self.anna, CONTRACT, f"Title,Partner\nX,{CUSTOMER}\n", dryrun=True)
        self.assertFalse(result["messages"])
        self.env.invalidate_all()
        self.assertEqual(self.counts(), before)

    def test_unchanged_row_of_a_contract_in_force_is_welcome(self):
        result = self.bring(self.anna, CONTRACT, "id,Title,Partner\nin_force,Compressor Care,Harbour Freight\n")
        self.assertEqual((result["ids"], result["messages"]), (self.contract.ids, []))

    def test_other_models_keep_the_messages_of_odoo(self):
        result = self.bring(self.anna, "res.partner", "Name,Country\nX,Nowhere\n", paths=["name", "country_id"])
        self.assertEqual([message["message"] for message in result["messages"]], [
            "No matching record found for name 'Nowhere' in field 'Country'"])
