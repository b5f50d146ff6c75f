"""What the cells of a log mean here: states to statuses, values to our codes and records. Asked once for each value."""

from ..service.service_status import METRICS
from ..sla.sla_target import IMPACTS, PRIORITIES
from .event_import_rows import WrongCell

RECORDS = {  # field: (model, fields that may name the record), read whole
    "tier_id": ("aftersales.support.tier", ("code", "name")),
    "type_id": ("aftersales.request.type", ("code", "name")),
    "team_id": ("aftersales.team", ("name",)),
    "country_id": ("res.country", ("code", "name")),
}
SEARCHED = {  # field: (model, fields that may name the record), looked up one by one: there may be very many
    "product_id": ("product.product", ("default_code", "barcode", "name")),
    "partner_id": ("res.partner", ("ref", "vat", "name")),
}
HARMLESS = ("country_id", "team_id", "product_id")  # unknown: left empty, counted and told; no promise depends on it


class Resolver:
    """Resolves the cells of one import under a profile; `WrongCell` where a value is unknown."""

    def __init__(self, profile, dry_run=False):
        self.profile, self.env, self.dry_run = profile, profile.env, dry_run
        self.states = profile.state_ids._most_specific()
        self.translated = {(line.field, line.foreign.strip().casefold()): (line.value or "").strip()
                           for line in profile.value_ids}
        self.known, self.made = {}, {}

    def __call__(self, field, text):
        if field == "status_id":
            return self._status(text)
        text = self.translated.get((field, text.casefold()), text)
        if not text:
            return None
        if field in SEARCHED:
            found = self._searched(field, text)
        else:
            if field not in self.known:
                self.known[field] = self._all(field)
            found = self.known[field].get(text.casefold())
        if found is None:
            raise WrongCell("unknown", harmless=field in HARMLESS)
        return found

    def _status(self, state):
        for pattern, status_id in self.states:
            if pattern.fullmatch(state):
                return status_id
        if not self.profile.create_statuses:
            raise WrongCell("state")
        if not self.env["aftersales.service.status"].has_access("create"):
            raise WrongCell("state_made")
        if self.dry_run:
            raise WrongCell("state_new", harmless=True)
        if state not in self.made:
            self.made[state] = self._made_status(state)
        return self.made[state]

    def _made_status(self, state):
        """A new status without effect on any clock, until somebody says what it does."""
        code = f"{self.profile.source}:{state}"
        Status = self.env["aftersales.service.status"]
        status = Status.search([("code", "=", code)])
        if not status:
            keep = {f"{metric}_effect": "keep" for metric, _label in METRICS}
            status = Status.create({"name": state, "code": code, "sequence": 200, **keep})
        self.env["aftersales.import.state"].create(
            {"profile_id": self.profile.id, "pattern": state, "status_id": status.id})
        return status.id

    def _all(self, field):
        """{name in any case: value} of a selection or of a small table."""
        selections = {"impact": IMPACTS, "priority": PRIORITIES}
        if field in selections:
            return {name.casefold(): key for key, label in selections[field] for name in (key, label)}
        model, names = RECORDS[field]
        records = self.env[model].search([], order="id desc")  # of two with a name the older one wins
        return {record[name].casefold(): record.id for name in reversed(names) for record in records if record[name]}

    def _searched(self, field, text):
        model, names = SEARCHED[field]
        company = self.profile.company_id
        for name in names:
            found = self.env[model].search([(name, "=", text), ("company_id", "in", [company.id, False])], limit=2)
            if len(found) == 1:
                return found.id
        return None
