"""Runs the scheduled actions on the demo story and shows what they made; read by `odoo shell` (see ./dev run).

In order: clocks, compliance, period close. Then every closed statement is written as a PDF file to the folder OUT, and
a table of compliance is printed with the files. A second run changes nothing and prints the same table.
"""

import os
from pathlib import Path

ACTIONS = ("cron_clocks", "cron_compliance", "cron_close_periods")
HEADINGS = ("Contract", "Period", "Target", "Objective", "Due", "Met", "Breached", "Excused", "Attained")


def run_actions(env):
    """Each scheduled action once, as the scheduler runs it."""
    for name in ACTIONS:
        outcome = env.ref(f"aftersales_contracts.{name}").method_direct_trigger()
        if outcome is not True:
            raise SystemExit(f"scheduled action {name} failed: see the log")
    env.cr.commit()
    env.invalidate_all()


def write_statements(env, folder):
    """{statement: path} of every closed statement; a file that is there already has the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    statements = env["aftersales.statement"].search([("state", "!=", "draft")], order="contract_id, period_start")
    for statement in statements:
        path = folder / f"{statement._get_report_base_filename().replace(' ', '_')}.pdf"
        path.write_bytes(statement.attachment_id.raw)
        written[statement] = path
    return written


def table_rows(env):
    """The compliance rows as tuples of text, by contract and period."""
    rows = env["aftersales.compliance"].search([])
    for row in rows.sorted(lambda r: (r.contract_id.name, r.period_start, r.target_id.name)):
        period = row.statement_id.period_text or f"{row.period_start:%Y-%m} open"
        counts = (str(row[name]) for name in ("due", "met", "breached", "excused"))
        yield row, (row.contract_id.name, period, row.target_id.name, f"{row.objective:g} %", *counts, row.rate_text)


def print_table(env, written):
    """The table, columns aligned, each closed period followed by its PDF."""
    rows = list(table_rows(env))
    lines = [HEADINGS, *(cells for _row, cells in rows)]
    widths = [max(len(cells[column]) for cells in lines) for column in range(len(HEADINGS))]
    left = 3

    def line(cells):
        pairs = enumerate(zip(cells, widths, strict=True))
        return "  ".join(cell.ljust(width) if i < left else cell.rjust(width) for i, (cell, width) in pairs)

    print(line(HEADINGS))
    for position, (row, cells) in enumerate(rows):
        print(line(cells))
        following = rows[position + 1][0] if position + 1 < len(rows) else None
        if row.statement_id and (not following or following.statement_id != row.statement_id):
            path = written[row.statement_id]
            print(f"    {row.statement_id.name}  {os.path.relpath(path)}")
    print(f"{len(written)} statements in {os.path.relpath(next(iter(written.values())).parent)}" if written
          else "no period has ended yet: no statement")


def main(env):
    run_actions(env)
    print_table(env, write_statements(env, Path(os.environ.get("OUT") or "out/statements")))


main(env)  # noqa: F821  the shell brings `env`
