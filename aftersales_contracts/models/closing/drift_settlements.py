"""Settlements that were sent against what they were reckoned from: the stored inputs, the engine and the terms of
today, the revenue that they took, and the ledger that they were posted to.

Each is reckoned twice, by the code that computed it: from the inputs that are stored with it, which has to give the
same lines to the unit; and from the rule, the rates and the figures as they are known today. Nothing is written.
"""

from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..settlements.settlement import UNSENT
from ..statements.statement_snapshot import digest
from .drift import Checked, Finding
from .period_settlements import FINAL

IN_WORDS = {"name", "reference"}  # of rules: they change nothing that is paid
TOLD = 20  # lines of a settlement that are named one by one

LEDGER = """
    SELECT t.id, count(m.id),
           sum((SELECT sum(CASE WHEN m.move_type IN ('in_invoice', 'out_refund') THEN 1 ELSE -1 END * l.price_subtotal)
                  FROM account_move_line l WHERE l.move_id = m.id AND l.display_type = 'product'))
      FROM aftersales_settlement t
 LEFT JOIN account_move m ON m.aftersales_settlement_id = t.id AND m.state = 'posted'
           AND m.aftersales_settlement_reversed IS NOT TRUE
     WHERE t.id = ANY(%s) GROUP BY t.id"""

# What takes back revenue that a settlement has paid for, and is in no settlement itself.
TAKEN_BACK = """
    SELECT l.settlement_id, count(*), sum(r.company_amount)
      FROM aftersales_settlement_line l
      JOIN aftersales_revenue r ON r.taken_back_id = l.revenue_id AND r.is_due
     WHERE l.settlement_id = ANY(%s)
       AND NOT EXISTS (SELECT FROM aftersales_settlement_line n WHERE n.revenue_id = r.id)
  GROUP BY l.settlement_id"""


