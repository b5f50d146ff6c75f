"""What falls due of recoveries and recalls, and the tiles of the day."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..obligations.due import DueSource
from ..obligations.today import TodayTile

KINDS = [("recovery_answer", "Supplier's Answer"), ("recall", "Recall")]
GO = {kind: "cascade" for kind, _label in KINDS}


class Due(models.Model):
    _inherit = "aftersales.due"

    kind = fields.Selection(selection_add=KINDS)

    @api.model
    def _sources(self):
        return [
            *super()._sources(),
            DueSource(105, "recovery_answer", "finance", "aftersales.supplier.recovery", Domain("state", "=", "sent"),
                      "answer_until", ("name",), ("user_id",), contract=None, partner="supplier_id"),
            DueSource(108, "recall", "account", "aftersales.recall", Domain("state", "=", "released"), "end_on",
                      ("name", "title"), ("user_id",), contract=None, partner=None),
        ]


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
        Recovery, today = "aftersales.supplier.recovery", fields.Date.context_today(self)
        sent, gone = Domain("state", "=", "sent"), Domain("supplier_gone", "=", True)
        action = "action_supplier_recovery"
        found["finance"] += [
            TodayTile("recovery_late", _("Suppliers late with their answer"), "danger", Recovery,
                      sent & Domain("answer_until", "<", today), action,
                      _("What we claimed back from a supplier"), "fa-undo"),
            TodayTile("recovery_gone", _("Suppliers that are archived"), "danger", Recovery,
                      Domain("state", "in", ("draft", "sent", "accepted", "partly")) & gone, action,
                      _("Nothing is to be had: write it off"), "fa-user-times"),
            TodayTile("recovery_changed", _("Recoveries of changed decisions"), "warning", Recovery,
                      Domain("outdated", "=", True) & ~Domain("state", "in", ("refused", "written_off")), action,
                      _("The claim was decided anew after we sent it"), "fa-random"),
            TodayTile("recovery_draft", _("Recoveries to send"), "info", Recovery,
                      Domain("state", "=", "draft"), action, _("Nobody has told the supplier yet"), "fa-send"),
            TodayTile("recovery_credit", _("Recoveries to credit"), "info", Recovery,
                      Domain("state", "in", ("accepted", "partly")) & Domain("move_id", "=", False), action,
                      _("Accepted, without a vendor credit note"), "fa-file-text-o"),
        ]
        found["legal"] += [
            TodayTile("recall_draft", _("Recalls to release"), "danger", "aftersales.recall",
                      Domain("state", "=", "draft"), "action_recall", _("Machines wait to be recalled"), "fa-bullhorn")]
        found["account"] += [
            TodayTile("recall_silent", _("Owners to be reached"), "warning", "aftersales.recall.asset",
                      Domain("recall_id.state", "=", "released") & Domain("excluded", "=", False)
                      & Domain("response", "in", ("none", "unreachable")) & Domain("no_email", "=", True)
                      & Domain("recall_id.notify_asked_on", "!=", False)
                      & self._of(people, "recall_id.user_id"), "action_recall_asset",
                      _("Owners of recalled machines without an e-mail address"), "fa-phone")]
        return found
