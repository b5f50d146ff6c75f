"""Clause library: what the company prefers to agree on, by category, and what a contract of each type must hold."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

USES = [("contract", "Contracts"), ("nda", "Non-disclosure Agreements"), ("dpa", "Data-processing Agreements")]
KEEPERS = "aftersales_contracts.group_legal,aftersales_contracts.group_administrator"
# Where a text is missing in a language, the one of the same script is nearer than English.
NEAR = {"zh_HK": "zh_TW", "zh_MO": "zh_TW", "zh_SG": "zh_CN"}
FALLBACK = "en_US"


class ClauseCategory(models.Model):
    _name = "aftersales.clause.category"
    _description = "Clause Category"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "A clause category's code must be unique.")


class Clause(models.Model):
    """One matter that contracts agree on, such as liability, with the texts that may be used for it."""

    _name = "aftersales.clause"
    _description = "Clause of the Library"
    _inherit = ["mail.thread"]
    _order = "sequence, code, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(required=True, tracking=True, help="A short name that stays, such as LIABILITY.")
    category_id = fields.Many2one(
        "aftersales.clause.category", required=True, index=True, ondelete="restrict", tracking=True)
    use = fields.Selection(USES, string="Used in", required=True, default="contract", tracking=True)
    nda_kind = fields.Selection(
        [("one_way", "One-way"), ("mutual", "Mutual"), ("multi_party", "Multi-party")], string="Kind of Agreement",
        help="Empty: agreements of every kind.")
    mandatory_type_ids = fields.Many2many(
        "aftersales.contract.type", string="Mandatory in", tracking=True,
        help="Contracts of these types cannot be submitted without this clause.")
    guidance = fields.Text(help="When to give way, and how far. For colleagues, never printed.")
    company_id = fields.Many2one("res.company", index=True, tracking=True, help="Empty: every company may use it.")
    version_ids = fields.One2many("aftersales.clause.version", "clause_id", string="Texts")
    sequence = fields.Integer(default=100, help="The order in which clauses are inserted into a contract.")
    active = fields.Boolean(default=True)
    language_text = fields.Char(string="Languages", compute="_compute_language_text")

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "Two clauses of a company cannot have the same code.")

    @api.depends("code", "name")
    def _compute_display_name(self):
        for clause in self:
            clause.display_name = f"{clause.code} {clause.name}" if clause.code else clause.name

    @api.depends("version_ids.state", "version_ids.lang")
    def _compute_language_text(self):
        for clause in self:
            langs = clause.version_ids.filtered(lambda version: version.state == "approved").mapped("lang")
            clause.language_text = ", ".join(sorted(set(langs)))

    def unlink(self):
        """A clause with a text that was ever approved is archived: contracts may hold it, and so does history."""
        self._refuse_in_use()
        return super().unlink()

    def _refuse_in_use(self):
        kept = self.sudo().version_ids._frozen()[:1].clause_id
        if kept:
            raise UserError(self.env._(
                "Clause %s has approved texts and cannot be deleted. Archive it instead.", kept.display_name))

    @api.model
    def _available(self, company):
        """Domain of the clauses that contracts of ``company`` may use."""
        return Domain("use", "=", "contract") & Domain("company_id", "in", [False, company.id])

    # --- which text ----------------------------------------------------------------------------------------------

    def _current_versions(self, day):
        """The approved texts of these clauses that are in use on ``day``: of each language and rung the newest."""
        found = {}
        versions = self.env["aftersales.clause.version"].search([
            ("clause_id", "in", self.ids), ("state", "=", "approved"), ("valid_from", "<=", day)])
        for version in versions.sorted("number"):
            found[version.clause_id, version.lang, version.rung] = version
        return versions.browse([version.id for version in found.values()])

    def _pick_version(self, lang, day, rung="preferred"):
        """The text to insert into a document of language ``lang``; empty where the clause has none in use.

        A clause without a text in that language is taken in the nearest one: the same language of another country,
        the same script, English, then any.
        """
        self.ensure_one()
        current = self._current_versions(day)
        of_rung = current.filtered(lambda version: version.rung == rung) or current
        for wanted in _nearest_languages(lang):
            found = of_rung.filtered(lambda version, wanted=wanted: version.lang == wanted or (
                len(wanted) == 2 and version.lang[:2] == wanted))
            if found:
                return found.sorted("rung_order")[:1]
        return of_rung.sorted(lambda version: (version.rung_order, version.lang))[:1]

    def action_new_version(self):
        """Open a new draft text of this clause."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window", "name": self.env._("New Text"), "res_model": "aftersales.clause.version",
            "views": [(False, "form")], "context": {"default_clause_id": self.id}}


def _nearest_languages(lang):
    """Codes of languages, and of two letters for "any country", nearest to ``lang`` first."""
    near = [lang, NEAR.get(lang)]
    if lang and not lang.startswith("zh"):  # traditional and simplified script are not read by the same people
        near.append(lang[:2])
    return [code for code in (*near, FALLBACK) if code]
