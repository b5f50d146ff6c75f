"""Which share rule a dealer contract holds on which days: read from its versions, in sets."""

from dataclasses import replace
from datetime import date
from typing import NamedTuple

from odoo import models

from ...engine import versions as engine

PREFIX = "share:"


class Held(NamedTuple):
    """From ``start`` up to ``end`` (exclusive; None: open) a contract holds the rule with the id ``rule`` (or None)."""

    start: date
    end: date | None
    rule: int | None


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _share_rule(self, start, end):
        """`_share_rules` of one contract: (engine `Rule`, record), or (None, no record) without a share."""
        self.ensure_one()
        return self._share_rules(start, end).get(self, (None, self.env["aftersales.share.rule"]))

    def _share_rules(self, start, end, currency=None):
        """{contract: (engine `Rule`, rule record)} of the contracts that hold a share rule on a day of [start, end).

        The record is the one in force last: limits, fees and payment are its. The `Rule` has the components of every
        version in force in those days, each with its own first day and first day after (`Component.start`, ``end``),
        under the key that it has in the library. For lines of earlier days ``start`` is the first of their days.
        ``currency``: as in `aftersales.share.rule._terms`. The same queries for any number of contracts.
        """
        held = self._shares_held(start, end)
        wanted = {(one.rule, contract.lang) for contract, spans in held.items() for one in spans}
        rules = self.env["aftersales.share.rule"].browse(sorted({key for key, _lang in wanted}))
        known = {rule.id: rule for rule in rules}  # read together
        terms = {(key, lang): known[key]._terms(currency, lang) for key, lang in wanted}
        return {contract: (_joined([(one, terms[one.rule, contract.lang]) for one in spans]), known[spans[-1].rule])
                for contract, spans in held.items()}

    def _shares_held(self, start, end):
        """{contract: [`Held`, ...] by day} of the rules that contracts hold in [start, end), those without one left
        out. One query reads the versions of all contracts; a contract that was never signed answers by its rows."""
        versions = self.env["aftersales.contract.version"].search_fetch(
            [("contract_id", "in", self.ids)], ["contract_id", "number", "effective_on", "recorded_at", "changes",
                                                "cancelled_at"]).grouped("contract_id")
        found = {}
        for contract in self:
            spans = (_spans(versions[contract]._engine()) if contract in versions
                     else [Held(date.min, None, contract.share_ids[:1].rule_id.id)])
            spans = [one for one in spans if one.rule and one.start < end and (one.end is None or one.end > start)]
            if spans:
                found[contract] = spans
        return found


def _spans(versions):
    """The `Held` of the engine's ``versions``: days with the same rule are one span."""
    shares = [replace(one, changes={key: value for key, value in one.changes.items() if key.startswith(PREFIX)})
              for one in versions]
    found = []
    for piece in engine.timeline([one for one in shares if one.changes or one.number == 1]):
        rule = _rule_of(piece.terms)
        if found and found[-1].rule == rule:
            found[-1] = found[-1]._replace(end=piece.end)
        else:
            found.append(Held(piece.start, piece.end, rule))
    return found


def _rule_of(terms):
    """The rule that flat ``terms`` name; rows that are gone do not count. More than one never takes effect."""
    rules = [terms.get(f"{key}:rule_id") for key in sorted(terms) if key.count(":") == 1 and terms[key]]
    return next(filter(None, rules), None)


def _joined(spans):
    """One engine `Rule` of [(`Held`, its `Rule`), ...]: the last one's, with the components of all."""
    components = tuple(
        replace(component, start=held.start, end=held.end) for held, rule in spans for component in rule.components)
    return replace(spans[-1][1], components=components)
