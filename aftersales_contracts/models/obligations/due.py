"""Everything that falls due, of every kind, as one table: what calendars, "Today" and reminders read.

Nothing is stored: each kind is a source, a query on the records that still wait for somebody. A room adds the kinds it
knows by extending ``_sources``.
"""

from datetime import timedelta
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

KINDS = [
    ("notice", "Last Safe Day for Notice"),
    ("renewal", "Renewal"),
    ("end", "End of Contract"),
    ("review", "Contract Review"),
    ("nda", "NDA"),
    ("obligation", "Obligation"),
    ("certificate", "Certificate or Insurance"),
    ("audit", "Audit"),
    ("finding", "Finding"),
    ("breach_cure", "Cure Period of a Breach"),
    ("issue", "Issue or Dispute"),
    ("approval", "Approval"),
    ("signature", "Signature"),
    ("amendment", "Amendment"),
    ("maintenance", "Maintenance Visit"),
    ("index", "Price Revision"),
    ("clause_review", "Clause Review"),
    ("suspension", "Suspension"),
    ("entitlement", "Entitlement"),
    ("certification", "Certification of a Provider"),
    ("assessment", "Assessment of a Provider"),
    ("risk", "Risk"),
    ("settlement", "Answer to a Settlement"),
    ("settlement_dispute", "Dispute of a Settlement"),
    ("transfer", "Transfer of an Asset"),
]
DESKS = [("account", "Account Manager"), ("finance", "Finance"), ("legal", "Legal")]
STATES = [("overdue", "Overdue"), ("today", "Today"), ("soon", "Within 30 Days"), ("later", "Later")]
SOON = 30
# id = id of the record * STRIDE + code of the source: stable, and unique across sources.
STRIDE = 128
PEOPLE = {"account": "user_id", "finance": "finance_user_id", "legal": "legal_user_id"}
LIVE = ("active", "suspended", "notice")


class DueSource(NamedTuple):
    """A kind of record that falls due.

    ``code``: 1 to 127, never given to another source; ``kind``, ``desk``: as the selections above; ``model``;
    ``domain``: records that still wait; ``day``: its date field (of a datetime: its day in UTC); ``name``: text fields
    that name it; ``user``: fields of users, the first that is set is responsible, else (``by_desk``) the contract's
    person of that desk, else its account manager; ``contract``: field of the contract, "id" for the contract itself,
    None where there is none; ``partner``, ``company``: fields. All of them are columns, or columns of the contract
    written as "contract_id.name".
    """

    code: int
    kind: str
    desk: str
    model: str
    domain: Any
    day: str
    name: tuple
    user: tuple = ()
    contract: str | None = "contract_id"
    partner: str | None = "partner_id"
    company: str = "company_id"
    by_desk: bool = True


