"""One penalty as its document tells it: what was agreed and measured, each failure, and every step to the amount.

Plain data in the language of the context, as ``penalty_snapshot`` wants it.
"""

import math
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from odoo import models

from ...engine import penalty_terms as engine
from ...engine.penalty_steps import decimal as written
from ..statements.statement_snapshot import known, stamp


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    def _reckoning(self):
        """What the document says of this penalty, without what is not known."""
        self.ensure_one()
        clause, measures, fee, _ledger = self._stored_inputs()
        told, value = self._step_words(), measures.value
        return known(
            number=self.name, title=self.clause_id.name or "", reference=self._clause_in_words(),
            legal=self._legal_in_words(), fee=str(fee) if _of_fee(clause) else "",
            value=str(value) if value is not None else "",
            promised=self.clause_id._in_words(self.contract_id, told.words),
            measured=self._measured_in_words(clause, measures, told), steps=self._steps_in_words(told),
            amounts=self._amounts_in_words(told), failures=self._failures_in_words(told),
            total=str(self._money(self.assessed)), waived=str(self._money(self.waived_amount)),
            waiver=self._waiver_in_words(), amount=str(self._money(self.amount)), notes=self._notes_in_words(told),
            inputs_hash=self.inputs_hash, result_hash=self.result_hash)

    def _clause_in_words(self):
        clause = self.clause_id
        return self.env._("%(number)s, version %(version)s", number=clause.number, version=clause.version)

    def _legal_in_words(self):
        """The clause of the contract that the penalty clause goes with, by its number there."""
        library = self.clause_id.contract_clause_id
        row = self.contract_id.clause_ids.filtered(
            lambda one: library and one.version_id.clause_id == library)[:1]
        return " ".join(filter(None, (row.number, row.title))) if row else ""

    def _waiver_in_words(self):
        if not self.waived_amount:
            return ""
        sentences = [self.waiver_reason or ""]
        if self.waiver_decided_by_id:
            sentences.append(self.env._("Agreed by %s.", self.waiver_decided_by_id.sudo().name))
        return "\n".join(filter(None, sentences))

    def _notes_in_words(self, told):
        """What the amounts do not say: what is carried on, what was corrected, what was not measured."""
        _, found = self.env._, []
        if self.origin_id:
            found.append(_(
                "It corrects %(number)s of %(period)s: facts that came to light later changed it, and the difference "
                "is due here.", number=self.origin_id.name, period=self.origin_id.period_text))
        if self.carried:
            found.append(_("Carried to the next period: %s.", told.words.amount(self.carried, self.currency_id)))
        if not self.measured:
            found.append(_("Nothing was measured in the period, so there is no amount."))
        return found

    # --- measured ------------------------------------------------------------------------------------------------

    def _measured_in_words(self, clause, measures, told):
        records = {component.key: component for component in self.clause_id.component_ids}
        return [self._component_in_words(component, records.get(component.key), measures, told)
                for component in clause.components]

    def _component_in_words(self, component, record, measures, told):
        """A `MeasuredRow` as a dict."""
        row = {"name": component.name, "rule": record._rate_in_words() if record else ""}
        if component.kind in engine.ON_FIGURE:
            row.update(self._figure_row(component, record, measures.figures.get(component.key), told))
        else:
            row["promised"] = self._allowed_in_words(record, told) if record else ""
            events = measures.events.get(component.key)
            if events is not None:
                counted = sum(event.count for event in events if not event.excused)
                excused = sum(event.count for event in events if event.excused)
                row.update(counted=counted, excused=excused,
                           measured=self.env._("Failures: %s", counted + excused))
        return known(**row)

    def _figure_row(self, component, record, figure, told):
        unit = "%" if record and record.source == "compliance" else record.measure_id.unit if record else ""

        promised = component.target if component.target is not None else next(
            (tier.bound for tier in component.tiers), None)

        def number(value):
            value = written(value) if record and record.source == "figure" else _shortened(value, promised)
            text = told.number(f"{value:f}{' %' if unit == '%' else ''}")
            return text if unit in ("%", False, "") else f"{text} {unit}"

        row = {"promised": number(promised) if promised is not None else ""}
        line = self.line_ids.filtered(lambda one: one.component_key == component.key and one.figure)[:1]
        if line:
            row["measured"] = number(Fraction(line.figure))
        elif figure is not None and (figure.value is not None or figure.total):
            row["measured"] = number(_value_of(figure, component, self.inputs["clause"].get("excused", engine.REMOVED)))
        if figure is not None and figure.total:
            spared = sum(count for count, _reason in figure.excused)
            row.update(counted=figure.total - figure.good - spared, excused=spared)
        return row

    def _allowed_in_words(self, record, told):
        """The times allowed by the targets that a component on clocks is about."""
        minutes = sorted(set(record._targets(self.contract_id, archived=True).mapped("duration_minutes")))
        return ", ".join(told.words.duration(one) for one in minutes)

    def _excuses_in_words(self, told, name, detail):
        """The excused events or cases of a component by their reasons: "Force Majeure: 2; Customer: 1"."""
        clause, measures, _fee, _ledger = self._stored_inputs()
        component = next((one for one in clause.components if one.name == name), None)
        if component is None:
            return detail
        figure, counts = measures.figures.get(component.key), defaultdict(int)
        pairs = figure.excused if figure is not None else [
            (event.count, event.excused) for event in measures.events.get(component.key, ()) if event.excused]
        for count, reason in pairs:
            counts[reason] += count
        return "; ".join(f"{self._reason_in_words(reason)}: {count}" for reason, count in sorted(counts.items()))

    def _reason_in_words(self, reason):
        """Why a failure does not count, which facts tell in English, in the language of the context."""
        field = self.env["aftersales.sla.excuse"]._fields["reason"]
        english = dict(field._description_selection(self.env(context={**self.env.context, "lang": "en_US"})))
        mine = dict(field._description_selection(self.env))
        labels = {english[key]: mine[key] for key in english}
        if reason in labels:
            return labels[reason]
        if reason.startswith("lacks "):
            gaps = "; ".join(self.env._(gap) for gap in reason.removeprefix("lacks ").split("; "))
            return self.env._("not proven yet: %s", gaps)
        return self.env._(reason)  # the texts of the chain of evidence and of late facts, which are translated there

    # --- amounts and failures ------------------------------------------------------------------------------------

    def _amounts_in_words(self, told):
        """The lines, which sum to what was assessed."""
        found = []
        for line in self.line_ids.sorted("sequence"):
            name = line.name or told.kind(line.kind)
            if line.kind == "bonus":
                name = self.env._("%s (bonus)", name)
            found.append(known(
                name=name, detail=told.sentence(line.detail or ""), amount=str(self._money(line.amount))))
        return found

    def _failures_in_words(self, told):
        """Every failure that cost something or was excused, in the order of its instant."""
        events = self.event_ids
        clocks = self._stated_clocks()
        severities = dict(self.env["aftersales.penalty.severity"]._severities())
        rows = _merged(event._in_words(self, clocks, severities, told) for event in events)
        return sorted(rows, key=lambda row: (row.get("due") or row.get("due_day") or row.get("done", ""),
                                             row["reference"], row.get("measure", "")))

    def _stated_clocks(self):
        """{clock id: what the statement printed of it}."""
        rows = self.env["aftersales.statement.clock"].search_fetch(
            [("contract_id", "=", self.contract_id.id), ("clock_ref", "in", self.event_ids.mapped("clock_ref"))],
            ["clock_ref", "due_at", "stopped_at"]) if self.kind == "customer" else ()
        return {row.clock_ref: row for row in rows}


