"""What people had recorded with the older version: run in its shell on a database without demo data, and committed."""
# ruff: noqa: F821  (env is the shell's)
from datetime import timedelta

from odoo import fields

today = fields.Date.today()
begin = today.replace(day=1) - timedelta(days=200)
Contract, Partner = env["aftersales.contract"], env["res.partner"]
customer, dealer = Partner.create([{"name": "Hafen", "is_company": True}, {"name": "Baltic", "is_company": True}])
calendar = env["resource.calendar"].create({
    "name": "Office", "tz": "Europe/Berlin", "attendance_ids": [(5, 0, 0)] + [
        (0, 0, {"name": "Hours", "dayofweek": str(day), "hour_from": start, "hour_to": end, "day_period": part})
        for day in range(5) for start, end, part in ((8, 12, "morning"), (13, 17, "afternoon"))]})
policy = env["aftersales.sla.policy"].create({
    "name": "Office", "calendar_id": calendar.id,
    "target_ids": [(0, 0, {"metric": metric, "duration_minutes": 240}) for metric in ("first_response", "resolution")]})
terms = {"partner_id": customer.id, "policy_id": policy.id, "date_start": begin}
active, suspended, served, ended, draft = Contract.create([
    {**terms, "title": "Active", "statement_start": begin}, {**terms, "title": "Suspended"},
    {**terms, "title": "Served", "service_mode": "authorised", "dealer_id": dealer.id},
    {**terms, "title": "Ended", "date_start": "2024-01-01", "date_end": "2024-12-31"}, {**terms, "title": "Draft"}])
(active | suspended | served | ended).action_activate()
Contract._cron_expire()
suspended.action_suspend()
env["aftersales.asset"].create([
    {"name": "OLD-1", "partner_id": customer.id, "contract_id": active.id, "date_start": "2026-01-15",
     "date_end": "2026-06-30"},
    {"name": "OLD-2", "partner_id": customer.id},
    {"name": "OLD-3", "partner_id": customer.id, "contract_id": served.id}])
for number in range(6):
    opened = fields.Datetime.to_datetime(begin + timedelta(days=7 * number)).replace(hour=9)
    request = env["aftersales.request"].create({
        "title": f"Request {number}", "partner_id": customer.id, "opened_at": opened, "asset_id": env[
            "aftersales.asset"].search([("name", "=", "OLD-3")]).id if number % 2 else False})
    request.record_event("resolved", opened + timedelta(hours=number))
env.cr.commit()
env["aftersales.sla.clock"]._cron_clocks()
env["aftersales.statement"]._cron_close_periods()
env.cr.commit()
print("closed statements:", env["aftersales.statement"].search_count([("state", "!=", "draft")]))
