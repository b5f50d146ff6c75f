"""The nightly reminders: rungs reached are told once, to people who are there; old ones go with their reason."""

from collections import defaultdict

from markupsafe import Markup
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ...engine.reminders import Subject, due_reminders
from ..common.nightly import NightlyStep


class Due(models.Model):
    _inherit = "aftersales.due"

    def _nightly_remind(self, today=None):
        """Tell what reached a rung: [(due row, sentence)]. Missed rungs are caught up with and told as one."""
        today = today or fields.Date.today()
        ladders = self.env["aftersales.reminder.ladder"]._by_kind()
        rows, reached = {}, {}
        for row in self:
            ladder = ladders.get((row.kind, row.company_id.id)) or ladders.get((row.kind, False))
            if ladder:
                subject = Subject(row.kind, row.res_id, row.date_due, ladder._rungs())
                rows[subject.kind, subject.key, subject.due] = row, ladder
                reached[subject] = None
        found = due_reminders(reached, today, sent=self._told_keys())
        told = self._claim(found, rows)
        latest = {}
        for one in found:
            if not one.superseded and one.key in told:
                latest[told[one.key]] = one, *rows[one.subject.kind, one.subject.key, one.subject.due]
        return self._tell(latest, today)

    def _told_keys(self):
        rows = self.env["aftersales.reminder"].search_fetch(
            [("res_id", "in", self.mapped("res_id")), ("kind", "in", self.mapped("kind"))], ["key"])
        return rows.mapped("key")

    def _claim(self, found, rows):
        """{key: reminder} of the engine's reminders ``found`` that this worker is the first to record."""
        now, values = fields.Datetime.now(), []
        for one in found:
            row, _ladder = rows[one.subject.kind, one.subject.key, one.subject.due]
            values.append({
                "key": one.key, "name": row.name, "kind": row.kind, "res_model": row.res_model, "res_id": row.res_id,
                "contract_id": row.contract_id.id or None, "company_id": row.company_id.id or None,
                "due_on": row.date_due, "days": one.days, "planned_on": one.on, "superseded": one.superseded,
                "told_at": now})
        return {reminder.key: reminder for reminder in self.env["aftersales.reminder"]._claim(values)}

    def _tell(self, latest, today):
        """Schedule activities and send e-mails for {reminder: (engine's reminder, due row, ladder)}."""
        if not latest:
            return []
        reminders = self.env["aftersales.reminder"].browse(reminder.id for reminder in latest)
        reminders._drop_former()
        people = self.env["aftersales.responsible"]._addressees([
            (row._wanted(ladder), row.contract_id, row.company_id, today) for _one, row, ladder in latest.values()])
        planned, links, mails, done = [], [], defaultdict(list), []
        for (reminder, (one, row, ladder)), users in zip(latest.items(), people, strict=True):
            summary = row._reminder_text(one.days_left)
            record = row._activity_record()
            links += [(reminder.id, user.id) for user in users]
            for user in users:
                if record:
                    planned.append((reminder, record, user, summary, row.date_due))
                if ladder.by_mail or not record:
                    mails[user].append((row, summary))
            names = ", ".join(users.mapped("name")) or self.env._("nobody to address")
            done.append((row, self.env._("%(summary)s: %(people)s told", summary=summary, people=names)))
        self._schedule(planned)
        self._mail(mails)
        reminders._link("user_ids", links)
        return done

    def _wanted(self, ladder):
        """Whom the ladder wants told about this row; whoever has left is replaced later."""
        users = self.env["res.users"]
        if ladder.to_owner:
            users |= self._owner()
        if ladder.to_account_manager:
            users |= self.contract_id.user_id
        if ladder.to_legal:
            users |= self.contract_id.legal_user_id
        return users

    def _owner(self):
        """Who is responsible; the named substitute of an owner who has left."""
        if self.user_id and not self.user_id.active and "substitute_id" in self.env[self.res_model]._fields:
            return self._subject().substitute_id or self.user_id
        return self.user_id

    def _activity_record(self):
        """The record on which an activity shows: the subject, or its contract; empty where neither has activities."""
        if "activity_ids" in self.env[self.res_model]._fields:
            return self._subject()
        return self.contract_id

    def _reminder_text(self, days_left):
        label = dict(self._fields["kind"]._description_selection(self.env))[self.kind]
        values = {"kind": label, "name": self.name, "days": abs(days_left)}
        if days_left < 0:
            return self.env._("%(kind)s: %(name)s is %(days)s days overdue", **values)
        if days_left == 0:
            return self.env._("%(kind)s: %(name)s is due today", **values)
        return self.env._("%(kind)s: %(name)s in %(days)s days", **values)

    def _schedule(self, planned):
        """One activity for each of (reminder, record, user, summary, day), all by one create."""
        kind = self.env.ref("aftersales_contracts.activity_reminder")
        model_id = self.env["ir.model"]._get_id
        for model in {row[1]._name for row in planned}:
            # An activity reads the name of its record one by one: read all of them before.
            self.env[model].browse(row[1].id for row in planned if row[1]._name == model).mapped("display_name")
        activities = self.env["mail.activity"].with_context(mail_activity_quick_update=True).create([
            {"res_model_id": model_id(record._name), "res_id": record.id, "user_id": user.id, "summary": summary,
             "activity_type_id": kind.id, "date_deadline": day, "automated": True}
            for _reminder, record, user, summary, day in planned])
        pairs = [(row[0].id, activity.id) for row, activity in zip(planned, activities, strict=True)]
        self.env["aftersales.reminder"]._link("activity_ids", pairs)

    def _mail(self, mails):
        """One message a person: {user: [(due row, sentence)]}."""
        subject = self.env._("What falls due")
        self.env["mail.mail"].create([
            {"subject": subject, "auto_delete": True, "recipient_ids": [fields.Command.set(user.partner_id.ids)],
             "body_html": Markup("<p>%s</p><ul>%s</ul>") % (
                 self.env._("What falls due, %s:", user.name),
                 Markup().join(Markup("<li>%s (%s)</li>") % (summary, format_date(self.env, row.date_due))
                               for row, summary in rows))}
            for user, rows in mails.items() if user.partner_id.email])


