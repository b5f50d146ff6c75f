"""What falls due of warranties that end: extensions to be offered."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..obligations.due import DueSource
from ..obligations.today import TodayTile

KINDS = [("warranty_expiry", "Extension to Offer")]
GO = {kind: "cascade" for kind, _label in KINDS}


class Due(models.Model):
    _inherit = "aftersales.due"

    kind = fields.Selection(selection_add=KINDS)

    @api.model
    def _sources(self):
        return [*super()._sources(), DueSource(
            110, "warranty_expiry", "account", "aftersales.expiry.notice", Domain("offer_state", "=", "open"),
            "last_day", ("name",), ("user_id",), contract=None)]


class Reminder(models.Model):
    _inherit = "aftersales.reminder"

    kind = fields.Selection(selection_add=KINDS, ondelete=GO)


class ReminderLadder(models.Model):
    _inherit = "aftersales.reminder.ladder"

    kind = fields.Selection(selection_add=KINDS, ondelete=GO)


class Today(models.AbstractModel):
    _inherit = "aftersales.today"

    @api.model
    def _today_sections(self, people):
        found, _ = super()._today_sections(people), self.env._
        offers = Domain("offer_state", "=", "open") & Domain("last_day", ">=", fields.Date.context_today(self))
        found["account"].append(TodayTile(
            "warranty_expiry", _("Extensions to offer"), "info", "aftersales.expiry.notice",
            offers & self._of(people, "user_id"), "action_expiry_notice",
            _("Warranties that end soon, of owners who could extend them"), "fa-shield"))
        return found
