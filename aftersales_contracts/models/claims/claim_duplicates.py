"""Duplicates: two claims on one machine with the same fault at the same time are probably one."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class WarrantyClaim(models.Model):
    _inherit = "aftersales.warranty.claim"

    duplicate_of_id = fields.Many2one(
        "aftersales.warranty.claim", string="Possible Duplicate of", readonly=True, copy=False, index="btree_not_null",
        ondelete="set null", check_company=True)
    duplicate_reason = fields.Char(
        string="Why It Is Not a Duplicate", copy=False, tracking=True,
        help="Needed for a claim on a machine with the same failure day and cause as another one.")

    _duplicate_uniq = models.UniqueIndex(
        "(company_id, asset_id, failure_on, COALESCE(cause_id, 0))"
        " WHERE duplicate_reason IS NULL AND state <> 'cancelled' AND asset_id IS NOT NULL",
        "There is a claim on this machine with the same failure day and cause already.")

    @api.model_create_multi
    def create(self, vals_list):
        """Before anything is written: the database refuses the same three as well, but cannot name the other claim."""
        today = fields.Date.context_today(self)
        self._refuse_same([
            (vals["asset_id"], fields.Date.to_date(vals.get("failure_on")) or today, vals.get("cause_id") or False)
            for vals in vals_list if vals.get("asset_id") and not vals.get("duplicate_reason")])
        return super().create(vals_list)

    def write(self, vals):
        told = {"asset_id", "failure_on", "cause_id", "duplicate_reason"} & set(vals)
        if told:
            rows = []
            for claim in self:
                if vals.get("duplicate_reason", claim.duplicate_reason):
                    continue
                day = fields.Date.to_date(vals["failure_on"]) if "failure_on" in vals else claim.failure_on
                rows.append((vals.get("asset_id", claim.asset_id.id), day, vals.get("cause_id", claim.cause_id.id)))
            self._refuse_same(rows)
        result = super().write(vals)
        if told:
            self._find_duplicates()
        return result

    def _refuse_same(self, rows):
        """Raise UserError where another claim says the same as one of ``rows``, (asset id, failure day, cause id)."""
        rows = [(asset, day, cause or False) for asset, day, cause in rows if asset]
        if not rows:
            return
        found = self.search([
            ("asset_id", "in", [row[0] for row in rows]), ("failure_on", "in", [row[1] for row in rows]),
            ("state", "!=", "cancelled"), ("id", "not in", self.ids)], order="id")
        known = {(claim.asset_id.id, claim.failure_on, claim.cause_id.id): claim for claim in found}
        for row in rows:
            if row in known:
                raise UserError(self.env._(
                    "%(machine)s: claim %(number)s reports a failure on %(day)s of the same cause already. Add to that "
                    "one, or say why this is another failure.", machine=known[row]._machine_name(),
                    number=known[row].name, day=row[1]))

    def _find_duplicates(self):
        """Note the claim that each repeats: same machine, failures close in time, same cause or one not known yet."""
        near = self._near_claims()
        for claim in self:
            found = near.filtered(lambda other, claim=claim: claim._repeats(other))
            same = found.filtered(
                lambda other, claim=claim: other.failure_on == claim.failure_on and other.cause_id == claim.cause_id)
            first = (same or found)[:1]
            if first != claim.duplicate_of_id:
                claim._write_guarded({"duplicate_of_id": first.id})

    def _near_claims(self):
        """Claims on the same machines with failures around the same days, the oldest first; one query for all."""
        known = self.filtered(lambda claim: claim.asset_id and claim.failure_on)
        if not known:
            return self.browse()
        most = timedelta(days=max(known.company_id.mapped("claim_duplicate_days"), default=0))
        days = known.mapped("failure_on")
        return self.search(
            Domain("asset_id", "in", known.asset_id.ids) & Domain("state", "!=", "cancelled")
            & Domain("failure_on", ">=", min(days) - most) & Domain("failure_on", "<=", max(days) + most), order="id")

    def _repeats(self, other):
        """Whether this claim, the younger one, may repeat ``other``."""
        within = timedelta(days=self.company_id.claim_duplicate_days)
        return (
            other.id < self.id and other.asset_id == self.asset_id
            and abs(other.failure_on - self.failure_on) <= within
            and (other.cause_id == self.cause_id or not other.cause_id or not self.cause_id))

    @api.onchange("asset_id", "failure_on", "cause_id")
    def _onchange_duplicate(self):
        """Warn while the claim is being entered."""
        if self._origin or not self.asset_id or not self.failure_on:
            return None
        within = timedelta(days=self.company_id.claim_duplicate_days)
        causes = [self.cause_id.id, False] if self.cause_id else None
        domain = Domain("asset_id", "=", self.asset_id.id) & Domain("state", "!=", "cancelled") & Domain(
            "failure_on", ">=", self.failure_on - within) & Domain("failure_on", "<=", self.failure_on + within)
        found = self.search(domain & Domain("cause_id", "in", causes) if causes else domain, order="id", limit=1)
        if not found:
            return None
        return {"warning": {"title": self.env._("Possible Duplicate"), "message": self.env._(
            "Claim %(number)s reports a failure of %(machine)s on %(day)s.", number=found.name,
            machine=self.asset_id.display_name, day=found.failure_on)}}
