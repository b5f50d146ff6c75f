"""Reference terms given as a JSON document, turned into records: schedules, policy, statuses, profile and contract.

The document names a calendar for each country, a response and a resolution target by impact, and which states of
the log pause, stop and cancel. Everything made carries the replay's source in its name and is found again by it.
"""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..sla.sla_target import IMPACTS
from .import_profile import _compiled

METRIC_OF = {"response": "first_response", "resolution": "resolution"}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60
KIND_OF = {"run": "in_progress", "pause": "waiting", "stop": "done", "cancel": "cancelled"}
COLUMNS = (("reference", "request"), ("occurred_at", "occurred_at"), ("state", "status"), ("state", "sub_status"),
           ("impact", "impact"), ("country_id", "country"))


class Replay(models.AbstractModel):
    _inherit = "aftersales.replay"

    def _make_profile(self, source, terms, states):
        """The import profile of a replay, with everything that it stands on.

        ``states``: the states that occur in the log. Raises UserError where the terms cannot be expressed.
        """
        calendars = {key: self._make_calendar(f"{source} {key}", given) for key, given in terms["calendars"].items()}
        statuses = {state: self._make_status(*self._meaning(state, terms)) for state in sorted(states)}
        policy = self._make_policy(source, terms, calendars, set(statuses.values()))
        partner = self.env["res.partner"].create({"name": source, "is_company": True})
        contract = self.env["aftersales.contract"].create({
            "title": source, "partner_id": partner.id, "policy_id": policy.id, "date_start": "1970-01-01"})
        contract._adopt(self.env._("Made to replay a log of service events."))
        countries = self._countries(terms)
        return self.env["aftersales.import.profile"].create({
            "name": source, "source": source, "tz": "UTC", "contract_id": contract.id,
            "column_ids": [Command.create({"field": field, "column": column, "sequence": index})
                           for index, (field, column) in enumerate(COLUMNS)],
            "state_ids": [Command.create({"pattern": state, "status_id": status.id})
                          for state, status in statuses.items()],
            "value_ids": [Command.create({"field": "country_id", "foreign": key, "value": country.code})
                          for key, country in countries.items()]})

    # --- schedules -------------------------------------------------------------------------------------------

    def _make_calendar(self, name, given):
        zone = ZoneInfo(given["tz"])
        windows = _merged_windows(given["week"])
        calendar = self.env["resource.calendar"].create({
            "name": name, "tz": given["tz"], "company_id": self.env.company.id,
            "attendance_ids": [Command.clear()] + [
                Command.create({"name": f"{WEEKDAYS[day]} {start // 60:02d}", "dayofweek": str(day),
                                "hour_from": start / 60, "hour_to": end / 60,
                                "day_period": "morning" if start < DAY // 2 else "afternoon"})
                for day, start, end in windows]})
        self.env["resource.calendar.leaves"].create([
            {"name": day, "calendar_id": calendar.id, "company_id": calendar.company_id.id, "resource_id": False,
             "date_from": _midnight(date.fromisoformat(day), zone),
             "date_to": _midnight(date.fromisoformat(day) + timedelta(1), zone)}
            for day in given.get("holidays", ())])
        return calendar

    def _countries(self, terms):
        """{key of a calendar: country}."""
        Country = self.env["res.country"]
        found = {}
        for key in terms["calendars"]:
            found[key] = Country.search([("code", "=", key.upper())], limit=1)
            if not found[key] and len(key) == 2:
                found[key] = Country.create({"name": key.upper(), "code": key.upper()})
            if not found[key]:
                raise UserError(self.env._("Calendar %s is not named by the two letters of a country.", key))
        return found

    # --- states ----------------------------------------------------------------------------------------------

    def _meaning(self, state, terms):
        """(effect on the resolution clock, whether it answers the request) of a state of the log."""
        lists = terms["states"]
        effect = next((effect for effect in ("cancel", "pause", "stop") if _fits(state, lists.get(effect, ()))), "run")
        text = terms["targets"]["response"]["stops_at"]
        answers = re.split(r"\s*(?:,|\bor\b)\s*", text.rpartition("status ")[2].strip())
        return effect, state.split("/")[0] in answers

    def _make_status(self, effect, answers):
        """The status of a meaning; shared by all replays, and archived, so that nobody else meets it."""
        code = f"replay:{effect}:{'answered' if answers else 'open'}"
        Status = self.env["aftersales.service.status"].with_context(active_test=False)
        response = "cancel" if effect == "cancel" else "stop" if answers else "run"
        return Status.search([("code", "=", code)]) or Status.create({
            "name": code, "code": code, "kind": KIND_OF[effect], "active": False, "sequence": 900,
            "first_response_effect": response, "resolution_effect": effect,
            "on_site_effect": "keep", "periodic_update_effect": "keep"})

    # --- policy ----------------------------------------------------------------------------------------------

    def _make_policy(self, source, terms, calendars, statuses):
        """The policy; its own status rules hold whatever somebody does to the shared statuses later."""
        impacts = {label.casefold(): key for key, label in IMPACTS}
        unknown = {name for target in terms["targets"].values() for name in target["minutes"]} - {
            label for _key, label in IMPACTS}
        if any(name.casefold() not in impacts for name in unknown):
            raise UserError(self.env._("Unknown impact in the terms: %s.", ", ".join(sorted(unknown))))
        countries = self._countries(terms)
        return self.env["aftersales.sla.policy"].create({
            "name": source, "calendar_id": calendars[terms["default_calendar"]].id, "on_cancel": "cancel",
            "priority_basis": "last",
            "country_calendar_ids": [
                Command.create({"country_id": countries[key].id, "calendar_id": calendar.id})
                for key, calendar in calendars.items()],
            "target_ids": [
                Command.create({"metric": METRIC_OF[name], "impact": impacts[impact.casefold()],
                                "duration_minutes": minutes, "pausable": target["pausable"],
                                "on_reopen": target.get("on_reopen", "final")})
                for name, target in terms["targets"].items() for impact, minutes in target["minutes"].items()],
            "status_rule_ids": [
                Command.create({"metric": metric, "status_id": status.id, "effect": status._effect(metric)})
                for status in statuses for metric in METRIC_OF.values()]})


def _fits(state, patterns):
    return any(_compiled(pattern).fullmatch(state) for pattern in patterns)


def _minutes(text):
    """"08:30" -> 510.

    >>> _minutes("24:00")
    1440
    """
    hours, minutes = text.split(":")[:2]
    return int(hours) * 60 + int(minutes)


def _merged_windows(week):
    """[(weekday, start minute, end minute)]: overnight windows split at midnight, overlapping ones joined.

    >>> _merged_windows({"sun": [["22:00", "02:00"]], "mon": [["01:00", "05:00"]]})
    [(0, 0, 300), (6, 1320, 1440)]
    """
    pieces = []
    for name, windows in week.items():
        day = WEEKDAYS.index(name[:3].lower())
        for start, end in ((_minutes(start), _minutes(end)) for start, end in windows):
            if end > start:
                pieces.append((day, start, end))
            else:
                pieces += [(day, start, DAY), ((day + 1) % 7, 0, end)] if end else [(day, start, DAY)]
    merged = []
    for day, start, end in sorted(pieces):
        if merged and merged[-1][0] == day and merged[-1][2] >= start:
            merged[-1] = (day, merged[-1][1], max(end, merged[-1][2]))
        else:
            merged.append((day, start, end))
    return merged


def _midnight(day, zone):
    """The beginning of a local day, in naive UTC as Odoo stores it."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
