"""What every benchmark stands on: an environment on a scratch database, synthetic facts, and measuring.

The scratch database is named by BENCH_DB (`./dev bench` makes it, with the addon installed). Facts are made by
SQL, so that a million events take seconds; everything measured goes through the addon's own methods.
"""

import os
import resource
import time
from contextlib import contextmanager

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

START = "2026-01-05 08:00:00"
NOW = "2026-03-02 12:00:00"


@contextmanager
def environment():
    """An environment of the superuser on the scratch database, without mail."""
    if not config.options.get("db_name"):
        config.parse_config(["-d", os.environ["BENCH_DB"], "--log-level=warn"])
    registry = Registry(os.environ["BENCH_DB"])
    with registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True, "mail_notrack": True})


def memory_mb():
    """Resident memory of this process, in MB."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize() / 1e6


class Measure:
    """Wall and CPU seconds of a block, and the memory it added."""

    def __enter__(self):
        self.memory = memory_mb()
        self.wall, self.cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_error):
        self.wall = time.perf_counter() - self.wall
        self.cpu = time.process_time() - self.cpu
        self.added = memory_mb() - self.memory


def line(name, figure, aim="", note=""):
    print(f"{name:<58} {figure:>16}  {aim:<22} {note}", flush=True)


def terms(env, contracts=50):
    """Contracts under one policy on a calendar with holidays; returns (policy, contracts, calendar)."""
    calendar = env["resource.calendar"].create({
        "name": "Bench office", "tz": "Europe/Madrid",
        "attendance_ids": [(5, 0, 0)] + [
            (0, 0, {"name": "Hours", "dayofweek": str(day), "hour_from": start, "hour_to": end, "day_period": part})
            for day in range(5) for start, end, part in ((8, 12, "morning"), (13, 17, "afternoon"))]})
    env["resource.calendar.leaves"].create([
        {"name": "Holiday", "calendar_id": calendar.id, "date_from": f"2026-{month:02d}-10 00:00:00",
         "date_to": f"2026-{month:02d}-10 23:59:59"} for month in range(1, 13)])
    policy = env["aftersales.sla.policy"].create({
        "name": "Bench", "calendar_id": calendar.id,
        "target_ids": [
            (0, 0, {"metric": "first_response", "impact": impact, "duration_minutes": minutes})
            for impact, minutes in (("major", 30), ("high", 60), ("medium", 240), ("low", 480))
        ] + [
            (0, 0, {"metric": "resolution", "impact": impact, "duration_minutes": minutes})
            for impact, minutes in (("major", 240), ("high", 480), ("medium", 1440), ("low", 2400))]})
    partners = env["res.partner"].create([{"name": f"Bench customer {n}"} for n in range(contracts)])
    made = env["aftersales.contract"].create([
        {"title": "Bench", "partner_id": partner.id, "policy_id": policy.id, "date_start": "2025-01-01"}
        for partner in partners])
    made._adopt("Benchmark")
    return policy, made, calendar


def facts(env, requests, policy, contracts, calendar, events=9):
    """``requests`` requests of ``events`` events each by SQL, all queued; spread over eight weeks and the contracts."""
    status = {s.code: s.id for s in env["aftersales.service.status"].search([])}
    path = ["new", "queued", "in_progress", "waiting_customer", "in_progress", "waiting_internal", "in_progress",
            "resolved", "closed"]
    path = (path * (events // len(path) + 1))[:events] if events != 9 else path
    statuses = [status[code] for code in path]
    env.flush_all()
    cr = env.cr
    cr.execute("SELECT coalesce(max(id), 0) FROM aftersales_request")
    last = cr.fetchone()[0]
    cr.execute("""
        INSERT INTO aftersales_request (id, name, title, partner_id, company_id, contract_id, policy_id, calendar_id,
               impact, priority, status_id, kind, opened_at, active, create_uid, create_date, write_uid, write_date)
        SELECT %(last)s + n, 'B' || (%(last)s + n), 'Synthetic request ' || n, c.partner_id, c.company_id, c.id,
               %(policy)s, %(calendar)s, (ARRAY['low','medium','high','major'])[1 + n %% 4], '1', %(status)s, 'done',
               %(start)s::timestamp + (n * 8 %% 80640) * interval '1 minute', TRUE, 1, now(), 1, now()
          FROM generate_series(1, %(requests)s) AS n
          JOIN aftersales_contract c ON c.id = (%(contracts)s::int[])[1 + n %% %(many)s]""",
        {"last": last, "policy": policy.id, "calendar": calendar.id, "status": statuses[-1], "start": START,
         "requests": requests, "contracts": contracts.ids, "many": len(contracts)})
    cr.execute("SELECT setval('aftersales_request_id_seq', %s)", (last + requests,))
    cr.execute("""
        INSERT INTO aftersales_request_event (request_id, occurred_at, status_id, source, source_state, impact,
               create_uid, create_date, write_uid, write_date)
        SELECT r.id, r.opened_at + k * (7 + r.id %% 241) * interval '1 minute', (%(path)s::int[])[1 + k], 'bench',
               k::text, r.impact, 1, now(), 1, now()
          FROM aftersales_request r CROSS JOIN generate_series(0, %(most)s) AS k
         WHERE r.id > %(last)s ORDER BY r.id, k""", {"path": statuses, "most": events - 1, "last": last})
    queue(env, last)
    cr.execute("ANALYZE aftersales_request; ANALYZE aftersales_request_event; ANALYZE aftersales_evaluation_queue")
    cr.commit()
    return last


def queue(env, after=0):
    """Queue every request with an id above ``after``."""
    env.cr.execute("""
        INSERT INTO aftersales_evaluation_queue (request_id, queued_at, cause)
        SELECT id, now(), 'facts' FROM aftersales_request WHERE id > %s ON CONFLICT DO NOTHING""", (after,))
    env.cr.commit()


def work_off(env, now=NOW):
    """Evaluate the whole queue as the scheduled action does, a commit for each batch; returns the peak memory in MB."""
    clock, peak = env["aftersales.sla.clock"], memory_mb()
    while clock._evaluate_queued(now=odoo.fields.Datetime.to_datetime(now)):
        env.cr.commit()
        peak = max(peak, memory_mb())
    return peak
