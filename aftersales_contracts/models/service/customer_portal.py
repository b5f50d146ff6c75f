"""What customers and dealers see of requests and contracts in the portal, as plain values for its pages."""

from odoo import models
from odoo.tools import plaintext2html


class Request(models.Model):
    _inherit = "aftersales.request"
    _mail_post_access = "read"  # who may read a request may write a message on it

    def _customer_timeline(self):
        """[(instant UTC, status, note or "")]: the events that concern the customer, newest first.

        Voided events and their corrections are left out, and so are notes, except those of an update to the customer.
        """
        self.ensure_one()
        voided = self.event_ids.voids_id
        shown = self.event_ids.filtered(lambda event: event.status_id and not event.voids_id and event not in voided)
        return [
            (event.occurred_at, event.status_id.name, event.note or "" if event.kind == "note" else "")
            for event in shown.sorted(lambda event: (event.occurred_at, event.id), reverse=True)]

    def _customer_clocks(self):
        """The bars of the current clocks, and of breached ones that a later target superseded; instants as datetime."""
        self.ensure_one()
        shown = self.clock_ids.filtered(lambda clock: clock.is_current or clock.state == "breached")
        bars = []
        for clock in shown.sorted(lambda clock: (clock.metric, clock.revision, clock.cycle)):
            bars.append({**clock._bar(), "due_at": clock.due_at, "stopped_at": clock.stopped_at})
        return bars

    def _values_from_customer(self, partner, asset, form):
        """Values of a request that ``partner`` sends in: ``form`` has title, description (plain text) and impact."""
        impacts = dict(self._fields["impact"].selection)
        return {
            "title": form["title"].strip(),
            "description": plaintext2html(form.get("description", "").strip()),
            "impact": form.get("impact") if form.get("impact") in impacts else "medium",
            "type_id": self.env.ref("aftersales_contracts.type_incident").id,
            "partner_id": partner.id,
            "asset_id": asset.id,
            "product_id": asset.product_id.id,
            "company_id": (asset.company_id or self.env.company).id,
            "country_id": (partner.country_id or partner.commercial_partner_id.country_id).id,
        }


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _customer_levels(self):
        """The promises of the contract: [{name, within, objective, open, closed}], the latter two the figures of the
        open and of the last closed period as in ``compliance_board``, empty where there are none."""
        self.ensure_one()
        figures = {row["id"]: row for row in (self.compliance_board or {}).get("targets", [])}
        text = self.env["resource.calendar"]._format_working_time
        return [
            {"name": target.display_name, "within": text(target.duration_minutes * 60), "objective": target.objective,
             "open": figures.get(target.id, {}).get("open"), "closed": figures.get(target.id, {}).get("closed")}
            for target in self.policy_id.target_ids]
