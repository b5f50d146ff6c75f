"""The timeline of a contract: versions, drafts of amendments and notices as plain values, the newest first."""

from odoo import fields, models
from odoo.tools import format_date, format_datetime

ICONS = {"signed": "fa-pencil-square-o", "amendment": "fa-random", "change": "fa-refresh", "draft": "fa-file-o",
         "cancelled": "fa-ban", "notice": "fa-envelope-o"}
SHOWN_TERMS = 6


class Contract(models.Model):
    _inherit = "aftersales.contract"

    version_timeline = fields.Json(string="Timeline", compute="_compute_version_timeline")

    def _compute_version_timeline(self):
        for contract in self:
            entries = contract._timeline_entries() if contract.id else []
            entries.sort(key=lambda entry: (entry["at"], entry["number"]), reverse=True)
            contract.version_timeline = entries

    def _timeline_entries(self):
        """Entries of one contract: dicts of key, model, id, kind, icon, title, at (UTC text to sort by), number,
        effective and recorded (days in words), badge, by, note, terms, can_compare. Rooms add theirs."""
        self.ensure_one()
        return [
            *(self._version_entry(version) for version in self.version_ids),
            *(self._draft_entry(draft) for draft in self.amendment_ids
              if draft.state not in ("signed", "terminated")),
            *(self._notice_entry(notice) for notice in self._timeline_notices()),
        ]

    def _timeline_notices(self):
        return self.notice_ids.filtered(lambda notice: notice.state != "draft")

    def _version_entry(self, version):
        cancelled = bool(version.cancelled_at)
        number = version.number
        titles = {
            "signed": self.env._("Version %s: as signed", number),
            "amendment": self.env._("Version %(number)s: amendment %(name)s", number=number,
                                    name=(version.amendment_id.name or "").rpartition("/")[2]),
            "change": self.env._("Version %s", number)}
        note = version.reason or ""
        if cancelled:
            why = version.amendment_id.amendment_cancelled
            note = self.env._("%(reason)s Cancelled on %(day)s: %(why)s", reason=note, why=why or "",
                              day=format_datetime(self.env, version.cancelled_at))
        terms = self._changed_words(version)
        return {
            "key": f"v{version.id}", "model": version._name, "id": version.id, "number": number,
            "kind": "cancelled" if cancelled else version.kind,
            "icon": ICONS["cancelled" if cancelled else version.kind], "title": titles[version.kind],
            "at": fields.Datetime.to_string(version.recorded_at),
            "effective": format_date(self.env, version.effective_on),
            "recorded": format_datetime(self.env, version.recorded_at),
            "apart": version._recorded_on() != version.effective_on,
            "badge": self._version_badge(version), "by": version.recorded_by_id.name or "", "note": note,
            "terms": terms[:SHOWN_TERMS], "more": max(len(terms) - SHOWN_TERMS, 0), "can_compare": number > 1,
            "document": version.amendment_id.id or False}

    def _version_badge(self, version):
        if version.cancelled_at:
            return "cancelled"
        if version.is_backdated:
            return "backdated"
        return "" if version.applied_at else "future"

    def _changed_words(self, version):
        """The terms that a version changes, in words; of the first version none, since it says everything."""
        if version.number == 1:
            return []
        changes = {key for key in version.changes if ":" not in key or key.count(":") == 1
                   or key.rpartition(":")[0] not in version.changes}
        found = []
        for key in sorted(changes, key=self._reading_order):
            label = self._term_label(key)
            if ":" in key and key.count(":") == 1:
                words = self.env._("%s: one added") if version.changes[key] else self.env._("%s: one removed")
                label = words % label
            if label not in found:
                found.append(label)
        return found

    def _draft_entry(self, draft):
        states = dict(self._fields["state"]._description_selection(self.env))
        return {
            "key": f"a{draft.id}", "model": draft._name, "id": draft.id, "number": 0, "kind": "draft",
            "icon": ICONS["draft"], "title": self.env._(
                "Amendment %(name)s: %(state)s", name=draft.name.rpartition("/")[2], state=states[draft.state].lower()),
            "at": fields.Datetime.to_string(draft.create_date), "effective": format_date(self.env, draft.effective_on),
            "recorded": format_datetime(self.env, draft.create_date), "apart": True, "badge": "draft",
            "by": draft.create_uid.name or "", "note": draft.amendment_reason or "", "terms": [], "more": 0,
            "can_compare": False, "document": draft.id}

    def _notice_entry(self, notice):
        at = notice.sent_at if notice.direction == "sent" else notice.received_at or notice.sent_at
        at = at or notice.registered_at or notice.create_date
        directions = dict(notice._fields["direction"]._description_selection(self.env))
        kinds = dict(notice._fields["kind"]._description_selection(self.env))
        return {
            "key": f"n{notice.id}", "model": notice._name, "id": notice.id, "number": 0, "kind": "notice",
            "icon": ICONS["notice"], "title": self.env._("Notice: %s", kinds[notice.kind]),
            "at": fields.Datetime.to_string(at), "recorded": format_datetime(self.env, at),
            "apart": bool(notice.ends_on),
            "effective": format_date(self.env, notice.ends_on) if notice.ends_on else "",
            "badge": "withdrawn" if notice.state == "withdrawn" else "", "by": notice.sender_id.display_name or "",
            "note": " · ".join(filter(None, (directions[notice.direction], notice.verdict or ""))), "terms": [],
            "more": 0, "can_compare": False, "document": False}
