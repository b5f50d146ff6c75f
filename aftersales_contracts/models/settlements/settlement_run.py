"""The settlement run: attribute what is new, then one settlement after another for each dealer contract and currency.

A contract is settled under a lock on its row, all that belongs to it in one savepoint: a run that is killed leaves
nothing half done, and two at once settle nothing twice; the index on the lines' revenue sees to it besides. What was
sent stays as it is. Until then a settlement may be computed anew, together with those after it.
"""

from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Domain
from odoo.tools import format_date
from psycopg2 import OperationalError

from ...engine.errors import EngineError
from ...engine.period import Period
from ..statements.statement_snapshot import digest
from .settlement import FINANCE, UNSENT
from .settlement_gaps import DAY
from .settlement_rates import MissingRate
from .settlement_store import Writer

QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True, "mail_notrack": True}


class Outcome(NamedTuple):
    """``made``: settlements; ``blocked``: {contract: sentence}; ``told``: {contract: sentence} of what will hold the
    posting."""

    made: Any
    blocked: dict
    told: dict


class Settlement(models.Model):
    _inherit = "aftersales.settlement"

    @api.model
    def _run(self, company, contracts=None, until=None, today=None):
        """Settle what is over: the `Outcome`. ``contracts``: of dealers, else all of the company; ``until``: periods
        that end by this day (a date); ``today``: a date, else each contract's own day. Who asks is checked where the
        button is."""
        Contract = self.env["aftersales.contract"].sudo()  # the ledger is read whole, whoever settles
        wanted = Contract._settled_domain() & Domain("company_id", "=", company.id)
        if contracts is not None:
            wanted &= Domain("id", "in", contracts.ids)
        self.env["aftersales.revenue"].sudo()._attribute(company)
        found = Outcome(self.browse(), {}, {})
        for contract in Contract.with_context(active_test=False).search(wanted, order="id"):
            found = _joined(found, contract._settle(today, until))
        return found._replace(made=found.made.with_env(self.env))

    # --- one settlement ----------------------------------------------------------------------------------------------

    def _compute(self, rule, record):
        """Reckon and write this settlement: its lines, its figures, the proof. It is locked, and was not sent."""
        self.ensure_one()
        given = self._given_now(rule, record)
        writer = Writer(self, rule, given.sources)
        reckoned = self._reckon(given, writer.store)
        writer.close(reckoned.found.lines)
        self.env["aftersales.settlement.line"].invalidate_model()
        self._write_guarded({**self._values_of(given, reckoned), "state": "computed"})

    def _values_of(self, given, reckoned):
        found, inputs = reckoned.found, reckoned.inputs
        groups, warnings, shares, count = _summed(self._figures_of_lines())
        for word, _key in found.warnings:
            warnings.setdefault(word, 1)
        return {
            "rule_id": given.record.id, "revenue": float(reckoned.revenue), "opening": float(given.carried.amount),
            "lines_total": shares, "total": float(found.total), "carried_forward": float(found.carried_forward),
            "line_count": count, "warning_count": sum(warnings.values()), "warnings": warnings or False,
            "steps": [[step.label, step.detail, str(step.value)] for step in found.steps],
            "volumes": {key: {"base": str(one.base), "share": str(one.share)} for key, one in found.volumes.items()}
            or False,
            "groups": groups, "inputs": inputs, "inputs_hash": digest(inputs), "result_hash": reckoned.result_hash,
            "computed_by_id": self.env.uid, "computed_at": fields.Datetime.now()}

    # --- computing anew ----------------------------------------------------------------------------------------------

    def action_compute(self):
        """Compute these settlements anew, and those after them: what is known by now, by the rules in force. Finance,
        until they are sent."""
        if not self.env.user.has_groups(FINANCE):
            raise AccessError(self.env._("Only finance or an administrator computes settlements."))
        self.check_access("write")
        self.env["aftersales.revenue"].sudo()._attribute_for(self.company_id)
        for contract, settlements in self.grouped("contract_id").items():
            contract.sudo()._lock_settling()  # the ledger is read whole, whoever settles
            settlements.sudo()._compute_anew()
        return True

    def _compute_anew(self):
        """These settlements of one locked contract and those after them, oldest first."""
        contract, first = self.contract_id, min(self.mapped("period_start"))
        chain = self.search([("contract_id", "=", contract.id), ("period_start", ">=", first),
                             ("currency_id", "in", self.currency_id.ids)], order="period_start, id")
        chain.lock_for_update(allow_referencing=True)
        chain.invalidate_recordset()
        for settlement in chain:
            if settlement.state not in UNSENT:
                raise UserError(self.env._(
                    "%s was sent: it stays as it is. What is wrong becomes a line of the next settlement.",
                    settlement.display_name))
        chain._drop_lines()
        for settlement in chain:
            period = Period(settlement.period_start, settlement._period_until())
            by_currency, record = contract._rule_for(period)
            rule = by_currency and by_currency[settlement.currency_id]
            contract._refuse_gaps(contract._settlement_gaps(period, rule, record))
            settlement._write_guarded({"reviewed_by_id": False, "reviewed_on": False})
            try:
                settlement.with_context(**QUIET)._compute(rule, record)
            except (EngineError, MissingRate) as error:
                raise UserError(contract._settling_failed(error)) from error


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _settle(self, today=None, until=None):
        """Settle what is over of this contract: the `Outcome`, of this contract alone. One savepoint; what a lock of
        somebody else keeps from us is told, and left to the next run."""
        self.ensure_one()
        Settlement = self.env["aftersales.settlement"]
        nothing = Outcome(Settlement, {}, {})
        if not self._settlement_periods(today):
            return nothing
        try:
            self._lock_settling()
        except UserError as error:
            return nothing._replace(blocked={self: str(error)})
        made, told = Settlement, {}
        for period in self._settlement_periods(today).get(self, ()):  # once more, under the lock
            if until and period.end - DAY > until:
                break
            try:
                with self.env.cr.savepoint():
                    found, gaps = self._settle_period(period)
                    self.env.flush_all()
            except OperationalError:
                raise
            except (EngineError, MissingRate, UserError) as error:
                self.env.invalidate_all()
                return Outcome(made, {self: self._settling_failed(error, period)}, told)
            made += found
            if gaps:
                told[self] = "; ".join(gaps)
        return Outcome(made, {}, told)

    def _settle_period(self, period):
        """(settlements, [phrases of what will hold the posting]) of one period. Raises UserError naming what is in the
        way."""
        by_currency, record = self._rule_for(period)
        gaps = self._settlement_gaps(period, by_currency and by_currency[record.currency_id], record)
        self._refuse_gaps(gaps)
        made = self.env["aftersales.settlement"].with_context(**QUIET)
        for currency in self._open_currencies(period, record).sorted("id"):
            settlement = made.create(self._settlement_values(period, currency, record))
            settlement._give_numbers()
            settlement._compute(by_currency[currency], record)
            made += settlement
        self._write_unlocked({"settled_until": made[:1].period_end})
        return made.with_context(**dict.fromkeys(QUIET, False)), [gap.sentence for gap in gaps if not gap.blocks]

    def _settlement_values(self, period, currency, record):
        return {
            "contract_id": self.id, "dealer_id": self.partner_id.id, "company_id": self.company_id.id,
            "currency_id": currency.id, "rule_id": record.id, "period_start": period.start,
            "period_end": period.end - DAY}

    def _rule_for(self, period):
        """({currency: engine `Rule`}, record) that a settlement of ``period`` goes by; the dict makes them as asked."""
        since = self._open_since(period)
        found = self._share_rules(since, period.end)
        if self not in found:
            return None, self.env["aftersales.share.rule"]
        return _ByCurrency(self, since, period.end, found[self]), found[self][1].sudo()

    def _lock_settling(self):
        """Lock these contracts for this transaction. UserError where somebody else settles them."""
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            names = ", ".join(self.mapped("display_name"))
            raise UserError(self.env._("%s is being settled by somebody else at this moment", names)) from error
        self.invalidate_recordset(["settled_until"], flush=False)

    def _refuse_gaps(self, gaps):
        blocking = [gap.sentence for gap in gaps if gap.blocks]
        if blocking:
            raise UserError("; ".join(blocking))

    def _settling_failed(self, error, period=None):
        """Why a contract was not settled, in a sentence that names it."""
        if isinstance(error, MissingRate):
            error = self.env._("currency %(currency)s has no rate on %(day)s", currency=error.currency.name,
                               day=format_date(self.env, error.day))
        return self.env._(
            "%(contract)s, %(dealer)s, is not settled%(period)s: %(reason)s.", contract=self.display_name,
            dealer=self.partner_id.display_name, period=f" ({period.label})" if period else "",
            reason=str(error).rstrip("."))


