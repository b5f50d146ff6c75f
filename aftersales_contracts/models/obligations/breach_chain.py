"""From breach to proof: corrective action and its verification, disputes, the lapse of the cure period, and whether
the chain of evidence is closed, which a penalty needs."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..common.nightly import NightlyStep


class Breach(models.Model):
    _inherit = "aftersales.breach"

    chain_gaps = fields.Json(
        string="Missing for a Penalty", compute="_compute_chain_gaps", help="What the chain of evidence lacks.")
    may_verify = fields.Boolean(compute="_compute_may_verify")

    @api.depends("state", "event", "event_kind", "evidence_ids", "cure_until", "verified_on")
    @api.depends_context("lang")
    def _compute_chain_gaps(self):
        for breach in self:
            breach.chain_gaps = breach._chain_gaps()

    @api.depends("corrected_by_id", "verified_by_id", "user_id")
    @api.depends_context("uid")
    def _compute_may_verify(self):
        for breach in self:
            breach.may_verify = (
                bool(breach.corrected_by_id) and not breach.verified_by_id and breach.corrected_by_id != self.env.user
                and breach.has_access("write"))

    # --- corrective action ---------------------------------------------------------------------------------------

    def action_correct(self, corrective_action=None):
        """The owner reports which corrective action was taken."""
        self._check_may_handle()
        for breach in self:
            taken = (corrective_action or breach.corrective_action or "").strip()
            if not taken:
                raise UserError(self.env._("Breach %s: say which corrective action was taken.", breach.display_name))
            if breach.state == "waived" or breach.corrected_on:
                raise UserError(self.env._("Breach %s needs no further correction.", breach.display_name))
            # The owner may report without the right to change the breach; that was checked above.
            breach.sudo()._write_guarded({
                "corrective_action": taken, "corrected_by_id": self.env.uid, "corrected_on": breach._today()})

    def action_verify(self):
        """Somebody else than who took the corrective action has looked: it works."""
        self._check_verifier()
        for breach in self:
            breach._write_guarded({"verified_by_id": self.env.uid, "verified_on": breach._today()})

    def action_send_back(self, reason=None):
        """The corrective action does not work, for a reason: take another one."""
        self._check_verifier()
        reason = self._check_reason(reason)
        self._write_guarded({"corrected_by_id": False, "corrected_on": False})
        self._message_log_batch(bodies={b.id: self.env._("Correction sent back: %s", reason) for b in self})

    def _check_verifier(self):
        self.check_access("write")
        for breach in self:
            if not breach.corrected_on or breach.verified_on:
                raise UserError(self.env._("Breach %s has no correction to verify.", breach.display_name))
            if breach.corrected_by_id == self.env.user:
                raise AccessError(self.env._(
                    "You took the corrective action of breach %s: somebody else verifies it.", breach.display_name))

    # --- disputes ------------------------------------------------------------------------------------------------

    def action_dispute(self, reason=None):
        """The party in breach disputes it: a dispute is opened, and penalties wait until it is settled."""
        self.check_access("write")
        reason = self._check_reason(reason)
        for breach in self:
            breach._move("dispute", state_before=breach.state)
        self.env["aftersales.issue"].create([{
            "contract_id": breach.contract_id.id, "breach_id": breach.id, "kind": "dispute", "holds": True,
            "name": self.env._("Dispute of %s", breach.display_name), "description": reason} for breach in self])

    def _dispute_settled(self, stands):
        """The last dispute of each breach was settled: the breach stands where it stood, or it was none."""
        for breach in self.filtered(lambda b: b.state == "disputed"):
            if not breach.issue_ids.filtered(lambda issue: issue.state == "open"):
                breach._write_guarded({"state": breach.state_before if stands else "waived", "state_before": False})

    # --- proof ---------------------------------------------------------------------------------------------------

    def _chain_gaps(self):
        """What the chain of evidence lacks before a penalty can rest on this breach: a list of phrases.

        A penalty needs: the event, its proof (an intact file, or the figures of a clock or statement), the notice to
        the party in breach, the cure period used or over, a cure that somebody else verified, and no open dispute.
        """
        self.ensure_one()
        _, gaps = self.env._, []
        if self.state == "waived":
            return [_("it was waived")]
        if self.event_kind == "other" and not (self.event or "").strip():
            gaps.append(_("what happened"))
        if self.event_kind not in ("clock", "statement") and not self.evidence_ids:
            gaps.append(_("evidence"))
        broken = self.evidence_ids.filtered(lambda evidence: not evidence._is_intact())
        if broken:
            gaps.append(_("an intact file instead of %s", broken[0].file_name))
        if not self.cure_until:
            gaps.append(_("the notice to the party in breach"))
        elif self.state == "notified":
            gaps.append(_("the end of the cure period on %s", format_date(self.env, self.cure_until)))
        if self.state == "disputed":
            gaps.append(_("the end of the dispute"))
        if self.state == "cured" and not self.verified_on:
            gaps.append(_("the verification of the corrective action by another person"))
        return gaps

    def _chain_complete(self):
        """Whether a penalty may rest on this breach: see `_chain_gaps`."""
        return not self._chain_gaps()

    # --- nightly -------------------------------------------------------------------------------------------------

    @api.model
    def _nightly_cure_domain(self, today):
        day = (today or fields.Date.today()) + timedelta(days=1)  # a superset: it may be tomorrow in some zone
        return Domain("state", "=", "notified") & Domain("cure_until", "<", day)

    def _nightly_cure(self, today=None):
        """The cure period of these breaches is over: they were not cured."""
        over = self.filtered(lambda breach: breach.cure_until < (today or breach._today()))
        over._move("lapse")
        return [(breach, self.env._("not cured by %s", breach.cure_until)) for breach in over]


class Nightly(models.AbstractModel):
    _inherit = "aftersales.nightly"

    @api.model
    def _steps(self):
        return [*super()._steps(), NightlyStep(
            92, "breaches", self.env._("Cure Periods"), "aftersales.breach", "_nightly_cure_domain", "_nightly_cure")]
