"""Posting settlements: which documents they become, where their lines are booked, and what holds them."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .settlement_ledger_case import SettlementLedgerCase


class TestSettlementPost(SettlementLedgerCase):
    def test_what_the_dealer_receives_is_a_bill_in_its_name(self):
        settlement = self.a_settlement([
            self.share(60), self.share(40), self.share(200, "labour"), ("bonus", "adjustments", 25)])
        move = self.post(settlement)
        self.assertRecordValues(move, [{
            "move_type": "in_invoice", "state": "posted", "partner_id": self.dealer.id, "ref": settlement.name,
            "amount_untaxed": 325, "amount_tax": 48.75, "invoice_origin": self.dealing.name,
            "journal_id": self.purchase_journal.id, "partner_bank_id": self.bank.id,
            "aftersales_settlement_id": settlement.id}])
        self.assertEqual(self.booked(move), [
            (self.share_account, "Revenue share: Parts", 100), (self.share_account, "Revenue share: Labour", 200),
            (self.share_account, "Bonuses, guarantees and caps", 25)], "one line for each group, not for each detail")
        self.assertRecordValues(settlement, [{
            "state": "posted", "posted_by_id": self.felix.id, "payable": 325}])
        self.assertEqual(str(settlement.posted_on), "2026-04-10")
        duty = self.env["aftersales.duty"].search([("contract_id", "=", self.dealing.id), ("duty", "=", "settler")])
        self.assertEqual(duty.user_id, self.felix)

    def test_a_second_press_does_nothing(self):
        settlement = self.a_settlement([self.share(100)])
        move = self.post(settlement)
        self.assertEqual(self.post(settlement), move)

    def test_fee_and_withholding_have_accounts_of_their_own(self):
        settlement = self.a_settlement([
            self.share(1000), ("brand_fee", "adjustments", -50), ("withholding", "adjustments", -95),
            self.share(-20, "usage", base=400)])
        move = self.post(settlement)
        self.assertEqual(self.booked(move), [
            (self.share_account, "Revenue share: Parts", 1000), (self.fee_account, "Share of the maker: Usage", -20),
            (self.fee_account, "Brand fee", -50), (self.withheld_account, "Withholding", -95)])
        withheld = move.invoice_line_ids.filtered(lambda line: line.account_id == self.withheld_account)
        self.assertFalse(withheld.tax_ids, "what is withheld is no turnover")
        self.assertEqual((move.amount_untaxed, move.amount_tax), (835, 139.5))
        self.assert_balanced(move)

    def test_penalties_are_posted_by_their_lines(self):
        first, second = self.a_dealer_penalty(120, self.dealing), self.a_dealer_penalty(30.5, self.dealing)
        settlement = self.a_settlement([
            self.share(1000), ("penalty", "adjustments", -120, {"penalty_id": first.id}),
            ("penalty", "adjustments", -30.5, {"penalty_id": second.id})])
        move = self.post(settlement)
        self.assertEqual(move.amount_untaxed, 849.5)
        self.assertEqual(move.invoice_line_ids.aftersales_penalty_id, first | second)
        self.assertEqual((first | second).mapped("state"), ["posted", "posted"])
        self.assertEqual((first | second).move_id, move)

    def test_a_penalty_on_a_settlement_is_posted_nowhere_else(self):
        penalty = self.a_dealer_penalty(120, self.dealing)
        self.a_settlement([self.share(1000), ("penalty", "adjustments", -120, {"penalty_id": penalty.id})])
        with self.assertRaisesRegex(UserError, "it stands on settlement DS/T/"):
            penalty.with_user(self.felix).action_post()
        self.assertEqual((penalty.state, penalty.move_id), ("approved", penalty.move_id.browse()))

    def test_row22_what_is_below_zero_is_carried_and_booked_with_the_next_bill(self):
        """Row 22 of the edge cases (negative base); a peer makes a vendor refund of -200.00 at once. The bill that pays
        books what was carried by its own accounts and taxes, and posts its penalties."""
        penalty = self.a_dealer_penalty(300, self.dealing, period=("2026-02-01", "2026-02-28"))
        february = self.a_settlement(
            [self.share(100), ("penalty", "adjustments", -300, {"penalty_id": penalty.id})], "february")
        self.assertEqual((february.total, february.payable, february.carried_left), (0, 0, -200))
        march = self.a_settlement([self.share(500)])
        self.assertEqual((march.opening, march.payable), (-200, 300))
        moves = self.post(february | march)
        self.assertEqual(february.state, "closed")
        self.assertIn("-200.00", february.closing_note)
        self.assertEqual(february.booked_with_id, march)
        self.assertEqual(len(moves), 1)
        self.assertEqual([row[2] for row in self.booked(moves)], [100, -300, 500])
        self.assertEqual((moves.amount_untaxed, moves.amount_tax), (300, 90), "the tax is that of the shares, 600")
        self.assertEqual(penalty.move_id, moves)

    def test_zero_is_closed_with_a_note_and_books_nothing(self):
        settlement = self.a_settlement([self.share(0)])
        self.assertFalse(self.post(settlement))
        self.assertEqual((settlement.state, str(settlement.closed_on)), ("closed", "2026-04-10"))
        self.assertEqual(settlement.closing_note, "Nothing is paid: it comes to zero.")

    def test_row22_what_is_charged_is_a_refund_or_an_invoice(self):
        """Row 22 (brand fee against payout, returns): shares that are taken back are a vendor refund, fees that the
        dealer owes a customer invoice; penalties are claimed by a vendor refund."""
        charging = self.a_share_rule(negative="charge")
        back = self.a_settlement([self.share(-200, base=-2000), ("brand_fee", "adjustments", -20)], rule=charging)
        move = self.post(back)
        self.assertRecordValues(move, [{"move_type": "in_refund", "amount_untaxed": 220, "amount_tax": 33}])
        self.assertEqual(move.line_ids.filtered(lambda one: one.account_type == "liability_payable").balance, 253)
        fees = self.a_settlement(
            [self.share(30), ("brand_fee", "adjustments", -100)], rule=charging, contract=self.a_dealing())
        move = self.post(fees)
        self.assertRecordValues(move, [{
            "move_type": "out_invoice", "amount_untaxed": 70, "amount_tax": 10.5, "partner_id": self.dealer.id,
            "journal_id": self.sale_journal.id}])
        self.assertEqual([row[2] for row in self.booked(move)], [-30, 100])
        other = self.a_dealing()
        penalty = self.a_dealer_penalty(80, other)
        claimed = self.a_settlement([
            self.share(30), ("penalty", "adjustments", -80, {"penalty_id": penalty.id})], rule=charging, contract=other)
        self.assertRecordValues(self.post(claimed), [{"move_type": "in_refund", "amount_untaxed": 50}])
        self.assertEqual(penalty.state, "posted")

    def test_row22_several_payees_are_paid_exactly(self):
        """Row 22 (two dealers splitting): each payee's bill, and every group over all bills, sum up to the cent."""
        holding, branch = self.env["res.partner"].create([{"name": "Holding"}, {"name": "Branch"}])
        for partner in holding | branch:
            self.a_bank(partner)
        rule = self.a_share_rule(payee_ids=[
            Command.create({"partner_id": holding.id, "percent": 33.3333}),
            Command.create({"partner_id": branch.id, "percent": 33.3333}),
            Command.create({"partner_id": self.dealer.id, "percent": 33.3334})])
        penalty = self.a_dealer_penalty(10, self.dealing)
        settlement = self.a_settlement([
            self.share(33.34), self.share(66.67, "labour"), ("withholding", "adjustments", -7.77),
            ("penalty", "adjustments", -10, {"penalty_id": penalty.id})], rule=rule)
        moves = self.post(settlement)
        self.assertEqual(moves.sorted("id").mapped("partner_id"), holding | branch | self.dealer)
        self.assertEqual([round(move.amount_untaxed, 2) for move in moves.sorted("id")], [27.41, 27.41, 27.42])
        self.assertEqual(round(sum(moves.mapped("amount_untaxed")), 2), 82.24)
        groups = {}
        for _account, name, amount in self.booked(moves):
            groups[name] = round(groups.get(name, 0) + amount, 2)
        self.assertEqual(sorted(groups.values()), [-10, -7.77, 33.34, 66.67])
        self.assertEqual(penalty.move_id.partner_id, holding, "a penalty is posted as a whole, on the first bill")
        self.assertEqual(settlement.state, "posted")
        self.pay(moves[:2])
        self.assertEqual(settlement.state, "posted")
        self.pay(moves[2:])
        self.assertEqual(settlement.state, "paid")

    def test_row23_currencies_in_their_own_digits(self):
        """Row 23: JPY without and KWD with three decimals, TWD in whole dollars; no cent comes or goes."""
        for name, amounts, untaxed, tax, total, in_company in (
                ("JPY", (1235, 7), 1242, 186, 1428, 9.52), ("KWD", (12.345, 0.001), 12.346, 1.852, 14.198, 47.32),
                ("EUR", (33.33, 33.33), 66.66, 10.0, 76.66, 85.18), ("TWD", (1001, 3), 1004, 151, 1155, 38.49)):
            with self.subTest(name):
                currency = self.currency(name)
                contract = self.a_dealing(currency_id=currency.id)
                rule = self.a_share_rule(currency_id=currency.id)
                settlement = self.a_settlement(
                    [self.share(one, group) for one, group in zip(amounts, ("parts", "fees"), strict=True)],
                    contract=contract, rule=rule)
                move = self.post(settlement)
                self.assertEqual(move.currency_id, currency)
                self.assertEqual((round(move.amount_untaxed, 3), round(move.amount_tax, 3)), (untaxed, tax))
                self.assertEqual(round(move.amount_total, 3), total)
                payable = move.line_ids.filtered(lambda line: line.account_type == "liability_payable")
                self.assertEqual(round(-payable.balance, 2), in_company)
                self.assert_balanced(move)

    def test_row23_a_missing_rate_is_named(self):
        """Row 23: the rate is missing that day; Odoo itself would take a later one."""
        currency = self.currency("EUR")
        self.a_rate(currency, 0.9, "2026-05-01")
        contract = self.a_dealing(currency_id=currency.id)
        settlement = self.a_settlement([self.share(100)], contract=contract)
        with self.assertRaisesRegex(UserError, "currency EUR has no rate on 04/10/2026"):
            self.post(settlement)
        self.assertEqual(settlement.state, "approved")
        self.assertFalse(settlement.move_ids)

    def test_the_fiscal_position_of_the_payee_maps(self):
        none = self.env["account.tax"].create({
            "name": "Reverse Charge 0", "amount": 0, "type_tax_use": "purchase",
            "original_tax_ids": [Command.set(self.purchase_tax.ids)]})
        abroad = self.env["account.account"].create(
            {"name": "Shares Abroad", "code": "S6200", "account_type": "expense"})
        position = self.env["account.fiscal.position"].create({
            "name": "Abroad", "tax_ids": [Command.set(none.ids)],
            "account_ids": [Command.create({"account_src_id": self.share_account.id, "account_dest_id": abroad.id})]})
        self.dealer.property_account_position_id = position
        move = self.post(self.a_settlement([self.share(100)]))
        self.assertEqual((move.fiscal_position_id, move.amount_tax), (position, 0))
        self.assertEqual(move.invoice_line_ids.account_id, abroad)

    def test_the_payment_terms_of_the_payee(self):
        term = self.env["account.payment.term"].create({
            "name": "20 days", "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 20})]})
        self.dealer.property_supplier_payment_term_id = term
        self.assertEqual(str(self.post(self.a_settlement([self.share(100)])).invoice_date_due), "2026-04-30")

    # --- gaps --------------------------------------------------------------------------------------------------------

    def test_everything_that_is_missing_is_named(self):
        self.bank.unlink()
        self.company.write({
            "aftersales_share_fiscal_position": True, "aftersales_share_withholding_account_id": False})
        settlement = self.a_settlement([self.share(100), ("withholding", "adjustments", -10)])
        with self.assertRaises(UserError) as caught:
            self.post(settlement)
        for gap in ("Northern Dealer has no bank account", "Northern Dealer has no fiscal position",
                    "the account of withholding is missing in the settings", settlement.name):
            self.assertIn(gap, str(caught.exception))

    def test_row34_an_archived_dealer_is_named(self):
        """Row 34: the partner was archived; nothing is booked on it, and the others go on."""
        other = self.env["res.partner"].create({"name": "Southern Dealer"})
        self.a_bank(other)
        mine = self.a_settlement([self.share(100)])
        theirs = self.a_settlement([self.share(50)], contract=self.a_dealing(partner_id=other.id))
        self.dealer.active = False
        refused = (mine | theirs).with_user(self.felix)._post_batch()
        self.assertEqual(list(refused), [mine])
        self.assertEqual(refused[mine], ["Northern Dealer is archived in the contacts"])
        self.assertEqual((mine.state, theirs.state), ("approved", "posted"))

    def test_locked_accounts(self):
        self.company.purchase_lock_date = "2026-04-20"
        settlement = self.a_settlement([self.share(100)])
        with self.assertRaisesRegex(UserError, "the accounts are locked on 04/15/2026"):
            self.post(settlement, day="2026-04-15")
        self.assertEqual(str(self.post(settlement).invoice_date), "2026-04-21", "the first open day")

    def test_taxes_in_prices_are_refused(self):
        self.purchase_tax.price_include_override = "tax_included"
        with self.assertRaisesRegex(UserError, "is included in prices"):
            self.post(self.a_settlement([self.share(100)]))

    def test_a_disputed_contract_and_a_disputed_penalty_hold(self):
        penalty = self.a_dealer_penalty(20, self.dealing)
        settlement = self.a_settlement([
            self.share(100), ("penalty", "adjustments", -20, {"penalty_id": penalty.id})])
        penalty.with_user(self.lena).action_dispute("They say it rained")
        with self.assertRaisesRegex(UserError, f"penalty {penalty.name} waits for the end of its dispute"):
            self.post(settlement)
        penalty.with_user(self.felix).action_dispute_concede("It rained")
        with self.assertRaisesRegex(UserError, "comes to 0.00, and is settled here at -20.00"):
            self.post(settlement)

    def test_an_earlier_one_is_posted_or_closed_first(self):
        february = self.a_settlement([self.share(-200, base=-2000)], "february")
        march = self.a_settlement([self.share(500)])
        with self.assertRaisesRegex(UserError, f"the posting or closing of {february.name}"):
            self.post(march)
        self.post(february)
        self.assertEqual(self.post(march).amount_untaxed, 300)

    # --- who ---------------------------------------------------------------------------------------------------------

    def test_only_finance_with_billing_posts(self):
        settlement = self.a_settlement([self.share(100)])
        for user, message in ((self.anna, "Only finance"), (self.lena, "Only finance"), (self.boss, "Billing")):
            with self.assertRaisesRegex(AccessError, message):
                self.post(settlement, by=user)
        for user in (self.agent, self.diego, self.carla):
            with self.assertRaises(AccessError):
                self.post(settlement, by=user)
        self.assertEqual(settlement.state, "approved")

    def test_the_author_of_the_contract_does_not_settle_it(self):
        contract = self.a_dealing()
        self.env["aftersales.duty"].create({
            "contract_id": contract.id, "duty": "author", "user_id": self.felix.id, "at": "2026-01-01 10:00:00"})
        with self.assertRaisesRegex(UserError, "is the author of contract"):
            self.post(self.a_settlement([self.share(100)], contract=contract))

    def test_row33_out_of_order(self):
        """Row 33: methods that buttons call, called by somebody's script in another order."""
        for state in ("computed", "review", "sent", "disputed", "accepted"):
            with self.subTest(state):
                settlement = self.a_settlement([self.share(100)], state=state, contract=self.a_dealing())
                with self.assertRaisesRegex(UserError, "Nothing was posted"):
                    self.post(settlement)
                self.assertEqual(settlement.with_user(self.felix)._post_batch().keys(), {settlement})
                self.assertEqual(settlement.state, state)

    def test_the_wizard_shows_gaps_first_and_posts_the_rest(self):
        other = self.env["res.partner"].create({"name": "Southern Dealer"})
        mine = self.a_settlement([self.share(100)])
        theirs = self.a_settlement([self.share(50)], contract=self.a_dealing(partner_id=other.id))
        wizard = self.env["aftersales.post.settlements"].with_user(self.felix).create(
            {"settlement_ids": [Command.set((mine | theirs).ids)]})
        self.assertEqual((wizard.ready_count, wizard.held_count), (1, 1))
        self.assertEqual(
            [(line.what, line.amount, line.problem) for line in wizard.line_ids],
            [("Vendor Bill", 100, False), (False, 0, "Southern Dealer has no bank account")])
        action = wizard.action_confirm()
        self.assertEqual(action["params"]["title"], "1 done, 1 left")
        self.assertEqual((mine.state, theirs.state), ("posted", "approved"))

    def test_another_company_stays_apart(self):
        settlement = self.a_settlement([self.share(100)])
        with self.assertRaises(AccessError):
            settlement.with_user(self.other_manager).action_review()
        self.assertFalse(self.env["aftersales.settlement"].with_user(self.other_manager).search([]))

    def test_the_books_of_the_other_company(self):
        """Whoever of several companies posts: journal, accounts and taxes are those of the settlement's company."""
        self.env["account.chart.template"].try_loading("generic_coa", self.other_company, install_demo=False)
        env = self.env(context={**self.env.context, "allowed_company_ids": (self.company | self.other_company).ids})
        self.felix.company_ids += self.other_company
        policy = self.policy.copy({"company_id": self.other_company.id})
        contract = self.a_dealing(company_id=self.other_company.id, policy_id=policy.id, user_id=False)
        settlement = self.a_settlement([self.share(100)], contract=contract)
        settlement.with_env(env).with_user(self.felix).action_post()
        move = settlement.move_ids
        self.assertEqual(move.company_id, self.other_company)
        self.assertEqual(move.journal_id.company_id | move.invoice_line_ids.account_id.company_ids, self.other_company)
        self.assertEqual(move.amount_tax, 0, "the taxes of the first company's settings are not its own")

    def test_penalties_that_wait_for_the_next_settlement(self):
        """Their clause deducts them: they are not claimed by a refund of their own, unless finance says so."""
        contract = self.a_dealing(share_ids=[Command.create({"rule_id": self.released_rule().id})])
        clause = self.a_clause("Deducted", settle_by="next_invoice")
        waiting, other = (self.a_penalty(50, contract, clause=clause) for _number in range(2))
        self.assertTrue(waiting.waits_for_invoice)
        with self.assertRaisesRegex(UserError, "the dealer's next settlement nets it"):
            waiting.with_user(self.felix).action_post()
        self.assertFalse(self.env["aftersales.penalty"]._deductions_for(contract), "no invoice deducts them")
        self.assertEqual(contract._share_penalties(date(2026, 4, 1), contract.currency_id), waiting | other)
        settlement = self.a_settlement(
            [self.share(1000), ("penalty", "adjustments", -50, {"penalty_id": waiting.id})], contract=contract)
        with self.assertRaisesRegex(UserError, f"it stands on settlement {settlement.name}"):
            waiting.with_user(self.felix).action_credit_instead()
        other.with_user(self.felix).action_credit_instead()
        self.assertEqual((waiting.state, other.state, other.move_id.move_type), ("approved", "posted", "in_refund"))
        self.post(settlement)
        self.assertEqual(waiting.state, "posted")

    def released_rule(self):
        rule = self.a_share_rule(component_ids=[Command.create(
            {"name": "All", "rate_ids": [Command.create({"value": 10})]})])
        rule.with_user(self.env.ref("base.user_admin")).action_release()
        return rule

    def test_a_batch_costs_the_same_for_each(self):
        """What is looked up once for the company is not looked up for each settlement."""
        def planned(count):
            settlements = self.env["aftersales.settlement"].union(*(
                self.a_settlement([self.share(10)], contract=self.a_dealing()) for _number in range(count)))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            settlements.with_user(self.felix)._plan()
            return (self.cr.sql_log_count - before) / count
        planned(2)
        self.assertLess(planned(12), planned(3) + 1)
