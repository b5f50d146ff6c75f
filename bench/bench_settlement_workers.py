"""Two settlement runs at once, one killed with -9 and begun anew: every row of revenue is settled exactly once.

Not a figure but a proof on real processes: dealer contracts with rows of revenue of three months each, a tenth of them
credit notes of rows of an earlier month.
"""

import datetime
import os
import signal
import subprocess
import sys
import time

from scenario import environment, line

CONTRACTS = int(os.environ.get("BENCH_CONTRACTS", "60"))
ROWS = int(os.environ.get("BENCH_ROWS", "2000"))  # a contract, in all
TODAY = datetime.date(2026, 4, 10)
MONTHS = 3


def work():
    with environment() as env:
        Nightly = env["aftersales.nightly"]
        Nightly._run_step(next(step for step in Nightly._steps() if step.key == "settlements"), TODAY)
        env.cr.commit()


def spawn():
    return subprocess.Popen([sys.executable, __file__, "work"])


def prepared():
    with environment() as env:
        rule = env["aftersales.share.rule"].create({
            "name": "Bench", "component_ids": [(0, 0, {"name": "All", "rate_ids": [(0, 0, {"value": 7.5})]})]})
        rule.action_release()
        kind = env["aftersales.contract.type"].search([("kind", "=", "dealer")], limit=1)
        dealers = env["res.partner"].create([{"name": f"Bench Dealer {n}"} for n in range(CONTRACTS)])
        contracts = env["aftersales.contract"].create([{
            "title": "Bench", "partner_id": dealer.id, "contract_type_id": kind.id, "date_start": "2026-01-01",
            "share_ids": [(0, 0, {"rule_id": rule.id})]} for dealer in dealers])
        contracts._adopt("Benchmark")
        env.flush_all()
        env.cr.execute(
            """INSERT INTO aftersales_revenue (company_id, kind, day, rate_day, amount, company_amount, quantity,
                      currency_id, is_due, dealer_contract_id, dealer_id, percent, reason, pay_basis, create_date)
               SELECT c.company_id, 'invoice', day, day, amount, amount, 1, c.currency_id, TRUE, c.id, c.partner_id,
                      100, 'explicit', 'posted', now()
                 FROM aftersales_contract c, generate_series(1, %(rows)s) n,
                      LATERAL (SELECT date '2026-01-01' + (n %% 90) AS day,
                                      (n * 7 + c.id) %% 9973 / 100.0 + 1 AS amount) a
                WHERE c.id = ANY(%(ids)s)""", {"rows": ROWS * 9 // 10, "ids": contracts.ids})
        env.cr.execute(
            """INSERT INTO aftersales_revenue (company_id, kind, day, rate_day, amount, company_amount, quantity,
                      currency_id, is_due, dealer_contract_id, dealer_id, percent, reason, pay_basis, origin_id,
                      create_date)
               SELECT company_id, 'refund', LEAST(day + 31, date '2026-03-31'), day, -amount, -amount, -1, currency_id,
                      TRUE, dealer_contract_id, dealer_id, 100, 'explicit', 'posted', id, now()
                 FROM (SELECT *, row_number() OVER (PARTITION BY dealer_contract_id ORDER BY id) AS place
                         FROM aftersales_revenue WHERE dealer_contract_id = ANY(%s)) r
                WHERE place <= %s""", (contracts.ids, ROWS // 10))
        env.cr.commit()


def settled_by_now():
    """How many settlements there are as soon as there are some; waits for two minutes at most."""
    for _turn in range(240):
        time.sleep(0.5)
        with environment() as env:
            found = env["aftersales.settlement"].search_count([])
        if found > CONTRACTS // 4:
            break
    return found


def main():
    prepared()
    first, second = spawn(), spawn()
    line("settlements when the first worker was killed", str(settled_by_now()), "some, not all")
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    third = spawn()
    codes = [process.wait() for process in (second, third)]
    work()
    told()
    line("workers ended with", str(codes), "[0, 0]")


def told():
    with environment() as env:
        def count(query, *values):
            env.cr.execute(query, values)
            return str(env.cr.fetchone()[0])

        line("contracts with each month settled once", count(
            "SELECT count(*) FROM (SELECT s.contract_id FROM aftersales_settlement s JOIN aftersales_contract c "
            "ON c.id = s.contract_id WHERE c.title = 'Bench' GROUP BY s.contract_id "
            "HAVING count(*) = %s AND count(DISTINCT period_start) = %s) once", MONTHS, MONTHS), str(CONTRACTS))
        line("rows of revenue settled once", count(
            "SELECT count(DISTINCT revenue_id) FROM aftersales_settlement_line WHERE revenue_id IS NOT NULL"),
            count("SELECT count(*) FROM aftersales_revenue WHERE is_due"))
        line("settlements that are not the sum of their lines", count(
            "SELECT count(*) FROM aftersales_settlement s WHERE total <> (SELECT COALESCE(sum(amount), 0) "
            "FROM aftersales_settlement_line l WHERE l.settlement_id = s.id)"), "0")
        line("credit notes and their originals that do not sum to zero", count(
            "SELECT count(*) FROM aftersales_revenue r JOIN aftersales_settlement_line l ON l.revenue_id = r.id "
            "JOIN aftersales_settlement_line o ON o.revenue_id = r.origin_id JOIN aftersales_contract c "
            "ON c.id = r.dealer_contract_id WHERE c.title = 'Bench' AND l.amount + o.amount <> 0"), "0")
        line("problems reported", count(
            "SELECT count(*) FROM aftersales_nightly_problem WHERE step = 'settlements'"), "0")


if __name__ == "__main__":
    if "work" in sys.argv:
        work()
    else:
        main()