class Revenue(models.Model):
    _inherit = "aftersales.revenue"

    @api.model
    def _attribute_for(self, companies):
        """Attribute what is marked of these companies."""
        for company in companies:
            self._attribute(company)


class _ByCurrency(dict):
    """The engine's `Rule` of a contract for settlements in a currency, made once for each."""

    def __init__(self, contract, start, end, found):
        rule, record = found
        super().__init__({record.currency_id: rule})
        self._ask = lambda currency: contract._share_rules(start, end, currency)[contract][0]

    def __missing__(self, currency):
        self[currency] = self._ask(currency)
        return self[currency]


def _joined(one, other):
    return Outcome(one.made + other.made.with_env(one.made.env), {**one.blocked, **other.blocked},
                   {**one.told, **other.told})


def _summed(rows):
    """(groups for the form, {warning: lines}, what the shares come to, number of lines) of `_figures_of_lines`."""
    groups, warnings, shares, count = {}, {}, 0, 0
    for group, kind, warning, lines, base, amount in rows:
        found = groups.setdefault(group, [0, 0, 0])
        groups[group] = [found[0] + lines, found[1] + float(base or 0), found[2] + float(amount or 0)]
        count += lines
        if warning:
            warnings[warning] = warnings.get(warning, 0) + lines
        if kind in ("share", "retroactive"):
            shares += float(amount or 0)
    return groups, warnings, shares, count
