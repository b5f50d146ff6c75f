"""Writes the templates of Odoo's import screens: aftersales_contracts/static/import/*.xlsx.

    import_templates.py [FOLDER]

The first sheet is the one that is imported: headings, and example rows that import into an empty database when the
files are taken in the order of their numbers. The second sheet explains each column. The same rows give the same bytes.
"""

import sys
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

FOLDER = Path(__file__).resolve().parent.parent / "aftersales_contracts" / "static" / "import"
KEY = "Your key of the row, without a dot. The same key again updates the row instead of adding another one."
CONTRACT = "Key of the contract in the file of contracts. Under the heading Contract: its number, such as SC/2027/0001."
PARTNER = "Name of the contact. Two contacts of one name are refused: then use the heading {0}/id and its key."
FIRST, LAST = date(2027, 1, 1), date(2028, 12, 31)

# {file: (columns: [(heading, explanation)], example rows)}
TEMPLATES = {
    "1_partners": (
        [("id", KEY), ("Name", "Name of the company."), ("Is a Company", "1: a company, 0: a person."),
         ("Email", "Where its mail goes."), ("City", "")],
        [("example_customer", "Example Harbour Ltd", 1, "harbour@example.com", "Hamburg"),
         ("example_provider", "Example Field Service Ltd", 1, "service@example.com", "Gdansk"),
         ("example_payer", "Example Holding Ltd", 1, "holding@example.com", "Rotterdam")]),
    "2_contracts": (
        [("id", KEY), ("Title", "What the contract is about."),
         ("Type/id", "aftersales_contracts.contract_type_customer, ..._provider or ..._dealer. Under the heading Type: "
          "its name."),
         ("Partner", PARTNER.format("Partner")), ("First Day", "A date."),
         ("Last Day", "The last day in force. Empty: open-ended."),
         ("Currency", "Code, such as EUR; it must be active. Empty: the company's."),
         ("Service Mode", "In-house, Outsourced, Hybrid, Authorised or Self-service."),
         ("Sourcing", "Single Vendor or Multi-vendor."),
         ("Statement Period", "Monthly, Quarterly or Yearly."),
         ("Renewal", "By Hand, Automatic, Evergreen, Extension or None."), ("Renews for", "How many units."),
         ("Renewal Unit", "Days, Weeks, Months, Quarters or Years."), ("Notice Period", "How many units. 0: none."),
         ("Notice Unit", "Days, Business Days, Weeks, Months, Quarters or Years.")],
        [("example_care", "Example: Care of Compressors", "aftersales_contracts.contract_type_customer",
          "Example Harbour Ltd", FIRST, LAST, "", "Outsourced", "Single Vendor", "Monthly", "Automatic", 1, "Years", 3,
          "Months"),
         ("example_supply", "Example: Field Service North", "aftersales_contracts.contract_type_provider",
          "Example Field Service Ltd", FIRST, "", "", "In-house", "Single Vendor", "Quarterly", "By Hand", 1, "Years",
          90, "Days")]),
    "3_contract_lines": (
        [("id", KEY), ("Contract/id", CONTRACT),
         ("Product", "Name or internal reference of the product. Empty: none, the description says it."),
         ("Description", "What recurs."), ("Quantity", "Above 0."),
         ("Price", "For one unit and one full period, in the currency of the contract."),
         ("Every", "How many periods an amount is for: 1, 2, ..."),
         ("Period", "Days, Weeks, Months, Quarters or Years."), ("Billing", "In Advance or In Arrears."),
         ("First Day", "Within the contract. Empty: with the contract."),
         ("Last Day", "Within the contract. Empty: with the contract, renewals included.")],
        [("example_line_care", "example_care", "", "Care of two compressors", 2, 150, 1, "Months", "In Advance", "",
          ""),
         ("example_line_training", "example_care", "", "Training on site", 1, 480.5, 1, "Years", "In Arrears",
          date(2027, 7, 1), date(2028, 6, 30))]),
    "4_contract_parties": (
        [("id", KEY), ("Contract/id", CONTRACT), ("Party", PARTNER.format("Party")),
         ("Role", "Customer, Provider, Dealer, Payer, Signatory or Sub-processor. The contract's own partner is its "
          "party already: leave it out."),
         ("Specialty", "Technical Support, Field Service, Repair, Spare Parts, Returns or Customer Care. Empty: all."),
         ("Location", "On-shore, Near-shore or Off-shore."), ("May Sign", "1 or 0."),
         ("From", "The first day in this role. Empty: as the contract."),
         ("Until", "The last day in this role. Empty: as the contract.")],
        [("example_party_payer", "example_care", "Example Holding Ltd", "Payer", "", "On-shore", 0, "", ""),
         ("example_party_provider", "example_care", "Example Field Service Ltd", "Provider", "Field Service",
          "Near-shore", 0, FIRST, date(2027, 12, 31))]),
    "5_assets": (
        [("id", KEY), ("Serial Number", "One machine. A product has each serial number once."),
         ("Product", "Name or internal reference of the product. Empty: none."), ("Owner", PARTNER.format("Owner")),
         ("Place", "Where it stands: site, building, line."),
         ("Delivered", "A date: warranties count from it. Empty: not known yet."),
         ("Installed", "A date. Empty: not known yet."),
         ("Sold by", PARTNER.format("Sold by") + " Empty: by ourselves."),
         ("Supplier Batch", "Of the supplier, as recalls name it.")],
        [("example_asset_1", "EX-1001", "", "Example Harbour Ltd", "Quay 7, hall 2", date(2026, 1, 31), "", "", "B7"),
         ("example_asset_2", "EX-1002", "", "Example Harbour Ltd", "Quay 7, hall 3", date(2026, 1, 31),
          date(2026, 2, 10), "", "")]),
    "6_covers": (
        [("id", KEY), ("Contract/id", CONTRACT),
         ("Covered Asset/id", "Key of the asset in the file of assets. Under the heading Covered Asset: its name."),
         ("Covered from", "The first covered day. Empty: the contract's first day."),
         ("Covered until", "The last covered day. Empty: the contract's last day."),
         ("Priority", "Where two contracts cover the asset on one day: the lower number comes first. Usually 10.")],
        [("example_cover_1", "example_care", "example_asset_1", "", "", 10),
         ("example_cover_2", "example_care", "example_asset_2", date(2027, 3, 1), date(2027, 12, 31), 10)]),
    "7_ndas": (
        [("id", KEY), ("Title", "What it is about."),
         ("Agreement Type", "Non-disclosure Agreement or Data-processing Agreement."),
         ("Kind", "One-way, Mutual or Multi-party."), ("Effective from", "A date."),
         ("Term", "For Some Months, Until a Day or Perpetual."), ("Months", "For the term For Some Months."),
         ("Last Day", "For the term Until a Day: the last day on which it gives access."),
         ("Purposes/id", "Keys, separated by commas: aftersales_contracts.nda_purpose_service, ..._development, "
          "..._evaluation, ..._quality, ..._sales, ..._training. Empty: every purpose."),
         ("Parties/id", "Key of the party. An agreement goes on in the next line if that fills in its parties only."),
         ("Parties/Party/id", "Key of the contact. base.main_partner: our own (first) company."),
         ("Parties/Role", "Both, Discloser or Recipient.")],
        [("example_nda", "Example: Secrecy about Service Manuals", "Non-disclosure Agreement", "Mutual", FIRST,
          "For Some Months", 24, "",
          "aftersales_contracts.nda_purpose_service,aftersales_contracts.nda_purpose_training",
          "example_nda_us", "base.main_partner", "Both"),
         ("", "", "", "", "", "", "", "", "", "example_nda_provider", "example_provider", "Both"),
         ("example_nda_plans", "Example: Plans of the Customer", "Non-disclosure Agreement", "One-way", FIRST,
          "Until a Day", "", LAST, "", "example_nda_plans_us", "base.main_partner", "Recipient"),
         ("", "", "", "", "", "", "", "", "", "example_nda_plans_customer", "example_customer", "Discloser")]),
    "8_obligations": (
        [("id", KEY), ("Obligation", "What is owed, in a few words."),
         ("Type/id", "aftersales_contracts.obligation_type_report, ..._insurance, ..._certification, ..._payment, ... "
          "Under the heading Type: its name."),
         ("Contract/id", CONTRACT), ("Owed by", "Us or The Other Side."),
         ("Clause No.", "Where the contract says so, such as 7.3."), ("Due", "A date: of the first occurrence."),
         ("Repeat", "Once, At an Interval or When the Certificate Expires."), ("Interval", "1 or more."),
         ("Unit", "Days, Weeks, Months, Quarters or Years."),
         ("Repeat until", "The last day on which an occurrence falls due. Empty: with the contract.")],
        [("example_report", "Example: quarterly service report", "aftersales_contracts.obligation_type_report",
          "example_care", "Us", "7.3", date(2027, 3, 31), "At an Interval", 1, "Quarters", LAST),
         ("example_insurance", "Example: liability insurance", "aftersales_contracts.obligation_type_insurance",
          "example_supply", "The Other Side", "9.1", FIRST, "When the Certificate Expires", 1, "Years", "")]),
}


def write(path: Path, columns, rows) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": datetime(2026, 1, 1)})
        bold = book.add_format({"bold": True, "bg_color": "#E7E9ED"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        data, notes = book.add_worksheet("Import"), book.add_worksheet("Columns")
        data.freeze_panes(1, 0)
        for place, (heading, explanation) in enumerate(columns):
            values = [row[place] for row in rows]
            data.set_column(place, place, min(max(len(str(value)) for value in (heading, *values)) + 2, 40))
            data.write(0, place, heading, bold)
            notes.write_row(place + 1, 0, [heading, explanation], wrap)
            for line, value in enumerate(values, 1):
                if isinstance(value, date):
                    data.write_datetime(line, place, datetime(value.year, value.month, value.day), day)
                elif value != "":
                    data.write(line, place, value)
        notes.write_row(0, 0, ["Column", "What to enter"], bold)
        notes.set_column(0, 0, 22)
        notes.set_column(1, 1, 100)


def main() -> None:
    folder = Path(sys.argv[1]) if sys.argv[1:] else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, (columns, rows) in TEMPLATES.items():
        write(folder / f"{name}.xlsx", columns, rows)
        print(folder / f"{name}.xlsx")


if __name__ == "__main__":
    main()
