"""Revenue of posted invoices: who has which line, for which reason, to the cent."""

from decimal import Decimal
from random import Random

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..engine.money import allocate
from .revenue_case import RevenueCase


class TestAttribution(RevenueCase):
    def test_attributed_by_customer_with_its_reason(self):
        self.an_attribution()
        move = self.an_invoice({"price_unit": 100, "product_id": self.labour_hour.id, "quantity": 2}, 50)
        self.assertTrue(move.aftersales_revenue_due)
        self.assertEqual(self.attribute(), 1)
        self.assertFalse(move.aftersales_revenue_due)
        self.assertEqual(self.said(move, "reason", "line_kind", "quantity", "is_due"), [
            ("invoice", "Northern Dealer", 200, "customer", "labour", 2, True),
            ("invoice", "Northern Dealer", 50, "customer", "other", 1, True)])
        self.assertEqual(self.rows(move)[0].reason_text, "Northern Dealer serves the customer Harbour Freight.")
        self.assert_whole(move)
        self.assertEqual(self.attribute(), 0)

    def test_closest_wins(self):
        """Explicit, contract, asset, customer, product, category, territory: each beats all that come after it."""
        Partner = self.env["res.partner"]
        country = self.env.ref("base.de")
        self.customer.country_id = country
        region = self.env["aftersales.region"].create({"name": "North", "country_ids": [Command.set(country.ids)]})
        category = self.env["product.category"].create({"name": "Spare"})
        below = self.env["product.category"].create({"name": "Filters", "parent_id": category.id})
        self.filter.categ_id = below
        asset = self.env["aftersales.asset"].create({"name": "SN-1", "partner_id": self.customer.id})
        line = {"price_unit": 10, "product_id": self.filter.id, "aftersales_asset_id": asset.id,
                "aftersales_contract_id": self.contract.id}
        found = []
        for target in ({"region_id": region.id}, {"categ_id": category.id}, {"product_id": self.filter.id},
                       {"partner_id": self.customer.id}, {"asset_id": asset.id}, {"contract_id": self.contract.id}):
            dealer = Partner.create({"name": f"Dealer of {next(iter(target))}", "is_company": True})
            self.an_attribution(self.a_dealer_contract(partner_id=dealer.id), **target)
            move = self.an_invoice(line)
            self.attribute()
            [row] = self.rows(move)
            self.assertEqual(row.dealer_id, dealer)
            found.append(row.reason)
        self.assertEqual(found, ["territory", "category", "product", "customer", "asset", "contract"])
        move = self.an_invoice({**line, "aftersales_dealer_id": self.south.id})
        self.attribute()
        self.assertEqual(self.said(move, "reason"), [("invoice", "Southern Dealer", 10, "explicit")])

    def test_dealer_of_the_contract_as_of_the_day(self):
        """The dealer of a customer's contract changed on 16 March: invoices before and after go to either."""
        contract = self.a_contract(service_mode="authorised", dealer_id=self.dealer.id)
        draft = contract.make_amendment("2026-03-16", "Another dealer", "other")
        draft.dealer_id = self.south
        draft._adopt("Test")
        early, late = (self.an_invoice({"price_unit": 10, "aftersales_contract_id": contract.id}, day=day)
                       for day in ("2026-03-15", "2026-03-16"))
        self.attribute()
        self.assertEqual(self.said(early, "reason"), [("invoice", "Northern Dealer", 10, "contract")])
        self.assertEqual(self.said(late, "reason"), [("invoice", "Southern Dealer", 10, "contract")])

    def test_dealer_changed_mid_month(self):
        self.an_attribution(date_to="2026-03-15")
        self.an_attribution(self.dealing_south, "2026-03-16")
        early, late = self.an_invoice(10, day="2026-03-15"), self.an_invoice(10, day="2026-03-16")
        self.attribute()
        self.assertEqual([self.said(move) for move in (early, late)], [
            [("invoice", "Northern Dealer", 10)], [("invoice", "Southern Dealer", 10)]])

    def test_split_to_the_cent(self):
        self.an_attribution(percent=60)
        self.an_attribution(self.dealing_south, percent=40)
        move = self.an_invoice(100.01, 0.01)
        self.attribute()
        self.assertEqual(self.said(move, "percent"), [
            ("invoice", "Northern Dealer", 60.01, 60), ("invoice", "Southern Dealer", 40.0, 40),
            ("invoice", "Northern Dealer", 0.01, 60), ("invoice", "Southern Dealer", 0.0, 40)])
        self.assert_whole(move)

    def test_rest_is_nobodys(self):
        self.an_attribution(percent=33.3333)
        move = self.an_invoice(100)
        self.attribute()
        self.assertEqual(self.said(move, "reason", "is_due"), [
            ("invoice", "Northern Dealer", 33.33, "customer", True), ("invoice", False, 66.67, "rest", False)])

    def test_split_is_the_engines(self):
        """The SQL that splits lines gives what `engine.money.allocate` gives, for any amounts and percentages."""
        random = Random(5)
        third = self.a_dealer_contract(partner_id=self.stranger.id)
        weights = (Decimal("33.333334"), Decimal("33.333333"), Decimal("33.333333"))
        for contract, weight in zip((self.dealing, self.dealing_south, third), weights, strict=True):
            self.an_attribution(contract, percent=float(weight))
        prices = [0.01, 0.02, 0.03, -0.02, 1234567.89] + [random.randint(1, 10**9) / 100 for _ in range(40)]
        move = self.an_invoice(*prices)
        self.attribute()
        for line in move.invoice_line_ids:
            mine = self.rows(move).filtered(lambda row, line=line: row.move_line_id == line)
            wanted = allocate(Decimal(str(-line.amount_currency)), weights, Decimal("0.01"))
            self.assertEqual([Decimal(f"{row.amount:.2f}") for row in mine], wanted)
        self.assert_whole(move)

    def test_nobodys_and_no_agreement(self):
        """Where nobody fits, or the dealer has no rule on that day, the row says so; nothing is guessed."""
        move = self.an_invoice(10)
        self.attribute()
        self.assertEqual(self.said(move, "reason", "is_due"), [("invoice", False, 10, "none", False)])
        bare = self.a_dealer_contract(partner_id=self.stranger.id, rule=self.rule.browse())
        self.an_attribution(bare, start="2026-03-12")
        move = self.an_invoice(10, day="2026-03-12")
        self.attribute()
        [row] = self.rows(move)
        self.assertEqual((row.reason, row.dealer_id, row.dealer_contract_id.id, row.is_due), (
            "no_rule", self.stranger, False, False))
        self.assertEqual(
            row.reason_text, "Somebody Else has no agreement with a share rule in force on 03/12/2026.")

    def test_archived_dealer_still_has_its_revenue(self):
        self.an_attribution()
        self.dealer.child_ids.user_ids.active = False
        (self.dealer | self.dealer.child_ids).active = False
        move = self.an_invoice(10)
        self.attribute()
        self.assertEqual(self.said(move), [("invoice", "Northern Dealer", 10)])

    def test_children_of_the_customer(self):
        """A site's own attribution is closer than its company's; a site without one has the company's."""
        Partner = self.env["res.partner"]
        own, other = Partner.create([
            {"name": name, "parent_id": self.customer.id, "type": "delivery"} for name in ("Dock 1", "Dock 2")])
        self.an_attribution()
        self.an_attribution(self.dealing_south, partner_id=own.id)
        moves = [self.an_invoice(10, partner_shipping_id=site.id) for site in (own, other)]
        self.attribute()
        self.assertEqual([self.said(move) for move in moves], [
            [("invoice", "Southern Dealer", 10)], [("invoice", "Northern Dealer", 10)]])

    def test_territory_is_the_delivery_addresss(self):
        """The state is closer than the country; the address of the delivery counts, not that of the bill."""
        germany = self.env.ref("base.de")
        bavaria = self.env.ref("base.state_de_by")
        Region = self.env["aftersales.region"]
        whole = Region.create({"name": "Germany", "country_ids": [Command.set(germany.ids)]})
        part = Region.create({"name": "Bavaria", "state_ids": [Command.set(bavaria.ids)]})
        self.an_attribution(region_id=whole.id)
        self.an_attribution(self.dealing_south, region_id=part.id)
        site = self.env["res.partner"].create({
            "name": "Munich", "parent_id": self.customer.id, "type": "delivery", "country_id": germany.id,
            "state_id": bavaria.id})
        self.customer.country_id = germany
        moves = [self.an_invoice(10, partner_shipping_id=place.id) for place in (self.customer, site)]
        self.attribute()
        self.assertEqual([self.said(move, "reason") for move in moves], [
            [("invoice", "Northern Dealer", 10, "territory")], [("invoice", "Southern Dealer", 10, "territory")]])

    def test_cost_is_that_of_the_day(self):
        """Kept at posting: a new cost of the product changes no line. Goods without a cost: not known, and not 0."""
        self.an_attribution()
        move = self.an_invoice({"price_unit": 10, "product_id": self.filter.id, "quantity": 3})
        self.filter.standard_price = 99
        self.attribute()
        self.assertEqual(self.rows(move).cost, 18)
        self.filter.standard_price = 0
        move = self.an_invoice({"price_unit": 10, "product_id": self.filter.id}, {"price_unit": 10})
        self.attribute()
        self.env.cr.execute("SELECT cost FROM aftersales_revenue WHERE move_id = %s", [move.id])
        self.assertEqual(self.env.cr.fetchall(), [(None,), (None,)])

    def test_currencies(self):
        """Amounts are in the invoice's currency and in the company's, and both are split to their smallest coin."""
        self.an_attribution(percent=60)
        self.an_attribution(self.dealing_south, percent=40)
        for name, amount, first, second in (
                ("JPY", 1001, (601, 4.0), (400, 2.67)), ("KWD", 0.999, (0.599, 2.0), (0.4, 1.33)),
                ("EUR", 33.33, (20.0, 22.22), (13.33, 14.81))):
            move = self.an_invoice(amount, currency_id=self.currency(name).id)
            self.attribute()
            self.assertEqual([(row.amount, row.company_amount) for row in self.rows(move)], [first, second], name)
            self.assert_whole(move)

    def test_companies_do_not_mix(self):
        """Another company's attribution of the same customer has no effect here, and its invoices are not touched."""
        other = self.other_company
        self.env["account.chart.template"].try_loading("generic_coa", other, install_demo=False)
        contract = self.a_dealer_contract(company_id=other.id, partner_id=self.south.id, policy_id=False,
                                          rule=self.a_rule([self.a_share()], company_id=other.id))
        self.an_attribution(contract, company_id=other.id)
        income = self.env["account.account"].search(
            [("account_type", "=", "income"), ("company_ids", "in", other.id)], limit=1)
        move = self.an_invoice(10)
        theirs = self.an_invoice({"price_unit": 10, "account_id": income.id}, company_id=other.id)
        self.attribute()
        self.assertEqual(self.said(move), [("invoice", False, 10)])
        self.assertFalse(self.rows(theirs))
        self.Revenue._attribute(other)
        self.assertEqual(self.said(theirs), [("invoice", "Southern Dealer", 10)])

    def test_until_leaves_later_invoices_marked(self):
        early, late = self.an_invoice(10, day="2026-03-31"), self.an_invoice(10, day="2026-04-01")
        self.Revenue._attribute(self.company, until=early.invoice_date)
        self.assertTrue(self.rows(early))
        self.assertTrue(late.aftersales_revenue_due)
        self.assertEqual(self.env["account.move"].search([("aftersales_revenue_due", "=", True)]), late)

    def test_same_queries_for_more_invoices(self):
        """A batch costs the same number of queries for 2 invoices and for 20."""
        self.an_attribution(percent=60)
        self.an_attribution(self.dealing_south, percent=40)
        counts = []
        for number in (2, 20):
            moves = [self.an_invoice(10, 20) for _ in range(number)]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(self.attribute(), number)
            counts.append(self.env.cr.sql_log_count - before)
            self.assert_whole(*moves)
        self.assertEqual(*counts)

    def test_idle_run_is_one_look(self):
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM aftersales_revenue_mark")  # other tests commit, so that two workers meet
        with self.assertQueryCount(1):
            self.attribute()

    def test_nightly(self):
        self.an_attribution()
        move = self.an_invoice(10)
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 1)
        Nightly = self.env["aftersales.nightly"]
        [step] = [one for one in Nightly._steps() if one.key == "revenue"]
        Nightly._run_step(step)
        self.assertEqual(self.said(move), [("invoice", "Northern Dealer", 10)])

    def test_appended_only(self):
        """Nobody writes, deletes or enters rows, the superuser included."""
        self.an_attribution()
        move = self.an_invoice(10)
        self.attribute()
        row = self.rows(move)
        for env in (self.env, self.env(user=self.boss)):
            with self.assertRaises(Exception):  # noqa: B017  # UserError or AccessError
                row.with_env(env).write({"amount": 1})
            with self.assertRaises(Exception):  # noqa: B017
                row.with_env(env).unlink()
        with self.assertRaises(UserError):
            row.write({"amount": 1})


