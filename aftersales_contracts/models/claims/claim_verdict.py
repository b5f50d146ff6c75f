"""The verdict on a claim: facts in, engine, shares out. The day of the failure decides, not that of the report."""

from decimal import Decimal
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_repr

from ...engine.warranty_facts import Item
from ...engine.warranty_verdict import CUSTOMER, VOIDED
from ..assets.asset_keys import asset_key, category_keys, product_key
from ..warranty.warranty_case import WarrantyCase

HUNDRED, ZERO = Decimal(100), Decimal(0)
PLACES = Decimal("0.000001")
MANUFACTURER = {"warranty": "manufacturer"}  # whose warranty is no supplier's


class Part(NamedTuple):
    """A payer's part of a line: ``kind`` of PAYERS; ``cover``: the record behind ``key``, empty for the customer."""

    kind: str
    payer: str
    key: str
    cover: Any
    percent: Decimal
    amount: Decimal


class WarrantyClaim(models.Model):
    _inherit = "aftersales.warranty.claim"

    verdict_at = fields.Datetime(
        string="Verdict", readonly=True, copy=False, help="Empty: something changed since, or nobody asked.")
    warnings = fields.Text(readonly=True, copy=False, help="Facts that are to be looked at before anybody decides.")
    verdict_steps = fields.Json(readonly=True, copy=False)
    amount_claimed = fields.Monetary(string="Claimed", compute="_compute_amounts", store=True)
    amount_allowed = fields.Monetary(string="Allowed", compute="_compute_amounts", store=True)
    amount_approved = fields.Monetary(string="Approved", compute="_compute_amounts", store=True)
    amount_customer = fields.Monetary(
        string="Customer Pays", compute="_compute_amounts", store=True, help="Of the lines that are decided.")
    decided = fields.Selection(
        [("open", "Open"), ("some", "In Part"), ("all", "Decided")], compute="_compute_amounts", store=True,
        string="Decisions")

    @api.depends("line_ids.amount", "line_ids.allowed_amount", "line_ids.approved_amount", "line_ids.decision")
    def _compute_amounts(self):
        for claim in self:
            lines = claim.line_ids
            done = lines.filtered(lambda line: line.decision != "open")
            claim.amount_claimed = sum(lines.mapped("amount"))
            claim.amount_allowed = sum(lines.mapped("allowed_amount"))
            claim.amount_approved = sum(done.mapped("approved_amount"))
            claim.amount_customer = sum(done.mapped("allowed_amount")) - claim.amount_approved
            claim.decided = "open" if not done else "all" if done == lines else "some"

    def action_verdict(self):
        """Ask what is covered, line by line, and decide by rule what the company lets the rule decide."""
        self.check_access("write")
        for claim in self:
            claim._refuse_ended()
            if not claim.asset_id or not claim.line_ids:
                raise UserError(self.env._(
                    "Claim %s: a verdict needs the machine and at least one line.", claim.display_name))
        self._ask_verdicts()
        self._decide_by_rule()

    def _ask_verdicts(self):
        """Keep the verdict of each claim on its open lines; decided ones stay as they are. Constant queries."""
        cases = [claim._case() for claim in self]
        verdicts = self.env["aftersales.asset"]._verdicts(cases)
        records, now, rows = self._cover_records(verdicts), fields.Datetime.now(), []
        for claim, verdict in zip(self, verdicts, strict=True):
            warnings = [claim.asset_id._phrase(warning) for warning in verdict.warnings]
            claim._write_guarded({
                "verdict_at": now, "warnings": "\n".join(warnings) or False,
                "verdict_steps": claim.asset_id._verdict_steps(verdict)})
            rows += claim._keep_verdict(verdict, records)
        self._write_shares(rows)

    @api.model
    def _cover_records(self, verdicts):
        """{key of a cover: its record} of all covers that pay or are void; warranty covers by one query."""
        Asset, items = self.env["aftersales.asset"], [item for verdict in verdicts for item in verdict.items]
        keys = {share.cover for item in items for share in item.shares if share.cover}
        keys |= {key for item in items for key, obstacle in item.obstacles if obstacle.code == VOIDED}
        covers = self.env["aftersales.warranty.cover"].sudo().search([("name", "in", list(keys))])  # as the verdict
        found = {cover.name: cover for cover in covers}
        return {key: found[key] if key in found else Asset._cover_record(key) for key in keys}

    def _case(self):
        """The facts of the claim as the engine takes them."""
        self.ensure_one()
        keys = self.line_ids._item_keys()
        return WarrantyCase(
            self.asset_id, self.failure_on, self.cause_id.code or "",
            tuple(line._item(keys[line]) for line in self.line_ids), self)

    def _keep_verdict(self, verdict, records):
        """[(line, [Part])] of the open lines, whose covered amounts and reasons are written down."""
        keys, own, rows = self.line_ids._item_keys(), self._deductibles(verdict, records), []
        told = {row["key"]: row for row in self.asset_id._verdict_table(verdict)}
        for line in self.line_ids:
            found = verdict[keys[line]]
            parts = self._after_deductible(_parts(found, records), own)
            if line.decision != "open":
                continue
            line._write_guarded({
                "covered_percent": float(sum((part.percent for part in parts if part.kind != CUSTOMER), ZERO)),
                "covered_amount": float(sum((part.amount for part in parts if part.kind != CUSTOMER), ZERO)),
                "verdict_rule": found.rule, "verdict_reason": told[keys[line]]["reason"],
                "verdict_steps": told[keys[line]]["others"],
                "reported_late": any(
                    obstacle.code == VOIDED and self._late_reason(records[key]) for key, obstacle in found.obstacles)})
            rows.append((line, parts))
        return rows

    # --- the customer's part of each claim ----------------------------------------------------------------------------

    def _deductibles(self, verdict, records):
        """{cover key: what the customer pays of this claim before that cover does}, in the claim's currency."""
        found = {}
        for key in {share.cover for item in verdict.items for share in item.shares if share.cover}:
            cover = records[key]
            policy = cover.sudo().policy_id if cover and "policy_id" in cover._fields else None
            if policy and policy._name == "aftersales.warranty.policy" and policy.deductible:
                amount = policy.currency_id._convert(
                    policy.deductible, self.currency_id, self.company_id, self.failure_on)
                found[key] = Decimal(float_repr(amount, self.currency_id.decimal_places))
        return found

    def _after_deductible(self, parts, left):
        """``parts`` with what is ``left`` of the deductibles, {cover key: amount}, moved to the customer."""
        total, moved, kept = sum((part.amount for part in parts), ZERO), ZERO, []
        for part in parts:
            own = min(left.get(part.key, ZERO), part.amount) if part.kind != CUSTOMER else ZERO
            if own:
                left[part.key] -= own
                moved += own
                part = part._replace(amount=part.amount - own)
            kept.append(part)
        return self._with_customer(kept, moved, total) if moved else parts

    def _with_customer(self, parts, moved, total):
        """``parts`` where the customer pays ``moved`` more; percentages are those of the amounts, and sum to 100."""
        others = [part for part in parts if part.kind != CUSTOMER and part.amount]
        paid = sum((part.amount for part in parts if part.kind == CUSTOMER), ZERO) + moved
        told = [part._replace(percent=(part.amount * 100 / total).quantize(PLACES)) for part in others]
        rest = HUNDRED - sum((part.percent for part in told), ZERO)
        return [*told, Part(CUSTOMER, CUSTOMER, "", None, rest, paid)]

    # --- shares -------------------------------------------------------------------------------------------------------

    def _write_shares(self, rows):
        """Replace the shares of lines by ``rows``, [(line, [Part])]."""
        Share = self.env["aftersales.claim.share"].sudo()  # results: nobody has the right to write them
        Share.browse([share.id for line, _parts in rows for share in line.share_ids]).unlink()
        Share.create([
            {"line_id": line.id, "sequence": place, **line._share_values(part)}
            for line, parts in rows for place, part in enumerate(parts)])


