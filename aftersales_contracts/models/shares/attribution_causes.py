"""What else marks invoices: attributions that come, change and go, and contracts with dealers and customers that do.

Only invoices of the days at hand are marked, and only those that the change may concern."""

from datetime import date, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .revenue_claims import IN_FORCE
from .revenue_facts import SALES

CONCERNS = ("company_id", "dealer_contract_id", "date_from", "date_to", "percent", "contract_id", "asset_id",
            "partner_id", "product_id", "categ_id", "region_id")


class Attribution(models.Model):
    _inherit = "aftersales.attribution"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._mark_revenue()
        return rows

    def write(self, vals):
        concerned = any(name in vals for name in CONCERNS)
        if concerned:
            self._mark_revenue()
        result = super().write(vals)
        if concerned:
            self._mark_revenue()
        return result

    def unlink(self):
        self._mark_revenue()
        ids = self.ids
        result = super().unlink()
        # rows that are settled stay: they name the dealer, and no attribution any more
        self.env.cr.execute(SQL(
            "UPDATE aftersales_revenue SET attribution_id = NULL WHERE attribution_id = ANY(%s)", ids))
        self.env["aftersales.revenue"].invalidate_model(["attribution_id"])
        return result

    def _mark_revenue(self):
        """Mark the posted invoices of the days of these attributions that they may be for."""
        self.flush_recordset()
        for name, found in self._concerned().items():
            rows = self.filtered(name)
            if rows:
                self.env["aftersales.revenue.mark"]._put_found(SQL("""
                    WITH RECURSIVE a AS (SELECT * FROM aftersales_attribution WHERE id = ANY(%s)), %s
                    SELECT m.id FROM a JOIN found ON found.row = a.id JOIN account_move m ON m.id = found.move_id
                     WHERE m.company_id = a.company_id AND m.state = 'posted' AND m.move_type IN %s
                       AND COALESCE(m.invoice_date, m.date) >= a.date_from
                       AND (a.date_to IS NULL OR COALESCE(m.invoice_date, m.date) <= a.date_to)""",
                    rows.ids, found, SALES))

    def _concerned(self):
        """{field of the target: `SQL` of the table found (row, move_id) by attributions a}, each by an index."""
        of_lines = "found AS (SELECT a.id AS row, l.move_id FROM a JOIN account_move_line l ON l.%s = a.%s)"
        return {
            "contract_id": SQL("""
                found AS (SELECT a.id AS row, l.move_id FROM a
                            JOIN account_move_line l ON l.aftersales_contract_id = a.contract_id
                           UNION ALL
                          SELECT a.id, m.id FROM a JOIN account_move m ON m.aftersales_contract_id = a.contract_id
                           UNION ALL
                          SELECT a.id, l.move_id FROM a JOIN aftersales_request q ON q.contract_id = a.contract_id
                            JOIN account_move_line l ON l.aftersales_request_id = q.id)"""),
            "asset_id": SQL(of_lines % ("aftersales_asset_id", "asset_id")),
            "product_id": SQL(of_lines % ("product_id", "product_id")),
            "partner_id": SQL("""
                down AS (SELECT a.id AS row, p.commercial_partner_id AS id FROM a
                           JOIN res_partner p ON p.id = a.partner_id
                          UNION SELECT down.row, p.id FROM down JOIN res_partner p ON p.parent_id = down.id),
                found AS (SELECT down.row, m.id AS move_id FROM down JOIN account_move m ON m.partner_id = down.id)"""),
            "categ_id": SQL("""
                found AS (SELECT a.id AS row, l.move_id FROM a JOIN product_category top ON top.id = a.categ_id
                            JOIN product_category c ON c.parent_path LIKE top.parent_path || '%%'
                            JOIN product_template t ON t.categ_id = c.id
                            JOIN product_product p ON p.product_tmpl_id = t.id
                            JOIN account_move_line l ON l.product_id = p.id)"""),
            # territories come last: what somebody has for a closer reason stays with him
            "region_id": SQL("""
                found AS (SELECT a.id AS row, r.move_id FROM a JOIN aftersales_revenue r
                              ON r.company_id = a.company_id AND r.day >= a.date_from
                             AND r.reason IN ('territory', 'none', 'no_rule', 'rest')
                           UNION ALL
                          SELECT a.id, m.id FROM a JOIN account_move m ON m.company_id = a.company_id
                             AND m.state = 'posted' AND NOT EXISTS (
                                 SELECT FROM aftersales_revenue r WHERE r.move_id = m.id))"""),
        }


