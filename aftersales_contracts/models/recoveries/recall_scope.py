"""Which machines a recall is for: found in sets, the later registered ones too, and told to the verdict (W12)."""

from datetime import timedelta

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.warranty_facts import Asset as EngineAsset
from ...engine.warranty_serials import Scope
from ...engine.warranty_terms import recall as engine_recall
from ..assets.asset_keys import asset_key, category_key, category_keys, product_key

IN_FORCE = ("released", "closed")  # a closed one still pays for failures until it was closed


class Recall(models.Model):
    _inherit = "aftersales.recall"

    # --- for the verdict -----------------------------------------------------------------------------------------

    def _engine_scope(self):
        """The engine's `Scope`: a machine fits all that is named."""
        self.ensure_one()
        return Scope(
            products=frozenset(product_key(product) for product in self.product_ids),
            categories=frozenset(category_key(category) for category in self.categ_ids),
            serials=tuple(one._engine_range() for one in self.range_ids),
            batches=frozenset(self._batch_names()))

    def _engine_cover(self):
        """The engine's `Cover`: everything in full, however old the machine is."""
        self.ensure_one()
        last = self._last_day()
        return engine_recall(
            self.name, self._engine_scope(), self.start_on, last and max(last, self.start_on) + timedelta(days=1),
            causes=[cause.code for cause in self.cause_ids])

    def _engine_covers_of(self, assets):
        """{asset: [(recall, `Cover`)]} of the recalls that have been released for ``assets`` or their components.

        A constant number of queries, whatever the number of assets and recalls.
        """
        recalls = self.sudo().search([  # a verdict counts what pays, whoever asks for it
            ("state", "in", IN_FORCE), ("company_id", "in", assets.company_id.ids)])
        covers = {company: [(recall, recall._engine_cover()) for recall in rows]
                  for company, rows in recalls.grouped("company_id").items()}
        if not covers:
            return {}
        found = {}
        for asset in assets.sudo():
            units = [_unit(asset), *(_unit(component) for component in asset.component_ids)]
            found[asset.id] = [pair for pair in covers.get(asset.company_id, ())
                               if any(pair[1].scope.fits(unit) for unit in units)]
        return found

    # --- the machines --------------------------------------------------------------------------------------------

    def _find_machines(self):
        """Put the machines of these recalls on their lists; returns {recall: how many were added}. Idempotent.

        Machines that were replaced, scrapped or archived, and those that are not in its scope any more, do not count;
        they come back when that changes. What was done stays.
        """
        self.env.flush_all()
        added = {}
        for recall in self:
            ids = recall._matching_ids()
            added[recall] = recall._add_machines(ids)
            recall._exclude_machines(ids)
        self.env["aftersales.recall.asset"].invalidate_model()
        self.invalidate_recordset(["asset_ids"])
        return added

    def _matching_ids(self):
        """Ids of the machines in the scope, the archived ones left out."""
        self.ensure_one()
        recall = self.sudo()  # every machine counts, whoever releases the recall
        domain = Domain("company_id", "=", recall.company_id.id)
        if recall.product_ids:
            domain &= Domain("product_id", "in", recall.product_ids.ids)
        if recall.categ_ids:
            domain &= Domain("product_id.categ_id", "child_of", recall.categ_ids.ids)
        Asset = recall.env["aftersales.asset"]
        query = Asset._search(domain)
        rows = self.env.execute_query(query.select(*(
            Asset._field_to_sql(query.table, name, query) for name in ("id", "name", "batch"))))
        scope = recall._engine_scope()
        return [asset_id for asset_id, serial, batch in rows if _fits(scope, serial, batch)]

    def _add_machines(self, ids):
        rows = self.env.execute_query(SQL(
            """INSERT INTO aftersales_recall_asset (recall_id, company_id, asset_id, product_id, partner_id, dealer_id,
                                                    recall_state, response, answered, done, create_uid, create_date,
                                                    write_uid, write_date)
               SELECT %(recall)s, a.company_id, a.id, a.product_id, a.partner_id,
                      COALESCE(a.dealer_id, c.dealer_id), %(state)s, 'none', 0, 0, %(uid)s, %(now)s, %(uid)s, %(now)s
                 FROM unnest(%(ids)s::int[]) AS found(id)
                 JOIN aftersales_asset a ON a.id = found.id
            LEFT JOIN aftersales_contract c ON c.id = a.contract_id
                WHERE a.replaced_by_id IS NULL AND a.scrapped_on IS NULL
          ON CONFLICT (recall_id, asset_id) DO NOTHING RETURNING id""",
            recall=self.id, state=self.state, uid=self.env.uid, now=self.env.cr.now(), ids=ids))
        return len(rows)

    def _exclude_machines(self, ids):
        self.env.cr.execute(SQL(
            """UPDATE aftersales_recall_asset row SET excluded = now_is.excluded
                 FROM (SELECT m.id,
                              CASE WHEN a.replaced_by_id IS NOT NULL THEN 'replaced'
                                   WHEN a.active IS NOT TRUE OR a.scrapped_on IS NOT NULL THEN 'scrapped'
                                   WHEN found.id IS NULL THEN 'scope' END AS excluded
                         FROM aftersales_recall_asset m
                         JOIN aftersales_asset a ON a.id = m.asset_id
                    LEFT JOIN unnest(%(ids)s::int[]) AS found(id) ON found.id = m.asset_id
                        WHERE m.recall_id = %(recall)s AND m.response != 'done') now_is
                WHERE row.id = now_is.id AND row.excluded IS DISTINCT FROM now_is.excluded""",
            ids=ids, recall=self.id))


def _fits(scope, serial, batch):
    """Whether a machine of the right product fits the serials and batches of ``scope``."""
    if scope.batches and (batch or "").strip() not in scope.batches:
        return False
    return not scope.serials or bool(serial) and any(one.holds(serial) for one in scope.serials)


def _unit(asset):
    """The machine as far as a scope looks at it."""
    return EngineAsset(
        asset_key(asset), product_key(asset.product_id) if asset.product_id else "",
        tuple(category_keys(asset.product_id)) if asset.product_id else (), asset.name or "",
        (asset.batch or "").strip())


class Asset(models.Model):
    _inherit = "aftersales.asset"

    def _engine_covers(self, cases):
        found = super()._engine_covers(cases)
        recalls = self.env["aftersales.recall"]._engine_covers_of(
            self.browse({case.asset.id for case in cases}))
        for index, case in enumerate(cases):
            for _recall, cover in recalls.get(case.asset.id, ()):
                found.setdefault(index, []).append(cover)
        return found

    def _cover_record(self, key):
        """Of a recall's key the recall."""
        return super()._cover_record(key) or self.env["aftersales.recall"].sudo().search([("name", "=", key)], limit=1)
