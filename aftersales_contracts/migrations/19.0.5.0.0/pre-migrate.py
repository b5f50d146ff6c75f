"""Transfers of assets were a dialogue until now; what is left of old dialogues is no transfer."""

from odoo.tools import SQL


def migrate(cr, version):
    if not version:
        return
    cr.execute(SQL("SELECT to_regclass('aftersales_asset_transfer')"))
    if cr.fetchone()[0]:
        cr.execute(SQL("DELETE FROM aftersales_asset_transfer"))