class Settlement(models.Model):
    _inherit = "aftersales.settlement"

    @api.model
    def _drift_domain_settlements(self):
        """All that were sent: they are not reckoned anew."""
        return Domain("state", "not in", UNSENT)

    def _drift_settlements(self):
        """`Checked` of these settlements. Reads only."""
        self.env.flush_all()
        ledger = {row[0]: row[1:] for row in self.env.execute_query(SQL(LEDGER, self.ids))}
        taken_back = {row[0]: row[1:] for row in self.env.execute_query(SQL(TAKEN_BACK, self.ids))}
        findings = []
        for settlement in self:
            findings += settlement._drift_of_record() + settlement._drift_of_ledger(*ledger[settlement.id])
            stored, again = settlement._drift_of_inputs()
            findings += stored or settlement._drift_of_today(again)
            if settlement.id in taken_back:
                findings.append(settlement._drift_taken_back(*taken_back[settlement.id]))
        return Checked(findings, {self._name: self.ids}, {"settlements": len(self)})

    def _drifts(self, part, label, was, now, amount=None, pending=""):
        self.ensure_one()
        return Finding(self._name, self.id, part, label, str(was), str(now), self.contract_id.id, self.company_id.id,
                       amount, self.currency_id.id, pending=pending)

    # --- what is stored --------------------------------------------------------------------------------------

    def _drift_of_record(self):
        """Inputs and their hash; lines and their sum; what is paid."""
        _, findings = self.env._, []
        now = digest(self.inputs)
        if now != self.inputs_hash:
            findings.append(self._drifts("inputs", _("Stored inputs"), self.inputs_hash, now))
        total = self._money(self.total)
        [[lines]] = self.env.execute_query(SQL(
            "SELECT COALESCE(sum(amount), 0) FROM aftersales_settlement_line WHERE settlement_id = %s", self.id))
        lines = self._money(lines)
        if lines != total:
            findings.append(self._drifts("lines", _("Sum of the lines"), total, lines, lines - total))
        return findings

    def _drift_of_ledger(self, documents, posted):
        """What posted documents say before taxes, seen from the dealer."""
        wanted = self._money(self.payable) if self.state in FINAL and not self.sudo().booked_with_id else Decimal(0)
        now = self._money(posted or 0)
        if now == wanted or not documents and not wanted:
            return []
        return [self._drifts("posted", self.env._("Posted in the ledger"), wanted, now, now - wanted)]

    def _drift_taken_back(self, count, amount):
        return self._drifts(
            "revenue", self.env._("Revenue taken back since"), self.env._("settled"),
            self.env._("%(count)s lines, %(amount)s", count=count, amount=formatLang(
                self.env, amount, currency_obj=self.company_id.currency_id)),
            pending=self.env._("The next settlement tells it."))

    # --- reckoned again --------------------------------------------------------------------------------------

    def _drift_of_inputs(self):
        """([`Finding`], `Reckoned`): what the engine of today makes of the stored inputs and of the revenue that the
        lines name."""
        _, rows = self.env._, []
        again = self._reckon(self._given_stored(), self._compare_lines(rows), stored=True)
        findings = self._drift_of_lines(rows)
        findings += self._drift_of_figures("engine", again, lambda label: _("%s, from the stored inputs", label))
        if again.inputs["lines"] != self.inputs["lines"]:
            findings.append(self._drifts(
                "revenue_rows", _("Attributed revenue that was settled"), *(_(
                    "%(count)s lines, fingerprint %(hash)s", count=lines["count"], hash=lines["sha256"][:12])
                    for lines in (self.inputs["lines"], again.inputs["lines"]))))
        if again.result_hash != self.result_hash and not findings:
            findings.append(self._drifts("result", _("Result"), self.result_hash, again.result_hash))
        return findings, again

    def _drift_of_figures(self, part, reckoned, label):
        """Differences of the figures of the settlement from ``reckoned``."""
        findings = []
        for name, now in (("total", reckoned.found.total), ("carried_forward", reckoned.found.carried_forward),
                          ("revenue", reckoned.revenue)):
            was, now = self._money(self[name]), now or Decimal(0)
            if was != now:
                findings.append(self._drifts(
                    f"{part}:{name}", label(self._fields[name]._description_string(self.env)), was, now,
                    None if name == "revenue" else now - was))
        return findings

    def _compare_lines(self, found):
        """A function of the rows that are reckoned: it adds (revenue id, stored amount, amount now) to ``found`` of
        those that come to something else."""
        def compare(rows):
            amounts = {row[0]: line.amount for row, line in rows}
            for number, stored in self.env.execute_query(SQL(
                    """SELECT revenue_id, amount FROM aftersales_settlement_line
                        WHERE settlement_id = %s AND revenue_id = ANY(%s)""", self.id, list(amounts))):
                if self._money(stored) != amounts[number]:
                    found.append((number, stored, amounts[number]))

        return compare

    def _drift_of_lines(self, rows):
        """The first of the lines that differ, each by name."""
        lines = {line.revenue_id.id: line for line in self.env["aftersales.settlement.line"].search(
            [("settlement_id", "=", self.id), ("revenue_id", "in", [row[0] for row in rows[:TOLD]])])}
        return [self._drifts(
            f"line:{number}", self.env._("Line %s", lines[number].display_name), self._money(was), now,
            now - self._money(was)) for number, was, now in rows[:TOLD]]

    def _drift_of_today(self, stored):
        """What the settled revenue comes to by the rule, the rates and the figures as they are known today.
        ``stored``: the `Reckoned` of what is stored."""
        now = self._reckon_from_today()
        difference = (now.found.total + now.found.carried_forward) - (stored.found.total + stored.found.carried_forward)
        labels = self._labels_of_inputs()
        findings = []
        for name, label in labels.items():
            was, is_ = _bare(self.inputs.get(name)), _bare(now.inputs.get(name))
            if was != is_:
                findings.append(self._drifts(f"today:{name}", label, *_told(was, is_), difference))
        if difference and not findings:
            findings += self._drift_of_figures("today", now, lambda label: self.env._("%s, from today's facts", label))
        return findings

    def _labels_of_inputs(self):
        """{name of a part of the inputs: what it is called}"""
        _ = self.env._
        return {"rule": _("Share rule"), "facts": _("Figures of the period"), "rates": _("Rates of exchange"),
                "paths": _("Product categories")}


def _bare(value):
    """Plain data without what is there to be read only."""
    if isinstance(value, dict):
        return {key: _bare(inner) for key, inner in value.items() if key not in IN_WORDS}
    if isinstance(value, list):
        return [_bare(inner) for inner in value]
    return value


def _told(was, now, path=""):
    """("path value", "path value") of the first place in which two plain values differ."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key in sorted({*was, *now}):
            if was.get(key) != now.get(key):
                return _told(was.get(key), now.get(key), f"{path}{key} ")
    if isinstance(was, list) and isinstance(now, list):
        for number, (one, other) in enumerate(zip(was, now, strict=False), 1):
            if one != other:
                return _told(one, other, f"{path}{number} ")
    return tuple(f"{path}{'–' if value is None else value}" for value in (was, now))
