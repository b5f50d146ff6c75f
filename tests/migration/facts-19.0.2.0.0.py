"""What people had recorded with the older version: run in its shell on a database without demo data, and committed."""
# ruff: noqa: F821  (env is the shell's)
from datetime import timedelta

from odoo import Command, fields

today = fields.Date.today()
begin = today.replace(day=1) - timedelta(days=200)
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
terms = {"partner_id": customer.id, "policy_id": policy.id, "date_start": begin}
fee = [Command.create({"name": "Care", "price": 300.0, "quantity": 2.0})]
active, suspended, served, ended, draft, review = Contract.create([
    {**terms, "title": "Active", "statement_start": begin, "line_ids": fee}, {**terms, "title": "Suspended"},
    {**terms, "title": "Served", "service_mode": "authorised", "dealer_id": dealer.id},
    {**terms, "title": "Ended", "date_start": "2024-01-01", "date_end": "2024-12-31"}, {**terms, "title": "Draft"},
    {**terms, "title": "Review", "line_ids": fee}])
outsourced = Contract.create({
    **terms, "title": "Outsourced", "partner_id": provider.id, "line_ids": fee,
    "contract_type_id": env.ref("aftersales_contracts.contract_type_provider").id})
(active | suspended | served | ended | outsourced)._adopt("Agreed elsewhere")
env["aftersales.cover"]._create_unlocked([
    {"asset_id": asset.id, "contract_id": contract.id, "date_start": start, "date_end": end}
    for asset, contract, start, end in zip(
        env["aftersales.asset"].create([{"name": name, "partner_id": customer.id} for name in ("OLD-1", "OLD-3")]),
        (active, served), ("2026-01-15", begin), ("2026-06-30", False), strict=True)])
env["aftersales.asset"].create({"name": "OLD-2", "partner_id": customer.id})
suspended.suspend(today, "Quay closed", clock=False, billing=True, cover=False, shift_end=False)
review.action_submit()
for number in range(6):
    opened = fields.Datetime.to_datetime(begin + timedelta(days=7 * number)).replace(hour=9)
    request = env["aftersales.request"].create({
        "title": f"Request {number}", "partner_id": customer.id, "opened_at": opened, "asset_id": env[
            "aftersales.asset"].search([("name", "=", "OLD-3")]).id if number % 2 else False})
    request.record_event("resolved", opened + timedelta(hours=number))
env.cr.commit()
env["aftersales.sla.clock"]._cron_clocks()
env["aftersales.nightly"]._cron_nightly()
env["aftersales.statement"]._cron_close_periods()
env["ir.config_parameter"].set_param("aftersales.test.fingerprint", review._paper_fingerprint())
env.cr.commit()
print("closed statements:", env["aftersales.statement"].search_count([("state", "!=", "draft")]))
