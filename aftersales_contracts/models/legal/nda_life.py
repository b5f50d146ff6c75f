"""The life of an agreement: draft, signed, and then expired, revoked or terminated. One place moves it.

Access itself follows the dates, at midnight of each party's zone, whatever the state says; the nightly work writes down
that it has fallen away, party by party, and then moves the state.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import LazyTranslate

from ...engine.errors import EngineError
from ..common.nightly import NightlyStep
from .clause import KEEPERS

_lt = LazyTranslate(__name__)


class Nda(models.Model):
    _inherit = "aftersales.nda"

    # --- signature -----------------------------------------------------------------------------------------------

    def _check_signable(self):
        """Raise UserError naming what the agreement lacks before it can be signed."""
        for nda in self:
            if nda.state != "draft":
                raise UserError(self.env._("Agreement %s is signed already.", nda.display_name))
            try:
                nda._engine_nda(signed=datetime.now(UTC))
            except EngineError as error:
                raise UserError(self.env._(
                    "Agreement %(name)s cannot be signed: %(reason)s.", name=nda.display_name, reason=error)) from error
            if nda.kind == "one_way" and not nda.discloser_id:
                raise UserError(self.env._(
                    "Agreement %s is one-way: say which party is the discloser.", nda.display_name))
            if nda.text:
                nda._filled_text()

    def _signing_done(self, signed_at, attachment):
        """All parties have signed, the last one at ``signed_at`` (naive UTC): the agreement binds from then on.

        ``attachment``: the signed PDF, an ir.attachment. For the room that collects signatures.
        """
        self._check_signable()
        for nda in self:
            nda._write_guarded({"state": "signed", "signed_on": signed_at, "signed_document_id": attachment.id})
            nda.party_ids.filtered(lambda party: not party.signed_on)._write_guarded({"signed_on": signed_at})
            if not attachment.res_id:
                attachment.sudo().write({"res_model": nda._name, "res_id": nda.id})  # readable with the agreement

    def action_sign_on_paper(self):
        """Record a signature on paper, with its scan."""
        self._check_keeper()
        self._check_signable()
        return self._open_wizard("aftersales.nda.sign.paper", self.env._("Sign on Paper"))

    def sign_on_paper(self, signed_at, file_name, file):
        """Record that all parties signed on paper at ``signed_at`` (UTC). ``file``: the scan, base64."""
        self._check_keeper()
        self._check_signable()
        signed_at = fields.Datetime.to_datetime(signed_at)
        if not signed_at or signed_at > fields.Datetime.now():
            raise UserError(self.env._(
                "Agreement %(name)s cannot have been signed on %(day)s: enter when it was.",
                name=self.display_name, day=signed_at))
        if not file:
            raise UserError(self.env._("Agreement %s: add the scan of the signed paper.", self.display_name))
        for nda in self:
            attachment = self.env["ir.attachment"].sudo().create({  # the evidence belongs to the agreement
                "name": file_name or f"{nda.name}.pdf", "datas": file, "res_model": nda._name, "res_id": nda.id})
            nda._signing_done(signed_at, attachment)

    # --- ending --------------------------------------------------------------------------------------------------

    def action_open_revoke(self):
        return self._open_wizard("aftersales.nda.ending", self.env._("Revoke"), default_how="revoked")

    def action_open_terminate(self):
        return self._open_wizard("aftersales.nda.ending", self.env._("Terminate"), default_how="terminated")

    def action_open_return(self):
        return self._open_wizard("aftersales.nda.return", self.env._("Record Return or Destruction"))

    def revoke(self, day, reason):
        """Take all access away from ``day`` on, which is the first day without."""
        self._check_endable(reason)
        day = fields.Date.to_date(day)
        for nda in self:
            nda._check_day(day)
            nda._write_guarded({"revoked_on": day, "revoked_by_id": self.env.uid, "ending_reason": reason.strip()})
        self.sudo()._fall_away(None)  # whoever may revoke need not be allowed to write the access log

    def terminate(self, day, reason):
        """End agreements; ``day`` is the last day in force."""
        self._check_endable(reason)
        day = fields.Date.to_date(day)
        for nda in self:
            nda._check_day(day)
            if day and day < nda.effective_date:
                raise UserError(self.env._(
                    "Agreement %(name)s takes effect on %(start)s only: revoke it instead.",
                    name=nda.display_name, start=nda.effective_date))
            nda._write_guarded(
                {"terminated_on": day, "terminated_by_id": self.env.uid, "ending_reason": reason.strip()})
        self.sudo()._fall_away(None)  # as above

    def _check_endable(self, reason):
        self._check_keeper()
        if not (isinstance(reason, str) and reason.strip()):
            raise UserError(self.env._("Say why the agreement ends."))
        for nda in self:
            if nda.state != "signed":
                raise UserError(self.env._(
                    "Agreement %(name)s is not in force (%(standing)s), so it cannot be ended.",
                    name=nda.display_name, standing=nda.standing))
            if nda.revoked_on:
                raise UserError(self.env._("Agreement %s is revoked already.", nda.display_name))

    def _check_day(self, day):
        """Access that was given in good faith is not taken away in the past, nor later than it ends anyway."""
        today = fields.Date.context_today(self.with_context(tz=self._zone()))
        if not day or day < today:
            raise UserError(self.env._(
                "Agreement %(name)s cannot end on %(day)s: today is the earliest day.",
                name=self.display_name, day=day))
        if self.last_day and day > self.last_day:
            raise UserError(self.env._(
                "Agreement %(name)s cannot end on %(day)s: it ends on %(end)s anyway.",
                name=self.display_name, day=day, end=self.last_day))

    def _zone(self):
        return self.company_id.resource_calendar_id.tz or self.env.user.tz or "UTC"

    def record_return(self, day, note, file_name=None, file=None):
        """Record that what was disclosed was returned or destroyed on ``day``; ``file``: the certificate, base64."""
        self._check_keeper()
        day = fields.Date.to_date(day)
        for nda in self:
            if nda.return_duty == "none":
                raise UserError(self.env._("Agreement %s asks for no return.", nda.display_name))
            if nda.state in ("draft", "signed"):
                raise UserError(self.env._(
                    "Agreement %s has not ended: return falls due at its end.", nda.display_name))
            if nda.returned_on:
                raise UserError(self.env._(
                    "Agreement %(name)s: return was recorded on %(day)s.", name=nda.display_name, day=nda.returned_on))
            if not day or day > fields.Date.context_today(nda) or not (note or "").strip():
                raise UserError(self.env._(
                    "Agreement %s: write down when it was done, not in the future, and who confirmed it.",
                    nda.display_name))
            certificate = self.env["ir.attachment"].sudo().create({  # the evidence belongs to the agreement
                "name": file_name or f"{nda.name}.pdf", "datas": file, "res_model": nda._name, "res_id": nda.id,
            }) if file else self.env["ir.attachment"]
            nda._write_guarded({"returned_on": day, "returned_by_id": self.env.uid, "return_note": note.strip(),
                              "return_document_id": certificate.id})

    def action_renew(self):
        """A draft that goes on where this agreement ends, with the same terms."""
        self.ensure_one()
        self.env["aftersales.nda"].check_access("create")
        if self.state == "draft" or not self.date_end:
            raise UserError(self.env._("Agreement %s has no end to renew it from.", self.display_name))
        first = max(fields.Date.add(self.date_end, days=1), fields.Date.context_today(self))
        values = {"effective_date": first, "contract_ids": [Command.set(self.contract_ids.ids)]}
        if self.term_kind == "end":
            values["date_end"] = first + (self.date_end - self.effective_date)
        renewed = self.copy(values)
        renewed._write_guarded({"renews_id": self.id})
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": renewed.id,
                "views": [(False, "form")]}

    def _check_keeper(self):
        if not self.env.user.has_groups(KEEPERS):
            raise AccessError(self.env._("Only legal or an administrator signs, ends and closes agreements."))
        self.check_access("write")

    def _open_wizard(self, model, name, **defaults):
        self.ensure_one()
        return {"type": "ir.actions.act_window", "name": name, "res_model": model, "view_mode": "form",
                "target": "new", "context": {"default_nda_id": self.id, **defaults}}

    # --- at night ------------------------------------------------------------------------------------------------

    @api.model
    def _nightly_nda_domain(self, today):
        """Agreements whose last day is over somewhere on earth: it is up to a day later than in UTC."""
        return Domain("state", "=", "signed") & Domain("last_day", "<=", today or fields.Date.today())

    def _nightly_nda(self, today):
        return self._fall_away(today)

    def _fall_away(self, today):
        """Write down for each party whose last day is over that its access has fallen away; move an agreement once all
        are. Returns [(agreement, sentence)]. ``today``: one day for all; empty: each party's own."""
        now, done, lines = datetime.now(UTC), [], []
        told = self.env["aftersales.nda.access"]._lapsed(self)
        ending = {}
        for nda in self.filtered("last_day"):
            ours = nda.company_id.partner_id
            over = nda.party_ids.filtered(
                lambda party, nda=nda: (today or party._local_day(now)) > nda.last_day)
            for party in over.filtered(lambda one, ours=ours: one.partner_id != ours and one not in told):
                lines.append(nda._lapse_values(party))
                done.append((nda, self.env._(
                    "Access of %(party)s has fallen away (%(zone)s).",
                    party=party.partner_id.display_name, zone=party.tz or "UTC")))
            if over == nda.party_ids:
                ending[nda._end_state()] = ending.get(nda._end_state(), self.browse()) | nda
        self.env["aftersales.nda.access"]._append(lines)
        for state, ndas in ending.items():
            ndas._write_guarded({"state": state})
            done += [(nda, nda._standing(nda.last_day + timedelta(days=1))) for nda in ndas]
        return done

    def _lapse_values(self, party):
        ended = datetime.combine(self.last_day + timedelta(days=1), time(), ZoneInfo(party.tz or "UTC"))
        return {
            "kind": "lapse", "nda_party_id": party.id, "nda_id": self.id, "party_id": party.partner_id.id,
            "company_id": self.company_id.id, "allowed": False, "at": ended.astimezone(UTC).replace(tzinfo=None),
            "reasons": self.env._("%(name)s ended: access has fallen away.", name=self.name)}

    def _end_state(self):
        if self.last_day == self.date_end:
            return "expired"
        return "terminated" if self.last_day == self.terminated_on else "revoked"


class NdaParty(models.Model):
    _inherit = "aftersales.nda.party"

    def _local_day(self, now):
        """The calendar day of the instant ``now`` where the party is."""
        return now.astimezone(ZoneInfo(self.tz or "UTC")).date()


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [*super()._steps(), NightlyStep(
            100, "nda", _lt("Agreements end and access falls away"), "aftersales.nda", "_nightly_nda_domain",
            "_nightly_nda")]
