"""Two nightly workers at once, one killed with -9 and begun anew: every contract is worked on exactly once.

Not a figure but a proof on real processes: 1,000 contracts are to be renewed for three missed years, an obligation of
each is overdue, and reminders are due. At the end a third run finds nothing left, nothing is there twice, and no
problem is reported.
"""

import os
import signal
import subprocess
import sys
import time

os.environ.setdefault("BENCH_CONTRACTS", "1000")

from bench_nightly import DAY, TODAY, contracts  # noqa: E402
from scenario import environment, line  # noqa: E402

BATCH = 50


def work():
    with environment() as env:
        env["aftersales.nightly"]._cron_nightly(TODAY, batch=BATCH)
        env.cr.commit()


def spawn():
    return subprocess.Popen([sys.executable, __file__, "work"])


def main():
    with environment() as env:
        made = contracts(env)
        made._write_unlocked({"date_end": TODAY - 760 * DAY, "date_start": TODAY - 1125 * DAY})
        env.cr.commit()
    first, second = spawn(), spawn()
    time.sleep(6)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    third = spawn()
    codes = [process.wait() for process in (second, third)]
    work()
    with environment() as env:
        def count(query):
            env.cr.execute(query)
            return env.cr.fetchone()[0]

        line("contracts renewed for each missed year", str(count(
            "SELECT count(*) FROM (SELECT contract_id FROM aftersales_renewal GROUP BY contract_id "
            "HAVING count(*) = 3 AND count(DISTINCT number) = 3) once")), f"{len(made)}")
        line("reminders told twice", str(count(
            "SELECT count(*) - count(DISTINCT key) FROM aftersales_reminder")), "0")
        line("visits planned twice", str(count(
            "SELECT count(*) - count(DISTINCT (promise_id, asset_id, number)) FROM aftersales_maintenance_visit")), "0")
        line("obligations not overdue", str(count(
            "SELECT count(*) FROM aftersales_obligation WHERE state = 'open' AND date_due < now()")), "0")
        line("problems reported", str(count("SELECT count(*) FROM aftersales_nightly_problem")), "0")
        steps = env["aftersales.nightly"]._steps()
        left = {step.key: len(env["aftersales.nightly"]._due(step, TODAY)) for step in steps
                if step.key in ("renew", "visits", "reminders", "expire")}
        line("still due after it", ", ".join(f"{key} {n}" for key, n in left.items()), "0 each")
        line("workers ended with", str(codes), "[0, 0]")


if __name__ == "__main__":
    if "work" in sys.argv:
        work()
    else:
        main()
