"""Two workers at once, one killed with -9, while a third process appends events: nothing lost, nothing twice.

Not a figure but a proof on real processes: at the end every clock is evaluated once more without writing, and must be
what is stored; each escalation step must have fired at most once for each clock.
"""

import os
import random
import signal
import subprocess
import sys
import time

from odoo.exceptions import UserError
from odoo.service.model import retrying
from scenario import environment, facts, line, terms

EVENTS = 120_000


def work():
    """One worker: the scheduled action's batches until the queue is empty, a commit after each."""
    with environment() as env:
        clock = env["aftersales.sla.clock"]
        for step in (clock._evaluate_queued, clock._advance_due):
            while attempt(env, lambda step=step: step(500)):
                pass


def attempt(env, function):
    """One transaction with Odoo's own retries on a conflict, committed."""
    done = retrying(function, env)
    env.cr.commit()
    return done


def write(seconds):
    """Somebody at a desk: events on random requests for some seconds, each its own transaction."""
    rng, until, written = random.Random(7), time.time() + seconds, 0
    with environment() as env:
        ids = env["aftersales.request"].search([], order="id").ids
        while time.time() < until:
            request = env["aftersales.request"].browse(rng.choice(ids))
            code = rng.choice(("in_progress", "waiting_customer", "resolved", "updated"))
            try:
                written += bool(attempt(env, lambda request=request, code=code: request.record_event(code)))
            except UserError:
                env.cr.rollback()
    print(written, flush=True)


def spawn(*arguments):
    return subprocess.Popen([sys.executable, __file__, *map(str, arguments)], stdout=subprocess.PIPE, text=True)


def main():
    with environment() as env:
        policy, contracts, calendar = terms(env)
        env["aftersales.sla.escalation"].create({
            "name": "Late", "policy_id": policy.id, "trigger": "percent", "value": 50, "action": "next_tier"})
        facts(env, EVENTS // 9, policy, contracts, calendar)
        env.cr.execute("SELECT count(*) FROM aftersales_evaluation_queue")
        queued = env.cr.fetchone()[0]
    first, second, desk = spawn("work"), spawn("work"), spawn("write", 20)
    time.sleep(2.5)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    third = spawn("work")
    for process in (second, third, desk):
        process.wait()
    work()
    with environment() as env:
        Request = env["aftersales.request"]
        ids = Request.search([]).ids
        env.cr.execute("SELECT count(*), count(error) FROM aftersales_evaluation_queue")
        left, failed = env.cr.fetchone()
        differing = sum(
            len(Request._evaluate_ids(ids[at:at + 2000], dry_run=True)[0])
            for at in range(0, len(ids), 2000))
        env.cr.execute("SELECT count(*) - count(DISTINCT (clock_id, escalation_id)) FROM aftersales_sla_escalation_log")
        doubled = env.cr.fetchone()[0]
    line(f"{queued:,} requests, two workers, one killed, one desk", f"{desk.stdout.read().strip()} events", "",
         f"left on the queue {left} (failed {failed}), clocks that differ {differing}, steps fired twice {doubled}")
    if left or doubled or differing:
        sys.exit(1)


if __name__ == "__main__":
    {"work": work, "write": lambda: write(int(sys.argv[2]))}[sys.argv[1]]() if len(sys.argv) > 1 else main()
