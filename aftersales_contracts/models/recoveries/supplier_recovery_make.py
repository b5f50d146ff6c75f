"""Recoveries from decisions: the claims that were decided, their causal parts, and what suppliers refund of them (W13).

What is refunded is what the engine says beside the verdict. A causal part brings the labour and travel of its claim
with it, where the supplier's warranty pays for them; what only broke with it is not the supplier's.
"""

from collections import defaultdict
from decimal import ROUND_DOWN, Decimal

from odoo import fields, models
from odoo.tools import float_repr

from .supplier_recovery import LOST

NOT_OURS = ("customer", "supplier")


class WarrantyClaimLine(models.Model):
    _inherit = "aftersales.warranty.claim.line"

    def _our_cost(self):
        """What we bear of the line: our percentage of its cost, or of the approved amount where no cost is known."""
        self.ensure_one()
        ours = self.share_ids.filtered(lambda share: share.payer_kind not in NOT_OURS and not share.partner_id)
        if self.decision not in ("approved", "partly"):
            return 0.0
        if not self.cost:
            return sum(ours.mapped("amount"))
        percent = sum((Decimal(float_repr(share.percent, 6)) for share in ours), Decimal(0))
        step = Decimal(1).scaleb(-self.currency_id.decimal_places)
        return float((self._money(self.cost) * percent / 100).quantize(step, ROUND_DOWN))

    def _causal_lines(self):
        """The lines whose suppliers are asked: causal parts, and labour and travel of claims that have one."""
        causal = self.claim_id.line_ids.filtered(lambda line: line.causal and line.kind == "parts")
        return self.filtered(lambda line: line in causal or line.kind != "parts" and line.claim_id in causal.claim_id)


class WarrantyClaim(models.Model):
    _inherit = "aftersales.warranty.claim"

    recovery_count = fields.Integer(
        string="Recoveries from Suppliers", compute="_compute_recovery_count", groups="aftersales_contracts.group_user")

    def _compute_recovery_count(self):
        rows = self.env["aftersales.supplier.recovery"]._read_group(
            [("claim_id", "in", self.ids)], ["claim_id"], ["__count"])
        found = {claim.id: count for claim, count in rows}
        for claim in self:
            claim.recovery_count = found.get(claim.id, 0)

    def action_view_recoveries(self):
        """What suppliers refund us of this claim."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_supplier_recovery")
        return {**action, "domain": [("claim_id", "=", self.id)], "context": {}}

    def _decided(self):
        result = super()._decided()
        self._find_recoveries()
        return result

    def _find_recoveries(self):
        """Make the recoveries that the decisions on these claims call for; drafts follow them, what was sent is marked.

        A constant number of queries, whatever the number of claims. Returns the recoveries that were made.
        """
        Recovery = self.env["aftersales.supplier.recovery"].sudo()  # whoever decides, money from suppliers is finance's
        wanted, stale, taken = self._wanted_recoveries(), Recovery, defaultdict(Decimal)
        known = Recovery.search([("claim_id", "in", self.ids), ("state", "not in", LOST)])
        for key, found in known.grouped(lambda one: (one.line_id, one.supplier_id, one.cover_id)).items():
            sent = found.filtered(lambda one: one.state != "draft")
            if sent:
                sent._compare(wanted.pop(key, None))
            elif key in wanted and found._tells(wanted[key]):
                sent = found
                del wanted[key]
            taken[key[0]] += sum((key[0]._money(one.amount) for one in sent), Decimal(0))
            stale |= found - sent
        stale.unlink()  # drafts that nobody has seen outside: what holds now is made below
        return Recovery.create(self._within_cost(wanted, taken))

    def _within_cost(self, wanted, taken):
        """Values of new recoveries, cut to what others leave of our cost; ``taken``: {line: amount} of the others."""
        rows = []
        for (line, _supplier, _cover), values in wanted.items():
            amount = min(line._money(values["amount"]), line._money(line.sudo()._our_cost()) - taken[line])
            if amount > 0:
                taken[line] += amount
                rows.append({**values, "amount": float(amount)})
        return rows

    def _wanted_recoveries(self):
        """{(line, supplier, cover): values} by the decisions on these claims that hold now."""
        decided = self.filtered(lambda claim: claim.asset_id and any(
            line.decision in ("approved", "partly") for line in claim.line_ids._causal_lines()))
        if not decided:
            return {}
        found, Asset = {}, self.env["aftersales.asset"]
        decided.line_ids.share_ids.mapped("percent")  # read at once, not line by line
        verdicts = Asset._verdicts([claim._case() for claim in decided])
        covers = self.env["aftersales.warranty.cover"].sudo().search([  # whoever decides
            ("name", "in", [one.cover for verdict in verdicts for one in verdict.recoveries])]).grouped("name")
        for claim, verdict in zip(decided, verdicts, strict=True):
            lines = claim.line_ids._causal_lines()
            by_key = {key: line for line, key in claim.line_ids._item_keys().items() if line in lines}
            left = {line: line._money(line.sudo()._our_cost()) for line in lines}
            for one in verdict.recoveries:
                line, cover = by_key.get(one.item), covers.get(one.cover)
                supplier = cover and cover.supplier_id
                if not line or not supplier or one.amount is None:
                    continue
                amount = min(one.amount, left[line])
                if amount <= 0:
                    continue
                left[line] -= amount
                found[line, supplier, cover] = {
                    "line_id": line.id, "supplier_id": supplier.id, "cover_id": cover.id, "amount": float(amount),
                    "percent": float(one.percent), "user_id": claim.owner_id.id}
        return found


class SupplierRecovery(models.Model):
    _inherit = "aftersales.supplier.recovery"

    def _tells(self, values):
        """Whether this draft still is what the decision calls for."""
        same = len(self) == 1 and not self.currency_id.compare_amounts(self.amount, values["amount"])
        return same and not self.currency_id.compare_amounts(self.cost, self.line_id._our_cost())

    def _compare(self, values):
        """Mark what was sent where the claim is decided otherwise now: somebody has to tell the supplier."""
        for one in self:
            now = values["amount"] if values else 0.0
            changed = bool(one.currency_id.compare_amounts(now, one.amount))
            if changed != one.outdated or one.currency_id.compare_amounts(one.wanted, now):
                one._write_guarded({"outdated": changed, "wanted": now})