class PenaltyEvent(models.Model):
    _inherit = "aftersales.penalty.event"

    def _in_words(self, penalty, clocks, severities, told):
        """A failure of the document's snapshot."""
        self.ensure_one()
        request, breach, clock = self.request_id, self.breach_id, self.clock_id
        reference = request.name if request else breach.name if breach else str(self.clock_ref or self.id)
        row = {
            "reference": reference, "title": request.title if request else breach.title or "",
            "measure": self.name or "", "late": self.late, "severity": severities.get(self.severity, ""), "amount": "",
            "open": self.env._("still open") if self.still_open else ""}
        if breach and not request:
            row["due_day"] = breach.noticed_on.isoformat()
            row["done_day"] = breach.cured_on.isoformat() if breach.cured_on else ""
        else:
            stated = clocks.get(self.clock_ref) or clock
            # a provider's own limit is another than the customer's, whose instant the clock shows
            row["due"] = stamp(stated.due_at) if stated and penalty.kind == "customer" else ""
            row["done"] = stamp(stated.stopped_at or clock.stopped_at) if stated and not self.still_open else ""
        if self.excused:
            row["reason"] = penalty._reason_in_words(self.excused)
        elif self.amount:
            row["amount"] = str(penalty._money(self.amount))
        return known(**row)


def _merged(rows):
    """Failures that several measures counted as one row each, with the measures named together."""
    found = {}
    for row in rows:
        same = tuple(sorted((name, value) for name, value in row.items() if name not in ("measure", "amount")))
        first = found.setdefault(same, row)
        if first is not row:
            first["measure"] = "\n".join(filter(None, (first.get("measure"), row.get("measure"))))
            amounts = [Decimal(one["amount"]) for one in (first, row) if "amount" in one]
            first.update({"amount": str(sum(amounts))} if amounts else {})
    return list(found.values())


def _shortened(value, promised):
    """A rate with two decimals, or as many as what was promised has; never so that a missed promise looks kept."""
    exact, bar = Fraction(value), None if promised is None else Fraction(promised)
    places = max(2, 0 if promised is None else -promised.as_tuple().exponent)
    shown = Decimal(round(exact * 10**places)) / 10**places
    if bar is not None and (Fraction(shown) >= bar) != (exact >= bar):
        shown = Decimal(math.floor(exact * 10**places) if exact < bar else math.ceil(exact * 10**places)) / 10**places
    return shown.normalize() + 0


def _of_fee(clause):
    """Whether anything of these terms is percent of the period's fee."""
    caps = [clause.at_risk, clause.period_cap, clause.yearly_cap, clause.contract_cap, clause.bonus_cap]
    caps += [cap for one in clause.components for cap in (one.event_cap, one.cap)]
    return any(cap and cap.base == engine.OF_FEE for cap in caps) or any(
        one.base == engine.PERCENT for one in clause.components)


def _value_of(figure, component, rule):
    """The figure as the engine compares it: in percent, what is excused counted as the clause says."""
    if not figure.total:
        return Fraction(figure.value)
    spared = sum(count for count, _reason in figure.excused)
    good, total = (figure.good + spared, figure.total) if rule == engine.GOOD else (figure.good, figure.total - spared)
    part = good if component.high_is_good else total - good
    return Fraction(100 * part, total) if total else Fraction(0)
