"""What if: what a share rule, a draft too, would have come to for dealers in past periods, beside what was settled.
Nothing but this answer is written."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import formatLang

ASKERS = ("aftersales_contracts.group_account_manager,aftersales_contracts.group_finance,"
          "aftersales_contracts.group_administrator")


class ShareWhatIf(models.TransientModel):
    _name = "aftersales.share.what.if"
    _description = "What If of Shares"

    # on which periods
    contract_ids = fields.Many2many(
        "aftersales.contract", "aftersales_share_what_if_contract", string="Dealer Contracts",
        domain=[("kind", "=", "dealer"), ("is_template", "=", False), ("amends_id", "=", False)],
        help="Empty: all that are in force or were.")
    dealer_id = fields.Many2one("res.partner", help="With its branches.")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, help="Whose dealers.")
    date_from = fields.Date(string="From", required=True, default=lambda self: self._default_from())
    date_to = fields.Date(string="To", required=True, default=lambda self: self._default_to())
    # what is tried
    rule_id = fields.Many2one(
        "aftersales.share.rule", string="Rule to Try", required=True, help="Drafts can be tried as well.")
    # the answer
    done = fields.Boolean(readonly=True)
    line_ids = fields.One2many("aftersales.share.what.if.line", "what_if_id", string="Periods", readonly=True)
    period_count = fields.Integer(string="Periods Reckoned", readonly=True)
    summary = fields.Text(readonly=True)
    note = fields.Text(readonly=True)

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("What If")

    @api.model
    def _default_from(self):
        """The first day of the month twelve months ago."""
        return fields.Date.subtract(fields.Date.context_today(self).replace(day=1), months=12)

    @api.model
    def _default_to(self):
        """The last day of the month before."""
        return fields.Date.subtract(fields.Date.context_today(self).replace(day=1), days=1)

    @api.model
    def default_get(self, fields_list):
        """Opened from a rule or from dealer contracts, it begins with these."""
        values = super().default_get(fields_list)
        model, ids = self.env.context.get("active_model"), self.env.context.get("active_ids") or []
        if model == "aftersales.share.rule" and len(ids) == 1:
            rule = self.env[model].browse(ids).exists()
            values["rule_id"] = rule.id
            if rule.previous_id:  # the contracts that its version would reach
                values["contract_ids"] = [Command.set(rule.previous_id.row_ids.contract_id.filtered(
                    lambda one: not one.amends_id and not one.is_template).ids)]
        if model == "aftersales.contract" and ids:
            contracts = self.env[model].browse(ids).exists().filtered(lambda one: one.kind == "dealer")
            values["contract_ids"] = [Command.set(contracts.ids)]
        return values

    # --- the question ------------------------------------------------------------------------------------------------

    def action_reckon(self):
        """Reckon the periods anew and show both amounts. Writes the answer, and nothing else."""
        self.ensure_one()
        self._check_question()
        contracts = self.env["aftersales.contract"].search(self._contracts(), order="id")
        # revenue and settlements are read whole for the contracts that the user may read
        found, problems = contracts.sudo()._try_share_rule(self.rule_id.sudo(), self.date_from, self.date_to)
        self._store_lines(found)
        self.write({"done": True, "period_count": len(found), "summary": self._summary(found),
                    "note": "\n".join([*self._remarks(found), *problems.values()])})
        return True

    def _check_question(self):
        if not (self.env.su or self.env.user.has_groups(ASKERS)):
            raise AccessError(self.env._(
                "Only account managers, finance and administrators try share rules on past periods."))
        self.check_access("write")
        self.rule_id.check_access("read")
        if self.date_from > self.date_to:
            raise UserError(self.env._("What if: the range ends before it begins."))
        if self.rule_id.company_id and self.rule_id.company_id != self.company_id:
            raise UserError(self.env._(
                "What if: the rule %(rule)s is of %(owner)s, the dealers are of %(company)s.",
                rule=self.rule_id.display_name, owner=self.rule_id.company_id.name, company=self.company_id.name))

    def _contracts(self):
        """Domain of the contracts that are tried."""
        domain = self.env["aftersales.contract"]._real() & Domain("kind", "=", "dealer")
        domain &= Domain("state", "not in", ("draft", "review"))
        domain &= Domain("company_id", "=", self.company_id.id) & Domain("date_start", "<=", self.date_to)
        if self.contract_ids:
            domain &= Domain("id", "in", self.contract_ids.ids)
        if self.dealer_id:
            domain &= Domain("partner_id", "child_of", self.dealer_id.commercial_partner_id.id)
        return domain

    # --- the answer --------------------------------------------------------------------------------------------------

    def _store_lines(self, found):
        """Replace the lines by those of these trials."""
        self.line_ids.sudo().unlink()  # the rows of this answer
        rates = self._rates(found)
        self.env["aftersales.share.what.if.line"].sudo().create([  # which nobody writes himself
            self._line_values(one, rates[one.currency, one.last]) for one in found])
        self.invalidate_recordset(["line_ids"])

    def _line_values(self, one, rate):
        unit = self.company_id.currency_id
        settled, would_be = (unit.round(float(amount) * rate) for amount in (one.settled, one.would_be))
        return {
            "what_if_id": self.id, "contract_id": one.contract.id, "company_id": self.company_id.id,
            "dealer_id": one.contract.partner_id.id, "currency_id": one.currency.id, "company_currency_id": unit.id,
            "period_start": one.first, "period_end": one.last, "line_count": one.lines,
            "settlement_count": one.settlements, "revenue": float(one.revenue), "settled": float(one.settled),
            "would_be": float(one.would_be), "difference": float(one.would_be - one.settled),
            "settled_shares": float(one.settled_shares), "would_be_shares": float(one.shares),
            "warning_count": one.warnings, "company_settled": settled, "company_would_be": would_be,
            "company_difference": unit.round(would_be - settled)}

    def _rates(self, found):
        """{(currency, day): rate} into the company's currency; one look-up each."""
        Currency, unit = self.env["res.currency"].sudo(), self.company_id.currency_id  # rates are no secret
        return {(currency, day): 1.0 if currency == unit else Currency._get_conversion_rate(
            currency, unit, self.company_id, day) for currency, day in {(one.currency, one.last) for one in found}}

    def _summary(self, found):
        """A sentence for each currency: what was settled, what it would be, and the difference."""
        _ = self.env._
        if not found:
            return _("No period could be reckoned.")
        totals = {}
        for one in found:
            settled, would = totals.get(one.currency, (Decimal(0), Decimal(0)))
            totals[one.currency] = settled + one.settled, would + one.would_be
        return "\n".join(
            _("%(currency)s: settled %(settled)s, would be %(would)s, difference %(difference)s.",
              currency=currency.name, **{
                  name: formatLang(self.env, float(amount), digits=currency.decimal_places) for name, amount in (
                      ("settled", settled), ("would", would), ("difference", would - settled))})
            for currency, (settled, would) in sorted(totals.items(), key=lambda row: row[0].name))

    def _remarks(self, found):
        """What is to be known about the answer: how lines counted, and currencies that are no measure of each other."""
        _ = self.env._
        tried, remarks = self.rule_id.sudo(), []
        held = {one.contract for one in found}
        others = self.env["aftersales.contract"].sudo().union(*held).share_ids.rule_id.filtered(
            lambda rule: rule.pay_basis != tried.pay_basis)
        if others:
            told = dict(tried._fields["pay_basis"]._description_selection(self.env))
            remarks.append(_(
                "Revenue counts as it did: %(then)s. The tried rule would count it: %(tried)s.",
                then=told[others[:1].pay_basis], tried=told[tried.pay_basis]))
        if len({one.currency for one in found}) > 1:
            remarks.append(_(
                "Settlements and the tried rule are not all in one currency: compare them in that of the company."))
        return remarks

    def action_lines(self):
        """The periods as a list and as a pivot table."""
        return self._open("aftersales_contracts.action_share_what_if_line")

    def action_chart(self):
        """Settled beside would-be as bars."""
        return self._open("aftersales_contracts.action_share_what_if_bar")

    def _open(self, action):
        self.ensure_one()
        self.check_access("read")
        return {**self.env["ir.actions.act_window"]._for_xml_id(action), "domain": [("what_if_id", "=", self.id)]}
