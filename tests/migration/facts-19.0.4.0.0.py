"""What people had recorded with the older version: run in its shell on a database without demo data, and committed."""
# ruff: noqa: F821  (env is the shell's)
from datetime import timedelta

from odoo import Command, fields

today = fields.Date.today()
begin = today.replace(day=1) - timedelta(days=200)
begin = begin.replace(day=1)
Contract, Partner = env["aftersales.contract"], env["res.partner"]
customer, dealer, provider = Partner.create(
    [{"name": name, "is_company": True} for name in ("Hafen", "Baltic", "Fern")])
calendar = env["resource.calendar"].create({
    "name": "Office", "tz": "Europe/Berlin", "attendance_ids": [(5, 0, 0)] + [
        (0, 0, {"name": "Hours", "dayofweek": str(day), "hour_from": start, "hour_to": end, "day_period": part})
        for day in range(5) for start, end, part in ((8, 12, "morning"), (13, 17, "afternoon"))]})
policy = env["aftersales.sla.policy"].create({
    "name": "Office", "calendar_id": calendar.id,
    "target_ids": [(0, 0, {"metric": metric, "duration_minutes": 240}) for metric in ("first_response", "resolution")]})
clause = env["aftersales.penalty.clause"].create({
    "name": "Late resolution", "currency_id": env.company.currency_id.id, "period_cap_value": 20,
    "period_cap_base": "fee", "component_ids": [Command.create({
        "name": "Late", "kind": "per_breach", "source": "clock", "metric": "resolution", "base": "amount",
        "rate": 15})]})
clause.action_release()
terms = {"partner_id": customer.id, "policy_id": policy.id, "date_start": begin}
fee = [Command.create({"name": "Care", "price": 300.0, "quantity": 2.0})]
active, suspended, served, ended, draft, review = Contract.create([
    {**terms, "title": "Active", "statement_start": begin, "line_ids": fee,
     "penalty_clause_ids": [Command.create({"clause_id": clause.id})]},
    {**terms, "title": "Suspended"},
    {**terms, "title": "Served", "service_mode": "authorised", "dealer_id": dealer.id},
    {**terms, "title": "Ended", "date_start": "2024-01-01", "date_end": "2024-12-31"}, {**terms, "title": "Draft"},
    {**terms, "title": "Review", "line_ids": fee}])
outsourced, selling = Contract.create([
    {**terms, "title": title, "partner_id": partner.id, "line_ids": lines,
     "contract_type_id": env.ref(f"aftersales_contracts.contract_type_{kind}").id}
    for title, partner, kind, lines in (("Outsourced", provider, "provider", fee), ("Dealer", dealer, "dealer", []))])
rule = env["aftersales.share.rule"].create({
    "name": "Service Partners", "component_ids": [Command.create({
        "name": "Share", "rate_ids": [Command.create({"value": 10.0})]})]})
rule.action_release()
selling.share_ids = [Command.create({"rule_id": rule.id})]
contract_types = (served | selling | outsourced).contract_type_id  # the partners of these facts were assessed elsewhere
contract_types.needs_assessment = False
(active | suspended | served | ended | outsourced | selling)._adopt("Agreed elsewhere")
selling.settlements_from = begin
env["aftersales.attribution"].create({
    "company_id": env.company.id, "dealer_contract_id": selling.id, "date_from": begin, "partner_id": customer.id})
env["res.partner.bank"].create({"acc_number": "DE1234567890", "partner_id": dealer.id})
env["aftersales.cover"]._create_unlocked([
    {"asset_id": asset.id, "contract_id": contract.id, "date_start": start, "date_end": end}
    for asset, contract, start, end in zip(
        env["aftersales.asset"].create([{"name": name, "partner_id": customer.id} for name in ("OLD-1", "OLD-3")]),
        (active, served), ("2026-01-15", begin), ("2026-06-30", False), strict=True)])
metered = env["aftersales.asset"].create({"name": "OLD-2", "partner_id": customer.id})
env["aftersales.meter.reading"].create([
    {"asset_id": metered.id, "read_on": begin + timedelta(days=days), "value": value}
    for days, value in ((0, 100.0), (30, 250.0))])
suspended.suspend(today, "Quay closed", clock=False, billing=True, cover=False, shift_end=False)
review.action_submit()
for number in range(6):
    opened = fields.Datetime.to_datetime(begin + timedelta(days=7 * number)).replace(hour=9)
    request = env["aftersales.request"].create({
        "title": f"Request {number}", "partner_id": customer.id, "opened_at": opened, "asset_id": env[
            "aftersales.asset"].search([("name", "=", "OLD-3")]).id if number % 2 else False})
    request.record_event("resolved", opened + timedelta(hours=number * 3))
for months, amount in ((1, 1000.0), (2, 333.33)):
    day = begin + timedelta(days=31 * months)
    env["account.move"].create({
        "move_type": "out_invoice", "partner_id": customer.id, "invoice_date": day, "date": day,
        "invoice_line_ids": [Command.create({"name": "Repair", "price_unit": amount, "tax_ids": False})],
    }).action_post()
env.cr.commit()
env["aftersales.sla.clock"]._cron_clocks()
env["aftersales.nightly"]._cron_nightly()
env["aftersales.statement"]._cron_close_periods()
env["aftersales.nightly"]._cron_nightly()
env["account.move"].search([("move_type", "=", "out_invoice"), ("state", "=", "draft")])[:2].action_post()
env["aftersales.nightly"]._cron_nightly()
outcome = env["aftersales.settlement"]._run(env.company)
settled = env["aftersales.settlement"].search([], order="period_start")
settled.action_review()
settled[:2].action_send()
env["ir.config_parameter"].set_param("aftersales.test.fingerprint", review._paper_fingerprint())
env["ir.config_parameter"].set_param("aftersales.test.version", "19.0.4.0.0")
env.cr.commit()
print("closed statements:", env["aftersales.statement"].search_count([("state", "!=", "draft")]))
print("invoices:", env["account.move"].search_count([]), "penalties:", env["aftersales.penalty"].search_count([]),
      "settlements:", settled.mapped(lambda one: (one.name, one.state, one.total)), outcome.blocked,
      env["aftersales.nightly.problem"].search([]).mapped("message"))
