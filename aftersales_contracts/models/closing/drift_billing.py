"""What was billed against the schedule and the prices of today, and against the ledger; and closed months against what
they closed over."""

from datetime import timedelta
from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine import billing as engine
from ...engine.period import Period
from .drift import Checked, Finding

DAY = timedelta(days=1)

LEDGER = """
    SELECT b.id, m.state,
           (SELECT sum(CASE WHEN m.move_type LIKE '%%refund' THEN -1 ELSE 1 END
                       * COALESCE(NULLIF(l.price_subtotal, 0), l.quantity * l.price_unit))
              FROM account_move_line l WHERE l.aftersales_billed_id = b.id AND l.move_id = b.move_id),
           (SELECT bool_or(t.price_include_override = 'tax_included')
              FROM account_move_line l
              JOIN account_move_line_account_tax_rel r ON r.account_move_line_id = l.id
              JOIN account_tax t ON t.id = r.account_tax_id
             WHERE l.aftersales_billed_id = b.id AND l.move_id = b.move_id)
      FROM aftersales_billed b JOIN account_move m ON m.id = b.move_id
     WHERE b.contract_id = ANY(%s)"""

FACTS = """
    SELECT f.id, f.kind, f.res_id, f.name, f.contract_id, f.currency_id, f.amount,
           COALESCE(f.fingerprint, ''), COALESCE(f.detail, ''),
           s.id IS NOT NULL OR p.id IS NOT NULL OR b.id IS NOT NULL OR t.id IS NOT NULL,
           CASE f.kind WHEN 'penalty' THEN p.amount WHEN 'reversal' THEN -p.amount WHEN 'settlement' THEN t.payable
                       ELSE b.amount END,
           COALESCE(CASE f.kind WHEN 'statement' THEN s.snapshot_hash WHEN 'billed' THEN ''
                                WHEN 'settlement' THEN t.result_hash ELSE p.result_hash END, ''),
           COALESCE(CASE f.kind WHEN 'penalty' THEN p.state WHEN 'reversal' THEN to_char(p.reversed_on, 'YYYY-MM-DD')
                                WHEN 'billed' THEN m.name WHEN 'settlement' THEN
                                     CASE WHEN t.state IN ('posted', 'paid', 'closed') THEN 'posted' ELSE t.state END
                    END, '')
      FROM aftersales_period_fact f
      LEFT JOIN aftersales_statement s ON f.kind = 'statement' AND s.id = f.res_id
      LEFT JOIN aftersales_penalty p ON f.kind IN ('penalty', 'reversal') AND p.id = f.res_id
      LEFT JOIN aftersales_billed b ON f.kind = 'billed' AND b.id = f.res_id
      LEFT JOIN account_move m ON m.id = b.move_id
      LEFT JOIN aftersales_settlement t ON f.kind = 'settlement' AND t.id = f.res_id
     WHERE f.close_id = ANY(%s)"""


class Contract(models.Model):
    _inherit = "aftersales.contract"

    @api.model
    def _drift_domain_billed(self):
        """Contracts of which something was billed."""
        return Domain("billed_ids", "!=", False)

    def _drift_billed(self):
        """`Checked` of everything that these contracts were billed. Reads only."""
        facts = self.with_context(active_test=False).billed_ids
        findings, explained = facts._drift_of_invoices(), 0
        for contract in self:
            paused = contract._paused_days()
            corrections = contract._corrected_periods()
            for line in contract.with_context(active_test=False).line_ids:
                found, told = line._drift_of_fees(paused, corrections.get(line.row_key, {}))
                findings += found
                explained += told
        findings += self._drift_of_usage()
        return Checked(findings, {"aftersales.billed": facts.ids, "aftersales.contract.line": self.line_ids.ids,
                                  "aftersales.contract": self.ids}, {"billed": len(facts)}, explained)

    def _corrected_periods(self):
        """{row key: {(first, last day): sum of the corrections told of it}}"""
        found = {}
        for row in self.correction_ids:
            periods = found.setdefault(row.row_key, {})
            key = (row.period_start, row.period_end)
            periods[key] = periods.get(key, Decimal(0)) + self._exact(row.amount)
        return found

    def _drift_of_usage(self):
        """Usage that is known otherwise than it was billed; the next invoice of the line tells it."""
        findings = []
        for row in self.line_ids._late_usage():
            line = row["line"]
            findings.append(Finding(
                line._name, line.id, f"usage:{row['period_start']}", row["name"], self.env._("billed"),
                self.env._("%s more", row["amount"]), line.contract_id.id, line.contract_id.company_id.id,
                row["amount"], line.currency_id.id,
                pending=self.env._("The next invoice tells it.") if line.next_bill_on else ""))
        return findings


