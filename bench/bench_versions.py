"""A contract of 20 versions: its view as of a day and the redline of two versions, beside opening its ordinary form.

The form is what the web client asks for: every field of the form view, by `web_read`.
"""

import datetime
import statistics
import time

from odoo import fields
from scenario import environment, line, terms

VERSIONS = 20
CLAUSES = 40
TODAY = fields.Date.today()
TEXT = "The provider shall keep spare part number {n} in stock and deliver it within two working days. " * 12


def contract(env):
    """A contract in force with clauses, lines, and ``VERSIONS`` versions."""
    _policy, made, _calendar = terms(env, 1)
    found = made.copy({"title": "Versions"})
    category = env["aftersales.clause.category"].search([], limit=1)
    clauses = env["aftersales.clause"].create([
        {"name": f"Stock {number}", "code": f"stock_{number}", "category_id": category.id}
        for number in range(CLAUSES)])
    env["aftersales.contract.clause"].create([
        {"contract_id": found.id, "sequence": 10 * number, "title": f"Stock {number}", "clause_id": clause.id,
         "text": TEXT.format(n=number)} for number, clause in enumerate(clauses, 1)])
    env["aftersales.contract.line"].create([
        {"contract_id": found.id, "name": f"Fee {number}", "price": 100} for number in range(20)])
    found._adopt("Benchmark")
    for number in range(2, VERSIONS + 1):
        found._write_unlocked({"title": f"Versions, as of change {number}"})
        found.line_ids[number % 20]._write_unlocked({"price": 100 + number})
        found.clause_ids[number % CLAUSES]._write_unlocked({"text": TEXT.format(n=1000 + number)})
        found._record_change(TODAY - datetime.timedelta(days=40 - number), "Benchmark")
    env.cr.commit()
    return found


def specification(env):
    """What the client reads to show the form: its fields, and those of the lists in it."""
    view = env["aftersales.contract"].get_views([(False, "form")])
    names = view["models"]["aftersales.contract"]["fields"]
    wanted = {}
    for name in names:
        field = env["aftersales.contract"]._fields[name]
        if field.type == "many2one":
            wanted[name] = {"fields": {"display_name": {}}}
        elif field.type in ("one2many", "many2many"):
            wanted[name] = {"fields": {"display_name": {}}, "limit": 40}
        else:
            wanted[name] = {}
    return wanted


def milliseconds(env, function, repeats=5):
    times = []
    for _ in range(repeats):
        env.invalidate_all()
        began = time.perf_counter()
        function()
        times.append((time.perf_counter() - began) * 1e3)
    return statistics.median(times)


def main():
    with environment() as env:
        found = contract(env)
        wanted = specification(env)
        form = milliseconds(env, lambda: found.web_read(wanted))
        versions = found.version_ids.sorted("number")
        line(f"the contract's form, {len(versions)} versions, {CLAUSES} clauses", f"{form:.0f} ms")
        day = TODAY - datetime.timedelta(days=30)
        AsOf, Redline = env["aftersales.contract.as.of"], env["aftersales.contract.redline"]
        views = {
            "as of a day": lambda: AsOf.new({"contract_id": found.id, "on": day}).page,
            "as of a day, as known on another": lambda: AsOf.new(
                {"contract_id": found.id, "on": day, "known_on": fields.Datetime.now()}).page,
            "redline of the first and the last version": lambda: Redline.new(
                {"contract_id": found.id, "compare": "versions", "before_id": versions[0].id,
                 "after_id": versions[-1].id}).page,
        }
        for name, view in views.items():
            taken = milliseconds(env, view)
            line(name, f"{taken:.0f} ms", "<= 1.00 of the form", f"{taken / form:.2f}")


if __name__ == "__main__":
    main()
