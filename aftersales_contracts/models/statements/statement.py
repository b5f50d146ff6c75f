"""Statement: what a contract promised in one period and what was kept, closed once and for all.

A draft shows the open period live. Closing takes a snapshot of every input, its SHA-256 and the PDF; from then on
nothing of it changes, and what comes to light later is stated as a correction in the next statement.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .statement_snapshot import period_label

GUARDED = {  # what only closing, sending and checking set
    "name", "state", "contract_id", "period_start", "period_end", "start_at", "end_at", "zone", "snapshot",
    "snapshot_hash", "attachment_id", "logo_attachment_id", "closed_at", "closed_by_id", "rendered_with", "sent_at",
    "send_pending", "problem",
}
REPORT = "aftersales_contracts.report_statement"


class Statement(models.Model):
    _name = "aftersales.statement"
    _inherit = ["aftersales.frozen", "portal.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "Compliance Statement"
    _order = "period_start desc, name desc, id desc"
    _rec_names_search = ["name", "contract_id.name", "partner_id.name"]
    _free_fields = frozenset({"access_token"})

    name = fields.Char(string="Number", readonly=True, copy=False, default="/", index="trigram")
    contract_id = fields.Many2one("aftersales.contract", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="contract_id.partner_id", store=True, index=True, string="Customer")
    user_id = fields.Many2one(related="contract_id.user_id", string="Account Manager")
    period_start = fields.Date(required=True, readonly=True)
    period_end = fields.Date(required=True, readonly=True, help="The last day of the period.")
    start_at = fields.Datetime(required=True, readonly=True)
    end_at = fields.Datetime(required=True, readonly=True, help="The first instant after the period.")
    zone = fields.Char(required=True, readonly=True, string="Times in")
    period_text = fields.Char(string="Period", compute="_compute_period_text")
    state = fields.Selection(
        [("draft", "Draft"), ("closed", "Closed"), ("sent", "Sent")], required=True, readonly=True, default="draft",
        copy=False, index=True, tracking=True, group_expand=True)
    can_close = fields.Boolean(compute="_compute_can_close", help="A draft whose period has ended.")
    note = fields.Text(string="Notes", help="Printed at the end of the statement; fixed when the period is closed.")
    line_ids = fields.One2many("aftersales.statement.line", "statement_id", string="Figures", readonly=True)
    compliance_ids = fields.Many2many(
        "aftersales.compliance", compute="_compute_compliance_ids",
        help="The live figures of a period that is not closed yet.")
    correction_ids = fields.One2many(
        "aftersales.statement.correction", "statement_id", string="Corrections", readonly=True)
    later_correction_ids = fields.One2many(
        "aftersales.statement.correction", "origin_id", string="Corrected Later", readonly=True)
    due = fields.Integer(compute="_compute_totals")
    met = fields.Integer(compute="_compute_totals")
    breached = fields.Integer(compute="_compute_totals")
    excused = fields.Integer(compute="_compute_totals")
    rate_text = fields.Char(string="Attained", compute="_compute_totals")
    snapshot = fields.Json(readonly=True, copy=False)
    snapshot_hash = fields.Char(string="Hash of the Inputs", readonly=True, copy=False, help="SHA-256.")
    attachment_id = fields.Many2one(
        "ir.attachment", string="Stored PDF", readonly=True, copy=False, ondelete="restrict", index="btree_not_null")
    logo_attachment_id = fields.Many2one("ir.attachment", readonly=True, copy=False, ondelete="restrict",
                                         index="btree_not_null")
    preview = fields.Binary(compute="_compute_preview", string="PDF")
    closed_at = fields.Datetime(readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", string="Closed by", readonly=True, copy=False)
    sent_at = fields.Datetime(readonly=True, copy=False)
    rendered_with = fields.Char(readonly=True, copy=False, help="Fonts and library that drew the stored PDF.")
    send_pending = fields.Boolean(readonly=True, copy=False, help="The scheduled action still has to e-mail it.")
    problem = fields.Char(readonly=True, copy=False, help="Why it could not be closed or sent the last time.")

    _period_uniq = models.UniqueIndex(
        "(contract_id, period_start)", "There is already a statement of this contract for this period.")
    _number_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name <> '/'", "Two statements of a company cannot have the same number.")
    _to_send = models.Index("(id) WHERE send_pending")

    @api.depends("name", "contract_id", "period_start", "period_end")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for statement in self:
            number = statement.name if statement.name != "/" else self.env._("Draft")
            statement.display_name = f"{number} · {statement.contract_id.name} · {statement.period_text}"

    @api.depends("period_start", "period_end")
    @api.depends_context("lang")
    def _compute_period_text(self):
        lang = self.env.lang or "en_US"
        for statement in self:
            statement.period_text = statement.period_start and period_label(
                statement.period_start, statement.period_end, lang)

    def _compute_access_url(self):
        super()._compute_access_url()
        for statement in self:
            statement.access_url = f"/my/statements/{statement.id}"

    def _get_report_base_filename(self):
        self.ensure_one()
        name = self.name if self.name != "/" else self.env._("Preview")
        return f"{name} {self.contract_id.name} {self.period_start:%Y-%m-%d}".replace("/", "-")

    @api.depends("state", "end_at")
    def _compute_can_close(self):
        now = fields.Datetime.now()
        for statement in self:
            statement.can_close = statement.state == "draft" and bool(statement.end_at) and statement.end_at <= now

    @api.depends("state", "contract_id", "period_start")
    def _compute_compliance_ids(self):
        rows = self.env["aftersales.compliance"].search([("contract_id", "in", self.contract_id.ids)])
        grouped = rows.grouped(lambda row: (row.contract_id, row.period_start))
        for statement in self:
            statement.compliance_ids = grouped.get((statement.contract_id, statement.period_start), False)

    @api.depends("line_ids", "compliance_ids")
    def _compute_totals(self):
        for statement in self:
            rows = statement.compliance_ids if statement.state == "draft" else statement.line_ids
            for name in ("due", "met", "breached", "excused"):
                statement[name] = sum(rows.mapped(name))
            statement.rate_text = rows._total_rate_text(statement.met, statement.breached)

    def _compute_preview(self):
        for statement in self:
            statement.preview = statement._pdf_base64()

    # --- guard -----------------------------------------------------------------------------------------------

    def _frozen(self):
        return self.filtered(lambda statement: statement.state != "draft")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if (GUARDED - {"contract_id", "period_start", "period_end", "start_at", "end_at", "zone"}) & set(vals):
                raise UserError(self.env._("A statement starts as a draft: create it, then close it."))
        return super().create(vals_list)

    def write(self, vals):
        guarded = GUARDED & set(vals)
        if guarded:
            raise UserError(self.env._(
                "%s of a statement changes only through its buttons.", ", ".join(sorted(guarded))))
        return super().write(vals)

    def _check_may_close(self):
        """Closing, sending and checking are for finance and administrators, whichever way the call comes."""
        if not (self.env.su or self.env.user.has_groups(
                "aftersales_contracts.group_finance,aftersales_contracts.group_administrator")):
            raise AccessError(self.env._("Only finance or an administrator closes and sends statements."))
        self.check_access("read")

    # --- drafts ----------------------------------------------------------------------------------------------

    @api.model
    def _drafts(self, periods):
        """The statement of each `PeriodRow`, made where it is missing; a draft follows a changed period."""
        found = {(s.contract_id.id, s.period_start): s for s in self.search(
            [("contract_id", "in", [row.contract_id for row in periods])])}
        missing = [row for row in periods if (row.contract_id, row.first) not in found]
        zones = {c.id: c._zone() for c in self.env["aftersales.contract"].browse({row.contract_id for row in periods})}
        quiet = self.with_context(tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True)
        made = quiet.create([{
            "contract_id": row.contract_id, "period_start": row.first, "period_end": row.last,
            "start_at": row.start_at, "end_at": row.end_at, "zone": zones[row.contract_id]} for row in missing])
        found.update({(s.contract_id.id, s.period_start): s for s in made.with_env(self.env)})
        wanted = self.browse()
        for row in periods:
            statement = found[row.contract_id, row.first]
            bounds = {"period_end": row.last, "start_at": row.start_at, "end_at": row.end_at,
                      "zone": zones[row.contract_id]}
            if statement.state == "draft" and any(statement[name] != value for name, value in bounds.items()):
                statement._write_unguarded(bounds)
            wanted |= statement
        return wanted

    # --- buttons ---------------------------------------------------------------------------------------------

    def action_preview(self):
        """Show the PDF: the stored one of a closed period, today's figures of an open one."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"/report/pdf/{REPORT}/{self.id}", "target": "new"}

    def action_view_breaches(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_sla_clock")
        return {**action, "context": {}, "domain": [
            ("contract_id", "=", self.contract_id.id), ("state", "=", "breached"),
            ("decided_at", ">=", self.start_at), ("decided_at", "<", self.end_at)]}


class Contract(models.Model):
    _inherit = "aftersales.contract"

    statement_ids = fields.One2many("aftersales.statement", "contract_id", string="Statements")
    compliance_ids = fields.One2many("aftersales.compliance", "contract_id", string="Compliance Figures")

    def action_open_draft(self):
        """Open the statement of the period that is still open: a draft with today's figures."""
        self.ensure_one()
        self.check_access("read")
        periods = self.sudo()._open_periods()
        if not periods:
            raise UserError(self.env._("Contract %s has no open period yet.", self.display_name))
        self.env["aftersales.compliance"].sudo()._bring_up_to_date(self.sudo())
        statement = self.env["aftersales.statement"].sudo()._drafts(periods[-1:])
        return {"type": "ir.actions.act_window", "res_model": "aftersales.statement", "res_id": statement.id,
                "view_mode": "form", "views": [(False, "form")]}
