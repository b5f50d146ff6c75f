"""Our lists against Odoo's sale order list: the same call as the web client's, 80 rows, in one run."""

import statistics
import time

from lxml import etree
from odoo import fields
from scenario import environment, facts, line, terms, work_off

ROWS = 80


def specification(env, model):
    """The fields that the web client asks for in the model's default list."""
    arch = etree.fromstring(env[model].get_view(view_type="list")["arch"])
    asked = {}
    for node in arch.iter("field"):
        field = env[model]._fields[node.get("name")]
        asked[field.name] = {"fields": {"display_name": {}}} if field.relational else {}
    return asked


def milliseconds(env, model, repeats=30):
    """Median milliseconds of one page of the list, with a cold record cache as in a new request."""
    asked, times = specification(env, model), []
    for turn in range(repeats + 3):
        env.invalidate_all()
        began = time.perf_counter()
        found = env[model].web_search_read([], asked, limit=ROWS)
        if turn >= 3:
            times.append((time.perf_counter() - began) * 1e3)
    assert len(found["records"]) == ROWS, f"{model}: {len(found['records'])} rows"
    return statistics.median(times)


def sale_orders(env):
    product = env["product.product"].create({"name": "Bench spare part"})
    partners = env["res.partner"].create([{"name": f"Buyer {n}"} for n in range(ROWS)])
    env["sale.order"].create([
        {"partner_id": partner.id, "order_line": [fields.Command.create({"product_id": product.id})]}
        for partner in partners])


def main():
    with environment() as env:
        module = env["ir.module.module"].search([("name", "=", "sale_management")])
        if module.state != "installed":
            module.button_immediate_install()
    with environment() as env:
        sale_orders(env)
        policy, contracts, calendar = terms(env, ROWS)
        facts(env, 2_000, policy, contracts, calendar)
        work_off(env)
        env["aftersales.compliance"]._refresh(contracts)
        env["aftersales.statement"]._drafts(contracts._open_periods())
        peer = milliseconds(env, "sale.order")
        line(f"list of {ROWS} sale orders (peer)", f"{peer:.1f} ms")
        for model in ("aftersales.contract", "aftersales.request", "aftersales.sla.clock", "aftersales.compliance",
                      "aftersales.statement"):
            ours = milliseconds(env, model)
            line(f"list of {ROWS} {model}", f"{ours:.1f} ms", "aim <= 1.1 x sale.order", f"ratio {ours / peer:.2f}")


if __name__ == "__main__":
    main()
