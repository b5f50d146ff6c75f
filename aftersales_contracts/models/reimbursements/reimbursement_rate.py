"""What dealers are reimbursed for work and parts of warranty claims: by the hour, km, visit, percent or sum.

The closest rate counts: the dealer's own before one for all dealers, then by product, by the nearest category, for all.
Two that are equally close on one day are refused, so that there is never a choice to be made.
"""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import float_repr

from ...engine.reimbursement import BASES, PERCENTAGES, Rate
from .reimbursement import KINDS

LABELS = {
    "hour": "By the Hour", "km": "By the Kilometre", "visit": "For Each Visit", "cost_percent": "Percent of the Cost",
    "list_percent": "Percent of the List Price", "amount": "Sum for Each Line"}
OF_KIND = {
    "parts": ("cost_percent", "list_percent", "amount"), "labour": ("hour", "amount"),
    "travel": ("km", "visit", "hour", "amount")}
STAYS = ("company_id", "dealer_id", "kind", "product_ids", "categ_ids", "basis", "value", "differential", "value_met",
         "currency_id", "date_from")


class ReimbursementRate(models.Model):
    _name = "aftersales.reimbursement.rate"
    _description = "Reimbursement Rate"
    _order = "kind, dealer_id, date_from desc, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="restrict", default=lambda self: self.env.company)
    dealer_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="restrict", check_company=True, help="Empty: all dealers.")
    kind = fields.Selection(KINDS, required=True, default="labour")
    product_ids = fields.Many2many(
        "product.product", "aftersales_reimbursement_rate_product", string="Products", check_company=True,
        help="Of the part, else of the machine. Empty: all.")
    categ_ids = fields.Many2many(
        "product.category", "aftersales_reimbursement_rate_category", string="Product Categories",
        help="And those below them.")
    basis = fields.Selection([(key, LABELS[key]) for key in BASES], required=True, default="hour")
    value = fields.Float(string="Rate", digits=(16, 4), required=True, help="Of the currency, or percent.")
    differential = fields.Boolean(
        string="Another Rate within the Standard",
        help="Where the work took no longer than the labour standard, the other rate counts.")
    value_met = fields.Float(string="Rate within the Standard", digits=(16, 4))
    currency_id = fields.Many2one(
        "res.currency", required=True, ondelete="restrict", default=lambda self: self.env.company.currency_id)
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="Until", help="The last day. Empty: until further notice.")
    note = fields.Char()
    active = fields.Boolean(default=True)
    used = fields.Boolean(compute="_compute_used", help="Claims were reimbursed by it: it only ends.")

    _value_sign = models.Constraint(
        "CHECK(value >= 0 AND COALESCE(value_met, 0) >= 0)", "Rates of reimbursement are not negative.")
    _days_order = models.Constraint("CHECK(date_to IS NULL OR date_to >= date_from)", "A rate ends after it begins.")

    @api.depends("kind", "basis", "value", "dealer_id", "currency_id", "date_from")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        bases = dict(self._fields["basis"]._description_selection(self.env))
        for rate in self:
            unit = "%" if rate.basis in PERCENTAGES else rate.currency_id.name or ""
            rate.display_name = " · ".join(filter(None, (
                kinds.get(rate.kind), f"{bases.get(rate.basis)} {float_repr(rate.value, 2)} {unit}",
                rate.dealer_id.display_name or self.env._("all dealers"),
                rate.date_from and rate.date_from.isoformat())))

    def _compute_used(self):
        found = self.env["aftersales.reimbursement"].sudo()._read_group(  # whoever may see the claims
            Domain("rate_id", "in", self.ids), ["rate_id"])
        used = {rate.id for [rate] in found}
        for rate in self:
            rate.used = rate.id in used

    # --- what is refused ---------------------------------------------------------------------------------------------

    @api.constrains("kind", "basis")
    def _check_basis(self):
        for rate in self:
            if rate.basis not in OF_KIND[rate.kind]:
                raise ValidationError(self.env._(
                    "%(rate)s: its basis does not fit its kind.", rate=rate.display_name))

    @api.constrains("company_id", "dealer_id", "kind", "product_ids", "categ_ids", "date_from", "date_to", "active")
    def _check_overlap(self):
        for rate in self.filtered("active"):
            same = Domain("id", "!=", rate.id) & Domain("company_id", "=", rate.company_id.id)
            same &= Domain("kind", "=", rate.kind) & Domain("dealer_id", "=", rate.dealer_id.id)
            same &= Domain("date_to", "=", False) | Domain("date_to", ">=", rate.date_from)
            if rate.date_to:
                same &= Domain("date_from", "<=", rate.date_to)
            for other in self.sudo().search(same, order="id"):  # one that a rule hides is as much in the way
                if rate._equally_close(other):
                    raise ValidationError(self.env._(
                        "%(rate)s and %(other)s are for the same work on the same days. End one of them first.",
                        rate=rate.display_name, other=other.display_name))

    def _equally_close(self, other):
        """Whether a line could fit both by the same thing: a product, a category, or all."""
        mine, theirs = self.sudo(), other.sudo()
        if mine.product_ids & theirs.product_ids or mine.categ_ids & theirs.categ_ids:
            return True
        return not (mine.product_ids or mine.categ_ids or theirs.product_ids or theirs.categ_ids)

    def write(self, vals):
        changed = [name for name in STAYS if name in vals]
        if changed:
            for rate in self.filtered("used"):
                raise UserError(self.env._(
                    "Claims were reimbursed by %(rate)s: %(field)s does not change. End it, and make a new one.",
                    rate=rate.display_name, field=self._fields[changed[0]]._description_string(self.env)))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        for rate in self.filtered("used"):
            raise UserError(self.env._("Claims were reimbursed by %s: it stays.", rate.display_name))

    # --- which one counts --------------------------------------------------------------------------------------------

    @api.model
    def _in_force(self, company, first, last):
        """All active rates of a company on any day from ``first`` to ``last``: for `_closest`, read once for many."""
        return self.sudo().search([  # what a dealer is paid does not depend on who decides its claim
            ("company_id", "=", company.id), ("date_from", "<=", last),
            "|", ("date_to", "=", False), ("date_to", ">=", first)])

    def _closest(self, dealer, kind, product, day):
        """Of these rates the one for a ``kind`` of work with ``product`` by ``dealer`` (a commercial partner) on
        ``day``; may be empty."""
        path = [int(key) for key in reversed((product.categ_id.parent_path or "").strip("/").split("/")) if key]
        best, found = None, self.browse()
        for rate in self:
            owner = rate.dealer_id.commercial_partner_id
            if rate.kind != kind or rate.date_from > day or (rate.date_to and rate.date_to < day):
                continue
            if owner and owner != dealer:
                continue
            place = rate._place(product, path)
            if place is None:
                continue
            rank = (not owner, place)
            if best is None or rank < best:
                best, found = rank, rate
        return found

    def _place(self, product, path):
        """How close it is to a product, 0 the closest; None: it is not for it."""
        if product in self.product_ids:
            return 0
        places = [path.index(categ.id) for categ in self.categ_ids if categ.id in path]
        if places:
            return 1 + min(places)
        return None if self.product_ids or self.categ_ids else 1 + len(path)

    def _terms(self):
        """It as the engine's `Rate`."""
        self.ensure_one()
        met = Decimal(float_repr(self.value_met, 4)) if self.differential else None
        return Rate(self.basis, Decimal(float_repr(self.value, 4)), met)
