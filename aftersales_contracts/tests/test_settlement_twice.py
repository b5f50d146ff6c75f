"""Two settlement runs at once, on real connections: one settlement, one line for each row of revenue."""

from uuid import uuid4

import psycopg2
from odoo import SUPERUSER_ID, api, fields
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

TODAY = fields.Date.to_date("2026-04-10")


@tagged("post_install", "-at_install")
class TestTwoSettlementRuns(TransactionCase):
    def test_revenue_is_settled_once(self):
        ids = self.committed()
        first, second = self.registry.cursor(), self.registry.cursor()
        self.addCleanup(second.close)
        self.addCleanup(first.close)
        mine, theirs = (self.contract(cursor, ids) for cursor in (first, second))
        self.assertTrue(mine._settlement_periods(TODAY), "both see the month open")
        self.assertTrue(theirs._settlement_periods(TODAY))
        found = mine._settle(TODAY)
        self.assertEqual(found.made.total, 10)
        second_found = theirs._settle(TODAY)
        self.assertIn("somebody else", second_found.blocked[theirs])
        first.commit()
        with self.assertRaises(psycopg2.errors.SerializationFailure), mute_logger("odoo.sql_db"):
            theirs._settle(TODAY)  # it saw the month open: the runner begins anew
        second.rollback()
        theirs.env.invalidate_all()
        self.assertFalse(theirs._settle(TODAY).made)
        self.assertEqual(theirs.env["aftersales.settlement.line"].search_count(
            [("settlement_id.contract_id", "=", theirs.id)]), 1)

    def test_a_run_that_is_broken_off_leaves_nothing(self):
        ids = self.committed()
        with self.registry.cursor() as killed:
            self.assertTrue(self.contract(killed, ids)._settle(TODAY).made)
            killed.rollback()  # as if the process had died before its commit
        with self.registry.cursor() as after:
            contract = self.contract(after, ids)
            self.assertFalse(contract.settlement_ids)
            self.assertEqual(contract._settle(TODAY).made.total, 10)
            after.rollback()

    def contract(self, cursor, ids):
        return api.Environment(cursor, SUPERUSER_ID, {})["aftersales.contract"].browse(ids["aftersales_contract"])

    def committed(self):
        """A dealer contract with 10 % of all revenue, and one row of revenue in March, for every connection to see."""
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True, "mail_create_nolog": True})
            dealer = env["res.partner"].create({"name": "Two at Once"})
            rule = env["aftersales.share.rule"].create({
                "name": "Two at Once", "number": f"TWO/{uuid4().hex}", "component_ids": [
                    (0, 0, {"name": "All", "rate_ids": [(0, 0, {"value": 10})]})]})
            rule.action_release()
            contract = env["aftersales.contract"].create({
                "name": f"TWO/{uuid4().hex}", "title": "Two at Once", "partner_id": dealer.id,
                "contract_type_id": env.ref("aftersales_contracts.contract_type_dealer").id,
                "date_start": "2026-03-01", "share_ids": [(0, 0, {"rule_id": rule.id})]})
            contract._adopt("Test")
            env.flush_all()
            cursor.execute(SQL(
                """INSERT INTO aftersales_revenue (company_id, kind, day, rate_day, amount, company_amount, quantity,
                          currency_id, is_due, dealer_contract_id, dealer_id, percent, reason, pay_basis)
                   VALUES (%s, 'invoice', '2026-03-10', '2026-03-10', 100, 100, 1, %s, TRUE, %s, %s, 100, 'explicit',
                           'posted')""",
                contract.company_id.id, contract.currency_id.id, contract.id, dealer.id))
            ids = {"aftersales_contract": contract.id, "aftersales_share_rule": rule.id, "res_partner": dealer.id}
        self.addCleanup(self.removed, ids)
        return ids

    def removed(self, ids):
        contract = ids["aftersales_contract"]
        with self.registry.cursor() as cursor:
            for statement in (
                    "DELETE FROM aftersales_settlement_line WHERE settlement_id IN "
                    "(SELECT id FROM aftersales_settlement WHERE contract_id = %s)",
                    "DELETE FROM aftersales_settlement WHERE contract_id = %s",
                    "DELETE FROM aftersales_revenue WHERE dealer_contract_id = %s",
                    "DELETE FROM aftersales_contract_share WHERE contract_id = %s",
                    "DELETE FROM aftersales_contract_version WHERE contract_id = %s",
                    "DELETE FROM aftersales_contract WHERE id = %s"):
                cursor.execute(statement, (contract,))
            cursor.execute("DELETE FROM aftersales_share_rule WHERE id = %s", (ids["aftersales_share_rule"],))
            cursor.execute("DELETE FROM res_partner WHERE id = %s", (ids["res_partner"],))
