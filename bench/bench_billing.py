"""Recurring invoices of 1,000 contracts: the nightly run against bare `account.move.create` of the same invoices, and
against the OCA addon `contract`, in one run.

Ours: the whole step of the night, its locks, checks, facts and commits included, in batches of 500. Bare: the very
values of those invoices, less what links them to contracts, in batches as large, the mail log off, committed alike.
They take turns, month by month, and begin in turns. OCA's addon is fetched by pip into the cache, installed into
this scratch database after the rest was measured, and left out where the registry does not have it.
"""

import copy
import datetime
import os
import statistics
import subprocess
import sys
import time
import zipfile
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.modules.module import initialize_sys_path
from odoo.modules.registry import Registry
from odoo.tools import config
from scenario import Measure, environment, line

CONTRACTS = int(os.environ.get("BENCH_CONTRACTS", "1000"))
MONTHS = int(os.environ.get("BENCH_MONTHS", "4"))
BATCH = 500
QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True, "mail_notrack": True}
LINKS = {"aftersales_contract_id", "aftersales_billed_id", "aftersales_penalty_id"}
PEER = "odoo-addon-contract==19.0.*"


def books(env):
    """A chart of accounts, and a sales tax."""
    if not env.company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", env.company, install_demo=False)
    return env["account.tax"].search([("type_tax_use", "=", "sale"), ("company_id", "=", env.company.id)], limit=1)


def partners(env, name):
    made = env["res.partner"].create([{"name": f"{name} {n}", "is_company": True} for n in range(CONTRACTS)])
    env.cr.commit()
    return made


def contracts(env, tax):
    """``CONTRACTS`` contracts of 2026, each with a monthly fee in advance."""
    calendar = env["resource.calendar"].create({"name": "Bench", "tz": "Europe/Madrid"})
    policy = env["aftersales.sla.policy"].create({
        "name": "Bench", "calendar_id": calendar.id,
        "target_ids": [(0, 0, {"metric": "resolution", "duration_minutes": 480})]})
    made = env["aftersales.contract"].create([{
        "title": "Bench", "partner_id": partner.id, "policy_id": policy.id, "date_start": "2026-01-01",
        "date_end": "2026-12-31", "line_ids": [(0, 0, {
            "name": "Maintenance", "price": 100, "tax_ids": [(6, 0, tax.ids)]})]}
        for partner in partners(env, "Billed")])
    made._adopt("Benchmark")
    env.cr.commit()
    return made


def taught(env, values):
    """The values of our invoices, caught on their way into `account.move.create`."""
    Move = type(env["account.move"])
    original = Move.create

    def create(self, vals_list):
        values.extend(copy.deepcopy(vals_list))
        return original(self, vals_list)

    Move.create = api.model_create_multi(create)
    return lambda: setattr(Move, "create", original)


def bare_values(values):
    """``values`` without what links an invoice to its contract."""
    for vals in values:
        for name in LINKS & vals.keys():
            del vals[name]
        for command in vals["invoice_line_ids"]:
            for name in LINKS & command[2].keys():
                del command[2][name]
    return values


def ours(env, day):
    """One night's billing; returns its measure. Commits."""
    Nightly = env["aftersales.nightly"]
    step = next(step for step in Nightly._steps() if step.key == "billing")
    env.invalidate_all()
    with Measure() as taken:
        Nightly._run_step(step, day, BATCH)
    env.cr.commit()
    return taken


def bare(env, values):
    """The same invoices by nothing but `create`; commits."""
    env.invalidate_all()
    with Measure() as taken:
        for start in range(0, len(values), BATCH):
            env["account.move"].with_context(**QUIET).create(values[start:start + BATCH])
            env.flush_all()
            env.cr.commit()
            env.invalidate_all()
    return taken


def tell(name, taken, aim="", note=""):
    """Print the medians of wall and CPU a document."""
    walls, cpus = zip(*((one.wall * 1000 / CONTRACTS, one.cpu * 1000 / CONTRACTS) for one in taken), strict=True)
    line(name, f"{statistics.median(walls):.1f} ms", aim, f"CPU {statistics.median(cpus):.1f} ms, "
         f"{min(walls):.1f} to {max(walls):.1f} in {len(walls)} runs {note}")
    return statistics.median(walls), statistics.median(cpus)


def ratio(name, first, second, aim):
    line(name, f"{first[0] / second[0]:.2f}", aim, f"CPU {first[1] / second[1]:.2f}")


