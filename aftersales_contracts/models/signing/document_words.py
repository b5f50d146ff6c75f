"""How documents write days, figures and fixed texts: in their language, or neutral for their fingerprint."""

import hashlib
import json
from dataclasses import fields as drawn_fields
from dataclasses import is_dataclass, replace

from odoo.tools import format_amount, format_date

from ...report.agreement_labels import AGREEMENT_LABELS
from ...report.labels import LABELS
from ...report.values import DEFAULT_COLOUR, Company, NumberFormat
from ..statements.statement_words import _address, _percent

# What documents say since a later version of this addon: where it is empty, the fingerprint is what it was before.
LATER = frozenset({"penalties", "shares"})
WEEK = ("2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-07", "2026-03-08")
# What is printed but not agreed: how it looks, who has signed, and what follows from the terms.
NOT_AGREED = frozenset({
    "number", "version", "company", "signatures", "fingerprint", "language", "labels", "numbers", "paper", "draft",
    "last_safe_day"})


class DocumentWords:
    """Formats of one language. ``neutral``: plain ones, so that the same terms give the same text in every language
    and under every setting."""

    def __init__(self, env, lang, neutral=False):
        self.lang = "en_US" if neutral else lang
        self.env = env(context={**env.context, "lang": self.lang})
        self.neutral = neutral
        data = self.env["res.lang"]._get_data(code=self.lang)
        self.point = data.decimal_point or "."
        self.thousands = data.thousands_sep or ""
        self.percent_form = _percent(self.lang)

    def day(self, day):
        """A date as the language writes it; empty stays empty."""
        if not day:
            return ""
        return day.isoformat() if self.neutral else format_date(self.env, day, lang_code=self.lang)

    def amount(self, amount, currency):
        """An amount with its currency."""
        if self.neutral:
            return f"{amount:.{currency.decimal_places}f} {currency.name}"
        return format_amount(self.env, amount, currency, lang_code=self.lang)

    def number(self, number, digits=6):
        """A number without trailing zeros."""
        text = f"{number:.{digits}f}".rstrip("0").rstrip(".")
        return text if self.neutral else text.replace(".", self.point)

    def percent(self, number):
        """7.5 -> "7.5%"."""
        return (self.percent_form if not self.neutral else "{}%").replace("{}", self.number(number))

    def time(self, hour):
        """18.5 -> "18:30"."""
        minutes = round(hour * 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"

    def weekday(self, index):
        """0 -> "Monday"."""
        if self.neutral:
            return str(index)
        return format_date(self.env, WEEK[index], lang_code=self.lang, date_format="EEEE")

    def selection(self, record, name):
        """The label of a selection's value; the value itself where it is to be neutral."""
        value = record[name]
        if self.neutral or not value:
            return value or ""
        return dict(record._fields[name]._description_selection(self.env)).get(value, "")

    def duration(self, minutes):
        """Working time: 150 -> "2 h 30 min"."""
        hours, rest = divmod(int(minutes), 60)
        parts = [self.env._("%(number)s h", number=hours)] if hours else []
        if rest or not hours:
            parts.append(self.env._("%(number)s min", number=rest))
        return f"{minutes} min" if self.neutral else " ".join(parts)

    def presentation(self, company):
        """The fields of `Agreement` that say how it is printed."""
        if self.neutral:
            return {"company": Company("")}
        return {
            "company": company_values(company), "language": self.lang, "labels": labels(self.env),
            "numbers": NumberFormat(self.point, self.thousands, self.percent_form), "paper": company._document_paper()}


def labels(env):
    """{English text: the same in the language of ``env``} of everything that is printed and not entered."""
    translate = env._
    found = {source: translate(source) for source in (*LABELS, *AGREEMENT_LABELS)}
    return {source: text for source, text in found.items() if text != source}


def company_values(company):
    """The letterhead of ``company``."""
    return Company(
        company.name, tuple(_address(company.partner_id)), company.vat or "", company._statement_logo() or None,
        (company.primary_color or "").lower() or DEFAULT_COLOUR)


def address_lines(partner):
    """The lines of an address without the name."""
    return tuple(_address(partner))


def fingerprint(values):
    """SHA-256 (hex) of what neutral document ``values`` say."""
    text = json.dumps(_plain(values), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def stamped(values, digest, **more):
    """Document values with their fingerprint, and other fields replaced."""
    return replace(values, fingerprint=digest, **more)


def _plain(value):
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in drawn_fields(value)
                if field.name not in NOT_AGREED and (field.name not in LATER or getattr(value, field.name))}
    return [_plain(one) for one in value] if isinstance(value, tuple | list) else value
