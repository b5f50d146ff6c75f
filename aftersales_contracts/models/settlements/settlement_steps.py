"""Steps of a settlement in the words of a language, for its form, its statement and the portal; brackets as a table."""

from datetime import date
from decimal import Decimal

from odoo import api, fields, models

from ...engine import share_steps as engine
from ..penalties.step_phrases import NUMBER
from ..signing.document_words import DocumentWords
from ..statements.statement_snapshot import known
from .settlement_phrases import BRACKET, CHOICES, COUNTED, FORMS, LABELS, NOUNS, PRICED, QUANTITY, VOLUME
from .settlement_told import number


class ShareWords:
    """Tells the engine's sentences in the language of ``words`` (a `DocumentWords`).

    ``names``: of components and bonuses, which stand before their sentences; ``payees``: {database id as text: name};
    ``measures``: {key: name} of figures.
    """

    def __init__(self, words, names=(), payees=None, measures=None):
        self.words, self.payees, self.measures = words, payees or {}, measures or {}
        self.translate = words.env._
        self.names = sorted(filter(None, names), key=len, reverse=True)

    def label(self, label):
        """The name of a step."""
        return self.translate(LABELS[label]) if label in LABELS else label

    def parted(self, detail):
        """(component or bonus, the rest) of a step's sentence; the name is "" where none is told."""
        name = next((name for name in self.names if detail.startswith(f"{name}: ")), "")
        return name, detail[len(name) + 2:] if name else detail

    def sentence(self, detail):
        """One sentence of the engine, without the name of a component."""
        for form, source in FORMS:
            found = form.fullmatch(detail)
            if found:
                return self.translate(source) % {
                    name: self._value(name, text) for name, text in found.groupdict().items()}
        return self.numbered(detail) if NUMBER.fullmatch(detail) else detail

    def _value(self, name, text):
        if name == "name":
            return text
        if name == "payee":
            return self.payees.get(text, text)
        if name == "measure":
            return self.measures.get(text) or (self.translate(CHOICES[text]) if text in CHOICES else text)
        if name in ("first", "last"):
            return self.words.day(date.fromisoformat(text))
        if text in CHOICES:
            return self.translate(CHOICES[text])
        counted = QUANTITY.fullmatch(text)
        if counted and counted["noun"] in NOUNS:
            return self.translate(NOUNS[counted["noun"]]) % {"count": self.number(counted["count"])}
        return self.numbered(text)

    def numbered(self, text):
        """``text`` with its numbers as the language writes them."""
        return NUMBER.sub(lambda found: self.number(found.group()), text)

    def amount(self, text, digits):
        """"1680" -> "1,680.00" with 2 ``digits``, or as many more as it has; empty stays empty."""
        if not text:
            return ""
        exact = Decimal(text)
        return self.number(f"{exact:.{max(digits, -exact.normalize().as_tuple().exponent)}f}")

    def number(self, text):
        """"1234.50" -> "1,234.50", "2.5 %" -> "2.5%"."""
        told = f"{Decimal(text.removesuffix(' %')):,f}".translate(
            {ord(","): self.words.thousands, ord("."): self.words.point})
        return self.words.percent_form.replace("{}", told) if text.endswith(" %") else told