class Due(models.Model):
    _name = "aftersales.due"
    _description = "What Falls Due"
    _order = "date_due, id"
    _auto = False
    _rec_names_search = ["name", "contract_id.name", "contract_id.title", "partner_id.name"]

    name = fields.Char(readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(string="Record", model_field="res_model", readonly=True)
    contract_id = fields.Many2one("aftersales.contract", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Other Side", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date_due = fields.Date(string="Due", readonly=True)
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True)
    desk = fields.Selection(DESKS, readonly=True)
    state = fields.Selection(STATES, string="When", readonly=True)
    days_left = fields.Integer(readonly=True, aggregator=None, help="From today to the due day; negative: overdue.")

    @property
    def _table_query(self):
        today = fields.Date.context_today(self)
        rows = SQL(" UNION ALL ").join([self._source_sql(source) for source in self._sources()])
        return SQL(
            """SELECT due.*, due.date_due - %(today)s::date AS days_left,
                      CASE WHEN due.date_due < %(today)s THEN 'overdue' WHEN due.date_due = %(today)s THEN 'today'
                           WHEN due.date_due <= %(soon)s THEN 'soon' ELSE 'later' END AS state
                 FROM (%(rows)s) AS due""",
            today=today, soon=today + timedelta(days=SOON), rows=rows)

    @api.model
    def _sources(self):
        """The `DueSource`s. Rooms add theirs."""
        live = self.env["aftersales.contract"]._real() & Domain("state", "in", LIVE)
        named = ("name", "title")
        ours = Domain("contract_id", "=", False) | Domain(
            "contract_id", "any", self.env["aftersales.contract"]._real() & Domain("active", "=", True)
            & Domain("state", "not in", ("expired", "terminated")))
        last_of_its_kind = (
            Domain("state", "=", "done") & Domain("expires", "=", True) & Domain("next_made", "=", False))
        return [
            DueSource(2, "review", "account", "aftersales.contract", live, "next_review_date", named, contract="id"),
            DueSource(3, "obligation", "legal", "aftersales.obligation",
                      Domain("state", "in", ("open", "overdue")) & ours, "date_due", ("name",), ("user_id",)),
            DueSource(4, "certificate", "legal", "aftersales.obligation", last_of_its_kind & ours, "valid_until",
                      ("name",), ("user_id",)),
            DueSource(5, "audit", "legal", "aftersales.audit", Domain("state", "in", ("planned", "running")),
                      "date_planned", named, ("user_id",)),
            DueSource(6, "finding", "legal", "aftersales.finding", Domain("state", "in", ("open", "corrected")),
                      "date_due", ("name",), ("user_id",)),
            DueSource(7, "breach_cure", "legal", "aftersales.breach", Domain("state", "=", "notified"), "cure_until",
                      named, ("user_id",)),
            DueSource(8, "issue", "account", "aftersales.issue", Domain("state", "=", "open"), "date_due", ("name",),
                      ("user_id",)),
        ]

    def _source_sql(self, source):
        """One source as SELECT. The right to see a row is that of this model's rules, not of the source's."""
        Model = self.env[source.model].sudo().with_context(active_test=True)
        query = Model._search(Domain(source.domain) & Domain(source.day, "!=", False))
        if query.is_empty():  # known to find nothing: a condition that is never true
            query = Model._search(Domain("id", "<", 0))
        Contract, contract = self.env["aftersales.contract"].sudo(), query.table
        if source.contract and source.contract != "id":
            contract = query.left_join(query.table, source.contract, "aftersales_contract", "id", source.contract)

        def column(name):
            """SQL of a field of the source, or of its contract."""
            if not name:
                return SQL("NULL::int")
            if "." in name:
                return Contract._field_to_sql(contract, name.split(".")[1], query)
            return Model._field_to_sql(query.table, name, query)

        people = [column(name) for name in source.user]
        if source.contract and source.by_desk:
            people += [Contract._field_to_sql(contract, name, query) for name in (PEOPLE[source.desk], "user_id")]
        names = [SQL("NULLIF(%s, '/')", column(name)) for name in source.name]
        return query.select(
            SQL("%s::bigint * %s + %s AS id", column("id"), STRIDE, source.code),
            SQL("CONCAT_WS(' ', %s) AS name", SQL(", ").join(names)),
            SQL("%s AS kind", source.kind),
            SQL("%s AS desk", source.desk),
            SQL("%s AS res_model", source.model),
            SQL("%s AS res_id", column("id")),
            SQL("%s AS contract_id", column(source.contract)),
            SQL("%s AS partner_id", column(source.partner)),
            SQL("%s AS company_id", column(source.company)),
            SQL("%s::date AS date_due", column(source.day)),
            SQL("%s AS user_id", SQL("COALESCE(%s)", SQL(", ").join(people)) if people else SQL("NULL::int")),
        )

    def try_lock_for_update(self, *, allow_referencing=False, limit=None):
        """Rows of a view cannot be locked; whoever works on them has a unique key to hold on to."""
        return self[:limit] if limit is not None else self

    def _subject(self):
        """The record that falls due."""
        self.ensure_one()
        others = self.browse(self._prefetch_ids).filtered(lambda row: row.res_model == self.res_model)
        return self.env[self.res_model].browse(self.res_id).with_prefetch(others.mapped("res_id"))

    def action_open_record(self):
        """Open the record that falls due; the right to read it is checked there."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "name": self.name, "res_model": self.res_model, "res_id": self.res_id,
                "views": [(False, "form")]}


class Contract(models.Model):
    _inherit = "aftersales.contract"

    due_ids = fields.One2many("aftersales.due", "contract_id", string="Falls Due")
    due_count = fields.Integer(string="Due Soon", compute="_compute_due_count", help="Overdue, or due within 30 days.")

    def _compute_due_count(self):
        self._count_into("due_count", "aftersales.due", [("state", "!=", "later")])

    def action_view_due(self):
        """Everything that falls due under this contract, in the calendar and as a list."""
        return self._action("action_due", [])
