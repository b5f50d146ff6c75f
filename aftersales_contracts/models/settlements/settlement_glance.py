"""A settlement at a glance: sums by group, warnings in words, the way to its lines, however many there are."""

from odoo import api, fields, models
from odoo.tools import format_amount
from odoo.tools.misc import formatLang

from ...engine.share_terms import FEW_CASES, NO_FIGURE
from .settlement_line import GROUPS, WARNINGS

OF_FIGURES = (NO_FIGURE, FEW_CASES)  # of a payout, not of lines


class Settlement(models.Model):
    _inherit = "aftersales.settlement"

    adjustment_ids = fields.One2many(
        "aftersales.settlement.line", "settlement_id", string="After the Shares", readonly=True,
        domain=[("kind", "!=", "share")])
    groups_told = fields.Json(string="By Group", compute="_compute_groups_told")
    warnings_told = fields.Char(string="Warnings in Words", compute="_compute_warnings_told")
    warned_lines = fields.Integer(string="Lines with a Warning", compute="_compute_warnings_told")

    @api.depends("groups", "total", "line_count")
    @api.depends_context("lang")
    def _compute_groups_told(self):
        labels = dict(self.env["aftersales.settlement.line"]._fields["group"]._description_selection(self.env))
        for one in self:
            rows = [[labels[key], one._lines_in_words(one.groups[key][0]),
                     format_amount(self.env, one.groups[key][2], one.currency_id)]
                    for key, _label in GROUPS if key in (one.groups or {})]
            total = [self.env._("Total"), one._lines_in_words(one.line_count),
                     format_amount(self.env, one.total, one.currency_id)]
            one.groups_told = [*rows, total]

    def _lines_in_words(self, count):
        number = formatLang(self.env, count, digits=0)
        return self.env._("1 line") if count == 1 else self.env._("%s lines", number)

    @api.depends("warnings")
    @api.depends_context("lang")
    def _compute_warnings_told(self):
        labels = dict(self.env["aftersales.settlement.line"]._fields["warning"]._description_selection(self.env))
        for one in self:
            found, told = one.warnings or {}, []
            for word, _label in WARNINGS:
                if word in OF_FIGURES and word in found:
                    told.append(labels[word])
                elif word in found:
                    told.append(f"{labels[word]}: {one._lines_in_words(found[word])}")
            one.warnings_told = " · ".join(told) or False
            one.warned_lines = sum(count for word, count in found.items() if word not in OF_FIGURES)

    def action_view_lines(self):
        """All lines, as a list of their own: there may be a million."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("aftersales_contracts.action_settlement_line")
        return {**action, "display_name": self.display_name, "domain": [("settlement_id", "=", self.id)], "context": {}}

    def action_view_warnings(self):
        """The lines that show 0.00, or less than they might, with the reason."""
        self.ensure_one()
        action = self.action_view_lines()
        return {**action, "domain": [("settlement_id", "=", self.id), ("warning", "!=", False)]}


class SettlementLine(models.Model):
    _inherit = "aftersales.settlement.line"

    rate_text = fields.Char(
        string="Rate Applied", compute="_compute_rate_text", help="Empty where several were, or none.")

    @api.depends("rate")
    @api.depends_context("lang")
    def _compute_rate_text(self):
        for line in self:
            digits = len(f"{line.rate:.6f}".rstrip("0").partition(".")[2])
            line.rate_text = formatLang(self.env, line.rate, digits=digits) if line.rate else ""
