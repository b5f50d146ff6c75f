"""What if: what another penalty clause, or the same one with other targets, rates and caps, would have come to in past
periods, beside what was paid. Nothing but this answer is written."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, float_repr, formatLang

from ..models.contract.contract_type import KINDS
from ..models.penalties.penalty_clause import CAP_BASES
from ..models.plans.service_plan import SEGMENTS

ASKERS = ("aftersales_contracts.group_account_manager,aftersales_contracts.group_finance,"
          "aftersales_contracts.group_legal,aftersales_contracts.group_administrator")
CAPS = ("period_cap", "yearly_cap", "contract_cap")
CAP_CHOICES = [("keep", "As It Is"), ("none", "None"), ("other", "Other")]
NAMED = 20  # contracts that cannot be reckoned, named one by one


class PenaltyWhatIf(models.TransientModel):
    _name = "aftersales.penalty.what.if"
    _description = "What If"

    # on which contracts
    contract_ids = fields.Many2many(
        "aftersales.contract", "aftersales_penalty_what_if_contract", string="Contracts",
        domain=[("is_template", "=", False), ("amends_id", "=", False)], help="Empty: all that the choice below finds.")
    kind = fields.Selection(KINDS, string="Contract Kind", help="Empty: contracts of every kind.")
    contract_type_id = fields.Many2one("aftersales.contract.type")
    segment = fields.Selection(SEGMENTS, string="Customer Segment")
    partner_id = fields.Many2one("res.partner", string="Other Side", help="With its contacts and branches.")
    dealer_id = fields.Many2one("res.partner", help="Who serves the contracts.")
    date_from = fields.Date(string="From", required=True, default=lambda self: self._default_from())
    date_to = fields.Date(string="To", required=True, default=lambda self: self._default_to())
    # what is tried
    mode = fields.Selection([
        ("change", "The Same Clauses, Changed"), ("clause", "Another Clause")], string="Try", required=True,
        default="change")
    clause_id = fields.Many2one(
        "aftersales.penalty.clause", string="Clause to Try", help="Drafts can be tried as well.")
    assessed_id = fields.Many2one(
        "aftersales.penalty.clause", string="In Place of", domain=[("state", "!=", "draft")],
        help="The clause that is changed, or that the other one is compared with, in any of its versions. Empty: all "
        "clauses of the period.")
    target_change = fields.Float(
        string="Targets, Points", digits=(16, 4), help="Added to the targets of measured figures, and to the bounds of "
        "their bands: -0.5 makes 99.5 of 100.")
    rate_scale = fields.Float(string="Rates (%)", digits=(16, 4), default=100.0, help="100: the rates as they are.")
    period_cap = fields.Selection(CAP_CHOICES, string="Cap of a Period", required=True, default="keep")
    period_cap_value = fields.Float(digits=(16, 4))
    period_cap_base = fields.Selection(CAP_BASES, default="fee")
    yearly_cap = fields.Selection(CAP_CHOICES, string="Cap of a Year", required=True, default="keep")
    yearly_cap_value = fields.Float(digits=(16, 4))
    yearly_cap_base = fields.Selection(CAP_BASES, default="amount")
    contract_cap = fields.Selection(CAP_CHOICES, string="Cap over the Term", required=True, default="keep")
    contract_cap_value = fields.Float(digits=(16, 4))
    contract_cap_base = fields.Selection(CAP_BASES, default="value")
    # the answer
    done = fields.Boolean(readonly=True)
    line_ids = fields.One2many("aftersales.penalty.what.if.line", "what_if_id", string="Periods", readonly=True)
    line_count = fields.Integer(string="Periods Reckoned", readonly=True)
    summary = fields.Text(readonly=True)
    note = fields.Text(string="Not Reckoned", readonly=True)

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
        """Opened from a clause or from contracts, it begins with these."""
        values = super().default_get(fields_list)
        model, ids = self.env.context.get("active_model"), self.env.context.get("active_ids") or []
        if model == "aftersales.penalty.clause" and len(ids) == 1:
            clause = self.env[model].browse(ids).exists()
            released = clause.state != "draft"
            values.update({"mode": "change", "assessed_id": clause.id} if released else {
                "mode": "clause", "clause_id": clause.id, "assessed_id": clause.previous_id.id})
        if model == "aftersales.contract" and ids:
            values["contract_ids"] = [fields.Command.set(ids)]
        return values

    # --- the question ----------------------------------------------------------------------------------------------

    def action_reckon(self):
        """Reckon the periods anew and show both amounts. Writes the answer, and nothing else."""
        self.ensure_one()
        self._check_question()
        contracts = self.env["aftersales.contract"].search(self._contracts(), order="id")
        # facts, fees and totals are read whole for the contracts that the user may read
        found, problems = self.env["aftersales.penalty"].sudo()._try_out(
            contracts.sudo(), self.date_from, self.date_to, self._tried_clause(), self._tried_change(),
            self.assessed_id.number or None)
        self._store_lines(found)
        self.write({"done": True, "line_count": len(found), "summary": self._summary(found),
                    "note": self._note(problems)})
        return True

    def _check_question(self):
        if not (self.env.su or self.env.user.has_groups(ASKERS)):
            raise AccessError(self.env._(
                "Only account managers, finance, legal and administrators try penalty clauses on past periods."))
        self.check_access("write")
        if self.date_from > self.date_to:
            raise UserError(self.env._("What if: the range ends before it begins."))
        if self.mode == "clause" and not self.clause_id:
            raise UserError(self.env._("What if: choose the clause to try."))
        if self.rate_scale < 0:
            raise UserError(self.env._("What if: rates cannot be scaled below 0 %."))
        for name in CAPS:
            if self[name] == "other" and self[f"{name}_value"] < 0:
                raise UserError(self.env._(
                    "What if: %s cannot be negative.", self._fields[name]._description_string(self.env)))

    def _tried_clause(self):
        if self.mode != "clause":
            return None
        self.clause_id.check_access("read")
        return self.clause_id.sudo()

    def _tried_change(self):
        """{what: Decimal, or (value, base) of a cap} that differs from the terms as they are."""
        found = {"points": _decimal(self.target_change), "scale": _decimal(self.rate_scale) / 100}
        for name in CAPS:
            if self[name] != "keep":
                value = _decimal(self[f"{name}_value"]), self[f"{name}_base"] or "amount"
                found[name] = value if self[name] == "other" else None
        return found

    def _contracts(self):
        """Domain of the contracts that are tried."""
        domain = self.env["aftersales.contract"]._real() & Domain("state", "not in", ("draft", "review"))
        if self.contract_ids:
            domain &= Domain("id", "in", self.contract_ids.ids)
        if self.kind:
            domain &= Domain("kind", "=", self.kind)
        if self.contract_type_id:
            domain &= Domain("contract_type_id", "=", self.contract_type_id.id)
        if self.segment:
            domain &= Domain("partner_id.commercial_partner_id.aftersales_segment", "=", self.segment)
        if self.partner_id:
            domain &= Domain("partner_id", "child_of", self.partner_id.commercial_partner_id.id)
        if self.dealer_id:
            domain &= Domain("dealer_id", "child_of", self.dealer_id.commercial_partner_id.id)
        number = self.assessed_id.number
        if number and self.mode == "change":
            domain &= Domain("penalty_clause_ids.clause_id.number", "=", number) | Domain(
                "penalty_ids.clause_id.number", "=", number)
        elif self.mode == "change" and not self.contract_ids:
            domain &= Domain("penalty_clause_ids", "!=", False) | Domain("penalty_ids", "!=", False)
        return domain & Domain("date_start", "<=", self.date_to)

    # --- the answer ------------------------------------------------------------------------------------------------

    def _store_lines(self, found):
        """Replace the lines by those of these trials, in one statement."""
        self.line_ids.sudo().unlink()  # the rows of this answer
        if not found:
            return
        rates, rows = self._rates(found), []
        for one in found:
            contract = one.contract
            rate, unit = rates[contract.currency_id, contract.company_id, one.last], contract.company_id.currency_id
            would = one.would_be or Decimal(0)
            paid_here, would_here = (unit.round(float(amount) * rate) for amount in (one.paid, would))
            rows.append((
                self.id, contract.id, contract.company_id.id, contract.partner_id.id, contract.dealer_id.id or None,
                contract.kind, contract.contract_type_id.id or None, contract.currency_id.id, unit.id, one.first,
                one.last, one.would_be is not None, one.capped, float(one.paid), float(would), float(would - one.paid),
                float(one.uncapped), paid_here, would_here, unit.round(would_here - paid_here)))
        self.flush_recordset()
        columns = [list(column) for column in zip(*rows, strict=True)]
        self.env.cr.execute(SQL(
            """INSERT INTO aftersales_penalty_what_if_line
                      (create_uid, create_date, write_uid, write_date, what_if_id, contract_id, company_id, partner_id,
                       dealer_id, kind, contract_type_id, currency_id, company_currency_id, period_start, period_end,
                       measured, capped, paid, would_be, difference, uncapped, company_paid, company_would_be,
                       company_difference)
               SELECT %(user)s, now() AT TIME ZONE 'UTC', %(user)s, now() AT TIME ZONE 'UTC', rows.*
                 FROM unnest(%(a)s::int[], %(b)s::int[], %(c)s::int[], %(d)s::int[], %(e)s::int[], %(f)s::text[],
                             %(g)s::int[], %(h)s::int[], %(i)s::int[], %(j)s::date[], %(k)s::date[], %(l)s::bool[],
                             %(m)s::bool[], %(n)s::numeric[], %(o)s::numeric[], %(p)s::numeric[], %(q)s::numeric[],
                             %(r)s::numeric[], %(s)s::numeric[], %(t)s::numeric[]) AS rows""",
            user=self.env.uid, **dict(zip("abcdefghijklmnopqrst", columns, strict=True))))
        self.invalidate_recordset(["line_ids"])

    def _rates(self, found):
        """{(currency, company, day): rate} into the company's currency; one look-up each."""
        keys = {(one.contract.currency_id, one.contract.company_id, one.last) for one in found}
        Currency = self.env["res.currency"].sudo()  # rates are no secret
        return {(currency, company, day): 1.0 if currency == company.currency_id else Currency._get_conversion_rate(
            currency, company.currency_id, company, day) for currency, company, day in keys}

    def _summary(self, found):
        """A sentence for each currency: what was paid, what it would be, and the difference."""
        _ = self.env._
        if not found:
            return _("No period could be reckoned.")
        totals = {}
        for one in found:
            paid, would = totals.get(one.contract.currency_id, (Decimal(0), Decimal(0)))
            totals[one.contract.currency_id] = paid + one.paid, would + (one.would_be or Decimal(0))
        return "\n".join(
            _("%(currency)s: paid %(paid)s, would be %(would)s, difference %(difference)s.", currency=currency.name,
              **{name: formatLang(self.env, float(amount), digits=currency.decimal_places) for name, amount in (
                  ("paid", paid), ("would", would), ("difference", would - paid))})
            for currency, (paid, would) in sorted(totals.items(), key=lambda row: row[0].name))

    def _note(self, problems):
        """The contracts that could not be reckoned, by the reason; "" where all could."""
        by_reason = {}
        for contract, reason in problems.items():
            by_reason.setdefault(reason, []).append(contract.display_name)
        rows = []
        for reason, names in by_reason.items():
            told = ", ".join(names[:NAMED])
            if len(names) > NAMED:
                told = self.env._("%(names)s and %(count)s more", names=told, count=len(names) - NAMED)
            rows.append(self.env._("%(contracts)s: %(reason)s.", contracts=told, reason=reason))
        return "\n".join(rows)

    def action_lines(self):
        """The periods as a list and as a pivot table."""
        return self._open("aftersales_contracts.action_penalty_what_if_line")

    def action_chart(self):
        """Paid beside would-be as bars."""
        return self._open("aftersales_contracts.action_penalty_what_if_bar")

    def _open(self, action):
        self.ensure_one()
        self.check_access("read")
        return {**self.env["ir.actions.act_window"]._for_xml_id(action), "domain": [("what_if_id", "=", self.id)]}


def _decimal(number):
    return Decimal(float_repr(number, 4)).normalize() + 0
