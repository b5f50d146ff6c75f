"""From contracts with five states to contracts with a whole life: what was recorded gets its place in the new rooms.

Assets named one contract: they get a cover each. A suspended contract gets the suspension that it is in; the version
before let clocks and cover run on meanwhile, and so does this one. What was in force gets version 1 of its paper.
"""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

ADDON = "aftersales_contracts"


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True, "active_test": False})
    contracts = env["aftersales.contract"].search([])
    _give_types(env, contracts)
    contracts._follow_partner()
    contracts._follow_dealer()
    _cover_assets(env)
    _suspend(env)
    in_force = contracts.filtered(lambda contract: contract.state not in ("draft", "review", "approved"))
    in_force._record_first("What the contract said when this version of the addon was installed.")
    _hand_over_cron(env)


def _give_types(env, contracts):
    """Every contract was one with a customer."""
    kind = env.ref(f"{ADDON}.contract_type_customer")
    untyped = contracts.filtered(lambda contract: not contract.contract_type_id)
    untyped._write_unlocked({"contract_type_id": kind.id})


def _cover_assets(env):
    rows = env.execute_query_dict(SQL(
        """SELECT a.id AS asset_id, a.contract_id, a.date_start, a.date_end FROM aftersales_asset a
            WHERE a.contract_id IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM aftersales_cover c WHERE c.asset_id = a.id) ORDER BY a.id"""))
    env["aftersales.cover"]._create_unlocked(rows)


def _suspend(env):
    """The last change of state of a suspended contract was its suspension; else it was last written then."""
    rows = env.execute_query_dict(SQL(
        """SELECT c.id AS contract_id, coalesce(max(m.date), c.write_date)::date AS date_start
             FROM aftersales_contract c
        LEFT JOIN mail_message m ON m.model = 'aftersales.contract' AND m.res_id = c.id
              AND EXISTS (SELECT 1 FROM mail_tracking_value t JOIN ir_model_fields f ON f.id = t.field_id
                           WHERE t.mail_message_id = m.id AND f.model = 'aftersales.contract' AND f.name = 'state')
            WHERE c.state = 'suspended'
              AND NOT EXISTS (SELECT 1 FROM aftersales_suspension s WHERE s.contract_id = c.id)
         GROUP BY c.id ORDER BY c.id"""))
    env["aftersales.suspension"].create([
        {**row, "reason": "Suspended before the update", "user_id": SUPERUSER_ID, "state": "running",
         "pauses_clock": False, "pauses_billing": True, "pauses_cover": False, "shifts_end": False} for row in rows])


def _hand_over_cron(env):
    """The scheduled action that expired contracts now does all the nightly work; its data is not updated by itself."""
    env.ref(f"{ADDON}.cron_contracts").write({
        "name": "After-sales: nightly contract work", "model_id": env["ir.model"]._get_id("aftersales.nightly"),
        "code": "model._cron_nightly()"})
