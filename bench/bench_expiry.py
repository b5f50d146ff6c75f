"""Warranties that end: 100,000 covers over three years, the night that tells whose step has come, and the mails.

Facts are made by SQL. Queries of the finding are counted for batches of 50 and of 500: they grow by the inserts only,
one for each 100 notices.
"""

import datetime
import os

from odoo import fields
from odoo.tools import SQL
from scenario import Measure, environment, line

COVERS = int(os.environ.get("BENCH_COVERS", "100000"))
OWNERS = 2000
BATCH = 500
TODAY = fields.Date.today()
AIM = "60 s"


def policy(env):
    """A released warranty of 12 months."""
    found = env["aftersales.warranty.policy"].create({
        "name": "Bench warranty", "cover_kind": "warranty", "company_id": env.company.id, "start_trigger": "delivery",
        "benefit_ids": [(0, 0, {"kind": "parts", "term_count": 12, "term_unit": "month"})]})
    env.cr.execute("UPDATE aftersales_warranty_policy SET state = 'released' WHERE id = %s", [found.id])
    env.invalidate_all()
    return found


def insert(env, model, columns, select):
    """Rows of ``model`` by one INSERT; ``columns``: {name: SQL expression over n}."""
    table = env[model]._table
    names = [name for name in columns if name in env[model]._fields and env[model]._fields[name].store]
    env.cr.execute(SQL(
        "INSERT INTO %s (%s) SELECT %s FROM %s", SQL.identifier(table), SQL(", ").join(map(SQL.identifier, names)),
        SQL(", ").join(columns[name] for name in names), select))


def facts(env):
    """``COVERS`` assets of ``OWNERS`` owners, each with a warranty; their ends lie in the year before and two after."""
    partners = env["res.partner"].create(
        [{"name": f"Bench owner {n}", "email": f"owner{n}@example.com"} for n in range(OWNERS)])
    product = env["product.product"].create({"name": "Bench pump", "type": "consu"})
    company, terms, first = env.company.id, policy(env).id, partners[0].id
    delivered = SQL("(%s::date - 730 + n %% 1095)", TODAY)
    numbers = SQL("generate_series(1, %s) AS n", COVERS)
    common = {"create_uid": SQL("1"), "create_date": SQL("now()")}
    insert(env, "aftersales.asset", {
        **common, "name": SQL("'BENCH-' || n"), "product_id": SQL("%s", product.id), "active": SQL("TRUE"),
        "partner_id": SQL("%s + n %% %s", first, OWNERS), "company_id": SQL("%s", company),
        "delivered_on": delivered}, numbers)
    of_assets = SQL("(SELECT id, partner_id, delivered_on FROM aftersales_asset WHERE product_id = %s) AS asset",
                    product.id)
    insert(env, "aftersales.asset.owner", {
        **common, "asset_id": SQL("id"), "partner_id": SQL("partner_id"), "day": SQL("delivered_on"),
        "company_id": SQL("%s", company)}, of_assets)
    last = SQL("(delivered_on + interval '12 months' - interval '1 day')::date")
    insert(env, "aftersales.warranty.cover", {
        **common, "name": SQL("'BENCH/' || id"), "asset_id": SQL("id"), "policy_id": SQL("%s", terms),
        "company_id": SQL("%s", company), "partner_id": SQL("partner_id"), "product_id": SQL("%s", product.id),
        "kind": SQL("'warranty'"), "source": SQL("'registration'"), "recovers": SQL("FALSE"),
        "lineage": SQL("'BENCH'"), "holder_id": SQL("id"), "first_day": SQL("delivered_on"),
        "parts_until": last, "last_day": last,
        "state": SQL("CASE WHEN %s < %s::date THEN 'expired' ELSE 'running' END", last, TODAY)}, of_assets)
    env.cr.execute("ANALYZE aftersales_warranty_cover; ANALYZE aftersales_asset; ANALYZE aftersales_asset_owner")
    env.invalidate_all()


def batches(env, covers):
    """Queries of a batch of 50 and of one of 500."""
    counts = []
    for size in (10, 50, BATCH):  # the first one warms up
        part, covers = covers[:size], covers[size:]
        env.flush_all()
        env.invalidate_all()
        before = env.cr.sql_log_count
        part._nightly_expiry(TODAY)
        env.flush_all()
        counts.append(env.cr.sql_log_count - before)
    return counts[1:]


def main():
    with environment() as env:
        facts(env)
        env.cr.commit()
        Nightly = env["aftersales.nightly"]
        steps = {step.key: step for step in Nightly._steps()}
        with Measure() as found:
            due = Nightly._due(steps["expiry"], TODAY)
        line(f"{COVERS:,} covers: which step has come", f"{found.wall:.2f} s", "", f"{len(due):,} covers")
        few, many = batches(env, due)
        line("queries of a batch of 50 and of 500", f"{few} / {many}", "inserts of 100")
        env.cr.rollback()
        with Measure() as night:
            Nightly._run_step(steps["expiry"], TODAY, BATCH)
        line("noting down who is to be told", f"{night.wall:.1f} s", AIM)
        env.invalidate_all()
        with Measure() as mails:
            Nightly._run_step(steps["expiry_tell"], TODAY, BATCH)
        sent = env["aftersales.expiry.notice"].search_count([("sent_at", "!=", False)])
        line("one mail an owner", f"{mails.wall:.1f} s", AIM, f"{sent:,} notices told")
        with Measure() as again:
            Nightly._run_step(steps["expiry"], TODAY + datetime.timedelta(days=1), BATCH)
        line("the next night", f"{again.wall:.1f} s", AIM)


if __name__ == "__main__":
    main()
