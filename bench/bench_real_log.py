"""The real log: import, evaluation of every clock, the same file again, the evaluation again with nothing changed."""

import json
import sys
from pathlib import Path

from odoo import fields
from scenario import Measure, environment, line, memory_mb, queue

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
LOG, TERMS = DATA / "volvo_incidents.csv.gz", DATA / "reference_policy.json"
NOW = "2012-06-01 00:00:00"


def main():
    if not LOG.exists():
        line("real log", "skipped", note="the folder with real logs is not beside the checkout")
        return
    with environment() as env:
        replay = env["aftersales.replay"]
        idle = memory_mb()
        profile = replay._profile(str(LOG), str(TERMS), json.loads(TERMS.read_text()))
        env.cr.commit()
        for label in ("import", "import the same file again"):
            with Measure() as measure:
                run = replay._import(str(LOG), profile)
                env.cr.commit()
            events = run.rows
            line(f"{label}: {events:,} events", f"{events / measure.wall:,.0f} rows/s", "",
                 f"{measure.wall:.1f} s wall, {measure.cpu:.1f} s CPU here, memory +{memory_mb() - idle:.0f} MB")
        clock, now = env["aftersales.sla.clock"], fields.Datetime.to_datetime(NOW)
        for label in ("evaluate every clock", "evaluate again, nothing changed"):
            with Measure() as measure:
                while clock._evaluate_queued(now=now):
                    env.cr.commit()
            line(f"{label}: {events:,} events", f"{events / measure.wall:,.0f}/s", "",
                 f"{measure.wall:.1f} s wall, {measure.cpu:.1f} s CPU here")
            queue(env)


if __name__ == "__main__":
    sys.exit(main())
