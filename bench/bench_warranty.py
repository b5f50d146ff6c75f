"""Warranty on 100,000 assets: one verdict, 10,000 verdicts in a batch, and the days of all covers in sets.

Assets, owners and covers are made by SQL, as registration leaves them; every tenth has an extension behind its
warranty, a supplier's warranty and readings. What is timed goes through the addon's own methods.
"""

import os
from datetime import date
from decimal import Decimal

from odoo.fields import Command
from scenario import Measure, environment, line

ASSETS = int(os.environ.get("BENCH_ASSETS", "100000"))
BATCH = int(os.environ.get("BENCH_VERDICTS", "10000"))
SET = 1000
DAY = date(2026, 3, 2)


def policy(env, name, product, **values):
    """A released policy of three benefits with a limit of hours."""
    made = env["aftersales.warranty.policy"].create({
        "name": name, "product_ids": [Command.set(product.ids)],
        "benefit_ids": [Command.create({"kind": kind, "term_count": months, "term_unit": "month", "percent": percent})
                        for kind, months, percent in (("parts", 24, 100), ("labour", 12, 100), ("travel", 12, 50))],
        "limit_ids": [Command.create({"meter_id": env.ref("aftersales_contracts.meter_hours").id, "amount": 4000})],
        **values})
    made.action_release()
    return made


def machines(env):
    """(product, number of covers): ``ASSETS`` machines of 500 owners with their covers, days not reckoned yet."""
    product = env["product.product"].create({"name": "Bench machine", "type": "consu"})
    partners = env["res.partner"].create([{"name": f"Bench owner {n}", "is_company": True} for n in range(500)])
    supplier = env["res.partner"].create({"name": "Bench supplier", "is_company": True})
    warranty = policy(env, "Bench warranty", product)
    extended = policy(env, "Bench extension", product, cover_kind="extended")
    refunds = policy(env, "Bench supplier", product, cover_kind="supplier", supplier_id=supplier.id)
    env.flush_all()
    values = {"product": product.id, "company": env.company.id, "partners": partners.ids, "assets": ASSETS}
    env.cr.execute("""
        INSERT INTO aftersales_asset (name, product_id, company_id, partner_id, active, delivered_on, create_date)
        SELECT 'BENCH-' || n, %(product)s, %(company)s, (%(partners)s)[1 + n %% 500], TRUE,
               DATE '2024-01-31' + (n %% 700), now() FROM generate_series(1, %(assets)s) n""", values)
    env.cr.execute("""
        INSERT INTO aftersales_asset_owner (asset_id, partner_id, company_id, day)
        SELECT id, partner_id, company_id, delivered_on FROM aftersales_asset WHERE product_id = %(product)s""", values)
    env.cr.execute("""
        INSERT INTO aftersales_meter_reading (asset_id, meter_id, read_on, value)
        SELECT id, %(meter)s, delivered_on + 90, 700 FROM aftersales_asset
         WHERE product_id = %(product)s AND id %% 10 = 0""",
        {**values, "meter": env.ref("aftersales_contracts.meter_hours").id})
    every, tenth = "TRUE", "id % 10 = 0"
    for one, which in ((warranty, every), (extended, tenth), (refunds, tenth)):
        env.cr.execute(f"""
            INSERT INTO aftersales_warranty_cover (
                   name, asset_id, company_id, partner_id, product_id, policy_id, lineage, kind, supplier_id, recovers,
                   state, source, create_date)
            SELECT 'BENCH/{one.id}/' || id, id, company_id, partner_id, product_id, {one.id}, '{one._lineage()}',
                   '{one.cover_kind}', {one.supplier_id.id or 'NULL'}, {one.cover_kind == 'supplier'}, 'waiting',
                   'registration', now()
              FROM aftersales_asset WHERE product_id = {product.id} AND {which}""")  # pylint: disable=sql-injection
    env.cr.execute("""
        UPDATE aftersales_warranty_cover cover SET follows_id = base.id
          FROM aftersales_warranty_cover base
         WHERE cover.policy_id = %s AND base.policy_id = %s AND base.asset_id = cover.asset_id""",
        [extended.id, warranty.id])
    env.cr.execute("ANALYZE aftersales_asset; ANALYZE aftersales_asset_owner; ANALYZE aftersales_warranty_cover; "
                   "ANALYZE aftersales_meter_reading")
    env.invalidate_all()
    covers = env["aftersales.warranty.cover"].search_count([("product_id", "=", product.id)])
    return product, covers