class ContractVersion(models.Model):
    _inherit = "aftersales.contract.version"

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        versions._mark_revenue()
        return versions

    def _mark(self, vals):
        result = super()._mark(vals)
        if "cancelled_at" in vals:
            self._mark_revenue()
        return result

    def _mark_revenue(self):
        """Mark what another dealer, or another share rule, concerns from its day on."""
        served = {}
        for version in self:
            names = set(version.changes or ())
            if "dealer_id" in names:
                served[version.contract_id] = min(version.effective_on, served.get(version.contract_id, date.max))
            if any(name.startswith("share:") for name in names):
                version.contract_id._mark_dealt(version.effective_on)
        self.env["aftersales.contract"]._mark_served(served)


class Contract(models.Model):
    _inherit = "aftersales.contract"

    def _write_unlocked(self, vals):
        changing = {"state", "date_start", "date_end", "partner_id", "dealer_id"} & set(vals)
        if not changing:
            return super()._write_unlocked(vals)
        before = {contract: (contract.state, contract.date_start, contract.date_end) for contract in self}
        result = super()._write_unlocked(vals)
        if "dealer_id" in vals:
            self._mark_served({one: one.date_start for one in self if one.date_start and not one.version_ids})
        for contract in self.filtered(lambda one: one.kind == "dealer" and not one.is_template and not one.amends_id):
            contract._mark_moved(*before[contract])
        return result

    def _mark_moved(self, state, start, end):
        """This dealer contract was ``state`` from ``start`` until ``end``: mark the days that changed."""
        self.ensure_one()
        was, runs = state in IN_FORCE, self.state in IN_FORCE
        if was != runs:
            self._mark_dealt(min(start, self.date_start))
        elif runs and start != self.date_start:
            self._mark_dealt(min(start, self.date_start))
        elif runs and end != self.date_end:
            self._mark_dealt(min(filter(None, (end, self.date_end))) + timedelta(days=1))

    @api.model
    def _mark_served(self, days):
        """Mark the posted invoices of contracts, each from its day on: ``days`` is {contract: date}. One query."""
        if days:
            self.env["aftersales.revenue.mark"]._put_found(SQL("""
                SELECT m.id FROM unnest(%(contracts)s::int[], %(days)s::date[]) AS served (contract_id, day)
                  JOIN LATERAL (
                       SELECT move_id FROM account_move_line WHERE aftersales_contract_id = served.contract_id
                        UNION ALL SELECT id FROM account_move WHERE aftersales_contract_id = served.contract_id
                        UNION ALL SELECT l.move_id FROM account_move_line l JOIN aftersales_request q
                           ON q.id = l.aftersales_request_id AND q.contract_id = served.contract_id) c ON TRUE
                  JOIN account_move m ON m.id = c.move_id AND m.state = 'posted' AND m.move_type IN %(sales)s
                   AND COALESCE(m.invoice_date, m.date) >= served.day""",
                contracts=[contract.id for contract in days], days=list(days.values()), sales=SALES))

    def _mark_dealt(self, day):
        """Mark what these dealers have or claim from ``day`` on, and invoices that were never attributed."""
        for contract in self.filtered(lambda one: one.kind == "dealer"):
            dealers = self.env["res.partner"].with_context(active_test=False).search(
                Domain("commercial_partner_id", "=", contract.partner_id.commercial_partner_id.id))
            self.env["aftersales.revenue.mark"]._put_found(SQL("""
                SELECT r.move_id FROM aftersales_revenue r WHERE r.company_id = %(company)s AND r.day >= %(day)s
                   AND (r.dealer_contract_id = %(contract)s OR r.dealer_id = ANY(%(dealers)s))
                 UNION ALL
                SELECT m.id FROM account_move m WHERE m.company_id = %(company)s AND m.state = 'posted'
                   AND m.move_type IN %(sales)s AND COALESCE(m.invoice_date, m.date) >= %(day)s
                   AND NOT EXISTS (SELECT FROM aftersales_revenue r WHERE r.move_id = m.id)""",
                company=contract.company_id.id, day=fields.Date.to_date(day), contract=contract.id,
                dealers=dealers.ids, sales=SALES))
