"""Placeholders: names in double braces that a clause's text is filled with, as plain values of its contract.

What is filled in is text and stays text: nothing of it is filled again, run, or read as mark-up. A name without a value
never prints blank; it blocks the contract with the clause and the name.
"""

import re

from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from ...engine import clause_text
from ...engine.errors import EngineError, MissingValue

_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


class Contract(models.Model):
    _inherit = "aftersales.contract"

    governing_law_id = fields.Many2one(
        "res.country", tracking=True, default=lambda self: self.env.company.country_id,
        help="Whose law governs the contract: {{ governing_law }}.")
    jurisdiction = fields.Char(
        string="Place of Jurisdiction", tracking=True, default=lambda self: self.env.company.city,
        help="Where disputes go to court: {{ jurisdiction }}.")
    payment_days = fields.Integer(
        string="Payment Within (Days)", tracking=True, default=30, help="From the invoice on: {{ payment_days }}.")
    liability_cap = fields.Monetary(
        tracking=True, help="The most that one side owes a contract year: {{ liability_cap }}.")
    secrecy_months = fields.Integer(
        string="Secrecy After the End (Months)", tracking=True, default=60,
        help="How long secrecy lasts after the end: {{ secrecy_months }}.")

    @api.model
    def _paper_groups(self):
        return {**super()._paper_groups(), **dict.fromkeys(
            ("governing_law_id", "jurisdiction", "payment_days", "liability_cap", "secrecy_months"), "clauses")}

    def _document_lang(self):
        """The language code the document is written in."""
        return self.lang or self.partner_id.lang or self.env.lang or "en_US"

    @api.model
    def _placeholder_labels(self):
        """{name: what it stands for}. Rooms may add names, with values in `_placeholder_values`."""
        _ = self.env._
        return {
            "number": _("number of the contract"), "title": _("title of the contract"),
            "company": _("our company"), "company_address": _("our address"), "company_vat": _("our tax number"),
            "partner": _("the other side"), "partner_address": _("its address"), "partner_vat": _("its tax number"),
            "customer": _("who receives the service"), "provider": _("who serves"),
            "dealer": _("the authorised dealer"), "service_mode": _("service mode"),
            "first_day": _("first day"), "last_day": _("last day"), "notice_period": _("notice period"),
            "currency": _("currency"), "annual_value": _("value of a year"),
            "payment_days": _("days to pay an invoice"), "liability_cap": _("cap on liability"),
            "secrecy_months": _("months of secrecy after the end"), "governing_law": _("country of the law"),
            "jurisdiction": _("place of jurisdiction"), "sla_policy": _("SLA policy"),
            "working_schedule": _("working schedule and its zone"), "account_manager": _("account manager"),
        }

    def _placeholder_values(self):
        """{name: text, or None where there is no value}, as the document's language writes dates and amounts."""
        self.ensure_one()
        contract = self.with_context(lang=self._document_lang())
        customer, provider = contract._sides()
        calendar = contract._terms_calendar()
        modes = dict(contract._fields["service_mode"]._description_selection(contract.env))
        return {
            "number": contract.name if contract.name != "/" else None, "title": contract.title,
            **party_values("company", contract.company_id.partner_id),
            **party_values("partner", contract.partner_id.commercial_partner_id),
            "customer": customer.name, "provider": provider.name, "dealer": contract._dealer_name(),
            "service_mode": modes.get(contract.service_mode),
            "first_day": contract._day_text(contract.date_start), "last_day": contract._day_text(contract.date_end),
            "notice_period": contract._notice_period_text(),
            "currency": contract.currency_id.name, "annual_value": contract._annual_value_text(),
            "payment_days": str(contract.payment_days) if contract.payment_days else None,
            "liability_cap": contract._amount_text(contract.liability_cap),
            "secrecy_months": str(contract.secrecy_months) if contract.secrecy_months else None,
            "governing_law": contract.governing_law_id.name, "jurisdiction": contract.jurisdiction,
            "sla_policy": contract.policy_id.name,
            "working_schedule": f"{calendar.name} ({calendar.tz})" if calendar else None,
            "account_manager": contract.user_id.name,
        }

    def _filling(self):
        """The values to fill texts with, each on one line."""
        return {name: one_line(value) for name, value in self._placeholder_values().items()}

    def _sides(self):
        """(who receives the service, who serves), as commercial partners."""
        ours, theirs = self.company_id.partner_id, self.partner_id.commercial_partner_id
        return (theirs, ours) if self.kind == "customer" else (ours, theirs)

    def _dealer_name(self):
        return (self.partner_id.commercial_partner_id if self.kind == "dealer" else self.dealer_id).name

    def _day_text(self, day):
        return format_date(self.env, day, lang_code=self._document_lang()) if day else None

    def _amount_text(self, amount):
        return format_amount(self.env, amount, self.currency_id, self._document_lang()) if amount else None

    def _annual_value_text(self):
        return self._amount_text(self.annual_value) if "annual_value" in self._fields else None

    def _notice_period_text(self):
        """"3 Months" in the document's language."""
        if "notice_period" not in self._fields or not self.notice_period:
            return None
        units = dict(self._fields["notice_unit"]._description_selection(self.env))
        return f"{self.notice_period} {units.get(self.notice_unit, '')}".strip()


def party_values(prefix, partner):
    """Name, address in one line and tax number of a party, as placeholders beginning with ``prefix``."""
    lines = partner._display_address(without_company=True).splitlines() if partner else []
    address = ", ".join(filter(None, (line.strip() for line in lines)))
    return {prefix: partner.name, f"{prefix}_address": address or None, f"{prefix}_vat": partner.vat}


def filled(text, values):
    """(text with its placeholders filled, names without a value). The latter stay in the text as they are written."""
    try:
        return clause_text.fill(text, values), []
    except MissingValue as error:
        missing = error.value.split(", ")
        return clause_text.fill(text, {**values, **{name: as_written(name) for name in missing}}), missing
    except EngineError:  # braces that are no placeholder: refused when the text is saved, and left as they are here
        return text, []


def as_written(name):
    return f"{{{{ {name} }}}}"


def one_line(text):
    """``text`` on one line and without marks that turn the direction of writing: a value, such as the name of a
    partner, must not look like a paragraph of the contract or like another name."""
    return " ".join(_TURNS.sub("", text).split()) if isinstance(text, str) else text
