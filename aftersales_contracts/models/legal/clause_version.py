"""A text of the library: once approved it never changes. What is better said becomes a new version, and contracts that
hold the old one keep it."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...engine import clause_text
from ...engine.errors import EngineError
from .clause import KEEPERS

RUNGS = [("preferred", "Preferred"), ("acceptable", "Acceptable"), ("last_resort", "Last Resort")]


class ClauseVersion(models.Model):
    _name = "aftersales.clause.version"
    _description = "Text of a Clause"
    _inherit = ["aftersales.frozen", "aftersales.guarded", "mail.thread"]
    _order = "clause_id, lang, rung_order, number desc, id desc"
    _free_fields = frozenset({"message_main_attachment_id", "message_follower_ids", "message_ids"})

    _guarded = {"state": "draft", "number": 0, **dict.fromkeys(
        ("approved_by_id", "approved_on", "withdrawn_by_id", "withdrawn_on"), False)}

    clause_id = fields.Many2one("aftersales.clause", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="clause_id.company_id", store=True, index=True)
    category_id = fields.Many2one(related="clause_id.category_id", store=True, index=True)
    number = fields.Integer(
        string="Version", readonly=True, copy=False, help="Given when the text is approved; a draft has none.")
    rung = fields.Selection(
        RUNGS, required=True, default="preferred", help="Where to begin, how far to give way, and the last offer.")
    rung_order = fields.Integer(compute="_compute_rung_order", store=True)
    lang = fields.Selection(
        "_languages", string="Language", required=True, default=lambda self: self.env.lang or "en_US")
    title = fields.Char(string="Heading", required=True, help="As it is printed, in the language of the text.")
    text = fields.Text(
        required=True, help="Plain text, a paragraph a line. Names in double braces, such as {{ customer }}, are "
        "filled with the values of the contract.")
    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    state = fields.Selection(
        [("draft", "Draft"), ("approved", "Approved"), ("withdrawn", "Withdrawn")], required=True, readonly=True,
        default="draft", copy=False, index=True, tracking=True)
    approved_by_id = fields.Many2one("res.users", string="Approved by", readonly=True, copy=False)
    approved_on = fields.Date(readonly=True, copy=False)
    withdrawn_by_id = fields.Many2one("res.users", string="Withdrawn by", readonly=True, copy=False)
    withdrawn_on = fields.Date(readonly=True, copy=False)
    row_ids = fields.One2many("aftersales.contract.clause", "version_id", string="Used in")
    use_count = fields.Integer(string="Contracts", compute="_compute_use_count")
    placeholder_text = fields.Char(string="Placeholders", compute="_compute_placeholder_text")

    _number_uniq = models.UniqueIndex(
        "(clause_id, lang, rung, number) WHERE number > 0", "This version of the clause exists already.")

    @api.model
    def _languages(self):
        """Every language Odoo knows: a contract may be written in one that the screens are not."""
        Lang = self.env["res.lang"].sudo().with_context(active_test=False)  # names of languages are public
        langs = Lang.search([("code", "!=", False)])
        return [(lang.code, lang.name) for lang in langs]

    @api.depends("rung")
    def _compute_rung_order(self):
        order = [rung for rung, _label in RUNGS]
        for version in self:
            version.rung_order = order.index(version.rung) if version.rung else 0

    @api.depends("clause_id.code", "number", "rung", "lang")
    def _compute_display_name(self):
        rungs = dict(self._fields["rung"]._description_selection(self.env))
        for version in self:
            version.display_name = self.env._(
                "%(clause)s %(number)s, %(rung)s, %(lang)s", clause=version.clause_id.code or "",
                number=f"v{version.number}" if version.number else self.env._("draft"),
                rung=rungs.get(version.rung, ""), lang=version.lang or "")

    def _compute_use_count(self):
        counts = dict(self.env["aftersales.contract.clause"]._read_group(
            [("version_id", "in", self.ids)], ["version_id"], ["contract_id:count_distinct"]))
        for version in self:
            version.use_count = counts.get(version, 0)

    @api.depends("text")
    def _compute_placeholder_text(self):
        for version in self:
            try:
                names = clause_text.placeholders(version.text or "")
            except EngineError as error:
                version.placeholder_text = str(error)
            else:
                version.placeholder_text = ", ".join(names)

    # --- guards --------------------------------------------------------------------------------------------------

    def _frozen(self):
        return self.filtered(lambda version: version.state != "draft")

    def _refuse_frozen(self):
        if self._frozen():
            raise UserError(self.env._(
                "%s is approved and does not change, for contracts hold it. Make a new version instead.",
                self._frozen()[:1].display_name))

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create([{**vals, **cleaned(vals)} for vals in vals_list])
        versions._number(versions.filtered(lambda version: version.state != "draft" and not version.number))
        return versions

    def write(self, vals):
        return super().write({**vals, **cleaned(vals)})

    @api.model
    def _number(self, versions):
        """Number approved texts, each after those of the same clause, language and rung."""
        for version in versions:
            last = self.sudo().search(  # those that a rule hides count too
                [(name, "=", version[name].id if name == "clause_id" else version[name])
                 for name in ("clause_id", "lang", "rung")], order="number desc", limit=1)
            version._write_guarded({"number": last.number + 1})

    @api.constrains("text")
    def _check_text(self):
        for version in self:
            try:
                clause_text.placeholders(version.text)
            except EngineError as error:
                raise ValidationError(self.env._(
                    "%(version)s: %(reason)s.", version=version.display_name, reason=error)) from error

    # --- decisions -----------------------------------------------------------------------------------------------

    def action_approve(self):
        """Put texts to use. From now on they do not change."""
        self._check_keeper()
        for version in self:
            if version.state != "draft":
                raise UserError(self.env._("%s is not a draft.", version.display_name))
            version._check_placeholders_known()
        self._number(self)
        self._decide({"state": "approved", "approved_by_id": self.env.uid, "approved_on": fields.Date.today()})

    def action_withdraw(self):
        """Take texts out of use. Contracts in force keep them; drafts that hold them show a warning."""
        self._check_keeper()
        for version in self:
            if version.state != "approved":
                raise UserError(self.env._("%s is not approved: there is nothing to withdraw.", version.display_name))
        self._decide({"state": "withdrawn", "withdrawn_by_id": self.env.uid, "withdrawn_on": fields.Date.today()})

    def action_new_version(self):
        """A draft that begins with this text."""
        self.ensure_one()
        self._check_keeper()
        version = self.copy({"valid_from": fields.Date.context_today(self)})
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": version.id,
                "views": [(False, "form")]}

    def action_view_rows(self):
        """The contracts that hold this text."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "name": self.env._("Contracts with This Text"),
            "res_model": "aftersales.contract", "views": [(False, "list"), (False, "form")],
            "domain": [("clause_ids.version_id", "=", self.id)]}

    def _decide(self, vals):
        self._write_guarded(vals)
        self.flush_recordset()
        self.clause_id._refresh_drafts()

    def _check_keeper(self):
        if not self.env.user.has_groups(KEEPERS):
            raise AccessError(self.env._("Only legal or an administrator decides on texts of the library."))
        self.check_access("write")

    def _check_placeholders_known(self):
        known = (self.env["aftersales.contract"] if self.clause_id.use == "contract" else self.env["aftersales.nda"])
        unknown = [name for name in clause_text.placeholders(self.text) if name not in known._placeholder_labels()]
        if unknown:
            raise UserError(self.env._(
                "%(version)s names %(unknown)s, for which no agreement has a value. Known names: %(known)s.",
                version=self.display_name, unknown=", ".join(f"{{{{ {name} }}}}" for name in unknown),
                known=", ".join(sorted(known._placeholder_labels()))))


def cleaned(vals):
    """``vals["text"]`` without white space around its lines, where there is one: plain text, a paragraph a line."""
    if not isinstance(vals.get("text"), str):
        return {}
    return {"text": "\n".join(line.strip() for line in vals["text"].splitlines()).strip()}
