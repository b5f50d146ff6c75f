"""Price revision: new prices for many contracts from one day on: by a percentage, to a new price, or by index.

Somebody from finance previews it: that fixes its terms and lists every line, those left alone too, each with its
reason. Another person applies exactly what was previewed. A contract that changed meanwhile, or that fails, is named
and keeps its prices; the others go on.
"""

from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError, ValidationError
from odoo.fields import Domain
from psycopg2 import OperationalError

from ..common.frozen import is_uninstalling

APPLIERS = "aftersales_contracts.group_finance,aftersales_contracts.group_administrator"
DECIDES = frozenset({
    "name", "state", "proposed_by_id", "proposed_at", "applied_by_id", "applied_at", "line_ids"})
TERMS = frozenset({
    "title", "kind", "percent", "fixed_price", "currency_id", "effective_on", "contract_filter", "product_ids",
    "company_id", "reason"})


class PriceRevision(models.Model):
    _name = "aftersales.price.revision"
    _description = "Price Revision"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "effective_on desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    title = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    kind = fields.Selection(
        [("percent", "Percentage"), ("fixed", "New Price"), ("index", "Index")], required=True, default="percent",
        tracking=True, help="Index: each line by its own index clause; lines without one keep their price.")
    percent = fields.Float(string="Change (%)", digits=(16, 4), tracking=True)
    fixed_price = fields.Monetary(string="New Price", tracking=True, help="For one unit and one full period.")
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id,
        help="A new price is for contracts in this currency only.")
    effective_on = fields.Date(string="From", required=True, tracking=True)
    reason = fields.Char(help="Printed nowhere; stands in the history of each contract.")
    contract_filter = fields.Char(
        string="Contracts", default="[]", help="Contracts in force that match; empty: all of them.")
    product_ids = fields.Many2many("product.product", string="Products", help="Empty: every product.")
    state = fields.Selection(
        [("draft", "Draft"), ("previewed", "Previewed"), ("applied", "Applied")], required=True, readonly=True,
        default="draft", copy=False, tracking=True, index=True, group_expand=True)
    line_ids = fields.One2many(
        "aftersales.price.revision.line", "revision_id", string="Lines", readonly=True, copy=False)
    proposed_by_id = fields.Many2one("res.users", string="Proposed by", readonly=True, copy=False)
    proposed_at = fields.Datetime(string="Proposed", readonly=True, copy=False)
    applied_by_id = fields.Many2one("res.users", string="Applied by", readonly=True, copy=False)
    applied_at = fields.Datetime(string="Applied", readonly=True, copy=False)
    may_apply = fields.Boolean(compute="_compute_may_apply")
    summary = fields.Char(compute="_compute_summary")

    _two_people = models.Constraint(
        "CHECK(applied_by_id IS NULL OR applied_by_id <> proposed_by_id)",
        "Who proposes a price revision cannot apply it.")
    _percent_leaves_a_price = models.Constraint("CHECK(percent > -100)", "A price cannot fall by all of itself.")
    _price_not_negative = models.Constraint("CHECK(fixed_price >= 0)", "A new price is zero or more.")

    @api.depends("name", "title")
    def _compute_display_name(self):
        for revision in self:
            numbered = revision.name and revision.name != "/"
            revision.display_name = f"{revision.name} {revision.title}" if numbered else revision.title

    @api.depends("state", "proposed_by_id")
    @api.depends_context("uid")
    def _compute_may_apply(self):
        allowed = self.env.user.has_groups(APPLIERS)
        for revision in self:
            revision.may_apply = allowed and revision.state == "previewed" and revision.proposed_by_id != self.env.user

    @api.depends("line_ids.state")
    def _compute_summary(self):
        for revision in self:
            count = revision.line_ids.grouped("state")
            labels = self.env["aftersales.price.revision.line"]._fields["state"]._description_selection(self.env)
            revision.summary = ", ".join(
                f"{len(count[state])} {label.lower()}" for state, label in labels if state in count)

    # --- guards ------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            if DECIDES & vals.keys() - {"name"}:
                raise UserError(self.env._("A price revision starts as a draft, in your own name."))
            sequence = self.env["ir.sequence"].with_company(vals.get("company_id") or self.env.company.id)
            vals["name"] = sequence.next_by_code("aftersales.price.revision") or "/"
        return super().create(vals_list)

    def write(self, vals):
        if DECIDES & vals.keys():
            raise UserError(self.env._("A price revision is previewed and applied only through its buttons."))
        if TERMS & vals.keys():
            self._check_state("draft", self.env._("take it back to draft first"))
        return super().write(vals)

    def _decide(self, vals):
        """Write what its buttons decide."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    def unlink(self):
        if not is_uninstalling(self.env):
            self.filtered(lambda revision: revision.state == "applied")._refuse_deletion()
        return super().unlink()

    def _refuse_deletion(self):
        if self:
            raise UserError(self.env._("An applied price revision is part of the history and stays."))

    def _check_state(self, state, remedy):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for revision in self:
            if revision.state != state:
                raise UserError(self.env._(
                    "Price revision %(name)s is in state %(state)s: %(remedy)s.", name=revision.display_name,
                    state=labels[revision.state], remedy=remedy))

    @api.constrains("contract_filter")
    def _check_contract_filter(self):
        for revision in self:
            revision._contract_domain()

    @api.constrains("kind", "percent")
    def _check_percent(self):
        for revision in self:
            if revision.kind == "percent" and not revision.percent:
                raise ValidationError(self.env._("%s: a change of 0 percent changes nothing.", revision.display_name))

    def _contract_domain(self):
        """Domain of the contracts in scope. A filter is data: nothing in it is executed."""
        try:
            chosen = Domain(literal_eval(self.contract_filter or "[]"))
            chosen.validate(self.env["aftersales.contract"])
        except (ValueError, SyntaxError, TypeError, KeyError) as error:
            raise ValidationError(self.env._(
                "%(name)s: “%(filter)s” is not a filter of contracts.", name=self.display_name,
                filter=self.contract_filter)) from error
        Contract = self.env["aftersales.contract"]
        return chosen & Contract._real() & Domain("company_id", "=", self.company_id.id) & Domain(
            "state", "in", ("active", "suspended", "notice"))

    # --- buttons -----------------------------------------------------------------------------------------------------

    def action_preview(self):
        """List what would change and what would not, and propose it in your name."""
        self._check_role()
        self._check_state("draft", self.env._("take it back to draft to preview it anew"))
        for revision in self:
            revision.sudo().line_ids.unlink()  # the list is a result, nobody has the right to write it
            rows = [row.values() for row in revision._plan()]
            if not rows:
                raise UserError(self.env._("%s: no line of a contract in force matches.", revision.display_name))
            self.env["aftersales.price.revision.line"].sudo().create(
                [{**row, "revision_id": revision.id} for row in rows])
            revision._decide({
                "state": "previewed", "proposed_by_id": self.env.uid, "proposed_at": fields.Datetime.now()})

    def action_draft(self):
        """Take a proposal back, to change its terms."""
        self._check_role()
        self._check_state("previewed", self.env._("only a previewed one is taken back"))
        self.sudo().line_ids.unlink()  # as above
        self._decide({"state": "draft", "proposed_by_id": False, "proposed_at": False})

    def action_apply(self):
        """Set the previewed prices, contract by contract. What cannot be applied is named on its line."""
        self._check_role()
        for revision in self:
            revision._lock()
            revision._check_state("previewed", self.env._("preview it first, then another person applies it"))
            if revision.proposed_by_id == self.env.user:
                raise AccessError(self.env._("You proposed this price revision: somebody else must apply it."))
            revision._apply()
            revision._decide({
                "state": "applied", "applied_by_id": self.env.uid, "applied_at": fields.Datetime.now()})
            revision.message_post(body=self.env._("Applied: %s.", revision.summary))

    def _check_role(self):
        if not self.env.user.has_groups(APPLIERS):
            raise AccessError(self.env._("Only finance or an administrator revises prices."))
        self.check_access("write")

    def _lock(self):
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(self.env._("%s is being applied by somebody else.", self.display_name)) from error
        self.invalidate_recordset()

    # --- plan and application ----------------------------------------------------------------------------------------

    def _plan(self, contracts=None):
        """The `PlannedLine`s of the contracts in scope, in the order of contract and line."""
        Contract = self.env["aftersales.contract"]
        domain = self._contract_domain()
        if contracts is not None:
            domain &= Domain("id", "in", contracts.ids)
        # Finance reads contracts; index clauses and the log of prices are read along with them.
        lines = Contract.search(domain, order="name, id").line_ids
        if self.product_ids:
            lines = lines.filtered(lambda line: line.product_id in self.product_ids)
        return lines._plan_revision(self)

    def _apply(self):
        contracts = self.line_ids.contract_id
        try:
            with self.env.cr.savepoint():
                self._apply_to(contracts)
                self.env.flush_all()
        except OperationalError:
            raise
        except Exception:  # pylint: disable=broad-exception-caught
            self.env.invalidate_all()
            for contract in contracts:
                self._apply_alone(contract)

    def _apply_alone(self, contract):
        try:
            with self.env.cr.savepoint():
                self._apply_to(contract)
                self.env.flush_all()
        except OperationalError:
            raise
        except Exception as error:  # pylint: disable=broad-exception-caught
            self.env.invalidate_all()
            failed = self.line_ids.filtered(lambda line: line.contract_id == contract and line.state == "planned")
            failed.sudo().write({"state": "failed", "reason": str(error)})  # the list is a result

    def _apply_to(self, contracts):
        """Apply to these contracts, in few queries. Lines that no longer are as previewed fail, each for itself."""
        planned = {line.line_id: line for line in self.line_ids if line.contract_id in contracts and (
            line.state == "planned")}
        now = {row.line: row for row in self._plan(contracts)}
        agreed, changes = planned.copy(), []
        for line, shown in planned.items():
            row = now.get(line)
            if row is None or not shown._still_holds(row):
                agreed.pop(line)
                shown.sudo().write({"state": "failed", "reason": self.env._(
                    "It changed since the preview: %s", row.reason if row else self.env._("no longer in scope"))})
            else:
                changes.append(row.change)
        origin = {line: {"revision_id": self.id, "reason": self.display_name} for line in agreed}
        lines = self.env["aftersales.contract.line"].browse([line.id for line in agreed])
        lines._take_prices(changes, origin)
        self.env["aftersales.price.revision.line"].browse([line.id for line in agreed.values()]).sudo().write(
            {"state": "applied"})
        # The versions of a contract are the system's to record; finance has no right to write contracts.
        lines.contract_id.sudo()._record_change(self.effective_on, self._words())

    def _words(self):
        return " · ".join(filter(None, (self.display_name, self.reason)))

