"""Steps and lines of a penalty in the words of a language: for its form, its document and the portal."""

import re
from decimal import Decimal

from odoo import fields, models

from ..signing.document_words import DocumentWords
from .step_phrases import CHOICES, COUNTED, CUTS, FORMS, LABELS, LINE_KINDS, NUMBER

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LASTING = re.compile(r"(?:(\d+) days?, )?(\d+):(\d\d):\d\d")  # a timedelta as Python writes it


class StepWords:
    """Tells the engine's sentences in the language of ``words`` (a `DocumentWords`).

    ``names``: those of the components, which stand before their sentences; ``numbers``: {key: number} of penalties.
    """

    def __init__(self, words, names=(), numbers=None):
        self.words, self.numbers = words, numbers or {}
        self.translate = words.env._
        self.names = sorted(filter(None, names), key=len, reverse=True)

    def label(self, label):
        """The name of a step."""
        return self.translate(LABELS[label]) if label in LABELS else label

    def kind(self, line_kind):
        """The name of a line that is no component's."""
        return self.translate(LINE_KINDS[line_kind]) if line_kind in LINE_KINDS else line_kind

    def parted(self, detail):
        """(component, the rest) of a step's sentence; the component is "" where none is named."""
        name = next((name for name in self.names if detail.startswith(f"{name}: ")), "")
        return name, detail[len(name) + 2:] if name else detail

    def sentence(self, detail):
        """One sentence of the engine, without the name of a component."""
        for form, source in FORMS:
            found = form.fullmatch(detail)
            if found:
                values = {name: self._value(name, text) for name, text in found.groupdict().items()}
                return self.translate(source) % values
        return detail

    def _value(self, name, text):
        if text in CHOICES:
            return self.translate(CHOICES[text])
        if name == "cap" and text in LABELS:
            return self.label(text)
        if DAY.fullmatch(text):
            return self.words.day(_day(text))
        if name == "number":
            return self.numbers.get(text, text)
        lasting = LASTING.fullmatch(text)
        if lasting:
            days, hours, minutes = (int(part or 0) for part in lasting.groups())
            return self.words.duration((days * 24 + hours) * 60 + minutes)
        return text if name == "name" else self.numbered(text.replace(" x ", " × "))

    def numbered(self, text):
        """``text`` with its numbers as the language writes them."""
        return NUMBER.sub(lambda found: self.number(found.group()), text)

    def number(self, text):
        """"1234.50" -> "1,234.50", "2.5 %" -> "2.5%"."""
        part = text.endswith(" %")
        number = text.removesuffix(" %")
        told = f"{Decimal(number):,f}".translate({ord(","): self.words.thousands, ord("."): self.words.point})
        return self.words.percent_form.replace("{}", told) if part else told


def _day(text):
    return fields.Date.to_date(text)


class Penalty(models.Model):
    _inherit = "aftersales.penalty"

    def _step_words(self, lang=None):
        """The `StepWords` of this penalty, in ``lang`` or the language of the context."""
        self.ensure_one()
        clause = (self.inputs or {}).get("clause", {})
        earned = {str(penalty.id): penalty.name for penalty in self._earlier()}
        return StepWords(
            DocumentWords(self.env, lang or self.env.lang or "en_US"),
            [component["name"] for component in clause.get("components", [])], earned)

    def _earlier(self):
        """The penalties that this one may return, by the ids that its inputs name."""
        ledger = (self.inputs or {}).get("ledger", {})
        keys = [row["key"] for row in ledger.get("penalised", []) if str(row.get("key", "")).isdigit()]
        return self.browse(map(int, keys)).exists() if keys else self.browse()

    def _steps_in_words(self, words):
        """[{name, detail, value, money, cut}] of the steps, in order: ``value`` decimal text, money or a number."""
        self.ensure_one()
        found = []
        for label, detail, value in self.steps or []:
            if label == "clause":  # the head of the document says it
                continue
            name, rest = words.parted(detail)
            found.append({
                "name": words.label(label), "measure": name,
                "detail": self._excuses_in_words(words, name, rest) if label == "excused" else words.sentence(rest),
                "value": value if value not in ("None", "") else "", "money": int(label not in COUNTED),
                "cut": int(label in CUTS)})
        return found
