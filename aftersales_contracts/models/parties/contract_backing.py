"""Back to back: is what we promise to a customer backed by the provider contracts behind it?

Told while the contract is a draft: a promise tighter than the provider's, one that counts in more hours of the week,
an asset or a term that outlasts the provider's. The comparison is ``engine/back_to_back.py``.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ...engine.back_to_back import Backing, Promise, compare


class Contract(models.Model):
    _inherit = "aftersales.contract"

    backing_ids = fields.Many2many(
        "aftersales.contract", "aftersales_contract_backing", "contract_id", "backing_id", string="Backed by",
        domain="[('kind', 'in', ('provider', 'dealer')), ('is_template', '=', False), ('amends_id', '=', False), "
        "('company_id', '=', company_id)]", check_company=True,
        help="The provider or dealer contracts that stand behind what we promise to this customer.")
    backed_ids = fields.Many2many(
        "aftersales.contract", "aftersales_contract_backing", "backing_id", "contract_id", string="Stands behind",
        copy=False)
    # [{kind, what, promised, backed}]: every promise that is not backed
    backing_findings = fields.Json(string="Back-to-back Findings", compute="_compute_backing_findings")
    backing_text = fields.Text(string="Not Backed", compute="_compute_backing_findings")

    @api.model
    def _paper_groups(self):
        return {**super()._paper_groups(), "backing_ids": "parties"}

    @api.constrains("backing_ids")
    def _check_backing(self):
        for contract in self:
            wrong = contract.backing_ids.filtered(lambda c: c.kind == "customer" or c.is_template or c.amends_id)
            if wrong:
                raise ValidationError(self.env._(
                    "Contract %(contract)s cannot be backed by %(backing)s: only provider and dealer contracts stand "
                    "behind a customer's.", contract=contract.display_name, backing=wrong[0].display_name))

    @api.depends("backing_ids", "policy_id", "calendar_id", "date_start", "date_end", "cover_ids")
    def _compute_backing_findings(self):
        for contract in self:
            found = contract._back_to_back()
            contract.backing_findings = [
                {"kind": one.kind, "what": one.key, "promised": _plain(one.promised), "backed": _plain(one.backed)}
                for one in found]
            contract.backing_text = "\n".join(contract._finding_sentence(one) for one in found)

    def _back_to_back(self):
        """The engine's `Finding`s of this contract against all contracts behind it; none without one."""
        self.ensure_one()
        if not self.backing_ids or self.kind != "customer":
            return ()
        targets = self.policy_id.target_ids
        term = self.env._("the contract")
        covers = [Backing(term, *self._half_open(self.date_start, self.date_end))]
        behind = []
        for contract in self.backing_ids:
            span = contract._half_open(contract.date_start, contract.date_end)
            behind += [Backing(term, *span)]
            behind += [Backing(c.asset_id.display_name, *contract._cover_span(c)) for c in contract.cover_ids]
        named = {one.key for one in behind}
        # An asset is compared where a provider names assets at all: one that names none covers what it is sent to.
        covers += [Backing(c.asset_id.display_name, *self._cover_span(c)) for c in self.cover_ids if len(named) > 1]
        promises = [
            Promise(target.display_name, timedelta(minutes=target.duration_minutes), self._week_hours())
            for target in targets]
        backed = [
            promise for target in targets for contract in self.backing_ids
            for promise in contract._backing_promises(target)]
        return compare(promises, backed, covers, behind)

    def _backing_promises(self, target):
        """What this provider contract promises for the same as ``target`` of the customer's policy: 0 or 1 promise.

        Among the provider's targets of that metric those of the same impact count, else those of any impact; of a
        target for any impact the provider's loosest one decides, since it holds for some request.
        """
        own = self.policy_id.target_ids.filtered(lambda other: other.metric == target.metric)
        fitting = own.filtered(lambda other: other.impact == target.impact) if target.impact else own
        fitting = fitting or own.filtered(lambda other: not other.impact)
        if not fitting:
            return []
        minutes = max(fitting.mapped("duration_minutes"))
        return [Promise(target.display_name, timedelta(minutes=minutes), self._week_hours())]

    def _week_hours(self):
        """Hours of the week in which this contract's promises count, or None without a schedule."""
        calendar = self.calendar_id or self.policy_id.calendar_id
        lines = calendar.attendance_ids.filtered(lambda line: line.day_period != "lunch" and not line.display_type)
        return round(sum(line.hour_to - line.hour_from for line in lines)) if lines else None

    def _half_open(self, first, last):
        return first, last + timedelta(days=1) if last else None

    def _cover_span(self, cover):
        return self._half_open(cover.date_start or self.date_start, cover.date_end or self.date_end)

    def _finding_sentence(self, finding):
        """A finding in the reader's words."""
        _, what = self.env._, finding.key[:1].upper() + finding.key[1:]
        if finding.kind == "unbacked":
            return _("%s: no contract behind this one promises it.", what)
        if finding.kind == "tighter":
            hours = self.env["resource.calendar"]._format_working_time
            return _("%(what)s: we promise %(ours)s, the contract behind it %(theirs)s.", what=what,
                      ours=hours(finding.promised.total_seconds()), theirs=hours(finding.backed.total_seconds()))
        if finding.kind == "longer_hours":
            return _("%(what)s: ours counts %(ours)s hours a week, the contract behind it %(theirs)s.", what=what,
                      ours=finding.promised, theirs=finding.backed)
        if finding.kind == "starts_before":
            return _("%(what)s is covered from %(ours)s, by the contract behind it from %(theirs)s only.", what=what,
                      ours=format_date(self.env, finding.promised), theirs=format_date(self.env, finding.backed))
        theirs = format_date(self.env, finding.backed - timedelta(days=1))
        if not finding.promised:
            return _("%(what)s is covered without end, by the contract behind it until %(theirs)s only.", what=what,
                      theirs=theirs)
        return _("%(what)s is covered until %(ours)s, by the contract behind it until %(theirs)s only.", what=what,
                  ours=format_date(self.env, finding.promised - timedelta(days=1)), theirs=theirs)

    def _draft_warnings(self):
        return super()._draft_warnings() + [self._finding_sentence(one) for one in self._back_to_back()]


def _plain(value):
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.isoformat() if hasattr(value, "isoformat") else value
