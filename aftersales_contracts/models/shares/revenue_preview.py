"""Whose the lines of an invoice are, or would be if it were posted now: with the reason, and nothing is written."""

from odoo import api, fields, models
from odoo.tools import SQL

from .revenue_claims import Claims
from .revenue_facts import KEYS
from .revenue_refunds import find_links


class Revenue(models.Model):
    _inherit = "aftersales.revenue"

    @api.model
    def _attribution_of(self, lines):
        """{invoice line: [{"contract", "dealer", "attribution" (records), "percent" (float), "reason", "text"}]}.

        ``lines``: saved account.move.line records of one company, drafts too. Lines that are no revenue are left out.
        """
        lines.env.flush_all()
        facts = self.env.execute_query_dict(self._facts(
            SQL("SELECT unnest(%s::int[])", lines.move_id.ids), SQL("l.id = ANY(%s)", lines.ids))) if lines else []
        if not facts:
            return {}
        keys = {level: {row[column] for row in facts if row[column]} for level, column in KEYS.items()}
        days = [row["day"] for row in facts]
        worker = self.sudo()  # whose a line is depends on nobody's rights; who may ask is checked by the caller
        claims = Claims(worker.with_company(lines.company_id).env, lines.company_id, keys, min(days), max(days))
        parts_of = {number: parts for parts, number in claims.groups.items()}
        followed = worker._followed_parts(facts)
        facts.sort(key=lambda row: lines.ids.index(row["line_id"]))
        return {lines.browse(row["line_id"]): [
            self._told_part(part, row["day"])
            for part in followed.get(row["line_id"]) or parts_of[self._group_of(claims, row)]] for row in facts}

    def _group_of(self, claims, row):
        """The number of the group of parts of a line: the rule of `_group_of_line`."""
        if row["is_settlement"]:
            return 1
        groups = (claims.group(level, row[column], row["day"]) for level, column in KEYS.items() if row[column])
        return next((group for group in groups if group is not None), 0)

    def _followed_parts(self, facts):
        """{line of a credit note: rows of the original that it follows}."""
        links = find_links(self, [row["line_id"] for row in facts])
        rows = self.search([("move_line_id", "in", [origin for _line, origin, _credits in links]),
                            ("kind", "in", ("invoice", "refund"))], order="id")
        taken_back = self.search([("taken_back_id", "in", rows.ids)]).taken_back_id
        by_line = (rows - taken_back).grouped(lambda row: row.move_line_id.id)
        return {line: by_line[origin] for line, origin, _credits in links if origin in by_line}

    def _told_part(self, part, day):
        """A part (of claims, or a row) as a dict."""
        if isinstance(part, models.BaseModel):
            contract, dealer, attribution, percent = (
                part.dealer_contract_id, part.dealer_id, part.attribution_id, part.percent)
        else:
            contract = self.env["aftersales.contract"].browse(part.contract)
            dealer = self.env["res.partner"].browse(part.dealer)
            attribution = self.env["aftersales.attribution"].browse(part.attribution)
            percent = float(part.percent)
        return {"contract": contract, "dealer": dealer, "attribution": attribution, "percent": percent,
                "reason": part.reason,
                "text": self._why_of(part.reason, dealer.sudo(), attribution.sudo(), percent, day)}


class AccountMove(models.Model):
    _inherit = "account.move"

    aftersales_dealers = fields.Char(
        string="Dealers", compute="_compute_aftersales_dealers", compute_sudo=True,
        help="Who has the revenue of this document, as it was attributed last.")

    def _compute_aftersales_dealers(self):
        rows = self.env["aftersales.revenue"]._read_group(
            [("move_id", "in", self.ids), ("kind", "in", ("invoice", "refund")), ("dealer_contract_id", "!=", False)],
            ["move_id"], ["dealer_id:recordset"])
        names = {move.id: ", ".join(dealers.mapped("display_name")) for move, dealers in rows}
        for move in self:
            move.aftersales_dealers = names.get(move.id, False)

    def action_aftersales_dealers(self):
        """The ledger rows of a posted document; of a draft, or one that waits, whose its lines would be."""
        self.ensure_one()
        self.check_access("read")
        self.env["aftersales.revenue"].check_access("read")
        if self.state == "posted" and not self.aftersales_revenue_due:
            action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_revenue")
            return {**action, "context": {}, "domain": [("move_id", "=", self.id)]}
        return self.env["aftersales.attribution.preview"]._open(self)
