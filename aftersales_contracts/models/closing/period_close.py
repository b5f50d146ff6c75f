"""Close of a month: one record a company and month, opened when the month has ended, closed once and for good.

A month closes over facts that are final: closed statements, penalties that are settled, invoices that are posted.
Each fact belongs to the first month that closes over it: what comes late lands in a later month, and a closed month
does not move. There is no reopening, for nothing in a closed month could be put right by it.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..statements.statement_snapshot import digest, period_label

PEOPLE = "aftersales_contracts.group_finance,aftersales_contracts.group_administrator"


class PeriodClose(models.Model):
    _name = "aftersales.period.close"
    _inherit = ["aftersales.frozen"]
    _description = "Close of a Month"
    _order = "date_start desc, id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict", index=True)
    date_start = fields.Date(string="First Day", required=True, readonly=True)
    date_end = fields.Date(string="Last Day", required=True, readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")], required=True, readonly=True, default="open", index=True)
    closed_at = fields.Datetime(string="Closed", readonly=True)
    closed_by_id = fields.Many2one("res.users", string="Closed by", readonly=True, ondelete="restrict")
    snapshot = fields.Json(readonly=True)
    snapshot_hash = fields.Char(
        string="Hash of the Snapshot", readonly=True, help="SHA-256 of what the month closed over.")
    run_at = fields.Datetime(string="Last Run", readonly=True)
    run_by_id = fields.Many2one("res.users", string="Run by", readonly=True, ondelete="restrict")
    run_text = fields.Text(string="What the Last Run Did", readonly=True)
    decision_count = fields.Integer(compute="_compute_left", string="To Decide")
    ready = fields.Boolean(compute="_compute_left", help="Nothing is left to do or to decide.")

    _month_uniq = models.UniqueIndex("(company_id, date_start)", "This month has a close already.")
    _one_open = models.UniqueIndex(
        "(company_id) WHERE state = 'open'", "A company closes one month at a time, in their order.")
    _whole_month = models.Constraint(
        "CHECK(date_start = date_trunc('month', date_start)::date"
        " AND date_end = (date_trunc('month', date_start) + interval '1 month - 1 day')::date)",
        "A close covers one calendar month.")

    @api.depends("date_start", "date_end")
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_display_name(self):
        several = len(self.env.companies) > 1
        for close in self:
            name = period_label(close.date_start, close.date_end, self.env.lang or "en_US") if close.date_start else ""
            close.display_name = f"{name} · {close.company_id.name}" if several else name

    def _compute_left(self):
        rows = self.env["aftersales.period.item"].sudo()._read_group(  # also what the reader may not see is left
            [("close_id", "in", self.ids), ("carried", "=", False)], ["close_id", "undecided"], ["__count"])
        counts = {(close.id, undecided): count for close, undecided, count in rows}
        for close in self:
            close.decision_count = counts.get((close.id, True), 0)
            close.ready = close.state == "open" and not close.decision_count and not counts.get((close.id, False))

    # --- guard -----------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """The page makes the month that is due; nobody enters one."""
        if not self.env.su or any({"state", "snapshot", "snapshot_hash", "closed_at"} & set(vals)
                                  for vals in vals_list):
            raise UserError(self.env._("Months are opened by the page Close the Month, in their order."))
        return super().create(vals_list)

    def write(self, vals):
        if {"state", "snapshot", "snapshot_hash", "closed_at", "closed_by_id", "date_start", "date_end",
                "company_id"} & set(vals):
            raise UserError(self.env._("A month is closed only by its button."))
        return super().write(vals)

    def _frozen(self):
        return self.filtered(lambda close: close.state == "closed")

    def _refuse_frozen(self):
        frozen = self._frozen()
        if frozen:
            raise UserError(self.env._(
                "%s is closed and does not change. What comes late lands in a later month.", frozen[:1].display_name))

    def _check_people(self):
        """Months are closed by finance and administrators, whichever way the call comes."""
        if not (self.env.su or self.env.user.has_groups(PEOPLE)):
            raise AccessError(self.env._("Only finance or an administrator closes a month."))
        self.check_access("read")

    def _check_open(self):
        self.ensure_one()
        if self.state != "open":
            raise UserError(self.env._("%s is closed already.", self.display_name))

    # --- the month that is due -------------------------------------------------------------------------------

    def action_this_month(self):
        """Open the page of the month to close, made where it is missing; the last one while the next still runs."""
        self.browse()._check_people()
        company = self.env.company
        close = self.sudo()._month_of(company).sudo(False)
        return {"type": "ir.actions.act_window", "name": self.env._("Close the Month"), "res_model": self._name,
                "res_id": close.id, "views": [(False, "form")], "target": "current"}

    def _month_of(self, company):
        """The open month of a company; else a new one for the first month that ended and is not closed; else the last
        closed one."""
        found = self.search([("company_id", "=", company.id), ("state", "=", "open")])
        if not found:
            last = self.search([("company_id", "=", company.id)], limit=1)
            this_month = _company_day(company).replace(day=1)
            first = last.date_end + timedelta(days=1) if last else fields.Date.subtract(this_month, months=1)
            if last and first >= this_month:
                return last
            found = self.create({
                "company_id": company.id, "date_start": first, "date_end": fields.Date.end_of(first, "month")})
        found._open_statements()
        return found

    # --- closing ---------------------------------------------------------------------------------------------

    def action_close(self):
        """Close the month over everything that is final. What is left must have been decided or carried over."""
        self._check_people()
        for close in self:
            close._check_open()
            close._check_closable()
            close.sudo()._close(self.env.user)  # the snapshot is the system's: nobody enters it
        return True

    def _check_closable(self):
        if self.date_end >= _company_day(self.company_id):
            raise UserError(self.env._(
                "%(month)s can be closed after its last day, %(day)s.", month=self.display_name, day=self.date_end))
        left = self.env["aftersales.period.item"].sudo().search(  # also what this person may not see is left
            [("close_id", "=", self.id), ("carried", "=", False)])
        if left:
            raise UserError(self.env._(
                "%(month)s is not closed: %(count)s left to do or to decide. Decide them, or carry them over with a "
                "reason. The first is: %(first)s", month=self.display_name, count=len(left),
                first=left[0]._in_words()))

    def _close(self, user):
        self.lock_for_update()
        self._record_facts()
        now = fields.Datetime.now()
        snapshot = self._snapshot()
        self._write_unguarded({
            "state": "closed", "snapshot": snapshot, "snapshot_hash": digest(snapshot), "closed_at": now,
            "closed_by_id": user.id})
        self.invalidate_recordset()


def _company_day(company):
    """The day it is for a company: in the zone of its working schedule."""
    return fields.Date.context_today(company.with_context(tz=company.resource_calendar_id.tz or "UTC"))
