"""Deliveries from before the addon was installed: 10,000 serial numbers at customers become assets, in sets of 500.

The deliveries are made by SQL, as done transfers leave them; what is timed is the wizard "Take Over Delivered Serial
Numbers", and after it the coverage of 80 and of 500 serial numbers as a list of them reads it.
"""

import os

from scenario import Measure, environment, line

NEEDS = "stock"
SERIALS = int(os.environ.get("BENCH_SERIALS", "10000"))
CUSTOMERS = 200


def delivered(env):
    """``SERIALS`` done delivery lines, each with a serial number of its own."""
    product = env["product.product"].create({"name": "Bench machine", "is_storable": True, "tracking": "serial"})
    partners = env["res.partner"].create([
        {"name": f"Bench customer {n}", "is_company": True, "street": f"Road {n}"} for n in range(CUSTOMERS)])
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    customers = env.ref("stock.stock_location_customers")
    pickings = env["stock.picking"].create([{
        "picking_type_id": warehouse.out_type_id.id, "partner_id": partner.id,
        "location_id": warehouse.lot_stock_id.id, "location_dest_id": customers.id} for partner in partners])
    moves = env["stock.move"].create([{
        "picking_id": picking.id, "product_id": product.id, "product_uom_qty": SERIALS // CUSTOMERS,
        "location_id": warehouse.lot_stock_id.id, "location_dest_id": customers.id} for picking in pickings])
    env.flush_all()
    env.cr.execute("""
        INSERT INTO stock_lot (name, product_id, company_id, create_date)
        SELECT 'BENCH-' || n, %(product)s, %(company)s, now() FROM generate_series(1, %(serials)s) n""", {
            "product": product.id, "company": env.company.id, "serials": SERIALS})
    env.cr.execute("""
        INSERT INTO stock_move_line (move_id, picking_id, product_id, lot_id, company_id, location_id, location_dest_id,
                                     product_uom_id, quantity, state, date)
        SELECT move.id, move.picking_id, %(product)s, lot.id, %(company)s, move.location_id, move.location_dest_id,
               move.product_uom, 1, 'done', '2026-01-31 12:00:00'
          FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM stock_lot WHERE product_id = %(product)s) lot
          JOIN stock_move move ON move.id = (%(moves)s)[1 + lot.n %% %(count)s]""", {
              "product": product.id, "company": env.company.id, "moves": moves.ids, "count": len(moves)})
    env.cr.execute("UPDATE stock_move SET state = 'done' WHERE id = ANY(%s)", [moves.ids])
    env.cr.execute("UPDATE stock_picking SET state = 'done', date_done = '2026-01-31 12:00:00' WHERE id = ANY(%s)", [
        pickings.ids])
    env.cr.execute("ANALYZE stock_lot; ANALYZE stock_move_line")
    env.invalidate_all()
    return product


def warranty(env, product):
    """A released warranty of the product, so that every asset gets a cover."""
    policy = env["aftersales.warranty.policy"].create({
        "name": "Bench warranty", "cover_kind": "warranty", "product_ids": [(6, 0, product.ids)],
        "company_id": env.company.id, "start_trigger": "delivery",
        "benefit_ids": [(0, 0, {"kind": "parts", "term_count": 24, "term_unit": "month"})]})
    policy.with_user(env.ref("base.user_admin")).sudo().action_release()


def queries(env, lots):
    """(Measure, number of queries) of reading the coverage of ``lots``."""
    env.invalidate_all()
    before = env.cr.sql_log_count
    with Measure() as taken:
        lots.mapped("coverage")
    return taken, env.cr.sql_log_count - before


def main():
    with environment() as env:
        env = env(context={**env.context, "allowed_company_ids": env.company.ids})
        env.user.group_ids += env.ref("aftersales_contracts.group_account_manager")
        product = delivered(env)
        warranty(env, product)
        wizard = env["aftersales.take.over.deliveries"].create({"product_ids": product.ids})
        with Measure() as taken:
            wizard.action_take_over()
        made = env["aftersales.asset"].search_count([("product_id", "=", product.id)])
        line(f"Take over {wizard.done} delivered serial numbers", f"{taken.wall:.1f} s", "",
             f"{taken.wall * 1000 / max(made, 1):.1f} ms each, CPU {taken.cpu:.1f} s, {taken.added:.0f} MB, "
             f"{made} assets, {wizard.passed} refused, {wizard.remaining} left")
        for count in (80, 500):
            lots = env["stock.lot"].search([("product_id", "=", product.id)], limit=count)
            taken, number = queries(env, lots)
            line(f"Coverage of {count} serial numbers", f"{taken.wall * 1000:.0f} ms", "", f"{number} queries")
        env.cr.rollback()


if __name__ == "__main__":
    main()
