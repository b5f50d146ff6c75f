"""Assigning 100,000 machines to a recall by product and serial range, again without new ones, and their covers for the
verdict; machines are made by SQL. Told are the seconds, the queries, and the memory.
"""

import os

from odoo.sql_db import BaseCursor
from scenario import Measure, environment, line, memory_mb

MACHINES = int(os.environ.get("BENCH_MACHINES", "100000"))
BATCH = 10000


def machines(env):
    """(product, partner) of ``MACHINES`` assets BENCH-000001 and on."""
    product = env["product.product"].create({"name": "Bench pump"})
    partner = env["res.partner"].create({"name": "Bench owner", "email": "owner@example.com"})
    env.flush_all()
    env.cr.execute("""
        INSERT INTO aftersales_asset (name, product_id, partner_id, company_id, batch, delivered_on, active, create_uid,
                                      create_date, write_uid, write_date)
        SELECT 'BENCH-' || lpad(n::text, 6, '0'), %(product)s, %(partner)s, %(company)s, 'B' || n %% 7, '2020-01-31',
               TRUE, 1, now(), 1, now()
          FROM generate_series(1, %(count)s) n""", {
              "product": product.id, "partner": partner.id, "company": env.company.id, "count": MACHINES})
    env.cr.execute("ANALYZE aftersales_asset")
    env.invalidate_all()
    return product


def queries(env):
    return env.cr.sql_log_count if isinstance(env.cr, BaseCursor) else 0


def main():
    with environment() as env:
        product = machines(env)
        recall = env["aftersales.recall"].create({
            "title": "Bench", "kind": "campaign", "product_ids": product.ids, "reason": "x", "remedy": "y",
            "range_ids": [(0, 0, {"first": "BENCH-000001", "last": f"BENCH-{MACHINES:06d}"})]})
        recall._write_guarded({"state": "released"})
        for name in ("found", "found again"):
            before = queries(env)
            with Measure() as taken:
                added = recall._find_machines()[recall]
            line(f"Machines of a recall {name}", f"{taken.wall:.1f} s", "",
                 f"{added} added, {queries(env) - before} queries")
        assets = env["aftersales.asset"].search([("product_id", "=", product.id)], limit=BATCH)
        before = queries(env)
        with Measure() as taken:
            covers = env["aftersales.recall"]._engine_covers_of(assets)
        line(f"Recall covers of {BATCH} machines", f"{taken.wall:.2f} s", "",
             f"{sum(map(len, covers.values()))} covers, {queries(env) - before} queries, {memory_mb():.0f} MB")
        env.cr.rollback()


if __name__ == "__main__":
    main()