class ContractLine(models.Model):
    _inherit = "aftersales.contract.line"

    def _drift_of_fees(self, paused, corrections):
        """([`Finding`], number explained) of the fees billed of this line, by the prices and days known today."""
        facts = self.billed_ids.filtered(lambda fact: fact.kind == "fee")
        fee = self._as_recurring(self._billing_rates()[0]) if facts and self.first_day else None
        differing = {}
        for fact in facts if fee else ():
            was, now = self._money(fact.amount), self._fee_again(fee, fact, paused)
            if was != now:
                span = next((span for span in corrections
                             if span[0] <= fact.period_start and fact.period_end <= span[1]), None)
                differing.setdefault(span, []).append((fact, was, now))
        findings, explained = [], 0
        for span, rows in differing.items():
            if span and sum(now - was for _fact, was, now in rows) == corrections[span]:
                explained += len(rows)
                continue
            findings += [fact._drifts("schedule", self.env._("Price of the days"), was, now, now - was)
                         for fact, was, now in rows]
        return findings, explained

    def _fee_again(self, fee, fact, paused):
        """What the days of ``fact`` cost today. Where a pause lies before them the rounding begins anew after it:
        either sum is right, as the pause was known when it was billed or not."""
        days = Period(fact.period_start, fact.period_end + DAY)
        found = [sum((part.amount for part in engine.parts_of(fee, days, pauses)), Decimal(0))
                 for pauses in ((), paused)]
        was = self._money(fact.amount)
        return was if was in found else found[0]


class Billed(models.Model):
    _inherit = "aftersales.billed"

    def _drifts(self, part, label, was, now, amount=None):
        self.ensure_one()
        return Finding(self._name, self.id, part, label, str(was), str(now), self.contract_id.id, self.company_id.id,
                       amount, self.currency_id.id)

    def _drift_of_invoices(self):
        """Facts whose invoice lines say another amount, or whose invoice was cancelled. Amounts with a tax that the
        price includes are the ledger's to check."""
        ledger = {row[0]: row[1:] for row in self.env.execute_query(SQL(LEDGER, self.contract_id.ids))}
        findings = []
        for fact in self.filtered("move_id"):
            state, total, included = ledger[fact.id]
            was = fact.contract_id._exact(fact.amount)
            now = fact.contract_id._exact(total or 0)
            if state == "cancel":
                findings.append(fact._drifts("move", self.env._("Invoice"), self.env._("billed"),
                                             self.env._("cancelled"), -was))
            elif not included and now != was and not (total is None and not was):
                findings.append(fact._drifts("invoice", self.env._("Amount on the invoice"), was, now, now - was))
        return findings


class PeriodClose(models.Model):
    _inherit = "aftersales.period.close"

    @api.model
    def _drift_domain_months(self):
        """Closed months."""
        return Domain("state", "=", "closed")

    def _drift_months(self):
        """`Checked` of closed months: the snapshot and its hash, and every fact as it is today. Reads only."""
        findings = []
        for close in self:
            for number, sentence in enumerate(close._differences()):
                findings.append(Finding(close._name, close.id, f"snapshot:{number}", self.env._("Snapshot"),
                                        close.snapshot_hash or "", sentence, company_id=close.company_id.id))
        for row in self.env.execute_query(SQL(FACTS, self.ids)):
            findings += self.env["aftersales.period.fact"].browse(row[0])._drift_of_fact(*row[1:])
        return Checked(findings, {self._name: self.ids}, {"months": len(self)})


class PeriodFact(models.Model):
    _inherit = "aftersales.period.fact"

    def _drift_of_fact(self, kind, res_id, name, contract, currency, amount, print_, detail, there, now, new_print,
                       new_detail):
        """Findings of one fact as its month closed over it, and as it is today."""
        label = self.env._("%(kind)s %(name)s", name=name.split("\n")[0],
                           kind=dict(self._fields["kind"]._description_selection(self.env))[kind])
        close, findings = self.close_id, []

        def found(part, was, is_, difference=None):
            findings.append(Finding(close._name, close.id, f"{kind}:{res_id}:{part}", label, str(was), str(is_),
                                    contract, close.company_id.id, difference, currency))

        if not there:
            found("record", self.env._("on record"), self.env._("gone"), -amount if amount is not None else None)
            return findings
        if amount != now:
            found("amount", amount, now, (now or 0) - (amount or 0))
        if print_ != new_print:
            found("fingerprint", print_, new_print)
        if detail != new_detail:
            found("detail", detail, new_detail)
        return findings
