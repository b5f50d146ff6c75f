"""Reminder ladder: how many days before a day whom to remind, by kind of what falls due."""

import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .due import KINDS

MOST_DAYS = 3650


class ReminderLadder(models.Model):
    """``days`` is kept in one spelling, 90/60/30/7, so that the database can read it as a list."""

    _name = "aftersales.reminder.ladder"
    _description = "Reminder Ladder"
    _order = "kind, company_id, id"
    _rec_name = "kind"

    kind = fields.Selection(KINDS, string="What Falls Due", required=True)
    company_id = fields.Many2one("res.company", help="Empty: companies without a ladder of their own.")
    days = fields.Char(string="Days before", required=True, default="90/60/30/7")
    to_owner = fields.Boolean(string="Responsible Person", default=True)
    to_account_manager = fields.Boolean(string="Account Manager")
    to_legal = fields.Boolean(string="Legal Counsel")
    by_mail = fields.Boolean(string="E-mail too", help="Besides the activity: one message a person and night.")
    active = fields.Boolean(default=True)

    _kind_uniq = models.UniqueIndex(
        "(kind, COALESCE(company_id, 0)) WHERE active IS TRUE", "There is a ladder for this kind and company already.")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._spelled(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._spelled(vals))

    @api.model
    def _spelled(self, vals):
        """``vals`` with the days in their one spelling: descending, without doubles."""
        if "days" not in vals:
            return vals
        words = [word for word in re.split(r"[\s,;/]+", str(vals["days"] or "")) if word]
        if not words or any(not re.fullmatch(r"\d{1,4}", word) or int(word) > MOST_DAYS for word in words):
            raise ValidationError(self.env._(
                "Reminder ladder: \"%(days)s\" is no list of days before, such as 90/60/30/7 (at most %(most)s).",
                days=vals["days"] or "", most=MOST_DAYS))
        return {**vals, "days": "/".join(str(number) for number in sorted({int(word) for word in words}, reverse=True))}

    @api.constrains("to_owner", "to_account_manager", "to_legal")
    def _check_somebody(self):
        for ladder in self:
            if not (ladder.to_owner or ladder.to_account_manager or ladder.to_legal):
                raise ValidationError(self.env._("Reminder ladder: choose at least one person to remind."))

    def _rungs(self):
        """The days before, as a tuple of numbers, descending."""
        self.ensure_one()
        return tuple(int(word) for word in self.days.split("/"))

    @api.model
    def _by_kind(self):
        """{(kind, company id or False): ladder} of the active ladders."""
        return {(ladder.kind, ladder.company_id.id): ladder for ladder in self.sudo().search([])}
