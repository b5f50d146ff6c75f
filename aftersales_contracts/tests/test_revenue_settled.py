"""Ledger and settlements together: whatever happens to invoices, payments and attributions between the settlements of
three months, the shares of all of them sum to what the final state of the books is worth."""

from random import Random

from odoo.fields import Date

from .revenue_case import RevenueCase

MONTHS = ("2026-01", "2026-02", "2026-03")
SEEDS = (1, 4, 5)  # stories with all kinds of events


class TestSettled(RevenueCase):
    """Amounts are such that every share of 10 % is a whole number of cents: nothing may be off by rounding."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.partner.bank"].create([
            {"acc_number": f"DE{partner.id}", "partner_id": partner.id} for partner in (cls.dealer, cls.south)])

    def dealers(self, basis):
        rule = self.a_rule([self.a_share(value=10)], name=basis, pay_basis=basis, negative="carry")
        partners = self.env["res.partner"].create(
            [{"name": f"{basis} {side}", "is_company": True} for side in ("North", "South")])
        self.env["res.partner.bank"].create(
            [{"acc_number": f"XX{partner.id}", "partner_id": partner.id} for partner in partners])
        return [self.a_dealer_contract(partner_id=partner.id, rule=rule) for partner in partners]

    def settle_until(self, contracts, last):
        found = self.env["aftersales.settlement"]._run(
            self.company, contracts, today=Date.add(Date.to_date(last), days=40), until=Date.to_date(last))
        self.assertFalse(found.blocked, found.blocked)
        return found.made

    def play(self, basis, seed):
        """A random story of three months; returns (dealer contracts, invoices, credit notes)."""
        random = Random(seed)
        north, south = contracts = self.dealers(basis)
        served = self.an_attribution(north, percent=random.choice((100, 60)))
        if served.percent == 60:
            self.an_attribution(south, percent=40)
        moves, notes = [], []
        for month in MONTHS:
            for _event in range(7):
                day = f"{month}-{random.randint(1, 28):02d}"
                what = random.choice(("invoice", "invoice", "credit", "pay", "pay", "unpay", "swap", "redo", "cancel"))
                live = [move for move in moves if move.state == "posted"]
                if what == "invoice" or not live:
                    moves.append(self.an_invoice(*random.choice(((100,), (100, 300), (1000,))), day=day))
                elif what == "credit":
                    notes += self.credited(random, random.choice(live), day)
                elif what == "pay":
                    self.paid(random.choice(live + [one for one in notes if one.state == "posted"]), random, day)
                elif what == "unpay":
                    random.choice(live).line_ids.remove_move_reconcile()
                elif what == "swap":
                    for row in self.env["aftersales.attribution"].search([
                            ("dealer_contract_id", "in", [one.id for one in contracts])]):
                        row.dealer_contract_id = south if row.dealer_contract_id == north else north
                elif what == "redo":
                    self.redone(random.choice(live), random)
                else:
                    random.choice(live).button_cancel()
                if random.random() < 0.3:
                    self.attribute()
            self.settle_until(north | south, Date.end_of(Date.to_date(f"{month}-01"), "month"))
        self.settle_until(north | south, "2026-05-31")
        return contracts, moves, notes

    def credited(self, random, move, day):
        """A credit note of a tenth of each line of ``move``, or of all of it."""
        part = random.choice((0.1, 1))
        taken = sum(note.amount_untaxed for note in move.reversal_move_ids if note.state == "posted")
        if taken + move.amount_untaxed * part > move.amount_untaxed:
            return []
        day = max(day, str(move.invoice_date))
        note = move._reverse_moves([{"invoice_date": day, "date": day}])
        for line in note.invoice_line_ids:
            line.price_unit *= part
        note.action_post()
        return [note]

    def paid(self, move, random, day):
        """Pay a tenth of what a document comes to, or all that is left."""
        amount = min(move.amount_total * random.choice((0.1, 0.2, 1)), move.amount_residual)
        if amount > 0:
            self.pay(move, amount, day)

    def redone(self, move, random):
        if not any(note.state == "posted" for note in move.reversal_move_ids):
            move.button_draft()
            for line in move.invoice_line_ids:
                line.price_unit *= random.choice((1, 2))
            move.action_post()

    def worth(self, contract, basis):
        """10 % of what the dealer has at the end, by the ledger of revenue alone."""
        rows = self.Revenue.search([("dealer_contract_id", "=", contract.id)])
        if basis == "posted":
            return sum(rows.mapped("amount")) / 10
        live = rows.filtered(lambda row: row.kind in ("invoice", "refund")) - rows.taken_back_id
        total = 0
        for row in live:
            terms = row.move_id.line_ids.filtered(lambda line: line.display_type == "payment_term")
            left, whole = sum(terms.mapped("amount_residual")), sum(terms.mapped("balance"))
            total += row.amount * (1 - left / whole) / 10
        return total

    def check(self, basis, seed):
        contracts, moves, notes = self.play(basis, seed)
        self.assertFalse(self.attribute())
        self.assert_whole(*moves, *notes)
        for contract in contracts:
            lines = self.env["aftersales.settlement.line"].search(
                [("settlement_id.contract_id", "=", contract.id), ("kind", "=", "share")])
            self.assertFalse(self.Revenue.search([
                ("dealer_contract_id", "=", contract.id), ("is_due", "=", True)]) - lines.revenue_id)
            self.assertAlmostEqual(sum(lines.mapped("amount")), self.worth(contract, basis), 6, contract.display_name)

    def test_posted(self):
        for seed in SEEDS:
            with self.subTest(seed=seed), self.env.cr.savepoint():
                self.check("posted", seed)
                self.env["aftersales.attribution"].search([]).unlink()

    def test_paid(self):
        for seed in SEEDS:
            with self.subTest(seed=seed), self.env.cr.savepoint():
                self.check("paid", seed)
                self.env["aftersales.attribution"].search([]).unlink()