def compared(env):
    """Ours and bare in turns; the medians of ours."""
    contracts(env, books(env))
    values = []
    forget = taught(env, values)
    ours(env, datetime.date(2026, 1, 1))  # warms up
    forget()
    known = bare_values(values)
    bare(env, dated(known, datetime.date(2026, 1, 1)))
    mine, plain = [], []
    for month in range(2, MONTHS + 2):
        day = datetime.date(2026, month, 1)
        if month % 2:
            plain.append(bare(env, dated(known, day)))
        mine.append(ours(env, day))
        if not month % 2:
            plain.append(bare(env, dated(known, day)))
    made = env["aftersales.billed"].search_count([("contract_id.title", "=", "Bench")])
    line("contracts billed, each month once", f"{made:,}", f"{CONTRACTS * (MONTHS + 1):,}")
    first = tell("our nightly run, a draft invoice", mine, "23 ms")
    second = tell("bare create of the same invoices", plain)
    ratio("ours / bare", first, second, "1.15 at most")
    line("memory added by a run", f"{mine[-1].added:.0f} MB", "flat", f"first {mine[0].added:.0f} MB")
    again = ours(env, datetime.date(2026, MONTHS + 1, 1))
    line("the same night again, nothing due", f"{again.wall * 1000:.1f} ms")
    return first


def dated(values, day):
    """A copy of ``values`` of another day."""
    due = day + datetime.timedelta(days=30)
    return [{**copy.deepcopy(vals), "invoice_date": day, "invoice_date_due": due} for vals in values]


def fetch_peer():
    """The addons folder of the peer in the cache; None where the package registry has no such version."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "aftersales_contracts" / "peers"
    folder = cache / "contract-19.0"
    if not (folder / "odoo" / "addons" / "contract").is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        got = subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(cache), PEER],
                             capture_output=True, text=True)
        wheels = sorted(cache.glob("odoo_addon_contract-19.0*.whl"))
        if got.returncode or not wheels:
            return None
        with zipfile.ZipFile(wheels[-1]) as wheel:
            wheel.extractall(folder)
    return folder / "odoo" / "addons"


def peer(first):
    folder = fetch_peer()
    if not folder:
        line("OCA contract", "not measured", "", f"the package registry has no {PEER}")
        return
    with environment() as env:  # addresses of screens are unique, and those of the two may be alike
        env.cr.execute("UPDATE ir_actions SET path = NULL WHERE path LIKE 'contract%'")
        env.cr.commit()
    config["addons_path"] = [*config["addons_path"], str(folder)]
    initialize_sys_path()
    registry = Registry.new(os.environ["BENCH_DB"], install_modules=["contract"], update_module=True)
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, dict(QUIET))
        tax, start = books(env), datetime.date(2026, 1, 1)
        journal = env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", env.company.id)], limit=1)
        product = env["product.product"].create(
            {"name": "Maintenance", "type": "service", "taxes_id": [(6, 0, tax.ids)], "list_price": 100})
        Peer = env["contract.contract"]
        Peer.create([{
            "name": "Bench", "partner_id": partner.id, "journal_id": journal.id, "contract_type": "sale",
            "contract_line_ids": [(0, 0, {
                "name": "Maintenance", "product_id": product.id, "quantity": 1, "price_unit": 100,
                "recurring_rule_type": "monthly", "recurring_interval": 1, "date_start": start,
                "recurring_next_date": start})]} for partner in partners(env, "Peer")])
        env.cr.commit()
        taken = []
        for month in range(1, 4):
            env.invalidate_all()
            with Measure() as one:
                Peer.cron_recurring_create_invoice(datetime.date(2026, month, 1))
                env.flush_all()
                cr.commit()
            taken.append(one)
        made = env["account.move.line"].search_count([("contract_line_id", "!=", False)])
        line("OCA contract: invoice lines made", f"{made:,}", f"{CONTRACTS * 3:,}")
        second = tell("OCA contract, a draft invoice", taken[1:], "", "(as it comes: mail log off by context)")
        ratio("OCA / ours", second, first, "more than 1")


def main():
    with environment() as env:
        began = time.perf_counter()
        first = compared(env)
        line("ours and bare, in all", f"{time.perf_counter() - began:.0f} s")
    peer(first)


if __name__ == "__main__":
    main()
