"""A warranty cover in the owner's words, for the certificate and the portal: from the engine's terms of its policy, so
that what is printed is what is reckoned."""

from odoo import models
from odoo.tools import formatLang

from ...engine import warranty_terms as terms
from ..statements.statement_snapshot import known


class WarrantyCover(models.Model):
    _inherit = "aftersales.warranty.cover"

    def _certificate_row(self, day):
        """The cover as a dict of ``report.warranty_values.CoverRow``. ``day``: function that writes a day."""
        self.ensure_one()
        _ = self.env._
        policy = self.policy_id
        labels = {name: dict(self._fields[name]._description_selection(self.env)) for name in ("kind", "state")}
        engine = policy._terms()
        return known(
            number=self.name, title=policy.name, kind=labels["kind"][self.kind], state=labels["state"][self.state],
            policy=_("%(number)s, version %(version)s", number=policy.number, version=policy.version),
            first=day(self.first_day), last=day(self.last_day),
            benefits=[self._benefit_row(benefit, engine, day) for benefit in engine.benefits],
            sentences=self._term_sentences(engine), voids=self._void_sentences(day),
            exclusions=[exclusion.reason for exclusion in engine.exclusions])

    def _benefit_row(self, benefit, engine, day):
        limits = [self._limit_text(limit) for limit in engine.limits_by_kind[benefit.kind]]
        limits += self._cap_texts(benefit)
        return known(
            name=self.asset_id._kind_labels()[benefit.kind], share=self.asset_id._percent_text(benefit.percent),
            term=self._term_text(benefit.term) if benefit.term else "", limits=limits,
            until=day(self[f"{benefit.kind}_until"]))

    def _benefit_sentences(self):
        """"Parts: 100%, until 01/31/2029": a sentence for each kind of item that the cover pays."""
        self.ensure_one()
        _ = self.env._
        told = []
        for benefit in self.policy_id._terms().benefits:
            until = self[f"{benefit.kind}_until"]
            kind, share = self.asset_id._kind_labels()[benefit.kind], self.asset_id._percent_text(benefit.percent)
            told.append(_("%(kind)s: %(share)s until %(day)s", kind=kind, share=share, day=self._day_text(until))
                        if until else _("%(kind)s: %(share)s", kind=kind, share=share))
        return told

    def _day_text(self, day):
        return self.env["ir.qweb.field.date"].value_to_html(day, {})

    def _term_text(self, term):
        _ = self.env._
        units = {"day": _("%s days", term.count), "week": _("%s weeks", term.count),
                 "month": _("%s months", term.count), "quarter": _("%s quarters", term.count),
                 "year": _("%s years", term.count)}
        return units.get(term.unit, f"{term.count} {term.unit}")

    def _amount_text(self, amount):
        currency = self.policy_id.currency_id or self.company_id.currency_id
        return f"{currency.name}\u00a0{formatLang(self.env, float(amount), digits=currency.decimal_places)}"

    def _number_text(self, amount):
        return formatLang(self.env, float(amount), digits=0 if amount == int(amount) else 2)

    def _limit_text(self, limit):
        meter = self.env["aftersales.meter"].sudo().search([("code", "=", limit.meter)], limit=1)
        _ = self.env._
        name = meter.name or limit.meter
        if limit.since == terms.TOTAL:
            return _("Until the meter reads %(amount)s (%(meter)s)", amount=self._number_text(limit.amount), meter=name)
        return _("At most %(amount)s since the start (%(meter)s)", amount=self._number_text(limit.amount), meter=name)

    def _cap_texts(self, capped):
        _ = self.env._
        told = []
        if capped.cap is not None:
            told.append(_("At most %s in all", self._amount_text(capped.cap)))
        if capped.claim_cap is not None:
            told.append(_("At most %s in one claim", self._amount_text(capped.claim_cap)))
        return told

    def _term_sentences(self, engine):
        """What else holds: when it begins, caps of all kinds together, transfer, replacement, resale, repair days."""
        _ = self.env._
        told = [] if self.start_on or self.follows_id else self._start_sentences(engine.start)
        told += [_("Parts, labour and travel together: %s.", text) for text in self._cap_texts(engine)]
        deductible = self.policy_id.deductible if "deductible" in self.policy_id._fields else 0
        if deductible:
            told.append(_("You pay the first %s of each claim yourself.", self._amount_text(deductible)))
        report_days = self.policy_id.report_days if "report_days" in self.policy_id._fields else 0
        if report_days:
            told.append(_("Report a failure within %s days: later claims are refused.", report_days))
        told.append({
            terms.FREE: _("It passes to a new owner with the machine."),
            terms.CONSENT: _("It passes to a new owner only with our recorded consent."),
            terms.NEVER: _("It is for the first owner and does not pass to another.")}[engine.transfer])
        told.append({
            terms.INHERIT: _("A machine that replaces this one has what is left of the warranty."),
            terms.RESTART: _("A machine that replaces this one has a warranty of its own from the start."),
            terms.LONGER: _("A machine that replaces this one has what is left or a term of its own, whichever is "
                            "longer.")}[engine.replacement])
        if engine.repair_extends:
            told.append(_("Whole days in repair are added to it."))
        return told

    def _start_sentences(self, start):
        _ = self.env._
        days = {
            terms.DELIVERY: _("the delivery"), terms.INSTALLATION: _("the installation"),
            terms.ACTIVATION: _("the activation"), terms.INVOICE: _("the invoice"),
            terms.FIRST_USE: _("the first use"), terms.RECEIPT: _("the receipt")}
        if start.at_most:
            text = _("It begins with %(day)s, at the latest %(term)s after %(other)s.", day=days[start.trigger],
                     term=self._term_text(start.at_most), other=days[start.after])
        elif start.day_after:
            text = _("It begins on the day after %s.", days[start.trigger])
        else:
            text = _("It begins with %s.", days[start.trigger])
        return [text]

    def _void_sentences(self, day):
        """From when on and why it is void, of approved voids."""
        voids = self.env["aftersales.warranty.void"].sudo().search([
            ("asset_id", "=", self.asset_id.id), ("state", "=", "approved")])
        held = voids.filtered(lambda void: not void.cover_ids or self in void.cover_ids)
        return [self.env._("Void from %(day)s on: %(reason)s.", day=day(void.day), reason=void.reason_id.name)
                for void in held]
