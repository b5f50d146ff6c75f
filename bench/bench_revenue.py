"""Attributing the revenue of a ledger to dealers: a million invoice lines, an idle run, changed attributions.

The ledger is made by SQL: invoices of four lines, 2,000 customers. Three quarters of them have one dealer, a twentieth
two (60/40), the rest belong to a territory or to nobody. BENCH_LINES sets the number of lines.
"""

import os
import time

from odoo.fields import Command
from scenario import Measure, environment, line

LINES = int(os.environ.get("BENCH_LINES", "1000000"))
CUSTOMERS, DEALERS, OF_MOVE = 2000, 20, 4
ONE, TWO = 1500, 100  # customers with one dealer, with two


def dealers(env):
    """Dealer contracts in force with a share of 10 %."""
    kind = env.ref("aftersales_contracts.contract_type_dealer")
    rule = env["aftersales.share.rule"].create({
        "name": "Bench", "component_ids": [Command.create({
            "name": "All", "rate_ids": [Command.create({"value": 10})]})]})
    rule.action_release()
    partners = env["res.partner"].create([{"name": f"Dealer {n}", "is_company": True} for n in range(DEALERS)])
    contracts = env["aftersales.contract"].create([{
        "title": "Dealer", "partner_id": partner.id, "contract_type_id": kind.id, "date_start": "2026-01-01",
        "share_ids": [Command.create({"rule_id": rule.id})]} for partner in partners])
    contracts._adopt("Bench")
    return contracts


def customers(env, contracts):
    """Customers, and who serves them."""
    found = env["res.partner"].create([
        {"name": f"Customer {n}", "is_company": True, "country_id": env.ref("base.de" if n % 2 else "base.fr").id}
        for n in range(CUSTOMERS)])
    region = env["aftersales.region"].create({"name": "Bench", "country_ids": [Command.link(env.ref("base.de").id)]})
    base = {"date_from": "2026-01-01"}
    env["aftersales.attribution"].create([
        {**base, "dealer_contract_id": contracts[n % DEALERS].id, "partner_id": one.id}
        for n, one in enumerate(found[:ONE])] + [
        {**base, "dealer_contract_id": contracts[(n + place) % DEALERS].id, "partner_id": one.id, "percent": percent}
        for n, one in enumerate(found[ONE:ONE + TWO]) for place, percent in enumerate((60, 40))] + [
        {**base, "dealer_contract_id": contracts[0].id, "region_id": region.id}])
    return found


def ledger(env, found, lines=LINES):
    """Posted invoices of ``found`` with ``lines`` lines in all, of 90 days, marked."""
    company = env.company
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
    journal = env["account.journal"].search([("type", "=", "sale"), ("company_id", "=", company.id)], limit=1)
    Account = env["account.account"]
    income, receivable = (
        Account.search([("account_type", "=", kind), ("company_ids", "in", company.id)], limit=1)
        for kind in ("income", "asset_receivable"))
    products = env["product.product"].create([{"name": f"Product {n}"} for n in range(50)])
    env.flush_all()
    env.cr.execute("""
        INSERT INTO account_move (name, state, move_type, company_id, journal_id, currency_id, partner_id,
                                  commercial_partner_id, partner_shipping_id, invoice_date, date, auto_post)
        SELECT 'BENCH/' || g, 'posted', 'out_invoice', %(company)s, %(journal)s, %(currency)s, c, c, c, d, d, 'no'
          FROM generate_series(1, %(moves)s) g, LATERAL (SELECT %(first)s + g %% %(customers)s AS c,
               DATE '2026-01-01' + g %% 90 AS d) x""", {
        "company": company.id, "journal": journal.id, "currency": company.currency_id.id, "first": found[0].id,
        "customers": len(found), "moves": lines // OF_MOVE})
    env.cr.execute("""
        INSERT INTO account_move_line (
            move_id, company_id, journal_id, currency_id, partner_id, account_id, product_id, name, quantity,
            price_unit, balance, amount_currency, debit, credit, display_type, parent_state, date, invoice_date,
            sequence, aftersales_cost)
        SELECT m.id, m.company_id, m.journal_id, m.currency_id, m.partner_id, %(income)s,
               %(first)s + (m.id + k) %% 50, 'Line ' || k, 1, p, -p, -p, 0, p, 'product', 'posted', m.date,
               m.invoice_date, 10, 5
          FROM account_move m, generate_series(1, %(lines)s) k,
               LATERAL (SELECT round(((m.id * 7 + k * 13) %% 100000) / 100.0 + 1, 2) AS p) x
         WHERE m.name LIKE 'BENCH/%%'""", {
        "income": income.id, "first": products[0].id, "lines": OF_MOVE})
    env.cr.execute(
        "INSERT INTO aftersales_revenue_mark (move_id) SELECT id FROM account_move WHERE name LIKE 'BENCH/%'")
    env.cr.commit()
    for table in ("account_move", "account_move_line", "aftersales_revenue_mark"):
        env.cr.execute(f"ANALYZE {table}")  # pylint: disable=sql-injection  # names of ours
    env.cr.commit()
    return receivable


def wrong_lines(env):
    """How many lines the ledger does not say exactly."""
    env.cr.execute("""
        SELECT count(*) FROM account_move_line l
          LEFT JOIN (SELECT move_line_id, sum(amount) AS amount FROM aftersales_revenue WHERE kind <> 'payment'
                      GROUP BY move_line_id) r ON r.move_line_id = l.id
         WHERE l.display_type = 'product' AND l.move_id IN (SELECT id FROM account_move WHERE name LIKE 'BENCH/%')
           AND -l.amount_currency <> COALESCE(r.amount, 0)""")
    return env.cr.fetchone()[0]


def main():
    with environment() as env:
        contracts = dealers(env)
        found = customers(env, contracts)
        ledger(env, found)
        Revenue, company = env["aftersales.revenue"], env.company
        with Measure() as run:
            Revenue._attribute(company, commit=env.cr.commit)
        aim = f"{LINES / 50000:.1f} s"
        line(f"attribute {LINES} lines", f"{run.wall:.1f} s", aim, f"{run.added:.0f} MB, {run.cpu:.1f} s in Python")
        line("lines that the ledger does not say exactly", str(wrong_lines(env)), "0")
        with Measure() as run:
            Revenue._attribute(company)
        line("nothing marked", f"{run.wall * 1000:.1f} ms", "10 ms")
        attribution = env["aftersales.attribution"].search([("partner_id", "=", found[0].id)])
        with Measure() as run:
            attribution.dealer_contract_id = contracts[1]
            marked = Revenue._attribute(company, commit=env.cr.commit)
        line(f"another dealer for a customer with {marked} invoices", f"{run.wall:.2f} s", "2 s")
        line("lines that the ledger does not say exactly", str(wrong_lines(env)), "0")
        start = time.perf_counter()
        env["aftersales.attribution"].create([{
            "dealer_contract_id": contracts[2].id, "partner_id": one.id, "date_from": "2026-01-01"}
            for one in found[ONE + TWO:]])
        env.flush_all()
        line(f"{CUSTOMERS - ONE - TWO} new attributions, invoices marked", f"{time.perf_counter() - start:.2f} s")
        with Measure() as run:
            marked = Revenue._attribute(company, commit=env.cr.commit)
        line(f"attribute their {marked} invoices anew", f"{run.wall:.2f} s")
        line("lines that the ledger does not say exactly", str(wrong_lines(env)), "0")


if __name__ == "__main__":
    main()
