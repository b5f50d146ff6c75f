"""The words of a statement: who it is from and for, and how the customer's language writes. For the snapshot."""

import base64
import hashlib
import re

from odoo import models
from odoo.tools.misc import babel_locale_parse

from ...report.labels import LABELS
from .statement_snapshot import known

MILLIMETRE = 72000 / 25.4  # thousandths of a point


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _statement_lang(self):
        """The customer's language where it is installed, else the company's, else English."""
        self.ensure_one()
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        wanted = (self.partner_id.lang, self.partner_id.commercial_partner_id.lang, self.company_id.partner_id.lang)
        return next((code for code in wanted if code in installed), "en_US")

    def _parties(self):
        """Company, customer and contract as dicts; words in the language of the context."""
        self.ensure_one()
        company, customer = self.company_id, self.partner_id
        modes = dict(self._fields["service_mode"]._description_selection(self.env))
        return {
            "company": known(
                name=company.name, address=_address(company.partner_id), vat=company.vat or "",
                colour=(company.primary_color or "").lower(), logo=company._statement_logo_hash()),
            "customer": known(
                name=customer.commercial_partner_id.name or customer.name, address=_address(customer),
                reference=customer.ref or ""),
            "contract": known(
                number=self.name, title=self.title, start=self.date_start.isoformat(),
                end=self.date_end.isoformat() if self.date_end else "", service_mode=modes[self.service_mode],
                tiers=", ".join(self.tier_ids.mapped("name")), account_manager=self.user_id.name or "",
                policy=self.policy_id.name or "")}

    def _presentation(self):
        """How the language of the context writes dates, figures and the fixed texts, and on which paper."""
        self.ensure_one()
        code = self.env.lang or "en_US"
        lang = self.env["res.lang"]._get_data(code=code)
        translate = self.env._
        labels = {source: translate(source) for source in LABELS}
        return {
            "language": code, "date_format": lang.date_format, "time_format": lang.time_format,
            "numbers": {"decimal_point": lang.decimal_point, "thousands_separator": lang.thousands_sep or "",
                        "percent": _percent(code)},
            "paper": self.company_id._statement_paper(),
            "labels": {source: text for source, text in labels.items() if text != source},
            "title": self.env._("Service Level Statement"),
            "units": {"h": self.env._("%(number)s h"), "min": self.env._("%(number)s min"),
                      "s": self.env._("%(number)s s")},
            "phrases": {
                "counted": self.env._("%(span)s: %(work)s"),
                "paused": self.env._("paused %(span)s: %(work)s not counted"),
                "closed": self.env._("closed %(span)s: %(work)s not counted"),
                "files": self.env._("Files: %(names)s"),
                "no_end": self.env._("open-ended"),
                "draft": self.env._("Draft")}}


class ResCompany(models.Model):
    _inherit = "res.company"

    def _statement_logo(self):
        """The logo as bytes; the default picture of a company without one is not a logo."""
        return base64.b64decode(self.logo) if self.logo and not self.uses_default_logo else b""

    def _statement_logo_hash(self):
        logo = self._statement_logo()
        return hashlib.sha256(logo).hexdigest() if logo else ""

    def _statement_paper(self):
        """"A4", "Letter", or [width, height] in thousandths of a point, by the company's paper format, upright."""
        paper = self.paperformat_id
        if not paper or paper.format in ("A4", "Letter"):
            return paper.format or "A4"
        sides = sorted((paper.print_page_width, paper.print_page_height))
        if not all(sides):
            return "A4"
        if paper.format == "custom" and paper.orientation == "Landscape":
            sides.reverse()
        return [round(side * MILLIMETRE) for side in sides]


def _address(partner):
    """The lines of an address without the name."""
    return [line.strip() for line in partner._display_address(without_company=True).splitlines() if line.strip()]


def _percent(code):
    """"{}%" or "{} %" as the language writes it."""
    return re.sub(r"[#,0.]+", "{}", babel_locale_parse(code).percent_formats[None].pattern)
