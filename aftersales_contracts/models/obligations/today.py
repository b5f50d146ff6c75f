"""Today: what needs the reader, by desk. Sections follow the reader's groups; each figure opens the list behind it."""

from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

USER = "aftersales_contracts.group_user"
ACCOUNT = "aftersales_contracts.group_account_manager"
FINANCE = "aftersales_contracts.group_finance"
LEGAL = "aftersales_contracts.group_legal"
NEAR = ("overdue", "today", "soon")
SHOWN = 10


class TodayTile(NamedTuple):
    """One figure: how many records of ``model`` fit ``domain``; a click opens ``action`` (an XML id of the addon) on
    them. ``tone``: danger (late or broken), warning (soon), info (to do). ``hint``: a sentence under the label."""

    key: str
    label: str
    tone: str
    model: str
    domain: Any
    action: str
    hint: str = ""
    icon: str = "fa-circle-o"


class Today(models.AbstractModel):
    _name = "aftersales.today"
    _description = "What Needs Me Today"

    @api.model
    def get_today(self, everybody=False):
        """What needs the reader: {name, day, may_see_all, sections: [{key, title, icon, tiles}], rows}.

        Only tiles with something in them are given; ``everybody``: not only what is the reader's own or that of
        people the reader stands in for. One query a tile; rows: the next that fall due, at most ten.
        """
        if not self.env.user.has_group(USER):
            raise AccessError(self.env._("Only people of the service have a day here."))
        people = None if everybody else self._people()
        sections, found = [], self._today_sections(people)
        for key, title, icon in self._desks():
            tiles = [self._counted(tile) for tile in found.get(key, [])]
            filled = [tile for tile in tiles if tile["count"]]
            sections.append({"key": key, "title": title, "icon": icon, "tiles": filled})
        return {
            "name": self.env.user.name, "day": fields.Date.to_string(fields.Date.context_today(self)),
            "may_see_all": self.env.user.has_groups(f"{ACCOUNT},{FINANCE},{LEGAL}"),
            "sections": sections, "rows": self._rows(people)}

    @api.model
    def _desks(self):
        """(key, title, icon) of the reader's desks."""
        user, _ = self.env.user, self.env._
        desks = [
            ("account", _("Account Manager"), "fa-handshake-o", ACCOUNT),
            ("finance", _("Finance"), "fa-calculator", FINANCE),
            ("legal", _("Legal"), "fa-balance-scale", LEGAL),
        ]
        own = [desk[:3] for desk in desks if user.has_group(desk[3])]
        return own or [("service", _("Service"), "fa-wrench")]

    @api.model
    def _people(self):
        """The reader, and those whose substitute the reader is today."""
        day = fields.Date.context_today(self)
        rows = self.env["aftersales.delegation"].sudo().search([  # one may know whom one stands in for
            ("substitute_id", "=", self.env.uid), ("date_from", "<=", day), ("date_to", ">=", day)])
        return self.env.user | rows.person_id

    @api.model
    def _of(self, people, *names):
        """Domain of records whose one of the fields ``names`` is one of ``people`` (None: of anybody)."""
        if people is None:
            return Domain.TRUE
        return Domain.OR(Domain(name, "in", people.ids) for name in names)

    @api.model
    def _today_sections(self, people):
        """{desk: [`TodayTile`]}; rooms add theirs. ``people``: whose work counts, None: everybody's."""
        return {"account": [], "finance": [], "legal": [], "service": []}

    @api.model
    def _due_tile(self, key, label, tone, kinds, people, hint, icon):
        domain = Domain("kind", "in", kinds) & Domain("state", "in", NEAR) & self._of(people, "user_id")
        return TodayTile(key, label, tone, "aftersales.due", domain, "action_due", hint, icon)

    @api.model
    def _counted(self, tile):
        Model = self.env[tile.model]
        count = Model.search_count(tile.domain) if Model.has_access("read") else 0
        return {"key": tile.key, "label": tile.label, "tone": tile.tone, "hint": tile.hint, "icon": tile.icon,
                "count": count, "action": f"aftersales_contracts.{tile.action}",
                "domain": list(tile.domain) if count else []}

    @api.model
    def _rows(self, people):
        """What falls due next, in the order of days."""
        Due = self.env["aftersales.due"]
        kinds = dict(Due._fields["kind"]._description_selection(self.env))
        rows = Due.search(Domain("state", "in", NEAR) & self._of(people, "user_id"), limit=SHOWN)
        return [
            {"id": row.id, "kind": row.kind, "label": kinds[row.kind], "name": row.name, "state": row.state,
             "days_left": row.days_left, "date_due": fields.Date.to_string(row.date_due), "res_model": row.res_model,
             "res_id": row.res_id, "partner": row.partner_id.display_name or "", "user": row.user_id.name or ""}
            for row in rows]
