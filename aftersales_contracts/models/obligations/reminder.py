"""Reminder: somebody was told that something falls due. Appended only; each rung of a ladder once."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .due import KINDS


class Reminder(models.Model):
    _name = "aftersales.reminder"
    _inherit = ["aftersales.appended"]
    _description = "Reminder"
    _order = "told_at desc, id desc"
    _rec_name = "name"
    _log_access = False  # told_at says when; it is always the nightly work

    key = fields.Char(required=True, readonly=True, help="Kind, record, due day and rung: told once.")
    name = fields.Char(string="Subject", readonly=True)
    kind = fields.Selection(KINDS, readonly=True, required=True)
    res_model = fields.Char(string="Model", readonly=True, required=True)
    res_id = fields.Many2oneReference(string="Record", model_field="res_model", readonly=True, required=True)
    contract_id = fields.Many2one("aftersales.contract", readonly=True, index="btree_not_null", ondelete="set null")
    company_id = fields.Many2one("res.company", readonly=True, index=True, ondelete="cascade")
    due_on = fields.Date(string="Due", readonly=True, required=True)
    days = fields.Integer(string="Days before", readonly=True, aggregator=None)
    planned_on = fields.Date(string="To Go Out", readonly=True)
    superseded = fields.Boolean(readonly=True, help="A later rung was told in its place.")
    told_at = fields.Datetime(string="Told", readonly=True)
    user_ids = fields.Many2many(
        "res.users", "aftersales_reminder_user", "reminder_id", "user_id", string="Told to", readonly=True)
    activity_ids = fields.Many2many(
        "mail.activity", "aftersales_reminder_activity", "reminder_id", "activity_id", string="Activities",
        readonly=True)

    _key_uniq = models.UniqueIndex("(key)", "This reminder was sent already.")
    _rung = models.Index("(kind, res_id, due_on, days)")

    def _refuse_change(self):
        if self:
            raise UserError(self.env._("A reminder was sent: its record does not change."))

    @api.model
    def _claim(self, rows):
        """Record reminders that nobody recorded before; returns those recorded, in any order.

        ``rows``: dicts of stored values with a ``key``. A second worker that comes for the same key waits for the first
        one and then finds it taken, so a reminder is told by exactly one of them.
        """
        if not rows:
            return self.browse()
        names = list(rows[0])
        values = SQL(", ").join([SQL("%s", tuple(row[name] for name in names)) for row in rows])
        found = self.env.execute_query(SQL(
            "INSERT INTO %s (%s) VALUES %s ON CONFLICT (key) DO NOTHING RETURNING id",
            SQL.identifier(self._table), SQL(", ").join(map(SQL.identifier, names)), values))
        return self.browse(id_ for [id_] in found)

    def action_open_record(self):
        """Open what the reminder is about."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": self.res_model, "res_id": self.res_id,
                "views": [(False, "form")]}


class Due(models.Model):
    _inherit = "aftersales.due"

    @api.model
    def _nightly_remind_domain(self, today):
        """What has reached a rung of its ladder that was not told yet."""
        day = today or fields.Date.today()

        def untold(model, alias, query):
            return SQL(
                """EXISTS (
                    SELECT 1
                      FROM aftersales_reminder_ladder AS ladder
                CROSS JOIN unnest(string_to_array(ladder.days, '/')::int[]) AS rung
                     WHERE ladder.active AND ladder.kind = %(kind)s AND %(due)s - rung <= %(day)s
                       AND COALESCE(ladder.company_id, %(company)s) = %(company)s
                       AND (ladder.company_id IS NOT NULL OR NOT EXISTS (
                            SELECT 1 FROM aftersales_reminder_ladder AS own
                             WHERE own.active AND own.kind = ladder.kind AND own.company_id = %(company)s))
                       AND NOT EXISTS (
                            SELECT 1 FROM aftersales_reminder AS told
                             WHERE told.kind = %(kind)s AND told.res_id = %(record)s AND told.due_on = %(due)s
                               AND told.days = rung))""",
                kind=SQL.identifier(alias, "kind"), due=SQL.identifier(alias, "date_due"), day=day,
                company=SQL.identifier(alias, "company_id"), record=SQL.identifier(alias, "res_id"))

        return Domain.custom(to_sql=untold)
