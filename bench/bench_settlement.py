"""Dealer settlements: a run over attributed revenue, with every detail line, against the OCA addons commission_oca and
account_commission_oca on the same ledger in one run.

Compared: 1,000 and 100,000 lines of posted invoices of one month, one dealer with 10 % of all of them. Ours:
attributing them and settling, each by itself. Theirs: their wizard that makes settlements; what they reckon as invoices
are made is not counted for them. Ours alone: 1,000,000 lines, the preview of their totals, and a run with nothing left
to settle.
The ledger is made by SQL, as posted invoices leave it; both sides read the same rows. The peers are fetched by pip into
the cache, installed into this scratch database after the rest was measured, and left out where the registry does not
have them.
"""

import datetime
import os
import subprocess
import sys
import zipfile
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.modules.module import initialize_sys_path
from odoo.modules.registry import Registry
from odoo.tools import config
from scenario import Measure, environment, line, memory_mb

SIZES = [int(one) for one in os.environ.get("BENCH_LINES", "1000,100000,1000000").split(",")]
PEER_SIZES = [int(one) for one in os.environ.get("BENCH_PEER_LINES", "1000,100000").split(",")]
LINES = 20  # of an invoice
QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True, "mail_notrack": True}
PEERS = ("odoo-addon-commission_oca==19.0.*", "odoo-addon-account_commission_oca==19.0.*")
TODAY = datetime.date(2026, 12, 31)


def books(env):
    if not env.company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", env.company, install_demo=False)
    product = env["product.product"].create({"name": "Service", "type": "service", "taxes_id": False})
    env.cr.commit()
    return product


def invoices(env, product, partner, month, lines):
    """``lines`` lines of posted invoices of a month of 2026, made by SQL from one that Odoo made; returns their ids."""
    day = datetime.date(2026, month, 5)
    journal = env["account.journal"].create({"name": f"Bench {lines}", "code": f"B{month}", "type": "sale"})
    first = env["account.move"].create({
        "move_type": "out_invoice", "partner_id": partner.id, "invoice_date": day, "date": day,
        "journal_id": journal.id, "invoice_line_ids": [(0, 0, {
            "product_id": product.id, "name": "Service", "price_unit": 100, "quantity": 1, "tax_ids": False})
            for _line in range(LINES)]})
    first.action_post()
    env["aftersales.revenue"]._attribute(env.company)
    env.flush_all()
    copies = lines // LINES - 1
    moves = _copied(env, "account_move", first.id, copies, "id = %(source)s", {
        "name": "source.sequence_prefix || source.sequence_number + n",
        "sequence_number": "source.sequence_number + n"})
    count = _copied_lines(env, first.id, moves)
    env.cr.execute("ANALYZE account_move; ANALYZE account_move_line")
    env.cr.commit()
    return [first.id, *moves], count


def _columns(env, table):
    env.cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s "
                   "AND is_generated = 'NEVER' AND column_name <> 'id'", (table,))
    return [name for [name] in env.cr.fetchall()]


