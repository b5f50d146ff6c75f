"""The main path in a browser, as an account manager: every step a person takes, on data that the test makes itself."""

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import SCAN, AftersalesCase


@tagged("post_install", "-at_install")
class TestMainPath(AftersalesCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        always = cls.an_office(name="Always", attendance_ids=[Command.clear()] + [
            Command.create({"name": "Day", "dayofweek": str(day), "hour_from": start, "hour_to": start + 12,
                            "day_period": period})
            for day in range(7) for period, start in (("morning", 0), ("afternoon", 12))])
        cls.env["aftersales.sla.policy"].create({
            "name": "Round the Clock", "calendar_id": always.id,
            "target_ids": [
                Command.create({"metric": "first_response", "duration_minutes": 240}),
                Command.create({"metric": "resolution", "duration_minutes": 480})]})
        cls.crane_owner = cls.env["res.partner"].create({"name": "Quayside Cranes", "is_company": True})

    def test_an_account_manager_goes_from_a_new_contract_to_its_statement(self):
        self.start_tour("/odoo/contracts", "aftersales_main_path", login=self.anna.login)
        contract = self.env["aftersales.contract"].search([("partner_id", "=", self.crane_owner.id)])
        self.assertEqual(contract.state, "review")
        contract.with_user(self.boss).action_approve()
        contract.with_user(self.anna).sign_on_paper(SCAN)
        self.start_tour(f"/odoo/contracts/{contract.id}", "aftersales_request_path", login=self.anna.login)
        request = contract.request_ids
        self.assertEqual(contract.state, "active")
        self.assertEqual(
            [event.status_id.code for event in request.event_ids.sorted()],
            ["resolved", "in_progress", "waiting_customer", "in_progress", "new"])
        self.assertEqual(set(request.clock_ids.mapped("state")), {"met"})

        self.env["aftersales.compliance"]._bring_up_to_date(contract)
        self.start_tour(f"/odoo/contracts/{contract.id}", "aftersales_statement_path", login=self.anna.login)
        statement = contract.statement_ids
        self.assertEqual(statement.state, "draft")
        pdf = self.url_open(statement.with_user(self.anna).action_preview()["url"])
        self.assertEqual(pdf.content[:5], b"%PDF-")

    def test_every_screen_of_the_menus_opens_for_each_role(self):
        """No view of ours asks for a field or model that the role may not read."""
        root = self.env.ref("aftersales_contracts.menu_root")
        for user in (self.agent, self.anna, self.felix, self.lena, self.boss):
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            menus = self.env["ir.ui.menu"].search([("id", "child_of", root.id), ("id", "in", list(visible))])
            actions = [menu.action for menu in menus if menu.action and menu.action.type == "ir.actions.act_window"]
            self.assertGreater(len(actions), 9, user.name)
            for action in actions:
                model = self.env[action.res_model].with_user(user)
                views = [(view, kind) for view, kind in action.views if kind != "search"]
                with self.subTest(user=user.name, action=action.name):
                    found = model.get_views(views, {"load_filters": True})["views"]
                    self.assertEqual(set(found), {kind for _view, kind in views})
                    if model.has_access("read") and not model.is_transient():
                        model.search([], limit=1).read()
