"""What a dealer's page shows of its settlement: sums by group, and which of its lines are listed."""

from odoo import fields, models
from odoo.tools import SQL

from .settlement_answer import FOLLOWS
from .settlement_line import GROUPS

STATES = {"open": ("open",), "accepted": ("accepted",), "disputed": ("disputed", "held", "released")}
COLOURS = {"sent": "warning", "disputed": "danger", "accepted": "info", "approved": "info", "posted": "primary",
           "paid": "success", "closed": "secondary"}
LINE_COLOURS = {"open": "light border", "accepted": "success", "disputed": "danger", "held": "danger",
                "released": "info"}


class Settlement(models.Model):
    _inherit = "aftersales.settlement"

    # What the dealer, who reads its settlement, does not get to read
    inputs = fields.Json(groups="base.group_user")
    posting_gaps = fields.Json(groups="base.group_user")
    carry_sources = fields.Json(groups="base.group_user")

    def _portal_counts(self):
        """[(group, kind is a share, state, lines, base, amount)] in one query: of all lines of this settlement."""
        self.ensure_one()
        self.env["aftersales.settlement.line"].flush_model()
        return self.env.execute_query(SQL(
            """SELECT COALESCE("group", 'other'), kind = 'share', state, count(*), SUM(base), SUM(amount)
                 FROM aftersales_settlement_line WHERE settlement_id = %s GROUP BY 1, 2, 3""", self.id))

    def _portal_choices(self):
        """{key: {label, domain, count}} of what the list of lines may be narrowed to, in order."""
        _, counts = self.env._, self._portal_counts()
        groups = dict(self.env["aftersales.settlement.line"]._fields["group"]._description_selection(self.env))
        labels = {"open": _("To Be Answered"), "accepted": _("Accepted"), "disputed": _("Disputed")}
        found = {"all": {"label": _("All"), "domain": [], "count": sum(row[3] for row in counts)}}
        for key, states in STATES.items():
            count = sum(row[3] for row in counts if row[2] in states)
            found[key] = {"label": labels[key], "domain": [("state", "in", states)], "count": count}
        for key, _label in GROUPS:
            count = sum(row[3] for row in counts if row[0] == key)
            if count:
                found[key] = {"label": groups[key], "domain": [("group", "=", key)], "count": count}
        return found

    def _portal_sums(self):
        """Rows from the opening balance to what is paid: [{label, key, count, amount, strong}]."""
        _, counts = self.env._, self._portal_counts()
        line = self.env["aftersales.settlement.line"]
        groups = dict(line._fields["group"]._description_selection(self.env))
        rows = []
        for key, _label in GROUPS:
            own = [row for row in counts if row[0] == key and row[1]]
            if own:
                rows.append({"label": groups[key], "key": key, "count": sum(row[3] for row in own),
                             "amount": sum(row[5] for row in own)})
        rows += self._portal_adjustments()
        rows.append({"label": _("Total"), "amount": self.total, "strong": True})
        if self.held:
            rows.append({"label": _("Held until the dispute is settled"), "key": "disputed", "amount": -self.held})
        difference = self._money(self.payable) - self._money(self.total) + self._money(self.held)
        if difference:
            rows.append({"label": _("Left to the next settlement instead"), "amount": float(difference)})
        if len(rows) > 1 and rows[-1].get("strong") is None:
            rows.append({"label": _("To be paid"), "amount": self.payable, "strong": True})
        return rows

    def _portal_adjustments(self):
        """What comes to the shares: a row a kind."""
        line = self.env["aftersales.settlement.line"]
        kinds = dict(line._fields["kind"]._description_selection(self.env))
        found = line._read_group(
            [("settlement_id", "=", self.id), ("kind", "!=", "share")], ["kind"],
            ["amount:sum", "__count", "sequence:min"])
        return [{"label": kinds[kind], "key": "adjustments", "count": count, "amount": amount}
                for kind, amount, count, _place in sorted(found, key=lambda row: row[3])]

    def _portal_colour(self):
        return COLOURS.get(self.state, "secondary")


class SettlementLine(models.Model):
    _inherit = "aftersales.settlement.line"

    def _portal_name(self):
        """Invoice and what was sold, as the statement tells it; of what is no share its name."""
        self.ensure_one()
        sold = (self.revenue_id.move_line_id.name or "").split("\n")[0]
        return " · ".join(filter(None, (self.revenue_id.move_name, sold))) if sold else self.name or self.component_name

    def _portal_answerable(self):
        """Whether the dealer may answer this line by itself: what follows from others is disputed there."""
        self.ensure_one()
        return self.state in ("open", "accepted", "disputed") and self.kind not in FOLLOWS

    def _portal_colour(self):
        return LINE_COLOURS.get(self.state, "secondary")

    def _portal_base(self):
        """(the base is money, it) as the component of the share rule has it."""
        self.ensure_one()
        money = self.settlement_id._bases().get(self.component, "revenue") in ("revenue", "margin")
        return money and self.kind == "share", self.base
