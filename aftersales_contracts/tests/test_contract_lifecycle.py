"""The table of the lifecycle, over remote calls: each action in each state, by each role."""

import re

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import freeze_time

from ..engine.contract_lifecycle import ACTIONS, STATES, TRANSITIONS, refusal
from .common import AftersalesCase

PLAIN = ("submit", "approve", "reset", "activate")  # buttons without a question


@freeze_time("2026-03-02 09:00:00")
class TestLifecycle(AftersalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.in_state = {state: cls.a_contract(activate=False, title=state) for state in STATES}
        for state, contract in cls.in_state.items():
            contract._write_unlocked({"state": state})

    def test_the_table_is_the_only_way(self):
        for state, contract in self.in_state.items():
            for action in ACTIONS:
                with self.subTest(f"{action} in {state}"), self.cr.savepoint():
                    if (state, action) in TRANSITIONS:
                        self.assertEqual(contract._state_after(action), TRANSITIONS[state, action])
                        continue
                    with self.assertRaisesRegex(UserError, re.escape(refusal(state, action))):
                        contract._transition(action)
                    self.assertEqual(contract.state, state)

    def test_buttons_out_of_order_over_remote_calls(self):
        for state, contract in self.in_state.items():
            for action in PLAIN:
                if (state, action) in TRANSITIONS:
                    continue
                with self.subTest(f"{action} in {state}"):
                    with self.assertRaisesRegex(UserError, "cannot be") as refused:
                        call_kw(self.env["aftersales.contract"].with_user(self.boss), f"action_{action}",
                                [contract.ids], {})
                    self.assertIn(contract.name, str(refused.exception))
                    self.assertEqual(contract.state, state)

    def test_no_state_by_write_create_or_copy(self):
        contract = self.in_state["active"].with_user(self.boss)
        for values in ({"state": "draft"}, {"state": "active"}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "buttons"):
                contract.write(values)
        with self.assertRaisesRegex(UserError, "starts as a draft"):
            contract.create({"title": "Born", "partner_id": self.customer.id, "state": "active"})
        with self.assertRaisesRegex(UserError, "starts as a draft"):
            contract.sudo().create({"title": "Born", "partner_id": self.customer.id, "state": "signed"})
        self.assertEqual(contract.copy().state, "draft")

    def test_adopting_is_the_systems_and_no_remote_call(self):
        draft = self.a_contract(activate=False)
        with self.assertRaises(AccessError):
            draft.with_user(self.boss)._adopt("Because")
        with self.assertRaises(AccessError):
            call_kw(self.env["aftersales.contract"].with_user(self.boss), "_adopt", [draft.ids, "Because"], {})

    def test_a_contract_becomes_active_on_its_first_day(self):
        draft = self.a_contract(activate=False, date_start="2026-03-10")
        self.put_in_force(draft, until="sign")
        with self.assertRaisesRegex(UserError, "becomes active by itself on its first day"):
            draft.with_user(self.anna).action_activate()
        with freeze_time("2026-03-10 09:00:00"):
            draft.with_user(self.anna).action_activate()
        self.assertEqual(draft.state, "active")

    def test_a_template_goes_nowhere(self):
        template = self.a_contract(activate=False, is_template=True, partner_id=False)
        with self.assertRaisesRegex(UserError, "is a template"):
            template.action_submit()
        self.assertEqual(template.name, "/")
