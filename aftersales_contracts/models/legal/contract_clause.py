"""Clauses of a contract: the text as agreed, numbered, with the library text it began with."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine import clause_text
from ...engine.errors import EngineError
from ...report.agreement_values import ClauseText
from ...report.clauses import paragraphs
from .clause_placeholders import as_written, filled
from .clause_version import cleaned

# Found out here: what a remote call says of them is not listened to.
DERIVED = frozenset({"edited_by_id", "deviation", "review_state"})


class ContractClause(models.Model):
    _name = "aftersales.contract.clause"
    _inherit = ["aftersales.paper.row"]
    _description = "Clause"
    _order = "contract_id, sequence, id"
    _rec_name = "title"
    _check_company_auto = True
    _paper_group = "clauses"
    _paper_fields = ("sequence", "level", "title", "clause_id", "version_id", "text")

    sequence = fields.Integer(default=1000)
    level = fields.Selection(
        [("1", "Clause"), ("2", "Sub-clause"), ("3", "Sub-clause of a Sub-clause")], required=True, default="1")
    number = fields.Char(compute="_compute_number", help="As printed; it follows the order of the clauses.")
    title = fields.Char(string="Heading", required=True)
    clause_id = fields.Many2one(
        "aftersales.clause", string="Library Clause", index="btree_not_null", ondelete="restrict", check_company=True,
        domain=[("use", "=", "contract")])
    version_id = fields.Many2one(
        "aftersales.clause.version", string="Library Text", index="btree_not_null", ondelete="restrict",
        domain="[('clause_id', '=', clause_id), ('state', '=', 'approved')]", help="The text this one began with.")
    text = fields.Text(required=True, help="As agreed: plain text, a paragraph a line.")
    filled_text = fields.Text(compute="_compute_filled_text", help="With the values of the contract.")
    missing_values = fields.Char(
        compute="_compute_filled_text", help="Placeholders for which the contract has no value.")
    edited_by_id = fields.Many2one("res.users", string="Last Edited by", readonly=True, copy=False)
    is_mandatory = fields.Boolean(string="Mandatory", compute="_compute_is_mandatory")
    state = fields.Selection(related="contract_id.state", string="Contract State")

    @api.depends("number", "title")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.number} {row.title or ''}".strip() if row.number else row.title

    @api.depends("sequence", "level", "text", "contract_id.clause_ids.sequence", "contract_id.clause_ids.level",
                 "contract_id.clause_ids.text")
    def _compute_number(self):
        for contract in self.contract_id:
            numbers = numbered(contract.clause_ids.sorted(lambda row: (row.sequence, row._origin.id or 0)))
            for row in self.filtered(lambda one, contract=contract: one.contract_id == contract):
                row.number = numbers.get(row) or numbers.get(row._origin) or ""
        self.filtered(lambda row: not row.contract_id).number = ""

    @api.depends("text", "contract_id")
    @api.depends_context("lang")
    def _compute_filled_text(self):
        for contract, rows in self.grouped("contract_id").items():
            values = contract._filling() if contract else {}
            for row in rows:
                row.filled_text, missing = filled(row.text or "", values)
                row.missing_values = ", ".join(as_written(name) for name in missing)

    @api.depends("clause_id", "contract_id.contract_type_id")
    def _compute_is_mandatory(self):
        for row in self:
            row.is_mandatory = row.contract_id.contract_type_id in row.clause_id.sudo().mandatory_type_ids

    def _filled_text(self):
        """The text to print. Raises UserError naming clause and placeholder where a value is missing."""
        self.ensure_one()
        text, missing = filled(self.text, self.contract_id._filling())  # of now: not what a form has computed before
        if missing:
            raise UserError(self.env._(
                "Clause %(clause)s of contract %(contract)s needs a value for %(names)s. Fill it in on the contract.",
                clause=self.display_name, contract=self.contract_id.display_name,
                names=", ".join(map(as_written, missing))))
        return text

    # --- writing -------------------------------------------------------------------------------------------------

    @api.onchange("clause_id")
    def _onchange_clause_id(self):
        if self.clause_id and self.version_id.clause_id != self.clause_id:
            self.version_id = self.clause_id._pick_version(
                self.contract_id._document_lang(), self.contract_id._library_day())

    @api.onchange("version_id")
    def _onchange_version_id(self):
        if self.version_id and self.version_id != self._origin.version_id:
            self.clause_id, self.title, self.text = (
                self.version_id.clause_id, self.version_id.title, self.version_id.text)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._complete(vals) for vals in vals_list])

    @api.model_create_multi
    def _create_unlocked(self, vals_list):
        return super()._create_unlocked([self._complete(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._authored(vals))

    def _write_unlocked(self, vals):
        return super()._write_unlocked(self._authored(vals))

    def _authored(self, vals):
        vals = {name: value for name, value in vals.items() if name not in DERIVED}
        return {**vals, **cleaned(vals), "edited_by_id": self.env.uid} if "text" in vals else vals

    def _complete(self, vals):
        """``vals`` with heading and text of the library where only its clause or version is named."""
        vals = {name: value for name, value in vals.items() if name not in DERIVED}
        contract = self.env["aftersales.contract"].browse(vals.get("contract_id"))
        version = self.env["aftersales.clause.version"].browse(vals.get("version_id"))
        if vals.get("clause_id") and not version:
            clause = self.env["aftersales.clause"].browse(vals["clause_id"])
            version = clause._pick_version(contract._document_lang(), contract._library_day())
            if vals.get("text"):  # an own text: only its heading is the library's
                vals["title"], version = vals.get("title") or version.title or clause.name, version.browse()
        if version:
            vals.update({name: value for name, value in (
                ("version_id", version.id), ("clause_id", version.clause_id.id), ("title", version.title),
                ("text", version.text)) if not vals.get(name)})
        return {**vals, **cleaned(vals), "edited_by_id": self.env.uid}

    @api.constrains("text")
    def _check_text(self):
        for row in self:
            try:
                clause_text.placeholders(row.text)
            except EngineError as error:
                raise ValidationError(self.env._(
                    "Clause %(clause)s of contract %(contract)s: %(reason)s.", clause=row.display_name,
                    contract=row.contract_id.display_name, reason=error)) from error

    @api.constrains("clause_id", "version_id")
    def _check_version(self):
        for row in self.filtered("version_id"):
            version = row.version_id.sudo()  # of a company whose library the writer may not see, it must be refused
            if version.clause_id != row.clause_id.sudo():
                raise ValidationError(self.env._(
                    "Clause %(clause)s: %(version)s is a text of another clause.",
                    clause=row.display_name, version=version.display_name))
            if version.company_id and version.company_id != row.company_id:
                raise ValidationError(self.env._(
                    "Clause %(clause)s: %(version)s belongs to another company.",
                    clause=row.display_name, version=version.display_name))
            if version.state == "draft":
                raise ValidationError(self.env._(
                    "Clause %(clause)s: %(version)s is not approved yet. Have it approved first.",
                    clause=row.display_name, version=version.display_name))


def numbered(rows):
    """{row: number} of clauses in their order. Sub-clauses count on after the numbered paragraphs of their clause.

    A level that is skipped counts as the next one: nothing is numbered "1..1".
    """
    numbers, counts = {}, []
    for row in rows:
        depth = min(int(row.level or "1"), max(len(counts), 1))
        counts = counts[:depth] or [0]
        counts[-1] += 1
        numbers[row] = ".".join(map(str, counts))
        counts.append(_paragraph_count(row.text))
    return numbers


def _paragraph_count(text):
    """How many paragraphs of a clause print a number of their own: none where there is one only."""
    plain = [paragraph for paragraph in paragraphs(ClauseText("1", "", text or "")) if not paragraph.item]
    return len(plain) if len(plain) > 1 else 0