class Reminder(models.Model):
    _inherit = "aftersales.reminder"

    def _link(self, name, pairs):
        """Fill the relation behind a many2many of the log, which nobody has the right to write."""
        field = self._fields[name]
        if pairs:
            self.env.cr.execute(SQL(
                "INSERT INTO %s (%s, %s) VALUES %s ON CONFLICT DO NOTHING",
                SQL.identifier(field.relation), SQL.identifier(field.column1), SQL.identifier(field.column2),
                SQL(", ").join([SQL("%s", pair) for pair in pairs])))
            self.invalidate_model([name])

    def _drop_former(self):
        """Activities of earlier reminders of the same subjects go: one subject has one open reminder a person."""
        domain = Domain.OR(
            Domain("kind", "=", kind) & Domain("res_id", "in", reminders.mapped("res_id"))
            for kind, reminders in self.grouped("kind").items())
        former = self.search(domain & Domain("activity_ids", "!=", False) & Domain("id", "not in", self.ids))
        former.activity_ids.unlink()

    @api.model
    def _settled(self, kind, records):
        """What ``records`` waited for is done: the activities of their reminders go at once."""
        # Whoever settles a record need not have the right to remove other people's activities.
        self.sudo().search([
            ("kind", "=", kind), ("res_id", "in", records.ids), ("activity_ids", "!=", False)]).activity_ids.unlink()

    @api.model
    def _nightly_stale_domain(self, today):
        """Reminders whose activity still stands though their subject is done, gone, or due on another day."""
        return Domain("activity_ids", "any", [("active", "=", True)])

    def _nightly_stale(self, today=None):
        """Remove the activities of subjects that wait no more."""
        waiting = {(row.kind, row.res_id, row.date_due) for row in self.env["aftersales.due"].search(
            [("res_id", "in", self.mapped("res_id")), ("kind", "in", self.mapped("kind"))])}
        stale = self.filtered(lambda r: (r.kind, r.res_id, r.due_on) not in waiting)
        stale.activity_ids.unlink()
        return [(reminder, self.env._("no longer due: its activity is removed")) for reminder in stale]


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [
            *super()._steps(),
            NightlyStep(110, "reminders", self.env._("Reminders"), "aftersales.due", "_nightly_remind_domain",
                        "_nightly_remind"),
            NightlyStep(112, "stale_reminders", self.env._("Reminders of What Is Done"), "aftersales.reminder",
                        "_nightly_stale_domain", "_nightly_stale"),
        ]
