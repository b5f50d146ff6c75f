"""Two workers attribute the same ledger, one is killed with -9 again and again, and attributions change meanwhile.

Not a figure but a proof on real processes: afterwards each line stands in the ledger exactly, each once.
"""

import os
import random
import signal
import subprocess
import sys
import time

os.environ.setdefault("BENCH_LINES", "40000")

from bench_revenue import LINES, customers, dealers, ledger, wrong_lines  # noqa: E402
from scenario import environment, line  # noqa: E402

BATCH = 200  # invoices
KILLS = 6


def work():
    """What the night does, until nothing is marked."""
    with environment() as env:
        Nightly = env["aftersales.nightly"]
        [step] = [one for one in Nightly._steps() if one.key == "revenue"]
        for _round in range(20):
            Nightly._run_step(step, None, BATCH)
            env.cr.commit()
            if not env["account.move"].search_count([("aftersales_revenue_due", "=", True)], limit=1):
                break


def change():
    """Customers change their dealer while the workers run."""
    with environment() as env:
        rows = env["aftersales.attribution"].search([("percent", "=", 100), ("partner_id", "!=", False)])
        contracts = rows.dealer_contract_id
        for row in random.Random(1).sample(list(rows), 60):
            row.dealer_contract_id = contracts[(contracts.ids.index(row.dealer_contract_id.id) + 1) % len(contracts)]
            env.cr.commit()
            time.sleep(0.1)


def spawn(what):
    return subprocess.Popen([sys.executable, __file__, what])


def main():
    with environment() as env:
        ledger(env, customers(env, dealers(env)))
    steady, changing = spawn("work"), spawn("change")
    killed = 0
    for _kill in range(KILLS):
        worker = spawn("work")
        time.sleep(random.Random(killed).uniform(4, 9))
        if worker.poll() is None:
            os.kill(worker.pid, signal.SIGKILL)
            killed += 1
        worker.wait()
    codes = [process.wait() for process in (steady, changing)]
    work()
    line("workers killed with -9", str(killed), "some")
    line("the others ended with", str(codes), "[0, 0]")
    with environment() as env:
        def count(query):
            env.cr.execute(query)
            return str(env.cr.fetchone()[0])

        line("lines", str(LINES))
        line("lines that the ledger does not say exactly", str(wrong_lines(env)), "0")
        line("rows that are there twice", count("""
            SELECT count(*) FROM (SELECT 1 FROM aftersales_revenue WHERE kind = 'invoice'
              GROUP BY move_line_id, COALESCE(dealer_contract_id, -dealer_id, 0) HAVING count(*) > 1) twice"""), "0")
        line("rows of another dealer than the attribution's", count("""
            SELECT count(*) FROM aftersales_revenue r JOIN aftersales_attribution a ON a.id = r.attribution_id
             WHERE a.dealer_contract_id <> r.dealer_contract_id"""), "0")
        line("marks left", count("SELECT count(*) FROM aftersales_revenue_mark"), "0")
        line("problems reported", count("SELECT count(*) FROM aftersales_nightly_problem WHERE step = 'revenue'"), "0")


if __name__ == "__main__":
    {"work": work, "change": change}.get(sys.argv[-1], main)()
