"""Two billing workers at once, one killed with -9 and begun anew: every period is billed exactly once.

Not a figure but a proof on real processes: 400 contracts with three missed months each, a quarter of them of customers
who want one invoice for all their contracts, four to a customer and spread over the batches of both workers.
"""

import os
import signal
import subprocess
import sys
import time

os.environ.setdefault("BENCH_CONTRACTS", "400")

import datetime  # noqa: E402

from bench_billing import CONTRACTS, books, contracts  # noqa: E402
from scenario import environment, line  # noqa: E402

BATCH = 25
TODAY = datetime.date(2026, 3, 1)
MONTHS = 3
GROUPED = CONTRACTS // 4
GROUP = 4


def step_of(env):
    return next(step for step in env["aftersales.nightly"]._steps() if step.key == "billing")


def work():
    with environment() as env:
        env["aftersales.nightly"]._run_step(step_of(env), TODAY, BATCH)
        env.cr.commit()


def spawn():
    return subprocess.Popen([sys.executable, __file__, "work"])


def prepared():
    """The contracts, those at the ends and in the middle belonging together."""
    with environment() as env:
        made = contracts(env, books(env))
        spread = made[::len(made) // GROUPED][:GROUPED]
        for place in range(GROUPED // GROUP):
            together = spread[place::GROUPED // GROUP]
            together._write_unlocked({"partner_id": together[0].partner_id.id})
            together[0].partner_id.aftersales_invoice_group = "customer"
        env.cr.commit()


def billed_by_now():
    """How many periods are billed as soon as there are some hundred; waits for two minutes at most."""
    for _second in range(120):
        time.sleep(1)
        with environment() as env:
            found = env["aftersales.billed"].search_count([])
        if found > CONTRACTS // 4:
            break
    return found


def main():
    prepared()
    first, second = spawn(), spawn()
    line("periods billed when the first worker was killed", str(billed_by_now()), "some, not all")
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

        line("contracts with each month billed once", count(
            "SELECT count(*) FROM (SELECT contract_id FROM aftersales_billed GROUP BY contract_id "
            "HAVING count(*) = %s AND count(DISTINCT period_start) = %s) once", MONTHS, MONTHS), str(CONTRACTS))
        line("billed", count("SELECT sum(amount) FROM aftersales_billed"), f"{CONTRACTS * MONTHS * 100}.00")
        line("invoiced, before taxes", count(
            "SELECT sum(amount_untaxed) FROM account_move WHERE id IN (SELECT move_id FROM aftersales_billed)"),
            f"{CONTRACTS * MONTHS * 100}.00")
        line("drafts that nobody's period stands on", count(
            "SELECT count(*) FROM account_move m WHERE move_type = 'out_invoice' AND state = 'draft' AND NOT EXISTS "
            "(SELECT 1 FROM aftersales_billed WHERE move_id = m.id)"), "0")
        line("invoices", count("SELECT count(DISTINCT move_id) FROM aftersales_billed"),
             f"{CONTRACTS - GROUPED + GROUPED // GROUP}", "one for each customer who wants one")
        line("problems reported", count("SELECT count(*) FROM aftersales_nightly_problem"), "0")
        env.cr.execute("SELECT count(*) FROM aftersales_contract WHERE next_bill_on <= %s", (TODAY,))
        line("still due after it", str(env.cr.fetchone()[0]), "0")


if __name__ == "__main__":
    if "work" in sys.argv:
        work()
    else:
        main()