class Settlement(models.Model):
    _inherit = "aftersales.settlement"

    steps_told = fields.Json(
        string="Step by Step", compute="_compute_steps_told", help="How it came about, in the reader's language.")

    @api.depends("steps")
    @api.depends_context("lang")
    def _compute_steps_told(self):
        for settlement in self:
            words, digits = settlement._step_words(), settlement.currency_id.decimal_places
            settlement.steps_told = [
                [row["name"], " · ".join(filter(None, (row.get("part"), row.get("detail")))),
                 words.amount(row.get("value", ""), digits if row["money"] else 0)]
                for row in settlement._steps_in_words(words)]

    def _step_words(self, lang=None):
        """The `ShareWords` of this settlement, in ``lang`` or the language of the context."""
        self.ensure_one()
        rule = (self.sudo().inputs or {}).get("rule", {})  # who reads the steps reads whose they are
        names = [one.get("name") for one in (*rule.get("components", []), *rule.get("bonuses", []))]
        payees = [int(payee) for payee, _percent in rule.get("split", []) if str(payee).isdigit()]
        measures = {one.get("payout", {}).get("measure", "")
                    for one in (*rule.get("components", []), *rule.get("bonuses", []))}
        own = self.with_context(lang=lang) if lang else self
        Partner, Measure = own.env["res.partner"].sudo(), own.env["aftersales.measure"].sudo()  # names alone
        ids = [int(key.partition(":")[2]) for key in measures if key.partition(":")[2].isdigit()]
        return ShareWords(
            DocumentWords(own.env, lang or own.env.lang or "en_US"), names,
            {str(partner.id): partner.display_name for partner in Partner.browse(payees).exists()},
            {f"measure:{one.id}": one.name for one in Measure.browse(ids).exists()})

    def _steps_in_words(self, words):
        """[{label, name, part, detail, value, money}] of the steps, in order: ``value`` decimal text."""
        self.ensure_one()
        found = []
        for label, detail, value in self.steps or []:
            part, rest = words.parted(detail)
            value = "" if value in ("None", "") or label == engine.RULE and value == "1" else str(value)
            money = label not in COUNTED and not (label == engine.VOLUME and _in_units(rest))
            found.append(known(
                label=label, name=words.label(label), part=part, detail=words.sentence(rest),
                value=value if "/" not in value else "", money=int(money)))
        return found

    # --- brackets ------------------------------------------------------------------------------------------------

    def _brackets_told(self, words):
        """The arithmetic of every share by brackets: {name, rule, money, rows, volume, share, notes}."""
        self.ensure_one()
        components = {one.get("name"): one for one in (self.inputs or {}).get("rule", {}).get("components", [])
                      if any(rate.get("brackets") for rate in one.get("rates", []))}
        found = {}
        for label, detail, value in self.steps or []:
            name, rest = words.parted(detail)
            if name in components:
                table = found.setdefault(name, _Table(components[name], self.currency_id.decimal_places))
                self._read_bracket(table, label, rest, str(value), words)
        return [table.told(name, words) for name, table in found.items() if table.rows]

    def _read_bracket(self, table, label, detail, value, words):
        if label == engine.VOLUME and (parts := VOLUME.fullmatch(detail)):
            table.before, table.now = Decimal(parts["before"]), Decimal(parts["now"])
            table.money = not parts["unit"]
        elif label == engine.BRACKET and (parts := BRACKET.fullmatch(detail)):
            table.add(Decimal(parts["bound"]), Decimal(parts["base"]), parts, Decimal(value))
        elif label == engine.SHARE and (parts := PRICED.fullmatch(detail)):
            table.add(table.reached(), Decimal(parts["base"]), parts, Decimal(value))
        elif label in (engine.RETROACTIVE, engine.REFUNDS):
            told = words.amount(value, self.currency_id.decimal_places)
            table.notes.append(f"{words.label(label)}: {words.sentence(detail)} = {told}")


class _Table:
    """The brackets of one component, as they were met while reading the steps."""

    def __init__(self, component, digits):
        self.component, self.digits, self.rows, self.notes = component, digits, [], []
        self.before = self.now = self.share = Decimal(0)
        self.money = True
        self.bounds = sorted({Decimal(bracket["bound"]) for rate in component.get("rates", [])
                              for bracket in rate.get("brackets", [])})

    def reached(self):
        """The bound of the bracket that the whole volume reaches."""
        return max((bound for bound in self.bounds if bound <= self.before + self.now), default=Decimal(0))

    def add(self, bound, base, parts, share):
        self.rows.append((bound, base, parts["rate"], bool(parts["percent"]), share))
        self.share += share

    def told(self, name, words):
        _ = words.translate
        slab = self.component.get("bracket_rule") == "slab"
        rule = _("All of it counts at the rate of the bracket reached.") if slab else _(
            "Each part of the volume counts at the rate of its own bracket.")
        over = {
            "month": _("The volume adds up over the month."),
            "quarter": _("The volume adds up over the quarter."),
            "year": _("The volume adds up over the year.")}.get(self.component.get("accumulate"))
        notes = list(self.notes)
        if self.before:
            notes.insert(0, _(
                "Volume before this period: %(before)s; with it: %(with_it)s.",
                before=self._quantity(self.before, words), with_it=self._quantity(self.before + self.now, words)))
        return known(
            name=name, rule=" ".join(filter(None, (rule, over))), money=int(self.money), notes=notes,
            rows=[known(span=self._span(bound, words), volume=_plain(base), share=str(share),
                        **{"percent" if percent else "each": rate})
                  for bound, base, rate, percent, share in self.rows],
            volume=_plain(sum(row[1] for row in self.rows)), share=str(self.share))

    def _span(self, bound, words):
        above, _ = next((one for one in self.bounds if one > bound), None), words.translate
        low = self._quantity(bound, words)
        if above is None:
            return _("from %s on", low)
        return _("%(low)s to less than %(high)s", low=low, high=self._quantity(above, words))

    def _quantity(self, number, words):
        """Money with the digits of the currency, units with those that they have."""
        return words.amount(_plain(number), self.digits if self.money else 0)


def _plain(value):
    return number(value) or "0"


def _in_units(detail):
    found = VOLUME.fullmatch(detail)
    return bool(found and found["unit"])