def timed(env, work):
    """(Measure, number of queries) of ``work`` on an empty cache."""
    env.flush_all()
    env.invalidate_all()
    before = env.cr.sql_log_count
    with Measure() as taken:
        work()
        env.flush_all()
    return taken, env.cr.sql_log_count - before


def refresh(env, ids):
    for start in range(0, len(ids), SET):
        env["aftersales.warranty.cover"].browse(ids[start:start + SET])._refresh()
        env.flush_all()
        env.invalidate_all()


def main():
    with environment() as env:
        # the addon is found once the environment is there
        from odoo.addons.aftersales_contracts.engine.warranty_facts import Item
        from odoo.addons.aftersales_contracts.models.warranty.warranty_case import WarrantyCase

        items = (
            Item("seal", "parts", amount=Decimal("80.00")), Item("work", "labour", amount=Decimal("120.00")),
            Item("way", "travel", amount=Decimal("50.00")))
        Asset = env["aftersales.asset"]
        product, covers = machines(env)
        ids = env["aftersales.warranty.cover"].search([("product_id", "=", product.id)], order="asset_id, id").ids
        taken, _number = timed(env, lambda: refresh(env, ids))
        line(f"Days of {covers} covers of {ASSETS} assets, in sets of {SET}", f"{taken.wall:.1f} s", "",
             f"{taken.wall * 1000 / covers:.2f} ms each, {taken.added:.0f} MB")
        taken, _number = timed(env, lambda: refresh(env, ids[:20 * SET]))
        line(f"The same again, nothing changed, {20 * SET} covers", f"{taken.wall:.1f} s", "",
             f"{taken.wall / 20:.2f} s a set")
        assets = Asset.search([("product_id", "=", product.id)], order="id").ids

        def verdicts(found):
            Asset._verdicts([WarrantyCase(asset, DAY, "wear", items) for asset in Asset.browse(found)])

        verdicts(assets[:10])  # terms of policies are kept from the first verdict on
        counts = {count: timed(env, lambda count=count: verdicts(assets[-count:]))[1] for count in (1, 2, 20, 200)}
        cold, warm, some = [], [], assets[::max(ASSETS // 100, 1)][:100]
        for asset in some[:50]:
            cold.append(timed(env, lambda asset=asset: verdicts([asset]))[0].wall)
        for asset in some[50:]:  # policies and products are known already, the machine is not
            with Measure() as one:
                verdicts([asset])
            warm.append(one.wall)
        cold, warm = sorted(cold), sorted(warm)
        line("One verdict on three items, of another machine", f"{warm[len(warm) // 2] * 1000:.1f} ms", "<= 5 ms",
             f"median; longest {warm[-1] * 1000:.1f} ms; queries for 1, 2, 20, 200: {list(counts.values())}")
        line("The same on an empty cache, median", f"{cold[len(cold) // 2] * 1000:.1f} ms", "",
             f"longest {cold[-1] * 1000:.1f} ms")
        taken, number = timed(env, lambda: verdicts(assets[:BATCH]))
        line(f"{BATCH} verdicts in a batch", f"{taken.wall:.2f} s", "<= 5 s",
             f"{number} queries, {taken.added:.0f} MB")
        env.cr.rollback()


if __name__ == "__main__":
    main()
