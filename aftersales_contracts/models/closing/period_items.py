"""What a month still needs somebody for: decisions that no button takes, and work that the button was refused.

Nothing of it is stored but two things: what the last run left, with the reason, and what is carried over into a later
month, with the reason and by whom.
"""

from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

KINDS = [
    ("statement", "Statement to Close"),
    ("assess", "Period to Assess"),
    ("missing", "Figure Missing"),
    ("unmeasured", "Nothing Measured"),
    ("breach", "Incomplete Breach"),
    ("review", "Penalty to Review"),
    ("approve", "Penalty to Approve"),
    ("waiver", "Waiver to Approve"),
    ("dispute", "Disputed Penalty"),
    ("post", "Penalty to Post"),
    ("bill", "Contract to Bill"),
    ("draft", "Invoice Not Posted"),
    ("difference", "Ledger and Revenue Differ"),
    ("unattributed", "Revenue without an Agreement"),
    ("attribute", "Revenue to Attribute"),
    ("settlement_review", "Settlement to Review"),
    ("settlement_send", "Settlement to Send"),
    ("settlement_answer", "Settlement Not Answered"),
    ("settlement_dispute", "Disputed Settlement"),
    ("settlement_approve", "Settlement to Approve"),
    ("settlement_post", "Settlement to Post"),
    ("settle", "Dealer to Settle"),
    ("nightly", "Nightly Problem"),
]
COVERED = (  # steps of the night that the page takes itself
    "penalties", "provider_penalties", "billing_blocked", "settlements", "settlements_held_up")
STRIDE = 128  # id of an item = id of its record * STRIDE + code of the source


class ItemSource(NamedTuple):
    """Records that a month waits for.

    ``code``: 1 to 127, never given to another source; ``kind``: as above; ``model``; ``domain``; ``day``: the date or
    datetime field that says from which month on it counts (or a method: model, alias, query -> SQL), None: whatever the
    month; ``name``: its text fields;
    ``why``: the text field that says what is wrong, None: the kind says it; ``contract``: field of the contract, "id"
    for the contract itself, None where there is none; ``amount``, ``currency``: fields, or None; ``step``: key of the
    step that does it at a button, None: somebody has to decide. Fields are columns, or columns of the contract
    written as "contract_id.name".
    """

    code: int
    kind: str
    model: str
    domain: Any
    day: Any
    name: tuple
    why: str | None = None
    contract: str | None = "contract_id"
    amount: str | None = None
    currency: str | None = None
    company: str = "company_id"
    step: str | None = None