def _copied(env, table, source, copies, condition, changed):
    names = _columns(env, table)
    values = ", ".join(changed.get(name, f'source."{name}"') for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    env.cr.execute(
        f"INSERT INTO {table} ({quoted}) SELECT {values} FROM {table} source "
        f"CROSS JOIN generate_series(1, %(copies)s) n WHERE source.{condition} ORDER BY n RETURNING id",
        {"copies": copies, "source": source})
    return [number for [number] in env.cr.fetchall()]


def _copied_lines(env, source, moves):
    names = _columns(env, "account_move_line")
    values = ", ".join({"move_id": "m.id", "move_name": "m.name"}.get(name, f'source."{name}"') for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    env.cr.execute(
        f"INSERT INTO account_move_line ({quoted}) SELECT {values} FROM account_move m "
        "CROSS JOIN account_move_line source WHERE m.id = ANY(%s) AND source.move_id = %s", (moves, source))
    return env.cr.rowcount


def dealing(env):
    """A dealer contract: 10 % of all revenue of the customers that are attributed to the dealer, from each month on."""
    kind = env["aftersales.contract.type"].search([("kind", "=", "dealer")], limit=1)
    dealer = env["res.partner"].create({"name": "Bench Dealer", "is_company": True})
    rule = env["aftersales.share.rule"].create({
        "name": "Bench", "component_ids": [(0, 0, {"name": "All", "rate_ids": [(0, 0, {"value": 10})]})]})
    rule.action_release()
    contract = env["aftersales.contract"].create({
        "title": "Bench", "partner_id": dealer.id, "contract_type_id": kind.id, "date_start": "2026-01-01",
        "share_ids": [(0, 0, {"rule_id": rule.id})]})
    contract._adopt("Benchmark")
    env.cr.commit()
    return contract


def attribute(env, contract, partner, moves):
    env["aftersales.attribution"].create({
        "company_id": env.company.id, "dealer_contract_id": contract.id, "partner_id": partner.id,
        "date_from": "2026-01-01"})
    env.cr.execute("DELETE FROM aftersales_revenue_mark")
    env["aftersales.revenue.mark"]._put(env["account.move"].browse(moves))
    env.cr.commit()
    with Measure() as taken:
        env["aftersales.revenue"]._attribute(env.company, commit=env.cr.commit)
        env.cr.commit()
    return taken


def settle(env, contract, today):
    """One run; commits. (its measure, the settlements, the most memory that it held above before)."""
    env.invalidate_all()
    with Measure() as taken:
        found = env["aftersales.settlement"]._run(env.company, contract, today=today)
        env.cr.commit()
    return taken, found


def ours(env, product):
    """{lines: invoices} with what settling them took."""
    made = {}
    for place, lines in enumerate(SIZES):
        month = place + 1
        partner = env["res.partner"].create({"name": f"Bench Customer {lines}", "is_company": True})
        contract = dealing(env)
        contract.settlements_from = f"2026-{month:02d}-01"
        moves, _count = invoices(env, product, partner, month, lines)
        made[lines] = partner, moves
        taken = attribute(env, contract, partner, moves)
        line(f"attributing {lines:,} lines", f"{taken.wall:.2f} s", "", f"CPU {taken.cpu:.1f} s")
        after = datetime.date(2026, month, 28)
        env.invalidate_all()
        with Measure() as taken:
            found = env["aftersales.settlement"]._preview(env.company, after, contract)
        line(f"preview of the totals of {lines:,} lines", f"{taken.wall:.2f} s", "2 s for 1,000,000",
             f"{found[0].shares:,} of {found[0].revenue:,}")
        next_month = datetime.date(2026, month + 1, 10)
        memory = memory_mb()
        taken, found = settle(env, contract, next_month)
        if found.blocked:
            raise SystemExit("\n".join(found.blocked.values()))
        settlement = found.made[-1:]
        line(f"settling {lines:,} lines, every detail line", f"{taken.wall:.2f} s",
             {1000: "0.15 s", 1000000: "60 s"}.get(lines, ""),
             f"CPU {taken.cpu:.1f} s, {settlement.total:,.2f}, memory +{peak_mb() - memory:.0f} MB (at most 150)")
        taken, found = settle(env, contract, next_month)
        line("the same run again, nothing left", f"{taken.wall * 1000:.0f} ms", "1 s", f"{len(found.made)} made")
    return made


def peak_mb():
    """The most memory that this process ever had, in MB."""
    with open("/proc/self/status") as status:
        return next(int(row.split()[1]) / 1024 for row in status if row.startswith("VmHWM"))


def fetch_peers():
    """The addons folder of the peers in the cache; None where the package registry has no such versions."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "aftersales_contracts" / "peers"
    folder = cache / "commission-19.0"
    if not (folder / "odoo" / "addons" / "account_commission_oca").is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        got = subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(cache), *PEERS],
                             capture_output=True, text=True)
        wheels = [*cache.glob("odoo_addon_commission_oca-19.0*.whl"),
                  *cache.glob("odoo_addon_account_commission_oca-19.0*.whl")]
        if got.returncode or len(wheels) < 2:
            return None
        for wheel in wheels:
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(folder)
    return folder / "odoo" / "addons"


def peers(made):
    folder = fetch_peers()
    if not folder:
        line("OCA commission", "not measured", "", f"the package registry has not {' and '.join(PEERS)}")
        return
    config["addons_path"] = [*config["addons_path"], str(folder)]
    initialize_sys_path()
    registry = Registry.new(
        os.environ["BENCH_DB"], install_modules=["account_commission_oca"], update_module=True)
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, dict(QUIET))
        commission = env["commission"].create({"name": "10 %", "fix_qty": 10.0})
        for lines in PEER_SIZES:
            if lines in made:
                settle_peer(env, commission, lines, made[lines][1])


def settle_peer(env, commission, lines, moves):
    """Their agent lines, as their own compute leaves them (by SQL, not counted), and their wizard."""
    agent = env["res.partner"].create({
        "name": f"Bench Agent {lines}", "agent": True, "settlement": "monthly", "commission_id": commission.id})
    columns = set(_columns(env, "account_invoice_line_agent"))
    values = {
        "object_id": "l.id", "agent_id": "%(agent)s", "commission_id": "%(commission)s", "amount": "10.0",
        "invoice_id": "l.move_id", "invoice_date": "m.invoice_date", "settled": "FALSE", "currency_id": "l.currency_id",
        "company_id": "l.company_id"}
    names = [name for name in values if name in columns]
    env.cr.execute(
        f"INSERT INTO account_invoice_line_agent ({', '.join(names)}) "
        f"SELECT {', '.join(values[name] for name in names)} FROM account_move_line l "
        "JOIN account_move m ON m.id = l.move_id WHERE m.id = ANY(%(moves)s) AND l.display_type = 'product'",
        {"agent": agent.id, "commission": commission.id, "moves": moves})
    env.cr.commit()
    env.invalidate_all()
    with Measure() as taken:
        wizard = env["commission.make.settle"].create({
            "date_to": TODAY, "settlement_type": "sale_invoice", "agent_ids": [(6, 0, agent.ids)]})
        wizard.action_settle()
        env.flush_all()
        env.cr.commit()
    found = env["commission.settlement"].search([("agent_id", "=", agent.id)])
    line(f"OCA commission: settling {lines:,} lines", f"{taken.wall:.2f} s", "0.2 s + 0.55 ms a line",
         f"CPU {taken.cpu:.1f} s, {sum(found.mapped('total')):,.2f}, {len(found.line_ids):,} lines")


def main():
    with environment() as env:
        product = books(env)
        made = ours(env, product)
    peers(made)


if __name__ == "__main__":
    main()
