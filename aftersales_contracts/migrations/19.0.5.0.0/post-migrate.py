"""Assets that are on record get the first row of their owners, and their readings the meter that was meant: hours."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    hours = env.ref("aftersales_contracts.meter_hours").id
    cr.execute(SQL("UPDATE aftersales_asset SET meter_id = %s WHERE meter_id IS NULL", hours))
    cr.execute(SQL("UPDATE aftersales_meter_reading SET meter_id = %s WHERE meter_id IS NULL", hours))
    cr.execute(SQL(
        """INSERT INTO aftersales_asset_owner (asset_id, company_id, partner_id, day, place, note, create_uid,
                                               create_date, write_uid, write_date)
           SELECT a.id, a.company_id, a.partner_id, LEAST(a.create_date::date, a.delivered_on), a.place, 'Registered',
                  %(uid)s, now(), %(uid)s, now()
             FROM aftersales_asset a
            WHERE NOT EXISTS (SELECT FROM aftersales_asset_owner o WHERE o.asset_id = a.id)""", uid=SUPERUSER_ID))