class PeriodItem(models.Model):
    _name = "aftersales.period.item"
    _description = "Left in a Month"
    _order = "carried, undecided desc, sequence, id"
    _auto = False
    _rec_names_search = ["name", "contract_id.name"]

    close_id = fields.Many2one("aftersales.period.close", string="Month", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    sequence = fields.Integer(readonly=True)
    kind = fields.Selection(KINDS, readonly=True, string="What")
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(string="Record", model_field="res_model", readonly=True)
    name = fields.Char(readonly=True)
    contract_id = fields.Many2one("aftersales.contract", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Other Side", readonly=True)
    day = fields.Date(readonly=True)
    amount = fields.Monetary(readonly=True, aggregator=None)
    currency_id = fields.Many2one("res.currency", readonly=True)
    why = fields.Char(string="Reason Known", readonly=True, help="What is wrong, or why the last run left it.")
    why_text = fields.Char(string="Why", compute="_compute_why_text")
    undecided = fields.Boolean(
        string="Needs a Decision", readonly=True, help="No button does it, or the button was refused.")
    carried = fields.Boolean(string="Carried Over", readonly=True)
    carry_reason = fields.Char(readonly=True)

    @property
    def _table_query(self):
        rows = SQL(" UNION ALL ").join([self._source_sql(source) for source in self._sources()])
        kinds = [kind for kind, _label in KINDS]
        return SQL(
            """SELECT s.id, c.id AS close_id, c.company_id, array_position(%(kinds)s, s.kind) AS sequence, s.kind,
                      s.res_model, s.res_id, s.name, s.contract_id, k.partner_id, s.day, s.amount, s.currency_id,
                      COALESCE(l.why, s.why) AS why, x.id IS NOT NULL AS carried, x.reason AS carry_reason,
                      x.id IS NULL AND (s.step IS NULL OR l.id IS NOT NULL) AS undecided
                 FROM (%(rows)s) s
                 JOIN aftersales_period_close c ON c.company_id = s.company_id AND c.state = 'open'
                      AND (s.day IS NULL OR s.day <= c.date_end)
            LEFT JOIN aftersales_contract k ON k.id = s.contract_id
            LEFT JOIN aftersales_period_left l ON l.close_id = c.id AND l.step = s.step
                      AND l.res_model = s.res_model AND l.res_id = s.res_id
            LEFT JOIN aftersales_period_carry x ON x.close_id = c.id AND x.kind = s.kind
                      AND x.res_model = s.res_model AND x.res_id = s.res_id""", rows=rows, kinds=kinds)

    @api.model
    def _sources(self):
        """The `ItemSource`s of the open month."""
        return [
            ItemSource(1, "statement", "aftersales.statement", Domain("state", "=", "draft"), "period_end",
                       ("contract_id.name", "contract_id.title"), why="problem", step="statements"),
            ItemSource(2, "nightly", "aftersales.nightly.problem", Domain("step", "not in", COVERED), None,
                       ("label", "name"), why="message"),
        ]

    def _source_sql(self, source):
        """One source as SELECT. The right to see a row is that of this model's rules, not of the source's."""
        Model = self.env[source.model].sudo().with_context(active_test=True)
        query = Model._search(Domain(source.domain))
        if query.is_empty():  # known to find nothing: a condition that is never true
            query = Model._search(Domain("id", "<", 0))
        Contract, contract = self.env["aftersales.contract"].sudo(), query.table
        if source.contract and source.contract != "id":
            contract = query.left_join(query.table, source.contract, "aftersales_contract", "id", source.contract)

        def column(name, kind):
            """SQL of a field of the source, or of its contract; NULL of a ``kind`` for none."""
            if not name:
                return SQL("NULL::%s", SQL(kind))
            if "." in name:
                return Contract._field_to_sql(contract, name.split(".")[1], query)
            return Model._field_to_sql(query.table, name, query)

        names = [SQL("NULLIF(%s, '/')", column(name, "text")) for name in source.name]
        return query.select(
            SQL("%s::bigint * %s + %s AS id", column("id", "int"), STRIDE, source.code),
            SQL("%s AS kind", source.kind),
            SQL("%s::text AS step", source.step),
            SQL("%s AS res_model", source.model),
            SQL("%s AS res_id", column("id", "int")),
            SQL("CONCAT_WS(' ', %s) AS name", SQL(", ").join(names)),
            SQL("%s AS contract_id", column(source.contract, "int")),
            SQL("%s AS company_id", column(source.company, "int")),
            SQL("%s::date AS day", source.day(Model, query.table, query) if callable(source.day)
                else column(source.day, "date")),
            SQL("%s::numeric AS amount", column(source.amount, "numeric")),
            SQL("%s AS currency_id", column(source.currency, "int")),
            SQL("%s::text AS why", column(source.why, "text")),
        )

    @api.depends("why", "kind", "res_id")
    @api.depends_context("lang")
    def _compute_why_text(self):
        for item in self:
            gaps = item._breach_gaps() if item.kind == "breach" else []
            item.why_text = item.why or (self.env._("It lacks %s.", ", ".join(gaps)) if gaps else False)

    def _breach_gaps(self):
        """What the chain of evidence lacks; nothing told of a breach that the reader may not see."""
        breach = self.env["aftersales.breach"].browse(self.res_id)
        return breach._chain_gaps() if breach.has_access("read") else []

    @api.depends("name", "kind")
    def _compute_display_name(self):
        for item in self:
            item.display_name = item._in_words()

    def _in_words(self):
        """One line: what it is, which record, and what is wrong where that is known."""
        self.ensure_one()
        kind = dict(self._fields["kind"]._description_selection(self.env))[self.kind]
        return " · ".join(filter(None, (kind, self.name, self.why)))

    def try_lock_for_update(self, *, allow_referencing=False, limit=None):
        """Rows of a view cannot be locked; the close holds on to its own row."""
        return self[:limit] if limit is not None else self

    def action_open_record(self):
        """Open the record that waits; the right to read it is checked there."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "name": self.name, "res_model": self.res_model, "res_id": self.res_id,
                "views": [(False, "form")]}

    def action_ask_to_carry(self):
        """Ask for the reason to leave these for a later month."""
        self.close_id._check_people()
        return self.close_id._ask_to_carry(self)

    def action_carry_over(self, reason=None):
        """Leave these for a later month, with a reason that the closed month keeps."""
        self.check_access("read")
        for close, items in self.grouped("close_id").items():
            close._check_people()
            close._check_open()
            reason = (reason or "").strip()
            if not reason:
                raise UserError(self.env._("Give the reason why it is carried over."))
            self.env["aftersales.period.carry"].sudo().create([{  # what is carried is read from the item, not entered
                "close_id": close.id, "kind": item.kind, "res_model": item.res_model, "res_id": item.res_id,
                "name": item.name, "contract_id": item.contract_id.id, "amount": item.amount,
                "currency_id": item.currency_id.id, "why": item.why, "reason": reason, "user_id": self.env.uid,
                "at": fields.Datetime.now()} for item in items if not item.carried])
        self.env["aftersales.period.item"].invalidate_model()
        return True