class TestPercentages(RevenueCase):
    def test_more_than_100_names_both_and_the_day(self):
        self.an_attribution(percent=60)
        both = r"04/01/2026 .* 101 % .*Northern Dealer has 60 % .*Southern Dealer 41 %"
        with self.assertRaisesRegex(ValidationError, both):
            self.an_attribution(self.dealing_south, "2026-04-01", percent=41)

    def test_one_after_the_other_is_no_overlap(self):
        self.an_attribution(date_to="2026-03-31")
        self.assertTrue(self.an_attribution(self.dealing_south, "2026-04-01"))

    def test_changed_by_import_as_well(self):
        result = self.env["aftersales.attribution"].with_user(self.anna).load(
            ["dealer_contract_id/.id", "partner_id/.id", "date_from", "percent"],
            [[str(self.dealing.id), str(self.customer.id), "2026-01-01", "60"],
             [str(self.dealing_south.id), str(self.customer.id), "2026-01-01", "60"]])
        self.assertFalse(result["ids"])
        self.assertIn("120 %", result["messages"][0]["message"])

    def test_one_target(self):
        with self.assertRaisesRegex(Exception, "one_target"):
            self.an_attribution(partner_id=self.customer.id, product_id=self.filter.id)
            self.env.flush_all()

    def test_only_dealers(self):
        with self.assertRaisesRegex(ValidationError, "no contract with a dealer"):
            self.an_attribution(self.contract)