class WarrantyClaimLine(models.Model):
    _inherit = "aftersales.warranty.claim.line"

    def _item_keys(self):
        """{line: its key in the verdict}: its name, numbered where others have the same."""
        found, taken = {}, set()
        for line in self:
            key, number = line.name, 1
            while key in taken:
                number += 1
                key = f"{line.name} #{number}"
            found[line] = key
            taken.add(key)
        return found

    def _item(self, key):
        """The engine's `Item` of the line: what is allowed of it, not what is claimed."""
        self.ensure_one()
        product = self._for_product()
        places = self._fields["quantity"].get_digits(self.env)[1]
        return Item(
            key, self.kind, product_key(product) if product else "", category_keys(product) if product else (),
            self._money(self.allowed_amount), Decimal(float_repr(self._allowed_quantity(), places)),
            self._money(self.sudo().cost) if self.sudo().cost else None,  # what suppliers refund rests on it
            asset_key(self.component_id) if self.component_id else "", self.cause_id.code or "")

    def _for_product(self):
        """The part itself; of labour and travel the one they are for: named, else the causal part of the claim."""
        if self.kind == "parts" or self.product_id and self.product_id.type != "service":
            return self.product_id
        return self.claim_id.line_ids.filtered("causal").product_id[:1]

    def _share_values(self, part):
        cover, claim = part.cover, self.claim_id
        warranty = cover and cover._name == "aftersales.warranty.cover"
        contract = cover and (cover if cover._name == "aftersales.contract" else
                              "contract_id" in cover._fields and cover.sudo().contract_id)
        partner = claim.partner_id if part.kind == CUSTOMER else cover.sudo().supplier_id if warranty else None
        return {
            "payer_kind": part.kind, "payer": part.payer, "cover_key": part.key,
            "cover_id": cover.id if warranty else False, "contract_id": contract.id if contract else False,
            "partner_id": partner.id if partner else False, "percent": float(part.percent),
            "amount": float(part.amount)}


def _parts(found, records):
    """The shares of an `ItemVerdict` as [Part]."""
    return [
        Part(MANUFACTURER.get(share.kind, share.kind), share.payer, share.cover, records.get(share.cover),
             share.percent, share.amount or ZERO) for share in found.shares]
