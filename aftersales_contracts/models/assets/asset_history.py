"""What happened to a machine, day by day: the facts of its days, owners, replacements and repairs in one list."""

from markupsafe import Markup
from odoo import api, fields, models
from odoo.tools import format_date

DAYS = ("received_on", "delivered_on", "installed_on", "activated_on", "invoiced_on", "first_used_on", "returned_on",
        "scrapped_on")
ENTRY = Markup('<li class="d-flex gap-3 pb-2"><span class="text-muted text-nowrap">%s</span><span>%s</span></li>')


class Asset(models.Model):
    _inherit = "aftersales.asset"

    history = fields.Html(compute="_compute_history", sanitize=False, groups="base.group_user")

    @api.depends("owner_ids", "repair_ids.end_on", "repair_ids.void_reason", "replaced_by_id", "replaces_id", *DAYS)
    @api.depends_context("lang")
    def _compute_history(self):
        for asset in self:
            entries = sorted(asset._history_entries(), key=lambda entry: entry[0], reverse=True)
            asset.history = Markup('<ul class="list-unstyled mb-0">%s</ul>') % Markup("").join(
                ENTRY % (format_date(self.env, day), what) for day, what in entries) if entries else False

    def _history_entries(self):
        """[(day, sentence)] of the asset; rooms add theirs."""
        found = [(self[name], self._fields[name]._description_string(self.env)) for name in DAYS if self[name]]
        for row in self.owner_ids:
            told = self.env._("Owner: %s", row.partner_id.display_name)
            found.append((row.day, f"{told} · {row.note}" if row.note else told))
        for repair in self.repair_ids.filtered(lambda row: not row.void_reason):
            found.append((repair.start_on, self.env._("Away for repair")))
            if repair.end_on:
                found.append((repair.end_on, self.env._("Back from repair")))
        for row in self.replaced_ids.filtered(lambda one: not one.void_reason):
            found.append((row.day, self.env._("Replaced by %s", row.new_id.display_name)))
        for row in self.replacing_ids.filtered(lambda one: not one.void_reason):
            found.append((row.day, self.env._("Replaces %s", row.old_id.display_name)))
        return found
